"""The vectors of articles, as they are stored."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from clusterer.core.evidence.evidence import text_to_embed
from clusterer.core.model import Document
from clusterer.ports import Encoder


def embed(encoder: Encoder, documents: Mapping[int, Document]) -> dict[int, bytes]:
    """seq -> float16 bytes of the vector of title and lead, shape (dimension,). Nothing for documents that are empty."""
    texts = {seq: text for seq, document in documents.items() if (text := text_to_embed(document))}
    if not texts:
        return {}
    vectors = encoder.encode(list(texts.values())).astype(np.float16)
    return {seq: vector.tobytes() for seq, vector in zip(texts, vectors, strict=True)}
