"""Articles go: by a person's wish (erasure) or by age (retention)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from clusterer.adapters.redis_store.keys import digest, short_digest, to_ms
from clusterer.adapters.redis_store.link import Link
from clusterer.adapters.redis_store.scripts import Argument

_ERASED_AT_ONCE = 32
_SCANNED_AT_ONCE = 1_000
_TOMBSTONE = {b"received", b"rev", b"prev", b"state", b"stage"}
_SEQ_LISTS = ("pending", "dead", "finished", "parked:", "copies:", "url:")


class Erasing:
    """The erasure and retention part of CollectionStore; see there."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def erase(self, seq: int, at: datetime) -> bool:
        """See CollectionStore.erase."""
        return bool(self._remove("erased", [seq], at))

    def expire(self, before: datetime, limit: int, at: datetime) -> int:
        """See CollectionStore.expire."""
        key = self._link.key("finished")
        oldest = self._link.do("ZRANGEBYSCORE", key, "-inf", f"({to_ms(before)}", "LIMIT", 0, limit)
        seqs = [int(seq) for seq in oldest]
        parts = (seqs[start : start + _ERASED_AT_ONCE] for start in range(0, len(seqs), _ERASED_AT_ONCE))
        return sum(self._remove("expired", part, at) for part in parts)

    def _remove(self, verdict: str, seqs: Sequence[int], at: datetime) -> int:
        rows = self._link.fields(seqs, "id", "hash", "url")
        arguments = chain.from_iterable(_digests(seq, row) for seq, row in zip(seqs, rows, strict=True))
        return int(self._link.run("erase", verdict, to_ms(at), *arguments))

    def erased_traces(self, seq: int, article_id: str, words: Sequence[str]) -> list[str]:
        """See CollectionStore.erased_traces. Vectors and posting lists hold no text and are searched for the seq only."""
        needles = [needle.casefold().encode() for needle in (article_id, *words) if needle]
        return sorted(name for name in self._names() if self._found_in(name, seq, needles))

    def _names(self) -> Iterator[str]:
        """Names of all keys of the collection, without the prefix."""
        pattern, cursor = self._link.key("*"), 0
        while True:
            reply, keys = self._link.do("SCAN", cursor, "MATCH", pattern, "COUNT", _SCANNED_AT_ONCE)
            cursor = int(reply)
            yield from {key.decode("latin-1").removeprefix(self._link.key("")) for key in keys}
            if not cursor:
                return

    def _found_in(self, name: str, seq: int, needles: Sequence[bytes]) -> bool:
        if name.startswith("v:"):
            return name == f"v:{seq}"
        value = self._value(name)
        if name.startswith("p:"):
            own = struct.pack("<I", seq)
            return any(own in _groups(packed) for packed in value.values())
        if name == f"a:{seq}" and not value.keys() <= _TOMBSTONE:
            return True
        return _names_seq(name, value, b"%d" % seq) or any(_contains(text, needles) for text in _texts(value))

    def _value(self, name: str) -> Any:
        key = self._link.key("").encode() + name.encode("latin-1")
        read: dict[bytes, tuple[Argument, ...]] = {
            b"string": ("GET", key),
            b"hash": ("HGETALL", key),
            b"set": ("SMEMBERS", key),
            b"zset": ("ZRANGE", key, 0, -1),
            b"list": ("LRANGE", key, 0, -1),
            b"stream": ("XRANGE", key, "-", "+"),
        }
        kind = self._link.do("TYPE", key)
        return self._link.do(*read[kind]) if kind in read else b""


def _digests(seq: int, row: Sequence[bytes | None]) -> tuple[Argument, ...]:
    article_id, content_hash, url = row
    return (
        seq,
        "" if article_id is None else digest(article_id.decode()),
        "" if content_hash is None else short_digest(content_hash.decode()),
        "" if url is None else digest(url.decode()),
    )


def _groups(packed: bytes) -> set[bytes]:
    return {packed[start : start + 4] for start in range(0, len(packed), 4)}


def _names_seq(name: str, value: Any, seq: bytes) -> bool:
    """Whether a list of articles lists this one."""
    if name in ("inbox", "ready"):
        return any(fields.get(b"s") == seq for _, fields in value)
    if name.endswith(":assign") or name.startswith(_SEQ_LISTS) or _is_members(name):
        return seq in value
    return False


def _is_members(name: str) -> bool:
    generation, _, rest = name.partition(":")
    return generation[:1] == "g" and generation[1:].isdigit() and rest.startswith("m:")


def _texts(value: Any) -> Iterable[bytes]:
    if isinstance(value, bytes):
        return (value,)
    if isinstance(value, dict):
        return chain(value.keys(), value.values())
    return chain.from_iterable(_texts(item[1]) if isinstance(item, tuple | list) else (item,) for item in value)


def _contains(text: bytes, needles: Sequence[bytes]) -> bool:
    readable = b"\n".join(_readings(text)).decode("utf-8", "replace").casefold().encode()
    return any(needle in readable for needle in needles)


def _readings(data: bytes) -> Iterator[bytes]:
    """The bytes, and what they hold compressed: as they are, or after a version byte."""
    yield data
    for packed in (data, data[1:]):
        try:
            yield zlib.decompress(packed)
        except zlib.error:
            continue
