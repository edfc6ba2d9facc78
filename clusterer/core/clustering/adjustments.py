"""What a second look finds: from a new grouping of some articles to the few steps that lead there, keeping cluster ids where they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterer.core.scoring.reasons import Reasons


@dataclass(frozen=True, slots=True)
class Merge:
    """Two clusters turn out to be one; the loser's members go to the winner."""

    loser_id: str
    winner_id: str
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Leave:
    """Members belong elsewhere: in cluster `target_id`, or together in a new one when that is None."""

    seqs: tuple[int, ...]
    cluster_id: str
    target_id: str | None
    reasons: Reasons


Adjustment = Merge | Leave


@dataclass(frozen=True, slots=True)
class Step:
    """The articles at `positions` go from cluster `source` to `target`, or found a new one together (None).

    whole: nothing of `source` stays behind.
    """

    positions: tuple[int, ...]
    source: str
    target: str | None
    whole: bool


def plan_adjustments(clusters: Sequence[str], labels: NDArray[np.int64], pinned: Collection[int] = ()) -> list[Step]:
    """Steps from `clusters` (the present cluster of each article) to `labels` (its group), leaves before merges.

    Each group keeps the id that most of its articles have, each id goes to one group; ties go to the older id (ids sort by age).
    `pinned` positions stay. What would gather several clusters under a new id is left to a later look.
    """
    kept = _kept_ids(clusters, labels)
    steps: list[Step] = []
    for label in sorted(set(labels.tolist())):
        positions = [place for place in np.flatnonzero(labels == label).tolist() if place not in pinned]
        parts = _by_cluster(clusters, positions)
        target = kept.get(label)
        if not parts:
            continue
        if target is None:
            source = max(parts, key=lambda name: (len(parts[name]), name))
            steps.append(Step(tuple(parts[source]), source, None, whole=False))
            continue
        for source, moving in sorted(parts.items()):
            if source != target:
                whole = len(moving) == sum(name == source for name in clusters)
                steps.append(Step(tuple(moving), source, target, whole))
    return sorted(steps, key=lambda step: step.whole)


def _kept_ids(clusters: Sequence[str], labels: NDArray[np.int64]) -> dict[int, str]:
    overlaps = Counter(zip(labels.tolist(), clusters, strict=True))
    kept: dict[int, str] = {}
    for label, name in sorted(overlaps, key=lambda pair: (-overlaps[pair], pair[1], pair[0])):
        if label not in kept and name not in kept.values():
            kept[label] = name
    return kept


def _by_cluster(clusters: Sequence[str], positions: Sequence[int]) -> dict[str, list[int]]:
    parts: dict[str, list[int]] = {}
    for position in positions:
        parts.setdefault(clusters[position], []).append(position)
    return parts
