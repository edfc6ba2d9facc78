"""Which id each storyline of a night gets: the rule that clusters have (`lineage.relabel`), with clusters in the place of articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from clusterer.core.nightly.lineage import relabel


@dataclass(frozen=True, slots=True)
class StorylinePlan:
    """assignment: cluster -> storyline. aliases: id of a storyline that ended -> the one that most of its clusters went to."""

    assignment: Mapping[str, str]
    aliases: Mapping[str, str]


def identified(
    old: Mapping[str, str], groups: Sequence[Sequence[str]], seen: Collection[str], new_id: Callable[[], str]
) -> StorylinePlan:
    """Give each group of clusters the id of a storyline.

    old: cluster -> storyline now, living clusters only. seen: all clusters that were looked at, those in no group too. A cluster that
    was not looked at, being too old, stays with its storyline: in the group that most of its clusters are in. Where a storyline falls
    apart, a part keeps its id even if only one cluster is left in it; otherwise a cluster by itself is in none.
    """
    complete = _complete(old, groups, seen)
    # Clusters that were in none have no say in who keeps an id, as copies have none among articles.
    names = sorted(old.keys() & {cluster for group in complete for cluster in group})
    number = {cluster: at for at, cluster in enumerate(names)}
    known = [[number[cluster] for cluster in group if cluster in number] for group in complete]
    plan = relabel({number[cluster]: old[cluster] for cluster in names}, known, new_id)
    assignment: dict[str, str] = {}
    for group, kept in zip(complete, known, strict=True):
        storyline = plan.assignment[kept[0]] if kept else None
        if storyline in plan.kept or len(group) > 1:
            assignment.update(dict.fromkeys(group, storyline or new_id()))
    return StorylinePlan(assignment, _aliases({one.loser for one in plan.merged}, old, assignment))


def _aliases(lost: AbstractSet[str], old: Mapping[str, str], assignment: Mapping[str, str]) -> dict[str, str]:
    """Each id that no group got -> the storyline that most of its clusters are in now, if any of them is in one; ties to the older."""
    heirs: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for cluster, storyline in old.items():
        if storyline in lost and cluster in assignment:
            heirs[storyline][assignment[cluster]] += 1
    return {one: min(counts, key=lambda heir: (-counts[heir], heir)) for one, counts in heirs.items()}


def _complete(old: Mapping[str, str], groups: Sequence[Sequence[str]], seen: Collection[str]) -> list[list[str]]:
    """The groups, each cluster that is in none by itself, and what was not looked at with its storyline."""
    grouped = {cluster: at for at, group in enumerate(groups) for cluster in group}
    complete = [list(group) for group in groups]
    homes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for cluster in sorted(seen):
        if cluster not in grouped:
            grouped[cluster] = len(complete)
            complete.append([cluster])
        if cluster in old:
            homes[old[cluster]][grouped[cluster]] += 1
    unseen: defaultdict[str, list[str]] = defaultdict(list)
    for cluster in sorted(old.keys() - grouped.keys()):
        unseen[old[cluster]].append(cluster)
    for storyline, clusters in sorted(unseen.items()):
        home = homes.get(storyline)
        if home:
            complete[min(home, key=lambda at: (-home[at], at))] += clusters
        else:
            complete.append(clusters)
    return complete
