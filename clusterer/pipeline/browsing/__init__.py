"""What a person reads on one page."""
