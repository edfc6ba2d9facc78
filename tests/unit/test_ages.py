"""The oldest articles are those that sorting would give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.clustering.ages import Ages

START = datetime(2026, 3, 1, tzinfo=UTC)


@given(
    st.dictionaries(st.integers(1, 2**62), st.integers(-5, 5), max_size=30),
    st.sets(st.integers(0, 29)),
    st.integers(-6, 6),
    st.integers(-1, 31),
)
def test_takes_what_sorting_gives(hours: dict[int, int], places: set[int], bound: int, at_most: int) -> None:
    ages = Ages()
    received = {seq: START + timedelta(hours=hour) for seq, hour in hours.items()}
    for seq, at in received.items():
        ages.add(seq, at)
    for seq in [seq for place, seq in enumerate(hours) if place in places]:
        ages.discard(seq)
        del received[seq]
    before = START + timedelta(hours=bound)
    by_age = sorted(received, key=lambda seq: (received[seq], seq))
    expected = [seq for seq in by_age if received[seq] < before][: max(0, at_most)]
    assert ages.take_oldest(before, at_most) == expected
    assert len(ages) == len(received) - len(expected)
    assert ages.take_oldest(before, 100) == [seq for seq in by_age if received[seq] < before][len(expected) :]


@pytest.mark.parametrize("later", [0, 2])
def test_an_article_that_came_back_is_taken_once(later: int) -> None:
    ages = Ages()
    ages.add(7, START)
    ages.discard(7)
    ages.add(7, START + timedelta(hours=later))
    assert ages.take_oldest(START + timedelta(hours=1), 5) == ([7] if later == 0 else [])
    assert ages.take_oldest(START + timedelta(hours=3), 5) == ([] if later == 0 else [7])


def test_nothing_is_looked_at_but_what_is_taken() -> None:
    """The cost of asking in vain must not grow with the number of articles."""

    class Counted(int):
        compared = 0

        def __lt__(self, other: object) -> bool:
            Counted.compared += 1
            return int.__lt__(self, other)  # type: ignore[operator]

    ages = Ages()
    for seq in range(2_000):
        ages.add(seq, START)
    ages._heap = [Counted(key) for key in ages._heap]
    assert ages.take_oldest(START, 100) == []
    assert Counted.compared <= 2
