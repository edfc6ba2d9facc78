"""Every vector index answers like a search through all vectors, and refuses what would corrupt it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.adapters.index import FaissIndex
from clusterer.ports import VectorIndex

DIMENSION = 8


@pytest.fixture
def index() -> VectorIndex:
    return FaissIndex(DIMENSION)


def unit_vectors(count: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def ids_of(*ids: int) -> np.ndarray:
    return np.array(ids, dtype=np.int64)


def by_force(stored: dict[int, np.ndarray], queries: np.ndarray, k: int) -> np.ndarray:
    """The k best scores of each query, padded with -inf."""
    scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
    if stored:
        best = -np.sort(-(queries @ np.stack(list(stored.values())).T), axis=1)[:, :k]
        scores[:, : best.shape[1]] = best
    return scores


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_answers_like_a_search_through_all_vectors(data: st.DataObject) -> None:
    index: VectorIndex = FaissIndex(DIMENSION)
    stored: dict[int, np.ndarray] = {}
    for turn in range(data.draw(st.integers(1, 5))):
        fresh = data.draw(st.lists(st.integers(0, 40).filter(lambda one: one not in stored), unique=True, max_size=12))
        vectors = unit_vectors(len(fresh), turn)
        index.add(np.array(fresh, dtype=np.int64), vectors)
        stored.update(zip(fresh, vectors, strict=True))
        gone = data.draw(st.lists(st.integers(0, 40), max_size=6))
        index.remove(np.array(gone, dtype=np.int64))
        for one in gone:
            stored.pop(one, None)
        assert len(index) == len(stored)
        if data.draw(st.booleans()):  # searching every turn would hide what removals without a search leave behind
            check_search(index, stored, unit_vectors(3, turn + 100), data.draw(st.integers(1, 8)))
    check_search(index, stored, unit_vectors(3, 99), 5)


def check_search(index: VectorIndex, stored: dict[int, np.ndarray], queries: np.ndarray, k: int) -> None:
    scores, ids = index.search(queries, k)
    assert scores.shape == ids.shape == (len(queries), k)
    np.testing.assert_allclose(scores, by_force(stored, queries, k), atol=1e-5)
    for query, row, found in zip(queries, scores, ids, strict=True):
        for score, one in zip(row, found, strict=True):
            assert one == -1 if score == -np.inf else score == pytest.approx(float(stored[int(one)] @ query), abs=1e-5)


def test_large_ids_come_back_unchanged(index: VectorIndex) -> None:
    vectors = unit_vectors(1, 0)
    index.add(ids_of(2**60 + 1), vectors)
    assert index.search(vectors, 1)[1].tolist() == [[2**60 + 1]]


def test_a_removed_id_can_come_back_with_another_vector(index: VectorIndex) -> None:
    first, second = unit_vectors(2, 0)
    index.add(ids_of(7), first[None])
    index.remove(ids_of(7))
    index.add(ids_of(7), second[None])
    scores, ids = index.search(second[None], 2)
    assert ids.tolist() == [[7, -1]]
    assert scores[0, 0] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "vectors",
    [
        np.full((1, DIMENSION), np.nan, dtype=np.float32),
        np.full((1, DIMENSION), np.inf, dtype=np.float32),
        np.zeros((1, DIMENSION), dtype=np.float32),
        np.ones((1, DIMENSION + 1), dtype=np.float32),
        np.ones(DIMENSION, dtype=np.float32),
    ],
    ids=["nan", "infinity", "zeros", "wide", "flat"],
)
def test_refuses_what_is_no_unit_vector(index: VectorIndex, vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="vector"):
        index.add(ids_of(1), vectors)
    assert len(index) == 0


def test_one_bad_row_keeps_all_out(index: VectorIndex) -> None:
    vectors = unit_vectors(2, 0)
    vectors[1] = 0
    with pytest.raises(ValueError, match="zeros"):
        index.add(ids_of(1, 2), vectors)
    assert index.search(unit_vectors(1, 5), 2)[1].tolist() == [[-1, -1]]


@pytest.mark.parametrize("ids", [[1, 3], [4, 4], [4], [4, 5, 6]], ids=["present", "twice", "too few", "too many"])
def test_refuses_ids_that_do_not_fit(index: VectorIndex, ids: list[int]) -> None:
    index.add(ids_of(1), unit_vectors(1, 0))
    with pytest.raises(ValueError, match="ids"):
        index.add(np.array(ids, dtype=np.int64), unit_vectors(2, 1))
    assert len(index) == 1


@pytest.mark.parametrize("bad", [np.full((1, DIMENSION), np.nan, dtype=np.float32), np.ones((1, 3), dtype=np.float32)])
def test_refuses_a_query_that_is_no_vector(index: VectorIndex, bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="vectors"):
        index.search(bad, 1)
