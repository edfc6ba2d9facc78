"""Which lines of a page are the article: a linear model over each line, its surroundings and its place on the page.

The page's *core* is its densest run of sentences (the maximum-sum run, each other line costing a fixed penalty). A line is
judged by its form, by where it stands to the core, by what surrounds it, and by how many of its words the core uses too.
The weights are in `clean_weights`; they are fitted by `clusterer.evaluation.cleaning`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clean_lines import LINE_FEATURES, content_words, line_features
from clusterer.core.clean_rules import is_comments_header, is_related_header
from clusterer.core.clean_weights import INTERCEPT, WEIGHTS

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

_OTHER_LINE_PENALTY = 12.0  # words of prose that one line without a sentence costs a run
_FAR = 30  # lines; further away is all the same
_GROUNDS = {
    "capitals": "capitalised like a link or a header",
    "digits": "mostly figures",
    "date_words": "a time stamp",
    "link_signs": "words or signs of a button, a link or a menu",
    "chrome_words": "words or signs of a button, a link or a menu",
    "ruled": "words or signs of a button, a link or a menu",
    "repeated": "repeated on the page",
    "seen_before": "repeated on the page",
    "ends_cut": "breaks off with an ellipsis",
    "caption": "caption or credit of a picture",
    "biography": "about the author",
    "byline": "about the author",
    "since_comments": "in the comments",
    "first_person": "in the comments",
    "since_related": "in a list of other articles",
    "overlap": "shares few words with the article",
    "overlap_often": "shares few words with the article",
    "overlap_count": "shares few words with the article",
    **dict.fromkeys(
        ("length", "short", "long", "ends_sentence", "inner_stops", "prose", "starts_lower", "quoted"), "not a sentence"
    ),
}
_ELSEWHERE = "apart from the article's sentences"


@dataclass(frozen=True, slots=True)
class LineModel:
    """Log odds of the average article line, and per feature its weight and its mean over article lines."""

    intercept: float
    weights: Mapping[str, tuple[float, float]]


SHIPPED = LineModel(INTERCEPT, WEIGHTS)


@dataclass(frozen=True, slots=True)
class LineScores:
    """log_odds: that each line belongs to the article, shape (n,). grounds: per line the strongest ground against it."""

    log_odds: Floats
    grounds: list[str]


def score_lines(lines: Sequence[str], ruled: Sequence[bool], model: LineModel = SHIPPED) -> LineScores:
    """Judges every line of a page (not blank, stripped); `ruled` tells which a rule names already. Linear in the page's size."""
    columns = page_columns(lines, ruled)
    names = list(model.weights)
    weights = np.array(list(model.weights.values()))
    parts = (np.stack([columns[name] for name in names]) - weights[:, 1:]) * weights[:, :1]
    ground_of = [_GROUNDS.get(name.partition("*")[0], _ELSEWHERE) for name in names]
    grounds = list(dict.fromkeys(ground_of))
    against = np.stack([parts[[g == ground for g in ground_of]].sum(axis=0) for ground in grounds])
    return LineScores(parts.sum(axis=0) + model.intercept, [grounds[i] for i in np.argmin(against, axis=0)])


def page_columns(lines: Sequence[str], ruled: Sequence[bool]) -> Columns:
    """Every feature of every line: name to an array of shape (len(lines),)."""
    known: dict[str, list[float]] = {}
    for line in lines:
        if line not in known:
            known[line] = line_features(line)
    own = np.array([known[line] for line in lines], dtype=np.float64).reshape(len(lines), len(LINE_FEATURES))
    columns: Columns = {name: own[:, i] for i, name in enumerate(LINE_FEATURES)}
    counts = Counter(lines)
    columns["repeated"] = np.array([float(counts[line] > 1) for line in lines])
    columns["seen_before"] = _seen_before(lines)
    columns["ruled"] = np.array(ruled, dtype=np.float64)
    words = np.expm1(2 * columns["length"])  # counted up to 60
    sentence = (own[:, LINE_FEATURES.index("ends_sentence")] > 0) & (words >= 7) & (columns["capitals"] < 0.6)
    prose = np.where(sentence, words, 0.0)
    columns["prose"] = np.minimum(prose, 40.0) / 40
    start, stop = densest_run(prose)
    columns.update(_place(prose, words, start, stop))
    columns.update(_headers(lines, prose, start))
    columns.update(_vocabulary(lines, prose, start, stop))
    columns["overlap_words"] = columns["overlap"] * np.minimum(words, 40.0) / 40
    for name, reaches in (
        ("prose", (2, 6, 16)),
        ("short", (2, 6, 16)),
        ("chrome_words", (2, 6)),
        ("overlap_words", (2, 6)),
    ):
        for reach in reaches:
            columns[f"{name}<{reach}"], columns[f"{name}>{reach}"] = _window_means(columns[name], reach)
    for name in _NEIGHBOURS:
        columns[f"{name}@-1"], columns[f"{name}@+1"] = _shifted(columns[name])
    columns.update(_crosses(columns, words))
    return columns


_NEIGHBOURS = (
    "length",
    "short",
    "ends_sentence",
    "ends_cut",
    "chrome_words",
    "date_words",
    "capitals",
    "byline",
    "ruled",
    "overlap",
)
_BY_PLACE = (
    "prose", "short", "ends_sentence", "overlap", "capitals", "date_words", "chrome_words", "repeated", "ends_cut", "digits",
    "quoted", "byline", "length",
)  # fmt: skip


def densest_run(prose: Floats) -> tuple[int, int]:
    """First line and line after the last of the run with the largest sum; (0, 0) on a page without prose."""
    best, best_start, best_stop = 0.0, 0, 0
    total, start = 0.0, 0
    for i, value in enumerate(prose.tolist()):
        if total <= 0:
            total, start = 0.0, i
        total += value if value > 0 else -_OTHER_LINE_PENALTY
        if total > best:
            best, best_start, best_stop = total, start, i + 1
    return best_start, best_stop


def _seen_before(lines: Sequence[str]) -> Floats:
    seen: set[str] = set()
    flags = np.zeros(len(lines))
    for i, line in enumerate(lines):
        flags[i] = line in seen
        seen.add(line)
    return flags


def _place(prose: Floats, words: Floats, start: int, stop: int) -> Columns:
    """Where each line stands to the core, to the nearest prose, and within the page's prose."""
    n = len(prose)
    at = np.arange(n)
    total = max(float(prose.sum()), 1e-9)
    up_to = np.cumsum(prose)
    previous, following = _prose_distance(prose > 0), _prose_distance(prose[::-1] > 0)[::-1]
    return {
        "inside": ((at >= start) & (at < stop)).astype(np.float64),
        "before": (at < start).astype(np.float64),
        "after": (at >= stop).astype(np.float64),
        "before_distance": np.log1p(np.clip(start - at, 0, 60)) / 3,
        "after_distance": np.log1p(np.clip(at - stop + 1, 0, 60)) / 3,
        "just_before": ((at < start) & (start - at <= 3)).astype(np.float64),
        "just_after": ((at >= stop) & (at < stop + 2)).astype(np.float64),
        "previous_prose": 1 / np.where(at == 0, 2.0, previous),
        "next_prose": 1 / np.where(at == n - 1, 2.0, following),
        "top": (at == 0).astype(np.float64),
        "bottom": (at == n - 1).astype(np.float64),
        "share_before": (up_to - prose) / total,
        "share_after": 1 - up_to / total,
        "page_prose": np.full(n, prose.sum() / max(1.0, float(words.sum()))),
        "core_share": np.full(n, prose[start:stop].sum() / total),
    }


def _prose_distance(is_prose: NDArray[np.bool_]) -> Floats:
    """Lines back to the nearest prose before each line, at most `_FAR`."""
    distances = np.empty(len(is_prose))
    distance = float(_FAR)
    for i, flag in enumerate(is_prose.tolist()):
        distances[i] = distance
        distance = 1.0 if flag else min(float(_FAR), distance + 1)
    return distances


def _headers(lines: Sequence[str], prose: Floats, start: int) -> Columns:
    """How much each line stands under a header of other articles (fading) or of the comments (lasting, after the core began)."""
    related, comments = np.zeros(len(lines)), np.zeros(len(lines))
    under, commented = 0.0, 0.0
    for i, line in enumerate(lines):
        if is_related_header(line):
            under = 1.0
        else:
            under *= 0.5 if prose[i] > 0 else 0.95
        if i > start and is_comments_header(line):
            commented = 1.0
        related[i], comments[i] = under, commented
    return {"since_related": related, "since_comments": comments}


def _vocabulary(lines: Sequence[str], prose: Floats, start: int, stop: int) -> Columns:
    """How many of each line's content words the core uses too, the line itself not counted."""
    words = [content_words(line) for line in lines]
    in_core = [start <= i < stop and prose[i] > 0 for i in range(len(lines))]
    uses = Counter(word for line, core in zip(words, in_core, strict=True) if core for word in line)
    overlap, often, count = (np.zeros(len(lines)) for _ in range(3))
    for i, line in enumerate(words):
        if line:
            others = [uses[word] - in_core[i] for word in line]
            overlap[i] = sum(n > 0 for n in others) / len(others)
            often[i] = sum(min(n, 4) for n in others) / (4 * len(others))
            count[i] = min(4, sum(n >= 2 for n in others)) / 4
    return {"overlap": overlap, "overlap_often": often, "overlap_count": count}


def _window_means(values: Floats, reach: int) -> tuple[Floats, Floats]:
    """Mean of up to `reach` values before and after each line; beyond the page nothing counts."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    n = len(values)
    at = np.arange(n)
    low, high = np.maximum(at - reach, 0), np.minimum(at + 1 + reach, n)
    return (total[at] - total[low]) / np.maximum(at - low, 1), (total[high] - total[at + 1]) / np.maximum(
        high - at - 1, 1
    )


def _shifted(values: Floats) -> tuple[Floats, Floats]:
    """The value of the line before and of the line after, 0 beyond the page."""
    return np.concatenate([[0.0], values[:-1]]), np.concatenate([values[1:], [0.0]])


def _crosses(columns: Columns, words: Floats) -> Columns:
    """Products: what a form means depends on the place."""
    crosses: Columns = {}
    for name in _BY_PLACE:
        crosses[f"{name}*inside"] = columns[name] * columns["inside"]
        crosses[f"{name}*after"] = columns[name] * columns["after"]
    crosses["first_person*after"] = columns["first_person"] * columns["after"]
    headline = columns["overlap"] * (words >= 4) * (1 - columns["ends_sentence"]) * columns["before"]
    crosses["headline*before"] = headline
    crosses["headline*near"] = headline * (columns["before_distance"] < np.log1p(12) / 3)
    for name in ("since_related", "since_comments"):
        crosses[f"{name}*prose"] = columns[name] * columns["prose"]
    for name in ("prose<6", "prose>6", "short<6", "short>6", "overlap"):
        crosses[f"{name}*prose"] = columns[name] * columns["prose"]
        crosses[f"{name}*other"] = columns[name] * (columns["prose"] == 0)
        crosses[f"{name}*page"] = columns[name] * columns["page_prose"]
    return crosses
