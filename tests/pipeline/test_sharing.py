"""Several writers share the collections of one store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from faults.articles import event_articles
from ulid import ULID

from clusterer.adapters.encoder import HashingEncoder
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import Store

LEASE_S = 600.0  # so long that no machine is too slow for it
NAMES = ["news-de", "news-en", "news-fr", "news-other"]


def writer(make_service: Callable[..., Clusterer], **settings: object) -> Clusterer:
    service = make_service(**settings)
    policy = replace(service.assign_policy(), leader_lease_s=LEASE_S)
    service.assign_policy = lambda: policy
    return service


def take(service: Clusterer, seed: int, names: Sequence[str] = NAMES) -> None:
    """Two articles more for each of these collections, ready to be assigned."""
    for name in names:
        rows = [{**row, "id": str(ULID())} for row in event_articles(1, 2, seed)]
        service.collection(name).intake.accept([parse_article(row) for row in rows])
    while service.prepare("preparing").done:
        pass


def leaders(service: Clusterer, names: Sequence[str] = NAMES) -> Counter[str | None]:
    return Counter(service.collection(name).books.leader() for name in names)


@pytest.fixture
def first(make_service: Callable[..., Clusterer], store: Store) -> Clusterer:
    """A writer that leads all, as the only one that there is."""
    service = writer(make_service)
    for name in NAMES:
        store.create_collection(name, {})
    take(service, seed=1)
    service.assign("first")
    assert leaders(service) == {"first": len(NAMES)}
    return service


def rounds(workers: dict[str, Clusterer], many: int) -> None:
    """Each worker's turn over and over, at which there is work in every collection."""
    for number in range(many):
        for name, service in workers.items():
            take(service, seed=number)
            service.assign(name)


def test_a_writer_that_comes_later_gets_its_share(first: Clusterer, make_service: Callable[..., Clusterer]) -> None:
    workers = {"first": first, "second": writer(make_service)}
    rounds(workers, 4)
    assert leaders(first) == {"first": 2, "second": 2}
    assert [service.collection(name).assigner.window_size > 0 for name in NAMES for service in workers.values()].count(
        True
    ) == len(NAMES), "who hands a collection on forgets its window"


def test_all_come_through_and_nothing_is_handed_back_and_forth(
    first: Clusterer, make_service: Callable[..., Clusterer]
) -> None:
    workers = {name: first if name == "first" else writer(make_service) for name in ("first", "second", "third")}
    rounds(workers, 3)
    assert sorted(leaders(first).values()) == [1, 1, 2]
    epochs = [first.collection(name).books.claim(_leader(first, name), LEASE_S) for name in NAMES]
    rounds(workers, 3)
    for _ in range(2):
        for name, service in workers.items():
            service.assign(name)
    assert [first.collection(name).books.claim(_leader(first, name), LEASE_S) for name in NAMES] == epochs
    for name in NAMES:
        books = first.collection(name).books
        assert books.books().pending == 0
        assert audit(books).problems == ()


def _leader(service: Clusterer, name: str) -> str:
    leader = service.collection(name).books.leader()
    assert leader is not None
    return leader


def test_what_was_handed_on_is_not_written_by_the_former(
    first: Clusterer, make_service: Callable[..., Clusterer]
) -> None:
    second = writer(make_service)
    books = first.collection("news-de").books
    epoch = books.claim("first", LEASE_S)
    books.ask_for("second", LEASE_S)
    take(first, 2, ["news-de"])
    assert first.assign("first").elsewhere
    assert books.leader() == "second"
    assert books.books().pending == 2
    assert second.assign("second").done == 2
    assert books.claim("second", LEASE_S) == (epoch or 0) + 1


def test_one_collection_stays_with_its_writer(make_service: Callable[..., Clusterer], store: Store) -> None:
    service = writer(make_service)
    take(service, 1, ["default"])
    service.assign("first")
    other = writer(make_service)
    for seed in range(2, 6):
        take(service, seed, ["default"])
        assert other.assign("second").elsewhere
        service.assign("first")
        assert leaders(service, ["default"]) == {"first": 1}


def test_a_worker_that_has_the_wrong_model_asks_for_nothing(
    first: Clusterer, make_service: Callable[..., Clusterer]
) -> None:
    workers = {"first": first, "second": writer(make_service, encoder=HashingEncoder(32))}
    rounds(workers, 3)
    assert leaders(first) == {"first": len(NAMES)}
