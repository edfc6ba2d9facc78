"""Ends a worker process that no longer shows life: `python -m clusterer_workers.watchdog PID SILENCE_S [json]`, with signs of life on
standard input. `json` is the form of its last words.

A process of its own, because what holds the interpreter (a regular expression gone wild, a C library in a loop) holds every
thread of the worker too. It imports nothing of the product, so it costs little.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
from datetime import UTC, datetime


def watch(pid: int, silence_s: float, log_format: str = "console") -> None:
    """Return when the worker has gone, which closes our input; kill it when nothing comes for `silence_s`."""
    while select.select([0], [], [], silence_s)[0]:
        if not os.read(0, 4096):
            return
    words = f"worker {pid} has given no sign of life for {silence_s:g} s: killed"
    record = {
        "event": words,
        "level": "error",
        "logger": __name__,
        "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
    }
    sys.stderr.write((json.dumps(record) if log_format == "json" else words) + "\n")
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    watch(int(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:])
