"""Measurements of the whole product; each prints one JSON document."""
