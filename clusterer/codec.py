"""The stored form of values: JSON for records, packed bytes for fingerprints.

Readers are tolerant: unknown JSON fields are skipped and missing ones take their defaults, so a record written by the
release before or after this one still decodes. JSON decoders raise `msgspec.DecodeError`, the one for fingerprints
`ValueError`.
"""

from __future__ import annotations

import struct

import msgspec

from clusterer.core.model import Article, Document, Fingerprint, Relation

FINGERPRINT_VERSION = 2  # 1 held the whole 64-bit hashes
_SHINGLE_BYTES = {1: 8, 2: 4}
_relations = msgspec.json.Decoder(tuple[Relation, ...])  # made once: read for each of many articles
_FINGERPRINT_HEAD = struct.Struct("<BHQI")  # version, bytes of the scheme name, exact hash, number of shingles


def encode_article(article: Article) -> bytes:
    return msgspec.json.encode(article)


def decode_article(data: bytes) -> Article:
    return msgspec.json.decode(data, type=Article)


def encode_document(document: Document) -> bytes:
    return msgspec.json.encode(document)


def decode_document(data: bytes) -> Document:
    return msgspec.json.decode(data, type=Document)


def encode_relations(relations: tuple[Relation, ...]) -> bytes:
    return msgspec.json.encode(relations)


def decode_relations(data: bytes) -> tuple[Relation, ...]:
    return _relations.decode(data)


def encode_fingerprint(fingerprint: Fingerprint) -> bytes:
    """Head, scheme name, shingles (little-endian uint32). The signature is not kept: verification compares shingles.

    Raises ValueError when the shingles are no flat array of uint32, or `exact` or the scheme name does not fit.
    """
    import numpy as np

    shingles = fingerprint.shingles
    if shingles.ndim != 1 or shingles.dtype != np.uint32:
        raise ValueError(f"shingles must be a flat uint32 array, not {shingles.dtype} of shape {shingles.shape}")
    scheme = fingerprint.scheme.encode()
    try:
        head = _FINGERPRINT_HEAD.pack(FINGERPRINT_VERSION, len(scheme), fingerprint.exact, len(shingles))
    except struct.error as error:
        raise ValueError(f"fingerprint does not fit its stored form: {error}") from error
    return head + scheme + shingles.astype("<u4", copy=False).tobytes()


def decode_fingerprint(data: bytes) -> Fingerprint:
    """The fingerprint as stored, with `signature` None. Raises ValueError for another version or a wrong length."""
    import numpy as np

    if len(data) < _FINGERPRINT_HEAD.size:
        raise ValueError(f"stored fingerprint has {len(data)} bytes, fewer than its head")
    version, scheme_bytes, exact, count = _FINGERPRINT_HEAD.unpack_from(data)
    width = _SHINGLE_BYTES.get(version)
    if width is None:
        raise ValueError(f"stored fingerprint has version {version}; this program reads {FINGERPRINT_VERSION}")
    start = _FINGERPRINT_HEAD.size + scheme_bytes
    if len(data) != start + width * count:
        raise ValueError(f"stored fingerprint has {len(data)} bytes where its head says {start + width * count}")
    stored = np.frombuffer(data, dtype=f"<u{width}", offset=start)
    # A copy in either case: aligned, and the caller's own.
    shingles = stored.astype(np.uint32) if version > 1 else np.unique((stored >> np.uint64(32)).astype(np.uint32))
    scheme = data[_FINGERPRINT_HEAD.size : start].decode()
    return Fingerprint(exact=exact, shingles=shingles, signature=None, scheme=scheme)
