"""A collection that is deleted leaves nothing, whoever still works on it, and the next one of its name inherits nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import redis
from support.desk import MODEL, MONDAY, Desk, draft, new_revision

from clusterer.adapters.redis_store import RedisStore, registry
from clusterer.adapters.redis_store.sending import send
from clusterer.bootstrap import Clusterer
from clusterer.core.cluster_records import Correction, Regroup
from clusterer.core.errors import CollectionGone, NotFound
from clusterer.core.records import Reembedded
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import CollectionStore
from clusterer.settings import Settings

CORRECTION = Correction("pin", (), "c1", "ann", "why", MONDAY)
WRITES: dict[str, Callable[[CollectionStore], Any]] = {
    "accept": lambda books: books.accept([new_revision("late")]),
    "reject": lambda books: books.reject("{}", "no id", MONDAY, "news"),
    "drop_refusal": lambda books: books.drop_refusal("1-1"),
    "lease": lambda books: books.lease("inbox", "w", 64, 30),
    "hand_over": lambda books: books.hand_over([draft(2, entry="1-1")], MODEL),
    "save_boilerplate": lambda books: books.save_boilerplate("Post", b"profile"),
    "drop_boilerplate": lambda books: books.save_boilerplate("Post", None),
    "save_boilerplates": lambda books: books.save_boilerplates({"Post": b"profile"}),
    "attempt": lambda books: books.attempt(2),
    "take_back_attempt": lambda books: books.take_back_attempt(2),
    "mark_dead": lambda books: books.mark_dead("inbox", "1-1", 2, "why", MONDAY),
    "claim": lambda books: books.claim("w", 10),
    "ask_for": lambda books: books.ask_for("w", 10),
    "hand_on": lambda books: books.hand_on("w", 10),
    "release": lambda books: books.release("w"),
    "commit": lambda books: books.commit(1, 1, [Desk(books).item(1, "open", "c9")], MONDAY),
    "regroup": lambda books: books.regroup(None, 1, [Regroup("merged", "c1", "c2", ())], MONDAY),
    "sweep": lambda books: books.sweep(),
    "erase": lambda books: books.erase(1, MONDAY),
    "trim_changes": lambda books: books.trim_changes(MONDAY, 10),
    "claim_job": lambda books: books.claim_job("nightly", "w", 10),
    "release_job": lambda books: books.release_job("nightly", "w"),
    "begin_generation": lambda books: books.begin_generation(),
    "stage": lambda books: books.stage(2, [(1, "c1")], {"x": "c1"}),
    "drop_generation": lambda books: books.drop_generation(2),
    "flip": lambda books: books.flip(1, 2, 1, [], MONDAY),
    "offer_shards": lambda books: books.offer_shards("n1", "v1", b"task", 0, [b"shard"], 10),
    "take_shard": lambda books: books.take_shard("v1", None),
    "answer_shard": lambda books: books.answer_shard("n1", 0, b"found"),
    "take_back": lambda books: books.take_back("n1", 10),
    "withdraw_shards": lambda books: books.withdraw_shards("n1"),
    "save_run": lambda books: books.save_run(b"{}"),
    "constrain": lambda books: books.constrain(CORRECTION),
    "begin_reembedding": lambda books: books.begin_reembedding("other"),
    "stage_vectors": lambda books: books.stage_vectors("other", [Reembedded(1, None, None)]),
    "adopt_vectors": lambda books: books.adopt_vectors("other"),
    "drop_staged": lambda books: books.drop_staged(),
    "relist": lambda books: books.relist([1]),
    "repost": lambda books: books.repost([1], MONDAY),
    "reassign": lambda books: books.reassign(1, 1, [(1, None)]),
    "recount": lambda books: books.recount(0, 0),
}


def keys(client: redis.Redis) -> dict[bytes, object]:
    return {key: client.dump(key) for key in client.scan_iter("clu:{news}*")}


@pytest.fixture
def store(redis_client: redis.Redis) -> RedisStore:
    store = RedisStore(redis_client)
    store.check_schema()
    assert store.create_collection("news", {})
    return store


@pytest.fixture
def former(store: RedisStore) -> CollectionStore:
    """The books of a life that has something of everything."""
    books = store.collection("news")
    desk = Desk(books)
    desk.make_cluster("c1", "a", "b")
    desk.make_ready("c")
    desk.accept("d")
    books.save_boilerplate("Post", b"profile")
    return books


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_once_the_life_has_ended(
    store: RedisStore, former: CollectionStore, redis_client: redis.Redis, name: str
) -> None:
    store.delete_collection("news")
    assert keys(redis_client) == {}
    with pytest.raises(CollectionGone):
        WRITES[name](former)
    assert keys(redis_client) == {}
    store.create_collection("news", {})
    Desk(store.collection("news")).make_cluster("c1", "other", "another")
    before = keys(redis_client)
    with pytest.raises(CollectionGone):
        WRITES[name](former)
    assert keys(redis_client) == before


def test_no_method_that_writes_is_left_out(former: CollectionStore, redis_client: redis.Redis) -> None:
    """Plain commands write nothing: all that does is a script, which checks the life first."""
    with redis.Redis(connection_pool=redis_client.connection_pool) as watched:
        sent: list[str] = []
        execute = watched.execute_command
        watched.execute_command = lambda *command, **options: (sent.append(command[0]), execute(*command, **options))[1]  # type: ignore[method-assign]
        books = RedisStore(watched).collection("news")
        for write in WRITES.values():
            try:
                write(books)
            except Exception:  # refused for another reason
                continue
    names = {command.split()[0].lower() for command in sent} - {"evalsha", "script", "eval"}
    infos = {
        entry["name"].decode() if isinstance(entry["name"], bytes) else entry["name"]: entry["flags"]
        for entry in redis_client.command().values()
    }
    writing = {name for name in names if any(flag in (b"write", "write") for flag in infos[name])}
    assert writing == set()


def test_each_life_has_a_token_of_its_own(store: RedisStore, redis_client: redis.Redis) -> None:
    lives = {store.life("news")}
    for _ in range(3):
        store.delete_collection("news")
        with pytest.raises(NotFound):
            store.life("news")
        store.create_collection("news", {})
        lives.add(store.life("news"))
    assert len(lives) == 4
    assert not store.create_collection("news", {})
    assert store.life("news") in lives


def test_a_collection_of_a_release_before_gets_one(
    store: RedisStore, former: CollectionStore, redis_client: redis.Redis
) -> None:
    redis_client.hdel("clu:{news}:head", "life")
    books = store.collection("news")
    assert books.life != former.life
    assert books.books().accepted == 4
    assert [receipt.seq for receipt in books.accept([new_revision("e")])] == [5]


def test_a_slow_deletion_leaves_the_next_life_alone(
    store: RedisStore, former: CollectionStore, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one process deletes, another one finishes the deletion, creates the name anew and fills it."""
    client = redis.Redis(connection_pool=redis_client.connection_pool)
    slow = RedisStore(client)
    kept: dict[bytes, object] = {}

    def late(asking: redis.Redis, *command: Any) -> Any:
        reply = send(asking, *command)
        if asking is client and command[0] == "SCAN" and not kept:
            store.delete_collection("news")
            store.create_collection("news", {})
            Desk(store.collection("news")).make_cluster("c1", "a", "b")
            kept.update(keys(redis_client))
        return reply

    monkeypatch.setattr(registry, "send", late)
    slow.delete_collection("news")
    assert keys(redis_client) == kept
    assert store.collections() == ["news"]


def do_a_round(service: Clusterer, _: int) -> None:
    worker = str(id(service))
    service.prepare(worker)
    service.assign(worker)


def test_deleting_while_articles_come_in_and_are_worked_on(redis_client: redis.Redis) -> None:
    """Threads that accept and work, each with a service of its own, against a few lives of one collection."""

    def service() -> Clusterer:
        return Clusterer.over(RedisStore(redis_client), Settings(model="hashing", cleaning=False))

    owner = service()
    owner.store.create_collection("news", {})
    stop, failures = threading.Event(), []

    def go(work: Callable[[Clusterer, int], object]) -> None:
        mine, number = service(), 0
        while not stop.is_set():
            number += 1
            try:
                work(mine, number)
            except NotFound:
                continue
            except Exception as error:
                failures.append(error)
                return

    def post(mine: Clusterer, number: int) -> None:
        texts = [
            ArticleIn(id=f"{id(mine)}/{number}/{k}", text=f"The river rose at Lowfield, report {number} {k}.")
            for k in range(5)
        ]
        mine.collection("news").intake.accept(texts)

    threads = [threading.Thread(target=go, args=(work,)) for work in (post, post, do_a_round)]
    for thread in threads:
        thread.start()
    left = []
    for _ in range(6):
        stop.wait(0.15)
        owner.store.delete_collection("news")
        left.append(len(keys(redis_client)))
        owner.store.create_collection("news", {})
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert left == [0] * 6
    owner.sweep()
    owner.drain()
    report = audit(owner.collection("news").books)
    assert report.clean, report.problems
    owner.store.delete_collection("news")
    assert keys(redis_client) == {}
