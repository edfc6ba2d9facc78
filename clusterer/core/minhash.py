"""MinHash signatures (Broder 1997), by datasketch."""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from datasketch import MinHash
    from numpy.typing import NDArray

_AT_ONCE = 512  # hashes; tables of a thousand by 128 permutations leave the processor's cache, and take twice as long


def signature(hashes: NDArray[np.uint32], num_perm: int, seed: int) -> NDArray[np.uint32]:
    """The smallest values of 32-bit hashes under `num_perm` permutations drawn by `seed`, shape (num_perm,)."""
    # The method `copy` would check the permutations anew, which takes as long as a paragraph.
    minhash = copy(_empty(num_perm, seed))
    minhash.clear()  # from here on its values are its own
    values = hashes.tolist()
    for start in range(0, len(values), _AT_ONCE):
        minhash.update_batch(values[start : start + _AT_ONCE])
    smallest: NDArray[np.uint32] = minhash.digest()
    return smallest


@lru_cache(maxsize=8)
def _empty(num_perm: int, seed: int) -> MinHash:
    """Drawing the permutations costs as much as a short article, so it is done once. Values are hashed already: `int`."""
    from datasketch import MinHash

    return MinHash(num_perm=num_perm, seed=seed, hashfunc=int, scheme="affine32")
