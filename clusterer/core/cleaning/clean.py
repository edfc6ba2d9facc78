"""From an article as received to its document: the article's own text, and a record of everything cut and why.

The way of a text: normalise and cap; split into lines; cut what was learnt of this source (`boilerplate`), what a rule names
(`clean_rules`), and what the line model places outside the article (`clean_lines`); find the title; judge what is left.
Cutting is shy where there is little text: a headline or a sentence or two is an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clusterer.core.cleaning.boilerplate import Learnt, is_learnt
from clusterer.core.cleaning.html_page import extract
from clusterer.core.cleaning.line_model import SHIPPED, LineModel, score_lines
from clusterer.core.cleaning.lines import (
    content_words,
    ends_sentence,
    is_byline,
    is_headline_like,
    stems,
    unwrapped,
    word_count,
)
from clusterer.core.cleaning.markup import is_page, without_markup
from clusterer.core.cleaning.rules import ASKS, RULED, addresses_reader, is_date_line, is_live_or_digest, named_lines
from clusterer.core.model import Article, Cut, Document, DocumentKind
from clusterer.core.text import normalized, visible

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
OFF_TOPIC = "does not belong to the article that the title names"
_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class CleanPolicy:
    """Limits and thresholds of cleaning.

    min_log_odds: a line below this, in the line model's log odds of belonging to the article, is cut.
    model_min_lines, model_min_words: shorter texts are not judged by the line model.
    wall_max_words, wall_min_ratio: a page is a wall if it tells at most so many words, and has more than so many times as many
    words that ask its reader for something or that recur on the source's pages.
    list_min_lines: a titled page that shows so many headlines and no paragraph has no article in it either.
    off_topic_min_stems, off_topic_max_words: and neither has one whose text of at most so many words has none of at least so
    many words of its title.
    live_min_entries: so many lines that begin with different times of day make a live blog.
    """

    max_html_chars: int = 1_000_000
    max_text_chars: int = 200_000
    max_lines: int = 5_000
    max_title_chars: int = 400
    title_reach: int = 40
    title_min_share: float = 0.6
    max_cut_chars: int = 500
    min_log_odds: float = 0.0
    model_min_lines: int = 5
    model_min_words: int = 80
    wall_max_words: int = 40
    wall_min_ratio: float = 2.0
    list_min_lines: int = 4
    off_topic_min_stems: int = 5
    off_topic_max_words: int = 250
    live_min_entries: int = 8


DEFAULT_POLICY = CleanPolicy()


def clean(
    article: Article, learnt: Learnt | None = None, policy: CleanPolicy = DEFAULT_POLICY, model: LineModel = SHIPPED
) -> Document:
    """The document of an article; a pure function of its arguments. Takes time linear in the size of the text."""
    found_title, body, cuts = _body(article, policy)
    given = article.title or found_title
    lines, capped = _lines(body, policy)
    cuts.extend(capped)
    title = _clean_title(given, policy)
    if is_date_line(title):
        cuts.append(Cut(title, "a time stamp instead of a title"))
        title = ""
    reasons = _reasons(lines, title, learnt, policy, model)
    if not title:
        at = _title_line(lines, reasons, policy)
        if at is not None:
            title, reasons[at] = _clean_title(lines[at], policy), "title"
    text = "\n\n".join(line for line, reason in zip(lines, reasons, strict=True) if reason is None)
    cuts.extend(_merged(lines, reasons, policy))
    kind = _kind(lines, reasons, title, policy)
    many = kind == "article" and is_live_or_digest(title, lines, policy.live_min_entries)
    return Document(title=title, text=text, cuts=tuple(cuts), kind=kind, multi_event=many, lang=article.lang)


def lines_of(article: Article, policy: CleanPolicy = DEFAULT_POLICY) -> list[str]:
    """The lines of the page that `clean` keeps or cuts."""
    return _lines(_body(article, policy)[1], policy)[0]


def _body(article: Article, policy: CleanPolicy) -> tuple[str, str, list[Cut]]:
    """Title of the page's markup, text, and what was cut to get at it."""
    body, page = article.text or "", article.html
    if is_page(body):
        body, page = "", body
    if page is not None and not body.strip():
        return extract(page, policy.max_html_chars)
    return "", without_markup(body[: policy.max_html_chars]), []


def _lines(body: str, policy: CleanPolicy) -> tuple[list[str], list[Cut]]:
    """The lines that carry text, normalised, and what the size limits cut."""
    cuts: list[Cut] = []
    if len(body) > policy.max_text_chars:
        rest = body[policy.max_text_chars :]
        cuts.append(Cut(rest[: policy.max_cut_chars], f"beyond the first {policy.max_text_chars} characters"))
        body = body[: policy.max_text_chars]
    body = visible(normalized("NFC", _CONTROLS.sub("", _LINE_ENDS.sub("\n", body))))
    lines = unwrapped([_SPACES.sub(" ", raw).strip() for raw in body.split("\n")])
    if len(lines) > policy.max_lines:
        rest = "\n".join(lines[policy.max_lines :])
        cuts.append(Cut(rest[: policy.max_cut_chars], f"beyond the first {policy.max_lines} lines"))
        lines = lines[: policy.max_lines]
    return lines, cuts


def _clean_title(title: str, policy: CleanPolicy) -> str:
    plain = _CONTROLS.sub(" ", visible(normalized("NFC", without_markup(title)[: policy.max_title_chars])))
    return " ".join(plain.split())


def _reasons(
    lines: Sequence[str], title: str, learnt: Learnt | None, policy: CleanPolicy, model: LineModel
) -> list[str | None]:
    """Why each line is cut, None for the lines that stay."""
    reasons = named_lines(lines)
    folded = title.casefold()
    for i, line in enumerate(lines):
        if learnt is not None:
            reasons[i] = learnt.reason(line) or reasons[i]
        if reasons[i] is None and folded and line.casefold() == folded:
            reasons[i] = "repeats the title"
    reasons = _cut_by_model(lines, reasons, policy, model)
    kept = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    if title and (_is_list(kept, title, policy) or _is_of_another(kept, title, policy)):
        reasons = [reason or OFF_TOPIC for reason in reasons]
    return reasons


def _is_of_another(kept: Sequence[str], title: str, policy: CleanPolicy) -> bool:
    """Not one word of the title in a short text: the scraper took something else on the page for the article."""
    subject = stems(title)
    if len(subject) < policy.off_topic_min_stems or not kept:
        return False
    return sum(map(word_count, kept)) <= policy.off_topic_max_words and subject.isdisjoint(
        set().union(*map(stems, kept))
    )


def _is_list(kept: Sequence[str], title: str, policy: CleanPolicy) -> bool:
    """Only headlines, hardly one ending as a sentence, none long enough for a paragraph, and not about the title's subject."""
    if len(kept) < policy.list_min_lines or any(_is_paragraph(line) or word_count(line) > 30 for line in kept):
        return False
    subject = content_words(title)
    about = subject & set().union(*map(content_words, kept))
    return sum(map(ends_sentence, kept)) <= len(kept) / 3 and 3 * len(about) < max(1, len(subject))


def _cut_by_model(
    lines: Sequence[str], reasons: list[str | None], policy: CleanPolicy, model: LineModel
) -> list[str | None]:
    """Adds what the line model cuts, unless the text is too short for it or it would leave nothing."""
    left = [i for i, reason in enumerate(reasons) if reason is None]
    if len(left) < policy.model_min_lines or sum(word_count(lines[i]) for i in left) < policy.model_min_words:
        return reasons
    scores = score_lines(lines, [reason is not None for reason in reasons], model)
    outside = scores.log_odds < policy.min_log_odds
    if all(outside[i] for i in left):
        return reasons
    if not any(outside[i] for i in left):
        return reasons
    grounds = scores.grounds()
    return [grounds[i] if reason is None and outside[i] else reason for i, reason in enumerate(reasons)]


def _title_line(lines: Sequence[str], reasons: Sequence[str | None], policy: CleanPolicy) -> int | None:
    """The headline: the first line above the first paragraph that shares about as many words with the article as any there.

    Without one, the first kept short line, else the short line right above the paragraph. A line the line model cut may be
    the headline, one that a rule named may not.
    """
    paragraphs = [i for i, line in enumerate(lines) if reasons[i] is None and _is_paragraph(line)]
    first = paragraphs[0] if paragraphs else len(lines)
    used = set().union(*(content_words(lines[i]) for i in paragraphs))
    above = [
        i
        for i in range(max(0, first - policy.title_reach), first)
        if reasons[i] not in RULED and _may_be_title(lines[i])
    ]
    scores = {i: _shared(lines[i], used) + (reasons[i] is None) for i in above}
    good = max((score for score in scores.values() if score > 1), default=0.0)
    if good:
        return next(i for i in above if scores[i] >= policy.title_min_share * good)
    kept = (i for i in above if reasons[i] is None)
    close = (i for i in reversed(above) if first < len(lines) and first - i <= 5 and word_count(lines[i]) >= 3)
    return next(kept, next(close, None))


def _may_be_title(line: str) -> bool:
    return word_count(line) >= 2 and is_headline_like(line) and not is_byline(line)


def _shared(line: str, used: set[str]) -> float:
    """How well a line's words are covered by those of the article; 0 for less than two of them."""
    words = content_words(line)
    shared = len(words & used)
    return shared * shared / len(words) if shared >= 2 else 0.0


def _is_paragraph(line: str) -> bool:
    return word_count(line) >= 12 and ends_sentence(line)


def _kind(lines: Sequence[str], reasons: Sequence[str | None], title: str, policy: CleanPolicy) -> DocumentKind:
    """`wall` if the page asks its reader for something, or shows only what was learnt to recur, and tells nothing else."""
    template, told = 0.0, 0.0
    asks = ASKS in reasons
    for line, reason in zip(lines, reasons, strict=True):
        if (
            reason in (ASKS, OFF_TOPIC)
            or (reason is not None and is_learnt(reason))
            or (asks and addresses_reader(line))
        ):
            template += word_count(line)
        elif reason is None:
            told += word_count(line)
    if not lines or (not told and not template):
        return "article" if title else "empty"
    return "wall" if told <= policy.wall_max_words and told * policy.wall_min_ratio < template else "article"


def _merged(lines: Sequence[str], reasons: Sequence[str | None], policy: CleanPolicy) -> list[Cut]:
    """One `Cut` a run of neighbouring lines with one reason, its text capped; what was learnt is never merged (see boilerplate)."""
    runs: list[tuple[list[str], str]] = []
    previous: str | None = None
    for line, reason in zip(lines, reasons, strict=True):
        if reason is not None and reason != "title":
            if reason == previous and not is_learnt(reason):
                runs[-1][0].append(line)
            else:
                runs.append(([line], reason))
        previous = reason
    return [Cut("\n".join(run)[: policy.max_cut_chars], reason) for run, reason in runs]
