"""The posting index: which earlier articles share a term with this one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from clusterer.core.records import PostingHits

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Term = tuple[str, bytes]  # its kind comes first
_REACH = 2  # older buckets that are searched too


@dataclass(slots=True)
class _Bucket:
    terms: dict[int, set[_Term]] = field(default_factory=dict)  # seq -> the lists that it may be in
    lists: defaultdict[_Term, list[int]] = field(default_factory=lambda: defaultdict(list))


class PostingIndex:
    """Terms in buckets of half a window. Articles enter the newest bucket, however late they come.

    So whoever registered before is in the same bucket or an older one, and the order of registration, not that of `seq`,
    decides which of two articles sees the other. A list takes at most `cap` articles a bucket: the earliest, which copies follow.
    """

    def __init__(self, window: timedelta, cap: int) -> None:
        self._width = window / _REACH
        self._cap = cap
        self._buckets: dict[int, _Bucket] = {}
        self._newest: int | None = None

    def register(
        self, seq: int, exact: bytes | None, bands: Sequence[bytes], sketch: Sequence[bytes], at: datetime
    ) -> PostingHits:
        """See CollectionStore.register."""
        number = self._bucket_of(seq, (at - _EPOCH) // self._width)
        older = [bucket for n in range(number - _REACH, number) if (bucket := self._buckets.get(n))]
        hits: dict[str, Counter[int]] = {"exact": Counter(), "bands": Counter(), "sketch": Counter()}
        overflowed = 0
        for kind, terms in {"exact": [] if exact is None else [exact], "bands": bands, "sketch": sketch}.items():
            for term in dict.fromkeys(terms):
                for bucket in older:
                    hits[kind].update(bucket.lists.get((kind, term), ()))
                earlier, entered = self._enter(self._buckets[number], (kind, term), seq)
                hits[kind].update(earlier)
                overflowed += not entered
        return PostingHits(dict(hits["exact"]), dict(hits["bands"]), dict(hits["sketch"]), overflowed)

    def _bucket_of(self, seq: int, wanted: int) -> int:
        for number, bucket in self._buckets.items():
            if seq in bucket.terms:
                return number
        self._newest = wanted if self._newest is None else max(self._newest, wanted)
        self._buckets.setdefault(self._newest, _Bucket()).terms[seq] = set()
        for number in [number for number in self._buckets if number < self._newest - _REACH]:
            del self._buckets[number]
        return self._newest

    def _enter(self, bucket: _Bucket, term: _Term, seq: int) -> tuple[list[int], bool]:
        """Those before `seq` in the term's list, and False when the list has no room for it."""
        members = bucket.lists[term]
        if seq in members:
            return members[: members.index(seq)], True
        if len(members) >= self._cap:
            return list(members), False
        members.append(seq)
        bucket.terms[seq].add(term)
        return members[:-1], True

    def missing(self, seq: int, at: datetime) -> bool:
        """Whether a list that should hold the article lacks it, has room, and would be searched for an article that comes `at` then."""
        newest = max((at - _EPOCH) // self._width, self._newest or 0)
        return any(self._lacks(bucket, seq) for n, bucket in self._buckets.items() if n >= newest - _REACH)

    def _lacks(self, bucket: _Bucket, seq: int) -> bool:
        lists = (bucket.lists[term] for term in bucket.terms.get(seq, ()))
        return any(seq not in members and len(members) < self._cap for members in lists)

    def enter_again(self, seq: int) -> None:
        """Into each list of its terms that lacks it and has room, before the articles accepted later."""
        for bucket in self._buckets.values():
            for term in bucket.terms.get(seq, ()):
                members = bucket.lists[term]
                if seq not in members and len(members) < self._cap:
                    place = next((n for n, other in enumerate(members) if other > seq), len(members))
                    members.insert(place, seq)

    def forget(self, seq: int) -> None:
        """Take an article out of every list."""
        for bucket in self._buckets.values():
            for term in bucket.terms.pop(seq, ()):
                if seq in bucket.lists[term]:
                    bucket.lists[term].remove(seq)

    def __contains__(self, seq: object) -> bool:
        return any(seq in members for bucket in self._buckets.values() for members in bucket.lists.values())
