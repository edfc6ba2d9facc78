"""Books filled by hand: the test says what each article's vector, relation and cluster are, and nothing is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from clusterer.adapters.index import FaissIndex
from clusterer.core.cluster_records import CommitItem, Regroup
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint
from clusterer.core.evidence.evidence import encode_sparse, extract
from clusterer.core.model import Cut, Document, IndexTerms, Relation
from clusterer.core.records import Draft
from clusterer.core.scoring.reasons import Reasons
from clusterer.pipeline.intake.intake import ArticleIn, to_revision
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.pipeline.replicas.search import ClusterSearch
from clusterer.ports import Clock, CollectionStore, Store, VectorIndex

DIMENSION = 8


def towards(*weights: float) -> NDArray[np.float32]:
    """A unit vector with these first coordinates."""
    vector = np.zeros(DIMENSION, np.float32)
    vector[: len(weights)] = weights
    return vector / np.linalg.norm(vector)


class FixedEncoder:
    """Knows some words' directions; counts how often it is asked."""

    def __init__(self, **directions: NDArray[np.float32]) -> None:
        self.directions = directions
        self.asked = 0

    @property
    def fingerprint(self) -> str:
        return "fixed"

    @property
    def dimension(self) -> int:
        return DIMENSION

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += 1
        return np.stack([self.directions[text] for text in texts])


class Shelf:
    """One collection and its lookup."""

    def __init__(self, store: Store, clock: Clock, encoder: FixedEncoder | None = None) -> None:
        store.create_collection("news", {})
        self.clock = clock
        self.books: CollectionStore = store.collection("news")
        self.encoder = encoder or FixedEncoder()
        self.search = self.searcher()
        self.lookup = Lookup(self.books, lambda: self.search, clock)
        self._number = count(1)

    def searcher(self, capacity: int = 1_000, make_index: Callable[[int], VectorIndex] = FaissIndex) -> ClusterSearch:
        return ClusterSearch(self.books, self.encoder, make_index, capacity)

    def accept(self, id: str, **fields: Any) -> int:
        fields.setdefault("text", f"Words of {id}, number {next(self._number)}.")
        return self.books.accept([to_revision(ArticleIn(id=id, **fields), "news", self.clock.now())])[0].seq

    def prepare(
        self, seq: int, lead: NDArray[np.float32] | None, relations: Sequence[Relation] = (), **more: Any
    ) -> None:
        received = self.books.received([seq])[0]
        assert received is not None
        article = received.article
        cuts = tuple(Cut(text, "teaser") for text in more.get("cuts", ()))
        document = Document(article.title or "", article.text or "", cuts, lang=article.lang)
        entries = {leased.seq: leased.entry for leased in self.books.lease("inbox", "w", 64, 0.0)}
        draft = Draft(
            entry=entries[seq],
            received=received,
            document=document,
            fingerprint=fingerprint(document, FingerprintPolicy()),
            terms=IndexTerms(None),
            sparse=encode_sparse(extract(document)),
            relations=tuple(relations),
            vector=None if lead is None else lead.astype(np.float16).tobytes(),
        )
        self.books.register([draft])
        self.books.hand_over([draft], self.encoder.fingerprint)

    def commit(
        self, seq: int, action: str, cluster: str | None, other: int | None = None, reasons: bytes = b"{}"
    ) -> str:
        epoch = self.books.claim("w", 60.0)
        assert epoch is not None
        entries = {leased.seq: leased.entry for leased in self.books.lease("ready", "w", 64, 0.0)}
        item = CommitItem(entries[seq], seq, action, cluster, other, reasons)  # type: ignore[arg-type]
        result = self.books.commit(epoch, self.books.position().generation, [item], self.clock.now())[0]
        return result.status

    def put(
        self, id: str, cluster: str, lead: NDArray[np.float32] | None = None, reasons: bytes = b"{}", **fields: Any
    ) -> int:
        """An article of its own, in a cluster that is opened if need be."""
        own = {name: fields.pop(name) for name in ("relations", "cuts") if name in fields}
        seq = self.accept(id, **fields)
        self.prepare(seq, towards(1) if lead is None else lead, **own)
        action = "join" if self.books.resolve(cluster) else "open"
        assert self.commit(seq, action, cluster, reasons=reasons) == "committed"
        return seq

    def copy(self, id: str, other: int, **fields: Any) -> int:
        """A near copy, committed into its original's cluster."""
        seq = self.accept(id, **fields)
        self.prepare(seq, None, [Relation("near", other, {"jaccard": 0.93})])
        assert self.commit(seq, "copy", None, other) == "committed"
        return seq

    def regroup(self, kind: str, source: str, target: str, *seqs: int) -> None:
        step = Regroup(kind, source, target, seqs, actor="editor", reason="one event")  # type: ignore[arg-type]
        assert self.books.regroup(None, self.books.position().generation, [step], self.clock.now())


def joined(cluster: str, probability: float = 0.9, threshold: float = 0.5, **fields: Any) -> bytes:
    """Stored reasons of an article that joined by its score."""
    reasons = Reasons(rule="score", cluster_id=cluster, probability=probability, threshold=threshold, **fields)
    return orjson.dumps(reasons.to_json())
