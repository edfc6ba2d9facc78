"""One generation's clusters: a partition of the assigned articles, and the names that merged clusters left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
    last_added_at: datetime
    members: dict[int, Member] = field(default_factory=dict)
    first_seen: datetime | None = None  # both are kept as they were when the last member leaves
    last_seen: datetime | None = None
    revision: int = 0
    split_from: str | None = None
    aliases: frozenset[str] = frozenset()

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
        self._alias_of: dict[str, str] = {}

    def resolve(self, cluster_id: str) -> str | None:
        """The living cluster that the id stands for."""
        target = self.clusters.get(self._alias_of.get(cluster_id, cluster_id))
        return target.id if target is not None and target.members else None

    def living(self) -> Iterator[Cluster]:
        return (cluster for cluster in self.clusters.values() if cluster.members)

    def enter(self, cluster_id: str, member: Member, at: datetime) -> None:
        """Add a member to the cluster, founding it when there is none of that id."""
        cluster = self.clusters.setdefault(cluster_id, Cluster(cluster_id, last_added_at=at))
        cluster.change(enter=[member], at=at)
        self.cluster_of[member.seq] = cluster_id

    def record(self, cluster_id: str) -> ClusterRecord | None:
        """None for an id that never existed."""
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
            last_added_at=cluster.last_added_at,
            revision=cluster.revision,
            status="active" if cluster.members else "retired",
            split_from=cluster.split_from,
            aliases=tuple(sorted(cluster.aliases)),
        )

    def regroup(self, steps: Sequence[Regroup], at: datetime) -> list[Done] | None:
        """Apply all steps and say what each did, or none and return None.

        Steps work on copies of the clusters they name, which take the originals' places when all have succeeded.
        Raises RevisionMismatch (nothing applied).
        """
        named = {name for step in steps for name in (step.source, step.target)}
        drafts = {name: self.clusters[name].copy() for name in named & self.clusters.keys()}
        self._check_revisions(steps)
        done = []
        for step in steps:
            result = _apply(step, drafts, at)
            if result is None:
                return None
            done.append(result)
        self.clusters.update(drafts)
        for cluster in drafts.values():
            self.cluster_of.update(dict.fromkeys(cluster.members, cluster.id))
            self._alias_of.update(dict.fromkeys(cluster.aliases, cluster.id))
        return done

    def _check_revisions(self, steps: Sequence[Regroup]) -> None:
        for step in steps:
            source = self.clusters.get(step.source)
            if source is not None and step.if_revision not in (None, source.revision):
                raise RevisionMismatch(
                    f"cluster {step.source!r} is at revision {source.revision}, not {step.if_revision}: look again"
                )


def _apply(step: Regroup, drafts: dict[str, Cluster], at: datetime) -> Done | None:
    """Carry a step out on the drafts; None when they are not as it assumes. An emptied source stands for the target."""
    source, target = drafts.get(step.source), drafts.get(step.target)
    if source is None or not source.members or source is target or not _fits(step, source, target):
        return None
    if target is None:
        target = drafts[step.target] = Cluster(step.target, last_added_at=at, split_from=step.source)
    seqs = tuple(sorted(source.members)) if step.kind == "merged" else step.seqs
    target.change(enter=[source.members[seq] for seq in seqs], at=at)
    source.change(leave=seqs)
    if not source.members:
        target.aliases |= source.aliases | {source.id}
        source.aliases = frozenset()
    return Done(step, seqs, emptied=not source.members)


def _fits(step: Regroup, source: Cluster, target: Cluster | None) -> bool:
    if step.kind == "split" and target is not None:
        return False
    if step.kind != "split" and (target is None or not target.members):
        return False
    if step.kind == "merged":
        return source.members.keys() >= set(step.seqs)
    return bool(step.seqs) and len(set(step.seqs)) == len(step.seqs) and source.members.keys() >= set(step.seqs)
