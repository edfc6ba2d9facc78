"""A Redis that may forget is refused, and one that has forgotten is noticed: no article is taken that nobody will work on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from support.servers import RedisServer

from clusterer.adapters.redis_store import RedisStore
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer, connect_as_before, connect_patiently, write_backup
from clusterer.connections import store_mark
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


# -- one that was emptied while nobody looked


def settings_for(server: RedisServer, folder: Path, **more: Any) -> Settings:
    return Settings(model="hashing", redis_url=server.url, data_dir=folder, **more)


@pytest.mark.parametrize("how", ["flushed", "restarted without its log"])
def test_a_redis_that_was_emptied_between_two_processes_is_refused(
    server: RedisServer, tmp_path: Path, how: str
) -> None:
    settings = settings_for(server, tmp_path)
    connect_as_before(settings)  # and ends
    empty(server, how)
    refusals = []
    for connect in (connect_as_before, connect_patiently, lambda own: write_backup(own, tmp_path / "backup")):
        with pytest.raises(StoreRefused, match="Redis has lost its data") as refusal:
            connect(settings)
        refusals.append(str(refusal.value))
    assert server.client().dbsize() == 0  # whoever was refused began nothing
    mark = store_mark(settings).path
    assert all(str(mark) in said for said in refusals)
    mark.unlink()
    connect_as_before(settings)
    assert mark.read_bytes().strip() == server.client().get("clu:life")


def test_whoever_knows_nothing_may_begin_anew_and_who_knew_better_notices(server: RedisServer, tmp_path: Path) -> None:
    here, elsewhere = settings_for(server, tmp_path / "here"), settings_for(server, tmp_path / "elsewhere")
    connect_as_before(here)
    empty(server, "flushed")
    connect_as_before(elsewhere)
    with pytest.raises(StoreRefused, match=f"does not hold the data.*{store_mark(here).path}"):
        connect_as_before(here)
    connect_as_before(elsewhere)


def test_two_redis_are_two_stores(server: RedisServer, tmp_path: Path) -> None:
    connect_as_before(settings_for(server, tmp_path))
    with RedisServer() as other:
        connect_as_before(settings_for(other, tmp_path))
    connect_as_before(settings_for(server, tmp_path))
    connect_as_before(settings_for(server, tmp_path).model_copy(update={"redis_url": f"{server.url[:-1]}1"}))


def test_one_that_may_lose_is_begun_anew_and_noted(server: RedisServer, tmp_path: Path) -> None:
    settings = settings_for(server, tmp_path, allow_lossy_redis=True)
    connect_as_before(settings)
    empty(server, "flushed")
    connect_as_before(settings)
    assert store_mark(settings).read() == server.client().get("clu:life")


def test_a_data_folder_that_cannot_be_written_costs_the_note_and_nothing_else(
    server: RedisServer, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("no folder")
    for _ in range(2):
        connect_as_before(settings_for(server, tmp_path / "taken"))


@pytest.mark.slow
def test_up_says_at_once_that_its_data_are_gone(tmp_path: Path) -> None:
    """Also those of the private server, whose folder was lost."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("CLUSTERER_")}
    env |= {"CLUSTERER_MODEL": "hashing", "CLUSTERER_DATA_DIR": str(tmp_path / "data")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "clusterer.cli.main", *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)

    assert run("status").returncode == 0
    assert run("status").returncode == 0
    shutil.rmtree(tmp_path / "data" / "redis")
    for command in (["up", "--port", "0"], ["serve", "--port", "0"], ["status"], ["doctor"]):
        done = run(*command)
        assert done.returncode == 1, done
        assert "Redis has lost its data" in done.stderr + done.stdout
    (mark,) = (tmp_path / "data").glob("store-*")
    mark.unlink()
    assert run("status").returncode == 0


# -- one that nobody expects to remember


def test_the_private_redis_of_the_library_may_lose() -> None:
    with api_of(Clusterer.in_memory(SETTINGS)) as api:
        assert api.get("/readyz").status_code == 200
