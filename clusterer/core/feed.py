"""What changes mean: for memberships, and for a cluster's past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from clusterer.core.cluster_records import Change
from clusterer.core.records import PreparedFacts


def apply_membership(assignment: dict[int, str], change: Change) -> None:
    """What a change does to seq -> cluster. Applying one twice, or one already seen in the reading, does no harm."""
    if change.target:
        assignment.update(dict.fromkeys(change.seqs, change.target))
    elif change.moves:
        for seq in change.seqs:
            assignment.pop(seq, None)


def members_as_of(cluster_id: str, changes: Iterable[Change], at: datetime) -> frozenset[int]:
    """The seqs that a cluster had at a time. changes: those that name it, in order."""
    members: set[int] = set()
    for change in changes:
        if change.at > at:
            break
        if change.target == cluster_id:
            members.update(change.seqs)
        elif change.moves:
            members.difference_update(change.seqs)
    return frozenset(members)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What a span of time brought: articles received, and how many sources reported for the first time."""

    start: datetime
    articles: int
    sources: int
    new_sources: int


def timeline(members: Iterable[PreparedFacts], span: timedelta) -> list[TimelineEntry]:
    """Spans in which articles were received, in order; empty spans are left out. Spans are counted from 1970 in UTC."""
    spans: dict[int, list[PreparedFacts]] = {}
    for fact in sorted(members, key=lambda fact: (fact.received_at, fact.seq)):
        spans.setdefault(int(fact.received_at.timestamp() // span.total_seconds()), []).append(fact)
    seen: set[str] = set()
    entries: list[TimelineEntry] = []
    for number, facts in sorted(spans.items()):
        sources = {fact.source for fact in facts if fact.source}
        start = datetime.fromtimestamp(number * span.total_seconds(), tz=facts[0].received_at.tzinfo)
        entries.append(TimelineEntry(start, len(facts), len(sources), len(sources - seen)))
        seen |= sources
    return entries


def describe(change: Change, cluster_id: str, names: Mapping[int, str]) -> str:
    """What a change did to a cluster, in one sentence. names: seq -> article id; seqs without one were erased."""
    what = _articles(change, names)
    by = f", by {change.actor}" if change.actor else ""
    because = f" ({change.reason})" if change.reason else ""
    return f"{_verb(change, cluster_id).format(what=what)}{by}{because}"


def _articles(change: Change, names: Mapping[int, str]) -> str:
    if len(change.seqs) != 1:
        return f"{len(change.seqs)} articles"
    return names.get(change.seqs[0], "an erased article")


def _verb(change: Change, cluster_id: str) -> str:
    is_its_own = cluster_id == (change.target or change.cluster)
    if change.kind == "retired" and cluster_id != change.cluster:
        return f"stands for {change.cluster}, which has no articles any more"
    sentences = {
        ("created", True): "began with {what}",
        ("updated", True): "was joined by {what}",
        ("retired", True): "has no articles any more",
        ("erased", True): "lost {what}, erased",
        ("corrected", True): "was corrected",
        ("merged", False): f"was merged into {change.target} with {{what}}",
        ("merged", True): f"took in cluster {change.source} with {{what}}",
        ("split", True): f"was split off from {change.source} with {{what}}",
        ("split", False): f"lost {{what}}, split off as {change.target}",
        ("moved", True): f"received {{what}} from {change.source}",
        ("moved", False): f"gave {{what}} to {change.target}",
    }
    return sentences.get((change.kind, is_its_own), change.kind)
