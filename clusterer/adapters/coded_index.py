"""Candidates among any number of vectors, at a cost that hardly grows with it.

Of each vector only the signs of its coordinates are kept, after a random rotation (sign random projections, Charikar 2002): 48 bytes for
384 coordinates. They lie in lists, each with a centre; a search looks through the lists whose centres are nearest and gives those that
differ from it in the fewest signs. A list that is full is split in two, so nothing is ever trained, and no insertion waits for
more than one list (as in SPFresh, Xu et al. 2023). Scores are estimates: whoever asks compares the candidates by their exact vectors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LIST = 512  # vectors in a list at most
_PROBED = 40  # lists that a search looks through
_CANDIDATES = 6  # given for each neighbour asked
_ROUNDS = 4  # of two-means, when a list is split
_LEAST_SHARE = 0.25  # of a list that is split goes to each half at least
_LEAST = 32  # vectors in a list; what is left of a smaller one goes to others
_MOST_GROWN = 64  # lists
_SEED = 20_26
_FAR = np.uint16(2**16 - 1)


class CodedIndex:
    """See the module. `centre` is the mean of typical vectors: signs tell most about what lies around it. For one thread."""

    exact = False

    def __init__(self, dimension: int, centre: NDArray[np.float32]) -> None:
        rotation = np.linalg.qr(np.random.default_rng(_SEED).normal(size=(dimension, dimension)))[0]
        self._rotation = np.ascontiguousarray(rotation, np.float32)
        self._centre = centre.astype(np.float32)
        self._dimension = dimension
        self._bytes = 8 * -(-dimension // 64)
        self._lists = 1
        self._codes = np.zeros((1, self._bytes // 8, _LIST), np.uint64)
        self._ids = np.full((1, _LIST), -1, np.int64)
        self._sizes = np.zeros(1, np.int64)
        self._centres = np.zeros((1, dimension), np.float32)
        self._places: dict[int, int] = {}  # list * _LIST + position

    def __len__(self) -> int:
        return len(self._places)

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Raises ValueError for an id already present."""
        turned = self._turned(vectors)
        codes = self._coded(turned)
        for one, code, vector in zip(ids.tolist(), codes, turned, strict=True):
            if one in self._places:
                raise ValueError(f"id {one} is already present")
            self._enter(one, code, vector)

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """As VectorIndex.search, but several candidates for each of the k, by estimated cosines with the centre taken off."""
        count = _CANDIDATES * k
        scores = np.full((len(vectors), count), -np.inf, np.float32)
        ids = np.full((len(vectors), count), -1, np.int64)
        turned = self._turned(vectors)
        for row, (vector, code) in enumerate(zip(turned, self._coded(turned), strict=True)):
            found, differing = self._found(vector, code, count)
            ids[row, : len(found)] = found
            scores[row, : len(found)] = np.cos(differing * np.float32(np.pi / self._dimension))
        return scores, ids

    def remove(self, ids: NDArray[np.int64]) -> None:
        """Ids that are absent are ignored."""
        for one in ids.tolist():
            place = self._places.pop(one, None)
            if place is not None:
                number, position = divmod(place, _LIST)
                last = int(self._sizes[number]) - 1
                if position != last:
                    self._put(number, position, int(self._ids[number, last]), self._codes[number, :, last])
                self._sizes[number] = last
                if last < _LEAST and self._lists > 1:
                    self._dissolve(number)

    def _turned(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        turned = (vectors - self._centre) @ self._rotation
        return turned.astype(np.float32, copy=False)

    def _coded(self, turned: NDArray[np.float32]) -> NDArray[np.uint64]:
        """Shape (n, words)."""
        packed = np.zeros((len(turned), self._bytes), np.uint8)
        bits = np.packbits(turned > 0, axis=1)
        packed[:, : bits.shape[1]] = bits
        return packed.view(np.uint64)

    def _enter(self, one: int, code: NDArray[np.uint64], vector: NDArray[np.float32]) -> None:
        while (
            self._sizes[chosen := self._nearest_list(vector)] == _LIST
        ):  # once a list is split, another may be nearest
            self._split(chosen)
        self._put(chosen, int(self._sizes[chosen]), one, code)
        self._sizes[chosen] += 1

    def _nearest_list(self, vector: NDArray[np.float32]) -> int:
        return int((self._centres[: self._lists] @ vector).argmax())

    def _put(self, number: int, position: int, one: int, code: NDArray[np.uint64]) -> None:
        self._codes[number, :, position], self._ids[number, position] = code, one
        self._places[one] = number * _LIST + position

    def _found(
        self, vector: NDArray[np.float32], code: NDArray[np.uint64], count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
        """Ids of the nearest by their signs, and in how many these differ, at most `count`."""
        lists = np.arange(self._lists)
        if self._lists > _PROBED:
            lists = np.argpartition(-(self._centres[: self._lists] @ vector), _PROBED)[:_PROBED]
        differing = self._differing(lists, code)
        differing[np.arange(_LIST) >= self._sizes[lists][:, None]] = _FAR
        differing = differing.ravel()
        within = np.cumsum(np.bincount(np.minimum(differing, self._dimension + 1))[: self._dimension + 1])
        bound = int(np.searchsorted(within, count))
        near = np.flatnonzero(differing <= min(bound, self._dimension))
        near = near[np.argsort(differing[near], kind="stable")[:count]]
        return self._ids[lists[near // _LIST], near % _LIST], differing[near]

    def _differing(self, lists: NDArray[np.int64], code: NDArray[np.uint64]) -> NDArray[np.uint16]:
        """In how many signs each vector of some lists differs from one, shape (lists, _LIST)."""
        words = np.bitwise_count(self._codes[lists] ^ code[:, None])
        differing: NDArray[np.uint16] = words[:, 0].astype(np.uint16)
        for number in range(1, words.shape[1]):
            differing += words[:, number]
        return differing

    def _split(self, number: int) -> None:
        """Two lists in place of one that is full."""
        codes = self._codes[number].T.copy()
        signs = self._signs(codes)
        away = _halves(signs)
        if self._lists == len(self._sizes):
            self._grow()
        ids, other = self._ids[number].copy(), self._lists
        self._lists += 1
        for into, members in ((number, np.flatnonzero(~away)), (other, np.flatnonzero(away))):
            self._sizes[into] = len(members)
            self._centres[into] = _middle(signs[members])
            self._codes[into, :, : len(members)], self._ids[into, : len(members)] = codes[members].T, ids[members]
            self._places.update(zip(ids[members].tolist(), range(into * _LIST, into * _LIST + _LIST), strict=False))

    def _dissolve(self, number: int) -> None:
        """Put what is left of a list into others, and the last list in its place: searches must not pass through empty ones."""
        size, last = int(self._sizes[number]), self._lists - 1
        codes, ids = self._codes[number, :, :size].T.copy(), self._ids[number, :size].tolist()
        if number != last:
            for array in (self._codes, self._ids, self._sizes, self._centres):
                array[number] = array[last]
            members = self._ids[number, : self._sizes[number]].tolist()
            self._places.update(zip(members, range(number * _LIST, number * _LIST + _LIST), strict=False))
        self._sizes[last], self._lists = 0, last
        for one, code, vector in zip(ids, codes, self._signs(codes), strict=True):
            self._enter(one, code, vector)

    def _signs(self, codes: NDArray[np.uint64]) -> NDArray[np.float32]:
        """-1 or 1 for each coordinate, shape (n, dimension), of codes of shape (n, words)."""
        bits = np.unpackbits(codes.view(np.uint8), axis=1)[:, : self._dimension]
        return np.float32(2.0) * bits.astype(np.float32) - np.float32(1.0)

    def _grow(self) -> None:
        """Room for more lists; large arrays are resized without being copied."""
        rows = len(self._sizes) + min(len(self._sizes), _MOST_GROWN)
        for array in (self._codes, self._ids, self._sizes, self._centres):
            array.resize((rows, *array.shape[1:]), refcheck=False)


def _halves(signs: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows go to the second of two groups, by two-means from two rows that are far apart; neither gets less than a quarter."""
    first = signs[(signs @ signs[0]).argmin()]
    second = signs[(signs @ first).argmin()]
    for _ in range(_ROUNDS):
        lean = signs @ (second - first)
        second_size = np.clip((lean > 0).sum(), _LEAST_SHARE * len(signs), (1 - _LEAST_SHARE) * len(signs))
        away = np.zeros(len(signs), np.bool_)
        away[np.argsort(-lean, kind="stable")[: int(second_size)]] = True
        first, second = _middle(signs[~away]), _middle(signs[away])
    return away


def _middle(signs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vector of the mean."""
    mean = signs.mean(axis=0)
    unit: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return unit
