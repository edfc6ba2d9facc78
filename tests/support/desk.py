"""A desk at which tests do to a collection what workers do, one short line a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from clusterer.core.cluster_records import Change, CommitItem, CommitResult
from clusterer.core.evidence.evidence import Sparse, encode_sparse
from clusterer.core.feed import apply_membership
from clusterer.core.model import Article, Document, Fingerprint, IndexTerms, Relation
from clusterer.core.records import Draft, Leased, Receipt, Revision
from clusterer.ports import CollectionStore, Queue

MONDAY = datetime(2031, 3, 3, 6, 0, tzinfo=UTC)
MODEL = "model-a"
LEASE_S = 60.0
FORGOTTEN_S = 0.0  # a lease that has run out as soon as it was given


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def new_revision(article_id: str, content: str = "first", **fields: object) -> Revision:
    received_at = fields.pop("received_at", MONDAY)
    assert isinstance(received_at, datetime)
    values: dict[str, object] = {
        "title": f"Title of {article_id}",
        "text": f"{content} text",
        "source": "Harbour Post",
        "lang": "en",
        "published_at": MONDAY - timedelta(hours=1),
    }
    article = Article(id=article_id, collection="news", **(values | fields))  # type: ignore[arg-type]
    return Revision(article=article, content_hash=f"hash of {content}", received_at=received_at)


def fingerprint(seq: int) -> Fingerprint:
    shingles = np.arange(seq, seq + 5, dtype=np.uint32)
    return Fingerprint(exact=seq, shingles=shingles, signature=None, scheme="words-5")


def draft(seq: int, copy_of: int | None = None, vector: bytes | None = b"vector", **fields: object) -> Draft:
    """An article as it is handed over; `received_at`: when it was received, by which its posting terms expire."""
    article, received_at = Article(id=f"a{seq}"), fields.pop("received_at", MONDAY)
    values: dict[str, object] = {
        "entry": "",
        "received": Revision(article, "", received_at, seq=seq),  # type: ignore[arg-type]
        "document": Document(title=f"Clean title {seq}", text=f"clean text {seq}", lang="en"),
        "fingerprint": fingerprint(seq),
        "terms": IndexTerms(None),
        "sparse": sparse(f"word{seq}"),
        "relations": () if copy_of is None else (Relation("near", copy_of, {"jaccard": 0.9}),),
        "vector": None if copy_of is not None else vector,
    }
    return Draft(**(values | fields))  # type: ignore[arg-type]


def sparse(*words: str) -> bytes:
    """Some words as what tells of an article, as they are stored."""
    return encode_sparse(Sparse(words, *[bytes(len(words))] * 3))


def enter(
    books: CollectionStore,
    seq: int,
    exact: bytes | None = None,
    bands: Sequence[bytes] = (),
    sketch: Sequence[bytes] = (),
    at: datetime = MONDAY,
    document: Document | None = None,
) -> Mapping[int, int]:
    """Register one article under some terms."""
    terms = IndexTerms(exact, tuple(bands), tuple(sketch))
    given = {} if document is None else {"document": document}
    return books.register([draft(seq, terms=terms, received_at=at, **given)])[0]


class Desk:
    """Works on one collection as the worker `name`, and remembers the entries that it leased."""

    def __init__(self, books: CollectionStore, name: str = "w1") -> None:
        self.books = books
        self.name = name
        self.epoch = 0
        self.entries: dict[Queue, dict[int, str]] = {"inbox": {}, "ready": {}}

    # -- articles

    def accept(self, *article_ids: str, **fields: object) -> list[int]:
        return [receipt.seq for receipt in self.receive(*article_ids, **fields)]

    def receive(self, *article_ids: str, **fields: object) -> list[Receipt]:
        return self.books.accept([new_revision(article_id, **fields) for article_id in article_ids])  # type: ignore[arg-type]

    def lease(self, queue: Queue, lease_s: float = LEASE_S) -> list[Leased]:
        leased = self.books.lease(queue, self.name, 64, lease_s)
        self.entries[queue] |= {entry.seq: entry.entry for entry in leased}
        return leased

    def hand_over(self, *drafts: Draft, model: str = MODEL) -> None:
        self.lease("inbox")
        known = self.books.registered([one.seq for one in drafts])
        for one, registered in zip(drafts, known, strict=True):
            if registered is None:  # workers register before they hand over
                enter(self.books, one.seq)
        self.books.hand_over([replace(one, entry=self.entries["inbox"][one.seq]) for one in drafts], model)

    def make_ready(self, *article_ids: str, **fields: object) -> list[int]:
        """Accept and prepare."""
        seqs = self.accept(*article_ids, **fields)
        self.hand_over(*[draft(seq) for seq in seqs])
        return seqs

    def make_copies(self, original: int, *article_ids: str, **fields: object) -> list[int]:
        seqs = self.accept(*article_ids, **fields)
        self.hand_over(*[draft(seq, copy_of=original) for seq in seqs])
        return seqs

    # -- clusters

    def lead(self) -> int:
        epoch = self.books.claim(self.name, LEASE_S)
        assert epoch is not None
        self.epoch = epoch
        return epoch

    def item(self, seq: int, action: str, cluster: str | None = None, other: int | None = None) -> CommitItem:
        entry = self.entries["ready"].get(seq, "0-0")
        return CommitItem(entry, seq, action, cluster, other, b'{"seq":%d}' % seq)  # type: ignore[arg-type]

    def commit(self, *items: CommitItem, minutes: float = 0) -> list[CommitResult]:
        if not self.epoch:
            self.lead()
        return self.books.commit(self.epoch, self.books.position().generation, items, at(minutes))

    def open(self, cluster: str, seq: int, minutes: float = 0) -> CommitResult:
        self.lease("ready")
        return self.commit(self.item(seq, "open", cluster), minutes=minutes)[0]

    def join(self, cluster: str, *seqs: int, minutes: float = 0) -> list[CommitResult]:
        self.lease("ready")
        return self.commit(*[self.item(seq, "join", cluster) for seq in seqs], minutes=minutes)

    def follow(self, other: int, *seqs: int, minutes: float = 0) -> list[CommitResult]:
        self.lease("ready")
        return self.commit(*[self.item(seq, "copy", other=other) for seq in seqs], minutes=minutes)

    def make_cluster(self, cluster: str, *article_ids: str, **fields: object) -> list[int]:
        """A cluster of one article a name."""
        seqs = self.make_ready(*article_ids, **fields)
        assert self.open(cluster, seqs[0]).status == "committed"
        assert all(result.status == "committed" for result in self.join(cluster, *seqs[1:]))
        return seqs

    def waiting(self, queue: Queue) -> list[int]:
        """Seqs in the queue, taken over from whoever leased them."""
        return sorted(entry.seq for entry in self.lease(queue, FORGOTTEN_S))


def assignment_of(changes: Sequence[Change]) -> dict[int, str]:
    """What the change feed, read from its start, says about who is where."""
    cluster_of: dict[int, str] = {}
    for change in changes:
        apply_membership(cluster_of, change)
    return cluster_of


def members(books: CollectionStore, cluster: str) -> list[int]:
    return books.members(cluster, 0, 10_000)


def clusters(books: CollectionStore) -> Mapping[str, list[int]]:
    """Every living cluster with its members."""
    ids = [cluster for _, cluster in books.cluster_ids("size", None, 10_000)]
    return {cluster: members(books, cluster) for cluster in ids}
