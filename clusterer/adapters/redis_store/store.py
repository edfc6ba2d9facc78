"""All collections in one Redis: implements clusterer.ports.Store."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import structlog
from redis import Redis
from redis.exceptions import LockError, WatchError

from clusterer.adapters.redis_store.collection import RedisCollection
from clusterer.adapters.redis_store.faults import translated
from clusterer.adapters.redis_store.keys import (
    FORMER,
    PING,
    QUESTIONS,
    SCHEMA,
    SCHEMA_VERSION,
    STORE_LIFE,
    TOTALS,
    UPGRADE,
    WITH_TITLE_VECTORS,
    WORKERS,
    answer_to,
    idempotency,
)
from clusterer.adapters.redis_store.link import Link
from clusterer.adapters.redis_store.part import posting_bucket_ms
from clusterer.adapters.redis_store.registry import Registry, refuse_other_schema
from clusterer.adapters.redis_store.scripts import Argument, Scripts
from clusterer.adapters.redis_store.sending import send, send_together
from clusterer.adapters.redis_store.server import check_server
from clusterer.adapters.store_mark import StoreMark
from clusterer.core.errors import StoreRefused, StoreUnavailable
from clusterer.ports import CollectionStore

log = structlog.get_logger(__name__)

_UPGRADED_AT_ONCE = 1_000
_REPOSTED_AT_ONCE = 32  # articles of a hundred terms or more
_UNANSWERED_S = 10  # then a question, or an answer that nobody waits for any more, is dropped
_UPGRADE_LEASE_S = 60.0
_answer = msgspec.msgpack.Decoder(tuple[str, bytes])
_asked = msgspec.msgpack.Decoder(tuple[str, bytes])


class RedisStore:
    """`client` must return bytes (decode_responses=False). `window`: see CollectionStore.register.

    `may_lose`: a server that can lose what it was told will do, and one that came back empty is begun anew. `mark`: which data were
    there before this process began; without one it knows only what it has seen itself.
    """

    def __init__(
        self,
        client: Redis,
        window: timedelta = timedelta(days=14),
        may_lose: bool = False,
        mark: StoreMark | None = None,
    ) -> None:
        self._client = client
        self._scripts = Scripts(client)
        self._registry = Registry(client)
        self._window = window
        self._may_lose = may_lose
        self._mark = mark
        self._known_life: bytes | None = None

    def _do(self, *command: Argument) -> Any:
        return send(self._client, *command)

    def check_server(self) -> None:
        """See Store.check_server."""
        check_server(self._client, self._may_lose)

    def check_schema(self) -> None:
        """See Store.check_schema."""
        self._check_life()
        self._do("SET", SCHEMA, SCHEMA_VERSION, "NX")
        found = self._do("GET", SCHEMA)
        if found in FORMER:
            found = self._upgraded()
        refuse_other_schema(found)

    def _check_life(self) -> None:
        """Notice that the store was emptied since it was last seen. Raises StoreRefused where it must not forget."""
        known = self._known_life or (self._mark.read() if self._mark else None)
        if known is not None:
            found = self._do("GET", STORE_LIFE)
            if found == known:
                self._known_life = found
                return
            # Somebody began anew if this process knew the former data itself; nobody did if it has only been told of them.
            if not self._may_lose and (found is None or self._known_life is None):
                raise StoreRefused(self._forgot(found))
            log.error("store_was_emptied", former=known.decode("ascii", "replace"), found=(found or b"").decode())
        self._do("SET", STORE_LIFE, secrets.token_hex(8), "NX")
        self._known_life = self._do("GET", STORE_LIFE)
        if self._mark and self._known_life:
            self._mark.write(self._known_life)

    def _forgot(self, found: bytes | None) -> str:
        if found is not None and self._mark:
            return (
                "Redis does not hold the data that it held when it was last used from here: restore them, "
                f"or, to go on with what it holds, delete {self._mark.path}; then restart the service"
            )
        lost = "Redis has lost its data: restore a backup, then restart the service; "
        if self._mark:
            return f"{lost}to begin with an empty store, delete {self._mark.path} before"
        return f"{lost}without a backup, a restart begins with an empty store"

    def _upgraded(self) -> bytes:
        """One process does it, in slices; one that is killed is followed by the next to start."""
        try:
            with translated(), self._client.lock(UPGRADE, timeout=_UPGRADE_LEASE_S) as lock:
                found = self._do("GET", SCHEMA)
                if found in FORMER:
                    heads = [self._link(name) for name in self._registry.names()]
                    for head in heads:
                        self._upgrade(head, found, lock.reacquire)
                    if self._replace_schema(found):
                        for head in heads:
                            self._do("HDEL", head.key("head"), "upgraded", "reposted")
        except LockError:
            raise StoreUnavailable(
                "bringing the data up to date was held up; another process may go on with it"
            ) from None
        return bytes(self._do("GET", SCHEMA))

    def _upgrade(self, head: Link, former: bytes, going_on: Callable[[], object]) -> None:
        """Bring one collection up to date: drop the titles' vectors of 1 and 2, and enter the posting index of 6."""
        if former in WITH_TITLE_VECTORS:
            while head.run("drop_title_vectors", _UPGRADED_AT_ONCE):
                going_on()
        bucket_ms = posting_bucket_ms(self._window)
        while head.run("repack_postings", _REPOSTED_AT_ONCE, self._now_ms() // bucket_ms, 3 * bucket_ms):
            going_on()
        cursor: Any = 0
        while True:
            cursor, keys = self._do("SCAN", cursor, "MATCH", head.key("p:*"), "COUNT", _UPGRADED_AT_ONCE)
            if keys:
                self._do("UNLINK", *keys)
            going_on()
            if int(cursor) == 0:
                return

    def _replace_schema(self, former: bytes) -> bool:
        """False where somebody did: this process may have slept, and the data be of a later release by now."""
        with self._client.pipeline() as queued, suppress(WatchError):
            queued.watch(SCHEMA)  # type: ignore[no-untyped-call]
            if queued.get(SCHEMA) == former:
                queued.multi()
                queued.set(SCHEMA, SCHEMA_VERSION)
                queued.execute()
                return True
        return False

    def collection(self, name: str) -> CollectionStore:
        """See Store.collection."""
        return RedisCollection(self._link(name), self._window)

    def _link(self, name: str) -> Link:
        return Link(self._client, self._scripts, name, self._registry.life(name))

    def life(self, name: str) -> str:
        """See Store.life."""
        return self._registry.life(name)

    def create_collection(self, name: str, settings: Mapping[str, str]) -> bool:
        """See Store.create_collection."""
        return self._registry.create(name, settings)

    def configure_collection(self, name: str, settings: Mapping[str, str]) -> None:
        """See Store.configure_collection."""
        self._registry.configure(name, settings)

    def collection_settings(self, name: str) -> Mapping[str, str]:
        """See Store.collection_settings."""
        return self._registry.settings(name)

    def collections(self) -> list[str]:
        """See Store.collections. By name."""
        return self._registry.names()

    def delete_collection(self, name: str) -> None:
        """See Store.delete_collection."""
        self._registry.delete(name)

    def remember(self, key: str, body_hash: str, answer: bytes, ttl_s: int) -> tuple[str, bytes]:
        """See Store.remember."""
        name = idempotency(key)
        mine = msgspec.msgpack.encode((body_hash, answer))
        commands = [("SET", name, mine, "NX", "EX", ttl_s), ("GET", name)]
        _, stored = send_together(self._client, commands)
        return _answer.decode(stored)

    def recall(self, key: str) -> tuple[str, bytes] | None:
        """See Store.recall."""
        stored = self._do("GET", idempotency(key))
        return None if stored is None else _answer.decode(stored)

    def heartbeat(self, worker: str, role: str, ttl_s: float) -> None:
        """See Store.heartbeat."""
        now_ms = self._now_ms()
        self._do("ZREMRANGEBYSCORE", WORKERS, "-inf", now_ms)
        self._do("ZADD", WORKERS, now_ms + round(ttl_s * 1000), f"{role} {worker}")

    def workers(self) -> Mapping[str, str]:
        """See Store.workers."""
        alive = self._do("ZRANGEBYSCORE", WORKERS, f"({self._now_ms()}", "+inf")
        pairs = (member.decode().partition(" ") for member in alive)
        return {worker: role for role, _, worker in pairs}

    def ask(self, question: bytes, wait_s: float) -> bytes | None:
        """See Store.ask."""
        name = str(uuid4())
        push = ("RPUSH", QUESTIONS, msgspec.msgpack.encode((name, question)))
        send_together(self._client, [push, ("EXPIRE", QUESTIONS, _UNANSWERED_S)])
        answered = self._do("BLPOP", answer_to(name), wait_s)
        return None if answered is None else bytes(answered[1])

    def next_question(self, wait_s: float) -> tuple[str, bytes] | None:
        """See Store.next_question."""
        taken = self._do("BLPOP", QUESTIONS, wait_s)
        return None if taken is None else _asked.decode(taken[1])

    def answer(self, name: str, answer: bytes) -> None:
        """See Store.answer."""
        push = ("RPUSH", answer_to(name), answer)
        send_together(self._client, [push, ("EXPIRE", answer_to(name), _UNANSWERED_S)])

    def add_totals(self, counts: Mapping[str, float], levels: Mapping[str, float]) -> None:
        """See Store.add_totals."""
        commands: list[tuple[Argument, ...]] = [("HINCRBYFLOAT", TOTALS, name, value) for name, value in counts.items()]
        if levels:
            commands.append(("HSET", TOTALS, *(part for level in levels.items() for part in level)))
        if commands:
            send_together(self._client, commands)

    def totals(self) -> Mapping[str, float]:
        """See Store.totals."""
        return {name.decode(): float(value) for name, value in self._do("HGETALL", TOTALS).items()}

    def _now_ms(self) -> int:
        seconds, microseconds = self._do("TIME")
        return int(seconds) * 1000 + int(microseconds) // 1000

    def ping(self) -> None:
        """See Store.ping."""
        self._do("SET", PING, "", "PX", 1)
