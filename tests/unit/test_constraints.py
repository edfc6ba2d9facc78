"""Corrections that contradict each other are found, with all that takes part in the contradiction."""

from __future__ import annotations

from datetime import UTC, datetime

from clusterer.core.corrections import conflicts
from clusterer.core.records import Correction

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
