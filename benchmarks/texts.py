"""Articles in any number, mixed from the sentences of the shipped sample: real lengths, distinct texts, few common word 5-grams."""

from __future__ import annotations

import random
import re
from typing import Any

from clusterer.samples import sample_rows

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SOURCES = [f"Outlet {number}" for number in range(40)]


def synthetic_rows(count: int, seed: int = 1, sentences: int = 16) -> list[dict[str, Any]]:
    """`count` articles of about 300 words. Deterministic for a seed."""
    random_ = random.Random(seed)
    pool = [
        sentence
        for row in sample_rows()
        if row.get("text") and row.get("lang") == "en"
        for sentence in _SENTENCE.split(row["text"])
        if 60 < len(sentence) < 400
    ]
    rows = []
    for number in range(count):
        body = [f"{sentence} ({random_.randrange(10_000)})" for sentence in random_.sample(pool, sentences)]
        paragraphs = [" ".join(body[start : start + 4]) for start in range(0, sentences, 4)]
        rows.append(
            {
                "id": f"synthetic/{seed}/{number}",
                "title": " ".join(body[0].split()[:9]),
                "text": "\n\n".join(paragraphs),
                "source": random_.choice(_SOURCES),
            }
        )
    return rows
