"""What happened to clusters and articles, for telling it: events of a cluster, steps of an article, acts of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from clusterer.core.cluster_records import Change
from clusterer.core.errors import ChangesTrimmed
from clusterer.pipeline.browsing.names import Named, Names
from clusterer.pipeline.lookup.history import HistoryEntry
from clusterer.pipeline.lookup.views import MemberView
from clusterer.ports import CollectionStore

_NAMED = 5  # articles of one event that are named
_HOPS = 8
_OF_ONE_LOOK = 20  # changes, with the arrival before them
_SECOND_LOOK = "probability "  # how the reason of its changes begins


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a cluster. `gained`: the articles came to it; else they left it. articles: the first of `count`.

    is_one: the other cluster was joined to this one since, so that both have one name. of_other: it happened to the other cluster, and
    this one stands for that now.
    """

    number: int
    at: datetime
    kind: str
    gained: bool
    other: Named | None
    articles: tuple[Named, ...]
    count: int
    is_one: bool
    of_other: bool
    actor: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all that happened to a cluster, in articles: that joined as they came and that were brought from other clusters,
    as far as they are still there, and that left and have not come back. later: ids of those that were brought.
    """

    joined: int
    brought: int
    left: int
    later: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """How an article came from one cluster to another after it was first assigned. number: of the change.

    is_one: the two are one cluster by now, with one name.
    after: the other article that had just come when a second look moved it; None for what people and nights did, and where that one is
    gone. after_left: it is in another cluster by now. at_once: no other had come, but the article itself.
    """

    number: int
    at: datetime
    kind: str
    origin: Named
    target: Named
    is_one: bool
    actor: str | None
    reason: str | None
    after: Named | None
    after_left: bool
    at_once: bool


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did: `articles` went from `origin` to `target`. is_one: they are one cluster by now, with one name."""

    number: int
    at: datetime
    kind: str
    origin: Named
    target: Named
    articles: int
    is_one: bool
    actor: str | None
    reason: str | None


def outcome(entries: Iterable[HistoryEntry]) -> Outcome:
    """The sum of a cluster's history, oldest first."""
    arrivals: dict[str, str] = {}
    there: set[str] = set()
    for entry in entries:
        if entry.gained:
            arrivals.update({one: entry.kind for one in entry.article_ids if one not in arrivals})
            there.update(entry.article_ids)
        elif entry.kind in ("merged", "split", "moved"):
            there.difference_update(entry.article_ids)
    joined = {one for one, kind in arrivals.items() if kind in ("created", "updated") and one in there}
    return Outcome(len(joined), len(there) - len(joined), len(arrivals) - len(there), frozenset(there - joined))


class Past:
    """Over one collection."""

    def __init__(self, books: CollectionStore, names: Names) -> None:
        self._books = books
        self._names = names

    def acts(self, changes: Iterable[Change]) -> tuple[Act, ...]:
        """What people did, in words: changes that merged, split or moved."""
        return tuple(
            Act(
                number=one.number,
                at=one.at,
                kind=one.kind,
                origin=self._names.cluster(one.source or ""),
                target=self._names.cluster(one.target or ""),
                articles=len(one.seqs),
                is_one=self._names.living(one.source or "") == self._names.living(one.target or ""),
                actor=one.actor,
                reason=one.reason,
            )
            for one in changes
        )

    def events(
        self, entries: Sequence[HistoryEntry], members: Collection[MemberView], cluster_id: str
    ) -> Iterator[Event]:
        """Of a cluster with these articles, as its history has them."""
        known = {one.article_id: Named(one.article_id, one.title or None, one.source) for one in members}
        others = {one: self._names.cluster(one) for one in {entry.other for entry in entries if entry.other}}
        for entry in entries:
            named = [known.get(one) or self._names.article(one) for one in entry.article_ids[:_NAMED]]
            other = others[entry.other] if entry.other else None
            yield Event(
                number=entry.number,
                at=entry.at,
                kind=entry.kind,
                gained=entry.gained,
                other=other,
                articles=tuple(named),
                count=len(entry.article_ids),
                is_one=other is not None and other.living == cluster_id,
                of_other=entry.of_other,
                actor=entry.actor,
                reason=entry.reason,
            )

    def steps(self, seq: int, cluster_id: str | None) -> Iterable[Step]:
        """From the latest back to the first assignment, as far as changes are kept; told oldest first.

        What a machine did between two clusters that are one by now is left out: they have one name, so it would tell nothing.
        """
        steps: list[Step] = []
        own = self._names.arrival(seq)
        current, before = cluster_id, None
        for _ in range(_HOPS):
            change = self._arrival(seq, current, before) if current is not None else None
            if current is None or change is None:
                break
            origin, before = change.source or "", change.number
            is_one = self._names.living(origin) == self._names.living(current)
            if change.kind == "merged" or change.actor or not is_one:
                named = self._names.cluster(origin), self._names.cluster(current)
                after = self._looked_after(change)
                came = self._names.arrival(after) if after is not None else None
                at_once = came is not None and own is not None and came.id == own.id
                came = None if at_once else came
                left = came is not None and self._is_elsewhere(after, cluster_id)
                told = change.number, change.at, change.kind, *named, is_one, change.actor, change.reason
                steps.append(Step(*told, came, left, at_once))
            current = origin
        return reversed(steps)

    def _is_elsewhere(self, seq: int | None, cluster_id: str | None) -> bool:
        facts = self._books.facts([seq])[0] if seq is not None else None
        return facts is not None and facts.cluster != cluster_id

    def _looked_after(self, change: Change) -> int | None:
        """The article that had just come when a second look led to a change: nothing but other changes by that look lies between."""
        if not _is_second_look(change):
            return None
        try:
            before = self._books.changes(max(0, change.number - 1 - _OF_ONE_LOOK), min(change.number - 1, _OF_ONE_LOOK))
        except ChangesTrimmed:
            return None
        came = next((one for one in reversed(before) if not _is_second_look(one)), None)
        return came.seqs[-1] if came and came.enters and came.seqs else None

    def _arrival(self, seq: int, cluster_id: str, before: int | None) -> Change | None:
        """The latest regrouping, of those before a number, that brought an article to a cluster."""
        found = None
        for change in self._books.changes_of(cluster_id, 0, 1_000):
            regrouped = change.source is not None and change.target == cluster_id and seq in change.seqs
            if regrouped and (before is None or change.number < before):
                found = change
        return found


def _is_second_look(change: Change) -> bool:
    return change.actor is None and (change.reason or "").startswith(_SECOND_LOOK)
