"""Ids follow members: identical partitions are no-ops, the mutual best keeps its id, and no id is ever lost."""

from __future__ import annotations

from collections import defaultdict
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clusterer.core.feed import apply_membership
from clusterer.core.nightly.lineage import (
    Memberships,
    Merged,
    Moved,
    RelabelPlan,
    Split,
    changes_between,
    compress,
    relabel,
)


def fresh_ids():
    numbers = count(1)
    return lambda: f"n{next(numbers):04d}"


def groups_of(partition: dict[int, str]) -> list[list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for seq, label in partition.items():
        groups[label].append(seq)
    return list(groups.values())


def plan(old: dict[int, str], groups: list[list[int]], copies: set[int] = frozenset()) -> RelabelPlan:
    return relabel(old, groups, fresh_ids(), copies)


partitions = st.dictionaries(st.integers(1, 60), st.sampled_from([f"c{n:02d}" for n in range(12)]), min_size=1)


copies = st.sets(st.integers(1, 60))


@given(partitions, copies)
def test_the_identical_partition_changes_nothing(old, copies):
    made = plan(old, groups_of(old), copies)
    assert made.is_noop
    assert made.assignment == old


@given(partitions, copies, st.data())
def test_order_of_groups_and_members_does_not_matter(old, copies, data):
    labels = data.draw(st.lists(st.integers(0, 8), min_size=len(old), max_size=len(old)))
    groups = groups_of(dict(zip(old, map(str, labels), strict=True)))
    shuffled = [data.draw(st.permutations(group)) for group in data.draw(st.permutations(groups))]
    assert plan(old, groups, copies) == plan(old, shuffled, copies)


@given(partitions, copies, st.data())
def test_every_id_resolves_and_every_article_has_one_cluster(old, copies, data):
    labels = data.draw(st.lists(st.integers(0, 8), min_size=len(old), max_size=len(old)))
    groups = groups_of(dict(zip(old, map(str, labels), strict=True)))
    made = plan(old, groups, copies)
    assert made.assignment.keys() == old.keys()
    living = set(made.assignment.values())
    assert len(living) == len(groups)
    losers = {merge.loser for merge in made.merged}
    assert set(old.values()) <= living | losers
    assert all(merge.winner in living for merge in made.merged)
    assert not losers & living


@given(partitions, copies, st.data())
def test_a_mutual_best_overlap_of_half_of_the_originals_keeps_its_id(old, copies, data):
    labels = data.draw(st.lists(st.integers(0, 8), min_size=len(old), max_size=len(old)))
    groups = groups_of(dict(zip(old, map(str, labels), strict=True)))
    clusters = {cluster: {seq for seq in old if old[seq] == cluster} for cluster in old.values()}
    assume(all(set(members) - copies for members in [*groups, *clusters.values()]))
    made = plan(old, groups, copies)
    originals = [set(group) - copies for group in groups]

    def jaccard(a, b):
        return len(a & b) / len(a | b)

    for cluster, members in clusters.items():
        for group in originals:
            mine = jaccard(members - copies, group)
            beats_groups = all(jaccard(members - copies, other) < mine for other in originals if other is not group)
            rivals = [others - copies for name, others in clusters.items() if name != cluster]
            if mine >= 0.5 and beats_groups and all(jaccard(other, group) < mine for other in rivals):
                assert {made.assignment[seq] for seq in group} == {cluster}


@given(partitions, copies, st.data())
def test_more_copies_change_no_id(old, copies, data):
    """Copies posted to the originals there are go where those go, and have no say in who keeps which id."""
    originals = {seq: cluster for seq, cluster in old.items() if seq not in copies}
    assume(originals)
    labels = dict(zip(originals, data.draw(st.lists(st.integers(0, 5), min_size=60, max_size=60)), strict=False))
    follows = {seq: data.draw(st.sampled_from(sorted(originals))) for seq in range(101, 101 + len(copies))}
    flooded = originals | {copy: originals[seq] for copy, seq in follows.items()}
    together = labels | {copy: labels[seq] for copy, seq in follows.items()}
    before = plan(originals, groups_of({seq: str(label) for seq, label in labels.items()}))
    after = plan(flooded, groups_of({seq: str(label) for seq, label in together.items()}), set(follows))
    assert {seq: after.assignment[seq] for seq in originals} == before.assignment
    assert (after.kept, after.merged, after.split, after.created) == (
        before.kept,
        before.merged,
        before.split,
        before.created,
    )


def test_a_flood_of_copies_does_not_take_the_id_along():
    old = dict.fromkeys(range(1, 40), "a")
    flooded, honest = [1, *range(10, 40)], list(range(2, 10))
    made = plan(old, [flooded, honest], set(range(10, 40)))
    assert {made.assignment[seq] for seq in honest} == {"a"}
    assert made.split == (Split("n0001", "a"),)


def test_copies_do_not_decide_what_a_merged_id_stands_for():
    old = (
        dict.fromkeys(range(1, 11), "z")
        | dict.fromkeys((21, 22, 23, 24, 25, 26), "a")
        | dict.fromkeys((31, 32, 33), "b")
    )
    groups = [[1, 21, 22, 23, 24, 25, 26, 4, 5, 6, 7, 8, 9, 10], [2, 3, 31, 32, 33]]
    made = plan(old, groups, {4, 5, 6, 7, 8, 9, 10})
    assert made.merged == (Merged("z", "b"),)


def test_where_there_are_only_copies_they_count():
    old = dict.fromkeys((1, 2, 3), "a") | {4: "b"}
    made = plan(old, [[1, 2], [3], [4]], {1, 2, 3})
    assert made.assignment == {1: "a", 2: "a", 3: "n0001", 4: "b"}


def test_merge_keeps_the_larger_and_aliases_the_other():
    old = dict.fromkeys(range(1, 11), "b") | dict.fromkeys(range(11, 15), "a")
    made = plan(old, [list(range(1, 15))])
    assert made.merged == (Merged("a", "b"),)
    assert set(made.assignment.values()) == {"b"}


def test_merge_of_equals_keeps_the_older():
    old = dict.fromkeys((1, 2), "b") | dict.fromkeys((3, 4), "a")
    assert plan(old, [[1, 2, 3, 4]]).merged == (Merged("b", "a"),)


def test_three_way_split_keeps_the_id_with_the_largest_core_although_it_is_under_half():
    old = dict.fromkeys(range(1, 11), "a")
    made = plan(old, [[1, 2, 3, 4], [5, 6, 7], [8, 9, 10]])
    assert {made.assignment[seq] for seq in (1, 2, 3, 4)} == {"a"}
    assert {split.origin for split in made.split} == {"a"}
    assert len(made.split) == 2


def test_one_article_moves_between_living_clusters():
    old = dict.fromkeys((1, 2, 3), "a") | dict.fromkeys((4, 5, 6), "b")
    made = plan(old, [[1, 2], [3, 4, 5, 6]])
    assert made.moved == (Moved("a", "b", (3,)),)
    assert (made.merged, made.split, made.created) == ((), (), ())


def test_a_split_names_its_origin():
    old = dict.fromkeys((1, 2, 3), "a")
    made = plan(old, [[1, 2], [3]])
    assert made.split == (Split("n0001", "a"),)


@pytest.mark.parametrize(
    ("groups", "kind"),
    [
        ([[1, 2, 3, 4, 5, 6], [7, 8, 9]], "merged"),
        ([[1, 2], [3], [4, 5, 6], [7, 8, 9]], "split"),
        ([[1, 2], [3, 4, 5, 6], [7, 8, 9]], "moved"),
    ],
)
def test_a_change_of_any_one_kind_is_a_change(groups, kind):
    """What changes nothing is not published. A cluster is created only where one that it took from has gone."""
    old = {seq: "abc"[(seq - 1) // 3] for seq in range(1, 10)}
    made = plan(old, groups)
    assert [one for one in ("merged", "split", "created", "moved") if getattr(made, one)] == [kind]
    assert not made.is_noop


def test_aliases_are_compressed():
    assert compress({"a": "b"}, [Merged("b", "c"), Merged("c", "d")]) == {"a": "d", "b": "d", "c": "d"}


def test_a_circle_of_aliases_is_refused():
    with pytest.raises(ValueError, match="circle"):
        compress({"a": "b"}, [Merged("b", "a")])


OLD = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: "c", 7: "d", 8: "e", 9: "e"}
NEW = {1: "a", 2: "a", 3: "f", 4: "a", 5: "a", 6: "g", 7: "b", 8: "e", 9: "a"}


def test_changes_say_who_went_where_and_why():
    changes = list(changes_between(OLD, NEW, "night", origins={"f": "a"}, aliases={"c": "g", "d": "b"}))
    assert [(change.kind, change.source, change.target, change.seqs) for change in changes] == [
        ("created", None, "g", ()),
        ("split", "a", "f", (3,)),
        ("moved", "b", "a", (4, 5)),
        ("moved", "e", "a", (9,)),
        ("merged", "c", "g", (6,)),
        ("merged", "d", "b", (7,)),
    ]
    assert {change.reason for change in changes} == {"night"}


def test_a_cluster_that_only_lost_members_is_no_merge():
    """`b` is known to stand for `a`, and lives: its articles moved."""
    changes = list(changes_between({1: "a", 2: "b", 3: "b"}, {1: "a", 2: "a", 3: "b"}, "", {}, {"b": "a"}))
    assert [(change.kind, change.source, change.target) for change in changes] == [("moved", "b", "a")]


def test_what_vanished_without_a_merge_is_retired():
    changes = list(changes_between({1: "a", 2: "b"}, {1: "a", 2: "c"}, "", {}, {"b": "a"}))
    assert [(change.kind, change.cluster, change.other, change.seqs) for change in changes] == [
        ("created", "c", None, ()),
        ("moved", "c", "b", (2,)),
        ("retired", "b", "a", ()),
    ]


@given(partitions, st.data())
def test_changes_lead_from_the_old_membership_to_the_new_one(old, data):
    labels = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=len(old), max_size=len(old)))
    new = dict(zip(old, labels, strict=True))
    membership = dict(old)
    for change in changes_between(old, new, "", {}, {}):
        apply_membership(membership, change)
    assert membership == new


steps = st.tuples(
    st.sampled_from(["old", "new", "both", "erased"]),
    st.lists(st.integers(1, 60), max_size=5),
    st.sampled_from("abcdefgh"),
)


@given(partitions, st.data(), st.lists(steps, max_size=20))
def test_memberships_kept_up_step_by_step_differ_as_if_compared_anew(old, data, made):
    labels = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=len(old), max_size=len(old)))
    memberships = Memberships(old, dict(zip(old, labels, strict=True)))
    for side, seqs, cluster in made:
        known = [seq for seq in seqs if seq in memberships.old]
        if side == "old":
            memberships.put_old(known, cluster)
        elif side == "new":
            memberships.put_new(known, cluster)
        else:
            memberships.put_new(seqs, cluster if side == "both" else None)
            memberships.put_old(seqs, cluster if side == "both" else None)
    anew = Memberships(dict(memberships.old), dict(memberships.new))
    aliases = {"c01": "a"}
    assert list(memberships.changes("", {}, aliases)) == list(anew.changes("", {}, aliases))


def test_a_group_of_many_origins_is_created_and_what_it_took_from_stands_for_where_most_went():
    old = {seq: name for name, seqs in (("a", range(1, 5)), ("b", range(5, 11)), ("c", range(11, 16))) for seq in seqs}
    old |= dict.fromkeys(range(16, 21), "d")
    made = plan(old, [[1, 2, 3, *range(5, 11)], [4, 11, 16], list(range(12, 16)), list(range(17, 21))])
    assert made.merged == (Merged("a", "b"),)
    assert (made.kept, made.split, made.created) == (("b", "c", "d"), (), (made.assignment[4],))
    assert made.moved == ()


def test_what_a_merged_id_stands_for_is_counted_over_all_groups():
    """Two small parts of `a` end in one cluster, and one larger part in another."""
    old = dict.fromkeys(range(1, 8), "a") | dict.fromkeys(range(8, 20), "b") | dict.fromkeys(range(20, 40), "c")
    made = plan(old, [[1, 2, 3, *range(8, 20)], [4, 5, 6, 7, *range(20, 40)]])
    assert made.merged == (Merged("a", "c"),)


def test_a_cluster_keeps_its_id_at_half_of_its_originals():
    old = dict.fromkeys(range(1, 5), "a") | dict.fromkeys(range(5, 11), "b")
    assert plan(old, [[1, 2], [3, 4, *range(5, 11)]]).kept == ("a", "b")


def test_the_largest_core_keeps_the_id_though_a_smaller_one_is_purer():
    """The group of four has more of `a` beside it than that of five; but neither overlaps by half, and then the core counts."""
    old = dict.fromkeys(range(1, 11), "a") | dict.fromkeys(range(11, 31), "b")
    made = plan(old, [[1, 2, 3, 4], [*range(5, 10), *range(11, 19)], list(range(19, 31)), [10]])
    assert {made.assignment[seq] for seq in (5, 18)} == {"a"}
    assert made.assignment[19] == "b"


def test_of_equal_halves_the_one_that_began_first_keeps_the_id():
    made = plan(dict.fromkeys((1, 2, 3, 4), "a"), [[2, 3], [1, 4]])
    assert {made.assignment[seq] for seq in (1, 4)} == {"a"}


def test_of_equal_parts_the_larger_group_keeps_the_id():
    """Both took two of `a`'s five, the younger one beside parts of clusters that live on elsewhere."""
    old = dict.fromkeys(range(1, 6), "a") | dict.fromkeys(range(6, 16), "b") | dict.fromkeys(range(16, 26), "c")
    made = plan(old, [[1, 2], [3, 4, 6, 16], [5], list(range(7, 16)), list(range(17, 26))])
    assert {made.assignment[seq] for seq in (3, 6, 16)} == {"a"}
    assert (made.assignment[7], made.assignment[17]) == ("b", "c")


def test_a_group_of_nothing_is_no_cluster():
    made = plan({1: "a", 2: "b"}, [[1], [], [2]])
    assert made.is_noop
    assert made.kept == ("a", "b")


NAMES = [f"c{number:02d}" for number in range(20)]


def test_a_plan_names_clusters_in_order_of_their_ids():
    """Two articles of each of twenty clusters go over to its neighbour, or all of them."""
    home = {cluster: range(10 * number, 10 * number + 10) for number, cluster in enumerate(NAMES, 1)}
    old = {seq: cluster for cluster, seqs in home.items() for seq in seqs}
    exchanged = [[*home[name][2:], *home[NAMES[number - 1]][:2]] for number, name in enumerate(NAMES)]
    moved = plan(old, exchanged[::-1]).moved
    assert moved == tuple(sorted(moved, key=lambda one: (one.origin, one.target)))
    assert {len(one.seqs) for one in moved} == {2}
    assert all(one.seqs == tuple(sorted(one.seqs)) for one in moved)
    assert len(moved) == len(NAMES)
    pairs = [[*home[first], *home[second]] for first, second in zip(NAMES[::2], NAMES[1::2], strict=True)]
    merged = plan(old, pairs[::-1]).merged
    assert merged == tuple(Merged(second, first) for first, second in zip(NAMES[::2], NAMES[1::2], strict=True))


def test_changes_come_in_order_of_ids():
    """Whatever the order of the memberships: those who follow the feed read the same after every run."""
    old = {number: name for number, name in enumerate(NAMES[9::-1], 1)} | dict.fromkeys(range(100, 130), "old")
    for kind, new, origins, aliases in (
        ("created", dict.fromkeys(range(100, 130), "old") | {n: f"x{n:02d}" for n in range(1, 11)}, {}, {}),
        (
            "split",
            old | {n: f"x{300 - n}" for n in range(100, 120)},
            {f"x{300 - n}": "old" for n in range(100, 120)},
            {},
        ),
        ("moved", old | dict(zip(range(100, 110), NAMES[9::-1], strict=True)), {}, {}),
        ("merged", old | dict.fromkeys(range(1, 11), "old"), {}, dict.fromkeys(NAMES, "old")),
        ("retired", old | {n: f"x{n:02d}" for n in range(1, 11)}, {}, {}),
    ):
        found = [one for one in changes_between(old, dict(sorted(new.items(), reverse=True)), "", origins, aliases)]
        named = [one.cluster for one in found if one.kind == kind]
        assert len(named) >= 10, kind
        assert named == sorted(named), kind
    spread = range(1, 2000, 97)  # which no set of numbers keeps in order
    gone = dict.fromkeys(spread, "a") | {2: "b"}
    (merge,) = changes_between(gone, dict.fromkeys(gone, "b"), "", {}, {"a": "b"})
    assert merge.seqs == tuple(spread)
