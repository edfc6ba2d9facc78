"""Which articles of a window are of a column that is known by its regularity (see core.copies.series)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import TypeVar

from clusterer.core.copies.series import ESTABLISHED_ISSUES, keeps_coming, series_of

SERIES_SCHEME = 3  # raised whenever an article gets other numbers than before: stored ones are then made anew
_NUMBER_BYTES = 8
_Key = TypeVar("_Key")


@dataclass(slots=True)
class _Times:
    """When the articles of one series were published: how many on each day, and in each minute of the day.

    A feed may print thousands under one title, so what is asked at each arrival must not go through all of them.
    """

    days: Counter[date] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    changed: bool = True  # in a way that may have made it a column, since somebody asked
    scattered: bool = False  # over the day: what comes on top does not change that

    def add(self, at: datetime) -> None:
        day, minute = at.date(), 60 * at.hour + at.minute
        self.changed |= not self.scattered and (day not in self.days or minute not in self.minutes)
        self.days[day] += 1
        self.minutes[minute] += 1

    def remove(self, at: datetime) -> None:
        _take_one(self.days, at.date())
        _take_one(self.minutes, 60 * at.hour + at.minute)
        self.changed, self.scattered = True, False

    def keep_coming(self) -> bool:
        self.changed = False
        coming = keeps_coming(len(self.days), self.minutes)
        self.scattered = not coming and len(self.days) >= ESTABLISHED_ISSUES
        return coming


class Columns:
    """Articles by the series that they may belong to. For one thread.

    Series are known by numbers made of their names, and most have one article: there may be a million of both.
    """

    def __init__(self) -> None:
        self._series: dict[int, tuple[int, ...]] = {}  # of each article that has any
        self._published: dict[int, datetime] = {}
        self._issues: dict[int, int | _Times] = {}  # the only article of a series, or the times of all
        self._columns: set[int] = set()

    def note(self, seq: int, series: tuple[int, ...], published_at: datetime | None) -> None:
        """Take in an article that is not there. Without a time it may be of a column, and does not show that there is one.

        series: see `series_numbers`.
        """
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
        published_at = self._published.pop(seq, None)
        if published_at is None:
            return
        for number in series:
            issues = self._issues[number]
            if isinstance(issues, _Times):
                issues.remove(published_at)
            if issues == seq or (isinstance(issues, _Times) and not issues.days):
                del self._issues[number]
                self._columns.discard(number)

    def series(self, seq: int) -> tuple[int, ...]:
        """Those that an article may belong to; none for an unknown one."""
        return self._series.get(seq, ())

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
        if isinstance(issues, int):
            first, issues = issues, _Times()
            issues.add(self._published[first])
            self._issues[number] = issues
        issues.add(self._published[seq])
        if number not in self._columns and issues.changed and issues.keep_coming():
            self._columns.add(number)


def series_numbers(heading: str, source: str | None) -> tuple[int, ...]:
    """Numbers of the series that an article of this title may belong to."""
    return tuple(_number(name) for name in series_of(heading, source)) if heading and source else ()


def _take_one(counts: Counter[_Key], key: _Key) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=_NUMBER_BYTES).digest(), "big")
