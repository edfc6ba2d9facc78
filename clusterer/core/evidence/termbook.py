"""Weighted words of the articles in a window, and the stream's own document counts.

Weights follow what the stream shows of each word, so they are computed when two articles are compared, from what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clusterer.core.evidence.evidence import LEAD, NAME, TITLE, Sparse
from clusterer.core.evidence.idf import mixed_idf
from clusterer.core.evidence.rarity import RARITY_STEP

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_PROMINENT = 1.25  # weight of words in title and lead
_PRIOR_ARTICLES = 500.0  # how many articles of the stream the background table counts as

_SAGA_TITLE = 2.0  # weight of a title's words where sagas are asked for
_SAGA_PRIOR_ARTICLES = 50.0
_SAGA_LIMIT = 2.0  # how much rarer in general than in the stream a word may count as there

_ROWS_AT_ONCE = 4096  # of a matrix of all

Floats = NDArray[np.float64]
Terms = NDArray[np.void]  # of _TERM

# A term of an article: its interned id (-1: unknown to the book), and as in Sparse. Each article is kept as one string of these.
_TERM = np.dtype([("id", "<i4"), ("count", "u1"), ("kinds", "u1"), ("rarity", "u1")])
_WEIGHTLESS = 128  # a bit of `kinds` here: names of two words are kept to be shown, not weighed
_COUNT_AND_KINDS = np.dtype([("id", "<i4"), ("both", "<u2"), ("rarity", "u1")])  # the same bytes
_KINDS = np.arange(256)[:, None]
_BASE_BY_KINDS = (1.0 + np.log(np.maximum(np.arange(256), 1))) * np.where(_KINDS & (TITLE | LEAD), _PROMINENT, 1.0)
_BASE = np.where(_KINDS & _WEIGHTLESS, 0.0, _BASE_BY_KINDS).astype(np.float32).ravel()  # before idf, by count and kinds

# Of a row, how many articles of the stream have each of its words, and how many articles there are.
Weighing = Callable[[Terms, "NDArray[np.int32]", int], Floats]


def event_weights(row: Terms, known: NDArray[np.int32], articles: int) -> Floats:
    """(1 + ln count) times idf to the power 1.5, a little more in title and lead: words that tell one event from others of the stream."""
    idf = mixed_idf(row["rarity"], known, articles, _PRIOR_ARTICLES)
    weights: Floats = _BASE[row.view(_COUNT_AND_KINDS)["both"]] * idf * np.sqrt(idf)
    return weights


def saga_weights(row: Terms, known: NDArray[np.int32], articles: int) -> Floats:
    """The same with rarity in general, of words in titles twice: what many articles share may be their saga.

    Only what a large part of the stream shares, as "shooting" in one of crime reports, says little.
    """
    here = mixed_idf(row["rarity"], known, articles, _SAGA_PRIOR_ARTICLES)
    rarity = np.minimum(row["rarity"] / RARITY_STEP, _SAGA_LIMIT * here)
    prominence = np.where(row["kinds"] & TITLE, _SAGA_TITLE, 1.0)
    weights: Floats = _BASE[row.view(_COUNT_AND_KINDS)["both"]] * rarity * prominence
    return weights


class TermBook:
    """Interned words with document counts. Ids of words that no article has any more are used again."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._words: list[str] = []
        self._free: list[int] = []
        self._counts = np.zeros(1024, np.int32)
        self._own = np.zeros(1024)  # by id; zeros but while an arrival is compared
        self._places = np.zeros(1024, np.int32)  # by id; of use only within a call
        self._rows: dict[int, bytes] = {}
        self._asked: tuple[Sparse, Terms] | None = None  # the last row asked for; one arrival asks several times

    def row(self, sparse: Sparse) -> Terms:
        """The terms of an article that need not be in the book."""
        if self._asked is None or self._asked[0] is not sparse:
            self._asked = (sparse, self._make_row(sparse))
        return self._asked[1]

    def _make_row(self, sparse: Sparse) -> Terms:
        return _as_row(list(map(self._ids.get, sparse.terms, repeat(-1))), [sparse])

    def add(self, seq: int, sparse: Sparse) -> None:
        """Count an article's words."""
        self.add_all([(seq, sparse)])

    def add_all(self, articles: Sequence[tuple[int, Sparse]]) -> None:
        """`add` for each (seq, words)."""
        self._asked = None
        terms = list(chain.from_iterable(sparse.terms for _, sparse in articles))
        ids = np.fromiter(map(self._ids.get, terms, repeat(-1)), np.int32, len(terms))
        for place in np.flatnonzero(ids < 0).tolist():  # more than one may have a word that was not known
            known = self._ids.get(terms[place])
            ids[place] = self._intern(terms[place]) if known is None else known
        row = _as_row(ids, [sparse for _, sparse in articles])
        words, times = np.unique(row["id"], return_counts=True)
        self._counts[words] += times.astype(np.int32)
        data, end = row.tobytes(), 0
        for seq, sparse in articles:
            start, end = end, end + _TERM.itemsize * len(sparse.terms)
            self._rows[seq] = data[start:end]

    def sparse(self, seq: int) -> Sparse:
        """The terms of a known article, in any order."""
        row = self._known([seq])
        words = tuple(self._words[index] for index in row["id"].tolist())
        kinds = row["kinds"] & ~np.uint8(_WEIGHTLESS)
        return Sparse(words, row["count"].tobytes(), kinds.tobytes(), row["rarity"].tobytes())

    def shared(self, sparse: Sparse, seqs: Sequence[int]) -> list[tuple[str, int]]:
        """Terms of an article that known ones have too, with their kinds, the most telling first.

        A name of two words, which has no weight of its own, comes before all single words.
        """
        row = self.row(sparse)
        own = dict(zip(row["id"].tolist(), self.weights(row).tolist(), strict=True))
        telling: dict[int, float] = {}
        for seq in seqs:
            other = self._known([seq])
            for index, weight in zip(other["id"].tolist(), self.weights(other).tolist(), strict=True):
                if index in own:
                    telling[index] = telling.get(index, 0.0) + weight * own[index]
        kinds = dict(zip(row["id"].tolist(), sparse.kinds, strict=True))
        ranked = sorted(telling, key=lambda index: (" " not in self._words[index], -telling[index], self._words[index]))
        return [(self._words[index], kinds[index]) for index in ranked]

    def remove(self, seq: int) -> None:
        """Take an article's words out of the counts."""
        ids = np.frombuffer(self._rows.pop(seq), _TERM)["id"]
        self._asked = None
        self._counts[ids] -= 1
        for index in ids[self._counts[ids] == 0].tolist():
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
                self._own, self._places = np.zeros(len(self._counts)), np.zeros_like(self._counts)
        self._ids[term] = index
        return index

    def weights(self, row: Terms, arriving: bool = False, weighing: Weighing = event_weights) -> Floats:
        """Weights of the words of a row, shape (len(row),). An arriving article counts its own words once."""
        known = self._counts[row["id"].astype(np.intp)]
        if arriving:
            known = np.where(row["id"] >= 0, known, 0) + 1
        return weighing(row, known, len(self._rows) + 1)

    def against(self, row: Terms, seqs: Sequence[int], weighing: Weighing = event_weights) -> Floats:
        """Cosines of an arriving article's weighted words with those of known articles, shape (n,)."""
        rows = [self._rows[seq] for seq in seqs]
        joined = _joined(rows)
        owner = np.repeat(np.arange(len(rows)), [len(one) // _TERM.itemsize for one in rows])
        weights = self.weights(joined, weighing=weighing)
        squares = np.bincount(owner, weights * weights, minlength=len(rows))
        own = self.weights(row, arriving=True, weighing=weighing)
        known = row["id"] >= 0
        self._own[row["id"][known]] = own[known]
        products = np.bincount(owner, weights * self._own[joined["id"]], minlength=len(rows))
        self._own[row["id"][known]] = 0.0
        norms = np.maximum(np.sqrt(squares), 1e-12) * max(float(np.sqrt(own @ own)), 1e-12)
        cosines: Floats = products / norms
        return cosines

    def among(self, seqs: Sequence[int], arriving: Terms | None = None) -> Floats:
        """Cosines of the weighted words of known articles, and of an arriving one as the last, shape (n, n)."""
        ids, weights, pointers = self._unit_rows(seqs, arriving)
        count = len(pointers) - 1
        owner = np.repeat(np.arange(count), np.diff(pointers))
        squares = np.bincount(owner, weights * weights, minlength=count)
        weighing = np.flatnonzero(weights)
        ids, weights, owner = ids[weighing], weights[weighing], owner[weighing]
        # Only words that two articles have count, and these are few: a dense product of them takes less than a sparse one of all.
        self._places[ids] = np.arange(len(ids), dtype=np.int32)
        last = self._places[ids]  # where a word stands last in `ids` stands for the word
        shared = np.bincount(last, minlength=len(ids)) > 1
        columns, entries = np.cumsum(shared) - 1, np.flatnonzero(shared[last])
        rows = np.zeros((count, np.count_nonzero(shared)))
        rows[owner[entries], columns[last[entries]]] = weights[entries]
        cosines: Floats = rows @ rows.T
        np.fill_diagonal(cosines, squares)
        return cosines

    def matrix(self, seqs: Sequence[int], weighing: Weighing = event_weights) -> csr_array:
        """Unit rows of weighted words of known articles, shape (n, words)."""
        from scipy.sparse import csr_array

        pointers = np.cumsum([0, *(len(self._rows[seq]) // _TERM.itemsize for seq in seqs)])
        ids, weights = np.empty(pointers[-1], np.int32), np.empty(pointers[-1])
        for start in range(0, len(seqs), _ROWS_AT_ONCE):
            part = seqs[start : start + _ROWS_AT_ONCE]
            entries = slice(pointers[start], pointers[start + len(part)])
            ids[entries], weights[entries], _ = self._unit_rows(part, None, weighing)
        return csr_array((weights, ids, pointers), shape=(len(seqs), max(1, len(self._words))))

    def _unit_rows(
        self, seqs: Sequence[int], arriving: Terms | None, weighing: Weighing = event_weights
    ) -> tuple[NDArray[np.int32], Floats, NDArray[np.int64]]:
        """Ids of words, their weights, and where in these each row begins, and the last ends."""
        rows = [self._rows[seq] for seq in seqs]
        joined = _joined(rows)
        lengths = [len(one) // _TERM.itemsize for one in rows]
        ids, weights = joined["id"], self.weights(joined, weighing=weighing)
        if arriving is not None:
            lengths.append(len(arriving))
            ids = np.concatenate([ids, arriving["id"]])
            weights = np.concatenate([weights, self.weights(arriving, arriving=True, weighing=weighing)])
        owner = np.repeat(np.arange(len(lengths)), lengths)
        norms = np.sqrt(np.bincount(owner, weights * weights, minlength=len(lengths)))
        weights = weights / np.maximum(norms, 1e-12)[owner]
        weights[ids < 0] = 0.0  # shared with nobody
        return np.maximum(ids, 0), weights, np.concatenate([[0], np.cumsum(lengths)])

    def _known(self, seqs: Sequence[int]) -> Terms:
        return _joined([self._rows[seq] for seq in seqs])


def _as_row(ids: Sequence[int] | NDArray[np.int32], sparse: Sequence[Sparse]) -> Terms:
    """The terms of some articles, one after the other."""
    row = np.empty(len(ids), _TERM)
    row["id"] = ids
    row["kinds"] = np.frombuffer(b"".join(one.kinds for one in sparse), np.uint8)
    row["count"] = np.frombuffer(b"".join(one.counts for one in sparse), np.uint8)
    row["rarity"] = np.frombuffer(b"".join(one.rarity for one in sparse), np.uint8)
    terms = list(chain.from_iterable(one.terms for one in sparse))
    for place in np.flatnonzero(row["kinds"] == NAME).tolist():
        if " " in terms[place]:
            row["kinds"][place] |= _WEIGHTLESS
    return row


def _joined(rows: Sequence[bytes]) -> Terms:
    return np.frombuffer(b"".join(rows), _TERM)
