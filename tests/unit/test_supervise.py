"""The supervisor, with small children that sleep, die, or will not go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clusterer.cli import supervise
from clusterer.cli.supervise import Child, ChildFailed, Supervisor
from clusterer.core.errors import StoreUnavailable

SLEEP = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def python(name: str, program: str, **env: str) -> Child:
    return Child(name, [sys.executable, "-c", program], env)


def wait_until(condition: Callable[[], bool], timeout_s: float = 120.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "_FIRST_DELAY_S", 0.01)
    monkeypatch.setattr(supervise, "_CHECK_EVERY_S", 0.05)
    monkeypatch.setattr(supervise, "_LONGEST_DELAY_S", 0.1)
    monkeypatch.setattr(supervise, "_LONGEST_CHECK_DELAY_S", 0.2)
    monkeypatch.setattr(supervise, "_SETTLED_AFTER_S", 600)  # on a busy machine a start takes its time


def test_children_get_their_environment_and_print_where_they_should(tmp_path: Path) -> None:
    program = "import os, sys, time; print(os.environ['WHO'], flush=True); print('error', file=sys.stderr, flush=True); time.sleep(600)"
    log = tmp_path / "log"
    with log.open("wb") as output, Supervisor([python("a", program, WHO="first")], output=output):
        wait_until(lambda: log.read_text() == "first\nerror\n")


def test_killed_child_is_restarted_and_the_other_left_alone() -> None:
    with Supervisor([python("a", SLEEP), python("b", SLEEP)]) as supervisor:
        before = supervisor.pids()
        os.kill(before["a"], signal.SIGKILL)

        def restarted() -> bool:
            supervisor.poll()
            return supervisor.pids().get("a", before["a"]) != before["a"]

        wait_until(restarted)
        after = supervisor.pids()
    assert after["b"] == before["b"]
    assert all(gone(pid) for pid in after.values())


def test_child_that_cannot_start_is_reported() -> None:
    def poll_for_ever() -> None:
        with Supervisor([python("broken", "raise SystemExit(7)")]) as supervisor:
            wait_until(lambda: bool(supervisor.poll()))

    with pytest.raises(ChildFailed, match="broken cannot start: it ended with code 7"):
        poll_for_ever()


def test_program_that_does_not_exist_is_reported() -> None:
    with (
        Supervisor([Child("missing", ["/no/such/program"])]) as supervisor,
        pytest.raises(ChildFailed, match="missing"),
    ):
        wait_until(lambda: bool(supervisor.poll()))


def test_deaf_child_and_what_it_started_are_killed_after_the_grace(tmp_path: Path) -> None:
    program = (
        f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
        f"print(p.pid, flush=True); {STUBBORN}"
    )
    log = tmp_path / "log"
    with log.open("wb") as output:
        supervisor = Supervisor([python("deaf", program)], output=output, grace_s=0.3)
        supervisor.start()
        wait_until(lambda: "deaf" in log.read_text())
        pids = [supervisor.pids()["deaf"], int(log.read_text().split()[0])]
        began = time.monotonic()
        supervisor.stop()
    assert 0.3 <= time.monotonic() - began < 300, "it would have gone on for ten minutes"
    wait_until(lambda: all(map(gone, pids)))


def test_check_is_called_and_may_fail() -> None:
    calls = []

    def check() -> None:
        calls.append(1)
        raise ChildFailed("not back yet")

    with Supervisor([python("a", SLEEP)], check=check) as supervisor:

        def called_twice() -> bool:
            supervisor.poll()
            return len(calls) >= 2

        wait_until(called_twice)


RUN = f"""
import sys
from clusterer.cli.supervise import Child, Supervisor
from clusterer.logging import configure_logging
from clusterer.settings import Settings
configure_logging(Settings())
class Told(Supervisor):
    def start(self):
        super().start()
        print(*self.pids().values(), flush=True)
Told([Child(name, [sys.executable, "-c", {SLEEP!r}]) for name in ("a", "b")]).run()
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_children_end_with_their_supervisor(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    with process:
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert len(pids) == 2
        process.send_signal(number)
        rest = process.stdout.read()
    if number is not signal.SIGKILL:
        assert (rest.strip().splitlines()[-1:], process.returncode) == (["stopped"], 0)
    wait_until(lambda: all(map(gone, pids)))


def test_errors_of_the_check_that_pass_are_logged_once_and_end_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    troubles: list[Exception] = [StoreUnavailable("full"), OSError(28, "No space left on device")] * 3
    called = []

    def check() -> None:
        called.append(1)
        if troubles:
            raise troubles.pop()

    with Supervisor([python("a", SLEEP)], check=check) as supervisor:
        wait_until(lambda: (supervisor.poll(), len(called) > 8)[1])
        assert supervisor.pids().keys() == {"a"}
    said = capsys.readouterr().out
    assert said.count("check_failed") == said.count("check_passed") == 1


def test_children_that_end_while_their_store_is_away_are_started_for_as_long_as_it_takes() -> None:
    """Also where the child notices before the supervisor does."""
    away = True

    def check() -> None:
        if away:
            raise StoreUnavailable("the disk is full")

    starts = 0
    with Supervisor([python("a", "raise SystemExit(1)")], check=check) as supervisor:
        watched = supervisor._watched[0]
        start = watched.start

        def count() -> None:
            nonlocal starts
            starts += 1
            start()

        watched.start = count  # type: ignore[method-assign]
        wait_until(lambda: (supervisor.poll(), starts > 8)[1])
        away = False
        with pytest.raises(ChildFailed, match="cannot start"):
            wait_until(lambda: bool(supervisor.poll()))
