"""The posting index: which earlier articles share a term with this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from clusterer.core.records import PostingHits

_BUCKET = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Bucket:
    numbers: dict[int, int] = field(default_factory=dict)  # seq -> its place in the order of registration
    lists: dict[tuple[str, bytes], list[int]] = field(default_factory=dict)  # (kind, term) -> seqs


class PostingIndex:
    """Terms by day. The order of registration, not that of `seq`, decides which of two articles sees the other.

    Articles whose days lie at most `window` apart find each other; one list takes at most `cap` articles a day.
    """

    def __init__(self, window: timedelta, cap: int) -> None:
        self._reach = -(-window // _BUCKET)  # in buckets, rounded up
        self._cap = cap
        self._buckets: dict[int, _Bucket] = {}
        self._registered = 0

    def register(
        self, seq: int, exact: bytes | None, bands: Sequence[bytes], sketch: Sequence[bytes], at: datetime
    ) -> PostingHits:
        """See CollectionStore.register. A full list takes no newcomers: the earliest articles are the ones copies follow."""
        span = (at - _EPOCH) // _BUCKET
        bucket = self._buckets.setdefault(span, _Bucket())
        if seq not in bucket.numbers:
            self._registered += 1
            bucket.numbers[seq] = self._registered
        kinds = {"exact": [] if exact is None else [exact], "bands": bands, "sketch": sketch}
        terms = [(kind, term) for kind, of_kind in kinds.items() for term in dict.fromkeys(of_kind)]
        overflowed = sum(not self._enter(bucket, term, seq) for term in terms)
        hits: dict[str, Counter[int]] = {kind: Counter() for kind in kinds}
        for term in terms:
            hits[term[0]].update(self._earlier(span, term, bucket.numbers[seq]))
        self._expire()
        return PostingHits(
            exact=dict(hits["exact"]), bands=dict(hits["bands"]), sketch=dict(hits["sketch"]), overflowed=overflowed
        )

    def _enter(self, bucket: _Bucket, term: tuple[str, bytes], seq: int) -> bool:
        """False when the list has no room for `seq`."""
        members = bucket.lists.setdefault(term, [])
        if seq in members:
            return True
        if len(members) >= self._cap:
            return False
        members.append(seq)
        return True

    def _earlier(self, span: int, term: tuple[str, bytes], number: int) -> list[int]:
        """Articles under this term in buckets within reach of `span` that were registered before `number`."""
        return [
            other
            for other_span, bucket in self._buckets.items()
            if abs(span - other_span) <= self._reach
            for other in bucket.lists.get(term, ())
            if bucket.numbers[other] < number
        ]

    def _expire(self) -> None:
        oldest = max(self._buckets) - self._reach
        for span in [span for span in self._buckets if span < oldest]:
            del self._buckets[span]
