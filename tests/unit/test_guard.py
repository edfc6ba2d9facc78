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
    ("change", "word"),
    [
        ({"moved_articles": 400}, "change cluster"),
        ({"largest_after": 300}, "largest cluster"),
        ({"coherence_after": 0.70}, "coherence"),
    ],
)
def test_each_limit_objects_with_its_figures(change, word):
    (objection,) = objections(replace(CALM, **change), GuardLimits())
    assert word in objection
    assert "limit" in objection


def test_ratios_mean_nothing_for_a_handful():
    small = replace(CALM, articles=10, moved_articles=8, largest_after=9)
    assert objections(small, GuardLimits()) == []


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
