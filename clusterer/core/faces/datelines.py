"""The place before a report, as agencies write it in capitals: "KELLBRIDGE, Vellen (Corvane Press) - "."""

from __future__ import annotations

import regex

_WITHIN_CHARS = 400  # of the beginning, where a headline may stand before it
_LONG_WORD = 5  # letters; a shorter one alone may be an acronym
_PLACE = r"\p{Lu}[\p{Lu}'’.-]+(?:[ -]\p{Lu}[\p{Lu}'’.-]*)*"
_DATELINE = regex.compile(rf"^({_PLACE})(?=([,/(]|\s[(]|)[^\n!?]{{0,60}}?(?:\s[-–—]|[-–—]\s))", regex.MULTILINE)


def without_capitals(text: str) -> str:
    """A text of the same length whose dateline, where it has one in capitals, is written as names are."""
    return str(_DATELINE.sub(_as_name, text[:_WITHIN_CHARS])) + text[_WITHIN_CHARS:]


def _as_name(found: regex.Match[str]) -> str:
    place, follows = str(found[1]), found[2]
    is_place = follows or any(len(word) >= _LONG_WORD for word in regex.findall(r"\p{L}+", place))
    named = str(regex.sub(r"(\p{Lu})(\p{Lu}+)", lambda word: word[1] + word[2].lower(), place))
    return named if is_place and len(named) == len(place) else place
