"""Three events that take turns, and what the writer does with their articles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from clusterer.core.clustering.window import Merge, Window
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from clusterer.core.scoring.reasons import Reasons

START = datetime(2026, 3, 1, tzinfo=UTC)
FLOOD = "Flood closes the bridge at Marnhall"
FLOOD_TEXT = (
    "The river Stour burst its banks at Marnhall and the council closed the bridge. Mayor Edda Lund spoke of 40 homes."
)
STRIKE = "Tram drivers in Lostrand walk out over rosters"
STRIKE_TEXT = (
    "Tram drivers in Lostrand began a two-day strike. Union head Piet Oomen said the new rosters leave no rest."
)
QUAKE = "Earthquake of magnitude 5.8 shakes Veltana"
QUAKE_TEXT = "A quake of magnitude 5.8 struck near Veltana before dawn. Rescue chief Ana Brik reported 12 injured in the old town."


def article(seq: int, title: str, text: str, topic: int, spread: float = 0.15, hours: float = 0.0) -> Evidence:
    """An article whose vector lies near the axis of its topic."""
    noise = np.random.default_rng(seq).normal(size=32)
    vector = np.eye(32)[topic] + spread * noise / np.linalg.norm(noise)
    vector = (vector / np.linalg.norm(vector)).astype(np.float16).astype(np.float32)
    at = START + timedelta(hours=hours)
    return Evidence(seq, vector, extract(Document(title, text, lang="en")), at, at)


def stream(count: int = 24) -> list[Evidence]:
    """Three events, taking turns, each article with words of its own."""
    events = ((FLOOD, FLOOD_TEXT), (STRIKE, STRIKE_TEXT), (QUAKE, QUAKE_TEXT))
    return [
        article(
            seq, events[seq % 3][0], f"{events[seq % 3][1]} Report {seq} adds detail {seq * 7}.", seq % 3, hours=seq
        )
        for seq in range(1, count + 1)
    ]


def play(window: Window, articles: list[Evidence]) -> list[Reasons]:
    """What the cluster writer does with each arrival; the decisions."""
    decisions: list[Reasons] = []
    for evidence in articles:
        decision = window.decide(evidence)
        cluster_id = decision.joined or f"c{evidence.seq:04d}"
        decisions.append(decision)
        window.learn(decision)
        window.add(evidence, cluster_id)
        for adjustment in window.second_look(cluster_id):
            if isinstance(adjustment, Merge):
                window.merge(adjustment.loser_id, adjustment.winner_id)
            else:
                for seq in adjustment.seqs:
                    window.move(seq, adjustment.target_id or f"c{evidence.seq:04d}s")
    return decisions
