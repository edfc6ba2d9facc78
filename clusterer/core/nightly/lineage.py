"""Which public id does each group of a reclustering get, and what became of the ids that no group got?

Identity follows membership, never content or dates: a group keeps the id of the cluster it mostly consists of. Copies have no say
in it, or whoever posts enough of them could carry an id away. Every id that loses its members becomes an alias of where most of them
went, so each id ever given out goes on to mean something.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from clusterer.core.cluster_records import Change, ChangeKind

MIN_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Merged:
    """All members of `loser` went to other clusters, most of its originals to `winner`."""

    loser: str
    winner: str


@dataclass(frozen=True, slots=True)
class Split:
    """`cluster` is new, and most of its originals came out of `origin`, which lives on."""

    cluster: str
    origin: str


@dataclass(frozen=True, slots=True)
class Moved:
    """`seqs` went from `origin` to `target`, and both of them live on."""

    origin: str
    target: str
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RelabelPlan:
    """The new partition under stable ids, and how it differs from the old one.

    assignment: seq -> cluster id, for every article of the groups. created: new ids whose members come from no one cluster mainly.
    """

    assignment: Mapping[int, str]
    kept: tuple[str, ...]
    merged: tuple[Merged, ...]
    split: tuple[Split, ...]
    created: tuple[str, ...]
    moved: tuple[Moved, ...]

    @property
    def is_noop(self) -> bool:
        """Whether nothing changes."""
        return not (self.merged or self.split or self.created or self.moved)


def relabel(
    old: Mapping[int, str],
    groups: Sequence[Sequence[int]],
    new_id: Callable[[], str],
    copies: AbstractSet[int] = frozenset(),
) -> RelabelPlan:
    """Give each group an id.

    old: seq -> cluster id now, for every article of the groups. Ids must sort by age (ULIDs do). copies: articles that follow an
    original; sizes and overlaps are counted without them, except where there is nothing else. A group and a cluster match when
    each is the other's best by Jaccard overlap, at least `MIN_OVERLAP`, ties to the older; what is left matches when each holds
    the largest part of the other and that part is at least half of one of them, so that the largest core of a split and the
    largest side of a merge keep their id. The order of the groups does not matter to who keeps which id.
    """
    ordered = sorted(sorted(group) for group in groups if group)
    voices = _voices(old, ordered, copies)
    shared = {number: Counter(old[seq] for seq in group) for number, group in enumerate(voices)}
    sizes = Counter(old[seq] for group in voices for seq in group)
    ids = _match(shared, sizes, voices)
    final = [ids[number] if number in ids else new_id() for number in range(len(ordered))]
    assignment = {seq: cluster for group, cluster in zip(ordered, final, strict=True) for seq in group}
    fresh = {number: cluster for number, cluster in enumerate(final) if number not in ids}
    return _describe(old, assignment, final, fresh, shared)


_Shared = dict[int, Counter[str]]  # group number -> cluster id -> members in common, as far as they count


def _voices(old: Mapping[int, str], groups: Sequence[Sequence[int]], copies: AbstractSet[int]) -> list[list[int]]:
    """The members of each group that count: the originals, and all members of a group or cluster that has none."""
    heard = {old[seq] for group in groups for seq in group if seq not in copies}
    voices = [[seq for seq in group if seq not in copies or old[seq] not in heard] for group in groups]
    return [counted or list(group) for counted, group in zip(voices, groups, strict=True)]


def _match(shared: _Shared, sizes: Mapping[str, int], groups: Sequence[Sequence[int]]) -> dict[int, str]:
    def jaccard(number: int, cluster: str) -> float:
        common = shared[number][cluster]
        return common / (len(groups[number]) + sizes[cluster] - common)

    def largest_part(number: int, cluster: str) -> float:
        return shared[number][cluster]

    ids = {n: c for n, c in _mutual_best(shared, {}, jaccard, groups).items() if jaccard(n, c) >= MIN_OVERLAP}
    while True:
        more = {
            n: c
            for n, c in _mutual_best(shared, ids, largest_part, groups).items()
            if shared[n][c] >= MIN_OVERLAP * min(len(groups[n]), sizes[c])
        }
        if not more:
            return ids
        ids |= more


def _mutual_best(
    shared: _Shared,
    taken: Mapping[int, str],
    value: Callable[[int, str], float],
    groups: Sequence[Sequence[int]],
) -> dict[int, str]:
    """group -> cluster where each is the other's best among those not taken. Ties: the older id, the larger, then older group."""
    gone = set(taken.values())
    free = {
        number: [cluster for cluster in clusters if cluster not in gone]
        for number, clusters in shared.items()
        if number not in taken
    }
    best_cluster = {
        number: min(clusters, key=lambda cluster: (-value(number, cluster), cluster))
        for number, clusters in free.items()
        if clusters
    }
    rivals: dict[str, list[int]] = defaultdict(list)
    for number, clusters in free.items():
        for cluster in clusters:
            rivals[cluster].append(number)
    best_group = {
        cluster: min(numbers, key=lambda number: (-value(number, cluster), -len(groups[number]), groups[number][0]))
        for cluster, numbers in rivals.items()
    }
    return {number: cluster for number, cluster in best_cluster.items() if best_group[cluster] == number}


def _describe(
    old: Mapping[int, str],
    assignment: Mapping[int, str],
    final: Sequence[str],
    fresh: Mapping[int, str],
    shared: _Shared,
) -> RelabelPlan:
    """final: group number -> its id. fresh: those of them that are new."""
    living = set(final)
    flows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for seq, cluster in assignment.items():  # ascending in each group, and a new cluster is one group
        flows[old[seq], cluster].append(seq)
    targets: dict[str, Counter[str]] = defaultdict(Counter)
    for number, origins in shared.items():
        for cluster, count in origins.items():
            targets[cluster][final[number]] += count
    merged = [Merged(loser, _most(targets[loser])) for loser in sorted({one for one, _ in flows} - living)]
    split: list[Split] = []
    created: list[str] = []
    for number, cluster in fresh.items():
        origin = _most(shared[number])
        if origin in living:
            split.append(Split(cluster, origin))
        else:
            created.append(cluster)
    new = set(fresh.values())
    moved = [
        Moved(origin, target, tuple(seqs))
        for (origin, target), seqs in sorted(flows.items())
        if origin != target and origin in living and target not in new
    ]
    kept = tuple(sorted(living - new))
    return RelabelPlan(dict(assignment), kept, tuple(merged), tuple(split), tuple(created), tuple(moved))


def _most(counts: Mapping[str, int]) -> str:
    """The cluster with the most; ties to the older."""
    return min(counts, key=lambda cluster: (-counts[cluster], cluster))


def compress(aliases: Mapping[str, str], merged: Sequence[Merged]) -> dict[str, str]:
    """All aliases after these merges, each pointing straight at a living cluster."""
    result = dict(aliases) | {merge.loser: merge.winner for merge in merged}
    for start in result:
        path = [start]
        while path[-1] in result:
            path.append(result[path[-1]])
            if len(path) > len(result) + 1:
                raise ValueError(f"aliases of {start} go round in a circle")
        for one, _ in pairwise(path):
            result[one] = path[-1]
    return result


class Memberships:
    """Two memberships of the same articles side by side, `old` and `new`, kept up at the cost of what changes in them.

    A run asks again and again how they differ, and the answer must be there before the next article is: see `changes`.
    """

    def __init__(self, old: Mapping[int, str], new: Mapping[int, str]) -> None:
        self._old, self._new = dict(old), dict(new)
        self._old_sizes, self._new_sizes = Counter(self._old.values()), Counter(self._new.values())
        self._differing = {seq for seq, cluster in self._new.items() if self._old[seq] != cluster}

    @property
    def old(self) -> Mapping[int, str]:
        """seq -> cluster."""
        return self._old

    @property
    def new(self) -> Mapping[int, str]:
        """seq -> cluster."""
        return self._new

    def put_old(self, seqs: Iterable[int], cluster: str | None) -> None:
        """The articles are in this cluster of the old membership now; None: in none."""
        for seq in seqs:
            _put(self._old, self._old_sizes, seq, cluster)
            self._compare(seq)

    def put_new(self, seqs: Iterable[int], cluster: str | None) -> None:
        """The same for the new membership."""
        for seq in seqs:
            _put(self._new, self._new_sizes, seq, cluster)
            self._compare(seq)

    def _compare(self, seq: int) -> None:
        if seq in self._new and self._old.get(seq) != self._new[seq]:
            self._differing.add(seq)
        else:
            self._differing.discard(seq)

    def changes(self, reason: str, origins: Mapping[str, str], aliases: Mapping[str, str]) -> Iterator[Change]:
        """The difference as changes: applied in this order to the old membership, they give the new one.

        origins: new cluster -> the one it was split from. aliases: vanished cluster -> the one it stands for now. Numbers and times
        are given when the changes are published. Raises KeyError for an article that only the new membership has.
        """

        def change(kind: ChangeKind, cluster: str, seqs: Sequence[int] = (), other: str | None = None) -> Change:
            return Change(0, datetime.min, kind, cluster, tuple(seqs), other, reason=reason)

        before, after = self._old_sizes.keys(), self._new_sizes.keys()
        flows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for seq in sorted(self._differing):
            flows[self._old[seq], self._new[seq]].append(seq)
        splits = [flow for flow in sorted(flows) if origins.get(flow[1]) == flow[0]]
        merges = [flow for flow in sorted(flows) if flow[0] not in after and aliases.get(flow[0]) == flow[1]]
        moves = sorted(flows.keys() - {*splits, *merges})
        yield from (change("created", cluster) for cluster in sorted(after - before - origins.keys()))
        yield from (change("split", target, flows[origin, target], origin) for origin, target in splits)
        yield from (change("moved", target, flows[origin, target], origin) for origin, target in moves)
        yield from (change("merged", origin, flows[origin, target], target) for origin, target in merges)
        vanished = before - after - {origin for origin, _ in merges}
        yield from (change("retired", cluster, (), aliases.get(cluster)) for cluster in sorted(vanished))


def _put(membership: dict[int, str], sizes: Counter[str], seq: int, cluster: str | None) -> None:
    former = membership.pop(seq, None)
    if former is not None:
        sizes[former] -= 1
        if not sizes[former]:
            del sizes[former]
    if cluster is not None:
        membership[seq] = cluster
        sizes[cluster] += 1


def changes_between(
    old: Mapping[int, str],
    new: Mapping[int, str],
    reason: str,
    origins: Mapping[str, str],
    aliases: Mapping[str, str],
) -> Iterator[Change]:
    """See Memberships.changes."""
    return Memberships(old, new).changes(reason, origins, aliases)
