"""What passes by itself, under `clusterer up`: a full disk, a blocking script, a step of the clock; and a Redis that was emptied."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest
import redis
from support.http import HTTP
from support.servers import RedisServer

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.store_mark import StoreMark
from clusterer.core.model import Article
from clusterer.core.records import Revision

from .articles import endless_stream
from .client import Client
from .fleet import Process, observer, wait_for
from .verdict import judge

START_S, RECOVER_S = 400.0, 400.0  # on a busy machine
DISK_BYTES = 48 * 2**20
HOLD_S = 6.0


class Up:
    """`clusterer up` on a folder of its own, on a small file system where the machine lets us make one."""

    def __init__(self, home: Path, **env: str) -> None:
        self.home = home
        self.data = home / "disk" / "data"
        self.data.parent.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(self.data.parent)]
        self.small = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        own = {"CLUSTERER_MODEL": "hashing", "CLUSTERER_RECLUSTER_AT": "off", "CLUSTERER_DATA_DIR": str(self.data)}
        command = [sys.executable, "-m", "clusterer.cli.main", "up", "--port", "0"]
        self.process = Process("up", command, own | env, home / "up.log")
        self.url = ""

    @property
    def redis_url(self) -> str:
        return EmbeddedRedis(self.data).url

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url, socket_timeout=60)

    def start(self) -> None:
        before = len(self.text())
        self.process.start()
        wait_for("up is ready", lambda: "ready: " in self.text()[before:], START_S)
        (self.url,) = re.findall(r"ready: (\S+)", self.text()[before:])
        wait_for("workers are there", lambda: self.workers() >= {"articles", "clusters"}, START_S)

    def text(self) -> str:
        return self.process.log.read_text(errors="replace") if self.process.log.exists() else ""

    def workers(self) -> set[str]:
        answer = self.ask("/readyz")
        return set(answer.json()["workers"]) if answer is not None and answer.status_code == 200 else set()

    def ask(self, path: str) -> httpx.Response | None:
        """None while the API does not answer."""
        try:
            return HTTP.get(self.url + path, timeout=10)
        except httpx.HTTPError:
            return None

    def status(self) -> int:
        answer = self.ask("/readyz")
        return answer.status_code if answer is not None else 0

    def stop(self) -> None:
        self.process.signal(signal.SIGTERM)
        assert self.process.popen is not None
        assert self.process.popen.wait(RECOVER_S) == 0

    def end(self) -> None:
        self.process.end()
        for other in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if str(self.home) in " ".join(other.cmdline()) or other.environ().get("CLUSTERER_DATA_DIR") == str(
                    self.data
                ):
                    other.kill()
        if self.small:
            subprocess.run(["umount", "--lazy", str(self.data.parent)], check=False)

    @contextlib.contextmanager
    def full_disk(self) -> Iterator[None]:
        ballast = self.data.parent / "ballast"
        if self.small:
            with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
                left = os.statvfs(self.data.parent)
                for _ in range((left.f_bavail * left.f_frsize - 40_000) // 4096):
                    file.write(bytes(4096))
            yield
            ballast.unlink()
            return
        with self.client() as client:
            pid = int(client.info("server")["process_id"])
        limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, limits[1]))
        yield
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        def run() -> None:
            with contextlib.suppress(redis.RedisError), self.client() as client:
                client.config_set("lua-time-limit", 500)
                client.eval("while true do end", 0)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield
        with self.client() as client:
            client.script_kill()
        thread.join(30)


def make_up(**env: str) -> Iterator[Up]:
    # pytest's own folders can be too long for a socket's path
    home = Path(tempfile.mkdtemp(prefix="clusterer-outage-"))
    up = Up(home, **env)
    try:
        yield up
    finally:
        up.end()
        shutil.rmtree(home, ignore_errors=True)


def outage(up: Up, fault: contextlib.AbstractContextManager[None], hold_s: float = HOLD_S) -> None:
    """Not ready while it lasts, ready again afterwards, and the same supervisor all along."""
    with fault:
        wait_for("it is noticed", lambda: up.status() != 200, RECOVER_S)
        time.sleep(hold_s)
        assert up.process.alive, up.process.tail()
    wait_for("it is ready again", lambda: up.status() == 200, RECOVER_S)
    assert up.process.alive, up.process.tail()


@contextlib.contextmanager
def articles(up: Up, seed: int) -> Iterator[Client]:
    """Come in all the time; at the end all are worked off, and what was promised is checked."""
    client = Client(up.url, endless_stream(seed), per_s=25, limit=100_000, seed=seed, may_post=lambda: True)
    client.start()
    service = observer(up.redis_url, up.data)
    books = service.collection().books
    wait_for("articles are assigned", lambda: books.books().assigned > 0, RECOVER_S)
    yield client
    client.stop(RECOVER_S)
    drained_s = wait_for("all is worked off", lambda: not _unless_away(lambda: books.books().pending), RECOVER_S)
    report = judge(service.collection(), client, events_exact=False)
    print(json.dumps(report | {"drained_s": drained_s}, indent=1))
    assert report["problems"] == []
    assert report["promised"] == report["accepted"] == report["assigned"]


def _unless_away(ask: Callable[[], int]) -> int:
    with contextlib.suppress(Exception):
        return ask()
    return 1


@pytest.fixture
def up() -> Iterator[Up]:
    yield from make_up(CLUSTERER_APPENDFSYNC="everysec")


@pytest.mark.timeout(3_000)
def test_a_full_disk_and_a_busy_redis_are_waited_for_and_an_emptied_one_takes_nothing(up: Up) -> None:
    up.start()
    with articles(up, seed=11):
        outage(up, up.full_disk())
        outage(up, up.busy())
    with up.client() as client:
        client.flushall()
    article = {"id": "after", "text": "The river rose at Lowfield on Monday."}
    assert HTTP.post(f"{up.url}/v1/articles", json=article).status_code == 503
    assert up.status() == 503
    up.stop()
    with EmbeddedRedis(up.data) as server:  # nobody begins anew what nobody said is lost
        mark = StoreMark(up.data, server.url)
        assert mark.read()
        mark.forget()
    up.start()
    assert HTTP.post(f"{up.url}/v1/articles", json=article).status_code == 202
    books = observer(up.redis_url, up.data).collection().books
    wait_for("it is assigned", lambda: books.books().assigned == 1, RECOVER_S)
    up.stop()


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """A file of seconds by which processes with the environment of `shifted` see the time of day shifted."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: the clock cannot be shifted")
    source = Path(__file__).with_name("shift.c")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(tmp_path / "shift.so"), str(source), "-ldl"], check=True
    )
    (tmp_path / "shift").write_text("0")
    return tmp_path / "shift"


@pytest.fixture
def shifted(clock: Path) -> Iterator[Up]:
    yield from make_up(LD_PRELOAD=str(clock.with_name("shift.so")), CLOCK_SHIFT=str(clock))


@pytest.mark.timeout(3_000)
def test_a_redis_that_ends_on_a_full_disk_comes_back_and_a_step_of_the_clock_silences_nothing(
    shifted: Up, clock: Path
) -> None:
    """With a sync after each write Redis does not answer an error, it ends; without room it is not started."""
    shifted.start()
    with articles(shifted, seed=12):
        outage(shifted, shifted.full_disk())
        clock.write_text("3600")
        time.sleep(4)
        clock.write_text("0")
    shifted.stop()


def test_articles_leased_before_the_clock_was_put_back_come_free(clock: Path) -> None:
    env = {"LD_PRELOAD": str(clock.with_name("shift.so")), "CLOCK_SHIFT": str(clock)}
    with RedisServer(env=env) as server:
        books = observer(server.url, clock.parent).collection().books
        books.accept(
            [Revision(Article(id="a", collection="default", text="The river rose."), "0" * 32, datetime.now(UTC))]
        )
        clock.write_text("3600")
        assert len(books.lease("inbox", "dead", 64, 0.2)) == 1
        clock.write_text("0")
        time.sleep(0.3)
        assert books.lease("inbox", "w2", 64, 0.2) == []
        books.sweep()
        time.sleep(0.3)
        assert [leased.deliveries for leased in books.lease("inbox", "w2", 64, 0.2)] == [2]
