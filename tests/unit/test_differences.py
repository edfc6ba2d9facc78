"""Two texts side by side."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clusterer.core.copies.differences import Piece, Row, likeness, marking, side_by_side


def marked(row: Row) -> tuple[list[str], list[str]]:
    return tuple([piece.text.strip() for piece in side if piece.marked] for side in (row.left, row.right))  # type: ignore[return-value]


def test_a_changed_word_is_marked_and_the_rest_is_not() -> None:
    rows = side_by_side("Nine people died. Roads are closed.", "Twelve people died. Roads are closed.")
    assert marked(rows[0]) == (["Nine"], ["Twelve"])
    assert rows[1].same


def test_a_sentence_that_only_one_has() -> None:
    rows = side_by_side("It rained. The dam broke.", "The dam broke.")
    assert [row.same for row in rows] == [False, True]
    assert rows[0] == Row((Piece("It rained.", True), Piece(" ")), ())


def test_spacing_is_no_difference() -> None:
    assert all(row.same for row in side_by_side("One  two.\n\nThree.", "One two. Three."))


@pytest.mark.parametrize(
    ("left", "right", "low", "high"),
    [
        ("Nine people died. Roads are closed.", "Nine people died.", 1, 1),
        ("Nine people died in the flood.", "Twelve people died in the flood.", 0.8, 1),
        ("A ferry ran aground in fog.", "The council votes on a tram.", 0, 0.2),
        ("", "", 1, 1),
    ],
)
def test_likeness_is_of_the_shorter_text(left: str, right: str, low: float, high: float) -> None:
    assert low <= likeness(side_by_side(left, right)) <= high


def test_what_both_mention_is_marked_wherever_it_stands() -> None:
    pieces = marking("Tessaly Bay: a FERRY off tessaly bay. The ferryman of Évora.", ["Tessaly Bay", "ferry", "evora"])
    assert [piece.text for piece in pieces if piece.marked] == ["Tessaly Bay", "FERRY", "tessaly bay", "Évora"]
    assert marking("No word of it.", []) == (Piece("No word of it."),)


words = st.text(st.sampled_from("ab .\n!"), max_size=60)


@given(words, words)
@example("a\n!", ". !")
def test_each_side_is_its_text(left: str, right: str) -> None:
    rows = side_by_side(left, right)
    for side, text in (("left", left), ("right", right)):
        shown = ["".join(piece.text for piece in getattr(row, side)) for row in rows]
        assert " ".join(shown).split() == text.split()


@given(words)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(row.same for row in side_by_side(text, text))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("a. " * 20_000, "a. " * 19_000 + "b. "),
        ("ab. c. " * 9_000, "c. ab. " * 9_000),
        ("a b c d " * 5_000, "b a d c " * 5_000),
        ("a b. " * 5_000, "b a. " * 5_000),
    ],
)
def test_texts_made_to_be_slow_are_not(left: str, right: str) -> None:
    before = time.process_time()
    side_by_side(left, right)
    assert time.process_time() - before < 5
