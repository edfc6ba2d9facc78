"""Copies in memory of small facts and vectors, kept up to date by following the change feed."""
