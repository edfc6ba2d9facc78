"""The service's processes, started for a test as they are in production, and the signals that hit them."""

from __future__ import annotations

import contextlib
import os
import runpy
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from clusterer.adapters.redis_programs import installed_servers
from clusterer.bootstrap import Clusterer
from clusterer.connections import connect_redis
from clusterer.settings import Settings

from .forks import begin

ROOT = Path(__file__).resolve().parents[2]
CELERY = ("-m", "clusterer_workers")


class Fork:
    """A Python program in a process that is forked from one with everything loaded; what is used of a Popen."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self._process = begin(_run_module, log, *argv[2:], **env)
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("a forked program", timeout or 0)
        return self._process.exitcode

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode


def _run_module(module: str, *arguments: str) -> None:
    """As `python -m`."""
    os.setpgid(0, 0)
    os.chdir(ROOT)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


@dataclass
class Process:
    """A program under a name, whose output goes to a file. Ended with everything it has started."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    warm: bool = False
    popen: subprocess.Popen[bytes] | Fork | None = None
    starts: int = 0

    @property
    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    @property
    def pid(self) -> int:
        assert self.popen is not None
        return self.popen.pid

    def start(self) -> None:
        assert not self.alive
        self.starts += 1
        with self.log.open("ab") as log:
            log.write(f"-- start {self.starts}\n".encode())
            log.flush()
            if self.warm:
                self.popen = Fork(self.argv, self.env, self.log)
                return
            self.popen = subprocess.Popen(
                self.argv,
                env={**os.environ, **self.env},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def signal(self, number: int) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """As the kernel's memory killer would."""
        self.signal(signal.SIGKILL)
        if self.popen is not None:
            self.popen.wait()

    def end(self) -> None:
        """Kill it and what it started."""
        if self.popen is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.kill()  # a fork that has no group yet

    def tail(self, lines: int = 15) -> str:
        """The end of what it printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@dataclass
class Fleet:
    """Named processes with a common environment; at the end of the context all are ended.

    warm: Python programs are forked from a process that has loaded what they need, so that a start takes a tenth of the CPU.
    """

    folder: Path
    env: Mapping[str, str]
    sabotage: str | None = None  # see sabotage.py
    warm: bool = False
    processes: dict[str, Process] = field(default_factory=dict)

    def add(self, name: str, *argv: str, **env: str) -> Process:
        """Define a Python program, `-m MODULE ARGUMENT...`; it is not started yet."""
        if self.sabotage:
            argv = ("-m", "tests.faults.sabotage", self.sabotage, *argv[1:])
        process = self._add(name, [sys.executable, *argv], env)
        process.warm = self.warm
        return process

    def add_worker(self, name: str, queue: str, **env: str) -> Process:
        options = ("-Q", queue, "-P", "solo", "-n", f"{name}@faults", "--without-gossip", "--without-mingle")
        return self.add(
            name,
            *CELERY,
            "worker",
            *options,
            "--without-heartbeat",
            CLUSTERER_ROLE=queue,
            **env,
        )

    def add_beat(self) -> Process:
        return self.add("beat", *CELERY, "beat", "--pidfile=")

    def add_redis(self, port: int) -> Process:
        """A server that logs every write; killed and started again, it has what it had."""
        data = self.folder / "redis"
        data.mkdir()
        options = {
            "port": str(port),
            "bind": "127.0.0.1",
            "dir": str(data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        arguments = [part for option, value in options.items() for part in (f"--{option}", value)]
        return self._add("redis", [installed_servers()[0].path, *arguments], {})

    def _add(self, name: str, argv: Sequence[str], env: Mapping[str, str]) -> Process:
        process = Process(name, argv, {**self.env, **env}, self.folder / f"{name}.log")
        self.processes[name] = process
        return process

    def __getitem__(self, name: str) -> Process:
        return self.processes[name]

    def start(self) -> None:
        for process in self.processes.values():
            process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self.processes.values()):
            process.end()


def free_port() -> int:
    """A TCP port on which nobody listens now, nor on the one ten thousand above, which a node of a Redis cluster takes too.

    Both are below those that a system gives away by itself, so that no connection of another process takes them before they are used.
    """
    while True:
        port = 10_000 + secrets.randbelow(12_000)
        with socket.socket() as listener, socket.socket() as bus, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            bus.bind(("127.0.0.1", port + 10_000))
            return port


def wait_for(what: str, condition: Callable[[], bool], timeout_s: float, poll_s: float = 0.1) -> float:
    """Seconds until the condition held. Raises TimeoutError naming `what`."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > timeout_s:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s")
        time.sleep(poll_s)
    return time.monotonic() - began


def wait_for_redis(url: str, timeout_s: float = 120.0) -> None:
    """Until the server answers; while it loads its log it does not."""

    def answers() -> bool:
        try:
            with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    wait_for(f"redis at {url}", answers, timeout_s)


def observer(url: str, data_dir: Path) -> Clusterer:
    """The service as the test itself uses it: sends no hints of its own, embeds nothing."""
    from clusterer.adapters.redis_store import RedisStore

    return Clusterer.over(RedisStore(connect_redis(url)), Settings(redis_url=url, data_dir=data_dir, model="hashing"))
