"""Everything of a collection lies in one slot of Redis Cluster: seen on a node that serves no other slot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from faults.articles import event_articles
from support.articles import WINDOW
from support.servers import RedisServer, wait_until

from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.redis_store.collection import RedisCollection
from clusterer.adapters.redis_store.keys import prefix
from clusterer.adapters.redis_store.link import Link
from clusterer.adapters.redis_store.scripts import Scripts
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.corrections import By
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.lookup.articles import ArticleFilter
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import CollectionStore
from clusterer.settings import Settings

NAME = "default"
LEASE_S = 600.0  # longer than any machine takes over this


class Elsewhere(RedisStore):
    """What belongs to no collection is on one Redis, the collection on a node."""

    node: redis.Redis

    def collection(self, name: str) -> CollectionStore:
        return RedisCollection(Link(self.node, Scripts(self.node), name, self.life(name)), WINDOW)


@pytest.fixture
def node() -> Iterator[redis.Redis]:
    with (
        RedisServer({"cluster-enabled": "yes", "cluster-require-full-coverage": "no"}) as server,
        server.client() as client,
    ):
        slot = client.execute_command("CLUSTER KEYSLOT", prefix(NAME))
        client.execute_command("CLUSTER", "ADDSLOTS", slot)
        wait_until(lambda: client.execute_command("CLUSTER INFO")["cluster_state"] == "ok")
        yield client


@pytest.fixture
def service(redis_client: redis.Redis, node: redis.Redis) -> Clusterer:
    store = Elsewhere(redis_client, WINDOW)
    store.node = node
    store.check_schema()
    store.create_collection(NAME, {})
    node.hset(f"{prefix(NAME)}head", "life", store.life(NAME))
    return Clusterer.over(store, Settings(), encoder=HashingEncoder(64))


def test_a_collections_whole_life_stays_in_its_slot(service: Clusterer, node: redis.Redis) -> None:
    with pytest.raises(redis.RedisError):  # what left the slot would be noticed
        node.set(f"{prefix('another')}head", "x")
    collection = service.collection()
    books, by = collection.books, By("ada", "a drill")
    articles = event_articles(4, 3, seed=1)
    copies = [
        {**articles[0], "id": "copy", "source": "Courier"},
        {**articles[1], "text": f"{articles[1]['text']} More."},
    ]
    collection.intake.accept([parse_article(row) for row in articles])
    service.drain()
    collection.intake.accept([parse_article(row) for row in copies])
    service.drain()
    assert books.books().assigned == len(articles) + len(copies)
    page = collection.lookup.clusters(ClusterFilter(), "size", 5, None).data
    assert collection.lookup.articles(ArticleFilter(source="Courier"), 5, None).data
    assert collection.lookup.search_text(str(articles[2]["text"]), 3, -1.0)
    collection.corrector.merge(page[0].id, page[1].id, by)
    collection.corrector.pin(page[1].id, by)
    collection.nightly.run("w", force=True, actor="ada")
    collection.webhooks.create("https://news.example/hook")
    assert books.claim("local", LEASE_S)
    books.ask_for("other", LEASE_S)
    assert books.hand_on("local", LEASE_S)
    collection.eraser.erase(str(articles[3]["id"]))
    collection.eraser.expire()
    collection.eraser.trim_changes()
    assert service.sweep() == 0
    assert audit(books).problems == ()
