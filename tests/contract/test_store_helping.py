"""A night's shards: taken from both ends, each once, answered by whoever has the same program, gone when nobody asks for them."""

from __future__ import annotations

import redis
from support.desk import LEASE_S
from support.servers import wait_until

from clusterer.ports import CollectionStore
from clusterer.ports.helping import TakenShard

CONTENT = [b"zero", b"on:e", b"", b"three"]


def offer(books: CollectionStore, name: str = "n1", first: int = 0) -> bool:
    return books.offer_shards(name, "v1", b"task", first, CONTENT, LEASE_S)


def test_helpers_take_the_first_and_the_night_the_last(books: CollectionStore) -> None:
    offer(books)
    assert books.take_shard("v1", None) == TakenShard("n1", b"task", 0, b"zero")
    assert books.take_back("n1", LEASE_S) == (3, {})
    assert books.take_shard("v1", "n1") == TakenShard("n1", None, 1, b"on:e")
    assert books.take_shard("v1", "n0") == TakenShard("n1", b"task", 2, b"")
    assert books.take_shard("v1", "n1") is None
    assert books.take_back("n1", LEASE_S) == (None, {})


def test_answers_are_told_once_and_the_last_of_two_counts(books: CollectionStore) -> None:
    offer(books)
    books.answer_shard("n1", 0, b"first")
    books.answer_shard("n1", 0, b"\x00again")
    books.answer_shard("n1", 2, b"")
    assert books.take_back("n1", LEASE_S) == (3, {0: b"\x00again", 2: b""})
    assert books.take_back("n1", LEASE_S) == (2, {})
    assert [books.take_back("n1", LEASE_S)[0] for _ in range(3)] == [1, 0, None]
    assert offer(books, first=4), "they may have gone"


def test_another_program_takes_nothing(books: CollectionStore) -> None:
    offer(books)
    assert books.take_shard("v2", None) is None
    assert books.take_back("n1", LEASE_S) == (3, {})


def test_shards_are_added_to_an_offer_and_a_new_one_takes_its_place(books: CollectionStore) -> None:
    assert offer(books)
    assert not offer(books, first=4)
    assert books.take_back("n1", LEASE_S) == (7, {})
    assert books.take_shard("v1", None) == TakenShard("n1", b"task", 0, b"zero")
    books.answer_shard("n1", 0, b"found")
    assert offer(books, "n2")
    books.answer_shard("n1", 1, b"late")
    books.withdraw_shards("n1")
    assert books.take_back("n1", LEASE_S) == (None, {})
    assert books.take_back("n2", LEASE_S) == (3, {})
    assert [books.take_shard("v1", "n2") for _ in range(3)] == [
        TakenShard("n2", None, number, CONTENT[number]) for number in range(3)
    ]


def test_what_is_withdrawn_leaves_nothing(books: CollectionStore, redis_client: redis.Redis) -> None:
    offer(books)
    assert books.take_shard("v1", None)
    books.withdraw_shards("n1")
    books.answer_shard("n1", 0, b"late")
    assert books.take_shard("v1", "n1") is None
    assert not list(redis_client.scan_iter("clu:{news}:shards*"))


def test_an_offer_ends_when_its_night_does_not_ask(books: CollectionStore, redis_client: redis.Redis) -> None:
    offer(books)
    books.answer_shard("n1", 0, b"found")
    kept_ms = [redis_client.pttl(key) for key in redis_client.scan_iter("clu:{news}:shards*")]
    assert len(kept_ms) == 3
    assert all(0 < ms <= 1000 * LEASE_S for ms in kept_ms)
    assert books.take_back("n1", 0.05)[1] == {0: b"found"}
    wait_until(lambda: not list(redis_client.scan_iter("clu:{news}:shards*")))
    books.answer_shard("n1", 1, b"late")
    assert books.take_shard("v1", None) is None
    assert books.take_back("n1", LEASE_S) == (None, {})
