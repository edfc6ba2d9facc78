"""Totals over processes: what workers observed is shown by the API, outlives them, and is counted once."""

from __future__ import annotations

import pytest
import redis
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from clusterer.adapters.redis_store import RedisStore
from clusterer.core.errors import StoreUnavailable
from clusterer.pipeline.metrics import Metrics, build_metrics
from clusterer.pipeline.totals import SharedTotals


@pytest.fixture
def store(redis_client: redis.Redis) -> RedisStore:
    return RedisStore(redis_client)


def shown(metrics: Metrics, store: RedisStore) -> dict[tuple[str, str], float]:
    """What a scrape of this process's `/metrics` answers, as Prometheus reads it: (name, label values) -> value."""
    registry = CollectorRegistry()
    registry.register(SharedTotals(metrics.work, store))
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {(s.name, " ".join(s.labels.values())): s.value for family in families for s in family.samples}


def test_what_workers_did_is_shown_by_the_api(store: RedisStore) -> None:
    for _ in range(3):  # one after the other, each killed after it had added
        worker = build_metrics()
        totals = SharedTotals(worker.work, store)
        for _ in range(2):
            worker.ingested("new", 5)
            worker.stage_duration_s.labels("embed").observe(0.3)
            totals.add()
        totals.add()  # nothing new
        worker.index_vectors.labels("default").set(40)
        totals.add()
    api = build_metrics()
    api.ingested("replayed")
    found = shown(api, store)
    assert found["clusterer_articles_ingested_total", "new"] == 30
    assert found["clusterer_articles_ingested_total", "replayed"] == 1
    assert found["clusterer_stage_duration_seconds_count", "embed"] == 6
    assert found["clusterer_stage_duration_seconds_sum", "embed"] == pytest.approx(1.8)
    assert found["clusterer_stage_duration_seconds_bucket", "0.25 embed"] == 0
    assert found["clusterer_stage_duration_seconds_bucket", "0.5 embed"] == 6
    assert found["clusterer_stage_duration_seconds_bucket", "+Inf embed"] == 6
    assert found["clusterer_index_vectors", "default"] == 40


def test_scraping_twice_counts_once(store: RedisStore) -> None:
    api = build_metrics()
    api.assigned("joined")
    registry = CollectorRegistry()
    registry.register(SharedTotals(api.work, store))
    assert generate_latest(registry) == generate_latest(registry)
    assert registry.get_sample_value("clusterer_assignment_total", {"result": "joined"}) == 1


def test_what_could_not_be_added_is_added_later(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    worker = build_metrics()
    totals = SharedTotals(worker.work, store)
    worker.ingested("new")
    with monkeypatch.context() as patch:
        patch.setattr(RedisStore, "add_totals", away)
        with pytest.raises(StoreUnavailable):
            totals.add()
        assert shown(worker, store) == {}
    totals.add()
    assert shown(build_metrics(), store)["clusterer_articles_ingested_total", "new"] == 1
