"""Whether there is room for more: asked before an article is accepted, so that a flood meets a clear answer early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusterer.core.errors import Overloaded

_RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class AdmissionPolicy:
    """From these values on, new articles are turned away: articles waiting in the inbox, and the age of the oldest."""

    max_inbox_length: int = 100_000
    max_inbox_age_s: float = 3_600.0
    max_memory_ratio: float = 0.85


def admit(facts: Mapping[str, float], policy: AdmissionPolicy) -> None:
    """Raises Overloaded. `facts` are a collection's `queue_facts()`; what a store does not report does not count."""
    if facts.get("inbox_length", 0) >= policy.max_inbox_length:
        raise Overloaded(f"{facts['inbox_length']:.0f} articles are waiting already; try again later", _RETRY_AFTER_S)
    if facts.get("inbox_age_s", 0) >= policy.max_inbox_age_s:
        raise Overloaded(
            f"the oldest article has been waiting for {facts['inbox_age_s']:.0f} seconds; try again later",
            _RETRY_AFTER_S,
        )
    if facts.get("memory_ratio", 0) >= policy.max_memory_ratio:
        raise Overloaded(
            f"the store's memory is {facts['memory_ratio']:.0%} full; try again later", 10 * _RETRY_AFTER_S
        )
