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

from clusterer.bootstrap import Clusterer
from clusterer.evaluation.datasets import payload_from_row
from clusterer.pipeline.intake import parse_article
from clusterer.samples import sample_rows
from clusterer.settings import DEFAULT_MODEL, Settings

ARTICLES = [parse_article(payload_from_row(row)) for row in sample_rows()]


def command(*arguments: str, model: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clusterer.cli.main", *arguments, "--json"],
        env={**os.environ, "CLUSTERER_MODEL": model, **environment},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def answer(*arguments: str, model: str) -> Any:
    done = command(*arguments, model=model)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.usefixtures("redis_client")
def test_a_store_changes_its_model(
    redis_server: str, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUSTERER_REDIS_URL", redis_server)
    hashing = Clusterer.connect(Settings(redis_url=redis_server, model="hashing"))
    hashing.collection().intake.accept(ARTICLES)
    hashing.drain()
    killed = command("reembed", model=DEFAULT_MODEL, CLUSTERER_FAILPOINT="reembedded")
    assert killed.returncode == -signal.SIGKILL
    lease = "clu:{default}:job:recluster"  # the dead one's; a busy machine may need longer for what follows than its two minutes
    assert redis_client.expire(lease, 1_000)
    assert answer("search", "earthquake", model="hashing"), "the model before is still in use"
    busy = command("reembed", model=DEFAULT_MODEL)
    assert busy.returncode == 1
    assert "try again" in busy.stderr
    redis_client.delete(lease)
    done = answer("reembed", model=DEFAULT_MODEL)["default"]
    assert done["before"] == hashing.encoder.fingerprint != done["after"]
    refused = command("search", "earthquake", model="hashing")
    assert refused.returncode == 1
    assert "reembed" in refused.stderr
    found = answer("search", "a strong earthquake shook the coast", model=DEFAULT_MODEL)
    assert "quake" in json.dumps(found).casefold()
    assert answer("reembed", model=DEFAULT_MODEL)["default"] == {**done, "before": done["after"], "embedded": 0}
    assert answer("audit", model=DEFAULT_MODEL)["clean"]
