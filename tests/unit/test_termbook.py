"""Weighted words compare as computed by hand, whatever else is in the book."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.evidence.evidence import LEAD, NAME, NUMBER, TITLE, Sparse
from clusterer.core.evidence.termbook import TermBook, Weighing, saga_weights

WORDS = [*(f"word{number}" for number in range(12)), "edda lund", "piet oomen"]


def sparse(terms: dict[str, tuple[int, int, int]]) -> Sparse:
    ordered = sorted(terms)
    counts, kinds, rarity = (bytes(terms[term][column] for term in ordered) for column in range(3))
    return Sparse(tuple(ordered), counts, kinds, rarity)


texts = st.dictionaries(
    st.sampled_from(WORDS),
    st.tuples(st.integers(1, 255), st.sampled_from([0, NAME, NUMBER, TITLE, LEAD | NAME]), st.integers(0, 255)),
    max_size=8,
).map(sparse)


def weights(text: Sparse, known: list[Sparse], arriving: bool) -> dict[str, float]:
    """What `event_weights` says, word by word."""
    found = {}
    for term, count, kinds, rare in zip(text.terms, text.counts, text.kinds, text.rarity, strict=True):
        seen = sum(term in other.terms for other in known) + arriving
        idf = max(0.0, log((500 + len(known) + 1 + 1) / (500 * np.exp(-rare / 16) + seen + 0.5)))
        base = 0.0 if " " in term and kinds == NAME else (1 + log(count)) * (1.25 if kinds & (TITLE | LEAD) else 1.0)
        found[term] = base * idf**1.5
    return found


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    product = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    norms = sqrt(sum(w * w for w in one.values())) * sqrt(sum(w * w for w in other.values()))
    return product / norms if norms > 1e-9 else 0.0


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=6), texts, st.lists(texts, max_size=4), st.booleans())
def test_cosines_are_those_computed_by_hand(
    known: list[Sparse], arrival: Sparse, gone: list[Sparse], others: bool
) -> None:
    book = TermBook()
    for seq, text in enumerate([*gone, *known]):
        book.add(seq, text)
    for seq in range(len(gone)):
        book.remove(seq)
    seqs = [len(gone) + place for place in range(len(known))]
    if others:  # an arrival that came between must leave nothing behind
        book.against(book.row(gone[0] if gone else arrival), seqs)
    by_hand = [weights(text, known, arriving=False) for text in known]
    own = weights(arrival, known, arriving=True)
    expected = [cosine(own, other) for other in by_hand]
    np.testing.assert_allclose(book.against(book.row(arrival), seqs), expected, atol=1e-6)
    among = book.among(seqs, book.row(arrival))
    np.testing.assert_allclose(among[-1, :-1], expected, atol=1e-6)
    np.testing.assert_allclose(
        among[:-1, :-1], [[cosine(one, other) for other in by_hand] for one in by_hand], atol=1e-6
    )
    np.testing.assert_allclose(among[:-1, :-1], (book.matrix(seqs) @ book.matrix(seqs).T).toarray(), atol=1e-12)


def test_the_saga_of_many_articles_is_known_by_its_words_and_the_kind_of_all_is_not() -> None:
    """In a stream of crime reports every twentieth is about one trial, which makes its name common there."""
    book = TermBook()
    crime, trial = (2, 0, 16 * 4), (2, NAME, 16 * 8)
    for seq in range(2000):
        own = {f"detail{seq}": (1, 0, 16 * 8), "shooting": crime}
        book.add(seq, sparse(own | ({"halvorsen": trial} if seq % 20 == 0 else {})))
    same_saga, same_kind = [0, 20], [1, 2]

    def cosine_of(seqs: list[int], **weighing: Weighing) -> float:
        rows = book.matrix(seqs, **weighing)
        return float((rows[[0]] @ rows[[1]].T).sum())

    assert cosine_of(same_kind, weighing=saga_weights) < 0.15
    assert cosine_of(same_saga) < 0.4 < 0.5 < cosine_of(same_saga, weighing=saga_weights)
    arriving = book.row(sparse({"detail2001": (1, 0, 16 * 8), "shooting": crime, "halvorsen": trial}))
    saga, kind = book.against(arriving, [0, 1], saga_weights)
    assert saga > 0.5 > 0.15 > kind


def test_of_a_saga_words_in_titles_count_twice() -> None:
    book = TermBook()
    book.add(1, sparse({"tessin": (1, TITLE, 96), "dam": (1, LEAD, 96)}))
    book.add(2, sparse({"other": (1, 0, 16)}))
    of_lead, of_title = book.weights(book.row(book.sparse(1)), weighing=saga_weights)
    assert of_title == pytest.approx(2 * of_lead)


@given(texts)
def test_an_article_gives_back_its_words(text: Sparse) -> None:
    book = TermBook()
    book.add(1, text)
    assert book.sparse(1) == text


def test_shared_words_come_by_weight_and_names_of_two_words_first() -> None:
    book = TermBook()
    text = sparse({"word1": (1, 0, 200), "word2": (9, NUMBER, 200), "edda lund": (1, NAME, 100), "word3": (1, 0, 40)})
    book.add(1, text)
    arrival = sparse({"word1": (1, 0, 200), "word2": (1, NUMBER, 200), "edda lund": (1, NAME, 100)})
    assert book.shared(arrival, [1]) == [("edda lund", NAME), ("word2", NUMBER), ("word1", 0)]


@pytest.mark.parametrize("words", [100, 20_000])
def test_comparing_takes_no_memory_for_words_of_others(words: int) -> None:
    """One arrival is compared often; what that takes must not grow with the vocabulary."""
    import tracemalloc

    book = TermBook()
    text = sparse({f"w{number}": (1, 0, 100) for number in range(30)})
    book.add(0, text)
    for seq in range(1, words // 100 + 1):
        book.add(seq, sparse({f"o{seq}x{number}": (1, 0, 100) for number in range(100)}))
    row = book.row(text)
    book.against(row, [0]), book.among([0], row)  # loads scipy
    tracemalloc.start()
    book.against(row, [0])
    book.among([0], row)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000


def test_how_many_rows_of_a_matrix_are_made_at_once_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    book = TermBook()
    for seq in range(7):
        book.add(seq, sparse({word: (1 + seq, LEAD, 40 + seq) for word in WORDS[: 3 * seq]}))
    whole = book.matrix(range(7)).toarray()
    np.testing.assert_allclose(np.linalg.norm(whole, axis=1), [0.0, *[1.0] * 6])
    for at_once in (1, 3):
        monkeypatch.setattr("clusterer.core.evidence.termbook._ROWS_AT_ONCE", at_once)
        np.testing.assert_array_equal(book.matrix(range(7)).toarray(), whole)
