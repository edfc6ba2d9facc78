"""Leading a collection and committing assignments."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import redis
from support.desk import FORGOTTEN_S, LEASE_S, MONDAY, Desk, assignment_of, at, clusters, draft, enter, members
from support.stores import Backend

from clusterer.core.cluster_records import Change, CommitResult, Position
from clusterer.core.errors import Fenced, StaleGeneration
from clusterer.core.model import Document
from clusterer.core.records import Books, Parked
from clusterer.ports import CollectionStore


def stage_of(books: CollectionStore, seq: int) -> str:
    (received,) = books.received([seq])
    assert received is not None
    return received.stage


# -- lead


def test_one_writer_at_a_time(books: CollectionStore) -> None:
    assert books.claim("w1", LEASE_S) == 1
    assert books.claim("w2", LEASE_S) is None
    assert books.claim("w1", LEASE_S) == 1


def test_the_epoch_rises_with_each_change_of_hands_and_never_otherwise(books: CollectionStore) -> None:
    assert books.claim("w1", LEASE_S) == 1
    books.release("w1")
    assert books.claim("w1", LEASE_S) == 1
    books.release("w2")
    assert books.claim("w2", LEASE_S) is None
    books.release("w1")
    assert books.claim("w2", LEASE_S) == 2
    books.release("w2")
    assert books.claim("w1", LEASE_S) == 3


def test_a_lease_runs_out_unless_it_is_renewed(books: CollectionStore) -> None:
    assert books.claim("w1", 0.05) == 1
    assert books.claim("w1", LEASE_S) == 1
    time.sleep(0.1)
    assert books.claim("w2", LEASE_S) is None
    assert books.claim("w1", 0.05) == 1
    time.sleep(0.1)
    assert books.leader() is None
    assert books.claim("w2", LEASE_S) == 2
    assert books.claim("w1", LEASE_S) is None


def test_a_writer_hands_on_to_who_asked_last(books: CollectionStore) -> None:
    epoch = books.claim("w1", LEASE_S)
    assert not books.hand_on("w1", LEASE_S)
    books.ask_for("w2", LEASE_S)
    books.ask_for("w3", LEASE_S)
    assert not books.hand_on("w2", LEASE_S), "it is not the writer"
    assert books.leader() == "w1"
    assert books.hand_on("w1", LEASE_S)
    assert books.leader() == "w3"
    assert books.claim("w1", LEASE_S) is None
    assert books.claim("w2", LEASE_S) is None
    assert books.claim("w3", LEASE_S) == (epoch or 0) + 1
    assert not books.hand_on("w3", LEASE_S), "the wish was granted"


def test_a_wish_is_forgotten_and_so_is_a_successor_that_does_not_come(books: CollectionStore) -> None:
    epoch = books.claim("w1", LEASE_S)
    books.ask_for("w2", 0.05)
    time.sleep(0.1)
    assert not books.hand_on("w1", LEASE_S)
    books.ask_for("w1", LEASE_S)
    assert not books.hand_on("w1", LEASE_S), "it has the collection"
    books.ask_for("w2", LEASE_S)
    assert books.hand_on("w1", 0.05)
    time.sleep(0.1)
    assert books.claim("w1", LEASE_S) == epoch


def test_an_older_writers_commit_is_refused_whole(desk: Desk) -> None:
    desk.make_ready("a", "b")
    desk.lease("ready")
    old = desk.lead()
    desk.books.release(desk.name)
    assert desk.books.claim("w2", LEASE_S) == old + 1
    with pytest.raises(Fenced):
        desk.commit(desk.item(1, "open", "c1"), desk.item(2, "join", "c1"))
    assert desk.books.position() == Position(generation=1, change=0)
    assert desk.books.books().pending == 2
    assert desk.books.queue_facts().refused_commits == 1
    assert clusters(desk.books) == {}
    assert desk.waiting("ready") == [1, 2]


def test_an_epoch_nobody_was_given_is_refused(desk: Desk) -> None:
    desk.make_ready("a")
    desk.lease("ready")
    desk.lead()
    desk.epoch += 1
    with pytest.raises(Fenced):
        desk.commit(desk.item(1, "open", "c1"))


def test_a_writer_whose_lease_ran_out_may_go_on_until_another_takes_over(desk: Desk) -> None:
    desk.make_ready("a")
    desk.lease("ready")
    desk.epoch = desk.books.claim(desk.name, 0.01) or 0
    time.sleep(0.03)
    assert desk.open("c1", 1).status == "committed"


def test_decisions_for_another_generation_are_refused_whole(desk: Desk) -> None:
    desk.make_ready("a")
    desk.lease("ready")
    with pytest.raises(StaleGeneration):
        desk.books.commit(desk.lead(), 2, [desk.item(1, "open", "c1")], MONDAY)
    assert desk.books.books().pending == 1
    assert desk.books.changes(0, 10) == []


# -- commit


def test_opening_and_joining(desk: Desk) -> None:
    desk.make_ready("a", "b", "c")
    assert desk.open("c1", 1) == CommitResult(1, "committed", "c1")
    assert desk.join("c1", 2) == [CommitResult(2, "committed", "c1")]
    assert desk.open("c2", 3) == CommitResult(3, "committed", "c2")
    assert clusters(desk.books) == {"c1": [1, 2], "c2": [3]}
    assert desk.waiting("ready") == []
    assert desk.books.books() == Books(accepted=3, pending=0, assigned=3, dead=0, erased=0, expired=0)
    assert [facts.cluster for facts in desk.books.facts([1, 2, 3]) if facts] == ["c1", "c1", "c2"]
    assert [facts.state for facts in desk.books.facts([1, 2, 3]) if facts] == ["assigned"] * 3
    assert stage_of(desk.books, 1) == "done"


def test_items_of_one_commit_see_those_before_them(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    desk.make_ready("b")
    desk.make_copies(original, "c")
    desk.lease("ready")
    results = desk.commit(desk.item(1, "open", "c1"), desk.item(2, "join", "c1"), desk.item(3, "copy", other=1))
    assert results == [CommitResult(seq, "committed", "c1") for seq in (1, 2, 3)]


def test_a_commit_again_is_a_duplicate_and_changes_nothing(desk: Desk) -> None:
    desk.make_ready("a")
    desk.open("c1", 1)
    before = desk.books.cluster("c1"), desk.books.position()
    assert desk.commit(desk.item(1, "open", "c1")) == [CommitResult(1, "duplicate", "c1")]
    assert desk.commit(desk.item(1, "open", "c2")) == [CommitResult(1, "duplicate", "c1")]
    assert (desk.books.cluster("c1"), desk.books.position()) == before
    assert desk.books.cluster("c2") is None


def test_the_same_article_twice_in_one_commit_counts_once(desk: Desk) -> None:
    desk.make_ready("a")
    desk.lease("ready")
    results = desk.commit(desk.item(1, "open", "c1"), desk.item(1, "join", "c1"))
    assert [result.status for result in results] == ["committed", "duplicate"]
    record = desk.books.cluster("c1")
    assert record is not None
    assert record.article_count == 1


def test_an_article_redelivered_after_its_commit_is_not_offered_again(desk: Desk) -> None:
    desk.make_ready("a", "b")
    desk.lease("ready", FORGOTTEN_S)
    Desk(desk.books, "w2").lease("ready", FORGOTTEN_S)
    desk.open("c1", 1)
    assert desk.waiting("ready") == [2]


def test_joining_a_cluster_that_never_was_is_stale(desk: Desk) -> None:
    desk.make_ready("a")
    assert desk.join("c9", 1) == [CommitResult(1, "stale", None)]
    assert desk.books.books().pending == 1
    assert desk.waiting("ready") == [1]
    assert desk.open("c1", 1).status == "committed"


def test_opening_under_a_used_id_is_stale(desk: Desk) -> None:
    desk.make_cluster("c1", "a")
    desk.make_ready("b")
    assert desk.open("c1", 2) == CommitResult(2, "stale", None)
    assert members(desk.books, "c1") == [1]


def test_a_dead_articles_commit_changes_nothing(desk: Desk) -> None:
    desk.make_ready("a")
    desk.lease("ready")
    desk.books.mark_dead("ready", desk.entries["ready"][1], 1, "bad", MONDAY)
    assert desk.commit(desk.item(1, "open", "c1"))[0].status == "duplicate"
    assert desk.books.books().dead == 1
    assert desk.books.cluster("c1") is None


def test_a_commit_from_before_a_replay_is_not_taken(desk: Desk) -> None:
    desk.make_ready("a")
    desk.lease("ready")
    desk.books.mark_dead("ready", desk.entries["ready"][1], 1, "bad", MONDAY)
    desk.books.retry_dead(1)
    assert desk.commit(desk.item(1, "open", "c1")) == [CommitResult(1, "orphaned", None)]
    assert desk.waiting("inbox") == [1]
    assert desk.books.cluster("c1") is None


def test_reasons_are_kept_as_decided(desk: Desk) -> None:
    desk.make_ready("a", "b")
    assert desk.books.reasons(1) is None
    desk.open("c1", 1)
    assert desk.books.reasons(1) == b'{"seq":1}'
    assert desk.books.reasons(2) is None


def test_neighbours_are_kept_as_committed_and_leave_with_the_article(redis_client: redis.Redis, desk: Desk) -> None:
    first, second, copy = desk.make_ready("a", "b", "c")
    desk.lease("ready")
    items = desk.item(first, "open", "c1"), desk.item(second, "join", "c1")
    desk.commit(*(replace(one, near=b"\x01neighbours of %d" % one.seq) for one in items))
    desk.commit(replace(items[0], near=b"said again"), desk.item(copy, "copy", other=first))
    kept = desk.books.evidence([first, second, copy], near=True)
    assert [one and one.near for one in kept] == [b"\x01neighbours of 1", b"\x01neighbours of 2", None]
    assert [one and one.near for one in desk.books.evidence([first])] == [None], "not asked for"
    facts = desk.books.facts([first, second, copy])
    assert [one and one.change for one in facts] == [change.number for change in desk.books.changes(0, 10)]
    desk.books.erase(first, at(5))
    assert desk.books.evidence([first], near=True) == [None]
    left = [value for key in redis_client.keys("*:a:1") for value in redis_client.hvals(key)]
    assert not any(b"neighbours" in value for value in left)


def test_no_more_items_than_a_call_takes(desk: Desk) -> None:
    desk.lead()
    with pytest.raises(ValueError, match="64"):
        desk.commit(*[desk.item(seq, "open", f"c{seq}") for seq in range(65)])


@pytest.mark.parametrize("action", ["open", "join", "copy"])
def test_an_item_that_does_not_say_where_to_stops_all(desk: Desk, action: str) -> None:
    desk.make_ready("a", "b")
    desk.lease("ready")
    with pytest.raises(ValueError, match=action):
        desk.commit(desk.item(1, "open", "c1"), desk.item(2, action))
    assert desk.books.books().pending == 2
    assert desk.waiting("ready") == [1, 2]


# -- copies


def test_a_copy_follows_its_original(desk: Desk) -> None:
    desk.make_cluster("c1", "a")
    desk.make_copies(1, "b")
    assert desk.follow(1, 2) == [CommitResult(2, "committed", "c1")]
    assert members(desk.books, "c1") == [1, 2]


def test_a_copy_follows_its_original_to_where_it_is_now(desk: Desk) -> None:
    from clusterer.core.cluster_records import Regroup

    desk.make_cluster("c1", "a", "b")
    desk.make_copies(2, "c")
    desk.books.regroup(None, 1, [Regroup("split", "c1", "c2", (2,))], MONDAY)
    assert desk.follow(2, 3) == [CommitResult(3, "committed", "c2")]


def test_a_copy_waits_for_its_original(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    copies = desk.make_copies(original, "b", "c")
    assert [result.status for result in desk.follow(original, *copies)] == ["parked", "parked"]
    assert stage_of(desk.books, 2) == "parked"
    assert desk.waiting("ready") == [original]
    desk.open("c1", original)
    assert desk.waiting("ready") == copies
    assert stage_of(desk.books, 2) == "ready"
    assert [result.cluster for result in desk.follow(original, *copies)] == ["c1", "c1"]
    assert desk.books.books().assigned == 3


def test_parked_copies_are_counted_with_the_time_since_the_first_began_to_wait(
    desk: Desk, redis_client: redis.Redis
) -> None:
    assert desk.books.parked() == Parked()
    original, *_ = desk.make_ready("original")
    copies = desk.make_copies(original, "copy", "second")
    assert desk.books.parked() == Parked(), "they are in a queue"
    assert [result.status for result in desk.follow(original, *copies)] == ["parked", "parked"]
    assert desk.books.parked().length == 2
    began = int(redis_client.hget(f"clu:{{news}}:a:{copies[1]}", "since"))  # type: ignore[arg-type]
    redis_client.hset(f"clu:{{news}}:a:{copies[1]}", "since", began - 600_000)
    assert 600 <= desk.books.parked().age_s < 1_200
    desk.open("c1", original)
    assert desk.books.parked() == Parked()
    assert not redis_client.hexists(f"clu:{{news}}:a:{copies[1]}", "since")


def test_a_parked_copy_offered_again_stays_parked(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    (copy,) = desk.make_copies(original, "b")
    assert desk.follow(original, copy) == desk.follow(original, copy) == [CommitResult(copy, "parked", None)]
    desk.open("c1", original)
    assert desk.waiting("ready") == [copy]


def test_an_original_committed_in_the_same_call_frees_its_copy(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    (copy,) = desk.make_copies(original, "b")
    desk.lease("ready")
    results = desk.commit(desk.item(copy, "copy", other=original), desk.item(original, "open", "c1"))
    assert [result.status for result in results] == ["parked", "committed"]
    assert desk.waiting("ready") == [copy]


def test_a_chain_of_copies_comes_in_one_by_one(desk: Desk) -> None:
    (first,) = desk.make_ready("a")
    (second,) = desk.make_copies(first, "b")
    (third,) = desk.make_copies(second, "c")
    assert [result.status for result in desk.follow(second, third) + desk.follow(first, second)] == ["parked"] * 2
    desk.open("c1", first)
    assert desk.waiting("ready") == [second]
    desk.follow(first, second)
    assert desk.waiting("ready") == [third]
    assert desk.follow(second, third) == [CommitResult(third, "committed", "c1")]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_copies_that_would_wait_for_each_other_are_compared_anew(desk: Desk, length: int) -> None:
    seqs = desk.make_ready(*[f"a{number}" for number in range(length)])
    others = [*seqs[1:], seqs[0]]
    statuses = [desk.follow(other, seq)[0].status for seq, other in zip(seqs, others, strict=True)]
    assert statuses == ["parked"] * (length - 1) + ["orphaned"]
    assert (desk.waiting("inbox"), desk.waiting("ready")) == (seqs, [])
    desk.hand_over(*[draft(seq, copy_of=None if seq == seqs[0] else seqs[0]) for seq in seqs])
    assert desk.open("c1", seqs[0]).status == "committed"
    assert {result.cluster for result in desk.follow(seqs[0], *seqs[1:])} <= {"c1"}


def test_parked_copies_of_a_buried_original_are_compared_anew(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    copies = desk.make_copies(original, "b", "c")
    desk.follow(original, *copies)
    desk.books.mark_dead("ready", desk.entries["ready"][original], original, "bad", MONDAY)
    assert desk.waiting("inbox") == copies
    assert desk.books.copies_of(original, 10) == []
    assert [facts.relations for facts in desk.books.facts(copies) if facts] == [(), ()]
    desk.hand_over(draft(2), draft(3, copy_of=2))
    assert desk.open("c1", 2).status == "committed"
    assert desk.follow(2, 3) == [CommitResult(3, "committed", "c1")]


def test_a_copy_of_a_dead_original_is_orphaned_once(desk: Desk) -> None:
    (original,) = desk.make_ready("a")
    (copy,) = desk.make_copies(original, "b")
    desk.lease("ready")
    desk.books.mark_dead("ready", desk.entries["ready"][original], original, "bad", MONDAY)
    assert desk.follow(original, copy) == [CommitResult(copy, "orphaned", None)]
    assert desk.follow(original, copy) == [CommitResult(copy, "orphaned", None)]
    assert desk.waiting("ready") == []
    assert [entry.seq for entry in desk.lease("inbox", FORGOTTEN_S)] == [copy]
    assert stage_of(desk.books, copy) == "received"


def test_a_copy_of_an_article_that_never_was_is_orphaned(desk: Desk) -> None:
    (copy,) = desk.make_copies(99, "b")
    assert desk.follow(99, copy) == [CommitResult(copy, "orphaned", None)]
    assert desk.waiting("inbox") == [copy]


def test_a_copy_of_itself_is_orphaned(desk: Desk) -> None:
    (copy,) = desk.make_copies(1, "b")
    assert desk.follow(copy, copy) == [CommitResult(copy, "orphaned", None)]


# -- counters


def test_counters_of_a_cluster(desk: Desk) -> None:
    desk.make_ready("a", received_at=at(10), source="Harbour Post", lang="en")
    desk.make_ready("b", received_at=at(5), source="Valley Echo", lang="de")
    desk.make_ready("c", received_at=at(20), source=None, lang=None)
    desk.make_ready("d", received_at=at(7), source=None, lang="en")
    desk.make_ready("e", received_at=at(8), source="Harbour Post", lang="en")
    desk.open("c1", 1, minutes=30)
    desk.join("c1", 2, 3, 4, 5, minutes=40)
    record = desk.books.cluster("c1")
    assert record is not None
    assert record.article_count == 5
    assert record.sources == {"Harbour Post": 2, "Valley Echo": 1}
    assert record.languages == {"en": 5}  # what cleaning found overrides what was claimed
    assert record.origin_count == 4
    assert (record.first_seen, record.last_seen, record.last_added_at) == (at(5), at(20), at(40))
    assert (record.id, record.generation, record.status) == ("c1", 1, "active")
    assert (record.split_from, record.aliases, record.pinned) == (None, (), False)


def test_the_language_that_was_claimed_counts_where_cleaning_found_none(desk: Desk) -> None:
    desk.accept("a", lang="nl")
    enter(desk.books, 1, document=Document("T", "text"))
    desk.hand_over(draft(1))
    desk.open("c1", 1)
    record = desk.books.cluster("c1")
    assert record is not None
    assert record.languages == {"nl": 1}


def test_copies_add_articles_and_sources_but_no_origins(desk: Desk) -> None:
    desk.make_cluster("c1", "a", source="Harbour Post")
    desk.make_copies(1, "b", source="Valley Echo")
    desk.make_copies(1, "c", source=None)
    desk.follow(1, 2, 3)
    record = desk.books.cluster("c1")
    assert record is not None
    assert (record.article_count, record.origin_count) == (3, 1)
    assert record.sources == {"Harbour Post": 1, "Valley Echo": 1}


def test_odd_sources_are_counted_apart(desk: Desk) -> None:
    sources = ["n", "a:1", "s:x", "*", "é", "last", "o:s:n"]
    for number, source in enumerate(sources):
        desk.make_ready(f"a{number}", source=source)
    desk.open("c1", 1)
    desk.join("c1", *range(2, len(sources) + 1))
    record = desk.books.cluster("c1")
    assert record is not None
    assert record.sources == dict.fromkeys(sources, 1)
    assert record.article_count == record.origin_count == len(sources)


def test_a_clusters_revision_rises_with_each_change(desk: Desk) -> None:
    desk.make_cluster("c1", "a")
    first = desk.books.cluster("c1")
    desk.make_ready("b")
    desk.join("c1", 2)
    second = desk.books.cluster("c1")
    assert first is not None
    assert second is not None
    assert second.revision > first.revision >= 1


def test_what_is_learnt_after_the_commit_does_not_touch_the_counters(desk: Desk) -> None:
    desk.make_cluster("c1", "a")
    enter(desk.books, 1, document=Document("T", "text", lang="fi"))
    assert [facts.lang for facts in desk.books.facts([1]) if facts] == ["en"]


# -- change feed


def test_the_feed_numbers_changes_without_gaps(desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b")
    desk.make_cluster("c2", "c")
    desk.make_copies(1, "d")
    desk.follow(1, 4, minutes=9)
    changes = desk.books.changes(0, 1000)
    assert [change.number for change in changes] == list(range(1, len(changes) + 1))
    assert assignment_of(changes) == {1: "c1", 2: "c1", 3: "c2", 4: "c1"}
    assert desk.books.position() == Position(generation=1, change=len(changes))
    assert changes[0] == Change(1, MONDAY, "created", "c1", (1,))
    assert changes[-1] == Change(len(changes), at(9), "updated", "c1", (4,))


def test_the_feed_is_read_in_pages(desk: Desk) -> None:
    desk.make_cluster("c1", *"abcdefg")
    whole = desk.books.changes(0, 1000)
    paged: list[Change] = []
    while part := desk.books.changes(len(paged), 3):
        assert len(part) <= 3
        paged += part
    assert paged == whole
    assert desk.books.changes(desk.books.position().change, 10) == []


# -- repair


def test_the_sweep_brings_lost_articles_back(backend: Backend, desk: Desk) -> None:
    desk.make_ready("a", "b")
    desk.accept("c", "d")
    backend.lose_entries(desk.books, "inbox")
    assert desk.waiting("inbox") == []
    assert desk.books.sweep() == 2
    assert desk.books.sweep() == 0
    assert desk.waiting("inbox") == [3, 4]
    backend.lose_entries(desk.books, "ready")
    assert desk.books.sweep() == 2
    assert desk.waiting("ready") == [1, 2]
    assert desk.books.sweep() == 0
    assert desk.books.queue_facts().repaired_entries == 4
    assert desk.open("c1", 1).status == "committed"


def test_the_sweep_passes_over_an_article_that_lost_its_record(backend: Backend, books: CollectionStore) -> None:
    desk = Desk(books)
    desk.accept("a", "b", "c")
    backend.lose_record(books, 1)
    backend.lose_entries(books, "inbox")
    assert books.sweep() == 2
    assert desk.waiting("inbox") == [2, 3]
    assert books.sweep() == 0


# -- races


def test_the_same_commit_from_many_threads_has_one_effect(desk: Desk) -> None:
    seqs = desk.make_ready(*[f"a{i}" for i in range(20)])
    copies = desk.make_copies(1, "x", "y")
    desk.lease("ready")
    epoch = desk.lead()
    items = [desk.item(1, "open", "c1")]
    items += [desk.item(seq, "join", "c1") for seq in seqs[1:]]
    items += [desk.item(seq, "copy", other=1) for seq in copies]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.books.commit(epoch, 1, items, MONDAY), range(8)))
    for results in zip(*answers, strict=True):
        assert sorted(result.status for result in results) == ["committed"] + ["duplicate"] * 7
        assert {result.cluster for result in results} == {"c1"}
    record = desk.books.cluster("c1")
    assert record is not None
    assert record.article_count == len(members(desk.books, "c1")) == 22
    assert len(desk.books.changes(0, 1000)) == 22


def test_workers_that_lease_at_once_share_the_work(desk: Desk) -> None:
    desk.accept(*[f"a{i}" for i in range(60)])
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda n: desk.books.lease("inbox", f"w{n}", 10, LEASE_S), range(8)))
    assert sorted(entry.seq for share in shares for entry in share) == list(range(1, 61))
