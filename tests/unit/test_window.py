"""The window decides from its state, never changes it by deciding, and can be built again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from clusterer.core.evidence import Evidence, Sparse
from clusterer.core.scorer import shipped_weights, total
from clusterer.core.window import Join, Open, Window

START = datetime(2026, 3, 1, tzinfo=UTC)


class ExactIndex:
    """Brute force inner products, the reference of the FAISS adapter."""

    def __init__(self) -> None:
        self.vectors: dict[int, np.ndarray] = {}

    def add(self, ids, vectors) -> None:
        for key, vector in zip(ids, vectors, strict=True):
            self.vectors[int(key)] = np.array(vector, np.float32)

    def search(self, vectors, k):
        scores = np.full((len(vectors), k), -np.inf, np.float32)
        ids = np.full((len(vectors), k), -1, np.int64)
        if self.vectors:
            keys = np.array(sorted(self.vectors), np.int64)
            products = vectors @ np.stack([self.vectors[int(key)] for key in keys]).T
            order = np.argsort(-products, axis=1, kind="stable")[:, :k]
            ids[:, : order.shape[1]] = keys[order]
            scores[:, : order.shape[1]] = np.take_along_axis(products, order, axis=1)
        return scores, ids

    def remove(self, ids) -> None:
        for key in ids:
            self.vectors.pop(int(key), None)

    def __len__(self) -> int:
        return len(self.vectors)


def article(seq: int, angle: float, hours: float = 0.0) -> Evidence:
    vector = np.zeros(8, np.float32)
    vector[0], vector[1] = np.cos(angle), np.sin(angle)
    at = START + timedelta(hours=hours)
    return Evidence(seq, vector, vector, Sparse(), at, at)


@pytest.fixture
def window() -> Window:
    return Window(ExactIndex(), shipped_weights())


def test_an_empty_window_opens(window: Window) -> None:
    decision = window.decide(article(1, 0.0))
    assert isinstance(decision, Open)
    assert decision.reasons.rule == "no_candidates"


def test_the_same_article_joins_and_its_reasons_add_up(window: Window) -> None:
    window.add(article(1, 0.0), "a")
    window.add(article(2, 1.5), "b")
    decision = window.decide(article(3, 0.02))
    assert isinstance(decision, Join)
    assert decision.cluster_id == "a"
    reasons = decision.reasons
    assert reasons.logit == total(reasons.intercept, reasons.terms)
    assert reasons.runner_up is not None
    assert reasons.runner_up.cluster_id == "b"


def test_moves_merges_and_expiry_keep_the_books(window: Window) -> None:
    for seq in range(1, 5):
        window.add(article(seq, 0.1 * seq, hours=seq), "a" if seq < 3 else "b")
    window.move(1, "c")
    window.merge("b", "c")
    assert window.members("c") == (1, 3, 4)
    assert window.members("b") == ()
    assert window.expire(START + timedelta(hours=2)) == [1]
    assert len(window) == 3
    assert window.cluster_of(1) is None


def test_a_known_seq_is_refused(window: Window) -> None:
    window.add(article(1, 0.0), "a")
    with pytest.raises(ValueError, match="already"):
        window.add(article(1, 0.0), "a")
