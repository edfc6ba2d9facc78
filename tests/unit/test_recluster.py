"""The nightly grouping finds events, obeys corrections, is deterministic, and splits what is too large."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.exact_index import ExactIndex
from support.made_evidence import by_seq, events

from clusterer.core.clustering.constraints import Constraints
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.nightly.recluster import GroupPolicy, group
from clusterer.core.nightly.search import others_first
from clusterer.core.scoring.scorer import shipped_weights


def grouped(
    articles: list[Evidence], policy: GroupPolicy | None = None, by: Constraints | None = None
) -> list[list[int]]:
    return group(by_seq(articles), ExactIndex(), shipped_weights(), by or Constraints(), policy=policy)


def expected(count: int, size: int) -> list[list[int]]:
    return [list(range(first, count * size + 1, count)) for first in range(1, count + 1)]


def test_events_are_found() -> None:
    assert grouped(events(8, 5)) == expected(8, 5)


def test_nothing_and_one() -> None:
    assert grouped([]) == []
    assert grouped(events(1, 1)) == [[1]]


@settings(max_examples=10, deadline=None)
@given(st.permutations(events(5, 4)))
def test_every_article_is_in_one_group_whatever_the_order(articles: list[Evidence]) -> None:
    groups = grouped(articles)
    assert sorted(seq for seqs in groups for seq in seqs) == list(range(1, 21))
    assert groups == grouped(sorted(articles, key=lambda item: item.seq))


def test_a_component_too_large_is_split_and_events_stay_whole() -> None:
    joined = GroupPolicy(slack=20.0, largest_part=25)  # everything connected
    articles = events(8, 6)
    assert grouped(articles, joined) == expected(8, 6)
    assert grouped(articles, joined) == grouped(articles, joined)


@pytest.mark.parametrize("at_once", [1, 7])
def test_how_many_are_compared_at_once_does_not_matter(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [replace(article, movable=article.seq % 5 > 0) for article in events(8, 6)]
    policy = GroupPolicy(slack=20.0, largest_part=25)
    whole = grouped(articles, policy)
    assert len(whole) > 1
    for name in ("search.SEARCH_SLICE", "comparison.SEARCH_SLICE", "comparison._ROWS_SLICE", "recluster.SEARCH_SLICE"):
        monkeypatch.setattr(f"clusterer.core.nightly.{name}", at_once)
    assert grouped(articles, policy) == whole


def test_corrections_are_obeyed() -> None:
    articles = events(8, 5)
    apart = grouped(articles, by=Constraints(cannot_link=frozenset({(1, 9)})))
    assert not any({1, 9} <= set(seqs) for seqs in apart)
    together = grouped(articles, by=Constraints(must_link=frozenset({(1, 2)})))
    assert any({1, 2} <= set(seqs) for seqs in together)


@pytest.mark.parametrize("threshold", [0.15, 1 - 1e-12])
@pytest.mark.parametrize(
    "links",
    [
        [(1, other) for other in range(2, 9)],
        [(one, one + 1) for one in range(1, 8)],
        [(77, other) for other in range(1, 9)],  # the one that all were linked with is gone
    ],
)
def test_any_number_of_unlike_articles_are_held_together(links: list[tuple[int, int]], threshold: float) -> None:
    weights = replace(shipped_weights(), threshold=threshold)
    by = Constraints(must_link=frozenset(links), cannot_link=frozenset({(9, 10)}))
    groups = group(by_seq(events(10, 1)), ExactIndex(), weights, by)
    assert groups == [list(range(1, 9)), [9], [10]]


def test_must_links_hold_across_split_parts() -> None:
    groups = grouped(events(8, 6), GroupPolicy(largest_part=10), Constraints(must_link=frozenset({(1, 4), (4, 7)})))
    assert any({1, 4, 7} <= set(seqs) for seqs in groups)


def test_what_must_not_move_a_centre_bridges_nothing() -> None:
    """A page about two events joins one of them at most, and the two stay apart."""
    articles = events(2, 6)
    both = (articles[0].lead + articles[1].lead) / np.float32(np.linalg.norm(articles[0].lead + articles[1].lead))
    digest = replace(articles[0], seq=90, lead=both, movable=False)
    groups = grouped([*articles, digest])
    assert len([seqs for seqs in groups if len(seqs) > 1]) == 2
    assert [seq for seqs in groups for seq in seqs].count(90) == 1


def test_a_page_without_weight_joins_its_event() -> None:
    articles = events(4, 5)
    page = replace(articles[0], seq=91, movable=False)
    assert any({1, 5, 91} <= set(seqs) for seqs in grouped([*articles, page]))


def test_of_what_an_index_finds_the_article_itself_is_left_out_and_the_others_move_up() -> None:
    found = np.array([[7, 5, 6, 8], [5, 8, 6, -1], [9, 8, 5, 6], [5, 6, -1, -1]])
    scores = np.array([[0.9, 0.8, 0.7, 0.6], [0.9, 0.8, 0.7, -np.inf]] * 2, np.float32)
    near, positions = others_first(5, scores, found)
    none = -np.inf
    assert positions.tolist() == [[7, 6, 8, -1], [5, 8, -1, -1], [9, 8, 5, 6], [5, 6, -1, -1]]
    expected = [[0.9, 0.7, 0.6, none], [0.9, 0.8, none, none], [0.9, 0.8, 0.7, 0.6], [0.9, 0.8, none, none]]
    np.testing.assert_allclose(near, expected, rtol=1e-6)
