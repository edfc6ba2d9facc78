"""Each article is in one cluster; of a large cluster some articles stand for all."""

from __future__ import annotations

import pytest

from clusterer.core.clustering.cluster_members import ClusterMembers


@pytest.fixture
def members() -> ClusterMembers:
    found = ClusterMembers()
    for seq in (5, 3, 4):
        found.enter(seq, "flood", movable=True)
    found.enter(9, "quake", movable=True)
    return found


def test_what_entered_is_there(members: ClusterMembers) -> None:
    assert (len(members), 3 in members, 7 in members) == (4, True, False)
    assert (members.cluster_of(3), members.cluster_of(7)) == ("flood", None)
    assert (members.of("flood"), members.of("strike")) == ((3, 4, 5), ())
    assert (members.size("flood"), members.size("strike")) == (3, 0)


def test_who_moves_is_in_the_new_cluster_alone(members: ClusterMembers) -> None:
    members.move(4, "quake")
    assert (members.of("flood"), members.of("quake"), members.cluster_of(4)) == ((3, 5), (4, 9), "quake")
    with pytest.raises(KeyError):
        members.move(7, "quake")


def test_what_is_forgotten_is_gone_with_all_that_was_known_of_it(members: ClusterMembers) -> None:
    members.enter(6, "flood", movable=False)
    members.forget(6)
    members.forget(9)
    assert (members.of("flood"), members.size("quake"), 6 in members) == ((3, 4, 5), 0, False)
    members.enter(6, "flood", movable=True)
    assert members.sample("flood", 9, {}) == [3, 4, 5, 6]
    with pytest.raises(KeyError):
        members.forget(7)


def test_a_sample_is_of_all_that_may_move_the_centre_and_of_the_rest_only_where_there_is_nothing_else() -> None:
    members = ClusterMembers()
    members.enter(1, "flood", movable=False)
    assert members.sample("flood", 4, {}) == [1]
    members.enter(2, "flood", movable=True)
    assert members.sample("flood", 4, {}) == [2]


def test_half_of_a_sample_are_the_nearest_and_half_from_all_over() -> None:
    members = ClusterMembers()
    for seq in range(1, 12):
        members.enter(seq, "flood", movable=True)
    assert members.sample("flood", 11, {}) == list(range(1, 12))
    assert members.sample("flood", 4, {6: 2, 7: 1, 8: 0, 99: 3}) == [1, 7, 8, 11]
    assert members.sample("flood", 6, {6: 2, 7: 1, 8: 0}) == [1, 5, 6, 7, 8, 11]
