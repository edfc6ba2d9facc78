"""Which clusters tell one saga, and under which id they go on telling it."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.exact_index import ExactIndex
from support.made_evidence import START

from clusterer.adapters.index import FaissIndex
from clusterer.core.clustering.storylines import (
    Chapter,
    StorylinePolicy,
    chapter,
    nearest,
    pauses,
    storylines,
)
from clusterer.core.evidence.evidence import Evidence, Sparse, extract
from clusterer.core.model import Document
from clusterer.core.nightly.storyline_ids import identified

DAM = (
    (
        "Dam at Corvale cracks after rain",
        "Engineers of Corvale found a crack in the Tessin dam. Warden Ilse Maro closed the road.",
    ),
    (
        "Corvale evacuated below Tessin dam",
        "Warden Ilse Maro told Corvale to leave the valley below the Tessin dam at once.",
    ),
    (
        "Inquiry into Tessin dam opens",
        "A judge asked warden Ilse Maro why the Tessin dam above Corvale was never inspected.",
    ),
)
STRIKE = (
    (
        "Ferry crews in Havnsund walk out",
        "Crews of the Havnsund ferries struck over shifts, said union leader Bo Lindqvist.",
    ),
    ("Havnsund ferries sail again", "Union leader Bo Lindqvist called the Havnsund ferry deal on shifts a relief."),
)


def article(seq: int, matter: int, title: str, text: str, day: float | None, movable: bool = True) -> Evidence:
    rng = np.random.default_rng(seq)
    centre = np.random.default_rng(1000 + matter).normal(size=64)
    lead = centre / np.linalg.norm(centre) + 0.07 * rng.normal(size=64)
    lead = (lead / np.linalg.norm(lead)).astype(np.float32)
    published = None if day is None else START + timedelta(days=day)
    return Evidence(seq, lead, extract(Document(title, text, lang="en")), published, START, movable=movable)


def told(days: Sequence[float | None] = (0, 3, 20), meanings: Sequence[int] = (1, 1, 1)) -> list[Chapter]:
    """The dam's three events and the strike's two."""
    dam = [
        chapter(f"dam{at}", [article(at, meaning, *DAM[at], day)])
        for at, (day, meaning) in enumerate(zip(days, meanings, strict=True))
    ]
    return dam + [chapter(f"strike{at}", [article(10 + at, 2, *STRIKE[at], at)]) for at in range(2)]


def lines(chapters: Sequence[Chapter], **policy: float) -> set[frozenset[str]]:
    found = storylines(chapters, ExactIndex(), replace(StorylinePolicy(), **policy))  # type: ignore[arg-type]
    return {frozenset(line) for line in found}


def test_events_of_one_saga_are_told_together_and_others_apart() -> None:
    assert lines(told()) == {frozenset({"dam0", "dam1", "dam2"}), frozenset({"strike0", "strike1"})}


def test_the_order_of_the_clusters_does_not_matter() -> None:
    chapters = told()
    for seed in range(5):
        shuffled = random.Random(seed).sample(chapters, len(chapters))
        assert lines(shuffled) == lines(chapters)


def test_nearness_in_meaning_alone_is_no_saga() -> None:
    """Reports of one kind of event, each about other people in another place."""
    fires = (
        (
            "Fire in Ostwick bakery",
            "Baker Ana Brand smelled smoke above the oven. Neighbours led by Rolf Timm carried out flour sacks.",
        ),
        (
            "Fire on Tolm quay",
            "Two trawlers of skipper Per Sjo burnt down to the waterline. Harbour master Lene Oust blamed a heater.",
        ),
        (
            "Fire at Vard school",
            "Headmistress Mia Kell had the gymnasium cleared when curtains caught light. Lessons resume on Thursday.",
        ),
    )
    kinds = [chapter(f"c{at}", [article(at, 1, title, text, 0)]) for at, (title, text) in enumerate(fires)]
    assert lines(kinds) == set()


def test_the_same_people_in_a_matter_of_another_kind_are_no_saga() -> None:
    assert lines(told(meanings=(1, 1, 7))) == {frozenset({"dam0", "dam1"}), frozenset({"strike0", "strike1"})}


def test_a_long_pause_ends_a_saga_and_a_missing_date_says_nothing() -> None:
    strike = frozenset({"strike0", "strike1"})
    assert lines(told(days=(0, 3, 100))) == {frozenset({"dam0", "dam1"}), strike}
    assert lines(told(days=(0, 55, 110))) == {frozenset({"dam0", "dam1", "dam2"}), strike}, "it goes on and on"
    assert lines(told(days=(0, None, 20))) == {frozenset({"dam0", "dam1", "dam2"}), strike}


def test_pages_without_an_article_do_not_speak_for_their_cluster() -> None:
    wall = article(30, 9, "Subscribe now", "Subscribe to read on.", 0, movable=False)
    real = article(0, 1, *DAM[0], 0)
    one = chapter("dam0", [real, wall])
    assert np.allclose(one.lead, chapter("dam0", [real]).lead)
    assert one.words == real.sparse
    assert chapter("walls", [wall]).words == wall.sparse


def test_a_cluster_begins_with_its_first_dated_article() -> None:
    one = chapter("c", [article(0, 1, *DAM[0], None), article(1, 1, *DAM[1], 9), article(2, 1, *DAM[2], 4)])
    assert (one.first_at, one.last_at) == (START + timedelta(days=4), START + timedelta(days=9))
    assert set(one.words.terms) >= {"corvale", "tessin"}


SPARSE = st.dictionaries(
    st.sampled_from([f"w{n}" for n in range(30)]),
    st.tuples(st.integers(1, 255), st.integers(0, 15), st.integers(0, 255)),
    max_size=20,
).map(
    lambda terms: Sparse(
        tuple(sorted(terms)), *(bytes(terms[term][column] for term in sorted(terms)) for column in range(3))
    )
)


@given(st.lists(SPARSE, min_size=2, max_size=5))
def test_a_chapters_words_are_those_of_its_articles_with_their_mean_count(parts: list[Sparse]) -> None:
    base = article(0, 1, *DAM[0], 0)
    words = chapter("c", [replace(base, sparse=part) for part in parts]).words
    rows = [
        dict(zip(part.terms, zip(part.counts, part.kinds, part.rarity, strict=True), strict=True)) for part in parts
    ]
    assert words.terms == tuple(sorted({term for part in parts for term in part.terms}))
    for term, count_, kinds, rarity in zip(words.terms, words.counts, words.kinds, words.rarity, strict=True):
        found = [row[term] for row in rows if term in row]
        assert count_ == min(255, max(1, round(sum(one[0] for one in found) / len(parts))))
        assert kinds == np.bitwise_or.reduce([one[1] for one in found])
        assert rarity == max(one[2] for one in found)


def test_of_many_words_the_weightiest_are_kept_and_the_first_by_name_of_equal_ones() -> None:
    many = tuple(f"w{n:03}" for n in range(200))
    heavy = Sparse(many, bytes([1] * 200), bytes(200), bytes([9] * 150 + [10] * 50))
    words = chapter("c", [replace(article(n, 1, *DAM[0], 0), sparse=heavy) for n in range(2)]).words
    assert words.terms == many[:110] + many[150:]


def test_none_and_one_make_no_storyline() -> None:
    assert storylines([], ExactIndex()) == []
    assert storylines(told()[:1], ExactIndex()) == []


def many_chapters(number: int, matters: int) -> list[Chapter]:
    """Of some sagas, three chapters a day, with 60 words of 90 of their saga."""
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(matters, 64))
    found = []
    for place in range(number):
        matter = place % matters
        lead = centres[matter] / np.linalg.norm(centres[matter]) + 0.1 * rng.normal(size=64)
        terms = tuple(sorted(f"w{matter:03}x{word:02}" for word in rng.choice(90, 60, replace=False).tolist()))
        words = Sparse(terms, bytes([1] * 60), bytes(60), bytes([120] * 60))
        at = START + timedelta(days=place / 3)
        found.append(Chapter(f"c{place:04}", (lead / np.linalg.norm(lead)).astype(np.float32), words, at, at))
    return found


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_how_many_are_compared_at_once_does_not_matter(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chapters = many_chapters(60, 8)
    whole = storylines(chapters, ExactIndex())
    assert len(whole) > 1
    for name in ("_SEARCHED_AT_ONCE", "_COMPARED_AT_ONCE"):
        monkeypatch.setattr(f"clusterer.core.clustering.storylines.{name}", at_once)
    assert storylines(chapters, ExactIndex()) == whole


def test_memory_does_not_hold_the_words_of_all_pairs_of_neighbours() -> None:
    chapters = many_chapters(2_000, 50)
    words_of_all_pairs_bytes = 2_000 * 30 * 60 * 2 * 12  # of both; a weight and a number each
    tracemalloc.start()
    try:
        storylines(chapters, FaissIndex(64), StorylinePolicy(min_meaning=1.1))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < words_of_all_pairs_bytes / 2


def test_pauses_are_between_the_spans() -> None:
    spans = np.array([[0.0, 10.0], [12.0, 20.0], [5.0, 6.0], [np.nan, np.nan]])
    found = pauses(spans[[0, 1, 0, 0]], spans[[1, 0, 2, 3]])
    assert found[:3].tolist() == [2.0, 2.0, 0.0]
    assert np.isnan(found[3])


def test_an_arrival_goes_on_with_the_nearest_that_fits() -> None:
    policy = StorylinePolicy(min_words=0.1)
    meaning, words = np.array([0.9, 0.6, 0.7, 0.8]), np.array([0.05, 0.3, 0.3, 0.5])
    assert nearest(meaning, words, np.array([1.0, 1.0, 1.0, 90.0]), policy) == 2
    assert nearest(meaning, words, np.array([1.0, 1.0, np.nan, np.nan]), policy) == 3
    assert nearest(meaning[:1], words[:1], np.array([1.0]), policy) is None
    assert nearest(np.array([0.6, 0.6]), np.array([0.3, 0.3]), np.array([30.0, 2.0]), policy) == 1, "the shorter pause"
    assert nearest(meaning[:0], words[:0], np.zeros(0), policy) is None


def test_what_pause_or_missing_date_cost_must_be_made_up_by_nearness() -> None:
    policy = StorylinePolicy()
    pause = np.array([0.0, 5.0, 50.0, np.nan])

    def admitted(words: float) -> list[bool]:
        return policy.admits(np.full(4, 0.55), np.full(4, words), pause).tolist()

    assert admitted(0.055) == [False, False, False, False], "both are just within their own bounds"
    assert admitted(0.12) == [True, False, False, False]
    assert admitted(0.22) == [True, True, False, False]
    assert admitted(0.32) == [True, True, False, True]
    assert admitted(0.33) == [True, True, True, True]


# -- ids


def planned(
    old: Mapping[str, str], groups: Sequence[Sequence[str]], seen: str | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    numbers = count(1)
    everything = sorted({*old, *(cluster for group in groups for cluster in group)})
    plan = identified(old, groups, list(seen) if seen is not None else everything, lambda: f"N{next(numbers)}")
    return dict(plan.assignment), dict(plan.aliases)


@pytest.mark.parametrize(
    ("old", "groups", "assignment", "aliases"),
    [
        ({}, ["ab"], {"a": "N1", "b": "N1"}, {}),
        ({"a": "S", "b": "S"}, ["abc"], {"a": "S", "b": "S", "c": "S"}, {}),
        ({"a": "S", "b": "S"}, ["ac", "bd"], {"a": "S", "c": "S", "b": "N1", "d": "N1"}, {}),
        ({"a": "S", "b": "S", "c": "S"}, ["ab"], {"a": "S", "b": "S"}, {}),
        ({"a": "S", "b": "S"}, [], {"a": "S"}, {}),
        ({"a": "S", "b": "S", "c": "T", "d": "T", "e": "T"}, ["abcde"], dict.fromkeys("abcde", "T"), {"S": "T"}),
        ({"a": "S"}, ["abcdefgh"], dict.fromkeys("abcdefgh", "S"), {}),
    ],
)
def test_ids_follow_the_clusters(
    old: dict[str, str], groups: list[str], assignment: dict[str, str], aliases: dict[str, str]
) -> None:
    assert planned(old, groups) == (assignment, aliases)


def test_clusters_too_old_to_be_looked_at_stay_where_their_storyline_went() -> None:
    old = {"a": "S", "b": "S", "z": "S", "y": "T", "x": "T"}
    assert planned(old, ["abc"], seen="abc") == ({**dict.fromkeys("abcz", "S"), "y": "T", "x": "T"}, {})
    apart = planned({"a": "S", "z": "S", "y": "S"}, ["bc"], seen="abc")
    assert apart == ({"a": "S", "z": "S", "y": "S", "b": "N1", "c": "N1"}, {})


def test_an_id_whose_largest_parts_are_in_no_storyline_stands_for_the_one_that_took_the_rest() -> None:
    old = {"c1": "S1", "c2": "S1", "c3": "S2", "c5": "S1", "c6": "S3"}
    numbers = count()
    plan = identified(old, [["c2", "c3", "c6"]], [f"c{n}" for n in range(7)], lambda: f"new{next(numbers)}")
    (storyline,) = set(plan.assignment.values())
    assert plan.assignment.keys() == {"c2", "c3", "c6"}
    assert plan.aliases == {one: storyline for one in {"S1", "S2", "S3"} - {storyline}}


@given(st.data())
def test_every_id_goes_on_to_mean_something_or_has_no_clusters_left(data: st.DataObject) -> None:
    clusters = [f"c{number}" for number in range(data.draw(st.integers(1, 12)))]
    places = st.lists(st.integers(0, 4), min_size=len(clusters), max_size=len(clusters))
    before, after = data.draw(places), data.draw(places)
    old = {cluster: f"S{place}" for cluster, place in zip(clusters, before, strict=True) if place}
    groups = [[c for c, place in zip(clusters, after, strict=True) if place == number] for number in range(1, 5)]
    groups = [group for group in groups if len(group) > 1]
    numbers = count()
    plan = identified(old, groups, clusters, lambda: f"new{next(numbers)}")
    for group in groups:
        assert len({plan.assignment[cluster] for cluster in group}) == 1
    assert len({plan.assignment[group[0]] for group in groups}) == len(groups)
    living = set(plan.assignment.values())
    assert set(old.values()) <= living | plan.aliases.keys() | {
        storyline
        for storyline in old.values()
        if all(cluster not in plan.assignment for cluster, own in old.items() if own == storyline)
    }
    assert set(plan.aliases.values()) <= living
    assert not living & plan.aliases.keys()
    again = identified(plan.assignment, groups, clusters, lambda: "never")
    assert dict(again.assignment) == dict(plan.assignment), "a second night changes nothing"
    assert not again.aliases
