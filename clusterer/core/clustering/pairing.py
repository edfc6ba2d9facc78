"""How two articles compare today, seen among the articles of their clusters. It is told to readers; nothing is decided by it.

What a writer knows of all articles in reach is taken from what is stored of few: the neighbours with which each article came, how many of
a sample have each word, and the latest decisions. So a likelihood may differ by some hundredths from what the writer would find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.neighbourhood import Near, Neighbourhood
from clusterer.core.clustering.stored_near import decode_near
from clusterer.core.clustering.telling import ATTRACTED, FIRST_ARTICLES, TOLD_APART, Telling
from clusterer.core.evidence.evidence import Evidence, is_brief
from clusterer.core.evidence.termbook import TermBook, Terms, event_weights
from clusterer.core.scoring.logits import logistic
from clusterer.core.scoring.pairs import COLUMN, ROW, Floats, Scale, language_number, pair_terms
from clusterer.core.scoring.prevalence import SMALL, Prior
from clusterer.core.scoring.reasons import Term
from clusterer.core.scoring.scorer import Weights, score, total

APART = "told_apart"  # the term of a pair that names two things


@dataclass(frozen=True, slots=True)
class Stream:
    """What is known of all articles. words: how many of `sampled` articles have each; articles: how many there are. model: of the vectors.

    weights: with what days cost here. prior: what is added to pairs with a small cluster.
    """

    words: Mapping[str, int]
    sampled: int
    articles: int
    model: str
    weights: Weights
    prior: Prior

    @classmethod
    def of(cls, sample: Sequence[Evidence], articles: int, model: str, weights: Weights, prior: Prior) -> Stream:
        """From some articles taken anywhere."""
        words = Counter(chain.from_iterable(one.sparse.terms for one in sample))
        return cls(words, max(1, len(sample)), max(articles, len(sample)), model, prior.dearer(weights), prior)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two articles: the terms of their score with APART, which add up to the logit with the intercept, and the probability.

    whole: of one event, the mean over all pairs across their two clusters; in one cluster, over the pairs of both with the rest.
    None where there is nothing but the two. Which of the two is named first makes no difference.
    """

    probability: float
    logit: float
    intercept: float
    threshold: float
    terms: tuple[Term, ...]
    whole: float | None


def compare(
    one: Evidence, other: Evidence, company: Sequence[Evidence], others: Sequence[Evidence] | None, stream: Stream
) -> Compared:
    """Two articles that can be compared, with their stored neighbours, as all.

    company: of the cluster of the first. others: of the cluster of the second; None where that is the same.
    """
    if other.seq < one.seq:
        one, other = other, one
        company, others = (company, None) if others is None else (others, company)
    articles = list({item.seq: item for item in (one, other, *company, *(others or ())) if item.comparable}.values())
    place = {item.seq: at for at, item in enumerate(articles)}
    lefts, rights = ({place[item.seq] for item in side if item.seq in place} for side in (company, others or ()))
    if others is None:
        small, across = len({0, 1} | lefts) < SMALL, [(own, at) for own in (0, 1) for at in sorted(lefts - {0, 1})]
    else:
        small = max(len({0} | lefts), len({1} | rights)) < SMALL
        across = [(left, right) for left in sorted({0} | lefts) for right in sorted({1} | rights)]
    terms, prior = _terms(articles, stream), stream.prior if small else None
    telling = _Telling(articles, stream)
    logit, told = _scored(terms[0, 1], stream.weights, prior)
    if against := telling.against(one, other, logit):
        told = (*told, Term(APART, 1.0, against))
    logit = total(stream.weights.intercept, told)
    plain = [_scored(terms[left, right], stream.weights, prior)[0] for left, right in across]
    ruled = [
        found + telling.against(articles[left], articles[right], found)
        for (left, right), found in zip(across, plain, strict=True)
    ]
    whole = logistic(float(np.mean(ruled))) if len(articles) > 2 and ruled else None
    return Compared(logistic(logit), logit, stream.weights.intercept, stream.weights.threshold, told, whole)


def _scored(terms: Floats, weights: Weights, prior: Prior | None) -> tuple[float, tuple[Term, ...]]:
    """Of one pair, terms of shape (t,)."""
    pair = terms[None, :]
    logit, told = score(weights, pair)
    if prior is None:
        return logit, told
    told = (*told, prior.mean(pair))
    return total(weights.intercept, told), told


def _terms(articles: Sequence[Evidence], stream: Stream) -> Floats:
    """Terms of all pairs, shape (n, n, t)."""
    leads = np.stack([item.lead for item in articles])
    meaning = (leads @ leads.T).astype(np.float64)
    words = _words(articles, stream)
    days = np.array([Neighbourhood.day(item.published_at) for item in articles])
    off = ~np.eye(len(articles), dtype=bool)
    best = (np.where(off, one, -1.0).max(axis=1) for one in (meaning, words))
    scale = reduce(Scale.with_one, [_near(item, stream).scale for item in articles]).raised(*best)
    return pair_terms(meaning, words, np.abs(days[:, None] - days[None, :]), scale.at(COLUMN), scale.at(ROW))


def _near(article: Evidence, stream: Stream) -> Near:
    """The neighbours with which an article came."""
    none = Near(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), float("nan"))
    stored = decode_near(article.near, article.seq, stream.model) or none
    number = language_number(article.lang, stream.weights.languages)
    return replace(stored, language=number, brief=is_brief(article.sparse))


def _words(articles: Sequence[Evidence], stream: Stream) -> Floats:
    """Cosines of weighted words, shape (n, n)."""
    book = TermBook()
    book.add_all([(item.seq, item.sparse) for item in articles])
    ids = {
        term: int(number)
        for item in articles
        for term, number in zip(item.sparse.terms, book.row(item.sparse)["id"], strict=True)
    }
    here = np.zeros(max(ids.values(), default=0) + 1)
    for term, number in ids.items():
        here[number] = stream.words.get(term, 0) * stream.articles / stream.sampled

    def weighing(row: Terms, known: NDArray[np.int32], _: int) -> Floats:
        return event_weights(row, np.maximum(known, here[row["id"]]), stream.articles)

    seqs = [item.seq for item in articles]
    return np.stack([book.against(book.row(item.sparse), seqs, weighing) for item in articles])


class _Telling:
    """What pairs lose that are about two things."""

    def __init__(self, articles: Sequence[Evidence], stream: Stream) -> None:
        known = {item.seq: item for item in articles}
        self._telling = Telling(lambda seq: known[seq].sparse, lambda seq: known[seq].lead)
        self._at_first = stream.articles <= FIRST_ARTICLES
        for item in articles:
            self._telling.meet(item)

    def against(self, one: Evidence, other: Evidence, logit: float) -> float:
        """0 or below; of pairs that are apart already it is not asked."""
        if logit <= ATTRACTED:
            return 0.0
        if self._telling.two_issues(one.seq, other.seq):
            return TOLD_APART
        first, second = sorted((one.seq, other.seq))
        return self._telling.compare(first, second, at_first=self._at_first)
