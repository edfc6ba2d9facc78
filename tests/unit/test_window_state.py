"""A window takes articles in, lets them go, and can be built again: it then decides alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.exact_index import ExactIndex
from support.three_events import FLOOD, FLOOD_TEXT, START, STRIKE, STRIKE_TEXT, article, play, stream

from clusterer.core.clustering.neighbourhood import Near
from clusterer.core.clustering.stored_near import decode_near, encode_near
from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.scoring.scorer import shipped_weights


@pytest.fixture
def window() -> Window:
    return Window(ExactIndex(), shipped_weights())


@settings(max_examples=20, deadline=None)
@given(st.permutations(stream(18)))
def test_a_window_built_again_decides_alike(articles: list[Evidence]) -> None:
    first = Window(ExactIndex(), shipped_weights())
    decisions = play(first, articles[:14])
    again = Window(ExactIndex(), shipped_weights())
    for evidence, decision in zip(articles[:14], decisions, strict=True):
        again.learn(decision)
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
