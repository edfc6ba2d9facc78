"""The nightly grouping of a snapshot, made with hindsight.

Each article is compared with its nearest neighbours through the index; pairs within the slack connect articles into components, large
ones are split by the Leiden method (Traag, Waltman and van Eck 2019), and within each part average linkage over all pairs forms the
groups. The same snapshot gives the same groups.

Memory is bounded by about 5 kB an article, plus the square of `largest_part` while one part is worked on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.decisions import NO_CONSTRAINTS, Constraints
from clusterer.core.clustering.evidence import Evidence, is_headline
from clusterer.core.clustering.linkage import agglomerate
from clusterer.core.clustering.locality import APART, TOGETHER
from clusterer.core.clustering.neighbourhood import (
    MEANING,
    SPREAD,
    WORDS,
    Neighbourhood,
    Presumed,
    background,
    best_and_usual,
)
from clusterer.core.clustering.pairs import COLUMN, ROW, Floats, Scale, language_number, pair_terms
from clusterer.core.clustering.scorer import Weights, logit_of
from clusterer.core.clustering.telling import Telling
from clusterer.core.clustering.termbook import TermBook

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_SEARCH_SLICE = 1024
_ROWS_SLICE = 256


class SnapshotIndex(Protocol):
    """Vectors that are all known beforehand: filled in one call, then searched, as ports.VectorIndex says."""

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None: ...

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]: ...


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """neighbours: asked of the index for each article. slack: logit below the cut down to which two articles are connected.

    largest_part: articles whose pairs are all compared at once; larger components are split. seed: of the community method.
    """

    neighbours: int = 50
    slack: float = 2.2
    largest_part: int = 1000
    seed: int = 1


def group(
    evidence: Mapping[int, Evidence],
    index: SnapshotIndex,
    weights: Weights,
    policy: GroupPolicy | None = None,
    constraints: Constraints = NO_CONSTRAINTS,
) -> list[list[int]]:
    """Groups of seqs, each ascending, ordered by their first; every article is in exactly one.

    evidence: by seq, with leads that went through float16; each article is read once, and again when it is told apart from others.
    `index` is empty and is filled here. Corrections in `constraints` are obeyed. Articles that must not move a cluster's centre join
    the group they fit best once the others are grouped.
    """
    if not evidence:
        return []
    policy = policy or GroupPolicy()
    read = _read(evidence, weights.languages)
    near, meaning = _neighbours(read.leads, index, policy.neighbours)
    del index  # it holds all vectors
    snapshot, shared = _compared(read, near, meaning)
    graph = _edges(snapshot, meaning, shared, weights, logit_of(weights.threshold) - policy.slack)
    del read, meaning, shared
    labels = _joined(_parts(graph, policy), snapshot, constraints)
    groups: list[NDArray[np.int64]] = []
    order = np.argsort(labels, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if snapshot.movable[part].any():
            groups.extend(_linked(snapshot, weights, constraints, part))
    groups = _attached(snapshot, weights, constraints, groups)
    return sorted(sorted(snapshot.seqs[place] for place in places) for places in groups)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All articles by position, in order of seq. leads: as they are stored, shape (n, dimension). words: unit rows of weighted words.
    near: positions of neighbours, shape (n, neighbours), -1 for none. scale: what is usual for each article.
    """

    seqs: tuple[int, ...]
    telling: Telling
    movable: NDArray[np.bool_]
    leads: NDArray[np.float16]
    days: Floats
    words: csr_array
    near: NDArray[np.int32]
    scale: Scale

    def logits(self, weights: Weights, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        """Scores of all pairs across two sets of positions, shape (len(rows), len(columns))."""
        left = _wide(self.leads[rows]), self.words[rows], self.days[rows], self.scale.at(rows)
        right = (
            left
            if columns is rows
            else (_wide(self.leads[columns]), self.words[columns], self.days[columns], self.scale.at(columns))
        )
        meaning = (left[0] @ right[0].T).astype(np.float64)
        words: Floats = (left[1] @ right[1].T).toarray()
        days = np.abs(left[2][:, None] - right[2][None, :])
        return weights.logits(pair_terms(meaning, words, days, left[3].at(COLUMN), right[3].at(ROW)))

    def mean_logit(self, weights: Weights, article: int, group: NDArray[np.int64]) -> float:
        """Mean score of one article with a group, those about another thing lowered."""
        logits = self.logits(weights, np.array([article]), group)[0]
        seqs = [self.seqs[place] for place in group]
        return float(self.telling.lowered(logits, self.seqs[article], seqs).mean())


def _wide(leads: NDArray[np.float16]) -> NDArray[np.float32]:
    return leads.astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is kept of all articles when each has been read once, by position in order of seq."""

    seqs: tuple[int, ...]
    telling: Telling
    movable: NDArray[np.bool_]
    headline: NDArray[np.bool_]
    leads: NDArray[np.float16]
    days: Floats
    language: Floats
    book: TermBook


def _read(evidence: Mapping[int, Evidence], languages: frozenset[str]) -> _Read:
    seqs = tuple(sorted(evidence))
    leads = np.empty((len(seqs), len(evidence[seqs[0]].lead)), np.float16)
    days, language = np.empty((2, len(seqs)))
    movable, headline = np.empty((2, len(seqs)), bool)
    book = TermBook()
    telling = Telling(lambda seq: evidence[seq].sparse, lambda seq: _wide(leads[bisect_left(seqs, seq)]))
    for place, seq in enumerate(seqs):
        item = evidence[seq]
        leads[place], movable[place], headline[place] = item.lead, item.movable, is_headline(item.sparse)
        days[place], language[place] = Neighbourhood.day(item.published_at), language_number(item.lang, languages)
        book.add(seq, item.sparse)
        telling.meet(item)
    return _Read(seqs, telling, movable, headline, leads, days, language, book)


def _compared(read: _Read, near: NDArray[np.int32], meaning: NDArray[np.float32]) -> tuple[_Snapshot, Floats]:
    """The snapshot, and the cosines in words of each article with its neighbours, shape of `near`, -inf for none."""
    words = read.book.matrix(read.seqs)
    words.sort_indices()  # products of single rows are several times faster so
    shared = _shared(words, near)
    best_meaning, usual_meaning = _best_and_usual(meaning, MEANING)
    usual_meaning = np.minimum(usual_meaning, _backgrounds(np.flatnonzero(read.headline), read.leads))
    scale = Scale(best_meaning, usual_meaning, *_best_and_usual(shared, WORDS), read.language)
    snapshot = _Snapshot(read.seqs, read.telling, read.movable, read.leads, read.days, words, near, scale)
    return snapshot, shared


def _best_and_usual(similarities: NDArray[Any], presumed: Presumed) -> tuple[Floats, Floats]:
    parts = [
        best_and_usual(similarities[start : start + _SEARCH_SLICE].astype(np.float64), presumed)
        for start in range(0, len(similarities), _SEARCH_SLICE)
    ]
    best, usual = zip(*parts, strict=True)
    return np.concatenate(best), np.concatenate(usual)


def _backgrounds(headlines: NDArray[np.int64], leads: NDArray[np.float16]) -> Floats:
    """The background of those that are headlines, infinite for the others, shape (n,)."""
    found = np.full(len(leads), np.inf)
    spread = _wide(leads[np.unique(np.linspace(0, len(leads) - 1, min(SPREAD, len(leads))).astype(np.int64))])
    for start in range(0, len(headlines), _SEARCH_SLICE):
        rows = headlines[start : start + _SEARCH_SLICE]
        found[rows] = background(_wide(leads[rows]) @ spread.T)
    return found


def _neighbours(
    leads: NDArray[np.float16], index: SnapshotIndex, neighbours: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Positions of each article's neighbours, itself left out, -1 where there are fewer, and their cosines in meaning."""
    index.add(np.arange(len(leads), dtype=np.int64), _wide(leads))
    near = np.empty((len(leads), neighbours), np.int32)
    meaning = np.empty(near.shape, np.float32)
    for start in range(0, len(leads), _SEARCH_SLICE):
        scores, found = others_first(start, *index.search(_wide(leads[start : start + _SEARCH_SLICE]), neighbours + 1))
        near[start : start + len(found)] = found[:, :neighbours]
        meaning[start : start + len(found)] = scores[:, :neighbours]
    return near, meaning


def others_first(
    start: int, scores: NDArray[np.float32], found: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """What an index found for the positions from `start` on, shapes (n, k), without these positions themselves.

    Where they were, the others move up; at the end stands -1 with a score of -inf.
    """
    gone = (found < 0) | (found == np.arange(start, start + len(found))[:, None])
    order = np.argsort(gone, axis=1, kind="stable")
    scores, found = np.where(gone, np.float32(-np.inf), scores), np.where(gone, -1, found)
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(found, order, axis=1)


def _shared(words: csr_array, near: NDArray[np.int32]) -> Floats:
    """Cosines in words of each article with its neighbours, shape of `near`, -inf where there is none."""
    shared = np.full(near.shape, -np.inf)
    for start in range(0, len(near), _ROWS_SLICE):
        rows, places = np.nonzero(near[start : start + _ROWS_SLICE] >= 0)
        rows += start
        shared[rows, places] = words[rows].multiply(words[near[rows, places]]).sum(axis=1)
    return shared


def neighbour_terms(
    evidence: Sequence[Evidence], index: SnapshotIndex, neighbours: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
    """Pairs of neighbours in a snapshot, ordered by seq, and their terms: positions, positions, shape (pairs, len(TERMS)). For fitting."""
    read = _read({item.seq: item for item in evidence}, frozenset())
    near, meaning = _neighbours(read.leads, index, neighbours)
    snapshot, shared = _compared(read, near, meaning)
    rows, places = np.nonzero(snapshot.near >= 0)
    return rows, snapshot.near[rows, places], _terms(snapshot, meaning, shared, rows, places)


def _terms(
    snapshot: _Snapshot,
    meaning: NDArray[np.float32],
    shared: Floats,
    rows: NDArray[np.int64],
    places: NDArray[np.int64],
) -> Floats:
    columns = snapshot.near[rows, places]
    days = np.abs(snapshot.days[rows] - snapshot.days[columns])
    scales = snapshot.scale.at(rows), snapshot.scale.at(columns)
    return pair_terms(meaning[rows, places].astype(np.float64), shared[rows, places], days, *scales)


def _edges(
    snapshot: _Snapshot, meaning: NDArray[np.float32], shared: Floats, weights: Weights, floor: float
) -> csr_array:
    """How far the logits of neighbours lie above `floor`, symmetric, shape (n, n); pairs below it are left out."""
    from scipy.sparse import coo_array

    found: list[tuple[Floats, NDArray[np.int32], NDArray[np.int32]]] = []
    for start in range(0, len(snapshot.near), _SEARCH_SLICE):
        near, movable = snapshot.near[start : start + _SEARCH_SLICE], snapshot.movable[start : start + _SEARCH_SLICE]
        rows, places = np.nonzero((near >= 0) & movable[:, None])
        columns = near[rows, places]
        rows += start
        excess = weights.logits(_terms(snapshot, meaning, shared, rows, places)) - floor
        kept = (excess > 0) & snapshot.movable[columns]
        found.append((excess[kept], rows[kept].astype(np.int32), columns[kept]))
    above, left, right = (np.concatenate(column) for column in zip(*found, strict=True))
    graph = coo_array((above, (left, right)), shape=(len(snapshot.seqs),) * 2).tocsr()
    return graph.maximum(graph.T).tocsr()


def _parts(graph: csr_array, policy: GroupPolicy) -> NDArray[np.int64]:
    """Connected components; those above `largest_part` split into communities."""
    import igraph
    import leidenalg
    from scipy.sparse import triu
    from scipy.sparse.csgraph import connected_components

    labels: NDArray[np.int64] = connected_components(graph, directed=False)[1].astype(np.int64)
    sizes = np.bincount(labels)
    for label in np.flatnonzero(sizes > policy.largest_part):
        inside = np.flatnonzero(labels == label)
        upper = triu(graph[inside][:, inside], k=1).tocoo()
        edges = igraph.Graph(n=len(inside), edges=np.column_stack(upper.coords))
        communities = leidenalg.find_partition(
            edges,
            leidenalg.RBConfigurationVertexPartition,
            weights=upper.data,
            seed=policy.seed,
            max_comm_size=policy.largest_part,
        )
        labels[inside] = labels.max() + 1 + np.array(communities.membership)
    return labels


def _joined(labels: NDArray[np.int64], snapshot: _Snapshot, constraints: Constraints) -> NDArray[np.int64]:
    """Parts between which a person linked articles become one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    position = {seq: place for place, seq in enumerate(snapshot.seqs)}
    links = [pair for pair in sorted(constraints.must_link) if pair[0] in position and pair[1] in position]
    if not links:
        return labels
    left = labels[[position[first] for first, _ in links]]
    right = labels[[position[second] for _, second in links]]
    graph = coo_array((np.ones(len(links)), (left, right)), shape=(labels.max() + 1,) * 2)
    joined: NDArray[np.int64] = connected_components(graph, directed=False)[1][labels].astype(np.int64)
    return joined


def _linked(
    snapshot: _Snapshot, weights: Weights, constraints: Constraints, part: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """The groups of one part, as positions."""
    if len(part) == 1:
        return [part]
    logits = snapshot.logits(weights, part, part)
    seqs = [snapshot.seqs[place] for place in part]
    snapshot.telling.lower(logits, seqs)
    constraints.impose(logits, seqs, np.zeros(len(part), np.str_), TOGETHER, APART)
    labels = agglomerate(logits, logit_of(weights.threshold)).labels
    return [part[labels == label] for label in range(labels.max() + 1)]


def _attached(
    snapshot: _Snapshot, weights: Weights, constraints: Constraints, groups: list[NDArray[np.int64]]
) -> list[NDArray[np.int64]]:
    """The groups with each article that must not move a centre in the one it fits best, or by itself."""
    group_of = {int(place): number for number, places in enumerate(groups) for place in places}
    extended = [places.tolist() for places in groups]
    for article in np.flatnonzero(~snapshot.movable):
        banned = constraints.kept_from(snapshot.seqs[article])
        near = {group_of[place] for place in snapshot.near[article].tolist() if place in group_of}
        allowed = sorted(
            number for number in near if banned.isdisjoint(snapshot.seqs[place] for place in groups[number])
        )
        means = [snapshot.mean_logit(weights, int(article), groups[number]) for number in allowed]
        if means and max(means) >= logit_of(weights.threshold):
            extended[allowed[int(np.argmax(means))]].append(int(article))
        else:
            extended.append([int(article)])
    return [np.array(places, np.int64) for places in extended]
