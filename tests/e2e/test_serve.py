"""`clusterer serve` and other commands as processes: how they end, what they log, and what they leave."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis
from support.forked import run_module
from support.http import HTTP

from clusterer.adapters.embedded_redis import EmbeddedRedis

LIMIT_S = 300.0


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path, as sockets need it."""
    with tempfile.TemporaryDirectory(prefix="clusterer-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def started(home: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("CLUSTERER_")}
    own |= {"CLUSTERER_MODEL": "hashing", "CLUSTERER_DATA_DIR": str(home / "data"), "CLUSTERER_APPENDFSYNC": "everysec"}
    return subprocess.Popen(
        [sys.executable, "-m", "clusterer.cli.main", *arguments],
        cwd=home,
        env={**own, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        umask=0o022,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored by what runs in the background
    )


def read_until(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """The first line of standard error that matches."""
    assert process.stderr is not None
    seen = []
    while line := process.stderr.readline():
        seen.append(line)
        if match := re.search(pattern, line):
            return match
    raise AssertionError("".join(seen))


def server_runs(home: Path) -> bool:
    """Whether a redis-server holds the data folder open."""
    with (home / "data" / "redis" / "server.lock").open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def accepted(home: Path) -> int:
    """How many articles the server of the data folder has; 0 while there is none."""
    try:
        with redis.Redis.from_url(EmbeddedRedis(home / "data").url) as client:
            return int(client.hget("clu:{default}:counts", "accepted") or 0)  # type: ignore[arg-type]
    except redis.RedisError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_serve_stops_the_redis_that_it_started(home: Path, number: int, code: int) -> None:
    process = started(home, "serve", "--port", "0")
    try:
        url = read_until(process, r"API on (\S+)")[1]
        assert HTTP.get(f"{url}/healthz", timeout=LIMIT_S).status_code == 200
        assert server_runs(home)
        process.send_signal(number)
        assert process.wait(LIMIT_S) in (code, -number)
        assert not server_runs(home)
    finally:
        process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_any_command_that_is_ended_does(home: Path, number: int) -> None:
    process = started(home, "ingest", "-")
    assert process.stdin is not None
    try:
        for number_of_row in range(1_000):  # some batches; then it waits for more
            process.stdin.write(f'{{"id": "a{number_of_row}", "text": "The river Wend rose at Lowfield."}}\n')
        process.stdin.flush()
        until = time.monotonic() + LIMIT_S
        while accepted(home) == 0:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert server_runs(home)
        process.send_signal(number)
        assert process.wait(LIMIT_S) == 128 + number
        assert not server_runs(home)
    finally:
        process.kill()


def fastest_hundred_s(url: str) -> float:
    """Seconds for a hundred requests on one connection; on a busy machine, one of twenty times is left alone."""
    fastest_s = LIMIT_S
    with httpx.Client(base_url=url, timeout=LIMIT_S) as client:
        client.get("/healthz")
        for _ in range(20):
            began = time.perf_counter()
            for _ in range(100):
                assert client.get("/healthz").status_code == 200
            fastest_s = min(fastest_s, time.perf_counter() - began)
            if fastest_s < 3:
                break
    return fastest_s


@pytest.mark.slow
def test_what_serve_leaves_is_for_its_user_alone_and_its_log_is_json(home: Path) -> None:
    process = started(home, "serve", "--port", "0", CLUSTERER_LOG_FORMAT="json", CLUSTERER_RETENTON_DAYS="3")
    try:
        url = read_until(process, r"API on (http://[\w.:]+)")[1]
        # Without TCP_NODELAY each takes 40 ms or more, so that a hundred never take less than four seconds; with it, far less than one.
        assert fastest_hundred_s(url) < 3, "requests wait for acknowledgements"
        host, port = url.removeprefix("http://").split(":")
        article = {"id": "post/1", "text": "The river Wend rose at Lowfield."}
        assert HTTP.post(f"{url}/v1/articles", json=article, timeout=LIMIT_S).status_code == 202
        with socket.create_connection((host, int(port))) as hasty:  # hangs up in the middle of its body
            hasty.sendall(
                b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{"
            )
        metrics = ""
        until = time.monotonic() + LIMIT_S
        while 'status="499"' not in metrics and time.monotonic() < until:
            metrics = HTTP.get(f"{url}/metrics", timeout=LIMIT_S).text
        assert 'status="499"' in metrics
        assert 'status="500"' not in metrics
        for path in (home / "data").rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert stat.S_IMODE((home / "data").stat().st_mode) & 0o077 == 0
        process.terminate()
        assert process.stderr is not None
        rest = process.stderr.read().splitlines()
        assert process.wait(LIMIT_S) == 0
        records = [json.loads(line) for line in rest]
        assert not [record for record in records if record["level"] in ("error", "critical")]
        [posted] = [one for one in records if one["event"] == "request" and one["status"] == 202]
        assert posted["article"] == "post/1"
        assert posted["request_id"]
        assert "/metrics" not in [one.get("route") for one in records]  # asked for again and again, and it went well
    finally:
        process.kill()


@pytest.mark.slow
def test_a_misspelt_setting_is_named(home: Path) -> None:
    variables = {"CLUSTERER_RETENTON_DAYS": "3", "CLUSTERER_PORT_8000_TCP": "tcp://10.0.0.1:8000"}
    done = run_module("clusterer.cli.main", "config", CLUSTERER_DATA_DIR=str(home), **variables)
    assert done.returncode == 0
    assert "CLUSTERER_RETENTON_DAYS" in done.output
    assert "did_you_mean=CLUSTERER_RETENTION_DAYS" in done.output
    assert "PORT_8000_TCP" not in done.output
