"""Generations: built beside the published one, published in one step, taken back."""

from __future__ import annotations

import time

import pytest
from support.desk import LEASE_S, MONDAY, Desk, assignment_of, at, clusters, draft, members

from clusterer.core.cluster_records import Change, CommitResult, Correction, Regroup
from clusterer.core.errors import Conflict, StaleGeneration
from clusterer.ports import CollectionStore


@pytest.fixture
def three(desk: Desk) -> Desk:
    """c1 with 1 and 2, c2 with 3 and 4 (a copy of 3), c3 with 5."""
    desk.make_cluster("c1", "a", "b", source="Harbour Post", received_at=at(1))
    desk.make_cluster("c2", "c", source="Valley Echo", received_at=at(2))
    desk.make_copies(3, "d", source=None, received_at=at(3))
    desk.follow(3, 4)
    desk.make_cluster("c3", "e", source=None, received_at=at(4))
    return desk


def staged_members(books: CollectionStore, generation: int, *names: str) -> dict[str, list[int]]:
    return {name: books.members(name, 0, 100, generation) for name in names}


def lineage(kind: str, cluster: str, seqs: tuple[int, ...], other: str | None = None) -> Change:
    return Change(0, MONDAY, kind, cluster, seqs, other)  # type: ignore[arg-type]


def flip(desk: Desk, generation: int, *changes: Change) -> bool:
    position = desk.books.position()
    return desk.books.flip(position.generation, generation, position.change, changes, at(500))


def publish(desk: Desk, rows: dict[int, str], aliases: dict[str, str] | None = None) -> int:
    generation = desk.books.begin_generation()
    desk.books.stage(generation, list(rows.items()), aliases=aliases)
    assert flip(desk, generation)
    return generation


# -- jobs and reports


def test_one_worker_has_a_job(books: CollectionStore) -> None:
    assert books.claim_job("nightly", "w1", LEASE_S)
    assert books.claim_job("nightly", "w1", LEASE_S)
    assert not books.claim_job("nightly", "w2", LEASE_S)
    assert books.claim_job("audit", "w2", LEASE_S)
    books.release_job("nightly", "w2")
    assert not books.claim_job("nightly", "w2", LEASE_S)
    books.release_job("nightly", "w1")
    assert books.claim_job("nightly", "w2", LEASE_S)


def test_a_jobs_lease_runs_out(books: CollectionStore) -> None:
    assert books.claim_job("nightly", "w1", 0.05)
    time.sleep(0.08)
    assert books.claim_job("nightly", "w2", LEASE_S)
    assert not books.claim_job("nightly", "w1", LEASE_S)


def test_the_latest_reports_are_kept(books: CollectionStore) -> None:
    for number in range(105):
        books.save_run(b'{"run":%d}' % number)
    assert books.runs(2) == [b'{"run":104}', b'{"run":103}']
    assert len(books.runs(1000)) == 100


# -- stage


def test_there_is_one_generation_at_first(three: Desk) -> None:
    assert three.books.generations() == [1]
    assert three.books.aliases() == {}


def test_a_new_generation_is_empty_and_unseen(three: Desk) -> None:
    assert three.books.begin_generation() == 2
    assert three.books.generations() == [1, 2]
    assert three.books.position().generation == 1
    assert staged_members(three.books, 2, "c1") == {"c1": []}
    assert three.books.cluster("c1", 2) is None
    assert clusters(three.books) == {"c1": [1, 2], "c2": [3, 4], "c3": [5]}


def test_beginning_again_drops_what_was_unfinished(three: Desk) -> None:
    first = three.books.begin_generation()
    three.books.stage(first, [(1, "c1")])
    second = three.books.begin_generation()
    assert second > first
    assert three.books.generations() == [1, second]
    assert three.books.members("c1", 0, 10, first) == []
    with pytest.raises(Conflict):
        three.books.stage(first, [(1, "c1")])


def test_staging_counts_like_commit(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1"), (2, "c1"), (3, "c1"), (4, "c1"), (5, "c9")])
    record = three.books.cluster("c1", generation)
    assert record is not None
    assert record.generation == generation
    assert (record.article_count, record.origin_count) == (4, 2)
    assert record.sources == {"Harbour Post": 2, "Valley Echo": 1}
    assert record.languages == {"en": 4}
    assert (record.first_seen, record.last_seen) == (at(1), at(3))
    assert staged_members(three.books, generation, "c1", "c9") == {"c1": [1, 2, 3, 4], "c9": [5]}
    assert clusters(three.books) == {"c1": [1, 2], "c2": [3, 4], "c3": [5]}
    assert three.books.cluster("c9") is None


def test_staging_again_changes_nothing(three: Desk) -> None:
    generation = three.books.begin_generation()
    rows = [(1, "c1"), (2, "c1"), (3, "c9")]
    three.books.stage(generation, rows)
    before = three.books.cluster("c1", generation), three.books.cluster("c9", generation)
    three.books.stage(generation, rows)
    assert (three.books.cluster("c1", generation), three.books.cluster("c9", generation)) == before


def test_a_row_staged_elsewhere_before_moves(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1"), (2, "c1"), (5, "c3")])
    three.books.stage(generation, [(2, "c3")])
    assert staged_members(three.books, generation, "c1", "c3") == {"c1": [1], "c3": [2, 5]}
    first, third = three.books.cluster("c1", generation), three.books.cluster("c3", generation)
    assert first is not None
    assert third is not None
    assert (first.article_count, third.article_count, third.origin_count) == (1, 2, 2)
    assert (third.first_seen, third.last_seen) == (at(1), at(4))


def test_rows_of_articles_that_are_not_assigned_are_skipped(three: Desk) -> None:
    three.make_ready("f")
    three.books.erase(5, MONDAY)
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1"), (5, "c1"), (6, "c1"), (99, "c1")])
    assert staged_members(three.books, generation, "c1") == {"c1": [1]}


def test_nothing_is_staged_into_the_published_generation(three: Desk) -> None:
    with pytest.raises(Conflict):
        three.books.stage(1, [(1, "c2")])
    assert clusters(three.books) == {"c1": [1, 2], "c2": [3, 4], "c3": [5]}


def test_large_slices_are_staged(desk: Desk) -> None:
    for batch in range(6):
        seqs = desk.make_ready(*[f"a{batch}-{i}" for i in range(60)])
        desk.open(f"c{batch}", seqs[0])
        desk.join(f"c{batch}", *seqs[1:])
    generation = desk.books.begin_generation()
    desk.books.stage(generation, [(seq, f"d{seq % 2}") for seq in range(1, 361)])
    assert [desk.books.cluster(name, generation).article_count for name in ("d0", "d1")] == [180, 180]  # type: ignore[union-attr]
    assert flip(desk, generation)


def test_erased_articles_leave_every_generation(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1"), (2, "c1"), (3, "c9"), (4, "c9"), (5, "c9")])
    three.books.erase(1, MONDAY)
    three.books.erase(3, MONDAY)
    assert staged_members(three.books, generation, "c1", "c9") == {"c1": [2], "c9": [4, 5]}
    record = three.books.cluster("c9", generation)
    assert record is not None
    assert (record.article_count, record.origin_count, record.sources) == (2, 1, {})
    assert flip(three, generation)
    assert clusters(three.books) == {"c1": [2], "c9": [4, 5]}


# -- flip


def test_a_flip_publishes_everything_at_once(three: Desk) -> None:
    generation = three.books.begin_generation()
    rows = [(1, "c1"), (2, "c4"), (3, "c1"), (4, "c1"), (5, "c3")]
    three.books.stage(generation, rows, aliases={"c2": "c1"}, split_from={"c4": "c1"})
    before = three.books.position().change
    told = [lineage("split", "c4", (2,), "c1"), lineage("merged", "c2", (3, 4), "c1")]
    assert flip(three, generation, *told)
    assert three.books.position() == type(three.books.position())(generation, before + 3)
    assert clusters(three.books) == {"c1": [1, 3, 4], "c3": [5], "c4": [2]}
    assert [facts.cluster for facts in three.books.facts([1, 2, 3, 4, 5]) if facts] == [name for _, name in rows]
    changes = three.books.changes(before, 10)
    assert [change.number for change in changes] == [before + 1, before + 2, before + 3]
    assert [(change.kind, change.cluster, change.seqs, change.other) for change in changes] == [
        ("split", "c4", (2,), "c1"),
        ("merged", "c2", (3, 4), "c1"),
        ("flipped", "", (), None),
    ]
    assert {(change.at, change.generation) for change in changes} == {(at(500), generation)}
    assert three.books.resolve("c2") == "c1"
    record = three.books.cluster("c4")
    assert record is not None
    assert record.split_from == "c1"
    assert three.books.generations() == [1, generation]


def test_readers_may_finish_in_the_former_generation(three: Desk) -> None:
    publish(three, dict.fromkeys(range(1, 6), "c1"))
    assert staged_members(three.books, 1, "c1", "c2") == {"c1": [1, 2], "c2": [3, 4]}
    record = three.books.cluster("c2", 1)
    assert record is not None
    assert record.article_count == 2


def test_a_flip_waits_for_the_tail(three: Desk) -> None:
    generation = three.books.begin_generation()
    position = three.books.position()
    three.books.stage(generation, list(dict.fromkeys(range(1, 6), "c1").items()))
    three.make_cluster("c4", "f")
    assert not three.books.flip(1, generation, position.change, [lineage("retired", "c2", ())], MONDAY)
    assert three.books.position().generation == 1
    assert three.books.changes(position.change, 10)[-1].kind == "created"
    three.books.stage(generation, [(6, "c4")])
    assert flip(three, generation)
    assert clusters(three.books) == {"c1": [1, 2, 3, 4, 5], "c4": [6]}


def test_a_flip_from_another_generation_is_refused(three: Desk) -> None:
    publish(three, dict.fromkeys(range(1, 6), "c1"))
    generation = three.books.begin_generation()
    three.books.stage(generation, [(seq, "c2") for seq in range(1, 6)])
    assert not three.books.flip(1, generation, three.books.position().change, [], MONDAY)
    assert clusters(three.books) == {"c1": [1, 2, 3, 4, 5]}


def test_a_flip_twice_is_a_flip(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(seq, "c1") for seq in range(1, 6)])
    position = three.books.position()
    assert three.books.flip(1, generation, position.change, [], MONDAY)
    after = three.books.position()
    assert not three.books.flip(1, generation, position.change, [], MONDAY)
    assert three.books.position() == after


def test_a_generation_that_lacks_articles_is_not_published(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1")])
    with pytest.raises(Conflict):
        flip(three, generation)
    assert three.books.position().generation == 1
    assert clusters(three.books) == {"c1": [1, 2], "c2": [3, 4], "c3": [5]}


def test_a_generation_that_is_gone_is_not_published(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.drop_generation(generation)
    with pytest.raises(Conflict):
        flip(three, generation)


def test_writers_of_the_former_generation_are_refused(three: Desk) -> None:
    publish(three, {1: "c1", 2: "c1", 3: "c1", 4: "c1", 5: "c5"}, {"c2": "c1", "c3": "c5"})
    three.make_ready("f")
    three.lease("ready")
    with pytest.raises(StaleGeneration):
        three.books.commit(three.epoch, 1, [three.item(6, "join", "c1")], MONDAY)
    assert three.join("c2", 6) == [CommitResult(6, "committed", "c1")]
    assert members(three.books, "c1") == [1, 2, 3, 4, 6]
    assert three.books.members("c1", 0, 10, 1) == [1, 2]


def test_copies_follow_into_the_new_generation(three: Desk) -> None:
    publish(three, {1: "c1", 2: "c1", 3: "c7", 4: "c7", 5: "c3"})
    three.make_copies(3, "copy")
    assert three.follow(3, 6) == [CommitResult(6, "committed", "c7")]


def test_aliases_come_from_the_staged_table(three: Desk) -> None:
    three.books.regroup(three.epoch, 1, [Regroup("merged", "c3", "c1", ())], MONDAY)
    assert three.books.aliases() == {"c3": "c1"}
    generation = three.books.begin_generation()
    rows = [(1, "c1"), (2, "c1"), (3, "c1"), (4, "c1"), (5, "c5")]
    three.books.stage(generation, rows, aliases={"c2": "c5", "c3": "c5"})
    three.books.stage(generation, [], aliases={"c2": "c1", "c3": "c1"})
    assert three.books.aliases(generation) == {"c2": "c1", "c3": "c1"}
    assert three.books.aliases() == {"c3": "c1"}
    assert flip(three, generation)
    assert [three.books.resolve(name) for name in ("c1", "c2", "c3", "c5")] == ["c1", "c1", "c1", "c5"]
    record = three.books.cluster("c1")
    assert record is not None
    assert record.aliases == ("c2", "c3")


def test_revisions_rise_only_where_members_differ(three: Desk) -> None:
    before = {name: three.books.cluster(name) for name in ("c1", "c2", "c3")}
    publish(three, {1: "c1", 2: "c1", 3: "c2", 4: "c3", 5: "c3"})
    after = {name: three.books.cluster(name) for name in ("c1", "c2", "c3")}
    rises = {name: after[name].revision - before[name].revision for name in before}  # type: ignore[union-attr]
    assert rises == {"c1": 0, "c2": 1, "c3": 1}


def test_what_changes_during_the_run_counts_for_the_revision(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1"), (2, "c1"), (3, "c2"), (4, "c2"), (5, "c3")])
    three.make_ready("f")
    three.join("c1", 6)
    before = three.books.cluster("c1")
    three.books.stage(generation, [(6, "c2")])
    assert flip(three, generation)
    after = three.books.cluster("c1")
    assert before is not None
    assert after is not None
    assert after.revision == before.revision + 1


def test_clusters_keep_their_pinned_mark(three: Desk) -> None:
    three.books.constrain(Correction("pin", (), "c1", "anna", "right as it is", MONDAY))
    publish(three, {1: "c1", 2: "c1", 3: "c2", 4: "c2", 5: "c3"})
    assert [three.books.cluster(name).pinned for name in ("c1", "c2")] == [True, False]  # type: ignore[union-attr]


def test_old_generations_go_when_a_newer_one_is_published(three: Desk) -> None:
    rows = {1: "c1", 2: "c1", 3: "c2", 4: "c2", 5: "c3"}
    second = publish(three, rows)
    third = publish(three, rows)
    assert three.books.generations() == [second, third]
    assert three.books.members("c1", 0, 10, 1) == []


def test_dropping_generations(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1")])
    three.books.drop_generation(generation)
    three.books.drop_generation(generation)
    assert three.books.generations() == [1]
    with pytest.raises(Conflict):
        three.books.drop_generation(1)
    assert three.books.begin_generation() > generation


# -- roll back


def test_there_is_nothing_to_roll_back_to_at_first(three: Desk) -> None:
    assert three.books.rollback(MONDAY, "anna", "no") is None
    three.books.begin_generation()
    assert three.books.rollback(MONDAY, "anna", "no") is None


def test_a_rollback_restores_exactly(three: Desk) -> None:
    three.books.regroup(three.epoch, 1, [Regroup("split", "c1", "c4", (2,)), Regroup("merged", "c4", "c3", ())], MONDAY)
    names = ("c1", "c2", "c3", "c4")
    before = [three.books.cluster(name) for name in names], clusters(three.books), three.books.aliases()
    publish(three, dict.fromkeys(range(1, 6), "c1"), {"c2": "c1", "c3": "c1", "c4": "c1"})
    assert three.books.rollback(at(600), "anna", "bad night") == 1
    assert ([three.books.cluster(name) for name in names], clusters(three.books), three.books.aliases()) == before
    change = three.books.changes(0, 1000)[-1]
    assert (change.kind, change.generation, change.actor, change.reason) == ("flipped", 1, "anna", "bad night")
    assert three.books.position().generation == 1


def test_articles_assigned_since_are_carried_over(three: Desk) -> None:
    publish(three, {1: "c1", 2: "c1", 3: "c1", 4: "c1", 5: "c5"}, {"c2": "c1", "c3": "c5"})
    three.make_ready("f", "g", "h")
    three.join("c1", 6)  # known there under the same id
    three.join("c5", 7)  # its members were in c3
    three.open("c6", 8)  # new
    assert three.books.rollback(MONDAY, "anna", "bad night") == 1
    assert clusters(three.books) == {"c1": [1, 2, 6], "c2": [3, 4], "c3": [5, 7], "c6": [8]}
    assert three.books.resolve("c5") == "c3"
    assert three.books.resolve("c6") == "c6"
    record = three.books.cluster("c1")
    assert record is not None
    assert record.article_count == 3
    assert three.books.books().assigned == 8


def test_who_follows_the_feed_arrives_where_a_rollback_leads(three: Desk) -> None:
    generation = three.books.begin_generation()
    three.books.stage(generation, [(1, "c1"), (2, "c9"), (3, "c1"), (4, "c1"), (5, "c3")], aliases={"c2": "c1"})
    told = [lineage("split", "c9", (2,), "c1"), lineage("merged", "c2", (3, 4), "c1")]
    assert flip(three, generation, *told)
    three.make_ready("f")
    three.open("c10", 6)
    before = three.books.position().change
    three.books.rollback(at(600), "anna", "bad night")
    changes = three.books.changes(before, 100)
    assert assignment_of(three.books.changes(0, 1000)) == {1: "c1", 2: "c1", 3: "c2", 4: "c2", 5: "c3", 6: "c10"}
    assert [(change.kind, change.cluster, change.seqs, change.other) for change in changes] == [
        ("created", "c2", (), None),
        ("moved", "c2", (3, 4), "c1"),
        ("merged", "c9", (2,), "c1"),
        ("flipped", "", (), None),
    ]
    assert {change.generation for change in changes} == {1}


def test_after_a_rollback_work_goes_on(three: Desk) -> None:
    abandoned = publish(three, dict.fromkeys(range(1, 6), "c1"), {"c2": "c1", "c3": "c1"})
    three.books.rollback(MONDAY, "anna", "bad night")
    three.make_ready("f")
    assert three.join("c2", 6) == [CommitResult(6, "committed", "c2")]
    generation = three.books.begin_generation()
    assert generation > abandoned
    three.books.stage(generation, [(seq, "c2") for seq in range(1, 7)])
    assert flip(three, generation)
    assert clusters(three.books) == {"c2": [1, 2, 3, 4, 5, 6]}


def test_erased_articles_do_not_come_back_by_a_rollback(three: Desk) -> None:
    publish(three, dict.fromkeys(range(1, 6), "c1"))
    three.books.erase(1, MONDAY)
    three.books.expire(at(2), 10, MONDAY)  # article 2
    three.books.rollback(MONDAY, "anna", "bad night")
    assert clusters(three.books) == {"c2": [3, 4], "c3": [5]}
    record = three.books.cluster("c1")
    assert record is not None
    assert record.status == "retired"


# -- corrections


def test_corrections_are_kept_told_and_lifted(three: Desk) -> None:
    books = three.books
    link = Correction("must_link", (1, 3), None, "anna", "same event", at(1))
    pin = Correction("pin", (), "c2", "ben", "checked", at(2))
    before = books.position().change
    books.constrain(pin)
    books.constrain(link)
    books.constrain(link)
    assert books.corrections() == [link, pin]
    told = books.changes(before, 10)
    assert [(change.kind, change.cluster, change.seqs) for change in told] == [
        ("corrected", "c2", ()),
        ("corrected", "", (1, 3)),
    ]
    assert [(change.actor, change.reason, change.at) for change in told][1] == ("anna", "same event", at(1))
    assert books.unconstrain(link.key, "ben", "not so", at(3))
    assert not books.unconstrain(link.key, "ben", "not so", at(3))
    assert books.corrections() == [pin]
    (lifted,) = books.changes(before + 2, 10)
    assert (lifted.kind, lifted.actor, lifted.reason, lifted.at) == ("corrected", "ben", "not so", at(3))


def test_a_later_decision_on_the_same_pair_replaces_the_earlier(three: Desk) -> None:
    three.books.constrain(Correction("must_link", (1, 3), None, "anna", "same event", at(1)))
    later = Correction("cannot_link", (1, 3), None, "ben", "two events", at(2))
    three.books.constrain(later)
    assert three.books.corrections() == [later]


def test_pins_follow_the_cluster_they_name(three: Desk) -> None:
    books = three.books
    books.constrain(Correction("pin", (), "c1", "anna", "checked", MONDAY))
    assert books.cluster("c1").pinned  # type: ignore[union-attr]
    books.regroup(three.epoch, 1, [Regroup("merged", "c1", "c2", ())], MONDAY)
    assert books.cluster("c2").pinned  # type: ignore[union-attr]
    assert not books.cluster("c3").pinned  # type: ignore[union-attr]
    assert books.unconstrain("pin:c1", "anna", "no more", MONDAY)
    assert not books.cluster("c2").pinned  # type: ignore[union-attr]


def test_a_staged_copy_whose_original_is_elsewhere(three: Desk) -> None:
    """A copy may be alone in a cluster; it is an article there, without an origin."""
    publish(three, {1: "c1", 2: "c1", 3: "c2", 4: "c4", 5: "c3"})
    record = three.books.cluster("c4")
    assert record is not None
    assert (record.article_count, record.origin_count) == (1, 0)
    three.accept("f")
    three.hand_over(draft(6, copy_of=4))
    assert three.follow(4, 6) == [CommitResult(6, "committed", "c4")]
