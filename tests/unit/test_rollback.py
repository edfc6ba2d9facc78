"""Going back to a former generation: who goes where, which names stay meaningful, and what the change feed says of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.nightly.lineage import changes_between
from clusterer.core.nightly.rollback import Former, carry_over

SEQS = st.integers(1, 12)
CLUSTERS = st.sampled_from(["a", "b", "c", "d"])
PARTITIONS = st.dictionaries(SEQS, CLUSTERS, max_size=12)


@given(PARTITIONS, PARTITIONS)
def test_everything_finds_a_place_and_every_name_a_meaning(now: dict[int, str], then: dict[int, str]) -> None:
    then = {seq: cluster for seq, cluster in then.items() if seq in now}  # whoever is gone is gone from both
    former = Former(then, set(then.values()), {})
    carried = carry_over(now, {}, former)
    after = {**then, **dict(carried.rows)}
    assert after.keys() == now.keys()
    assert {seq: after[seq] for seq in then} == then
    living = set(after.values())
    assert all(carried.aliases.get(cluster, cluster) in living for cluster in now.values())


@given(PARTITIONS, st.dictionaries(SEQS, CLUSTERS))
def test_the_lineage_leads_from_one_to_the_other(now: dict[int, str], other: dict[int, str]) -> None:
    then = {seq: other.get(seq, cluster) for seq, cluster in now.items()}
    followed, living = dict(now), set(now.values())
    for change in changes_between(now, then, "rollback", {}, {}):
        if change.kind == "created":
            living.add(change.cluster)
        elif change.kind == "moved":
            assert {change.cluster, change.other} <= living
            assert all(followed[seq] == change.other for seq in change.seqs)
            followed.update(dict.fromkeys(change.seqs, change.cluster))
        else:
            assert change.kind == "retired"
            assert change.cluster not in followed.values()
            living.remove(change.cluster)
    assert followed == then
    assert living == set(then.values())


def test_new_members_go_where_most_of_their_cluster_was() -> None:
    then = {1: "c1", 2: "c2", 3: "c2"}
    now = {1: "c9", 2: "c9", 3: "c9", 4: "c9"}
    carried = carry_over(now, {"gone": "c9", "c1": "c9"}, Former(then, {"c1", "c2"}, {}))
    assert carried.rows == ((4, "c2"),)
    assert carried.aliases == {"c9": "c2", "gone": "c2"}
