"""One line of a page as numbers."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning.lines import LINE_FEATURES, holds_any, line_features

FILLER = " ".join(["word"] * 60)


def feature(name: str, line: str) -> float:
    return line_features(line)[LINE_FEATURES.index(name)]


@pytest.mark.parametrize(
    ("piece", "signs"),
    [
        ("left | right", 1),
        ("» more ©", 2),
        ("see https://a.example and http://b.example", 2),
        ("at www.harrowby.example", 1),
        ("harrowby.com writes", 1),
        ("www.harrowby.com", 2),
        ("a whole window of .commas, how wwide", 0),
        ("https is a protocol", 0),
    ],
)
def test_signs_of_links_are_counted(piece: str, signs: int) -> None:
    line = f"{FILLER} {piece}"
    words = len(line.replace(":", " ").replace("/", " ").replace(".", " ").replace("|", " ").split()) - line.count("»")
    assert feature("link_signs", line) == pytest.approx(5 * signs / (words - line.count("©")), rel=0.02)


@pytest.mark.parametrize(
    ("piece", "stops"),
    [
        ("one, two; three. four", 3),
        ("he “said.” then", 1),
        ("она пришла, он ушёл", 1),
        ("3.5 and 1,000 of them", 0),
        ("終わり。次は、これ", 2),
        ("last.", 0),
    ],
)
def test_stops_inside_a_line_are_counted(piece: str, stops: int) -> None:
    alone, beside = feature("inner_stops", FILLER), feature("inner_stops", f"{FILLER} {piece}")
    assert (round(beside * 66 / 10), alone) == (stops, 0)


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("the Mayor of Harrowby spoke", 2 / 4),
        ("the mayor spoke", 0),
        ("All Three Said Yes", 1),
        ("the Мэр of харроуби spoke", 1 / 4),
        ("the ℂ and 市長 Mayor spoke", 1 / 3),
    ],
)
def test_capitals_are_a_share_of_the_words_that_can_have_one(line: str, share: float) -> None:
    assert feature("capitals", line) == pytest.approx(share)


def test_who_writes_is_noticed() -> None:
    about = ["Contact her at the desk", "Lena Tosk is a freelance writer", "Ann Moor contributed to this report"]
    assert [feature("biography", line) for line in about] == [1.0, 1.0, 1.0]
    assert feature("biography", "The reporters followed the mayor to the harbour") == 0.0


def test_one_of_several_strings_is_enough() -> None:
    assert holds_any("a harbour", ("ship", "harb"))
    assert not holds_any("a harbour", ("ship", "pier"))
    assert not holds_any("a harbour", ())
