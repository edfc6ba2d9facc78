"""Corrections in force, as the decisions have to obey them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from clusterer.core.cluster_records import Correction
from clusterer.core.clustering.constraints import Constraints
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


def is_pending(correction: Correction, clusters: Sequence[str | None]) -> bool:
    """Whether articles in these clusters are otherwise than a correction says. One that is in no cluster yet will be assigned by it."""
    assigned = [cluster for cluster in clusters if cluster is not None]
    if correction.kind == "cannot_link":
        return len(assigned) > len(set(assigned))
    return correction.kind == "must_link" and len(set(assigned)) > 1


def held_up(books: CollectionStore, links: Iterable[Correction], pinned: Collection[str]) -> list[Correction]:
    """Those that a night would have to carry out in clusters that are pinned, in which it changes nothing."""
    found = list(links)
    facts = books.facts(sorted({seq for link in found for seq in link.seqs}))
    cluster = {one.seq: one.cluster for one in facts if one is not None}
    clusters = [(link, [cluster.get(seq) for seq in link.seqs]) for link in found]
    return [link for link, ids in clusters if is_pending(link, ids) and not set(pinned).isdisjoint(ids)]


def _pairs(corrections: Iterable[Correction], kind: str) -> frozenset[tuple[int, int]]:
    return frozenset((one.seqs[0], seq) for one in corrections if one.kind == kind for seq in one.seqs[1:])
