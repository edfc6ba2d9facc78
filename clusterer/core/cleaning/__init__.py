"""What of a page is the article."""
