"""Which article in a window is in which cluster."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


class ClusterMembers:
    """Each article's cluster, and each cluster's articles."""

    def __init__(self) -> None:
        self._cluster_of: dict[int, str] = {}
        self._members: dict[str, set[int]] = {}
        self._unmovable: set[int] = set()

    def __len__(self) -> int:
        return len(self._cluster_of)

    def __contains__(self, seq: int) -> bool:
        return seq in self._cluster_of

    def cluster_of(self, seq: int) -> str | None:
        """None for an unknown article."""
        return self._cluster_of.get(seq)

    def of(self, cluster_id: str) -> tuple[int, ...]:
        """Seqs of a cluster's articles, ascending; empty for an unknown cluster."""
        return tuple(sorted(self._members.get(cluster_id, ())))

    def size(self, cluster_id: str) -> int:
        """0 for an unknown cluster."""
        return len(self._members.get(cluster_id, ()))

    def enter(self, seq: int, cluster_id: str, movable: bool) -> None:
        """Take in an unknown article. movable: it may move its cluster's centre."""
        if not movable:
            self._unmovable.add(seq)
        self._put(seq, cluster_id)

    def move(self, seq: int, cluster_id: str) -> None:
        """Put a known article into another cluster, which may be new. Raises KeyError for an unknown seq."""
        self._take_out(seq)
        self._put(seq, cluster_id)

    def forget(self, seq: int) -> None:
        """Raises KeyError for an unknown seq."""
        self._take_out(seq)
        self._unmovable.discard(seq)

    def sample(self, cluster_id: str, most: int, rank: Mapping[int, int]) -> list[int]:
        """A cluster's articles to compare with: those that may move its centre, at most so many, half of them the nearest (by `rank`)."""
        seqs = self.of(cluster_id)
        seqs = tuple(seq for seq in seqs if seq not in self._unmovable) or seqs
        if len(seqs) <= most:
            return list(seqs)
        nearest = sorted((seq for seq in seqs if seq in rank), key=lambda seq: rank[seq])[: most // 2]
        rest = [seq for seq in seqs if seq not in set(nearest)]
        spread = np.linspace(0, len(rest) - 1, most - len(nearest)).round().astype(int)
        return sorted({*nearest, *(rest[place] for place in spread)})

    def _put(self, seq: int, cluster_id: str) -> None:
        self._cluster_of[seq] = cluster_id
        self._members.setdefault(cluster_id, set()).add(seq)

    def _take_out(self, seq: int) -> None:
        cluster_id = self._cluster_of.pop(seq)
        self._members[cluster_id].remove(seq)
        if not self._members[cluster_id]:
            del self._members[cluster_id]
