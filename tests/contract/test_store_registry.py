"""What belongs to no collection, or is about collections as such."""

from __future__ import annotations

import time

import pytest
import redis
from support.desk import MONDAY, Desk, clusters, enter
from support.stores import Backend

from clusterer.adapters.redis_store import RedisStore
from clusterer.core.cluster_records import Position
from clusterer.core.errors import NotFound, SchemaMismatch, StoreUnavailable
from clusterer.core.records import Books
from clusterer.ports import CollectionStore, Store

EMPTY = Books(accepted=0, pending=0, assigned=0, dead=0, erased=0, expired=0)

# -- collections


def test_collections_are_created_once(store: Store) -> None:
    assert store.collections() == []
    assert store.create_collection("news", {"window_days": "7"})
    assert not store.create_collection("news", {"window_days": "9"})
    assert store.create_collection("a/b c", {})
    assert store.collections() == ["a/b c", "news"]
    assert store.collection_settings("news")["window_days"] == "7"


def test_collections_that_were_not_created_are_not_found(store: Store) -> None:
    for call in (store.collection, store.collection_settings, lambda name: store.configure_collection(name, {})):
        with pytest.raises(NotFound, match="nowhere"):
            call("nowhere")


def test_collections_are_configured(store: Store) -> None:
    store.create_collection("news", {"window_days": "7", "note": "x"})
    store.configure_collection("news", {"window_days": "9"})
    assert store.collection_settings("news")["window_days"] == "9"


def test_a_new_collections_books_are_empty(books: CollectionStore) -> None:
    assert books.name == "news"
    assert books.books() == EMPTY
    assert books.position() == Position(generation=1, change=0)
    assert books.lease("inbox", "w1", 10, 60) == []
    assert books.sweep() == 0


def test_collections_are_apart(store: Store) -> None:
    desks = []
    for name in ("one", "two"):
        store.create_collection(name, {})
        desks.append(Desk(store.collection(name)))
    desks[0].make_cluster("c1", "a", "b")
    assert desks[1].accept("a") == [1]
    assert desks[1].books.revisions("b") == []
    assert desks[1].books.cluster("c1") is None
    assert desks[1].books.books().assigned == 0
    assert desks[1].lead() == 1


def test_a_deleted_collection_is_gone_and_can_be_made_again(store: Store) -> None:
    for name in ("news", "newsx"):
        store.create_collection(name, {})
    desk, neighbour = Desk(store.collection("news")), Desk(store.collection("newsx"))
    desk.make_cluster("c1", "a", "b")
    desk.make_copies(1, "c")
    neighbour.make_cluster("c1", "a")
    store.delete_collection("news")
    store.delete_collection("news")
    assert store.collections() == ["newsx"]
    with pytest.raises(NotFound):
        store.collection("news")
    assert clusters(neighbour.books) == {"c1": [1]}
    store.create_collection("news", {})
    fresh = Desk(store.collection("news"))
    assert fresh.books.books() == EMPTY
    assert fresh.accept("a") == [1]


def test_a_deleted_collection_leaves_no_key(redis_client: redis.Redis) -> None:
    store = RedisStore(redis_client)
    store.check_schema()
    before = set(redis_client.scan_iter())
    store.create_collection("news", {})
    desk = Desk(store.collection("news"))
    desk.make_cluster("c1", "a", "b")
    desk.make_copies(1, "c")
    enter(desk.books, 1, b"12345678", [b"12345678"], [], MONDAY)
    desk.books.save_boilerplate("Post", b"x")
    desk.books.reject("x", "y", MONDAY, "work")
    store.delete_collection("news")
    assert set(redis_client.scan_iter()) == before


# -- idempotency keys


def test_the_first_answer_under_a_key_is_the_answer(store: Store) -> None:
    assert store.recall("key") is None
    assert store.remember("key", "hash-1", b"\x00one", 60) == ("hash-1", b"\x00one")
    assert store.remember("key", "hash-2", b"two", 60) == ("hash-1", b"\x00one")
    assert store.recall("key") == ("hash-1", b"\x00one")
    assert store.remember("other {key}*", "hash-2", b"two", 60) == ("hash-2", b"two")


def test_answers_are_forgotten(store: Store) -> None:
    store.remember("key", "hash-1", b"one", 1)
    time.sleep(1.05)
    assert store.recall("key") is None
    assert store.remember("key", "hash-2", b"two", 60) == ("hash-2", b"two")


# -- workers


def test_workers_live_by_their_heartbeat(store: Store) -> None:
    assert store.workers() == {}
    store.heartbeat("w1", "articles", 60)
    store.heartbeat("w2", "clusters", 60)
    assert store.workers() == {"w1": "articles", "w2": "clusters"}
    store.heartbeat("w1", "articles", 0.1)
    time.sleep(0.15)
    assert store.workers() == {"w2": "clusters"}
    store.heartbeat("w1", "articles", 60)
    assert store.workers() == {"w1": "articles", "w2": "clusters"}


# -- the store itself


def test_a_healthy_store_answers(backend: Backend) -> None:
    backend.store.check_schema()
    backend.store.check_schema()
    backend.store.ping()


def test_data_of_another_schema_are_refused(redis_client: redis.Redis) -> None:
    RedisStore(redis_client).check_schema()
    (key,) = redis_client.scan_iter("*schema*")
    redis_client.set(key, "999")
    with pytest.raises(SchemaMismatch, match="999"):
        RedisStore(redis_client).check_schema()


def test_a_store_that_cannot_take_a_write_says_so(redis_client: redis.Redis) -> None:
    store = RedisStore(redis_client)
    store.ping()
    redis_client.config_set("maxmemory", "1")
    try:
        with pytest.raises(StoreUnavailable):
            store.ping()
    finally:
        redis_client.config_set("maxmemory", "0")
    store.ping()
