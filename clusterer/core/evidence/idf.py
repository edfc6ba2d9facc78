"""How rare a word is here: its rarity in general (see rarity) mixed with what the stream itself shows.

The stream's own document counts correct the background: "shooting" is no evidence in a stream of crime reports.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusterer.core.evidence.rarity import RARITY_STEP

_BACKGROUND = np.exp(-np.arange(256) / RARITY_STEP)  # document probability by stored rarity


def mixed_idf(
    rarities: NDArray[np.uint8], counts: NDArray[np.integer[Any]], documents: int, prior: float
) -> NDArray[np.float64]:
    """Inverse document frequency, the background counting as `prior` articles.

    rarities: stored background rarities, shape (n,). counts: articles of the stream with each term, shape (n,).
    documents: articles of the stream. Result: nats, at least 0, shape (n,).
    """
    expected = prior * _BACKGROUND[rarities] + counts
    return np.maximum(0.0, np.log((prior + documents + 1.0) / (expected + 0.5)))
