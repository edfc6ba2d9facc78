"""The linear scorer: named terms, one logit, a calibrated probability, and the reasons as a record.

The score of an article against a cluster is `intercept + sum(weight * value)`; its logistic is the probability that
both report the same event. A linear model is its own explanation: the reasons list every term, and their
contributions add up to the logit that gave the decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import resources
from math import exp, fsum
from typing import Any

WEIGHTS_VERSION = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model: `coefficients` by term name, `threshold` on the probability, and where it comes from."""

    intercept: float
    coefficients: Mapping[str, float]
    threshold: float
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str | bytes) -> Weights:
        """Raises ValueError for another version or missing fields."""
        raw = json.loads(text)
        if raw.get("version") != WEIGHTS_VERSION:
            raise ValueError(f"weights of version {raw.get('version')}, expected {WEIGHTS_VERSION}")
        try:
            return cls(
                intercept=float(raw["intercept"]),
                coefficients={str(name): float(value) for name, value in raw["coefficients"].items()},
                threshold=float(raw["threshold"]),
                provenance=dict(raw.get("provenance", {})),
            )
        except KeyError as error:
            raise ValueError(f"weights without {error}") from error

    def to_json(self) -> str:
        """The text that `from_json` reads."""
        return json.dumps({"version": WEIGHTS_VERSION, **asdict(self)}, indent=2, sort_keys=True)


def shipped_weights() -> Weights:
    """The weights in the package."""
    return Weights.from_json(resources.files("clusterer.core.weights").joinpath("default.json").read_bytes())


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a score: contribution = weight * value."""

    name: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Closest:
    """A member near the article and the probability of this pair alone."""

    seq: int
    probability: float


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The second best cluster; margin is the winner's probability less its own."""

    cluster_id: str
    probability: float
    margin: float


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why an article was joined to `cluster_id`, or why not (`rule`).

    rule: `score` when the probability decided, `no_candidates`, `chaining` (close to some members, not to the cluster
    as a whole), `must_link` or `cannot_link`. logit is exactly `fsum(intercept, contributions)`, and probability its
    logistic.
    """

    rule: str
    cluster_id: str | None = None
    probability: float = 0.0
    threshold: float = 0.0
    logit: float = 0.0
    intercept: float = 0.0
    terms: tuple[Term, ...] = ()
    shared_words: tuple[str, ...] = ()
    shared_names: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()
    runner_up: RunnerUp | None = None
    closest: tuple[Closest, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A dict of JSON types."""
        return asdict(self)


def logistic(logit: float) -> float:
    """Probability of a logit."""
    return 1.0 / (1.0 + exp(-logit)) if logit >= 0 else exp(logit) / (1.0 + exp(logit))


def score(weights: Weights, values: Mapping[str, float]) -> tuple[float, tuple[Term, ...]]:
    """The logit of named values, and its terms in the order of the weights."""
    terms = tuple(Term(name, values[name], weight * values[name]) for name, weight in weights.coefficients.items())
    return total(weights.intercept, terms), terms


def total(intercept: float, terms: Sequence[Term]) -> float:
    """What the contributions add up to; exactly rounded, so the order of terms does not matter."""
    return fsum((intercept, *(term.contribution for term in terms)))
