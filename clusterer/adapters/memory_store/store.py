"""All collections of one process, and what belongs to none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from clusterer.adapters.memory_store.collection import MemoryCollection
from clusterer.adapters.memory_store.posting import PostingIndex
from clusterer.core.errors import NotFound
from clusterer.ports import CollectionStore


@dataclass(slots=True)
class _Created:
    books: MemoryCollection
    settings: dict[str, str]


class MemoryStore:
    """A Store that lives and dies with the process.

    window: how far apart two articles can be received and still be recognised as copies. posting_cap: see PostingIndex.
    now_s: the clock of leases, in seconds from any origin.
    """

    def __init__(
        self,
        window: timedelta = timedelta(days=14),
        posting_cap: int = 50,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._window = window
        self._posting_cap = posting_cap
        self._now_s = now_s
        self._lock = threading.RLock()
        self._collections: dict[str, _Created] = {}
        self._answers: dict[str, tuple[float, str, bytes]] = {}  # key -> (until, body hash, answer)
        self._workers: dict[str, tuple[float, str]] = {}  # name -> (until, role)

    def check_schema(self) -> None:
        """Nothing to check: no other program can have written this store."""

    def collection(self, name: str) -> CollectionStore:
        return self._named(name).books

    def _named(self, name: str) -> _Created:
        with self._lock:
            if name not in self._collections:
                raise NotFound(f"collection {name!r} does not exist: create it first")
            return self._collections[name]

    def create_collection(self, name: str, settings: Mapping[str, str], at: datetime) -> bool:
        with self._lock:
            if name in self._collections:
                return False
            posting = PostingIndex(self._window, self._posting_cap)
            books = MemoryCollection(name, self._now_s, posting)
            self._collections[name] = _Created(books, dict(settings))
            return True

    def configure_collection(self, name: str, settings: Mapping[str, str]) -> None:
        with self._lock:
            self._named(name).settings.update(settings)

    def collection_settings(self, name: str) -> Mapping[str, str]:
        with self._lock:
            return dict(self._named(name).settings)

    def collections(self) -> list[str]:
        with self._lock:
            return sorted(self._collections)

    def delete_collection(self, name: str) -> None:
        with self._lock:
            self._collections.pop(name, None)

    def remember(self, key: str, body_hash: str, answer: bytes, ttl_s: int) -> tuple[str, bytes]:
        with self._lock:
            known = self.recall(key)
            if known is not None:
                return known
            self._answers[key] = (self._now_s() + ttl_s, body_hash, answer)
            return body_hash, answer

    def recall(self, key: str) -> tuple[str, bytes] | None:
        with self._lock:
            now_s = self._now_s()
            self._answers = {name: kept for name, kept in self._answers.items() if kept[0] > now_s}
            return self._answers[key][1:] if key in self._answers else None

    def heartbeat(self, worker: str, role: str, ttl_s: float) -> None:
        with self._lock:
            self._workers[worker] = (self._now_s() + ttl_s, role)

    def workers(self) -> Mapping[str, str]:
        with self._lock:
            now_s = self._now_s()
            self._workers = {name: beat for name, beat in self._workers.items() if beat[0] > now_s}
            return {name: role for name, (_, role) in self._workers.items()}

    def ping(self) -> None:
        """A process' own memory always answers."""
