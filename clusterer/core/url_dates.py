"""The day that the path of a news site's URL names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)"
_NAMED_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
# A folder, or the beginning of one. A day in figures has two, since /2026/03/4-ways is the fourth of nothing.
_PLAIN_FORMS = (
    re.compile(rf"/{_YEAR}(?P<mark>[/-]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)"),
    re.compile(rf"/{_YEAR}/{_NAMED_MONTH}/(?P<day>\d\d?)/"),
)
_ANY_FORMS = (
    re.compile(rf"{_YEAR}[/_.-](?P<month>\d\d?)[/_.-](?P<day>\d\d?)(?!\d)"),
    re.compile(rf"{_YEAR}/{_NAMED_MONTH}/(?P<day>\d\d?)(?!\d)"),
    re.compile(rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?!\d)"),
    re.compile(rf"/{_YEAR}[/-](?P<month>\d\d?)(?P<day>)/"),  # year and month alone
)
MID_MONTH = 15  # stands for a day that is not known
_AHEAD = timedelta(days=2)


def day_in_url(url: str | None, latest: datetime) -> datetime | None:
    """The day that the path of a URL states as folders, or at the beginning of one: midnight UTC.

    None without one, and for a day that lies more than two days after `latest`.
    """
    return _first(_PLAIN_FORMS, url, latest)


def date_in_url(url: str | None, latest: datetime) -> datetime | None:
    """The date that the path of a URL may state in any form, as midnight UTC; the middle of the month where it has no day.

    Where a wrong date costs little. The first form that gives a date of the calendar counts, a full date before a year with a month;
    None as for `day_in_url`.
    """
    return _first(_ANY_FORMS, url, latest)


def _first(forms: Sequence[re.Pattern[str]], url: str | None, latest: datetime) -> datetime | None:
    path = _path(url).lower() if url else ""
    dates = (_date(**match.groupdict()) for form in forms for match in form.finditer(path))
    return next((found for found in dates if found is not None and found <= latest + _AHEAD), None)


def _date(year: str, month: str, day: str, mark: str = "") -> datetime | None:
    try:
        return datetime(int(year), _MONTHS.get(month) or int(month), int(day or MID_MONTH), tzinfo=UTC)
    except ValueError:
        return None


def _path(url: str) -> str:
    """What comes after the host and before a query. Not by urllib, which raises for hosts that cannot be."""
    _, _, after_scheme = url.partition("//")
    _, _, path = (after_scheme or url).partition("/")
    return "/" + re.split("[?#]", path, maxsplit=1)[0]
