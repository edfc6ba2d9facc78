"""What only the store in memory has: one lock, and a clock that tests can set."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from clusterer.adapters.memory_store import MemoryStore
from clusterer.adapters.memory_store.collection import MemoryCollection
from clusterer.core.model import Article
from clusterer.core.records import NewRevision
from clusterer.ports import CollectionStore

NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
METHODS = sorted(name for name in vars(CollectionStore) if not name.startswith("_") and name != "name")


def revision(article_id: str) -> NewRevision:
    return NewRevision(Article(article_id, text="text"), "hash", NOON)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_takes_the_lock(name: str) -> None:
    assert hasattr(getattr(MemoryCollection, name), "__wrapped__")


def test_a_call_waits_for_the_one_before_it() -> None:
    store = MemoryStore()
    store.create_collection("news", {}, NOON)
    books = store.collection("news")
    other = threading.Thread(target=books.accept, args=([revision("a")],))
    with books._lock:  # type: ignore[attr-defined]
        other.start()
        other.join(0.1)
        assert books.books().accepted == 0
        assert other.is_alive()
    other.join(10)
    assert books.books().accepted == 1


def test_leases_follow_the_given_clock() -> None:
    now_s = [0.0]
    store = MemoryStore(timedelta(days=1), now_s=lambda: now_s[0])
    store.create_collection("news", {}, NOON)
    books = store.collection("news")
    books.accept([revision("a")])
    assert len(books.lease("inbox", "w1", 10, 30)) == 1
    assert books.claim("w1", 30) == 1
    store.heartbeat("w1", "articles", 30)
    now_s[0] = 29.9
    assert books.lease("inbox", "w2", 10, 30) == []
    assert books.claim("w2", 30) is None
    assert store.workers() == {"w1": "articles"}
    now_s[0] = 30.0
    assert [entry.deliveries for entry in books.lease("inbox", "w2", 10, 30)] == [2]
    assert books.claim("w2", 30) == 2
    assert store.workers() == {}
