"""Weighted words of the articles in a window, and the stream's own document counts.

A word weighs (1 + ln count) times idf to the power 1.5, a little more in title and lead. The idf follows the stream, so weights
are computed when two articles are compared, from what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.evidence import LEAD, NAME, TITLE, Sparse
from clusterer.core.clustering.idf import mixed_idf

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_PROMINENT = 1.25  # weight of words in title and lead
_PRIOR_ARTICLES = 500.0  # how many articles of the stream the background table counts as

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TermRow:
    """An article's terms: interned ids (-1: unknown to the book), weight before idf (0 for names of two words), and as in Sparse."""

    ids: NDArray[np.int32]
    base: NDArray[np.float32]
    rarity: NDArray[np.uint8]
    counts: bytes = b""
    kinds: bytes = b""


class TermBook:
    """Interned words with document counts. Ids of words that no article has any more are used again."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._words: list[str] = []
        self._free: list[int] = []
        self._counts = np.zeros(1024, np.int64)
        self._rows: dict[int, TermRow] = {}
        self._asked: tuple[Sparse, TermRow] | None = None  # the last row asked for; one arrival asks several times

    def row(self, sparse: Sparse) -> TermRow:
        """The row of an article that need not be in the book."""
        if self._asked is None or self._asked[0] is not sparse:
            self._asked = (sparse, self._make_row(sparse))
        return self._asked[1]

    def _make_row(self, sparse: Sparse) -> TermRow:
        counts, kinds, rarity = sparse.arrays()
        ids = [self._ids.get(term, -1) for term in sparse.terms]
        base = (1.0 + np.log(np.maximum(counts, 1))) * np.where(kinds & (TITLE | LEAD), _PROMINENT, 1.0)
        for place in np.flatnonzero(kinds == NAME).tolist():  # names of two words are kept to be shown, not weighed
            if " " in sparse.terms[place]:
                base[place] = 0.0
        return TermRow(np.array(ids, np.int32), base.astype(np.float32), rarity, sparse.counts, sparse.kinds)

    def add(self, seq: int, sparse: Sparse) -> None:
        """Count an article's words."""
        row = self.row(sparse)
        for place in np.flatnonzero(row.ids < 0).tolist():
            row.ids[place] = self._intern(sparse.terms[place])
        self._asked = None
        self._counts[row.ids] += 1
        self._rows[seq] = row

    def sparse(self, seq: int) -> Sparse:
        """The terms of a known article, in any order."""
        row = self._rows[seq]
        return Sparse(tuple(self._words[index] for index in row.ids), row.counts, row.kinds, row.rarity.tobytes())

    def shared(self, sparse: Sparse, seqs: Sequence[int]) -> list[tuple[str, int]]:
        """Terms of an article that known ones have too, with their kinds, the most telling first.

        A name of two words, which has no weight of its own, comes before all single words.
        """
        row = self.row(sparse)
        own = dict(zip(row.ids.tolist(), self.weights(row).tolist(), strict=True))
        telling: dict[int, float] = {}
        for seq in seqs:
            other = self._rows[seq]
            for index, weight in zip(other.ids.tolist(), self.weights(other).tolist(), strict=True):
                if index in own:
                    telling[index] = telling.get(index, 0.0) + weight * own[index]
        kinds = dict(zip(row.ids.tolist(), sparse.kinds, strict=True))
        ranked = sorted(telling, key=lambda index: (" " not in self._words[index], -telling[index], self._words[index]))
        return [(self._words[index], kinds[index]) for index in ranked]

    def remove(self, seq: int) -> None:
        """Take an article's words out of the counts."""
        row = self._rows.pop(seq)
        self._asked = None
        self._counts[row.ids] -= 1
        for index in row.ids[self._counts[row.ids] == 0].tolist():
            del self._ids[self._words[index]]
            self._free.append(index)

    def _intern(self, term: str) -> int:
        if self._free:
            index = self._free.pop()
            self._words[index] = term
        else:
            index = len(self._words)
            self._words.append(term)
            if index == len(self._counts):
                self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)])
        self._ids[term] = index
        return index

    def weights(self, row: TermRow, arriving: bool = False) -> Floats:
        """idf-weighted words of a row, shape (len(row.ids),). An arriving article counts its own words once."""
        known = np.where(row.ids >= 0, self._counts[row.ids], 0)
        idf = mixed_idf(row.rarity, known + arriving, len(self._rows) + 1, _PRIOR_ARTICLES)
        weights: Floats = row.base * idf * np.sqrt(idf)
        return weights

    def against(self, row: TermRow, seqs: Sequence[int]) -> Floats:
        """Cosines of an arriving article's weighted words with those of known articles, shape (n,)."""
        rows = [self._rows[seq] for seq in seqs]
        joined = _joined(rows)
        owner = np.repeat(np.arange(len(rows)), [len(one.ids) for one in rows])
        weights = self.weights(joined)
        squares = np.bincount(owner, weights * weights, minlength=len(rows))
        own = self.weights(row, arriving=True)
        known = row.ids >= 0
        by_word = np.zeros(max(1, len(self._words)))
        by_word[row.ids[known]] = own[known]
        products = np.bincount(owner, weights * by_word[joined.ids], minlength=len(rows))
        norms = np.maximum(np.sqrt(squares), 1e-12) * max(float(np.sqrt(own @ own)), 1e-12)
        cosines: Floats = products / norms
        return cosines

    def matrix(self, seqs: Sequence[int], arriving: TermRow | None = None) -> csr_array:
        """Unit rows of weighted words of known articles, and of an arriving one as the last, shape (n, words)."""
        rows = [self._rows[seq] for seq in seqs]
        lengths = [len(row.ids) for row in rows]
        joined = _joined(rows)
        ids, weights = joined.ids, self.weights(joined)
        if arriving is not None:
            lengths.append(len(arriving.ids))
            ids = np.concatenate([ids, arriving.ids])
            weights = np.concatenate([weights, self.weights(arriving, arriving=True)])
        pointers = np.concatenate([[0], np.cumsum(lengths)])
        owner = np.repeat(np.arange(len(lengths)), lengths)
        norms = np.sqrt(np.bincount(owner, weights * weights, minlength=len(lengths)))
        weights = weights / np.maximum(norms, 1e-12)[owner]
        weights[ids < 0] = 0.0  # shared with nobody
        from scipy.sparse import csr_array

        return csr_array((weights, np.maximum(ids, 0), pointers), shape=(len(lengths), max(1, len(self._words))))


def _joined(rows: Sequence[TermRow]) -> TermRow:
    if not rows:
        return TermRow(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.uint8))
    return TermRow(
        np.concatenate([row.ids for row in rows]),
        np.concatenate([row.base for row in rows]),
        np.concatenate([row.rarity for row in rows]),
    )
