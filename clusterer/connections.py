"""Where the data are: the Redis that is configured or the private one of the data folder, and connections to it.

Below `bootstrap`, which puts the service together; like it, it knows adapters.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from clusterer.adapters.addresses import celery_address, check_address
from clusterer.adapters.store_mark import StoreMark
from clusterer.settings import Settings, SettingsError, env_name

if TYPE_CHECKING:
    from clusterer.adapters.embedded_redis import EmbeddedRedis

_SOCKET_TIMEOUT_S = 30
_RETRIES = 2


def private_redis(data_dir: Path, appendfsync: Literal["always", "everysec"]) -> EmbeddedRedis:
    """The data folder's own Redis, started or joined. `start` brings it back when it died."""
    from clusterer.adapters.embedded_redis import EmbeddedRedis

    server = EmbeddedRedis(data_dir, appendfsync)
    server.start()
    atexit.register(server.stop)  # the last process that uses it stops it
    return server


def redis_url(settings: Settings) -> str:
    """The configured Redis, or the private one of the data folder, which is started or joined."""
    if settings.redis_url:
        return settings.redis_url
    return private_redis(settings.data_dir, settings.appendfsync).url


def disk_free_ratio(settings: Settings) -> float | None:
    """How much is free of the disk on which the private Redis has its data, 0 to 1; None for another Redis, and before there are data."""
    place, folder = urlsplit(settings.redis_url or ""), settings.data_dir.resolve()
    is_private = not settings.redis_url or (place.scheme == "unix" and Path(unquote(place.path)).is_relative_to(folder))
    if not is_private or not folder.exists():
        return None
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def broker_url(settings: Settings) -> str:
    """Where Celery's hints go, in the form that Celery expects. Raises SettingsError."""
    field = "broker_url" if settings.broker_url else "redis_url"
    try:
        return celery_address(settings.broker_url or redis_url(settings))
    except ValueError as error:
        raise SettingsError(f"{env_name(field)}: {error}") from None


def store_mark(settings: Settings) -> StoreMark:
    """The note of the data folder about the data in Redis."""
    return StoreMark(settings.data_dir, redis_url(settings))


def connect_redis(url: str, timeout_s: float = _SOCKET_TIMEOUT_S, retries: int = _RETRIES) -> redis.Redis:
    """A client whose calls end: with an answer, or with an error after a bounded time.

    A call whose connection broke is sent again: all that this program writes may be written twice. Raises SettingsError.
    """
    again = Retry(ExponentialWithJitterBackoff(base=0.1, cap=1.0), retries, supported_errors=(redis.ConnectionError,))
    try:
        check_address(url)
        client = redis.Redis.from_url(
            url,
            socket_timeout=timeout_s,
            socket_connect_timeout=min(5, timeout_s),
            health_check_interval=15,
            retry=again,
        )
        client.connection_pool.make_connection()  # not connected yet, but with all options of the address
    except (ValueError, TypeError, redis.RedisError) as error:
        said = str(error).rpartition("got an unexpected keyword argument ")
        reason = f"the address has an unknown option {said[2]}" if said[0] else said[2]
        raise SettingsError(f"{env_name('redis_url')}: {reason}") from None
    return client


@lru_cache(maxsize=4)
def only_one(data_dir: Path, name: str, about: str) -> str | None:
    """Lock a data folder for this process as long as it lives. None when it is ours now, else what its owner said `about` itself."""
    from clusterer.adapters.redis_folder import try_lock

    path = data_dir / f"{name}.lock"
    descriptor = try_lock(path, fcntl.LOCK_EX)
    if descriptor is None:
        return path.read_text("utf-8")
    os.ftruncate(descriptor, 0)
    os.write(descriptor, about.encode())
    return None
