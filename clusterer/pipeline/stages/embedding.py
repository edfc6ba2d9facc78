"""The vectors of articles, as they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from clusterer.core.clustering.evidence import texts_to_embed
from clusterer.core.model import Document
from clusterer.ports import Encoder


def embed(encoder: Encoder, documents: Mapping[int, Document]) -> dict[int, bytes]:
    """seq -> float16 bytes of (lead, title), shape (2, dimension); a missing title is a row of zeros. Nothing for empty pages."""
    texts: list[str] = []
    rows: list[tuple[int, int]] = []
    for seq, document in documents.items():
        title, lead = texts_to_embed(document)
        for row, text in enumerate((lead, title)):
            if text and lead:
                texts.append(text)
                rows.append((seq, row))
    if not texts:
        return {}
    encoded = encoder.encode(texts)
    vectors: dict[int, np.ndarray[Any, np.dtype[np.float16]]] = {}
    for (seq, row), vector in zip(rows, encoded, strict=True):
        vectors.setdefault(seq, np.zeros((2, encoder.dimension), np.float16))[row] = vector
    return {seq: matrix.tobytes() for seq, matrix in vectors.items()}
