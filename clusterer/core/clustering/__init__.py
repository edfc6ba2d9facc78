"""Which articles report the same event, as they arrive."""
