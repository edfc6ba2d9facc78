"""Where two texts differ, or what they share where they differ nearly everywhere, for showing them side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from clusterer.core.text import folded_in_place

_SENTENCE = re.compile(r"[^\n]*?(?:[.!?…]+[\"'”’)]*\s+|\n+|$)")
_WORD = re.compile(r"\s*\S+")
_MOST_WORDS = (
    600  # beyond it, sentences that differ are shown as wholly different: comparing words takes quadratic time
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, marked or not: see the functions that mark."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside each other; either side may be empty."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        return not any(piece.marked for piece in (*self.left, *self.right))


def side_by_side(left: str, right: str) -> tuple[Row, ...]:
    """Two texts in rows: whole sentences that both have, and between them what differs, word by word; what only one has is marked."""
    ours, theirs = _sentences(left), _sentences(right)
    matcher = SequenceMatcher(None, [_plain(s) for s in ours], [_plain(s) for s in theirs])  # drops repeated lines
    rows: list[Row] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            rows += [Row((Piece(a),), (Piece(b),)) for a, b in zip(ours[i1:i2], theirs[j1:j2], strict=True)]
        else:
            rows.append(_words("".join(ours[i1:i2]), "".join(theirs[j1:j2])))
    return tuple(rows)


def likeness(rows: Sequence[Row]) -> float:
    """How much of the shorter of two texts the other has too, in the same order: 0 to 1, by characters of rows of `side_by_side`."""
    left = [piece for row in rows for piece in row.left]
    right = [piece for row in rows for piece in row.right]
    shorter = min(left, right, key=_length)
    return _length(piece for piece in shorter if not piece.marked) / _length(shorter) if _length(shorter) else 1.0


def _length(pieces: Iterable[Piece]) -> int:
    return sum(len(piece.text.strip()) for piece in pieces)


def marking(text: str, terms: Iterable[str]) -> tuple[Piece, ...]:
    """A text with each of these words and names marked wherever it has them, whatever their capitals and accents."""
    wanted = sorted({folded_in_place(term) for term in terms}, key=len, reverse=True)
    if not wanted:
        return _pieces(text, False)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
    pieces: list[Piece] = []
    done = 0
    for found in pattern.finditer(folded_in_place(text)):
        pieces += [*_pieces(text[done : found.start()], False), Piece(text[slice(*found.span())], True)]
        done = found.end()
    return (*pieces, *_pieces(text[done:], False))


def _words(left: str, right: str) -> Row:
    if not left or not right:
        return Row(_pieces(left, True), _pieces(right, True))
    ours, theirs = _WORD.findall(left), _WORD.findall(right)
    if max(len(ours), len(theirs)) > _MOST_WORDS:
        return Row(_pieces(left, True), _pieces(right, True))
    matcher = SequenceMatcher(None, [_plain(w) for w in ours], [_plain(w) for w in theirs], autojunk=False)
    opcodes = matcher.get_opcodes()
    return Row(
        tuple(_joined((ours[i1:i2], tag != "equal") for tag, i1, i2, _, _ in opcodes)),
        tuple(_joined((theirs[j1:j2], tag != "equal") for tag, _, _, j1, j2 in opcodes)),
    )


def _joined(parts: Iterator[tuple[Sequence[str], bool]]) -> Iterator[Piece]:
    for words, marked in parts:
        yield from _pieces("".join(words), marked)


def _pieces(text: str, marked: bool) -> tuple[Piece, ...]:
    """Space around what is marked is no part of it."""
    inner = text.strip() if marked else ""
    if not inner:
        return (Piece(text),) if text else ()
    start = text.index(inner)
    around = (Piece(text[:start]), Piece(inner, True), Piece(text[start + len(inner) :]))
    return tuple(piece for piece in around if piece.text)


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(text) if sentence.strip()]


def _plain(text: str) -> str:
    """Spacing is no difference that a reader sees."""
    return " ".join(text.split())
