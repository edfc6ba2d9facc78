"""The index of a window: exact while that is quick, then one whose cost hardly grows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clusterer.adapters.coded_index import CodedIndex
from clusterer.adapters.index import FaissIndex

EXACT_UP_TO = 10_000
# Vectors of a window that is built: a search for many at once is a matrix product, which takes little.
EXACT_WHILE_LOADED = 30_000


class WindowIndex:
    """A core.clustering NeighbourIndex, for one thread. Once it has grown beyond `exact_up_to` vectors it gives estimates for good.

    As long as vectors come many at a time it stays exact up to `EXACT_WHILE_LOADED`, and changes at the first that comes alone.
    """

    def __init__(self, dimension: int, exact_up_to: int = EXACT_UP_TO) -> None:
        self._exact_up_to = exact_up_to
        self._exact = FaissIndex(dimension)
        self._coded: CodedIndex | None = None

    def __len__(self) -> int:
        return len(self._coded or self._exact)

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """See VectorIndex.add."""
        bound = self._exact_up_to if len(ids) == 1 else max(self._exact_up_to, EXACT_WHILE_LOADED)
        if self._coded is None and len(self._exact) + len(ids) > bound and len(self._exact):
            self._coded = self._as_coded()
        if self._coded is None:
            self._exact.add(ids, vectors)
        else:
            self._coded.add(ids, self._exact.check(ids, vectors))

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """See VectorIndex.search; more than k, by estimated scores, once the index is not exact any more."""
        return (self._exact if self._coded is None else self._coded).search(self._exact.checked(vectors), k)

    def remove(self, ids: NDArray[np.int64]) -> None:
        """See VectorIndex.remove."""
        (self._exact if self._coded is None else self._coded).remove(ids)

    def _as_coded(self) -> CodedIndex:
        """The same vectors by their codes. It takes about a second, once."""
        ids, vectors = self._exact.content()
        self._exact = FaissIndex(vectors.shape[1])  # an emptied one keeps its room: 1.5 kB a vector
        coded = CodedIndex(vectors.shape[1], vectors.mean(axis=0))
        coded.add(ids, vectors)
        return coded
