"""The table of neighbours holds what a plain list for each article would, however articles come and go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.clustering.neighbourhood import MEANING, NEIGHBOURS, WORDS, Near, Neighbourhood, best_and_usual

START = datetime(2026, 3, 1, tzinfo=UTC)
DIMENSION = 4


class Plain:
    """seq -> {other seq: (meaning, words)}, forgetting at once."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, tuple[float, float]]] = {}

    def add(self, seq: int, near: Near) -> None:
        row = {}
        for other, meaning, words in zip(near.seqs.tolist(), near.meaning.tolist(), near.words.tolist(), strict=True):
            row[other] = meaning, words
            theirs = self.rows[other]
            least = min(theirs, key=lambda one: theirs[one][0]) if len(theirs) == NEIGHBOURS else None
            if least is None or meaning > theirs[least][0]:
                theirs.pop(least, None)  # type: ignore[arg-type]
                theirs[seq] = meaning, words
        self.rows[seq] = row

    def remove(self, seqs: list[int]) -> None:
        for seq in seqs:
            del self.rows[seq]
        for row in self.rows.values():
            for seq in seqs:
                row.pop(seq, None)


def near(plain: Plain, rng: np.random.Generator) -> Near:
    """Up to NEIGHBOURS known articles with similarities that are all different."""
    known = rng.permutation(list(plain.rows))[:NEIGHBOURS].astype(np.int64)
    meaning = -np.sort(-rng.random(len(known)).astype(np.float32)).astype(np.float64)
    return Near(known, meaning, rng.random(len(known)).astype(np.float32).astype(np.float64), 7.0)


def check(known: Neighbourhood, plain: Plain) -> None:
    assert len(known) == len(plain.rows)
    for seq, row in plain.rows.items():
        found = known.near(seq)
        ordered = sorted(row, key=lambda one: (-row[one][0], one))
        assert found.seqs.tolist() == ordered
        assert [*zip(found.meaning.tolist(), found.words.tolist(), strict=True)] == [row[one] for one in ordered]
        scale = known.scale([seq])
        full = np.full((2, 1, NEIGHBOURS), -np.inf)
        full[:, 0, : len(row)] = np.array(list(row.values())).reshape(-1, 2).T
        for (best, usual), values, presumed in (
            ((scale.best_meaning, scale.usual_meaning), full[0], MEANING),
            ((scale.best_words, scale.usual_words), full[1], WORDS),
        ):
            expected = best_and_usual(values, presumed)
            np.testing.assert_allclose([best[0], usual[0]], np.array(expected)[:, 0], atol=1e-12)
        assert known.days([seq]) == [Neighbourhood.day(START + timedelta(days=seq % 30))]
        assert known.leads([seq]).tolist() == [[seq % 5, 0, 0, 1]]


def enter(known: Neighbourhood, plain: Plain, seq: int, rng: np.random.Generator) -> None:
    arrival = near(plain, rng)
    known.add(seq, np.array([seq % 5, 0, 0, 1], np.float32), START + timedelta(days=seq % 30), arrival)
    plain.add(seq, arrival)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 70), st.integers(0, 40)), max_size=12), st.integers(0, 1_000), st.booleans())
def test_holds_what_plain_lists_hold(turns: list[tuple[int, int]], seed: int, look: bool) -> None:
    rng = np.random.default_rng(seed)
    known, plain, seq = Neighbourhood(), Plain(), 0
    for come, go in turns:
        for _ in range(come):
            seq += 1
            enter(known, plain, seq, rng)
        gone = rng.permutation(list(plain.rows))[:go].tolist()
        known.remove(gone)
        plain.remove(gone)
        if look:  # looking takes forgotten articles out of rows, which must not be what the result depends on
            check(known, plain)
    check(known, plain)


def test_an_article_may_come_back() -> None:
    rng = np.random.default_rng(0)
    known, plain = Neighbourhood(), Plain()
    for seq in (1, 2, 3):
        enter(known, plain, seq, rng)
    for _ in range(40):
        known.remove([2])
        plain.remove([2])
        enter(known, plain, 2, rng)
        check(known, plain)


def test_rows_are_used_again() -> None:
    """A window whose articles come and go needs room for a fifth more at most."""
    known, near_none = Neighbourhood(), Near(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 7.0)
    lead = np.ones(DIMENSION, np.float32)
    for seq in range(20_000):
        known.add(seq, lead, None, near_none)
        if seq >= 1_000:
            known.remove([seq - 1_000])
    assert known._used <= 1_200


@pytest.mark.parametrize("size", [300, 3_000])
def test_no_step_passes_over_all_rows(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    asked: list[int] = []
    clean = Neighbourhood._without_dead

    def counted(self: Neighbourhood, slots: Any) -> None:
        asked.append(len(slots))
        clean(self, slots)

    rng = np.random.default_rng(0)
    known, plain = Neighbourhood(), Plain()
    for seq in range(size):
        enter(known, plain, seq, rng) if seq < 100 else known.add(
            seq, np.ones(DIMENSION, np.float32), None, near(plain, rng)
        )
    monkeypatch.setattr(Neighbourhood, "_without_dead", counted)
    known.remove([0])
    known.remove([size - 1, size - 2])
    known.scale([1])
    assert sum(asked) <= 16 * 3 + 1


def test_vectors_come_back_as_their_halves_say() -> None:
    """Every finite half, the smallest and both zeros among them."""
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)].reshape(-1, DIMENSION)
    known, nobody = Neighbourhood(), Near(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 7.0)
    for seq, row in enumerate(halves[::37]):
        known.add(seq, row.astype(np.float32), None, nobody)
    found = known.leads(range(len(halves[::37])))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.view(np.uint32), halves[::37].astype(np.float32).view(np.uint32))
