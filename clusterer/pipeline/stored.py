"""Stored records as the decisions need them."""

from __future__ import annotations

import numpy as np

from clusterer.core.clustering.dates import date_in_url
from clusterer.core.clustering.evidence import Evidence, decode_sparse
from clusterer.core.records import StoredEvidence


def to_evidence(stored: StoredEvidence) -> Evidence | None:
    """What the window compares; None for copies and for pages that left nothing to embed.

    A missing date is read from the URL where that states one.
    """
    if stored.vector is None:
        return None
    facts = stored.facts
    return Evidence(
        seq=facts.seq,
        lead=np.frombuffer(stored.vector, np.float16).astype(np.float32),
        sparse=decode_sparse(stored.sparse),
        published_at=facts.published_at or date_in_url(facts.url, facts.received_at),
        received_at=facts.received_at,
        source=facts.source,
        lang=facts.lang,
        movable=facts.movable,
        heading=facts.title,
    )
