"""What several kinds of tests need: a real redis-server of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from clusterer.adapters.embedded_redis import EmbeddedRedis


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL of a private redis-server that lives as long as the test session."""
    folder = Path(
        tempfile.mkdtemp(prefix="clusterer-test-")
    )  # pytest's own folders can be too long for a socket's path
    server = EmbeddedRedis(folder, appendfsync="everysec")
    try:
        server.start()
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis_client(redis_server: str) -> Iterator[redis.Redis]:
    """A client of the private redis-server, which is empty at the start of each test."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
        yield client
