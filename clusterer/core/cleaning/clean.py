"""From an article as received to its document: the article's own text, and a record of everything cut and why.

The way of a text: normalise and cap; split into lines; cut what was learnt of this source (`boilerplate`), what a rule names
(`rules`), and what the line model places outside the article (`line_model`); find the title; judge what is left.
Cutting is shy where there is little text: a headline or a sentence or two is an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from clusterer.core.cleaning.boilerplate import Learnt
from clusterer.core.cleaning.comment_section import comments_start
from clusterer.core.cleaning.decoding import repaired
from clusterer.core.cleaning.digests import is_live_or_digest
from clusterer.core.cleaning.surround import around_text
from clusterer.core.cleaning.tails import without_tail
from clusterer.core.lines import reasons
from clusterer.core.lines.asking import addresses_reader, names_topic, request_of
from clusterer.core.lines.features import (
    content_words,
    ends_sentence,
    is_byline,
    is_headline_like,
    is_paragraph,
    unwrapped,
    word_count,
)
from clusterer.core.lines.headline import bare_headline
from clusterer.core.lines.labels import label_of
from clusterer.core.lines.line_model import SHIPPED, LineModel, score_lines
from clusterer.core.lines.markup import is_page, without_markup
from clusterer.core.lines.rules import BETWEEN, RULED, named_lines
from clusterer.core.lines.site_talk import is_site_page, is_site_talk, subjects_in
from clusterer.core.lines.stamps import is_date_line
from clusterer.core.model import Article, Cut, Document, DocumentKind
from clusterer.core.pages.html_page import MAX_HTML_CHARS, Page, extract
from clusterer.core.text import normalized, visible

_TITLE = "title"  # not a reason: the line moved into the title
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_WORD = re.compile(r"\w")
_NO_TEXT = frozenset(("null", "none", "nil", "nan", "undefined", "n/a", "[object object]"))

MAX_TEXT_CHARS = 200_000
_MAX_LINES = 5_000
_MAX_TITLE_CHARS = 400
MAX_CUT_CHARS = 500
_TITLE_REACH = 40  # lines above the first paragraph in which the headline is looked for
_TITLE_MIN_SHARE = 0.6  # of the best candidate's score, for an earlier one to be preferred
_MODEL_MIN_LINES = 5  # shorter texts are not judged by the line model
_MODEL_MIN_WORDS = 80
_WALL_MAX_WORDS = 40  # a page that tells more than this is no wall
_WALL_MIN_RATIO = 2.0  # words that ask or recur, against words that tell
_BUTTON_WORDS = 5
_LIVE_MIN_ENTRIES = 8  # lines that begin with different times of day make a live blog
_NOT_THE_ARTICLE = frozenset({reasons.ASKS, reasons.LEARNT, reasons.VIDEO_LIST, reasons.EXCERPT_LIST})
_SITE_SPEAKS = frozenset({_TITLE, reasons.ASKS, reasons.INVITATION, reasons.ADVERT})
_WEAK = frozenset(
    {reasons.LISTED, reasons.TEASER_HEADLINE, reasons.TEASER_TEXT}
)  # they go by what stands around a line
_IF_MORE_IS_THERE = _WEAK | BETWEEN | {reasons.PICTURE_LABEL}


def clean(article: Article, learnt: Learnt | None = None, model: LineModel = SHIPPED) -> Document:
    """The document of an article; a pure function of its arguments. Takes time linear in the size of the text.

    The page in `html` is used when `text` is absent or holds no word.
    """
    page, body = _body(article)
    lines, cuts = _lines(body, article.title or "")
    if page is not None:
        cuts = [*page.cuts, *cuts]
    title = _clean_title(article.title or (page.title if page is not None else ""))
    if is_date_line(title):
        cuts.append(Cut(title, reasons.TITLE_IS_TIME))
        title = ""
    headline, taken = bare_headline(title, body, article.source, article.url)
    end = comments_start(lines) if page is None else None
    found = _reasons(lines[:end], (title, headline), learnt, model if page is None else None)
    found += [reasons.LINE_COMMENT] * (len(lines) - len(found))
    if not title:
        at = _title_line(lines, found)
        if at is not None:
            title, found[at] = _clean_title(lines[at]), _TITLE
            headline, taken = bare_headline(title, body, article.source, article.url)
    cuts.extend(Cut(one, reasons.AROUND_TITLE) for one in taken)
    text = "\n\n".join(line for line, reason in zip(lines, found, strict=True) if reason is None)
    recurring = [
        learnt.recurrence(line, headline) if reason == reasons.LEARNT and learnt else ""
        for line, reason in zip(lines, found, strict=True)
    ]
    cuts.extend(_merged(lines, found, recurring))
    kind = _kind(lines, found, title)
    if kind == "article" and _shows_site_alone(lines, found, title):
        kind = "wall"
    if page is not None and not text and kind != "wall" and _TITLE not in found:
        kind = "empty"
        cuts.extend([] if not lines else [Cut("\n".join(lines)[:MAX_CUT_CHARS], reasons.NO_TEXT)])
    many = kind == "article" and is_live_or_digest(title, lines, _LIVE_MIN_ENTRIES)
    return Document(title=headline, text=text, cuts=tuple(cuts), kind=kind, multi_event=many, lang=article.lang)


def lines_of(article: Article) -> list[str]:
    """The lines of the page that `clean` keeps or cuts."""
    return _lines(_body(article)[1], article.title or "")[0]


def _body(article: Article) -> tuple[Page | None, str]:
    """The page that was read, None where the article brings a text of its own, and the text."""
    body, html = article.text or "", article.html
    if is_page(body):
        body, html = "", body
    text = without_markup(body[:MAX_HTML_CHARS])
    if html is not None and _says_nothing(text):
        page = extract(html)
        return page, page.text
    return None, text


def _says_nothing(text: str) -> bool:
    """Is there no word in the text, or only one that programs write where they have none?"""
    return _WORD.search(text) is None or (len(text) < 20 and text.strip().casefold() in _NO_TEXT)


def _lines(body: str, title: str) -> tuple[list[str], list[Cut]]:
    """The lines that carry text, normalised, without a tail that tells where to read on, and what the size limits cut."""
    cuts: list[Cut] = []
    if len(body) > MAX_TEXT_CHARS:
        rest = body[MAX_TEXT_CHARS:]
        cuts.append(Cut(rest[:MAX_CUT_CHARS], reasons.BEYOND_LIMIT, f"{MAX_TEXT_CHARS} characters"))
        body = body[:MAX_TEXT_CHARS]
    body = repaired(body)
    if not body.replace("\n", "").isprintable():  # which takes a sixth of the time, and nothing printable is a control
        body = _CONTROLS.sub("", _LINE_ENDS.sub("\n", body))
    body = visible(normalized("NFC", body))
    lines = unwrapped([" ".join(raw.split()) for raw in body.split("\n")])
    if len(lines) > _MAX_LINES:
        rest = "\n".join(lines[_MAX_LINES:])
        cuts.append(Cut(rest[:MAX_CUT_CHARS], reasons.BEYOND_LIMIT, f"{_MAX_LINES} lines"))
        lines = lines[:_MAX_LINES]
    lines, tail = without_tail(lines, title)
    if tail:
        cuts.append(Cut(tail[:MAX_CUT_CHARS], reasons.TEASER_TAIL))
    return lines, cuts


def _clean_title(title: str) -> str:
    plain = _CONTROLS.sub(" ", visible(normalized("NFC", repaired(without_markup(title)[:_MAX_TITLE_CHARS]))))
    return " ".join(plain.split())


def _reasons(
    lines: Sequence[str], titles: Sequence[str], learnt: Learnt | None, model: LineModel | None
) -> list[str | None]:
    """Why each line is cut, None for the lines that stay. titles: the title as sent, and bare. model: None where the text is an
    extractor's answer already."""
    found = named_lines(lines, titles[-1])
    folded = {title.casefold() for title in titles if title}
    if learnt is not None:
        found = _cut_as_learnt(lines, found, learnt, titles[-1])
    for i, line in enumerate(lines):
        if found[i] is None and (line.casefold() in folded or line.partition(": ")[2].casefold() in folded):
            found[i] = reasons.TITLE_REPEATED
    found = _lenient(lines, found) if model is None else _cut_by_model(lines, found, model)
    found = around_text(lines, found, titled=bool(folded))
    if None not in found:
        # What is told apart only by its surroundings, or by a label, may be all there is: results, a list of winners under a header.
        return [None if reason in _IF_MORE_IS_THERE else reason for reason in found]
    return found


def _cut_as_learnt(lines: Sequence[str], found: list[str | None], learnt: Learnt, title: str) -> list[str | None]:
    """Adds what recurs on the source's pages, but for a report from a form: paragraphs that are made anew each time from the same words
    are the article where without them the page would tell too little to be one."""
    recurring = {i for i, line in enumerate(lines) if learnt.recurrence(line, title)}
    forms = {i for i in recurring if found[i] is None and learnt.made_anew(lines[i], title)}
    left = sum(word_count(lines[i]) for i, reason in enumerate(found) if reason is None and i not in recurring)
    if sum(word_count(lines[i]) for i in forms) > _WALL_MIN_RATIO * left:
        recurring -= forms
    return [reasons.LEARNT if i in recurring else reason for i, reason in enumerate(found)]


def _lenient(lines: Sequence[str], found: list[str | None]) -> list[str | None]:
    """What extractors kept is cut for strong reasons only; that a sentence asks for something is one only on a page that tells little."""
    left = [None if reason in _WEAK else reason for reason in found]
    kept = (line for line, reason in zip(lines, left, strict=True) if reason is None)
    tells = _more_words_than(_WALL_MAX_WORDS, kept)
    if not tells:
        return left
    return [
        None if reason == reasons.ASKS and not _asks_alone(line) else reason
        for line, reason in zip(lines, left, strict=True)
    ]


def _asks_alone(line: str) -> bool:
    """Is a line that asks for something nothing but that, so that it goes from among an article's paragraphs too?"""
    return (
        _is_button(line)
        or label_of(line) == reasons.INVITATION
        or is_site_talk(line)
        or ((request := request_of(line)) is not None and bool(request.check))
    )


def _is_button(line: str) -> bool:
    return word_count(line) <= _BUTTON_WORDS and not ends_sentence(line)


def _more_words_than(limit: float, lines: Iterable[str]) -> bool:
    """Whether there are more words in the lines; counts no further than that."""
    return any(total > limit for total in accumulate(map(word_count, lines)))


def _cut_by_model(lines: Sequence[str], found: list[str | None], model: LineModel) -> list[str | None]:
    """Adds what the line model cuts, unless it would leave nothing, or the text is too short for it."""
    left = [i for i, reason in enumerate(found) if reason is None]
    if len(left) < _MODEL_MIN_LINES or not _more_words_than(_MODEL_MIN_WORDS - 0.5, (lines[i] for i in left)):
        return found
    scores = score_lines(lines, [reason is not None for reason in found], model)
    outside = scores.log_odds < 0
    if all(outside[i] for i in left) or not any(outside[i] for i in left):
        return found
    grounds = scores.grounds()
    return [grounds[i] if reason is None and outside[i] else reason for i, reason in enumerate(found)]


def _title_line(lines: Sequence[str], found: Sequence[str | None]) -> int | None:
    """The headline: the first line above the first paragraph that shares about as many words with the article as any there.

    Without one, the first kept short line, else the short line right above the paragraph. A line the line model cut may be
    the headline, one that a rule named may not.
    """
    paragraphs = [i for i, line in enumerate(lines) if found[i] is None and is_paragraph(line)]
    first = paragraphs[0] if paragraphs else len(lines)
    used = set().union(*(content_words(lines[i]) for i in paragraphs))
    above = [i for i in range(max(0, first - _TITLE_REACH), first) if found[i] not in RULED and _may_be_title(lines[i])]
    scores = {i: _shared(lines[i], used) + (found[i] is None) for i in above}
    good = max((score for score in scores.values() if score > 1), default=0.0)
    if good:
        return next(i for i in above if scores[i] >= _TITLE_MIN_SHARE * good)
    kept = (i for i in above if found[i] is None)
    close = (i for i in reversed(above) if first < len(lines) and first - i <= 5 and word_count(lines[i]) >= 3)
    return next(kept, next(close, None))


def _may_be_title(line: str) -> bool:
    return word_count(line) >= 2 and is_headline_like(line) and not is_byline(line)


def _shared(line: str, used: set[str]) -> float:
    """How well a line's words are covered by those of the article; 0 for less than two of them."""
    words = content_words(line)
    shared = len(words & used)
    return shared * shared / len(words) if shared >= 2 else 0.0


def _kind(lines: Sequence[str], found: Sequence[str | None], title: str) -> DocumentKind:
    """`wall` if the page asks its reader for something, or shows only other things, and tells nothing else."""
    template, told = 0.0, 0.0
    asks = reasons.ASKS in found
    for line, reason in zip(lines, found, strict=True):
        if reason in _NOT_THE_ARTICLE or (asks and addresses_reader(line)):
            template += word_count(line)
        elif reason is None:
            told += word_count(line)
            if told > _WALL_MAX_WORDS:
                return "article"
    if not told and not template:
        return "article" if title else "empty"
    return "wall" if told * _WALL_MIN_RATIO < template else "article"


def _shows_site_alone(lines: Sequence[str], found: Sequence[str | None], title: str) -> bool:
    """Do all lines that might be the article speak of the site, and does a title of its own not say that this is what it is about?"""
    if not (_TITLE in found or None in found):
        return False
    shown = [line for line, reason in zip(lines, found, strict=True) if reason is None or reason in _SITE_SPEAKS]
    if not is_site_page(shown):
        return False
    return _TITLE in found or not (names_topic(title, " ".join(shown)) or names_topic(title, subjects_in(title)))


def _merged(lines: Sequence[str], found: Sequence[str | None], details: Sequence[str]) -> list[Cut]:
    """One `Cut` a run of neighbouring lines with one reason, its text capped; what was learnt is never merged (see boilerplate)."""
    runs: list[tuple[list[str], str, str]] = []
    previous: str | None = None
    for line, reason, detail in zip(lines, found, details, strict=True):
        if reason is not None and reason != _TITLE:
            if reason == previous and reason != reasons.LEARNT:
                runs[-1][0].append(line)
            else:
                runs.append(([line], reason, detail))
        previous = reason
    return [Cut("\n".join(run)[:MAX_CUT_CHARS], reason, detail) for run, reason, detail in runs]
