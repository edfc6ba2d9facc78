"""Workers that take articles in another order than they came, and failures that are not the articles' fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from faults.articles import event_articles

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import StoreUnavailable
from clusterer.core.model import Document, copy_of
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.stages.boilerplate import Boilerplate
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


def test_an_article_that_is_cut_in_another_way_the_second_time_follows_no_one_who_came_later(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its worker fails after it was registered, and what was learnt of its source since makes it the same as its own copy."""
    patient, service = (make_service(lease_s=lease_s) for lease_s in (LEASE_S, SHORT_S))
    collection = service.collection()
    blurb = "The Ellery Courier has told the stories of the coast since 1911; it is owned by its readers."
    text = " ".join(one["text"] for one in event_articles(1, 6, seed=1))
    first = {**ARTICLE, "text": f"{text}\n\n{blurb}", "source": "Ellery Courier"}
    (receipt,) = collection.intake.accept([parse_article(first)])
    with monkeypatch.context() as patch:
        patch.setattr(collection.books, "hand_over", _unavailable)
        with pytest.raises(StoreUnavailable):
            collection.preparer.run("w")
    collection.books.lease("inbox", "slow", 1, LEASE_S)
    copy = {**ARTICLE, "id": "copy", "text": text, "source": "Calla Times"}
    (later,) = collection.intake.accept([parse_article(copy)])
    patient.collection().preparer.run("w")
    pages = [Document(title="", text=f"{blurb}\n\nPage number {number * 'x'} of the paper.") for number in range(9)]
    Boilerplate(collection.books).observe(("Ellery Courier", page, service.clock.now()) for page in pages)
    time.sleep(SHORT_S + 0.05)
    service.drain()
    facts = {fact.seq: fact for fact in collection.books.facts([receipt.seq, later.seq]) if fact}
    assert facts[receipt.seq].cluster == facts[later.seq].cluster is not None
    assert (copy_of(facts[receipt.seq].relations), copy_of(facts[later.seq].relations)) == (None, receipt.seq)


def _unavailable(*_: Any) -> None:
    raise StoreUnavailable("gone")


def test_an_unreachable_store_is_no_fault_of_the_article(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service(batch_size=1, lease_s=SHORT_S, max_deliveries=2)
    collection = service.collection()
    collection.intake.accept([parse_article(ARTICLE)])
    collection.books.lease("inbox", "lost", 1, LEASE_S)
    time.sleep(SHORT_S + 0.05)  # from now on the article is worked on alone, and each try counts

    with monkeypatch.context() as patch:
        patch.setattr(collection.books, "hand_over", _unavailable)
        for _ in range(4):
            with pytest.raises(StoreUnavailable):
                collection.preparer.run("w")
            time.sleep(SHORT_S + 0.05)
    service.drain()
    assert (collection.books.books().assigned, collection.books.books().dead) == (1, 0)
