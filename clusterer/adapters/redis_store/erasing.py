"""Articles go: by a person's wish (erasure) or by age (retention)."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from clusterer.adapters.redis_store.keys import digest, short_digest, to_ms
from clusterer.adapters.redis_store.packing import unpack
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.urls import canonical_url

_ERASED_AT_ONCE = 32
_SCANNED_AT_ONCE = 1_000
_TOMBSTONE = {b"received", b"rev", b"prev", b"state", b"stage"}
_READ: dict[bytes, tuple[Argument, ...]] = {  # by type of key: command and what follows the key
    b"string": ("GET",),
    b"hash": ("HGETALL",),
    b"set": ("SMEMBERS",),
    b"zset": ("ZRANGE", 0, -1),
    b"list": ("LRANGE", 0, -1),
    b"stream": ("XRANGE", "-", "+"),
}
_BINARY = {b"fingerprint", b"terms"}  # fields of an article that hold hashes
_JSON_SPACE = re.compile(r"\\[nrt]")  # a word behind an escaped line break begins with itself, not with an n
_SEQ_LISTS = ("pending", "dead", "finished", "reembed", "parked:", "copies:", "url:")


class RedisErasing(Part):
    """The erasure and retention part of CollectionStore; see there."""

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

    def trim_changes(self, before: datetime, limit: int) -> int:
        """See CollectionStore.trim_changes."""
        return int(self._link.run("trim_changes", to_ms(before), limit))

    def _remove(self, verdict: str, seqs: Sequence[int], at: datetime) -> int:
        rows = self._link.fields(seqs, "id", "hash", "url")
        arguments = chain.from_iterable(_digests(seq, row) for seq, row in zip(seqs, rows, strict=True))
        return int(self._link.run("erase", verdict, to_ms(at), *arguments))

    def erased_traces(self, seq: int, article_id: str, words: Sequence[str]) -> list[str]:
        """See CollectionStore.erased_traces. Vectors and posting lists hold no text and are searched for the seq only."""
        needles = "|".join(re.escape(needle) for needle in (article_id, *words) if needle) or "(?!)"
        pattern = re.compile(rf"(?<!\w)(?:{needles or '(?!)'})(?!\w)", re.IGNORECASE)
        found = (name for name, value in self._everything() if _is_trace(name, value, seq, pattern))
        return sorted(set(found))

    def _everything(self) -> Iterator[tuple[str, Any]]:
        """Name, without the prefix, and value of every key of the collection."""
        prefix, cursor = self._link.key(""), 0
        while True:
            reply, keys = self._link.do("SCAN", cursor, "MATCH", prefix + "*", "COUNT", _SCANNED_AT_ONCE)
            kinds = self._link.do_all(("TYPE", key) for key in keys)
            present = [(key, kind) for key, kind in zip(keys, kinds, strict=True) if kind in _READ]
            values = self._link.do_all((_READ[kind][0], key, *_READ[kind][1:]) for key, kind in present)
            for (key, _), value in zip(present, values, strict=True):
                yield key.decode("latin-1").removeprefix(prefix), value
            cursor = int(reply)
            if not cursor:
                return


def _digests(seq: int, row: Sequence[bytes | None]) -> tuple[Argument, ...]:
    article_id, content_hash, url = row
    return (
        seq,
        "" if article_id is None else digest(article_id.decode()),
        "" if content_hash is None else short_digest(content_hash.decode()),
        "" if url is None else digest(canonical_url(url.decode())),
        "" if url is None else digest(url.decode()),
    )


def _is_trace(name: str, value: Any, seq: int, pattern: re.Pattern[str]) -> bool:
    if name.startswith(("v:", "w:")):
        return name[2:] == str(seq)
    if name.startswith("t:"):
        own = struct.pack("<I", seq)
        return any(own in packed and own in _groups(packed) for packed in value.values())
    if name == f"a:{seq}" and not value.keys() <= _TOMBSTONE:
        return True
    return _names_seq(name, value, b"%d" % seq) or any(_contains(data, pattern) for data in _values(value))


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


def _values(value: Any) -> Iterable[bytes]:
    if isinstance(value, bytes):
        return (value,)
    if isinstance(value, dict):
        return (
            _unlike(value) if field == b"document" else data for field, data in value.items() if field not in _BINARY
        )
    return chain.from_iterable(item[1].values() if isinstance(item, tuple | list) else (item,) for item in value)


def _contains(data: bytes, pattern: re.Pattern[str]) -> bool:
    # A bare number is a counter or a time, not an article's id: ids are only kept within the article's own key.
    if data.isdigit():
        return False
    return bool(pattern.search(_JSON_SPACE.sub(" ", _readable(data).decode("utf-8", "replace"))))


def _unlike(article: dict[bytes, bytes]) -> bytes:
    """The document among an article's fields, without what packed it like the article; as it is where that cannot be read."""
    try:
        return unpack(article[b"document"], unpack(article[b"article"]))
    except (KeyError, zlib.error):
        return article[b"document"]


def _readable(data: bytes) -> bytes:
    """What the bytes hold compressed, as they are or after a version byte; else the bytes."""
    for packed in (data, data[1:]):
        try:
            return zlib.decompress(packed)
        except zlib.error:
            continue
    return data
