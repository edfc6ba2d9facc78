"""`clusterer demo` as a stranger runs it: real model, real workers, embedded Redis, nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from clusterer.samples import bad_lines, sample_rows

TIMEOUT_S = 900


@pytest.fixture(scope="module")
def home() -> Path:
    return Path(tempfile.mkdtemp(prefix="clusterer-demo-test-"))


@pytest.fixture(scope="module")
def report(home: Path) -> dict[str, Any]:
    """What the demo prints as JSON."""
    # A Redis that is configured is none of the demo's business.
    environment = {**os.environ, "TMPDIR": str(home), "CLUSTERER_REDIS_URL": "redis://localhost:1/0"}
    done = subprocess.run(
        [sys.executable, "-m", "clusterer.cli.main", "demo", "--json"],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    document: dict[str, Any] = json.loads(done.stdout)
    return document


pytestmark = [pytest.mark.slow, pytest.mark.timeout(TIMEOUT_S + 20)]


def test_every_article_is_assigned_and_the_books_balance(report: dict[str, Any]) -> None:
    assert report["passed"]
    assert report["articles"] == report["assigned"] >= len(sample_rows())
    assert report["audit"]["clean"]
    assert sum(cluster["article_count"] for cluster in report["clusters"]) == report["articles"]


def test_clusters_follow_the_events(report: dict[str, Any]) -> None:
    assert report["agreement"] > 0.85


def test_copies_come_with_evidence(report: dict[str, Any]) -> None:
    kinds = {relation["kind"] for view in report["related"] for relation in view["relations"]}
    assert kinds >= {"exact", "near", "excerpt_of", "version_of"}
    assert all(relation["evidence"] for view in report["related"] for relation in view["relations"])


def test_cuts_and_refusals_come_with_reasons(report: dict[str, Any]) -> None:
    assert report["cuts"]
    assert all(cut["text"] and cut["reason"] for cut in report["cuts"])
    assert len(report["refused"]) + report["articles"] == len(bad_lines()) + len(sample_rows())
    assert all(one["reason"] for one in report["refused"])


def test_the_explanation_adds_up(report: dict[str, Any]) -> None:
    decision = report["explanation"]["decision"]
    total = decision["intercept"] + sum(term["contribution"] for term in decision["terms"])
    assert total == pytest.approx(decision["logit"])
    assert report["explanation"]["summary"]


def test_nothing_is_left_behind(report: dict[str, Any], home: Path) -> None:
    del report
    assert [path.name for path in home.iterdir() if "clusterer" in path.name] == []
    assert not (home / ".clusterer").exists()
