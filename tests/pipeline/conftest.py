"""The whole pipeline in this process, over Redis, with a cheap encoder and a clock that the test sets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from support.articles import WINDOW, SetClock

from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.collection import Collection
from clusterer.ports import Encoder, Store
from clusterer.settings import Settings


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(redis_client: redis.Redis) -> Store:
    return RedisStore(redis_client, WINDOW)


@pytest.fixture
def make_service(store: Store, clock: SetClock) -> Callable[..., Clusterer]:
    def make(encoder: Encoder | None = None, **settings: object) -> Clusterer:
        return Clusterer.over(store, Settings(**settings), encoder=encoder or HashingEncoder(64), clock=clock)

    return make


@pytest.fixture
def service(make_service: Callable[..., Clusterer]) -> Clusterer:
    return make_service()


@pytest.fixture
def collection(service: Clusterer) -> Collection:
    return service.collection()
