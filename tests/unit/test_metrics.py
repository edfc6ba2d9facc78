"""Clustering scores: hand-computed examples and brute force."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.evaluation.scores import Scores, bcubed, pairwise

GOLD = {"a": "flood", "b": "flood", "c": "flood", "d": "vote", "e": "vote"}


def test_agreement_is_one_whatever_the_names() -> None:
    clusters = {"a": 7, "b": 7, "c": 7, "d": 2, "e": 2}
    assert bcubed(clusters, GOLD) == pairwise(clusters, GOLD) == Scores(1.0, 1.0, 1.0)


def test_one_misplaced_article_by_hand() -> None:
    clusters = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 2}
    # Precision: a, b 1; c 1/3; d, e 2/3. Recall: a, b 2/3; c 1/3; d, e 1.
    scores = bcubed(clusters, GOLD)
    assert scores.precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert scores.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    # Pairs together: ab, cd, ce, de; gold: ab, ac, bc, de; right: ab, de.
    assert pairwise(clusters, GOLD) == Scores(0.5, 0.5, 0.5)


def test_everything_apart_and_everything_together() -> None:
    apart, together = {x: x for x in GOLD}, dict.fromkeys(GOLD, 1)
    assert bcubed(apart, GOLD).precision == 1
    assert bcubed(apart, GOLD).recall == pytest.approx((3 * 1 / 3 + 2 * 1 / 2) / 5)
    assert pairwise(apart, GOLD) == Scores(1.0, 0.0, 0.0)
    assert bcubed(together, GOLD).precision == pytest.approx((3 * 3 / 5 + 2 * 2 / 5) / 5)
    assert pairwise(together, GOLD) == Scores.of(4 / 10, 1.0)


def test_articles_without_label_or_cluster_are_left_out() -> None:
    clusters = {"a": 1, "b": 1, "x": 1, "y": 1}
    assert bcubed(clusters, GOLD | {"x": None}) == pairwise(clusters, GOLD | {"x": None}) == Scores(1.0, 1.0, 1.0)


def test_nothing_to_score_is_no_error() -> None:
    assert bcubed({}, {}) == pairwise({}, {}) == Scores(1.0, 1.0, 1.0)


def test_f1() -> None:
    assert Scores.of(0.5, 1.0).f1 == pytest.approx(2 / 3)
    assert Scores.of(0.0, 0.0).f1 == 0.0
    assert Scores.of_counts(3, 4, 6) == Scores.of(0.75, 0.5)
    assert Scores.of_counts(0, 0, 5) == Scores(1.0, 0.0, 0.0)


labels = st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 4))), max_size=25)


@given(labels)
def test_both_equal_brute_force(rows: list[tuple[int, int | None]]) -> None:
    clusters = {number: cluster for number, (cluster, _) in enumerate(rows)}
    gold = {number: label for number, (_, label) in enumerate(rows)}
    known = [(cluster, label) for cluster, label in rows if label is not None]
    pairs = list(combinations(known, 2))
    right = sum(x[0] == y[0] and x[1] == y[1] for x, y in pairs)
    together, expected = sum(x[0] == y[0] for x, y in pairs), sum(x[1] == y[1] for x, y in pairs)
    found = pairwise(clusters, gold)
    assert found == Scores.of(right / together if together else 1.0, right / expected if expected else 1.0)

    def share(one: int, of: int) -> float:
        """Mean over articles: of those that agree in `of`, which share agrees in `one` too."""
        total = 0.0
        for article in known:
            peers = [other for other in known if other[of] == article[of]]
            total += sum(other[one] == article[one] for other in peers) / len(peers)
        return total / len(known) if known else 1.0

    averaged = bcubed(clusters, gold)
    assert averaged.precision == pytest.approx(share(one=1, of=0))
    assert averaged.recall == pytest.approx(share(one=0, of=1))
