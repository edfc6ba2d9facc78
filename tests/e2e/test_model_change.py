"""`clusterer reembed` from hashed words to the shipped model, killed once, with a real Redis and the real model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest
import redis
from typer.testing import CliRunner

from clusterer.bootstrap import Clusterer
from clusterer.cli.main import app
from clusterer.evaluation.datasets import payload_from_row
from clusterer.pipeline.intake import parse_article
from clusterer.samples import sample_rows
from clusterer.settings import DEFAULT_MODEL, Settings

ARTICLES = [parse_article(payload_from_row(row)) for row in sample_rows()]


def killed_at(failpoint: str, *arguments: str, model: str) -> bool:
    """Whether the command, in a process of its own, came to that step and was killed there."""
    done = subprocess.run(
        [sys.executable, "-m", "clusterer.cli.main", *arguments],
        env={**os.environ, "CLUSTERER_MODEL": model, "CLUSTERER_FAILPOINT": failpoint},
        capture_output=True,
        timeout=500,
        check=False,
    )
    return done.returncode == -signal.SIGKILL


def answer(*arguments: str, model: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json"], env={"CLUSTERER_MODEL": model})
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refusal(*arguments: str, model: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--json"], env={"CLUSTERER_MODEL": model})
    assert result.exit_code == 1, result.output
    return result.stderr


@pytest.mark.usefixtures("redis_client")
def test_a_store_changes_its_model(
    redis_server: str, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUSTERER_REDIS_URL", redis_server)
    hashing = Clusterer.connect(Settings(redis_url=redis_server, model="hashing"))
    hashing.collection().intake.accept(ARTICLES)
    hashing.drain()
    assert killed_at("reembedded", "reembed", model=DEFAULT_MODEL)
    lease = "clu:{default}:job:recluster"  # the dead one's; a busy machine may need longer for what follows than its two minutes
    assert redis_client.expire(lease, 1_000)
    assert answer("search", "earthquake", model="hashing"), "the model before is still in use"
    assert "try again" in refusal("reembed", model=DEFAULT_MODEL)
    redis_client.delete(lease)
    done = answer("reembed", model=DEFAULT_MODEL)["default"]
    assert done["before"] == hashing.encoder.fingerprint != done["after"]
    assert "reembed" in refusal("search", "earthquake", model="hashing")
    found = answer("search", "a strong earthquake shook the coast", model=DEFAULT_MODEL)
    assert "quake" in json.dumps(found).casefold()
    assert answer("reembed", model=DEFAULT_MODEL)["default"] == {**done, "before": done["after"], "embedded": 0}
    assert answer("audit", model=DEFAULT_MODEL)["clean"]
