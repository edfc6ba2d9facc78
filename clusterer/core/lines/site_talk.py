"""Lines in which a site speaks of itself and tells nothing else, in whatever wording: by the words of which they are made.

A report names somebody or something, gives figures, quotes; a site that asks its reader to subscribe, log in, come back or look elsewhere
does none of this, and says it in words of its own trade (`site_words`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import regex

from clusterer.core.lines.features import REMEMBERED_LINES, word_count, words_of
from clusterer.core.lines.reporting import quotes_or_reports
from clusterer.core.lines.site_words import SITE_WORDS, UNCASED, SiteWords
from clusterer.core.text import folded

_LONGEST = 320
_MOST_WORDS = 45
_LONGEST_PAGE = 480
# Of the words, or letters, those that are the site's: where it names one of its subjects, and where more.
_OF_A_LINE = (1.0, 0.8)
_OF_A_PAGE = (0.65, 0.5)  # all of it
_LEAST_WORDS = 4
_LEAST_WORDS_OF_AN_OFFER = 6  # that names no subject, only a price
_FUNCTION_CHARS = 3  # shorter words are hardly ever what a sentence is about
_LEAST_LETTERS = 8
_WORD = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}]*")
# Prices, shares and terms of an offer, ages and codes of errors: the figures that a site gives.
_OWN_FIGURES = regex.compile(
    r"[$€£¥₹]\s?\d[\d.,]*"
    r"|\d[\d.,]*\s?(?:[$€£¥₹%+]|euros?|eur|kr(?:oner|onor|one|ona|on)?|zł|kč|ft|forint\p{L}*|ευρώ"
    r"|lei|tl|руб\w*|грн|гривн\w*|лв|usd|dollars?|ש.ח|บาท|रुपये|円|元|원"
    r"|(?:anbietern?|partnern?|partners|partenaires|socios|fornitori)|(?:month|week|day|monat|woche|tag|mois|semaine|mes|semana|mese|maand|we+k|månad|måned"
    r"|vecka|uge|kuukau|viiko|miesi|mesic|měsí|honap|hónap|havi|lun[ăi]|ay(?!\p{L})|месяц|місяц)\p{L}*)"
    r"|残り\d+文字|\b(?:404|403|500|503|16|18|21)\b",
    regex.IGNORECASE,
)
# What an offer asks, which is a subject of sites too.
_PRICE = regex.compile(
    r"[$€£¥₹]\s?\d|\d\s?(?:[$€£¥₹]|euros?\b|kr(?:oner|onor|one|ona|on)?\b|zł|kč\b|ft\b|forint|lei\b|tl\b|руб|грн|ש.ח|บาท|円|원)",
    regex.IGNORECASE,
)
_UNCASED_SCRIPTS = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Arabic}\p{Hebrew}\p{Devanagari}]"
)
_REMEMBERED_WORDS = 32_768
_WORD_CHARS = re.compile(r"[^\W\d_]+")
_LETTER = regex.compile(r"[\p{L}\p{M}]")
_Roles = tuple[frozenset[int], frozenset[int]]
_NONE: frozenset[int] = frozenset()


def _places(of: Callable[[SiteWords], frozenset[str]]) -> dict[str, frozenset[int]]:
    """The places of the languages in SITE_WORDS that have a word or beginning, for each."""
    all_of_them = frozenset().union(*map(of, SITE_WORDS))
    return {one: frozenset(place for place, row in enumerate(SITE_WORDS) if one in of(row)) for one in all_of_them}


_SUBJECTS, _SUBJECT_WORDS = _places(lambda row: row.subjects), _places(lambda row: row.subject_words)
_AROUND, _AROUND_WORDS = _places(lambda row: row.around), _places(lambda row: row.around_words)
_LONGEST_BEGINNING = max(map(len, [*_SUBJECTS, *_AROUND]))


@lru_cache(maxsize=REMEMBERED_LINES)
def is_site_talk(line: str) -> bool:
    """Does the line speak of the site alone: two of its subjects, or one and nothing else, no figure but a price, no report?"""
    return len(line) <= _LONGEST and word_count(line) <= _MOST_WORDS and _speaks_of_itself(line, _OF_A_LINE)


def is_site_page(lines: Sequence[str]) -> bool:
    """Do a few lines, all that a page shows, speak of the site alone?"""
    text = " / ".join(lines)
    return len(text) <= _LONGEST_PAGE and _speaks_of_itself(text, _OF_A_PAGE)


def subjects_in(title: str) -> str:
    """The words of a title that are subjects of sites in any language."""
    words = _WORD.findall(title)
    return " ".join(word for word in words if _languages_of(folded(word))[0])


def _speaks_of_itself(text: str, least: tuple[float, float]) -> bool:
    """least: of the words or letters the share that has to be the site's, where one of its subjects is named and where more are."""
    if not _may_talk(text):
        return False
    plain = _OWN_FIGURES.sub("", text)
    if any(map(str.isdigit, plain)):
        return False
    priced = _PRICE.search(text) is not None
    if _UNCASED_SCRIPTS.search(text) is not None:
        spoken = any(_is_uncased_talk(plain, *row, priced, least) for row in UNCASED)
    else:
        spoken = _is_cased_talk([folded(word) for word in _WORD.findall(plain)], priced, least)
    return spoken and not quotes_or_reports(text, words_of(text)[1])


def _may_talk(text: str) -> bool:
    """A cheap check before all others: most lines hold no subject and no price."""
    if not text.isascii():
        return _UNCASED_SCRIPTS.search(text) is not None or _may_hold(folded(text)) or _PRICE.search(text) is not None
    return _may_hold(text.lower()) or _PRICE.search(text) is not None


def _may_hold(text: str) -> bool:
    return any(_languages_of(word)[0] for word in _WORD_CHARS.findall(text))


def _is_cased_talk(words: Sequence[str], priced: bool, least: tuple[float, float]) -> bool:
    roles = [_languages_of(word) for word in words]
    counts = [len(word) > _FUNCTION_CHARS or bool(subject) for word, (subject, _) in zip(words, roles, strict=True)]
    known = sum(count and bool(either) for count, (_, either) in zip(counts, roles, strict=True))
    if len(words) < _LEAST_WORDS or known < min(least) * sum(counts):
        return False  # then in no single language either
    return any(
        _is_talk_in(place, roles, counts, priced, least)
        for place in range(len(SITE_WORDS))
        if priced or any(place in subject for subject, _ in roles)
    )


def _is_talk_in(
    place: int, roles: Sequence[_Roles], counts: Sequence[bool], priced: bool, least: tuple[float, float]
) -> bool:
    """counts: which of the words say what the text is about. A report is as full of articles and prepositions as a request is."""
    subjects = sum(place in subject for subject, _ in roles)
    known = sum(count and place in either for count, (_, either) in zip(counts, roles, strict=True))
    fewest = _LEAST_WORDS if subjects else _LEAST_WORDS_OF_AN_OFFER
    return len(roles) >= fewest and 0 < known >= least[subjects + priced > 1] * sum(counts)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _languages_of(word: str) -> _Roles:
    """Places in SITE_WORDS of the languages in which the word is a subject of sites, and in which it is theirs at all."""
    beginnings = [word[:end] for end in range(2, min(len(word), _LONGEST_BEGINNING) + 1)]
    subject = _SUBJECT_WORDS.get(word, _NONE).union(*(_SUBJECTS.get(one, _NONE) for one in beginnings))
    around = _AROUND_WORDS.get(word, _NONE).union(*(_AROUND.get(one, _NONE) for one in beginnings))
    return subject, subject | around


def _is_uncased_talk(
    text: str, subjects: regex.Pattern[str], around: regex.Pattern[str], priced: bool, least: tuple[float, float]
) -> bool:
    found = subjects.findall(text)
    if not found and not priced:
        return False
    rest = around.sub("", subjects.sub("", text))
    letters = len(_LETTER.findall(text))
    return (
        letters >= _LEAST_LETTERS and letters - len(_LETTER.findall(rest)) >= least[len(found) + priced > 1] * letters
    )
