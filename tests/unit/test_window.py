"""The window decides from its state, never changes it by deciding, and can be built again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.exact_index import ExactIndex

from clusterer.core.clustering.evidence import Evidence, extract
from clusterer.core.clustering.neighbourhood import Near
from clusterer.core.clustering.reasons import Reasons
from clusterer.core.clustering.scorer import shipped_weights, total
from clusterer.core.clustering.stored_near import decode_near, encode_near
from clusterer.core.clustering.storylines import StorylinePolicy
from clusterer.core.clustering.window import Constraints, Leave, Merge, Window, WindowPolicy
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
        cluster_id = decision.joined or f"c{evidence.seq:04d}"
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
    assert (decision.rule, decision.joined) == ("no_candidates", None)
    near, terms = window.compare(article(2, FLOOD, FLOOD_TEXT, 0))
    assert near.seqs.shape == near.meaning.shape == near.words.shape == (0,)
    assert len(terms) == 0


def test_three_events_become_three_clusters(window: Window) -> None:
    play(window, stream())
    groups = {window.cluster_of(seq) for seq in range(1, 25)}
    assert len(groups) == 3
    assert all(len({window.cluster_of(seq) for seq in range(turn, 25, 3)}) == 1 for turn in (1, 2, 3))


def test_a_join_gives_reasons_that_add_up_and_can_be_read(window: Window) -> None:
    play(window, stream())
    reasons = window.decide(article(90, FLOOD, FLOOD_TEXT, 0))
    assert reasons.joined == window.cluster_of(3)
    assert reasons.logit == total(reasons.intercept, reasons.terms)
    assert reasons.probability >= reasons.threshold
    assert "edda lund" in reasons.shared_names
    assert "40" in reasons.shared_numbers
    assert "bridge" in reasons.shared_words
    assert {item.seq for item in reasons.closest} <= set(window.members(reasons.joined or ""))


@pytest.mark.parametrize(
    ("reasons", "joined"),
    [
        (Reasons("score", "c1", probability=0.6, threshold=0.6), "c1"),
        (Reasons("score", "c1", probability=0.5, threshold=0.6), None),
        (Reasons("chaining", "c1", probability=0.9, threshold=0.6), None),
        (Reasons("two_things", "c1", probability=0.9, threshold=0.6), None),
        (Reasons("must_link", "c1", probability=1.0), "c1"),
        (Reasons("cannot_link"), None),
        (Reasons("no_candidates"), None),
    ],
)
def test_an_article_joins_by_its_score_or_by_what_a_person_said(reasons: Reasons, joined: str | None) -> None:
    assert reasons.joined == joined


@settings(max_examples=30, deadline=None)
@given(st.permutations(stream(15)), st.integers(0, 2))
def test_numbers_add_up_to_every_decision(articles: list[Evidence], topic: int) -> None:
    window = Window(ExactIndex(), shipped_weights())
    for evidence in articles:
        reasons = window.decide(evidence)
        if reasons.terms:
            assert reasons.logit == total(reasons.intercept, reasons.terms)
            assert not reasons.joined or reasons.probability >= reasons.threshold
        window.add(evidence, reasons.joined or f"c{evidence.seq}")


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
        assert decisions[0].cluster_id == decisions[1].cluster_id
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
    for some in (slice(5), slice(5, 12)):  # the first find an empty index, which is not asked
        again.load([(one, "c") for one in stream(12)[some]], near[some])
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
    assert decision.joined is None or decision.joined != window.cluster_of(3)
    linked = window.decide(late, Constraints(must_link=frozenset({(90, 1)})))
    cluster_id = window.cluster_of(1) or ""
    assert linked == Reasons(rule="must_link", cluster_id=cluster_id, probability=1.0)


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
    with pytest.raises(ValueError, match=r"^article 1 is in the window already$"):
        window.add(article(1, FLOOD, FLOOD_TEXT, 0), "a")


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 25), min_size=1, max_size=5), st.integers(0, 1_000))
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
    assert decision.joined == expected_decision.joined
    assert decision.cluster_id == expected_decision.cluster_id
    assert decision.logit == pytest.approx(expected_decision.logit, abs=1e-6)


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
    with pytest.raises(ValueError, match=r"^articles are in the window already, or given twice$"):
        window.load([(first, "a"), (first, "a")])
    window.add(first, "a")
    with pytest.raises(ValueError, match="given twice"):
        window.load([(second, "b"), (first, "a")])
    assert window.members("a") == (1,)
    assert 1 in window
    assert 2 not in window
    window.load([(second, "b")])
    assert window.members("b") == (2,)


def test_members_come_in_ascending_order(window: Window) -> None:
    for seq in (8, 16, 1):  # not how a set holds them
        window.add(article(seq, FLOOD, FLOOD_TEXT, 0), "a")
    assert window.members("a") == (1, 8, 16)


def test_what_is_kept_from_all_that_is_near_opens_for_that_reason(window: Window) -> None:
    for evidence in stream(9)[2::3]:
        window.add(evidence, "a")
    late = article(90, FLOOD, FLOOD_TEXT, 0)
    assert window.decide(late).joined
    decision = window.decide(late, Constraints(cannot_link=frozenset({(3, 90)})))
    assert decision == Reasons(rule="cannot_link")


def test_terms_depend_on_the_time_between_two_articles_alone() -> None:
    def terms(first_hours: float, second_hours: float) -> list[np.ndarray]:
        window = Window(ExactIndex(), shipped_weights())
        window.add(article(1, FLOOD, FLOOD_TEXT, 0, hours=first_hours), "a")
        second = article(2, FLOOD, FLOOD_TEXT, 0, hours=second_hours)
        found = [window.compare(second)[1]]
        window.add(second, "a")
        return [*found, window.compare_known(1)[1], window.compare_known(2)[1]]

    usual = terms(0, 60)
    np.testing.assert_allclose(terms(60, 0), usual)
    np.testing.assert_allclose(terms(10_000, 10_060), usual)
    for nearer, farther in zip(usual, terms(0, 200), strict=True):
        assert not np.allclose(nearer, farther)


def test_an_arrival_goes_on_with_the_storyline_of_the_nearest_if_that_is_near(window: Window) -> None:
    for evidence in stream(9):
        window.add(evidence, f"t{evidence.seq % 3}")
    policy, impatient = StorylinePolicy(), StorylinePolicy(pause_price=10.0)
    assert window.beside(article(90, FLOOD, FLOOD_TEXT, 0, hours=9), policy) == "t0"
    assert window.beside(article(91, STRIKE, STRIKE_TEXT, 1, hours=9), policy) == "t1"
    assert window.beside(article(92, "Vines", "A festival of wine begins.", 9, hours=9), policy) is None
    for hours in (-10, 20):  # before the first article, after the last one
        assert window.beside(article(93, FLOOD, FLOOD_TEXT, 0, hours=hours), policy) == "t0"
        assert window.beside(article(94, FLOOD, FLOOD_TEXT, 0, hours=hours), impatient) is None


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


def test_articles_in_two_languages_are_compared_alike_in_a_window_built_again() -> None:
    german = (
        "Die Stour trat über die Ufer, eine Brücke ist gesperrt. Bürgermeisterin Edda Lund sprach von vierzig Häusern."
    )
    articles = [
        replace(article(1, FLOOD, FLOOD_TEXT, 0), lang="en"),
        replace(article(2, "Hochwasser sperrt Brücke", german, 0), lang="de"),
    ]
    first, again, foreign = (Window(ExactIndex(), shipped_weights()) for _ in range(3))
    near = [decode_near(encode_near(one.seq, first.add(one, "c"), "a model"), one.seq, "a model") for one in articles]
    again.load([(one, "c") for one in articles], near)
    for one in articles:
        np.testing.assert_allclose(again.compare_known(one.seq)[1], first.compare_known(one.seq)[1], atol=1e-12)
        foreign.add(replace(one, lang="en"), "c")
    assert not np.allclose(foreign.compare_known(2)[1], first.compare_known(2)[1])


def test_of_articles_that_are_all_alike_the_earliest_are_neighbours() -> None:
    """More than are kept."""
    articles = [(article(seq, FLOOD, FLOOD_TEXT, 0, spread=0.0), "a") for seq in range(1, 71)]
    one_by_one, loaded, in_parts = (Window(ExactIndex(), shipped_weights()) for _ in range(3))
    for evidence, cluster_id in articles:
        one_by_one.add(evidence, cluster_id)
    loaded.load(articles)
    in_parts.load(articles[:60])
    in_parts.load(articles[60:])
    for seq in (1, 30, 60, 65, 70):
        near = one_by_one.compare_known(seq)[0].seqs.tolist()
        assert near == loaded.compare_known(seq)[0].seqs.tolist() == in_parts.compare_known(seq)[0].seqs.tolist()
    assert near == list(range(1, 51))


def test_neighbours_are_searched_for_again_when_articles_came_or_went(window: Window) -> None:
    arrival = article(90, FLOOD, FLOOD_TEXT, 0)
    for seq, expected in ((1, [1]), (2, [1, 2])):
        window.add(article(seq, FLOOD, FLOOD_TEXT, 0), "a")
        assert sorted(window.compare(arrival)[0].seqs.tolist()) == expected
    window.remove(1)
    assert window.compare(arrival)[0].seqs.tolist() == [2]
    window.load([(article(3, FLOOD, FLOOD_TEXT, 0), "a")])
    assert sorted(window.compare(arrival)[0].seqs.tolist()) == [2, 3]
    window.remove(3)
    assert window.compare_known(2)[0].seqs.tolist() == []


def test_what_is_gone_takes_no_place_among_the_nearest(window: Window) -> None:
    """As many as are asked for."""
    for seq in range(1, 56):
        window.add(article(seq, FLOOD, FLOOD_TEXT, 0, spread=0.0), "a")
    assert window.expire(START + timedelta(hours=1), keep=5) == list(range(1, 51))
    assert window.compare(article(90, FLOOD, FLOOD_TEXT, 0))[0].seqs.tolist() == [51, 52, 53, 54, 55]


def test_what_expires_is_told_in_ascending_order(window: Window) -> None:
    for seq, hours in ((8, 1), (1, 3), (16, 2), (4, 4)):
        window.add(article(seq, FLOOD, FLOOD_TEXT, 0, hours=hours), "a")
    window.add(article(2, FLOOD, FLOOD_TEXT, 0), "a")
    window.remove(2)
    assert window.expire(START + timedelta(hours=4)) == [1, 8, 16]
    assert window.expire(START + timedelta(hours=5)) == [4]
    assert len(window) == 0


def test_what_was_forgotten_can_come_again_as_something_else(window: Window) -> None:
    window.add(replace(article(1, FLOOD, FLOOD_TEXT, 0), movable=False), "a")
    window.add(article(2, FLOOD, FLOOD_TEXT, 0), "a")
    window.decide(article(80, FLOOD, FLOOD_TEXT, 0))  # what 1 and 2 tell is read
    window.remove(1)
    for seq in (3, 1):
        window.add(article(seq, STRIKE, STRIKE_TEXT, 1, hours=50), "b")
    arrival = article(90, STRIKE, STRIKE_TEXT, 1, hours=50)
    decision = window.decide(arrival)
    assert decision.joined
    assert {one.seq for one in decision.closest} == {1, 3}
    window.remove(3)
    fresh = Window(ExactIndex(), shipped_weights())
    fresh.load([(article(2, FLOOD, FLOOD_TEXT, 0), "a"), (article(1, STRIKE, STRIKE_TEXT, 1, hours=50), "b")])
    np.testing.assert_array_equal(window.compare(arrival)[0].words, fresh.compare(arrival)[0].words)
    assert window.expire(START + timedelta(hours=51)) == [1, 2]
    assert window.members("a") == ()


def test_what_must_not_move_a_cluster_counts_only_where_there_is_nothing_else(window: Window) -> None:
    for seq, movable in ((1, True), (2, False), (3, True)):
        window.add(replace(article(seq, FLOOD, FLOOD_TEXT, 0), movable=movable), "flood")
    window.add(replace(article(4, QUAKE, QUAKE_TEXT, 2), movable=False), "quake")
    assert {one.seq for one in window.decide(article(90, FLOOD, FLOOD_TEXT, 0)).closest} == {1, 3}
    assert {one.seq for one in window.decide(article(91, QUAKE, QUAKE_TEXT, 2)).closest} == {4}


def test_of_a_large_cluster_the_nearest_are_compared_and_as_many_from_all_over_it() -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(young=8))
    for seq in range(1, 31):
        window.add(article(seq, FLOOD, f"{FLOOD_TEXT} Report {seq}.", 0), "flood")
    arrival = article(90, FLOOD, FLOOD_TEXT, 0)
    nearest = window.compare(arrival)[0].seqs[:4].tolist()
    rest = [seq for seq in range(1, 31) if seq not in nearest]
    assert window.decide(arrival).compared_with == tuple(sorted([*nearest, *(rest[n] for n in (0, 8, 17, 25))]))


@pytest.mark.parametrize(("young", "compared"), [(8, 3), (7, 7)])
def test_a_cluster_larger_than_what_is_looked_into_is_compared_as_a_block(young: int, compared: int) -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(young=young))
    for seq in range(1, 9):
        window.add(article(seq, FLOOD, f"{FLOOD_TEXT} Report {seq}.", 0), "flood")
    assert len(window.decide(article(90, FLOOD, FLOOD_TEXT, 0)).compared_with) == compared


def test_only_members_of_a_cluster_that_is_looked_into_can_leave_it() -> None:
    """A larger one moves as a block."""
    for young, leaving in ((9, [(9,)]), (4, [])):
        window = Window(ExactIndex(), shipped_weights(), WindowPolicy(young=young))
        for evidence in stream(18):
            window.add(evidence, "t0" if evidence.seq == 10 else f"t{evidence.seq % 3}")
        window.move(9, "t1")
        looked = window.second_look("t0", Constraints(pinned=frozenset({10})))
        assert [one.seqs for one in looked if isinstance(one, Leave)] == leaving


def two_clusters_of_one_event(policy: WindowPolicy) -> Window:
    window = Window(ExactIndex(), shipped_weights(), policy)
    for evidence in stream(12):
        window.add(evidence, ("late" if evidence.seq > 6 else "early") if evidence.seq % 3 == 0 else "others")
    return window


def test_clusters_within_reach_of_the_threshold_are_looked_into_so_many_and_always_the_best() -> None:
    arrival = article(90, FLOOD, FLOOD_TEXT, 0)
    for policy, others in (
        (WindowPolicy(), {"early", "late"}),
        (WindowPolicy(clusters=1), set()),
        (WindowPolicy(slack=-100.0), set()),
        (WindowPolicy(slack=100.0, clusters=2), {"early", "late"}),
    ):
        decision = two_clusters_of_one_event(policy).decide(arrival)
        assert decision.joined
        second = decision.runner_up
        assert {second.cluster_id if second else None} <= others | {None}
        assert (second is None) == (not others)
        assert second or decision.cluster_id == "early"


def test_of_clusters_that_are_equally_near_the_first_by_name_is_looked_into() -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(clusters=1))
    for seq, cluster_id in ((1, "b"), (2, "a"), (3, "c")):
        window.add(article(seq, FLOOD, FLOOD_TEXT, 0, spread=0.0), cluster_id)
    assert window.decide(article(90, FLOOD, FLOOD_TEXT, 0, spread=0.0)).cluster_id == "a"


def test_a_cluster_is_as_near_as_its_nearest_article() -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(clusters=1))
    window.add(article(1, FLOOD, FLOOD_TEXT, 0, spread=0.0), "mixed")
    window.add(article(2, QUAKE, QUAKE_TEXT, 2), "mixed")
    window.add(article(3, "Stour", "The river Stour is high, says Edda Lund.", 0, spread=0.7), "other")
    assert window.decide(article(90, FLOOD, FLOOD_TEXT, 0, spread=0.0)).cluster_id == "mixed"


def test_an_article_goes_to_the_earliest_known_of_those_a_person_linked_it_with(window: Window) -> None:
    play(window, stream(9))
    late = article(90, FLOOD, FLOOD_TEXT, 0)
    linked = window.decide(late, Constraints(must_link=frozenset({(90, 8), (4, 90), (90, 1), (90, 0)})))
    assert linked.joined
    assert linked.cluster_id == window.cluster_of(1)
    unknown = window.decide(late, Constraints(must_link=frozenset({(90, 77)})))
    assert unknown.rule == "score"


def test_a_second_look_compares_the_nearest_of_a_large_cluster() -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(young=4))
    for seq in range(1, 13):
        title, text, spread = (QUAKE, QUAKE_TEXT, 0.15) if seq in (5, 6) else (FLOOD, FLOOD_TEXT, 0.5)
        window.add(article(seq, title, f"{text} Report {seq}.", 2, spread), "large")
    window.add(article(20, QUAKE, QUAKE_TEXT, 2), "lone")
    [merge] = window.second_look("lone")
    assert isinstance(merge, Merge)
    assert {5, 6} <= set(merge.reasons.compared_with)
    assert len(merge.reasons.compared_with) == 4


def test_of_an_index_that_estimates_the_nearest_are_found_by_comparing() -> None:
    class Estimates(ExactIndex):
        """More than asked for, in no useful order, and some are missed."""

        def search(self, vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
            ids = super().search(vectors, 2 * k)[1]
            return np.zeros(ids.shape, np.float32), np.where(ids % 11, ids, -1)[:, ::-1]

    articles = [(article(seq, FLOOD, FLOOD_TEXT, 0, spread=0.8), "a") for seq in range(1, 91)]
    exact, one_by_one, loaded = (Window(index, shipped_weights()) for index in (ExactIndex(), Estimates(), Estimates()))
    for evidence, cluster_id in articles:
        exact.add(evidence, cluster_id)
        one_by_one.add(evidence, cluster_id)
    for some in (slice(70), slice(70, 71), slice(71, 90)):
        loaded.load(articles[some])
    for seq in (1, 70, 71, 72, 90):
        near = exact.compare_known(seq)[0].seqs.tolist()
        assert near == one_by_one.compare_known(seq)[0].seqs.tolist() == loaded.compare_known(seq)[0].seqs.tolist()
    arrival = article(100, FLOOD, FLOOD_TEXT, 0)
    near = exact.compare(arrival)[0]
    assert len(near.seqs) == 50
    assert near.meaning.tolist() == sorted(near.meaning.tolist(), reverse=True)
    for window in (one_by_one, loaded):
        assert window.compare(arrival)[0].seqs.tolist() == near.seqs.tolist()


def test_deciding_and_adding_search_once() -> None:
    class Counting(ExactIndex):
        asked = 0

        def search(self, vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
            self.asked += 1
            return super().search(vectors, k)

    index = Counting()
    play(Window(index, shipped_weights()), stream(9))
    assert index.asked == 9


def test_what_has_a_text_is_not_measured_against_the_background(window: Window) -> None:
    window.load([(one, "a") for one in stream(40)])
    report = article(90, FLOOD, FLOOD_TEXT, 0)
    headline = replace(article(91, FLOOD, "", 0), sparse=extract(Document(FLOOD, "", lang="en")))
    assert window.compare(report)[0].background == float("inf")
    assert window.compare(headline)[0].background < 1
