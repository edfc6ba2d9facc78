"""What a Redis holds, kept and put back: work that many tests begin from is done once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import redis

Entry = tuple[bytes, int, bytes]  # key, milliseconds that are left (0: no end), value

_FOR_EVER = -1
_LEASE_MS = 3_600_000  # what runs out sooner is a lease, or a sign of life


def empty(client: redis.Redis, data_home: Path) -> None:
    """Nothing in Redis, and no note left of what was in it: one that lost its data is refused by those who know what it had."""
    client.flushall()
    for mark in data_home.glob("clusterer/store-*"):
        mark.unlink()


class Kept:
    """What `fill` leaves in an empty Redis; without its leases, as if their owners had ended long ago."""

    def __init__(self, fill: Callable[[redis.Redis], object]) -> None:
        self._fill = fill
        self._entries: list[Entry] = []

    def put(self, client: redis.Redis) -> None:
        """Into an empty Redis."""
        if not self._entries:
            self._fill(client)
            self._entries = entries(client)
            client.flushall()
        put_back(client, self._entries)


def entries(client: redis.Redis) -> list[Entry]:
    """All keys but leases."""
    left_ms = {name: client.pttl(name) for name in client.scan_iter()}
    return [
        (name, max(left, 0), client.dump(name))
        for name, left in left_ms.items()
        if left == _FOR_EVER or left > _LEASE_MS
    ]


def put_back(client: redis.Redis, kept: list[Entry]) -> None:
    """Into an empty Redis."""
    with client.pipeline() as pipe:
        for name, left_ms, value in kept:
            pipe.restore(name, left_ms, value)
        pipe.execute()
