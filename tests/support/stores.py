"""The stores that every contract test runs on, with the damage that only outsiders can do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import redis

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
        lose_postings=lambda books: lose(books, "t:*"),
        lose_copies=lambda books: lose(books, "copies:*"),
        lose_membership=lose_membership,
        lose_counts=lambda books: lose(books, "counts"),
        lose_record=lambda books, seq: lose(books, f"a:{seq}"),
    )
