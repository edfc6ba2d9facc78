"""Dates of articles that came without one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clusterer.core.cleaning.stated_date import stated_date

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
STORY = "The ferry ran aground in thick fog."


def day(line: str, lang: str | None = None) -> str | None:
    found = stated_date(f"{line}\n{STORY}", lang, NOW)
    return None if found is None else found.date().isoformat()


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("March 05, 2026", "en"),
        ("5 March 2026", None),
        ("Thursday, 5 March 2026", "en"),
        ("05-Mar-26", "nl"),
        ("5 de marzo de 2026", "es"),
        ("05 de marzo del 2026", "es"),
        ("5 marzo 2026", "it"),
        ("5. März 2026", "de"),
        ("5 mars 2026", "fr"),
        ("5 марта 2026", "ru"),
        ("2026年3月5日", "zh"),
        ("2026-03-05", None),
        ("5 March 2026", "xx"),
    ],
)
def test_a_first_line_that_is_a_date(line: str, lang: str | None) -> None:
    assert day(line, lang) == "2026-03-05"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "03/04/2026",
        "Yesterday",
        "2 days ago",
        "March 2026",
        "In 2026 the town had 3 ferries",
        "Hallvik, 5 March 2026, a Thursday, in thick fog and rain",
        "5 March 2031",
        "31 February 2026",
        "Ferry 2026",
        STORY,
    ],
)
def test_a_first_line_that_is_none(line: str) -> None:
    assert day(line, "en") is None


def test_no_text_has_no_date() -> None:
    assert stated_date(None, None, NOW) is None
    assert stated_date("", "en", NOW) is None
