"""The guard stops plans that a person should look at first, and says why in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clusterer.core.nightly.guard import GuardLimits, PlanFigures, coherence, figures, objections
from clusterer.core.nightly.lineage import relabel

CALM = PlanFigures(
    articles=1000,
    clusters_before=300,
    clusters_after=295,
    merged=8,
    split=3,
    created=0,
    moved_articles=40,
    largest_before=20,
    largest_after=22,
    coherence_before=0.80,
    coherence_after=0.81,
)


def test_a_calm_plan_passes():
    assert objections(CALM, GuardLimits()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"moved_articles": 400}, "400 of 1000 articles (40%) would change cluster (limit 35%)"),
        (
            {"largest_after": 300},
            "the largest cluster would grow from 20 to 300 articles, 30% of all (limit 10%)",
        ),
        ({"coherence_after": 0.70}, "coherence would fall from 0.800 to 0.700 (limit: a loss of 0.05)"),
    ],
)
def test_each_limit_objects_with_its_figures(change, sentence):
    assert objections(replace(CALM, **change), GuardLimits()) == [sentence]


def test_small_limits_are_told_exactly():
    plan = replace(CALM, articles=3000, moved_articles=39)
    assert objections(plan, GuardLimits(max_moved_ratio=0.001)) == [
        "39 of 3000 articles (1.3%) would change cluster (limit 0.1%)"
    ]


def test_ratios_mean_nothing_for_a_handful():
    small = replace(CALM, articles=10, moved_articles=8, largest_after=9)
    assert objections(small, GuardLimits()) == []


@pytest.mark.parametrize(
    ("at_the_limit", "beyond"),
    [
        ({"coherence_before": 0.75, "coherence_after": 0.5}, {"coherence_after": 0.4999}),
        ({"moved_articles": 250}, {"moved_articles": 251}),
        ({"largest_before": 50, "largest_after": 250}, {"largest_after": 251, "largest_before": 83}),
        ({"largest_before": 84, "largest_after": 252}, {"largest_before": 83}),
        ({"articles": 100, "moved_articles": 0, "largest_before": 0, "largest_after": 2}, {"largest_after": 26}),
    ],
)
def test_what_is_at_a_limit_may_pass_and_what_is_beyond_may_not(at_the_limit, beyond):
    limits = GuardLimits(0.25, 0.25, 3.0, 0.25, min_articles=100)
    plan = replace(CALM, **at_the_limit)
    assert objections(plan, limits) == []
    assert len(objections(replace(plan, **beyond), limits)) == 1


def test_ratios_count_from_the_least_number_of_articles_on():
    moving = replace(CALM, articles=100, moved_articles=99, largest_after=22)
    assert objections(moving, GuardLimits(min_articles=101)) == []
    assert len(objections(moving, GuardLimits(min_articles=100))) == 1


def test_figures_of_every_kind_of_change():
    old = {1: "a", 2: "a", 3: "b", 4: "c", 5: "c", 6: "c", 7: "d", 8: "d", 9: "e"}
    numbers = iter(["n1", "n2"])
    plan = relabel(old, [[1, 2, 3], [4], [5], [6], [7, 8, 9]], lambda: next(numbers))
    found = figures(plan, old, {})
    assert (found.clusters_before, found.clusters_after) == (5, 5)
    assert (found.merged, found.split, found.created) == (2, 2, 0)
    assert (found.moved_articles, found.largest_before, found.largest_after) == (4, 3, 3)


def test_figures_of_nothing():
    found = figures(relabel({}, [], lambda: "new"), {}, {})
    assert (found.articles, found.largest_before, found.largest_after) == (0, 0, 0)
    assert (found.moved_ratio, found.largest_ratio_after, found.coherence_before) == (0.0, 0.0, 1.0)


def test_figures_count_moves_and_sizes():
    old = {1: "a", 2: "a", 3: "b", 4: "b"}
    plan = relabel(old, [[1, 2, 3], [4]], lambda: "new")
    vectors = {seq: np.eye(4, dtype=np.float32)[0] for seq in old}
    found = figures(plan, old, vectors)
    assert (found.articles, found.moved_articles, found.largest_before, found.largest_after) == (4, 1, 2, 3)
    assert (found.coherence_before, found.coherence_after) == (1.0, 1.0)


def test_coherence_is_the_mean_cosine_to_the_centroid():
    x, y = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    assert coherence({1: "a", 2: "a"}, {1: x, 2: x}) == pytest.approx(1)
    assert coherence({1: "a", 2: "a"}, {1: x, 2: y}) == pytest.approx(np.sqrt(0.5), abs=1e-4)
    assert coherence({1: "a", 2: "b"}, {1: x, 2: y}) == 1.0
    several = {1: "a", 2: "a", 3: "b", 4: "b", 5: "b", 6: "alone"}
    assert coherence(several, {1: x, 2: y, 3: x, 4: x, 5: x, 6: y}) == round((2 * 0.5**0.5 + 3) / 5, 4)
