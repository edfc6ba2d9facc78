"""Exact inner-product search with FAISS."""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray


class FaissIndex:
    """A flat index over unit vectors, by the caller's ids. For one thread; derived data that is rebuilt, never stored."""

    def __init__(self, dimension: int) -> None:
        # FAISS' OpenMP threads hang in a forked child whose parent has used them (faiss issue 5206), and one thread is as fast
        # for the small batches that arrive here.
        faiss.omp_set_num_threads(1)
        self._dimension = dimension
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._ids: set[int] = set()
        self._removed: set[int] = set()  # still in the index

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """See VectorIndex.add; nothing is added when it raises."""
        vectors = self.check(ids, vectors)
        fresh = {int(one) for one in ids}
        if not fresh.isdisjoint(self._removed):
            self._purge()
        self._index.add_with_ids(vectors, ids.astype(np.int64, copy=False))
        self._ids |= fresh

    def check(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors as FAISS takes them. Raises ValueError for what `add` refuses."""
        vectors = self.checked(vectors)
        fresh = {int(one) for one in ids}
        if ids.shape != (len(vectors),):
            raise ValueError(f"{len(vectors)} vectors need as many ids, not shape {ids.shape}")
        if len(fresh) < len(ids) or not fresh.isdisjoint(self._ids):
            raise ValueError(f"ids given twice or already present: {sorted(fresh & self._ids)[:5]}")
        if not np.all(np.linalg.norm(vectors, axis=1) > 0):
            raise ValueError("a vector of zeros is similar to nothing: leave it out of the index")
        return vectors

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """See VectorIndex.search. Raises ValueError for NaN and a wrong dimension."""
        vectors = self.checked(vectors)
        self._purge()
        scores, ids = self._index.search(vectors, k)
        scores[ids < 0] = -np.inf  # FAISS marks them with the lowest finite float
        return scores, ids

    def remove(self, ids: NDArray[np.int64]) -> None:
        """See VectorIndex.remove. Vectors leave at the next search: FAISS passes over the whole index for each removal."""
        gone = {int(one) for one in ids} & self._ids
        self._ids -= gone
        self._removed |= gone

    def content(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """All ids and their vectors."""
        self._purge()
        ids = faiss.vector_to_array(self._index.id_map)
        vectors = faiss.downcast_index(self._index.index).reconstruct_n(0, self._index.ntotal)
        return ids, vectors

    def _purge(self) -> None:
        if self._removed:
            self._index.remove_ids(np.fromiter(self._removed, dtype=np.int64))  # type: ignore[arg-type]
            self._removed.clear()

    def checked(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Queries as FAISS takes them. Raises ValueError for NaN and a wrong dimension."""
        if vectors.ndim != 2 or vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors have shape {vectors.shape}; this index takes (n, {self._dimension})")
        if not np.isfinite(vectors).all():
            raise ValueError("vectors hold NaN or infinity")
        return np.ascontiguousarray(vectors, dtype=np.float32)
