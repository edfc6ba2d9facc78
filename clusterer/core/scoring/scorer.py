"""The linear scorer: named terms, one logit, a calibrated probability, and the reasons as a record.

The score of an article against a cluster is `intercept + sum(weight * value)`; its logistic is the probability that
both report the same event. A linear model is its own explanation: the reasons list every term, and their
contributions add up to the logit that gave the decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import resources
from math import fsum, log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusterer.core.scoring.pairs import BRIEF, TERMS
from clusterer.core.scoring.reasons import Term
from clusterer.core.scoring.threshold import Granularity, threshold_at

WEIGHTS_VERSION = 2
LATE = "late"
LATE_DAYS = 3.0

_BRIEF = list(TERMS).index(BRIEF)
_DAYS = list(TERMS).index("days_apart")
_PREVALENCE = 0.7  # of weights that do not state it: about that of all sets of ours

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model: `coefficients` by term name, `threshold` on the probability, and where it comes from.

    briefs: the coefficients for pairs of which one is brief; the same ones where nothing else was fitted.

    languages: primary codes of the languages that the embedding model learnt; empty where that is not stated. prevalence: share of
    arrivals, in the sets fitted on, whose best pair is of one event; probabilities hold for that. late: 0 or less, added for each e-fold
    of days beyond LATE_DAYS between two articles; no part of a fit, see `prevalence`.
    """

    intercept: float
    coefficients: Mapping[str, float]
    threshold: float
    provenance: Mapping[str, Any] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    prevalence: float = _PREVALENCE
    briefs: Mapping[str, float] = field(default_factory=dict)
    late: float = 0.0

    def __post_init__(self) -> None:
        for coefficients in (self.coefficients, self.briefs or self.coefficients):
            if set(coefficients) != set(TERMS):
                raise ValueError(f"weights for terms {sorted(coefficients)}, expected {sorted(TERMS)}")

    def logits(self, terms: Floats) -> Floats:
        """Scores of pair terms, shape (..., len(TERMS)) -> (...)."""
        scores: Floats = terms @ self.slopes(of_briefs=False) + self.intercept
        briefs = terms[..., _BRIEF] > 0
        if briefs.any():
            scores = np.where(briefs, terms @ self.slopes(of_briefs=True) + self.intercept, scores)
        return scores + self.late * _lateness(terms) if self.late else scores

    def slopes(self, *, of_briefs: bool) -> Floats:
        """The coefficients in the order of TERMS, for pairs of longer texts or for those of which one is brief, shape (len(TERMS),)."""
        chosen = (self.briefs if of_briefs else {}) or self.coefficients
        return np.array([chosen[name] for name in TERMS])

    def at(self, granularity: Granularity) -> Weights:
        """These weights with the threshold of a granularity; `event` is the one they were fitted for."""
        return replace(self, threshold=threshold_at(self.threshold, granularity))

    @classmethod
    def from_json(cls, text: str | bytes) -> Weights:
        """Raises ValueError for another version or missing fields."""
        raw = json.loads(text)
        if raw.get("version") != WEIGHTS_VERSION:
            raise ValueError(f"weights of version {raw.get('version')}, expected {WEIGHTS_VERSION}")
        try:
            return cls(
                intercept=float(raw["intercept"]),
                coefficients=_coefficients(raw["coefficients"]),
                threshold=float(raw["threshold"]),
                provenance=dict(raw.get("provenance", {})),
                languages=frozenset(raw.get("languages", ())),
                prevalence=float(raw.get("prevalence", _PREVALENCE)),
                briefs=_coefficients(raw["briefs"]) if raw.get("briefs") else {},
            )
        except KeyError as error:
            raise ValueError(f"weights without {error}") from error

    def to_json(self) -> str:
        """The text that `from_json` reads."""
        fitted = {name: value for name, value in asdict(self).items() if name != LATE}
        raw = {"version": WEIGHTS_VERSION, **fitted, "languages": sorted(self.languages)}
        return json.dumps(raw, indent=2, sort_keys=True)


def shipped_weights(model: str | None = None) -> Weights:
    """The weights in the package that were fitted for an embedding model; those of the default model for None.

    A model without any gets the latter, which then say nothing of the languages that it learnt.
    """
    folder = resources.files("clusterer.core.scoring.weights")
    own = f"{model}.json" in {path.name for path in folder.iterdir()}
    weights = Weights.from_json(folder.joinpath(f"{model}.json" if own else "default.json").read_bytes())
    return weights if model in (None, weights.provenance.get("model")) else replace(weights, languages=frozenset())


def _coefficients(raw: Mapping[str, Any]) -> dict[str, float]:
    """By term name; weights fitted before there was BRIEF say nothing of it."""
    return {BRIEF: 0.0} | {str(name): float(value) for name, value in raw.items()}


def score(weights: Weights, pairs: Floats) -> tuple[float, tuple[Term, ...]]:
    """The mean logit of pairs and its terms. pairs: in the order of TERMS, shape (n, len(TERMS)).

    Where none of them is brief there is no term BRIEF, and none LATE where no day costs more than the fit says.
    """
    values = pairs.mean(axis=0)
    briefs = pairs[pairs[:, _BRIEF] > 0].sum(axis=0) / len(pairs)
    longer = values - briefs
    counted = longer * weights.slopes(of_briefs=False) + briefs * weights.slopes(of_briefs=True)
    terms = tuple(
        Term(name, value, contribution)
        for name, value, contribution in zip(TERMS, values.tolist(), counted.tolist(), strict=True)
        if value or name != BRIEF
    )
    lateness = float(_lateness(pairs).mean())
    if weights.late and lateness:
        terms = (*terms, Term(LATE, lateness, weights.late * lateness))
    return total(weights.intercept, terms), terms


def _lateness(terms: Floats) -> Floats:
    """By how many e-folds the days between two articles are more than LATE_DAYS; 0 where a date is unknown."""
    late: Floats = np.maximum(0.0, terms[..., _DAYS] - log1p(LATE_DAYS))
    return late


def total(intercept: float, terms: Sequence[Term]) -> float:
    """What the contributions add up to; exactly rounded, so the order of terms does not matter."""
    return fsum((intercept, *(term.contribution for term in terms)))
