"""Work on a leased batch so that one bad article can neither stop the others nor be tried for ever.

A batch is worked on together. When that fails, or when a lease ran out because the worker died, its articles are worked on one by
one, and each try is counted durably *before* it starts: whatever kills the worker then has its own count, not its neighbours'.
What fails because the store does not answer, or another writer took over, is no fault of the article and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

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
from clusterer.ports import Clock, CollectionStore, Queue

log = structlog.get_logger(__name__)

NOT_THE_ARTICLES_FAULT = (CollectionGone, Fenced, StaleGeneration, StoreUnavailable, ModelMismatch, SchemaMismatch)


def work_through(
    books: CollectionStore,
    queue: Queue,
    leased: Sequence[Leased],
    process: Callable[[Sequence[Leased]], None],
    max_attempts: int,
    clock: Clock,
) -> None:
    """Run `process` over all entries; mark_dead the articles that fail `max_attempts` times on their own."""
    fresh = [entry for entry in leased if entry.deliveries == 1]
    suspects = [entry for entry in leased if entry.deliveries > 1]
    if fresh:
        try:
            process(fresh)
        except NOT_THE_ARTICLES_FAULT:
            raise
        except Exception:
            log.warning("batch_failed", collection=books.name, queue=queue, articles=len(fresh), exc_info=True)
            suspects = fresh + suspects
    for entry in suspects:
        _alone(books, queue, entry, process, max_attempts, clock)


def _alone(
    books: CollectionStore,
    queue: Queue,
    entry: Leased,
    process: Callable[[Sequence[Leased]], None],
    max_attempts: int,
    clock: Clock,
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
        process([entry])
    except NOT_THE_ARTICLES_FAULT:
        with suppress(CollectionGone, StoreUnavailable):
            books.take_back_attempt(entry.seq)
        raise
    except Exception as error:
        log.warning(
            "article_failed", collection=books.name, queue=queue, seq=entry.seq, attempts=attempts, exc_info=True
        )
        if attempts >= max_attempts:
            books.mark_dead(queue, entry.entry, entry.seq, f"{type(error).__name__}: {error}"[:500], clock.now())
