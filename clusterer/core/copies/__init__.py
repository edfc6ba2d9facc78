"""Which articles are copies, excerpts or versions of earlier ones."""
