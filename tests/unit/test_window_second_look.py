"""A second look finds what an arrival shows to be wrong: clusters that are one, members that belong elsewhere."""

from __future__ import annotations

import pytest
from support.exact_index import ExactIndex
from support.three_events import FLOOD, FLOOD_TEXT, QUAKE, QUAKE_TEXT, STRIKE, STRIKE_TEXT, article, stream

from clusterer.core.clustering.window import Constraints, Leave, Merge, Window, WindowPolicy
from clusterer.core.scoring.scorer import shipped_weights


@pytest.fixture
def window() -> Window:
    return Window(ExactIndex(), shipped_weights())


def test_clusters_that_turn_out_to_be_one_are_merged(window: Window) -> None:
    for evidence in stream(18):
        window.add(evidence, f"{'late' if evidence.seq > 9 else 'early'}{evidence.seq % 3}")
    adjustments = window.second_look("late0")
    assert any(isinstance(r, Merge) and {r.loser_id, r.winner_id} == {"early0", "late0"} for r in adjustments)


def test_a_member_in_the_wrong_cluster_leaves(window: Window) -> None:
    for evidence in stream(18):
        window.add(evidence, f"t{evidence.seq % 3}")
    window.move(9, "t1")
    adjustments = window.second_look("t0")
    assert [(r.seqs, r.cluster_id, r.target_id) for r in adjustments if isinstance(r, Leave)] == [((9,), "t1", "t0")]


def test_a_pinned_member_stays_where_it_does_not_fit(window: Window) -> None:
    for evidence in stream(18):
        window.add(evidence, f"t{evidence.seq % 3}")
    window.move(9, "t1")
    free = window.second_look("t0")
    assert [
        (adjustment.seqs, adjustment.cluster_id, adjustment.target_id)
        for adjustment in free
        if isinstance(adjustment, Leave)
    ] == [((9,), "t1", "t0")]
    assert window.second_look("t0", Constraints(pinned=frozenset({9}))) == []


@pytest.mark.parametrize("seq", [3, 9])
def test_a_pinned_member_keeps_two_clusters_of_one_event_apart(window: Window, seq: int) -> None:
    for evidence in stream(18):
        window.add(evidence, "half" if evidence.seq in (3, 6) else f"t{evidence.seq % 3}")
    merged = [
        (adjustment.loser_id, adjustment.winner_id)
        for adjustment in window.second_look("t0")
        if isinstance(adjustment, Merge)
    ]
    assert merged == [("half", "t0")]
    assert window.second_look("t0", Constraints(pinned=frozenset({seq}))) == []


def test_a_merge_takes_no_pinned_member_along_that_was_not_looked_at() -> None:
    """Of large clusters only a sample is compared."""
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(young=8))
    for one in stream(120):
        flood = "one" if one.seq % 2 else "other"
        window.add(one, flood if one.seq % 3 == 0 else f"t{one.seq % 3}")
    [merge] = [adjustment for adjustment in window.second_look("one") if isinstance(adjustment, Merge)]
    for seq in window.members(merge.loser_id):
        adjustments = window.second_look("one", Constraints(pinned=frozenset({seq})))
        assert not any(isinstance(one, Merge) and one.loser_id == merge.loser_id for one in adjustments), seq


def test_an_article_alone_in_its_cluster_is_looked_at_again(window: Window) -> None:
    for evidence in stream(12)[2::3]:
        window.add(evidence, "lone" if evidence.seq == 12 else "all")
    [merge] = window.second_look("lone")
    assert isinstance(merge, Merge)
    assert (merge.loser_id, merge.winner_id) == ("lone", "all")


def test_two_articles_that_do_not_belong_together_part(window: Window) -> None:
    window.add(article(1, FLOOD, FLOOD_TEXT, 0), "a")
    window.add(article(2, STRIKE, STRIKE_TEXT, 1), "a")
    [leave] = window.second_look("a")
    assert isinstance(leave, Leave)
    assert (leave.cluster_id, leave.target_id, len(leave.seqs)) == ("a", None, 1)


def test_a_look_goes_out_from_the_newest_members_to_so_many_clusters() -> None:
    """Article 3 alone shows that there is another cluster of its event."""

    def merged(policy: WindowPolicy) -> set[str]:
        window = Window(ExactIndex(), shipped_weights(), policy)
        window.add(article(1, STRIKE, STRIKE_TEXT, 1), "strike")
        for seq in (3, 6):
            window.add(article(seq, FLOOD, f"{FLOOD_TEXT} Report {seq}.", 0), "grown" if seq == 3 else "flood")
        for seq in (9, 10):
            window.add(article(seq, QUAKE, f"{QUAKE_TEXT} Report {seq}.", 2), "grown")
        looked = window.second_look("grown")
        return {
            target for one in looked if (target := getattr(one, "target_id", None) or getattr(one, "winner_id", None))
        }

    assert merged(WindowPolicy(newest=3)) == {"flood"}
    assert merged(WindowPolicy(newest=2)) == set()
    assert merged(WindowPolicy(newest=3, clusters=1)) == set()


def test_a_member_leaves_though_another_of_its_cluster_is_pinned(window: Window) -> None:
    for evidence in stream(18):
        window.add(evidence, f"t{evidence.seq % 3}")
    window.move(9, "t1")
    looked = window.second_look("t0", Constraints(pinned=frozenset({4})))
    assert [(one.seqs, one.cluster_id, one.target_id) for one in looked if isinstance(one, Leave)] == [
        ((9,), "t1", "t0")
    ]


def test_only_members_of_a_cluster_that_is_looked_into_can_leave_it() -> None:
    """A larger one moves as a block."""
    for young, leaving in ((9, [(9,)]), (4, [])):
        window = Window(ExactIndex(), shipped_weights(), WindowPolicy(young=young))
        for evidence in stream(18):
            window.add(evidence, "t0" if evidence.seq == 10 else f"t{evidence.seq % 3}")
        window.move(9, "t1")
        looked = window.second_look("t0", Constraints(pinned=frozenset({10})))
        assert [one.seqs for one in looked if isinstance(one, Leave)] == leaving


def test_a_second_look_compares_the_nearest_of_a_large_cluster() -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(young=4))
    for seq in range(1, 13):
        spread = 0.15 if seq in (5, 6) else 0.5
        window.add(article(seq, QUAKE, f"{QUAKE_TEXT} Report {seq}.", 2, spread), "large")
    window.add(article(20, QUAKE, QUAKE_TEXT, 2), "lone")
    [merge] = window.second_look("lone")
    assert isinstance(merge, Merge)
    assert {5, 6} <= set(merge.reasons.compared_with)
    assert len(merge.reasons.compared_with) == 4
