"""Readers' comments at the end of a plain text: what stands below their header, under the names of those who wrote.

A report may have a part under such a header ("Reacties") too; it has no names between its paragraphs, or goes on for longer than what
stands above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clusterer.core.lines.features import ends_sentence, word_count
from clusterer.core.text import folded

_HEADERS_TEXT = """
    comments|reader comments|comentarios|comentários|commentaires|kommentare|leserkommentare|commenti|reacties|kommentarer|kommentit
    |komentarze|komentáře|komentari|komentar|hozzászólások|comentarii|комментарии|комментария|комментариев|коментарі|коментарів|коментари
    |yorumlar|yorum|σχόλια|bình luận|评论|評論|留言|コメント|댓글|टिप्पणियाँ|टिप्पणियां|التعليقات|تعليقات|نظرات|komentar pembaca
"""
_HEADERS = frozenset(folded(header.strip()) for header in _HEADERS_TEXT.split("|"))
_COUNTED = re.compile(r"[\s\d.,()（）:：]+")
_LONGEST_HEADER = 30
_LEAST_WORDS = 25  # above the header
_LEAST_NAMES = 2
_MOST_NAME_WORDS = 8


def comments_start(lines: Sequence[str]) -> int | None:
    """Where the header of the comments stands, None where there is none."""
    for at, line in enumerate(lines):
        if at and len(line) <= _LONGEST_HEADER and folded(_COUNTED.sub(" ", line).strip()) in _HEADERS:
            return at if _are_comments(lines[:at], lines[at + 1 :]) else None
    return None


def _are_comments(above: Sequence[str], below: Sequence[str]) -> bool:
    told = sum(map(word_count, above))
    if told < _LEAST_WORDS or sum(map(word_count, below)) > told:
        return False
    return sum(map(_may_be_name, below)) >= _LEAST_NAMES


def _may_be_name(line: str) -> bool:
    return line != "" and not ends_sentence(line) and word_count(line) <= _MOST_NAME_WORDS
