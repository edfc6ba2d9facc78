"""Where two texts differ, for showing them side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_SENTENCE = re.compile(r"[^\n]*?(?:[.!?…]+[\"'”’)]*\s+|\n+|$)")
_WORD = re.compile(r"\s*\S+")
_MOST_WORDS = (
    600  # beyond it, sentences that differ are shown as wholly different: comparing words takes quadratic time
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `only` when the other text lacks it."""

    text: str
    only: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside each other; either side may be empty."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        return not any(piece.only for piece in (*self.left, *self.right))


def side_by_side(left: str, right: str) -> tuple[Row, ...]:
    """Two texts in rows: whole sentences that both have, and between them what differs, word by word."""
    ours, theirs = _sentences(left), _sentences(right)
    matcher = SequenceMatcher(None, [_plain(s) for s in ours], [_plain(s) for s in theirs])  # drops repeated lines
    rows: list[Row] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            rows += [Row((Piece(a),), (Piece(b),)) for a, b in zip(ours[i1:i2], theirs[j1:j2], strict=True)]
        else:
            rows.append(_words("".join(ours[i1:i2]), "".join(theirs[j1:j2])))
    return tuple(rows)


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
    for words, only in parts:
        yield from _pieces("".join(words), only)


def _pieces(text: str, only: bool) -> tuple[Piece, ...]:
    return (Piece(text, only),) if text else ()


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(text) if sentence.strip()]


def _plain(text: str) -> str:
    """Spacing is no difference that a reader sees."""
    return " ".join(text.split())
