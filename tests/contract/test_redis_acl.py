"""The users of docs/security.md, over a real Redis: each can do its work, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from kombu import Connection
from support.servers import RedisServer

from clusterer.adapters.hints import CeleryHints
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.upkeep.audit import audit
from clusterer.settings import Settings

TEXT = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
USERS = re.findall(r"^user (\w+) (.*)$", re.search(r"```acl\n(.*?)```", TEXT, re.S).group(1), re.M)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """With the documented users; the default one stays, for the tests themselves."""
    with RedisServer() as running, running.client() as client:
        for name, rules in USERS:
            if name != "default":
                client.execute_command("ACL", "SETUSER", name, "reset", *rules.split())
        yield running


@pytest.fixture
def port(server: RedisServer) -> int:
    """The server's port; it is empty."""
    with server.client() as client:
        client.flushall()
    return server.port


def url(user: str, port: int) -> str:
    return f"redis://{user}:change-{user}@127.0.0.1:{port}/0"


def service_as(user: str, port: int) -> Clusterer:
    client = redis.Redis.from_url(url(user, port))
    store = RedisStore(client, timedelta(days=14))
    return Clusterer.over(store, Settings(model="hashing"), hints=CeleryHints(client, url(user, port)))


def test_api_and_worker_can_do_all_their_work(port: int) -> None:
    api, worker = service_as("api", port), service_as("worker", port)
    api.store.ping()
    api.collection().intake.accept(
        [ArticleIn(id=f"a{n}", text=f"The river rose at Lowfield, report {n}.") for n in range(3)]
    )
    with Connection(url("worker", port)) as broker:  # the hint came through
        message = broker.SimpleQueue("articles").get(timeout=10)
        assert message.headers["task"] == "clusterer.prepare"
        message.ack()
    worker.store.heartbeat("w", "articles", 30)
    worker.store.add_totals({"a": 1.5}, {"b": 2})
    assert worker.store.ask(b"text", 0.01) is None
    assert worker.store.next_question(1)
    worker.store.answer("name", b"vector")
    worker.drain()
    assert api.collection().books.books().assigned == 3
    assert api.collection().lookup.article("a0").cluster_id
    worker.collection().nightly.run("w")
    books = worker.collection().books
    books.offer_shards("night", "v1", b"task", 0, [b"shard"], 10)
    with Connection(url("worker", port)) as broker:
        queue = broker.SimpleQueue("articles")
        queue.clear()
        worker.hints.night("default", 1)
        assert queue.get(timeout=10).headers["task"] == "clusterer.help"
    taken = books.take_shard("v1", None)
    assert taken is not None
    books.answer_shard(taken.offer, taken.number, b"found")
    assert books.take_back("night", 10) == (None, {0: b"found"})
    books.withdraw_shards("night")
    api.collection().eraser.erase("a1")
    worker.sweep()
    assert audit(worker.collection().books).clean
    api.store.create_collection("sport", {})
    api.store.delete_collection("sport")
    assert api.collection().books.queue_facts().memory_ratio > 0


@pytest.mark.parametrize("user", ["api", "worker", "monitor"])
@pytest.mark.parametrize(
    "command",
    [
        "FLUSHALL", "FLUSHDB", "KEYS *", "CONFIG GET *", "CONFIG SET dir /tmp", "ACL LIST", "SHUTDOWN NOSAVE",
        "REPLICAOF 127.0.0.1 1", "MONITOR", "SAVE", "MODULE LIST", "SET other 1", "GET other", "PUBLISH x y",
        "MIGRATE 127.0.0.1 1 clu:schema 0 10",
    ],
)  # fmt: skip
def test_what_no_part_of_the_service_may_do(port: int, user: str, command: str) -> None:
    with redis.Redis.from_url(url(user, port)) as client, pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(*command.split())


def test_a_monitor_sees_figures_and_no_articles(port: int) -> None:
    with redis.Redis.from_url(url("monitor", port)) as client:
        assert client.info("memory")["used_memory"] > 0
        with pytest.raises(redis.exceptions.NoPermissionError):
            client.get("clu:schema")


def test_passwords_count(port: int) -> None:
    with (
        redis.Redis.from_url(f"redis://api:wrong@127.0.0.1:{port}/0") as client,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        client.ping()
