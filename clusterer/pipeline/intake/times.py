"""Times of publication in the forms in which feeds, sites and libraries give them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz

import regex
from dateutil import parser as dateutil_parser

from clusterer.core import calendar
from clusterer.core.lines.stamps import is_date_line
from clusterer.pipeline.intake.fields import Unreadable

EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)
_FUTURE_TOLERANCE = timedelta(days=2)
# The first days of Unix, of spreadsheets, of Windows and of the calendar, which programs write where they have no date.
_EPOCHS = [
    date(1970, 1, 1),
    date(1969, 12, 31),
    date(1900, 1, 1),
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1601, 1, 1),
]
_EPOCHS += [date(1, 1, 1)]
_NEVER = re.compile(r"-?0{3,4}[-/.]\d\d[-/.]\d\d|0{4,}|9999[-/.]12[-/.]31|-\d+[-/.]")
_MAX_CHARS = 100
_NOTHING = frozenset(("", "-", "none", "null", "nil", "nan", "n/a", "na", "unknown", "undefined", "false", "0"))
_ISO = re.compile(r"\d{4}-?\d\d-?\d\d(?:$|[t ])|\d{4}-?w\d\d")
_FIGURES_ONLY = re.compile(r"^(\d{8})(\d{6})(?=z?$)")
_WORDED_ZONE = re.compile(r"\s*(?:utc|gmt|z|zulu)$")
_ZONE_NOTE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])$")  # RFC 5322 comments, RFC 9557 names
_NAMED_OFFSET = re.compile(r"[(\[]?\b(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d\d))?\b[)\]]?", re.IGNORECASE)
_WRAPPED_UNIX = re.compile(r"(?:@|/date\()(-?\d+)(?:[+-]\d{4})?(?:\)/)?", re.IGNORECASE)
# Years of Japan's reigns and of the Republic of China, as people there write them.
_REIGNS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_REIGN = re.compile(rf"({'|'.join(_REIGNS)})\s?(\d{{1,3}}|元)(?=\s?年)")
_BUDDHIST = (2400, 2700)  # years of the Thai calendar, 543 ahead
_SHORT_THAI_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_PARTED_OFFSET = re.compile(r"(?<=\s)([+-]\d\d):(\d\d)$")
_ZONE_BEFORE_YEAR = re.compile(r"(?<=:\d\d\s)([A-Z]{2,4}|[+-]\d\d:?\d\d)\s(\d{4})$")  # as the command `date` writes
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_HALF_DAY = re.compile(r"\d\s?[ap]\.?\s?m\b", re.IGNORECASE)
_LEAP_SECOND = re.compile(r"(?<=:\d\d:)60(?=\D|$)")
_MIDNIGHT = re.compile(r"(?<=[t ])24(?=:00(?::00(?:[.,]0+)?)?(?:\D|$))")
_NUMBERS = re.compile(r"(?<![\d:])(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})(?![\d:])\.?")
_SHORT_YEAR = re.compile(r"(?<=\d-[a-z]{3}-)(?=\d\d$)", re.IGNORECASE)
_CENTURY = "20"
_MONTH_NAMED = re.compile(r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_SECONDS = (100_000_000, 4_200_000_000)  # 1973 to 2103
# Beyond those of RFC 822; where a name is used in two zones, the one with more news.
_ZONES = {
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "MET": 1,
    "MEST": 2,
    "TRT": 3,
    "ART": -3,
    "NST": -3.5,
    "NDT": -2.5,
    "CT": -6,
    "MT": -7,
    "EET": 2,
    "EEST": 3,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "MSK": 3,
    "IST": 5.5,
    "WIB": 7,
    "WITA": 8,
    "WIT": 9,
    "PKT": 5,
}
_ZONES |= {
    "JST": 9,
    "KST": 9,
    "HKT": 8,
    "SGT": 8,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "SAST": 2,
    "BRT": -3,
    "AKST": -9,
}
_ZONES |= {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "ET": -5,
    "PT": -8,
    "UT": 0,
    "UTC": 0,
}

# 3 November 2026, 3. Nov., 2026; 3 de noviembre de 2026; le 1er mars 2026
_DAY_FIRST = regex.compile(
    r"(?<![\d:.])(?<day>\d{1,2})(?:\.|º|er|e)?\s*(?:de\s+|d[’'])?(?<month>\p{Thai}{1,3}\.\p{Thai}\.|[\p{L}\p{M}]{2,20})\.?,?\s*(?:de[l]?\s+)?(?<year>\d{4})(?!\d)"
)
_MONTH_FIRST = regex.compile(r"(?<month>[\p{L}\p{M}]{2,20})\.?\s+(?<day>\d{1,2})(?:\.|º)?,?\s+(?<year>\d{4})(?!\d)")
_YEAR_FIRST = regex.compile(
    r"(?<year>\d{4})(?:\s*[年년]\s*|[.,]?\s+)(?:(?<number>\d{1,2})\s*[月월]|(?<month>[\p{L}\p{M}]{2,20})\.?)\s*(?<day>\d{1,2})(?:\s*[日일]|\.|$|[\s,])"
)
_CLOCK = regex.compile(
    r"(?:(?P<after>午後|下午|晚上|오후)|午前|上午|凌晨|오전)?\s?(?<!\d)(?<hour>\d{1,2})(?:[:.h時时]|\s*시\s*)(?<minute>\d\d)(?::(?<second>\d\d))?(?:[分분])?"
    r"(?:\s*(?<half>[ap])\.?\s?m\b)?",
    regex.IGNORECASE,
)
_ZONE_NAME = re.compile(rf"\b(?:{'|'.join(_ZONES)})\b")
_OFFSET = regex.compile(r"([+-])(\d\d):?(\d\d)$")


def read_time(value: object, now: datetime) -> datetime | None:
    """A time of publication as aware UTC: RFC 3339, ISO 8601, RFC 822, Unix time in seconds, milli-, micro- or nanoseconds, or a date
    with a month named in one of many languages.

    A date alone and a time without a zone mean UTC. Dates in figures whose day and month could be exchanged are not guessed at.
    """
    if isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise Unreadable("is not a time")
    text = " ".join(str(value)[:_MAX_CHARS].replace("\u2212", "-").split()) if value is not None else ""
    if text.lower() in _NOTHING:
        return None
    if _NEVER.match(text):
        raise Unreadable("is a placeholder for a missing date")
    moment = _parsed(text)
    if moment is None:
        raise Unreadable("cannot be read as a time, such as 2026-03-01T09:30:00Z")
    if moment.date() in _EPOCHS:
        raise Unreadable("is a placeholder for a missing date")
    if not EARLIEST <= moment <= now + _FUTURE_TOLERANCE:
        raise Unreadable("does not lie between 1900 and two days from now")
    return moment


def _parsed(text: str) -> datetime | None:
    text = _OTHER_DIGIT.sub(lambda found: str(int(found.group())), text)
    text = _REIGN.sub(_common_year, _NAMED_OFFSET.sub(_plain_offset, text))
    text = _SHORT_YEAR.sub(_CENTURY, _ZONE_NOTE.sub("", text))
    for read in (_unix, _iso, _internet, _figures, _worded, _in_any_language):
        try:
            found = read(text)
            if found is not None:
                return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def _unix(text: str) -> datetime | None:
    wrapped = _WRAPPED_UNIX.fullmatch(text)
    seconds = float(wrapped[1] if wrapped else text)
    units = (seconds, seconds / 1e3, seconds / 1e6, seconds / 1e9)
    found = next((given for given in units if _SECONDS[0] <= given < _SECONDS[1]), None)
    return None if found is None else datetime.fromtimestamp(found, UTC)


def _iso(text: str) -> datetime | None:
    """RFC 3339 with what it allows beyond Python's reader (lower case, leap seconds), 24:00, and a zone set apart."""
    low = _FIGURES_ONLY.sub(r"\1t\2", text.lower())
    if not _ISO.match(low):
        return None
    low = _SPACED_OFFSET.sub("", _WORDED_ZONE.sub("+00:00", low))
    late = timedelta(0)
    if _LEAP_SECOND.search(low):
        low, late = _LEAP_SECOND.sub("59", low, count=1), timedelta(seconds=1)
    if _MIDNIGHT.search(low):
        low, late = _MIDNIGHT.sub("00", low, count=1), timedelta(days=1)
    return datetime.fromisoformat(low.upper()) + late


def _internet(text: str) -> datetime | None:
    """RFC 822 and 5322, with zones by name."""
    text = _PARTED_OFFSET.sub(r"\1\2", _ZONE_BEFORE_YEAR.sub(r"\2 \1", text))
    if _HALF_DAY.search(text):
        return None  # its reader takes the time of the morning
    found = parsedate_tz(text)
    if found is None or not re.search(r"[a-z]{3}", text, re.IGNORECASE) or not re.search(r"\d:\d\d", text):
        return None
    offset_s = found[9]
    name = text.rsplit(" ", 1)[-1].strip("()").upper()
    if name in _ZONES:
        offset_s = int(_ZONES[name] * 3_600)
    zone = UTC if offset_s is None else timezone(timedelta(seconds=offset_s))
    return datetime(*found[:5], min(found[5], 59), tzinfo=zone)


def _figures(text: str) -> datetime | None:
    """Year first, or day first as points say, or as figures over twelve show; beside it nothing but a time of day and words of dates."""
    dates = list(_NUMBERS.finditer(text))
    if len(dates) != 1 or not is_date_line(_ZONE_NAME.sub("", text)):
        return None
    found = dates[0]
    first, middle, last = int(found[1]), int(found[3]), int(found[4])
    if first > 31:
        year, month, day = first, middle, last
    elif found[2] == "." or first > 12 or first == middle:
        year, month, day = last, middle, first
    elif middle > 12:
        year, month, day = last, first, middle
    else:
        return None
    if year < 1000:
        return None
    return _at_clock(datetime(_common(year), month, day), f"{text[: found.start()]} {text[found.end() :]}")


def _worded(text: str) -> datetime | None:
    """A date with the month's English name, and the time of day if it is there."""
    if not re.search(r"\b(?:19|20)\d\d\b", text) or not _MONTH_NAMED.search(text):
        return None  # 02/11/2026 stays one of two days beside "Mon" or "GMT"
    zones = {name: int(hours * 3_600) for name, hours in _ZONES.items()}
    one, other = (
        dateutil_parser.parse(text, default=datetime(2000, month, day), tzinfos=zones, ignoretz=False)
        for month, day in ((1, 1), (2, 2))
    )
    return one if one == other else None  # else day or month is not said


def _in_any_language(text: str) -> datetime | None:
    """A date with the month's name, or as written in Chinese, Japanese and Korean, and the time of day if it is there."""
    for form in (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST):
        for found in form.finditer(text):
            parts = found.groupdict()
            number = int(parts["number"]) if parts.get("number") else _month(parts["month"])
            if number is not None:
                rest = f"{text[: found.start()]} {text[found.end() :]}"
                return _at_clock(datetime(_common(int(parts["year"])), number, int(parts["day"])), rest)
    return None


def _month(word: str) -> int | None:
    """The month that a word names: also one cut shorter than the calendar has it ("ноя"), or behind a Hebrew preposition."""
    if word in _SHORT_THAI_MONTHS:
        return _SHORT_THAI_MONTHS.index(word) + 1
    return calendar.month(word) or calendar.month(word.removeprefix("ב")) or calendar.month_beginning(word)


def _common(year: int) -> int:
    return year - 543 if _BUDDHIST[0] <= year < _BUDDHIST[1] else year


def _common_year(found: re.Match[str]) -> str:
    return str(_REIGNS[found[1]] + (1 if found[2] == "元" else int(found[2])))


def _plain_offset(found: re.Match[str]) -> str:
    return f" {found[1]}{int(found[2]):02d}{found[3] or '00'}"


def _at_clock(day: datetime, rest: str) -> datetime:
    clock = _CLOCK.search(rest)
    if clock is None:
        return day
    hour = int(clock["hour"])
    if clock["half"] or clock["after"]:
        hour = hour % 12 + (12 if clock["after"] or clock["half"].lower() == "p" else 0)
    return day.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0), tzinfo=_zone(rest))


def _zone(rest: str) -> timezone | None:
    offset = _OFFSET.search(rest)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    hours = [_ZONES[word] for word in re.findall(r"\b[A-Z]{2,4}\b", rest) if word in _ZONES]
    return timezone(timedelta(hours=hours[-1])) if hours else None
