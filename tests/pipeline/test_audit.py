"""The auditor: silent about books that balance, and specific about every kind of damage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import redis
from support.kept import Kept

from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.core.cluster_records import Regroup
from clusterer.core.errors import StoreUnavailable
from clusterer.evaluation.datasets import payload_from_row
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.upkeep.audit import AuditReport, audit
from clusterer.samples import sample_rows
from clusterer.settings import Settings

WINDOW = timedelta(days=14)
SETTINGS = Settings(model="hashing")


def fill(client: redis.Redis) -> None:
    service = Clusterer.over(RedisStore(client, WINDOW), SETTINGS)
    service.collection().intake.accept_payloads([payload_from_row(row) for row in sample_rows()])
    service.drain()


SAMPLE = Kept(fill)


def filled(client: redis.Redis) -> Collection:
    """The sample stream, accepted and worked through."""
    SAMPLE.put(client)
    return Clusterer.over(RedisStore(client, WINDOW), SETTINGS).collection()


@pytest.fixture
def shelf(redis_client: redis.Redis) -> Collection:
    return filled(redis_client)


def largest(collection: Collection) -> tuple[str, list[int]]:
    """The largest cluster and its members."""
    [(_, cluster_id)] = collection.books.cluster_ids("size", None, 1)
    return cluster_id, collection.books.members(cluster_id, 0, 100)


def only_key(client: redis.Redis, ending: str) -> bytes:
    [key] = client.keys(f"*:{ending}")
    return bytes(key)


def found(report: AuditReport) -> str:
    assert not report.clean
    return " | ".join(report.problems)


def test_books_that_balance(redis_client: redis.Redis) -> None:
    report = audit(filled(redis_client).books)
    assert report.problems == ()
    assert report.quiet
    assert report.replayed
    assert report.counts["articles"] == report.counts["assigned"] == len(sample_rows())
    assert report.counts["vectors"] + report.counts["copies"] == len(sample_rows())


def test_articles_on_their_way_are_no_difference() -> None:
    service = Clusterer.in_memory(SETTINGS)
    collection = service.collection()
    assert audit(collection.books).clean  # empty
    collection.intake.accept_payloads([payload_from_row(row) for row in sample_rows()])
    assert audit(collection.books).counts["pending_received"] == len(sample_rows())
    service.prepare("worker")
    report = audit(collection.books)
    assert report.clean
    assert report.counts["pending_ready"] > 0


def test_after_regrouping_and_erasing(shelf: Collection) -> None:
    books = shelf.books
    (_, first), (_, second), (_, third) = books.cluster_ids("size", None, 3)
    now = books.received([1])[0].received_at
    generation = books.position().generation
    members = books.facts(books.members(third, 0, 100))
    alone = next(one.seq for one in members if one and not one.relations and not books.copies_of(one.seq, 1))
    assert books.regroup(None, generation, [Regroup("merged", second, first, ())], now)
    assert books.regroup(None, generation, [Regroup("split", third, "new", (alone,))], now)
    assert books.erase(books.members(first, 0, 1)[0], now)
    assert audit(books).problems == ()


def test_one_collection_that_cannot_be_swept_does_not_keep_the_others_from_it(redis_client: redis.Redis) -> None:
    service = Clusterer.over(RedisStore(redis_client, WINDOW), SETTINGS)
    assert service.store.create_collection("worn", {})
    assert service.names() == ["default", "worn"]
    service.collection("worn").intake.accept_payloads([payload_from_row(sample_rows()[0])])
    redis_client.delete("clu:{worn}:inbox")
    redis_client.set("clu:{default}:pending", "damage")
    assert service.sweep() == 1
    redis_client.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreUnavailable):
            service.sweep()
    finally:
        redis_client.config_set("maxmemory", 0)


Damage = Callable[[redis.Redis, Collection], object]


def lose_a_member(client: redis.Redis, collection: Collection) -> object:
    cluster_id, members = largest(collection)
    return client.zrem(only_key(client, f"m:{cluster_id}"), members[0])


def list_it_twice(client: redis.Redis, collection: Collection) -> object:
    (_, one), (_, other) = collection.books.cluster_ids("size", None, 2)
    seq = collection.books.members(one, 0, 1)[0]
    return client.zadd(only_key(client, f"m:{other}"), {str(seq): seq})


def assign_elsewhere(client: redis.Redis, collection: Collection) -> object:
    (_, one), (_, other) = collection.books.cluster_ids("size", None, 2)
    return client.hset(only_key(client, "g1:assign"), str(collection.books.members(one, 0, 1)[0]), other)


def miscount_the_books(client: redis.Redis, _: Collection) -> object:
    return client.hincrby(only_key(client, "counts"), "assigned", 1)


def miscount_a_cluster(client: redis.Redis, collection: Collection) -> object:
    return client.hincrby(only_key(client, f"c:{largest(collection)[0]}"), "n", 1)


def misplace_in_the_ranking(client: redis.Redis, collection: Collection) -> object:
    return client.zincrby(only_key(client, "g1:size"), 1, largest(collection)[0])


def misplace_in_time(client: redis.Redis, collection: Collection) -> object:
    return client.zincrby(only_key(client, "g1:last"), 60_000, largest(collection)[0])


def lose_a_copies_list(client: redis.Redis, _: Collection) -> object:
    return client.delete(sorted(client.keys("*:copies:*"))[0])


def lose_a_time(client: redis.Redis, _: Collection) -> object:
    return client.hdel(only_key(client, "a:7"), "received")


def lose_vectors(client: redis.Redis, _: Collection) -> object:
    return client.delete(only_key(client, "v:1"))


def lose_a_change(client: redis.Redis, _: Collection) -> object:
    log = only_key(client, "log")
    [(entry, _)] = client.xrange(log, count=1)
    return client.xdel(log, entry)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lose_a_member, "in no cluster's list of members"),
        (list_it_twice, "members of two clusters"),
        (assign_elsewhere, "members that are assigned elsewhere"),
        (assign_elsewhere, "whose cluster differs from the change feed"),
        (miscount_the_books, "the stored counts are wrong: assigned"),
        (miscount_a_cluster, "but counted"),
        (misplace_in_the_ranking, "listed with"),
        (misplace_in_time, "listed under a wrong time"),
        (lose_a_copies_list, "articles for which the list of copies is wrong"),
        (lose_vectors, "assigned articles without vectors: 1"),
        (lose_a_time, "accepted articles without a record: 7"),
        (lose_a_change, "change numbers after a gap: 2"),
    ],
)
def test_each_kind_of_damage_is_named(redis_client: redis.Redis, shelf: Collection, damage: Damage, said: str) -> None:
    assert audit(shelf.books).clean
    damage(redis_client, shelf)
    assert said in found(audit(shelf.books))


def test_a_lost_stream_entry_shows(redis_client: redis.Redis) -> None:
    service = Clusterer.over(RedisStore(redis_client, WINDOW), SETTINGS)
    collection = service.collection()
    collection.intake.accept_payloads([payload_from_row(row) for row in sample_rows()[:3]])
    inbox = only_key(redis_client, "inbox")
    [(entry, _)] = redis_client.xrange(inbox, count=1)
    redis_client.xdel(inbox, entry)
    assert "3 articles wait as received, but inbox_length is 2" in found(audit(collection.books))
    service.sweep()
    assert audit(collection.books).clean
