"""What can be listed: a read replica of the small facts of the newest articles, by cluster, kept up to date by following the change feed.

It answers what the store keeps no order for: clusters by velocity, by words of their headlines, by time of publication. Derived, like
the replica that is searched by meaning, and may be thrown away at any moment.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2

from clusterer.core.cluster_records import Change
from clusterer.core.errors import ChangesTrimmed
from clusterer.core.evidence.words import tokens
from clusterer.core.feed import apply_membership
from clusterer.core.records import PreparedFacts
from clusterer.ports import CollectionStore

_CHANGES = 1_000
_SLICE = 5_000
_HALF_LIFE_S = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Entry:
    """An assigned article. Times are in seconds since 1970; `headline` holds its words, each with a blank before it."""

    seq: int
    source: str | None
    lang: str | None
    received_s: float
    published_s: float | None
    is_copy: bool
    headline: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a cluster's entries add up to. Times as in the cluster's record, and the span of publication beside them.

    pace_s orders by velocity whatever the time is now: the sum over articles of 2 ** (arrival / half-life of six hours), as a time.
    """

    id: str
    entries: tuple[Entry, ...]
    article_count: int
    sources: frozenset[str]
    languages: frozenset[str]
    origin_count: int
    first_seen: datetime
    last_seen: datetime
    first_published: datetime | None
    last_published: datetime | None
    pace_s: float

    @property
    def moments(self) -> list[float]:
        """When its articles were published, without those that do not say it; if none says it, when they were received. Seconds since 1970.

        Mixed, one article without a date would stretch a day of 2017 to today.
        """
        published = [entry.published_s for entry in self.entries if entry.published_s is not None]
        return published or [entry.received_s for entry in self.entries]

    def has_words(self, words: Sequence[str]) -> bool:
        """Whether the headline of one of the articles has words that begin with all of these, see `headline_words`."""
        return any(all(word in entry.headline for word in words) for entry in self.entries)


class Catalogue:
    """The newest `capacity` assigned articles of one collection. Loads nothing until first asked; safe for threads."""

    def __init__(self, books: CollectionStore, capacity: int = 200_000) -> None:
        self._books = books
        self._capacity = capacity
        self._lock = threading.Lock()
        self._entries: dict[int, Entry] = {}
        self._cluster: dict[int, str] = {}
        self._members: dict[str, set[int]] = {}
        self._summaries: dict[str, Summary] = {}
        self._change: int | None = None

    def summaries(self) -> list[Summary]:
        """All clusters with an article here."""
        with self._lock:
            self._refresh()
            for cluster in self._members.keys() - self._summaries.keys():
                self._summaries[cluster] = _summary(cluster, [self._entries[seq] for seq in self._members[cluster]])
            return list(self._summaries.values())

    def knows_all(self) -> bool:
        """Whether every assigned article is here, and no other: retention takes some away without a change."""
        return len(self._entries) == self._books.books().assigned

    def summary(self, cluster_id: str) -> Summary | None:
        """One cluster; None when none of its articles is here."""
        with self._lock:
            self._refresh()
            members = self._members.get(cluster_id)
            return None if not members else _summary(cluster_id, [self._entries[seq] for seq in members])

    def forget(self, cluster_id: str) -> None:
        """Let go of a cluster that is gone without a change, as retention makes them."""
        with self._lock:
            for seq in list(self._members.get(cluster_id, ())):
                self._take_out(seq)

    def _refresh(self) -> None:
        if self._change is None:
            self._load()
        try:
            self._follow()
        except ChangesTrimmed:  # nobody looked for longer than changes are kept
            self._load()
            self._follow()

    def _load(self) -> None:
        """Read everything. The position is taken first: what is committed meanwhile is seen twice, never missed."""
        self._entries, self._cluster, self._members, self._summaries = {}, {}, {}, {}
        self._change = self._books.position().change
        last = self._books.books().accepted
        after = max(0, last - self._capacity)
        while seqs := self._books.accepted_seqs(after, _SLICE):
            self._take_in(self._books.facts(seqs))
            after = seqs[-1]

    def _follow(self) -> None:
        while changes := self._books.changes(self._change or 0, _CHANGES):
            arrived = {seq for change in changes if change.enters for seq in change.seqs}
            self._take_in(self._books.facts(sorted(arrived - self._entries.keys())))
            for change in changes:
                self._apply(change)
            self._change = changes[-1].number
        self._shed()

    def _apply(self, change: Change) -> None:
        touched = {seq: self._cluster[seq] for seq in change.seqs if seq in self._cluster}
        after = dict(touched)
        apply_membership(after, change)
        for seq, before in touched.items():
            if seq not in after:
                self._take_out(seq)
            elif after[seq] != before:
                self._put(seq, after[seq])

    def _take_in(self, facts: Iterable[PreparedFacts | None]) -> None:
        for fact in facts:
            if fact is not None and fact.cluster is not None and fact.state == "assigned":
                self._entries[fact.seq] = _entry(fact)
                self._put(fact.seq, fact.cluster)

    def _put(self, seq: int, cluster: str) -> None:
        self._leave(seq)
        self._cluster[seq] = cluster
        self._members.setdefault(cluster, set()).add(seq)
        self._summaries.pop(cluster, None)

    def _leave(self, seq: int) -> None:
        cluster = self._cluster.pop(seq, None)
        if cluster is None:
            return
        self._summaries.pop(cluster, None)
        members = self._members[cluster]
        members.discard(seq)
        if not members:
            del self._members[cluster]

    def _take_out(self, seq: int) -> None:
        self._leave(seq)
        self._entries.pop(seq, None)

    def _shed(self) -> None:
        """Drop the oldest beyond the capacity, a twentieth at a time."""
        if len(self._entries) > self._capacity:
            for seq in sorted(self._entries)[: len(self._entries) - self._capacity + self._capacity // 20]:
                self._take_out(seq)


def headline_words(text: str) -> list[str]:
    """The words by which headlines are found, each with a blank before it, so that it is found at a word's beginning."""
    return [f" {word}" for word, _, _ in tokens(text)]


def _entry(fact: PreparedFacts) -> Entry:
    return Entry(
        seq=fact.seq,
        source=fact.source,
        lang=fact.lang,
        received_s=fact.received_at.timestamp(),
        published_s=fact.published_at.timestamp() if fact.published_at else None,
        is_copy=fact.copy_of is not None,
        headline="".join(headline_words(f"{fact.title} {fact.source or ''}")),
    )


def _summary(cluster_id: str, entries: Sequence[Entry]) -> Summary:
    received = [entry.received_s for entry in entries]
    published = [entry.published_s for entry in entries if entry.published_s is not None]
    last = max(received)
    return Summary(
        id=cluster_id,
        entries=tuple(entries),
        article_count=len(entries),
        sources=frozenset(entry.source for entry in entries if entry.source is not None),
        languages=frozenset(entry.lang for entry in entries if entry.lang is not None),
        origin_count=len({entry.source or entry.seq for entry in entries if not entry.is_copy}),
        first_seen=_at(min(received)),
        last_seen=_at(last),
        first_published=_at(min(published)) if published else None,
        last_published=_at(max(published)) if published else None,
        pace_s=last + _HALF_LIFE_S * log2(sum(2.0 ** ((moment - last) / _HALF_LIFE_S) for moment in received)),
    )


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
