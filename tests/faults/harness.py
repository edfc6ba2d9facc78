"""The kill harness: the whole service as real processes, clients, faults by a seeded schedule, and at the end the books.

`python -m tests.faults.harness` prints the report of a run as JSON; FAULT_MINUTES, FAULT_SEED, FAULT_MODEL and other
variables named after the numbers of `Plan` say how long, which faults, and with which encoder; FAULT_ARTICLES names a file of articles.
"""

from __future__ import annotations

import heapq
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .articles import Payload, endless_stream, file_stream
from .client import Client
from .fleet import Fleet, Process, free_port, observer, wait_for_redis
from .proxy import Proxy
from .recovery import Recovery
from .schedule import NETWORK, Fault, Mix, drawn
from .verdict import judge

_RESTART_AFTER_S = 0.3
_TERM_GRACE_S = 8.0
_POLL_S = 0.05
_MOST_WAITING = 1_500  # articles; more would only be a longer queue at the end
_NIGHTS_S = 600.0
_PATIENCE_S = 300.0  # for what comes about on any machine
_CI_SEED = 26  # what a schedule finds by luck must not stop a change that has no part in it


@dataclass(frozen=True)
class Plan:
    """One run. `events_exact`: the stream's events must come out as clusters exactly (hashing encoder, no nightly job).

    `nights`: it goes on until the nightly job has published so many generations, however slow the machine is. `held_s`: how long the
    nightly job waits for an article before it publishes, at most; where processes are killed, a long wait is hardly ever lived through.
    """

    seed: int
    minutes: float
    model: str = "hashing"
    limit: int = 1_000_000
    per_s: float = 60.0
    variants: float = 0.4
    writers: int = 1
    nightly_s: float | None = 15.0
    nights: int = 0
    held_s: float = 0.4
    mix: Mix = field(default_factory=Mix)
    sabotage: str | None = None
    events_exact: bool = False
    drain_s: float = 900.0
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return {
            "CLUSTERER_MODEL": self.model,
            "CLUSTERER_ENCODER_THREADS": "1",
            "CLUSTERER_LEASE_S": "3",
            "CLUSTERER_LEADER_LEASE_S": "2",
            "CLUSTERER_HANG_AFTER_S": "60",
            "CLUSTERER_BATCH_SIZE": "32",
            "CLUSTERER_RECLUSTER_AT": "off",
            "CLUSTERER_LOG_LEVEL": "info",
            **self.settings,
        }


def run(plan: Plan, stream: Iterator[Payload] | None = None) -> dict[str, Any]:
    """Everything from an empty folder to the report. The folder is kept when the report has problems."""
    folder = Path(tempfile.mkdtemp(prefix=f"clusterer-faults-{plan.seed}-"))
    report = _Run(plan, folder, stream or endless_stream(plan.seed, plan.variants)).run()
    if report["problems"]:
        report["folder"] = str(folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return report


class _Run:
    def __init__(self, plan: Plan, folder: Path, stream: Iterator[Payload]) -> None:
        self._plan = plan
        self._folder = folder
        self._stream = stream
        self._redis_port, proxy_port, self._api_port = free_port(), free_port(), free_port()
        self._direct = f"redis://127.0.0.1:{self._redis_port}/0"
        env = plan.environment() | {
            "CLUSTERER_REDIS_URL": f"redis://127.0.0.1:{proxy_port}/0",
            "CLUSTERER_DATA_DIR": str(folder),
        }
        self._fleet = Fleet(folder, env, plan.sabotage)
        self._proxy = Proxy(proxy_port, self._redis_port)
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._dead_since: dict[str, float] = {}
        self._done: dict[str, int] = {}
        self._retired: set[str] = set()  # not started again

    def run(self) -> dict[str, Any]:
        plan = self._plan
        url = f"http://127.0.0.1:{self._api_port}"
        self._recovery = Recovery(self._direct)
        self._client = client = Client(
            url, self._stream, plan.per_s, plan.limit, plan.seed, lambda: self._recovery.pending < _MOST_WAITING
        )
        with ExitStack() as stack:
            stack.enter_context(self._proxy)
            stack.enter_context(self._fleet)
            self._start()
            stack.enter_context(self._recovery)
            service = observer(self._direct, self._folder)
            client.start()
            books = service.collection().books
            self._attend_until(lambda: books.books().assigned > 0, _PATIENCE_S)
            began = time.monotonic()
            self._break_things()
            seconds = time.monotonic() - began
            self._heal()
            client.stop(_PATIENCE_S)
            drained_in = self._drain(lambda: not books.books().pending)
            report = judge(service.collection(), client, events_exact=plan.events_exact)
            report |= {
                "seed": plan.seed,
                "model": plan.model,
                "minutes": round(seconds / 60, 2),
                "faults": dict(sorted(self._done.items())),
                "kills": sum(n for name, n in self._done.items() if name.startswith(("kill ", "term "))),
                "answers_lost": self._proxy.answers_lost,
                "drained_in_s": drained_in,
                "recovery_s": self._recovery.summary(),
                "starts": {name: process.starts for name, process in self._fleet.processes.items()},
                "nightly": _outcomes(self._fleet),
            }
            if drained_in is None:
                report["problems"].append(f"not drained: {books.books()} {books.queue_facts()}")
            return report

    def _start(self) -> None:
        fleet, plan = self._fleet, self._plan
        fleet.add_redis(self._redis_port).start()
        wait_for_redis(self._direct)
        for number in (1, 2):
            fleet.add_worker(f"articles{number}", "articles")
        for number in range(1, plan.writers + 1):
            fleet.add_worker(f"clusters{number}", "clusters")
        fleet.add("api", "-m", "clusterer.cli.main", "serve", "--port", str(self._api_port))
        fleet.add_beat()
        if plan.nightly_s is not None:
            fleet.add("nightly", "-m", "tests.faults.nightly", str(plan.nightly_s), str(plan.held_s))
        for process in fleet.processes.values():
            if not process.alive:
                process.start()

    def _break_things(self) -> None:
        plan = self._plan
        faults = drawn(plan.seed, 60 * plan.minutes, plan.mix, set(self._fleet.processes))
        began = time.monotonic()
        for fault in faults:
            self._attend_until(lambda at_s=fault.at_s: time.monotonic() - began >= at_s, None)  # type: ignore[misc]
            self._inflict(fault)
            if self._client.finished:
                return
        until = began + 60 * plan.minutes
        self._attend_until(lambda: self._client.finished or time.monotonic() >= until, None)
        self._attend_until(lambda: _outcomes(self._fleet).get("published", 0) >= plan.nights, _NIGHTS_S)

    def _attend_until(self, condition: Callable[[], bool], timeout_s: float | None) -> None:
        """Do what is due, and start again what has died, until then."""
        until = None if timeout_s is None else time.monotonic() + timeout_s
        while not condition():
            if until is not None and time.monotonic() > until:
                raise TimeoutError(f"waited {timeout_s:g} s in vain")
            self._attend()
            time.sleep(_POLL_S)

    def _attend(self) -> None:
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            heapq.heappop(self._later)[2]()
        for name, process in self._fleet.processes.items():
            if process.alive or name in self._retired:
                self._dead_since.pop(name, None)
            elif now - self._dead_since.setdefault(name, now) >= _RESTART_AFTER_S:
                process.start()

    def _in(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, len(self._later) + id(action), action))

    def _inflict(self, fault: Fault) -> None:
        if fault.target == NETWORK:
            self._disturb(fault)
            return
        process = self._fleet[fault.target]
        if not process.alive:
            return
        self._done[f"{fault.kind} {fault.target}"] = self._done.get(f"{fault.kind} {fault.target}", 0) + 1
        if fault.kind == "pause":
            process.signal(signal.SIGSTOP)
            self._in(fault.for_s, _signal_later(process, signal.SIGCONT))
            return
        self._recovery.note_kill(fault.target)
        if fault.kind == "term":
            process.signal(signal.SIGTERM)
            self._in(_TERM_GRACE_S, _signal_later(process, signal.SIGKILL))
        else:
            process.kill()

    def _disturb(self, fault: Fault) -> None:
        self._done[f"{fault.kind} {NETWORK}"] = self._done.get(f"{fault.kind} {NETWORK}", 0) + 1
        if fault.kind == "hold":
            self._proxy.hold()
            self._in(fault.for_s, self._proxy.release)
        elif fault.kind == "cut":
            self._proxy.cut()
        else:
            self._proxy.lose_answers()

    def _heal(self) -> None:
        """Everything that is stopped goes on, what does not end is killed, and what is dead is started. No more faults."""
        while self._later:
            heapq.heappop(self._later)[2]()
        self._proxy.release()
        for process in self._fleet.processes.values():
            process.signal(signal.SIGCONT)
        self._attend_until(lambda: all(process.alive for process in self._fleet.processes.values()), _PATIENCE_S)
        wait_for_redis(self._direct)
        self._retired = {"nightly"} & self._fleet.processes.keys()
        for name in self._retired:
            self._fleet[name].kill()

    def _drain(self, drained: Callable[[], bool]) -> float | None:
        """Seconds until nothing was pending any more; None when that took too long."""
        began = time.monotonic()
        try:
            self._attend_until(drained, self._plan.drain_s)
        except TimeoutError:
            return None
        return round(time.monotonic() - began, 1)


def _signal_later(process: Process, number: int) -> Callable[[], None]:
    """For the process that runs now, not for the one that may have taken its place by then."""
    popen = process.popen

    def send() -> None:
        if process.popen is popen:
            process.signal(number)

    return send


def _outcomes(fleet: Fleet) -> dict[str, int]:
    outcomes: dict[str, int] = {}
    if "nightly" in fleet.processes:
        for line in fleet["nightly"].log.read_text(errors="replace").splitlines():
            if line.startswith("outcome "):
                outcome = line.split()[1]
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
            elif line.startswith("gave up: "):
                outcomes["gave up"] = outcomes.get("gave up", 0) + 1
    return outcomes


def plan_from_environment() -> Plan:
    """FAULT_MINUTES, FAULT_SEED, FAULT_MODEL, and what else of a Plan is a number, such as FAULT_PER_S."""
    given = {name: os.environ.get(f"FAULT_{name.upper()}") for name in ("per_s", "variants", "nightly_s", "drain_s")}
    plan = Plan(
        seed=int(os.environ.get("FAULT_SEED") or (_CI_SEED if os.environ.get("CI") else time.time_ns() % 1_000_000)),
        minutes=float(os.environ.get("FAULT_MINUTES") or 2),
        model=os.environ.get("FAULT_MODEL") or "hashing",
        limit=int(os.environ.get("FAULT_LIMIT") or 1_000_000),
        mix=Mix(every_s=float(os.environ.get("FAULT_EVERY_S") or 4)),
    )
    return replace(plan, **{name: float(value) for name, value in given.items() if value})


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended
    named = os.environ.get("FAULT_ARTICLES")
    if named and not Path(named).is_file():
        sys.exit(f"FAULT_ARTICLES: there is no file {named}")
    print(json.dumps(run(plan_from_environment(), file_stream(Path(named)) if named else None), indent=1))
