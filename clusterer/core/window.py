"""What the one cluster writer of a collection keeps in memory, and its decisions.

`decide` and `second_look` change nothing; the caller commits their outcome to the store and then applies it with
`add`, `move` and `merge`. Replaying the stored evidence with `add` in order of seq gives the same state, hence the
same decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from clusterer.core.evidence import Evidence
from clusterer.core.scorer import Closest, Reasons, RunnerUp, Weights, logistic, score


class NeighbourIndex(Protocol):
    """The part of ports.VectorIndex that a window needs."""

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None: ...

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]: ...

    def remove(self, ids: NDArray[np.int64]) -> None: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class WindowPolicy:
    """candidates: neighbours asked of the index."""

    candidates: int = 50


@dataclass(frozen=True, slots=True)
class Constraints:
    """What people decided. must_link and cannot_link are pairs of seqs in any order; pinned members never leave their
    cluster."""

    must_link: frozenset[tuple[int, int]] = frozenset()
    cannot_link: frozenset[tuple[int, int]] = frozenset()
    pinned: frozenset[int] = frozenset()


NO_CONSTRAINTS = Constraints()


@dataclass(frozen=True, slots=True)
class Join:
    """The article belongs to a known cluster."""

    cluster_id: str
    probability: float
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Open:
    """The article founds a cluster."""

    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Merge:
    """Two clusters turn out to be one; the loser's members go to the winner."""

    loser_id: str
    winner_id: str
    probability: float
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Leave:
    """A member belongs elsewhere: to cluster `target_id`, or to a new one when that is None."""

    seq: int
    cluster_id: str
    target_id: str | None
    probability: float
    reasons: Reasons


Decision = Join | Open
Repair = Merge | Leave


@dataclass(slots=True)
class _Cluster:
    members: list[int] = field(default_factory=list)


class Window:
    """The clusters of a time window; owned by one thread."""

    def __init__(self, index: NeighbourIndex, weights: Weights, policy: WindowPolicy | None = None) -> None:
        self._index = index
        self._weights = weights
        self._policy = policy or WindowPolicy()
        self._evidence: dict[int, Evidence] = {}
        self._cluster_of: dict[int, str] = {}
        self._clusters: dict[str, _Cluster] = {}

    def __len__(self) -> int:
        return len(self._evidence)

    def __contains__(self, seq: int) -> bool:
        return seq in self._evidence

    def cluster_of(self, seq: int) -> str | None:
        """The cluster a known article is in; None for an unknown one."""
        return self._cluster_of.get(seq)

    def members(self, cluster_id: str) -> tuple[int, ...]:
        """Seqs of a cluster's members in the window, ascending; empty for an unknown cluster."""
        cluster = self._clusters.get(cluster_id)
        return tuple(sorted(cluster.members)) if cluster else ()

    def decide(self, evidence: Evidence, constraints: Constraints = NO_CONSTRAINTS) -> Decision:
        """Which known cluster the article belongs to, if any."""
        scores, ids = self._index.search(evidence.lead[None, :], self._policy.candidates)
        near = {int(seq): float(s) for s, seq in zip(scores[0], ids[0], strict=True) if int(seq) in self._evidence}
        ranked = sorted(
            (
                self._against(evidence, cluster_id, near)
                for cluster_id in sorted({self._cluster_of[seq] for seq in near})
            ),
            key=lambda reasons: -reasons.logit,
        )
        if not ranked:
            return Open(Reasons(rule="no_candidates", threshold=self._weights.threshold))
        best = _with_runner_up(ranked)
        if best.probability >= self._weights.threshold and best.cluster_id is not None:
            return Join(best.cluster_id, best.probability, best)
        return Open(best)

    def _against(self, evidence: Evidence, cluster_id: str, near: dict[int, float]) -> Reasons:
        members = self._clusters[cluster_id].members
        centre = np.sum([self._evidence[seq].lead for seq in members], axis=0)
        cosine = float(evidence.lead @ centre / max(float(np.linalg.norm(centre)), 1e-9))
        logit, terms = score(self._weights, {"centroid_cosine": cosine})
        close = sorted((seq for seq in members if seq in near), key=lambda seq: (-near[seq], seq))[:3]
        return Reasons(
            rule="score",
            cluster_id=cluster_id,
            probability=logistic(logit),
            threshold=self._weights.threshold,
            logit=logit,
            intercept=self._weights.intercept,
            terms=terms,
            closest=tuple(
                Closest(seq, logistic(score(self._weights, {"centroid_cosine": near[seq]})[0])) for seq in close
            ),
        )

    def second_look(self, cluster_id: str, constraints: Constraints = NO_CONSTRAINTS) -> list[Repair]:
        """Repairs around a cluster that has just grown, to be applied in order."""
        return []

    def add(self, evidence: Evidence, cluster_id: str) -> None:
        """Take in an article that was committed to a cluster. Raises ValueError for a seq that is known."""
        if evidence.seq in self._evidence:
            raise ValueError(f"article {evidence.seq} is in the window already")
        self._index.add(np.array([evidence.seq], np.int64), evidence.lead[None, :])
        self._evidence[evidence.seq] = evidence
        self._enter(evidence.seq, cluster_id)

    def remove(self, seq: int) -> None:
        """Forget an article; an unknown one is ignored."""
        if seq in self._evidence:
            self._exit(seq)
            del self._evidence[seq]
            self._index.remove(np.array([seq], np.int64))

    def move(self, seq: int, cluster_id: str) -> None:
        """Put a known article into another cluster, which may be new. Raises KeyError for an unknown seq."""
        self._exit(seq)
        self._enter(seq, cluster_id)

    def merge(self, loser_id: str, winner_id: str) -> None:
        """Move all members of `loser_id`; nothing happens when there are none."""
        for seq in self.members(loser_id):
            self.move(seq, winner_id)

    def expire(self, before: datetime) -> list[int]:
        """Forget articles received before a time; their seqs, ascending."""
        old = sorted(seq for seq, evidence in self._evidence.items() if evidence.received_at < before)
        for seq in old:
            self.remove(seq)
        return old

    def _enter(self, seq: int, cluster_id: str) -> None:
        self._cluster_of[seq] = cluster_id
        self._clusters.setdefault(cluster_id, _Cluster()).members.append(seq)

    def _exit(self, seq: int) -> None:
        cluster_id = self._cluster_of.pop(seq)
        cluster = self._clusters[cluster_id]
        cluster.members.remove(seq)
        if not cluster.members:
            del self._clusters[cluster_id]


def _with_runner_up(ranked: Sequence[Reasons]) -> Reasons:
    best = ranked[0]
    if len(ranked) == 1 or ranked[1].cluster_id is None:
        return best
    second = ranked[1]
    return replace(
        best, runner_up=RunnerUp(ranked[1].cluster_id, second.probability, best.probability - second.probability)
    )
