"""The index of a window is exact while it is small, and finds nearly all neighbours when it is not."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.adapters.coded_index import CodedIndex
from clusterer.adapters.index import FaissIndex
from clusterer.adapters.window_index import WindowIndex
from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence, Sparse
from clusterer.core.scoring.scorer import shipped_weights

DIMENSION = 200  # not a multiple of 64, the bits of a word


def near_topics(count: int, seed: int, topics: int = 40) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(topics, DIMENSION))
    vectors = centres[rng.integers(0, topics, count)] + 0.8 * rng.normal(size=(count, DIMENSION)) + 0.5
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def recall(found: np.ndarray, ids: np.ndarray, vectors: np.ndarray, queries: np.ndarray, k: int) -> float:
    exact = ids[np.argsort(-(queries @ vectors.T), axis=1)[:, :k]]
    return float(
        np.mean([len({*one} & {*other}) / k for one, other in zip(exact.tolist(), found.tolist(), strict=True)])
    )


def test_is_exact_up_to_its_bound_and_gives_more_than_asked_above() -> None:
    vectors, ids = near_topics(3_001, 1), np.arange(3_001, dtype=np.int64)
    index, exact = WindowIndex(DIMENSION, exact_up_to=3_000), FaissIndex(DIMENSION)
    for one in (index, exact):
        one.add(ids[:3_000], vectors[:3_000])
    scores, found = index.search(vectors[:20], 10)
    expected_scores, expected = exact.search(vectors[:20], 10)
    assert found.tolist() == expected.tolist()
    assert scores.tolist() == expected_scores.tolist()
    index.add(ids[3_000:], vectors[3_000:])
    assert len(index) == 3_001
    scores, found = index.search(vectors[-20:], 10)
    assert found.shape[1] > 10
    assert [row[0] for row in found.tolist()] == ids[-20:].tolist()
    assert (np.diff(scores, axis=1) <= 1e-6).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nearly_all_neighbours_are_among_the_candidates_after_much_coming_and_going(seed: int) -> None:
    """12,000 vectors pass through a window of 6,000."""
    vectors, ids = near_topics(12_000, seed), np.arange(12_000, dtype=np.int64) * 7 + 2**40
    index = WindowIndex(DIMENSION, exact_up_to=2_000)
    rng = np.random.default_rng(seed)
    inside: list[int] = []
    for start in range(0, 12_000, 500):
        index.add(ids[start : start + 500], vectors[start : start + 500])
        inside += range(start, start + 500)
        if len(inside) > 6_000:
            gone = rng.permutation(inside[:2_000])[:500].tolist()
            index.remove(ids[gone])
            inside = [place for place in inside if place not in set(gone)]
    assert len(index) == len(inside)
    queries = near_topics(100, seed)
    found = index.search(queries, 20)[1]
    assert set(found[found >= 0].tolist()) <= set(ids[inside].tolist())
    assert recall(found, ids[inside], vectors[inside], queries, 20) > 0.95


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 500)), min_size=1, max_size=5), st.integers(0, 99))
def test_holds_what_was_added_and_not_removed(turns: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    index = CodedIndex(DIMENSION, np.zeros(DIMENSION, np.float32))
    inside: dict[int, np.ndarray] = {}
    fresh = 0
    for come, go in turns:
        vectors = near_topics(come, seed + fresh, topics=1 + seed % 5) if come else np.zeros((0, DIMENSION), np.float32)
        index.add(np.arange(fresh, fresh + come, dtype=np.int64), vectors)
        inside |= dict(zip(range(fresh, fresh + come), vectors, strict=True))
        fresh += come
        gone = rng.permutation(list(inside) or [0])[:go].astype(np.int64)
        index.remove(np.append(gone, 10**9))
        for one in gone.tolist():
            inside.pop(one, None)
    assert len(index) == len(inside)
    sample = list(inside)[:40]
    for one in sample:  # each is its own nearest, unless others have all its signs
        scores, found = index.search(inside[one][None], 400)
        assert one in found[0].tolist() or scores[0, -1] == scores[0, 0]
        assert set(found[found >= 0].tolist()) <= inside.keys()


@pytest.mark.parametrize("loaded_together", [1, 250])
def test_a_window_compares_with_nearly_all_of_the_nearest(loaded_together: int) -> None:
    """Candidates by signs miss some of the nearest; most of these are neighbours of the others."""
    vectors = near_topics(2_500, 3).astype(np.float16).astype(np.float32)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    articles = [Evidence(seq, vector, Sparse(), at, at) for seq, vector in enumerate(vectors)]
    window = Window(WindowIndex(DIMENSION, exact_up_to=500), shipped_weights())
    for start in range(0, 2_400, loaded_together):
        window.load([(one, f"c{one.seq}") for one in articles[start : min(start + loaded_together, 2_400)]])
    window.remove(17)
    found = np.array([window.compare(one)[0].seqs for one in articles[2_400:]])
    inside = np.delete(np.arange(2_400), 17)
    assert recall(found, inside, vectors[inside], vectors[2_400:], 50) > 0.98


def test_lists_go_with_their_vectors() -> None:
    """Events come and go; what a search looks through must not fill with the empty lists of those that are gone."""
    index = CodedIndex(DIMENSION, np.zeros(DIMENSION, np.float32))
    for turn in range(12):
        ids = np.arange(3_000 * turn, 3_000 * (turn + 1), dtype=np.int64)
        vectors = near_topics(3_000, turn, topics=6)
        index.add(ids, vectors)
        index.remove(ids[:-10] - 3_000)
        assert index.search(vectors[:5], 5)[1][:, 0].tolist() == ids[:5].tolist()
    assert len(index) == 3_000 + 11 * 10
    assert index._lists <= 30


@pytest.mark.parametrize("seed", range(4))
def test_a_split_may_lead_to_another(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """With small lists, splits are so many that what was to go into one that was split often falls to another full one."""
    monkeypatch.setattr("clusterer.adapters.coded_index._LIST", 16)
    monkeypatch.setattr("clusterer.adapters.coded_index._LEAST", 4)
    index = CodedIndex(DIMENSION, np.zeros(DIMENSION, np.float32))
    vectors, ids = near_topics(3_000, seed), np.arange(3_000, dtype=np.int64)
    index.add(ids, vectors)
    assert int(index._sizes[: index._lists].sum()) == len(index) == 3_000
    index.remove(ids[::2])
    assert len(index) == 1_500
    found = index.search(vectors[1:200:2], 1)[1]
    assert found[:, 0].tolist() == ids[1:200:2].tolist()


def test_a_thousand_times_the_same_vector() -> None:
    """What a form without words of its own gives; lists of it must still be split in two."""
    vectors, ids = np.repeat(near_topics(1, 1), 2_000, axis=0), np.arange(2_000, dtype=np.int64)
    index = CodedIndex(DIMENSION, np.zeros(DIMENSION, np.float32))
    index.add(ids, vectors)
    found = index.search(vectors[:1], 50)[1]
    assert len(set(found[0].tolist())) == found.shape[1] > 50
    index.remove(ids[:1_999])
    assert [one for one in index.search(vectors[:1], 50)[1][0].tolist() if one >= 0] == [1_999]


@pytest.mark.parametrize("exact_up_to", [2, 1_000])
def test_refuses_what_would_corrupt_it(exact_up_to: int) -> None:
    index = WindowIndex(DIMENSION, exact_up_to)
    vectors, ids = near_topics(10, 1), np.arange(10, dtype=np.int64)
    index.add(ids[:5], vectors[:5])
    index.add(ids[5:], vectors[5:])
    for bad, numbers in ((vectors[:1], ids[:1]), (vectors[:1] * 0, ids[:1] + 50), (vectors[:1] * np.nan, ids[:1] + 50)):
        with pytest.raises(ValueError, match=r"id|zeros|NaN"):
            index.add(numbers, bad)
    with pytest.raises(ValueError, match="this index takes"):
        index.search(vectors[:, :5], 3)
    assert len(index) == 10


def test_one_insertion_or_search_does_not_look_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a search looks at is bounded, however many vectors there are."""
    looked: list[int] = []
    differing = CodedIndex._differing

    def counted(self: CodedIndex, lists: np.ndarray, code: np.ndarray) -> np.ndarray:
        looked.append(len(lists))
        return differing(self, lists, code)

    monkeypatch.setattr(CodedIndex, "_differing", counted)
    index = CodedIndex(DIMENSION, np.zeros(DIMENSION, np.float32))
    vectors = near_topics(40_000, 4, topics=400)
    for start in (0, 20_000):
        index.add(np.arange(start, start + 20_000, dtype=np.int64), vectors[start : start + 20_000])
        index.search(vectors[:3], 10)
    assert max(looked) == 40
    assert index._lists > 100


def test_a_window_that_is_built_is_searched_exactly_until_articles_come_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clusterer.adapters.window_index.EXACT_WHILE_LOADED", 900)
    vectors, ids = near_topics(1_300, 5), np.arange(1_300, dtype=np.int64)
    built, grown = (WindowIndex(DIMENSION, exact_up_to=300) for _ in range(2))
    for start in range(0, 900, 100):
        built.add(ids[start : start + 100], vectors[start : start + 100])
        grown.add(ids[start : start + 100], vectors[start : start + 100])
    assert built.search(vectors[:1], 10)[1].shape == (1, 10)
    built.add(ids[900:901], vectors[900:901])  # one that arrives
    grown.add(ids[900:1_000], vectors[900:1_000])  # more than may be searched exactly
    for index, count in ((built, 901), (grown, 1_000)):
        found = index.search(vectors[:1], 10)[1]
        assert len(index) == count
        assert found.shape[1] > 10, "candidates by estimates"
        assert 0 in found[0].tolist()
