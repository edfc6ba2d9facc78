"""Which clusters to list, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from clusterer.pipeline.lookup.views import ClusterStatus, ClusterView, Page
from clusterer.pipeline.replicas.catalogue import Summary, headline_words

Sort = Literal["last_seen", "size", "velocity", "sources", "first_seen"]
STORED: tuple[Sort, ...] = ("last_seen", "size")  # the store keeps these orders for all clusters, however old

_ORDERS: dict[Sort, Callable[[Summary], float]] = {
    "last_seen": lambda one: one.last_seen.timestamp(),
    "size": lambda one: one.article_count,
    "velocity": lambda one: one.pace_s,
    "sources": lambda one: len(one.sources),
    "first_seen": lambda one: one.first_seen.timestamp(),
}


class Counted(Protocol):
    """What a cluster's record and its summary have in common."""

    @property
    def article_count(self) -> int: ...
    @property
    def sources(self) -> Collection[str]: ...
    @property
    def languages(self) -> Collection[str]: ...
    @property
    def origin_count(self) -> int: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def last_seen(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class ClusterFilter:
    """Which clusters to list. `until` bounds are exclusive, `since` and sizes inclusive.

    Times are of reception, but for `published_*`: an article of the cluster was published between them. words: the headline of one
    of its articles, or the name of that article's source, has words that begin with all of these.
    """

    since: datetime | None = None
    until: datetime | None = None
    first_seen_since: datetime | None = None
    first_seen_until: datetime | None = None
    min_size: int | None = None
    max_size: int | None = None
    min_sources: int | None = None
    source: str | None = None
    language: str | None = None
    status: ClusterStatus | None = None
    min_origins: int | None = None
    published_since: datetime | None = None
    published_until: datetime | None = None
    words: str | None = None

    @property
    def is_of_records(self) -> bool:
        """Whether a cluster's record suffices to tell."""
        return self.words is None and self.published_since is None and self.published_until is None

    def as_of(self, horizon: datetime) -> ClusterFilter:
        """The same with `status` said in times: a cluster is cold when its latest article was received before the horizon."""
        if self.status == "cold":
            return replace(self, until=min(self.until or horizon, horizon))
        if self.status == "active":
            return replace(self, since=max(self.since or horizon, horizon))
        return self

    def admits(self, cluster: Counted) -> bool:
        """Whether a cluster passes every condition that its record can tell; `status` only after `as_of`."""
        return (
            _within(cluster.last_seen, self.since, self.until)
            and _within(cluster.first_seen, self.first_seen_since, self.first_seen_until)
            and cluster.article_count >= (self.min_size or 1)
            and (self.max_size is None or cluster.article_count <= self.max_size)
            and len(cluster.sources) >= (self.min_sources or 0)
            and cluster.origin_count >= (self.min_origins or 0)
            and (self.source is None or self.source in cluster.sources)
            and (self.language is None or self.language in cluster.languages)
        )

    def chosen(self, summaries: Iterable[Summary]) -> list[Summary]:
        """The clusters that pass every condition; `status` only after `as_of`."""
        words = headline_words(self.words or "")
        return [
            one
            for one in summaries
            if self.admits(one) and self._published(one) and (not words or one.has_words(words))
        ]

    def _published(self, one: Summary) -> bool:
        return self.published(one) != 0

    def published(self, one: Summary) -> int | None:
        """How many articles of a cluster were published between the bounds; None where there are none."""
        if self.published_since is None and self.published_until is None:
            return None
        since = self.published_since.timestamp() if self.published_since else None
        until = self.published_until.timestamp() if self.published_until else None
        return sum(
            entry.published_s is not None
            and (since is None or entry.published_s >= since)
            and (until is None or entry.published_s < until)
            for entry in one.entries
        )


@dataclass(frozen=True, slots=True)
class ClusterList(Page[ClusterView]):
    """Some of the clusters that the catalogue knows.

    found: all that were wanted and that it knows, which is `total` where it knows every cluster. summaries: of those in `data`, in order.
    """

    found: int = 0
    summaries: tuple[Summary, ...] = ()


def ranked(summaries: Sequence[Summary], sort: Sort, wanted: ClusterFilter) -> list[tuple[float, str, Summary]]:
    """(sort value, id, cluster), descending by value and then id, as the store has its own orders.

    By size is by the articles that were published between the bounds, if any are set: the biggest event of a day.
    """
    order = _ORDERS[sort]
    counts = {one.id: wanted.published(one) for one in summaries} if sort == "size" else {}
    rows = ((order(one) if (count := counts.get(one.id)) is None else count, one.id, one) for one in summaries)
    return sorted(rows, key=lambda row: row[:2], reverse=True)


def _within(value: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or value >= since) and (until is None or value < until)
