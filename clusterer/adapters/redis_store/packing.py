"""Stored bytes. Long texts are compressed: stored articles are what fills the memory. The formats are those of clusterer.codec."""

from __future__ import annotations

import zlib

from clusterer import codec
from clusterer.core.model import Document, Relation


def pack(data: bytes, like: bytes = b"") -> bytes:
    """Compress. What stands in `like` too costs next to nothing, within the 32 kB that zlib looks back (RFC 1950, preset dictionary)."""
    if not like:
        return zlib.compress(data)
    stream = zlib.compressobj(zdict=like)
    return stream.compress(data) + stream.flush()


def unpack(data: bytes, like: bytes = b"") -> bytes:
    """Undo `pack`. Data packed without a `like` need none. Raises zlib.error for damaged data and for another `like`."""
    stream = zlib.decompressobj(zdict=like)
    unpacked = stream.decompress(data) + stream.flush()
    if not stream.eof:
        raise zlib.error("the compressed data end too early")
    return unpacked


def unpack_document(document: bytes, article: bytes | None) -> Document:
    """A stored document, packed like its stored article since schema 5."""
    return codec.decode_document(unpack(document, b"" if article is None else unpack(article)))


def text(value: bytes | None) -> str | None:
    """A stored string, or None where the field is absent."""
    return None if value is None else value.decode()


def relations(data: bytes | None) -> tuple[Relation, ...]:
    """Stored relations; none before hand-over."""
    return () if data is None else codec.decode_relations(data)
