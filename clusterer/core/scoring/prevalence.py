"""How often, in this stream, an arrival belongs to the small cluster that it comes nearest to.

The scorer's probabilities hold for the sets that it was fitted on, where most arrivals have a partner. Where most events are reported
once, the nearest of many strangers is as near as a partner is elsewhere. How often small clusters do get another report shows in the
scores of the latest arrivals themselves: it is the share that makes these scores most likely (the maximum-likelihood adjustment to new
priors of Saerens, Latinne and Decaestecker 2002). Where it is less than one half, pairs with small clusters are scored lower. A cluster
of three and more has shown that its event is reported again, and is judged as ever.

The share is taken for pairs with both dates and for those without one by themselves, since what is known of them differs. And where it is
less than one half for the former, days cost more than the labelled sets say: strangers come at any distance, partners within days.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clusterer.core.scoring.logits import logistic, logit_of
from clusterer.core.scoring.pairs import TERMS, Floats
from clusterer.core.scoring.reasons import Reasons, Term
from clusterer.core.scoring.scorer import LATE, Weights, total

SMALL = 3  # a cluster with fewer members has not shown that its event is reported again
TERM: Final = "prevalence"
LATEST = 1000  # decisions from which the share is taken

_UNDATED = "date_unknown"
_UNDATED_PLACE = list(TERMS).index(_UNDATED)
_PRESUMED = 20.0  # so many earlier arrivals are presumed, with the share of the sets that the weights were fitted on
_TOLD_APART = -9.0  # logit of a pair that a rule told apart
# A logit of the share counts so much: chosen with thinned draws of the labelled sets, each with weights fitted on the others.
_WEIGHT = 1.5
# What each e-fold of days beyond `LATE_DAYS` costs where pairs with small clusters score a logit lower or more, and in proportion above:
# chosen with pairs of a political stream that people read.
_LATE = 1.8
_LEAST = 0.1  # a stream in which no event at all was told again may bring one that is
_WIDEST, _HALVINGS = 12.0, 16  # the share is looked for so far from the fitted one, in logits, to 2e-4


@dataclass(frozen=True, slots=True)
class Prior:
    """What is added to the logits of pairs with a small cluster, 0 or less, and the shares it comes from.

    dated: of pairs whose dates are known. undated: of those in which one is not.
    """

    dated: Term
    undated: Term

    @classmethod
    def of_shares(cls, dated: float, undated: float) -> Prior:
        """From the shares of arrivals that have a partner."""
        return cls(*(Term(TERM, share, min(0.0, _WEIGHT * logit_of(share))) for share in (dated, undated)))

    def __bool__(self) -> bool:
        return bool(self.dated.contribution or self.undated.contribution)

    def by(self, undated: NDArray[np.bool_]) -> Floats:
        """What it adds to each pair, same shape."""
        return np.where(undated, self.undated.contribution, self.dated.contribution)

    def by_terms(self, terms: Floats) -> Floats:
        """What it adds to each pair of some terms, shape (..., len(TERMS)) -> (...)."""
        return self.by(terms[..., _UNDATED_PLACE] > 0)

    def mean(self, pairs: Floats) -> Term:
        """Its term in the mean score of pairs, shape (n, len(TERMS))."""
        undated = float((pairs[:, _UNDATED_PLACE] > 0).mean())
        share = (1.0 - undated) * self.dated.value + undated * self.undated.value
        added = (1.0 - undated) * self.dated.contribution + undated * self.undated.contribution
        return Term(TERM, share, added)

    def dearer(self, weights: Weights) -> Weights:
        """The weights with what days cost where the shares are these."""
        return replace(weights, late=_LATE * max(-1.0, self.dated.contribution))


class Prevalence:
    """What the latest decisions tell of a stream; owned by one thread."""

    def __init__(self, weights: Weights, decisions: Iterable[Reasons] = ()) -> None:
        self._fitted = weights
        self._scores: deque[tuple[float | None, bool]] = deque(maxlen=LATEST)  # and whether a date was unknown
        self._learnt: tuple[Prior, Weights] | None = None
        for reasons in decisions:
            self.learn(reasons)

    def learn(self, reasons: Reasons) -> None:
        """Take in the next decision about an arrival, in order. Those without this module's term say nothing."""
        undated = any(term.name == _UNDATED and term.value >= 0.5 for term in reasons.terms)
        self._scores.append((self._logit(reasons), undated))
        self._learnt = None

    def prior(self) -> Prior:
        """What is added to the logits of pairs with a small cluster."""
        return self._now()[0]

    def weights(self) -> Weights:
        """The fitted weights with what days cost in this stream."""
        return self._now()[1]

    def _now(self) -> tuple[Prior, Weights]:
        if self._learnt is None:
            shares = (
                share_of([score for score, of in self._scores if score is not None and of == undated], self._fitted)
                for undated in (False, True)
            )
            prior = Prior.of_shares(*shares)
            self._learnt = prior, prior.dearer(self._fitted)
        return self._learnt

    def _logit(self, reasons: Reasons) -> float | None:
        """The score by the articles alone, or None where the nearest cluster was not small."""
        if all(term.name != TERM for term in reasons.terms):
            return None
        alone = [term for term in reasons.terms if term.name not in (TERM, LATE)]
        return _TOLD_APART if reasons.rule == "two_things" else total(self._fitted.intercept, alone)


def share_of(scores: Iterable[float] | Floats, weights: Weights) -> float:
    """The share of arrivals with a partner at which as many are expected by their scores as there are by it; it is the only one.

    scores: logits of each one's best pair under the weights, which hold at their own share. Never below a tenth.
    """
    against = np.exp(-np.asarray(list(scores), np.float64))  # odds, so that each step below needs no exponential
    at = logit_of(weights.prevalence)
    presumed = _PRESUMED * weights.prevalence
    low, high = -_WIDEST, _WIDEST
    for _ in range(_HALVINGS):
        moved = (low + high) / 2
        expected = presumed + float((1.0 / (1.0 + exp(-moved) * against)).sum())
        more = expected > (_PRESUMED + len(against)) * logistic(moved + at)
        low, high = (moved, high) if more else (low, moved)
    return max(_LEAST, logistic((low + high) / 2 + at))
