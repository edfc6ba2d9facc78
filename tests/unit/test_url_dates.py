"""An address may state the date that an article came without."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clusterer.core.url_dates import date_in_url, day_in_url

RECEIVED = datetime(2020, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://a.example/2013/02/28/harbour-closed", (2013, 2, 28)),
        ("https://a.example/news/2013/feb/28/harbour-closed", (2013, 2, 28)),
        ("https://a.example/news/2013/February/3/harbour-closed", (2013, 2, 3)),
        ("https://a.example/harbour-closed-2013-02-28.html", (2013, 2, 28)),
        ("https://a.example/p/20130228-harbour", (2013, 2, 28)),
        ("https://a.example/blogs/2013/02/harbour-closed/", (2013, 2, 15)),
        ("https://a.example/archive/2013-2/harbour", (2013, 2, 15)),
        ("https://a.example/2013/02/archive/2013/02/28/harbour", (2013, 2, 28)),
    ],
)
def test_a_date_in_the_path_is_read(url: str, date: tuple[int, int, int]) -> None:
    assert date_in_url(url, RECEIVED) == datetime(*date, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://a.example/harbour-closed-38292392",
        "https://a.example/news/2013/13/28/no-such-month",
        "https://a.example/2031/02/28/not-yet",
        "https://2013-02-28.example/harbour",
        "https://a.example/harbour?since=2013-02-28",
        "https://a.example/id/1201302289",
        "https://a.example/agenda-2030/goals",
        "http://[bad/harbour",
    ],
)
def test_other_figures_are_no_date(url: str | None) -> None:
    assert date_in_url(url, RECEIVED) is None
    assert day_in_url(url, RECEIVED) is None


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://a.example/2013/02/28/harbour-closed", (2013, 2, 28)),
        ("https://a.example/news/2013-02-28-harbour", (2013, 2, 28)),
        ("https://a.example/20130228/harbour", (2013, 2, 28)),
        ("https://a.example/news/2013/feb/3/harbour", (2013, 2, 3)),
        ("https://a.example/2013/02/30/no-such-day/2013/02/28/harbour", (2013, 2, 28)),
    ],
)
def test_a_day_in_folders_is_the_time_of_publication(url: str, date: tuple[int, int, int]) -> None:
    assert day_in_url(url, RECEIVED) == datetime(*date, tzinfo=UTC)


@pytest.mark.parametrize(
    "path", ["2013/02/4-ways", "harbour-closed-2013-02-28.html", "2013/02/", "2013/0228/x", "2013/feb/3-ways"]
)
def test_other_forms_are_no_time_of_publication(path: str) -> None:
    assert day_in_url(f"https://a.example/{path}", RECEIVED) is None
