"""Pages that show a list of other things where the article should be: the videos of a player, the excerpts of other articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from clusterer.core.lines import reasons
from clusterer.core.lines.features import ends_sentence, word_count

_VIDEO = re.compile(r"([0-5]?\d):([0-5]\d)\s+(\S.{3,200})")
_LEAST_VIDEOS = 4  # three lengths are in order by chance too often
_LEAST_WORDS = 3
_MOST_WORDS = 25
_EXCERPT_END = re.compile(r"\[\s?(?:…|\.{3})\s?\]$")
_LEAST_EXCERPTS = 3
_EXCERPT_WORDS = 8
_SHARE_OF_EXCERPTS = 0.6


def video_lists(lines: Sequence[str]) -> dict[int, str]:
    """Lines of a player's list by number: the length of a video, then its headline.

    A time line or a live blog looks alike, but its times go up or down all the way and its entries are sentences, and results name
    teams and little else: so the lengths must be in no order, and most words be written small.
    """
    runs: list[list[int]] = [[]]
    for number, line in enumerate(lines):
        if _is_video(line):
            runs[-1].append(number)
        elif runs[-1]:
            runs.append([])
    return {number: reasons.VIDEO_LIST for run in runs if _is_unordered(lines, run) for number in run}


def _is_video(line: str) -> bool:
    found = _VIDEO.fullmatch(line)
    if found is None or not _LEAST_WORDS <= word_count(line) <= _MOST_WORDS:
        return False
    words: list[str] = [word for word in found.group(3).split()[1:] if word[0].isalpha()]
    return sum(word[0].islower() for word in words) * 2 >= len(words) > 0


def _is_unordered(lines: Sequence[str], run: Sequence[int]) -> bool:
    if len(run) < _LEAST_VIDEOS or sum(ends_sentence(lines[number]) for number in run) * 2 > len(run):
        return False
    lengths = [_length_s(lines[number]) for number in run]
    steps = [later - earlier for earlier, later in pairwise(lengths)]
    return any(step > 0 for step in steps) and any(step < 0 for step in steps)


def _length_s(line: str) -> int:
    minutes, _, rest = line.partition(":")
    return 60 * int(minutes) + int(rest[:2])


def excerpt_lists(lines: Sequence[str]) -> dict[int, str]:
    """Lines of a page on which most paragraphs break off with "[…]", as excerpts of other articles do, by number.

    One that breaks off is the article's own excerpt, as feeds send it.
    """
    ends = [number for number, line in enumerate(lines) if line.endswith("]") and _EXCERPT_END.search(line)]
    found = [number for number in ends if word_count(lines[number]) >= _EXCERPT_WORDS]
    if len(found) < _LEAST_EXCERPTS:
        return {}
    paragraphs = sum(word_count(line) >= _EXCERPT_WORDS for line in lines)
    return dict.fromkeys(found, reasons.EXCERPT_LIST) if len(found) >= _SHARE_OF_EXCERPTS * paragraphs else {}
