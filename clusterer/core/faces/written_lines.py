"""The lines of a text, word by word, with what tells a name from the start of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

from clusterer.core.faces.datelines import without_capitals
from clusterer.core.faces.offices import is_office
from clusterer.core.model import Document
from clusterer.core.text import UNSPACED_CLASS, comparable, listed

_READ_CHARS = 2_500  # who and what it is about is introduced by then
_TITLE_CASE = (
    0.75  # share of capitalised words, from which a line is a headline in capitals; German prose has about half
)
_LETTERS = rf"[\p{{L}}\p{{N}}--{UNSPACED_CLASS}]"
_WORD = regex.compile(
    rf"((?:\p{{Lu}}\.){{2,}}|{_LETTERS}[\p{{M}}{_LETTERS}]*(?:(?:[-'&]|\.(?={_LETTERS}{{2}})){_LETTERS}[\p{{M}}{_LETTERS}]*)*)",
    regex.VERSION1,
)
# The same for lines in ASCII, in a fraction of the time.
_ASCII_WORD = re.compile(r"((?:[A-Z]\.){2,}|[A-Za-z0-9]+(?:(?:[-'&]|\.(?=[A-Za-z0-9]{2}))[A-Za-z0-9]+)*)")
_ENDS = frozenset('.!?…:;。！？"|*•')
_ABBREVIATION = regex.compile(r"\p{Lu}|\p{Lu}\p{Ll}{1,2}|Prof|Capt")
_OF_NAMES = frozenset(("St", "Ste", "Mt", "Ft"))  # "St. Louis"
_ADJECTIVE = regex.compile(
    r"(.*?)-(\p{Ll}{3,}.*)"
)  # "Obama-era"; names go on so behind a first one only ("Moon Jae-in")
# Who made the picture or sent the report, in brackets: "(Photo: Kim Orr/AP)", "SORREL (Reuters) -". Nobody whom the report is about.
_CREDIT = regex.compile(
    r"[(\[](?:(?:photo|image|picture|foto|bild|imagen|immagine|imagem|fotografía|kuva|zdj\.|фото|fotoğraf)s?(?:\sby|\scredit|\sdi|\sde)?\s?[:/]"
    r"|(?:credit|crédito|quelle|source|fuente|fonte|źródło|источник|kaynak)\s?:)[^()\[\]\n]{2,80}[)\]]"
    r"|[(\[](?:reuters|ap|afp|dpa|ansa|efe|lusa|anp|ritzau|tt|ntb|stt|pap|čtk|mti|apa|tass|тасс|upi|kyodo|xinhua|yonhap|bloomberg|pti|ani)[)\]]",
    regex.IGNORECASE,
)
_ARTICLE_OF_A_NAME = regex.compile(r"(?:al|el|ad|an|ar|as|ash|at|az|ed|es|ben)-\p{Lu}")  # "Yusuf al-Masri"
_PARTY = regex.compile(r"[A-Z]-\p{Lu}\p{L}{1,5}\.?")  # and state, as in "(R-Wis.)"
_PARTY_OF_STATE = regex.compile(r"[DRI]-(\p{Lu}\p{L}+)")  # as in ", D-West Virginia,"
_DASHES = frozenset("-–—")
_INDEFINITE = frozenset(listed("A|An|Ein|Eine|Un|Une|Una"))

Piece = tuple[str, bool, bool, bool]
"""A word as written, whether a sentence starts with it, whether only a blank stands before it, whether it has a capital.
A plain tuple: there are many."""


END: Piece = ("", True, False, False)


def lines_of(document: Document) -> Iterator[list[Piece]]:
    """The words of each line that is no headline in capitals; those of the title only where there is no text."""
    text = without_capitals(comparable(document.text[:_READ_CHARS] or document.title))
    for line in _CREDIT.sub(" ", text).split("\n"):
        pieces = list(_pieces(line))
        long = [capital for written, starts, _, capital in pieces if len(written) > 3 and not starts]
        if pieces and (len(long) < 3 or line.rstrip().endswith((".", '"')) or sum(long) < _TITLE_CASE * len(long)):
            yield pieces


def _pieces(line: str) -> Iterator[Piece]:
    parts = (_ASCII_WORD if line.isascii() else _WORD).split(line)
    before, opens = "", True  # opens: so far all may be the place and the agency before a report
    for gap, written in zip(parts[::2], parts[1::2], strict=False):  # behind the last word is another gap
        if gap == " ":  # as most are
            starts, glued = not before, before != ""
        else:
            if gap.endswith("(") and _PARTY.fullmatch(written):
                before = ""
                continue
            if gap.endswith((", ", "(")) and (party := _PARTY_OF_STATE.fullmatch(written)):
                written = party[1]
            abbreviated = gap == ". " and is_abbreviation(before)
            starts = not before or (not abbreviated and not _ENDS.isdisjoint(gap))
            starts = starts or (opens and written in _INDEFINITE and not _DASHES.isdisjoint(gap))
            glued = before != "" and (abbreviated or gap == " & ")
            if gap == " & ":
                yield "&", False, True, False
        adjective = None
        if "-" in written and not (glued and before[:1].isupper()):
            adjective = _ADJECTIVE.match(written)
        before = written
        if adjective:
            written, before = adjective.groups()
        opens = opens and not written[:1].islower()
        yield written, starts, glued, written[:1].isupper() or _ARTICLE_OF_A_NAME.match(written) is not None
        if adjective:
            yield before, False, False, before[:1].isupper()


def is_abbreviation(word: str) -> bool:
    """Whether a full stop behind the word ends no sentence: an initial, "Sen.", "St."."""
    return word in _OF_NAMES or (_ABBREVIATION.fullmatch(word) is not None and (len(word) == 1 or is_office(word)))
