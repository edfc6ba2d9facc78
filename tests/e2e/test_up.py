"""`clusterer up`: everything with one command, stopped, killed and started again, with nothing lost."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from urllib.parse import quote

import pytest
from support.http import HTTP
from support.up import START_S, WORK_S, Up, until

from clusterer.samples import sample_rows

FERRY = {
    "id": "halvern courier/ferry 1",
    "title": "Ferry aground off Tessaly, passengers taken off by boat",
    "text": "The ferry Merel ran aground in fog off Tessaly on Sunday. Fishing boats took all 214 passengers off. "
    "Nobody was hurt, the coast guard said, and tugs will try to pull the ship free at high water on Monday.",
    "source": "Halvern Courier",
    "published_at": "2026-03-08T18:00:00Z",
    "lang": "en",
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]


def rows() -> str:
    return "".join(json.dumps(row) + "\n" for row in sample_rows())


def test_stopped_and_started_and_killed_it_goes_on(up: Up) -> None:
    up.start("--articles-workers", "2")
    assert up.run("ingest", "-", "--wait", text=rows())["accepted"] == len(sample_rows())
    posted = HTTP.post(f"{up.url}/v1/articles", json=FERRY)
    assert posted.status_code == 202
    cluster_id = up.cluster_of(FERRY["id"])
    order = HTTP.post(f"{up.url}/v1/admin/recluster", params={"actor": "ada", "reason": "late import", "force": "true"})
    assert order.status_code == 202
    told = until(lambda: up.get("/v1/admin/runs").get("data"), WORK_S, "the report of a run by a worker")
    assert (told[0]["actor"], told[0]["reason"]) == ("ada", "late import")
    cluster_id = up.cluster_of(FERRY["id"])
    assert up.stop() == 0
    assert list(up.home.glob("celerybeat*")) == []  # nothing is left where the command was given

    up.start()
    second = second_up(up, up.environment)
    assert "clusterer up runs already with the data in" in second.stderr
    assert up.process is not None
    assert f"(process {up.process.pid})" in second.stderr
    assert up.cluster_of(FERRY["id"]) == cluster_id
    assert up.run("ingest", "-", text=rows())["known"] == len(sample_rows())
    tell_again(up, "later", cluster_id)  # known copies and open clusters came back from Redis

    children = up.children()
    assert set(children) == {"redis-server", "articles", "clusters", "beat", "serve"}
    for child in children.values():
        child.kill()
    until(lambda: up.children().keys() == children.keys(), START_S, "new children")
    assert {child.pid for child in up.children().values()}.isdisjoint(child.pid for child in children.values())
    until(up.workers, START_S, "the API and its Redis")
    tell_again(up, "much later", cluster_id)
    assert up.stop(signal.SIGINT) == 0
    audit = up.run("audit")  # starts Redis for itself
    assert audit["clean"]
    assert audit["collections"]["default"]["counts"]["assigned"] == len(sample_rows()) + 3


def tell_again(up: Up, article_id: str, cluster_id: str) -> None:
    """A copy of the report ends in the same cluster. Its cluster is told before it is committed, so that is waited for as well."""
    again = {**FERRY, "id": article_id, "text": FERRY["text"] + " Divers found no damage to the hull."}
    assert HTTP.post(f"{up.url}/v1/articles", json=again).status_code == 202
    assert up.cluster_of(article_id) == cluster_id
    until(
        lambda: up.get(f"/v1/articles/{quote(article_id)}").get("state") == "assigned", WORK_S, f"{article_id} assigned"
    )


def second_up(up: Up, environment: dict[str, str], port: int = 0) -> subprocess.CompletedProcess[str]:
    """One that cannot start, which it says in a line."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "clusterer.cli.main", "up", "--port", str(port)],
        env=environment,
        cwd=up.home,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    return done


def test_a_taken_port_is_said_at_once(up: Up) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = second_up(up, {**up.environment, "CLUSTERER_DATA_DIR": str(up.home / "other")}, port)
    assert str(port) in done.stderr
