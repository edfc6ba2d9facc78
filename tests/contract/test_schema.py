"""Stored data of earlier releases are brought up to date when a store is opened, however often that is interrupted."""

from __future__ import annotations

import pytest
import redis

from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.redis_store.keys import SCHEMA, SCHEMA_VERSION, UPGRADE
from clusterer.adapters.redis_store.scripts import Scripts
from clusterer.core.errors import SchemaMismatch, StoreUnavailable

ARTICLES = 2_500
LATER = str(int(SCHEMA_VERSION) + 1)


@pytest.fixture
def stored(redis_client: redis.Redis) -> redis.Redis:
    """Two collections as schema 2 left them: each article's value is two vectors, a title's behind a lead's."""
    store = RedisStore(redis_client)
    store.check_schema()
    for name in ("news", "desk"):
        store.create_collection(name, {})
        redis_client.hset(f"clu:{{{name}}}:head", "seq", ARTICLES)
        with redis_client.pipeline() as pipeline:
            for seq in range(1, ARTICLES + 1):
                if seq % 3:  # copies have none
                    pipeline.set(f"clu:{{{name}}}:v:{seq}", b"L%07d" % seq + b"T%07d" % seq)
                if seq % 5 == 0:
                    pipeline.set(f"clu:{{{name}}}:w:{seq}", b"l%03d" % seq + b"t%03d" % seq)
            pipeline.execute()
    redis_client.set(SCHEMA, "2")
    return redis_client


def check(client: redis.Redis) -> None:
    RedisStore(client).check_schema()
    assert client.get(SCHEMA) == SCHEMA_VERSION
    for name in ("news", "desk"):
        for seq in range(1, ARTICLES + 1):
            assert client.get(f"clu:{{{name}}}:v:{seq}") == (b"L%07d" % seq if seq % 3 else None)
            assert client.get(f"clu:{{{name}}}:w:{seq}") == (b"l%03d" % seq if seq % 5 == 0 else None)


def test_the_vectors_of_titles_go(stored: redis.Redis) -> None:
    check(stored)
    check(stored)


@pytest.mark.parametrize("slices", [1, 2, 3])
def test_an_interrupted_upgrade_is_gone_on_with(stored: redis.Redis, slices: int) -> None:
    life = stored.hget("clu:{desk}:head", "life")
    for _ in range(slices):
        Scripts(stored).run("drop_title_vectors", "clu:{desk}:head", [1_000, life])
    check(stored)


def test_who_sleeps_through_the_end_of_an_upgrade_cuts_nothing_twice(stored: redis.Redis) -> None:
    life = stored.hget("clu:{desk}:head", "life")
    check(stored)
    assert Scripts(stored).run("drop_title_vectors", "clu:{desk}:head", [1_000, life]) == 0
    check(stored)


def test_who_sleeps_through_its_lease_leaves_the_upgrade_to_others(
    stored: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Scripts.run

    def run_by_a_process_that_sleeps(*given: object, **named: object) -> object:
        done = run(*given, **named)  # type: ignore[arg-type]
        stored.delete(UPGRADE)  # its lease has run out
        return done

    monkeypatch.setattr(Scripts, "run", run_by_a_process_that_sleeps)
    with pytest.raises(StoreUnavailable, match="up to date"):
        RedisStore(stored).check_schema()
    assert stored.get(SCHEMA) == b"2"
    monkeypatch.undo()
    check(stored)


def test_who_sleeps_through_a_later_release_takes_nothing_back(
    stored: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Scripts.run

    def run_beside_a_later_release(*given: object, **named: object) -> object:
        done = run(*given, **named)  # type: ignore[arg-type]
        stored.set(SCHEMA, LATER)
        return done

    monkeypatch.setattr(Scripts, "run", run_beside_a_later_release)
    with pytest.raises(SchemaMismatch, match=f"schema {LATER}"):
        RedisStore(stored).check_schema()
    assert stored.get(SCHEMA) == LATER.encode()


def test_data_of_a_later_release_are_refused(redis_client: redis.Redis) -> None:
    redis_client.set(SCHEMA, LATER)
    with pytest.raises(SchemaMismatch, match=f"schema {LATER}"):
        RedisStore(redis_client).check_schema()


def test_who_still_runs_when_a_later_release_takes_the_data_over_stops(redis_client: redis.Redis) -> None:
    store = RedisStore(redis_client)
    store.check_schema()
    store.create_collection("news", {})
    assert store.life("news")
    redis_client.set(SCHEMA, LATER)
    keys = sorted(redis_client.keys())
    for call in (
        lambda: store.life("news"),
        lambda: store.create_collection("more", {}),
        lambda: store.configure_collection("news", {"granularity": "saga"}),
        lambda: store.delete_collection("news"),
    ):
        with pytest.raises(SchemaMismatch, match=f"schema {LATER}"):
            call()
    assert sorted(redis_client.keys()) == keys
    assert store.collection_settings("news") == {}


@pytest.mark.parametrize("former", ["3", "4", "5"])
def test_data_of_these_schemas_are_data_of_this_one(redis_client: redis.Redis, former: str) -> None:
    RedisStore(redis_client).check_schema()
    redis_client.set(SCHEMA, former)
    RedisStore(redis_client).check_schema()
    assert redis_client.get(SCHEMA) == SCHEMA_VERSION
