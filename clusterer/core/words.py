"""Words of a text, in any script, and which of them are names or numbers.

Tokens follow `\\w` of Unicode, lower-cased after NFKC. Scripts written without spaces (Han, Kana, Thai, Lao, Khmer,
Burmese) have no word boundaries to find, so runs of them become overlapping character pairs, the usual choice of CJK
retrieval.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import regex

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TOKEN = regex.compile(
    rf"[{_UNSPACED}]+|\d[\d.,:]*\d|\d|[\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]+(?:['’][\p{{L}}]{{2,}})*",
    regex.VERSION1,
)
_UNSPACED_RUN = regex.compile(rf"[{_UNSPACED}]+", regex.VERSION1)
_SENTENCE_END = regex.compile(r"[.!?…:;。！？\n\"“”„«»|\u2013\u2014]")
_MAX_WORD = 40  # longer tokens are markup or hashes, not words


@dataclass(frozen=True, slots=True)
class Token:
    """A word as compared (`word`), and how it was written."""

    word: str
    capitalised: bool
    starts_sentence: bool


def tokens(text: str) -> Iterator[Token]:
    """Tokens of `text` in order."""
    text = unicodedata.normalize("NFKC", text)
    end = 0
    for match in _TOKEN.finditer(text):
        raw = match.group()
        starts = end == 0 or _SENTENCE_END.search(text, end, match.start()) is not None
        end = match.end()
        if _UNSPACED_RUN.fullmatch(raw):
            for start in range(max(1, len(raw) - 1)):
                yield Token(raw[start : start + 2], False, starts and start == 0)
        elif len(raw) <= _MAX_WORD:
            yield Token(raw.casefold(), raw[0].isupper(), starts)


def is_number(word: str) -> bool:
    """Whether a token is written in digits."""
    return word[0].isdigit()


def name_words(title: list[Token], body: list[Token]) -> set[str]:
    """Words that are written with a capital where the script and the position do not ask for one.

    A word counts by the majority of its places inside sentences. Headlines may be in title case and say little, so
    the title is asked only when there is no body.
    """
    upper: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for token in body or title:
        if not token.starts_sentence and not is_number(token.word):
            total[token.word] += 1
            upper[token.word] += token.capitalised
    return {word for word, count in upper.items() if 2 * count > total[word] and len(word) > 1}
