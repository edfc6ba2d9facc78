"""Weights from gold sets, for the shipped model or for another model or domain.

A logistic regression over pairs of neighbours, as they look when an article arrives, in the window later, and in a nightly snapshot.
Sets are very different in size and in the size of their events, so each set counts the same, its pairs of one event have a fixed share of
the weight, and each article's pairs of one event together count the same. With this balance the best cut lies at a logit of 0
on every set, and no threshold is fitted. Finally the logit is scaled so that the probabilities of decisions are true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.decisions import Decision, Join, Merge
from clusterer.core.clustering.evidence import Evidence
from clusterer.core.clustering.locality import NeighbourIndex
from clusterer.core.clustering.pairs import TERMS, Floats
from clusterer.core.clustering.scorer import Weights
from clusterer.core.clustering.window import Window
from clusterer.core.nightly.recluster import GroupPolicy, group, neighbour_terms
from clusterer.evaluation.scores import Scores, bcubed, pairwise

MakeIndex = Callable[[int], NeighbourIndex]

_SAME_EVENT_SHARE = 0.2  # of each set's weight
_UNFITTED = Weights(0.0, dict.fromkeys(TERMS, 0.0), 0.5)


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Articles in the order of their stream, and the gold label of each by seq."""

    name: str
    evidence: tuple[Evidence, ...]
    labels: Mapping[int, str]


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
    """terms: shape (n, len(TERMS)). same: of one event, shape (n,). weight: shape (n,), sums to 1."""

    terms: Floats
    same: NDArray[np.bool_]
    weight: Floats


def fit(sets: Sequence[GoldSet], make_index: MakeIndex, provenance: Mapping[str, Any] | None = None) -> Weights:
    """Weights fitted on all sets. `provenance` is kept with them beside the names and sizes of the sets.

    Raises ValueError when a set has no two neighbours of one event, or none of two events.
    """
    return _fit(sets, [_pairs(gold, make_index) for gold in sets], make_index, provenance or {})


def leave_one_out(sets: Sequence[GoldSet], make_index: MakeIndex) -> Iterator[LeftOut]:
    """Each set scored with weights that saw only the others, one after the other. Raises ValueError for fewer than two sets."""
    if len(sets) < 2:
        raise ValueError("leaving one set out needs at least two sets")
    pairs = [_pairs(gold, make_index) for gold in sets]
    for place, gold in enumerate(sets):
        others = [other for other in range(len(sets)) if other != place]
        weights = _fit([sets[other] for other in others], [pairs[other] for other in others], make_index, {})
        streamed, _ = replay(gold.evidence, Window(make_index(_dimension(gold)), weights))
        groups = group(gold.evidence, make_index(_dimension(gold)), weights)
        nightly = {seq: number for number, seqs in enumerate(groups) for seq in seqs}
        yield LeftOut(
            gold.name,
            weights,
            bcubed(streamed, gold.labels),
            pairwise(streamed, gold.labels),
            bcubed(nightly, gold.labels),
            pairwise(nightly, gold.labels),
        )


def replay(evidence: Sequence[Evidence], window: Window) -> tuple[dict[int, str], list[tuple[int, Decision]]]:
    """Stream articles through a window as the cluster writer does: the final cluster of each, and each first decision."""
    fresh = (f"c{number:08d}" for number in count(1))
    decisions: list[tuple[int, Decision]] = []
    for article in evidence:
        decision = window.decide(article)
        decisions.append((article.seq, decision))
        cluster_id = decision.cluster_id if isinstance(decision, Join) else next(fresh)
        window.add(article, cluster_id)
        for repair in window.second_look(cluster_id):
            if isinstance(repair, Merge):
                window.merge(repair.loser_id, repair.winner_id)
                continue
            target = repair.target_id or next(fresh)
            for seq in repair.seqs:
                window.move(seq, target)
    return {article.seq: window.cluster_of(article.seq) or "" for article in evidence}, decisions


def _dimension(gold: GoldSet) -> int:
    return len(gold.evidence[0].lead)


def _fit(
    sets: Sequence[GoldSet], pairs: Sequence[_Pairs], make_index: MakeIndex, provenance: Mapping[str, Any]
) -> Weights:
    from sklearn.linear_model import LogisticRegression

    terms = np.concatenate([part.terms for part in pairs])
    same = np.concatenate([part.same for part in pairs])
    weight = np.concatenate([part.weight for part in pairs])
    mean, spread = terms.mean(axis=0), terms.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit((terms - mean) / spread, same, sample_weight=weight * 1e4)
    coefficients = model.coef_[0] / spread
    weights = Weights(
        intercept=float(model.intercept_[0] - coefficients @ mean),
        coefficients=dict(zip(TERMS, coefficients.tolist(), strict=True)),
        threshold=0.5,
        provenance={
            **provenance,
            "method": "balanced logistic regression on pairs of neighbours, scaled to true probabilities of decisions",
            "sets": {gold.name: len(gold.evidence) for gold in sets},
        },
    )
    return _scaled(weights, sets, make_index)


def _pairs(gold: GoldSet, make_index: MakeIndex) -> _Pairs:
    """Pairs of neighbours as seen on arrival, in the window afterwards, and in a snapshot of all."""
    window = Window(make_index(_dimension(gold)), _UNFITTED)
    terms: list[Floats] = []
    seqs: list[tuple[int, int]] = []
    for article in gold.evidence:
        near, compared = window.compare(article)
        terms.append(compared)
        seqs.extend((article.seq, other) for other in near.seqs.tolist())
        window.add(article, "unfitted")
    for article in gold.evidence:
        near, compared = window.compare_known(article.seq)
        terms.append(compared)
        seqs.extend((article.seq, other) for other in near.seqs.tolist())
    rows, columns, compared = neighbour_terms(gold.evidence, make_index(_dimension(gold)), GroupPolicy().neighbours)
    terms.append(compared)
    order = [article.seq for article in gold.evidence]
    seqs.extend((order[row], order[column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True))
    same = np.array([gold.labels[left] == gold.labels[right] for left, right in seqs], bool)
    return _Pairs(np.concatenate(terms), same, _balanced(gold, [left for left, _ in seqs], same))


def _balanced(gold: GoldSet, left: Sequence[int], same: NDArray[np.bool_]) -> Floats:
    """Weights that give pairs of one event their share, and each article in an event the same part of it."""
    if same.all() or not same.any():
        raise ValueError(f"gold set {gold.name!r} has neighbours of one kind only, of one event or of different ones")
    sizes = Counter(gold.labels.values())
    mates = np.array([max(1, sizes[gold.labels[seq]] - 1) for seq in left], np.float64)
    weight = np.where(same, 1.0 / mates, 1.0)
    weight[same] *= _SAME_EVENT_SHARE / weight[same].sum()
    weight[~same] *= (1.0 - _SAME_EVENT_SHARE) / weight[~same].sum()
    return weight


def _scaled(weights: Weights, sets: Sequence[GoldSet], make_index: MakeIndex) -> Weights:
    """The logit scaled so that an article that joins with probability p is right with probability p; the cut stays at 0."""
    logits: list[float] = []
    shares: list[float] = []
    for gold in sets:
        _, decisions = replay(gold.evidence, Window(make_index(_dimension(gold)), weights))
        for seq, decision in decisions:
            reasons = decision.reasons
            if reasons.terms:
                logits.append(reasons.logit)
                shares.append(
                    float(np.mean([gold.labels[seq] == gold.labels[other] for other in reasons.compared_with]))
                )
    from sklearn.linear_model import LogisticRegression

    right = np.array(shares)
    model = LogisticRegression(C=1e6, fit_intercept=False)
    model.fit(
        np.tile(np.array(logits), 2)[:, None],
        np.repeat([1, 0], len(logits)),
        sample_weight=np.concatenate([right, 1.0 - right]),
    )
    factor = max(0.05, float(model.coef_[0, 0]))
    coefficients = {name: factor * value for name, value in weights.coefficients.items()}
    return replace(weights, intercept=factor * weights.intercept, coefficients=coefficients)
