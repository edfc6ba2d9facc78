"""The schedule of hints: by the monotonic clock, whatever the time of day does, and whatever the broker does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.beat import Service
from clusterer_workers.app import make_app
from clusterer_workers.schedule import SteadyScheduler

from clusterer.settings import Settings


class Machine:
    """A clock that ticks and one that people set."""

    def __init__(self) -> None:
        self.ticking = 1_000.0
        self.off_s = 0.0

    def time(self) -> float:
        return 1.7e9 + self.ticking + self.off_s


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(time, "monotonic", lambda: machine.ticking)
    monkeypatch.setattr(time, "time", machine.time)
    return machine


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Celery:
    app = make_app(Settings(redis_url="unix:///no/such/socket", data_dir=tmp_path, recluster_at="off"))
    app.conf.beat_schedule = {
        "fast": {"task": "a", "schedule": 2.0},
        "slow": {"task": "b", "schedule": 15.0, "options": {"expires": 300}},
    }
    app.sent = []
    monkeypatch.setattr(app, "send_task", lambda task, *_, **options: app.sent.append((task, options.get("expires"))))
    return app


def scheduler_of(app: Celery) -> SteadyScheduler:
    scheduler = Service(app, scheduler_cls=app.conf.beat_scheduler).scheduler
    assert isinstance(scheduler, SteadyScheduler)
    return scheduler


def run(machine: Machine, scheduler: SteadyScheduler, seconds: float) -> None:
    """As beat's own loop does, to whichever moment the scheduler asks for."""
    until = machine.ticking + seconds
    while machine.ticking < until:
        pause_s = scheduler.tick()
        assert 0 <= pause_s <= 5
        machine.ticking += max(pause_s, 0.001)


def test_everything_is_due_at_the_start_and_then_in_its_interval(machine: Machine, app: Celery) -> None:
    scheduler = scheduler_of(app)
    scheduler.tick()
    assert sorted(app.sent) == [("a", None), ("b", 300)]
    run(machine, scheduler, 60.5)
    assert [task for task, _ in app.sent].count("a") in (30, 31)
    assert [task for task, _ in app.sent].count("b") == 5


@pytest.mark.parametrize("steps", [(3_600, 0), (-3_600, 0), (86_400 * 100, 0), (-5, 5), (0, -86_400 * 400)])
def test_a_step_of_the_clock_changes_nothing(machine: Machine, app: Celery, steps: tuple[float, ...]) -> None:
    scheduler = scheduler_of(app)
    run(machine, scheduler, 20)
    for off_s in steps:
        machine.off_s = off_s
        app.sent.clear()
        run(machine, scheduler, 20)
        assert [task for task, _ in app.sent].count("a") in (9, 10, 11)
        assert [task for task, _ in app.sent].count("b") in (1, 2)


def test_nothing_is_kept_from_one_life_to_the_next(machine: Machine, app: Celery, tmp_path: Path) -> None:
    run(machine, scheduler_of(app), 20)
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == {"beat-alive": 0}
    app.sent.clear()
    scheduler_of(app).tick()
    assert len(app.sent) == 2


def test_a_broker_that_is_away_is_logged_once_and_waited_for(
    machine: Machine, app: Celery, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    send = app.send_task

    def refuse(*_: Any, **__: Any) -> None:
        raise RuntimeError("MISCONF no room")

    scheduler = scheduler_of(app)
    monkeypatch.setattr(app, "send_task", refuse)
    run(machine, scheduler, 60)
    monkeypatch.setattr(app, "send_task", send)
    run(machine, scheduler, 10)
    assert len(app.sent) > 3
    said = capsys.readouterr().out
    assert said.count("hints_not_sent") == said.count("hints_sent_again") == 1
