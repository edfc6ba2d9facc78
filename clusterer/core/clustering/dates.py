"""The date of an article that came without one, from its address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_FORMS = (
    re.compile(rf"{_YEAR}[/_.-](\d\d?)[/_.-](\d\d?)(?!\d)"),
    re.compile(rf"{_YEAR}/({'|'.join(_MONTHS)})[a-z]*/(\d\d?)(?!\d)"),
    re.compile(rf"{_YEAR}(\d\d)(\d\d)(?!\d)"),
    re.compile(rf"/{_YEAR}[/-](\d\d?)()/"),  # year and month alone
)
_MID_MONTH = 15
_AHEAD = timedelta(days=2)


def date_in_url(url: str | None, latest: datetime) -> datetime | None:
    """The date that the path of a URL states, as midnight UTC; the middle of the month where it has no day.

    None without one, and for a date that lies more than two days after `latest`. The first form that gives a date of the calendar counts,
    a full date before a year with a month.
    """
    path = _path(url).lower() if url else ""
    for form in _FORMS:
        for year, month, day in form.findall(path):
            found = _date(year, _MONTHS.get(month) or month, day or _MID_MONTH)
            if found is not None and found <= latest + _AHEAD:
                return found
    return None


def _date(year: str, month: str | int, day: str | int) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None


def _path(url: str) -> str:
    """What comes after the host and before a query. Not by urllib, which raises for hosts that cannot be."""
    _, _, after_scheme = url.partition("//")
    _, _, path = (after_scheme or url).partition("/")
    return "/" + re.split("[?#]", path, maxsplit=1)[0]
