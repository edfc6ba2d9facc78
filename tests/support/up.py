"""`clusterer up` as a process of its own, with a data folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
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
from support.http import HTTP

START_S = 600.0
STOP_S = 300.0
WORK_S = 300.0


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

    def start(self, *options: str, port: int = 0) -> None:
        log = self.home / f"up-{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "clusterer.cli.main", "up", "--port", str(port), *options],
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


@contextlib.contextmanager
def own_up() -> Iterator[Up]:
    """Whatever works on the folder ends with it."""
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
