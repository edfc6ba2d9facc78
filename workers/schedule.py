"""The schedule of hints, by a clock that nobody sets.

Celery's own schedulers reckon with the time of day: after a step back of the machine's clock they send nothing until it has caught
up, and one of them keeps that time, pickled, in a file. This one knows what is due from the monotonic clock and keeps nothing:
after a restart everything is due at once, which hints may be. The file that it is given is touched as a sign of life and stays empty.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

import structlog
from celery.beat import ScheduleEntry, Scheduler

log = structlog.get_logger(__name__)

_LONGEST_PAUSE_S = 5.0


class SteadyScheduler(Scheduler):  # type: ignore[misc]
    """For entries whose schedule is a number of seconds. What cannot be sent is dropped: the next hint does as well."""

    def __init__(self, *arguments: Any, schedule_filename: str, **options: Any) -> None:
        self._sign_of_life = Path(schedule_filename)
        self._due_at: dict[str, float] = {}  # monotonic
        self._failing = False
        super().__init__(*arguments, **options)

    def tick(self, *_: Any, **__: Any) -> float:
        """Send what is due; seconds until something will be."""
        now = time.monotonic()
        for name, entry in self.schedule.items():
            if now >= self._due_at.get(name, now):
                self._due_at[name] = now + entry.schedule.run_every.total_seconds()
                self._send(entry)
        with contextlib.suppress(OSError):
            self._sign_of_life.touch()
        return max(0.0, min([*self._due_at.values(), now + _LONGEST_PAUSE_S]) - time.monotonic())

    def _send(self, entry: ScheduleEntry) -> None:
        """An outage is logged when it begins and when it ends."""
        try:
            self.app.send_task(entry.task, entry.args, entry.kwargs, retry=False, ignore_result=True, **entry.options)
        except Exception as error:
            if not self._failing:
                log.warning("hints_not_sent", error=str(error))
            self._failing = True
        else:
            if self._failing:
                log.info("hints_sent_again")
            self._failing = False
