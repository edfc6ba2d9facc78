"""Paging through members and clusters."""

from __future__ import annotations

import pytest
from support.desk import Desk, at

from clusterer.ports import CollectionStore


def test_members_come_in_pages(desk: Desk) -> None:
    desk.make_cluster("c1", *"abcde")
    books = desk.books
    assert books.members("c1", 0, 2) == [1, 2]
    assert books.members("c1", 2, 2) == [3, 4]
    assert books.members("c1", 4, 2) == [5]
    assert books.members("c1", 5, 2) == []


def test_members_of_a_generation_that_is_not_there(desk: Desk) -> None:
    desk.make_cluster("c1", "a")
    assert desk.books.members("c1", 0, 10, generation=1) == [1]
    assert desk.books.members("c1", 0, 10, generation=7) == []
    assert desk.books.cluster("c1", generation=7) is None


@pytest.mark.parametrize("sort", ["last_seen", "size"])
def test_clusters_come_in_pages_without_repeats_or_gaps(desk: Desk, sort: str) -> None:
    sizes = [1, 2, 1, 1, 2, 1, 1, 3, 1, 1, 1]  # many equal ones
    for number, size in enumerate(sizes):
        received_at = at(number % 2)
        desk.make_cluster(f"c{number}", *[f"a{number}-{i}" for i in range(size)], received_at=received_at)
    whole = desk.books.cluster_ids(sort, None, 100)  # type: ignore[arg-type]
    assert desk.books.cluster_count() == len(sizes)
    value = {f"c{n}": at(n % 2).timestamp() if sort == "last_seen" else size for n, size in enumerate(sizes)}
    assert whole == sorted(((value[name], name) for name in value), reverse=True)
    for limit in (1, 2, 3):
        assert list(pages(desk.books, sort, limit)) == whole


def pages(books: CollectionStore, sort: str, limit: int) -> list[tuple[float, str]]:
    read: list[tuple[float, str]] = []
    while part := books.cluster_ids(sort, read[-1] if read else None, limit):  # type: ignore[arg-type]
        assert len(part) <= limit
        read += part
    return read


def test_paging_goes_on_where_a_cluster_has_moved(desk: Desk) -> None:
    for number in range(4):
        desk.make_cluster(f"c{number}", f"a{number}", received_at=at(number))
    first = desk.books.cluster_ids("last_seen", None, 2)
    assert [name for _, name in first] == ["c3", "c2"]
    desk.make_ready("late", received_at=at(60))
    desk.join("c2", 5)  # the last one of the page moves to the top
    assert [name for _, name in desk.books.cluster_ids("last_seen", first[-1], 10)] == ["c1", "c0"]


def test_nothing_to_page_through(books: CollectionStore) -> None:
    assert books.cluster_ids("size", None, 10) == []
    assert books.cluster_count() == 0
    assert books.changes(0, 10) == []
    assert books.accepted_seqs(0, 10) == []
    assert books.dead(0, 10) == []


def test_the_assigned_ones_of_some_articles(desk: Desk) -> None:
    first, second = desk.make_cluster("c1", "a", "b")
    (copy,) = desk.make_copies(first, "copy")
    desk.follow(first, copy)
    (other,) = desk.make_cluster("c2", "c")
    (waiting,) = desk.make_ready("d")
    books = desk.books
    found = books.assigned([other, copy, waiting, second, first, 99])
    assert [(one.seq, one.cluster, one.copy_of) for one in found] == [
        (other, "c2", None),
        (copy, "c1", first),
        (second, "c1", None),
        (first, "c1", None),
    ]
    facts = {fact.seq: fact for fact in books.facts([first, second, copy, other]) if fact}
    assert all((one.received_at, one.change) == (facts[one.seq].received_at, facts[one.seq].change) for one in found)
    books.erase(second, at(9))
    assert [one.seq for one in books.assigned([first, second])] == [first]
    assert books.assigned([]) == []
