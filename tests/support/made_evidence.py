"""Evidence of made-up events, as the grouping reads it: vectors around a centre, and words of one place and matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document

START = datetime(2026, 3, 1, tzinfo=UTC)
PLACES = ("Lostrand", "Veltana", "Skarvik", "Nordholm", "Brakvik", "Marnhall", "Tivoren", "Ostwick")
THINGS = ("flood", "strike", "quake", "trial", "election", "blackout", "rescue", "festival")


def events(count: int, size: int, seed: int = 1) -> list[Evidence]:
    """`count` events of `size` articles each, in turns; article seq belongs to event (seq - 1) % count."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(count, 64))
    articles = []
    for seq in range(1, count * size + 1):
        event = (seq - 1) % count
        vector = centres[event] / np.linalg.norm(centres[event]) + 0.05 * rng.normal(size=64)
        vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        place, thing = PLACES[event % 8], THINGS[(event // 8 + event) % 8]
        text = f"Officials in {place} spoke about the {thing} of {event + 11} people. Witness {seq} saw part {seq}."
        sparse = extract(Document(f"{thing.title()} in {place} number {event + 11}", text, lang="en"))
        at = START + timedelta(hours=seq)
        articles.append(Evidence(seq, vector, sparse, at, at))
    return articles


def by_seq(articles: Iterable[Evidence]) -> dict[int, Evidence]:
    return {article.seq: article for article in articles}
