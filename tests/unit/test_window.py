"""The window decides from its state, with reasons, and never changes it by deciding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.exact_index import ExactIndex
from support.three_events import FLOOD, FLOOD_TEXT, QUAKE, QUAKE_TEXT, STRIKE, STRIKE_TEXT, article, play, stream

from clusterer.core.clustering.storylines import StorylinePolicy
from clusterer.core.clustering.window import Constraints, Window, WindowPolicy
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from clusterer.core.scoring.logits import logistic
from clusterer.core.scoring.reasons import Reasons
from clusterer.core.scoring.scorer import shipped_weights, total


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


def test_deciding_changes_nothing(window: Window) -> None:
    articles = stream()
    play(window, articles[:12])
    before = [window.cluster_of(evidence.seq) for evidence in articles]
    first = [window.decide(evidence) for evidence in articles[12:]]
    assert [window.decide(evidence) for evidence in articles[12:]] == first
    assert [window.cluster_of(evidence.seq) for evidence in articles] == before
    assert len(window) == 12


def test_corrections_are_obeyed(window: Window) -> None:
    play(window, stream(18))
    late = article(90, FLOOD, FLOOD_TEXT, 0)
    apart = Constraints(cannot_link=frozenset({(3, 90)}))
    decision = window.decide(late, apart)
    assert decision.joined is None or decision.joined != window.cluster_of(3)
    linked = window.decide(late, Constraints(must_link=frozenset({(90, 1)})))
    cluster_id = window.cluster_of(1) or ""
    assert linked == Reasons(rule="must_link", cluster_id=cluster_id, probability=1.0)


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
    as_longer = replace(shipped_weights(), briefs={})  # short texts stand for longer ones
    window = Window(ExactIndex(), as_longer, WindowPolicy(young=young))
    for seq in range(1, 9):
        window.add(article(seq, FLOOD, f"{FLOOD_TEXT} Report {seq}.", 0), "flood")
    assert len(window.decide(article(90, FLOOD, FLOOD_TEXT, 0)).compared_with) == compared


def two_clusters_of_one_event(policy: WindowPolicy, cut: float | None = None) -> Window:
    """cut: logit from which articles are joined; as shipped without one."""
    weights = shipped_weights()
    window = Window(ExactIndex(), weights if cut is None else replace(weights, threshold=logistic(cut)), policy)
    for evidence in stream(12):
        window.add(evidence, ("late" if evidence.seq > 6 else "early") if evidence.seq % 3 == 0 else "others")
    return window


def test_clusters_near_the_threshold_are_looked_into_so_many_and_always_the_best() -> None:
    arrival = article(90, FLOOD, FLOOD_TEXT, 0)
    for window, seconds in (
        (two_clusters_of_one_event(WindowPolicy()), {"early", "late"}),
        (two_clusters_of_one_event(WindowPolicy(clusters=1)), {None}),
        (two_clusters_of_one_event(WindowPolicy(), cut=30.0), {None}),  # no pair scores within reach of it
        (two_clusters_of_one_event(WindowPolicy(clusters=2), cut=-30.0), {"early", "late"}),
    ):
        decision = window.decide(arrival)
        second = decision.runner_up
        assert (second.cluster_id if second else None) in seconds
        assert second or decision.cluster_id == "early"


def test_of_clusters_that_are_equally_near_the_first_by_name_is_looked_into() -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(clusters=1))
    for seq, cluster_id in ((1, "b"), (2, "a"), (3, "c")):
        window.add(article(seq, FLOOD, FLOOD_TEXT, 0, spread=0.0), cluster_id)
    assert window.decide(article(90, FLOOD, FLOOD_TEXT, 0, spread=0.0)).cluster_id == "a"


def test_a_cluster_is_as_near_as_its_nearest_article() -> None:
    window = Window(ExactIndex(), shipped_weights(), WindowPolicy(clusters=1))
    window.add(article(1, FLOOD, FLOOD_TEXT, 0, spread=0.0), "two")
    window.add(article(2, QUAKE, QUAKE_TEXT, 2), "two")
    window.add(article(3, "Stour", "The river Stour is high, says Edda Lund.", 0, spread=0.7), "one")
    assert window.decide(article(90, FLOOD, FLOOD_TEXT, 0, spread=0.0)).cluster_id == "two"


def test_an_article_goes_to_the_earliest_known_of_those_a_person_linked_it_with(window: Window) -> None:
    play(window, stream(9))
    late = article(90, FLOOD, FLOOD_TEXT, 0)
    linked = window.decide(late, Constraints(must_link=frozenset({(90, 8), (4, 90), (90, 1), (90, 0)})))
    assert linked.joined
    assert linked.cluster_id == window.cluster_of(1)
    unknown = window.decide(late, Constraints(must_link=frozenset({(90, 77)})))
    assert unknown.rule == "score"


def test_what_has_a_text_is_not_measured_against_the_background(window: Window) -> None:
    window.load([(one, "a") for one in stream(40)])
    report = article(90, FLOOD, FLOOD_TEXT, 0)
    headline = replace(article(91, FLOOD, "", 0), sparse=extract(Document(FLOOD, "", lang="en")))
    assert window.compare(report)[0].background == float("inf")
    assert window.compare(headline)[0].background < 1
