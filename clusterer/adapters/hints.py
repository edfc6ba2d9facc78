"""Hints through Celery. At most one hint that there are articles is under way at a time for each queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import redis
import structlog

from clusterer.core.errors import StoreUnavailable

if TYPE_CHECKING:
    from celery import Celery

log = structlog.get_logger(__name__)

_UNDER_WAY_MS = 1_000
_HELP_EXPIRES_S = 300  # longer than clocks differ


class NoHints:
    """For use in one process, where the caller does the work itself."""

    def articles(self) -> None: ...

    def clusters(self) -> None: ...

    def night(self, collection: str, helpers: int) -> None: ...

    def taken(self, queue: str) -> None: ...


class CeleryHints:
    """Publishes tasks without arguments; whoever takes one looks for work itself.

    A short-lived mark in Redis keeps a flood of articles from becoming a flood of hints. The worker clears it before it looks
    for work (`taken`), so an article that comes later is hinted at again. All losses end with the next hint of the schedule.
    """

    def __init__(self, client: redis.Redis, broker_url: str) -> None:
        self._client = client
        self._broker_url = broker_url

    @cached_property
    def _app(self) -> Celery:
        from celery import Celery

        app = Celery("clusterer-hints", broker=self._broker_url, set_as_current=False)
        app.conf.update(
            task_serializer="json",
            task_ignore_result=True,
            broker_transport_options={"socket_timeout": 2, "socket_connect_timeout": 1, "global_keyprefix": ""},
        )
        return app

    def articles(self) -> None:
        self._hint("clusterer.prepare", "articles")

    def clusters(self) -> None:
        self._hint("clusterer.assign", "clusters")

    def night(self, collection: str, helpers: int) -> None:
        """See Hints.night. One that nobody takes soon says nothing any more."""

        def publish() -> None:
            for _ in range(helpers):
                self._send("clusterer.help", "articles", kwargs={"collection": collection}, expires=_HELP_EXPIRES_S)

        self._quietly(publish)

    def recluster(self, collection: str, actor: str, force: bool, reason: str | None) -> None:
        """Not a hint but an order, given once. Raises StoreUnavailable when it cannot be sent."""
        from celery.exceptions import OperationalError

        order = {"collection": collection, "actor": actor, "force": force, "reason": reason}
        try:
            self._send("clusterer.recluster", "articles", kwargs=order)
        except OperationalError as error:
            raise StoreUnavailable(f"the broker does not answer: {error}") from error

    def taken(self, queue: str) -> None:
        """A worker has taken a hint and is about to look for work."""
        self._quietly(lambda: self._client.delete(_mark(queue)))

    def _hint(self, task: str, queue: str) -> None:
        def publish() -> None:
            if self._client.set(_mark(queue), b"1", nx=True, px=_UNDER_WAY_MS):
                self._send(task, queue)

        self._quietly(publish)

    def _send(self, task: str, queue: str, **options: Any) -> None:
        self._app.send_task(task, queue=queue, retry=False, ignore_result=True, **options)

    def _quietly(self, publish: Callable[[], object]) -> None:
        try:
            publish()
        except Exception as error:
            log.warning("hint_lost", error=str(error))


def _mark(queue: str) -> str:
    return f"clusterer:hint:{queue}"
