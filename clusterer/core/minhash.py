"""MinHash signatures (Broder 1997).

Values are those of datasketch's scheme `affine32`, with which stored signatures were made: a hash is mixed by the finalizer of
MurmurHash3, and permutation k takes it to a[k] * hash + b[k], modulo 2**32.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def signature(hashes: NDArray[np.uint32], num_perm: int, seed: int) -> NDArray[np.uint32]:
    """The smallest values of 32-bit hashes under `num_perm` permutations drawn by `seed`, shape (num_perm,). Without hashes the largest."""
    import numpy as np

    factors, summands = _permutations(num_perm, seed)
    values = factors * _mixed(hashes)
    values += summands
    smallest: NDArray[np.uint32] = values.min(axis=1, initial=np.uint32(0xFFFFFFFF))
    return smallest


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    import numpy as np

    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


@lru_cache(maxsize=8)
def _permutations(num_perm: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """a, which is odd, so that no two hashes meet, and b, each of shape (num_perm, 1)."""
    import numpy as np

    drawn = np.random.RandomState(seed)  # whose numbers stay the same in every version of numpy
    factors = drawn.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    summands = drawn.randint(0, 1 << 32, num_perm, dtype=np.uint32)
    return factors.reshape(-1, 1), summands.reshape(-1, 1)
