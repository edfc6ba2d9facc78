"""The corrections by people that a window and a night are bound by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from clusterer.core.corrections import tied_together

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Constraints:
    """What people decided. must_link and cannot_link: pairs of seqs in any order; pinned members never leave their cluster."""

    must_link: frozenset[tuple[int, int]] = frozenset()
    cannot_link: frozenset[tuple[int, int]] = frozenset()
    pinned: frozenset[int] = frozenset()

    def linked_with(self, seq: int) -> set[int]:
        """The articles that one must be together with, directly or through others, which may be gone."""
        return {*_knots(self.must_link).get(seq, ())} - {seq}

    def together(self, seqs: Iterable[int]) -> list[list[int]]:
        """Those of some articles that must be together, in groups of two and more."""
        knots = _knots(self.must_link)
        groups: dict[int, list[int]] = {}
        for seq in seqs:
            if seq in knots:
                groups.setdefault(min(knots[seq]), []).append(seq)
        return [group for group in groups.values() if len(group) > 1]

    def kept_from(self, seq: int) -> set[int]:
        """The partners of an article's cannot-links."""
        return _partners(self.cannot_link, seq)

    def impose(
        self,
        logits: NDArray[np.float64],
        seqs: Sequence[int],
        clusters: NDArray[np.int64],
        together: float,
        apart: float,
    ) -> None:
        """Overwrite the scores of corrected pairs in place. Where corrections contradict each other, apart wins.

        Of articles that must be together all pairs count as such, also those that are so through others: one linked with many would
        not hold together those that are unlike. clusters: a number for the cluster of each article.
        """
        position = {seq: place for place, seq in enumerate(seqs)}
        for group in self.together(seqs):
            places = [position[seq] for seq in group]
            for place in places:
                logits[place, places] = together
        for left, right in self.cannot_link:
            if left in position and right in position:
                logits[position[left], position[right]] = logits[position[right], position[left]] = apart
        for seq in self.pinned.intersection(seqs):
            elsewhere = clusters != clusters[position[seq]]
            logits[position[seq], elsewhere] = logits[elsewhere, position[seq]] = apart


NO_CONSTRAINTS = Constraints()


@lru_cache(maxsize=4)
def _knots(must_link: frozenset[tuple[int, int]]) -> Mapping[int, Set[int]]:
    return tied_together(must_link)


def _partners(pairs: Iterable[tuple[int, int]], seq: int) -> set[int]:
    return {right if left == seq else left for left, right in pairs if seq in (left, right)}
