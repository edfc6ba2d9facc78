"""Average linkage on pair logits, cut so that no group chains.

Two groups join while the mean logit across them reaches the cut (UPGMA, Sokal and Michener 1958) and the mean pairwise probability
within the result, counted from the cut, stays at one half or more: a chain of near neighbours has a low mean and is not taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grouping:
    """labels: group of each item, shape (n,). merges: (n - 1, 2) node numbers joined in turn (node n + i is made by row i)."""

    labels: NDArray[np.int64]
    merges: NDArray[np.int64]

    def first_partners(self, item: int) -> list[int]:
        """The items that `item` joined, or would have joined, first; empty when it is alone."""
        n = len(self.labels)
        for left, right in self.merges.tolist():
            if item in (left, right):
                return self._leaves(right if item == left else left, n)
        return []

    def _leaves(self, node: int, n: int) -> list[int]:
        stack, leaves = [node], []
        while stack:
            node = stack.pop()
            if node < n:
                leaves.append(node)
            else:
                stack.extend(self.merges[node - n].tolist())
        return sorted(leaves)


def agglomerate(logits: Floats, cut: float, plain: Floats | None = None) -> Grouping:
    """Groups of n items by their symmetric pair logits, shape (n, n); the diagonal is ignored.

    plain: logits that the mean probability within a group is taken from, where they differ from those that are linked by.
    """
    n = len(logits)
    if n < 2:
        return Grouping(np.zeros(n, np.int64), np.zeros((0, 2), np.int64))
    merges, means = _linked(logits)
    accepted = _accepted(logits if plain is None else plain, merges, means >= cut, cut)
    return Grouping(_labels(n, merges, accepted), merges)


def _linked(logits: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The nodes that average linkage joins in turn, and the mean logit across each two."""
    if len(logits) == 2:  # two in three localities of news; there is nothing to be chosen
        return np.array([[0, 1]], np.int64), logits[0, 1:]
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    condensed = squareform(logits, checks=False)
    ceiling = float(condensed.max())
    tree = linkage(ceiling - condensed, "average")
    return tree[:, :2].astype(np.int64), ceiling - tree[:, 2]


def _accepted(logits: Floats, merges: NDArray[np.int64], reaches_cut: NDArray[np.bool_], cut: float) -> list[bool]:
    """Which merges keep the cut, by mean logit and by mean probability counted from it, all merges below them included."""
    n = len(logits)
    from scipy.special import expit

    sums = dict(enumerate(expit(logits - cut)))
    members = {item: [item] for item in range(n)}
    within = dict.fromkeys(range(n), 0.0)
    accepted: list[bool] = []
    for node, (left, right) in enumerate(merges.tolist(), start=n):
        good = bool(reaches_cut[node - n]) and left in members and right in members
        if good:
            total = within[left] + within[right] + float(sums[left][members[right]].sum())
            size = len(members[left]) + len(members[right])
            good = total >= 0.5 * size * (size - 1) / 2
        if good:
            members[node] = members.pop(left) + members.pop(right)
            sums[node] = sums.pop(left) + sums.pop(right)
            within[node] = total
        accepted.append(good)
    return accepted


def _labels(n: int, merges: NDArray[np.int64], accepted: list[bool]) -> NDArray[np.int64]:
    labels = np.arange(n + len(merges))
    for node in range(n + len(merges) - 1, n - 1, -1):
        if accepted[node - n]:
            labels[merges[node - n]] = labels[node]
    _, compact = np.unique(labels[:n], return_inverse=True)
    return compact.astype(np.int64)
