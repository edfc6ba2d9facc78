"""A night in which real workers help over a real Redis: the same clusters with none, one and two of them, and whoever dies."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import redis
from faults.articles import event_articles
from faults.fleet import Fleet, Process, free_port, wait_for, wait_for_redis
from faults.forks import begin, end_of
from support.events import break_up

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Conflict, NotFound
from clusterer.core.nightly import apart, search
from clusterer.environment import read_settings
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit

START_S = 300.0  # on a busy machine
LEASE_S = 0.5
NAME = "news"

pytestmark = [pytest.mark.slow]


@dataclass
class Scene:
    """A Redis with a collection of which a night mends clusters, and articles workers."""

    fleet: Fleet
    client: redis.Redis
    service: Clusterer

    @property
    def collection(self) -> Collection:
        return self.service.collection(NAME)

    def start(self, number: int, **env: str) -> list[Process]:
        """So many articles workers, ready."""
        workers = [self.fleet.add_worker(f"helper{place}", "articles", **env) for place in range(number)]
        for worker in workers:
            worker.start()
        wait_for("they are there", lambda: len(self.service.store.workers()) == number, START_S)
        return workers

    def when_called(self, then: Callable[[], object]) -> None:
        """What happens once the helpers have been called, before the night goes on."""
        hints = self.service.hints
        call = hints.night

        def night(collection: str, helpers: int) -> None:
            call(collection, helpers)
            then()

        hints.night = night  # type: ignore[method-assign]

    def open_shards(self) -> int:
        return int(self.client.llen(f"clu:{{{NAME}}}:shards:open"))

    def shard_keys(self) -> list[bytes]:
        return list(self.client.scan_iter(f"clu:{{{NAME}}}:shards*"))

    def until_lease_is_over(self) -> None:
        """Until another night may run, although one died."""

        def idle() -> bool:
            try:
                self.collection.nightly.check_idle()
            except Conflict:
                return False
            return True

        wait_for("its lease is over", idle, START_S)

    def until_idle(self) -> None:
        """Until the workers have done what they were told before: one that comes last is prepared after it."""
        self.service.collection().intake.accept(
            [parse_article({"id": f"idle{os.urandom(4).hex()}", "text": "The end."})]
        )
        wait_for("it is prepared", lambda: not self.service.collection().books.queue_facts().inbox_length, START_S)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    folder = Path(tempfile.mkdtemp(prefix="clusterer-helpers-"))
    url = f"redis://127.0.0.1:{(port := free_port())}"
    environment = {
        "CLUSTERER_REDIS_URL": url,
        "CLUSTERER_DATA_DIR": str(folder),
        "CLUSTERER_MODEL": "hashing",
        "CLUSTERER_LOG_LEVEL": "error",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with Fleet(folder, environment, warm=True) as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(url)
        service = sharing()
        service.store.create_collection(NAME, {})
        service.collection(NAME).intake.accept([parse_article(row) for row in event_articles(12, 4, seed=5)])
        service.drain()
        break_up(service.collection(NAME), service.clock)
        with redis.Redis.from_url(url) as client:
            yield Scene(fleet, client, service)
    shutil.rmtree(folder, ignore_errors=True)


def sharing() -> Clusterer:
    """The service, whose nights share the work on few articles."""
    service = Clusterer.connect(read_settings())
    policy = replace(service.nightly_policy(), lease_s=LEASE_S, shared_from=1)
    service.nightly_policy = lambda: policy
    return service


def night(scene: Scene) -> set[frozenset[int]]:
    """Who is with whom after it; then it is taken back."""
    collection = scene.collection
    assert collection.nightly.run("night", force=True).outcome == "published"
    assert audit(collection.books).problems == ()
    found = partition(collection)
    collection.nightly.rollback("test", "again")
    return found


def partition(collection: Collection) -> set[frozenset[int]]:
    books = collection.books
    return {frozenset(books.members(cluster, 0, 1_000)) for _, cluster in books.cluster_ids("size", None, 1_000)}


@pytest.mark.parametrize("helpers", [1, 2])
def test_none_one_and_two_workers_make_the_same_night(
    scene: Scene, helpers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = night(scene)
    assert alone != partition(scene.collection)
    monkeypatch.setattr(search, "SEARCH_SLICE", 8)
    monkeypatch.setattr(apart, "_PAIRS", 20)
    scene.start(helpers)
    scene.when_called(lambda: wait_for("all is taken", lambda: not scene.open_shards(), START_S))
    answered: list[tuple[int, bytes]] = []
    collect = scene.collection.books.take_back

    def noting(offer: str, lease_s: float) -> tuple[int | None, dict[int, bytes]]:
        number, answers = collect(offer, lease_s)
        answered.extend(answers.items())
        return number, dict(answers)

    monkeypatch.setattr(scene.collection.books, "take_back", noting)
    assert night(scene) == alone
    assert len(answered) > 6, "pairs were told apart too"
    assert not scene.shard_keys()


def test_a_helper_killed_after_it_took_a_shard_costs_nothing(scene: Scene) -> None:
    alone = night(scene)
    (worker,) = scene.start(1, CLUSTERER_FAILPOINT="shard_taken")
    scene.when_called(lambda: wait_for("it is dead", lambda: not worker.alive, START_S))
    assert night(scene) == alone
    assert worker.popen is not None
    assert worker.popen.returncode == -signal.SIGKILL
    assert not scene.shard_keys()


def test_a_night_killed_after_it_called_leaves_helpers_idle_and_the_next_goes_its_way(
    scene: Scene, tmp_path: Path
) -> None:
    alone = night(scene)
    workers = scene.start(1)
    died = begin(dying_night, log := tmp_path / "log", CLUSTERER_FAILPOINT="shards_offered")
    assert end_of(died) == -signal.SIGKILL, log.read_text()[-2000:]
    wait_for("its shards were answered for nobody", lambda: not scene.open_shards(), START_S)
    scene.until_idle()
    scene.until_lease_is_over()
    assert all(0 < scene.client.pttl(key) <= 600_000 for key in scene.shard_keys())
    assert night(scene) == alone
    assert workers[0].alive
    assert not scene.shard_keys()


def dying_night() -> None:
    sharing().collection(NAME).nightly.run("dies", force=True)


def test_a_worker_of_another_release_takes_nothing(scene: Scene) -> None:
    scene.service.version = "another"
    alone = night(scene)
    scene.start(1)
    left: list[int] = []

    def note() -> None:
        scene.until_idle()
        left.append(scene.open_shards())

    scene.when_called(note)
    assert night(scene) == alone
    assert min(left) >= 1


def test_a_collection_deleted_while_a_helper_is_at_work_leaves_nothing(scene: Scene) -> None:
    (worker,) = scene.start(1)

    def delete() -> None:
        wait_for("it has taken one", lambda: not scene.open_shards(), START_S)
        scene.service.store.delete_collection(NAME)

    scene.when_called(delete)
    nightly = scene.collection.nightly
    with pytest.raises(NotFound):
        nightly.run("night", force=True)
    scene.until_idle()
    assert worker.alive
    assert worker.starts == 1
    assert not list(scene.client.scan_iter(f"clu:{{{NAME}}}*"))
