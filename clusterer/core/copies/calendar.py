"""Names of weekdays and months in the languages that news come in, from the Unicode locale data (CLDR, by way of Babel)."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

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


@lru_cache(maxsize=32_768)  # it is asked for every word of every article, and most words come again
def weekday(word: str) -> int | None:
    """The weekday that a word names in any of the languages, Monday is 0; None for another word.

    Of names without blanks between them two characters do: text is cut into pairs there.
    """
    return _weekdays().get(folded(word))


def is_calendar_word(word: str) -> bool:
    """Whether a word names a weekday or a month."""
    name = folded(word)
    return name in _weekdays() or name in _months()


def month(word: str) -> int | None:
    """The month, from 1, that a word names in full or cut short as dates have it; None where languages differ, and for another word."""
    return _month_numbers().get(folded(word))


def spaced(text: str) -> str:
    """The text with blanks around names of weekdays in scripts that are written without them."""
    return _unspaced_names().sub(r" \g<0> ", text) if _UNSPACED.search(text) else text


@lru_cache(maxsize=1)
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


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    names = {
        _first_word(name)
        for locale in _locales()
        for context in ("format", "stand-alone")
        for name in locale.months[context]["wide"].values()
    }
    return frozenset(name for name in names if len(name) >= _LEAST_LETTERS and not _UNSPACED.search(name))


@lru_cache(maxsize=1)
def _month_numbers() -> dict[str, int]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for locale in _locales():
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    found[folded(name).rstrip(".")].add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


@lru_cache(maxsize=1)
def _unspaced_names() -> regex.Pattern[str]:
    names = [name for name in _weekdays() if _UNSPACED.search(name) and len(name) > 2]
    return regex.compile("|".join(sorted(map(regex.escape, names), key=len, reverse=True)))


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
