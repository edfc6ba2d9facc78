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
_ROWS_AT_ONCE = 128  # of queries; their cosines with everything take most of the memory
_WIDEST_STRIDE = 64


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
        self._index: faiss.Index | _All | None = None
        self._ids: NDArray[np.int64] | None = None

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Raises ValueError when called again, and for what FaissIndex.add refuses."""
        if self._index is not None:
            raise ValueError("the index of a snapshot is filled once")
        vectors = FaissIndex(self._dimension).check(ids, vectors)  # which also makes FAISS keep to one thread
        self._ids = ids.astype(np.int64)
        if len(vectors) < self._approximate_from or self._dimension % 2:
            self._index = _All(vectors)
            return
        lists = round(_LISTS_BY_ROOT * sqrt(len(vectors)))
        description = f"IVF{lists},PQ{self._dimension // 2}x4fs,Refine(SQfp16)"
        index = faiss.index_factory(self._dimension, description, faiss.METRIC_INNER_PRODUCT)
        parameters = faiss.ParameterSpace()
        parameters.set_index_parameter(index, "nprobe", max(1, round(lists * _PROBED_SHARE)))
        parameters.set_index_parameter(index, "k_factor_rf", _REFINED)
        index.train(vectors)
        index.add(vectors)
        self._index = index

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """See VectorIndex.search."""
        if self._index is None or self._ids is None:
            raise ValueError("the index of a snapshot is filled before it is searched")
        scores, found = self._index.search(vectors, k)
        scores[found < 0] = -np.inf
        return scores, np.where(found < 0, -1, self._ids[found])


class _All:
    """Exact search by plain products. FAISS reaches a third of what numpy's BLAS does, and keeps a heap for each query."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The k nearest by position, nearest first, of equally near ones the first; -1 where there are fewer."""
        scores = np.full((len(queries), k), -np.inf, np.float32)
        found = np.full(scores.shape, -1, np.int64)
        for start in range(0, len(queries), _ROWS_AT_ONCE):
            cosines = queries[start : start + _ROWS_AT_ONCE] @ self._vectors.T
            rows, places = _candidates(cosines, k)
            near = cosines[rows, places]
            order = np.lexsort((places, -near, rows))
            rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
            kept = rank < k
            at, order = (start + rows[kept], rank[kept]), order[kept]
            scores[at], found[at] = near[order], places[order]
        return scores, found


def _candidates(cosines: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows, ascending, and places among which are the k largest of each row, and few others.

    The row is dealt out in heaps; the kth largest of the largest of each heap is reached by k at least. This passes over all
    cosines twice, where a selection of the k largest takes as long as the product.
    """
    count = cosines.shape[1]
    heaps = count // max(1, min(_WIDEST_STRIDE, count // (2 * k)))
    if heaps <= k:
        reached = np.ones(cosines.shape, bool)
    else:
        largest = cosines[:, : count - count % heaps].reshape(len(cosines), -1, heaps).max(axis=1)
        reached = cosines >= np.partition(largest, heaps - k, axis=1)[:, heaps - k, None]
    flat = np.flatnonzero(reached)
    return flat // count, flat % count
