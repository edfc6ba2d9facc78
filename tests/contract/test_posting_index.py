"""The posting index in Redis grows by splitting one shard after the other."""

from __future__ import annotations

import pytest
import redis
from support.desk import MONDAY, Desk, enter

from clusterer.adapters.redis_store import RedisStore, scripts
from clusterer.adapters.redis_store.keys import SCHEMA, SCHEMA_VERSION

WORK = "clu:{news}:"
FEW = 8  # terms of an article, which still make a hundred shards
pytestmark = pytest.mark.usefixtures("few_shards")


def terms(seq: int, count: int) -> list[bytes]:
    """Terms that no other article has."""
    return [b"%d/%d" % (seq, number) for number in range(count)]


@pytest.fixture
def few_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of the posting index are split at eight fields, so that they are many before the test is long."""
    text = scripts._text.__wrapped__
    monkeypatch.setattr(scripts, "_text", lambda name: text(name).replace("FIELDS = 256, 64", "FIELDS = 256, 8"))


def pieces_of(client: redis.Redis) -> dict[tuple[bytes, int], list[bytes]]:
    """Of each shard of the posting index, by its bucket and number, the fields."""
    keys = [key for key in client.scan_iter(WORK + "t:*") if key.count(b":") == 4]
    return {(key.split(b":")[3], int(key.split(b":")[4])): client.hkeys(key) for key in keys}


def test_shards_are_split_as_they_fill_and_every_list_stays_findable(desk: Desk, redis_client: redis.Redis) -> None:
    many = 120
    seqs = [seq for n in range(3) for seq in desk.accept(*[f"{n}/{i}" for i in range(many // 3)])]
    for seq in seqs:
        hits = enter(desk.books, seq, b"same", terms(seq, 30), terms(-seq, 30), MONDAY)
        assert set(hits.values()) <= {1}, "the hash that all have, and no other term"
    shards = pieces_of(redis_client)
    lengths = [len(fields) for fields in shards.values()]
    assert len(shards) > 700
    assert sum(lengths) == 60 * many + 4, "each term once, and the pieces of the full list"
    assert sum(lengths) / len(shards) > 6
    assert max(lengths) < 40
    (size,) = [key for key in redis_client.scan_iter(WORK + "t:*") if key.count(b":") == 3]
    assert redis_client.hgetall(size) == {b"shards": b"%d" % len(shards), b"fields": b"%d" % sum(lengths)}
    ends = [redis_client.pttl(key) for key in redis_client.scan_iter(WORK + "t:*")]
    assert max(ends) - min(ends) < 60_000, "all of a bucket goes at one time"
    for seq in seqs:  # whoever has the terms of another meets that one, and nobody else by them
        (again,) = desk.accept(f"again {seq}")
        met = enter(desk.books, again, None, terms(seq, 30), terms(-seq, 30), MONDAY)
        assert met == {seq: 60}


def test_erased_articles_leave_every_list_of_a_split_index(desk: Desk, redis_client: redis.Redis) -> None:
    seqs = [seq for n in range(3) for seq in desk.accept(*[f"{n}/{i}" for i in range(40)])]
    for seq in seqs:
        enter(desk.books, seq, b"same", terms(seq, FEW), terms(-seq, FEW), MONDAY)
    for seq in seqs[::2]:
        desk.books.erase(seq, MONDAY)
    for seq in seqs[::20]:
        assert desk.books.erased_traces(seq, "nobody", []) == []
    left = sum(len(fields) for fields in pieces_of(redis_client).values())
    assert left == 2 * FEW * len(seqs[1::2]) + 2
    (size,) = [key for key in redis_client.scan_iter(WORK + "t:*") if key.count(b":") == 3]
    assert redis_client.hget(size, "fields") == b"%d" % left
    assert desk.books.check_postings(seqs[1::2], MONDAY) == []


def test_a_split_index_that_lost_shards_is_filled_again(desk: Desk, redis_client: redis.Redis) -> None:
    seqs = desk.make_ready(*[f"a{i}" for i in range(40)])
    for seq in seqs:
        enter(desk.books, seq, b"same", terms(seq, 30), terms(-seq, 30), MONDAY)
    before = {key: redis_client.hgetall(key) for key in redis_client.scan_iter(WORK + "t:*")}
    for number, key in enumerate(sorted(before)):
        if number % 2:
            redis_client.delete(key)
    assert desk.books.check_postings(seqs, MONDAY) == seqs
    assert desk.books.repost(seqs, MONDAY) == len(seqs)
    assert desk.books.check_postings(seqs, MONDAY) == []
    (late,) = desk.accept("late")
    assert sorted(enter(desk.books, late, b"same", [], [], MONDAY)) == seqs


@pytest.mark.parametrize("damage", [None, "no hash"])
def test_an_index_that_forgot_its_size_is_begun_anew(desk: Desk, redis_client: redis.Redis, damage: str | None) -> None:
    seqs = desk.make_ready(*[f"a{i}" for i in range(40)])
    for seq in seqs:
        enter(desk.books, seq, b"same", terms(seq, 30), terms(-seq, 30), MONDAY)
    (size,) = [key for key in redis_client.scan_iter(WORK + "t:*") if key.count(b":") == 3]
    redis_client.delete(size)
    if damage:
        redis_client.set(size, damage)
    assert desk.books.check_postings(seqs, MONDAY) == seqs
    desk.books.repost(seqs, MONDAY)
    assert desk.books.check_postings(seqs, MONDAY) == []
    (late,) = desk.accept("late")
    assert sorted(enter(desk.books, late, b"same", terms(seqs[0], 30), [], MONDAY)) == seqs


# -- data of schema 5 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def older(desk: Desk, redis_client: redis.Redis) -> list[int]:
    """Seventy articles as schema 5 left them: terms of eight bytes, entered under other keys."""
    seqs = [seq for n in range(2) for seq in desk.accept(*[f"{n}/{i}" for i in range(35)])]
    for seq in seqs:
        enter(desk.books, seq, b"same", terms(seq, FEW), terms(-seq, FEW), MONDAY)
    desk.books.erase(seqs[3], MONDAY)
    for seq in seqs[:3] + seqs[4:]:
        key = WORK + f"a:{seq}"
        narrow = redis_client.hget(key, "terms")
        assert isinstance(narrow, bytes)
        wide = b"".join(narrow[start : start + 5] + b"abc" for start in range(0, len(narrow), 5))
        redis_client.hset(key, "terms", wide)
        for start in range(0, len(wide), 8):
            redis_client.hset(
                WORK.encode() + b"p:2957:" + wide[start : start + 2], wide[start + 2 : start + 8], b"seqs"
            )
    redis_client.delete(*redis_client.scan_iter(WORK + "t:*"))
    redis_client.set(SCHEMA, "5")
    return seqs


def assert_up_to_date(client: redis.Redis, seqs: list[int]) -> None:
    store = RedisStore(client)
    store.check_schema()
    assert client.get(SCHEMA) == SCHEMA_VERSION
    assert list(client.scan_iter(WORK + "p:*")) == []
    assert client.hmget(WORK + "head", "upgraded", "reposted") == [None, None]
    books = store.collection("news")
    desk = Desk(books)
    for number, seq in enumerate(seqs):
        (again,) = desk.accept(f"again {seq} {client.dbsize()}")
        met = enter(books, again, None, terms(seq, FEW), terms(-seq, FEW), MONDAY)
        assert met.get(seq, 0) == (0 if number == 3 else 2 * FEW)
    (late,) = desk.accept("late")
    assert list(enter(books, late, b"same", [], [], MONDAY)) == [*seqs[:3], *seqs[4:50]]
    for seq in seqs:
        books.erase(seq, MONDAY)
    for seq in [*seqs[:2], *seqs[28:32], *seqs[68:]]:  # those beside an interruption
        assert books.erased_traces(seq, "nobody", []) == []


def test_articles_of_schema_5_are_found_by_their_terms(redis_client: redis.Redis, older: list[int]) -> None:
    assert_up_to_date(redis_client, older)


@pytest.mark.parametrize("articles", [1, 30, 69, 70])
def test_an_interrupted_upgrade_is_gone_on_with(redis_client: redis.Redis, older: list[int], articles: int) -> None:
    life = redis_client.hget(WORK + "head", "life")
    more = scripts.Scripts(redis_client).run("repack_postings", WORK + "head", [articles, 0, 10**9, life])
    assert more == (articles < 70)
    assert_up_to_date(redis_client, older)


def test_who_sleeps_through_the_end_of_an_upgrade_cuts_no_term_twice(
    redis_client: redis.Redis, older: list[int]
) -> None:
    RedisStore(redis_client).check_schema()
    before = {key: redis_client.dump(key) for key in redis_client.scan_iter(WORK + "*")}
    life = redis_client.hget(WORK + "head", "life")
    assert scripts.Scripts(redis_client).run("repack_postings", WORK + "head", [100, 0, 10**9, life]) == 0
    assert {key: redis_client.dump(key) for key in redis_client.scan_iter(WORK + "*")} == before
    assert_up_to_date(redis_client, older)


def test_articles_that_nobody_would_meet_any_more_are_in_no_list(redis_client: redis.Redis, older: list[int]) -> None:
    redis_client.hincrby(WORK + "head", "bucket", 3)
    RedisStore(redis_client).check_schema()
    assert list(redis_client.scan_iter(WORK + "t:*")) == list(redis_client.scan_iter(WORK + "p:*")) == []
    assert redis_client.hstrlen(WORK + f"a:{older[0]}", "terms") == (2 * FEW + 1) * 5
