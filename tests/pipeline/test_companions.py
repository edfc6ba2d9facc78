"""What two articles are compared by."""

from __future__ import annotations

from support.articles import FLOOD, STRIKE

from clusterer.bootstrap import Clusterer
from clusterer.pipeline.browsing.companions import Companions
from clusterer.pipeline.browsing.names import Names
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn


def test_a_copy_is_compared_by_what_its_text_says(service: Clusterer, collection: Collection) -> None:
    sent = {"first": ("Flood", FLOOD), "second": ("Flood", FLOOD), "other": ("Strike", STRIKE)}
    collection.intake.accept([ArticleIn(id=id, title=title, text=text) for id, (title, text) in sent.items()])
    service.drain()
    companions = Companions(collection.books, Names(collection.books, collection.lookup))
    pair, beside = companions.pair("first", "second"), companions.pair("second", "other")
    assert pair and beside
    original, copy = pair
    assert (original.copy_of, copy.copy_of) == (None, original.seq)
    assert original.sparse.terms and original.sparse == copy.sparse == beside[0].sparse
