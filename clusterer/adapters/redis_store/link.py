"""One collection's way to Redis: names of its keys, its scripts, and plain commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from itertools import islice
from typing import Any

from redis import Redis

from clusterer.adapters.redis_store.keys import prefix
from clusterer.adapters.redis_store.scripts import Argument, Scripts
from clusterer.adapters.redis_store.sending import Command, send, send_all

_BATCH_LIMIT = 64
_SLICE = 1_000  # commands in one pipeline: enough to hide the round trip, little enough to keep replies small


def _slices(commands: Iterable[Command]) -> Iterator[list[Command]]:
    remaining = iter(commands)
    while part := list(islice(remaining, _SLICE)):
        yield part


def check_batch(items: Sized) -> None:
    """Raises ValueError for more items than a store takes in one call: scripts block everybody else while they run."""
    if len(items) > _BATCH_LIMIT:
        raise ValueError(f"{len(items)} items in one call: send at most {_BATCH_LIMIT}")


@dataclass(frozen=True, slots=True)
class Published:
    """What readers see: the number of the generation, and under which keys its vectors are."""

    generation: int
    vectors: str


class Link:
    """Shared by the parts of a RedisCollection. Raises the errors of core/errors.py."""

    def __init__(self, client: Redis, scripts: Scripts, collection: str, life: str) -> None:
        self._client = client
        self._scripts = scripts
        self._prefix = prefix(collection)
        self.collection = collection
        self.life = life
        self._published = Published(1, "v")  # as last seen

    def key(self, name: str) -> str:
        """Full name of one of the collection's keys."""
        return self._prefix + name

    def run(self, script: str, *arguments: Argument) -> Any:
        """One script's reply."""
        return self._scripts.run(script, self.key("head"), (*arguments, self.life))

    def run_all(self, calls: Sequence[tuple[str, Sequence[Argument]]]) -> list[Any]:
        """Replies of several scripts, run in one transaction."""
        return self._scripts.run_all(self.key("head"), [(script, (*given, self.life)) for script, given in calls])

    def write(self, command: str, key: str, *arguments: Argument) -> Any:
        """The reply of one plain command that writes to the key of this name, by a script: refused once the collection is gone."""
        return self.run("write", command, key, *arguments)

    def do(self, *command: Argument) -> Any:
        """The reply of one command that reads."""
        return send(self._client, *command)

    def do_all(self, commands: Iterable[Command]) -> list[Any]:
        """Replies of many commands that read, sent in slices; not one transaction."""
        return [reply for part in _slices(commands) for reply in send_all(self._client, part)]

    def of_published(self, commands: Callable[[Published], Iterable[Command]]) -> list[Any]:
        """Replies of commands that depend on what is published.

        They are sent for what was published when it was last seen, with the question for what is; if that is another, they are sent
        again. So mostly one round trip does for both.
        """
        while True:
            seen = self._published
            *replies, (generation, vectors) = self.do_all(
                [*commands(seen), ("HMGET", self.key("head"), "gen", "vectors")]
            )
            self._published = Published(int(generation or 1), "v" if vectors is None else vectors.decode())
            if self._published == seen:
                return replies

    def fields(self, seqs: Sequence[int], *names: str) -> list[list[bytes | None]]:
        """The named fields of each article; all None for one that does not exist."""
        return self.do_all(("HMGET", self.key(f"a:{seq}"), *names) for seq in seqs)

    def generation(self) -> int:
        """The published one."""
        return int(self.do("HGET", self.key("head"), "gen") or 1)
