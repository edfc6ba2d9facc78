"""Another model's vectors are collected beside the published ones, then take their place."""

from __future__ import annotations

from collections.abc import Sequence

from clusterer.adapters.redis_store.link import check_batch
from clusterer.adapters.redis_store.packing import text
from clusterer.adapters.redis_store.part import Part
from clusterer.core.records import Reembedded

_SLICE = 1_000  # articles a script looks at: a few milliseconds


class RedisReembedding(Part):
    """The part of CollectionStore that changes the model; see there."""

    def model(self) -> str | None:
        """See CollectionStore.model."""
        return text(self._link.do("HGET", self._link.key("head"), "model"))

    def begin_reembedding(self, model: str) -> None:
        """See CollectionStore.begin_reembedding."""
        while self._link.run("begin_reembedding", model, _SLICE):
            pass

    def unembedded(self, limit: int) -> list[int]:
        """See CollectionStore.unembedded."""
        return [int(seq) for seq in self._link.do("ZRANGE", self._link.key("reembed"), 0, limit - 1)]

    def count_unembedded(self) -> int:
        """See CollectionStore.count_unembedded."""
        return int(self._link.do("ZCARD", self._link.key("reembed")))

    def stage_vectors(self, model: str, items: Sequence[Reembedded]) -> int:
        """See CollectionStore.stage_vectors."""
        check_batch(items)
        flat = [value for item in items for value in (item.seq, item.published or b"", item.vector or b"")]
        return int(self._link.run("stage_vectors", model, *flat))

    def adopt_vectors(self, model: str) -> bool:
        """See CollectionStore.adopt_vectors."""
        return bool(self._link.run("adopt_vectors", model))

    def drop_staged(self) -> None:
        """See CollectionStore.drop_staged."""
        after = int(self._link.run("drop_staged", 0, _SLICE))
        while after:
            after = int(self._link.run("drop_staged", after, _SLICE))
