"""Another model's vectors are collected beside the published ones, then take their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from clusterer.core.records import Reembedded


class Reembedding(Protocol):
    """See CollectionStore for what all methods promise."""

    def model(self) -> str | None:
        """Fingerprint of the model whose vectors are published; None before the first."""
        ...

    def begin_reembedding(self, model: str) -> None:
        """From now on vectors of this model are collected beside the published ones; every article that has vectors is listed for it,
        also those handed over later. Going on with one begun before keeps what was made; another model's is dropped.
        """
        ...

    def unembedded(self, limit: int) -> list[int]:
        """Seqs of listed articles, ascending."""
        ...

    def count_unembedded(self) -> int: ...

    def stage_vectors(self, model: str, items: Sequence[Reembedded]) -> int:
        """Take vectors and take their articles off the list; the number taken. An article whose published vectors are others than
        when it was read stays listed. Raises Conflict if this model's vectors are not being collected.
        """
        ...

    def adopt_vectors(self, model: str) -> bool:
        """Publish the collected vectors in one step; a writer that has decided by the old ones is fenced. False, and nothing changed,
        while articles are listed. Repeating it changes nothing.
        """
        ...

    def drop_staged(self) -> None:
        """Give up a change of model, or clear away the vectors of the model before, in bounded slices."""
        ...
