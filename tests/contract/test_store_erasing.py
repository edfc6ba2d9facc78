"""Erasure and retention: what must be gone, and what has to go on."""

from __future__ import annotations

import pytest
from support.desk import (
    FORGOTTEN_S,
    MODEL,
    MONDAY,
    Desk,
    at,
    clusters,
    draft,
    enter,
    members,
    new_revision,
)

from clusterer.core.cluster_records import CommitResult, Regroup
from clusterer.core.model import Document
from clusterer.core.records import Books
from clusterer.ports import CollectionStore

WORD = "Zebrafinkenzüchter"
URL = "https://post.example/zebra"
BANDS = [b"band-one", b"band-two"]


def accept_marked(desk: Desk, article_id: str = "kim@example.org", **fields: object) -> int:
    """An article whose id, URL, title and text can all be recognised, prepared as far as the ready stream."""
    marked = {"text": f"A {WORD} spoke.", "title": f"The {WORD}", "url": URL, "source": f"{WORD} Post"} | fields
    (seq,) = desk.accept(article_id, **marked)
    document = Document(f"The {WORD}", f"A {WORD} spoke.", lang="en")
    desk.lease("inbox")
    enter(desk.books, seq, document=document)
    enter(desk.books, seq, b"exact-01", BANDS, [b"sketch-1"], MONDAY)
    desk.hand_over(draft(seq))
    return seq


def traces(books: CollectionStore, seq: int, article_id: str = "kim@example.org") -> list[str]:
    return books.erased_traces(seq, article_id, [WORD, URL])


def state_of(books: CollectionStore, seq: int) -> str:
    (facts,) = books.facts([seq])
    assert facts is not None
    return facts.state


# -- erase


def test_before_it_is_erased_an_article_leaves_traces(desk: Desk) -> None:
    seq = accept_marked(desk)
    desk.lease("ready")
    desk.commit(desk.item(seq, "open", "c1"))
    assert traces(desk.books, seq)


def test_an_erased_article_leaves_no_trace(desk: Desk) -> None:
    seq = accept_marked(desk)
    desk.lease("ready")
    desk.commit(desk.item(seq, "open", "c1"))
    desk.make_ready("other")
    desk.join("c1", 2)
    assert desk.books.erase(seq, at(9))
    assert traces(desk.books, seq) == []


@pytest.mark.parametrize("state", ["received", "ready", "parked", "dead", "assigned copy"])
def test_articles_are_erased_in_any_state(desk: Desk, state: str) -> None:
    (original,) = desk.make_ready("original")
    seq = accept_marked(desk) if state != "received" else desk.accept("kim@example.org", text=f"{WORD}")[0]
    if state == "dead":
        desk.lease("ready")
        desk.books.mark_dead("ready", desk.entries["ready"][seq], seq, f"cannot read {WORD}", MONDAY)
    if state in ("parked", "assigned copy"):
        desk.books.erase(seq, MONDAY)
        (seq,) = desk.make_copies(original, "kim@example.org", text=f"{WORD} again", content="again")
        desk.follow(original, seq)
    if state == "assigned copy":
        desk.open("c1", original)
        desk.follow(original, seq)
    before = desk.books.books()
    assert desk.books.erase(seq, MONDAY)
    assert traces(desk.books, seq) == []
    assert seq not in desk.waiting("inbox") + desk.waiting("ready")
    assert desk.books.copies_of(original, 10) == []
    assert desk.books.books().erased == before.erased + 1
    if state == "parked":
        desk.open("c1", original)
        assert desk.waiting("ready") == []


def test_what_stays_of_an_erased_article_is_a_tombstone(desk: Desk) -> None:
    seq = accept_marked(desk, received_at=at(3))
    desk.lease("ready")
    desk.commit(desk.item(seq, "open", "c1"))
    desk.books.erase(seq, at(9))
    books = desk.books
    assert books.books() == Books(accepted=1, pending=0, assigned=0, dead=0, erased=1, expired=0)
    (received,) = books.received([seq])
    (facts,) = books.facts([seq])
    assert received is not None
    assert facts is not None
    assert (received.state, received.number, received.received_at) == ("erased", 1, at(3))
    assert (received.article.text, received.article.title, received.content_hash) == (None, None, "")
    assert (facts.state, facts.title, facts.source, facts.url, facts.relations) == ("erased", "", None, None, ())
    assert (facts.article_id, facts.cluster, facts.received_at) == ("", None, at(3))
    assert books.registered([seq]) == books.evidence([seq]) == [None]
    assert (books.document(seq), books.reasons(seq)) == (None, None)
    assert books.seqs_of_url(URL) == []
    assert books.accepted_seqs(0, 10) == [seq]
    assert books.revisions("kim@example.org") == [seq]  # so that a reader can say "gone"


def test_erasing_is_told_once(desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b")
    before = desk.books.position().change
    assert desk.books.erase(1, at(9))
    assert not desk.books.erase(1, at(10))
    (change,) = desk.books.changes(before, 10)
    assert (change.kind, change.cluster, change.seqs, change.at) == ("erased", "c1", (1,), at(9))
    assert not desk.books.erase(99, at(9))


def test_counters_follow_an_erasure(desk: Desk) -> None:
    desk.make_ready("a", source="Harbour Post", lang="en", received_at=at(1))
    desk.make_ready("b", source="Valley Echo", lang="en", received_at=at(2))
    desk.make_ready("c", source=None, received_at=at(3))
    desk.open("c1", 1)
    desk.join("c1", 2, 3)
    before = desk.books.cluster("c1")
    desk.books.erase(3, at(9))
    desk.books.erase(1, at(9))
    after = desk.books.cluster("c1")
    assert before is not None
    assert after is not None
    assert after.revision > before.revision
    assert (after.article_count, after.origin_count) == (1, 1)
    assert (after.sources, after.languages) == ({"Valley Echo": 1}, {"en": 1})
    assert (after.first_seen, after.last_seen) == (at(2), at(2))
    assert members(desk.books, "c1") == [2]
    assert desk.books.cluster_ids("size", None, 10) == [(1.0, "c1")]
    assert desk.books.cluster_ids("last_seen", None, 10) == [(at(2).timestamp(), "c1")]


def test_a_cluster_that_loses_its_last_member_is_retired(desk: Desk) -> None:
    desk.make_cluster("c1", "a")
    desk.make_cluster("c2", "b")
    desk.books.regroup(desk.epoch, 1, [Regroup("merged", "c1", "c2", ())], MONDAY)
    desk.books.erase(1, MONDAY)
    desk.books.erase(2, MONDAY)
    record = desk.books.cluster("c2")
    assert record is not None
    assert (record.status, record.article_count) == ("retired", 0)
    assert desk.books.changes(0, 100)[-1].kind == "retired"
    assert desk.books.resolve("c2") is None
    assert desk.books.resolve("c1") is None
    assert clusters(desk.books) == {}
    desk.make_ready("d")
    assert desk.join("c2", 3)[0].status == "stale"
    assert desk.open("c2", 3).status == "stale"


def test_terms_of_an_erased_article_are_not_found(desk: Desk) -> None:
    first, second = accept_marked(desk), accept_marked(desk, "other")
    desk.books.erase(first, MONDAY)
    hits = enter(desk.books, second, b"exact-01", BANDS, [b"sketch-1"], MONDAY)
    assert hits == {}
    assert enter(desk.books, first, b"exact-01", BANDS, [], MONDAY) == {}
    (third,) = desk.accept("third")
    assert enter(desk.books, third, b"exact-01", BANDS, [b"sketch-1"], MONDAY) == {second: 4}


def test_erasing_one_of_many_in_a_long_list(desk: Desk) -> None:
    desk.accept(*[f"a{i}" for i in range(41)])
    for seq in range(1, 41):
        enter(desk.books, seq, None, [b"same-one", b"same-two"], [], MONDAY)
    for seq in (1, 17, 40):
        desk.books.erase(seq, MONDAY)
    rest = dict.fromkeys([seq for seq in range(1, 41) if seq not in (1, 17, 40)], 2)
    assert enter(desk.books, 41, None, [b"same-one", b"same-two"], [], MONDAY) == rest


def test_copies_that_waited_for_an_erased_article_are_compared_anew(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    copies = desk.make_copies(original, "b", "c")
    desk.follow(original, *copies)
    desk.books.erase(original, MONDAY)
    assert desk.waiting("inbox") == copies
    desk.hand_over(draft(2), draft(3, copy_of=2))
    assert desk.open("c1", 2).status == "committed"


def test_a_ready_copy_of_an_erased_article_is_orphaned(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    (copy,) = desk.make_copies(original, "b")
    desk.books.erase(original, MONDAY)
    assert desk.follow(original, copy) == [CommitResult(copy, "orphaned", None)]
    assert desk.waiting("inbox") == [copy]


def test_late_work_on_an_erased_article_changes_nothing(desk: Desk) -> None:
    seq = accept_marked(desk)
    desk.lease("ready")
    desk.books.erase(seq, MONDAY)
    books = desk.books
    enter(books, seq, document=Document("T", WORD))
    books.hand_over([draft(seq, entry=desk.entries["inbox"][seq])], MODEL)
    books.mark_dead("ready", desk.entries["ready"][seq], seq, "bad", MONDAY)
    assert not books.retry_dead(seq)
    assert desk.commit(desk.item(seq, "open", "c1")) == [CommitResult(seq, "duplicate", None)]
    assert books.attempt(seq) == 0
    assert books.sweep() == 0
    assert books.books().erased == 1
    assert traces(books, seq) == []


def test_an_erased_article_sent_again_is_a_new_revision(desk: Desk) -> None:
    first = accept_marked(desk)
    desk.books.erase(first, MONDAY)
    again = accept_marked(desk)
    assert again != first
    (received,) = desk.books.received([again])
    assert received is not None
    assert (received.number, received.previous) == (2, first)
    assert desk.books.revisions("kim@example.org") == [first, again]
    assert desk.books.seqs_of_url(URL) == [again]


def test_other_revisions_of_an_erased_one_stay(desk: Desk) -> None:
    first, second = desk.accept("a"), desk.accept("a", content="second")
    desk.books.erase(first[0], MONDAY)
    assert desk.receive("a", content="second")[0].outcome == "known"
    assert state_of(desk.books, second[0]) == "pending"
    assert desk.receive("a", content="third")[0].revision == 3


# -- expire


def test_old_articles_expire_in_order_of_reception(desk: Desk) -> None:
    for minutes, name in ((30, "a"), (10, "b"), (20, "c"), (40, "d")):
        desk.make_ready(name, received_at=at(minutes))
    desk.open("c1", 1)
    desk.join("c1", 2, 3, 4)
    assert desk.books.expire(at(40), 2, at(100)) == 2
    assert [state_of(desk.books, seq) for seq in (1, 2, 3, 4)] == ["assigned", "expired", "expired", "assigned"]
    assert desk.books.expire(at(40), 10, at(100)) == 1
    assert desk.books.expire(at(40), 10, at(100)) == 0
    assert members(desk.books, "c1") == [4]
    assert desk.books.books() == Books(accepted=4, pending=0, assigned=1, dead=0, erased=0, expired=3)


def test_expired_articles_leave_what_erased_ones_leave(desk: Desk) -> None:
    seq = accept_marked(desk)
    desk.lease("ready")
    desk.commit(desk.item(seq, "open", "c1"))
    before = desk.books.position().change
    assert desk.books.expire(at(1), 10, at(100)) == 1
    assert traces(desk.books, seq) == []
    assert [change.kind for change in desk.books.changes(before, 10)] == ["retired"]
    assert desk.books.evidence([seq]) == [None]


def test_only_finished_articles_expire(desk: Desk) -> None:
    desk.accept("pending")
    desk.make_ready("ready", "dead")
    desk.lease("ready")
    desk.books.mark_dead("ready", desk.entries["ready"][3], 3, "bad", MONDAY)
    assert desk.books.expire(at(1), 10, at(100)) == 1
    assert [state_of(desk.books, seq) for seq in (1, 2, 3)] == ["pending", "pending", "expired"]
    assert desk.books.dead(0, 10) == []
    assert not desk.books.retry_dead(3)


def test_a_replayed_article_does_not_expire_while_it_is_pending(desk: Desk) -> None:
    desk.make_ready("a")
    desk.lease("ready")
    desk.books.mark_dead("ready", desk.entries["ready"][1], 1, "bad", MONDAY)
    desk.books.retry_dead(1)
    assert desk.books.expire(at(1), 10, at(100)) == 0


def test_an_expired_article_can_still_be_erased(desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b")
    desk.books.expire(at(1), 1, at(100))
    assert desk.books.erase(1, at(101))
    assert state_of(desk.books, 1) == "erased"
    assert desk.books.changes(0, 100)[-1].seqs == (1,)


def test_many_articles_expire_at_once(desk: Desk) -> None:
    for batch in range(3):
        desk.make_ready(*[f"a{batch}-{i}" for i in range(50)])
    desk.open("c1", 1)
    while waiting := desk.waiting("ready"):
        desk.commit(*[desk.item(seq, "join", "c1") for seq in waiting])
    assert desk.books.expire(at(1), 149, at(100)) == 149
    record = desk.books.cluster("c1")
    assert record is not None
    assert record.article_count == 1
    assert desk.books.books().expired == 149


def test_erasing_in_a_busy_collection_keeps_the_rest(desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b")
    desk.books.accept([new_revision("c"), new_revision("d")])
    desk.lease("inbox", FORGOTTEN_S)
    for seq in (1, 3):
        desk.books.erase(seq, MONDAY)
    assert desk.waiting("inbox") == [4]
    assert clusters(desk.books) == {"c1": [2]}
