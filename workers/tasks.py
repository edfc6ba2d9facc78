"""The tasks: decode, call, and pass the word on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from celery import Celery, Task

from clusterer.core.errors import ClustererError, Overloaded, SchemaMismatch, StoreUnavailable

from .lifecycle import process_of
from .process import WorkerProcess

_BUDGET_S = 20.0  # then the task ends, so that a queue shared with other tasks moves on
_MAX_HOPS = 16
_STORE_AWAY_S = 5


def register(app: Celery) -> None:
    """Define the tasks on this application, and on no other that this process may have."""
    task = partial(app.task, shared=False)
    _register_stages(app, task)
    _register_upkeep(app, task)


def _register_stages(app: Celery, task: Callable[..., Any]) -> None:
    @task(
        bind=True, name="clusterer.ingest", acks_late=True, reject_on_worker_lost=True, max_retries=None, typing=False
    )
    def ingest(self: Task, *args: Any, **kwargs: Any) -> None:
        """`ingest(articles, collection="default")`, for producers that only speak Celery.

        The articles are accepted once this has run, not when it was sent. A full inbox is worked off first: this worker is one of
        those that can. While the store cannot take them, it comes back later.
        """
        _take_in(process_of(app), self, args, kwargs)

    @task(name="clusterer.prepare")
    def prepare() -> None:
        """A hint: there may be articles in an inbox."""
        with _store_may_be_away(process_of(app)) as process:
            _prepare(process)

    @task(name="clusterer.assign")
    def assign(hops: int = 0) -> None:
        """A hint: there may be prepared articles. It names no collection; whoever leads one serves it."""
        with _store_may_be_away(process_of(app)) as process:
            if _assign(process) and hops < _MAX_HOPS:
                app.send_task("clusterer.assign", kwargs={"hops": hops + 1}, queue="clusters", retry=False)


def _register_upkeep(app: Celery, task: Callable[..., Any]) -> None:
    @task(name="clusterer.sweep")
    def sweep() -> None:
        """Repair what crashes left, and hint at whatever waits."""
        with _store_may_be_away(process_of(app)) as process:
            process.service.sweep()

    @task(name="clusterer.recluster")
    def recluster(
        collection: str | None = None, actor: str = "", force: bool = False, reason: str | None = None
    ) -> None:
        """The nightly slot, for every collection; the books say whether it is due, so two schedules do no harm.

        With a collection: the order of a person, carried out now.
        """
        with _store_may_be_away(process_of(app)) as process:
            process.long_task()
            if collection is None:
                process.service.recluster_if_due(process.name)
            else:
                process.service.recluster_as_ordered(collection, process.name, actor, force, reason)

    @task(name="clusterer.help")
    def help_night(collection: str) -> None:
        """A hint: a night of this collection has shards that other workers may do."""
        with _store_may_be_away(process_of(app)) as process:
            process.long_task()
            process.service.help_night(collection, process.name)


@contextmanager
def _store_may_be_away(process: WorkerProcess) -> Iterator[WorkerProcess]:
    """Whatever is left undone then is found again by the next hint: no task fails for it. Nor for data that a newer release took over."""
    try:
        yield process
    except StoreUnavailable as error:
        process.store_away(error)
    except SchemaMismatch as error:
        process.end_for_release(error)


def _take_in(process: WorkerProcess, task: Task, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    try:
        process.service.take_message(args, kwargs, task.request.headers)
    except Overloaded as full:
        _prepare(process)
        raise task.retry(exc=full, countdown=full.retry_after_s) from full
    except ClustererError as away:
        raise task.retry(exc=away, countdown=_STORE_AWAY_S) from away


def _prepare(process: WorkerProcess) -> None:
    service = process.service
    service.hints.taken("articles")
    until = time.monotonic() + _BUDGET_S
    while process.progress() and service.prepare(process.name).done:
        if time.monotonic() > until:
            service.hints.articles()
            return


def _assign(process: WorkerProcess) -> bool:
    """Work as long as there is some here. True when some waits for the worker that leads its collection."""
    service = process.service
    service.hints.taken("clusters")
    until = time.monotonic() + _BUDGET_S
    work = service.assign(process.name)
    while process.progress() and work.done and time.monotonic() < until:
        work = service.assign(process.name)
    if work.done:
        service.hints.clusters()
    return work.elsewhere and service.has_ready()
