"""The sample stream, written for this project."""
