"""The table of neighbours holds what a plain list for each article would, however articles come and go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.clustering.neighbourhood import NEIGHBOURS, Near, Neighbourhood
from clusterer.core.scoring.scales import MEANING, WORDS, best_and_usual

START = datetime(2026, 3, 1, tzinfo=UTC)
DIMENSION = 4
STEPS = 32_767  # of similarities as the table keeps them


class Plain:
    """Of each article NEIGHBOURS places with (meaning, words, seq) of another or None, forgetting at once."""

    def __init__(self) -> None:
        self.rows: dict[int, list[tuple[float, float, int] | None]] = {}

    def add(self, seq: int, near: Near) -> None:
        row = list(zip(near.meaning.tolist(), near.words.tolist(), near.seqs.tolist(), strict=True))
        for meaning, words, other in row:
            theirs = self.rows[other]
            least = min(range(NEIGHBOURS), key=lambda place: (theirs[place] or (-1.0,))[0])
            if meaning > (theirs[least] or (-1.0,))[0]:
                theirs[least] = meaning, words, seq
        self.rows[seq] = [*row, *[None] * (NEIGHBOURS - len(row))]

    def of(self, seq: int) -> list[tuple[float, float, int]]:
        return [one for one in self.rows[seq] if one]

    def remove(self, seqs: list[int]) -> None:
        for seq in seqs:
            del self.rows[seq]
        for other, row in self.rows.items():
            self.rows[other] = [None if one and one[2] in seqs else one for one in row]


def near(plain: Plain, rng: np.random.Generator) -> Near:
    """Up to NEIGHBOURS known articles, nearest first."""
    known = rng.permutation(list(plain.rows))[:NEIGHBOURS].astype(np.int64)
    meaning = -np.sort(-rng.choice(STEPS, len(known), replace=False) / STEPS)
    return Near(known, meaning, rng.choice(STEPS, len(known)) / STEPS, 7.0)


def check(known: Neighbourhood, plain: Plain) -> None:
    assert len(known) == len(plain.rows)
    seqs = list(plain.rows)
    full = np.full((2, len(seqs), NEIGHBOURS), -np.inf)
    for place, seq in enumerate(seqs):
        found, row = known.near(seq), plain.of(seq)
        kept = zip(found.meaning.tolist(), found.words.tolist(), found.seqs.tolist(), strict=True)
        assert list(kept) == sorted(row, key=lambda one: (-one[0], one[2]))
        full[:, place, : len(row)] = np.array([one[:2] for one in row]).reshape(-1, 2).T
    for some in (slice(0, 1), slice(0, None), slice(None, None, -3)):
        scale = known.scale(seqs[some])
        for (best, usual), values, presumed in (
            ((scale.best_meaning, scale.usual_meaning), full[0, some], MEANING),
            ((scale.best_words, scale.usual_words), full[1, some], WORDS),
        ):
            np.testing.assert_allclose([best, usual], np.array(best_and_usual(values, presumed)), atol=1e-12)
    assert known.days(seqs).tolist() == [Neighbourhood.day(START + timedelta(days=seq % 30)) for seq in seqs]
    assert known.leads(seqs).tolist() == [[seq % 5, 0, 0, 1] for seq in seqs]
    if plain.rows:
        asked, passed = (np.array(list(plain.rows)[start::3], np.int64) for start in (0, 1))
        around, leads = known.around(asked, passed)
        expected = {one[2] for seq in asked.tolist() for one in plain.of(seq)} - set(passed.tolist())
        assert sorted(around.tolist()) == sorted(expected)
        assert leads.tolist() == [[seq % 5, 0, 0, 1] for seq in around.tolist()]


def enter(known: Neighbourhood, plain: Plain, seq: int, rng: np.random.Generator) -> None:
    known.add(*article(plain, seq, rng))


def article(plain: Plain, seq: int, rng: np.random.Generator) -> tuple[int, np.ndarray, datetime, Near]:
    """One that came to the plain lists, as the table takes it."""
    arrival = near(plain, rng)
    plain.add(seq, arrival)
    return seq, np.array([seq % 5, 0, 0, 1], np.float32), START + timedelta(days=seq % 30), arrival


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 40)), max_size=6),
    st.integers(0, 1_000),
    st.booleans(),
    st.sampled_from([1, 7, 100]),
)
def test_holds_what_plain_lists_hold(turns: list[tuple[int, int]], seed: int, look: bool, together: int) -> None:
    """Articles come alone or many at a time, and then have each other as neighbours."""
    rng = np.random.default_rng(seed)
    known, plain, seq = Neighbourhood(), Plain(), 0
    for come, go in turns:
        for start in range(0, come, together):
            count = min(together, come - start)
            known.add_all([article(plain, seq + number, rng) for number in range(1, count + 1)])
            seq += count
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
    for seq in range(5_000):
        known.add(seq, lead, None, near_none)
        if seq >= 500:
            known.remove([seq - 500])
    assert known._used <= 600


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
