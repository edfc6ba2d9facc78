"""Runs the service's processes as children: restarts those that die, and ends them all together.

Nothing here is delicate, because every child may be killed at any moment: an article's fate is decided by the store's books alone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import IO, Self

import structlog

from clusterer.core.errors import ClustererError

log = structlog.get_logger(__name__)

_POLL_S = 0.1
_CHECK_EVERY_S = 1.0
_LONGEST_CHECK_DELAY_S = 8.0
_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 30.0
_SETTLED_AFTER_S = 10.0
_MOST_FALSE_STARTS = 5
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# Asks the kernel (prctl PR_SET_PDEATHSIG, Linux) to end the child with its parent, then becomes the child. As a program of its own,
# since code between fork and exec is unsafe in a process with threads. The parent may have died before the request: hence the check.
_LAUNCHER = """
import ctypes, os, sys
prctl = getattr(ctypes.CDLL(None), "prctl", None)
if prctl: prctl(1, 15, 0, 0, 0)
if os.getppid() != int(sys.argv[1]): sys.exit(1)
os.execvp(sys.argv[2], sys.argv[2:])
"""


class ChildFailed(ClustererError):
    """A child ends by itself each time it is started: something is wrong that restarting cannot mend."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running; `env` is added to the supervisor's own environment."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """Keeps `children` running from `start` to `stop`; the work is done in `poll`, which `run` calls until a signal comes.

    `output` takes what the children print (None: where this process prints). `check` is called about once a second and brings
    back what is not a child, such as the private Redis. Use all methods from one thread, and let that thread outlive the children.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        output: IO[bytes] | None = None,
        check: Callable[[], None] | None = None,
        grace_s: float = 10.0,
    ) -> None:
        self._watched = [_Watched(child, output) for child in children]
        self._check = check
        self._check_at = time.monotonic() + _CHECK_EVERY_S
        self._check_delay_s = _CHECK_EVERY_S
        self._failing = False
        self._failed_at = float("-inf")
        self._grace_s = grace_s
        self._signals = 0

    def start(self) -> None:
        """Start all children."""
        for watched in self._watched:
            watched.start()

    def poll(self) -> None:
        """Restart what died, after a pause that grows. Raises ChildFailed."""
        if time.monotonic() >= self._check_at:
            self._look()
        for watched in self._watched:
            watched.poll(self._excuses)

    def _look(self) -> None:
        """Call `check`. An error that passes is logged when it begins and when it has passed, and never ends the supervisor."""
        if self._check is None:
            return
        try:
            self._check()
        except (ClustererError, OSError) as error:
            if not self._failing:
                log.warning("check_failed", error=str(error))
            self._failing, self._failed_at = True, time.monotonic()
            self._check_delay_s = min(2 * self._check_delay_s, _LONGEST_CHECK_DELAY_S)
        else:
            if self._failing:
                log.info("check_passed")
            self._failing, self._check_delay_s = False, _CHECK_EVERY_S
        self._check_at = time.monotonic() + self._check_delay_s

    def _excuses(self, started_at: float) -> bool:
        """Whether a child that was started then probably ended because of its surroundings, not by its own fault."""
        self._look()
        return self._failed_at >= started_at

    def run(self) -> None:
        """Start, poll until SIGTERM, SIGINT or SIGHUP, and stop. A second signal cuts the grace short. Main thread only."""
        former = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        try:
            with self:
                while not self._signals:
                    self.poll()
                    time.sleep(_POLL_S)
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask all children to end, and kill those that have not after the grace."""
        for watched in self._watched:
            watched.terminate()
        deadline = time.monotonic() + self._grace_s
        while any(watched.alive for watched in self._watched):
            if time.monotonic() > deadline or self._signals > 1:
                break
            time.sleep(_POLL_S / 5)
        for watched in self._watched:
            watched.kill()

    def pids(self) -> dict[str, int]:
        """Process ids of the living children by name."""
        return {w.child.name: w.process.pid for w in self._watched if w.process is not None and w.alive}

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Only a number: a lock taken in here could be held by the very code that the signal interrupted.
        self._signals += 1


class _Watched:
    """One child with its present process and its record."""

    def __init__(self, child: Child, output: IO[bytes] | None) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self._output = output
        self._started_at = 0.0
        self._restart_at: float | None = None
        self._delay_s = _FIRST_DELAY_S
        self._settled = False
        self._false_starts = 0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        # A process group of its own, so that Ctrl-C reaches the supervisor alone, which ends the children in its own way.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _LAUNCHER, str(os.getpid()), *self.child.argv],
            env={**os.environ, **self.child.env},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            process_group=0,
        )
        self._started_at = time.monotonic()
        self._restart_at = None
        log.info("child_started", child=self.child.name, pid=self.process.pid)

    def poll(self, excuses: Callable[[float], bool]) -> None:
        now = time.monotonic()
        if self.alive:
            if now - self._started_at >= _SETTLED_AFTER_S:
                self._settled, self._delay_s = True, _FIRST_DELAY_S
        elif self._restart_at is None:
            self._note_death(excuses)
            self._restart_at = now + self._delay_s
            self._delay_s = min(2 * self._delay_s, _LONGEST_DELAY_S)
        elif now >= self._restart_at:
            self.start()

    def _note_death(self, excuses: Callable[[float], bool]) -> None:
        code = self.process.returncode if self.process else 0
        log.warning("child_died", child=self.child.name, code=code, restart_in_s=self._delay_s)
        # A child that was killed, that did well for a while, or whose store was away is worth restarting for ever.
        self._false_starts += code > 0 and not self._settled and not excuses(self._started_at)
        if self._false_starts >= _MOST_FALSE_STARTS:
            raise ChildFailed(f"{self.child.name} cannot start: it ended with code {code} {self._false_starts} times.")

    def terminate(self) -> None:
        if self.process is not None and self.alive:
            self.process.terminate()

    def kill(self) -> None:
        """The whole group, so that nothing which the child started is left behind."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
