"""Products of many pairs of rows of weighted words, as the comparison with neighbours asks for them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_ROWS_AT_ONCE = 64  # their words side by side stay in a processor's cache


def row_products(words: csr_array, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """The product of each pair of rows, shape (pairs,). left: ascending, each with several of `right`.

    The rows of the left ones are laid out in full once, over the words that they have, and read at the words of the right ones. A
    product of two sparse rows would have to walk through both.
    """
    products = np.empty(len(left))
    column = np.zeros(words.shape[1], np.int32)  # in the full rows; 0 for a word that none of them has
    begins = np.flatnonzero(np.diff(left, prepend=-1))[::_ROWS_AT_ONCE].tolist()
    for start, end in pairwise([*begins, len(left)]):
        rows, own = np.unique(left[start:end], return_inverse=True)
        mine, its = words[rows], words[right[start:end]]
        column[mine.indices] = np.arange(1, mine.nnz + 1)
        full = np.zeros((len(rows), mine.nnz + 1))
        full[np.repeat(np.arange(len(rows)), np.diff(mine.indptr)), column[mine.indices]] = mine.data
        at = np.repeat(own * full.shape[1], np.diff(its.indptr)) + column[its.indices]
        its.data = its.data * full.ravel()[at]
        products[start:end] = its.sum(axis=1)
        column[mine.indices] = 0
    return products
