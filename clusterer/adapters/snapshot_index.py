"""Neighbours among many vectors that are all known beforehand, as the nightly grouping asks for them."""

from __future__ import annotations

from math import sqrt

import faiss
import numpy as np
from numpy.typing import NDArray

from clusterer.adapters.index import FaissIndex

APPROXIMATE_FROM = 50_000

_LISTS_BY_ROOT = 1.6  # inverted lists by the root of the number of vectors
_PROBED_SHARE = 0.19  # of the lists
_REFINED = 8  # candidates by code for each neighbour asked, compared again by their exact vectors


class FaissSnapshotIndex:
    """Filled in one call, then searched. For one thread.

    Exact below `approximate_from` vectors, where the time for all pairs is bearable. Above it, an inverted file of 4-bit product
    codes finds candidates, which exact vectors then put in order: a quarter of the time at 100,000 vectors, and 98 of 100 of the 50
    nearest neighbours (`python -m benchmarks.recluster_scale` measures both). There vectors are kept as float16, as they are stored:
    scores of such are exact either way, and the same vectors give the same answers.
    """

    def __init__(self, dimension: int, approximate_from: int = APPROXIMATE_FROM) -> None:
        self._dimension = dimension
        self._approximate_from = approximate_from
        self._index: faiss.Index | FaissIndex | None = None
        self._ids: NDArray[np.int64] | None = None

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Raises ValueError when called again, and for what FaissIndex.add refuses."""
        if self._index is not None:
            raise ValueError("the index of a snapshot is filled once")
        exact = FaissIndex(self._dimension)  # one thread, see there
        if len(vectors) < self._approximate_from or self._dimension % 2:
            exact.add(ids, vectors)
            self._index = exact
            return
        exact.check(ids, vectors)
        vectors = np.ascontiguousarray(vectors, np.float32)
        lists = round(_LISTS_BY_ROOT * sqrt(len(vectors)))
        description = f"IVF{lists},PQ{self._dimension // 2}x4fs,Refine(SQfp16)"
        index = faiss.index_factory(self._dimension, description, faiss.METRIC_INNER_PRODUCT)
        parameters = faiss.ParameterSpace()
        parameters.set_index_parameter(index, "nprobe", max(1, round(lists * _PROBED_SHARE)))
        parameters.set_index_parameter(index, "k_factor_rf", _REFINED)
        index.train(vectors)
        index.add(vectors)
        self._index, self._ids = index, ids.astype(np.int64)

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """See VectorIndex.search."""
        if self._index is None:
            raise ValueError("the index of a snapshot is filled before it is searched")
        scores, found = self._index.search(vectors, k)
        if self._ids is not None:
            scores[found < 0] = -np.inf
            found = np.where(found < 0, -1, self._ids[found])
        return scores, found
