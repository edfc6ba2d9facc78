"""A process dies at each named step, another goes on: nothing is lost, nothing is done twice, readers saw nothing half done."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
import redis
from faults import stages
from faults.fleet import wait_for
from faults.forks import begin, end_of
from faults.stages import JOB_LEASE_S, NEXT_MODEL, articles, connected, work

from clusterer.bootstrap import Clusterer
from clusterer.environment import read_settings
from clusterer.pipeline.failpoints import STEPS
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit

NIGHTLY_STEPS = ("snapshot", "planned", "staged", "replayed", "flipped", "storylines", "told")
PUBLISHED = ("flipped", "storylines", "told")
MODEL_STEPS = ("reembedded", "adopted")
HELPED_STEPS = ("shards_offered", "shard_taken")  # with other workers alone, see test_night_helpers


@pytest.fixture
def log(redis_server: str, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the dying process writes; the settings are in the environment of both."""
    settings = {"REDIS_URL": redis_server, "MODEL": "hashing", "LEASE_S": "1", "LEADER_LEASE_S": "1", "BATCH_SIZE": "8"}
    for name, value in settings.items():
        monkeypatch.setenv(f"CLUSTERER_{name}", value)
    return tmp_path / "log"


def die_at(step: str, log: Path) -> None:
    code = end_of(begin(stages.main, log, CLUSTERER_FAILPOINT=step))
    assert code == -signal.SIGKILL, f"{step} was never reached: {log.read_text()[-2000:]}"


def go_on(service: Clusterer) -> None:
    """What the next process does: the client repeats what was not answered, leases run out, the work goes on."""
    service.collection().intake.accept([parse_article(row) for row in articles()])
    books = service.collection().books

    def done() -> bool:
        work(service, "second")
        return not books.books().pending

    wait_for("everything is assigned", done, 300)


@pytest.mark.parametrize("step", [step for step in STEPS if step not in MODEL_STEPS + HELPED_STEPS])
def test_a_process_that_dies_there_loses_and_doubles_nothing(step: str, log: Path) -> None:
    die_at(step, log)
    service = connected()
    books = service.collection().books
    assert books.position().generation == (2 if step in PUBLISHED else 1), (
        "readers see a whole generation or the old one"
    )
    left = audit(books)
    assert left.problems == (), "what the dead process left is consistent before anybody repairs it"
    assert service.sweep() == 0, "and nothing of it needs a repair"
    go_on(service)
    if step in NIGHTLY_STEPS:
        time.sleep(JOB_LEASE_S)
        run = service.collection().nightly.run("second", force=True)
        assert run.outcome == ("unchanged" if step in PUBLISHED else "published")
    assert len(books.generations()) <= 2, "the unfinished generation is gone"
    report = audit(books)
    assert report.problems == ()
    assert report.replayed
    expected = len(articles())
    assert (books.books().accepted, books.books().assigned) == (expected, expected)


@pytest.mark.parametrize(("step", "made"), [("correcting", False), ("corrected", True)])
def test_a_correction_is_made_and_binds_or_never_was(step: str, made: bool, log: Path) -> None:
    die_at(step, log)
    books = connected().collection().books
    assert len(books.cluster_ids("last_seen", None, 100)) == (11 if made else 12)
    assert [one.kind for one in books.corrections()] == (["must_link"] if made else [])


@pytest.mark.parametrize("step", MODEL_STEPS)
def test_a_change_of_model_that_dies_there_is_gone_on_with(step: str, log: Path) -> None:
    die_at(step, log)
    before = connected()
    books = before.collection().books
    former = before.encoder.fingerprint
    assert books.model() == (NEXT_MODEL.fingerprint if step == "adopted" else former), "all vectors or none"
    assert audit(books).problems == ()
    books.release_job("recluster", "first")  # its lease runs out in two minutes
    after = Clusterer.connect(read_settings(), encoder=NEXT_MODEL)
    done = after.collection().reembedder.run("second")
    assert (done.after, done.embedded) == (NEXT_MODEL.fingerprint, 0), "the dead process had made all vectors"
    go_on(after)
    report = audit(books)
    assert report.problems == ()
    assert (report.counts["assigned"], report.counts["vectors"]) == (len(articles()), 24)
