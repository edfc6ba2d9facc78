"""A queue with leases: what a Redis stream with one consumer group does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from clusterer.core.records import Leased


@dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    seq: int
    added_at_s: float
    deliveries: int = 0
    delivered_at_s: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.number}-0"


class Stream:
    """Entries in order of arrival. Like a Redis group, it counts a lease from the last delivery, by the next caller's `lease_s`."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._waiting: dict[str, _Entry] = {}
        self._leased: dict[str, _Entry] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self._leased)

    def __contains__(self, name: object) -> bool:
        return name in self._waiting or name in self._leased

    def __iter__(self) -> Iterator[str]:
        return iter([*self._leased, *self._waiting])

    def holds(self, seq: int) -> bool:
        """Whether any entry is for this article."""
        return any(entry.seq == seq for part in (self._waiting, self._leased) for entry in part.values())

    def add(self, seq: int) -> str:
        """The new entry's name."""
        self._last += 1
        entry = _Entry(number=self._last, seq=seq, added_at_s=self._now_s())
        self._waiting[entry.name] = entry
        return entry.name

    def discard(self, name: str) -> None:
        self._waiting.pop(name, None)
        self._leased.pop(name, None)

    def lease(self, count: int, lease_s: float) -> list[Leased]:
        """Entries not acknowledged for `lease_s` first, then new ones, oldest first."""
        now_s = self._now_s()
        overdue = [entry for entry in self._leased.values() if now_s - entry.delivered_at_s >= lease_s]
        overdue.sort(key=lambda entry: entry.number)
        chosen = overdue[:count]
        chosen += [entry for entry, _ in zip(self._waiting.values(), range(count - len(chosen)), strict=False)]
        return [self._deliver(entry, now_s) for entry in chosen]

    def _deliver(self, entry: _Entry, now_s: float) -> Leased:
        self._waiting.pop(entry.name, None)
        self._leased[entry.name] = replace(entry, deliveries=entry.deliveries + 1, delivered_at_s=now_s)
        return Leased(entry=entry.name, seq=entry.seq, deliveries=entry.deliveries + 1)

    def age_s(self) -> float:
        """Seconds that the oldest entry has been here; 0 when there is none."""
        oldest = min(
            (entry.added_at_s for part in (self._waiting, self._leased) for entry in part.values()), default=None
        )
        return 0.0 if oldest is None else self._now_s() - oldest
