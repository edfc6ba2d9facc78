"""Which collection a writer asks for."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.sharing import collection_to_ask_for

WORKERS = ["a", "b", "c", "d"]


def test_a_newcomer_asks_the_writer_that_leads_most() -> None:
    leaders = {"de": "a", "en": "b", "es": "b", "fr": "b"}
    assert collection_to_ask_for(leaders, "c", ["de", "en", "es", "fr"]) == "en"
    assert collection_to_ask_for(leaders, "c", ["fr"]) == "fr"
    assert collection_to_ask_for(leaders, "a", ["fr", "es"]) == "es"


def test_nobody_asks_for_what_would_only_change_places() -> None:
    assert collection_to_ask_for({"de": "a"}, "b", ["de"]) is None
    assert collection_to_ask_for({"de": "a", "en": "a", "fr": "b"}, "b", ["de", "en"]) is None
    assert collection_to_ask_for({"de": "a", "en": "a"}, "b", []) is None
    assert collection_to_ask_for({"en": "a"}, "b", ["de"]) is None  # its lease ran out meanwhile


@given(st.lists(st.sampled_from(WORKERS), max_size=12), st.integers(2, 4))
def test_asking_ends_with_fair_shares(first: list[str], many: int) -> None:
    """However the collections lie at first, each wish that is granted brings the shares nearer, and then all is quiet."""
    workers = WORKERS[:many]
    leaders = {f"c{number:02}": worker for number, worker in enumerate(first) if worker in workers}
    for _ in range(len(leaders) + 1):
        wishes = {worker: _wish(leaders, worker) for worker in workers}
        granted = [(worker, name) for worker, name in wishes.items() if name is not None]
        if not granted:
            break
        worker, name = granted[0]
        leaders[name] = worker
    shares = Counter(leaders.values())
    counts = [shares[worker] for worker in workers]
    assert max(counts) - min(counts) <= 1


def _wish(leaders: dict[str, str], worker: str) -> str | None:
    return collection_to_ask_for(leaders, worker, [name for name, leader in leaders.items() if leader != worker])
