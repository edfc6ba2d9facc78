"""Articles sent as Celery messages: a full inbox delays them, and loses none."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import redis
from celery import Celery
from clusterer_workers.app import make_app
from clusterer_workers.process import WorkerProcess
from fastapi.testclient import TestClient
from support.api import FLOOD, STRIKE

from clusterer.adapters.redis_store import RedisStore
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Overloaded
from clusterer.pipeline.nightly.nightly import JOB
from clusterer.settings import Settings


@pytest.fixture
def app(redis_client: redis.Redis, redis_server: str) -> Celery:
    """The application with the service of a worker, whose tasks are run here."""
    settings = Settings(model="hashing", redis_url=redis_server, max_inbox_length=1)
    app = make_app(settings)
    service = Clusterer.over(RedisStore(redis_client, timedelta(days=14)), settings)
    app.clusterer_process = WorkerProcess(service, "articles", 60)
    return app


def test_a_full_inbox_is_worked_off_before_more_is_taken(app: Celery) -> None:
    ingest = app.tasks["clusterer.ingest"]
    books = app.clusterer_process.service.collection().books
    for id, text in (("a", FLOOD), ("b", STRIKE)):
        assert ingest.apply(kwargs={"articles": [{"id": id, "text": text}]}).successful()
    assert books.books().accepted == 2
    assert books.queue_facts().inbox_length == 1  # the first one has been prepared to make room


def test_while_memory_is_full_the_message_waits(app: Celery, redis_client: redis.Redis) -> None:
    ingest = app.tasks["clusterer.ingest"]
    intake = app.clusterer_process.service.collection().intake
    tried: list[int] = []

    def full(_: object) -> None:
        tried.append(1)
        if len(tried) < 4:
            raise Overloaded("the store's memory is full", 1)

    intake.accept_payloads = full
    assert ingest.apply(kwargs={"articles": [{"id": "a", "text": FLOOD}]}).successful()
    assert len(tried) == 4  # as often as needed: there is no last try
    assert ingest.max_retries is None
    assert ingest.acks_late


@pytest.mark.parametrize(
    "sent",
    [
        {"args": [{"id": "a", "text": FLOOD}]},
        {"args": [{"id": "a", "text": FLOOD}, "default"]},
        {"kwargs": {"id": "a", "text": FLOOD}},
        {"kwargs": {"articles": {"id": "a", "text": FLOOD}}},
        {"args": [[{"id": "a", "text": FLOOD}], "no_such_collection"]},
    ],
)
def test_no_message_is_lost(app: Celery, sent: dict[str, object]) -> None:
    assert app.tasks["clusterer.ingest"].apply(**sent).successful()
    (refused,) = app.clusterer_process.service.collection().books.refusals("", 10)
    assert json.loads(refused.payload) == {"id": "a", "text": FLOOD}


def test_what_was_refused_is_read_and_replayed_over_http_too(app: Celery) -> None:
    app.tasks["clusterer.ingest"].apply(args=[{"id": "a/b", "title": "Flood", "text": FLOOD}])
    client = TestClient(create_app(app.clusterer_process.service), base_url="http://localhost")
    (listed,) = client.get("/v1/admin/rejected").json()["data"]
    assert (listed["id"], listed["title"], listed["sent_to"], listed["payload"]) == ("a/b", "Flood", "default", None)
    path = f"/v1/admin/rejected/{listed['number']}"
    assert json.loads(client.get(path).json()["payload"])["text"] == FLOOD
    assert client.post(f"{path}/replay", headers={"Content-Type": "application/json"}).json() == {"article_id": "a/b"}
    assert client.get("/v1/admin/rejected").json()["data"] == []
    assert client.get(path).status_code == client.delete(path).status_code == 404
    for cursor in ("x", "1-2-3", "-", "٣-٣", "9" * 20 + "-1"):
        assert client.get("/v1/admin/rejected", params={"cursor": cursor}).status_code == 422
    assert client.get("/v1/articles/a%2Fb").json()["state"] == "pending"


def test_dead_articles_are_read_and_replayed_over_http(app: Celery) -> None:
    service = app.clusterer_process.service
    books = service.collection().books
    app.tasks["clusterer.ingest"].apply(args=[[{"id": "a/b", "title": "Flood", "text": FLOOD}]])
    (entry,) = books.lease("inbox", "w", 1, 30)
    books.attempt(entry.seq)
    books.mark_dead("inbox", entry.entry, entry.seq, "RuntimeError: no", service.clock.now())
    client = TestClient(create_app(service), base_url="http://localhost")
    (dead,) = client.get("/v1/admin/dead").json()["data"]
    assert (dead["article_id"], dead["title"], dead["attempts"], dead["reason"]) == (
        "a/b",
        "Flood",
        1,
        "RuntimeError: no",
    )
    assert dead["died_at"].endswith("Z") or "+00:00" in dead["died_at"]
    replay = "/v1/admin/dead/a%2Fb/replay"
    assert client.post(replay, headers={"Content-Type": "application/json"}).status_code == 202
    assert client.post(replay, headers={"Content-Type": "application/json"}).status_code == 404
    assert client.get("/v1/admin/dead").json()["data"] == []


def test_an_order_to_recluster_that_comes_too_late_is_no_fault(app: Celery) -> None:
    recluster = app.tasks["clusterer.recluster"]
    service = app.clusterer_process.service
    assert service.collection().books.claim_job(JOB, "another", 60)
    assert recluster.apply(kwargs={"collection": "default", "actor": "Ada"}).successful()
    assert service.collection().nightly.runs(1) == ()
    assert recluster.apply(kwargs={"collection": "deleted", "actor": "Ada"}).successful()
    service.collection().books.release_job(JOB, "another")
    assert recluster.apply(kwargs={"collection": "default", "actor": "Ada"}).successful()
    assert [run.actor for run in service.collection().nightly.runs(2)] == ["Ada"]
