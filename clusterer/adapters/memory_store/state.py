"""What a collection's books consist of, and the lock around every step."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from clusterer import codec
from clusterer.adapters.memory_store.clustering import Clustering
from clusterer.adapters.memory_store.posting import PostingIndex
from clusterer.adapters.memory_store.stream import Stream
from clusterer.core.model import ArticleState, Document
from clusterer.core.records import Change, PreparedFacts, Stage
from clusterer.ports import Queue

BATCH_LIMIT = 64
REJECTED_KEPT = 10_000


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
        self.relations, self.vectors, self.sparse = None, None, b""


class State:
    """The fields that the parts of `MemoryCollection` share."""

    def __init__(self, name: str, now_s: Callable[[], float], posting: PostingIndex) -> None:
        self._name = name
        self._now_s = now_s
        self._lock = threading.RLock()
        self._rows: dict[int, Row] = {}
        self._by_content: dict[tuple[str, str], int] = {}
        self._by_article: defaultdict[str, list[int]] = defaultdict(list)
        self._by_url: defaultdict[str, list[int]] = defaultdict(list)
        self._followers: defaultdict[int, set[int]] = defaultdict(set)  # seq -> those whose primary relation names it
        self._parked: defaultdict[int, set[int]] = defaultdict(set)  # pending original -> copies that wait for it
        self._streams: dict[Queue, Stream] = {"inbox": Stream(now_s), "ready": Stream(now_s)}
        self._posting = posting
        self._rejected: deque[tuple[str, str, datetime]] = deque(maxlen=REJECTED_KEPT)
        self._profiles: dict[str, bytes] = {}
        self._model: str | None = None
        self._clustering = Clustering(1)
        self._changes: list[Change] = []
        self._writer = ""
        self._epoch = 0
        self._writer_until_s = now_s()

    @property
    def name(self) -> str:
        return self._name

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
        if row.relations is not None:
            for relation in codec.decode_relations(row.relations)[:1]:
                self._followers[relation.other].discard(row.facts.seq)
        row.forget_preparation()
        self._enqueue(row, "received")


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
