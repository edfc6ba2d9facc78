"""Real redis-servers with a port of their own, in the states that a service may meet one in."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis
from faults.fleet import free_port
from redis.backoff import NoBackoff
from redis.retry import Retry

from clusterer.adapters.redis_programs import installed_servers

_START_S = 120.0  # on a busy machine


@dataclass
class RedisServer:
    """A server on a loopback port, with a log of its writes unless `options` say otherwise. Use it as a context manager."""

    options: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="clusterer-server-")))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_as()

    def url_as(self, user: str = "", password: str = "") -> str:
        who = f"{user}:{password}@" if user or password else ""
        return f"redis://{who}127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """One that tries once."""
        return redis.Redis(port=self.port, retry=Retry(NoBackoff(), 0), socket_timeout=20)

    def start(self) -> None:
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "logfile": str(self.folder / "redis.log"),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            **self.options,
        }
        arguments = [part for option, value in options.items() for part in (f"--{option}", value)]
        # restore_signals: Python ignores SIGXFSZ, and so does the server then: a file that is too long is an error, no end.
        self.process = subprocess.Popen(
            [installed_servers()[0].path, *arguments],
            stdin=subprocess.DEVNULL,
            restore_signals=False,
            env=os.environ | self.env,
        )
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.client().ping()
                return
            except redis.BusyLoadingError:
                pass
            except redis.ResponseError:
                return
            except redis.ConnectionError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
            time.sleep(0.02)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def allow_files_of(self, limit_bytes: int) -> None:
        """No file of the server may grow beyond that: a full disk, as far as it can tell. -1: lift it."""
        assert self.process is not None
        _, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (limit_bytes, hard))

    def __enter__(self) -> RedisServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def busy(server: RedisServer) -> Iterator[None]:
    """A script of somebody else runs without an end, and the server has noticed."""
    server.client().config_set("lua-time-limit", 1)

    def run() -> None:
        with contextlib.suppress(redis.RedisError), server.client() as client:
            client.eval("while true do end", 0)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    wait_for_answer(server, "BUSY")
    try:
        yield
    finally:
        with server.client() as client:
            client.script_kill()
        thread.join(_START_S)


def fill_disk(server: RedisServer) -> None:
    """The server's log can grow no more, and it has noticed."""
    server.allow_files_of(1)
    wait_for_answer(server, "MISCONF", lambda client: client.set("clu:filler", "x"))


def wait_for_answer(server: RedisServer, code: str, ask: Callable[[redis.Redis], object] = redis.Redis.ping) -> None:
    """Until the server answers with this code."""

    def answers() -> bool:
        try:
            with server.client() as client:
                ask(client)
        except redis.ResponseError as error:
            return code in (getattr(error, "status_code", None), str(error).split()[0])
        return False

    wait_until(answers)


def wait_until(holds: Callable[[], bool]) -> None:
    """Raises TimeoutError when it never does."""
    deadline = time.monotonic() + _START_S
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("it never came about")
        time.sleep(0.02)
