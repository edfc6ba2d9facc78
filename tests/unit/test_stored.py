"""Stored records as the decisions see them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from clusterer.core.clustering.evidence import Sparse, encode_sparse
from clusterer.core.records import PreparedFacts, StoredEvidence
from clusterer.pipeline.stored import to_evidence

STATED = datetime(2019, 3, 2, 8, tzinfo=UTC)
IN_URL = datetime(2019, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published_at", "url", "seen"),
    [
        (STATED, "https://a.example/2019/02/28/ferry", STATED),
        (None, "https://a.example/2019/02/28/ferry", IN_URL),
        (None, "https://a.example/ferry", None),
        (None, None, None),
    ],
)
def test_a_missing_date_is_read_from_the_url(
    published_at: datetime | None, url: str | None, seen: datetime | None
) -> None:
    facts = PreparedFacts(
        seq=1,
        article_id="a",
        source=None,
        url=url,
        lang=None,
        title="Ferry",
        published_at=published_at,
        received_at=datetime(2019, 3, 3, tzinfo=UTC),
        state="assigned",
    )
    vector = np.zeros(4, np.float16).tobytes()
    evidence = to_evidence(StoredEvidence(facts, vector, encode_sparse(Sparse())))
    assert evidence is not None
    assert evidence.published_at == seen
