"""Products of pairs of rows: those of the rows in full."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

from clusterer.core.evidence.word_products import row_products


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_they_are_those_of_full_rows(count: int) -> None:
    """Below, at and above what is laid out at once, empty rows and pairs of one row with itself among them."""
    rng = np.random.default_rng(count)
    words = csr_array(random_array((max(count, 1), 300), density=0.05, rng=rng))
    left, right = np.repeat(np.arange(count), 7), rng.integers(0, max(count, 1), 7 * count)
    kept = rng.random(len(left)) < 0.7
    left, right = left[kept], right[kept]
    before = words.toarray()
    np.testing.assert_allclose(row_products(words, left, right), (before[left] * before[right]).sum(axis=1), atol=1e-12)
    np.testing.assert_array_equal(words.toarray(), before)
