"""Clusters that tell one saga are told of together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from clusterer.core.cluster_records import StorylineEntry


class Storylines(Protocol):
    """See CollectionStore for what all methods promise.

    A storyline holds living clusters of the published generation. One that is merged away leaves its place to the one it stands for,
    unless that is in a storyline of its own; one that ends leaves its storyline.
    """

    def storylines(self) -> Mapping[str, str]:
        """cluster -> storyline, of all clusters that are in one."""
        ...

    def storyline_aliases(self) -> Mapping[str, str]:
        """Storyline that ended -> the one it stood for when it ended."""
        ...

    def storyline_of(self, cluster_id: str) -> str | None: ...

    def storyline(self, storyline_id: str, after: StorylineEntry | None, limit: int) -> list[StorylineEntry]:
        """Its clusters that come after an entry, in order of time, then of id; empty for one that never was or has ended."""
        ...

    def tell(self, rows: Sequence[tuple[str, str | None, datetime]], aliases: Mapping[str, str] | None = None) -> None:
        """Put clusters into storylines: (cluster, storyline or None for none, when it begins); any number, in slices.

        A cluster that is not living is in none afterwards. aliases: what ended storylines stand for; added to those there are.
        """
        ...

    def strike(self, storyline_id: str, clusters: Sequence[str]) -> None:
        """Take from a storyline's list what does not belong there. For repair."""
        ...
