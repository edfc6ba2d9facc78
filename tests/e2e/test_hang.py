"""One article hangs its worker in C code, another ends it: both end up dead with a reason, the sixty-two around them are assigned."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults.articles import event_articles
from faults.fleet import Fleet, Process, observer
from faults.sabotage import HANGS, KILLS

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import CollectionStore

HANG_AFTER_S = 10.0  # so long that no busy machine keeps a worker from showing life


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="clusterer-hang-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.mark.slow
def test_articles_that_hang_or_kill_their_worker_are_put_aside(folder: Path) -> None:
    rows = event_articles(31, 2, seed=2)
    rows.insert(20, {"id": "hangs", "text": f"A text on which cleaning never ends: {HANGS}."})
    rows.insert(40, {"id": "kills", "text": f"A text on which the process ends: {KILLS}."})
    with EmbeddedRedis(folder, "everysec") as server:
        env = {
            "CLUSTERER_REDIS_URL": server.url,
            "CLUSTERER_DATA_DIR": str(folder),
            "CLUSTERER_MODEL": "hashing",
            "CLUSTERER_LEASE_S": "1",
            "CLUSTERER_LEADER_LEASE_S": "1",
            "CLUSTERER_HANG_AFTER_S": str(HANG_AFTER_S),
            "CLUSTERER_MAX_DELIVERIES": "2",
        }
        service = observer(server.url, folder)
        books = service.collection().books
        with Fleet(folder, env, sabotage="hostile_texts", warm=True) as fleet:
            service.collection().intake.accept([parse_article(row) for row in rows])
            worker = fleet.add_worker("articles1", "articles")
            fleet.add_beat().start()
            deaths = keep_running_until(worker, lambda: not books.queue_facts().inbox_length, timeout_s=900)
        service.drain()
        reasons = {article_id(books, seq): reason for seq, reason in books.dead(0, 10)}
        assert reasons == dict.fromkeys(("hangs", "kills"), "the worker crashed or hung 2 times while processing it")
        assert (books.books().assigned, books.books().pending) == (62, 0)
        assert audit(books).problems == ()
        assert "has given no sign of life for 10 s: killed" in worker.log.read_text()
        assert 4 <= deaths <= 6, "once in the common batch, then each article in its own tries"


def keep_running_until(worker: Process, done: Callable[[], bool], timeout_s: float) -> int:
    """Start the worker again whenever it has died; how often it died."""
    began, deaths = time.monotonic(), 0
    worker.start()
    while not done():
        assert time.monotonic() - began < timeout_s, worker.tail()
        if not worker.alive:
            deaths += 1
            worker.start()
        time.sleep(0.1)
    return deaths


def article_id(books: CollectionStore, seq: int) -> str:
    (facts,) = books.facts([seq])
    assert facts is not None
    return facts.article_id
