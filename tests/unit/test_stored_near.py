"""Neighbours come back as they were stored, and only where they mean something."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.clustering.columns import SERIES_SCHEME
from clusterer.core.clustering.neighbourhood import NEIGHBOURS, Near
from clusterer.core.clustering.stored_near import decode_near, encode_near

SEQS = st.integers(1, 2**40)


SERIES = st.none() | st.lists(st.integers(0, 2**64 - 1), max_size=2).map(tuple)


def near(seqs: list[int], background: float = float("inf"), series: tuple[int, ...] | None = None) -> Near:
    count = len(seqs)
    meaning, words = np.linspace(1.0, -0.25, count), np.linspace(0.0, 0.7, count)
    return Near(np.array(seqs, np.int64), meaning, words, 7.0, background, series)


@given(SEQS, st.lists(st.integers(-(2**31) + 1, 2**31 - 1), max_size=NEIGHBOURS), st.floats(-1.0, float("inf")), SERIES)
def test_neighbours_and_series_come_back(
    seq: int, apart: list[int], background: float, series: tuple[int, ...] | None
) -> None:
    given_ones = near([seq + one for one in apart], background, series)
    data = encode_near(seq, given_ones, "a model")
    found = decode_near(data, seq, "a model")
    assert found is not None
    assert len(data) <= 19 + 8 * (len(apart) + len(series or ()))
    assert found.series == series
    assert found.seqs.tolist() == given_ones.seqs.tolist()
    assert found.background == background
    for kept, exact in ((found.meaning, given_ones.meaning), (found.words, given_ones.words)):
        np.testing.assert_allclose(kept, exact, atol=0.5 / 32_767 + 1e-12)


def test_what_was_stored_is_the_same_when_it_is_stored_again() -> None:
    data = encode_near(900, near([5, 899, 901]), "a model")
    found = decode_near(data, 900, "a model")
    assert found is not None
    assert encode_near(900, found, "a model") == data


def test_neighbours_by_another_model_are_none() -> None:
    assert decode_near(encode_near(9, near([1, 2]), "a model"), 9, "another model") is None


@pytest.mark.parametrize("data", [None, b"", b"\x01", b"\x01" * 26, b"\x03" * 25])
def test_a_damaged_record_is_none(data: bytes | None) -> None:
    assert decode_near(data, 9, "a model") is None


def test_a_later_versions_record_is_none() -> None:
    assert decode_near(b"\x03" + encode_near(9, near([1]), "a model")[1:], 9, "a model") is None


def test_a_record_of_before_series_were_stored_is_read() -> None:
    former = bytes.fromhex("01a7446e5654ffaba0000000000000d03f01000000ff7f00000200000000409959")
    found = decode_near(former, 9, "a model")
    assert found is not None
    assert found.seqs.tolist() == [8, 7]
    assert (found.background, found.series) == (0.25, None)


def test_series_of_another_scheme_are_made_anew_and_neighbours_kept() -> None:
    data = bytearray(encode_near(9, near([1, 2], series=(5, 6)), "a model"))
    data[17] = SERIES_SCHEME + 1
    found = decode_near(bytes(data), 9, "a model")
    assert found is not None
    assert found.series is None
    assert found.seqs.tolist() == [1, 2]


@pytest.mark.parametrize("length", range(40))
def test_a_record_that_breaks_off_is_none_or_has_fewer_neighbours(length: int) -> None:
    data = encode_near(9, near([1], series=(5, 6)), "a model")
    found = decode_near(data[:length], 9, "a model")
    assert found is None or found.seqs.tolist() == []


def test_what_is_out_of_all_proportion_away_is_not_stored() -> None:
    assert encode_near(2**40, near([1]), "a model") == b""
