"""One line of a page as numbers."""

from __future__ import annotations

import re

import pytest
from ftfy.badness import is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.cleaning.clean import lines_of
from clusterer.core.cleaning.decoding import _looks_misread
from clusterer.core.lines.features import (
    LINE_FEATURES,
    content_words,
    holds_any,
    line_features,
    words_of,
)
from clusterer.core.lines.line_model import page_columns
from clusterer.core.model import Article

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


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_words_are_those_of_the_line_and_of_the_line_in_lower_case(line: str) -> None:
    assert tuple(map(list, words_of(line))) == (re.findall(r"\w+", line), re.findall(r"\w+", line.lower()))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=127)))
def test_content_words_in_ascii_are_runs_of_four_letters_or_more(line: str) -> None:
    assert content_words(line) == set(re.findall(r"[a-z]{4,}", line.lower()))


def test_captions_and_biographies_are_told_by_their_signs() -> None:
    page = [
        "A tram hit a bus near the market, police said.",
        "The tram (Photo: Ida Lund)",
        "Ida Lund is a staff writer.",
    ]
    columns = page_columns(page, [False] * 3)
    assert (columns["caption"].tolist(), columns["biography"].tolist()) == ([0, 1, 0], [0, 0, 1])


FAR = "The quay was closed on Monday — the harbour master said so. " * 20


@pytest.mark.parametrize(
    "text",
    [
        "It isnâ€™t over", "Ã¼ber dem Fluss", "ГўВЂВ™ here", "naïve café, œuvre", "ÂŁ5 and Â£6", "Â at the start", "é" * 300 + "â€™",
        "Größe, Straße", "Ελλάδα και Κύπρος", "Москва и Киев", "x\nÂ y",
    ],
)  # fmt: skip
def test_a_text_looks_misread_where_ftfy_calls_it_bad_wherever_that_stands(text: str) -> None:
    for page in (text, FAR + text, text + FAR, FAR + text + FAR):
        assert _looks_misread(page) is is_bad(page)


def test_controls_and_line_ends_of_every_kind_are_taken_out() -> None:
    text = "One\rtwo\r\nthree\x0bfour\u2028five\x0csi\x00x\x07\ud800"
    assert lines_of(Article("1", title="", text=text)) == ["One", "two", "three", "four", "five", "six"]
