"""Which collections there are, and which life of its name each of them is.

A collection that is deleted and created again under the same name is another one. Whoever worked on the former, and has not noticed,
must not write into the new one, nor leave anything behind where there is none. So each life has a token of its own, in the
collection's head, and every script compares it with the caller's (prelude.lua). The head gets it before the name is listed, and
loses it before anything else is deleted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

from clusterer.adapters.redis_store.faults import translated
from clusterer.adapters.redis_store.keys import COLLECTIONS, DELETING, FORMER, LIFE, SCHEMA, SCHEMA_VERSION, prefix
from clusterer.adapters.redis_store.sending import send, send_all
from clusterer.core.errors import NotFound, SchemaMismatch

_UNLINKED_AT_ONCE = 500
_settings = msgspec.json.Decoder(dict[str, str])


def refuse_other_schema(found: bytes) -> None:
    """Raises SchemaMismatch."""
    if found != SCHEMA_VERSION:
        raise SchemaMismatch(
            f"the data in Redis has schema {found.decode()}, this program reads {SCHEMA_VERSION.decode()}: "
            "use the program that wrote it, or an empty database"
        )


class Registry:
    """The names of collections, their settings and their lives. Raises the errors of core/errors.py."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    def names(self) -> list[str]:
        """Of all collections that are not being deleted."""
        stored = send(self._client, "HGETALL", COLLECTIONS)
        return sorted(name.decode() for name, settings in stored.items() if settings != DELETING)

    def settings(self, name: str) -> dict[str, str]:
        """Raises NotFound."""
        return _settings.decode(_listed(name, send(self._client, "HGET", COLLECTIONS, name)))

    def life(self, name: str) -> str:
        """The token of this life. Raises NotFound, and SchemaMismatch once a later release has taken the data over."""
        asked = (("HGET", COLLECTIONS, name), ("HGET", _head(name), LIFE))
        schema, stored, life = send_all(self._client, (("GET", SCHEMA), *asked))
        _refuse_later_schema(schema)
        _listed(name, stored)
        if life is None:  # made by a release that knew of no lives
            self._while_listed_as(name, stored, lambda queued: queued.hsetnx(_head(name), LIFE, _new_life()))
            stored, life = send_all(self._client, asked)
            if life is None:
                raise _unknown(name)
        return str(life.decode())

    def create(self, name: str, settings: Mapping[str, str]) -> bool:
        """False when it exists. Raises SchemaMismatch."""
        self._check_schema()
        if send(self._client, "HGET", COLLECTIONS, name) == DELETING:
            self.delete(name)
        send(self._client, "HSETNX", _head(name), LIFE, _new_life())
        return bool(send(self._client, "HSETNX", COLLECTIONS, name, msgspec.json.encode(dict(settings))))

    def configure(self, name: str, settings: Mapping[str, str]) -> None:
        """Settings not named keep their value. Raises NotFound, SchemaMismatch."""
        self._check_schema()
        while True:
            stored = _listed(name, send(self._client, "HGET", COLLECTIONS, name))
            merged = msgspec.json.encode({**_settings.decode(stored), **settings})
            if self._while_listed_as(name, stored, lambda queued, value=merged: queued.hset(COLLECTIONS, name, value)):  # type: ignore[misc]
                return

    def delete(self, name: str) -> None:
        """Everything of it; repeatable after a crash. The name is free again only when all is gone. Raises SchemaMismatch.

        Of several deletions at once the slower ones stop at what a new life of the name has, for that is not being deleted.
        """
        self._check_schema()
        send(self._client, "HSET", COLLECTIONS, name, DELETING)
        cursor: Any = 0
        deleting = self._while_listed_as(name, DELETING, lambda queued: queued.delete(_head(name)))
        while deleting:
            # Names are [a-z0-9_-] and braces are no glob characters, so the pattern matches this collection only.
            cursor, keys = send(self._client, "SCAN", cursor, "MATCH", prefix(name) + "*", "COUNT", _UNLINKED_AT_ONCE)
            for start in range(0, len(keys), _UNLINKED_AT_ONCE):
                part = keys[start : start + _UNLINKED_AT_ONCE]
                deleting = deleting and self._while_listed_as(
                    name,
                    DELETING,
                    lambda queued, gone=part: queued.unlink(*gone),  # type: ignore[misc]
                )
            if int(cursor) == 0:
                break
        self._while_listed_as(name, DELETING, lambda queued: queued.hdel(COLLECTIONS, name))

    def _check_schema(self) -> None:
        _refuse_later_schema(send(self._client, "GET", SCHEMA))

    def _while_listed_as(self, name: str, value: bytes, command: Callable[[Pipeline], object]) -> bool:
        """Do it in one step with the check that the name is listed with this value; False, and nothing done, where it is not."""
        with translated(), self._client.pipeline() as queued:
            while True:
                queued.watch(COLLECTIONS)  # type: ignore[no-untyped-call]
                if queued.hget(COLLECTIONS, name) != value:
                    return False
                queued.multi()
                command(queued)
                try:
                    queued.execute()
                except WatchError:  # another collection was listed meanwhile, or this one changed
                    continue
                return True


def _refuse_later_schema(found: bytes | None) -> None:
    """Former ones are seen during an upgrade."""
    if found is not None and found not in FORMER:
        refuse_other_schema(found)


def _head(name: str) -> str:
    return prefix(name) + "head"


def _new_life() -> str:
    return secrets.token_hex(8)


def _listed(name: str, stored: bytes | None) -> bytes:
    if stored is None or stored == DELETING:
        raise _unknown(name)
    return stored


def _unknown(name: str) -> NotFound:
    return NotFound(f"there is no collection {name!r}: create it first")
