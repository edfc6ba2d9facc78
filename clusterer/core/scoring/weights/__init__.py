"""Fitted weights of the scorer, with their provenance."""
