"""The threshold to join a cluster: the probability of one event from which an article joins."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from clusterer.core.scoring.logits import logistic, logit_of

Granularity = Literal["incident", "event", "saga"]

STRICTER: Mapping[Granularity, float] = MappingProxyType({"incident": 1.0, "event": 0.0, "saga": -1.0})
"""By how much the logit of a join must be higher: one step multiplies the price of a wrong join, against a missed one, by e."""


def threshold_at(fitted: float, granularity: Granularity) -> float:
    """The threshold that counts, a probability, for a setting of `CLUSTERER_GRANULARITY`.

    fitted: the `threshold` in the file of weights (`weights/`, or `CLUSTERER_WEIGHTS_PATH`), which `clusterer calibrate` fits for `event`.
    """
    return logistic(logit_of(fitted) + STRICTER[granularity])
