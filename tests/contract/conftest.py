"""Every contract test runs on each store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import redis
from desk import MONDAY, Desk

from clusterer.adapters.memory_store import MemoryStore
from clusterer.adapters.redis_store import RedisStore
from clusterer.ports import CollectionStore, Queue, Store

WINDOW = timedelta(days=14)


@dataclass(frozen=True)
class Backend:
    """A store under test, and the damage that only outsiders can do to it."""

    store: Store
    lose_entries: Callable[[CollectionStore, Queue], None]


def memory_backend() -> Backend:
    def lose_entries(books: CollectionStore, queue: Queue) -> None:
        stream = books._streams[queue]  # type: ignore[attr-defined]
        for entry in list(stream):
            stream.discard(entry)

    return Backend(MemoryStore(WINDOW), lose_entries)


def redis_backend(client: redis.Redis) -> Backend:
    def lose_entries(books: CollectionStore, queue: Queue) -> None:
        for key in client.scan_iter(f"*{{{books.name}}}:{queue}"):
            client.delete(key)

    return Backend(RedisStore(client, WINDOW), lose_entries)


@pytest.fixture(params=["memory", "redis"])
def backend(request: pytest.FixtureRequest) -> Backend:
    if request.param == "memory":
        return memory_backend()
    return redis_backend(request.getfixturevalue("redis_client"))


@pytest.fixture
def store(backend: Backend) -> Store:
    backend.store.check_schema()
    return backend.store


@pytest.fixture
def books(store: Store) -> CollectionStore:
    assert store.create_collection("news", {}, MONDAY)
    return store.collection("news")


@pytest.fixture
def desk(books: CollectionStore) -> Iterator[Desk]:
    """At the end of every test, whatever it did, the books must balance."""
    yield Desk(books)
    counts = books.books()
    assert counts.accepted == counts.pending + counts.assigned + counts.dead + counts.erased + counts.expired
