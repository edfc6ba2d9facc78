"""Search by meaning: a read replica of the stored vectors, kept up to date by following the change feed.

The replica is derived and may be thrown away at any moment. It holds the articles that have a vector (copies have
none), the newest `capacity` of them, and the cluster each is in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterer.core.errors import ModelMismatch
from clusterer.core.evidence import texts_to_embed
from clusterer.core.model import Document, Vector
from clusterer.core.records import Change, StoredEvidence
from clusterer.ports import CollectionStore, Encoder, VectorIndex

_CHANGES = 1_000
_SEQS = 2_000
_NEIGHBOURS_PER_CLUSTER = 20  # asked of the index for each cluster wanted, since near articles share clusters


@dataclass(frozen=True, slots=True)
class NearArticle:
    """An article near a query; `score` is the cosine of the lead embeddings."""

    seq: int
    score: float
    cluster_id: str


@dataclass(frozen=True, slots=True)
class NearCluster:
    """A cluster near a query, by its nearest member."""

    cluster_id: str
    score: float
    seq: int


class ClusterSearch:
    """Nearest articles and clusters of one collection. Loads nothing until the first query; safe for threads."""

    def __init__(
        self,
        books: CollectionStore,
        encoder: Encoder,
        make_index: Callable[[int], VectorIndex],
        capacity: int = 500_000,
    ) -> None:
        self._books = books
        self._encoder = encoder
        self._make_index = make_index
        self._capacity = capacity
        self._lock = threading.Lock()
        self._index: VectorIndex | None = None
        self._cluster_of: dict[int, str] = {}
        self._change = 0

    def near_text(self, text: str, limit: int, threshold: float = -1.0) -> list[NearCluster]:
        """Clusters with a member whose score to the text is at least `threshold`, nearest first."""
        _, lead = texts_to_embed(Document(title="", text=text))
        return self.near_vector(self._encoder.encode([lead])[0], limit, threshold)

    def near_vector(
        self, vector: Vector, limit: int, threshold: float = -1.0, without: str | None = None
    ) -> list[NearCluster]:
        """Clusters near a vector, nearest first, leaving out cluster `without`."""
        best: dict[str, NearCluster] = {}
        for near in self.near_articles(vector, limit * _NEIGHBOURS_PER_CLUSTER):
            if near.score >= threshold and near.cluster_id != without and near.cluster_id not in best:
                best[near.cluster_id] = NearCluster(near.cluster_id, near.score, near.seq)
        return list(best.values())[:limit]

    def near_articles(self, vector: Vector, limit: int) -> list[NearArticle]:
        """Articles near a vector, nearest first."""
        with self._lock:
            index = self._refreshed()
            if not len(index):
                return []
            scores, ids = index.search(vector[None, :].astype(np.float32), min(limit, len(index)))
            return [
                NearArticle(int(seq), float(score), self._cluster_of[int(seq)])
                for score, seq in zip(scores[0], ids[0], strict=True)
                if int(seq) in self._cluster_of
            ]

    def vector_of(self, seqs: Sequence[int]) -> Vector | None:
        """The unit mean of the stored lead vectors of some articles; None when none of them has one."""
        leads = [lead_of(item, self._encoder.dimension) for item in self._books.evidence(seqs)]
        present = [lead for lead in leads if lead is not None]
        if not present:
            return None
        mean = np.sum(present, axis=0)
        norm = float(np.linalg.norm(mean))
        return (mean / norm).astype(np.float32) if norm > 0 else present[0]

    def _refreshed(self) -> VectorIndex:
        """The index, with every change up to now applied. Call with the lock held."""
        index = self._index if self._index is not None else self._rebuilt()
        while changes := self._books.changes(self._change, _CHANGES):
            if any(change.kind == "flipped" for change in changes):
                index = self._rebuilt()
                continue
            self._apply(index, changes)
            self._change = changes[-1].number
        return index

    def _rebuilt(self) -> VectorIndex:
        """Read everything again. The position is taken first: what is committed meanwhile is seen twice, never missed."""
        change = self._books.position().change
        index = self._make_index(self._encoder.dimension)
        self._cluster_of = {}
        after = 0
        while seqs := self._books.accepted_seqs(after, _SEQS):
            self._take_in(index, seqs)
            after = seqs[-1]
        self._index, self._change = index, change
        return index

    def _apply(self, index: VectorIndex, changes: Sequence[Change]) -> None:
        entered: list[int] = []
        for change in changes:
            if change.kind in ("created", "updated"):
                entered += [seq for seq in change.seqs if seq not in self._cluster_of]
            elif change.kind == "erased":
                self._take_out(index, change.seqs)
        self._take_in(index, entered)
        for change in changes:
            target = change.other if change.kind == "merged" else change.cluster
            if change.kind in ("merged", "split", "moved") and target is not None:
                self._cluster_of.update({seq: target for seq in change.seqs if seq in self._cluster_of})

    def _take_in(self, index: VectorIndex, seqs: Sequence[int]) -> None:
        for start in range(0, len(seqs), _SEQS):
            new: dict[int, Vector] = {}
            for item in self._books.evidence(seqs[start : start + _SEQS]):
                lead = lead_of(item, self._encoder.dimension)
                if item is not None and lead is not None and item.facts.cluster is not None:
                    new[item.facts.seq] = lead
                    self._cluster_of[item.facts.seq] = item.facts.cluster
            if new:
                index.add(np.fromiter(new, np.int64, len(new)), np.stack(list(new.values())))
        self._shed(index)

    def _take_out(self, index: VectorIndex, seqs: Sequence[int]) -> None:
        index.remove(np.asarray(seqs, np.int64))
        for seq in seqs:
            self._cluster_of.pop(seq, None)

    def _shed(self, index: VectorIndex) -> None:
        """Drop the oldest beyond the capacity, a twentieth at a time: removing is a pass over the whole index."""
        if len(self._cluster_of) > self._capacity:
            surplus = len(self._cluster_of) - self._capacity + self._capacity // 20
            self._take_out(index, sorted(self._cluster_of)[:surplus])


def lead_of(evidence: StoredEvidence | None, dimension: int) -> NDArray[np.float32] | None:
    """The stored lead vector as float32 of unit length; None for a copy or an article that is gone.

    Raises ModelMismatch when the stored vectors have another dimension.
    """
    if evidence is None or evidence.vectors is None:
        return None
    rows = np.frombuffer(evidence.vectors, np.float16)
    if len(rows) != 2 * dimension:
        raise ModelMismatch(
            f"stored vectors have {len(rows) // 2} dimensions, the configured model {dimension}: "
            "use the model that the collection was built with"
        )
    lead = rows[:dimension].astype(np.float32)
    norm = float(np.linalg.norm(lead))
    return lead / norm if norm > 0 else None
