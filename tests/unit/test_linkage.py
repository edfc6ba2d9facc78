"""Average linkage with a cut joins what belongs together and does not chain."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from clusterer.core.clustering.linkage import agglomerate


def blocks(sizes: list[int], inside: float, across: float) -> np.ndarray:
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return np.where(owner[:, None] == owner[None, :], inside, across).astype(float)


def chain(length: int, near: float, far: float) -> np.ndarray:
    gap = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    return np.where(gap <= 1, near, far).astype(float)


def test_blocks_are_found() -> None:
    labels = agglomerate(blocks([4, 1, 3], 3.0, -3.0), cut=0.0).labels
    assert [len(set(labels[part])) for part in (slice(0, 4), slice(4, 5), slice(5, 8))] == [1, 1, 1]
    assert len(set(labels)) == 3


def test_a_chain_of_near_neighbours_is_broken() -> None:
    labels = agglomerate(chain(20, near=4.0, far=-4.0), cut=0.0).labels
    assert max(np.bincount(labels)) <= 3


def test_first_partners_are_whom_an_item_links_with() -> None:
    logits = blocks([3, 2, 1], 3.0, -3.0)
    logits[5, :3] = logits[:3, 5] = 1.0
    grouping = agglomerate(logits, cut=0.0)
    assert grouping.first_partners(5) == [0, 1, 2]
    assert grouping.labels[5] == grouping.labels[0]


def test_one_item_and_none() -> None:
    assert agglomerate(np.zeros((1, 1)), 0.0).labels.tolist() == [0]
    assert agglomerate(np.zeros((0, 0)), 0.0).labels.tolist() == []
    assert agglomerate(np.zeros((1, 1)), 0.0).first_partners(0) == []


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 12).flatmap(lambda n: arrays(float, (n, n), elements=st.floats(-6, 6))), st.floats(-1, 1))
def test_every_group_keeps_its_mean_probability(raw: np.ndarray, cut: float) -> None:
    logits = (raw + raw.T) / 2
    labels = agglomerate(logits, cut).labels
    for label in set(labels.tolist()):
        inside = np.flatnonzero(labels == label)
        if len(inside) > 1:
            pairs = logits[np.ix_(inside, inside)][np.triu_indices(len(inside), 1)]
            assert expit(pairs - cut).mean() >= 0.5 - 1e-9
            assert pairs.mean() >= cut - 1e-9
