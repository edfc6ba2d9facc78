"""A Redis that may forget is refused, and one that has forgotten is noticed: no article is taken that nobody will work on."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from support.servers import RedisServer

from clusterer.adapters.redis_store import RedisStore
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import StoreRefused, StoreUnavailable
from clusterer.settings import Settings

SETTINGS = Settings(model="hashing")
ARTICLE = {"id": "a", "text": "The river rose at Lowfield on Monday night."}


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


def service_on(server: RedisServer, may_lose: bool = False) -> Clusterer:
    return Clusterer.over(RedisStore(server.client(), may_lose=may_lose), SETTINGS)


def api_of(service: Clusterer) -> TestClient:
    return TestClient(create_app(service), base_url="http://127.0.0.1", raise_server_exceptions=False)


def refused(answer: httpx.Response, said: str) -> bool:
    return answer.status_code == 503 and "retry-after" in answer.headers and said in answer.json()["detail"]


# -- one that may forget


@pytest.mark.parametrize(
    "policy",
    ["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"],
)
def test_a_redis_that_drops_keys_is_refused_at_the_start_and_not_ready(server: RedisServer, policy: str) -> None:
    with api_of(service_on(server)) as api:
        assert api.get("/readyz").status_code == 200
        server.client().config_set("maxmemory-policy", policy)
        assert refused(api.get("/readyz"), policy)
    with pytest.raises(StoreRefused, match=f"{policy}.*CLUSTERER_ALLOW_LOSSY_REDIS"):
        service_on(server)
    with api_of(service_on(server, may_lose=True)) as api:
        assert api.get("/readyz").status_code == 200


def test_a_redis_without_a_log_is_refused_at_the_start_and_not_ready() -> None:
    with RedisServer({"appendonly": "no"}) as server:
        with pytest.raises(StoreRefused, match=r"no append-only log.*CLUSTERER_ALLOW_LOSSY_REDIS"):
            service_on(server)
        server.client().config_set("appendonly", "yes")
        with api_of(service_on(server)) as api:
            assert api.get("/readyz").status_code == 200
            server.client().config_set("appendonly", "no")
            assert refused(api.get("/readyz"), "no append-only log")


def test_a_replica_is_refused_even_where_it_takes_writes(server: RedisServer) -> None:
    """They are gone when it next hears from its primary."""
    with RedisServer({"replica-read-only": "no"}) as other:
        other.client().replicaof("127.0.0.1", server.port)
        with pytest.raises(StoreUnavailable, match="connect to the primary"):
            service_on(other)


@pytest.mark.parametrize("may_lose", [False, True])
def test_cluster_mode_is_refused(may_lose: bool) -> None:
    with RedisServer({"cluster-enabled": "yes"}) as node, pytest.raises(StoreRefused, match="cluster mode"):
        service_on(node, may_lose)


# -- one that has forgotten


def empty(server: RedisServer, how: str) -> None:
    if how == "flushed":
        server.client().flushall()
        return
    server.kill()
    for path in sorted(server.folder.rglob("*.aof*"), reverse=True):
        path.unlink()
    server.start()


@pytest.mark.parametrize("how", ["flushed", "restarted without its log"])
def test_an_emptied_redis_takes_nothing_until_it_is_begun_anew(server: RedisServer, how: str) -> None:
    service, worker = service_on(server), service_on(server)
    service.store.create_collection("sport", {})
    with api_of(service) as api:
        assert api.post("/v1/articles", json=ARTICLE).status_code == 202
        worker.drain()
        empty(server, how)
        said = "Redis has lost its data"
        for collection in ("default", "sport", "unknown"):
            assert refused(api.post(f"/v1/articles?collection={collection}", json=ARTICLE), said)
            assert refused(api.post(f"/v1/articles:batch?collection={collection}", json=[ARTICLE]), said)
        assert refused(api.post("/v1/collections", json={"name": "new"}), said)
        assert refused(api.get("/readyz"), said)
        with pytest.raises(StoreRefused, match=said):
            worker.drain()
        service_on(server)  # some process is started again
        assert api.get("/readyz").status_code == 200
        assert api.post("/v1/articles", json=ARTICLE).status_code == 202
        worker.drain()
        assert api.get("/v1/articles/a").json()["state"] == "assigned"


@pytest.mark.parametrize("first", ["api", "worker", "ready"])
def test_a_redis_that_may_lose_is_begun_anew_by_whoever_notices(
    server: RedisServer, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    service, worker = service_on(server, may_lose=True), service_on(server, may_lose=True)
    with api_of(service) as api:
        assert api.post("/v1/articles", json=ARTICLE).status_code == 202
        worker.drain()
        empty(server, "flushed")
        if first == "worker":
            worker.drain()
        if first == "ready":
            assert api.get("/readyz").status_code == 200
        assert api.post("/v1/articles", json=ARTICLE).status_code == 202
        worker.drain()
        assert api.get("/v1/articles/a").json()["state"] == "assigned"
        assert api.get("/v1/collections/default").json()["articles"]["accepted"] == 1
    assert "store_was_emptied" in capsys.readouterr().out


def test_what_is_in_memory_of_the_former_data_is_dropped(server: RedisServer) -> None:
    """The writer's window, above all: numbers begin at 1 again."""
    service, worker = service_on(server, may_lose=True), service_on(server, may_lose=True)
    for number in range(5):
        with api_of(service) as api:
            texts = [f"The {place} flood of round {number} rose again." for place in ("Lowfield", "Tessaly", "Halvern")]
            for k, text in enumerate(texts[: 1 + number % 3]):
                assert api.post("/v1/articles", json={"id": f"{k}", "text": text}).status_code == 202
            worker.drain()
            assert api.get("/v1/collections/default").json()["articles"]["assigned"] == 1 + number % 3
        empty(server, "flushed")


def test_the_private_redis_of_the_library_may_lose() -> None:
    with api_of(Clusterer.in_memory(SETTINGS)) as api:
        assert api.get("/readyz").status_code == 200
