"""What is known of one article when it is compared: its vector, its telling words, which of them are names, and how rare they are."""
