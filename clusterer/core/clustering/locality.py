"""The neighbourhood in which one arrival is judged: some articles, all pairs among them, and their average linkage.

The articles are the members of the few clusters that could have to do with the arrival. Clusters too large to look into enter by a
sample and as a block that stays together. Corrections by people are put into the pair scores, so the linkage obeys them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.constraints import Constraints
from clusterer.core.clustering.linkage import Grouping, agglomerate
from clusterer.core.clustering.neighbourhood import Near, Neighbourhood
from clusterer.core.clustering.telling import Telling
from clusterer.core.evidence.evidence import Evidence, Sparse
from clusterer.core.evidence.termbook import TermBook
from clusterer.core.scoring.pairs import COLUMN, ROW, Floats, pair_terms
from clusterer.core.scoring.prevalence import Prior
from clusterer.core.scoring.scorer import Weights

TOGETHER, APART = 1e3, -1e5  # logits of pairs that a rule has decided


class NeighbourIndex(Protocol):
    """The part of ports.VectorIndex that clustering needs.

    An index whose scores are estimates gives more than the k asked for: those that may be the k nearest, and the window decides.
    """

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None: ...

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]: ...

    def remove(self, ids: NDArray[np.int64]) -> None: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that is not in the window yet, with its neighbours there."""

    evidence: Evidence
    near: Near


@dataclass(frozen=True, slots=True)
class Locality:
    """seqs: the articles, shape (n,), an arrival last. clusters: where the known ones are now, shape (n,) or (n - 1,).

    terms: pair terms, shape (n, n, t). logits: their scores, shape (n, n). ruled: logits with those of pairs about two
    things lowered, and blocks and corrections put in, which is what the linkage sees.
    """

    seqs: tuple[int, ...]
    clusters: tuple[str, ...]
    terms: Floats
    logits: Floats
    ruled: Floats
    arrival: Sparse | None

    def grouping(self, cut: float, stay: float = 0.0) -> Grouping:
        """Groups of the articles at a cut; `stay` is the logit by which pairs that are together now count more."""
        if not stay:
            return agglomerate(self.ruled, cut)
        numbers = _numbers(self.seqs, self.clusters)
        favour = np.where(numbers[:, None] == numbers[None, :], stay, -stay)
        return agglomerate(self.ruled + favour, cut, plain=self.ruled)

    def lowered(self, prior: Prior) -> Locality:
        """The same with what a prior adds to every pair's logit."""
        by = prior.by_terms(self.terms)
        return replace(self, logits=self.logits + by, ruled=self.ruled + by)

    def of_cluster(self, cluster_id: str | None) -> list[int]:
        """Positions of a cluster's articles."""
        return [position for position, name in enumerate(self.clusters) if name == cluster_id]

    def terms_across(self, left: Sequence[int], right: Sequence[int]) -> Floats:
        """Terms of the pairs across two sets of positions, shape (pairs, t)."""
        across: Floats = self.terms[np.ix_(list(left), list(right))].reshape(-1, self.terms.shape[-1])
        return across


def build_locality(
    samples: Mapping[str, Sequence[int]],
    blocks: Collection[str],
    known: Neighbourhood,
    book: TermBook,
    weights: Weights,
    telling: Telling,
    constraints: Constraints,
    arrival: Arrival | None,
) -> Locality:
    """All pairs among the sampled members of some clusters, and an arrival. Clusters in `blocks` stay together."""
    seqs = [seq for members in samples.values() for seq in members]
    clusters = tuple(name for name, members in samples.items() for _ in members)
    leads, days, scale = known.leads(seqs), known.days(seqs), known.scale(seqs)
    if arrival is not None:
        lead = arrival.evidence.lead
        leads = np.vstack([leads, lead[None, :]])
        days = np.append(days, Neighbourhood.day(arrival.evidence.published_at))
    meaning = (leads @ leads.T).astype(np.float64)
    row = book.row(arrival.evidence.sparse) if arrival else None
    words = book.among(seqs, row)
    if arrival is not None:
        scale = scale.raised(meaning[-1, :-1], words[-1, :-1]).with_one(arrival.near.scale)
        seqs.append(arrival.evidence.seq)
    terms = pair_terms(meaning, words, np.abs(days[:, None] - days[None, :]), scale.at(COLUMN), scale.at(ROW))
    logits = weights.logits(terms)
    ruled = logits.copy()
    telling.lower(ruled, seqs)
    numbers = _numbers(seqs, clusters)
    for number in {number for name, number in zip(clusters, numbers.tolist(), strict=False) if name in blocks}:
        block = np.flatnonzero(numbers == number)
        ruled[block[:, None], block] = TOGETHER
    constraints.impose(ruled, seqs, numbers, TOGETHER, APART)
    return Locality(tuple(seqs), clusters, terms, logits, ruled, arrival.evidence.sparse if arrival else None)


def _numbers(seqs: Sequence[int], clusters: Sequence[str]) -> NDArray[np.int64]:
    """A number for the present cluster of each article; an arrival has none, which is -1."""
    numbers: dict[str, int] = {}
    known = [numbers.setdefault(name, len(numbers)) for name in clusters]
    return np.array([*known, *[-1] * (len(seqs) - len(known))], np.int64)
