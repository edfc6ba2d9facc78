"""Probabilities and their log odds."""

from __future__ import annotations

from math import exp, log


def logistic(logit: float) -> float:
    """Probability of a logit."""
    return 1.0 / (1.0 + exp(-logit)) if logit >= 0 else exp(logit) / (1.0 + exp(logit))


def logit_of(probability: float) -> float:
    """The inverse of `logistic`, for probabilities strictly between 0 and 1."""
    return log(probability / (1.0 - probability))
