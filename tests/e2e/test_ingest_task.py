"""Articles sent as Celery messages: a full inbox delays them, and loses none."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from celery import Celery
from test_api import FLOOD, STRIKE

from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Overloaded
from clusterer.settings import Settings
from workers.app import make_app
from workers.lifecycle import WorkerProcess


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
    assert books.queue_facts()["inbox_length"] == 1  # the first one has been prepared to make room


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
