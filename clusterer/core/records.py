"""The values of articles and queues that stages hand to each other through a store. Frozen, serialisable, without behaviour.

Those of clusters and of what changes them are in `cluster_records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from clusterer.core.model import Article, ArticleState, Document, Fingerprint, IndexTerms, Relation, copy_of

Stage = Literal["received", "ready", "parked", "done"]


@dataclass(frozen=True, slots=True)
class Revision:
    """An article that passed validation. What stands behind `trace` the store says of it, once it is accepted.

    content_hash: hex, over everything the client sent but the id. trace: where its spans belong (ports.tracing), kept with it until it
    is assigned or dead; empty where it is not traced. number: from 1, counted for each article id. previous: seq of the one before.
    reason: why it is dead.
    """

    article: Article
    content_hash: str
    received_at: datetime
    trace: bytes = b""
    seq: int = 0
    number: int = 1
    previous: int | None = None
    state: ArticleState = "pending"
    stage: Stage = "received"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to an accepted article: `known` means this very content was accepted before under `seq`."""

    article_id: str
    seq: int
    revision: int
    outcome: Literal["accepted", "known"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a queue producer sent and was not accepted: `payload` as sent (JSON), for the collection `sent_to`.

    `number` is its place in the list of refusals, by which it is asked for.
    """

    number: str
    payload: str
    reason: str
    at: datetime
    sent_to: str


@dataclass(frozen=True, slots=True)
class Death:
    """Why an article is dead, after how many attempts at it alone (0 where that was not noted), and since when."""

    reason: str
    attempts: int
    died_at: datetime


@dataclass(frozen=True, slots=True)
class Leased:
    """A stream entry that this worker may work on until its lease runs out; `deliveries` counts from 1."""

    entry: str
    seq: int
    deliveries: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What is made of an accepted article, from cleaning until it is handed over to the clusters worker.

    entry: in the inbox. terms: by which later articles find it.
    What follows is known once it is registered. relations: to articles that were registered before, the primary one first; when that
    is a copy, this article follows `relations[0].other`. sparse: its telling words, encoded (`core.evidence`); empty for a copy, which is
    compared with nothing and whose document gives them. vector: float16 bytes, shape (dimension,); None for a copy.
    """

    entry: str
    received: Revision
    document: Document
    fingerprint: Fingerprint
    terms: IndexTerms
    relations: tuple[Relation, ...] = ()
    sparse: bytes = b""
    vector: bytes | None = None

    @property
    def seq(self) -> int:
        """Of the article."""
        return self.received.seq

    @property
    def copy_of(self) -> int | None:
        """The article that it follows as a copy."""
        return copy_of(self.relations)

    @property
    def movable(self) -> bool:
        """Whether it has weight in the centre of its cluster: no page without an article, and none about several events."""
        return self.document.kind == "article" and not self.document.multi_event


@dataclass(frozen=True, slots=True)
class PreparedFacts:
    """The small facts of a prepared article that later comparisons and counters need."""

    seq: int
    article_id: str
    source: str | None
    url: str | None
    lang: str | None
    title: str
    published_at: datetime | None
    received_at: datetime
    state: ArticleState
    relations: tuple[Relation, ...] = ()
    cluster: str | None = None  # in the current generation; None while it is not assigned
    movable: bool = True  # False: member, but without weight in the cluster's centre
    revision: int = 1
    reason: str | None = None  # why it is dead
    change: int = (
        0  # number of the one by which it was assigned; 0 for none, and for articles from before that was noted
    )

    @property
    def copy_of(self) -> int | None:
        """The article that it follows as a copy."""
        return copy_of(self.relations)


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assigned article as a pass over all of them needs it; change: number of the one by which it was assigned, as in PreparedFacts."""

    seq: int
    cluster: str  # in the current generation
    received_at: datetime
    copy_of: int | None
    change: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the decision needs of an article, the arriving one and the candidates alike.

    canonical: what it is a copy of, None when of nothing. alive: not dead, erased or expired. hits: shared index terms.
    earlier: registered before the arriving article. Others are compared but never followed, so that no two follow each other.
    """

    seq: int
    fingerprint: Fingerprint
    article_id: str
    received_at: datetime
    published_at: datetime | None = None
    source: str | None = None
    url: str | None = None
    title: str = ""
    canonical: int | None = None
    alive: bool = True
    hits: int = 0
    earlier: bool = True

    @classmethod
    def of(cls, facts: PreparedFacts, fingerprint: Fingerprint) -> Known:
        """The stored facts of an article and its stored fingerprint."""
        return cls(
            seq=facts.seq,
            fingerprint=fingerprint,
            article_id=facts.article_id,
            received_at=facts.received_at,
            published_at=facts.published_at,
            source=facts.source,
            url=facts.url,
            title=facts.title,
            canonical=facts.copy_of,
            alive=facts.state in ("pending", "assigned"),
        )


@dataclass(frozen=True, slots=True)
class Reembedded:
    """Another model's vector of one article, and the published one it had when its document was read. None: nothing to embed."""

    seq: int
    published: bytes | None
    vector: bytes | None


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What waits in a collection's queues, and how long the oldest has; ages in seconds.

    refused_commits: of a writer whose lease had passed to another. repaired_entries: articles that a sweep found in no queue.
    memory_ratio: the share of the store's memory that is in use.
    """

    inbox_length: int = 0
    ready_length: int = 0
    inbox_age_s: float = 0.0
    ready_age_s: float = 0.0
    dead_length: int = 0
    rejected_length: int = 0
    refused_commits: int = 0
    repaired_entries: int = 0
    memory_ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Parked:
    """Copies that are in no queue since they wait for their original to be assigned: how many, and how long the first has.

    0 seconds: not known, as of those that arrived after a thousand others that still wait.
    """

    length: int = 0
    age_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Books:
    """The counts an audit starts from: accepted is the sum of the states."""

    accepted: int
    pending: int
    assigned: int
    dead: int
    erased: int
    expired: int
