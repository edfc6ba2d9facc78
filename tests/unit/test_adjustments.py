"""A new grouping becomes few steps, and ids stay with most of their articles."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.clustering.adjustments import Step, plan_adjustments


def apply(clusters: list[str], steps: list[Step]) -> list[str]:
    result = list(clusters)
    for number, step in enumerate(steps):
        for position in step.positions:
            assert result[position] == step.source
            result[position] = step.target or f"new{number}"
    return result


def test_no_change_needs_no_steps() -> None:
    assert plan_adjustments(["a", "a", "b"], np.array([0, 0, 1])) == []


def test_two_clusters_in_one_group_merge_into_the_larger() -> None:
    assert plan_adjustments(["a", "b", "b"], np.array([0, 0, 0])) == [Step((0,), "a", "b", whole=True)]


def test_a_tie_goes_to_the_older_id() -> None:
    assert plan_adjustments(["b", "a"], np.array([0, 0])) == [Step((0,), "b", "a", whole=True)]


def test_a_part_leaves_for_a_new_cluster_and_the_larger_part_keeps_the_id() -> None:
    assert plan_adjustments(["a", "a", "a", "a", "a"], np.array([0, 0, 0, 1, 1])) == [
        Step((3, 4), "a", None, whole=False)
    ]


def test_a_member_moves_to_where_it_belongs() -> None:
    assert plan_adjustments(["a", "a", "b", "b", "b"], np.array([0, 0, 1, 1, 0])) == [Step((4,), "b", "a", whole=False)]


def test_pinned_articles_stay() -> None:
    assert plan_adjustments(["a", "a", "b"], np.array([0, 0, 0]), pinned={2}) == []


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3)), min_size=1, max_size=15))
def test_steps_lead_to_the_grouping_or_closer_to_it(pairs: list[tuple[str, int]]) -> None:
    clusters = [name for name, _ in pairs]
    labels = np.array([label for _, label in pairs])
    result = apply(clusters, plan_adjustments(clusters, labels))
    for name in set(result):
        inside = {label for label, where in zip(labels.tolist(), result, strict=True) if where == name}
        stayed = {
            label for label, old, new in zip(labels.tolist(), clusters, result, strict=True) if old == new == name
        }
        assert len(inside - stayed) <= 1, "nothing but one group's articles comes into a cluster"
