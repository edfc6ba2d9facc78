"""Words of a text, in any script, and which of them are names or numbers.

Tokens follow `\\w` of Unicode, lower-cased after `comparable`. Scripts written without spaces (Han, Kana, Thai, Lao, Khmer,
Burmese) have no word boundaries to find, so runs of them become overlapping character pairs, the usual choice of CJK
retrieval.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import regex

from clusterer.core.evidence.nouns import NOUNS_CAPITALISED, names_among_nouns
from clusterer.core.evidence.rarity import rarity
from clusterer.core.text import UNSPACED_CLASS, comparable, has_unspaced

_APOSTROPHES = r"(?:['’](?:\p{L}{2,}|(?<=n['’])t(?!\p{L})))*"
_ENDS = r"[.!?…:;。！？\n\"“”„«»|\u2013\u2014]"
_WORD_OR_END = regex.compile(rf"(\d[\d.,:]*\d|[\p{{L}}\p{{M}}\p{{N}}]+{_APOSTROPHES})|{_ENDS}", regex.VERSION1)
# Where a script without spaces occurs: with the rest of a number behind one of its letters, which are parted later.
_REST = rf"(?:(?=[.,:]\d)(?<={UNSPACED_CLASS}\d+)(?:[.,:]\d+)+[\p{{L}}\p{{M}}\p{{N}}]*)*"
_RUN_OR_END = regex.compile(rf"(\d[\d.,:]*\d|[\p{{L}}\p{{M}}\p{{N}}]+{_REST}{_APOSTROPHES})|{_ENDS}", regex.VERSION1)
_ASCII_WORD_OR_END = re.compile(
    r"([0-9][0-9.,:]*[0-9]|[A-Za-z0-9]+(?:'(?:[A-Za-z]{2,}|(?<=n')t(?![A-Za-z])))*)|[.!?:;\n\"|]"
)  # the same for ASCII
_RUN = regex.compile(rf"({UNSPACED_CLASS}+)|[^{UNSPACED_CLASS}]+", regex.VERSION1)
# Articles and prepositions that lose their vowel before another, in French, Italian and Catalan.
_ELIDED = regex.compile(
    r"(?:[cdjlmnstv]|(?:lors|puis|quoi|jus)?qu|(?:d|n|c)?all|dell|nell|sull|dall|coll|quest|quell|un|nessun|degl|agl|pel)'"
    r"(?=[aeiouyhàâáäéèêëíìîïóòôöúùûüœæ])",
    regex.IGNORECASE,
)
_ARTICLE_L = frozenset(("fr", "it", "ca"))  # languages in which a capital L does not make a name of the two
_CLITIC = regex.compile(r"(n't)$|'(?:ll|re|ve)$", regex.IGNORECASE)
_SUFFIXED_NAMES = frozenset(("tr", "az", "tk"))  # languages that put an apostrophe between a name and its endings
# What Korean writes together with a noun, the longest first.
_PARTICLE = regex.compile(
    r"(?<=^\p{Hangul}{2,})(?:에서는|에게는|으로는|에서|에게|에는|에도|으로|까지|부터|보다|처럼|께서|이라고|라고|이며|은|는|이|가|을|를|의|에|와|과|로|도)$"
)
# What Arabic writes together with the word behind it: "and", "in", "to", "as", before an article or not.
_ARABIC_PREFIX = regex.compile(r"(?:[وف]?(?:[بك](?=ال)|لل|[بلك])|[وف])(?=\p{Arabic}{3,})")
_MAX_WORD = 40  # longer tokens are markup or hashes, not words

Token = tuple[str, bool, bool]
"""A word as compared, whether it was written with a capital, whether it starts a sentence. A plain tuple: there are many."""


def tokens(text: str, lang: str | None = None) -> list[Token]:
    """Tokens of `text` in order, without articles that are written together with their word. lang: of the text, where known."""
    if (
        not text.isascii()
    ):  # dashes end as "|" does; without them most texts of English are ASCII once comparable, and read faster
        text = comparable(text.replace("—", "|").replace("–", "|"))
    unspaced = has_unspaced(text)
    pattern = _ASCII_WORD_OR_END if text.isascii() else _RUN_OR_END if unspaced else _WORD_OR_END
    raws: list[str] = pattern.findall(text)  # '' where a sentence may end
    if "'" in text:
        raws = [_without_clitics(raw, lang) if "'" in raw else raw for raw in raws]
    if lang == "ko":
        raws = [_PARTICLE.sub("", raw) for raw in raws]
    elif lang == "ar":
        raws = [_without_prefix(raw) for raw in raws]
    if unspaced:
        return [token for before, raw in pairwise(["", *raws]) if raw for token in _tokens_of(raw, not before)]
    return [
        (raw.casefold(), raw[0].isupper(), not before)
        for before, raw in pairwise(["", *raws])
        if raw and len(raw) <= _MAX_WORD
    ]


def _without_prefix(raw: str) -> str:
    """An Arabic word without what is written together with it: that is what makes it a rarer word than the rest alone."""
    found = _ARABIC_PREFIX.match(raw)
    if found is None:
        return raw
    rest = raw[found.end() :]
    if found.group().endswith("لل"):
        rest = "ال" + rest
    return rest if rarity(rest, "ar") < rarity(raw, "ar") else raw


def _tokens_of(raw: str, starts: bool) -> list[Token]:
    if has_unspaced(raw):
        return [(piece, False, False) for piece in _pieces(raw)]
    return [(raw.casefold(), raw[0].isupper(), starts)] if len(raw) <= _MAX_WORD else []


def _without_clitics(raw: str, lang: str | None) -> str:
    """The word without what an apostrophe joins to it: "l'hôpital", "dell'università", "Yeşilova'da", "they're"; "not" for "doesn't".

    "D'Angelo" and "O'Brien" are whole.
    """
    elided = _ELIDED.match(raw)
    if elided is not None:
        rest = raw[elided.end() :]
        if raw[0].islower() or rest[0].islower() or (lang in _ARTICLE_L and elided.end() == 2 and raw[0] == "L"):
            return rest
    clitic = _CLITIC.search(raw)
    if clitic is not None:
        return "not" if clitic[1] else raw[: clitic.start()]
    return raw.partition("'")[0] if lang in _SUFFIXED_NAMES and raw[0].isupper() else raw


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


def name_words(title: Sequence[Token], body: Sequence[Token], lang: str | None = None) -> set[str]:
    """Words that are written with a capital where the script and the position do not ask for one.

    A word counts by the majority of its places inside sentences. Headlines may be in title case and say little, so the
    title is asked only when there is no body. Where every noun has a capital, most of these are no names (`nouns`).
    """
    asked = body or title
    upper = Counter([word for word, capitalised, starts in asked if capitalised and not starts])
    lower = Counter([word for word, capitalised, starts in asked if not capitalised and not starts and word in upper])
    often = (word for word, count in upper.items() if count > lower.get(word, 0))
    found = {word for word in often if len(word) > 1 and not is_number(word)}
    return names_among_nouns(body or title, found) if lang in NOUNS_CAPITALISED else found
