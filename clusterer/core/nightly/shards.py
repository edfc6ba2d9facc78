"""The work of a night that needs no snapshot, cut into shards that anybody may do: the search, and telling pairs apart.

The answer to a shard follows from what is stored of its articles, to the last digit, so it does not matter who gives it, nor how often.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

Answering = Callable[[bytes], bytes]


class SearchTask(msgspec.Struct, frozen=True, tag="search"):
    """The nearest of each article among these. seqs: ascending, int64. A shard is the first position of a slice and its end."""

    seqs: bytes
    neighbours: int


class TellTask(msgspec.Struct, frozen=True, tag="tell"):
    """What the logits of pairs lose, see `tell_apart`. at_first: there are hardly any articles yet."""

    at_first: bool


Task = SearchTask | TellTask
encode = msgspec.msgpack.Encoder().encode
decode_task: Callable[[bytes], Task] = msgspec.msgpack.Decoder(SearchTask | TellTask).decode


class Offer(Protocol):
    """A task whose shards are being done, by whoever comes first."""

    def add(self, shards: Sequence[bytes]) -> None:
        """They are numbered from 0 in the order in which they are added."""
        ...

    def answer(self, do: Answering) -> tuple[int, bytes] | None:
        """The number of a shard and its answer, each once and in any order; None when all are answered. do: answers one here."""
        ...


class Helpers(Protocol):
    """Others who may do a part of the work."""

    def offer(self, task: Task) -> Offer:
        """What was offered before is done."""
        ...


class Alone:
    """Nobody helps."""

    def offer(self, task: Task) -> Offer:
        return _OwnWork()


class _OwnWork:
    def __init__(self) -> None:
        self._added = 0
        self._left: deque[tuple[int, bytes]] = deque()

    def add(self, shards: Sequence[bytes]) -> None:
        self._left.extend(enumerate(shards, self._added))
        self._added += len(shards)

    def answer(self, do: Answering) -> tuple[int, bytes] | None:
        if not self._left:
            return None
        number, shard = self._left.popleft()
        return number, do(shard)


ALONE: Helpers = Alone()
