"""What the one cluster writer of a collection keeps in memory, and its decisions.

An arrival is judged together with its neighbourhood: the articles of the clusters that could have to do with it are grouped anew by
average linkage over the pair scores. Where the arrival falls is its cluster (`decide`); where the rest falls differently from
before, clusters are merged or members leave (`second_look`). So streaming follows what a grouping with hindsight would say.

`decide` and `second_look` change nothing; the caller commits their outcome to the store and then applies it with `add`, `move`
and `merge`. Replaying the stored evidence with `add`, or with `load` and the stored neighbours, in the order of commits gives the same
state, hence the same decisions. (After articles have expired, what is usual for the remaining ones can differ slightly in a window built
anew.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, repeat

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.adjustments import Adjustment, Leave, Merge, Step, plan_adjustments
from clusterer.core.clustering.ages import Ages
from clusterer.core.clustering.cluster_members import ClusterMembers
from clusterer.core.clustering.constraints import NO_CONSTRAINTS, Constraints
from clusterer.core.clustering.locality import Arrival, Locality, NeighbourIndex, build_locality
from clusterer.core.clustering.neighbour_search import NeighbourSearch
from clusterer.core.clustering.neighbourhood import NEIGHBOURS, Near, Neighbourhood
from clusterer.core.clustering.reasoning import considered, explained, fall_of
from clusterer.core.clustering.storylines import StorylinePolicy, nearest
from clusterer.core.clustering.telling import Telling
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.evidence.termbook import TermBook, saga_weights
from clusterer.core.scoring.logits import logit_of
from clusterer.core.scoring.pairs import Floats, pair_terms
from clusterer.core.scoring.prevalence import SMALL, Prevalence, Prior
from clusterer.core.scoring.reasons import Reasons
from clusterer.core.scoring.scorer import Weights

__all__ = [
    "NO_CONSTRAINTS",
    "Adjustment",
    "Constraints",
    "Leave",
    "Merge",
    "NeighbourIndex",
    "Window",
    "WindowPolicy",
]

_SLACK = 1.4  # logit below the cut down to which a neighbour's cluster is looked into
_STAY = 0.25  # logit by which present company counts more in a second look


@dataclass(frozen=True, slots=True)
class WindowPolicy:
    """How much is looked at, which tests lower so that few articles show what many do.

    clusters: at most so many are looked into. young: those up to this size member by member; larger ones by a sample of this size, as
    one block. newest: members of a grown cluster from which a second look starts.
    """

    clusters: int = 6
    young: int = 24
    newest: int = 4


class Window:
    """The clusters of a time window; owned by one thread."""

    def __init__(self, index: NeighbourIndex, weights: Weights, policy: WindowPolicy | None = None) -> None:
        self._index = index
        self._policy = policy or WindowPolicy()
        self._terms = TermBook()
        self._known = Neighbourhood()
        self._search = NeighbourSearch(index, self._known, self._terms, weights.languages)
        self._telling = Telling(self._terms.sparse, lambda seq: self._known.leads([seq])[0])
        self._ages = Ages()
        self._prevalence = Prevalence(weights)
        self._members = ClusterMembers()

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, seq: int) -> bool:
        return seq in self._members

    def cluster_of(self, seq: int) -> str | None:
        """The cluster a known article is in; None for an unknown one."""
        return self._members.cluster_of(seq)

    def members(self, cluster_id: str) -> tuple[int, ...]:
        """Seqs of a cluster's members in the window, ascending; empty for an unknown cluster."""
        return self._members.of(cluster_id)

    # -- decisions ---------------------------------------------------------------------------------------------------

    def decide(self, evidence: Evidence, constraints: Constraints = NO_CONSTRAINTS) -> Reasons:
        """Which known cluster the article belongs to, if any, and why."""
        linked = self._linked(evidence.seq, constraints)
        if linked is not None:
            return Reasons(rule="must_link", cluster_id=linked, probability=1.0)
        near, terms = self.compare(evidence)
        self._telling.meet(evidence)
        banned = {self._members.cluster_of(seq) for seq in constraints.kept_from(evidence.seq)}
        clusters = self._worth_a_look(evidence.seq, self._weights.logits(terms), near.seqs, banned)
        if not clusters:
            return Reasons(rule="cannot_link" if len(near.seqs) else "no_candidates")
        place = self._locality(clusters, near.seqs, constraints, Arrival(evidence, near))
        fall = fall_of(place, self._weights)
        prior = self._prior(fall.cluster_id)
        if prior:
            fall = fall_of(place.lowered(prior), self._weights)
        return considered(fall, self._weights, self._terms, prior)

    def second_look(self, cluster_id: str, constraints: Constraints = NO_CONSTRAINTS) -> list[Adjustment]:
        """Adjustments around a cluster that has just grown, to be applied in order."""
        clusters: dict[str, None] = {cluster_id: None}
        order: dict[int, None] = {}
        for seq in self.members(cluster_id)[-self._policy.newest :]:
            near, terms = self.compare_known(seq)
            clusters.update(dict.fromkeys(self._worth_a_look(seq, self._weights.logits(terms), near.seqs)))
            order.update(dict.fromkeys(near.seqs.tolist()))
        if not self._members.size(cluster_id) or (len(clusters) == 1 and self._members.size(cluster_id) < 2):
            return []
        chosen = list(clusters)[: self._policy.clusters]
        place = self._locality(chosen, np.array(list(order), np.int64), constraints, None)
        prior = self._prior(cluster_id)
        place = place.lowered(prior) if prior else place
        labels = place.grouping(logit_of(self._weights.threshold), _STAY).labels
        pinned = {position for position, seq in enumerate(place.seqs) if seq in constraints.pinned}
        steps = plan_adjustments(place.clusters, labels, pinned)
        return [self._adjust(place, step, prior) for step in steps if not self._holds_pinned(step, constraints)]

    @property
    def _weights(self) -> Weights:
        return self._prevalence.weights()

    def _prior(self, cluster_id: str | None) -> Prior | None:
        """What is added to scores with a cluster as small as this one; None for a larger one."""
        return self._prevalence.prior() if self._members.size(cluster_id or "") < SMALL else None

    def _holds_pinned(self, step: Step, constraints: Constraints) -> bool:
        """Whether a merge would take along a pinned member that was not looked at."""
        return step.whole and not constraints.pinned.isdisjoint(self._members.of(step.source))

    def _adjust(self, place: Locality, step: Step, prior: Prior | None) -> Adjustment:
        reasons = explained(place, self._weights, step, prior)
        seqs = tuple(place.seqs[position] for position in step.positions)
        if step.whole and step.target:
            return Merge(step.source, step.target, reasons)
        return Leave(seqs, step.source, step.target, reasons)

    def compare(self, evidence: Evidence) -> tuple[Near, Floats]:
        """The neighbours of an arrival, and its terms with each, shape (n, len(TERMS))."""
        near = self._search.near(evidence)
        days = np.abs(self._known.days(near.seqs) - Neighbourhood.day(evidence.published_at))
        scale = self._known.scale(near.seqs).raised(near.meaning, near.words)
        return near, pair_terms(near.meaning, near.words, days, near.scale, scale)

    def beside(self, evidence: Evidence, policy: StorylinePolicy) -> str | None:
        """The cluster whose storyline an arrival that founds a cluster goes on with, by its nearest article; None for none."""
        near = self._search.near(evidence)
        apart = np.abs(self._known.days(near.seqs) - Neighbourhood.day(evidence.published_at))
        words = self._terms.against(self._terms.row(evidence.sparse), near.seqs.tolist(), saga_weights)
        place = nearest(near.meaning, words, apart, policy)
        return None if place is None else self._members.cluster_of(int(near.seqs[place]))

    def compare_known(self, seq: int) -> tuple[Near, Floats]:
        """The neighbours of a known article, later ones included, and its terms with each, shape (n, len(TERMS))."""
        near = self._known.near(seq)
        days = np.abs(self._known.days(near.seqs) - self._known.days([seq]))
        scales = self._known.scale([seq]), self._known.scale(near.seqs)
        return near, pair_terms(near.meaning, near.words, days, *scales)

    # -- state -------------------------------------------------------------------------------------------------------

    def learn(self, reasons: Reasons) -> None:
        """Take in what the decision about the next arrival tells of the stream."""
        self._prevalence.learn(reasons)

    def add(self, evidence: Evidence, cluster_id: str) -> Near:
        """Take in an article that was committed to a cluster; the neighbours it was entered with, and its series.

        Raises ValueError for a seq that is known.
        """
        if evidence.seq in self._members:
            raise ValueError(f"article {evidence.seq} is in the window already")
        near = self._search.near(evidence)
        self._index.add(np.array([evidence.seq], np.int64), evidence.lead[None, :])
        self._take_in([(evidence, cluster_id)], [near])
        return replace(near, series=self._telling.series(evidence.seq))

    def load(self, articles: Sequence[tuple[Evidence, str]], near: Sequence[Near | None] = ()) -> None:
        """`add` for each (article, cluster id) in order, which costs a fraction if it is done for many at a time.

        near: what `add` once gave for each, without what its evidence says; those that are not in the window any more do not count. Where
        there is none, the index is asked, once for all that follow each other.
        Raises ValueError for a seq that is known or comes twice, before anything is added.
        """
        seqs = {evidence.seq for evidence, _ in articles}
        if len(seqs) < len(articles) or any(seq in self._members for seq in seqs):
            raise ValueError("articles are in the window already, or given twice")
        each = zip(articles, near or repeat(None), strict=False)
        for stored, part in groupby(each, lambda one: one[1] is not None):
            run = list(part)
            if stored:
                self._load_with([article for article, _ in run], [one for _, one in run if one is not None])
            else:
                self._load_searched([article for article, _ in run])

    def _load_with(self, articles: Sequence[tuple[Evidence, str]], near: Sequence[Near]) -> None:
        seqs = np.array([evidence.seq for evidence, _ in articles], np.int64)
        self._index.add(seqs, np.stack([evidence.lead for evidence, _ in articles]))
        self._take_in(
            articles, [self._search.of(evidence, one) for (evidence, _), one in zip(articles, near, strict=True)]
        )

    def _load_searched(self, articles: Sequence[tuple[Evidence, str]]) -> None:
        seqs = np.array([evidence.seq for evidence, _ in articles], np.int64)
        leads = np.stack([evidence.lead for evidence, _ in articles])
        within = leads @ leads.T
        none = np.zeros((len(seqs), 0), np.float32), np.zeros((len(seqs), 0), np.int64)
        scores, before = self._index.search(leads, NEIGHBOURS) if len(self) else none
        estimated = before.shape[1] > NEIGHBOURS
        self._index.add(seqs, leads)
        for place, (evidence, cluster_id) in enumerate(articles):
            nearest = np.argsort(-within[place, :place], kind="stable")[:NEIGHBOURS]
            ids = np.concatenate([before[place], seqs[nearest]])
            if estimated:
                near = self._search.among(evidence, ids, estimated)
            else:
                near = self._search.best(evidence, ids, np.concatenate([scores[place], within[place, nearest]]))
            self._take_in([(evidence, cluster_id)], [near])

    def _take_in(self, articles: Sequence[tuple[Evidence, str]], near: Sequence[Near]) -> None:
        self._search.forget()
        self._terms.add_all([(evidence.seq, evidence.sparse) for evidence, _ in articles])
        self._known.add_all(
            [
                (evidence.seq, evidence.lead, evidence.published_at, one)
                for (evidence, _), one in zip(articles, near, strict=True)
            ]
        )
        for (evidence, cluster_id), one in zip(articles, near, strict=True):
            self._telling.meet(evidence, one.series)
            self._ages.add(evidence.seq, evidence.received_at)
            self._members.enter(evidence.seq, cluster_id, evidence.movable)

    def remove(self, seq: int) -> None:
        """Forget an article; an unknown one is ignored."""
        self._forget([seq] if seq in self._members else [])

    def move(self, seq: int, cluster_id: str) -> None:
        """Put a known article into another cluster, which may be new. Raises KeyError for an unknown seq."""
        self._members.move(seq, cluster_id)

    def merge(self, loser_id: str, winner_id: str) -> None:
        """Move all members of `loser_id`; nothing happens when there are none."""
        for seq in self.members(loser_id):
            self.move(seq, winner_id)

    def expire(self, before: datetime, keep: int = 0, at_most: int | None = None) -> list[int]:
        """Forget articles received before a time, the oldest first, but never so many that fewer than `keep` stay; their seqs.

        at_most: so many in one call, for callers that must not pause.
        """
        excess = len(self) - keep
        old = sorted(self._ages.take_oldest(before, excess if at_most is None else min(excess, at_most)))
        self._forget(old)
        return old

    def _forget(self, seqs: Sequence[int]) -> None:
        if not seqs:
            return
        self._search.forget()
        for seq in seqs:
            self._members.forget(seq)
            self._terms.remove(seq)
            self._ages.discard(seq)
        self._known.remove(seqs)
        self._telling.forget(seqs)
        self._index.remove(np.array(seqs, np.int64))

    # -- neighbourhood -----------------------------------------------------------------------------------------------

    def _worth_a_look(
        self, seq: int, logits: Floats, seqs: NDArray[np.int64], banned: Collection[str | None] = ()
    ) -> list[str]:
        """Clusters by their best pair, best first; the best one even when it is below the floor.

        A pair is told apart only where its cluster can still rise by it, since that takes longer than all else here.
        """
        floor = logit_of(self._weights.threshold) - _SLACK
        best: dict[str, float] = {}
        for place in np.argsort(-logits, kind="stable").tolist():
            logit, other = float(logits[place]), int(seqs[place])
            if logit < floor and max(best.values(), default=-np.inf) > logit:
                break
            cluster_id = self._members.cluster_of(other)
            if cluster_id is None or cluster_id in banned or best.get(cluster_id, -np.inf) >= logit:
                continue
            best[cluster_id] = max(self._telling.lowered_pair(logit, seq, other), best.get(cluster_id, -np.inf))
        ranked = sorted(best, key=lambda name: (-best[name], name))
        return [name for rank, name in enumerate(ranked) if rank == 0 or best[name] >= floor][: self._policy.clusters]

    def _locality(
        self, clusters: Sequence[str], order: NDArray[np.int64], constraints: Constraints, arrival: Arrival | None
    ) -> Locality:
        rank: Mapping[int, int] = {seq: place for place, seq in enumerate(order.tolist())}
        young = self._policy.young
        samples = {name: self._members.sample(name, young, rank) for name in clusters}
        blocks = {name for name in clusters if self._members.size(name) > young}
        return build_locality(
            samples, blocks, self._known, self._terms, self._weights, self._telling, constraints, arrival
        )

    def _linked(self, seq: int, constraints: Constraints) -> str | None:
        """The cluster of the earliest known article that a person linked with this one."""
        known = (self._members.cluster_of(other) for other in sorted(constraints.linked_with(seq)))
        return next((cluster_id for cluster_id in known if cluster_id), None)
