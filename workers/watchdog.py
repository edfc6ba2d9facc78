"""Ends a worker process that no longer shows life: `python -m workers.watchdog PID SILENCE_S`, with signs of life on standard input.

A process of its own, because what holds the interpreter (a regular expression gone wild, a C library in a loop) holds every
thread of the worker too. It imports nothing of the product, so it costs little.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys


def watch(pid: int, silence_s: float) -> None:
    """Return when the worker has gone, which closes our input; kill it when nothing comes for `silence_s`."""
    while select.select([0], [], [], silence_s)[0]:
        if not os.read(0, 4096):
            return
    sys.stderr.write(f"worker {pid} has shown no life for {silence_s:g} s: ended\n")
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    watch(int(sys.argv[1]), float(sys.argv[2]))
