"""MinHash: signatures are those with which stored articles were fingerprinted."""

import numpy as np
import pytest
from datasketch import MinHash

from clusterer.core.minhash import signature


@pytest.mark.parametrize("size", [0, 1, 7, 40, 511, 512, 513, 5_000])
@pytest.mark.parametrize(("num_perm", "seed"), [(128, 1), (12, 1), (64, 7)])
def test_a_signature_is_that_of_datasketch(size: int, num_perm: int, seed: int) -> None:
    hashes = np.random.default_rng(size).integers(0, 1 << 32, size, dtype=np.uint32)
    known = MinHash(num_perm=num_perm, seed=seed, hashfunc=int, scheme="affine32")
    known.update_batch(hashes.tolist())
    found = signature(hashes, num_perm, seed)
    assert found.dtype == np.uint32
    assert np.array_equal(found, known.digest())


def test_extreme_hashes_and_the_order_of_hashes_change_nothing() -> None:
    extremes = np.array([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF], dtype=np.uint32)
    known = MinHash(num_perm=128, seed=1, hashfunc=int, scheme="affine32")
    known.update_batch(extremes.tolist())
    assert np.array_equal(signature(extremes, 128, 1), known.digest())
    assert np.array_equal(signature(extremes[::-1], 128, 1), known.digest())
    assert extremes[4] == 0xFFFFFFFF  # the caller's hashes are left as they were
