"""The shipped stream through the whole pipeline with the real model: small, cold, and all of one invented country."""

from __future__ import annotations

import pytest

from clusterer.bootstrap import Clusterer
from clusterer.evaluation.scores import bcubed
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit
from clusterer.samples import sample_rows

UNCLUSTERABLE = ("paywall", "digest")  # no event of their own


@pytest.fixture(scope="module")
def collection() -> Collection:
    service = Clusterer.in_memory()
    rows = [{name: value for name, value in row.items() if name not in ("event", "note")} for row in sample_rows()]
    service.collection().intake.accept([parse_article(row) for row in rows])
    service.drain()
    return service.collection()


def test_clusters_are_the_events(collection: Collection) -> None:
    gold = {
        seq: row["event"]
        for seq, row in enumerate(sample_rows(), start=1)
        if not (row.get("note") or "").startswith(UNCLUSTERABLE)
    }
    found = {fact.seq: fact.cluster for fact in collection.books.facts(list(gold)) if fact}
    events_in: dict[str, set[str]] = {}
    for seq, cluster in found.items():
        events_in.setdefault(str(cluster), set()).add(gold[seq])
    assert max(len(events) for events in events_in.values()) <= 2
    assert bcubed(found, gold).f1 >= 0.9


def test_the_books_balance(collection: Collection) -> None:
    assert audit(collection.books).problems == ()


def test_paywalls_are_nobodys_copies(collection: Collection) -> None:
    walls = [seq for seq, row in enumerate(sample_rows(), start=1) if (row.get("note") or "").startswith("paywall")]
    facts = [fact for fact in collection.books.facts(walls) if fact]
    assert len(facts) == 2
    assert all(not fact.relations for fact in facts)
    assert facts[0].cluster != facts[1].cluster
