"""What a former generation of clusters lacks when it is to be published again: shared by all stores."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Former:
    """A generation that was published before. ids: every cluster id it ever had; aliases: id merged away -> living id."""

    cluster_of: Mapping[int, str]
    ids: Set[str]
    aliases: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """Memberships (seq, cluster id) and aliases to add to the former generation."""

    rows: tuple[tuple[int, str], ...]
    aliases: Mapping[str, str]


def carry_over(cluster_of: Mapping[int, str], aliases: Mapping[str, str], former: Former) -> Carried:
    """Places for the articles assigned since, and names for the ids that only the generation that is rolled back knows.

    cluster_of, aliases: of the generation that is rolled back.
    """
    home = _homes(cluster_of, former)
    rows = tuple((seq, home[cluster]) for seq, cluster in cluster_of.items() if seq not in former.cluster_of)
    known = former.ids | former.aliases.keys() | {cluster for _, cluster in rows}
    added = {cluster: target for cluster, target in home.items() if cluster not in known}
    for name, target in aliases.items():
        if name not in known and target in home:
            added[name] = home[target]
    return Carried(rows, added)


def _homes(cluster_of: Mapping[int, str], former: Former) -> dict[str, str]:
    """Living cluster -> where its new members belong in the former generation: to itself if it lives there, to what it stands
    for there, to the cluster that most of its members were in (the older id of equals), or to itself as a new one.
    """
    living = set(former.cluster_of.values())
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for seq, cluster in cluster_of.items():
        counts[cluster].update([former.cluster_of[seq]] if seq in former.cluster_of else [])
    homes = {}
    for cluster, counter in counts.items():
        target = former.aliases.get(cluster, cluster)
        if target not in living and counter:
            target = min(counter, key=lambda candidate: (-counter[candidate], candidate))
        homes[cluster] = target if target in living else cluster
    return homes
