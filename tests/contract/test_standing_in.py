"""Of articles with the very same words one stands in the posting index."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.articles import WINDOW
from support.desk import MONDAY, Desk, draft, enter, fingerprint

from clusterer.core.model import IndexTerms, Relation

WORK = "clu:{news}:"
SHARED = [b"shared %d" % number for number in range(20)]


def own(seq: int) -> list[bytes]:
    """The name of its series, which a copy in another source has for itself."""
    return [b"series of %d" % seq]


def arrive(desk: Desk, name: str, original: int | None = None, words: int = 1, at: datetime = MONDAY) -> int:
    """An article of the shared terms and one of its own, handed over as a copy of `original`."""
    (seq,) = desk.accept(name)
    relations = () if original is None else (Relation("exact", original, {}),)
    terms = IndexTerms(b"exact %d" % words, tuple(SHARED), tuple(own(seq)))
    one = draft(seq, fingerprint=fingerprint(words), relations=relations, terms=terms, received_at=at)
    desk.books.register([one])
    desk.hand_over(one)
    return seq


def met(desk: Desk, name: str, at: datetime = MONDAY) -> dict[int, int]:
    """Whom an arrival with the shared terms meets, and in how many terms. It leaves again."""
    (seq,) = desk.accept(name)
    hits = dict(enter(desk.books, seq, None, SHARED, [], at))
    desk.books.erase(seq, MONDAY)
    return hits


def terms_of(client: redis.Redis, seq: int) -> int:
    return client.hstrlen(WORK + f"a:{seq}", "terms") // 5


def test_a_copy_of_the_same_words_is_met_by_its_own_terms_only(desk: Desk, redis_client: redis.Redis) -> None:
    first = arrive(desk, "first")
    second, third = arrive(desk, "second", first), arrive(desk, "third", first)
    assert met(desk, "later") == {first: 20}
    assert [terms_of(redis_client, seq) for seq in (first, second, third)] == [22, 1, 1]
    (seq,) = desk.accept("of the series")
    assert dict(enter(desk.books, seq, None, [], own(third), MONDAY)) == {third: 1}
    assert desk.books.check_postings([first, second, third], MONDAY) == []


def test_when_the_original_goes_the_oldest_copy_takes_its_place(desk: Desk, redis_client: redis.Redis) -> None:
    seqs = [first := arrive(desk, "0"), *[arrive(desk, str(number), first) for number in range(1, 4)]]
    for gone, heir in pairwise(seqs):
        assert desk.books.erase(gone, MONDAY)
        assert desk.books.erased_traces(gone, "nobody", []) == []
        assert met(desk, f"after {gone}") == {heir: 20}
        assert terms_of(redis_client, heir) == 22 + (heir - first), "those of all who stood there before"
        assert desk.books.check_postings(seqs[seqs.index(heir) :], MONDAY) == []
    assert desk.books.erase(seqs[-1], MONDAY)
    assert met(desk, "last") == {}
    assert not [key for key in redis_client.scan_iter(WORK + "t:*") if key.count(b":") == 4]


def test_a_copy_that_goes_leaves_the_original_where_it_stands(desk: Desk) -> None:
    first = arrive(desk, "first")
    second = arrive(desk, "second", first)
    desk.books.erase(second, MONDAY)
    assert met(desk, "later") == {first: 20}


def test_copies_that_differ_or_came_much_later_stand_for_themselves(desk: Desk, redis_client: redis.Redis) -> None:
    later = MONDAY + WINDOW
    first = arrive(desk, "first")
    edited, late = arrive(desk, "edited", first, words=2), arrive(desk, "late", first, at=later)
    (seq,) = desk.accept("not yet handed over")
    desk.books.register([draft(seq, fingerprint=fingerprint(3), terms=IndexTerms(None, tuple(SHARED)))])
    of_it = arrive(desk, "its copy", seq, words=3)
    assert met(desk, "arrival", later) == {first: 20, edited: 20, late: 20, seq: 20, of_it: 20}
    desk.books.erase(first, MONDAY)
    assert met(desk, "another", later) == {edited: 20, late: 20, seq: 20, of_it: 20}


def test_a_copy_that_is_compared_anew_stands_for_itself_again(desk: Desk, redis_client: redis.Redis) -> None:
    first = arrive(desk, "first")
    second = arrive(desk, "second", first)
    desk.follow(first, second)  # it waits for the original
    desk.books.mark_dead("ready", desk.entries["ready"][first], first, "broken", MONDAY)
    assert desk.waiting("inbox") == [second]
    terms = IndexTerms(b"exact 1", tuple(SHARED), tuple(own(second)))
    desk.books.register([draft(second, fingerprint=fingerprint(1), terms=terms)])
    assert terms_of(redis_client, second) == 22
    assert met(desk, "later") == {first: 20, second: 20}


def test_who_expires_with_its_copies_leaves_nothing(desk: Desk, redis_client: redis.Redis) -> None:
    first = arrive(desk, "first")
    copies = [arrive(desk, f"copy {number}", first) for number in range(5)]
    desk.open("c1", first)
    desk.follow(first, *copies)
    assert desk.books.expire(MONDAY + timedelta(days=1), 3, MONDAY) == 3
    assert met(desk, "later") == {copies[2]: 20}
    assert desk.books.expire(MONDAY + timedelta(days=1), 100, MONDAY) == 3
    assert not [key for key in redis_client.scan_iter(WORK + "t:*") if key.count(b":") == 4]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 2), st.integers(0, 9)), min_size=3, max_size=12))
def test_whatever_comes_and_goes_nobody_is_missing_and_nobody_is_left(
    desk: Desk, redis_client: redis.Redis, steps: list[tuple[bool, int, int]]
) -> None:
    """Each step: whether one comes and of which words, or which of those present goes."""
    present: dict[int, int] = {}  # seq -> its words
    for number, (comes, words, which) in enumerate(steps):
        alike = [seq for seq, kind in present.items() if kind == words]
        if comes or not present:
            present[arrive(desk, f"{redis_client.dbsize()} {number}", alike[0] if alike else None, words)] = words
        else:
            gone = sorted(present)[which % len(present)]
            desk.books.erase(gone, MONDAY)
            del present[gone]
        assert desk.books.check_postings(sorted(present), MONDAY) == []
        assert set(met(desk, f"met {redis_client.dbsize()} {number}")) <= set(present)
    for seq in present:
        desk.books.erase(seq, MONDAY)
    assert not [key for key in redis_client.scan_iter(WORK + "t:*") if key.count(b":") == 4]
