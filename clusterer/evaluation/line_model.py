"""Fits the line model of cleaning (`core.lines.line_model`) to pages whose article text is known, and cross-validates it.

A line of a page is the article's if at least half of its word 4-grams are in the gold text. Pages derived from each page
(the article alone, without what stands above or below it, a few paragraphs of it, one sentence a line) teach the model not
to cut where there is nothing to cut. Folds keep pages of one site together: a site is recognised by the lines its pages share.

    python -m clusterer.evaluation.line_model PAGES.jsonl.gz [--write]
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import DisjointSet
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from clusterer.core.lines import line_weights
from clusterer.core.lines.features import word_count
from clusterer.core.lines.line_model import LineModel, page_columns
from clusterer.core.lines.rules import named_lines
from clusterer.evaluation.cleaning import four_grams, read_pages, score_page, summary, words_of

Page = dict[str, str]

_SENTENCE_END = re.compile(r"(?<=[.!?]['\"”’])\s+|(?<=[.!?])\s+(?=[A-Z\"“])")
_DERIVED_WEIGHT = 0.3  # of a line of a derived page against a line of the page itself
_TINY_LENGTH = 0.6  # `length` of lines of one or two words
_SHARED_LINES = 5  # pages that share so many lines outside the article are of one site


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page's lines, whether each is the article's, and the weight of each in the fit."""

    lines: list[str]
    is_article: NDArray[np.bool_]
    weight: NDArray[np.float64]


def label(page: Page) -> Labelled:
    """The page's lines with their labels."""
    gold = four_grams(page["gold"])
    whole = {" ".join(words_of(line)) for line in page["gold"].split("\n")}
    lines = [line.strip() for line in page["page_text"].split("\n") if words_of(line)]
    labels = []
    for line in lines:
        words = words_of(line)
        grams = four_grams(line)
        labels.append(" ".join(words) in whole if len(words) < 4 else len(grams & gold) >= len(grams) / 2)
    return _weighted(lines, labels, 1.0)


def derived(page: Page, labelled: Labelled, chance: random.Random) -> Iterator[Labelled]:
    """Pages with less around the article than the page has."""
    gold = [line.strip() for line in page["gold"].split("\n") if words_of(line)]
    where = np.flatnonzero(labelled.is_article)
    if len(gold) < 3 or not len(where):
        return
    lines, labels = labelled.lines, labelled.is_article.tolist()
    first, end = int(where[0]), int(where[-1]) + 1
    few = chance.randint(4, max(4, len(gold) // 2))
    sentences = [part for line in gold[1:] for part in _SENTENCE_END.split(line) if words_of(part)]
    below = chance.randint(2, 12)
    for part, part_labels in (
        (gold, [True] * len(gold)),
        (lines[first:], labels[first:]),
        (lines[:end], labels[:end]),
        (lines[first:end], labels[first:end]),
        (gold[:few], [True] * len(gold[:few])),
        (sentences, [True] * len(sentences)),
        (gold + lines[end : end + below], [True] * len(gold) + labels[end : end + below]),
    ):
        yield _weighted(part, part_labels, _DERIVED_WEIGHT)


def _weighted(lines: list[str], labels: list[bool], factor: float) -> Labelled:
    weight = np.array([factor * (min(word_count(line), 60.0) + 2) for line in lines])
    return Labelled(lines, np.array(labels, dtype=bool), weight)


def sites(labelled: Sequence[Labelled]) -> list[int]:
    """A number a page, equal for pages that seem to be of one site (or share a fifth line with one that is)."""
    pages_of: dict[str, list[int]] = defaultdict(list)
    for page, item in enumerate(labelled):
        for line in {
            line.lower() for line, own in zip(item.lines, item.is_article, strict=True) if not own and len(line) > 12
        }:
            if not re.search(r"archive|crawl|alexa|wayback", line):
                pages_of[line].append(page)
    shared: Counter[tuple[int, int]] = Counter()
    for pages in pages_of.values():
        if 2 <= len(pages) <= 40:
            shared.update((a, b) for i, a in enumerate(pages) for b in pages[i + 1 :])
    groups = DisjointSet(range(len(labelled)))
    for (a, b), count in shared.items():
        if count >= _SHARED_LINES:
            groups.merge(a, b)
    return [int(groups[page]) for page in range(len(labelled))]


@dataclass(frozen=True, slots=True)
class Rows:
    """Training rows of one page and what is derived from it: x of shape (n, features), y, weight of shape (n,)."""

    x: NDArray[np.float32]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64]


def training_rows(page: Page, labelled: Labelled) -> Rows:
    """Of the one- and two-word lines outside the article, many and alike, one in four is taken, with four times the weight."""
    chance = random.Random(5)
    items = [item for item in (labelled, *derived(page, labelled, chance)) if item.lines]
    columns = [page_columns(item.lines, [reason is not None for reason in named_lines(item.lines)]) for item in items]
    x = np.hstack([np.stack(list(page.values())) for page in columns]).T.astype(np.float32)
    y = np.concatenate([item.is_article for item in items])
    weight = np.concatenate([item.weight for item in items])
    tiny = (x[:, list(columns[0]).index("length")] < _TINY_LENGTH) & ~y
    taken = ~tiny | (np.arange(len(y)) % 4 == 0)
    return Rows(x[taken], y[taken], np.where(tiny, 4 * weight, weight)[taken])


def fit(pages: Sequence[Rows]) -> LineModel:
    """Intercept, and per feature its weight and its mean over article lines, by logistic regression."""
    x = np.concatenate([page.x for page in pages])
    y = np.concatenate([page.y for page in pages])
    weight = np.concatenate([page.weight for page in pages])
    scale = x.std(axis=0) + 1e-6
    model = LogisticRegression(C=1.0, max_iter=1000, tol=1e-4).fit(x / scale, y, sample_weight=weight / weight.mean())
    slopes = model.coef_[0] / scale
    typical = np.average(x[y], axis=0, weights=weight[y])
    rows = zip(page_columns([], []), slopes.tolist(), typical.tolist(), strict=True)
    return LineModel(float(model.intercept_[0] + slopes @ typical), {name: (slope, mean) for name, slope, mean in rows})


def fold_models(pages: Sequence[Page], folds: int = 5) -> Iterator[tuple[list[int], LineModel]]:
    """For each fold: the pages left out, and the model fitted on the other sites."""
    labelled = [label(page) for page in pages]
    rows = [training_rows(page, item) for page, item in zip(pages, labelled, strict=True)]
    groups = sites(labelled)
    for train, test in GroupKFold(folds).split(groups, groups=groups):
        yield test.tolist(), fit([rows[i] for i in train])


def cross_validate(pages: Sequence[Page]) -> dict[str, float | int]:
    """Scores as `evaluate_cleaning`, each page cleaned with the model fitted on other sites."""
    scores: list[tuple[float, float, float]] = []
    for left_out, model in fold_models(pages):
        scores.extend(score_page(pages[i], model=model) for i in left_out)
    return summary(scores)


def as_module(model: LineModel, pages: int) -> str:
    """The text of `core/lines/line_weights.py`."""
    rows = "\n".join(
        f'    "{name}": ({weight:.3f}, {typical:.3f}),' for name, (weight, typical) in model.weights.items()
    )
    return (
        '"""Weights of the line model, written by `clusterer.evaluation.line_model`; do not edit by hand.\n\n'
        f"Logistic regression (C = 1, lines weighted by their words) on {pages} plain-text pages with known article text\n"
        "(the web-page set of the MSV research data) and pages derived from them. Each feature has its weight and its mean\n"
        'over article lines, from which it is counted: the intercept is the log odds of the average article line.\n"""\n\n'
        f"from __future__ import annotations\n\nINTERCEPT = {model.intercept:.3f}\n\n"
        f"WEIGHTS: dict[str, tuple[float, float]] = {{\n{rows}\n}}\n"
    )


def main(arguments: Sequence[str]) -> None:
    """Prints the cross-validated scores, then fits on all pages; with --write the weights of the package are replaced."""
    pages = read_pages(Path(arguments[0]))
    print(cross_validate(pages))  # noqa: T201
    if "--write" in arguments:
        model = fit([training_rows(page, label(page)) for page in pages])
        Path(line_weights.__file__).write_text(as_module(model, len(pages)))


if __name__ == "__main__":
    main(sys.argv[1:])
