"""What starting costs: commands, and `clusterer up` from the first process to ready. Prints JSON.

    python -m benchmarks.startup [--repeat 5] [--up 3]

CPU seconds are of the processes themselves; on a machine with other load they say more than the seconds on the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

import clusterer

COMMANDS = (
    ["--version"], ["--help"], ["clusters", "--help"], ["clusters"], ["show", "article", "none"], ["explain", "none"],
    ["status"], ["runs"], ["config"],
)  # fmt: skip
_READY_S = 120.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each command; the least is taken")
    parser.add_argument("--up", type=int, default=3, help="starts of the whole service")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clusterer-start-") as folder:
        environment = os.environ | {"CLUSTERER_DATA_DIR": folder, "CLUSTERER_LOG_LEVEL": "error"}
        starts = [_up(environment, port=0) for _ in range(wanted.up)]
        commands = measured_commands(environment, wanted.repeat)
    print(
        json.dumps(
            {
                "version": clusterer.__version__,
                "python": platform.python_version(),
                "cores": os.cpu_count(),
                "load": os.getloadavg()[0],
                "commands": commands,
                "up": min(starts, key=lambda one: one["ready_s"]) if starts else None,
                "ready_s": [one["ready_s"] for one in starts],
            },
            indent=2,
        )
    )


def measured_commands(environment: dict[str, str], repeat: int) -> dict[str, dict[str, float]]:
    """Over the configured Redis, or a private one that another process keeps running, as `clusterer up` does.

    A command that fails counts as well: `show article none` looks for it and says that there is none.
    """
    keeper = subprocess.Popen(
        [sys.executable, "-c", "import sys; from clusterer.connections import redis_url; from clusterer.environment import read_settings;"
         "redis_url(read_settings()); print('up', flush=True); sys.stdin.read()"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert keeper.stdout is not None
    keeper.stdout.readline()
    try:
        return {" ".join(one): _least([_command(one, environment) for _ in range(repeat)]) for one in COMMANDS}
    finally:
        keeper.communicate()


def _command(arguments: list[str], environment: dict[str, str]) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "clusterer.cli.main", *arguments], env=environment, capture_output=True, check=False
    )
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall_s": took, "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def _least(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(min(run[name] for run in runs), 3) for name in runs[0]}


def _up(environment: dict[str, str], port: int) -> dict[str, Any]:
    """Seconds until the line that says that it is ready; CPU and resident memory of each process a little later."""
    began = time.monotonic()
    command = [sys.executable, "-m", "clusterer.cli.main", "up", "--port", str(port)]
    up = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert up.stderr is not None
    try:
        for line in up.stderr:
            if line.startswith("ready:"):
                break
            if time.monotonic() - began > _READY_S:
                raise SystemExit("it never became ready")
        ready_s = time.monotonic() - began
        time.sleep(3)
        return {"ready_s": round(ready_s, 2), "processes": _processes(psutil.Process(up.pid))}
    finally:
        up.terminate()
        up.communicate()


def _processes(supervisor: psutil.Process) -> dict[str, dict[str, float]]:
    found = {"up": _figures(supervisor)}
    for child in supervisor.children():
        with suppress(psutil.Error):
            words = child.cmdline()
            role = next(
                (word for word in ("beat", "serve", "articles", "clusters") if word in words), Path(words[0]).name
            )
            found[role] = _figures(child)
    return found


def _figures(process: psutil.Process) -> dict[str, float]:
    times = process.cpu_times()
    return {"cpu_s": round(times.user + times.system, 2), "resident_mb": round(process.memory_info().rss / 1e6)}


if __name__ == "__main__":
    main()
