"""Signatures are those of datasketch, which computes them one value at a time."""

import numpy as np
import pytest
from datasketch import MinHash

from clusterer.core.minhash import signature


@pytest.mark.parametrize("count", [1, 2, 900])
@pytest.mark.parametrize(("num_perm", "seed"), [(12, 1), (128, 7)])
def test_a_signature_is_that_of_datasketch(count: int, num_perm: int, seed: int) -> None:
    hashes = np.random.default_rng(count).integers(0, 2**32, count, dtype=np.uint32)
    expected = MinHash(num_perm=num_perm, seed=seed, hashfunc=int, scheme="affine32")
    expected.update_batch(hashes.tolist())
    np.testing.assert_array_equal(signature(hashes, num_perm, seed), expected.digest())
