"""What a nightly run starts from: every assignment as of one change, and what the groups are made of."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clusterer.core.evidence.kept_evidence import KeptEvidence
from clusterer.core.feed import apply_membership
from clusterer.core.records import Assigned
from clusterer.core.scoring.reasons import Reasons
from clusterer.pipeline.decisions import latest_decisions
from clusterer.pipeline.feed import all_assigned, changes_since
from clusterer.pipeline.reach import Reach
from clusterer.ports import CollectionStore

_SLICE = 5_000


@dataclass(slots=True)
class Snapshot:
    """The books as of `change`. assignment: seq -> cluster id of all assigned articles.

    evidence: of the articles in the window that have a vector. follows: copy -> the article it follows. decisions: the latest about
    those articles, by sequence number.
    """

    generation: int
    change: int
    assignment: dict[int, str] = field(default_factory=dict)
    evidence: KeptEvidence = field(default_factory=KeptEvidence)
    follows: dict[int, int] = field(default_factory=dict)
    decisions: list[Reasons] = field(default_factory=list)


def take_snapshot(books: CollectionStore, reach: Reach, now: datetime) -> Snapshot:
    """Read everything while others go on writing, then apply what was written meanwhile, so that it holds as of one change."""
    position = books.position()
    snapshot = Snapshot(position.generation, position.change)
    _read_evidence(books, snapshot, _read_assignment(books, snapshot, reach, now))
    for change in changes_since(books, snapshot.change):
        apply_membership(snapshot.assignment, change)
        missing = [seq for seq in change.seqs if seq not in snapshot.evidence and seq not in snapshot.follows]
        if change.enters:
            late = _originals(snapshot, books.assigned(missing))
            _read_evidence(books, snapshot, [one.seq for one in late])
        snapshot.change = change.number
    for seq in [seq for seq in snapshot.evidence if seq not in snapshot.assignment]:
        del snapshot.evidence[seq]
    snapshot.decisions = latest_decisions(books, sorted(snapshot.evidence))
    return snapshot


def _read_assignment(books: CollectionStore, snapshot: Snapshot, reach: Reach, now: datetime) -> list[int]:
    """The articles in reach that are no copies."""
    originals: list[Assigned] = []
    for part in all_assigned(books):
        snapshot.assignment.update({one.seq: sys.intern(one.cluster) for one in part})
        originals += _originals(snapshot, part)
    return [one.seq for one in reach.of(originals, now)]


def _originals(snapshot: Snapshot, articles: Sequence[Assigned]) -> list[Assigned]:
    """Notes what each copy follows; the articles that are none."""
    snapshot.follows.update({one.seq: other for one in articles if (other := one.copy_of) is not None})
    return [one for one in articles if one.copy_of is None]


def _read_evidence(books: CollectionStore, snapshot: Snapshot, seqs: Sequence[int]) -> None:
    for start in range(0, len(seqs), _SLICE):
        for evidence in books.evidence(seqs[start : start + _SLICE]):
            if evidence is not None and evidence.comparable:
                snapshot.evidence[evidence.seq] = evidence


def complete_groups(
    snapshot: Snapshot, groups: Iterable[Sequence[int]], fixed: frozenset[str] = frozenset()
) -> list[list[int]]:
    """The grouped articles together with everything that was not grouped: copies, articles too old, and fixed clusters.

    A copy goes where its original goes. Anything else that was not grouped stays with its cluster: in the group that most of the
    cluster's grouped articles are in, or, when none was grouped, as a group of its own.
    """
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for position, group in enumerate(groups):
        kept = [seq for seq in group if seq in snapshot.assignment and snapshot.assignment[seq] not in fixed]
        if kept:
            members[position] = kept
            group_of.update(dict.fromkeys(kept, position))
    home = _homes(snapshot.assignment, group_of)
    leftover: dict[str, list[int]] = defaultdict(list)
    for seq in sorted(snapshot.assignment.keys() - group_of.keys()):
        number: int | None = _group_of_original(seq, snapshot.follows, group_of)
        if number is None or snapshot.assignment[seq] in fixed:
            number = home.get(snapshot.assignment[seq])
        if number is None:
            leftover[snapshot.assignment[seq]].append(seq)
        else:
            members[number].append(seq)
    return [*members.values(), *leftover.values()]


def _homes(assignment: Mapping[int, str], group_of: Mapping[int, int]) -> dict[str, int]:
    """cluster -> the group that most of its grouped articles are in."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for seq, number in group_of.items():
        counts[assignment[seq]][number] += 1
    return {cluster: min(counter, key=lambda n: (-counter[n], n)) for cluster, counter in counts.items()}


def _group_of_original(seq: int, follows: Mapping[int, int], group_of: Mapping[int, int]) -> int | None:
    seen: set[int] = set()
    while seq in follows and seq not in seen:
        seen.add(seq)
        seq = follows[seq]
        if seq in group_of:
            return group_of[seq]
    return None
