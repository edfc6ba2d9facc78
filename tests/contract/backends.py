"""The stores that every contract test runs on, with the damage that only outsiders can do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import redis

from clusterer.adapters.memory_store import MemoryStore
from clusterer.adapters.redis_store import RedisStore
from clusterer.ports import CollectionStore, Queue, Store

WINDOW = timedelta(days=14)


@dataclass(frozen=True)
class Backend:
    """A store under test, and the damage that only outsiders can do to it."""

    store: Store
    lose_entries: Callable[[CollectionStore, Queue], None]
    lose_postings: Callable[[CollectionStore], None]
    lose_copies: Callable[[CollectionStore], None]
    lose_membership: Callable[[CollectionStore, int], None]
    lose_counts: Callable[[CollectionStore], None]
    lose_record: Callable[[CollectionStore, int], None]


def memory_backend() -> Backend:
    def lose_entries(books: CollectionStore, queue: Queue) -> None:
        stream = books._streams[queue]  # type: ignore[attr-defined]
        for entry in list(stream):
            stream.discard(entry)

    def lose_postings(books: CollectionStore) -> None:
        for bucket in books._posting._buckets.values():  # type: ignore[attr-defined]
            bucket.lists.clear()

    def lose_copies(books: CollectionStore) -> None:
        books._followers.clear()  # type: ignore[attr-defined]

    def lose_membership(books: CollectionStore, seq: int) -> None:
        del books._clustering.cluster_of[seq]  # type: ignore[attr-defined]

    def lose_counts(books: CollectionStore) -> None:
        """There are none: they are counted whenever asked for."""

    def lose_record(books: CollectionStore, seq: int) -> None:
        del books._rows[seq]  # type: ignore[attr-defined]

    return Backend(
        MemoryStore(WINDOW), lose_entries, lose_postings, lose_copies, lose_membership, lose_counts, lose_record
    )


def redis_backend(client: redis.Redis) -> Backend:
    def lose(books: CollectionStore, pattern: str) -> None:
        for key in client.scan_iter(f"*{{{books.name}}}:{pattern}"):
            client.delete(key)

    def lose_membership(books: CollectionStore, seq: int) -> None:
        for key in client.scan_iter(f"*{{{books.name}}}:g*:assign"):
            client.hdel(key, str(seq))

    return Backend(
        RedisStore(client, WINDOW),
        lose_entries=lose,
        lose_postings=lambda books: lose(books, "p:*"),
        lose_copies=lambda books: lose(books, "copies:*"),
        lose_membership=lose_membership,
        lose_counts=lambda books: lose(books, "counts"),
        lose_record=lambda books, seq: lose(books, f"a:{seq}"),
    )
