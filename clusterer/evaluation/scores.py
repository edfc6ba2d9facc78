"""How well a clustering agrees with gold labels: B-cubed (Bagga and Baldwin 1998) and pairwise precision, recall and F1.

Both are computed from the contingency table of clusters and labels, in time linear in the number of articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, each between 0 and 1."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> Scores:
        """With F1 filled in; 0 when both are 0."""
        total = precision + recall
        return cls(precision, recall, 2 * precision * recall / total if total else 0.0)

    @classmethod
    def of_counts(cls, correct: float, predicted: float, expected: float) -> Scores:
        """From counts. Nothing predicted has precision 1, nothing expected recall 1: no error was made."""
        return cls.of(correct / predicted if predicted else 1.0, correct / expected if expected else 1.0)


def bcubed(clusters: Mapping[T, Hashable], gold: Mapping[T, Hashable | None]) -> Scores:
    """Averages over articles: which share of my cluster has my label, which share of my label is in my cluster.

    Articles without a gold label, and labels of articles that are not in `clusters`, are left out.
    """
    table, sizes, label_sizes = _contingency(clusters, gold)
    articles = sum(table.values())
    if not articles:
        return Scores.of(1.0, 1.0)
    precision = sum(n * n / sizes[cluster] for (cluster, _), n in table.items()) / articles
    recall = sum(n * n / label_sizes[label] for (_, label), n in table.items()) / articles
    return Scores.of(precision, recall)


def pairwise(clusters: Mapping[T, Hashable], gold: Mapping[T, Hashable | None]) -> Scores:
    """Over all pairs of articles: together in a cluster against together under a label. Leaves out what `bcubed` does."""
    table, sizes, label_sizes = _contingency(clusters, gold)
    return Scores.of_counts(_pairs(table.values()), _pairs(sizes.values()), _pairs(label_sizes.values()))


def _contingency(
    clusters: Mapping[T, Hashable], gold: Mapping[T, Hashable | None]
) -> tuple[Counter[tuple[Hashable, Hashable]], Counter[Hashable], Counter[Hashable]]:
    """Articles by (cluster, label), by cluster, by label."""
    table: Counter[tuple[Hashable, Hashable]] = Counter()
    for article, cluster in clusters.items():
        label = gold.get(article)
        if label is not None:
            table[cluster, label] += 1
    sizes: Counter[Hashable] = Counter()
    label_sizes: Counter[Hashable] = Counter()
    for (cluster, label), count in table.items():
        sizes[cluster] += count
        label_sizes[label] += count
    return table, sizes, label_sizes


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
