"""How far back articles can attract others: all of the last days, and on small streams as many as memory easily holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from clusterer.core.records import Assigned
from clusterer.ports import Clock, CollectionStore

_SLICE = 5_000
_ALWAYS = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reach:
    """span: everything received in it is in reach. at_least: so many of the latest articles are in reach however old they are, since
    a stream of fifty articles a day has too few in any span to tell what is usual; the scorer sees the days between two articles.
    """

    span: timedelta = timedelta(days=14)
    at_least: int = 20_000

    def of(self, articles: Iterable[Assigned], now: datetime) -> list[Assigned]:
        """Those in reach, by sequence number."""
        ordered = sorted(articles, key=lambda one: one.seq)
        by_age = sorted(ordered, key=lambda one: (one.received_at, one.seq))
        excess = max(0, len(by_age) - self.at_least)
        out = {one.seq for one in by_age[:excess] if one.received_at < now - self.span}
        return [one for one in ordered if one.seq not in out]


class Horizon:
    """Since when articles must have been received to be in reach, as readers tell it: a cluster that got its last one before is cold.

    The latest articles are counted anew only when their number has grown by a tenth of `at_least`. Between, the horizon can lie
    too far back, never too near: what is called cold is out of reach.
    """

    def __init__(self, books: CollectionStore, reach: Reach, clock: Clock) -> None:
        self._books = books
        self._reach = reach
        self._clock = clock
        self._counted = 0, _ALWAYS  # articles accepted when they were counted last, and what came out

    def at(self) -> datetime:
        """What was received before is out of reach."""
        by_span = self._clock.now() - self._reach.span
        return min(by_span, self._by_number(by_span))

    def are_past(self, received_at: Sequence[datetime]) -> list[bool]:
        """Which of these lie before the horizon."""
        by_span = self._clock.now() - self._reach.span
        horizon = min(by_span, self._by_number(by_span)) if any(one < by_span for one in received_at) else by_span
        return [one < horizon for one in received_at]

    def _by_number(self, enough: datetime) -> datetime:
        """When the `at_least`th latest original was received; anything after `enough` is as good."""
        accepted, found = self._counted
        if found < enough:
            now_accepted = self._books.books().accepted
            if now_accepted - accepted >= max(1, self._reach.at_least // 10):
                found = self._count(now_accepted)
                self._counted = now_accepted, found
        return found

    def _count(self, last: int) -> datetime:
        left = self._reach.at_least
        if left == 0:
            return _NEVER
        while last > 0:
            first = max(0, last - _SLICE)
            articles = self._books.assigned(self._books.accepted_seqs(first, last - first))
            times = [one.received_at for one in articles if one.copy_of is None]
            if len(times) >= left:
                return times[-left]
            left -= len(times)
            last = first
        return _ALWAYS
