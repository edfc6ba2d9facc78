"""Corrections that contradict each other: two articles that must and must not be together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clusterer.core.cluster_records import Correction


def conflicts(corrections: Sequence[Correction]) -> list[tuple[Correction, tuple[Correction, ...]]]:
    """Each `cannot_link` whose two articles the `must_link`s tie together, with the `must_link`s of that knot."""
    must = [one for one in corrections if one.kind == "must_link"]
    knots = tied_together(one.seqs for one in must)
    found: list[tuple[Correction, tuple[Correction, ...]]] = []
    for cannot in corrections:
        if cannot.kind != "cannot_link":
            continue
        one, other = cannot.seqs
        knot = knots.get(one, set())
        if other in knot:
            found.append((cannot, tuple(tie for tie in must if tie.seqs[0] in knot)))
    return found


def tied_together(ties: Iterable[Sequence[int]]) -> dict[int, set[int]]:
    """By article, all that these ties hold together with it, directly or through others. The smaller set goes into the larger."""
    knots: dict[int, set[int]] = {}
    for first, *others in ties:
        for other in others:
            less, more = sorted((knots.setdefault(first, {first}), knots.setdefault(other, {other})), key=len)
            if less is not more:
                more |= less
                knots.update(dict.fromkeys(less, more))
    return knots
