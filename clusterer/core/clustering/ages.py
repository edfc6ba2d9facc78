"""When the articles of a window were received, so that the oldest are found without looking at the others."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Ages:
    """A heap by time and seq. Entries of articles that were forgotten stay until they are the oldest."""

    def __init__(self) -> None:
        self._heap: list[int] = []
        self._keys: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, seq: int, received_at: datetime) -> None:
        """Note an article. One number holds time and seq: tuples of two objects would be several times as large."""
        key = self._keys[seq] = ((received_at - _EPOCH) // _MICROSECOND << 64) + seq
        heapq.heappush(self._heap, key)

    def discard(self, seq: int) -> None:
        """Forget an article; an unknown one is ignored."""
        self._keys.pop(seq, None)

    def take_oldest(self, before: datetime, at_most: int) -> list[int]:
        """Forget the oldest of the articles received before a time; their seqs, oldest first."""
        bound = (before - _EPOCH) // _MICROSECOND << 64
        taken: list[int] = []
        while self._heap and self._heap[0] < bound and len(taken) < at_most:
            key = heapq.heappop(self._heap)
            seq = key & (2**64 - 1)
            if self._keys.get(seq) == key:
                del self._keys[seq]
                taken.append(seq)
        return taken
