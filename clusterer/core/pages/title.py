"""The headline of a page, chosen among its headings, the lines above its article, and what its head says.

No place is to be trusted alone: the only `h1` may be the name of the site or of an advertisement, `title` and Open Graph may name the
site or be written for search engines. So each candidate is judged by whether the head and the page agree on it, by how much of it the
article speaks of, and by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from clusterer.core.lines.features import content_words, ends_sentence, is_byline, is_paragraph, word_count
from clusterer.core.lines.headline import bare_headline
from clusterer.core.lines.rules import rule_for
from clusterer.core.lines.stamps import is_date_line
from clusterer.core.pages.blocks import Block
from clusterer.core.pages.facts import stated_titles

_WORD = re.compile(r"\w+")
_READING_TIME = re.compile(r"\W{0,5}\d{1,2}[\s-]?min(?:ute)?s?\b[\w\s]{0,20}$", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_BULLETS = ("+ ", "- ", "– ", "* ", "• ", "· ")
_PARTS = re.compile(r"\s*[|｜»›«•·]\s*|\s+[-–—:]+\s+|::|[:：]\s+")
_REACH = 30  # lines above the article in which the headline may stand
_MAX_HEADINGS = 200
_MOST_WORDS, _MOST_CHARS = 40, 300
_WORDS_OF_A_NAME = 2  # with less, a line that head and page agree on may be the site's name
_FULL_WORDS = 4  # telling words of a headline that says enough

# Set by hand on half of the pages of two labelled sets; what a part of a title and being kept are worth, with the other half in view.
_SPOKEN_OF = 2.0
_STATED = 2.0
_A_PART, _WITHIN, _RESEMBLES = 0.3, 0.9, 0.7  # of that
_ALIKE = 0.6
_FIRST_LEVEL, _OTHER_LEVEL = 1.5, 0.5
_JUST_ABOVE, _BELOW = 0.8, -0.3  # the article
_KEPT = 0.6  # with the article
_A_SENTENCE = -0.8
_A_LINK = -0.6
_NAMED = -4.0  # as no part of an article
_THE_SITE = -3.0


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    place: float  # what its place on the page is worth


def page_title(root: HtmlElement, blocks: Sequence[Block], text: str) -> str:
    """The headline, '' where a page has none. blocks: of the page. text: of its article."""
    stated, site = stated_titles(root)
    kept = set(text.split("\n"))
    first = next((i for i, block in enumerate(blocks) if block.text in kept and is_paragraph(block.text)), None)
    told = content_words("\n".join(_told(blocks, text, first)))
    whole = {_folded(form) for title in stated for form in (title, bare_headline(title, text)[0])}
    parts = {_folded(part) for title in stated for part in _PARTS.split(title)} - whole
    best, headline = 0.0, ""
    for one in (*(_Candidate(title, 0.0) for title in stated), *_on_page(blocks, kept, first)):
        folded, spoken_of = _folded(one.text), _spoken_of(one.text, told)
        agreement = 1.0 if folded in whole else _likeness(folded, stated)
        if folded in parts or (folded in whole and word_count(one.text) < _WORDS_OF_A_NAME):
            # the headline, or the section or the site
            agreement = _A_PART + (1 - _A_PART) * spoken_of
        worth = one.place + _SPOKEN_OF * spoken_of + _STATED * agreement + _form(one.text)
        worth += _THE_SITE if folded == _folded(site) else 0
        if worth > best:
            best, headline = worth, one.text
    return headline


def _told(blocks: Sequence[Block], text: str, first: int | None) -> list[str]:
    """The lines of the article from its first paragraph on, since it speaks of nothing by having it as a heading."""
    headings = {block.text for block in blocks if block.level}
    above = {block.text for block in blocks[:first]} if first else set()
    return [line for line in text.split("\n") if line not in headings and line not in above]


def _on_page(blocks: Sequence[Block], kept: set[str], first: int | None) -> Iterator[_Candidate]:
    """Headings, and the lines right above the article. kept: its lines. first: the block with its first paragraph, None for none."""
    headings = 0
    for i, block in enumerate(blocks):
        above = None if first is None else first - i
        if block.aside or not (block.level or (above is not None and 0 < above <= _REACH)):
            continue
        headings += block.level > 0
        line = _whole(blocks, i) if block.level else block.text
        if line and len(line) <= _MOST_CHARS and word_count(line) <= _MOST_WORDS and headings <= _MAX_HEADINGS:
            yield _Candidate(line, _place(block, above) + (_KEPT if block.text in kept else 0.0))


def _whole(blocks: Sequence[Block], start: int) -> str:
    """The heading that begins here, whose lines may be broken; '' in the middle of one."""
    if blocks[start].goes_on:
        return ""
    stop = start + 1
    while stop < len(blocks) and blocks[stop].goes_on and stop - start < _REACH:
        stop += 1
    return " ".join(block.text for block in blocks[start:stop])


def _place(block: Block, above: int | None) -> float:
    worth = (_FIRST_LEVEL if block.level == 1 else _OTHER_LEVEL) if block.level else 0.0
    if above is not None:
        worth += _JUST_ABOVE * max(0.0, 1 - above / _REACH) if above > 0 else _BELOW
    return worth + _A_LINK * block.link_share


def _form(line: str) -> float:
    if rule_for(line) is not None or is_date_line(line) or _HOST.fullmatch(line) or line.startswith(_BULLETS):
        return _NAMED
    author, found = _READING_TIME.subn("", line)
    if found and is_byline(author):
        return _NAMED
    return _A_SENTENCE if ends_sentence(line) and not line.endswith(("?", "？")) else 0.0


def _spoken_of(line: str, told: set[str]) -> float:
    """The share of its words that the article has; less for one or two words, which are soon found in any."""
    words = content_words(line)
    return len(words & told) / max(_FULL_WORDS, len(words))


def _likeness(folded: str, stated: Sequence[str]) -> float:
    """How far a line is like one of several others, 0 to 1; 0 for a few words, which are soon found in any."""
    words = set(folded.split(" "))
    if len(words) < _FULL_WORDS:
        return 0.0
    found = 0.0
    for title in map(_folded, stated):
        if f" {folded} " in f" {title} ":
            return _WITHIN
        other = set(title.split(" "))
        if len(words & other) >= _ALIKE * len(words | other):
            found = _RESEMBLES
    return found


def _folded(line: str) -> str:
    return " ".join(_WORD.findall(line.lower()))
