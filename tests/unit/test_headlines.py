"""Headlines without texts: many of one event are one event, and look-alikes of another stay apart."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from support.exact_index import ExactIndex
from support.made_evidence import by_seq

from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence, extract, is_brief, is_headline
from clusterer.core.model import Document
from clusterer.core.nightly.recluster import group
from clusterer.core.scoring.pairs import Floats
from clusterer.core.scoring.scales import background
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.evaluation.fitting import cluster_stream

DIMENSION = 96
START = datetime(2026, 3, 1, tzinfo=UTC)
EVENTS = (
    ("Flood", "closes", "bridge", "Marnhall", "Stour"),
    ("Strike", "stops", "trams", "Lostrand", "Oomen"),
    ("Quake", "shakes", "Veltana", "homes", "Brik"),
    ("Jury", "acquits", "banker", "Tivoren", "Halloran"),
)
WORDS = (
    "officials",
    "say",
    "after",
    "night",
    "as",
    "rescue",
    "grows",
    "amid",
    "fears",
    "hundreds",
    "wait",
    "talks",
    "slow",
    "again",
)


def headlines(size: int, text: str = "") -> list[Evidence]:
    """Events of `size` headlines each, in turns: each names two of the event's five words and is near its axis."""
    rng = np.random.default_rng(5)
    found = []
    for seq in range(1, size * len(EVENTS) + 1):
        event = seq % len(EVENTS)
        noise = rng.normal(size=DIMENSION)
        vector = np.eye(DIMENSION)[event] + 0.85 * noise / np.linalg.norm(noise)
        lead = (vector / np.linalg.norm(vector)).astype(np.float16).astype(np.float32)
        title = " ".join([*rng.choice(EVENTS[event], 3, replace=False), *rng.choice(WORDS, 2, replace=False)])
        at = START + timedelta(minutes=seq)
        found.append(Evidence(seq, lead, extract(Document(title, text, lang="en")), at, at, heading=title))
    return found


def together(clusters: dict[int, str]) -> float:
    """Share of the headlines in the cluster that holds most of their event."""
    largest = 0
    for event in range(len(EVENTS)):
        names = Counter(name for seq, name in clusters.items() if seq % len(EVENTS) == event)
        largest += names.most_common(1)[0][1]
    return largest / len(clusters)


def mixed(clusters: dict[int, str]) -> int:
    """Clusters with headlines of two events."""
    events: dict[str, set[int]] = {}
    for seq, name in clusters.items():
        events.setdefault(name, set()).add(seq % len(EVENTS))
    return sum(len(one) > 1 for one in events.values())


@pytest.mark.parametrize("size", [20, 80])
def test_many_headlines_of_one_event_are_found_over_night(size: int) -> None:
    groups = group(by_seq(headlines(size)), ExactIndex(), shipped_weights())
    clusters = {seq: str(number) for number, seqs in enumerate(groups) for seq in seqs}
    assert mixed(clusters) == 0
    assert together(clusters) > 0.9


def test_many_headlines_of_one_event_are_found_in_the_stream() -> None:
    clusters, _ = cluster_stream(headlines(100), Window(ExactIndex(), shipped_weights()))
    assert mixed(clusters) == 0
    assert together(clusters) > 0.8


def test_a_headline_has_no_text_of_its_own() -> None:
    assert is_headline(extract(Document("Flood closes the bridge at Marnhall", "", lang="en")))
    assert not is_headline(extract(Document("Flood closes the bridge", "The Stour burst its banks.", lang="en")))
    assert not is_headline(extract(Document("", "The Stour burst its banks at Marnhall.", lang="en")))
    assert not is_headline(extract(Document("", "", lang="en")))


def test_a_headline_and_a_line_of_text_are_brief() -> None:
    line = "The river Stour burst its banks at Marnhall and the council closed the bridge."
    longer = " ".join(f"word{chr(97 + number)}{chr(110 + number % 13)}" for number in range(26)) + " " + line
    assert is_brief(extract(Document("Flood closes the bridge at Marnhall", "", lang="en")))
    assert is_brief(extract(Document("Flood closes the bridge at Marnhall", line, lang="en")))
    assert not is_brief(extract(Document("Flood closes the bridge at Marnhall", longer, lang="en")))
    assert not is_brief(extract(Document("", "", lang="en")))


def similarities(event: float, seed: int = 1) -> Floats:
    """Cosines with 200 others, of which a share is of the same event."""
    values = np.random.default_rng(seed).normal(0.1, 0.08, size=(1, 200))
    values[:, : int(200 * event)] = 0.7
    return values


def test_the_background_does_not_go_by_an_event() -> None:
    alone, large = background(similarities(0.0))[0], background(similarities(0.2))[0]
    assert 0.25 < alone < 0.45
    assert large == pytest.approx(alone, abs=0.08)
    assert background(similarities(0.0)[:, :10])[0] == np.inf
