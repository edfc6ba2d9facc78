"""Reads clusters from one collection's books and turns them into views with a face."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from clusterer.core.cluster_records import ClusterRecord
from clusterer.core.errors import Gone, MergedAway, NotFound
from clusterer.pipeline.lookup.views import ClusterView
from clusterer.pipeline.reach import Horizon
from clusterer.ports import Clock, CollectionStore

if TYPE_CHECKING:
    from clusterer.pipeline.lookup.portraits import Portrait, Portraits

_FACES_KEPT = 4_096
_DRAWN_AT_ONCE = 25


class ClusterReader:
    """Keeps faces until their cluster's revision moves on; otherwise stateless. Safe for threads."""

    def __init__(self, books: CollectionStore, clock: Clock, horizon: Horizon) -> None:
        self._books = books
        self._horizon = horizon
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, int, Portrait]] = {}  # by id, with generation and revision; last used last

    @cached_property
    def _portraits(self) -> Portraits:
        """Loaded with the first cluster that is shown: what draws faces is most of what a command has to load, numpy among it."""
        from clusterer.pipeline.lookup.portraits import Portraits

        return Portraits(self._books)

    def record(self, cluster_id: str, generation: int) -> ClusterRecord:
        """A living cluster. Raises NotFound, MergedAway, Gone."""
        record = self._books.cluster(cluster_id, generation)
        if record is not None and record.status != "retired":
            return record
        living = self._books.resolve(cluster_id)
        if living is not None and living != cluster_id:
            raise MergedAway(cluster_id, living)
        # A cluster that erasure emptied is in no later generation, but the feed remembers that it was.
        if record is not None or living is not None or self._books.changes_of(cluster_id, 0, 1):
            raise Gone(f"cluster {cluster_id!r} has no articles any more")
        raise NotFound(f"there is no cluster {cluster_id!r}")

    def view(self, cluster_id: str, generation: int) -> ClusterView:
        """Raises NotFound, MergedAway, Gone."""
        return self.views_of([self.record(cluster_id, generation)])[0]

    def views_of(self, records: Sequence[ClusterRecord]) -> tuple[ClusterView, ...]:
        """Records of one generation with their faces, in the order given."""
        portraits = self._portraits_of(records)
        cold = self._horizon.are_past([record.last_seen for record in records])
        now = self._clock.now()
        return tuple(
            _view(record, portraits[record.id], is_cold, now) for record, is_cold in zip(records, cold, strict=True)
        )

    def latest_members(self, cluster_id: str, generation: int) -> list[int]:
        """Seqs of the latest members, as many as a face looks at, ascending."""
        return self._portraits.latest_members(cluster_id, generation)

    def _portraits_of(self, records: Sequence[ClusterRecord]) -> dict[str, Portrait]:
        """By id. What is not kept is drawn together."""
        found: dict[str, Portrait] = {}
        missing: list[ClusterRecord] = []
        with self._lock:
            for record in records:
                kept = self._kept.pop(record.id, None)
                if kept is not None and kept[:2] == (record.generation, record.revision):
                    self._kept[record.id] = kept
                    found[record.id] = kept[2]
                else:
                    missing.append(record)
        for start in range(0, len(missing), _DRAWN_AT_ONCE):
            part = missing[start : start + _DRAWN_AT_ONCE]
            for record, portrait in zip(part, self._portraits.drawn(part, self._clock.now()), strict=True):
                found[record.id] = portrait
                self._keep(record, portrait)
        return found

    def _keep(self, record: ClusterRecord, portrait: Portrait) -> None:
        with self._lock:
            self._kept[record.id] = record.generation, record.revision, portrait
            while len(self._kept) > _FACES_KEPT:
                del self._kept[next(iter(self._kept))]


def _view(record: ClusterRecord, portrait: Portrait, is_cold: bool, now: datetime) -> ClusterView:
    face = portrait.face
    return ClusterView(
        id=record.id,
        status="cold" if is_cold else "active",
        title=face.title,
        representative=face.representative,
        medoid_id=face.medoid_id,
        article_count=record.article_count,
        source_count=len(record.sources),
        origin_count=record.origin_count,
        languages=record.languages,
        sources=record.sources,
        keywords=face.keywords,
        names=face.names,
        first_seen=record.first_seen,
        last_seen=record.last_seen,
        last_added_at=record.last_added_at,
        velocity=portrait.velocity(now),
        coherence=face.coherence,
        revision=record.revision,
        generation=record.generation,
        pinned=record.pinned,
        aliases=record.aliases,
        split_from=record.split_from,
        first_published_at=portrait.first_published_at,
        last_published_at=portrait.last_published_at,
    )
