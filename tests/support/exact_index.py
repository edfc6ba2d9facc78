"""A brute-force index, the reference of the FAISS adapter, for tests of the core."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class ExactIndex:
    """Inner products with everything; ties go to the smaller id."""

    def __init__(self) -> None:
        self._vectors: dict[int, NDArray[np.float32]] = {}

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        for key, vector in zip(ids.tolist(), vectors, strict=True):
            self._vectors[key] = np.array(vector, np.float32)

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        scores = np.full((len(vectors), k), -np.inf, np.float32)
        ids = np.full((len(vectors), k), -1, np.int64)
        if self._vectors:
            keys = np.array(sorted(self._vectors), np.int64)
            products = vectors @ np.stack([self._vectors[key] for key in keys.tolist()]).T
            order = np.argsort(-products, axis=1, kind="stable")[:, :k]
            ids[:, : order.shape[1]] = keys[order]
            scores[:, : order.shape[1]] = np.take_along_axis(products, order, axis=1)
        return scores, ids

    def remove(self, ids: NDArray[np.int64]) -> None:
        for key in ids.tolist():
            self._vectors.pop(key, None)

    def __len__(self) -> int:
        return len(self._vectors)
