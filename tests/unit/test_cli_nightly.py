"""The nightly job from the command line: when it is due, what limits it, what is kept of a run; words in the proof of erasure."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from support.kept import Kept
from typer.testing import CliRunner, Result

from clusterer.bootstrap import Clusterer
from clusterer.cli import nightly
from clusterer.cli.main import app
from clusterer.core.cluster_records import Regroup
from clusterer.samples import sample_rows
from clusterer.settings import Settings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str, code: int = 0) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def fill(_: redis.Redis) -> None:
    text = "".join(json.dumps(row) + "\n" for row in sample_rows())
    assert CliRunner().invoke(app, ["ingest", "-"], input=text).exit_code == 0
    service = Clusterer.connect(Settings())
    service.drain()
    books = service.collection().books
    (_, one), (_, other) = books.cluster_ids("size", None, 2)
    step = Regroup("merged", one, other, tuple(books.members(one, 0, 1_000)))
    assert books.regroup(None, books.position().generation, [step], service.clock.now())


SAMPLE = Kept(fill)


@pytest.fixture(autouse=True)
def _sample(redis_server: str, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample stream, all assigned, with two clusters merged that are different events."""
    monkeypatch.setenv("CLUSTERER_REDIS_URL", redis_server)
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    SAMPLE.put(redis_client)


def test_a_run_that_is_due_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer("recluster", "--if-due") == {"outcome": "not due"}  # all articles came after the hour
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr("clusterer.bootstrap.SystemClock.now", lambda _: tomorrow)
    assert answer("recluster", "--if-due", "--force")["outcome"] == "published"
    assert answer("recluster", "--if-due") == {"outcome": "not due"}
    assert "not due" in run("recluster", "--if-due").stdout
    assert len(answer("runs")) == 1


def test_without_an_hour_nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_RECLUSTER_AT", "off")
    result = run("recluster", "--if-due")
    assert result.exit_code == 2
    assert "CLUSTERER_RECLUSTER_AT" in result.stderr


def test_the_environment_sets_the_guards_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_MAX_MOVED_RATIO", "0.001")
    monkeypatch.setenv("CLUSTERER_MAX_COHERENCE_LOSS", "0")
    monkeypatch.setenv("CLUSTERER_MAX_LARGEST_RATIO", "0.5")
    limits = Clusterer.connect(Settings()).nightly_policy().limits
    assert (limits.max_moved_ratio, limits.max_coherence_loss, limits.max_largest_ratio) == (0.001, 0, 0.5)


def test_a_run_that_was_rolled_back_is_listed_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # so that no cell is folded
    answer("recluster", "--force")
    assert "rolled back" not in run("runs").stdout
    assert "would produce the same plan" in " ".join(run("rollback", "--reason", "looks wrong").stdout.split())
    assert "rolled back" in " ".join(run("runs").stdout.split())


def test_a_run_is_kept_with_its_reason() -> None:
    forced = answer("recluster", "--force", "--actor", "ada", "--reason", "looked at it")
    assert (forced["outcome"], forced["actor"], forced["reason"]) == ("published", "ada", "looked at it")
    assert answer("runs")[0]["reason"] == "looked at it"


def test_a_dry_run_says_which_clusters_would_change() -> None:
    run_ = answer("recluster", "--dry-run")
    plan = run_["plan"]
    assert len(plan["split"]) == run_["figures"]["split"] > 0
    parted = plan["split"][0]
    title = answer("show", "cluster", parted["origin"]["id"])["cluster"]["title"]
    assert (parted["origin"]["title"], parted["target"]["id"]) == (title, None)
    assert parted["origin"]["articles_before"] >= parted["origin"]["articles_after"] + parted["articles"]
    printed = run("recluster", "--dry-run").stdout
    assert "would be split" in printed
    assert parted["origin"]["id"] in printed
    assert "(new)" in printed


def test_people_are_shown_the_first_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "_SHOWN", 0)
    assert re.search(r"and \d+ more; --json lists up to 500", run("recluster", "--dry-run").stdout)


def test_the_proof_of_erasure_looks_for_words_too() -> None:
    row = next(row for row in sample_rows() if row.get("text"))
    others = " ".join(str(other.get("text")) + str(other.get("html")) for other in sample_rows() if other is not row)
    own = next(word for word in re.findall(r"[a-z]{8,}", row["text"]) if word in others)
    assert answer("erase", row["id"], "--yes")["seqs"]
    assert answer("audit", "--erased", row["id"])["clean"]
    found = answer("audit", "--erased", row["id"], "--words", own, code=1)
    assert found["traces"], "another article has this word, so it is found"
    told = " ".join(run("audit", "--erased", row["id"], "--words", own).stdout.split())
    assert "nothing is left that names it, but some of the words are in" in told
    assert "choose words that occurred in the erased article alone" in told


def test_links_are_told_in_words() -> None:
    first, second = [row["id"] for row in sample_rows() if row.get("text") and row.get("id")][1:3]
    by = ("--actor", "ada", "--reason", "two events")
    told = run("correct", "cannot-link", first, second, *by).stdout
    assert f"{first} and {second}: never together; its key is link:" in " ".join(told.split())
