"""The neighbours of an article as they are stored with it, so that a window is built again without searching for them.

They are what was found when the article was assigned: numbers of other articles and how similar these are. The name of the model stands
with them, because similarities by the vectors of another one mean nothing. A record that cannot be used is as good as none.
"""

from __future__ import annotations

import struct
from hashlib import blake2b

import numpy as np

from clusterer.core.clustering.neighbourhood import NEIGHBOURS, ONE, Near, as_fixed

_VERSION = 1
_MODEL_BYTES = 8
_HEAD = struct.Struct(f"<B{_MODEL_BYTES}sd")  # version, model, background
_EACH = np.dtype(
    [("apart", "<i4"), ("meaning", "<i2"), ("words", "<i2")]
)  # apart: seq of the article less that of the other
_FARTHEST = 2**31 - 1


def encode_near(seq: int, near: Near, model: str) -> bytes:
    """8 bytes a neighbour. Empty where one is out of all proportion away, which then has to be searched for."""
    apart = seq - near.seqs
    if len(apart) > NEIGHBOURS or (np.abs(apart) > _FARTHEST).any():
        return b""
    rows = np.empty(len(apart), _EACH)
    rows["apart"], rows["meaning"], rows["words"] = apart, as_fixed(near.meaning), as_fixed(near.words)
    return _HEAD.pack(_VERSION, _name(model), near.background) + rows.tobytes()


def decode_near(data: bytes | None, seq: int, model: str) -> Near | None:
    """The neighbours, without the article's language; None for no record, a damaged one, one of another version or another model."""
    if not data or len(data) < _HEAD.size or (len(data) - _HEAD.size) % _EACH.itemsize:
        return None
    version, name, background = _HEAD.unpack_from(data)
    if version != _VERSION or name != _name(model):
        return None
    rows = np.frombuffer(data, _EACH, offset=_HEAD.size)
    seqs = seq - rows["apart"].astype(np.int64)
    return Near(seqs, rows["meaning"] / ONE, rows["words"] / ONE, float("nan"), background)


def _name(model: str) -> bytes:
    return blake2b(model.encode(), digest_size=_MODEL_BYTES).digest()
