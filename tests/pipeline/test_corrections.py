"""What people correct is done at once, stays done over any number of nights, and can be read in the cluster's history."""

from __future__ import annotations

from typing import Literal

import pytest
from support.desk import Desk, clusters, draft
from support.events import event_articles, partition

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Conflict, Gone, NotFound, RevisionMismatch
from clusterer.core.model import Relation
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.constraints import constraints_of
from clusterer.pipeline.corrections import By
from clusterer.pipeline.upkeep.audit import audit

Kind = Literal["must_link", "cannot_link"]
ADA = By("ada", "seen by eye")


@pytest.fixture
def filled(service: Clusterer, collection: Collection) -> Collection:
    collection.intake.accept(event_articles(6, 4))
    service.drain()
    return collection


def cluster_of(collection: Collection, article_id: str) -> str:
    seq = collection.books.revisions(article_id)[-1]
    facts = collection.books.facts([seq])[0]
    assert facts is not None
    return str(facts.cluster)


def nights(collection: Collection, count: int = 3) -> None:
    for _ in range(count):
        collection.nightly.run("w")


def test_a_merge_outlives_the_nights(filled: Collection) -> None:
    one, other = cluster_of(filled, "e1-0/0"), cluster_of(filled, "e1-1/0")
    living = filled.corrector.merge(one, other, ADA)
    nights(filled)
    assert filled.books.resolve(one) == filled.books.resolve(other) == living
    assert len(partition(filled)[living]) == 8
    assert audit(filled.books).problems == ()


def test_a_split_outlives_the_nights_and_later_articles(filled: Collection, service: Clusterer) -> None:
    old = cluster_of(filled, "e1-0/0")
    new = filled.corrector.split(old, ["e1-0/0", "e1-0/1"], service.new_cluster_id(), ADA)
    nights(filled)
    late = [one for one in event_articles(6, 5) if one.id.startswith("e1-0/")][:1]
    filled.intake.accept(late)
    service.drain()
    nights(filled)
    assert cluster_of(filled, "e1-0/0") == cluster_of(filled, "e1-0/1") == new
    assert cluster_of(filled, "e1-0/2") == cluster_of(filled, "e1-0/3") == old
    assert audit(filled.books).problems == ()


def test_what_is_related_to_an_article_that_is_split_off_and_no_copy_of_it_stays(collection: Collection) -> None:
    desk = Desk(collection.books)
    first, second = desk.make_cluster("c1", "first", "second")
    (later,) = desk.accept("a week later")
    desk.hand_over(draft(later, relations=(Relation("version_of", first, is_copy=False),)))
    (copy,) = desk.make_copies(first, "copied")
    desk.join("c1", later)
    desk.follow(first, copy)
    collection.corrector.split("c1", ["first"], "c2", ADA)
    assert clusters(collection.books) == {"c1": [second, later], "c2": [first, copy]}


def test_a_move_outlives_the_nights(filled: Collection) -> None:
    target = cluster_of(filled, "e1-1/0")
    filled.corrector.move("e1-0/0", target, ADA)
    nights(filled)
    assert cluster_of(filled, "e1-0/0") == target
    assert cluster_of(filled, "e1-0/1") != target


def test_a_pinned_cluster_keeps_its_articles(filled: Collection, service: Clusterer) -> None:
    old = cluster_of(filled, "e1-0/0")
    filled.corrector.merge(cluster_of(filled, "e1-1/0"), old, ADA)
    for correction in filled.books.corrections():
        filled.corrector.withdraw(correction.key, ADA)
    filled.corrector.pin(old, ADA)
    nights(filled)
    assert len(partition(filled)[old]) == 8


def test_without_the_correction_the_night_takes_the_merge_back(filled: Collection) -> None:
    old = cluster_of(filled, "e1-0/0")
    filled.corrector.merge(cluster_of(filled, "e1-1/0"), old, ADA)
    for correction in filled.books.corrections():
        filled.corrector.withdraw(correction.key, ADA)
    nights(filled)
    assert sorted(len(members) for members in partition(filled).values()) == [4] * 6


def test_links_bind_the_next_decisions(filled: Collection, service: Clusterer) -> None:
    filled.corrector.link("must_link", "e1-0/0", "e1-1/0", ADA)
    assert [one.pending for one in filled.corrector.in_force()] == [True], "they are apart until a night"
    nights(filled)
    assert cluster_of(filled, "e1-0/0") == cluster_of(filled, "e1-1/0")
    assert [one.pending for one in filled.corrector.in_force()] == [False]


def test_what_is_to_be_parted_says_that_it_is_together_until_the_night(filled: Collection) -> None:
    link = filled.corrector.link("cannot_link", "e1-0/0", "e1-0/3", ADA)
    assert filled.corrector.view(link).pending
    assert not filled.corrector.view(filled.corrector.link("cannot_link", "e1-0/0", "e1-1/0", ADA)).pending
    assert not filled.corrector.view(filled.corrector.link("must_link", "e1-2/0", "e1-2/1", ADA)).pending
    assert not filled.corrector.view(filled.corrector.pin(cluster_of(filled, "e1-3/0"), ADA)).pending
    nights(filled)
    assert cluster_of(filled, "e1-0/0") != cluster_of(filled, "e1-0/3")
    assert not any(one.pending for one in filled.corrector.in_force())


def test_a_merge_and_a_split_hold_at_once(filled: Collection) -> None:
    filled.corrector.merge(cluster_of(filled, "e1-0/0"), cluster_of(filled, "e1-1/0"), ADA)
    filled.corrector.split(cluster_of(filled, "e1-2/0"), ["e1-2/0"], "apart", ADA)
    filled.corrector.move("e1-3/0", cluster_of(filled, "e1-4/0"), ADA)
    assert not any(one.pending for one in filled.corrector.in_force())


def test_a_contradiction_is_refused_and_names_the_earlier_corrections(filled: Collection) -> None:
    filled.corrector.link("must_link", "e1-0/0", "e1-0/1", By("bo", "same"))
    filled.corrector.link("must_link", "e1-0/1", "e1-0/2", ADA)
    with pytest.raises(Conflict, match="by bo"):
        filled.corrector.link("cannot_link", "e1-0/0", "e1-0/2", ADA)
    assert len(filled.books.corrections()) == 2


@pytest.mark.parametrize(("kind", "other"), [("cannot_link", "e1-0/1"), ("must_link", "e1-1/0")])
def test_a_link_that_a_pin_keeps_the_night_from_is_refused(filled: Collection, kind: Kind, other: str) -> None:
    filled.corrector.pin(cluster_of(filled, "e1-0/0"), By("bo", "front page"))
    with pytest.raises(Conflict, match="kept as it is, by bo: front page"):
        filled.corrector.link(kind, "e1-0/0", other, ADA)
    assert [one.kind for one in filled.books.corrections()] == ["pin"]
    filled.corrector.link("must_link", "e1-0/0", "e1-0/1", ADA)  # as it is
    filled.corrector.link("cannot_link", "e1-0/0", "e1-1/0", ADA)
    filled.corrector.link("must_link", "e1-2/0", "e1-3/0", ADA)  # in others


@pytest.mark.parametrize(("kind", "other"), [("cannot_link", "e1-0/1"), ("must_link", "e1-1/0")])
def test_a_cluster_that_a_link_is_to_change_is_not_pinned(filled: Collection, kind: Kind, other: str) -> None:
    filled.corrector.link(kind, "e1-0/0", other, By("bo", "two fires"))
    with pytest.raises(Conflict, match="by bo: two fires"):
        filled.corrector.pin(cluster_of(filled, "e1-0/0"), ADA)
    nights(filled)
    filled.corrector.pin(cluster_of(filled, "e1-0/0"), ADA)


def test_only_earlier_corrections_are_named_as_contradicted(filled: Collection) -> None:
    cluster = cluster_of(filled, "e1-0/0")
    filled.corrector.link("must_link", "e1-0/0", "e1-0/3", ADA)
    [earlier] = filled.corrector.in_force()
    with pytest.raises(Conflict) as refused:
        filled.corrector.split(cluster, ["e1-0/0"], "apart", By("bea", "two events"))
    assert earlier.key in str(refused.value)
    assert "by ada" in str(refused.value)
    assert "bea" not in str(refused.value)


def test_a_cluster_is_not_merged_into_itself_but_a_merge_may_be_sent_twice(filled: Collection) -> None:
    one, other = cluster_of(filled, "e1-0/0"), cluster_of(filled, "e1-1/0")
    with pytest.raises(Conflict, match="itself"):
        filled.corrector.merge(one, one, ADA)
    assert filled.corrector.in_force() == ()
    assert filled.corrector.merge(one, other, ADA) == other
    assert filled.corrector.merge(one, other, ADA) == other
    assert len(filled.corrector.in_force()) == 1


def test_every_member_of_a_large_cluster_is_bound(filled: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members are read in pages; none is left out by their size."""
    monkeypatch.setattr("clusterer.pipeline.feed._SLICE", 3)
    one, other = cluster_of(filled, "e1-0/0"), cluster_of(filled, "e1-1/0")
    filled.corrector.merge(one, other, ADA)
    [tie] = filled.books.corrections()
    assert len(tie.seqs) == 8
    filled.corrector.pin(other, ADA)
    assert len(constraints_of(filled.books).pinned) == 8


def test_a_stale_revision_is_refused(filled: Collection, service: Clusterer) -> None:
    old = cluster_of(filled, "e1-0/0")
    record = filled.books.cluster(old)
    assert record is not None
    with pytest.raises(RevisionMismatch):
        filled.corrector.split(old, ["e1-0/0"], service.new_cluster_id(), ADA, if_revision=record.revision - 1)
    assert len(partition(filled)[old]) == 4
    assert filled.books.corrections() == []


def test_history_tells_who_and_why(filled: Collection, service: Clusterer) -> None:
    old = cluster_of(filled, "e1-0/0")
    before = service.clock.now()
    members = filled.history.members_at(old, before)
    service.clock.forward(hours=1)  # type: ignore[attr-defined]
    new = filled.corrector.split(old, ["e1-0/0"], service.new_cluster_id(), ADA)
    last = [entry for entry in filled.history.of_cluster(old) if entry.kind == "split"][-1]
    assert (last.actor, last.reason, last.other) == ("ada", "seen by eye", new)
    assert "lost e1-0/0, split off" in last.text
    assert filled.history.members_at(old, before) == members
    assert "e1-0/0" not in filled.history.members_at(old, service.clock.now())
    with pytest.raises(NotFound):
        filled.history.of_cluster("01NEVERGIVENOUT")


def test_an_erased_article_leaves_no_trace(filled: Collection) -> None:
    texts = {one.id: set((one.text or "").lower().strip(".").split()) for one in event_articles(6, 4)}
    own = texts.pop("e1-0/0") - set().union(*texts.values())
    assert len(own) > 5
    cluster = cluster_of(filled, "e1-0/0")
    filled.eraser.erase("e1-0/0")
    assert filled.eraser.traces("e1-0/0", sorted(own)) == []
    nights(filled)
    assert "e1-0/0" not in partition(filled)[cluster]
    assert len(partition(filled)[cluster]) == 3
    assert filled.books.books().erased == 1
    assert audit(filled.books).problems == ()
    with pytest.raises(Gone):
        filled.eraser.erase("e1-0/0")


def test_traces_are_found_while_it_is_there(filled: Collection) -> None:
    assert filled.eraser.traces("e1-0/0") != []


def placed(collection: Collection) -> set[frozenset[int]]:
    """Who is with whom, whatever the clusters are called."""
    return set(map(frozenset, partition(collection).values()))


@pytest.mark.parametrize("act", ["merge", "split", "move"])
def test_what_was_done_is_taken_back(filled: Collection, service: Clusterer, act: str) -> None:
    before = placed(filled)
    one, other = cluster_of(filled, "e1-0/0"), cluster_of(filled, "e1-1/0")
    if act == "merge":
        filled.corrector.merge(one, other, ADA)
    elif act == "split":
        filled.corrector.split(one, ["e1-0/0", "e1-0/1"], service.new_cluster_id(), ADA)
    else:
        filled.corrector.move("e1-0/0", other, ADA)
    assert placed(filled) != before
    latest = filled.corrector.acts(5)[0]
    home = filled.corrector.undo(latest.number, service.new_cluster_id(), By("bo", "a mistake"))
    assert placed(filled) == before
    assert cluster_of(filled, "e1-0/0") == home == one
    assert cluster_of(filled, "e1-1/0") == other
    assert filled.corrector.in_force() == ()
    assert audit(filled.books).problems == ()
    nights(filled, 1)
    assert placed(filled) == before


def test_a_cluster_that_lost_its_last_article_lives_again_under_its_id(filled: Collection, service: Clusterer) -> None:
    one, other, third = (cluster_of(filled, f"e1-{n}/0") for n in range(3))
    filled.corrector.split(one, ["e1-0/0"], "alone", ADA)
    for correction in filled.corrector.in_force():
        filled.corrector.withdraw(correction.key, ADA)
    filled.corrector.move("e1-0/0", other, By("ann", "the same fire"))
    filled.corrector.merge(other, third, By("bo", "one story"))
    merged, moved = filled.corrector.acts(2)
    assert filled.corrector.undo(moved.number, service.new_cluster_id(), ADA) == "alone"
    assert cluster_of(filled, "e1-0/0") == "alone"
    assert cluster_of(filled, "e1-1/0") == third  # taken back is only what was asked for
    filled.corrector.undo(merged.number, service.new_cluster_id(), ADA)
    assert cluster_of(filled, "e1-1/0") == other
    assert audit(filled.books).problems == ()


def test_taking_back_leaves_other_decisions_alone(filled: Collection, service: Clusterer) -> None:
    filled.corrector.link("cannot_link", "e1-2/0", "e1-3/0", ADA)
    filled.corrector.pin(cluster_of(filled, "e1-4/0"), ADA)
    filled.corrector.merge(cluster_of(filled, "e1-0/0"), cluster_of(filled, "e1-1/0"), ADA)
    filled.corrector.undo(filled.corrector.acts(1)[0].number, service.new_cluster_id(), ADA)
    assert {one.kind for one in filled.corrector.in_force()} == {"cannot_link", "pin"}


def test_what_moved_on_since_stays_there(filled: Collection, service: Clusterer) -> None:
    one, other, third = (cluster_of(filled, f"e1-{n}/0") for n in range(3))
    filled.corrector.move("e1-0/0", other, ADA)
    act = filled.corrector.acts(1)[0]
    for correction in filled.corrector.in_force():
        filled.corrector.withdraw(correction.key, ADA)
    filled.corrector.move("e1-0/0", third, By("bo", "no, here"))
    with pytest.raises(Conflict):
        filled.corrector.undo(act.number, service.new_cluster_id(), ADA)
    assert cluster_of(filled, "e1-0/0") == third
    assert one != third


def test_only_what_a_person_did_is_taken_back(filled: Collection, service: Clusterer) -> None:
    for number in (0, 1, 10**9):
        with pytest.raises(NotFound):
            filled.corrector.undo(number, service.new_cluster_id(), ADA)
    assert filled.corrector.acts(5) == ()
