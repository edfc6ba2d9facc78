"""Corrections in force, as the decisions have to obey them."""

from __future__ import annotations

from collections.abc import Iterable

from clusterer.core.cluster_records import Correction
from clusterer.core.clustering.decisions import Constraints
from clusterer.pipeline.feed import members_of
from clusterer.ports import CollectionStore


def pinned_clusters(books: CollectionStore, corrections: Iterable[Correction]) -> frozenset[str]:
    """Clusters that are pinned, under the ids they have now."""
    ids = {books.resolve(one.cluster) for one in corrections if one.kind == "pin" and one.cluster}
    return frozenset(cluster_id for cluster_id in ids if cluster_id)


def constraints_of(books: CollectionStore) -> Constraints:
    """All corrections in force, by seq."""
    corrections = books.corrections()
    pinned = [seq for cluster_id in pinned_clusters(books, corrections) for seq in members_of(books, cluster_id)]
    return Constraints(
        must_link=_pairs(corrections, "must_link"),
        cannot_link=_pairs(corrections, "cannot_link"),
        pinned=frozenset(pinned),
    )


def _pairs(corrections: Iterable[Correction], kind: str) -> frozenset[tuple[int, int]]:
    return frozenset((one.seqs[0], seq) for one in corrections if one.kind == kind for seq in one.seqs[1:])
