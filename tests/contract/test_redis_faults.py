"""What Redis answers when it cannot do as it is asked: provoked with real servers, and told in a sentence."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import redis
from faults.fleet import free_port
from redis.exceptions import ResponseError
from support.desk import new_revision
from support.forked import run_module
from support.servers import RedisServer, busy, fill_disk, wait_for_answer, wait_until

from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.redis_store.faults import translated
from clusterer.adapters.redis_store.scripts import Scripts
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import StoreRefused, StoreUnavailable
from clusterer.settings import Settings

State = Callable[[RedisServer], contextlib.AbstractContextManager[str]]


@contextlib.contextmanager
def readonly(server: RedisServer) -> Iterator[str]:
    """A failover: the replica was made the primary, and the former primary its replica."""
    with RedisServer() as primary:
        with primary.client() as client:
            client.replicaof("127.0.0.1", server.port)
            wait_until(lambda: client.info("replication")["master_link_status"] == "up")
            client.replicaof("NO", "ONE")
        with server.client() as client:
            client.replicaof("127.0.0.1", primary.port)
        wait_for_answer(server, "READONLY", lambda client: client.set("x", "y"))
        yield server.url


@contextlib.contextmanager
def noreplicas(server: RedisServer) -> Iterator[str]:
    with server.client() as client:
        client.config_set("min-replicas-to-write", 1)
    yield server.url


@contextlib.contextmanager
def masterdown(server: RedisServer) -> Iterator[str]:
    with server.client() as client:
        client.config_set("replica-serve-stale-data", "no")
        client.replicaof("127.0.0.1", free_port())
    wait_for_answer(server, "MASTERDOWN", lambda client: client.get("x"))
    yield server.url


@contextlib.contextmanager
def oom(server: RedisServer) -> Iterator[str]:
    with server.client() as client:
        client.config_set("maxmemory", 1)
    yield server.url


@contextlib.contextmanager
def misconf(server: RedisServer) -> Iterator[str]:
    fill_disk(server)
    yield server.url


@contextlib.contextmanager
def busy_server(server: RedisServer) -> Iterator[str]:
    with busy(server):
        yield server.url


@contextlib.contextmanager
def noperm(server: RedisServer) -> Iterator[str]:
    """A user that may run scripts and read, and write nothing."""
    with server.client() as client:
        client.execute_command("ACL", "SETUSER", "reader", "on", ">secret", "~*", "-@all", "+@read", "+@scripting",
                               "+@transaction", "+@connection", "+info", "+time")  # fmt: skip
    yield server.url_as("reader", "secret")


@contextlib.contextmanager
def other_keys(server: RedisServer) -> Iterator[str]:
    with server.client() as client:
        client.execute_command("ACL", "SETUSER", "other", "on", ">secret", "~other:*", "+@all")
    yield server.url_as("other", "secret")


@contextlib.contextmanager
def wrongpass(server: RedisServer) -> Iterator[str]:
    with server.client() as client:
        client.config_set("requirepass", "right")
    yield server.url_as(password="wrong")


@contextlib.contextmanager
def noauth(server: RedisServer) -> Iterator[str]:
    with server.client() as client:
        client.config_set("requirepass", "right")
    yield server.url


STATES: list[tuple[State, str, bool]] = [  # with what is said of it, and whether it passes by itself
    (readonly, "read-only replica", True),
    (noreplicas, "fewer replicas", True),
    (masterdown, "lost its primary|read-only replica", True),
    (oom, "out of memory", True),
    (misconf, "cannot write to its disk", True),
    (busy_server, "busy with a script", True),
    (noperm, "lacks a permission", False),
    (other_keys, "lacks a permission", False),
    (wrongpass, "refused the user name or the password", False),
    (noauth, "requires a password", False),
]
each_state = pytest.mark.parametrize(
    ("state", "said", "passes"), STATES, ids=[state.__name__ for state, _, _ in STATES]
)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """With the books of one collection in it."""
    with RedisServer() as running:
        store = RedisStore(running.client())
        store.check_schema()
        store.create_collection("default", {})
        store.collection("default").accept([new_revision("before")])
        yield running


def one_try(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, retry=None, socket_timeout=20)


@each_state
def test_each_way_to_write_says_why_it_cannot(server: RedisServer, state: State, said: str, passes: bool) -> None:
    """By a script, by scripts in a transaction, and by plain commands, alone and in a pipeline."""
    books = RedisStore(one_try(server.url)).collection("default")
    with state(server) as url:
        client = one_try(url)
        store, link = RedisStore(client), type(books._link)(client, Scripts(client), "default", books.life)  # type: ignore[attr-defined]
        ways: list[Callable[[], object]] = [
            store.ping,
            lambda: link.run("claim", "w", 1_000),
            lambda: link.run_all([("claim", ("w", 1_000)), ("claim", ("w", 1_000))]),
            lambda: link.do("HSET", link.key("boilerplate"), "x", "y"),
            lambda: link.do_all([("HSET", link.key("boilerplate"), "x", "y")]),
            lambda: store.remember("k", "h", b"a", 5),
        ]
        for way in ways:
            with pytest.raises(StoreUnavailable, match=said) as refused:
                way()
            assert isinstance(refused.value, StoreRefused) is not passes
            assert "EVALSHA" not in str(refused.value)
            assert "user_script" not in str(refused.value)


@each_state
def test_the_api_says_when_to_come_back(server: RedisServer, state: State, said: str, passes: bool) -> None:
    store = RedisStore(one_try(server.url))
    app = create_app(Clusterer.over(store, Settings(model="hashing")))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            article = {"id": "a", "text": "The river rose at Lowfield."}
            return [
                await http.post("/v1/articles", json=article),
                await http.post("/v1/articles:batch", json=[article], headers={"Idempotency-Key": "k"}),
                await http.get("/readyz"),
                await http.post("/v1/collections", json={"name": "sport"}),
            ]

    with state(server) as url:
        store._client.connection_pool.connection_kwargs |= redis.connection.parse_url(url)
        store._client.connection_pool.reset()
        for answer in asyncio.run(ask()):
            if state is oom and answer.status_code == 429:
                continue  # there is a check of memory before the store's own
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"]
            assert answer.json()["code"] == "store_unavailable"


@pytest.mark.slow
@each_state
def test_the_command_line_says_it_in_a_sentence(
    server: RedisServer, tmp_path: Path, state: State, said: str, passes: bool
) -> None:
    with state(server) as url:
        own = {"CLUSTERER_MODEL": "hashing", "CLUSTERER_REDIS_URL": url, "CLUSTERER_DATA_DIR": str(tmp_path)}
        done = run_module("clusterer.cli.main", "clusters", **own)
    assert done.returncode == 1
    assert "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) <= 3
    assert re.search(said, " ".join(done.output.split()))


def knows_all_slots(node: RedisServer) -> bool:
    with node.client() as client:
        state = client.execute_command("CLUSTER INFO")
    return int(state["cluster_slots_assigned"]) == 16_384 and state["cluster_state"] == "ok"


@pytest.fixture
def nodes() -> Iterator[tuple[RedisServer, RedisServer]]:
    """Two nodes of a cluster that share the slots."""
    options = {"cluster-enabled": "yes", "cluster-require-full-coverage": "no"}
    with RedisServer(options) as one, RedisServer(options) as two:
        with one.client() as client:
            client.execute_command("CLUSTER", "MEET", "127.0.0.1", two.port)
        for node, slots in ((one, range(8_192)), (two, range(8_192, 16_384))):
            with node.client() as client:
                client.execute_command("CLUSTER", "ADDSLOTS", *slots)
        wait_until(lambda: all(knows_all_slots(node) for node in (one, two)))
        yield one, two


def test_a_key_that_has_moved_is_told_as_cluster_mode(nodes: tuple[RedisServer, RedisServer]) -> None:
    said = set()
    for node in nodes:
        try:
            RedisStore(node.client()).recall("some key")
        except StoreRefused as refused:
            said.add(str(refused))
    assert len(said) == 1
    assert "cluster mode" in said.pop()


def test_scripts_forgotten_within_a_call_are_sent_again(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """SCRIPT FLUSH between the loading of scripts and the transaction that runs them."""
    load, flushes = redis.client.Pipeline.load_scripts, [None]

    def load_then_lose(pipeline: redis.client.Pipeline) -> None:
        load(pipeline)
        if flushes:
            flushes.pop()
            server.client().script_flush()

    monkeypatch.setattr(redis.client.Pipeline, "load_scripts", load_then_lose)
    client = server.client()
    link = RedisStore(client).collection("default")._link  # type: ignore[attr-defined]
    assert link.run_all([("claim", ("w", 1_000))] * 2) == [1, 1]
    flushes.extend([None] * 9)
    with pytest.raises(StoreUnavailable, match="lost the scripts"):
        link.run_all([("claim", ("w", 1_000))])


def test_unforeseen_errors_pass_through(server: RedisServer) -> None:
    with pytest.raises(ResponseError, match="syntax"), translated():
        server.client().execute_command("SET", "a", "b", "NONSENSE")
