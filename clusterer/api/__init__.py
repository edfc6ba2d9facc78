"""The lookup API: HTTP in, values out."""
