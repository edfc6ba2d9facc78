"""Work on a leased batch so that one bad article can neither stop the others nor be tried for ever.

A batch is worked on together. When that fails, or when a lease ran out because the worker died, its articles are worked on one by
one, and each try is counted durably *before* it starts: whatever kills the worker then has its own count, not its neighbours'.
What fails because the store does not answer, or another writer took over, is no fault of the article and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Final

import structlog

from clusterer.core.errors import (
    CollectionGone,
    Fenced,
    ModelMismatch,
    SchemaMismatch,
    StaleGeneration,
    StoreUnavailable,
)
from clusterer.core.records import Leased
from clusterer.ports import Batch, Clock, CollectionStore, Queue, Tracer

log = structlog.get_logger(__name__)

Process = Callable[[Sequence[Leased], Batch], None]
_STAGES: Final[dict[Queue, str]] = {"inbox": "prepare", "ready": "assign"}

NOT_THE_ARTICLES_FAULT = (CollectionGone, Fenced, StaleGeneration, StoreUnavailable, ModelMismatch, SchemaMismatch)


def work_through(
    books: CollectionStore,
    queue: Queue,
    leased: Sequence[Leased],
    process: Process,
    max_attempts: int,
    clock: Clock,
    tracer: Tracer,
) -> None:
    """Run `process` over all entries; mark_dead the articles that fail `max_attempts` times on their own."""

    def traced(entries: Sequence[Leased]) -> AbstractContextManager[Batch]:
        seqs = [entry.seq for entry in entries]
        traces = dict(zip(seqs, books.traces(seqs), strict=True)) if tracer.on else {}
        return tracer.batch(_STAGES[queue], traces, {"clusterer.collection": books.name})

    fresh = [entry for entry in leased if entry.deliveries == 1]
    suspects = [entry for entry in leased if entry.deliveries > 1]
    if fresh:
        try:
            with traced(fresh) as batch:
                process(fresh, batch)
        except NOT_THE_ARTICLES_FAULT:
            raise
        except Exception:
            log.warning("batch_failed", collection=books.name, queue=queue, articles=len(fresh), exc_info=True)
            suspects = fresh + suspects
    for entry in suspects:
        with traced([entry]) as batch:
            _alone(books, queue, entry, process, max_attempts, clock, batch)


def _alone(
    books: CollectionStore,
    queue: Queue,
    entry: Leased,
    process: Process,
    max_attempts: int,
    clock: Clock,
    batch: Batch,
) -> None:
    attempts = books.attempt(entry.seq)
    if attempts > max_attempts:
        books.mark_dead(
            queue,
            entry.entry,
            entry.seq,
            f"the worker crashed or hung {max_attempts} times while processing it",
            clock.now(),
        )
        return
    try:
        process([entry], batch)
    except NOT_THE_ARTICLES_FAULT:
        with suppress(CollectionGone, StoreUnavailable):
            books.take_back_attempt(entry.seq)
        raise
    except Exception as error:
        with batch.article(entry.seq) as span:
            span.failed(type(error).__name__)
            log.warning(
                "article_failed", collection=books.name, queue=queue, seq=entry.seq, attempts=attempts, exc_info=True
            )
        if attempts >= max_attempts:
            books.mark_dead(queue, entry.entry, entry.seq, f"{type(error).__name__}: {error}"[:500], clock.now())
