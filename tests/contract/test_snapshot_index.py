"""The index of a snapshot: exact while it is small, and close to exact when it is not."""

from __future__ import annotations

import numpy as np
import pytest

from clusterer.adapters.index import FaissIndex
from clusterer.adapters.snapshot_index import FaissSnapshotIndex

DIMENSION, COUNT, NEIGHBOURS = 64, 6_000, 50


def grouped_vectors() -> np.ndarray:
    """Topics of a hundred vectors, as the texts of a stream have, and through float16, as they are stored."""
    rng = np.random.default_rng(3)
    topics = rng.normal(size=(COUNT // 100, DIMENSION))
    vectors = topics[rng.integers(len(topics), size=COUNT)] + rng.normal(size=(COUNT, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)


def filled(approximate_from: int, ids: np.ndarray, vectors: np.ndarray) -> FaissSnapshotIndex:
    index = FaissSnapshotIndex(DIMENSION, approximate_from)
    index.add(ids, vectors)
    return index


@pytest.mark.parametrize("approximate_from", [COUNT, COUNT + 1])
def test_nearly_all_neighbours_are_found_with_exact_scores(approximate_from: int) -> None:
    vectors, ids = grouped_vectors(), np.arange(COUNT, dtype=np.int64) + 1_000
    exact = FaissIndex(DIMENSION)
    exact.add(ids, vectors)
    queries = vectors[::20]
    wanted_scores, wanted = exact.search(queries, NEIGHBOURS)
    scores, found = filled(approximate_from, ids, vectors).search(queries, NEIGHBOURS)
    recall = np.mean([len(set(a) & set(b)) / NEIGHBOURS for a, b in zip(wanted.tolist(), found.tolist(), strict=True)])
    assert recall >= (0.95 if approximate_from == COUNT else 1.0)
    np.testing.assert_allclose(scores, np.einsum("qd,qnd->qn", queries, vectors[found - 1_000]), atol=1e-5)
    np.testing.assert_allclose(scores[:, 0], wanted_scores[:, 0], atol=1e-5)


def test_the_same_vectors_give_the_same_answers() -> None:
    vectors, ids = grouped_vectors(), np.arange(COUNT, dtype=np.int64)
    one, other = (filled(COUNT, ids, vectors).search(vectors[:100], NEIGHBOURS)[1] for _ in range(2))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("approximate_from", [2, 100])
def test_bad_vectors_are_refused(approximate_from: int) -> None:
    vectors = grouped_vectors()[:4]
    index = FaissSnapshotIndex(DIMENSION, approximate_from)
    with pytest.raises(ValueError, match="filled before"):
        index.search(vectors, 1)
    for ids, bad in (
        ([1, 1], vectors[:2]),
        ([1], vectors[:2]),
        ([1, 2], vectors[:2] * 0),
        ([1, 2], vectors[:2] * np.nan),
    ):
        with pytest.raises(ValueError):
            index.add(np.array(ids, np.int64), bad)


def test_it_is_filled_once() -> None:
    vectors = grouped_vectors()
    index = filled(COUNT + 1, np.arange(COUNT, dtype=np.int64), vectors)
    with pytest.raises(ValueError, match="once"):
        index.add(np.array([COUNT], np.int64), vectors[:1])


@pytest.mark.parametrize("count", [3, 101, 400])
def test_of_equally_near_ones_the_first_are_taken_and_of_too_few_all(count: int) -> None:
    """Below, about and above as many vectors as are dealt out in heaps. Products of these are exact in any order of summing."""
    vectors = np.random.default_rng(5).choice(np.array([-0.125, 0.125], np.float32), size=(count, DIMENSION))
    vectors[::5] = vectors[0]
    scores, found = filled(COUNT, np.arange(count, dtype=np.int64) + 7, vectors).search(vectors[:9], NEIGHBOURS)
    exact = vectors[:9] @ vectors.T
    wanted = np.argsort(-exact, axis=1, kind="stable")[:, :NEIGHBOURS]
    there = wanted.shape[1]
    np.testing.assert_array_equal(found[:, :there], wanted + 7)
    np.testing.assert_array_equal(scores[:, :there], np.take_along_axis(exact, wanted, axis=1))
    assert (found[:, there:] == -1).all()
    assert np.isneginf(scores[:, there:]).all()
