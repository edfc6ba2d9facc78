"""Names of weekdays and months in the languages that news come in.

The file beside this one holds them, folded: from the Unicode locale data (CLDR), by `tests/support/calendar_names.py`. To take them from
there at run time cost every process that meets a first word a quarter of a second.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import regex

from clusterer.core.text import folded, has_unspaced

_LEAST_BEGINNING = 3
_TIME_ZONES = frozenset(("gmt", "utc", "bst", "cet", "cest", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt"))
# Other forms of weekdays than the locale data have, Monday first: "of Wednesday", "on Wednesday".
_INFLECTED_WEEKDAYS = """
    δευτέρας τρίτης τετάρτης πέμπτης παρασκευής σαββάτου κυριακής
    понедельника вторника среды четверга пятницы субботы воскресенья
    понеділка вівторка середи четверга п’ятниці суботи неділі
    poniedziałku wtorku środy czwartku piątku soboty niedzieli
    pondělka úterka středy čtvrtka pátku soboty neděle
    hétfőn kedden szerdán csütörtökön pénteken szombaton vasárnap
    måndagen tisdagen onsdagen torsdagen fredagen lördagen söndagen
    mandagen tirsdagen onsdagen torsdagen fredagen lørdagen søndagen
    thứhai thứba thứtư thứnăm thứsáu thứbảy chủnhật
"""
_TWO_WORDS = regex.compile(r"\b(thứ) (hai|ba|tư|năm|sáu|bảy)\b|\b(chủ) (nhật)\b", regex.IGNORECASE)  # of one weekday
_IN_BRACKETS = regex.compile(r"(?<=\d\s?[日일]\s?)[(（]([月火水木金土日]|[월화수목금토일])[)）]")  # "12日(火)"
_BEHIND_LATIN = "\u0370"  # Greek is the first script behind it


# All are asked for every word of every article, and most words come again.
@lru_cache(maxsize=32_768)
def weekday(word: str) -> int | None:
    """The weekday that a word names in any of the languages, Monday is 0; None for another word.

    Of names without blanks between them two characters do: text is cut into pairs there.
    """
    name = folded(word)
    return _names().weekdays.get(name, _inflected().get(name))


@lru_cache(maxsize=32_768)
def is_calendar_word(word: str) -> bool:
    """Whether a word names a weekday or a month."""
    name = folded(word)
    return name in _names().weekdays or name in _names().months or name in _inflected()


def is_time_zone(word: str) -> bool:
    """Whether a word is what English-speaking countries and Europe set behind a time."""
    return word.casefold() in _TIME_ZONES


@lru_cache(maxsize=32_768)
def month(word: str) -> int | None:
    """The month, from 1, that a word names in full or cut short as dates have it; None where languages differ, and for another word."""
    return _names().month_numbers.get(folded(word))


def month_beginning(word: str) -> int | None:
    """The one month whose names begin with a word of three letters or more; None where there are several, or none.

    Not in Latin script, where neighbouring languages have one name for two months.
    """
    start = folded(word)
    if len(start) < _LEAST_BEGINNING or start < _BEHIND_LATIN:
        return None
    found = {number for name, number in _names().month_numbers.items() if name.startswith(start)}
    return found.pop() if len(found) == 1 else None


def spaced(text: str) -> str:
    """The text with blanks around names of weekdays in scripts that are written without them, and with none within a name."""
    text = _TWO_WORDS.sub(lambda name: name.group().replace(" ", ""), text)
    text = _IN_BRACKETS.sub(lambda found: f" {found[1]}{'曜日' if found[1] in '月火水木金土日' else '요일'} ", text)
    return _unspaced_names().sub(r" \g<0> ", text) if has_unspaced(text) else text


class _Names(NamedTuple):
    weekdays: dict[str, int]
    months: frozenset[str]
    month_numbers: dict[str, int]


@lru_cache(maxsize=1)
def _names() -> _Names:
    file = resources.files("clusterer.core").joinpath("calendar_names.json")
    names = json.loads(file.read_text(encoding="utf-8"))
    return _Names(names["weekdays"], frozenset(names["months"]), names["month_numbers"])


@lru_cache(maxsize=1)
def _inflected() -> dict[str, int]:
    return {folded(word): place % 7 for place, word in enumerate(_INFLECTED_WEEKDAYS.split())}


@lru_cache(maxsize=1)
def _unspaced_names() -> regex.Pattern[str]:
    names = [name for name in _names().weekdays if has_unspaced(name) and len(name) > 2]
    return regex.compile("|".join(sorted(map(regex.escape, names), key=len, reverse=True)))
