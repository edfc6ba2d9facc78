"""The date of an article that came without one, from a first line of its text that is a date and nothing else.

A date read wrongly keeps reports of one event apart, so only what has one reading counts: no `03/04/2026`, no "yesterday".
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import regex

_ISO = regex.compile(r"(\d{4})-(\d\d)-(\d\d)")
_NAMED_MONTH = regex.compile(
    r"(?=.*\p{L})(?=.*(?<!\d)(?:(?:19|20)\d\d|\d{1,2}-\p{L}{3,}-\d\d)(?!\d))[\p{L}\p{M}\d\s.,/\-年月日]+"
)
_MAX_LINE_CHARS = 40
_EARLIEST = date(1971, 1, 1)
_MOST_AHEAD = timedelta(days=2)


def stated_date(text: str | None, lang: str | None, now: datetime) -> datetime | None:
    """Midnight UTC of the day that the first line of the text names; None where it names none beyond doubt.

    lang: of the text, where known. now: days after it by more than two are no date of an article.
    """
    line = (text or "").lstrip()[:200].partition("\n")[0].strip()
    day = _of_line(line, lang)
    if day is None or not _EARLIEST <= day <= (now + _MOST_AHEAD).date():
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _of_line(line: str, lang: str | None) -> date | None:
    if not line or len(line) > _MAX_LINE_CHARS:
        return None
    iso = _ISO.fullmatch(line)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if _NAMED_MONTH.fullmatch(line) is None:
        return None
    import dateparser  # slow to import, and few articles need it

    language = (lang or "").split("-")[0].lower()
    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    for languages in ([language], None) if language else (None,):
        try:
            found = dateparser.parse(line, languages=languages, settings=settings)
        except ValueError:  # a language that it does not know
            continue
        if found is not None:
            return date(found.year, found.month, found.day)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
