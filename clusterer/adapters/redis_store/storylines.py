"""Clusters that tell one saga are told of together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from clusterer.adapters.redis_store.keys import from_ms, to_ms
from clusterer.adapters.redis_store.packing import text
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.cluster_records import StorylineEntry

_TOLD_AT_ONCE = 200


class RedisStorylines(Part):
    """The storylines part of CollectionStore; see there."""

    def storylines(self) -> Mapping[str, str]:
        """See CollectionStore.storylines."""
        return self._table("storylines")

    def storyline_aliases(self) -> Mapping[str, str]:
        """See CollectionStore.storyline_aliases."""
        return self._table("storyline_aliases")

    def _table(self, name: str) -> dict[str, str]:
        stored = self._link.do("HGETALL", self._link.key(name))
        return {left.decode(): right.decode() for left, right in stored.items()}

    def storyline_of(self, cluster_id: str) -> str | None:
        """See CollectionStore.storyline_of."""
        return text(self._link.do("HGET", self._link.key("storylines"), cluster_id))

    def storyline(self, storyline_id: str, after: StorylineEntry | None, limit: int) -> list[StorylineEntry]:
        """See CollectionStore.storyline."""
        key, found = self._link.key(f"storyline:{storyline_id}"), list[StorylineEntry]()
        low = "-inf" if after is None else to_ms(after.begins_at)
        at = 0
        while len(found) < limit:
            rows = self._link.do("ZRANGEBYSCORE", key, low, "+inf", "WITHSCORES", "LIMIT", at, limit)
            entries = [StorylineEntry(from_ms(int(float(when))), cluster.decode()) for cluster, when in _pairs(rows)]
            found += [entry for entry in entries if after is None or entry > after]
            at += limit
            if len(entries) < limit:
                break
        return found[:limit]

    def tell(self, rows: Sequence[tuple[str, str | None, datetime]], aliases: Mapping[str, str] | None = None) -> None:
        """See CollectionStore.tell."""
        names: list[Argument] = [name for pair in (aliases or {}).items() for name in pair]
        for start in range(0, len(names), 2 * _TOLD_AT_ONCE):
            part = names[start : start + 2 * _TOLD_AT_ONCE]
            self._link.run("tell", len(part) // 2, *part)
        for start in range(0, len(rows), _TOLD_AT_ONCE):
            told: list[Argument] = []
            for cluster, storyline, begins_at in rows[start : start + _TOLD_AT_ONCE]:
                told += (cluster, storyline or "", to_ms(begins_at))
            self._link.run("tell", 0, *told)

    def strike(self, storyline_id: str, clusters: Sequence[str]) -> None:
        """See CollectionStore.strike."""
        if clusters:
            self._link.write("ZREM", f"storyline:{storyline_id}", *clusters)


def _pairs(rows: Sequence[object]) -> list[tuple[bytes, bytes]]:
    """(member, score) of a reply, which RESP3 nests and RESP2 does not."""
    if rows and isinstance(rows[0], (list, tuple)):
        return [(row[0], row[1]) for row in rows]  # type: ignore[index]
    return list(zip(rows[::2], rows[1::2], strict=True))  # type: ignore[arg-type]
