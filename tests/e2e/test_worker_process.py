"""A worker process when its surroundings fail: Redis is late, the watchdog dies, an acknowledgement is lost."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis
from faults.articles import event_articles
from faults.fleet import Fleet, free_port, observer, wait_for, wait_for_redis
from support.receiver import receiving

from clusterer.adapters.redis_store.keys import SCHEMA
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import parse_article
from clusterer.settings import Settings

START_S = 240  # on a busy machine


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="clusterer-worker-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def port() -> int:
    return free_port()


def make_fleet(folder: Path, port: int, sabotage: str | None = None, **more: str) -> Fleet:
    env = more | {
        "CLUSTERER_REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "CLUSTERER_DATA_DIR": str(folder),
        "CLUSTERER_MODEL": "hashing",
    }
    return Fleet(folder, env, sabotage, warm=True)


@pytest.mark.slow
def test_a_worker_waits_for_redis_outlives_its_watchdog_and_ends_for_a_later_release(folder: Path, port: int) -> None:
    with make_fleet(folder, port) as fleet:
        worker = fleet.add_worker("articles1", "articles")
        worker.start()
        wait_for("it misses Redis", lambda: b"waiting_for_store" in worker.log.read_bytes(), START_S)
        fleet.add_redis(port).start()
        wait_for_redis(f"redis://127.0.0.1:{port}/0")
        service = observer(f"redis://127.0.0.1:{port}/0", folder)
        wait_for("it shows life", lambda: bool(service.store.workers()), START_S)
        (watchdog,) = psutil.Process(worker.pid).children()
        watchdog.kill()
        wait_for("another watches", lambda: watchdog.pid not in watchers(worker.pid), START_S)
        service.collection().intake.accept([parse_article(row) for row in event_articles(2, 2, seed=1)])
        fleet.add_beat().start()
        wait_for("it works", lambda: not service.collection().books.queue_facts().inbox_length, START_S)
        assert worker.starts == 1
        assert worker.alive
        redis.Redis.from_url(f"redis://127.0.0.1:{port}/0").set(SCHEMA, "999")  # a later release was started beside it
        wait_for("it stops for the later release", lambda: not worker.alive, START_S)
        assert worker.log.read_bytes().count(b"worker_of_another_release") == 1
        assert b"schema 999" in worker.log.read_bytes()


@pytest.mark.slow
def test_a_worker_killed_while_it_sends_webhooks_loses_none(folder: Path, port: int) -> None:
    """Each kill hits a delivery that is under way: the receiver has the message and its answer is on its way."""
    with receiving() as receiver, make_fleet(folder, port, CLUSTERER_WEBHOOKS_TO_PRIVATE_ADDRESSES="true") as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(f"redis://127.0.0.1:{port}/0")
        service = observer(f"redis://127.0.0.1:{port}/0", folder)
        collection = service.collection()
        endpoint = collection.webhooks.create(receiver.url)
        receiver.secret = endpoint.secret
        collection.intake.accept([parse_article(row) for row in event_articles(3, 2, seed=1)])
        service.drain()
        worker = fleet.add_worker("articles1", "articles")
        for _ in range(2):
            receiver.plan.extend([204, "stall"])
            heard = len(receiver.heard)
            worker.start()
            wait_for("a delivery is under way", lambda heard=heard: len(receiver.heard) >= heard + 2, START_S)
            worker.kill()
            for name in service.store.workers():  # its lease runs out in half a minute
                collection.books.release_job(f"webhook:{endpoint.id}", f"{name}/webhooks")
        worker.start()
        wait_for("all is told", lambda: len(receiver.taken) >= collection.books.position().change, 2 * START_S)
        assert receiver.taken == list(range(1, collection.books.position().change + 1))
        assert all(receiver.signed)


def watchers(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()] or [-1]


@pytest.mark.slow
def test_a_worker_that_celery_left_deaf_ends_itself(folder: Path, port: int) -> None:
    with make_fleet(folder, port, sabotage="lost_acknowledgements") as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(f"redis://127.0.0.1:{port}/0")
        worker = fleet.add_worker("clusters1", "clusters")
        fleet.add_beat().start()
        worker.start()
        wait_for("it ends", lambda: not worker.alive, START_S)
        assert worker.popen is not None
        assert worker.popen.returncode == -signal.SIGKILL
        assert b"worker_takes_no_messages" in worker.log.read_bytes()


@pytest.mark.slow
def test_a_worker_whose_shutdown_does_not_end_ends_itself(folder: Path, port: int) -> None:
    with make_fleet(folder, port, sabotage="endless_shutdown") as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(f"redis://127.0.0.1:{port}/0")
        worker = fleet.add_worker("clusters1", "clusters")
        worker.start()
        wait_for("it is ready", lambda: b"ready." in worker.log.read_bytes(), START_S)
        worker.signal(signal.SIGTERM)
        wait_for("it ends", lambda: not worker.alive, START_S)
        assert worker.popen is not None
        assert worker.popen.returncode == -signal.SIGKILL
        assert b"stop_took_too_long" in worker.log.read_bytes()


@pytest.mark.slow
def test_a_worker_that_takes_too_much_memory_ends_itself_after_a_task(folder: Path, port: int) -> None:
    url = f"redis://127.0.0.1:{port}/0"
    with make_fleet(folder, port, CLUSTERER_MAX_WORKER_BYTES="1000000") as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(url)
        books = Clusterer.connect(Settings(redis_url=url, data_dir=folder, model="hashing")).collection()
        books.intake.accept([parse_article(row) for row in event_articles(2, 2, seed=1)])  # sends the only hint
        worker = fleet.add_worker("articles1", "articles")
        worker.start()
        wait_for("it ends", lambda: not worker.alive, START_S)
        assert worker.popen is not None
        assert worker.popen.returncode == 0, "as when it is asked to"
        assert b"worker_too_large" in worker.log.read_bytes()
        assert books.books.queue_facts().inbox_length == 0, "the task that was begun is done"
