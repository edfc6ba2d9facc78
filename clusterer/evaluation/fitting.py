"""Weights from gold sets, for the shipped model or for another model or domain.

A logistic regression over pairs of neighbours, as they look when an article arrives, in the window later, and in a nightly snapshot.
Sets are very different in size and in the size of their events, so each set counts the same, its pairs of one event have a fixed share of
the weight, and each article's pairs of one event together count the same. Labelled sets are rich in events, life is not: each set also
counts with most and with all of its events reported once. With this balance the best cut lies near a logit of 0 on every set, and no
threshold is fitted. Finally the logit is scaled so that it rises as the log odds do that the best pair of an arrival is of one event, and
moved to their level on the sets as they are, so that probabilities come true there; the cut moves with it. How many arrivals have a
partner at all no set can say for another stream: the probabilities depend on it, the cut does not.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.adjustments import Merge
from clusterer.core.clustering.locality import NeighbourIndex
from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.nightly.comparison import neighbour_terms
from clusterer.core.nightly.recluster import NEIGHBOURS, group
from clusterer.core.scoring.logits import logistic, logit_of
from clusterer.core.scoring.pairs import BRIEF, TERMS, Floats
from clusterer.core.scoring.reasons import Reasons
from clusterer.core.scoring.scorer import Weights
from clusterer.evaluation.scores import Scores, bcubed, pairwise

MakeIndex = Callable[[int], NeighbourIndex]

_SAME_EVENT_SHARE = 0.2  # of each set's weight
# Share of the events that are reported once, and how much pairs of different events count in such a stream.
_THINNED = ((0.7, 1.0), (1.0, 0.25))
# Logit by which a join must be better than even in that balance: a wrong one costs 1.3 times a missed one.
_DEARER = 0.25
_FITTED = tuple(name for name in TERMS if name != BRIEF)  # which stands last
_WIDEST_LEVEL = 50.0  # a logit no level lies beyond
_UNFITTED = Weights(0.0, dict.fromkeys(TERMS, 0.0), 0.5)


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Articles in the order of their stream, and the gold label of each by seq.

    headlines: the same stream as headlines alone, with seqs and labels of its own; None where there are none.
    """

    name: str
    evidence: tuple[Evidence, ...]
    labels: Mapping[int, str]
    headlines: GoldSet | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What weights fitted on the other sets reach on one set."""

    name: str
    weights: Weights
    streaming_bcubed: Scores
    streaming_pairwise: Scores
    nightly_bcubed: Scores
    nightly_pairwise: Scores


@dataclass(frozen=True, slots=True)
class _Pairs:
    """terms: shape (n, len(_FITTED)). same: of one event, shape (n,). weight: shape (n,). arrival: which article arrived, -1 for
    pairs that were seen later, shape (n,). thinned_from: the number of the first arrival of a thinned stream.
    """

    terms: Floats
    same: NDArray[np.bool_]
    weight: Floats
    arrival: NDArray[np.int64]
    thinned_from: int


def fit(sets: Sequence[GoldSet], make_index: MakeIndex, provenance: Mapping[str, Any] | None = None) -> Weights:
    """Weights fitted on all sets, those for brief articles on their headlines. `provenance` is kept beside the sets' names and sizes.

    Raises ValueError when a set has no two neighbours of one event, or none of two events.
    """
    return _fit_both([_Learnt.of(gold, make_index) for gold in sets], provenance or {})


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What a gold set teaches. brief: what its headlines teach, None without headlines."""

    name: str
    articles: int
    pairs: _Pairs
    brief: _Learnt | None

    @classmethod
    def of(cls, gold: GoldSet, make_index: MakeIndex) -> _Learnt:
        """Raises ValueError when the set has no two neighbours of one event, or none of two events."""
        brief = None if gold.headlines is None else cls.of(gold.headlines, make_index)
        return cls(gold.name, len(gold.evidence), _pairs(gold, make_index), brief)


def _fit_both(sets: Sequence[_Learnt], provenance: Mapping[str, Any]) -> Weights:
    weights = _fit(sets, provenance)
    headlines = {one.name: one.brief for one in sets if one.brief is not None}
    if not headlines:
        return weights
    briefs = _fit(list(headlines.values()), {})
    return replace(
        weights,
        briefs={**briefs.coefficients, BRIEF: _to_cut(briefs) - _to_cut(weights)},
        provenance={**weights.provenance, "headlines": {name: brief.articles for name, brief in headlines.items()}},
    )


def _to_cut(weights: Weights) -> float:
    """From the cut to the intercept, in logits."""
    return weights.intercept - logit_of(weights.threshold)


def leave_one_out(sets: Sequence[GoldSet], make_index: MakeIndex) -> Iterator[LeftOut]:
    """Each set scored with weights that saw only the others, one after the other. Raises ValueError for fewer than two sets."""
    if len(sets) < 2:
        raise ValueError("leaving one set out needs at least two sets")
    learnt = [_Learnt.of(gold, make_index) for gold in sets]
    for place, gold in enumerate(sets):
        weights = _fit_both(learnt[:place] + learnt[place + 1 :], {})
        streamed, _ = cluster_stream(gold.evidence, Window(make_index(_dimension(gold)), weights))
        by_seq = {article.seq: article for article in gold.evidence}
        groups = group(by_seq, make_index(_dimension(gold)), weights)
        nightly = {seq: number for number, seqs in enumerate(groups) for seq in seqs}
        yield LeftOut(
            gold.name,
            weights,
            bcubed(streamed, gold.labels),
            pairwise(streamed, gold.labels),
            bcubed(nightly, gold.labels),
            pairwise(nightly, gold.labels),
        )


def cluster_stream(evidence: Sequence[Evidence], window: Window) -> tuple[dict[int, str], list[tuple[int, Reasons]]]:
    """Stream articles through a window as the cluster writer does: the final cluster of each, and each first decision."""
    fresh = (f"c{number:08d}" for number in count(1))
    decisions: list[tuple[int, Reasons]] = []
    for article in evidence:
        reasons = window.decide(article)
        decisions.append((article.seq, reasons))
        cluster_id = reasons.joined or next(fresh)
        window.learn(reasons)
        window.add(article, cluster_id)
        for adjustment in window.second_look(cluster_id):
            if isinstance(adjustment, Merge):
                window.merge(adjustment.loser_id, adjustment.winner_id)
                continue
            target = adjustment.target_id or next(fresh)
            for seq in adjustment.seqs:
                window.move(seq, target)
    return {article.seq: window.cluster_of(article.seq) or "" for article in evidence}, decisions


def _dimension(gold: GoldSet) -> int:
    return len(gold.evidence[0].lead)


def _fit(sets: Sequence[_Learnt], provenance: Mapping[str, Any]) -> Weights:
    from sklearn.linear_model import LogisticRegression

    pairs = [one.pairs for one in sets]
    terms = np.concatenate([part.terms for part in pairs])
    same = np.concatenate([part.same for part in pairs])
    weight = np.concatenate([part.weight for part in pairs])
    mean, spread = terms.mean(axis=0), terms.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit((terms - mean) / spread, same, sample_weight=weight * 1e4)
    coefficients = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - coefficients @ mean)
    best = [_best_pairs(part, coefficients, intercept) for part in pairs]
    factor = _slope(best)
    level = level_of(best, factor)
    return Weights(
        intercept=factor * intercept + level,
        coefficients={**dict(zip(_FITTED, (factor * coefficients).tolist(), strict=True)), BRIEF: 0.0},
        threshold=logistic(level + _DEARER),
        provenance={
            **provenance,
            "method": "balanced logistic regression on pairs of neighbours, also of thinned streams, "
            "calibrated by the best pairs of arrivals",
            "sets": {one.name: one.articles for one in sets},
        },
        prevalence=float(np.mean([one.right[~one.thinned].mean() for one in best])),
    )


@dataclass(frozen=True, slots=True)
class BestPairs:
    """The best pair of each arrival of one set: its score, whether it is of one event, whether the stream was thinned; shapes (n,)."""

    scores: Floats
    right: NDArray[np.bool_]
    thinned: NDArray[np.bool_]


def _best_pairs(part: _Pairs, coefficients: Floats, intercept: float) -> BestPairs:
    scores = part.terms @ coefficients + intercept
    arrivals = np.flatnonzero(part.arrival >= 0)
    order = arrivals[np.lexsort((scores[arrivals], part.arrival[arrivals]))]
    best = order[np.append(np.flatnonzero(np.diff(part.arrival[order])), len(order) - 1)]
    return BestPairs(scores[best], part.same[best], part.arrival[best] >= part.thinned_from)


def _slope(best: Sequence[BestPairs]) -> float:
    """By how much the logit rises with the log odds that an arrival's best pair is of one event, thinned streams included."""
    from sklearn.linear_model import LogisticRegression

    weight = np.concatenate([np.full(len(one.scores), 1.0 / len(one.scores)) for one in best])
    model = LogisticRegression(C=1e6)
    scores, right = np.concatenate([one.scores for one in best]), np.concatenate([one.right for one in best])
    model.fit(scores[:, None], right, sample_weight=weight * 1e3)
    return max(0.05, float(model.coef_[0, 0]))


def level_of(best: Sequence[BestPairs], factor: float) -> float:
    """What is to be added to the scaled scores so that, in the sets as they are, as many best pairs are right as they say."""
    from scipy.optimize import brentq
    from scipy.special import expit

    def excess(level: float) -> float:
        sure = [expit(factor * one.scores[~one.thinned] + level).mean() for one in best]
        return float(np.mean(sure) - np.mean([one.right[~one.thinned].mean() for one in best]))

    widest = _WIDEST_LEVEL
    if excess(-widest) >= 0.0 or excess(widest) <= 0.0:  # all are right, or none
        return 0.0
    return float(brentq(excess, -widest, widest))


def _pairs(gold: GoldSet, make_index: MakeIndex) -> _Pairs:
    """Pairs of neighbours in the set as it is, with most events reported once, and with all of them reported once."""
    whole = _stream_pairs(gold, make_index, alone=1.0)
    if whole.same.all() or not whole.same.any():
        raise ValueError(f"gold set {gold.name!r} has neighbours of one kind only, of one event or of different ones")
    parts = [whole]
    for share, alone in _THINNED:
        thinned = _thinned(gold, share)
        if len(thinned.evidence) > 1:
            parts.append(_stream_pairs(thinned, make_index, alone))
    firsts = np.cumsum([0, *[part.arrival.max() + 1 for part in parts]])
    return _Pairs(
        np.concatenate([part.terms for part in parts]),
        np.concatenate([part.same for part in parts]),
        np.concatenate([part.weight for part in parts]),
        np.concatenate(
            [np.where(part.arrival < 0, -1, part.arrival + first) for part, first in zip(parts, firsts, strict=False)]
        ),
        thinned_from=int(firsts[1]),
    )


def _thinned(gold: GoldSet, share: float) -> GoldSet:
    """The set with a share of its events reported once, by one of their articles; the same ones each time."""
    draw = random.Random(1)
    by_label: dict[str, list[int]] = {}
    for article in gold.evidence:
        by_label.setdefault(gold.labels[article.seq], []).append(article.seq)
    kept: set[int] = set()
    for _, seqs in sorted(by_label.items()):
        one = draw.choice(seqs)
        kept.update([one] if draw.random() < share else seqs)
    evidence = tuple(article for article in gold.evidence if article.seq in kept)
    return GoldSet(gold.name, evidence, {seq: gold.labels[seq] for seq in kept})


def _stream_pairs(gold: GoldSet, make_index: MakeIndex, alone: float) -> _Pairs:
    """Pairs of neighbours as seen on arrival, in the window afterwards, and in a snapshot of all."""
    window = Window(make_index(_dimension(gold)), _UNFITTED)
    terms: list[Floats] = []
    seqs: list[tuple[int, int]] = []
    for article in gold.evidence:
        near, compared = window.compare(article)
        terms.append(compared)
        seqs.extend((article.seq, other) for other in near.seqs.tolist())
        window.add(article, "unfitted")
    arrivals = len(seqs)
    for article in gold.evidence:
        near, compared = window.compare_known(article.seq)
        terms.append(compared)
        seqs.extend((article.seq, other) for other in near.seqs.tolist())
    rows, columns, compared = neighbour_terms(gold.evidence, make_index(_dimension(gold)), NEIGHBOURS)
    terms.append(compared)
    order = [article.seq for article in gold.evidence]
    seqs.extend((order[row], order[column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True))
    same = np.array([gold.labels[left] == gold.labels[right] for left, right in seqs], bool)
    left = np.array([left for left, _ in seqs], np.int64)
    _, number = np.unique(left, return_inverse=True)
    arrival = np.where(np.arange(len(seqs)) < arrivals, number, -1)
    weight = _balanced(gold, left.tolist(), same, alone)
    return _Pairs(np.concatenate(terms)[:, : len(_FITTED)], same, weight, arrival, thinned_from=len(gold.evidence))


def _balanced(gold: GoldSet, left: Sequence[int], same: NDArray[np.bool_], alone: float) -> Floats:
    """Weights that give pairs of one event their share, and each article in an event the same part of it."""
    sizes = Counter(gold.labels[article.seq] for article in gold.evidence)
    mates = np.array([max(1, sizes[gold.labels[seq]] - 1) for seq in left], np.float64)
    weight = np.where(same, 1.0 / mates, alone)
    if same.any():
        weight[same] *= _SAME_EVENT_SHARE / weight[same].sum()
    weight[~same] *= alone * (1.0 - _SAME_EVENT_SHARE) / weight[~same].sum()
    return weight
