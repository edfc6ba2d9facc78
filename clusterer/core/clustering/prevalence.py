"""How often, in this stream, an arrival belongs to the small cluster that it comes nearest to.

The scorer's probabilities hold for the sets that it was fitted on, where most arrivals have a partner. Where most events are reported
once, the nearest of many strangers is as near as a partner is elsewhere. How often small clusters do get another report shows in the
scores of the latest arrivals themselves: it is the share that makes these scores most likely (the maximum-likelihood adjustment to new
priors of Saerens, Latinne and Decaestecker 2002). Where it is less than one half, pairs with small clusters are scored lower. A cluster
of three and more has shown that its event is reported again, and is judged as ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.reasons import Reasons, Term
from clusterer.core.clustering.scorer import Weights, logistic, logit_of, total

SMALL = 3  # a cluster with fewer members has not shown that its event is reported again
TERM: Final = "prevalence"
LATEST = 1000  # decisions from which the share is taken

_PRESUMED = 20.0  # so many earlier arrivals are presumed, with the share of the sets that the weights were fitted on
_TOLD_APART = -9.0  # logit of a pair that a rule told apart
# A logit of the share counts so much: chosen with thinned draws of the labelled sets, each with weights fitted on the others.
_WEIGHT = 1.5
_LEAST = 0.1  # a stream in which no event at all was told again may bring one that is
_WIDEST, _HALVINGS = 12.0, 16  # the share is looked for so far from the fitted one, in logits, to 2e-4


class Prevalence:
    """What the latest decisions tell of a stream; owned by one thread."""

    def __init__(self, weights: Weights, decisions: Iterable[Reasons] = ()) -> None:
        self._intercept = weights.intercept
        self._fitted = weights.prevalence
        self._logits: deque[float | None] = deque(maxlen=LATEST)
        self._term: Term | None = None
        for reasons in decisions:
            self.learn(reasons)

    def learn(self, reasons: Reasons) -> None:
        """Take in the next decision about an arrival, in order. Those without this module's term say nothing."""
        self._logits.append(self._logit(reasons))
        self._term = None

    def term(self) -> Term:
        """The share, and what it adds to the logit of pairs with a small cluster: 0 or less."""
        if self._term is None:
            share = max(_LEAST, self._share())
            self._term = Term(TERM, share, min(0.0, _WEIGHT * logit_of(share)))
        return self._term

    def _logit(self, reasons: Reasons) -> float | None:
        """The score by the articles alone, or None where the nearest cluster was not small."""
        alone = [term for term in reasons.terms if term.name != TERM]
        if len(alone) == len(reasons.terms):
            return None
        return _TOLD_APART if reasons.rule == "two_things" else total(self._intercept, alone)

    def _share(self) -> float:
        """The share at which as many arrivals are expected to belong to the clusters as there are by it; it is the only one."""
        logits = np.array([logit for logit in self._logits if logit is not None])
        low, high = -_WIDEST, _WIDEST
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._excess(logits, middle) > 0 else (low, middle)
        return logistic((low + high) / 2 + logit_of(self._fitted))

    def _excess(self, logits: NDArray[np.float64], moved: float) -> float:
        """How many more arrivals the scores say belong, if the share is moved by a logit, than that share says."""
        expected = _PRESUMED * self._fitted + float((1.0 / (1.0 + np.exp(-(logits + moved)))).sum())
        return expected - (_PRESUMED + len(logits)) * logistic(moved + logit_of(self._fitted))
