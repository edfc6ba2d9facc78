"""What lookups answer, over Redis, from books filled by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.articles import FLOOD, STRIKE, SetClock, article
from support.shelf import FixedEncoder, Shelf, joined, towards

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Gone, InvalidCursor, MergedAway, NotFound
from clusterer.core.model import Relation
from clusterer.core.scoring.reasons import Closest, RunnerUp, Term
from clusterer.pipeline.lookup.articles import ArticleFilter
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter, Sort
from clusterer.pipeline.lookup.cursors import decode_cursor, encode_cursor
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.pipeline.reach import Horizon, Reach
from clusterer.ports import Store

ALL = ClusterFilter()


@pytest.fixture
def shelf(store: Store, clock: SetClock) -> Shelf:
    return Shelf(store, clock)


# -- articles


def test_an_unknown_article(shelf: Shelf) -> None:
    for look in (shelf.lookup.article, shelf.lookup.versions, shelf.lookup.cluster_of, shelf.lookup.duplicates):
        with pytest.raises(NotFound, match="nobody"):
            look("nobody")


def test_an_article_before_and_after_it_is_assigned(shelf: Shelf) -> None:
    seq = shelf.accept("a/1", title="Flood", source="Post", url="https://post.example/1", lang="en")
    before = shelf.lookup.article("a/1")
    assert (before.state, before.cluster_id, before.cuts, before.title) == ("pending", None, None, "Flood")
    assert shelf.lookup.cluster_of("a/1").cluster is None
    shelf.prepare(seq, towards(1), cuts=["Read more", "Related"])
    shelf.commit(seq, "open", "c1")
    after = shelf.lookup.article("a/1")
    assert (after.state, after.cluster_id, after.cuts) == ("assigned", "c1", 2)
    assert (after.source, after.url, after.lang, after.received_at) == (
        "Post",
        "https://post.example/1",
        "en",
        shelf.clock.now(),
    )
    where = shelf.lookup.cluster_of("a/1")
    assert where.cluster is not None
    assert (where.cluster.id, where.via) == ("c1", None)


def test_the_latest_revision_is_shown_and_all_are_listed(shelf: Shelf) -> None:
    first = shelf.put("a", "c1", title="Ten hurt")
    shelf.put(
        "a", "c1", title="Twelve hurt", relations=[Relation("version_of", first, {"jaccard": 0.8}, is_copy=False)]
    )
    view = shelf.lookup.article("a")
    assert (view.revision, view.revisions, view.title) == (2, 2, "Twelve hurt")
    assert [(relation.kind, relation.article_id, relation.is_copy) for relation in view.relations] == [
        ("version_of", "a", False)
    ]
    versions = shelf.lookup.versions("a").data
    assert [(version.revision, version.title, version.cluster_id) for version in versions] == [
        (1, "Ten hurt", "c1"),
        (2, "Twelve hurt", "c1"),
    ]
    assert versions[0].content_hash != versions[1].content_hash


def test_articles_by_url(shelf: Shelf) -> None:
    shelf.accept("a", url="https://post.example/1")
    shelf.accept("a", url="https://post.example/1", title="again")
    shelf.accept("b", url="https://post.example/1")
    shelf.accept("c", url="https://post.example/2")
    assert [view.id for view in shelf.lookup.by_url("https://post.example/1").data] == ["a", "b"]
    assert shelf.lookup.by_url("https://post.example/").data == ()


def test_a_copy_that_waits_resolves_to_the_cluster_of_its_original(shelf: Shelf) -> None:
    original = shelf.put("original", "c1")
    copy = shelf.accept("copy")
    shelf.prepare(copy, None, [Relation("exact", original)])
    where = shelf.lookup.cluster_of("copy")
    assert (where.state, where.via) == ("pending", "original")
    assert where.cluster is not None
    assert where.cluster.id == "c1"
    shelf.commit(copy, "copy", None, original)
    where = shelf.lookup.cluster_of("copy")
    assert (where.state, where.via) == ("assigned", None)


def test_the_copy_family_is_the_same_whichever_member_asks(shelf: Shelf) -> None:
    original = shelf.put("original", "c1", source="Wire")
    shelf.copy("copy-1", original, source="Post")
    shelf.copy("copy-2", original, source="Courier")
    for member in ("original", "copy-1", "copy-2"):
        family = shelf.lookup.duplicates(member)
        assert family.canonical_id == "original"
        assert family.is_canonical == (member == "original")
        assert [(copy.article_id, copy.kind, copy.evidence["jaccard"]) for copy in family.copies] == [
            ("copy-1", "near", 0.93),
            ("copy-2", "near", 0.93),
        ]
    alone = shelf.put("alone", "c2")
    assert shelf.lookup.duplicates("alone").copies == ()
    shelf.put("excerpt", "c2", relations=[Relation("excerpt_of", alone, {"containment": 0.9}, is_copy=False)])
    assert [copy.is_copy for copy in shelf.lookup.duplicates("alone").copies] == [False]


def test_a_dead_article_says_why(shelf: Shelf) -> None:
    seq = shelf.accept("bad")
    entry = shelf.books.lease("inbox", "w", 1, 0.0)[0]
    shelf.books.mark_dead("inbox", entry.entry, seq, "ValueError: no words", shelf.clock.now())
    where = shelf.lookup.cluster_of("bad")
    assert (where.state, where.reason, where.cluster) == ("dead", "ValueError: no words", None)
    assert "no words" in shelf.lookup.explain("bad").summary[0]
    assert shelf.lookup.is_settled(seq)


def test_related_articles_are_the_nearest_others(shelf: Shelf) -> None:
    original = shelf.put("a", "c1", towards(1))
    shelf.put("b", "c1", towards(1, 0.2))
    shelf.put("c", "c2", towards(1, 1))
    shelf.put("d", "c3", towards(0, 0, 1))
    shelf.copy("a-copy", original)
    related = shelf.lookup.related("a", 3).data
    assert [(item.article_id, item.same_cluster, item.cluster_id) for item in related] == [
        ("b", True, "c1"),
        ("c", False, "c2"),
        ("d", False, "c3"),
    ]
    assert related[0].score > related[1].score > related[2].score
    assert related[1].score == pytest.approx(0.7071, abs=1e-3)
    of_copy = shelf.lookup.related("a-copy", 1).data
    assert [item.article_id for item in of_copy] == ["b"]
    shelf.accept("waiting")
    assert shelf.lookup.related("waiting", 3).data == ()
    assert shelf.encoder.asked == 0  # stored vectors need no model


# -- clusters


def test_a_cluster_with_its_counts(shelf: Shelf, clock: SetClock) -> None:
    started = clock.now()
    original = shelf.put("a", "c1", source="Wire", lang="en", title="Flood in Lowfield")
    clock.forward(hours=2)
    shelf.copy("b", original, source="Post", lang="en", title="Flood in Lowfield")
    shelf.put("c", "c1", source="Courier", lang="de", title="Hochwasser in Lowfield")
    view = shelf.lookup.cluster("c1")
    assert (view.article_count, view.source_count, view.origin_count) == (3, 3, 2)
    assert view.languages == {"en": 2, "de": 1}
    assert (view.first_seen, view.last_seen, view.last_added_at) == (started, clock.now(), clock.now())
    assert view.velocity == {"1h": 2, "24h": 3}
    assert view.coherence.mean == pytest.approx(1.0, abs=1e-3)
    assert view.title in ("Flood in Lowfield", "Hochwasser in Lowfield")
    assert view.representative is not None
    assert view.representative.reason == "closest_to_centre"
    clock.forward(hours=30)
    assert shelf.lookup.cluster("c1").velocity == {"1h": 0, "24h": 0}


def test_velocity_counts_more_articles_than_a_face_looks_at(shelf: Shelf, clock: SetClock) -> None:
    for number in range(250):
        shelf.put(f"a{number}", "c1")
    assert shelf.lookup.cluster("c1").velocity == {"1h": 250, "24h": 250}
    clock.forward(hours=2)
    shelf.put("late", "c1")
    assert shelf.lookup.cluster("c1").velocity == {"1h": 1, "24h": 251}
    clock.forward(hours=23)
    assert shelf.lookup.cluster("c1").velocity == {"1h": 0, "24h": 1}


def test_a_grown_cluster_gets_a_new_face(shelf: Shelf) -> None:
    shelf.put("far", "c1", towards(0, 1), title="Far")
    assert shelf.lookup.cluster("c1").title == "Far"
    for number in range(3):
        shelf.put(f"near-{number}", "c1", towards(1, 0.1), title="Near")
    assert shelf.lookup.cluster("c1").title == "Near"


def test_an_unknown_a_merged_and_an_emptied_cluster(shelf: Shelf) -> None:
    shelf.put("a", "c1")
    moved = shelf.put("b", "c2")
    shelf.put("c", "c3")
    with pytest.raises(NotFound):
        shelf.lookup.cluster("c9")
    shelf.regroup("merged", "c3", "c1")
    for look in (shelf.lookup.cluster, lambda id: shelf.lookup.cluster_articles(id, 10, None)):
        with pytest.raises(MergedAway) as merged:
            look("c3")
        assert merged.value.merged_into == "c1"
    assert shelf.lookup.cluster("c1").aliases == ("c3",)
    shelf.regroup("moved", "c2", "c1", moved)
    with pytest.raises((Gone, MergedAway)):
        shelf.lookup.cluster("c2")


def test_a_split_names_where_it_came_from(shelf: Shelf) -> None:
    shelf.put("a", "c1")
    leaves = shelf.put("b", "c1")
    shelf.regroup("split", "c1", "c2", leaves)
    assert shelf.lookup.cluster("c2").split_from == "c1"
    assert shelf.lookup.article("b").cluster_id == "c2"


def test_the_articles_of_a_cluster_come_in_pages(shelf: Shelf) -> None:
    original = shelf.put("a0", "c1", title="First")
    for number in range(1, 5):
        shelf.put(f"a{number}", "c1")
    shelf.copy("copy", original)
    seen: list[str] = []
    cursor = None
    while True:
        page = shelf.lookup.cluster_articles("c1", 2, cursor)
        assert len(page.data) == 2
        seen += [member.article_id for member in page.data]
        cursor = page.next_cursor
        if cursor is None:
            break
        if len(seen) == 2:
            shelf.put("late", "c2")  # elsewhere: must not disturb
    assert seen == ["a0", "a1", "a2", "a3", "a4", "copy"]
    last = shelf.lookup.cluster_articles("c1", 10, None).data[-1]
    assert last.relation is not None
    assert (last.relation.kind, last.relation.article_id) == ("near", "a0")


def test_a_cluster_of_more_articles_than_one_read_gives_is_listed_whole(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clusterer.pipeline.feed._SLICE", 2)
    for number in range(5):
        shelf.put(f"a{number}", "c1")
    listed = shelf.lookup.articles(ArticleFilter(cluster_id="c1"), 10, None).data
    assert [article.id for article in listed] == ["a4", "a3", "a2", "a1", "a0"]


def every_page(shelf: Shelf, wanted: ClusterFilter = ALL, sort: Sort = "last_seen", limit: int = 2) -> list[str]:
    seen: list[str] = []
    cursor = None
    for _ in range(100):
        page = shelf.lookup.clusters(wanted, sort, limit, cursor)
        seen += [view.id for view in page.data]
        cursor = page.next_cursor
        if cursor is None:
            return seen
    raise AssertionError("the pages do not end")


def seven_clusters(shelf: Shelf, clock: SetClock) -> None:
    """c0 to c6, a day apart, of 1, 2, 3, 1, 2, 3 and 1 articles."""
    for number in range(7):
        for part in range(number % 3 + 1):
            source, lang = ("Post", "en") if part else (f"Wire {number}", "de")
            shelf.put(f"a{number}-{part}", f"c{number}", towards(1, number), source=source, lang=lang)
        clock.forward(days=1)


def test_clusters_are_listed_latest_or_largest_first(shelf: Shelf, clock: SetClock) -> None:
    seven_clusters(shelf, clock)
    for limit in (1, 2, 3, 100):
        assert every_page(shelf, limit=limit) == ["c6", "c5", "c4", "c3", "c2", "c1", "c0"]
        assert every_page(shelf, sort="size", limit=limit) == ["c5", "c2", "c4", "c1", "c6", "c3", "c0"]


def test_filters_of_the_list(shelf: Shelf, clock: SetClock) -> None:
    start = clock.now()
    seven_clusters(shelf, clock)
    third = start + timedelta(days=3)
    for sort in ("last_seen", "size"):
        assert set(every_page(shelf, ClusterFilter(since=third), sort)) == {"c3", "c4", "c5", "c6"}
        assert set(every_page(shelf, ClusterFilter(until=third), sort)) == {"c0", "c1", "c2"}
        assert set(every_page(shelf, ClusterFilter(first_seen_since=third), sort)) == {"c3", "c4", "c5", "c6"}
        assert set(every_page(shelf, ClusterFilter(first_seen_until=third), sort)) == {"c0", "c1", "c2"}
        assert set(every_page(shelf, ClusterFilter(min_size=2), sort)) == {"c1", "c2", "c4", "c5"}
        assert set(every_page(shelf, ClusterFilter(max_size=2), sort)) == {"c0", "c1", "c3", "c4", "c6"}
        assert set(every_page(shelf, ClusterFilter(min_size=2, max_size=2), sort)) == {"c1", "c4"}
        assert set(every_page(shelf, ClusterFilter(min_sources=2), sort)) == {"c1", "c2", "c4", "c5"}
        assert set(every_page(shelf, ClusterFilter(source="Wire 2"), sort)) == {"c2"}
        assert set(every_page(shelf, ClusterFilter(language="en"), sort)) == {"c1", "c2", "c4", "c5"}
        assert every_page(shelf, ClusterFilter(source="nobody"), sort) == []


def statuses(lookup: Lookup) -> dict[str, str]:
    return {view.id: view.status for view in lookup.clusters(ALL, "last_seen", 100, None).data}


def test_a_cluster_out_of_reach_is_cold(shelf: Shelf, clock: SetClock) -> None:
    """c0 to c6 came a day apart; six days are in reach, and the latest four originals however old they are."""
    seven_clusters(shelf, clock)
    by_time = Lookup(shelf.books, lambda: shelf.search, clock, Reach(timedelta(days=6), at_least=0))
    assert [id for id, status in statuses(by_time).items() if status == "cold"] == ["c0"]
    assert by_time.cluster("c0").status == "cold"
    by_number = Lookup(shelf.books, lambda: shelf.search, clock, Reach(timedelta(0), at_least=4))
    shelf.copy("copy", shelf.books.revisions("a0-0")[0])  # a copy does not count, but its cluster is in reach again
    assert [id for id, status in statuses(by_number).items() if status == "active"] == ["c0", "c6", "c5"]
    both = Lookup(shelf.books, lambda: shelf.search, clock, Reach(timedelta(days=4), at_least=4))
    assert [id for id, status in statuses(both).items() if status == "cold"] == ["c2", "c1"]
    for lookup in (by_time, by_number, both):
        told = statuses(lookup)
        for status in ("active", "cold"):
            for sort in ("last_seen", "size"):
                listed = lookup.clusters(ClusterFilter(status=status), sort, 100, None).data
                assert {view.id for view in listed} == {id for id in told if told[id] == status}
    bounded = ClusterFilter(status="cold", until=clock.now() - timedelta(days=5, hours=1))
    assert [view.id for view in both.clusters(bounded, "last_seen", 9, None).data] == ["c1"]


def test_the_settings_of_the_window_say_what_is_cold(make_service: Callable[..., Clusterer], clock: SetClock) -> None:
    service = make_service(window_days=2, window_min_articles=1)
    for id, text in (("a", FLOOD), ("b", STRIKE)):
        service.collection().intake.accept([article(id, text)])
        service.drain()
        clock.forward(days=3)
    lookup = service.collection().lookup
    told = {id: found.status for id in "ab" if (found := lookup.cluster_of(id).cluster)}
    assert told == {"a": "cold", "b": "active"}


def test_on_a_small_stream_nothing_is_cold(shelf: Shelf, clock: SetClock) -> None:
    shelf.put("a", "c1")
    clock.forward(days=3_000)
    assert shelf.lookup.cluster("c1").status == "active"
    assert shelf.lookup.clusters(ClusterFilter(status="cold"), "last_seen", 9, None).data == ()
    assert len(shelf.lookup.clusters(ClusterFilter(status="active"), "size", 9, None).data) == 1


def test_the_horizon_moves_on_with_the_articles_and_never_lies_too_near(shelf: Shelf, clock: SetClock) -> None:
    horizon = Horizon(shelf.books, Reach(timedelta(0), at_least=20), clock)
    times = []
    for number in range(45):
        times.append(clock.now())
        shelf.put(f"a{number}", f"c{number}", towards(1, number))
        clock.forward(hours=1)
        assert horizon.at() <= times[max(0, len(times) - 20)]
    assert horizon.at() >= times[-20] - timedelta(hours=2)  # a tenth of twenty may have come since they were counted


def test_what_arrives_while_paging_neither_repeats_nor_hides(shelf: Shelf, clock: SetClock) -> None:
    seven_clusters(shelf, clock)
    first = shelf.lookup.clusters(ALL, "last_seen", 3, None)
    assert [view.id for view in first.data] == ["c6", "c5", "c4"]
    shelf.put("new", "c7", towards(0, 0, 1))
    shelf.put("more", "c5", towards(1, 5))
    rest = shelf.lookup.clusters(ALL, "last_seen", 10, first.next_cursor)
    assert [view.id for view in rest.data] == ["c3", "c2", "c1", "c0"]


@pytest.mark.parametrize(
    "cursor", ["x", "", "WzFd", "%%%", "W10", encode_cursor("members", 3), encode_cursor("clusters:size", 3, "c1")]
)
def test_foreign_cursors_are_refused(shelf: Shelf, cursor: str) -> None:
    if cursor:
        with pytest.raises(InvalidCursor):
            shelf.lookup.clusters(ALL, "last_seen", 10, cursor)


@given(value=st.floats(-(2**53), 2**53), item_id=st.text(max_size=40))
def test_a_cursor_comes_back_as_it_was(value: float, item_id: str) -> None:
    item_id = item_id.encode("utf-8", "ignore").decode()
    assert decode_cursor("clusters:size", encode_cursor("clusters:size", value, item_id)) == (value, item_id)


@given(st.text(max_size=60))
def test_no_text_makes_a_cursor_fail_otherwise(text: str) -> None:
    with suppress(InvalidCursor):
        decode_cursor("clusters:size", text)


# -- search


def test_search_by_text_gives_each_cluster_once(store: Store, clock: SetClock) -> None:
    shelf = Shelf(store, clock, FixedEncoder(flood=towards(1), strike=towards(0, 1)))
    shelf.put("a", "c1", towards(1, 0.1), title="Flood")
    shelf.put("b", "c1", towards(1, 0.3))
    shelf.put("c", "c2", towards(0.2, 1), title="Strike")
    hits = shelf.lookup.search_text("flood", 5, 0.0).data
    assert [(hit.cluster.id, hit.article_id, hit.article_title) for hit in hits] == [
        ("c1", "a", "Flood"),
        ("c2", "c", "Strike"),
    ]
    assert hits[0].score == pytest.approx(0.995, abs=1e-3)
    assert [hit.cluster.id for hit in shelf.lookup.search_text("strike", 5, 0.5).data] == ["c2"]
    assert [hit.cluster.id for hit in shelf.lookup.search_text("strike", 1, -1).data] == ["c2"]
    assert [hit.cluster.id for hit in shelf.lookup.search_article("b", 5, 0.9).data] == ["c1"]
    assert [hit.cluster.id for hit in shelf.lookup.related_clusters("c1", 5).data] == ["c2"]


def test_a_large_cluster_hides_no_other(shelf: Shelf) -> None:
    for number in range(60):
        shelf.put(f"a{number}", "large", towards(1, number / 1000))
    for number in range(3):
        shelf.put(f"b{number}", f"small-{number}", towards(1, 1 + number))
    near = shelf.search.near_clusters(towards(1), 3)
    assert [item.cluster_id for item in near] == ["large", "small-0", "small-1"]
    assert [item.cluster_id for item in shelf.search.near_clusters(towards(1), 3, threshold=0.9)] == ["large"]
    assert [item.cluster_id for item in shelf.search.near_clusters(towards(1), 1, without="large")] == ["small-0"]


def test_search_sees_what_was_committed_merged_moved_and_split_since(store: Store, clock: SetClock) -> None:
    shelf = Shelf(store, clock, FixedEncoder(flood=towards(1)))
    assert shelf.lookup.search_text("flood", 5, 0).data == ()
    first = shelf.put("a", "c1", towards(1))
    shelf.put("b", "c2", towards(1, 1))
    assert [hit.cluster.id for hit in shelf.lookup.search_text("flood", 5, 0).data] == ["c1", "c2"]
    shelf.regroup("merged", "c1", "c2")
    assert [(hit.cluster.id, hit.article_id) for hit in shelf.lookup.search_text("flood", 5, 0).data] == [("c2", "a")]
    shelf.regroup("split", "c2", "c3", first)
    assert [hit.cluster.id for hit in shelf.lookup.search_text("flood", 5, 0).data] == ["c3", "c2"]
    fresh = shelf.searcher()
    near = fresh.near_clusters(fresh.vector_of_text("flood"), 5)
    assert [(item.cluster_id, item.nearest.facts.seq) for item in near] == [("c3", 1), ("c2", 2)]


def test_the_search_replica_keeps_the_newest(shelf: Shelf) -> None:
    for number in range(30):
        shelf.put(f"a{number}", f"c{number}", towards(1, number))
    search = shelf.searcher(capacity=20)
    near = search.near_articles(towards(1), 100)
    assert {item.facts.seq for item in near} == set(range(12, 31))  # a twentieth more than the surplus goes at once
    shelf.put("late", "late", towards(1))
    assert search.near_articles(towards(1), 1)[0].facts.seq == 31


# -- changes and reasons


def test_the_change_feed_is_read_to_its_end_and_on(shelf: Shelf) -> None:
    shelf.put("a", "c1")
    shelf.put("b", "c2")
    first = shelf.lookup.changes(None, 1)
    second = shelf.lookup.changes(first.next_cursor, 10)
    assert [
        (change.number, change.kind, change.cluster_id, change.article_ids) for change in first.data + second.data
    ] == [
        (1, "created", "c1", ("a",)),
        (2, "created", "c2", ("b",)),
    ]
    empty = shelf.lookup.changes(second.next_cursor, 10)
    assert empty.data == ()
    shelf.regroup("merged", "c2", "c1")
    merged = shelf.lookup.changes(empty.next_cursor, 10).data[0]
    assert (merged.kind, merged.cluster_id, merged.other_id, merged.article_ids) == ("merged", "c2", "c1", ("b",))
    assert (merged.actor, merged.reason) == ("editor", "one event")


def test_an_explanation_shows_the_stored_decision(shelf: Shelf) -> None:
    near = shelf.put("a", "c1", title="Flood in Lowfield")
    reasons = joined(
        "c1",
        logit=2.2,
        intercept=-1.0,
        terms=(Term("lead", 0.8, 3.2),),
        shared_names=("lowfield",),
        runner_up=RunnerUp("c9", 0.4, 0.5),
        closest=(Closest(near, 0.93), Closest(999, 0.1)),
    )
    shelf.put(
        "b",
        "c1",
        reasons=reasons,
        cuts=["Related articles", "Teaser"],
        relations=[Relation("version_of", near, is_copy=False)],
    )
    told = shelf.lookup.explain("b")
    assert told.decision is not None
    assert (told.decision.joined, told.decision.considered_id, told.decision.probability) == (True, "c1", 0.9)
    assert told.decision.terms == (Term("lead", 0.8, 3.2),)
    assert [(member.article_id, member.title) for member in told.decision.closest] == [("a", "Flood in Lowfield")]
    assert [cut.text for cut in told.cuts] == ["Related articles", "Teaser"]
    text = " ".join(told.summary)
    for part in (
        "2 pieces",
        "later version of 'a'",
        "joined cluster c1",
        "(90 of 100)",
        "“Flood in Lowfield” ('a')",
        "Lowfield",
        "c9",
    ):
        assert part in text
    shelf.regroup("split", "c1", "c2", 2)
    assert "c2" in shelf.lookup.explain("b").summary[-1]


@pytest.mark.parametrize(
    "stored", [b"{}", b"nonsense", b"[]", b'{"rule": 3}', b'{"rule": "score", "probability": "high"}']
)
def test_reasons_of_another_form_are_left_out(shelf: Shelf, stored: bytes) -> None:
    shelf.put("a", "c1", reasons=stored)
    assert shelf.lookup.explain("a").decision is None


def test_reasons_of_a_later_release_are_read_as_far_as_they_are_known(shelf: Shelf) -> None:
    shelf.put("a", "c1", reasons=b'{"rule": "no_candidates", "mood": "fine"}')
    told = shelf.lookup.explain("a")
    assert told.decision is not None
    assert (told.decision.rule, told.decision.joined) == ("no_candidates", False)


def test_what_is_erased_or_expired_is_not_found(store: Store, clock: SetClock) -> None:
    shelf = Shelf(store, clock, FixedEncoder(flood=towards(1)))
    shelf.put("old", "c1", towards(1))
    clock.forward(days=1)
    shelf.put("erased", "c1", towards(1, 0.1), title="Zanzibar")
    shelf.put("kept", "c1", towards(1, 0.2))
    assert shelf.lookup.search_text("flood", 5, 0).data[0].article_id == "old"
    assert "zanzibar" in repr(shelf.lookup.cluster("c1")).lower()
    assert shelf.books.erase(2, clock.now())
    assert "zanzibar" not in repr(shelf.lookup.cluster("c1")).lower()
    assert shelf.books.expire(clock.now() - timedelta(hours=1), 10, clock.now()) == 1
    hit = shelf.lookup.search_text("flood", 5, 0).data[0]
    assert (hit.article_id, hit.cluster.id, hit.cluster.article_count) == ("kept", "c1", 1)
    assert [item.article_id for item in shelf.lookup.related("kept", 5).data] == []
    with pytest.raises((NotFound, Gone)):
        shelf.lookup.article("erased")
    assert [member.article_id for member in shelf.lookup.cluster_articles("c1", 10, None).data] == ["kept"]
    shelf.books.erase(3, clock.now())
    with pytest.raises(Gone):
        shelf.lookup.cluster("c1")
    assert shelf.lookup.search_text("flood", 5, 0).data == ()
