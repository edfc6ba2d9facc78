"""Old changes let go: what readers of the feed, inside and outside, make of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from support.articles import FLOOD, STRIKE, SetClock, article
from support.events import break_up, event_articles, partition
from support.shelf import FixedEncoder, Shelf, towards

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import ChangesTrimmed, NotFound
from clusterer.pipeline.corrections import By
from clusterer.pipeline.feed import changes_since, oldest_change
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.lookup.history import History
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import Store

ADA = By("ada", "another event")


@pytest.fixture
def kept_a_day(make_service: Callable[..., Clusterer], clock: SetClock) -> Clusterer:
    """Twelve events; then nothing for three days, until the sweep has let go of all but the last two changes."""
    service = make_service(changes_days=1, window_min_articles=0)
    service.collection().intake.accept(event_articles(12, 4))
    service.drain()
    clock.forward(days=3)
    for id, text in (("flood", FLOOD), ("strike", STRIKE)):
        service.collection().intake.accept([article(id, text)])
        service.drain()
    service.sweep()
    return service


@pytest.fixture
def shelf(store: Store, clock: SetClock) -> Shelf:
    return Shelf(store, clock, FixedEncoder())


def test_by_default_all_changes_are_kept(service: Clusterer, clock: SetClock) -> None:
    service.collection().intake.accept([article("flood")])
    service.drain()
    clock.forward(days=80)
    service.sweep()
    assert [change.number for change in service.collection().lookup.changes(None, 10).data] == [1]


def test_the_feed_begins_with_the_oldest_change_that_is_kept(kept_a_day: Clusterer) -> None:
    lookup, last = kept_a_day.collection().lookup, kept_a_day.collection().books.position().change
    page = lookup.changes(None, 10)
    assert [(change.number, change.article_ids) for change in page.data] == [
        (last - 1, ("flood",)),
        (last, ("strike",)),
    ]
    assert lookup.changes(page.next_cursor, 10).data == ()


def test_a_reader_that_stayed_away_too_long_is_told(make_service: Callable[..., Clusterer], clock: SetClock) -> None:
    service = make_service(changes_days=1)
    at_the_beginning = service.collection().lookup.changes(None, 10).next_cursor
    for number in range(3):
        service.collection().intake.accept([article(f"a{number}", f"{FLOOD} {number}")])
        service.drain()
        clock.forward(days=2)
        service.sweep()
    service.collection().intake.accept([article("b", STRIKE)])
    service.drain()
    with pytest.raises(ChangesTrimmed, match=r"before number 4 .* without a cursor"):
        service.collection().lookup.changes(at_the_beginning, 10)
    assert [change.number for change in service.collection().lookup.changes(None, 10).data] == [4]


def test_histories_reach_as_far_back_as_the_feed(kept_a_day: Clusterer, clock: SetClock) -> None:
    collection = kept_a_day.collection()
    history = collection.history
    old = next(iter(collection.lookup.clusters(ClusterFilter(max_size=4), "size", 1, None).data)).id
    new = collection.lookup.article("flood").cluster_id
    assert new is not None
    assert history.page(old, 10, None).data == ()
    assert [entry.kind for entry in history.page(new, 10, None).data] == ["created"]
    assert history.members_at(new, clock.now()) == ["flood"]
    for cluster, at in (
        (old, clock.now()),
        (old, clock.now() - timedelta(days=2)),
        (new, clock.now() - timedelta(days=2)),
    ):
        with pytest.raises(ChangesTrimmed, match=r"which articles .* no longer kept"):
            history.cluster_at(cluster, at)
    with pytest.raises(NotFound):
        history.page("never", 10, None)
    with pytest.raises(NotFound):
        history.cluster_at("never", clock.now())


def test_where_every_change_is_gone(shelf: Shelf, clock: SetClock) -> None:
    shelf.put("a", "c1")
    clock.forward(days=1)
    assert shelf.books.trim_changes(clock.now(), 10) == 1
    history = History(shelf.books)
    assert history.page("c1", 10, None).data == ()
    assert shelf.lookup.changes(None, 10).data == ()
    with pytest.raises(ChangesTrimmed):
        history.cluster_at("c1", clock.now())


def test_the_audit_says_that_it_could_not_replay(kept_a_day: Clusterer) -> None:
    report = audit(kept_a_day.collection().books)
    assert (report.problems, report.replayed, report.counts["changes"]) == ((), False, 2)


def test_who_starts_from_the_beginning_sees_that_it_is_gone(kept_a_day: Clusterer) -> None:
    books = kept_a_day.collection().books
    last = books.position().change
    assert [change.number for change in changes_since(books, 0)] == [last - 1, last]
    assert oldest_change(books) == last - 1
    with pytest.raises(ChangesTrimmed):
        list(changes_since(books, 1))


def test_the_writer_builds_its_window_again(kept_a_day: Clusterer, clock: SetClock) -> None:
    """It slept while a person split a cluster, and that change is gone."""
    collection = kept_a_day.collection()
    books, (flood,) = collection.books, collection.books.revisions("flood")
    collection.intake.accept([article("flood two", FLOOD.replace("Monday", "Tuesday").replace("army", "navy") * 2)])
    strike = collection.lookup.article("strike").cluster_id
    assert strike is not None
    kept_a_day.drain()
    collection.corrector.move("flood", strike, ADA)
    clock.forward(days=2)
    books.trim_changes(clock.now(), 1_000)
    collection.intake.accept([article("late", f"{STRIKE} The mediator declined.")])
    kept_a_day.drain()
    window = collection.assigner._window
    assert window is not None
    assert window.cluster_of(flood) == strike
    assert collection.lookup.article("late").state == "assigned"
    assert audit(books).clean


def test_search_reads_everything_again(shelf: Shelf, clock: SetClock) -> None:
    first = shelf.put("a", "c1", towards(1))
    shelf.put("b", "c2", towards(0, 1))
    assert [near.facts.article_id for near in shelf.search.near_articles(towards(1), 5)] == ["a", "b"]
    shelf.put("c", "c3", towards(0, 0, 1))
    shelf.books.erase(first, clock.now())
    clock.forward(days=1)
    shelf.books.trim_changes(clock.now(), 100)
    shelf.put("d", "c4", towards(0, 0, 0, 1))
    assert {near.facts.article_id for near in shelf.search.near_articles(towards(1), 5)} == {"b", "c", "d"}
    assert first not in shelf.search._seqs


def test_the_night_needs_no_old_changes(kept_a_day: Clusterer, clock: SetClock) -> None:
    collection = kept_a_day.collection()
    before = partition(collection)
    break_up(collection, clock)
    assert collection.nightly.run("w").outcome == "published"
    assert set(partition(collection).values()) == set(before.values())
    assert all(collection.books.resolve(cluster) for cluster in before)
    assert audit(collection.books).clean
    collection.nightly.rollback("ada", "a drill")
    assert audit(collection.books).clean
