"""What a scrape reads from the books."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from prometheus_client import CollectorRegistry, generate_latest
from support.articles import SetClock, article

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Fenced
from clusterer.pipeline.metrics import StoreCollector
from clusterer.ports import Store


def scrape(store: Store) -> list[str]:
    registry = CollectorRegistry()
    registry.register(StoreCollector(store))
    return generate_latest(registry).decode().splitlines()


def test_refused_commits_and_repaired_entries(
    store: Store, make_service: Callable[..., Clusterer], clock: SetClock, redis_client: redis.Redis
) -> None:
    service = make_service()
    books = service.collection().books
    service.collection().intake.accept([article("a"), article("b")])
    text = scrape(store)
    assert "# TYPE clusterer_refused_commits_total counter" in text
    assert 'clusterer_refused_commits_total{collection="default"} 0.0' in text
    assert 'clusterer_repaired_entries_total{collection="default"} 0.0' in text
    assert 'clusterer_queue_depth{collection="default",queue="parked"} 0.0' in text
    assert 'clusterer_queue_age_seconds{collection="default",queue="parked"} 0.0' in text
    epoch = books.claim("w1", 60)
    assert epoch is not None
    for _ in range(3):
        with pytest.raises(Fenced):
            books.commit(epoch + 1, 1, [], clock.now())
    redis_client.delete("clu:{default}:inbox")
    service.sweep()
    text = scrape(store)
    assert 'clusterer_refused_commits_total{collection="default"} 3.0' in text
    assert 'clusterer_repaired_entries_total{collection="default"} 2.0' in text
    assert 'clusterer_queue_depth{collection="default",queue="inbox"} 2.0' in text
