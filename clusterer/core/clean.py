"""From an article as received to its document: the article's own text, and a record of everything cut and why.

The way of a text: normalise and cap; split into lines; cut what was learnt of this source (`boilerplate`), what a rule names
(`clean_rules`), and what the line model places outside the article (`clean_lines`); find the title; judge what is left.
Cutting is shy where there is little text: a headline or a sentence or two is an article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from clusterer.core.boilerplate import Learnt
from clusterer.core.clean_html import extract
from clusterer.core.clean_lines import ends_sentence, is_byline, is_headline_like, word_count
from clusterer.core.clean_model import SHIPPED, LineModel, score_lines
from clusterer.core.clean_rules import asks_reader, listed_after_header, rule_for, teasers
from clusterer.core.model import Article, Cut, Document, DocumentKind

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff\ud800-\udfff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class CleanPolicy:
    """Limits and thresholds of cleaning.

    min_log_odds: a line below this, in the line model's log odds of belonging to the article, is cut.
    model_min_lines, model_min_words: shorter texts are not judged by the line model.
    wall_max_words: a page that asks its reader for something and has at most this many other words left is a wall.
    """

    max_html_chars: int = 2_000_000
    max_text_chars: int = 200_000
    max_lines: int = 5_000
    max_title_chars: int = 400
    max_cut_chars: int = 500
    min_log_odds: float = 0.0
    model_min_lines: int = 5
    model_min_words: int = 80
    wall_max_words: int = 40


def clean(
    article: Article, learnt: Learnt | None = None, policy: CleanPolicy = CleanPolicy(), model: LineModel = SHIPPED
) -> Document:
    """The document of an article; a pure function of its arguments. Takes time linear in the size of the text."""
    given, body = article.title or "", article.text or ""
    cuts: list[Cut] = []
    if article.html is not None and article.text is None:
        found_title, body, cut = extract(article.html, policy.max_html_chars)
        given = given or found_title
        cuts.extend(cut)
    lines, capped = _lines(body, policy)
    cuts.extend(capped)
    title = _clean_title(given, policy)
    reasons = _reasons(lines, title, learnt, policy, model)
    if not title:
        at = _title_line(lines, reasons)
        if at is not None:
            title, reasons[at] = _clean_title(lines[at], policy), "title"
    text = "\n\n".join(line for line, reason in zip(lines, reasons, strict=True) if reason is None)
    cuts.extend(_merged(lines, reasons, policy))
    kind = _kind(lines, reasons, title, policy)
    return Document(title=title, text=text, cuts=tuple(cuts), kind=kind, lang=article.lang)


def _lines(body: str, policy: CleanPolicy) -> tuple[list[str], list[Cut]]:
    """The lines that carry text, normalised, and what the size limits cut."""
    cuts: list[Cut] = []
    if len(body) > policy.max_text_chars:
        rest = body[policy.max_text_chars :]
        cuts.append(Cut(rest[: policy.max_cut_chars], f"beyond the first {policy.max_text_chars} characters"))
        body = body[: policy.max_text_chars]
    body = _CONTROLS.sub("", unicodedata.normalize("NFC", body.replace("\r\n", "\n").replace("\r", "\n")))
    lines = [line for line in (_SPACES.sub(" ", raw).strip() for raw in body.split("\n")) if line]
    if len(lines) > policy.max_lines:
        rest = "\n".join(lines[policy.max_lines :])
        cuts.append(Cut(rest[: policy.max_cut_chars], f"beyond the first {policy.max_lines} lines"))
        lines = lines[: policy.max_lines]
    return lines, cuts


def _clean_title(title: str, policy: CleanPolicy) -> str:
    plain = _BIDI.sub("", _CONTROLS.sub(" ", unicodedata.normalize("NFC", title[: policy.max_title_chars])))
    return " ".join(plain.split())


def _reasons(lines: Sequence[str], title: str, learnt: Learnt | None, policy: CleanPolicy, model: LineModel) -> list[str | None]:
    """Why each line is cut, None for the lines that stay."""
    reasons: list[str | None] = [None] * len(lines)
    if learnt is not None:
        reasons = [learnt.reason(line) for line in lines]
    named = {**listed_after_header(lines), **teasers(lines)}
    folded = title.casefold()
    for i, line in enumerate(lines):
        if reasons[i] is None:
            reasons[i] = rule_for(line) or named.get(i)
        if reasons[i] is None and folded and line.casefold() == folded:
            reasons[i] = "repeats the title"
    return _cut_by_model(lines, reasons, policy, model)


def _cut_by_model(lines: Sequence[str], reasons: list[str | None], policy: CleanPolicy, model: LineModel) -> list[str | None]:
    """Adds what the line model cuts, unless the text is too short for it or it would leave nothing."""
    left = [i for i, reason in enumerate(reasons) if reason is None]
    if len(left) < policy.model_min_lines or sum(word_count(lines[i]) for i in left) < policy.model_min_words:
        return reasons
    scores = score_lines(lines, model)
    outside = scores.log_odds < policy.min_log_odds
    if all(outside[i] for i in left):
        return reasons
    return [
        scores.grounds[i] if reason is None and outside[i] else reason for i, reason in enumerate(reasons)
    ]


def _title_line(lines: Sequence[str], reasons: Sequence[str | None]) -> int | None:
    """The headline: of the kept lines before the first paragraph, the first that reads like one."""
    for i, line in enumerate(lines):
        if reasons[i] is not None:
            continue
        if is_headline_like(line) and not is_byline(line) and word_count(line) >= 2:
            return i
        if word_count(line) >= 12 and ends_sentence(line):
            return None
    return None


def _kind(lines: Sequence[str], reasons: Sequence[str | None], title: str, policy: CleanPolicy) -> DocumentKind:
    left = sum(word_count(line) for line, reason in zip(lines, reasons, strict=True) if reason is None)
    asked = sum(word_count(line) for line in lines if asks_reader(line))
    if not lines or (not left and not asked):
        return "article" if title else "empty"
    return "wall" if asked > 0 and left <= policy.wall_max_words and asked >= left / 2 else "article"


def _merged(lines: Sequence[str], reasons: Sequence[str | None], policy: CleanPolicy) -> list[Cut]:
    """One `Cut` a run of neighbouring lines with one reason, its text capped."""
    runs: list[tuple[list[str], str]] = []
    previous: str | None = None
    for line, reason in zip(lines, reasons, strict=True):
        if reason is not None and reason != "title":
            if reason == previous:
                runs[-1][0].append(line)
            else:
                runs.append(([line], reason))
        previous = reason
    return [Cut("\n".join(run)[: policy.max_cut_chars], reason) for run, reason in runs]
