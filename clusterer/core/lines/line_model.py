"""Which lines of a page are the article: a linear model over each line, its surroundings and its place on the page.

The page's *core* is its densest run of sentences (the maximum-sum run, each other line costing a fixed penalty). A line is
judged by its form, by where it stands to the core, by what surrounds it, and by how many of its words the core uses too.
The weights are in `line_weights`; they are fitted by `clusterer.evaluation.cleaning`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from clusterer.core.lines import reasons
from clusterer.core.lines.features import LINE_FEATURES, REMEMBERED_LINES, content_words, line_features
from clusterer.core.lines.line_weights import INTERCEPT, WEIGHTS
from clusterer.core.lines.related import is_related_header
from clusterer.core.lines.rules import is_comments_header

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

_OTHER_LINE_PENALTY = 12.0  # words of prose that one line without a sentence costs a run
_FAR = 30  # lines; further away is all the same
_GROUNDS = {
    "capitals": reasons.LINE_CAPITALS,
    "digits": reasons.LINE_FIGURES,
    "date_words": reasons.LINE_TIME_STAMP,
    "link_signs": reasons.LINE_BUTTON,
    "chrome_words": reasons.LINE_BUTTON,
    "ruled": reasons.LINE_BUTTON,
    "repeated": reasons.LINE_REPEATED,
    "seen_before": reasons.LINE_REPEATED,
    "ends_cut": reasons.LINE_BREAKS_OFF,
    "caption": reasons.LINE_CAPTION,
    "biography": reasons.LINE_AUTHOR,
    "byline": reasons.LINE_AUTHOR,
    "since_comments": reasons.LINE_COMMENT,
    "first_person": reasons.LINE_COMMENT,
    "since_related": reasons.LINE_OTHER_ARTICLES,
    "overlap": reasons.LINE_OTHER_WORDS,
    "overlap_often": reasons.LINE_OTHER_WORDS,
    "overlap_count": reasons.LINE_OTHER_WORDS,
    **dict.fromkeys(
        ("length", "short", "long", "ends_sentence", "inner_stops", "prose", "starts_lower", "quoted"),
        reasons.LINE_NO_SENTENCE,
    ),
}
_ELSEWHERE = reasons.LINE_APART


@dataclass(frozen=True)
class LineModel:
    """Log odds of the average article line, and per feature its weight and its mean over article lines."""

    intercept: float
    weights: Mapping[str, tuple[float, float]]

    @cached_property
    def table(self) -> Floats:
        """Weight and mean of each feature as columns of shape (features, 1)."""
        return np.array(list(self.weights.values())).reshape(-1, 2, 1)

    @cached_property
    def grounds(self) -> Mapping[str, list[int]]:
        """The rows of the features that speak of each ground."""
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self.weights):
            rows.setdefault(_GROUNDS.get(name.partition("*")[0], _ELSEWHERE), []).append(row)
        return rows


SHIPPED = LineModel(INTERCEPT, WEIGHTS)


@dataclass(frozen=True, slots=True)
class LineScores:
    """log_odds: that each line belongs to the article, shape (n,). parts: what each feature adds to them, shape (features, n)."""

    log_odds: Floats
    parts: Floats
    model: LineModel

    def grounds(self) -> list[str]:
        """Per line the strongest ground against it."""
        against = np.stack([self.parts[rows].sum(axis=0) for rows in self.model.grounds.values()])
        names = list(self.model.grounds)
        return [names[i] for i in np.argmin(against, axis=0)]


def score_lines(lines: Sequence[str], ruled: Sequence[bool], model: LineModel = SHIPPED) -> LineScores:
    """Judges every line of a page (not blank, stripped); `ruled` tells which a rule names already. Linear in the page's size."""
    columns = page_columns(lines, ruled)
    parts = (_rows(columns, list(model.weights)) - model.table[:, 1]) * model.table[:, 0]
    return LineScores(parts.sum(axis=0) + model.intercept, parts, model)


def page_columns(lines: Sequence[str], ruled: Sequence[bool]) -> Columns:
    """Every feature of every line: name to an array of shape (len(lines),)."""
    own = np.frombuffer(b"".join(map(_packed_features, lines))).reshape(len(lines), len(LINE_FEATURES)).T.copy()
    columns: Columns = dict(zip(LINE_FEATURES, own, strict=True))
    counts = Counter(lines)
    columns["repeated"] = np.array([float(counts[line] > 1) for line in lines])
    columns["seen_before"] = _seen_before(lines)
    columns["ruled"] = np.array(ruled, dtype=np.float64)
    words = np.expm1(2 * columns["length"])  # counted up to 60
    sentence = (columns["ends_sentence"] > 0) & (words >= 7) & (columns["capitals"] < 0.6)
    prose = np.where(sentence, words, 0.0)
    columns["prose"] = np.minimum(prose, 40.0) / 40
    start, stop = densest_run(prose)
    columns.update(_place(prose, words, start, stop))
    columns.update(_headers(lines, prose, start))
    columns.update(_vocabulary(lines, prose, start, stop))
    columns["overlap_words"] = columns["overlap"] * np.minimum(words, 40.0) / 40
    for radius, names in _WINDOWS.items():
        before, after = _window_means(_rows(columns, names), radius)
        columns.update(zip((f"{name}<{radius}" for name in names), before, strict=True))
        columns.update(zip((f"{name}>{radius}" for name in names), after, strict=True))
    before, after = _shifted(_rows(columns, _NEIGHBOURS))
    columns.update(zip((f"{name}@-1" for name in _NEIGHBOURS), before, strict=True))
    columns.update(zip((f"{name}@+1" for name in _NEIGHBOURS), after, strict=True))
    columns.update(_crosses(columns, words))
    return columns


@lru_cache(maxsize=REMEMBERED_LINES)
def _packed_features(line: str) -> bytes:
    """The features of a line as float64 in their order."""
    return np.array(line_features(line), np.float64).tobytes()


def _rows(columns: Columns, names: Sequence[str]) -> Floats:
    """Some columns as the rows of one matrix: numpy takes about as long for ten short arrays as for one."""
    return np.array([columns[name] for name in names])


_WINDOWS = {
    2: ("prose", "short", "chrome_words", "overlap_words"),
    6: ("prose", "short", "chrome_words", "overlap_words"),
    16: ("prose", "short"),
}
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
_AROUND = ("prose<6", "prose>6", "short<6", "short>6", "overlap")


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
    uses: Counter[str] = Counter()
    for line, core in zip(words, in_core, strict=True):
        if core:
            uses.update(line)
    size = np.array([len(line) for line in words], np.int64)
    owner = np.repeat(np.arange(len(lines)), size)
    others = np.fromiter(map(uses.get, chain.from_iterable(words), repeat(0)), np.int64, int(size.sum()))
    others -= np.array(in_core, np.int64)[owner]
    some, often, twice = (
        np.bincount(owner, value, minlength=len(lines)) for value in (others > 0, np.minimum(others, 4), others >= 2)
    )
    size = np.maximum(size, 1)
    return {
        "overlap": some / size,
        "overlap_often": often / (4 * size),
        "overlap_count": np.minimum(4, twice) / 4,
    }


def _window_means(values: Floats, radius: int) -> tuple[Floats, Floats]:
    """Mean of up to `radius` values before and after each line, shapes (k, n); beyond the page nothing counts."""
    k, n = values.shape
    total = np.concatenate([np.zeros((k, 1)), np.cumsum(values, axis=1)], axis=1)
    at = np.arange(n)
    low, high = np.maximum(at - radius, 0), np.minimum(at + 1 + radius, n)
    before = (total[:, at] - total[:, low]) / np.maximum(at - low, 1)
    return before, (total[:, high] - total[:, at + 1]) / np.maximum(high - at - 1, 1)


def _shifted(values: Floats) -> tuple[Floats, Floats]:
    """The values of the line before and of the line after, 0 beyond the page, shapes (k, n)."""
    beyond = np.zeros((len(values), 1))
    return np.concatenate([beyond, values[:, :-1]], axis=1), np.concatenate([values[:, 1:], beyond], axis=1)


def _crosses(columns: Columns, words: Floats) -> Columns:
    """Products: what a form means depends on the place."""
    crosses: Columns = {}
    by_place = _rows(columns, _BY_PLACE)
    for place in ("inside", "after"):
        crosses.update(zip((f"{name}*{place}" for name in _BY_PLACE), by_place * columns[place], strict=True))
    crosses["first_person*after"] = columns["first_person"] * columns["after"]
    headline = columns["overlap"] * (words >= 4) * (1 - columns["ends_sentence"]) * columns["before"]
    crosses["headline*before"] = headline
    crosses["headline*near"] = headline * (columns["before_distance"] < np.log1p(12) / 3)
    for name in ("since_related", "since_comments"):
        crosses[f"{name}*prose"] = columns[name] * columns["prose"]
    around = _rows(columns, _AROUND)
    factors = {"prose": columns["prose"], "other": columns["prose"] == 0, "page": columns["page_prose"]}
    for suffix, factor in factors.items():
        crosses.update(zip((f"{name}*{suffix}" for name in _AROUND), around * factor, strict=True))
    return crosses
