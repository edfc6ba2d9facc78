"""From the inbox to prepared articles: copies told apart, poison isolated, another model refused."""

from __future__ import annotations

import time

import numpy as np
import pytest
from support.articles import FLOOD, STRIKE, article

from clusterer.adapters.encoder import HashingEncoder
from clusterer.core.errors import ModelMismatch


def by_id(collection, article_id):
    return collection.books.facts([collection.books.revisions(article_id)[-1]])[0]


def test_a_copy_is_linked_to_its_original_and_not_embedded(service, collection):
    encoded: list[str] = []
    real = service.encoder.encode

    class Counting(HashingEncoder):
        def encode(self, texts):
            encoded.extend(texts)
            return real(texts)

    service.encoder = Counting(64)
    service._collections.clear()
    collection = service.collection()
    collection.intake.accept([article("a", source="Alpha"), article("b", source="Beta"), article("c", STRIKE)])
    service.drain()
    relation = by_id(collection, "b").relations[0]
    assert (relation.kind, relation.other, relation.is_copy) == ("exact", 1, True)
    assert sum(FLOOD[:40] in text for text in encoded) == 1, "the original, and nothing of the copy"
    assert by_id(collection, "b").cluster == by_id(collection, "a").cluster != by_id(collection, "c").cluster


def test_copies_in_one_batch_all_name_the_earliest(service, collection):
    collection.intake.accept([article(name, source=name) for name in "abcd"])
    service.drain()
    assert [by_id(collection, name).relations[0].other for name in "bcd"] == [1, 1, 1]


def test_a_near_copy_carries_its_evidence(service, collection):
    edited = FLOOD.replace("on Monday night", "late on Monday").replace("newborn child", "baby")
    collection.intake.accept([article("a", source="Alpha"), article("b", edited, source="Beta")])
    service.drain()
    relation = by_id(collection, "b").relations[0]
    assert relation.kind == "near"
    assert 0.7 <= relation.evidence["jaccard"] < 1


def test_a_new_revision_is_a_version_of_the_one_before(service, collection):
    collection.intake.accept([article("a")])
    service.drain()
    collection.intake.accept([article("a", FLOOD + " A bridge was closed in the evening.")])
    service.drain()
    assert [fact.relations[0].kind for fact in collection.books.facts([2])] == ["version_of"]
    assert collection.books.revisions("a") == [1, 2]
    assert by_id(collection, "a").cluster == collection.books.facts([1])[0].cluster


def test_empty_and_short_texts_are_nobodys_copies(service, collection):
    collection.intake.accept([article(f"e{n}", "", title="") for n in range(3)])
    collection.intake.accept([article(f"s{n}", "More to follow.", title=f"Title {n}") for n in range(3)])
    service.drain()
    assert collection.books.books().assigned == 6
    assert all(fact.relations == () for fact in collection.books.facts(range(1, 7)))
    assert len({fact.cluster for fact in collection.books.facts(range(1, 4))}) == 3


class Poisoned(HashingEncoder):
    """Fails on one word."""

    def encode(self, texts):
        if any("poison" in text for text in texts):
            raise RuntimeError("cannot encode this")
        return super().encode(texts)


def test_one_poison_article_among_many_is_buried_with_its_reason(make_service):
    service = make_service(Poisoned(64), max_deliveries=2, lease_s=1.0)
    collection = service.collection()
    texts = [FLOOD if n % 2 else STRIKE for n in range(9)]
    collection.intake.accept([article(f"g{n}", text + f" Note {n}.") for n, text in enumerate(texts)])
    collection.intake.accept([article("bad", "The poison in the well of " + " ".join(reversed(STRIKE.split())))])
    worker = service.collection()
    for _ in range(3):
        worker.preparer.run("w")
        time.sleep(1.1)  # the lease runs out
    service.drain()
    books = collection.books.books()
    assert (books.assigned, books.dead) == (9, 1)
    assert collection.books.dead(0, 10) == [(10, "RuntimeError: cannot encode this")]


def test_vectors_of_another_model_are_refused(make_service):
    service = make_service()
    service.collection().intake.accept([article("a")])
    service.drain()
    other = make_service(HashingEncoder(32))
    other.collection().intake.accept([article("b", STRIKE)])
    with pytest.raises(ModelMismatch, match="reembed"):
        other.collection().preparer.run("w")
    assert service.collection().books.books().pending == 1


def test_a_vector_is_stored_as_float16(service, collection):
    collection.intake.accept([article("a")])
    service.drain()
    (stored,) = collection.books.vectors([1])
    vector = np.frombuffer(stored, np.float16)
    assert vector.shape == (64,)
    assert np.isclose(np.linalg.norm(vector.astype(np.float32)), 1, atol=0.01)
