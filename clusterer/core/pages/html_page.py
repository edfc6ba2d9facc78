"""HTML to title and article text: two extractors that others keep, and the line model, vote on each block of the page.

None of the three is best everywhere: trafilatura keeps lists and sub-headings of long pages, readability-lxml leaves out what stands
around the news of older ones, and the line model (fitted on plain text) reads any markup. A block stays if two of them keep it, or if an
extractor does between such blocks; votes of independent extractors are better than any one of them (Bevendorff et al., SIGIR 2023).
On pages of lists and steps it may be that no two of the three mean the same part of the page: then trafilatura, which knows lists, decides.
Where that leaves little, the page's own `articleBody` (schema.org, in JSON-LD) is taken, else its densest text, shown or in `noscript`,
else what its scripts are to show.

Time is linear in the size of the page: what comes before the extractors is, and they are asked only where the page is small enough
for what is not linear in them. Guards before the parser: a cap on the size, and the removal of any tag with thousands of attributes.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from lxml import etree
from lxml.html import HtmlElement
from numpy.typing import NDArray

from clusterer.core.lines import reasons
from clusterer.core.lines.features import ends_sentence, word_count
from clusterer.core.lines.line_model import SHIPPED, densest_run, score_lines
from clusterer.core.lines.markup import without_scripts
from clusterer.core.lines.rules import named_lines
from clusterer.core.model import Cut
from clusterer.core.pages.blocks import Block, blocks_of
from clusterer.core.pages.facts import article_body, parsed, stated_lead
from clusterer.core.pages.state import state_body
from clusterer.core.pages.teasers import teasers
from clusterer.core.pages.title import page_title

MAX_HTML_CHARS = 1_000_000
_MAX_BLOCKS = 5_000
_MAX_VOTED_ELEMENTS = 10_000  # beyond, and for longer texts, the line model judges alone
_MAX_VOTED_CHARS = 200_000
_MAX_DEPTH = 250  # extractors recurse
_MIN_WORDS = 20  # with less than this the vote found nothing
_LEAST_ENTRIES = 3
_AGREE = 0.5  # two that share so much of what either keeps mean the same part of a page
_MUCH_LESS = 0.7
_HIDDEN_SHARE = 0.3
_FEW_WORDS = 100  # with less than this, what the page hides is looked at
_ESCAPED_TWICE = re.compile(r"&amp;(?!lt;|gt;)(?=#?\w{1,31};)")  # pages about markup show tags so, but no dashes
_MAX_CUT_CHARS = 500
_FOR_SCRIPTS = frozenset({"noscript", "template"})  # shown without scripts, or by them
_WORD = re.compile(r"\w+")
# Names, values and ends of tags as in the HTML standard, 13.2.5; possessive, so that it never goes back over what it has read.
_BLOATED_TAG = re.compile(
    r"<[a-zA-Z][^\s/>]*+(?:[\s/]*+[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+){2000,}+[\s/]*+>?+"
)
_NUL = "\x00"
_END_OF_PAGE = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # browsers read on behind it, the parser does not
_OPEN_TITLE = re.compile(
    r"(<title\b[^>]{0,200}>[^<]{0,1000}+)(?=<(?!/title\s*>))", re.IGNORECASE
)  # would swallow the page

_RUBY = re.compile(
    r"<r[tp]\b[^<>]{0,100}>[^<>]{0,60}</r[tp]\s*>", re.IGNORECASE
)  # how a word is read, between its letters

for _name in ("trafilatura", "readability"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what they cannot read is told by the document


@dataclass(frozen=True, slots=True)
class Page:
    """Title and article text of a page, blocks as lines, and what was cut to get at them."""

    title: str
    text: str
    cuts: tuple[Cut, ...] = ()


def extract(sent: str) -> Page:
    """The page read. A page without any text gives an empty one, and a cut that says so."""
    html, cuts = _guarded(sent)
    root = parsed(_ESCAPED_TWICE.sub("&", html))
    if root is None:
        return Page("", "", (*cuts, Cut(html[:_MAX_CUT_CHARS] or "<empty>", reasons.NO_TEXT)))
    blocks = blocks_of(root)
    if len(blocks) > _MAX_BLOCKS:
        rest = blocks[_MAX_BLOCKS].text
        cuts.append(Cut(rest[:_MAX_CUT_CHARS], reasons.BEYOND_LIMIT, f"{_MAX_BLOCKS} blocks"))
        blocks = blocks[:_MAX_BLOCKS]
    answers = _answers(html, root, blocks)
    text, body = "\n".join(_with_lead(_voted(blocks, answers), blocks, stated_lead(root))), article_body(root)
    read = max((sum(map(word_count, answer)) for answer in answers), default=0.0)
    if word_count(text) < max(_FEW_WORDS, _HIDDEN_SHARE * read):
        # Sites send their text hidden, for a script to show, or all but the first page of it.
        all_blocks = blocks_of(root, _FOR_SCRIPTS, with_hidden=True)[:_MAX_BLOCKS]
        unhidden = "\n".join(_voted(all_blocks, answers)) if len(all_blocks) > len(blocks) else ""
        text = unhidden if word_count(unhidden) > 2 * word_count(text) else text
    if 2 * word_count(text) < word_count(body):
        text = body  # most of it is not shown, or not without scripts
    elif word_count(text) < _MIN_WORDS:
        text = max(text, _fallback(root, blocks), key=word_count)
    if word_count(text) < _FEW_WORDS:
        text = _framed(root, text)
        text = _from_state(sent, text)
    if not text:
        cuts.append(Cut(html[:_MAX_CUT_CHARS], reasons.NO_TEXT))
    return Page(page_title(root, blocks, text), text, tuple(cuts))


def _with_lead(kept: list[str], blocks: Sequence[Block], stated: str) -> list[str]:
    """The kept lines, and before their first one below the headline the paragraphs that lead from the headline to it. Extractors take
    them for furniture of the page; they are known by what the head states of the article."""
    lines = set(kept)
    first = next((i for i, block in enumerate(blocks) if block.text in lines and not block.level), 0)
    headline = next((i for i, block in enumerate(blocks[:first]) if block.level == 1), first)
    above = [block.text for block in blocks[headline:first] if _is_sentence(block) and not block.aside]
    lead = [text for text in above if any(_kept_by([stated], [text])) or any(_kept_by([text], [stated]))]
    at = kept.index(blocks[first].text) if lead else 0
    return [*kept[:at], *lead, *kept[at:]]


def _framed(root: HtmlElement, text: str) -> str:
    """The text, or the longer one of the largest page within the page, whose markup an attribute of `iframe` holds."""
    inner = parsed(max((frame.get("srcdoc") or "" for frame in root.iter("iframe")), key=len, default=""))
    own = "" if inner is None else "\n".join(_voted(blocks_of(inner)[:_MAX_BLOCKS], ()))
    return own if word_count(own) > 2 * word_count(text) else text


def _from_state(sent: str, text: str) -> str:
    """The text, or what the page's scripts are to show: instead of next to nothing, or of the beginning that is shown already."""
    body = state_body(sent)
    if word_count(body) <= 2 * word_count(text):
        return text
    shown = [line for line in text.split("\n") if ends_sentence(line)]
    return body if word_count(text) < _MIN_WORDS or (shown and all(_kept_by(body.split("\n"), shown))) else text


def _guarded(html: str) -> tuple[str, list[Cut]]:
    cuts = []
    html = without_scripts(html)
    if len(html) > MAX_HTML_CHARS:
        html = without_scripts(html, with_data=False)  # what is shown comes first
    if len(html) > MAX_HTML_CHARS:
        rest = html[MAX_HTML_CHARS : MAX_HTML_CHARS + _MAX_CUT_CHARS]
        cuts.append(Cut(rest, reasons.BEYOND_LIMIT, f"{MAX_HTML_CHARS} characters of HTML"))
        html = html[:MAX_HTML_CHARS]
    bloated = _BLOATED_TAG.search(html)
    if bloated is not None:
        cuts.append(Cut(bloated.group()[:_MAX_CUT_CHARS], reasons.BLOATED_TAG))
        html = _BLOATED_TAG.sub(" ", html)
    html = _RUBY.sub("", _END_OF_PAGE.sub(" ", html.replace(_NUL, "")))
    return _OPEN_TITLE.sub(r"\1</title>", html), cuts


def _answers(html: str, root: HtmlElement, blocks: Sequence[Block]) -> list[list[str]]:
    """The lines that each extractor keeps; none of a page that is too much for them."""
    return [_trafilatura(root), _readability(html)] if blocks and _is_readable(root, blocks) else []


def _voted(blocks: Sequence[Block], answers: Sequence[Sequence[str]]) -> list[str]:
    """The blocks that two of three keep; without answers of extractors, what the line model keeps."""
    if not blocks:
        return []
    texts = [block.text for block in blocks]
    kept = _by_line_model(blocks)
    if answers:
        votes = [*(_kept_by(answer, texts) > 0 for answer in answers), kept]
        kept = _majority(texts, votes)
        kept |= (votes[0] | votes[1]) & _like_entries(blocks, kept)
    return _without_comments(blocks, kept)


def _majority(texts: Sequence[str], votes: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """What two keep; votes: of trafilatura, of readability, and of the line model."""
    kept: NDArray[np.bool_] = np.sum(votes, axis=0) >= 2
    among = np.flatnonzero(kept)
    if len(among):
        # Between the first and the last of them one extractor will do: lists, tables and the like, which the line model does not know.
        kept[among[0] : among[-1]] |= (votes[0] | votes[1])[among[0] : among[-1]]
    words = np.array([word_count(text) for text in texts])
    agree = any(words[a & b].sum() >= _AGREE * max(words[a].sum(), words[b].sum()) for a, b in combinations(votes, 2))
    return kept if agree or words[kept].sum() >= _MUCH_LESS * words[votes[0]].sum() else votes[0]


def _like_entries(blocks: Sequence[Block], kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which sentences stand where a kept one stands, below elements of the same names, each in one of its own: entries of a live blog."""
    parents: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for block in blocks:
        if _is_sentence(block):
            parents[block.place].add(block.parent)
    entries = {
        block.place
        for block, keep in zip(blocks, kept, strict=True)
        if keep and (len(parents[block.place]) >= _LEAST_ENTRIES or _is_named(block.place))
    }
    return np.array([block.place in entries and _is_sentence(block) for block in blocks])


def _is_named(place: Sequence[str]) -> bool:
    return any(not name.endswith(" ") for name in place)


def _is_sentence(block: Block) -> bool:
    return not block.is_links and _tells(block.text)


def _tells(text: str) -> bool:
    return word_count(text) >= 7 and ends_sentence(text)


def _by_line_model(blocks: Sequence[Block]) -> NDArray[np.bool_]:
    texts = [block.text for block in blocks]
    named = np.array([reason is not None for reason in named_lines(texts)])
    linked = np.array([block.is_links for block in blocks])
    kept: NDArray[np.bool_] = (score_lines(texts, named.tolist(), SHIPPED).log_odds > 0) & ~named & ~linked
    return kept


def _is_readable(root: HtmlElement, blocks: Sequence[Block]) -> bool:
    """Is the page small and flat enough for extractors whose time is not linear?"""
    if sum(len(block.text) for block in blocks) > _MAX_VOTED_CHARS:
        return False
    depth = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > _MAX_DEPTH or elements > _MAX_VOTED_ELEMENTS:
            return False
    return True


def _trafilatura(root: HtmlElement) -> list[str]:
    import trafilatura

    try:
        found = trafilatura.bare_extraction(root, include_comments=False, deduplicate=False)
    except (ValueError, RecursionError, AttributeError):
        return []
    return (found.text or "").split("\n") if found is not None else []


def _readability(html: str) -> list[str]:
    from readability import Document
    from readability.readability import Unparseable

    try:
        part = parsed(Document(html).summary(html_partial=True))
    except (Unparseable, ValueError, RecursionError):
        return []
    return [block.text for block in blocks_of(part)] if part is not None else []


def _kept_by(answer: Sequence[str], texts: Sequence[str]) -> NDArray[np.int64]:
    """Per block 1 if half of its runs of four words are in an extractor's answer; a block of fewer words is a line of it."""
    lines = [_WORD.findall(line.lower()) for line in answer]
    whole = {tuple(words) for words in lines if len(words) < 4}
    runs = set(_runs([word for words in lines for word in words]))
    kept = np.zeros(len(texts), dtype=np.int64)
    for i, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        if len(words) < 4:
            kept[i] = tuple(words) in whole
        else:
            own = _runs(words)
            kept[i] = 2 * sum(map(runs.__contains__, own)) >= len(own)
    return kept


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(words, words[1:], words[2:], words[3:], strict=False))


def _without_comments(blocks: Sequence[Block], kept: Sequence[bool] | NDArray[np.bool_]) -> list[str]:
    """The kept blocks outside of comments and of teasers; a name that is around all prose of the page says nothing."""
    chosen = [block for block, keep in zip(blocks, kept, strict=True) if keep]
    cards = teasers(blocks, chosen)
    outside = [block.text for block in chosen if not block.aside and block.parent not in cards]
    return outside if any(_tells(text) for text in outside) else [b.text for b in chosen]


def _fallback(root: HtmlElement, blocks: Sequence[Block]) -> str:
    """What the page holds where the vote found nothing: its densest text, shown or shown without scripts, else all of it."""
    for found in (blocks, blocks_of(root, _FOR_SCRIPTS)):
        shown = [block for block in found if not block.aside]
        prose = np.array([word_count(b.text) if ends_sentence(b.text) and not b.is_links else 0.0 for b in shown])
        start, stop = densest_run(prose)
        if prose[start:stop].sum() >= _MIN_WORDS:
            return "\n".join(block.text for block in shown[start:stop])
    return "\n".join(block.text for block in blocks if not block.is_links and not block.aside)
