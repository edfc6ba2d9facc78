"""Workers that take articles in another order than they came, and failures that are not the articles' fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from faults.articles import event_articles

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import StoreUnavailable
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit

LEASE_S = 600.0  # longer than any machine takes over this
SHORT_S = 1.0  # of who finds that the lease of another has run out: who takes an entry says for how long it may have been held
ARTICLE = event_articles(1, 1, seed=1)[0]
LATER = {**ARTICLE, "text": ARTICLE["text"] + " Nobody was hurt."}


def test_revisions_prepared_in_reverse_order_do_not_wait_for_each_other(make_service: Callable[..., Clusterer]) -> None:
    """The later is registered first, so that each could take the other for its original."""
    patient, service = (make_service(batch_size=1, lease_s=lease_s) for lease_s in (600.0, SHORT_S))
    collection = service.collection()
    first, second = collection.intake.accept([parse_article(ARTICLE), parse_article(LATER)])
    (slow,) = collection.books.lease("inbox", "slow", 1, LEASE_S)
    assert slow.seq == first.seq
    patient.collection().preparer.run("quick")
    time.sleep(SHORT_S + 0.05)
    service.drain()
    facts = {fact.seq: fact for fact in collection.books.facts([first.seq, second.seq]) if fact}
    assert facts[first.seq].cluster == facts[second.seq].cluster is not None
    assert [fact.relations[0].is_copy for fact in facts.values()] == [True, False]
    assert facts[second.seq].relations[0].kind == "version_of"
    assert audit(collection.books).problems == ()


def test_an_unreachable_store_is_no_fault_of_the_article(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service(batch_size=1, lease_s=SHORT_S, max_deliveries=2)
    collection = service.collection()
    collection.intake.accept([parse_article(ARTICLE)])
    collection.books.lease("inbox", "lost", 1, LEASE_S)
    time.sleep(SHORT_S + 0.05)  # from now on the article is worked on alone, and each try counts

    def unavailable(*_: Any) -> None:
        raise StoreUnavailable("gone")

    with monkeypatch.context() as patch:
        patch.setattr(collection.books, "hand_over", unavailable)
        for _ in range(4):
            with pytest.raises(StoreUnavailable):
                collection.preparer.run("w")
            time.sleep(SHORT_S + 0.05)
    service.drain()
    assert (collection.books.books().assigned, collection.books.books().dead) == (1, 0)
