"""The grouping of everything in reach, and which ids survive it."""
