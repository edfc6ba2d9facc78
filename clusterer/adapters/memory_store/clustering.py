"""One generation's clusters: a partition of the assigned articles, and the names that merged clusters left behind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from clusterer.core.errors import RevisionMismatch
from clusterer.core.records import ClusterRecord, Regroup


@dataclass(frozen=True, slots=True)
class Member:
    """What a cluster's counters need of an article. `origin` is None for a copy."""

    seq: int
    source: str | None
    lang: str | None
    origin: str | int | None
    received_at: datetime


@dataclass(slots=True)
class Cluster:
    id: str
    members: dict[int, Member] = field(default_factory=dict)
    first_seen: datetime | None = None  # both are kept as they were when the last member leaves
    last_seen: datetime | None = None
    last_added_at: datetime | None = None
    revision: int = 0
    split_from: str | None = None

    def copy(self) -> Cluster:
        return replace(self, members=dict(self.members))

    def change(self, enter: Sequence[Member] = (), leave: Sequence[int] = (), at: datetime | None = None) -> None:
        """One step of the cluster's history. `at` is given when members enter."""
        self.members.update((member.seq, member) for member in enter)
        for seq in leave:
            del self.members[seq]
        self.last_added_at = at or self.last_added_at
        self.revision += 1
        times = [member.received_at for member in (self.members.values() if leave else enter)]
        if not leave and self.first_seen and self.last_seen:
            times += [self.first_seen, self.last_seen]
        if times:
            self.first_seen, self.last_seen = min(times), max(times)


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was carried out: the members it moved, and whether it left none in the source."""

    step: Regroup
    seqs: tuple[int, ...]
    emptied: bool


class Clustering:
    """The clusters of one generation by id, retired and merged ones included."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.clusters: dict[str, Cluster] = {}
        self.cluster_of: dict[int, str] = {}
        self.alias_of: dict[str, str] = {}
        self._aliases: defaultdict[str, set[str]] = defaultdict(set)

    def resolve(self, cluster_id: str) -> str | None:
        """The living cluster that the id stands for."""
        target = self.clusters.get(self.alias_of.get(cluster_id, cluster_id))
        return target.id if target is not None and target.members else None

    def is_issued(self, cluster_id: str) -> bool:
        return cluster_id in self.clusters or cluster_id in self.alias_of

    def living(self) -> Iterator[Cluster]:
        return (cluster for cluster in self.clusters.values() if cluster.members)

    def enter(self, cluster_id: str, members: Sequence[Member], at: datetime | None) -> None:
        """Add members to the cluster, founding it when there is none of that id."""
        self.clusters.setdefault(cluster_id, Cluster(cluster_id)).change(enter=members, at=at)
        self.cluster_of.update((member.seq, cluster_id) for member in members)

    def remove(self, seqs: Sequence[int]) -> list[str]:
        """Take articles out; the clusters that this leaves without members."""
        leaving: defaultdict[str, list[int]] = defaultdict(list)
        for seq in seqs:
            if seq in self.cluster_of:
                leaving[self.cluster_of.pop(seq)].append(seq)
        for cluster_id, gone in leaving.items():
            self.clusters[cluster_id].change(leave=gone)
        return [cluster_id for cluster_id in leaving if not self.clusters[cluster_id].members]

    def record(self, cluster_id: str) -> ClusterRecord | None:
        """None for an id that never was a cluster's in this generation."""
        cluster = self.clusters.get(cluster_id)
        if cluster is None or cluster.first_seen is None or cluster.last_seen is None:
            return None
        members = cluster.members.values()
        return ClusterRecord(
            id=cluster.id,
            generation=self.number,
            article_count=len(members),
            sources=Counter(member.source for member in members if member.source is not None),
            languages=Counter(member.lang for member in members if member.lang is not None),
            origin_count=len({member.origin for member in members if member.origin is not None}),
            first_seen=cluster.first_seen,
            last_seen=cluster.last_seen,
            last_added_at=cluster.last_added_at or cluster.last_seen,
            revision=cluster.revision,
            status="active" if cluster.members else "retired",
            split_from=cluster.split_from,
            aliases=tuple(sorted(self._aliases.get(cluster_id, ()))),
        )

    # -- names

    def set_aliases(self, alias_of: Mapping[str, str]) -> None:
        """Replace the whole table."""
        self.alias_of = {}
        self._aliases.clear()
        for name, target in alias_of.items():
            self._alias(name, target)

    def _alias(self, name: str, target: str) -> None:
        """`name`, and whatever stood for it, stand for `target` from now on."""
        for one in {name} | self._aliases.pop(name, set()):
            self.alias_of[one] = target
            self._aliases[target].add(one)

    def inherit(self, published: Clustering, cluster_ids: Sequence[str]) -> None:
        """Go on with the histories that clusters of the same ids have in the published generation."""
        for cluster_id in cluster_ids:
            mine, theirs = self.clusters[cluster_id], published.clusters.get(cluster_id)
            if theirs is not None:
                mine.revision = theirs.revision + (mine.members.keys() != theirs.members.keys())
                mine.last_added_at = mine.last_added_at or theirs.last_added_at
                mine.split_from = mine.split_from or theirs.split_from

    # -- regrouping

    def regroup(self, steps: Sequence[Regroup], at: datetime) -> list[Done] | None:
        """Apply all steps and say what each did, or none and return None.

        Steps work on copies of the clusters they name, which take the originals' places when all have succeeded.
        Raises RevisionMismatch (nothing applied).
        """
        self._check_revisions(steps)
        named = {name for step in steps for name in (step.source, step.target)}
        drafts = {name: self.clusters[name].copy() for name in named & self.clusters.keys()}
        done = []
        for step in steps:
            result = None if step.kind == "split" and step.target in self.alias_of else _apply(step, drafts, at)
            if result is None:
                return None
            done.append(result)
        self.clusters.update(drafts)
        for cluster in drafts.values():
            self.cluster_of.update(dict.fromkeys(cluster.members, cluster.id))
        for one in done:
            if one.emptied:
                self._alias(one.step.source, one.step.target)
        return done

    def _check_revisions(self, steps: Sequence[Regroup]) -> None:
        for step in steps:
            source = self.clusters.get(step.source)
            if source is not None and step.if_revision not in (None, source.revision):
                raise RevisionMismatch(
                    f"cluster {step.source!r} is at revision {source.revision}, not {step.if_revision}: look again"
                )


def _apply(step: Regroup, drafts: dict[str, Cluster], at: datetime) -> Done | None:
    """Carry a step out on the drafts; None when they are not as it assumes."""
    source, target = drafts.get(step.source), drafts.get(step.target)
    if source is None or not source.members or source is target or not _fits(step, source, target):
        return None
    if target is None:
        target = drafts[step.target] = Cluster(step.target, split_from=step.source)
    seqs = tuple(sorted(source.members)) if step.kind == "merged" else step.seqs
    target.change(enter=[source.members[seq] for seq in seqs], at=at)
    source.change(leave=seqs)
    return Done(step, seqs, emptied=not source.members)


def _fits(step: Regroup, source: Cluster, target: Cluster | None) -> bool:
    if step.kind == "split" and target is not None:
        return False
    if step.kind != "split" and (target is None or not target.members):
        return False
    if step.kind == "merged":
        return source.members.keys() >= set(step.seqs)
    return bool(step.seqs) and len(set(step.seqs)) == len(step.seqs) and source.members.keys() >= set(step.seqs)
