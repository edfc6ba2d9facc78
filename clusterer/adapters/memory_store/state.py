"""What a collection's books consist of, and the lock around every step."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from clusterer import codec
from clusterer.adapters.memory_store.clustering import Clustering, Member
from clusterer.adapters.memory_store.posting import PostingIndex
from clusterer.adapters.memory_store.stream import Stream
from clusterer.core.model import Article, ArticleState, Document, Relation
from clusterer.core.records import Change, ChangeKind, Correction, PreparedFacts, Stage
from clusterer.ports import Queue

BATCH_LIMIT = 64
REJECTED_KEPT = 10_000
RUNS_KEPT = 100
_NO_ARTICLE = codec.encode_article(Article(id=""))


@dataclass(slots=True)
class Row:
    """One accepted revision. Values others could change are kept encoded; `facts` lacks what changes with time."""

    facts: PreparedFacts
    article: bytes
    revision: int
    previous: int | None
    content_hash: str
    state: ArticleState = "pending"
    stage: Stage = "received"
    entry: str = ""  # its entry in the stream of its stage
    reason: str | None = None
    attempts: int = 0
    document: bytes | None = None
    fingerprint: bytes | None = None
    relations: bytes | None = None  # None: not prepared
    vectors: bytes | None = None
    staged: bytes | None = None  # of the model that is to take the place of the published one
    sparse: bytes = b""
    reasons: bytes | None = None

    @property
    def queue(self) -> Queue | None:
        """The stream that a pending article waits in; None for one that is parked or not pending."""
        if self.state != "pending":
            return None
        return {"received": "inbox", "ready": "ready"}.get(self.stage)  # type: ignore[return-value]

    def keep_document(self, document: Document) -> None:
        self.document = codec.encode_document(document)
        self.facts = replace(self.facts, title=document.title, lang=document.lang or self.facts.lang)

    def forget_preparation(self) -> None:
        self.relations, self.vectors, self.staged, self.sparse = None, None, None, b""

    def first_relation(self) -> Relation | None:
        return next(iter(codec.decode_relations(self.relations or b"[]")), None)

    def as_member(self) -> Member:
        facts, relation = self.facts, self.first_relation()
        own_origin = facts.source if facts.source is not None else facts.seq
        origin = None if relation is not None and relation.is_copy else own_origin
        return Member(facts.seq, facts.source, facts.lang, origin, facts.received_at)

    def tombstone(self) -> Row:
        """What may stay of an article that is gone."""
        facts = PreparedFacts(self.facts.seq, "", None, None, None, "", None, self.facts.received_at, self.state)
        return Row(facts, _NO_ARTICLE, self.revision, self.previous, "", self.state, "done")


class State:
    """The fields that the parts of `MemoryCollection` share."""

    def __init__(self, name: str, now_s: Callable[[], float], posting: PostingIndex) -> None:
        self._name = name
        self._now_s = now_s
        self._lock = threading.RLock()
        self._rows: dict[int, Row] = {}
        self._by_content: dict[tuple[bytes, str], int] = {}  # (digest of article id, content hash) -> seq
        self._by_article: defaultdict[bytes, list[int]] = defaultdict(list)  # by digest: ids may be personal data
        self._by_url: defaultdict[str, list[int]] = defaultdict(list)
        self._followers: defaultdict[int, set[int]] = defaultdict(set)  # seq -> those whose primary relation names it
        self._parked: defaultdict[int, set[int]] = defaultdict(set)  # pending original -> copies that wait for it
        self._streams: dict[Queue, Stream] = {"inbox": Stream(now_s), "ready": Stream(now_s)}
        self._posting = posting
        self._rejected: deque[tuple[str, str, datetime]] = deque(maxlen=REJECTED_KEPT)
        self._profiles: dict[str, bytes] = {}
        self._model: str | None = None
        self._next_model: str | None = None
        self._unembedded: set[int] = set()  # articles without vectors of the next model
        self._generations = {1: Clustering(1)}
        self._published = 1
        self._previous: int | None = None
        self._last_generation = 1
        self._changes: list[Change] = []
        self._trimmed = 0  # changes before these that are no longer kept
        self._writer = ""
        self._epoch = 0
        self._refused = 0  # writes of a stale epoch
        self._repaired = 0  # articles that the sweep found in no queue
        self._writer_until_s = now_s()
        self._jobs: dict[str, tuple[str, float]] = {}  # job -> (worker, until)
        self._runs: deque[bytes] = deque(maxlen=RUNS_KEPT)
        self._corrections: dict[str, Correction] = {}

    @property
    def name(self) -> str:
        return self._name

    @property
    def _clustering(self) -> Clustering:
        return self._generations[self._published]

    @property
    def _last_change(self) -> int:
        return self._trimmed + len(self._changes)

    def _generation(self, number: int | None) -> Clustering | None:
        return self._generations.get(self._published if number is None else number)

    def _log(
        self,
        at: datetime,
        kind: ChangeKind,
        cluster: str,
        seqs: tuple[int, ...],
        other: str | None = None,
        actor: str | None = None,
        reason: str | None = None,
    ) -> None:
        number = self._last_change + 1
        self._changes.append(Change(number, at, kind, cluster, seqs, other, self._published, actor, reason))

    def _enqueue(self, row: Row, stage: Stage) -> None:
        """Take a pending article out of the stream it is in and into that of `stage`."""
        self._dequeue(row)
        row.stage = stage
        if row.queue is not None:
            row.entry = self._streams[row.queue].add(row.facts.seq)

    def _dequeue(self, row: Row) -> None:
        if row.queue is not None:
            self._streams[row.queue].discard(row.entry)

    def _prepare_again(self, row: Row) -> None:
        """Back to the inbox; what it was compared with no longer holds."""
        self._unfollow(row)
        row.forget_preparation()
        self._unembedded.discard(row.facts.seq)
        self._enqueue(row, "received")

    def _unfollow(self, row: Row) -> None:
        relation = row.first_relation()
        if relation is not None:
            self._followers[relation.other].discard(row.facts.seq)


_Self = TypeVar("_Self", bound=State)
_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


def locked(
    method: Callable[Concatenate[_Self, _Args], _Result],
) -> Callable[Concatenate[_Self, _Args], _Result]:
    """One caller at a time, so that each method is atomic to all others."""

    @wraps(method)
    def inner(self: _Self, /, *args: _Args.args, **kwargs: _Args.kwargs) -> _Result:
        with self._lock:
            return method(self, *args, **kwargs)

    return inner


def check_batch(items: Sized) -> None:
    """Raises ValueError for more items than a store takes in one call."""
    if len(items) > BATCH_LIMIT:
        raise ValueError(f"{len(items)} items in one call: send at most {BATCH_LIMIT}")


def page(seqs: Sequence[int] | set[int], after: int, limit: int) -> list[int]:
    return sorted(seq for seq in seqs if seq > after)[:limit]


def digest(article_id: str) -> bytes:
    """What stands for an article id once the article may have been erased."""
    return hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).digest()
