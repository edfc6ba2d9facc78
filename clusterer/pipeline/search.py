"""Search by meaning: a read replica of the stored vectors, kept up to date by following the change feed.

The replica is derived and may be thrown away at any moment. It holds the articles that have a vector (copies have
none), the newest `capacity` of them, and the cluster each is in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

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
        self._index: VectorIndex | None = None  # made with the first vector, whose length is known without the model
        self._loaded = False
        self._cluster_of: dict[int, str] = {}
        self._change = 0
        self._dimension = 0

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
            self._refresh()
            if self._index is None or not len(self._index):
                return []
            if vector.shape != (self._dimension,):
                raise ModelMismatch(
                    f"the configured model has {len(vector)} dimensions, the stored vectors {self._dimension}: "
                    "use the model that the collection was built with"
                )
            scores, ids = self._index.search(vector[None, :].astype(np.float32), min(limit, len(self._index)))
            return [
                NearArticle(int(seq), float(score), self._cluster_of[int(seq)])
                for score, seq in zip(scores[0], ids[0], strict=True)
                if int(seq) in self._cluster_of
            ]

    def vector_of(self, seqs: Sequence[int]) -> Vector | None:
        """The unit mean of the stored lead vectors of some articles; None when none of them has one."""
        leads = [lead_of(item) for item in self._books.evidence(seqs)]
        present = [lead for lead in leads if lead is not None]
        if not present:
            return None
        mean = np.sum(present, axis=0)
        norm = float(np.linalg.norm(mean))
        return (mean / norm).astype(np.float32) if norm > 0 else present[0]

    def _refresh(self) -> None:
        """Apply every change up to now. Call with the lock held."""
        if not self._loaded:
            self._rebuild()
        while changes := self._books.changes(self._change, _CHANGES):
            if any(change.kind == "flipped" for change in changes):
                self._rebuild()
                continue
            self._apply(changes)
            self._change = changes[-1].number

    def _rebuild(self) -> None:
        """Read everything again. The position is taken first: what is committed meanwhile is seen twice, never missed."""
        change = self._books.position().change
        self._index, self._cluster_of, self._loaded = None, {}, False
        after = 0
        while seqs := self._books.accepted_seqs(after, _SEQS):
            self._take_in(seqs)
            after = seqs[-1]
        self._change, self._loaded = change, True

    def _apply(self, changes: Sequence[Change]) -> None:
        entered: list[int] = []
        for change in changes:
            if change.kind in ("created", "updated"):
                entered += [seq for seq in change.seqs if seq not in self._cluster_of]
            elif change.kind == "erased":
                self._take_out(change.seqs)
        self._take_in(entered)
        for change in changes:
            target = change.other if change.kind == "merged" else change.cluster
            if change.kind in ("merged", "split", "moved") and target is not None:
                self._cluster_of.update({seq: target for seq in change.seqs if seq in self._cluster_of})

    def _take_in(self, seqs: Sequence[int]) -> None:
        for start in range(0, len(seqs), _SEQS):
            new: dict[int, Vector] = {}
            for item in self._books.evidence(seqs[start : start + _SEQS]):
                lead = lead_of(item)
                if item is not None and lead is not None and item.facts.cluster is not None:
                    new[item.facts.seq] = lead
                    self._cluster_of[item.facts.seq] = item.facts.cluster
            if new:
                vectors = np.stack(list(new.values()))
                if self._index is None:
                    self._dimension = vectors.shape[1]
                    self._index = self._make_index(self._dimension)
                self._index.add(np.fromiter(new, np.int64, len(new)), vectors)
        self._shed()

    def _take_out(self, seqs: Sequence[int]) -> None:
        if self._index is not None:
            self._index.remove(np.asarray(seqs, np.int64))
        for seq in seqs:
            self._cluster_of.pop(seq, None)

    def _shed(self) -> None:
        """Drop the oldest beyond the capacity, a twentieth at a time: removing is a pass over the whole index."""
        if len(self._cluster_of) > self._capacity:
            surplus = len(self._cluster_of) - self._capacity + self._capacity // 20
            self._take_out(sorted(self._cluster_of)[:surplus])


def lead_of(evidence: StoredEvidence | None) -> Vector | None:
    """The stored lead vector as float32 of unit length; None for a copy, an empty page or an article that is gone."""
    if evidence is None or evidence.vectors is None:
        return None
    lead = np.frombuffer(evidence.vectors, np.float16).reshape(2, -1)[0].astype(np.float32)
    norm = float(np.linalg.norm(lead))
    return (lead / norm).astype(np.float32) if norm > 0 else None
