"""`clusterer up`: everything with one command, stopped, killed and started again, with nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest
from support.http import HTTP

from clusterer.samples import sample_rows

START_S = 600.0
STOP_S = 300.0
WORK_S = 300.0
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


def until(holds: Callable[[], Any], limit_s: float, what: str) -> Any:
    """The first true answer."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        answer = holds()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {limit_s:.0f} s")


@dataclass
class Up:
    """A data folder, and the service that runs on it."""

    home: Path
    process: subprocess.Popen[bytes] | None = None
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("CLUSTERER_")}
        return {**own, "CLUSTERER_MODEL": "hashing", "CLUSTERER_DATA_DIR": str(self.home / "data")}

    def __post_init__(self) -> None:
        """Whatever lies in the folder where it is called, a user's own package `workers` included, is not imported."""
        for name in ("workers", "celery", "redis", "kombu"):
            (self.home / name).mkdir()
            (self.home / name / "__init__.py").write_text('raise SystemExit("imported from the current folder")')

    def start(self, *options: str) -> None:
        log = self.home / f"up-{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "clusterer.cli.main", "up", "--port", "0", *options],
                cwd=self.home,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        match = until(lambda: re.search(r"ready: (\S+)", log.read_text()), START_S, f"ready in {log}")
        self.url = match[1]
        until(lambda: self.workers() >= {"articles", "clusters"}, START_S, "workers")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def get(self, path: str) -> dict[str, Any]:
        """Empty while there is no answer, or none that helps."""
        try:
            answer: dict[str, Any] = HTTP.get(self.url + path).raise_for_status().json()
        except httpx.HTTPError:
            return {}
        return answer

    def workers(self) -> set[str]:
        """Roles of those that show life, once the service is ready."""
        return set(self.get("/readyz").get("workers", ()))

    def run(self, *arguments: str, text: str = "") -> Any:
        """What another command on the same folder prints as JSON."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "clusterer.cli.main", *arguments, "--json"],
            cwd=self.home,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=WORK_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2_000:]
        return json.loads(done.stdout)

    def cluster_of(self, article_id: str) -> str:
        """Waits until there is one."""
        path = f"/v1/articles/{quote(article_id, safe='')}/cluster"
        view = until(lambda: self.get(path).get("cluster"), WORK_S, f"a cluster of {article_id}")
        return str(view["id"])

    def children(self) -> dict[str, psutil.Process]:
        """Child processes by their role."""
        assert self.process is not None
        roles = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # a zombie counts as gone
                roles[_role(child)] = child
        return roles


def _role(process: psutil.Process) -> str:
    arguments = " ".join(process.cmdline())
    names = ("redis-server", "beat", "serve")
    return process.environ().get("CLUSTERER_ROLE") or next((name for name in names if name in arguments), arguments)


@pytest.fixture
def up() -> Iterator[Up]:
    # pytest's own folders can be too long for a socket's path
    with tempfile.TemporaryDirectory(prefix="clusterer-up-", ignore_cleanup_errors=True) as folder:
        service = Up(Path(folder))
        try:
            yield service
        finally:
            _end_all(service.home)


def _end_all(home: Path) -> None:
    """Every process that works on the folder."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("CLUSTERER_DATA_DIR", "").startswith(str(home)) or str(home) in " ".join(
                process.cmdline()
            ):
                process.kill()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def rows() -> str:
    return "".join(json.dumps(row) + "\n" for row in sample_rows())


def test_stopped_and_started_and_killed_it_goes_on(up: Up) -> None:
    up.start("--articles-workers", "2")
    assert up.run("ingest", "-", "--wait", text=rows())["accepted"] == len(sample_rows())
    posted = HTTP.post(f"{up.url}/v1/articles", json=FERRY)
    assert posted.status_code == 202
    cluster_id = up.cluster_of(FERRY["id"])
    assert up.stop() == 0
    assert list(up.home.glob("celerybeat*")) == []  # nothing is left where the command was given

    up.start()
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


def test_a_taken_port_is_said_at_once(up: Up) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-P", "-m", "clusterer.cli.main", "up", "--port", str(port)],
            env=up.environment,
            cwd=up.home,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert len(done.stderr.splitlines()) == 1
