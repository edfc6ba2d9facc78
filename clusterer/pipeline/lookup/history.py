"""What became of a cluster over time. Reads the change feed; a merged id still tells its own past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from clusterer.core.cluster_records import Change
from clusterer.core.errors import ChangesTrimmed, MergedAway, NotFound
from clusterer.core.feed import TimelineEntry, describe, members_as_of, timeline
from clusterer.pipeline.feed import members_of, oldest_change
from clusterer.pipeline.lookup.cursors import decode_number, encode_cursor
from clusterer.pipeline.lookup.views import Page, part
from clusterer.ports import CollectionStore

_SLICE = 1_000


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a cluster with its sentence. `gained`: the articles came to the cluster; otherwise they left it.

    of_other: it happened to the other cluster, and merely names this one.
    """

    number: int
    at: datetime
    kind: str
    gained: bool
    other: str | None
    article_ids: tuple[str, ...]
    actor: str | None
    reason: str | None
    text: str
    of_other: bool = False


@dataclass(frozen=True, slots=True)
class ClusterAt:
    """A cluster as it was at a time; without articles before it began and after it ended."""

    id: str
    at: datetime
    article_count: int
    article_ids: tuple[str, ...]


class History:
    """One collection's past, as far back as changes are kept. Raises NotFound for ids that were never given out."""

    def __init__(self, books: CollectionStore) -> None:
        self._books = books

    def of_cluster(self, cluster_id: str, after: int = 0, limit: int = 100) -> list[HistoryEntry]:
        """The changes that name a cluster, with number > after, oldest first."""
        changes = self._books.changes_of(cluster_id, after, limit)
        if not changes and not after:
            self._check_known(cluster_id)
        names = self._names({seq for change in changes for seq in change.seqs})
        return [_entry(change, cluster_id, names) for change in changes]

    def page(
        self, cluster_id: str, limit: int, cursor: str | None, until: datetime | None = None
    ) -> Page[HistoryEntry]:
        """The changes of a cluster up to a time, oldest first. Raises NotFound, InvalidCursor."""
        entries = self.of_cluster(cluster_id, decode_number("history", cursor), limit + 1)
        told = [entry for entry in entries if until is None or entry.at <= until]
        more = encode_cursor("history", told[limit - 1].number) if len(told) > limit else None
        return part(tuple(told[:limit]), more, cursor)

    def cluster_at(self, cluster_id: str, at: datetime) -> ClusterAt:
        """A cluster as it was at a time; erased articles are left out. Raises ChangesTrimmed where those that say it are gone."""
        members = tuple(self.members_at(cluster_id, at))
        return ClusterAt(cluster_id, at, len(members), members)

    def members_at(self, cluster_id: str, at: datetime) -> list[str]:
        """Article ids of the cluster as it was at a time, erased ones left out, in order of reception."""
        self._check_kept(cluster_id, at)
        seqs = members_as_of(cluster_id, self._all_changes(cluster_id), at)
        names = self._names(set(seqs))
        return [names[seq] for seq in sorted(seqs) if seq in names]

    def timeline(self, cluster_id: str, span: timedelta) -> list[TimelineEntry]:
        """When the articles of a living cluster came in, and how many sources were new. Raises MergedAway."""
        living = self._books.resolve(cluster_id)
        if living is None:
            raise NotFound(f"no cluster {cluster_id!r}")
        if living != cluster_id:
            raise MergedAway(cluster_id, living)
        facts = self._books.facts(members_of(self._books, living))
        return timeline((fact for fact in facts if fact is not None), span)

    def _all_changes(self, cluster_id: str) -> Iterator[Change]:
        after = 0
        while changes := self._books.changes_of(cluster_id, after, _SLICE):
            yield from changes
            after = changes[-1].number
        if not after:
            self._check_known(cluster_id)

    def _check_known(self, cluster_id: str) -> None:
        """A living cluster can have no changes that are kept."""
        if self._books.resolve(cluster_id) is None:
            raise NotFound(f"no cluster {cluster_id!r}")

    def _check_kept(self, cluster_id: str, at: datetime) -> None:
        """Who was in a cluster is known if the change that founded it is kept, and any change of the time that was asked for."""
        first = oldest_change(self._books)
        if first == 1:
            return
        own, oldest = self._books.changes_of(cluster_id, 0, 1), self._books.changes(first - 1, 1)
        if not own:
            self._check_known(cluster_id)
        founded = own and own[0].cluster == cluster_id and own[0].kind in ("created", "split")
        if not founded or at < oldest[0].at:
            unknown = f"which articles {cluster_id!r} had at {at} is not known: changes that old are no longer kept"
            raise ChangesTrimmed(first, unknown)

    def _names(self, seqs: set[int]) -> dict[int, str]:
        return {fact.seq: fact.article_id for fact in self._books.facts(sorted(seqs)) if fact and fact.article_id}


def _entry(change: Change, cluster_id: str, names: dict[int, str]) -> HistoryEntry:
    return HistoryEntry(
        number=change.number,
        at=change.at,
        kind=change.kind,
        gained=change.target == cluster_id,
        other=change.other if change.cluster == cluster_id else change.cluster,
        article_ids=tuple(names[seq] for seq in change.seqs if seq in names),
        actor=change.actor,
        reason=change.reason,
        text=describe(change, cluster_id, names),
        of_other=change.kind == "retired" and change.cluster != cluster_id,
    )
