"""Corrections that contradict each other: two articles that must and must not be together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from clusterer.core.records import Correction

if TYPE_CHECKING:
    from scipy.cluster.hierarchy import DisjointSet


def conflicts(corrections: Sequence[Correction]) -> list[tuple[Correction, tuple[Correction, ...]]]:
    """Each `cannot_link` whose two articles the `must_link`s tie together, with the `must_link`s of that knot."""
    must = [one for one in corrections if one.kind == "must_link"]
    knots = tied_together(one.seqs for one in must)
    found: list[tuple[Correction, tuple[Correction, ...]]] = []
    for cannot in corrections:
        if cannot.kind == "cannot_link" and all(seq in knots for seq in cannot.seqs) and knots.connected(*cannot.seqs):
            knot = knots.subset(cannot.seqs[0])
            found.append((cannot, tuple(one for one in must if one.seqs[0] in knot)))
    return found


def tied_together(ties: Iterable[Sequence[int]]) -> DisjointSet:
    """The articles that these ties hold together, directly or through others."""
    from scipy.cluster.hierarchy import DisjointSet

    knots = DisjointSet()
    for tie in ties:
        for seq in tie:
            knots.add(seq)
            knots.merge(tie[0], seq)
    return knots
