"""Stored bytes. Long texts are compressed: stored articles are what fills the memory. The formats are those of clusterer.codec."""

from __future__ import annotations

import zlib

from clusterer import codec
from clusterer.core.model import Relation

_FASTEST = 1  # zlib level


def pack(data: bytes) -> bytes:
    """Compress."""
    return zlib.compress(data, _FASTEST)


def unpack(data: bytes) -> bytes:
    """Undo `pack`."""
    return zlib.decompress(data)


def text(value: bytes | None) -> str | None:
    """A stored string, or None where the field is absent."""
    return None if value is None else value.decode()


def relations(data: bytes | None) -> tuple[Relation, ...]:
    """Stored relations; none before hand-over."""
    return () if data is None else codec.decode_relations(data)
