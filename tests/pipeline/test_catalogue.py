"""What can be listed agrees with the store, whatever happened to articles and clusters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.articles import FLOOD, STRIKE, SetClock, article

from clusterer.bootstrap import Clusterer
from clusterer.core.cluster_records import Regroup
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.corrections import By
from clusterer.pipeline.lookup.cluster_filter import STORED, ClusterFilter, Sort
from clusterer.pipeline.replicas.catalogue import Catalogue

REEF = "Divers have mapped a reef of cold water corals off Tessaly that nobody had known of before, an institute said."
BY = By("Ada", "I know it")


def take(service: Clusterer, id: str, text: str, **fields: object) -> str:
    service.collection().intake.accept([article(id, text, **fields)])
    service.drain()
    found = service.collection().lookup.article(id).cluster_id
    assert found
    return found


def check(collection: Collection, catalogue: Catalogue) -> None:
    """Every cluster of the store and no other, with the store's counts; read anew, it is the same."""
    ids = [cluster_id for _, cluster_id in collection.books.cluster_ids("size", None, 200)]
    summaries = {one.id: one for one in catalogue.summaries()}
    assert set(summaries) == set(ids)
    for cluster_id in ids:
        record, summary = collection.books.cluster(cluster_id), summaries[cluster_id]
        assert record is not None
        assert (summary.article_count, summary.origin_count) == (record.article_count, record.origin_count)
        assert (summary.sources, summary.languages) == (set(record.sources), set(record.languages))
        assert abs(summary.first_seen - record.first_seen) < timedelta(milliseconds=1)
        assert abs(summary.last_seen - record.last_seen) < timedelta(milliseconds=1)
    anew = {one.id: {entry.seq for entry in one.entries} for one in Catalogue(collection.books).summaries()}
    assert anew == {one.id: {entry.seq for entry in one.entries} for one in summaries.values()}


def test_it_follows_everything_that_happens(service: Clusterer, collection: Collection, clock: SetClock) -> None:
    catalogue = Catalogue(collection.books)
    check(collection, catalogue)
    flood = take(service, "flood", FLOOD, source="Post", lang="en")
    check(collection, catalogue)
    clock.forward(hours=1)
    take(service, "copy", FLOOD, source="Echo")
    take(service, "silent", FLOOD + " The dam holds.", source=None)
    strike, reef = take(service, "strike", STRIKE, source="Post"), take(service, "reef", REEF)
    check(collection, catalogue)
    collection.corrector.merge(strike, flood, BY)
    check(collection, catalogue)
    for regroup in (
        lambda: collection.corrector.split(flood, ["strike"], "fresh", BY),
        lambda: collection.corrector.move("strike", reef, BY),
    ):
        for correction in collection.corrector.in_force():
            collection.corrector.withdraw(correction.key, BY)
        regroup()
        check(collection, catalogue)
    collection.eraser.erase("strike")
    check(collection, catalogue)
    collection.nightly.run("w", force=True)
    check(collection, catalogue)
    collection.nightly.rollback("Ada", "as it was")
    check(collection, catalogue)


def test_feed_that_was_trimmed_is_read_anew(service: Clusterer, collection: Collection, clock: SetClock) -> None:
    catalogue = Catalogue(collection.books)
    take(service, "flood", FLOOD)
    check(collection, catalogue)
    take(service, "strike", STRIKE)
    clock.forward(days=2)
    take(service, "reef", REEF)
    collection.books.trim_changes(clock.now() - timedelta(days=1), 100)
    check(collection, catalogue)


def test_the_oldest_go_when_it_is_full(service: Clusterer, collection: Collection) -> None:
    catalogue = Catalogue(collection.books, capacity=2)
    catalogue.summaries()
    for id, text in (("flood", FLOOD), ("strike", STRIKE), ("reef", REEF)):
        last = take(service, id, text)
        assert last in {one.id for one in catalogue.summaries()}
    assert len(catalogue.summaries()) == 2
    assert not catalogue.knows_all()


@pytest.mark.parametrize("sort", ["last_seen", "size", "velocity", "sources", "first_seen"])
def test_every_order_pages_through_all(service: Clusterer, collection: Collection, clock: SetClock, sort: Sort) -> None:
    for id, text in (("flood", FLOOD), ("strike", STRIKE), ("reef", REEF), ("flood2", FLOOD)):
        clock.forward(hours=1)
        take(service, id, text, source=id[:5])
    found, cursor = [], None
    while True:
        page = collection.lookup.catalogued(ClusterFilter(), sort, 1, cursor)
        assert page.total == 3
        found += [one.id for one in page.data]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(found) == len(set(found)) == 3
    if sort in STORED:
        assert found == [one.id for one in collection.lookup.clusters(ClusterFilter(), sort, 9, None).data]
    titles = {collection.lookup.article(id).cluster_id: id for id in ("strike", "reef", "flood2")}
    if sort in ("velocity", "last_seen"):
        assert [titles[one] for one in found] == ["flood2", "reef", "strike"]
    if sort == "first_seen":
        assert [titles[one] for one in found] == ["reef", "strike", "flood2"]


def test_what_is_gone_without_a_change_is_not_listed(
    service: Clusterer, collection: Collection, clock: SetClock
) -> None:
    take(service, "flood", FLOOD)
    assert collection.lookup.catalogued(ClusterFilter(), "velocity", 9, None).total == 1
    clock.forward(days=30)
    strike = take(service, "strike", STRIKE)
    collection.books.expire(clock.now() - timedelta(days=10), 10, clock.now())
    assert collection.lookup.catalogued(ClusterFilter(), "velocity", 1, None).total is None, "it may know too many"
    collection.lookup.catalogued(ClusterFilter(), "velocity", 9, None)
    page = collection.lookup.catalogued(ClusterFilter(), "velocity", 9, None)
    assert ([one.id for one in page.data], page.total) == ([strike], 1)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("river", True),
        ("RIV wend", True),
        ("iver", False),
        ("river strike", False),
        ("post", True),
        ("  ", True),
        ("Überschwemmung", False),
    ],
)
def test_words_of_one_headline(service: Clusterer, collection: Collection, words: str, found: bool) -> None:
    take(service, "flood", FLOOD, title="The river Wend rises", source="Post")
    assert bool(collection.lookup.clusters(ClusterFilter(words=words), "size", 9, None).data) is found


def test_the_day_of_publication(service: Clusterer, collection: Collection) -> None:
    take(service, "flood", FLOOD, published_at=datetime(2017, 5, 3, 23, 59, tzinfo=UTC))
    take(service, "strike", STRIKE)

    def listed(**bounds: datetime) -> int:
        return len(collection.lookup.clusters(ClusterFilter(**bounds), "size", 9, None).data)

    day = datetime(2017, 5, 3, tzinfo=UTC)
    assert listed(published_since=day, published_until=day + timedelta(days=1)) == 1
    assert listed(published_since=day + timedelta(days=1)) == 0
    assert listed(published_until=day) == 0
    view = collection.lookup.cluster(collection.lookup.article("flood").cluster_id or "")
    assert view.first_published_at == view.last_published_at == datetime(2017, 5, 3, 23, 59, tzinfo=UTC)


def test_a_title_where_no_article_has_a_headline(service: Clusterer, collection: Collection) -> None:
    cluster = take(service, "flood", FLOOD, title=None)
    title = collection.lookup.cluster(cluster).title
    assert title is not None
    assert FLOOD.startswith(title.rstrip("…"))
    assert len(title) < 130


def test_a_step_that_is_read_twice(service: Clusterer, collection: Collection) -> None:
    """Facts may tell of a later step than the change that is followed."""
    catalogue = Catalogue(collection.books)
    catalogue.summaries()
    flood, strike = take(service, "flood", FLOOD), take(service, "strike", STRIKE)
    generation = collection.books.position().generation
    step = Regroup("merged", strike, flood, ())
    assert collection.books.regroup(None, generation, [step], service.clock.now())
    check(collection, catalogue)
