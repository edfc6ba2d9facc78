"""What people correct is done at once, stays done over any number of nights, and can be read in the cluster's history."""

from __future__ import annotations

import pytest
from test_nightly import event_articles, partition

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Conflict, Gone, NotFound, RevisionMismatch
from clusterer.pipeline.corrections import By
from clusterer.pipeline.service import Collection
from clusterer.pipeline.upkeep.audit import audit

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
    nights(filled)
    assert cluster_of(filled, "e1-0/0") == cluster_of(filled, "e1-1/0")


def test_a_contradiction_is_refused_and_names_the_earlier_corrections(filled: Collection) -> None:
    filled.corrector.link("must_link", "e1-0/0", "e1-0/1", By("bo", "same"))
    filled.corrector.link("must_link", "e1-0/1", "e1-0/2", ADA)
    with pytest.raises(Conflict, match="by bo"):
        filled.corrector.link("cannot_link", "e1-0/0", "e1-0/2", ADA)
    assert len(filled.books.corrections()) == 2


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
