"""Whether there is room for more: asked before an article is accepted, so that a flood meets a clear answer early."""

from __future__ import annotations

from dataclasses import dataclass

from clusterer.core.errors import Overloaded
from clusterer.core.records import QueueFacts

_RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class AdmissionPolicy:
    """From these values on, new articles are turned away: articles waiting in the inbox, and the age of the oldest."""

    max_inbox_length: int = 100_000
    max_inbox_age_s: float = 3_600.0
    max_memory_ratio: float = 0.85


def admit(facts: QueueFacts, policy: AdmissionPolicy) -> None:
    """Raises Overloaded."""
    if facts.inbox_length >= policy.max_inbox_length:
        raise Overloaded(f"{facts.inbox_length} articles are waiting; try again later", _RETRY_AFTER_S)
    if facts.inbox_age_s >= policy.max_inbox_age_s:
        raise Overloaded(
            f"the oldest article has been waiting for {facts.inbox_age_s:.0f} seconds; try again later",
            _RETRY_AFTER_S,
        )
    if facts.memory_ratio >= policy.max_memory_ratio:
        raise Overloaded(f"the store's memory is {facts.memory_ratio:.0%} full; try again later", 10 * _RETRY_AFTER_S)
