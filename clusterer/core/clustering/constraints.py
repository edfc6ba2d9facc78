"""The corrections by people that a window and a night are bound by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        """The partners of an article's must-links."""
        return _partners(self.must_link, seq)

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

        clusters: a number for the cluster of each article.
        """
        position = {seq: place for place, seq in enumerate(seqs)}
        for pairs, value in ((self.must_link, together), (self.cannot_link, apart)):
            for left, right in pairs:
                if left in position and right in position:
                    logits[position[left], position[right]] = logits[position[right], position[left]] = value
        for seq in self.pinned.intersection(seqs):
            elsewhere = clusters != clusters[position[seq]]
            logits[position[seq], elsewhere] = logits[elsewhere, position[seq]] = apart


NO_CONSTRAINTS = Constraints()


def _partners(pairs: Iterable[tuple[int, int]], seq: int) -> set[int]:
    return {right if left == seq else left for left, right in pairs if seq in (left, right)}
