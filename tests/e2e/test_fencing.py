"""Three writers, and the one that leads is stopped past its lease again and again: its late commits are refused, no event splits."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.articles import event_articles
from faults.fleet import Fleet, observer, wait_for

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.bootstrap import Clusterer
from clusterer.connections import connect_redis
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import CollectionStore

EVENTS, EACH = 40, 5  # as much work at a time as lasts longer than one stop
STOPS = 5
PATIENCE_S = 300.0
LEASE_S = 1.0
WRITERS = ("clusters1", "clusters2", "clusters3")


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="clusterer-fencing-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.mark.slow
def test_a_leader_that_wakes_late_cannot_split_an_event(folder: Path) -> None:
    with EmbeddedRedis(folder, "everysec") as server:
        env = {
            "CLUSTERER_REDIS_URL": server.url,
            "CLUSTERER_DATA_DIR": str(folder),
            "CLUSTERER_MODEL": "hashing",
            "CLUSTERER_LEASE_S": "2",
            "CLUSTERER_LEADER_LEASE_S": str(LEASE_S),
            "CLUSTERER_BATCH_SIZE": "8",
        }
        service = observer(server.url, folder)
        with Fleet(folder, env, warm=True) as fleet:
            prepare_more(service, 0)
            for name in WRITERS:
                fleet.add_worker(name, "clusters")
            fleet.add_beat()
            fleet.start()
            books = service.collection().books
            rounds = stop_leaders(fleet, service, server.url)
            wait_for("everything is assigned", lambda: not books.books().pending, PATIENCE_S)
        assert books.books().assigned == rounds * EVENTS * EACH
        assert audit(books).problems == ()
        told = sorted(f"{seed}/event{number}" for seed in range(rounds) for number in range(EVENTS))
        assert events_by_cluster(books) == [{event} for event in told]


def prepare_more(service: Clusterer, seed: int) -> None:
    """Fill the ready stream, so that the writers have work whenever one of them is stopped."""
    rows = event_articles(EVENTS, EACH, seed)
    service.collection().intake.accept([parse_article({**row, "id": f"{seed}/{row['id']}"}) for row in rows])
    while service.prepare("test").done:
        pass


def stop_leaders(fleet: Fleet, service: Clusterer, url: str) -> int:
    """Stop whoever leads, in the middle of its work, until another has taken over, and this so often that a stale commit was tried; how
    often there was more work.
    """
    rng = random.Random(3)
    books = service.collection().books
    stops, rounds, until = 0, 1, time.monotonic() + PATIENCE_S
    with connect_redis(url) as client:
        wait_for("the writers have begun", lambda: books.books().assigned > 0, PATIENCE_S)
        while stops < STOPS or not books.queue_facts().refused_commits:
            assert time.monotonic() < until, "no stale commit was even tried: nothing was put to the test"
            if books.books().pending < EVENTS * EACH // 2:
                prepare_more(service, rounds)
                rounds += 1
            time.sleep(rng.uniform(0, 0.2))
            leader = client.get("clu:{default}:leader")
            name = leader and name_of(fleet, leader.decode())
            if not name:
                continue
            fleet[name].signal(signal.SIGSTOP)
            passed_on = lambda: client.get("clu:{default}:leader") not in (leader, None)  # noqa: E731, B023
            done = lambda: not books.books().pending  # noqa: E731
            wait_for("another takes over", lambda: passed_on() or done(), PATIENCE_S, poll_s=0.02)  # noqa: B023
            fleet[name].signal(signal.SIGCONT)
            stops += 1
    return rounds


def name_of(fleet: Fleet, worker: str) -> str | None:
    pid = int(worker.rpartition(":")[2])
    return next((name for name in WRITERS if fleet[name].pid == pid), None)


def events_by_cluster(books: CollectionStore) -> list[set[str]]:
    events: dict[str, set[str]] = defaultdict(set)
    for _, cluster_id in books.cluster_ids("size", None, 10_000):
        for facts in books.facts(books.members(cluster_id, 0, 10_000)):
            assert facts is not None
            events[cluster_id].add(facts.article_id.rpartition("/")[0])
    return sorted(events.values(), key=min)
