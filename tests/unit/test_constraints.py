"""Corrections that contradict each other are found, with all that takes part in the contradiction."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.cluster_records import Correction
from clusterer.core.corrections import conflicts, tied_together

AT = datetime(2026, 3, 2, tzinfo=UTC)


def link(kind, one, other):
    return Correction(kind, (one, other), None, "ada", "seen", AT)


def test_a_chain_of_must_links_against_a_cannot_link():
    chain = [link("must_link", 1, 2), link("must_link", 2, 3)]
    cannot = link("cannot_link", 1, 3)
    assert conflicts([*chain, link("must_link", 7, 8), cannot]) == [(cannot, tuple(chain))]


def test_no_conflict_without_a_path():
    assert conflicts([link("must_link", 1, 2), link("cannot_link", 1, 3), link("must_link", 3, 4)]) == []


def test_the_same_pair_has_one_key_whatever_is_decided():
    assert link("must_link", 1, 2).key == link("cannot_link", 1, 2).key


def test_pins_contradict_nothing():
    pin = Correction("pin", (), "cluster", "ada", "seen", AT)
    ties = [link("must_link", 1, 2), link("cannot_link", 2, 1)]
    assert conflicts([pin, *ties, pin]) == [(ties[1], (ties[0],))]


@given(st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4), max_size=12))
def test_what_is_tied_together_is_what_can_be_reached(ties):
    knots = tied_together(ties)
    neighbours = {
        seq: {other for tie in ties if seq in tie and len(tie) > 1 for other in tie} for tie in ties for seq in tie
    }
    for seq, knot in knots.items():
        reached = {seq}
        while (wider := reached.union(*(neighbours[one] for one in reached))) != reached:
            reached = wider
        assert knot == reached
    assert all(seq in knots for tie in ties if len(tie) > 1 for seq in tie)
