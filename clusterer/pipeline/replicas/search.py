"""Search by meaning: a read replica of the stored vectors, kept up to date by following the change feed.

The replica is derived and may be thrown away at any moment. It holds the lead vectors of the newest `capacity` articles
that have one (copies have none); which cluster an article is in is asked of the books at each search.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from clusterer.core.cluster_records import Change
from clusterer.core.errors import ChangesTrimmed, ModelMismatch
from clusterer.core.evidence.evidence import text_to_embed
from clusterer.core.model import Document, Vector
from clusterer.core.records import PreparedFacts
from clusterer.ports import CollectionStore, Encoder, VectorIndex

_CHANGES = 1_000
_SEQS = 2_000
_MOST_NEIGHBOURS = 1_000


@dataclass(frozen=True, slots=True)
class NearArticle:
    """An article near a query; `score` is the cosine of the lead embeddings."""

    facts: PreparedFacts
    score: float


@dataclass(frozen=True, slots=True)
class NearCluster:
    """A cluster near a query, by its nearest member."""

    cluster_id: str
    nearest: NearArticle


class ClusterSearch:
    """Nearest articles and clusters of one collection. Loads nothing until it is warmed or queried; safe for threads."""

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
        self._dimension = 0
        self._seqs: set[int] = set()
        self._change: int | None = None  # the last one followed; None before anything is read
        self._model: str | None = None  # whose vectors these are

    def warm(self) -> None:
        """Read the vectors now, so that no query has to wait until they are read."""
        with self._lock:
            self._refresh()

    def vector_of_text(self, text: str) -> Vector:
        """The embedding of a text, made as that of an article without a title. Raises ModelMismatch."""
        stored = self._books.model()
        if stored not in (None, self._encoder.fingerprint):
            raise ModelMismatch(
                "the stored vectors are of another model than the configured one: run `clusterer reembed`"
            )
        vector: Vector = self._encoder.encode([text_to_embed(Document(title="", text=text))])[0]
        return vector

    def vector_of(self, seqs: Sequence[int]) -> Vector | None:
        """The unit mean of the stored lead vectors of some articles; None when none of them has one."""
        leads = [_lead(vector) for vector in self._books.vectors(seqs)]
        present = [lead for lead in leads if lead is not None]
        if not present:
            return None
        mean = np.sum(present, axis=0)
        norm = float(np.linalg.norm(mean))
        return (mean / norm).astype(np.float32) if norm > 0 else present[0]

    def near_clusters(
        self, vector: Vector, limit: int, threshold: float = -1.0, without: str | None = None
    ) -> list[NearCluster]:
        """Clusters with a member whose score is at least `threshold`, nearest first, leaving out cluster `without`."""
        asked = 5 * limit
        while True:  # near articles share clusters, so how many of them it takes is not known beforehand
            near = self.near_articles(vector, asked)
            best: dict[str, NearCluster] = {}
            for item in near:
                cluster_id = item.facts.cluster
                if cluster_id is not None and cluster_id != without and item.score >= threshold:
                    best.setdefault(cluster_id, NearCluster(cluster_id, item))
            exhausted = len(near) < asked or near[-1].score < threshold or asked >= _MOST_NEIGHBOURS
            if len(best) >= limit or exhausted:
                return list(best.values())[:limit]
            asked = min(4 * asked, _MOST_NEIGHBOURS)

    def near_articles(self, vector: Vector, limit: int) -> list[NearArticle]:
        """Assigned articles near a vector, nearest first."""
        with self._lock:
            self._refresh()
            while self._seqs:
                scores = self._scores(vector, limit)
                facts = dict(zip(scores, self._books.facts(list(scores)), strict=True))
                near = [
                    NearArticle(fact, scores[seq]) for seq, fact in facts.items() if fact and fact.state == "assigned"
                ]
                if len(near) == len(facts):
                    return near
                gone = facts.keys() - {item.facts.seq for item in near}
                self._take_out(gone)  # expired: retention makes no change for each article
        return []

    def _scores(self, vector: Vector, limit: int) -> dict[int, float]:
        if vector.shape != (self._dimension,) or self._index is None:
            raise ModelMismatch(
                f"the configured model has {len(vector)} dimensions, the stored vectors {self._dimension}: "
                "use the model that the collection was built with"
            )
        scores, ids = self._index.search(vector[None, :].astype(np.float32), min(limit, len(self._index)))
        return {int(seq): float(score) for score, seq in zip(scores[0], ids[0], strict=True) if seq >= 0}

    def _refresh(self) -> None:
        """Apply every change up to now. Call with the lock held."""
        model = self._books.model()
        if self._change is None or model != self._model:
            self._forget()
            self._load()
            self._model = model
        while changes := self._next_changes():
            for change in changes:
                if change.moves and not change.target:
                    self._take_out(change.seqs)
            self._take_in([seq for change in changes if change.enters for seq in change.seqs])
            self._change = changes[-1].number

    def _forget(self) -> None:
        self._index, self._seqs = None, set()

    def _next_changes(self) -> list[Change]:
        try:
            return self._books.changes(self._change or 0, _CHANGES)
        except ChangesTrimmed:  # nobody searched for longer than changes are kept
            self._index, self._seqs = None, set()
            self._load()
            return self._books.changes(self._change or 0, _CHANGES)

    def _load(self) -> None:
        """Read everything. The position is taken first: what is committed meanwhile is seen twice, never missed."""
        change = self._books.position().change
        after = 0
        while seqs := self._books.accepted_seqs(after, _SEQS):
            self._take_in(seqs)
            after = seqs[-1]
        self._change = change

    def _take_in(self, seqs: Sequence[int]) -> None:
        """Add those that are assigned, have a vector and are not here yet."""
        wanted = [seq for seq in dict.fromkeys(seqs) if seq not in self._seqs]
        for start in range(0, len(wanted), _SEQS):
            assigned = [one.seq for one in self._books.assigned(wanted[start : start + _SEQS])]
            leads = zip(assigned, map(_lead, self._books.vectors(assigned)), strict=True)
            new = {seq: lead for seq, lead in leads if lead is not None}
            if new:
                if self._index is None:
                    self._dimension = len(next(iter(new.values())))
                    self._index = self._make_index(self._dimension)
                if any(len(lead) != self._dimension for lead in new.values()):
                    raise ModelMismatch("the vectors are being replaced by another model's: try again")
                vectors = np.stack(list(new.values()))
                self._index.add(np.fromiter(new, np.int64, len(new)), vectors)
                self._seqs |= new.keys()
        self._shed()

    def _take_out(self, seqs: Collection[int]) -> None:
        if self._index is not None:
            self._index.remove(np.fromiter(seqs, np.int64))
        self._seqs -= set(seqs)

    def _shed(self) -> None:
        """Drop the oldest beyond the capacity, a twentieth at a time: removing is a pass over the whole index."""
        if len(self._seqs) > self._capacity:
            surplus = len(self._seqs) - self._capacity + self._capacity // 20
            self._take_out(sorted(self._seqs)[:surplus])


def _lead(vector: bytes | None) -> Vector | None:
    """A stored vector as float32 of unit length; None for a copy, an empty page or an article that is gone."""
    if vector is None:
        return None
    lead = np.frombuffer(vector, np.float16).astype(np.float32)
    norm = float(np.linalg.norm(lead))
    return (lead / norm).astype(np.float32) if norm > 0 else None
