"""The embedding model changes while articles come in: nothing waits before the last step, and a run that ended is gone on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from support.articles import STRIKE, article

from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Conflict, ModelMismatch
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.upkeep.audit import audit
from clusterer.pipeline.upkeep.reembed import ReembeddingReport

BEFORE, AFTER = "hashing-1-64", "hashing-1-32"
SUBJECTS = ("bridge", "harvest", "election", "glacier", "orchestra", "refinery", "vaccine", "stadium")
HARVEST = (
    "Farmers in the Aldern valley expect the smallest apple harvest for twelve years after frost in two nights of April. "
    "The growers' association speaks of losses of nine million and asks the province for loans without interest."
)
MakeService = Callable[..., Clusterer]


class Interrupted(Exception):
    pass


class Counting(HashingEncoder):
    """Counts texts, and stops for good after some."""

    def __init__(self, most: int = 1_000_000) -> None:
        super().__init__(32)
        self.texts = 0
        self._most = most

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.texts + len(texts) > self._most:
            raise Interrupted
        self.texts += len(texts)
        return super().encode(texts)


class OfTheSameDimension(HashingEncoder):
    @property
    def fingerprint(self) -> str:
        return "another model"


def many(count: int) -> list[object]:
    return [
        article(
            f"n{n}", f"The {SUBJECTS[n % 8]} of district {n} was discussed by council {n * 7}. " + STRIKE[: n % 50 + 60]
        )
        for n in range(count)
    ]


def dimensions(collection: Collection) -> set[int]:
    stored = collection.books.vectors(collection.books.accepted_seqs(0, 10_000))
    return {len(vector) // 2 for vector in stored if vector is not None}


def test_articles_flow_until_the_new_vectors_are_published(make_service: MakeService) -> None:
    old, new = make_service(), make_service(HashingEncoder(32))
    old.collection().intake.accept([article("a"), article("b", STRIKE)])
    old.drain()
    came: list[str] = []

    def more(embedded: int, left: int) -> None:
        if not came:
            came.append("c")
            old.collection().intake.accept([article("c", HARVEST)])
            old.drain()

    done = new.collection().reembedder.run("r", more)
    assert done == ReembeddingReport(BEFORE, AFTER, 3)
    assert old.collection().books.books().assigned == 3
    assert dimensions(new.collection()) == {32}
    assert audit(new.collection().books).clean


def test_workers_of_the_former_model_leave_articles_waiting(make_service: MakeService) -> None:
    old, new = make_service(), make_service(HashingEncoder(32))
    old.collection().intake.accept([article("a")])
    old.drain()
    new.collection().reembedder.run("r")
    old.collection().intake.accept([article("b", HARVEST)])
    with pytest.raises(ModelMismatch, match="reembed"):
        old.drain()
    assert old.collection().books.books().pending == 1
    assert old.collection().assigner.window_size == 0, "it holds the former vectors"
    new.drain()
    assert new.collection().books.books().assigned == 2
    assert new.collection().assigner.window_size == 2, "of one dimension, or it could not have been built"


def test_other_collections_go_on_beside_one_of_another_model(make_service: MakeService) -> None:
    old, new = make_service(), make_service(HashingEncoder(32))
    old.collection().intake.accept([article("a")])
    old.drain()
    new.store.create_collection("fresh", {})
    new.collection().intake.accept([article("b", STRIKE)])
    new.collection("fresh").intake.accept([article("c", STRIKE)])
    with pytest.raises(ModelMismatch, match="default"):
        new.drain()
    assert new.collection().books.books().pending == 1
    assert new.collection("fresh").books.books().assigned == 1


def test_a_run_that_ended_is_gone_on_with(make_service: MakeService) -> None:
    old = make_service()
    old.collection().intake.accept(many(150))
    old.drain()
    listed = sum(map(bool, old.collection().books.vectors(range(1, 151))))
    assert listed > 64
    with pytest.raises(Interrupted):
        make_service(Counting(most=75)).collection().reembedder.run("r")
    assert old.collection().books.model() == BEFORE
    assert dimensions(old.collection()) == {64}
    encoder = Counting()
    done = make_service(encoder).collection().reembedder.run("r2")
    assert done == ReembeddingReport(BEFORE, AFTER, listed - 64)
    assert encoder.texts == listed - 64, "what was left"
    assert dimensions(old.collection()) == {32}
    assert audit(old.collection().books).clean


def test_the_model_that_is_there_already(make_service: MakeService) -> None:
    service = make_service()
    assert service.collection().reembedder.run("r") == ReembeddingReport(None, None, 0)
    service.collection().intake.accept(many(80))
    service.drain()
    with pytest.raises(Interrupted):
        make_service(Counting(most=65)).collection().reembedder.run("r")
    assert service.collection().books.count_unembedded() > 0
    assert service.collection().reembedder.run("r") == ReembeddingReport(BEFORE, BEFORE, 0)
    assert service.collection().books.count_unembedded() == 0, "the change begun before is given up"


def test_not_while_it_is_reclustered(make_service: MakeService) -> None:
    service = make_service()
    assert service.collection().books.claim_job("recluster", "night", 60)
    with pytest.raises(Conflict):
        service.collection().reembedder.run("r")
    service.collection().books.release_job("recluster", "night")
    service.collection().reembedder.run("r")
    service.collection().nightly.check_idle()


def test_search_follows_the_change(make_service: MakeService) -> None:
    old, new = make_service(), make_service(HashingEncoder(32))
    old.collection().intake.accept([article("a"), article("b", STRIKE)])
    old.drain()
    assert old.collection().lookup.search_text("the flood in the old town", 1, -1).data
    new.collection().reembedder.run("r")
    with pytest.raises(ModelMismatch, match="reembed"):
        old.collection().lookup.search_text("the flood in the old town", 1, -1)
    assert new.collection().lookup.search_text("the flood in the old town", 1, -1).data
    related = old.collection().lookup.related("a", 1)
    assert [item.article_id for item in related.data] == ["b"], (
        "by stored vectors, which the process of the former model reads too"
    )


def test_a_run_that_lost_its_job_publishes_nothing(make_service: MakeService) -> None:
    old, new = make_service(), make_service(HashingEncoder(32))
    old.collection().intake.accept([article("a"), article("b", STRIKE)])
    old.drain()
    books = old.collection().books

    def night_begins(embedded: int, left: int) -> None:
        books.release_job("recluster", "r")  # as when a lease runs out
        assert books.claim_job("recluster", "night", 60)

    with pytest.raises(Conflict):
        new.collection().reembedder.run("r", night_begins)
    assert books.model() == BEFORE
    assert dimensions(old.collection()) == {64}


def test_a_window_of_the_former_vectors_is_not_used_after_the_change(make_service: MakeService) -> None:
    """The change falls between a writer's look at the model and its claim."""
    service, next_model = make_service(), make_service(OfTheSameDimension(64))
    service.collection().intake.accept([article("a"), article("b", STRIKE)])
    service.drain()
    assigner = service.collection().assigner
    window = assigner._window
    assert window is not None
    next_model.collection().reembedder.run("r")
    assigner.run("local")
    assert assigner._window is not window


def test_vectors_whose_article_was_lost_do_not_hold_up_the_change(make_service: MakeService) -> None:
    service = make_service()
    if not isinstance(service.store, RedisStore):
        pytest.skip("only damage from outside can do that")
    service.collection().intake.accept([article("a"), article("b", STRIKE)])
    service.drain()
    service.store._client.delete("clu:{default}:a:1")
    done = make_service(HashingEncoder(32)).collection().reembedder.run("r")
    assert done.after == AFTER
    assert service.collection().books.count_unembedded() == 0
