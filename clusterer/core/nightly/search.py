"""The nearest neighbours of all articles, slice by slice."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from clusterer.core.nightly.shards import Helpers, Offer, SearchTask

SEARCH_SLICE = 1024


class SnapshotIndex(Protocol):
    """Vectors that are all known beforehand: filled in one call, then searched, as ports.VectorIndex says."""

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None: ...

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]: ...


def wide(leads: NDArray[np.float16]) -> NDArray[np.float32]:
    return leads.astype(np.float32)


def arithmetic() -> str:
    """Tells processes apart whose products of matrices differ in the last digit, as those of other processors and libraries do."""
    rows = np.sin(np.arange(640 * 384, dtype=np.float32)).reshape(640, 384)
    return blake2b((rows[:128] @ rows.T).tobytes(), digest_size=8).hexdigest()


def searching(seqs: Sequence[int], neighbours: int, helpers: Helpers) -> Offer:
    """Begin the search among these articles, in which others may help."""
    offer = helpers.offer(SearchTask(np.array(seqs, np.int64).tobytes(), neighbours))
    offer.add([b"%d %d" % (start, start + SEARCH_SLICE) for start in range(0, len(seqs), SEARCH_SLICE)])
    return offer


class Search:
    """Answers shards of a search: positions and cosines of the nearest of each article, int32 and float32, `neighbours` of each.

    leads: of all articles, by position. index: empty, filled here.
    """

    def __init__(self, leads: NDArray[np.float16], index: SnapshotIndex, neighbours: int) -> None:
        self._leads = leads
        self._index = index
        self._neighbours = neighbours
        index.add(np.arange(len(leads), dtype=np.int64), wide(leads))

    def __call__(self, shard: bytes) -> bytes:
        start, end = map(int, shard.split())
        queries = wide(self._leads[start:end])
        scores, found = others_first(start, *self._index.search(queries, self._neighbours + 1))
        near = found[:, : self._neighbours].astype(np.int32)
        return near.tobytes() + scores[:, : self._neighbours].tobytes()


def neighbours_of(
    leads: NDArray[np.float16], index: SnapshotIndex, neighbours: int, offer: Offer
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Positions of each article's neighbours, itself left out, -1 where there are fewer, and their cosines in meaning.

    offer: see `searching`.
    """
    near = np.empty((len(leads), neighbours), np.int32)
    meaning = np.empty(near.shape, np.float32)
    search = Search(leads, index, neighbours)
    while answered := offer.answer(search):
        number, answer = answered
        rows, half = slice(number * SEARCH_SLICE, (number + 1) * SEARCH_SLICE), len(answer) // 2
        near[rows] = np.frombuffer(answer[:half], np.int32).reshape(-1, neighbours)
        meaning[rows] = np.frombuffer(answer[half:], np.float32).reshape(-1, neighbours)
    return near, meaning


def others_first(
    start: int, scores: NDArray[np.float32], found: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """What an index found for the positions from `start` on, shapes (n, k), without these positions themselves.

    Where they were, the others move up; at the end stands -1 with a score of -inf.
    """
    gone = (found < 0) | (found == np.arange(start, start + len(found))[:, None])
    order = np.argsort(gone, axis=1, kind="stable")
    scores, found = np.where(gone, np.float32(-np.inf), scores), np.where(gone, -1, found)
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(found, order, axis=1)
