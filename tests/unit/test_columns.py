"""Columns of a window are known by their regularity, forgotten with their articles, and cost little where there are none."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.clustering.columns import SERIES_SCHEME, Columns, series_numbers
from clusterer.core.clustering.telling import TOLD_APART, Telling
from clusterer.core.copies.series import keeps_coming
from clusterer.core.evidence.evidence import LEAD, Evidence, Sparse

MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
HEADING = "Sudoku No {}: the daily grid"


def daily(columns: Columns, first: int = 0, days: int = 4, source: str = "Gazette") -> None:
    for seq in range(first, first + days):
        columns.note(
            seq, series_numbers(HEADING.format(300 + seq), source), MONDAY + timedelta(days=seq, minutes=7 * seq)
        )


def test_a_series_is_a_column_from_its_fourth_day() -> None:
    columns = Columns()
    daily(columns, days=3)
    assert not columns.share(0, 2)
    daily(columns, first=3, days=1)
    assert columns.share(0, 2)
    assert columns.share(3, 1)


def test_another_title_and_another_source_are_of_no_column() -> None:
    columns = Columns()
    daily(columns)
    columns.note(10, series_numbers(HEADING.format(9), "Herald"), MONDAY)
    columns.note(11, series_numbers("Council votes on the new bridge", "Gazette"), MONDAY)
    columns.note(12, series_numbers(HEADING.format(9), None), MONDAY)
    columns.note(13, series_numbers("", "Gazette"), MONDAY)
    assert not any(columns.share(0, other) or columns.share(other, 0) for other in (10, 11, 12, 13, 99))


def test_an_article_without_a_date_is_of_a_column_and_shows_none() -> None:
    columns = Columns()
    columns.note(20, series_numbers(HEADING.format(1), "Gazette"), None)
    daily(columns, days=3)
    assert not columns.share(0, 20)
    daily(columns, first=3, days=1)
    assert columns.share(0, 20)
    columns.forget(20)
    assert not columns.share(0, 20)
    assert columns.share(0, 1)


@pytest.mark.parametrize("together", [False, True])
def test_a_column_is_forgotten_with_its_last_article(together: bool) -> None:
    columns = Columns()
    daily(columns)
    for seq in range(3):
        columns.forget(seq)
        assert columns.share(3, 3), "it stays a column while one of its issues is there"
    if together:
        daily(columns, first=4, days=1)
        assert columns.share(3, 4)
        columns.forget(4)
    columns.forget(3)
    daily(columns, first=30, days=3)
    assert not columns.share(30, 31)


def test_a_series_that_comes_at_all_hours_is_no_column_until_those_are_gone() -> None:
    columns = Columns()
    columns.note(50, series_numbers(HEADING.format(50), "Gazette"), MONDAY + timedelta(hours=9))
    columns.note(51, series_numbers(HEADING.format(51), "Gazette"), MONDAY + timedelta(hours=9))
    daily(columns)
    assert not columns.share(0, 1)
    columns.forget(50)
    daily(columns, first=4, days=1)
    assert not columns.share(0, 1), "one of another hour is left"
    columns.forget(51)
    daily(columns, first=5, days=1)
    assert columns.share(0, 1)


def test_one_that_comes_when_another_did_is_asked_about_once_an_odd_one_is_gone() -> None:
    columns = Columns()
    columns.note(50, series_numbers(HEADING.format(50), "Gazette"), MONDAY + timedelta(hours=9))
    daily(columns)
    columns.forget(50)
    columns.note(51, series_numbers(HEADING.format(51), "Gazette"), MONDAY)
    assert columns.share(0, 51)


def test_a_feed_that_prints_all_under_one_title_costs_each_arrival_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def noted(days: int, minutes: Iterable[int]) -> bool:
        looked_at.append(days + len(list(minutes)))
        return False

    monkeypatch.setattr("clusterer.core.clustering.columns.keeps_coming", noted)
    columns = Columns()
    for seq in range(5_000):
        columns.note(seq, series_numbers("Weather for No 1", "Gazette"), MONDAY + timedelta(seconds=seq))
    assert max(looked_at) <= 1 + 5_000 // 60 + 1
    assert len(looked_at) <= 5_000 // 60 + 1, "and only when it came at another time than before"
    for seq in range(5_000):
        columns.forget(seq)
    daily(columns, first=6_000)
    assert looked_at[-1] == 4 + 4


def test_little_is_kept_of_an_article_that_was_never_compared() -> None:
    words = Sparse(
        tuple(f"word{number:03d}" for number in range(90)), bytes([1]) * 90, bytes([LEAD]) * 90, bytes([90]) * 90
    )
    lead = np.zeros(8, np.float32)
    telling = Telling(lambda seq: words, lambda seq: lead)

    def meet(first: int, count: int) -> None:
        for seq in range(first, first + count):
            heading = (
                "Report "
                + "".join(chr(97 + int(digit)) for digit in str(seq))
                + " on the harbour, the tide and the ferry"
            )
            telling.meet(Evidence(seq, lead, words, MONDAY, MONDAY, f"Outlet {seq % 7}", "en", heading=heading))

    meet(0, 500)  # what all share
    tracemalloc.start()
    meet(500, 2_000)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / 2_000 < 2_000  # bytes; the words of a compared one take eight times as much


def test_nothing_is_left_of_an_article_that_was_forgotten() -> None:
    """Its place may be taken by another one, which is read anew and is of no column because the first one was."""
    asked: list[int] = []
    words, lead = Sparse(("ferry",), bytes([1]), bytes([LEAD]), bytes([90])), np.zeros(8, np.float32)
    telling = Telling(lambda seq: asked.append(seq) or words, lambda seq: lead)  # type: ignore[func-returns-value]

    def meet(seq: int, heading: str) -> None:
        published_at = MONDAY + timedelta(days=seq)
        telling.meet(Evidence(seq, lead, words, published_at, published_at, "Gazette", "en", heading=heading))

    for seq in range(5):
        meet(seq, HEADING.format(300 + seq))
    assert telling.series(0) == telling.series(1) != ()
    assert telling.against(0, 3) == TOLD_APART, "issues of a column"
    meet(5, "The ferry is repaired")
    assert [telling.against(0, 5), telling.against(0, 5)] == [0.0, 0.0]
    assert asked == [0], "the one at hand is not asked for, and nobody twice"
    telling.forget([0, 1, 2, 3, 4, 99])
    assert [telling.series(seq) for seq in range(5)] == [()] * 5
    meet(0, "Weather: frost returns on Monday")
    assert telling.series(0) == series_numbers("Weather: frost returns on Monday", "Gazette") != ()
    meet(4, "The mill is for sale")
    assert telling.against(0, 4) == 0.0
    assert asked == [0, 0]


def test_numbers_of_series_are_those_that_were_stored() -> None:
    """Stored numbers meet those of new articles. Where this fails, SERIES_SCHEME has to be raised with the new numbers."""
    assert SERIES_SCHEME == 3
    numbers = [
        series_numbers("Sudoku No 4,711: the daily grid", "Gazette"),
        series_numbers("Weather: frost returns on Monday", "The Herald"),
        series_numbers("Das bringt der Dienstag", "Bote"),
        series_numbers("Council votes", None),
    ]
    assert numbers == [
        (11866644191824652810, 8929314562882922331),
        (1586953854690728997, 6693043445459641423),
        (13511957012136875997,),
        (),
    ]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 11), st.integers(0, 7), st.integers(0, 3)), max_size=60))
def test_columns_are_those_of_a_count_after_each_step(steps: list[tuple[bool, int, int, int]]) -> None:
    """A series becomes a column as soon as it keeps coming, and is one until its last article is gone."""
    columns, there, is_column = Columns(), dict[int, datetime](), False
    for comes, seq, day, quarter in steps:
        if comes and seq not in there:
            there[seq] = MONDAY + timedelta(days=day, hours=2 * quarter)
            columns.note(seq, (7,), there[seq])
            days, minutes = {at.date() for at in there.values()}, [60 * at.hour + at.minute for at in there.values()]
            is_column |= keeps_coming(len(days), minutes)
        elif not comes and there.pop(seq, None):
            columns.forget(seq)
            is_column &= bool(there)
        assert all(columns.share(one, other) == is_column for one in there for other in there)
