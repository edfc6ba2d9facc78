"""Too much at once, over a real Redis: a clear answer early, and nothing half done."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import redis
from fastapi.testclient import TestClient
from support.api import FLOOD, STRIKE, problem

from clusterer.adapters.redis_store import RedisStore
from clusterer.api.app import create_app
from clusterer.api.limits import ApiLimits
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import NotFound, Overloaded
from clusterer.pipeline.intake import Rejected, parse_article
from clusterer.pipeline.intake.admission import AdmissionPolicy
from clusterer.pipeline.upkeep.audit import audit
from clusterer.settings import Settings

NO_LIMIT = AdmissionPolicy(max_memory_ratio=1e9)


def service_over(client: redis.Redis, **settings: object) -> Clusterer:
    return Clusterer.over(RedisStore(client, timedelta(days=14)), Settings(model="hashing", **settings))


@pytest.fixture
def small_redis(redis_client: redis.Redis) -> Iterator[redis.Redis]:
    """A Redis whose memory limit the test may set."""
    yield redis_client
    redis_client.config_set("maxmemory", 0)


def post(
    service: Clusterer, policy: AdmissionPolicy, path: str = "/v1/articles", body: object = None
) -> httpx.Response:
    client = TestClient(
        create_app(service, ApiLimits(admission=policy)), "http://localhost", raise_server_exceptions=False
    )
    return client.post(path, json=body or {"text": FLOOD})


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/articles", {"text": STRIKE}), ("/v1/articles:batch", [{"text": STRIKE}])]
)
def test_nearly_full_memory_turns_articles_away(small_redis: redis.Redis, path: str, body: object) -> None:
    service = service_over(small_redis)
    assert post(service, AdmissionPolicy()).status_code == 202
    small_redis.config_set("maxmemory", int(1.05 * int(small_redis.info("memory")["used_memory"])))
    response = post(service, AdmissionPolicy(max_memory_ratio=0.85), path, body)
    assert "memory" in problem(response, 429, "overloaded")["detail"]
    assert int(response.headers["retry-after"]) >= 5
    small_redis.config_set("maxmemory", 0)
    assert post(service, AdmissionPolicy(max_memory_ratio=0.85), path, body).status_code == 202
    service.drain()
    assert service.collection().books.books().assigned == 2


def test_a_redis_that_cannot_write_is_said_to_be_away(small_redis: redis.Redis) -> None:
    service = service_over(small_redis)
    small_redis.config_set("maxmemory", 1)
    response = post(service, NO_LIMIT)
    assert "maxmemory" in problem(response, 503, "store_unavailable")["detail"]
    assert int(response.headers["retry-after"]) > 0
    small_redis.config_set("maxmemory", 0)
    assert service.collection().books.books().accepted == 0
    assert audit(service.collection().books).clean
    assert post(service, NO_LIMIT).status_code == 202


def test_what_waits_too_long_turns_articles_away(redis_client: redis.Redis) -> None:
    service = service_over(redis_client)
    post(service, AdmissionPolicy())
    time.sleep(0.05)
    response = post(service, AdmissionPolicy(max_inbox_age_s=0.02), body={"text": STRIKE})
    assert "waiting" in problem(response, 429, "overloaded")["detail"]


def test_one_full_collection_does_not_close_another(redis_client: redis.Redis) -> None:
    service = service_over(redis_client)
    service.store.create_collection("sport", {})
    policy = AdmissionPolicy(max_inbox_length=1)
    assert post(service, policy).status_code == 202
    assert post(service, policy, body={"text": STRIKE}).status_code == 429
    assert post(service, policy, "/v1/articles?collection=sport", {"text": STRIKE}).status_code == 202


# -- queue producers


def test_queue_producers_meet_the_same_limits(redis_client: redis.Redis) -> None:
    service = service_over(redis_client, max_inbox_length=2, max_text_chars=1_000)
    intake = service.collection().intake
    answers = intake.accept_payloads(
        [{"id": "a", "text": FLOOD}, {"id": "b", "text": "x" * 1_001}, {"id": "c", "text": STRIKE}]
    )
    assert [isinstance(answer, Rejected) for answer in answers] == [False, True, False]
    assert service.collection().books.queue_facts().rejected_length == 1
    with pytest.raises(Overloaded):
        intake.accept_payloads([{"id": "d", "text": FLOOD}])
    service.drain()
    assert not isinstance(intake.accept_payloads([{"id": "d", "text": FLOOD}])[0], Rejected)


def test_the_longest_text() -> None:
    assert parse_article({"text": "x" * 10}, 10)
    for field in ("text", "html"):
        with pytest.raises(Rejected) as caught:
            parse_article(json.dumps({field: "x" * 11}).encode(), 10)
        assert [error.pointer for error in caught.value.errors] == [f"/{field}"]


# -- deleted collections


def test_a_collection_deleted_by_another_process_takes_no_more_articles(redis_client: redis.Redis) -> None:
    here, there = service_over(redis_client), service_over(redis_client)
    here.store.create_collection("sport", {})
    assert post(here, NO_LIMIT, "/v1/articles?collection=sport").status_code == 202
    here.drain()
    there.store.delete_collection("sport")
    problem(post(here, NO_LIMIT, "/v1/articles?collection=sport", {"text": STRIKE}), 404, "not_found")
    with pytest.raises(NotFound):
        here.collection("sport")
    assert redis_client.keys("*sport*") == []


def test_a_collection_made_anew_by_another_process_begins_from_nothing(redis_client: redis.Redis) -> None:
    here, there = service_over(redis_client), service_over(redis_client)
    here.store.create_collection("sport", {})
    for text in (FLOOD, STRIKE):
        post(here, NO_LIMIT, "/v1/articles?collection=sport", {"text": text})
        here.drain()
    there.store.delete_collection("sport")
    there.store.create_collection("sport", {})
    post(here, NO_LIMIT, "/v1/articles?collection=sport", {"id": "new", "text": FLOOD})
    here.drain()
    assert here.collection("sport").books.books().assigned == 1
    assert here.collection("sport").lookup.article("new").cluster_id
    assert audit(here.collection("sport").books).clean


# -- what the stages tell


def test_each_stage_is_counted_and_timed(redis_client: redis.Redis) -> None:
    service = service_over(redis_client)
    intake = service.collection().intake
    intake.accept_payloads(
        [{"id": "a", "text": FLOOD}, {"id": "b", "text": FLOOD}, {"id": "c", "text": STRIKE}, {"id": "d"}]
    )
    intake.accept_payloads([{"id": "a", "text": FLOOD}])
    service.drain()
    registry = service.metrics.work

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(f"clusterer_{name}", labels)

    outcomes = {"new": 2, "exact": 1, "replayed": 1, "rejected": 1}
    assert {name: value("articles_ingested_total", outcome=name) for name in outcomes} == outcomes
    assert (value("assignment_total", result="new"), value("assignment_total", result="copy")) == (2, 1)
    counts = {"accept": 2, "clean": 3, "fingerprint": 3, "embed": 1}
    assert {name: value("stage_duration_seconds_count", stage=name) for name in counts} == counts
    assert value("stage_duration_seconds_count", stage="commit")
    assert (value("lsh_candidates_count"), value("ingest_lag_seconds_count")) == (3, 3)
    assert value("index_vectors", collection="default") == 2
