"""Unicode text: normal forms in bounded time, and what texts are compared by.

Two writers of one sentence may differ in what no reader sees: soft hyphens and zero-width characters, compatibility forms, kinds
of quotes, and marks that the writers of a script leave out as they like. People are shown what was sent; `comparable`
and `folded` are for comparing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

import regex

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

MAX_MARKS = 30
# The half-width sound marks of Katakana are letters that become marks when normalised; no other letter begins with one then.
_LONG_RUN = regex.compile(rf"([\p{{M}}\uff9e\uff9f]{{{MAX_MARKS}}})[\p{{M}}\uff9e\uff9f]+")
# Default_Ignorable_Code_Point (UAX 44), and what stands for an object that was not copied along.
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]+")
# Joiners change how the letters of some scripts look, and selectors how signs do; elsewhere they say nothing.
_JOINED = r"\p{Arabic}\p{Syriac}\p{Nko}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}"
_JOINED += r"\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Myanmar}\p{Khmer}\p{Extended_Pictographic}\p{M}"
_UNSEEN = regex.compile(
    r"(?![\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef])[\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]+"
    rf"|(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}\p{{L}}])"
)
_ALIKE = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02c8\u0060\u00b4\uff07\u055a\ua78c",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02\u301d\u301e\u301f",
}
_ONE_FOR = {alike: one for one, many in _ALIKE.items() for alike in many}
_ALIKE_SIGN = re.compile(f"[{''.join(_ONE_FOR)}]")
# Points of Hebrew, vowel points and the lengthening stroke of Arabic, stress marks of Cyrillic.
_LEFT_OUT = regex.compile(
    r"[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed]+|[\u0300\u0301](?<=\p{Cyrillic}.)"
)
# Hamzas, the dots of borrowed sounds in Devanagari, the dots of yo, and every accent of Latin and Greek.
_ACCENTS = regex.compile(
    r"[\u0653-\u0655\u093c]+|\u0308(?<=[\u0415\u0435].)|[\u0300-\u036f]+(?<=[\p{Latin}\p{Greek}][\u0300-\u036f]+)"
)
# Letters with a stroke have no decomposition; Arabic and Persian keyboards differ in kaf and yeh; teh marbuta is often typed as heh.
_LETTERS = {"\u00f8": "o", "\u0111": "d", "\u0142": "l", "\u0131": "i", "\u0127": "h", "\u00e6": "ae", "\u0153": "oe"}
_LETTERS |= {"\u0643": "\u06a9", "\u064a": "\u06cc", "\u0649": "\u06cc", "\u0629": "\u0647"}
_LETTERS |= {"\u0901": "\u0902"}  # many write the moon of a nasal vowel in Devanagari without its arc
_LETTER = re.compile(f"[{''.join(_LETTERS)}]")
# Where a text has none of these, the patterns above, which look up properties of each character, find nothing.
_MAY_LEAVE_OUT = re.compile(r"[\u0300\u0301\u0591-\u06ed]")
_MAY_HAVE_ACCENTS = re.compile(r"[\u0300-\u036f\u0653-\u0655\u093c]")
_MAY_HAVE_MARKS = re.compile(r"[^\x00-\u02ff\u2000-\u20cf]")
_MAY_BE_UNSPACED = re.compile(r"[\u0e00-\u1fff\u2e80-\U0010ffff]")

UNSPACED_CLASS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
"""The letters of scripts that are written without spaces, for patterns of `regex`."""
UNSPACED = regex.compile(UNSPACED_CLASS, regex.VERSION1)


def has_unspaced(text: str) -> bool:
    """Whether a script without spaces between words (Chinese, Japanese, Thai, ...) occurs in the text."""
    return not text.isascii() and _MAY_BE_UNSPACED.search(text) is not None and UNSPACED.search(text) is not None


def stream_safe(text: str) -> str:
    """The text with every run of combining marks cut to thirty, more than any writing needs (UAX 15, section 13).

    Normalising sorts each run in quadratic time, with the interpreter held.
    """
    return text if text.isascii() or _MAY_HAVE_MARKS.search(text) is None else _LONG_RUN.sub(r"\1", text)


def normalized(form: Form, text: str) -> str:
    """`unicodedata.normalize` in time linear in the text. Everything that is normalised goes through here."""
    return text if text.isascii() else unicodedata.normalize(form, stream_safe(text))


def visible(text: str) -> str:
    """The text without what no reader sees; joiners stay where they shape letters."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def comparable(text: str) -> str:
    """What words are compared by, capitals and accents kept: NFKC without invisible characters, one kind of quotes,
    without the marks that writers of Arabic, Hebrew and Cyrillic leave out."""
    if text.isascii():
        return text
    plain = _ALIKE_SIGN.sub(lambda found: _ONE_FOR[found.group()], _INVISIBLE.sub("", stream_safe(text)))
    if plain.isascii():
        return plain
    composed = normalized("NFKC", plain)
    return _LEFT_OUT.sub("", composed) if _MAY_LEAVE_OUT.search(composed) else composed


def folded(text: str) -> str:
    """`comparable` without capitals, accents, and other differences that writers of one word may leave out or mistake."""
    if text.isascii():
        return text.casefold()
    alike = comparable(text).casefold()
    if alike.isascii():
        return alike
    parts = normalized("NFKD", alike)
    if _MAY_HAVE_ACCENTS.search(parts):
        parts = _ACCENTS.sub("", parts)
    return _LETTER.sub(lambda found: _LETTERS[found.group()], normalized("NFKC", parts))


@lru_cache(maxsize=4_096)
def _folded_character(character: str) -> str:
    return normalized("NFD", character)[0].lower()[0]


def folded_in_place(text: str) -> str:
    """A text without capitals and accents, character by character, so that places stay what they are."""
    return "".join(map(_folded_character, text))


def listed(words: str) -> frozenset[str]:
    """The words of a list that stands in the source over several lines, with bars between them."""
    return frozenset(word.strip() for word in words.split("|"))
