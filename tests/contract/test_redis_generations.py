"""Nightly generations and lasting corrections in Redis."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from desk import MONDAY, Desk, at, members

from clusterer.core.errors import Conflict, StaleGeneration
from clusterer.core.records import Change, Correction, Regroup
from clusterer.ports import CollectionStore

pytestmark = pytest.mark.parametrize("backend", ["redis"], indirect=True)


def change(kind: str, cluster: str, seqs: tuple[int, ...] = (), other: str | None = None) -> Change:
    return Change(0, datetime.min, kind, cluster, seqs, other, reason="reclustering")  # type: ignore[arg-type]


def flip(books: CollectionStore, generation: int, *lineage: Change) -> bool:
    position = books.position()
    return books.flip(position.generation, generation, position.change, lineage, at(60))


def restage(books: CollectionStore, *rows: tuple[int, str], aliases: dict[str, str] | None = None) -> int:
    generation = books.begin_generation()
    books.stage(generation, rows, aliases=aliases)
    return generation


def counters(books: CollectionStore, cluster: str, generation: int) -> tuple[object, ...]:
    record = books.cluster(cluster, generation)
    assert record is not None
    return (
        record.article_count,
        record.sources,
        record.languages,
        record.origin_count,
        record.first_seen,
        record.last_seen,
    )


# -- staging -------------------------------------------------------------------------------------------------------------------


def test_a_generation_that_is_staged_is_not_seen(desk: Desk) -> None:
    first, second = desk.make_cluster("c1", "a", "b")
    generation = restage(desk.books, (first, "c1"), (second, "c2"))
    assert desk.books.generations() == [1, generation]
    assert members(desk.books, "c1") == [first, second]
    assert desk.books.resolve("c2") is None
    assert desk.books.cluster_ids("size", None, 10) == [(2.0, "c1")]
    assert desk.books.members("c2", 0, 10, generation) == [second]


def test_staging_counts_like_committing(desk: Desk) -> None:
    seqs = desk.make_cluster("c1", "a", "b", source="S1")
    seqs += desk.make_cluster("c2", "c", source=None, lang=None, received_at=at(7))
    (copy,) = desk.make_copies(seqs[0], "d", source="S3")
    desk.follow(seqs[0], copy)
    generation = desk.books.begin_generation()
    rows = [(seqs[0], "c1"), (seqs[1], "c1"), (copy, "c1"), (seqs[2], "c2")]
    desk.books.stage(generation, rows[:2])
    desk.books.stage(generation, rows[1:])
    for cluster in ("c1", "c2"):
        assert counters(desk.books, cluster, generation) == counters(desk.books, cluster, 1)
        assert desk.books.cluster(cluster, generation).revision == desk.books.cluster(cluster).revision  # type: ignore[union-attr]


def test_a_row_staged_again_elsewhere_moves(desk: Desk) -> None:
    first, second = desk.make_cluster("c1", "a", "b")
    generation = restage(desk.books, (first, "c1"), (second, "c2"))
    desk.books.stage(generation, [(second, "c1")])
    assert desk.books.members("c1", 0, 10, generation) == [first, second]
    assert desk.books.members("c2", 0, 10, generation) == []
    desk.books.stage(generation, [(second, "c2")])
    assert desk.books.cluster("c2", generation).status == "active"  # type: ignore[union-attr]
    assert flip(desk.books, generation)
    assert sorted(desk.books.cluster_ids("size", None, 10)) == [(1.0, "c1"), (1.0, "c2")]


def test_articles_that_are_not_assigned_are_not_staged(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    (pending,) = desk.make_ready("b")
    generation = restage(desk.books, (seq, "c1"), (pending, "c1"), (99, "c1"))
    assert desk.books.members("c1", 0, 10, generation) == [seq]


def test_revisions_rise_by_one_where_members_differ(desk: Desk) -> None:
    a, b, c = desk.make_cluster("c1", "a", "b", "c")
    d, e = desk.make_cluster("c2", "d", "e")
    generation = restage(desk.books, (a, "c1"), (b, "c1"), (c, "c3"), (d, "c2"), (e, "c2"))
    found = {cid: desk.books.cluster(cid, generation).revision for cid in ("c1", "c2", "c3")}  # type: ignore[union-attr]
    assert found == {"c1": 4, "c2": 2, "c3": 1}


def test_the_revision_also_differs_when_the_published_cluster_changed_after_staging(desk: Desk) -> None:
    a, b = desk.make_cluster("c1", "a", "b")
    generation = restage(desk.books, (a, "c1"), (b, "c1"))
    (late,) = desk.make_ready("late")
    desk.join("c1", late)
    seen = desk.books.cluster("c1").revision  # type: ignore[union-attr]
    desk.books.stage(generation, [(late, "c9")])
    assert flip(desk.books, generation)
    assert desk.books.cluster("c1").revision == seen + 1  # type: ignore[union-attr]


def test_origins_of_splits_are_kept(desk: Desk) -> None:
    first, second = desk.make_cluster("c1", "a", "b")
    generation = desk.books.begin_generation()
    desk.books.stage(generation, [(first, "c1"), (second, "c2")], split_from={"c2": "c1", "elsewhere": "c1"})
    assert desk.books.cluster("c2", generation).split_from == "c1"  # type: ignore[union-attr]
    assert desk.books.cluster("elsewhere", generation) is None


def test_aliases_are_replaced_as_a_whole(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    generation = restage(desk.books, (seq, "c1"), aliases={"x": "c1", "y": "c1"})
    desk.books.stage(generation, [], aliases={"y": "c1", "z": "c1"})
    assert desk.books.aliases(generation) == {"y": "c1", "z": "c1"}
    assert desk.books.aliases() == {}
    assert flip(desk.books, generation)
    assert desk.books.resolve("z") == "c1"
    assert desk.books.resolve("x") is None
    assert desk.books.cluster("c1").aliases == ("y", "z")  # type: ignore[union-attr]


def test_numbers_are_never_used_twice_and_leftovers_are_dropped(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    unfinished = restage(desk.books, (seq, "c1"), aliases={"x": "c1"})
    generation = desk.books.begin_generation()
    assert generation > unfinished
    assert desk.books.generations() == [1, generation]
    assert desk.books.members("c1", 0, 10, unfinished) == []
    assert desk.books.cluster("c1", unfinished) is None
    with pytest.raises(Conflict):
        desk.books.stage(unfinished, [(seq, "c1")])


def test_the_published_generation_is_neither_staged_nor_dropped(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    with pytest.raises(Conflict):
        desk.books.stage(1, [(seq, "c2")])
    with pytest.raises(Conflict):
        desk.books.drop_generation(1)
    assert members(desk.books, "c1") == [seq]


# -- publishing ----------------------------------------------------------------------------------------------------------------


def test_a_flip_publishes_with_its_lineage(desk: Desk) -> None:
    first, second = desk.make_cluster("c1", "a", "b")
    generation = restage(desk.books, (first, "c1"), (second, "c2"))
    last = desk.books.position().change
    assert flip(desk.books, generation, change("split", "c2", (second,), "c1"))
    split, flipped = desk.books.changes(last, 10)
    assert (split.number, split.kind, split.cluster, split.seqs, split.other) == (
        last + 1,
        "split",
        "c2",
        (second,),
        "c1",
    )
    assert (split.at, split.generation, split.reason) == (at(60), generation, "reclustering")
    assert (flipped.number, flipped.kind, flipped.generation) == (last + 2, "flipped", generation)
    assert desk.books.position().generation == generation
    assert desk.books.facts([second])[0].cluster == "c2"  # type: ignore[union-attr]


def test_a_flip_waits_for_the_tail(desk: Desk) -> None:
    (first,) = desk.make_cluster("c1", "a")
    generation = restage(desk.books, (first, "c1"))
    before = desk.books.position()
    (late,) = desk.make_cluster("c2", "late")
    assert not desk.books.flip(1, generation, before.change, [change("created", "c9")], MONDAY)
    assert desk.books.position().generation == 1
    desk.books.stage(generation, [(late, "c2")])
    assert flip(desk.books, generation)
    assert not desk.books.flip(1, generation, desk.books.position().change, [], MONDAY)


def test_a_generation_that_lacks_articles_is_not_published(desk: Desk) -> None:
    first, _ = desk.make_cluster("c1", "a", "b")
    generation = restage(desk.books, (first, "c1"))
    with pytest.raises(Conflict, match="1 articles"):
        flip(desk.books, generation)
    assert desk.books.position().generation == 1


def test_commits_decided_on_the_former_generation_are_refused(desk: Desk) -> None:
    (first,) = desk.make_cluster("c1", "a")
    (late,) = desk.make_ready("late")
    desk.lease("ready")
    generation = restage(desk.books, (first, "c1"))
    assert flip(desk.books, generation)
    with pytest.raises(StaleGeneration):
        desk.books.commit(desk.epoch, 1, [desk.item(late, "join", "c1")], MONDAY)
    assert desk.join("c1", late)[0].status == "committed"
    assert members(desk.books, "c1") == [first, late]


def test_only_the_published_and_the_former_generation_are_kept(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    second = restage(desk.books, (seq, "c1"))
    flip(desk.books, second)
    third = restage(desk.books, (seq, "c1"))
    assert desk.books.generations() == [1, second, third]
    flip(desk.books, third)
    assert desk.books.generations() == [second, third]
    assert desk.books.cluster("c1", 1) is None


# -- rollback ------------------------------------------------------------------------------------------------------------------


def test_without_a_former_generation_there_is_nothing_to_roll_back_to(desk: Desk) -> None:
    assert desk.books.rollback(MONDAY, "ann", "why not") is None


def test_rolling_back_publishes_the_former_generation_again(desk: Desk) -> None:
    first, second = desk.make_cluster("c1", "a", "b")
    before = desk.books.cluster("c1")
    generation = restage(desk.books, (first, "c1"), (second, "c2"), aliases={"x": "c2"})
    flip(desk.books, generation)
    assert desk.books.rollback(at(90), "ann", "looks wrong") == 1
    assert desk.books.position().generation == 1
    assert members(desk.books, "c1") == [first, second]
    assert desk.books.cluster("c1").article_count == before.article_count  # type: ignore[union-attr]
    assert desk.books.resolve("c2") == "c1"
    assert desk.books.resolve("x") == "c1"
    last = desk.books.changes(0, 100)[-1]
    assert (last.kind, last.generation, last.actor, last.reason) == ("flipped", 1, "ann", "looks wrong")


def test_what_was_assigned_since_is_carried_over(desk: Desk) -> None:
    a, b, c = desk.make_cluster("c1", "a", "b", "c")
    generation = restage(desk.books, (a, "c1"), (b, "c2"), (c, "c2"))
    flip(desk.books, generation)
    known, moved, founded = desk.make_ready("known", "moved", "founded")
    desk.join("c1", known)
    desk.join("c2", moved)
    desk.open("c3", founded)
    assert desk.books.rollback(MONDAY, "ann", "") == 1
    assert members(desk.books, "c1") == [a, b, c, known, moved]
    assert members(desk.books, "c3") == [founded]
    assert desk.books.resolve("c2") == "c1"
    assert desk.books.cluster("c1").article_count == 5  # type: ignore[union-attr]
    (later,) = desk.make_ready("later")
    assert desk.join("c2", later)[0].cluster == "c1"


def test_every_id_ever_issued_resolves_after_a_rollback(desk: Desk) -> None:
    a, b = desk.make_cluster("c1", "a", "b")
    c = desk.make_cluster("c2", "c")[0]
    generation = restage(desk.books, (a, "c1"), (b, "c4"), (c, "c1"), aliases={"c2": "c1"})
    flip(desk.books, generation)
    d = desk.make_cluster("c5", "d")[0]
    assert desk.books.regroup(None, generation, [Regroup("merged", "c5", "c4", (d,))], MONDAY)
    desk.books.rollback(MONDAY, "ann", "")
    resolved = {cluster: desk.books.resolve(cluster) for cluster in ("c1", "c2", "c4", "c5")}
    assert resolved == {"c1": "c1", "c2": "c2", "c4": "c1", "c5": "c1"}
    assert members(desk.books, "c1") == [a, b, d]


def test_rolling_back_twice_returns(desk: Desk) -> None:
    a, b = desk.make_cluster("c1", "a", "b")
    generation = restage(desk.books, (a, "c1"), (b, "c2"))
    flip(desk.books, generation)
    desk.books.rollback(MONDAY, "ann", "")
    assert desk.books.rollback(MONDAY, "ann", "") == generation
    assert members(desk.books, "c2") == [b]


# -- jobs and reports ----------------------------------------------------------------------------------------------------------


def test_one_worker_at_a_time_has_a_job(books: CollectionStore) -> None:
    assert books.claim_job("recluster", "w1", 60)
    assert books.claim_job("recluster", "w1", 60)
    assert not books.claim_job("recluster", "w2", 60)
    assert books.claim_job("another", "w2", 60)
    books.release_job("recluster", "w2")
    assert not books.claim_job("recluster", "w2", 60)
    books.release_job("recluster", "w1")
    assert books.claim_job("recluster", "w2", 60)


def test_the_latest_hundred_reports_are_kept(books: CollectionStore) -> None:
    for number in range(105):
        books.save_run(b"%d" % number)
    assert books.runs(2) == [b"104", b"103"]
    assert len(books.runs(1000)) == 100


# -- corrections ---------------------------------------------------------------------------------------------------------------


def pin(cluster: str, minutes: float = 0) -> Correction:
    return Correction("pin", (), cluster, "ann", "is right", at(minutes))


def test_corrections_are_kept_once_in_order_and_told(books: CollectionStore) -> None:
    link = Correction("must_link", (1, 2), None, "ann", "same event", at(1))
    books.constrain(link)
    books.constrain(link)
    books.constrain(pin("c1"))
    assert books.corrections() == [pin("c1"), link]
    told = [(one.kind, one.cluster, one.seqs, one.actor, one.reason) for one in books.changes(0, 10)]
    assert told == [("corrected", "", (1, 2), "ann", "same event"), ("corrected", "c1", (), "ann", "is right")]


def test_a_later_correction_replaces_an_earlier_one(books: CollectionStore) -> None:
    books.constrain(Correction("must_link", (1, 2), None, "ann", "", at(1)))
    second = Correction("cannot_link", (1, 2), None, "bob", "", at(2))
    books.constrain(second)
    assert books.corrections() == [second]


def test_a_correction_can_be_lifted(books: CollectionStore) -> None:
    books.constrain(pin("c1"))
    assert books.unconstrain("pin:c1", "bob", "is wrong", at(5))
    assert not books.unconstrain("pin:c1", "bob", "is wrong", at(6))
    assert books.corrections() == []
    last = books.changes(0, 10)[-1]
    assert (last.kind, last.cluster, last.actor, last.reason, last.at) == ("corrected", "c1", "bob", "is wrong", at(5))


def test_the_pin_stays_with_the_cluster(desk: Desk) -> None:
    books = desk.books
    (a,), (b,) = desk.make_cluster("c1", "a"), desk.make_cluster("c2", "b")
    books.constrain(pin("c1"))
    assert [books.cluster(cid).pinned for cid in ("c1", "c2")] == [True, False]  # type: ignore[union-attr]
    books.regroup(None, 1, [Regroup("merged", "c1", "c2", (a,))], MONDAY)
    assert [books.cluster(cid).pinned for cid in ("c1", "c2")] == [False, True]  # type: ignore[union-attr]
    generation = restage(books, (a, "c2"), (b, "c2"), aliases={"c1": "c2"})
    flip(books, generation)
    assert books.cluster("c2").pinned  # type: ignore[union-attr]
    books.unconstrain("pin:c1", "ann", "", MONDAY)
    assert not books.cluster("c2").pinned  # type: ignore[union-attr]


def test_numbers_of_the_feed_have_no_gaps_whatever_writes_it(desk: Desk) -> None:
    a, b = desk.make_cluster("c1", "a", "b")
    desk.books.constrain(pin("c1"))
    flip(desk.books, restage(desk.books, (a, "c1"), (b, "c2")), change("split", "c2", (b,), "c1"))
    desk.books.erase(b, MONDAY)
    desk.books.rollback(MONDAY, "ann", "")
    numbers = [one.number for one in desk.books.changes(0, 100)]
    assert numbers[0] == 1
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
    assert desk.books.position().change == numbers[-1]
