"""A worker's process: its leases, its sign of life, and being ended from outside when it hangs."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import psutil
import structlog

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import SchemaMismatch, StoreUnavailable
from clusterer.pipeline.lookup.asking import answer_next
from clusterer.pipeline.totals import SharedTotals

log = structlog.get_logger(__name__)

_BEAT_S = 1.0
_DEAF_BEATS = 5
_ADD_EVERY_S = 5.0
_LISTED_S = 10.0  # after its last beat


class WorkerProcess:
    """One worker's service and its sign of life, in Redis for everybody to see and to the watchdog.

    The signs stop when a task makes no progress for `hang_after_s`, or when something holds the interpreter; the watchdog then
    ends this process. Its leases run out and another worker takes over.
    """

    def __init__(
        self, service: Clusterer, role: str, hang_after_s: float, max_bytes: int = 0, log_format: str = "console"
    ) -> None:
        self.service = service
        # Containers with the host's network have its name, and often the same number: leases must tell them apart all the same.
        self.name = f"{role}@{socket.gethostname()}/{secrets.token_hex(4)}:{os.getpid()}"
        self._role = role
        self._hang_after_s = hang_after_s
        self._max_bytes = max_bytes
        self._log_format = log_format
        self._in_task = False
        self._busy_since: float | None = None
        self._stopped = threading.Event()
        self._ending = threading.Lock()
        self._totals = SharedTotals(service.metrics.work, service.store)
        self._add_at = 0.0
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._deaf_beats = 0
        self._store_is_away = False
        self.consumer: Any = None  # Celery's, once it is ready
        service.on_progress = self.progress

    def start(self) -> None:
        """Begin the heartbeat and the watchdog; take those off the list that were killed on this machine."""
        for name, role in self.service.store.workers().items():
            if _is_killed(name):
                self.service.store.heartbeat(name, role, 0)
        self._watchdog = self._new_watchdog()
        threading.Thread(target=self._beat_until_stopped, name="heartbeat", daemon=True).start()
        if self._role == "articles":
            threading.Thread(target=self._answer_until_stopped, name="answers", daemon=True).start()
            threading.Thread(target=self._deliver_until_stopped, name="webhooks", daemon=True).start()

    def _answer_until_stopped(self) -> None:
        """Embed the texts of searches, beside the articles."""
        while not self._stopped.is_set():
            try:
                answer_next(self.service.store, self.service.encoder, _BEAT_S)
            except StoreUnavailable:  # the heartbeat says so
                self._stopped.wait(_BEAT_S)
            except Exception:
                log.exception("question_not_answered", worker=self.name)
                self._stopped.wait(_BEAT_S)

    def _deliver_until_stopped(self) -> None:
        """Send webhooks, beside the articles: a receiver may take its time."""
        while not self._stopped.is_set():
            try:
                delivered = self.service.deliver_webhooks(f"{self.name}/webhooks")
            except StoreUnavailable:  # the heartbeat says so
                delivered = 0
            except SchemaMismatch as error:
                self.end_for_release(error)
                return
            except Exception:
                log.exception("webhooks_not_delivered", worker=self.name)
                delivered = 0
            if not delivered:
                self._stopped.wait(_BEAT_S)

    def _new_watchdog(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-P",
            "-m",
            "clusterer_workers.watchdog",
            str(os.getpid()),
            str(self._hang_after_s),
            self._log_format,
        ]
        return subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0)

    def stop(self) -> None:
        """Release leases, so that nobody has to wait for them."""
        self._stopped.set()
        if self._watchdog and self._watchdog.stdin:
            self._watchdog.stdin.close()
        try:
            self._totals.add()
            self.service.release(self.name)
            self.service.store.heartbeat(self.name, self._role, 0)
        except StoreUnavailable:
            log.warning("leases_not_released", worker=self.name)

    def store_away(self, error: StoreUnavailable) -> None:
        """The store does not answer or cannot write. Logged once, until it has been back."""
        if not self._store_is_away:
            log.warning("store_away", worker=self.name, error=str(error))
        self._store_is_away = True

    def store_back(self) -> None:
        """The store took a write."""
        if self._store_is_away:
            log.info("store_back", worker=self.name)
        self._store_is_away = False

    def end_for_release(self, error: SchemaMismatch) -> None:
        """Stop as on SIGTERM: another release has taken the data over, and this one would write what that cannot read."""
        if self._ending.acquire(blocking=False):  # tasks and the delivery of webhooks notice it side by side
            log.error("worker_of_another_release", worker=self.name, error=str(error))
            os.kill(os.getpid(), signal.SIGTERM)

    def progress(self) -> bool:
        """Called between batches: this process is not stuck. Always True, to stand in a loop's condition."""
        self._busy_since = time.monotonic()
        return True

    def task_begins(self) -> None:
        self._in_task = True
        self._busy_since = time.monotonic()

    def task_ends(self) -> None:
        self._in_task = False
        self._busy_since = None
        self._end_if_large()

    def _end_if_large(self) -> None:
        """Stop as on SIGTERM when this process has taken too much memory. Celery's own limit needs a pool of child processes."""
        used = psutil.Process().memory_info().rss
        if 0 < self._max_bytes < used:
            log.warning("worker_too_large", worker=self.name, used_bytes=used, max_bytes=self._max_bytes)
            os.kill(os.getpid(), signal.SIGTERM)

    def long_task(self) -> None:
        """The task at hand may take hours: it counts as stuck only when it holds the interpreter."""
        self._busy_since = None

    def _beat_until_stopped(self) -> None:
        while not self._stopped.wait(_BEAT_S):
            busy_since = self._busy_since
            if busy_since is not None and time.monotonic() - busy_since > self._hang_after_s:
                return
            self._show_life()
            self._end_if_deaf()
            try:
                self.service.store.heartbeat(self.name, self._role, min(_LISTED_S, self._hang_after_s))
            except StoreUnavailable as error:
                self.store_away(error)
            else:
                self.store_back()
                self._add_totals()

    def _add_totals(self) -> None:
        if time.monotonic() >= self._add_at:
            self._add_at = time.monotonic() + _ADD_EVERY_S
            with contextlib.suppress(StoreUnavailable):  # the heartbeat says so
                self._totals.add()

    def _end_if_deaf(self) -> None:
        """End this process when Celery takes no messages although nothing is being done.

        An acknowledgement that is lost with a connection leaves kombu in the belief that its message is still being worked on; when
        it may fetch no other meanwhile, it waits for ever, and does not even notice that the connection is gone.
        """
        channel = getattr(getattr(self.consumer, "task_consumer", None), "channel", None)
        deaf = not self._in_task and channel is not None and not channel.qos.can_consume()
        self._deaf_beats = self._deaf_beats + 1 if deaf else 0
        if self._deaf_beats >= _DEAF_BEATS:
            log.error("worker_takes_no_messages", worker=self.name)
            os.kill(os.getpid(), signal.SIGKILL)

    def _show_life(self) -> None:
        assert self._watchdog is not None
        assert self._watchdog.stdin is not None
        try:
            self._watchdog.stdin.write(b".")
        except (OSError, ValueError):  # its end of the pipe, or ours in `stop`, is closed
            if not self._stopped.is_set():
                log.warning("watchdog_gone", worker=self.name, code=self._watchdog.poll())
                self._watchdog = self._new_watchdog()


def _is_killed(name: str) -> bool:
    """Whether a worker of this machine is gone. One that is not, in a container of its own that shares the name of the machine, is back
    on the list with its next beat."""
    place, _, pid = name.partition("@")[2].rpartition(":")
    return place.partition("/")[0] == socket.gethostname() and pid.isdecimal() and not psutil.pid_exists(int(pid))
