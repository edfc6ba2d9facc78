"""Fingerprints in Redis: without their shingles where the stored document gives them again.

The shingles of an article take more than its text, and are read only when another article may be a copy of it. So they are made again
then; the last that this process registered or made are remembered. A long text keeps them, since a short one that shares a sentence
with many long ones must not wait for all of theirs. So does a fingerprint of another scheme than this program's.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import xxhash

from clusterer import codec
from clusterer.adapters.redis_store.link import Link
from clusterer.adapters.redis_store.packing import unpack_document
from clusterer.core.model import Fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from clusterer.core.copies.fingerprint import FingerprintPolicy

_SHORT: Final = struct.Struct("<BQI8s")
_VERSION: Final = 3  # 1 and 2 are those of codec.py, which have their shingles
_MOST_MADE: Final = 4_000  # shingles
_REMEMBERED: Final = 1_024  # articles, of 4 bytes a word
_TEXTS_AT_ONCE = 50


class _Short(NamedTuple):
    """What is stored without shingles: their number, and a hash of the scheme's name."""

    version: int
    exact: int
    size: int
    scheme: bytes


class Fingerprints:
    """The stored fingerprints of one collection."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._shingles: dict[int, NDArray[np.uint32]] = {}  # by exact hash, which stands for the words in their order

    def packed(self, fingerprint: Fingerprint) -> bytes:
        """What is stored beside the document of which this is the fingerprint. Raises ValueError as `codec.encode_fingerprint` does."""
        whole = codec.encode_fingerprint(fingerprint)
        size = fingerprint.shingles.size
        if size > _MOST_MADE or fingerprint.scheme != _policy().scheme:
            return whole
        self._remember(fingerprint.exact, fingerprint.shingles)
        return _SHORT.pack(_VERSION, fingerprint.exact, size, _scheme_hash())

    def read(self, seqs: Sequence[int], stored: Sequence[bytes | None]) -> list[Fingerprint | None]:
        """Of the articles of which this is stored. None where nothing is, and where the document is gone or cannot be read.

        Raises ValueError for a damaged fingerprint.
        """
        decoded = [None if data is None else _decoded(data) for data in stored]
        shingles = dict(self._shingles)
        wanted = [seq for seq, one in zip(seqs, decoded, strict=True) if _lacks_shingles(one, shingles)]
        now = dict(zip(seqs, decoded, strict=True))
        for start in range(0, len(wanted), _TEXTS_AT_ONCE):
            part = wanted[start : start + _TEXTS_AT_ONCE]
            # All three at once: another worker may be registering the article anew, with another text.
            for seq, row in zip(part, self._link.fields(part, "fingerprint", "document", "article"), strict=True):
                now[seq] = self._made(shingles, *row)
        return [_whole(now[seq], shingles) for seq in seqs]

    def _made(
        self,
        shingles: dict[int, NDArray[np.uint32]],
        stored: bytes | None,
        document: bytes | None,
        article: bytes | None,
    ) -> Fingerprint | _Short | None:
        """What is stored by now; its shingles are added to those that are known."""
        from clusterer.core.copies.fingerprint import shingles_of

        one = None if stored is None else _decoded(stored)
        if isinstance(one, _Short) and document is not None and _lacks_shingles(one, shingles):
            try:
                shingles[one.exact] = shingles_of(unpack_document(document, article), _policy())
            except (zlib.error, msgspec.DecodeError):
                return None
            self._remember(one.exact, shingles[one.exact])
        return one

    def _remember(self, exact: int, shingles: NDArray[np.uint32]) -> None:
        self._shingles[exact] = shingles
        while len(self._shingles) > _REMEMBERED:
            self._shingles.pop(next(iter(self._shingles)), None)


def _decoded(stored: bytes) -> Fingerprint | _Short:
    if stored[:1] != bytes([_VERSION]):
        return codec.decode_fingerprint(stored)
    if len(stored) != _SHORT.size:
        raise ValueError(f"stored fingerprint of version {_VERSION} has {len(stored)} bytes instead of {_SHORT.size}")
    return _Short._make(_SHORT.unpack(stored))


def _lacks_shingles(one: Fingerprint | _Short | None, known: dict[int, NDArray[np.uint32]]) -> bool:
    return isinstance(one, _Short) and one.size > 0 and one.scheme == _scheme_hash() and one.exact not in known


def _whole(one: Fingerprint | _Short | None, known: dict[int, NDArray[np.uint32]]) -> Fingerprint | None:
    import numpy as np

    if not isinstance(one, _Short):
        return one
    if _lacks_shingles(one, known):
        return None
    ours = one.scheme == _scheme_hash()
    shingles = known[one.exact] if ours and one.size else np.empty(0, dtype=np.uint32)
    return Fingerprint(one.exact, shingles, None, _policy().scheme if ours else one.scheme.hex())


@cache
def _policy() -> FingerprintPolicy:
    from clusterer.core.copies.fingerprint import FingerprintPolicy

    return FingerprintPolicy()


@cache
def _scheme_hash() -> bytes:
    return xxhash.xxh3_64_digest(_policy().scheme.encode())
