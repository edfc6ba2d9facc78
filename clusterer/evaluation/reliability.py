"""Whether stated probabilities come true: of the decisions stated at .8, are eight in ten right?

A decision states the probability that an arrival reports the event of the articles that it was compared with. It is right where most of
those have the arrival's gold label, whether or not the probability was enough to join them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clusterer.core.scoring.reasons import Reasons

_BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A stated probability, and whether what it was stated of is so."""

    probability: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities from one tenth to the next. stated: their mean. right: the share of those that came true."""

    count: int
    stated: float
    right: float


def judged(decisions: Iterable[tuple[int, Reasons]], labels: Mapping[int, str]) -> list[Judged]:
    """The first decisions about a stream, those without anything to compare with left out. labels: gold label of each seq."""
    found: list[Judged] = []
    for seq, reasons in decisions:
        compared = Counter(labels[other] for other in reasons.compared_with)
        if compared:
            found.append(Judged(reasons.probability, compared.most_common(1)[0][0] == labels[seq]))
    return found


def bins_of(judgements: Iterable[Judged]) -> list[Bin]:
    """The tenths of the scale that hold a probability, ascending."""
    tenths: dict[int, list[Judged]] = {}
    for one in judgements:
        tenths.setdefault(min(int(one.probability * _BINS), _BINS - 1), []).append(one)
    return [
        Bin(len(held), sum(one.probability for one in held) / len(held), sum(one.right for one in held) / len(held))
        for _, held in sorted(tenths.items())
    ]


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """By how much stated and true shares differ, over all tenths, weighted by their counts (Guo et al. 2017); 0 without any."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.stated - one.right) for one in bins) / total if total else 0.0
