"""Another model's vectors are made beside the published ones and take their place in one step."""

from __future__ import annotations

import pytest
from support.desk import MODEL, Desk, at, draft

from clusterer.core.errors import Conflict, Fenced, ModelMismatch
from clusterer.core.records import Reembedded
from clusterer.ports import CollectionStore

NEXT = "model-b"


def vectors_of(books: CollectionStore, *seqs: int) -> list[bytes | None]:
    return books.vectors(seqs)


def stage(books: CollectionStore, *seqs: int, model: str = NEXT) -> int:
    items = [
        Reembedded(seq, published, b"new %d" % seq)
        for seq, published in zip(seqs, vectors_of(books, *seqs), strict=True)
    ]
    return books.stage_vectors(model, items)


def test_no_model_before_the_first_vectors(desk: Desk, books: CollectionStore) -> None:
    assert books.model() is None
    desk.make_ready("a")
    assert books.model() == MODEL


def test_all_vectors_change_in_one_step(desk: Desk, books: CollectionStore) -> None:
    first, second = desk.make_ready("a", "b")
    desk.open("c1", first)
    (copy,) = desk.make_copies(first, "a2")
    books.begin_reembedding(NEXT)
    assert books.unembedded(10) == [first, second], "copies have no vectors"
    assert stage(books, first) == 1
    assert books.count_unembedded() == 1
    assert not books.adopt_vectors(NEXT), "one is missing"
    assert vectors_of(books, first, second) == [b"vector", b"vector"]
    assert stage(books, second) == 1
    assert books.adopt_vectors(NEXT)
    assert books.model() == NEXT
    assert vectors_of(books, first, second, copy) == [b"new %d" % first, b"new %d" % second, None]
    assert books.adopt_vectors(NEXT), "the answer to the first call may have been lost"
    books.drop_staged()
    assert vectors_of(books, first, second) == [b"new %d" % first, b"new %d" % second]


def test_there_and_back_again(desk: Desk, books: CollectionStore) -> None:
    (seq,) = desk.make_ready("a")
    for model in (NEXT, MODEL, NEXT):
        books.begin_reembedding(model)
        assert books.unembedded(10) == [seq]
        assert stage(books, seq, model=model) == 1
        assert books.adopt_vectors(model)
        books.drop_staged()
        assert books.model() == model
        assert vectors_of(books, seq) == [b"new %d" % seq]


def test_only_the_published_model_hands_over(desk: Desk, books: CollectionStore) -> None:
    (seq,) = desk.make_ready("a")
    books.begin_reembedding(NEXT)
    (later,) = desk.accept("b")
    with pytest.raises(ModelMismatch, match="reembed"):
        desk.hand_over(draft(later), model=NEXT)
    desk.hand_over(draft(later))
    assert books.unembedded(10) == [seq, later], "handed over meanwhile: listed too"
    stage(books, seq, later)
    assert books.adopt_vectors(NEXT)
    (last,) = desk.accept("c")
    with pytest.raises(ModelMismatch, match=NEXT):
        desk.hand_over(draft(last))
    desk.hand_over(draft(last), model=NEXT)
    assert vectors_of(books, last) == [b"vector"]
    assert books.unembedded(10) == []


def test_vectors_of_an_article_prepared_anew_are_made_again(desk: Desk, books: CollectionStore) -> None:
    (seq,) = desk.make_ready("a")
    books.begin_reembedding(NEXT)
    read_before = Reembedded(seq, b"vector", b"new")
    assert stage(books, seq) == 1
    desk.lease("ready")
    books.mark_dead("ready", desk.entries["ready"][seq], seq, "test", at(1))
    assert books.retry_dead(seq)
    assert books.unembedded(10) == [], "it has no vectors now"
    desk.hand_over(draft(seq, vector=b"from a better text"))
    assert books.unembedded(10) == [seq]
    assert books.stage_vectors(NEXT, [read_before]) == 0, "made from the former text"
    assert not books.adopt_vectors(NEXT)
    assert stage(books, seq) == 1
    assert books.adopt_vectors(NEXT)
    assert vectors_of(books, seq) == [b"new %d" % seq]


def test_going_on_keeps_what_was_made_and_another_model_drops_it(desk: Desk, books: CollectionStore) -> None:
    first, second = desk.make_ready("a", "b")
    books.begin_reembedding(NEXT)
    stage(books, first)
    books.begin_reembedding(NEXT)
    assert books.unembedded(10) == [second]
    books.begin_reembedding("model-c")
    assert books.unembedded(10) == [first, second]
    with pytest.raises(Conflict):
        stage(books, second)
    assert not books.adopt_vectors(NEXT)
    stage(books, first, second, model="model-c")
    assert books.adopt_vectors("model-c")


def test_given_up(desk: Desk, books: CollectionStore) -> None:
    first, second = desk.make_ready("a", "b")
    books.begin_reembedding(NEXT)
    stage(books, first)
    books.drop_staged()
    assert books.unembedded(10) == []
    assert not books.adopt_vectors(NEXT)
    (later,) = desk.make_ready("c")
    assert books.unembedded(10) == []
    assert vectors_of(books, first, second, later) == [b"vector"] * 3
    assert books.model() == MODEL


def test_an_article_without_anything_to_embed_leaves_the_list(desk: Desk, books: CollectionStore) -> None:
    (seq,) = desk.make_ready("a")
    books.begin_reembedding(NEXT)
    assert books.stage_vectors(NEXT, [Reembedded(seq, b"vector", None)]) == 1
    assert books.adopt_vectors(NEXT)
    assert vectors_of(books, seq) == [None]


def test_an_erased_article_leaves_no_vectors(desk: Desk, books: CollectionStore) -> None:
    first, second = desk.make_ready("storm", "flood")
    books.begin_reembedding(NEXT)
    stage(books, first)
    for seq, article_id in ((first, "storm"), (second, "flood")):
        assert books.erase(seq, at(5))
        assert books.erased_traces(seq, article_id, ()) == []
    assert books.unembedded(10) == []
    assert books.adopt_vectors(NEXT)


def test_a_writer_that_decided_by_the_old_vectors_is_refused(desk: Desk, books: CollectionStore) -> None:
    first, second = desk.make_ready("a", "b")
    desk.open("c1", first)
    epoch = desk.epoch
    books.begin_reembedding(NEXT)
    stage(books, first, second)
    assert books.adopt_vectors(NEXT)
    desk.lease("ready")
    with pytest.raises(Fenced):
        desk.join("c1", second)
    assert desk.lead() > epoch
    assert desk.join("c1", second)[0].status == "committed"


def test_many_articles(desk: Desk, books: CollectionStore) -> None:
    """More than a script looks at in one call."""
    seqs = [seq for number in range(40) for seq in desk.make_ready(*(f"{number}-{i}" for i in range(60)))]
    books.begin_reembedding(NEXT)
    assert books.unembedded(10_000) == seqs
    for start in range(0, len(seqs), 60):
        stage(books, *seqs[start : start + 60])
    assert books.adopt_vectors(NEXT)
    books.drop_staged()
    assert vectors_of(books, seqs[0], seqs[-1]) == [b"new %d" % seqs[0], b"new %d" % seqs[-1]]
