"""A night that others help in: the same plan, whatever becomes of the helpers. Here they work when they are called, so nothing is left
to chance; tests/e2e/test_night_helpers.py has real workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import redis
from support.articles import SetClock
from support.events import break_up, event_articles, partition

from clusterer.adapters.encoder import HashingEncoder
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import NotFound
from clusterer.core.nightly import apart, search
from clusterer.pipeline.collection import Collection
from clusterer.ports import CollectionStore
from clusterer.ports.helping import TakenShard

Called = Callable[[], object]


class CallingHints:
    """Does what the helpers are to do when they are called."""

    def __init__(self, called: Called) -> None:
        self.called = called
        self.calls: list[tuple[str, int]] = []

    def articles(self) -> None: ...

    def clusters(self) -> None: ...

    def taken(self, queue: str) -> None: ...

    def night(self, collection: str, helpers: int) -> None:
        self.calls.append((collection, helpers))
        self.called()


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SEARCH_SLICE", 5)
    monkeypatch.setattr(apart, "_PAIRS", 9)


@pytest.fixture
def other(make_service: Callable[..., Clusterer]) -> Clusterer:
    """Another worker's service."""
    return make_service()


@pytest.fixture
def broken(service: Clusterer, clock: SetClock) -> Collection:
    """Clusters that a night repairs, and another worker in sight."""
    service.store.heartbeat("other", "articles", 60)
    policy = replace(service.nightly_policy(), shared_from=1)
    service.nightly_policy = lambda: policy
    collection = service.collection()
    collection.intake.accept(event_articles(12, 4))
    service.drain()
    break_up(collection, clock)
    return collection


def on_call(service: Clusterer, called: Called) -> CallingHints:
    service.hints = CallingHints(called)
    return service.hints


def helped(other: Clusterer) -> list[int]:
    """Shards of the night that stands, all of those that are left."""
    return list(other.collection().helper.shards())


def night(collection: Collection) -> set[frozenset[str]]:
    """The clusters after it; then it is taken back."""
    assert collection.nightly.run("w", force=True).outcome == "published"
    found = set(partition(collection).values())
    collection.nightly.rollback("test", "again")
    return found


def test_all_some_or_none_of_it_may_be_done_by_others(
    broken: Collection, service: Clusterer, other: Clusterer, redis_client: redis.Redis
) -> None:
    before = set(partition(broken).values())
    hints = on_call(service, lambda: None)
    alone = night(broken)
    assert alone != before
    done: list[int] = []
    hints.called = lambda: done.extend(helped(other))
    assert night(broken) == alone
    search_shards = -(-48 // 5)
    assert done[:search_shards] == list(range(search_shards))
    assert len(done) > search_shards, "pairs were told apart too"
    hints.called = lambda: next(other.collection().helper.shards(), None)
    assert night(broken) == alone
    assert set(hints.calls) == {("default", 1)}
    assert not list(redis_client.scan_iter("clu:{default}:shards*"))


def test_a_helper_that_took_a_shard_and_died_costs_nothing(
    broken: Collection, service: Clusterer, other: Clusterer
) -> None:
    hints = on_call(service, lambda: None)
    alone = night(broken)
    taken: list[TakenShard] = []

    def take_and_die() -> None:
        taken.extend(filter(None, [other.collection().books.take_shard(other.collection().maker, None)]))

    hints.called = take_and_die
    assert night(broken) == alone
    assert len(taken) > 1


def test_an_answer_that_comes_twice_or_late_is_one(
    broken: Collection, service: Clusterer, other: Clusterer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = on_call(service, lambda: None)
    alone = night(broken)
    books = other.collection().books
    given: list[tuple[str, int, bytes]] = []
    once = type(books).answer_shard

    def twice(books: object, offer: str, number: int, answer: bytes) -> None:
        for late in [*given[-3:], (offer, number, answer), (offer, number, answer)]:
            once(books, *late)  # type: ignore[arg-type]
        given.append((offer, number, answer))

    monkeypatch.setattr(type(books), "answer_shard", twice)
    hints.called = lambda: helped(other)
    assert night(broken) == alone
    assert len(given) > 3


def test_another_release_or_model_takes_nothing(
    broken: Collection, service: Clusterer, make_service: Callable[..., Clusterer], other: Clusterer
) -> None:
    later, differs = make_service(), make_service(encoder=HashingEncoder(32))
    later.version = "99"
    done: list[int] = []
    on_call(service, lambda: done.extend([*helped(later), *helped(differs)]))
    night(broken)
    assert done == []
    on_call(service, lambda: done.extend(helped(other)))
    assert night(broken)
    assert done


def test_below_a_size_and_without_others_nobody_is_called(
    broken: Collection, service: Clusterer, clock: SetClock
) -> None:
    hints = on_call(service, lambda: None)
    policy = replace(service.nightly_policy(), shared_from=49)
    broken.nightly._policy = policy
    night(broken)
    assert hints.calls == []
    broken.nightly._policy = replace(policy, shared_from=48)
    service.store.heartbeat("other", "articles", 0)
    night(broken)
    assert hints.calls == []
    service.store.heartbeat("other", "clusters", 60)
    service.store.heartbeat("w", "articles", 60)  # this one
    night(broken)
    assert hints.calls == []


def test_an_article_erased_meanwhile_is_the_nights_own_affair(
    broken: Collection, service: Clusterer, other: Clusterer
) -> None:
    done: list[int] = []

    def erase_and_help() -> None:
        fact = broken.books.facts([7])[0]
        if fact is not None and fact.cluster is not None:
            broken.eraser.erase(fact.article_id)
        done.extend(helped(other))

    on_call(service, erase_and_help)
    assert broken.nightly.run("w", force=True).outcome == "published"
    assert sum(map(len, partition(broken).values())) == 47


def test_a_collection_deleted_meanwhile_leaves_nothing(
    service: Clusterer, other: Clusterer, broken: Collection, redis_client: redis.Redis
) -> None:
    service.store.create_collection("news", {})
    news = service.collection("news")
    news.intake.accept(event_articles(12, 4))
    service.drain()
    helper = other.collection("news").helper

    def delete_between() -> None:
        shards = helper.shards()
        next(shards)
        service.store.delete_collection("news")
        with pytest.raises(NotFound):
            next(shards)

    on_call(service, delete_between)
    with pytest.raises(NotFound):
        news.nightly.run("w", force=True)
    assert not list(redis_client.scan_iter("clu:{news}*"))
    other.help_night("news", "other")


def test_articles_that_wait_come_before_shards(
    broken: Collection, service: Clusterer, other: Clusterer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    answer = type(broken.books).answer_shard

    def answer_and_receive(books: CollectionStore, offer: str, number: int, found: bytes) -> None:
        waiting.append(broken.books.queue_facts().inbox_length)
        answer(books, offer, number, found)  # type: ignore[arg-type]
        broken.intake.accept(event_articles(1, 1, seed=100 + len(waiting)))

    monkeypatch.setattr(type(broken.books), "answer_shard", answer_and_receive)
    on_call(service, lambda: other.help_night("default", "other"))
    night(broken)
    assert len(waiting) > 2
    assert set(waiting) == {0}, "what came with one shard is prepared before the next"
