"""The reasons of a decision, as they are stored and shown: plain values, which a reader loads without the scorer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec


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
    """A decision about an article: whether it is `joined`, to `cluster_id`, and why, or why not (`rule`).

    rule: `score` when the probability decided, `no_candidates`, `chaining` (close to some members, not to the cluster as
    a whole), `two_things` (alike, but made from one form about another thing, or another issue of a column), `must_link`,
    `cannot_link`, or `second_look` for an adjustment. The terms are means over the pairs with `compared_with`, the members that the
    article links with first; logit is exactly `fsum(intercept, contributions)`, and probability its logistic.
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
    compared_with: tuple[int, ...] = ()
    runner_up: RunnerUp | None = None
    closest: tuple[Closest, ...] = ()

    @property
    def joined(self) -> str | None:
        """The cluster that the article joins; None where it founds one."""
        joins = self.rule == "must_link" or (self.rule == "score" and self.probability >= self.threshold)
        return self.cluster_id if joins else None

    @classmethod
    def from_json(cls, stored: bytes | None) -> Reasons | None:
        """What `to_json` gave, written as JSON; None for nothing, and for a form that this release does not read."""
        try:
            return msgspec.json.decode(stored or b"null", type=cls | None)
        except msgspec.DecodeError:
            return None

    def to_json(self) -> dict[str, Any]:
        """A dict of JSON types."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields
