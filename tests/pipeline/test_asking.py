"""Searches by text through a worker that has the model loaded, and without one."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest
import redis

from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.lookup import asking
from clusterer.pipeline.lookup.asking import AskingEncoder, answer_next
from clusterer.settings import Settings
from workers.process import WorkerProcess

TEXT = "The river Wend rose at Lowfield."


class Counting(HashingEncoder):
    """Counts what it is asked itself."""

    calls = 0

    def encode(self, texts: Sequence[str]) -> Any:
        self.calls += 1
        return super().encode(texts)


@pytest.fixture
def store(redis_client: redis.Redis) -> RedisStore:
    return RedisStore(redis_client)


def test_a_worker_embeds_the_text_of_a_search(
    redis_server: str, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "AskingEncoder", partial(AskingEncoder, wait_s=300))  # for a worker on a busy machine
    settings = Settings(redis_url=redis_server, model="hashing")
    worker = WorkerProcess(Clusterer.connect(settings), "articles", 60)
    service = Clusterer.connect(settings, encoder=Counting())
    service.collection().intake.accept_payloads([{"id": "a", "text": TEXT * 5}])
    Clusterer.connect(settings).drain()
    worker.start()
    try:
        until = time.monotonic() + 120
        while not service.store.workers():
            assert time.monotonic() < until
            time.sleep(0.05)
        [hit] = service.collection().lookup.search_text(TEXT, 5, -1).data
        assert hit.article_id == "a"
        assert service.encoder.calls == 0  # type: ignore[attr-defined]
    finally:
        worker.stop()
        for thread in threading.enumerate():
            if thread.name == "answers":
                thread.join(120)


def test_without_workers_nobody_is_asked(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    local = Counting()
    store.heartbeat("w", "clusters", 600)  # has no model
    monkeypatch.setattr(store, "ask", None)
    assert AskingEncoder(store, local, lambda: None, wait_s=60).encode([TEXT]).shape == (1, 384)
    assert local.calls == 1


@pytest.mark.parametrize("answers", ["never", "for another model"])
def test_what_no_worker_can_answer_is_done_here(store: RedisStore, answers: str) -> None:
    local = Counting()
    store.heartbeat("w", "articles", 600)
    if answers == "for another model":
        thread = threading.Thread(target=answer_next, args=(store, HashingEncoder(64), 300))
        thread.start()
    vectors = AskingEncoder(store, local, lambda: None, wait_s=300 if answers != "never" else 0.05).encode([TEXT])
    assert np.array_equal(vectors, HashingEncoder().encode([TEXT]))
    assert local.calls == 1


def test_an_answer_that_comes_too_late_is_dropped(store: RedisStore, redis_client: redis.Redis) -> None:
    assert store.ask(b"question", 0.05) is None
    name, question = store.next_question(1) or ("", b"")
    assert question == b"question"
    store.answer(name, b"late")
    assert 0 < redis_client.ttl(f"clu:answer:{name}") <= 10
    assert store.next_question(0.05) is None
