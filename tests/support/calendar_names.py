"""The names of weekdays and months as calendar.py reads them, from the Unicode locale data (CLDR, by way of Babel).

`python -m tests.support.calendar_names` writes the file anew; a unit test compares the two.
"""

from __future__ import annotations

import json
from collections import defaultdict
from importlib import resources
from pathlib import Path

import regex
from babel import Locale, UnknownLocaleError

from clusterer.core.text import folded

_LANGUAGES = [
    "ar",
    "bg",
    "bn",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "mk",
    "ms",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "sw",
    "th",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
]
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_HANGUL = regex.compile(r"\p{Hangul}")
_LEAST_LETTERS = 4  # shorter names, such as "may", are other words too
# Forms that stand after a preposition; the locale data have the nominative only.
_INFLECTED = {
    "среду": 2,
    "пятницу": 4,
    "субботу": 5,
    "środę": 2,
    "sobotę": 5,
    "niedzielę": 6,
    "středu": 2,
    "sobotu": 5,
    "neděli": 6,
}


def calendar_names() -> dict[str, object]:
    """weekdays: name -> number, Monday is 0. months: names in full. month_numbers: name, also cut short -> number from 1. All folded."""
    return {
        "weekdays": dict(sorted(_weekdays().items())),
        "months": sorted(_months()),
        "month_numbers": dict(sorted(_month_numbers().items())),
    }


def file_of_names() -> Path:
    """The file that the package holds."""
    return Path(str(resources.files("clusterer.core").joinpath("calendar_names.json")))


def _weekdays() -> dict[str, int]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in _INFLECTED.items():
        found[folded(name)].add(number)
    for locale in _locales():
        for context in ("format", "stand-alone"):
            for number, name in locale.days[context]["wide"].items():
                for form in _forms(name):
                    found[form].add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1 and _telling(name)}


def _months() -> frozenset[str]:
    names = {
        _first_word(name)
        for locale in _locales()
        for context in ("format", "stand-alone")
        for name in locale.months[context]["wide"].values()
    }
    return frozenset(name for name in names if len(name) >= _LEAST_LETTERS and not _UNSPACED.search(name))


def _month_numbers() -> dict[str, int]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for locale in _locales():
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    found[folded(name).rstrip(".")].add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


def _forms(name: str) -> list[str]:
    word = _first_word(name)
    return [word, word[:2], word[-2:]] if _UNSPACED.search(word) else [word]


def _locales() -> list[Locale]:
    locales = []
    for language in _LANGUAGES:
        try:
            locales.append(Locale.parse(language))
        except (UnknownLocaleError, ValueError):
            continue
    return locales


def _telling(name: str) -> bool:
    return len(name) >= _LEAST_LETTERS or bool(_UNSPACED.search(name) or _HANGUL.search(name))


def _first_word(name: str) -> str:
    """Of "segunda-feira" the part that differs from day to day."""
    return folded(regex.split(r"[\s-]", name)[0])


if __name__ == "__main__":
    text = json.dumps(calendar_names(), ensure_ascii=False, indent=0)
    file_of_names().write_text(text + "\n", encoding="utf-8")
