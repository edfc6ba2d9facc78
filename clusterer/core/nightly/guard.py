"""Is this nightly plan safe to publish? Figures of a plan, limits, and the reasons against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterer.core.nightly.lineage import RelabelPlan


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a plan would do. Ratios are between 0 and 1.

    moved_articles: articles whose cluster id would change (a merge moves the loser's). largest_*: size of the largest cluster.
    coherence_*: mean cosine of articles to their cluster's centroid, over clusters of two and more; 1 when there are none.
    """

    articles: int
    clusters_before: int
    clusters_after: int
    merged: int
    split: int
    created: int
    moved_articles: int
    largest_before: int
    largest_after: int
    coherence_before: float
    coherence_after: float

    @property
    def moved_ratio(self) -> float:
        return self.moved_articles / self.articles if self.articles else 0.0

    @property
    def largest_ratio_after(self) -> float:
        return self.largest_after / self.articles if self.articles else 0.0


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """A plan beyond one of these is not published without force.

    Below `min_articles` the ratios mean nothing and only the coherence counts.
    """

    max_moved_ratio: float = 0.35
    max_largest_ratio: float = 0.10
    max_largest_growth: float = 3.0
    max_coherence_loss: float = 0.05
    min_articles: int = 100


def figures(plan: RelabelPlan, old: Mapping[int, str], vectors: Mapping[int, NDArray[np.float32]]) -> PlanFigures:
    """The figures of a plan. vectors: seq -> unit vector, for the articles that count for coherence."""
    before, after = Counter(old[seq] for seq in plan.assignment), Counter(plan.assignment.values())
    return PlanFigures(
        articles=len(plan.assignment),
        clusters_before=len(before),
        clusters_after=len(after),
        merged=len(plan.merged),
        split=len(plan.split),
        created=len(plan.created),
        moved_articles=sum(old[seq] != cluster for seq, cluster in plan.assignment.items()),
        largest_before=max(before.values(), default=0),
        largest_after=max(after.values(), default=0),
        coherence_before=coherence({seq: old[seq] for seq in plan.assignment}, vectors),
        coherence_after=coherence(plan.assignment, vectors),
    )


def coherence(assignment: Mapping[int, str], vectors: Mapping[int, NDArray[np.float32]]) -> float:
    """Mean cosine of articles to their cluster's centroid, over clusters of two and more; 1 when there are none."""
    members: dict[str, list[int]] = defaultdict(list)
    for seq, cluster in assignment.items():
        if seq in vectors:
            members[cluster].append(seq)
    cosines: list[float] = []
    for seqs in members.values():
        if len(seqs) > 1:
            # The sum's length is the sum of all cosines to the centroid, for unit vectors.
            total = np.sum([vectors[seq] for seq in seqs], axis=0)
            cosines += [float(np.linalg.norm(total)) / len(seqs)] * len(seqs)
    return round(float(np.mean(cosines)), 4) if cosines else 1.0


def objections(plan: PlanFigures, limits: GuardLimits) -> Sequence[str]:
    """Why the plan should not be published, in sentences; empty when nothing speaks against it."""
    found: list[str] = []
    if plan.coherence_before - plan.coherence_after > limits.max_coherence_loss:
        found.append(
            f"coherence would fall from {plan.coherence_before:.3f} to {plan.coherence_after:.3f} "
            f"(limit: a loss of {limits.max_coherence_loss:g})"
        )
    if plan.articles < limits.min_articles:
        return found
    if plan.moved_ratio > limits.max_moved_ratio:
        found.append(
            f"{plan.moved_articles} of {plan.articles} articles ({_percent(plan.moved_ratio)}) would change cluster "
            f"(limit {_percent(limits.max_moved_ratio)})"
        )
    grown = plan.largest_after > limits.max_largest_growth * plan.largest_before
    if plan.largest_ratio_after > limits.max_largest_ratio and grown:
        found.append(
            f"the largest cluster would grow from {plan.largest_before} to {plan.largest_after} articles, "
            f"{_percent(plan.largest_ratio_after)} of all (limit {_percent(limits.max_largest_ratio)})"
        )
    return found


def _percent(ratio: float) -> str:
    return f"{ratio:.0%}" if ratio >= 0.02 else f"{ratio:.1%}"
