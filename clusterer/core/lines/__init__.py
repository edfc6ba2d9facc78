"""What a line of a page is, by itself and among its neighbours: article, label, button, request."""
