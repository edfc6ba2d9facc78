"""Another model's vectors are collected beside the published ones, then take their place."""

from __future__ import annotations

from collections.abc import Sequence

from clusterer.adapters.memory_store.publishing import Publishing
from clusterer.adapters.memory_store.state import check_batch, locked
from clusterer.core.errors import Conflict
from clusterer.core.records import Reembedded


class Reembedding(Publishing):
    """See CollectionStore for what each method promises."""

    @locked
    def model(self) -> str | None:
        return self._model

    @locked
    def begin_reembedding(self, model: str) -> None:
        if self._next_model == model:
            return
        self.drop_staged()
        self._next_model = model
        self._unembedded = {seq for seq, row in self._rows.items() if row.vectors is not None}

    @locked
    def unembedded(self, limit: int) -> list[int]:
        return sorted(self._unembedded)[:limit]

    @locked
    def count_unembedded(self) -> int:
        return len(self._unembedded)

    @locked
    def stage_vectors(self, model: str, items: Sequence[Reembedded]) -> int:
        check_batch(items)
        if self._next_model != model:
            raise Conflict(f"no vectors of {model} are wanted")
        current = [item for item in items if self._rows[item.seq].vectors == item.published]
        for item in current:
            self._rows[item.seq].staged = item.vectors
            self._unembedded.discard(item.seq)
        return len(current)

    @locked
    def adopt_vectors(self, model: str) -> bool:
        if self._next_model is None and self._model == model:
            return True
        if self._next_model != model or self._unembedded:
            return False
        for row in self._rows.values():
            row.vectors, row.staged = row.staged, row.vectors
        self._model, self._next_model = model, None
        self._writer, self._writer_until_s, self._epoch = "", self._now_s(), self._epoch + 1
        return True

    @locked
    def drop_staged(self) -> None:
        self._next_model = None
        self._unembedded.clear()
        for row in self._rows.values():
            row.staged = None
