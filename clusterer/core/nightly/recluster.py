"""The nightly grouping of a snapshot, made with hindsight.

Each article is compared with its nearest neighbours through the index; pairs within the slack connect articles into components, large
ones are split by the Leiden method (Traag, Waltman and van Eck 2019), and within each part average linkage over all pairs forms the
groups. The same articles give the same groups.

Memory is that of the comparison, plus the square of `largest_part` while one part is worked on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.constraints import NO_CONSTRAINTS, Constraints
from clusterer.core.clustering.linkage import agglomerate
from clusterer.core.clustering.locality import APART, TOGETHER
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.nightly.apart import told_apart
from clusterer.core.nightly.comparison import ComparedArticles, compared, read_articles, terms_of
from clusterer.core.nightly.search import SEARCH_SLICE, SnapshotIndex, neighbours_of, searching
from clusterer.core.nightly.shards import ALONE, Helpers
from clusterer.core.scoring.logits import logit_of
from clusterer.core.scoring.pairs import Floats
from clusterer.core.scoring.prevalence import SMALL, Prior, share_of
from clusterer.core.scoring.scorer import Weights

if TYPE_CHECKING:
    from scipy.sparse import csr_array


NOWHERE: Mapping[int, str] = MappingProxyType({})
_STAY = (
    0.5  # logit; chosen with pairs of a political stream that people read, and for headlines with those of four sets
)

NEIGHBOURS = 50  # asked of the index for each article
_SEED = 1  # of the community method


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """Which articles are compared pair by pair; tests set it so that few articles show what many do.

    slack: logit below the cut down to which two articles are connected. largest_part: articles whose pairs are all compared at once;
    larger components are split.
    """

    slack: float = 2.2
    largest_part: int = 1000


def group(
    evidence: Mapping[int, Evidence],
    index: SnapshotIndex,
    weights: Weights,
    constraints: Constraints = NO_CONSTRAINTS,
    present: Mapping[int, str] = NOWHERE,
    helpers: Helpers = ALONE,
    policy: GroupPolicy | None = None,
) -> list[list[int]]:
    """Groups of seqs, each ascending, ordered by their first; every article is in exactly one.

    evidence: by seq, with leads that went through float16; each article is read once, and again when it is told apart from others.
    `index` is empty and is filled here. Corrections in `constraints` are obeyed. Articles that must not move a cluster's centre join
    the group they fit best once the others are grouped. How many articles have a partner at all is learnt from the snapshot.
    present: the cluster of each article now, by seq. Where partners are rare, and of pairs of which one has no text, what is together
    counts more than what is not, so that the night changes what is clear and leaves the rest. helpers: may answer parts of it, with
    the same groups.
    """
    if not evidence:
        return []
    policy = policy or GroupPolicy()
    search = searching(sorted(evidence), NEIGHBOURS, helpers)
    read = read_articles(evidence, weights.languages)
    near, meaning = neighbours_of(read.leads, index, NEIGHBOURS, search)
    del index  # it holds all vectors
    articles, shared = compared(read, near, meaning)
    graph, prior = _edges(articles, meaning, shared, weights, logit_of(weights.threshold) - policy.slack)
    weights = prior.dearer(weights)
    del read, meaning, shared
    labels = _joined(_parts(graph, policy), articles, constraints)
    order = np.argsort(labels, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    parts = [part for part in parts if articles.movable[part].any()]
    linked = {
        number: _linked(articles, logits, weights, constraints, parts[number], prior, present)
        for number, logits in told_apart(parts, articles, weights, helpers)
    }
    groups = [places for number, part in enumerate(parts) for places in linked.get(number, [part])]
    groups = _attached(articles, weights, constraints, groups)
    return sorted(sorted(articles.seqs[place] for place in places) for places in groups)


def _edges(
    articles: ComparedArticles, meaning: NDArray[np.float32], shared: Floats, weights: Weights, floor: float
) -> tuple[csr_array, Prior]:
    """How far the logits of neighbours lie above `floor`, symmetric, shape (n, n), pairs below it left out; and how rare partners are."""
    from scipy.sparse import coo_array

    best = np.full(len(articles.seqs), -np.inf)
    undated = np.zeros(len(articles.seqs), bool)
    found: list[tuple[Floats, NDArray[np.int32], NDArray[np.int32]]] = []
    for start in range(0, len(articles.near), SEARCH_SLICE):
        near, movable = articles.near[start : start + SEARCH_SLICE], articles.movable[start : start + SEARCH_SLICE]
        rows, places = np.nonzero((near >= 0) & movable[:, None])
        columns = near[rows, places]
        rows += start
        logits = weights.logits(terms_of(articles, meaning, shared, rows, places))
        earlier = np.flatnonzero(columns < rows)
        order = earlier[np.argsort(logits[earlier], kind="stable")]  # so that the best of each article is written last
        best[rows[order]] = logits[order]
        undated[rows[order]] = np.isnan(articles.days[rows[order]] - articles.days[columns[order]])
        excess = logits - floor
        kept = (excess > 0) & articles.movable[columns]
        found.append((excess[kept], rows[kept].astype(np.int32), columns[kept]))
    above, left, right = (np.concatenate(column) for column in zip(*found, strict=True))
    graph = coo_array((above, (left, right)), shape=(len(articles.seqs),) * 2).tocsr()
    compared = np.isfinite(best)
    shares = (share_of(best[compared & (undated == without)], weights) for without in (False, True))
    return graph.maximum(graph.T).tocsr(), Prior.of_shares(*shares)


def _parts(graph: csr_array, policy: GroupPolicy) -> NDArray[np.int64]:
    """Connected components; those above `largest_part` split into communities."""
    from scipy.sparse.csgraph import connected_components

    labels: NDArray[np.int64] = connected_components(graph, directed=False)[1].astype(np.int64)
    large = np.flatnonzero(np.bincount(labels) > policy.largest_part)
    if not len(large):
        return labels
    import igraph  # with what it imports a second
    import leidenalg
    from scipy.sparse import triu

    for label in large:
        inside = np.flatnonzero(labels == label)
        upper = triu(graph[inside][:, inside], k=1).tocoo()
        edges = igraph.Graph(n=len(inside), edges=np.column_stack(upper.coords))
        communities = leidenalg.find_partition(
            edges,
            leidenalg.RBConfigurationVertexPartition,
            weights=upper.data,
            seed=_SEED,
            max_comm_size=policy.largest_part,
        )
        labels[inside] = labels.max() + 1 + np.array(communities.membership)
    return labels


def _joined(labels: NDArray[np.int64], articles: ComparedArticles, constraints: Constraints) -> NDArray[np.int64]:
    """Parts between which a person linked articles become one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    position = {seq: place for place, seq in enumerate(articles.seqs)}
    links = [(first, other) for first, *others in constraints.together(articles.seqs) for other in others]
    if not links:
        return labels
    left = labels[[position[first] for first, _ in links]]
    right = labels[[position[second] for _, second in links]]
    graph = coo_array((np.ones(len(links)), (left, right)), shape=(labels.max() + 1,) * 2)
    joined: NDArray[np.int64] = connected_components(graph, directed=False)[1][labels].astype(np.int64)
    return joined


def _linked(
    articles: ComparedArticles,
    logits: Floats,
    weights: Weights,
    constraints: Constraints,
    part: NDArray[np.int64],
    prior: Prior,
    present: Mapping[int, str],
) -> list[NDArray[np.int64]]:
    """The groups of one part, as positions. logits: of all its pairs; changed here."""
    seqs = [articles.seqs[place] for place in part]
    constraints.impose(logits, seqs, np.zeros(len(part), np.int64), TOGETHER, APART)
    staying, headline = _staying(seqs, present), articles.headline[part]
    of_headlines = headline[:, None] | headline[None, :]
    logits += np.where(of_headlines, staying, 0.0)
    cut = logit_of(weights.threshold)
    labels = agglomerate(logits, cut).labels
    parts = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    if not prior:
        return [part[places] for places in parts]
    days = articles.days[part]
    lower = logits + prior.by(np.isnan(days[:, None] - days[None, :])) + np.where(of_headlines, 0.0, staying)
    groups: list[NDArray[np.int64]] = []
    for places in parts:
        closer = _closer(lower[np.ix_(places, places)], cut)
        groups.extend(part[places[closer == label]] for label in range(closer.max() + 1))
    return groups


def _staying(seqs: list[int], present: Mapping[int, str]) -> Floats:
    """What counts for pairs that are together, and against those that are not, shape (n, n); 0 where that is not known."""
    if not present:
        return np.zeros((len(seqs), len(seqs)))
    names = np.array([present.get(seq, "") for seq in seqs])
    return np.where(names[:, None] == names[None, :], _STAY, -_STAY)


def _closer(logits: Floats, cut: float) -> NDArray[np.int64]:
    """Labels of a group's articles by lower logits, or all the same where these leave enough together: the rest may join those as ever."""
    labels = agglomerate(logits, cut).labels
    return labels if np.bincount(labels).max() < SMALL else np.zeros(len(logits), np.int64)


def _attached(
    articles: ComparedArticles, weights: Weights, constraints: Constraints, groups: list[NDArray[np.int64]]
) -> list[NDArray[np.int64]]:
    """The groups with each article that must not move a centre in the one it fits best, or by itself."""
    group_of = {int(place): number for number, places in enumerate(groups) for place in places}
    extended = [places.tolist() for places in groups]
    for article in np.flatnonzero(~articles.movable):
        banned = constraints.kept_from(articles.seqs[article])
        near = {group_of[place] for place in articles.near[article].tolist() if place in group_of}
        allowed = sorted(
            number for number in near if banned.isdisjoint(articles.seqs[place] for place in groups[number])
        )
        means = [articles.mean_logit(weights, int(article), groups[number]) for number in allowed]
        if means and max(means) >= logit_of(weights.threshold):
            extended[allowed[int(np.argmax(means))]].append(int(article))
        else:
            extended.append([int(article)])
    return [np.array(places, np.int64) for places in extended]
