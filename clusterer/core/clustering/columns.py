"""Which articles of a window are of a column that is known by its regularity (see core.copies.series)."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from clusterer.core.copies.series import keeps_coming, series_of

_NUMBER_BYTES = 8


class Columns:
    """Articles by the series that they may belong to. For one thread.

    Series are known by numbers made of their names, and most have one article: there may be a million of both.
    """

    def __init__(self) -> None:
        self._series: dict[int, tuple[int, ...]] = {}  # of each article that has any
        self._published: dict[int, datetime] = {}
        self._issues: dict[int, int | set[int]] = {}  # the only article of a series, or all of them
        self._columns: set[int] = set()

    def note(self, seq: int, heading: str, source: str | None, published_at: datetime | None) -> None:
        """Take in an article. Without a time it may be of a column, and does not show that there is one."""
        series = tuple(_number(name) for name in series_of(heading, source)) if heading and source else ()
        if not series:
            return
        self._series[seq] = series
        if published_at is not None:
            self._published[seq] = published_at
            for number in series:
                self._enter(number, seq)

    def forget(self, seq: int) -> None:
        """Let go of an article; an unknown one is ignored. A series is no column any more once its last article is gone."""
        series = self._series.pop(seq, ())
        if self._published.pop(seq, None) is None:
            return
        for number in series:
            issues = self._issues[number]
            if isinstance(issues, set):
                issues.discard(seq)
            if not issues or issues == seq:
                del self._issues[number]
                self._columns.discard(number)

    def share(self, one: int, other: int) -> bool:
        """Whether two articles are of one column."""
        if not self._columns:
            return False
        shared = self._columns.intersection(self._series.get(one, ()))
        return bool(shared) and not shared.isdisjoint(self._series.get(other, ()))

    def _enter(self, number: int, seq: int) -> None:
        issues = self._issues.setdefault(number, seq)
        if issues == seq:
            return
        if not isinstance(issues, set):
            issues = self._issues[number] = {issues}
        issues.add(seq)
        if number not in self._columns and keeps_coming(self._published[one] for one in issues):
            self._columns.add(number)


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=_NUMBER_BYTES).digest(), "big")
