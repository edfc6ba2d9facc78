"""Old changes are let go: numbers go on, what is left is told as before, and nobody who missed something fails to notice."""

from __future__ import annotations

import pytest
from support.desk import Desk, at

from clusterer.core.errors import ChangesTrimmed
from clusterer.ports import CollectionStore


@pytest.fixture
def told(desk: Desk) -> CollectionStore:
    """Six changes, an hour apart: c1 and c2 begin, are joined in turn, and c3 begins."""
    desk.make_ready(*"abcdef")
    for minutes, (step, cluster, seq) in enumerate(
        [
            (desk.open, "c1", 1),
            (desk.open, "c2", 2),
            (desk.join, "c1", 3),
            (desk.join, "c2", 4),
            (desk.join, "c1", 5),
            (desk.open, "c3", 6),
        ]
    ):
        step(cluster, seq, minutes=60 * minutes)
    return desk.books


def test_the_oldest_changes_go_and_the_others_stay(told: CollectionStore) -> None:
    before = told.changes(0, 10)
    assert told.trim_changes(at(120), 10) == 2
    assert told.changes(2, 10) == before[2:]
    assert told.changes(4, 1) == before[4:5]
    assert told.changes(6, 10) == []
    assert told.position().change == 6


@pytest.mark.parametrize("after", [-1, 0, 1])
def test_who_asks_for_changes_that_are_gone_is_told_where_they_begin(told: CollectionStore, after: int) -> None:
    told.trim_changes(at(120), 10)
    with pytest.raises(ChangesTrimmed, match="3") as refused:
        told.changes(after, 10)
    assert refused.value.first == 3


def test_changes_of_a_cluster_are_told_as_far_as_they_are_kept(told: CollectionStore) -> None:
    before = {cluster: told.changes_of(cluster, 0, 10) for cluster in ("c1", "c2", "c3")}
    told.trim_changes(at(180), 10)
    for cluster, changes in before.items():
        kept = [change for change in changes if change.number > 3]
        assert told.changes_of(cluster, 0, 10) == kept
        assert told.changes_of(cluster, 0, 1) == kept[:1]
        assert told.changes_of(cluster, 4, 10) == [change for change in kept if change.number > 4]


def test_at_most_so_many_go_at_once(told: CollectionStore) -> None:
    assert [told.trim_changes(at(10_000), 4) for _ in range(3)] == [4, 2, 0]


def test_nothing_goes_that_is_not_older(told: CollectionStore) -> None:
    assert told.trim_changes(at(0), 10) == 0
    assert len(told.changes(0, 10)) == 6


def test_numbers_go_on_when_all_are_gone(told: CollectionStore, desk: Desk) -> None:
    assert told.trim_changes(at(10_000), 10) == 6
    assert told.changes(6, 10) == []
    assert told.position().change == 6
    with pytest.raises(ChangesTrimmed) as refused:
        told.changes(5, 10)
    assert refused.value.first == 7
    desk.make_ready("g")
    assert desk.join("c1", 7)[0].status == "committed"
    assert [(change.number, change.kind) for change in told.changes(6, 10)] == [(7, "updated")]
    assert [change.number for change in told.changes_of("c1", 0, 10)] == [7]


def test_a_generation_is_published_after_trimming(told: CollectionStore) -> None:
    """The tail is complete by the number of the last change, however many are kept."""
    told.trim_changes(at(10_000), 10)
    position = told.position()
    generation = told.begin_generation()
    told.stage(generation, [(seq, "c1") for seq in range(1, 7)])
    assert not told.flip(position.generation, generation, 5, [], at(400))
    assert told.flip(position.generation, generation, 6, [], at(400))
    assert [change.kind for change in told.changes(6, 10)] == ["flipped"]
