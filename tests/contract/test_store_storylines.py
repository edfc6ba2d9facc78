"""Storylines in the store: living clusters only, in order of time, each in one, whatever happens to the clusters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
import redis
from support.desk import MONDAY, Desk, at

from clusterer.core.cluster_records import Change, Regroup, StorylineEntry


@pytest.fixture
def three(desk: Desk) -> Desk:
    """c1 with 1 and 2, c2 with 3, c3 with 4; c1 and c2 are told together."""
    desk.make_cluster("c1", "a", "b")
    desk.make_cluster("c2", "c")
    desk.make_cluster("c3", "d")
    desk.books.tell([("c1", "s", at(2)), ("c2", "s", at(1))])
    return desk


def listed(desk: Desk, storyline: str = "s") -> list[str]:
    """What the list says; the table of clusters must say the same."""
    clusters = [entry.cluster for entry in desk.books.storyline(storyline, None, 100)]
    told = desk.books.storylines()
    assert {cluster for cluster, own in told.items() if own == storyline} == set(clusters)
    assert all(desk.books.storyline_of(cluster) == storyline for cluster in clusters)
    return clusters


def arrive(desk: Desk, seq: int, cluster: str, beside: str | None) -> str:
    """An article founds a cluster beside another one."""
    desk.lease("ready")
    (result,) = desk.commit(replace(desk.item(seq, "open", cluster), beside=beside))
    return result.status


def regroup(desk: Desk, *steps: Regroup) -> None:
    assert desk.books.regroup(desk.epoch, desk.books.position().generation, steps, at(9))


def test_clusters_are_told_in_order_of_time(three: Desk) -> None:
    assert three.books.storyline("s", None, 10) == [StorylineEntry(at(1), "c2"), StorylineEntry(at(2), "c1")]
    assert listed(three) == ["c2", "c1"]
    assert (three.books.storyline_of("c3"), three.books.storyline("nothing", None, 10)) == (None, [])


def test_a_page_begins_after_an_entry_also_among_equal_times(desk: Desk) -> None:
    names = [f"c{number}" for number in range(7)]
    for name in names:
        desk.make_cluster(name, f"article of {name}")
    desk.books.tell([(name, "s", at(0)) for name in reversed(names)])
    pages: list[str] = []
    last: StorylineEntry | None = None
    while page := desk.books.storyline("s", last, 2):
        pages += [entry.cluster for entry in page]
        last = page[-1]
    assert pages == names


def test_telling_twice_changes_nothing_and_telling_anew_moves(three: Desk) -> None:
    rows: list[tuple[str, str | None, datetime]] = [("c1", "t", at(5)), ("c3", "t", at(4)), ("c2", None, at(0))]
    for _ in range(2):
        three.books.tell(rows)
        assert (listed(three, "t"), listed(three)) == (["c3", "c1"], [])
    assert three.books.storyline_of("c2") is None


def test_what_is_not_living_is_told_nowhere(three: Desk) -> None:
    regroup(three, Regroup("merged", "c2", "c1", ()))
    three.books.tell([("c2", "s", at(1)), ("never", "s", at(1))])
    assert listed(three) == ["c1"]


def test_a_merged_cluster_leaves_its_place_to_the_one_it_went_into(three: Desk) -> None:
    regroup(three, Regroup("merged", "c2", "c3", ()))
    assert three.books.storyline("s", None, 10) == [StorylineEntry(at(1), "c3"), StorylineEntry(at(2), "c1")]
    listed(three)


def test_but_not_where_that_one_is_in_a_storyline_already(three: Desk) -> None:
    three.books.tell([("c3", "t", at(0))])
    regroup(three, Regroup("merged", "c1", "c3", ()))
    assert (listed(three), listed(three, "t")) == (["c2"], ["c3"])


def test_moving_the_last_article_away_is_like_a_merge(three: Desk) -> None:
    regroup(three, Regroup("moved", "c2", "c3", (3,)))
    assert listed(three) == ["c3", "c1"]


def test_erasure_and_expiry_leave_no_trace_in_a_storyline(three: Desk) -> None:
    three.books.erase(3, at(9))
    assert listed(three) == ["c1"]
    three.books.erase(1, at(9))
    assert listed(three) == ["c1"], "an article is left"
    three.books.erase(2, at(9))
    assert (listed(three), three.books.storylines()) == ([], {})


def test_a_flip_tells_of_the_clusters_that_are_left(three: Desk) -> None:
    books = three.books
    generation = books.begin_generation()
    books.stage(generation, [(1, "c1"), (2, "c1"), (3, "c3"), (4, "c3")], aliases={"c2": "c3"})
    assert listed(three) == ["c2", "c1"], "nothing is published yet"
    position = books.position()
    lineage = [Change(0, MONDAY, "merged", "c2", (3,), "c3")]
    assert books.flip(position.generation, generation, position.change, lineage, at(9))
    assert listed(three) == ["c3", "c1"]


def test_an_arrival_goes_on_with_the_storyline_of_its_neighbour(three: Desk) -> None:
    for name, beside, own in (("n1", "c1", "s"), ("n2", "c3", None), ("n3", None, None), ("n4", "never", None)):
        (seq,) = three.make_ready(f"article of {name}", published_at=at(-30))
        assert arrive(three, seq, name, beside) == "committed"
        assert three.books.storyline_of(name) == own
    assert three.books.storyline("s", None, 1) == [StorylineEntry(at(-30), "n1")]
    listed(three)


def test_a_neighbour_that_was_merged_away_stands_for_where_it_went(three: Desk) -> None:
    regroup(three, Regroup("merged", "c2", "c3", ()))
    (seq,) = three.make_ready("late")
    arrive(three, seq, "n", "c2")
    assert three.books.storyline_of("n") == "s"


def test_aliases_are_added_to(three: Desk) -> None:
    three.books.tell([], {"old": "s"})
    three.books.tell([("c1", "t", at(0))], {"s": "t"})
    assert three.books.storyline_aliases() == {"old": "s", "s": "t"}


def test_more_than_one_slice(desk: Desk, redis_client: redis.Redis) -> None:
    desk.make_cluster("c1", "a")
    desk.books.tell([(f"no{number}", "s", at(0)) for number in range(450)] + [("c1", "s", at(0))])
    assert listed(desk) == ["c1"]


def test_a_key_of_another_type_is_refused_before_anything_is_written(three: Desk, redis_client: redis.Redis) -> None:
    (name,) = redis_client.keys("*:storyline:s")
    redis_client.rename(name, "aside")
    redis_client.set(name, "nonsense")
    (seq,) = three.make_ready("late")
    with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
        arrive(three, seq, "n", "c1")
    redis_client.rename("aside", name)
    assert three.books.cluster("n") is None
    assert listed(three) == ["c2", "c1"]
