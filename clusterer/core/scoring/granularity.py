"""What a cluster is taken to be, as one setting."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Granularity = Literal["incident", "event", "saga"]

STRICTER: Mapping[Granularity, float] = MappingProxyType({"incident": 1.0, "event": 0.0, "saga": -1.0})
"""By how much the logit of a join must be higher: one step multiplies the price of a wrong join, against a missed one, by e."""
