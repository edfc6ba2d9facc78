"""MinHash signatures (Broder 1997) as datasketch computes them by its scheme `affine32`, without an object for each text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def signature(hashes: NDArray[np.uint32], num_perm: int, seed: int) -> NDArray[np.uint32]:
    """The smallest values of the hashes (one at least) under `num_perm` permutations drawn by `seed`, shape (num_perm,).

    Each value is mixed by the finalizer of MurmurHash3 and goes through every permutation. datasketch takes four times as long, as it
    passes over the values one by one, and three times for a single paragraph.
    """
    import numpy as np

    slopes, shifts = _permutations(num_perm, seed)
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    smallest: NDArray[np.uint32] = (slopes * mixed + shifts).min(axis=1)
    return smallest


@lru_cache(maxsize=8)
def _permutations(num_perm: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Slopes and shifts, shape (num_perm, 1). Drawing them costs as much as a short article."""
    from datasketch import MinHash

    slopes, shifts = MinHash(num_perm=num_perm, seed=seed, scheme="affine32").permutations
    return slopes.reshape(-1, 1), shifts.reshape(-1, 1)
