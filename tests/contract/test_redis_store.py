"""What only a store in Redis can suffer: no memory, damaged keys, lost groups and consumers, restarts, other protocols."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis
from redis.exceptions import ResponseError
from support.desk import (
    FORGOTTEN_S,
    LEASE_S,
    MODEL,
    MONDAY,
    Desk,
    assignment_of,
    at,
    clusters,
    draft,
    enter,
    new_revision,
)

from clusterer.adapters.redis_store import RedisStore, assigning
from clusterer.core.cluster_records import Change, Regroup
from clusterer.core.errors import NotFound, SchemaMismatch, StoreUnavailable
from clusterer.core.model import IndexTerms
from clusterer.ports import CollectionStore

GLOBAL_KEYS = {b"clu:schema", b"clu:life", b"clu:collections", b"clu:ping", b"clu:workers"}
WORK = "clu:{news}:"


@pytest.fixture
def store(redis_client: redis.Redis) -> RedisStore:
    store = RedisStore(redis_client, timedelta(days=14))
    store.check_schema()
    store.create_collection("news", {})
    return store


@pytest.fixture
def books(store: RedisStore) -> CollectionStore:
    return store.collection("news")


@pytest.fixture
def full_memory(redis_client: redis.Redis) -> Iterator[redis.Redis]:
    """Call `config_set("maxmemory", 1)` on it; it is lifted again afterwards."""
    yield redis_client
    redis_client.config_set("maxmemory", 0)


def contents(client: redis.Redis) -> dict[bytes, object]:
    """Everything of the collection, comparable."""
    return {key: client.dump(key) for key in client.scan_iter(WORK + "*")}


def terms(seed: int, count: int) -> list[bytes]:
    return [random.Random(f"{seed}/{number}").randbytes(8) for number in range(count)]


# -- memory --------------------------------------------------------------------------------------------------------------------


def test_without_memory_nothing_is_written_and_draining_goes_on(desk: Desk, full_memory: redis.Redis) -> None:
    first, second = desk.make_ready("a", "b")
    (third,) = desk.accept("c")
    desk.lease("inbox")
    desk.lease("ready")
    epoch = desk.lead()
    before = contents(full_memory)
    full_memory.config_set("maxmemory", 1)
    refused = [
        lambda: desk.books.accept([new_revision("d")]),
        lambda: desk.books.hand_over([draft(third, entry=desk.entries["inbox"][third])], MODEL),
        lambda: enter(desk.books, third, b"x", [b"y"], [], MONDAY),
        lambda: desk.books.register([draft(third, terms=IndexTerms(b"x"))]),
        lambda: desk.books.commit(epoch, 1, [desk.item(first, "open", "c1")], MONDAY),
        lambda: desk.books.mark_dead("inbox", desk.entries["inbox"][third], third, "no", MONDAY),
        lambda: desk.books.erase(second, MONDAY),
        desk.books.begin_generation,
    ]
    for call in refused:
        with pytest.raises(StoreUnavailable, match="out of memory"):
            call()
    assert contents(full_memory) == before
    assert [leased.seq for leased in desk.books.lease("ready", "w2", 64, FORGOTTEN_S)] == [first, second]
    full_memory.config_set("maxmemory", 0)
    assert desk.open("c1", first).status == "committed"


def test_the_share_of_memory_in_use_is_known(books: CollectionStore, full_memory: redis.Redis) -> None:
    assert 0 < books.queue_facts().memory_ratio < 0.5
    full_memory.config_set("maxmemory", 2 * int(full_memory.info("memory")["used_memory"]))
    assert 0.4 < books.queue_facts().memory_ratio < 0.7


def test_ping_notices_that_nothing_can_be_written(store: RedisStore, full_memory: redis.Redis) -> None:
    store.ping()
    full_memory.config_set("maxmemory", 1)
    with pytest.raises(StoreUnavailable, match="maxmemory"):
        store.ping()


# -- damage --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["log", "counts", "pending", "dead", "finished", "g1:assign", "g1:last", "g1:size"])
def test_a_key_of_the_wrong_type_stops_a_commit_before_its_first_write(
    books: CollectionStore, redis_client: redis.Redis, key: str
) -> None:
    desk = Desk(books)
    (seq,) = desk.make_ready("a")
    desk.lease("ready")
    desk.lead()
    redis_client.delete(WORK + key)
    redis_client.set(WORK + key, "damage")
    before = contents(redis_client)
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        desk.commit(desk.item(seq, "open", "c1"))
    assert contents(redis_client) == before


@pytest.mark.parametrize("key", ["inbox", "counts", "pending"])
def test_a_key_of_the_wrong_type_stops_accepting_before_its_first_write(
    books: CollectionStore, redis_client: redis.Redis, key: str
) -> None:
    desk = Desk(books)
    redis_client.set(WORK + key, "damage")
    before = contents(redis_client)
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        desk.accept("a")
    assert contents(redis_client) == before


def test_a_lost_group_delivers_everything_again(desk: Desk, redis_client: redis.Redis) -> None:
    seqs = desk.accept("a", "b")
    desk.lease("inbox")
    redis_client.xgroup_destroy(WORK + "inbox", "workers")
    assert [leased.seq for leased in desk.lease("inbox")] == seqs
    desk.hand_over(*[draft(seq) for seq in seqs])
    assert desk.books.sweep() == 0


def test_an_entry_deleted_by_hand_is_let_go_and_its_article_comes_back(desk: Desk, redis_client: redis.Redis) -> None:
    lost, kept = desk.accept("a", "b")
    entries = {leased.seq: leased.entry for leased in desk.lease("inbox")}
    redis_client.xdel(WORK + "inbox", entries[lost])
    assert [leased.seq for leased in desk.books.lease("inbox", "w2", 64, FORGOTTEN_S)] == [kept]
    assert redis_client.xpending(WORK + "inbox", "workers")["pending"] == 1
    assert desk.books.sweep() == 1
    assert desk.waiting("inbox") == [lost, kept]


def test_what_a_removed_consumer_had_leased_comes_back(desk: Desk, redis_client: redis.Redis) -> None:
    seqs = desk.accept("a", "b")
    desk.lease("inbox")
    redis_client.xgroup_delconsumer(WORK + "inbox", "workers", desk.name)
    assert desk.books.lease("inbox", "w2", 64, FORGOTTEN_S) == []
    assert desk.books.sweep() == 2
    assert [leased.seq for leased in desk.books.lease("inbox", "w2", 64, LEASE_S)] == seqs
    assert desk.books.sweep() == 0


def test_entries_whose_article_has_moved_on_are_dropped(desk: Desk, redis_client: redis.Redis) -> None:
    """A second entry for the same article, or one for an article that is not pending, is acknowledged and not handed out."""
    (assigned,) = desk.make_cluster("c1", "a")
    (pending,) = desk.accept("b")
    for seq in (assigned, pending, 99):
        redis_client.xadd(WORK + "inbox", {"s": seq})
    assert [leased.seq for leased in desk.lease("inbox")] == [pending]
    assert redis_client.xlen(WORK + "inbox") == 1
    assert redis_client.xpending(WORK + "inbox", "workers")["pending"] == 1


def test_an_entry_about_another_article_is_neither_taken_for_its_own_nor_removed(
    desk: Desk, redis_client: redis.Redis
) -> None:
    """As when the stream was deleted, and the other one was queued again within the millisecond of the first entry."""
    one, other = desk.accept("a", "b")
    entries = [redis_client.hget(f"{WORK}a:{seq}", "entry") for seq in (one, other)]
    redis_client.xdel(WORK + "inbox", entries[1])
    redis_client.hset(f"{WORK}a:{other}", "entry", entries[0])
    assert desk.books.sweep() == 1
    assert desk.waiting("inbox") == [one, other]
    assert desk.books.sweep() == 0


def test_parked_copies_whose_list_was_lost_come_back(desk: Desk, redis_client: redis.Redis) -> None:
    (original,) = desk.make_ready("a")
    (copy,) = desk.make_copies(original, "b")
    assert desk.follow(original, copy)[0].status == "parked"
    redis_client.delete(f"{WORK}parked:{original}")
    assert desk.books.sweep() == 1
    assert copy in desk.waiting("ready")


def test_copies_that_a_former_program_let_wait_for_each_other_are_compared_anew(
    desk: Desk, redis_client: redis.Redis
) -> None:
    (one,) = desk.make_ready("a")
    other, third = desk.make_copies(one, "b", "c")
    assert [result.status for result in desk.follow(one, other, third)] == ["parked", "parked"]
    entry = redis_client.hget(f"{WORK}a:{one}", "entry")
    redis_client.xack(WORK + "ready", "workers", entry)
    redis_client.xdel(WORK + "ready", entry)
    redis_client.hset(f"{WORK}a:{one}", mapping={"stage": "parked", "waits": other})
    redis_client.zadd(f"{WORK}parked:{other}", {one: one})
    assert desk.books.sweep() == 2
    assert (desk.waiting("inbox"), desk.waiting("ready")) == ([one, other], [])
    assert desk.books.sweep() == 0
    desk.hand_over(draft(one), draft(other, copy_of=one))
    desk.open("c1", one)
    assert [result.cluster for result in desk.follow(one, other, third)] == ["c1", "c1"]


def test_an_article_that_lost_its_stage_is_prepared_again(desk: Desk, redis_client: redis.Redis) -> None:
    (seq,) = desk.make_ready("a")
    redis_client.hdel(f"{WORK}a:{seq}", "stage")
    assert desk.books.sweep() == 1
    assert desk.waiting("inbox") == [seq]
    assert desk.books.sweep() == 0


def test_an_article_that_lost_its_time_counts_as_lost(desk: Desk, redis_client: redis.Redis) -> None:
    desk.make_cluster("c1", "a", "b")
    redis_client.hdel(WORK + "a:2", "received")
    redis_client.zrem(WORK + "finished", 2)
    assert desk.books.facts([1, 2])[1] is desk.books.received([1, 2])[1] is None
    assert desk.books.check_lists([1, 2]) == []
    assert desk.books.relist([1, 2]) == 0
    assert desk.books.erase(1, at(1))  # the time span anew, of a member without a time
    assert desk.books.reassign(1, desk.books.position().change, [(2, None)])
    assert redis_client.hget(WORK + "g1:assign", "2") is None


@pytest.mark.parametrize("lost", ["g1:m:c1", "a:2"])
def test_erasing_where_members_or_a_record_were_lost(desk: Desk, redis_client: redis.Redis, lost: str) -> None:
    desk.make_cluster("c1", "a", "b", "c", received_at=at(3))
    redis_client.delete(WORK + lost)
    assert desk.books.erase(1, at(9))
    record = desk.books.cluster("c1")
    assert record is not None
    assert (record.article_count, record.first_seen, record.last_seen) == (2, at(3), at(3))
    assert desk.books.cluster_ids("last_seen", None, 10) == [(at(3).timestamp(), "c1")]


@pytest.mark.parametrize("damage", ["inf", "", "nan", None])
def test_merging_and_erasing_where_a_time_span_was_damaged(
    desk: Desk, redis_client: redis.Redis, damage: str | None
) -> None:
    desk.make_cluster("c1", "a", "b", received_at=at(3))
    desk.make_cluster("c2", "c", received_at=at(4))
    for name in ("first", "last"):
        redis_client.hdel(WORK + "g1:c:c1", name)
        if damage is not None:
            redis_client.hset(WORK + "g1:c:c1", name, damage)
    damaged = desk.books.cluster("c1")
    assert damaged and damaged.first_seen.year == damaged.last_seen.year == 1970
    assert desk.books.erase(1, at(9))
    mended = desk.books.cluster("c1")
    assert mended and (mended.first_seen, mended.last_seen) == (at(3), at(3))
    redis_client.hdel(WORK + "g1:c:c1", "first", "last")
    assert desk.books.regroup(None, 1, [Regroup("merged", "c1", "c2", ())], at(10))
    merged = desk.books.cluster("c2")
    assert merged and (merged.article_count, merged.last_seen) == (2, at(4))


def test_scripts_that_redis_forgot_are_sent_again(desk: Desk, redis_client: redis.Redis) -> None:
    desk.accept("a")
    redis_client.script_flush()
    assert desk.accept("b") == [2]


# -- scale ---------------------------------------------------------------------------------------------------------------------


def test_posting_lists_stay_in_the_compact_encoding(desk: Desk, redis_client: redis.Redis) -> None:
    seqs = [seq for n in range(4) for seq in desk.accept(*[f"{n}/{i}" for i in range(20)])]
    for seq in seqs:
        enter(desk.books, seq, b"the same", terms(seq, 10), [*terms(-seq, 20), b"common"], MONDAY)
    shards = list(redis_client.scan_iter(WORK + "t:*"))
    assert len(shards) > 200
    assert {redis_client.object("encoding", shard) for shard in shards} <= {b"ziplist", b"listpack"}
    assert all(0 < redis_client.pttl(shard) <= 21 * 24 * 3600 * 1000 for shard in shards)


def test_more_copies_than_one_commit_releases_still_all_arrive(desk: Desk) -> None:
    """A commit releases 256 at most: the others follow with the commits of those, without a sweep."""
    (original,) = desk.make_ready("original")
    copies = []
    for slice_ in range(6):
        copies += desk.make_copies(original, *[f"{slice_}/{i}" for i in range(60)])
        assert {result.status for result in desk.follow(original, *copies[-60:])} == {"parked"}
    assert desk.open("c1", original).status == "committed"
    assigned = 0
    while leased := desk.lease("ready"):
        results = desk.commit(*[desk.item(one.seq, "copy", other=original) for one in leased])
        assigned += sum(result.status == "committed" for result in results)
    assert assigned == len(copies) == 360
    assert clusters(desk.books) == {"c1": [original, *copies]}


# -- erasure -------------------------------------------------------------------------------------------------------------------


def test_a_worker_that_still_holds_an_erased_article_adds_nothing_to_its_tombstone(
    desk: Desk, redis_client: redis.Redis
) -> None:
    (seq,) = desk.accept("a")
    desk.lease("inbox")
    desk.books.erase(seq, MONDAY)
    before = contents(redis_client)
    assert enter(desk.books, seq, b"exact", [b"band"], [], MONDAY) == {}
    desk.books.hand_over([draft(seq, entry=desk.entries["inbox"][seq])], MODEL)
    desk.books.mark_dead("inbox", desk.entries["inbox"][seq], seq, "no", MONDAY)
    assert desk.books.attempt(seq) == 0
    assert contents(redis_client) == before


def test_traces_are_found_in_compressed_text_by_whole_words(desk: Desk) -> None:
    first, second = desk.make_ready("news/4", "news/41")
    desk.books.erase(first, MONDAY)
    assert desk.books.erased_traces(first, "news/4", []) == []
    assert desk.books.erased_traces(first, "news/41", []) == [f"a:{second}"]
    assert desk.books.erased_traces(first, "news/4", [f"TEXT {second}"]) == [f"a:{second}"]
    assert desk.books.erased_traces(second, "no such id", []) == ["a:2", "pending", "ready", "v:2"]


@pytest.mark.parametrize("gone", [(1, 16, 17, 33, 40), (15,), tuple(range(1, 41)), tuple(range(30, 41))])
def test_posting_lists_in_several_pieces_close_up(desk: Desk, redis_client: redis.Redis, gone: tuple[int, ...]) -> None:
    seqs = [seq for n in range(4) for seq in desk.accept(*[f"{n}/{i}" for i in range(10)])]
    for seq in seqs:
        enter(desk.books, seq, b"same", [], [], MONDAY)
    for seq in gone:
        desk.books.erase(seq, MONDAY)
    kept = [seq for seq in seqs if seq not in gone]
    lists = [key for key in redis_client.scan_iter(WORK + "t:*") if key.count(b":") == 4]
    pieces = [len(piece) for key in lists for piece in redis_client.hvals(key)]
    assert sorted(pieces, reverse=True) == [min(60, 4 * len(kept) - start) for start in range(0, 4 * len(kept), 60)]
    (late,) = desk.accept("late")
    assert list(enter(desk.books, late, b"same", [], [], MONDAY)) == kept


# -- generations ---------------------------------------------------------------------------------------------------------------


def test_the_feed_leads_back_with_a_rollback(desk: Desk) -> None:
    seqs = desk.make_cluster("c1", "a", "b", "c")
    generation = desk.books.begin_generation()
    desk.books.stage(generation, [(seqs[0], "c1"), (seqs[1], "c2"), (seqs[2], "c2")])
    split = Change(0, MONDAY, "split", "c2", tuple(seqs[1:]), "c1")
    assert desk.books.flip(1, generation, desk.books.position().change, [split], MONDAY)
    (late,) = desk.make_cluster("c3", "late")
    assert desk.books.rollback(MONDAY, "ann", "why") == 1
    changes = desk.books.changes(0, 100)
    assert assignment_of(changes) == {**dict.fromkeys(seqs, "c1"), late: "c3"}
    assert [change.kind for change in changes][-3:] == ["created", "merged", "flipped"]
    assert (changes[-1].actor, changes[-1].reason, changes[-1].generation) == ("ann", "why", 1)


def test_a_dropped_generation_leaves_no_keys(desk: Desk, redis_client: redis.Redis) -> None:
    seqs = desk.make_cluster("c1", *[f"a{i}" for i in range(10)])
    generation = desk.books.begin_generation()
    rows = [(seq, f"c{seq % 3}") for seq in seqs]
    desk.books.stage(generation, rows, aliases={"x": "c1"}, split_from={"c2": "c1"})
    desk.books.stage(generation, [(seqs[0], "c2")])
    desk.books.drop_generation(generation)
    assert list(redis_client.scan_iter(f"{WORK}g{generation}:*")) == []


# -- connections ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", [2, 3])
def test_both_protocols_give_the_same_answers(redis_server: str, redis_client: redis.Redis, protocol: int) -> None:
    with redis.Redis.from_url(redis_server, protocol=protocol) as client:
        store = RedisStore(client)
        store.check_schema()
        store.create_collection("news", {"k": "v"})
        books = store.collection("news")
        desk = Desk(books)
        first, second, third = desk.make_cluster("c1", "a", "b", "c")
        (copy,) = desk.make_copies(first, "d")
        desk.follow(first, copy)
        assert books.members("c1", first, 2) == [second, third]
        assert books.cluster_ids("size", None, 10) == [(4.0, "c1")]
        assert [change.number for change in books.changes(1, 2)] == [2, 3]
        assert books.queue_facts().ready_age_s == 0
        record = books.cluster("c1")
        assert record is not None
        assert (record.article_count, record.origin_count, record.sources) == (4, 1, {"Harbour Post": 4})
        assert [fact.cluster for fact in books.facts([first, copy]) if fact] == ["c1", "c1"]
        store.heartbeat("w1", "articles", 5)
        assert store.workers() == {"w1": "articles"}
        assert store.remember("key", "hash", b"answer", 5) == ("hash", b"answer")
        assert books.erase(copy, MONDAY)
        assert books.erased_traces(copy, "d", ["clean text 4"]) == []


def test_every_key_of_a_collection_shares_its_hash_tag(desk: Desk, redis_client: redis.Redis) -> None:
    desk.make_cluster("c1", "a", "b")
    (seq,) = desk.accept("c")
    enter(desk.books, seq, b"x", [b"y"], [b"z"], MONDAY)
    desk.books.reject("{}", "no id", MONDAY, "work")
    desk.books.save_boilerplate("x} ", b"profile")
    desk.books.stage(desk.books.begin_generation(), [(1, "c1")])
    names = set(redis_client.scan_iter("*")) - GLOBAL_KEYS
    assert all(name.startswith(WORK.encode()) for name in names)


def test_a_redis_that_does_not_answer_is_named_as_such() -> None:
    store = RedisStore(redis.Redis(unix_socket_path="/nonexistent/socket"))
    with pytest.raises(StoreUnavailable, match="does not answer"):
        store.check_schema()


def test_of_a_private_redis_that_ended_on_a_full_disk_the_disk_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RedisStore(redis.Redis(unix_socket_path=str(tmp_path / "redis.sock")))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=600_000))
    with pytest.raises(StoreUnavailable, match=r"Its disk is full: free some space"):
        store.check_schema()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1 << 30))
    with pytest.raises(StoreUnavailable) as found:
        store.check_schema()
    assert "disk" not in str(found.value)


# -- the whole store -----------------------------------------------------------------------------------------------------------


def test_data_of_another_schema_are_refused(store: RedisStore, redis_client: redis.Redis) -> None:
    redis_client.set("clu:schema", "999")
    with pytest.raises(SchemaMismatch, match="999"):
        store.check_schema()


def test_a_deletion_that_was_cut_short_is_finished_before_the_name_is_used_again(
    store: RedisStore, redis_client: redis.Redis
) -> None:
    Desk(store.collection("news")).accept("a")
    redis_client.hset("clu:collections", "news", "deleting")
    with pytest.raises(NotFound):
        store.collection("news")
    assert store.collections() == []
    assert store.create_collection("news", {})
    assert store.collection("news").books().accepted == 0


def test_a_worker_that_lost_its_lease_to_nobody_keeps_its_epoch(
    books: CollectionStore, redis_client: redis.Redis
) -> None:
    assert books.claim("w1", 60) == 1
    redis_client.delete(WORK + "leader")
    assert books.claim("w1", 60) == 1
    redis_client.delete(WORK + "leader")
    assert books.claim("w2", 60) == 2


def test_a_lease_given_before_the_clock_was_put_back_is_over(books: CollectionStore, redis_client: redis.Redis) -> None:
    """Leases end at a time of day: after a step back of an hour they would run for an hour more, with their holder dead."""
    assert books.claim("dead", 10) == 1
    assert books.claim_job("nightly", "dead", 10)
    for key in ("leader", "job:nightly"):
        redis_client.pexpire(WORK + key, 60_000)
    assert books.claim("w2", 10) is None
    assert not books.claim_job("nightly", "w2", 10)
    for key in ("leader", "job:nightly"):
        redis_client.pexpire(WORK + key, 3_600_000)
    assert books.claim("w2", 10) == 2
    assert books.claim_job("nightly", "w2", 10)
    assert 0 < redis_client.pttl(WORK + "leader") <= 10_000


def test_idle_consumers_are_forgotten_but_not_those_with_entries(
    desk: Desk, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "_IDLE_CONSUMER_MS", -1)
    desk.accept("a")
    desk.books.lease("inbox", "has one", 64, LEASE_S)
    desk.books.lease("inbox", "has none", 64, LEASE_S)
    desk.books.sweep()
    names = {consumer["name"] for consumer in redis_client.xinfo_consumers(WORK + "inbox", "workers")}
    assert names == {b"has one"}
