"""How long after each kill the next article was committed."""

from __future__ import annotations

import statistics
import threading
import time
from collections import defaultdict
from typing import Self

import redis

_POLL_S = 0.03
_COUNTS = "clu:{default}:counts"


class Recovery:
    """Watches the books directly, in a thread. A kill counts when articles were waiting at that moment."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="recovery", daemon=True)
        self._lock = threading.Lock()
        self._assigned, self._pending = 0, 0
        self._waiting: list[tuple[float, str]] = []
        self._took_s: dict[str, list[float]] = defaultdict(list)

    def note_kill(self, target: str) -> None:
        """`target` is about to be killed."""
        with self._lock:
            if self._pending:
                self._waiting.append((time.monotonic(), target))

    @property
    def pending(self) -> int:
        """Articles that wait, as last seen."""
        return self._pending

    def _watch(self) -> None:
        while not self._stop.wait(_POLL_S):
            try:
                assigned, pending = (int(n or 0) for n in self._client.hmget(_COUNTS, "assigned", "pending"))
            except redis.RedisError:
                continue
            with self._lock:
                if assigned != self._assigned:
                    now = time.monotonic()
                    for at, target in self._waiting:
                        self._took_s[target].append(now - at)
                    self._waiting.clear()
                self._assigned, self._pending = assigned, pending

    def summary(self) -> dict[str, dict[str, float]]:
        """Per target and for all: number of kills, median and worst time (s) to the next commit."""
        with self._lock:
            took = {target: list(times) for target, times in sorted(self._took_s.items())}
        took["all"] = [seconds for times in took.values() for seconds in times]
        return {
            target: {"kills": len(times), "median": round(statistics.median(times), 2), "worst": round(max(times), 2)}
            for target, times in took.items()
            if times
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)
