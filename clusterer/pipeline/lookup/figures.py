"""Numbers that two articles both have, with what they count: "$1.6 trillion", "214 passengers"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import regex

from clusterer.core.text import has_unspaced, listed

_PLACES = 50  # of a number in one text that are looked at
_STANDS_ALONE = re.compile(r"(?:1[89]|20)\d\d|\d+:\d+")  # a year, a time of day
_COUNTED = (
    r"(?P<currency>[\p{Sc}] ?)?(?<![\w.,:])%s(?![.,:]?\d)"
    r"(?P<behind> ?%%| per cent\b| ?(?:bn|tn|m|k)\b|[ -]\p{Ll}{3,}(?![\w’']))?(?!\w)"
)
_IN_FULL = {"m": "million", "bn": "billion", "tn": "trillion", "k": "thousand", "per cent": "percent", "%": "percent"}
_SAYS_NOTHING = listed(
    "and|are|but|for|from|had|has|have|more|not|now|off|other|others|out|per|than|that|the|then|was|were|when|where|which|while|who|will|with"
)


def counted(number: str, text: str, other: str) -> str | None:
    """A number with the currency before it and the word behind it that it has in both texts.

    None where they have neither in common: the two may count different things, and a reader is told nothing by a number alone. Years and
    times of day do stand alone, and so do numbers in scripts without blanks, which are not set apart there.
    """
    if _STANDS_ALONE.fullmatch(number) or has_unspaced(text):
        return number
    here, there = (list(_places(number, one)) for one in (text, other))
    currencies, behind = ({place[part] for place in there} - {""} for part in (0, 1))
    currency = next((one for one, _ in here if one in currencies), "")
    what = next((one for _, one in here if one in behind), "")
    return f"{currency}{number} {what}".rstrip() if currency or what else None


def _places(number: str, text: str) -> Iterator[tuple[str, str]]:
    """What stands before and behind a number; empty for nothing that tells."""
    pattern = regex.compile(_COUNTED % regex.escape(number))
    for found in islice(pattern.finditer(text), _PLACES):
        behind = (found["behind"] or "").strip(" -")
        yield (found["currency"] or "").strip(), "" if behind in _SAYS_NOTHING else _IN_FULL.get(behind, behind)
