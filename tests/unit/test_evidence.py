"""Evidence is telling, small, readable, and survives storage in any language."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.evidence.evidence import (
    LEAD,
    NAME,
    NUMBER,
    TITLE,
    Sparse,
    decode_sparse,
    encode_sparse,
    evidence_of,
    extract,
    text_to_embed,
)
from clusterer.core.evidence.words import tokens
from clusterer.core.model import Document
from clusterer.core.records import PreparedFacts

FERRY = Document(
    "Ferry runs aground off Skarvik",
    "The ferry Nordlys ran aground near Skarvik on Monday with 212 people on board. "
    "Harbour master Ingrid Vaal said that nobody was hurt. Later Ingrid Vaal thanked the 14 volunteers.",
    lang="en",
)
STATED = datetime(2019, 3, 2, 8, tzinfo=UTC)
IN_URL = datetime(2019, 2, 28, tzinfo=UTC)


def kinds_of(sparse: Sparse) -> dict[str, int]:
    return dict(zip(sparse.terms, sparse.kinds, strict=True))


def words_of(text: str) -> list[str]:
    return [word for word, _, _ in tokens(text)]


def test_words_names_and_numbers_are_told_apart() -> None:
    kinds = kinds_of(extract(FERRY))
    assert kinds["ferry"] & TITLE
    assert kinds["ingrid vaal"] & NAME
    assert kinds["skarvik"] & NAME
    assert kinds["212"] & NUMBER
    assert kinds["aground"] & LEAD
    assert not kinds["aground"] & NAME


def test_words_that_tell_nothing_are_left_out() -> None:
    assert not {"the", "on", "that", "was"} & set(extract(FERRY).terms)


def test_rare_words_have_a_higher_rarity() -> None:
    sparse = extract(FERRY)
    rarity = dict(zip(sparse.terms, sparse.rarity, strict=True))
    assert rarity["skarvik"] > rarity["ferry"] > rarity["board"]


def test_a_title_in_title_case_names_nothing_when_there_is_a_body() -> None:
    kinds = kinds_of(extract(Document("Angry Farmers Block Roads", "Farmers parked tractors across roads in Veltana.")))
    assert not any(kinds[word] & NAME for word in ("farmers", "roads"))
    assert kinds["veltana"] & NAME


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北京で地震", ["北京", "京で", "で地", "地震"]),
        ("水", ["水"]),
        ("ไฟไหม้", ["ไฟ", "ฟไ", "ไห", "หม", "ม้"]),
        ("Thủ tướng thăm Huế", ["thủ", "tướng", "thăm", "huế"]),
        ("Пожар в Самаре", ["пожар", "в", "самаре"]),
        ("COVID病毒", ["covid", "病毒"]),
        ("欧州は1.8%安、終値は38,120円", ["欧州", "州は", "1.8", "安", "終値", "値は", "38,120", "円"]),
        ("上午10:30，A股跌2.4%。", ["上午", "10:30", "a", "股跌", "2.4"]),
        ("ขึ้น1.25บาท v1.8", ["ขึ", "ึ้", "้น", "1.25", "บา", "าท", "v1", "8"]),
        ("The mayor’s 3,500 homes at 10:30", ["the", "mayor", "s", "3,500", "homes", "at", "10:30"]),
        ("ﬁre ＡＢＣ", ["fire", "abc"]),
        ("", []),
    ],
)
def test_words_in_any_script(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@pytest.mark.parametrize("beside", ["", " Zoë"])  # with a letter beyond ASCII the text is read by another pattern
def test_a_dash_ends_a_sentence(beside: str) -> None:
    found = tokens(f"the “Ferry” — Nobody is hurt – Two in 1990–2000…{beside}")
    starts = [(word, start) for word, _, start in found]
    assert starts == [
        ("the", True), ("ferry", True), ("nobody", True), ("is", False), ("hurt", False), ("two", True), ("in", False),
        ("1990", False), ("2000", True),
    ] + ([("zoë", True)] if beside else [])  # fmt: skip


def test_scripts_without_case_have_no_names_by_capitals() -> None:
    assert not any(
        kind & NAME for kind in extract(Document("東京で火災", "東京の工場で火災があった。", lang="ja")).kinds
    )


def test_a_decomposed_accent_is_the_same_word() -> None:
    assert words_of("Hu\u1ebf") == words_of("Hue\u0302\u0301")


def test_an_unknown_language_falls_back() -> None:
    assert extract(Document("Skip grunnstøtte", "Ferja gjekk på grunn.", lang="xx")).terms


def test_a_long_text_stays_small() -> None:
    text = " ".join(f"Word{n} Zuvo{n * 7}" for n in range(5_000))
    assert len(encode_sparse(extract(Document("Long", text)))) <= 2_000


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400), st.text(max_size=100))
def test_storage_keeps_everything(text: str, title: str) -> None:
    sparse = extract(Document(title, text))
    assert decode_sparse(encode_sparse(sparse)) == sparse
    assert list(sparse.terms) == sorted(set(sparse.terms))


@pytest.mark.parametrize("data", [b"", b"\x63abc", encode_sparse(Sparse())[:3], b"\x01" + b"junk"])
def test_foreign_or_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="evidence"):
        decode_sparse(data)


def test_what_is_embedded_is_title_and_lead() -> None:
    assert text_to_embed(FERRY) == f"{FERRY.title}. {FERRY.text}"
    assert text_to_embed(Document("", "Text")) == "Text"
    assert text_to_embed(Document("Title", "")) == "Title"


def test_only_the_title_of_a_wall_tells() -> None:
    wall = Document("Crane falls on Halvern quay", "Subscribe to keep reading the Lowfield Ledger.", kind="wall")
    assert text_to_embed(wall) == "Crane falls on Halvern quay"
    assert "subscribe" not in extract(wall).terms


@pytest.mark.parametrize(
    ("published_at", "url", "seen"),
    [
        (STATED, "https://a.example/2019/02/28/ferry", STATED),
        (None, "https://a.example/2019/02/28/ferry", IN_URL),
        (None, "https://a.example/ferry", None),
        (None, None, None),
    ],
)
def test_a_missing_date_is_read_from_the_url(
    published_at: datetime | None, url: str | None, seen: datetime | None
) -> None:
    facts = PreparedFacts(
        seq=1,
        article_id="a",
        source=None,
        url=url,
        lang=None,
        title="Ferry",
        published_at=published_at,
        received_at=datetime(2019, 3, 3, tzinfo=UTC),
        state="assigned",
    )
    vector = np.zeros(4, np.float16).tobytes()
    evidence = evidence_of(facts, vector, encode_sparse(Sparse()))
    assert (evidence.published_at, evidence.stated_at) == (seen, published_at)
