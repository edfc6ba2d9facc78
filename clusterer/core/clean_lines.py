"""Lines of a scraped page as numbers: what a linear model needs to tell an article's own lines from the page around them.

Every feature is about form (length, punctuation, capitals, place), hardly any about words, so that it carries over to
other languages; scripts without capitals take the neutral value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clean_weights import INTERCEPT, WEIGHTS

FloatMatrix = NDArray[np.float64]

_WORD = re.compile(r"\w+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_CLOSERS = "\"'”’»)]）」』】*"
_TERMINAL = frozenset(".!?…。！？؟۔।｡")
_INNER = re.compile(r"[,;،、，；][\s\u3000-\u9fff]|[.!?。！？؟۔।]['\"”’»)]?[\s\u3000-\u9fff]")
_LINK_SIGN = re.compile(r"[|»›<>©®@#→▶►•·×]|https?:|www\.|\.com\b")
_CHROME = re.compile(
    r"\b(?:share|tweet|follow|sign (?:in|up)|log ?in|register|subscri\w+|newsletters?|comments?|repl(?:y|ies)|advertis\w+|copyright|"
    r"all rights reserved|privacy|cookies?|terms of|contact us|about us|read more|more from|related|recommended|sponsored|"
    r"most (?:read|popular|viewed)|trending|click|e-?mail|print|facebook|twitter|whatsapp|linkedin|photos?|image|getty|"
    r"reuters|caption|video|watch|listen|download|search|menu|skip to|home ?page|rss|download|app)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:\d{1,2}[:.]\d\d|\d{4}[-/]\d\d|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d|updated|posted|"
    r"published|\d+ (?:hours?|mins?|minutes?|days?|weeks?|months?|years?) ago)",
    re.IGNORECASE,
)

OWN_FEATURES = (
    "length", "short", "long", "ends_sentence", "ends_cut", "ends_colon", "inner_stops", "capitals", "digits", "link_signs",
    "chrome_words", "date_words", "repeated", "starts_lower", "quoted", "prose",
)  # fmt: skip

_GROUNDS = {
    "length": "too short for a paragraph",
    "short": "a few words, no sentence",
    "long": "a long line without sentences",
    "ends_sentence": "does not end as a sentence",
    "ends_cut": "breaks off with an ellipsis",
    "ends_colon": "a label",
    "inner_stops": "a list of words",
    "capitals": "capitalised like a link or a header",
    "digits": "mostly figures",
    "link_signs": "signs of a link",
    "chrome_words": "words of a button or a menu",
    "date_words": "a time stamp",
    "repeated": "repeated on the page",
    "starts_lower": "a fragment",
    "quoted": "a pulled quote",
    "prose": "no sentence",
}
_STEPS = (-2, -1, 1, 2)
_REACHES = (3, 8, 20)
FEATURES = (
    *OWN_FEATURES,
    *(f"{name}@{step:+d}" for step in _STEPS for name in OWN_FEATURES),
    *(f"prose_{side}_{reach}" for reach in _REACHES for side in ("before", "after")),
    "share_before",
    "share_after",
    "page_prose",
)


def word_count(line: str) -> float:
    """Words in a line; in scripts written without spaces two characters count as one word."""
    unspaced = len(_CJK.findall(line))
    return len(_WORD.findall(line)) + unspaced / 2 if unspaced else float(len(_WORD.findall(line)))


def ends_sentence(line: str) -> bool:
    """Does the line end as a sentence does, closing quotes and brackets aside? Not when it is cut off with an ellipsis."""
    bare = line.rstrip(_CLOSERS + " ")
    return bool(bare) and bare[-1] in _TERMINAL and not bare.endswith(("...", "…"))


def own_features(line: str, times_seen: int) -> list[float]:
    """The features of one line on its own, in the order of `OWN_FEATURES`, all roughly within -1 to 2."""
    words = _WORD.findall(line)
    count = word_count(line)
    cased = [word for word in words[1:] if word[0].isalpha() and word[0].lower() != word[0].upper()]
    capitals = sum(word[0].isupper() for word in cased) / len(cased) if len(cased) > 1 else 0.35
    ended = ends_sentence(line)
    bare = line.rstrip(_CLOSERS + " ")
    size = max(1.0, count)
    return [
        np.log1p(min(count, 60)) / 2,
        float(count < 6),
        float(count >= 20),
        float(ended),
        float(bare.endswith(("...", "…"))),
        float(bare.endswith((":", "："))),
        min(1.0, 10 * len(_INNER.findall(line)) / size),
        capitals,
        min(1.0, 3 * sum(word[0].isdigit() for word in words) / size),
        min(1.0, len(_LINK_SIGN.findall(line)) / size * 5),
        min(1.0, len(_CHROME.findall(line)) / size * 5),
        float(bool(_DATE.search(line)) and count < 20),
        float(times_seen > 1),
        float(line[:1].islower()),
        float(line[:1] in "\"“'‘«「—–"),
        min(count, 40) / 40 if ended and capitals < 0.6 else 0.0,
    ]


def page_matrix(lines: Sequence[str]) -> FloatMatrix:
    """One row a line: its own features, then those of its surroundings at several distances. Shape (len(lines), width)."""
    seen = Counter(lines)
    own = np.array([own_features(line, seen[line]) for line in lines], dtype=np.float64).reshape(len(lines), len(OWN_FEATURES))
    prose = own[:, OWN_FEATURES.index("prose")]
    blocks = [own]
    for step in _STEPS:
        shifted = np.zeros_like(own)
        if abs(step) < len(lines):
            if step < 0:
                shifted[-step:] = own[:step]
            else:
                shifted[:-step] = own[step:]
        blocks.append(shifted)
    for reach in _REACHES:
        blocks.append(_window_means(prose, reach))
    blocks.append(_place(prose))
    return np.hstack(blocks)


def _window_means(values: NDArray[np.float64], reach: int) -> FloatMatrix:
    """Mean of the `reach` values before and after each line. Shape (n, 2)."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    n = len(values)
    at = np.arange(n)
    before = (total[at] - total[np.maximum(at - reach, 0)]) / reach
    after = (total[np.minimum(at + 1 + reach, n)] - total[np.minimum(at + 1, n)]) / reach
    return np.stack([before, after], axis=1)


def _place(prose: NDArray[np.float64]) -> FloatMatrix:
    """Share of the page's prose before and after the line, and the prose of the whole page. Shape (n, 3)."""
    total = prose.sum()
    before = (np.cumsum(prose) - prose) / max(total, 1e-9)
    after = 1 - before - prose / max(total, 1e-9)
    return np.stack([before, after, np.full(len(prose), min(total, 20.0) / 20)], axis=1)


def article_scores(lines: Sequence[str]) -> tuple[NDArray[np.float64], FloatMatrix]:
    """Log odds that each line belongs to the article, shape (n,), and each feature's part in them, shape (n, len(FEATURES))."""
    weights = np.array([WEIGHTS[name] for name in FEATURES])
    parts = page_matrix(lines) * weights
    return parts.sum(axis=1) + INTERCEPT, parts


def why_cut(parts: NDArray[np.float64]) -> str:
    """The strongest grounds against a line, from its row of `article_scores`, in words."""
    own = len(OWN_FEATURES)
    if parts[own:].sum() < parts[:own].sum():
        return "apart from the article's sentences"
    return _GROUNDS[OWN_FEATURES[int(np.argmin(parts[:own]))]]
