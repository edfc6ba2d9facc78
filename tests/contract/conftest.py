"""Every contract test runs on a real Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from support.desk import Desk
from support.stores import Backend, redis_backend

from clusterer.ports import CollectionStore, Store


@pytest.fixture
def backend(redis_client: redis.Redis) -> Backend:
    return redis_backend(redis_client)


@pytest.fixture
def store(backend: Backend) -> Store:
    backend.store.check_schema()
    return backend.store


@pytest.fixture
def books(store: Store) -> CollectionStore:
    assert store.create_collection("news", {})
    return store.collection("news")


@pytest.fixture
def desk(books: CollectionStore) -> Iterator[Desk]:
    """At the end of every test, whatever it did, the books must balance."""
    yield Desk(books)
    counts = books.books()
    assert counts.accepted == counts.pending + counts.assigned + counts.dead + counts.erased + counts.expired
