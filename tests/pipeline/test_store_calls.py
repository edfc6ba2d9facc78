"""How often look-ups ask the store: as often for many as for few, and not twice for what they know."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from support.articles import WINDOW, SetClock
from support.shelf import FixedEncoder, Shelf, towards

from benchmarks.round_trips import counted_round_trips
from clusterer.adapters.redis_store import RedisStore
from clusterer.pipeline.lookup.articles import ArticleFilter
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.lookup.lookup import Lookup

CLUSTERS = 12
FEW, MANY = 2, 11

Look = Callable[[Lookup, int], object]
LISTS: dict[str, Look] = {
    "articles": lambda lookup, many: lookup.articles(ArticleFilter(), many, None),
    "articles of a source": lambda lookup, many: lookup.articles(ArticleFilter(source="Post"), many, None),
    "articles of a cluster": lambda lookup, many: lookup.articles(ArticleFilter(cluster_id="big"), many, None),
    "members": lambda lookup, many: lookup.cluster_articles("big", many, None),
    "latest clusters": lambda lookup, many: lookup.clusters(ClusterFilter(), "last_seen", many, None),
    "largest clusters": lambda lookup, many: lookup.clusters(ClusterFilter(), "size", many, None),
    "fastest clusters": lambda lookup, many: lookup.clusters(ClusterFilter(), "velocity", many, None),
    "clusters by words": lambda lookup, many: lookup.clusters(ClusterFilter(words="head"), "velocity", many, None),
    "related clusters": lambda lookup, many: lookup.related_clusters("c1", many),
    "search": lambda lookup, many: lookup.search_text("flood", many, -1.0),
    "storyline": lambda lookup, many: lookup.storyline("saga", many, None),
    "changes": lambda lookup, many: lookup.changes(None, many),
    "copies": lambda lookup, many: lookup.duplicates("big0" if many == MANY else "c1-a"),
    "decisions": lambda lookup, many: lookup.decisions([f"big{number}" for number in range(many)]),
    "revisions": lambda lookup, many: lookup.versions("big0" if many == MANY else "c1-a"),
}


@pytest.fixture(scope="module")
def shelf(redis_server: str) -> Shelf:
    """Clusters of which each has copies, without titles here and there, one of them large; the clock stays."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
        shelf = Shelf(RedisStore(client, WINDOW), SetClock(), FixedEncoder(flood=towards(1)))
        first = [_cluster(shelf, f"c{number}") for number in range(CLUSTERS)]
        for number in range(MANY + 2):
            original = shelf.put(f"big{number}", "big", title=f"Headline {number}", source="Post")
            shelf.copy(f"big{number}-copy", first[0] if number else original, title=f"Headline {number}")
        began = shelf.clock.now()
        shelf.books.tell([(f"c{number}", "saga", began) for number in range(CLUSTERS)], {})
        return shelf


def _cluster(shelf: Shelf, name: str) -> int:
    seq = shelf.put(f"{name}-a", name, title=None if name == "c3" else f"Headline of {name}", source="Post")
    shelf.copy(f"{name}-b", seq, title=f"Headline of {name}", source="Herald")
    return seq


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_asks_no_more_often_than_a_short_one(shelf: Shelf, name: str) -> None:
    look = LISTS[name]
    asked = {}
    for many in (FEW, MANY, FEW, MANY):  # the second time faces and replicas are known
        with counted_round_trips() as sent:
            look(shelf.lookup, many)
        asked[many] = [one.partition(" ")[0] for one in sent]
    assert asked[MANY] == asked[FEW]


@pytest.mark.parametrize("name", [name for name in LISTS if "cluster" in name])
def test_unknown_faces_are_drawn_together(shelf: Shelf, name: str) -> None:
    look = LISTS[name]
    asked = {}
    for many in (FEW, MANY):
        lookup = Lookup(shelf.books, shelf.searcher, shelf.clock)
        with counted_round_trips() as sent:
            look(lookup, many)
        asked[many] = [one.partition(" ")[0] for one in sent]
    assert abs(len(asked[MANY]) - len(asked[FEW])) <= 1  # one of them has no title, and asks for the text


def test_what_is_warm_asks_no_more_the_first_time(shelf: Shelf) -> None:
    """Neither a list nor a search then has to wait until everything is read."""
    lookup = Lookup(shelf.books, shelf.searcher, shelf.clock)
    lookup.warm()
    for name in ("fastest clusters", "related clusters", "search"):
        asked = []
        for _ in range(2):
            with counted_round_trips() as sent:
                LISTS[name](lookup, MANY)
            asked.append([one.partition(" ")[0] for one in sent])
        assert asked[0] == asked[1], name


def test_what_a_single_lookup_asks(shelf: Shelf) -> None:
    asked = {
        "an article": lambda: shelf.lookup.article("big1"),
        "a copy": lambda: shelf.lookup.article("big1-copy"),
        "a cluster": lambda: shelf.lookup.cluster("big"),
        "a list": lambda: shelf.lookup.articles(ArticleFilter(), MANY, None),
    }
    calls = {}
    for name, look in asked.items():
        look()
        with counted_round_trips() as sent:
            look()
        calls[name] = len(sent)
    assert calls == {"an article": 4, "a copy": 5, "a cluster": 2, "a list": 7}


@pytest.mark.parametrize("asked_first", ["a new cluster", "a list"])
def test_what_was_published_since_the_last_look_is_seen_and_no_cluster_forgotten(
    redis_client: redis.Redis, clock: SetClock, asked_first: str
) -> None:
    """A look begins at the generation that was seen last, which may be gone."""
    shelf = Shelf(RedisStore(redis_client, WINDOW), clock)
    seqs = [shelf.put(f"a{number}", f"c{number}", title=f"Headline {number}") for number in range(3)]

    def listed() -> list[str]:
        return sorted(one.id for one in shelf.lookup.clusters(ClusterFilter(), "velocity", 10, None).data)

    assert listed() == ["c0", "c1", "c2"]
    generation = shelf.books.begin_generation()
    shelf.books.stage(generation, list(zip(seqs, ("c0", "c1", "new"), strict=True)))
    position = shelf.books.position()
    assert shelf.books.flip(position.generation, generation, position.change, [], clock.now())
    shelf.books.drop_generation(position.generation)
    if asked_first == "a new cluster":
        assert shelf.lookup.cluster("new").generation == generation
    assert listed() == ["c0", "c1"]  # of `new` no change told
    assert listed() == ["c0", "c1"]  # what the outdated look did not find is still known
    assert shelf.lookup.article("a2").cluster_id == "new"
    assert shelf.lookup.cluster("new").article_count == 1
