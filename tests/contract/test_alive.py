"""The health check of workers and beat, against a real Redis."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest
from clusterer_workers.alive import alive, main
from clusterer_workers.process import WorkerProcess

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.bootstrap import Clusterer
from clusterer.settings import HASHING_MODEL, Settings


def test_worker_is_alive_while_its_heartbeat_stands(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as redis:
        settings = Settings(redis_url=redis.url, data_dir=tmp_path, model=HASHING_MODEL)
        store = Clusterer.connect(settings).store
        store.heartbeat(f"articles@{socket.gethostname()}/a1:1", "articles", 60)
        store.heartbeat("clusters@elsewhere/a1:1", "clusters", 60)
        assert alive("articles", settings)
        assert not alive("clusters", settings)
        store.heartbeat(f"articles@{socket.gethostname()}/a1:1", "articles", 0.05)
        time.sleep(0.2)
        assert not alive("articles", settings)


def test_a_worker_takes_those_off_the_list_that_were_killed_here(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    here = socket.gethostname()
    with EmbeddedRedis(tmp_path) as redis:
        service = Clusterer.connect(Settings(redis_url=redis.url, data_dir=tmp_path, model=HASHING_MODEL))
        for name in (
            f"articles@{here}/a1:{gone.pid}",
            f"articles@{here}/a1:{os.getpid()}",
            f"articles@elsewhere/a1:{gone.pid}",
        ):
            service.store.heartbeat(name, "articles", 60)
        process = WorkerProcess(service, "clusters", 60)
        process.start()
        assert f"articles@{here}/a1:{gone.pid}" not in service.store.workers()
        assert {
            f"articles@{here}/a1:{os.getpid()}",
            f"articles@elsewhere/a1:{gone.pid}",
        } <= service.store.workers().keys()
        service.store.heartbeat(process.name, "clusters", 60)
        process.stop()
        assert process.name not in service.store.workers()


def test_workers_of_one_number_on_machines_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """As in two containers with the network of their host: a writer that took the other's lease for its own would not be fenced."""
    with EmbeddedRedis(tmp_path) as redis:
        settings = Settings(redis_url=redis.url, data_dir=tmp_path, model=HASHING_MODEL)
        service = Clusterer.connect(settings)
        names = [WorkerProcess(service, "clusters", 60).name for _ in range(2)]
        books = service.collection().books
        assert [books.claim(name, 60) for name in names] == [1, None]
        for name in names:
            service.store.heartbeat(name, "clusters", 60)
        assert set(service.store.workers()) == set(names)
        assert alive("clusters", settings)


def test_unreachable_redis_is_unhealthy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLUSTERER_REDIS_URL", f"unix://{tmp_path}/no.sock")
    assert main("articles") == 1


def test_beat_is_alive_while_it_touches_its_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert not alive("beat", settings)
    sign = tmp_path / "beat-alive"
    sign.touch()
    assert alive("beat", settings)
    for off_s in (-3600, 3600):  # silent for long, or the clock was put back since
        os.utime(sign, (time.time() + off_s, time.time() + off_s))
        assert not alive("beat", settings)
