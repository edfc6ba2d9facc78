"""From a locality to the reasons of a decision, readable and adding up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clusterer.core.clustering.adjustments import Step
from clusterer.core.clustering.locality import APART, Locality
from clusterer.core.clustering.telling import TOLD_APART
from clusterer.core.evidence.evidence import NAME, NUMBER
from clusterer.core.evidence.termbook import TermBook
from clusterer.core.scoring.logits import logistic, logit_of
from clusterer.core.scoring.prevalence import Prior
from clusterer.core.scoring.reasons import Closest, Reasons, RunnerUp, Term
from clusterer.core.scoring.scorer import Weights, score, total

_SHOWN = 8  # shared words, names and numbers shown, each
_CLOSEST = 3
_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Fall:
    """Where the arrival of a locality falls.

    company, partners: positions of those that it is grouped with, and of those that it joined first, or would have. cluster_id: of the
    company, else of the partners.
    """

    place: Locality
    company: list[int]
    partners: list[int]
    cluster_id: str


def fall_of(place: Locality, weights: Weights) -> Fall:
    """Where the arrival falls by the scores of a locality."""
    arrival = len(place.seqs) - 1
    grouping = place.grouping(logit_of(weights.threshold))
    partners = grouping.first_partners(arrival)
    company = [position for position in range(arrival) if grouping.labels[position] == grouping.labels[arrival]]
    return Fall(place, company, partners, _most_common(place.clusters[position] for position in company or partners))


def considered(fall: Fall, weights: Weights, book: TermBook, prior: Prior | None = None) -> Reasons:
    """Why an arrival falls where it does; `score` with a probability below the threshold means nowhere.

    prior: what was added to each pair's score for the kind of cluster that the locality is about.
    """
    place, partners, cluster_id = fall.place, fall.partners, fall.cluster_id
    arrival = len(place.seqs) - 1
    logit, terms = _scored(place, weights, [arrival], partners, prior)
    probability = logistic(logit)
    words, names, numbers = _shared(place, book, partners)
    return Reasons(
        rule="score" if probability < weights.threshold or fall.company else _not_joined(place, arrival, partners),
        cluster_id=cluster_id,
        probability=probability,
        threshold=weights.threshold,
        logit=logit,
        intercept=weights.intercept,
        terms=terms,
        shared_words=words,
        shared_names=names,
        shared_numbers=numbers,
        compared_with=tuple(place.seqs[position] for position in partners[:_COMPARED]),
        runner_up=_runner_up(place, arrival, cluster_id, probability),
        closest=_closest(place, arrival, place.of_cluster(cluster_id)),
    )


def _not_joined(place: Locality, arrival: int, partners: Sequence[int]) -> str:
    """Why an arrival that scores well is by itself all the same."""
    against = place.ruled[arrival, list(partners)] - place.logits[arrival, list(partners)]
    return "two_things" if APART / 2 < against.min() <= TOLD_APART else "chaining"


def explained(place: Locality, weights: Weights, step: Step, prior: Prior | None = None) -> Reasons:
    """Why a second look takes a step: the pairs across what moves and what it moves to, or moves away from."""
    moving = set(step.positions)
    others = [position for position in place.of_cluster(step.target or step.source) if position not in moving]
    logit, terms = _scored(place, weights, step.positions, others, prior)
    return Reasons(
        rule="second_look",
        cluster_id=step.target or step.source,
        probability=logistic(logit),
        threshold=weights.threshold,
        logit=logit,
        intercept=weights.intercept,
        terms=terms,
        compared_with=tuple(place.seqs[position] for position in others[:_COMPARED]),
    )


def _scored(
    place: Locality, weights: Weights, left: Sequence[int], right: Sequence[int], prior: Prior | None
) -> tuple[float, tuple[Term, ...]]:
    """The logit of the pairs across two sets of positions, and its terms, a prior last."""
    pairs = place.terms_across(left, right)
    logit, terms = score(weights, pairs)
    if prior is None:
        return logit, terms
    terms = (*terms, prior.mean(pairs))
    return total(weights.intercept, terms), terms


def _most_common(names: Iterable[str]) -> str:
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name))


def _runner_up(place: Locality, arrival: int, chosen: str, probability: float) -> RunnerUp | None:
    others = {name: place.of_cluster(name) for name in set(place.clusters) - {chosen}}
    if not others:
        return None
    means = {name: float(place.logits[arrival, positions].mean()) for name, positions in others.items()}
    best = min(means, key=lambda name: (-means[name], name))
    return RunnerUp(best, logistic(means[best]), probability - logistic(means[best]))


def _closest(place: Locality, arrival: int, positions: Sequence[int]) -> tuple[Closest, ...]:
    pairs = sorted((-float(place.logits[arrival, position]), place.seqs[position]) for position in positions)
    return tuple(Closest(seq, logistic(-negated)) for negated, seq in pairs[:_CLOSEST])


def _shared(
    place: Locality, book: TermBook, partners: Sequence[int]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The most telling words, names and numbers that the arrival shares with the partners."""
    if place.arrival is None:
        return (), (), ()
    words: list[str] = []
    names: list[str] = []
    numbers: list[str] = []
    for term, kinds in book.shared(place.arrival, [place.seqs[position] for position in partners[:_CLOSEST]]):
        shown = names if kinds & NAME else numbers if kinds & NUMBER else words
        if len(shown) < _SHOWN and not any(term in longer.split(" ") for longer in names):
            shown.append(term)
    return tuple(words), tuple(names), tuple(numbers)
