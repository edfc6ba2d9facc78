"""Damage from outside: the store says what is wrong about articles, and makes it anew."""

from __future__ import annotations

import pytest
from support.desk import Desk, at, draft, enter, members
from support.stores import Backend

from clusterer.core.errors import Conflict
from clusterer.ports import CollectionStore

DAY = 24 * 60


def term(number: int) -> bytes:
    return number.to_bytes(8, "big")


@pytest.fixture
def posted(desk: Desk) -> Desk:
    """Articles 1 to 5, handed over, which share terms; 6 is in the inbox."""
    desk.accept("a", "b", "c", "d", "e")
    for seq in range(1, 6):
        enter(desk.books, seq, term(9), [term(1), term(seq)], [term(seq % 2)], at(0))
    desk.hand_over(*[draft(seq) for seq in range(1, 6)])
    desk.accept("f")
    return desk


def test_nothing_is_missing_in_health(posted: Desk) -> None:
    seqs = list(range(1, 7))
    assert posted.books.check_postings(seqs, at(0)) == []
    assert posted.books.repost(seqs, at(0)) == 0
    assert posted.books.check_lists(seqs) == []
    assert posted.books.relist(seqs) == 0


def test_lost_posting_lists_are_noticed_and_made_anew(backend: Backend, posted: Desk) -> None:
    books, seqs = posted.books, list(range(1, 7))
    backend.lose_postings(books)
    assert books.check_postings(seqs, at(0)) == [1, 2, 3, 4, 5]
    assert books.check_postings([6, 3], at(0)) == [3]
    assert books.repost([5, 1, 2], at(0)) == 3
    assert books.check_postings(seqs, at(0)) == [3, 4]
    assert books.repost(seqs, at(0)) == 2
    assert books.repost(seqs, at(0)) == 0
    hits = enter(books, 6, term(9), [term(1), term(4)], [term(0)], at(1))
    assert hits == {1: 2, 2: 3, 3: 2, 4: 4, 5: 2}


def test_who_is_entered_again_comes_before_those_accepted_later(backend: Backend, posted: Desk) -> None:
    backend.lose_postings(posted.books)
    assert enter(posted.books, 6, term(9), [term(1)], [], at(1)) == {}
    assert posted.books.repost([1, 2, 3, 4, 5], at(1)) == 5
    again = enter(posted.books, 6, term(9), [term(1)], [], at(1))
    assert again == dict.fromkeys(range(1, 6), 2)
    assert enter(posted.books, 3, term(9), [], [], at(1)) == {1: 1, 2: 1}


def test_an_article_in_the_inbox_is_not_entered(backend: Backend, posted: Desk) -> None:
    enter(posted.books, 6, term(9), [], [], at(1))
    backend.lose_postings(posted.books)
    assert posted.books.repost([6], at(1)) == 0
    assert enter(posted.books, 6, term(9), [], [], at(1)) == {}


def test_articles_that_nobody_can_meet_any_more_are_left_alone(backend: Backend, posted: Desk) -> None:
    backend.lose_postings(posted.books)
    assert posted.books.check_postings([1, 2], at(13 * DAY)) == [1, 2]
    assert posted.books.check_postings([1, 2], at(60 * DAY)) == []
    assert posted.books.repost([1, 2], at(60 * DAY)) == 0
    enter(
        posted.books, 6, None, [term(77)], [], at(60 * DAY)
    )  # the newest bucket counts, whatever the caller's clock says
    assert posted.books.check_postings([1, 2], at(0)) == []


def test_full_lists_lack_nobody(backend: Backend, desk: Desk) -> None:
    for batch in range(2):
        seqs = desk.accept(*[f"a{batch}-{i}" for i in range(60)])
        for seq in seqs:
            enter(desk.books, seq, None, [term(1), term(1000 + seq)], [], at(0))
        desk.hand_over(*[draft(seq) for seq in seqs])
    books = desk.books
    for part in (range(1, 61), range(61, 121)):
        assert books.check_postings(list(part), at(0)) == []
    for seq in (1, 20, 50):
        books.erase(seq, at(1))
    for part in (range(1, 61), range(61, 121)):
        assert books.check_postings(list(part), at(0)) == [], "who never was in the full list is not missed there"
    backend.lose_postings(books)
    for part in (range(61, 121), range(1, 61)):
        assert books.repost(list(part), at(0)) == len([seq for seq in part if seq not in (1, 20, 50)])
    for part in (range(61, 121), range(1, 61)):
        assert books.check_postings(list(part), at(0)) == []
    newcomer = desk.accept("new")[0]
    hits = enter(books, newcomer, None, [term(1)], [], at(2))
    assert sorted(hits) == [seq for seq in range(2, 50) if seq != 20]


def test_erased_articles_do_not_come_back(backend: Backend, posted: Desk) -> None:
    backend.lose_postings(posted.books)
    assert posted.books.erase(2, at(1))
    assert posted.books.repost([1, 2], at(1)) == 1
    assert posted.books.erased_traces(2, "", []) == []


# -- lists


def test_lost_lists_of_copies(backend: Backend, desk: Desk) -> None:
    desk.make_cluster("c1", "a")
    desk.make_copies(1, "b", "c")
    desk.follow(1, 2, 3)
    backend.lose_copies(desk.books)
    assert desk.books.copies_of(1, 10) == []
    assert desk.books.check_lists([1, 2, 3]) == [(2, "copies"), (3, "copies")]
    assert desk.books.relist([3, 1, 2]) == 2
    assert desk.books.copies_of(1, 10) == [2, 3]
    assert desk.books.relist([1, 2, 3]) == 0


# -- memberships


def test_lost_memberships_come_back(backend: Backend, desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b")
    desk.make_cluster("c2", "c")
    desk.accept("d")
    backend.lose_membership(desk.books, 1)
    assert desk.books.facts([1])[0].cluster is None  # type: ignore[union-attr]
    generation, change = desk.books.position().generation, desk.books.position().change
    rows = [(1, "c1"), (3, None), (4, "c1"), (4, None), (999, "c1")]
    assert not desk.books.reassign(generation + 1, change, rows)
    assert not desk.books.reassign(generation, change - 1, rows)
    assert _clusters_of(desk.books, 4) == [None, "c1", "c2", None]
    assert desk.books.reassign(generation, change, rows)
    assert _clusters_of(desk.books, 4) == ["c1", "c1", "c2", None]
    assert members(desk.books, "c1") == [1, 2]
    assert desk.books.position().change == change


def test_who_lost_its_record_gives_up_its_place(backend: Backend, books: CollectionStore) -> None:
    desk = Desk(books)
    desk.make_cluster("c1", "a", "b", "c")
    backend.lose_record(books, 2)
    assert books.facts([2]) == [None]
    change = books.position().change
    staged = books.begin_generation()
    books.stage(staged, [(1, "c1"), (2, "c1"), (3, "c1")])
    with pytest.raises(Conflict, match="holds 2 articles"):
        books.flip(1, staged, change, (), at(1))
    assert books.reassign(1, change, [(2, None)])
    assert books.flip(1, staged, change, (), at(1))
    assert members(books, "c1") == [1, 3]


def _clusters_of(books: CollectionStore, last: int) -> list[str | None]:
    return [facts.cluster for facts in books.facts(list(range(1, last + 1))) if facts]


# -- counts


def test_counts_are_made_anew(backend: Backend, desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b", received_at=at(5))
    desk.make_cluster("c2", "c", received_at=at(0))
    desk.accept("d", "e", "f", received_at=at(5))
    entry = desk.lease("inbox")[0]
    desk.books.mark_dead("inbox", entry.entry, entry.seq, "broken", at(6))
    desk.books.erase(2, at(7))
    assert desk.books.expire(at(3), 10, at(8)) == 1
    right = desk.books.books()
    assert (right.pending, right.assigned, right.dead, right.erased, right.expired) == (2, 1, 1, 1, 1)
    assert desk.books.recount(1, 1)
    assert desk.books.books() == right
    assert not desk.books.recount(1, 0), "an article was erased while they were counted"
    backend.lose_counts(desk.books)
    assert desk.books.recount(1, desk.books.books().erased)
    assert desk.books.books() == right


def test_batches_are_bounded(books: CollectionStore) -> None:
    seqs = list(range(1, 66))
    for call in (books.check_lists, books.relist):
        with pytest.raises(ValueError, match="at most 64"):
            call(seqs)
    for posting in (books.check_postings, books.repost):
        with pytest.raises(ValueError, match="at most 64"):
            posting(seqs, at(0))
    with pytest.raises(ValueError, match="at most 64"):
        books.reassign(1, 0, [(seq, "c1") for seq in seqs])
