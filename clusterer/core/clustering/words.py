"""Words of a text, in any script, and which of them are names or numbers.

Tokens follow `\\w` of Unicode, lower-cased after `comparable`. Scripts written without spaces (Han, Kana, Thai, Lao, Khmer,
Burmese) have no word boundaries to find, so runs of them become overlapping character pairs, the usual choice of CJK
retrieval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import regex

from clusterer.core.text import comparable

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD_OR_END = regex.compile(
    r"(\d[\d.,:]*\d|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}{2,})*)|[.!?…:;。！？\n\"“”„«»|\u2013\u2014]", regex.VERSION1
)
_HAS_UNSPACED = regex.compile(rf"[{_UNSPACED}]", regex.VERSION1)
_RUN = regex.compile(rf"([{_UNSPACED}]+)|[^{_UNSPACED}]+", regex.VERSION1)
_MAX_WORD = 40  # longer tokens are markup or hashes, not words

Token = tuple[str, bool, bool]
"""A word as compared, whether it was written with a capital, whether it starts a sentence. A plain tuple: there are many."""


def tokens(text: str) -> list[Token]:
    """Tokens of `text` in order."""
    text = comparable(text)
    unspaced = not text.isascii() and _HAS_UNSPACED.search(text) is not None
    found: list[Token] = []
    starts = True
    for raw in _WORD_OR_END.findall(text):
        if not raw:
            starts = True
            continue
        if unspaced and _HAS_UNSPACED.search(raw):
            found.extend((piece, False, False) for piece in _pieces(raw))
        elif len(raw) <= _MAX_WORD:
            found.append((raw.casefold(), raw[0].isupper(), starts))
        starts = False
    return found


def _pieces(raw: str) -> list[str]:
    """Character pairs of the runs without spaces, and what stands between them as words."""
    pieces: list[str] = []
    for match in _RUN.finditer(raw):
        run = match.group()
        if match.group(1):
            pieces.extend(run[place : place + 2] for place in range(max(1, len(run) - 1)))
        else:
            pieces.append(run.casefold())
    return pieces


def is_number(word: str) -> bool:
    """Whether a token is written in digits."""
    return word[0].isdigit()


def name_words(title: Sequence[Token], body: Sequence[Token]) -> set[str]:
    """Words that are written with a capital where the script and the position do not ask for one.

    A word counts by the majority of its places inside sentences. Headlines may be in title case and say little, so the
    title is asked only when there is no body.
    """
    inside = [(word, capitalised) for word, capitalised, starts in body or title if not starts]
    upper = Counter([word for word, capitalised in inside if capitalised])
    lower = Counter([word for word, capitalised in inside if not capitalised])
    often = (word for word, count in upper.items() if count > lower.get(word, 0))
    return {word for word in often if len(word) > 1 and not is_number(word)}
