"""A snapshot of all articles, each compared with its nearest neighbours through the index.

What is kept takes some 2 kB an article; while neighbours are compared it is 7.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.neighbourhood import Neighbourhood
from clusterer.core.clustering.telling import Telling
from clusterer.core.evidence.evidence import Evidence, Sparse, is_brief, is_headline
from clusterer.core.evidence.termbook import TermBook
from clusterer.core.evidence.word_products import row_products
from clusterer.core.nightly.search import SEARCH_SLICE, SnapshotIndex, neighbours_of, searching, wide
from clusterer.core.nightly.shards import ALONE
from clusterer.core.scoring.pairs import COLUMN, ROW, Floats, Scale, language_number, pair_terms
from clusterer.core.scoring.scales import MEANING, SPREAD, WORDS, Presumed, background, best_and_usual
from clusterer.core.scoring.scorer import Weights

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_ROWS_SLICE = 256


@dataclass(frozen=True, slots=True)
class ComparedArticles:
    """All articles by position, in order of seq. leads: as they are stored, shape (n, dimension). words: unit rows of weighted words.
    near: positions of neighbours, shape (n, neighbours), -1 for none. scale: what is usual for each article. headline: it has no text.
    """

    seqs: tuple[int, ...]
    telling: Telling
    movable: NDArray[np.bool_]
    headline: NDArray[np.bool_]
    leads: NDArray[np.float16]
    days: Floats
    words: csr_array
    near: NDArray[np.int32]
    scale: Scale

    def logits(self, weights: Weights, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        """Scores of all pairs across two sets of positions, shape (len(rows), len(columns))."""
        left = wide(self.leads[rows]), self.words[rows], self.days[rows], self.scale.at(rows)
        right = (
            left
            if columns is rows
            else (wide(self.leads[columns]), self.words[columns], self.days[columns], self.scale.at(columns))
        )
        meaning = (left[0] @ right[0].T).astype(np.float64)
        words: Floats = (left[1] @ right[1].T).toarray()
        days = np.abs(left[2][:, None] - right[2][None, :])
        return weights.logits(pair_terms(meaning, words, days, left[3].at(COLUMN), right[3].at(ROW)))

    def mean_logit(self, weights: Weights, article: int, group: NDArray[np.int64]) -> float:
        """Mean score of one article with a group, those about another thing lowered."""
        logits = self.logits(weights, np.array([article]), group)[0]
        seqs = [self.seqs[place] for place in group]
        return float(self.telling.lowered(logits, self.seqs[article], seqs).mean())


@dataclass(frozen=True, slots=True)
class ReadArticles:
    """What is kept of all articles when each has been read once, by position in order of seq."""

    seqs: tuple[int, ...]
    telling: Telling
    movable: NDArray[np.bool_]
    headline: NDArray[np.bool_]
    brief: NDArray[np.bool_]
    leads: NDArray[np.float16]
    days: Floats
    language: Floats
    book: TermBook


def read_articles(evidence: Mapping[int, Evidence], languages: frozenset[str]) -> ReadArticles:
    seqs = tuple(sorted(evidence))
    leads = np.empty((len(seqs), len(evidence[seqs[0]].lead)), np.float16)
    days, language = np.empty((2, len(seqs)))
    movable, headline, brief = np.empty((3, len(seqs)), bool)
    book, words = TermBook(), list[tuple[int, Sparse]]()
    telling = Telling(lambda seq: evidence[seq].sparse, lambda seq: wide(leads[bisect_left(seqs, seq)]))
    for place, seq in enumerate(seqs):
        item = evidence[seq]
        leads[place], movable[place] = item.lead, item.movable
        headline[place], brief[place] = is_headline(item.sparse), is_brief(item.sparse)
        days[place], language[place] = Neighbourhood.day(item.published_at), language_number(item.lang, languages)
        words.append((seq, item.sparse))
        if len(words) == _ROWS_SLICE or place == len(seqs) - 1:
            book.add_all(words)
            words.clear()
        telling.meet(item)
    return ReadArticles(seqs, telling, movable, headline, brief, leads, days, language, book)


def compared(
    read: ReadArticles, near: NDArray[np.int32], meaning: NDArray[np.float32]
) -> tuple[ComparedArticles, Floats]:
    """The snapshot, and the cosines in words of each article with its neighbours, shape of `near`, -inf for none."""
    words = read.book.matrix(read.seqs)
    words.sort_indices()  # products of single rows are several times faster so
    shared = _shared(words, near)
    best_meaning, usual_meaning = _best_and_usual(meaning, MEANING)
    usual_meaning = np.minimum(usual_meaning, _backgrounds(np.flatnonzero(read.headline), read.leads))
    scale = Scale(
        best_meaning, usual_meaning, *_best_and_usual(shared, WORDS), read.language, read.brief.astype(np.float64)
    )
    articles = ComparedArticles(
        read.seqs, read.telling, read.movable, read.headline, read.leads, read.days, words, near, scale
    )
    return articles, shared


def _best_and_usual(similarities: NDArray[Any], presumed: Presumed) -> tuple[Floats, Floats]:
    parts = [
        best_and_usual(similarities[start : start + SEARCH_SLICE].astype(np.float64), presumed)
        for start in range(0, len(similarities), SEARCH_SLICE)
    ]
    best, usual = zip(*parts, strict=True)
    return np.concatenate(best), np.concatenate(usual)


def _backgrounds(headlines: NDArray[np.int64], leads: NDArray[np.float16]) -> Floats:
    """The background of those that are headlines, infinite for the others, shape (n,)."""
    found = np.full(len(leads), np.inf)
    spread = wide(leads[np.unique(np.linspace(0, len(leads) - 1, min(SPREAD, len(leads))).astype(np.int64))])
    for start in range(0, len(headlines), SEARCH_SLICE):
        rows = headlines[start : start + SEARCH_SLICE]
        found[rows] = background(wide(leads[rows]) @ spread.T)
    return found


def _shared(words: csr_array, near: NDArray[np.int32]) -> Floats:
    """Cosines in words of each article with its neighbours, shape of `near`, -inf where there is none."""
    shared = np.full(near.shape, -np.inf)
    for start in range(0, len(near), _ROWS_SLICE):
        rows, places = np.nonzero(near[start : start + _ROWS_SLICE] >= 0)
        rows += start
        shared[rows, places] = row_products(words, rows, near[rows, places].astype(np.int64))
    return shared


def neighbour_terms(
    evidence: Sequence[Evidence], index: SnapshotIndex, neighbours: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
    """Pairs of neighbours in a snapshot, ordered by seq, and their terms: positions, positions, shape (pairs, len(TERMS)). For fitting."""
    read = read_articles({item.seq: item for item in evidence}, frozenset())
    near, meaning = neighbours_of(read.leads, index, neighbours, searching(read.seqs, neighbours, ALONE))
    articles, shared = compared(read, near, meaning)
    rows, places = np.nonzero(articles.near >= 0)
    return rows, articles.near[rows, places], terms_of(articles, meaning, shared, rows, places)


def terms_of(
    articles: ComparedArticles,
    meaning: NDArray[np.float32],
    shared: Floats,
    rows: NDArray[np.int64],
    places: NDArray[np.int64],
) -> Floats:
    columns = articles.near[rows, places]
    days = np.abs(articles.days[rows] - articles.days[columns])
    scales = articles.scale.at(rows), articles.scale.at(columns)
    return pair_terms(meaning[rows, places].astype(np.float64), shared[rows, places], days, *scales)
