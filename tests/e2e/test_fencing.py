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
from clusterer.bootstrap import Clusterer, connect_redis
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import CollectionStore

EVENTS, EACH = 200, 5
STOPS = 6
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
        with Fleet(folder, env) as fleet:
            prepare_all(service)
            for name in WRITERS:
                fleet.add_worker(name, "clusters")
            fleet.add_beat()
            fleet.start()
            books = service.collection().books
            stopped = stop_leaders(fleet, service, server.url)
            wait_for("everything is assigned", lambda: not books.books().pending, 120)
        refused = books.queue_facts().refused_commits
        assert stopped >= 5
        assert refused > 0, "no stale commit was even tried: nothing was put to the test"
        assert books.books().assigned == EVENTS * EACH
        assert audit(books).problems == ()
        assert events_by_cluster(books) == [{f"event{number}"} for number in range(EVENTS)]


def prepare_all(service: Clusterer) -> None:
    """Fill the ready stream, so that the writers have work from the first moment."""
    service.collection().intake.accept([parse_article(row) for row in event_articles(EVENTS, EACH, seed=1)])
    while service.prepare("test").done:
        pass


def stop_leaders(fleet: Fleet, service: Clusterer, url: str) -> int:
    """Stop whoever leads, in the middle of its work, until another has taken over; how often that was done."""
    rng = random.Random(3)
    books = service.collection().books
    stops = 0
    with connect_redis(url) as client:
        wait_for("the writers have begun", lambda: books.books().assigned > 0, 120)
        while books.books().pending and (stops < STOPS or not books.queue_facts().refused_commits):
            time.sleep(rng.uniform(0, 0.2))
            leader = client.get("clu:{default}:leader")
            name = leader and name_of(fleet, leader.decode())
            if not name:
                continue
            fleet[name].signal(signal.SIGSTOP)
            if books.books().pending:
                took_over = lambda: client.get("clu:{default}:leader") not in (leader, None)  # noqa: E731, B023
                wait_for("another takes over", took_over, 60, poll_s=0.02)
            fleet[name].signal(signal.SIGCONT)
            stops += 1
    return stops


def name_of(fleet: Fleet, worker: str) -> str | None:
    pid = int(worker.rpartition(":")[2])
    return next((name for name in WRITERS if fleet[name].pid == pid), None)


def events_by_cluster(books: CollectionStore) -> list[set[str]]:
    events: dict[str, set[str]] = defaultdict(set)
    for _, cluster_id in books.cluster_ids("size", None, 10_000):
        for facts in books.facts(books.members(cluster_id, 0, 10_000)):
            assert facts is not None
            events[cluster_id].add(facts.article_id.partition("/")[0])
    return sorted(events.values(), key=lambda names: int(min(names).removeprefix("event")))
