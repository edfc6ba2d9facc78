"""What an audit counts itself, to compare with what is stored."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from clusterer.core.cluster_records import ClusterRecord
from clusterer.core.records import PreparedFacts

NO_CLUSTER = 0


@dataclass(slots=True)
class Membership:
    """seq -> cluster in four bytes an article."""

    numbers: dict[str, int]
    names: list[str]
    of: array[int] = field(default_factory=lambda: array("I"))

    def put(self, seq: int, cluster: str | None) -> None:
        if seq >= len(self.of):
            self.of.extend([NO_CLUSTER] * (seq + 1 - len(self.of)))
        self.of[seq] = NO_CLUSTER if cluster is None else self._number(cluster)

    def get(self, seq: int) -> str | None:
        number = self.of[seq] if seq < len(self.of) else NO_CLUSTER
        return None if number == NO_CLUSTER else self.names[number]

    def _number(self, cluster: str) -> int:
        number = self.numbers.get(cluster)
        if number is None:
            number = self.numbers[cluster] = len(self.names)
            self.names.append(cluster)
        return number


@dataclass(slots=True)
class ClusterCounts:
    """A cluster's counters as its members give them."""

    articles: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    origins: set[str | int] = field(default_factory=set)
    first_seen: datetime | None = None
    last_seen: datetime | None = None

    def add(self, facts: PreparedFacts) -> None:
        self.articles += 1
        received_at = facts.received_at
        self.first_seen = min(self.first_seen or received_at, received_at)
        self.last_seen = max(self.last_seen or received_at, received_at)
        if facts.source is not None:
            self.sources[facts.source] += 1
        if facts.lang is not None:
            self.languages[facts.lang] += 1
        if facts.copy_of is None:
            self.origins.add(facts.seq if facts.source is None else facts.source)

    def differences(self, record: ClusterRecord) -> Iterator[str]:
        """What of the record's counters is wrong."""
        for name, stored, counted in (
            ("articles", record.article_count, self.articles),
            ("sources", dict(record.sources), dict(self.sources)),
            ("languages", dict(record.languages), dict(self.languages)),
            ("origins", record.origin_count, len(self.origins)),
            ("first seen", record.first_seen, self.first_seen),
            ("last seen", record.last_seen, self.last_seen),
        ):
            if stored != counted:
                yield f"{name} {stored} but counted {counted}"
