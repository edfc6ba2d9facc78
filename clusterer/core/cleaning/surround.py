"""What a short report carries above its first sentence and below its last: its section, its date, its author.

Longer pages are judged by the line model, which sees these by what stands around them; on a page of a few lines there is nothing
around them. So they go by what they are, and only where the text begins below them.
"""

from __future__ import annotations

from collections.abc import Sequence

from clusterer.core.cleaning.notes import is_note
from clusterer.core.lines import reasons
from clusterer.core.lines.features import ends_sentence, word_count
from clusterer.core.lines.stamps import is_date_line, is_masthead, is_signature, is_stamp, says_published

_SENTENCE_WORDS = 4
_LONG_CHARS = 60  # a line of such a length tells something, however it ends
_SECTION_WORDS = 3
_SHORT_LINES = 20  # of a report that the line model sees too little of
_SECTION_CHARS = 28
_OF_THE_PAGE = frozenset({reasons.MENU, reasons.SHARE_BUTTON, reasons.TIME_STAMP, reasons.AUTHOR})


def around_text(lines: Sequence[str], found: Sequence[str | None], titled: bool) -> list[str | None]:
    """The reasons of cuts, with those of stamps, authors and sections above and below the text. titled: the title is known."""
    prose = [i for i, line in enumerate(lines) if found[i] is None and _is_prose(line)]
    left = list(found)
    prose = _without_notes(lines, prose, left)
    if not prose:
        return left
    first, last = prose[0], prose[-1]
    dated = any(is_date_line(lines[i]) and not says_published(lines[i]) for i in range(first + 1, len(lines)))
    surely = titled and len(lines) <= _SHORT_LINES
    for i in (*range(first), *range(last + 1, len(lines))):
        if left[i] is None and (says_published(lines[i]) or (i < first and not dated and is_stamp(lines[i]))):
            left[i] = reasons.TIME_STAMP
        elif left[i] is None and (is_signature(lines[i]) or is_masthead(lines[i], sure=i < first and surely)):
            left[i] = reasons.AUTHOR
    if any(left[i] in _OF_THE_PAGE for i in range(first)):
        most = _SECTION_WORDS if titled else _SECTION_WORDS - 1
        left[:first] = [
            reasons.SECTION if reason is None and _is_section(line, most) else reason
            for line, reason in zip(lines[:first], left[:first], strict=True)
        ]
    return left


def _without_notes(lines: Sequence[str], prose: Sequence[int], left: list[str | None]) -> list[int]:
    """The lines of prose without the newsroom's notes above and below, whose reason is set; a note that is all there is stays."""
    first, end = 0, len(prose)
    while first < end and is_note(lines[prose[first]]):
        first += 1
    while end > first and is_note(lines[prose[end - 1]]):
        end -= 1
    if first == end:
        return list(prose)
    for i in (*prose[:first], *prose[end:]):
        left[i] = reasons.NOTE
    return list(prose[first:end])


def _is_prose(line: str) -> bool:
    if len(line) < _LONG_CHARS and not (ends_sentence(line) and word_count(line) >= _SENTENCE_WORDS):
        return False
    return not (is_date_line(line) or is_stamp(line) or is_signature(line))


def _is_section(line: str, most_words: int) -> bool:
    return (
        len(line) <= _SECTION_CHARS
        and 0 < len(line.split()) <= most_words
        and not any(map(str.isdigit, line))
        and not ends_sentence(line)
        and not line.endswith((":", "：", "…"))
    )
