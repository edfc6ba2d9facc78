"""The window decides from its state, never changes it by deciding, and can be built again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.exact_index import ExactIndex

from clusterer.core.clustering.evidence import Evidence, extract
from clusterer.core.clustering.neighbourhood import Near
from clusterer.core.clustering.scorer import shipped_weights, total
from clusterer.core.clustering.stored_near import decode_near, encode_near
from clusterer.core.clustering.window import Constraints, Join, Leave, Merge, Open, Window, WindowPolicy
from clusterer.core.model import Document

START = datetime(2026, 3, 1, tzinfo=UTC)

FLOOD = "Flood closes the bridge at Marnhall"
FLOOD_TEXT = (
    "The river Stour burst its banks at Marnhall and the council closed the bridge. Mayor Edda Lund spoke of 40 homes."
)
STRIKE = "Tram drivers in Lostrand walk out over rosters"
STRIKE_TEXT = (
    "Tram drivers in Lostrand began a two-day strike. Union head Piet Oomen said the new rosters leave no rest."
)
QUAKE = "Earthquake of magnitude 5.8 shakes Veltana"
QUAKE_TEXT = "A quake of magnitude 5.8 struck near Veltana before dawn. Rescue chief Ana Brik reported 12 injured in the old town."


def article(seq: int, title: str, text: str, topic: int, spread: float = 0.15, hours: float = 0.0) -> Evidence:
    """An article whose vector lies near the axis of its topic."""
    noise = np.random.default_rng(seq).normal(size=32)
    vector = np.eye(32)[topic] + spread * noise / np.linalg.norm(noise)
    vector = (vector / np.linalg.norm(vector)).astype(np.float16).astype(np.float32)
    at = START + timedelta(hours=hours)
    return Evidence(seq, vector, extract(Document(title, text, lang="en")), at, at)


def stream(count: int = 24) -> list[Evidence]:
    """Three events, taking turns, each article with words of its own."""
    events = ((FLOOD, FLOOD_TEXT), (STRIKE, STRIKE_TEXT), (QUAKE, QUAKE_TEXT))
    return [
        article(
            seq, events[seq % 3][0], f"{events[seq % 3][1]} Report {seq} adds detail {seq * 7}.", seq % 3, hours=seq
        )
        for seq in range(1, count + 1)
    ]


def play(window: Window, articles: list[Evidence]) -> None:
    """What the cluster writer does with each arrival."""
    for evidence in articles:
        decision = window.decide(evidence)
        cluster_id = decision.cluster_id if isinstance(decision, Join) else f"c{evidence.seq:04d}"
        window.add(evidence, cluster_id)
        for adjustment in window.second_look(cluster_id):
            if isinstance(adjustment, Merge):
                window.merge(adjustment.loser_id, adjustment.winner_id)
            else:
                for seq in adjustment.seqs:
                    window.move(seq, adjustment.target_id or f"c{evidence.seq:04d}s")


@pytest.fixture
def window() -> Window:
    return Window(ExactIndex(), shipped_weights())


def test_an_empty_window_opens(window: Window) -> None:
    decision = window.decide(article(1, FLOOD, FLOOD_TEXT, 0))
    assert isinstance(decision, Open)
    assert decision.reasons.rule == "no_candidates"


def test_three_events_become_three_clusters(window: Window) -> None:
    play(window, stream())
    groups = {window.cluster_of(seq) for seq in range(1, 25)}
    assert len(groups) == 3
    assert all(len({window.cluster_of(seq) for seq in range(turn, 25, 3)}) == 1 for turn in (1, 2, 3))


def test_a_join_gives_reasons_that_add_up_and_can_be_read(window: Window) -> None:
    play(window, stream())
    decision = window.decide(article(90, FLOOD, FLOOD_TEXT, 0))
    assert isinstance(decision, Join)
    reasons = decision.reasons
    assert decision.cluster_id == window.cluster_of(3)
    assert reasons.logit == total(reasons.intercept, reasons.terms)
    assert reasons.probability >= reasons.threshold
    assert "edda lund" in reasons.shared_names
    assert "40" in reasons.shared_numbers
    assert "bridge" in reasons.shared_words
    assert {item.seq for item in reasons.closest} <= set(window.members(decision.cluster_id))


@settings(max_examples=30, deadline=None)
@given(st.permutations(stream(15)), st.integers(0, 2))
def test_numbers_add_up_to_every_decision(articles: list[Evidence], topic: int) -> None:
    window = Window(ExactIndex(), shipped_weights())
    for evidence in articles:
        decision = window.decide(evidence)
        reasons = decision.reasons
        if reasons.terms:
            assert reasons.logit == total(reasons.intercept, reasons.terms)
            joins = reasons.rule == "score" and reasons.probability >= reasons.threshold
            assert joins == isinstance(decision, Join)
        window.add(evidence, decision.cluster_id if isinstance(decision, Join) else f"c{evidence.seq}")


@settings(max_examples=20, deadline=None)
@given(st.permutations(stream(18)))
def test_a_window_built_again_decides_alike(articles: list[Evidence]) -> None:
    first = Window(ExactIndex(), shipped_weights())
    play(first, articles[:14])
    again = Window(ExactIndex(), shipped_weights())
    for evidence in articles[:14]:
        again.add(evidence, first.cluster_of(evidence.seq) or "")
    for evidence in articles[14:]:
        assert first.decide(evidence) == again.decide(evidence)
    assert first.second_look(first.cluster_of(1) or "") == again.second_look(first.cluster_of(1) or "")


@settings(max_examples=20, deadline=None)
@given(st.permutations(stream(22)), st.integers(1, 14), st.sets(st.integers(1, 22)), st.integers(0, 6))
def test_a_window_built_with_stored_neighbours_decides_alike(
    articles: list[Evidence], together: int, without: set[int], gone: int
) -> None:
    """In the order of commits, which need not be that of the seqs. Neighbours that were not stored are searched for, with the weights
    that words have now: so none of them after articles are gone."""
    gone = 0 if without else gone
    first = Window(ExactIndex(), shipped_weights())
    near: dict[int, Near | None] = {}
    for evidence in articles[:16]:
        cluster_id = f"c{evidence.seq % 3}"
        stored = encode_near(evidence.seq, first.add(evidence, cluster_id), "a model")
        near[evidence.seq] = None if evidence.seq in without else decode_near(stored, evidence.seq, "a model")
    left = articles[gone:16]
    for evidence in articles[:gone]:
        first.remove(evidence.seq)
    again = Window(ExactIndex(), shipped_weights())
    for start in range(0, len(left), together):
        part = left[start : start + together]
        again.load([(one, first.cluster_of(one.seq) or "") for one in part], [near[one.seq] for one in part])
    for one in left:
        (kept, terms), (expected, expected_terms) = (window.compare_known(one.seq) for window in (again, first))
        assert kept.seqs.tolist() == expected.seqs.tolist()
        np.testing.assert_allclose(terms, expected_terms, atol=1e-4 if without else 1e-12)
    for one in articles[16:]:
        decisions = [window.decide(one) for window in (again, first)]
        assert decisions[0].reasons.cluster_id == decisions[1].reasons.cluster_id
        if not without:
            assert decisions[0] == decisions[1]
        for window in (again, first):
            window.add(one, "c0")


def test_nothing_is_searched_for_where_neighbours_were_stored() -> None:
    class Unasked(ExactIndex):
        def search(self, vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
            raise AssertionError("asked")

    first, again = Window(ExactIndex(), shipped_weights()), Window(Unasked(), shipped_weights())
    near = [first.add(one, "c") for one in stream(12)]
    again.load([(one, "c") for one in stream(12)], near)
    for one in stream(12):
        assert again.compare_known(one.seq)[0].seqs.tolist() == first.compare_known(one.seq)[0].seqs.tolist()


def test_deciding_changes_nothing(window: Window) -> None:
    articles = stream()
    play(window, articles[:12])
    before = [window.cluster_of(evidence.seq) for evidence in articles]
    first = [window.decide(evidence) for evidence in articles[12:]]
    assert [window.decide(evidence) for evidence in articles[12:]] == first
    assert [window.cluster_of(evidence.seq) for evidence in articles] == before
    assert len(window) == 12


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


def test_corrections_are_obeyed(window: Window) -> None:
    play(window, stream(18))
    late = article(90, FLOOD, FLOOD_TEXT, 0)
    apart = Constraints(cannot_link=frozenset({(3, 90)}))
    decision = window.decide(late, apart)
    assert not isinstance(decision, Join) or decision.cluster_id != window.cluster_of(3)
    linked = window.decide(late, Constraints(must_link=frozenset({(90, 1)})))
    assert isinstance(linked, Join)
    assert linked.cluster_id == window.cluster_of(1)
    assert linked.reasons.rule == "must_link"


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


def test_moves_merges_and_expiry_keep_the_books(window: Window) -> None:
    for evidence in stream(4):
        window.add(evidence, "a" if evidence.seq < 3 else "b")
    window.move(1, "c")
    window.merge("b", "c")
    assert window.members("c") == (1, 3, 4)
    assert window.members("b") == ()
    assert window.expire(START + timedelta(hours=2)) == [1]
    assert len(window) == 3
    assert window.cluster_of(1) is None
    window.remove(99)


def test_the_oldest_leave_first_and_no_more_at_once_than_allowed(window: Window) -> None:
    for evidence in stream(9):
        window.add(evidence, "a")
    late = START + timedelta(days=9)
    assert window.expire(late, keep=7) == [1, 2]
    assert window.expire(late, keep=7) == []
    assert window.expire(late, keep=4, at_most=2) == [3, 4]
    assert window.expire(late, keep=4, at_most=2) == [5]
    assert window.expire(START + timedelta(hours=7), at_most=50) == [6]
    assert window.members("a") == (7, 8, 9)


def test_a_known_seq_is_refused(window: Window) -> None:
    window.add(article(1, FLOOD, FLOOD_TEXT, 0), "a")
    with pytest.raises(ValueError, match="already"):
        window.add(article(1, FLOOD, FLOOD_TEXT, 0), "a")


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(0, 1_000))
def test_loading_many_gives_what_adding_each_gives(sizes: list[int], seed: int) -> None:
    count = sum(sizes)
    topics = np.random.default_rng(seed).integers(0, 5, count).tolist()
    articles = [
        (article(seq, FLOOD, f"{FLOOD_TEXT} Report {seq % 7}.", topic, 0.8), f"c{topic}")
        for seq, topic in enumerate(topics, 1)
    ]
    one_by_one, loaded = (Window(ExactIndex(), shipped_weights()) for _ in range(2))
    for evidence, cluster_id in articles:
        one_by_one.add(evidence, cluster_id)
    place = 0
    for size in sizes:
        loaded.load(articles[place : place + size])
        place += size
    assert len(loaded) == len(one_by_one) == count
    for evidence, _ in articles:
        (near, terms), (expected, expected_terms) = (
            window.compare_known(evidence.seq) for window in (loaded, one_by_one)
        )
        assert near.seqs.tolist() == expected.seqs.tolist()
        np.testing.assert_allclose(terms, expected_terms, atol=1e-6)
    arrival = article(count + 1, FLOOD, FLOOD_TEXT, topics[0], 0.3)
    decision, expected_decision = loaded.decide(arrival), one_by_one.decide(arrival)
    assert isinstance(decision, Join) == isinstance(expected_decision, Join)
    assert decision.reasons.cluster_id == expected_decision.reasons.cluster_id
    assert decision.reasons.logit == pytest.approx(expected_decision.reasons.logit, abs=1e-6)


def test_loading_nothing() -> None:
    window = Window(ExactIndex(), shipped_weights())
    window.load([])
    assert len(window) == 0


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


def test_loading_refuses_what_is_known_or_given_twice_before_anything_is_added(window: Window) -> None:
    first, second = article(1, FLOOD, FLOOD_TEXT, 0), article(2, FLOOD, FLOOD_TEXT, 1)
    with pytest.raises(ValueError, match="already"):
        window.load([(first, "a"), (first, "a")])
    window.add(first, "a")
    with pytest.raises(ValueError, match="already"):
        window.load([(second, "b"), (first, "a")])
    assert window.members("a") == (1,)
    assert 2 not in window
    window.load([(second, "b")])
    assert window.members("b") == (2,)
