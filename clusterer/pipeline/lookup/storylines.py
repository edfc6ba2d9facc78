"""Reads storylines: which clusters tell one saga, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from clusterer.core.cluster_records import StorylineEntry
from clusterer.core.errors import InvalidCursor, NotFound
from clusterer.pipeline.lookup.cluster_reader import ClusterReader
from clusterer.pipeline.lookup.cursors import decode_cursor, encode_cursor
from clusterer.pipeline.lookup.views import StorylineView
from clusterer.ports import CollectionStore

_LISTING = "storyline"


@dataclass(frozen=True, slots=True)
class StorylineReader:
    """One collection's storylines."""

    books: CollectionStore
    clusters: ClusterReader

    def view(self, storyline_id: str, generation: int, limit: int, cursor: str | None) -> StorylineView:
        """A page of a storyline, also by the id of one that went over into it. Raises NotFound, InvalidCursor."""
        after = _decoded(cursor) if cursor else None
        living = self._living(storyline_id)
        entries = self.books.storyline(living, after, limit + 1)
        last = entries[limit - 1] if len(entries) > limit else None
        records = self.books.clusters([entry.cluster for entry in entries[:limit]], generation)
        return StorylineView(
            living,
            self.clusters.views_of([record for record in records if record and record.status != "retired"]),
            encode_cursor(_LISTING, last.begins_at.timestamp(), last.cluster) if last else None,
        )

    def _living(self, storyline_id: str) -> str:
        """The storyline that an id stands for: its own while that has clusters."""
        aliases = None
        followed = {storyline_id}
        while not self.books.storyline(storyline_id, None, 1):
            aliases = self.books.storyline_aliases() if aliases is None else aliases
            storyline_id = aliases.get(storyline_id, "")
            if not storyline_id or storyline_id in followed:
                raise NotFound("there is no such storyline (any more)")
            followed.add(storyline_id)
        return storyline_id


def _decoded(cursor: str) -> StorylineEntry:
    begins_s, cluster_id = decode_cursor(_LISTING, cursor)
    try:
        return StorylineEntry(datetime.fromtimestamp(begins_s, UTC), cluster_id)
    except (ValueError, OverflowError, OSError):
        raise InvalidCursor("this is not a cursor that was given out here") from None
