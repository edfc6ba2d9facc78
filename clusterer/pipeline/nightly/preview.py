"""What a nightly plan would do, cluster by cluster, for the person who decides about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from clusterer.core.faces.face import FacePolicy
from clusterer.core.nightly.lineage import RelabelPlan
from clusterer.pipeline.lookup.portraits import face_of
from clusterer.pipeline.lookup.views import PlannedCluster, PlannedFlow, PlanView
from clusterer.pipeline.nightly.reports import MOST_SHOWN
from clusterer.ports import CollectionStore

_HEADLINES = 3  # articles of a flow that are named
_Flow = tuple[int, str, str]  # articles, origin, target


def preview(books: CollectionStore, old: Mapping[int, str], plan: RelabelPlan, most: int = MOST_SHOWN) -> PlanView:
    """The largest merges, splits, moves and new clusters of a plan, at most `most` of each. old: seq -> cluster id now."""
    flows = Counter((old[seq], cluster) for seq, cluster in plan.assignment.items() if old[seq] != cluster)
    merged = _largest((flows[one.loser, one.winner], one.loser, one.winner) for one in plan.merged)
    split = _largest((flows[one.origin, one.cluster], one.origin, one.cluster) for one in plan.split)
    moved = _largest((len(one.seqs), one.origin, one.target) for one in plan.moved)
    after = Counter(plan.assignment.values())
    created = sorted(plan.created, key=lambda cluster: (-after[cluster], cluster))
    desk = _Desk(books, old, plan)
    found = {"merged": len(merged), "split": len(split), "moved": len(moved), "created": len(created)}
    return PlanView(
        merged=desk.flows(merged[:most]),
        split=desk.flows(split[:most]),
        moved=desk.flows(moved[:most]),
        created=tuple(desk.cluster(cluster) for cluster in created[:most]),
        left_out={name: count - most for name, count in found.items() if count > most},
    )


def _largest(flows: Iterable[_Flow]) -> list[_Flow]:
    return sorted(flows, key=lambda flow: (-flow[0], flow[1], flow[2]))


@dataclass(slots=True)
class _Desk:
    """Looks up each cluster once."""

    books: CollectionStore
    old: Mapping[int, str]
    plan: RelabelPlan
    _known: dict[str, PlannedCluster] = field(default_factory=dict)
    _before: dict[str, list[int]] = field(init=False)
    _after: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._before = _members(self.old)
        self._after = _members(self.plan.assignment)

    def flows(self, flows: Sequence[_Flow]) -> tuple[PlannedFlow, ...]:
        gone = [self._going(origin, target) for _, origin, target in flows]
        facts = self.books.facts(list(dict.fromkeys(seq for seqs in gone for seq in seqs)))
        titles = {one.seq: one.title for one in facts if one is not None and one.title}
        return tuple(
            PlannedFlow(
                count, self.cluster(origin), self.cluster(target), tuple(titles[seq] for seq in seqs if seq in titles)
            )
            for (count, origin, target), seqs in zip(flows, gone, strict=True)
        )

    def _going(self, origin: str, target: str) -> list[int]:
        return [seq for seq in self._after.get(target, ()) if self.old[seq] == origin][:_HEADLINES]

    def cluster(self, cluster_id: str) -> PlannedCluster:
        if cluster_id not in self._known:
            before, after = self._before.get(cluster_id, []), self._after.get(cluster_id, [])
            # A new id is drawn anew when the plan is made again, so it would name nothing.
            self._known[cluster_id] = PlannedCluster(
                id=cluster_id if before else None,
                title=face_of(self.books, before or after, FacePolicy()).title,
                articles_before=len(before),
                articles_after=len(after),
            )
        return self._known[cluster_id]


def _members(assignment: Mapping[int, str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for seq, cluster in sorted(assignment.items()):
        members[cluster].append(seq)
    return members
