"""The nightly job or Redis dies at a named step while articles flow and people read: nobody sees half a clustering, nothing is lost.

What a process alone leaves behind at each step is tested in test_failpoints. Here a writer goes on assigning, readers go on asking, and
each night has something to publish: groupings by two thresholds take turns.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from faults.articles import Payload, event_articles
from faults.fleet import Fleet, free_port, wait_for, wait_for_redis
from faults.forks import START, begin, end_of

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Gone, MergedAway, StoreUnavailable
from clusterer.core.scoring.logits import logistic, logit_of
from clusterer.environment import read_settings
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.nightly import nightly
from clusterer.pipeline.upkeep.audit import audit
from clusterer.settings import Settings

STEPS = ("snapshot", "planned", "staged", "replayed", "flipped")
SPLITTING, GROUPING = 9.2, 0.0  # logits by which a join must be better than the weights ask for
LEASE_S = 0.5
PAUSE_S = 1.5
FIRST = 48  # articles before the first night
PATIENCE_S = 300.0  # for what comes about on any machine


@dataclass
class Crowd:
    """A writer and readers in threads of this process, each with its own connection, and what they found wrong."""

    settings: Settings
    stop: threading.Event = field(default_factory=threading.Event)
    assigned: list[str] = field(default_factory=list)  # ids of articles known to be in a cluster
    clusters: set[str] = field(default_factory=set)  # ids ever read
    generations: set[int] = field(default_factory=set)
    answers: int = 0
    wrong: list[str] = field(default_factory=list)

    def write(self) -> None:
        """Each article is sent until it was accepted, then worked on until it has a cluster."""
        service = Clusterer.connect(self.settings)
        for payload in stream():
            self._until_done(lambda payload=payload: service.collection().intake.accept([parse_article(payload)]))
            while not self.stop.is_set() and not self._is_assigned(service, str(payload["id"])):
                self._until_done(lambda: service.prepare("writer").done + service.assign("writer").done)
            if self.stop.wait(0.02 if len(self.assigned) < FIRST else 0.2):
                return

    def _is_assigned(self, service: Clusterer, article_id: str) -> bool:
        try:
            if service.collection().lookup.cluster_of(article_id).cluster is None:
                return False
        except MergedAway:
            pass
        except StoreUnavailable:
            return False
        self.assigned.append(article_id)
        return True

    def _until_done(self, work: Callable[[], object]) -> None:
        while not self.stop.is_set():
            try:
                work()
                return
            except StoreUnavailable:
                time.sleep(0.05)

    def read(self, seed: int) -> None:
        """Ask for an article's cluster and for all clusters. Every answer is of one generation, and no article or id is ever gone."""
        rng, lookup = random.Random(seed), Clusterer.connect(self.settings).collection().lookup
        while not self.stop.wait(0.02):
            try:
                page = lookup.clusters(ClusterFilter(), "size", 200, None).data
                if len(seen := {view.generation for view in page}) > 1:
                    self.wrong.append(f"one answer mixes generations {seen}")
                self.generations |= seen
                self.clusters |= {view.id for view in page}
                # The first articles may have come in since the clusters were listed.
                if not self.assigned or not self.clusters:
                    continue
                if lookup.cluster_of(rng.choice(self.assigned)).cluster is None:
                    self.wrong.append("an assigned article is in no cluster")
                lookup.cluster(rng.choice(sorted(self.clusters)))
                self.answers += 1
            except (MergedAway, Gone, StoreUnavailable):
                pass
            except Exception as error:
                self.wrong.append(repr(error))

    def __enter__(self) -> Crowd:
        self._threads = [threading.Thread(target=self.write, daemon=True)]
        self._threads += [threading.Thread(target=self.read, args=(seed,), daemon=True) for seed in (1, 2)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
        assert not [thread for thread in self._threads if thread.is_alive()]


def stream() -> Iterator[Payload]:
    """Articles without end, of events told again and again."""
    for seed in range(1_000):
        yield from ({**one, "id": f"{seed}/{one['id']}"} for one in event_articles(12, 4, seed))


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    """A Redis of its own that can be killed."""
    folder = Path(tempfile.mkdtemp(prefix="clusterer-nights-"))
    port = free_port()
    environment = {
        "CLUSTERER_REDIS_URL": f"redis://127.0.0.1:{port}",
        "CLUSTERER_DATA_DIR": str(folder),
        "CLUSTERER_MODEL": "hashing",
        "CLUSTERER_LEASE_S": "1",
        "CLUSTERER_LEADER_LEASE_S": "1",
        "CLUSTERER_LOG_LEVEL": "error",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with Fleet(folder, environment, warm=True) as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(environment["CLUSTERER_REDIS_URL"])
        yield fleet
    shutil.rmtree(folder, ignore_errors=True)


def finish_night(crowd: Crowd, stricter: float) -> None:
    """The next night, after one that died: it finds the way free and gets through, and readers see what it published."""
    time.sleep(LEASE_S)
    collection = service_at(stricter).collection()
    assert collection.nightly.run("next", force=True).outcome in ("published", "unchanged")
    published = collection.books.position().generation
    wait_for("somebody reads it", lambda: published in crowd.generations, PATIENCE_S)


def start_night(log: Path, stricter: float, pause_at: str = "", failpoint: str = "") -> tuple[BaseProcess, Event]:
    """A night in another process, and what is set when it first comes to the step at which it pauses a moment."""
    paused = START.Event()
    return begin(night, log, stricter, pause_at, paused, CLUSTERER_FAILPOINT=failpoint), paused


def check(crowd: Crowd) -> None:
    """Afterwards: the books balance, every accepted article is in a cluster, every id that was ever read means something."""
    service = Clusterer.connect(crowd.settings)
    books = service.collection().books

    def done() -> bool:
        service.prepare("last")
        service.assign("last")
        return not books.books().pending

    wait_for("everything is assigned", done, PATIENCE_S)
    assert crowd.wrong == []
    report = audit(books)
    assert report.problems == ()
    assert report.replayed
    assert books.books().accepted == books.books().assigned >= len(crowd.assigned) >= FIRST
    living = {cluster for _, cluster in books.cluster_ids("size", None, 100_000)}
    assert {books.resolve(cluster) for cluster in crowd.clusters} <= living
    flipped = {change.generation for change in books.changes(0, 100_000) if change.kind == "flipped"}
    assert crowd.generations <= flipped | {1}, "readers saw a generation that was never published"
    assert len(books.generations()) <= 2


@pytest.mark.slow
def test_nights_that_die_under_way(fleet: Fleet, tmp_path: Path) -> None:
    with Crowd(read_settings()) as crowd:
        wait_for("there is something to regroup", lambda: len(crowd.assigned) >= FIRST, PATIENCE_S)
        for number, step in enumerate(STEPS):
            stricter = GROUPING if number % 2 else SPLITTING
            log = tmp_path / step
            died, _ = start_night(log, stricter, failpoint=step)
            assert end_of(died) == -signal.SIGKILL, f"{step} was never reached: {log.read_text()[-2000:]}"
            finish_night(crowd, stricter)
        read_before = crowd.answers
        wait_for("readers still get answers", lambda: crowd.answers > read_before, PATIENCE_S)
    check(crowd)
    assert len(crowd.generations) >= len(STEPS) - 1


@pytest.mark.slow
def test_redis_dies_during_a_night(fleet: Fleet, tmp_path: Path) -> None:
    with Crowd(read_settings()) as crowd:
        wait_for("there is something to regroup", lambda: len(crowd.assigned) >= FIRST, PATIENCE_S)
        for number, step in enumerate(("snapshot", "staged", "replayed")):
            stricter = GROUPING if number % 2 else SPLITTING
            running, paused = start_night(tmp_path / step, stricter, pause_at=step)
            assert paused.wait(PATIENCE_S), (tmp_path / step).read_text()[-2000:]
            fleet["redis"].kill()
            fleet["redis"].start()
            wait_for_redis(read_settings().redis_url or "")
            code = end_of(running)
            assert code in (0, 1), "it went on with the Redis that came back, or gave up: both are fine"
            finish_night(crowd, stricter)
        known = len(crowd.assigned)
        wait_for("the writer goes on", lambda: len(crowd.assigned) > known, PATIENCE_S)
    check(crowd)
    assert fleet["redis"].starts == 4


def service_at(stricter: float) -> Clusterer:
    """The service, whose nightly job groups by weights that are so much stricter."""
    service = Clusterer.connect(read_settings())
    policy = replace(service.nightly_policy(), lease_s=LEASE_S)
    service.nightly_policy = lambda: policy
    shipped = service.weights()
    weights = replace(shipped, threshold=logistic(logit_of(shipped.threshold) + stricter))
    service.weights = lambda: weights
    return service


def night(stricter: float, pause_at: str, paused: Event) -> None:
    def pause(step: str) -> None:
        if step == pause_at and not paused.is_set():
            paused.set()
            time.sleep(PAUSE_S)

    if pause_at:
        nightly.reached = pause  # type: ignore[assignment]
    print(service_at(stricter).collection().nightly.run(f"night:{os.getpid()}", force=True).outcome)
