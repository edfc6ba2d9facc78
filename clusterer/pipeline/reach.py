"""How far back articles can attract others: all of the last days, and on small streams as many as memory easily holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clusterer.core.records import PreparedFacts


@dataclass(frozen=True, slots=True)
class Reach:
    """span: everything received in it is in reach. at_least: so many of the latest articles are in reach however old they are, since
    a stream of fifty articles a day has too few in any span to tell what is usual; the scorer sees the days between two articles.
    """

    span: timedelta = timedelta(days=14)
    at_least: int = 20_000

    def of(self, facts: Iterable[PreparedFacts], now: datetime) -> list[PreparedFacts]:
        """Those in reach, by sequence number."""
        ordered = sorted(facts, key=lambda fact: fact.seq)
        by_age = sorted(ordered, key=lambda fact: (fact.received_at, fact.seq))
        excess = max(0, len(by_age) - self.at_least)
        out = {fact.seq for fact in by_age[:excess] if fact.received_at < now - self.span}
        return [fact for fact in ordered if fact.seq not in out]
