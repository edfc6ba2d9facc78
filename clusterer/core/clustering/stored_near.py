"""The neighbours of an article as they are stored with it, so that a window is built again without searching for them.

They are what was found when the article was assigned: numbers of other articles and how similar these are. The name of the model stands
with them, because similarities by the vectors of another one mean nothing. A record that cannot be used is as good as none. Beside them
stand the numbers of the series that the article may belong to, which take longer to make than all else; those of another scheme, and
records of version 1, which have none, leave them to be made anew.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from clusterer.core.clustering.columns import SERIES_SCHEME
from clusterer.core.clustering.neighbourhood import NEIGHBOURS, ONE, Near, as_fixed

_FORMER, _VERSION = 1, 2
_MODEL_BYTES = 8
_HEAD = struct.Struct(f"<B{_MODEL_BYTES}sd")  # version, model, background
_SERIES = struct.Struct("<BB")  # since version 2: scheme of the numbers of series, and how many follow
_NUMBER = np.dtype("<u8")
_EACH = np.dtype(
    [("apart", "<i4"), ("meaning", "<i2"), ("words", "<i2")]
)  # apart: seq of the article less that of the other
_FARTHEST = 2**31 - 1


def encode_near(seq: int, near: Near, model: str) -> bytes:
    """8 bytes a neighbour and a series. Empty where a neighbour is out of all proportion away, which then has to be searched for."""
    apart = seq - near.seqs
    if len(apart) > NEIGHBOURS or (np.abs(apart) > _FARTHEST).any():
        return b""
    rows = np.empty(len(apart), _EACH)
    rows["apart"], rows["meaning"], rows["words"] = apart, as_fixed(near.meaning), as_fixed(near.words)
    if near.series is None:
        return _HEAD.pack(_FORMER, _name(model), near.background) + rows.tobytes()
    series = _SERIES.pack(SERIES_SCHEME, len(near.series)) + np.array(near.series, _NUMBER).tobytes()
    return _HEAD.pack(_VERSION, _name(model), near.background) + series + rows.tobytes()


def decode_near(data: bytes | None, seq: int, model: str) -> Near | None:
    """The neighbours, without what the article's evidence says;
    None for no record, a damaged one, one of a later version or another model."""
    if not data or len(data) < _HEAD.size:
        return None
    version, name, background = _HEAD.unpack_from(data)
    if version not in (_FORMER, _VERSION) or name != _name(model):
        return None
    series, start = _series(data) if version == _VERSION else (None, _HEAD.size)
    if start > len(data) or (len(data) - start) % _EACH.itemsize:
        return None
    rows = np.frombuffer(data, _EACH, offset=start)
    seqs = seq - rows["apart"].astype(np.int64)
    return Near(seqs, rows["meaning"] / ONE, rows["words"] / ONE, float("nan"), background, series)


def _series(data: bytes) -> tuple[tuple[int, ...] | None, int]:
    """The numbers of series, None for those of another scheme, and where the neighbours begin: beyond the end of a damaged record."""
    start = _HEAD.size + _SERIES.size
    if start > len(data):
        return None, start
    scheme, count = _SERIES.unpack_from(data, _HEAD.size)
    end = start + count * _NUMBER.itemsize
    if scheme != SERIES_SCHEME or end > len(data):
        return None, end
    return struct.unpack_from(f"<{count}Q", data, start), end


@lru_cache(maxsize=8)
def _name(model: str) -> bytes:
    return blake2b(model.encode(), digest_size=_MODEL_BYTES).digest()
