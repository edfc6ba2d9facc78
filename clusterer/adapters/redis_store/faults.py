"""Redis' errors in the project's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from clusterer.core.errors import (
    ClustererError,
    Conflict,
    Fenced,
    ModelMismatch,
    RevisionMismatch,
    StaleGeneration,
    StoreUnavailable,
)

_REFUSALS: dict[str, type[ClustererError]] = {
    "FENCED": Fenced,
    "STALEGEN": StaleGeneration,
    "MODEL": ModelMismatch,
    "REVISION": RevisionMismatch,
    "CONFLICT": Conflict,
}
_CANNOT_WRITE = {
    "OOM": "Redis is out of memory (maxmemory): raise it, or delete or expire articles",
    "MISCONF": "Redis cannot write to its disk: free space there, then look at its log",
    "READONLY": "this Redis is a read-only replica: connect to the primary",
    "LOADING": "Redis is still loading its data: try again in a moment",
    "BUSY": "Redis is busy with a script that does not end",
    "NOAUTH": "Redis wants a password: give it in the URL",
    "WRONGPASS": "Redis refused user name or password",
    "NOPERM": "the Redis user lacks a permission that the program needs",
}


def _translate(error: RedisError) -> ClustererError | None:
    message = str(error)
    code, _, detail = message.partition(" ")
    if code in _REFUSALS:
        return _REFUSALS[code](detail or message)
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        return StoreUnavailable(f"Redis does not answer: {message}")
    # Wrapped in a script's own message, the code is not always in front; redis-py drops it from some.
    for word, meaning in _CANNOT_WRITE.items():
        if code == word or f" {word} " in f" {message} " or (word == "OOM" and "maxmemory" in message):
            return StoreUnavailable(f"{meaning} ({message})")
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raise what Redis says as one of this project's errors; unforeseen ones pass through, for they are bugs."""
    try:
        yield
    except (ResponseError, RedisConnectionError, RedisTimeoutError) as error:
        meaning = _translate(error)
        if meaning is None:
            raise
        raise meaning from error
