"""What is stored comes back equal, and damaged or foreign bytes are refused."""

from __future__ import annotations

import struct
from datetime import UTC, timedelta, timezone

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer import codec
from clusterer.core.copies.fingerprint import shortened
from clusterer.core.model import Article, Cut, Document, Fingerprint, Relation

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))
EVIDENCE = st.dictionaries(TEXT, st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53) | TEXT)
RELATIONS = st.lists(
    st.builds(
        Relation,
        kind=st.sampled_from(["exact", "near", "excerpt_of", "version_of"]),
        other=st.integers(1, 2**53),
        evidence=EVIDENCE,
        is_copy=st.booleans(),
    )
).map(tuple)


@given(
    st.builds(
        Article,
        id=TEXT,
        url=st.none() | TEXT,
        text=st.none() | TEXT,
        published_at=st.none() | MOMENTS,
        lang=st.none() | TEXT,
    )
)
def test_article_round_trip(article: Article) -> None:
    back = codec.decode_article(codec.encode_article(article))
    assert back == article
    assert back.published_at is None or back.published_at.tzinfo is not None


@given(
    st.builds(
        Document,
        title=TEXT,
        text=TEXT,
        cuts=st.lists(st.builds(Cut, text=TEXT, reason=TEXT)).map(tuple),
        kind=st.sampled_from(["article", "wall", "empty"]),
        multi_event=st.booleans(),
    )
)
def test_document_round_trip(document: Document) -> None:
    assert codec.decode_document(codec.encode_document(document)) == document


@given(RELATIONS)
def test_relations_round_trip(relations: tuple[Relation, ...]) -> None:
    assert codec.decode_relations(codec.encode_relations(relations)) == relations


def test_a_record_of_a_later_release_still_decodes() -> None:
    assert codec.decode_document(b'{"title":"T","text":"x","added_later":[1]}') == Document(title="T", text="x")


@pytest.mark.parametrize("data", [b"", b"{", b'{"title":1,"text":"x"}', b'{"title":"T","text":"x","kind":"poem"}'])
def test_a_damaged_record_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        codec.decode_document(data)


def fingerprint(shingles: list[int], exact: int = 1, scheme: str = "words5") -> Fingerprint:
    return Fingerprint(exact=exact, shingles=np.array(shingles, dtype=np.uint32), signature=None, scheme=scheme)


@given(st.lists(st.integers(0, 2**32 - 1)), st.integers(0, 2**64 - 1), TEXT)
def test_fingerprint_round_trip(shingles: list[int], exact: int, scheme: str) -> None:
    back = codec.decode_fingerprint(codec.encode_fingerprint(fingerprint(shingles, exact, scheme)))
    assert back.shingles.dtype == np.uint32
    assert back.shingles.tolist() == shingles
    assert (back.exact, back.scheme, back.signature) == (exact, scheme, None)


@given(st.sets(st.integers(0, 2**64 - 1)))
def test_a_fingerprint_of_the_first_version_compares_with_new_ones(hashes: set[int]) -> None:
    whole = np.array(sorted(hashes), dtype=np.uint64)
    stored = struct.pack("<BHQI", 1, 6, 7, len(whole)) + b"words5" + whole.astype("<u8").tobytes()
    back = codec.decode_fingerprint(stored)
    assert back.shingles.dtype == np.uint32
    assert back.shingles.tolist() == shortened(whole).tolist()
    assert (back.exact, back.scheme) == (7, "words5")


@given(st.integers(0, 60))
def test_a_fingerprint_of_another_length_is_refused(keep: int) -> None:
    data = codec.encode_fingerprint(fingerprint([1, 2, 3]))
    for damaged in (data[: min(keep, len(data) - 1)], data + b"\0"):
        with pytest.raises(ValueError, match="bytes"):
            codec.decode_fingerprint(damaged)


def test_a_fingerprint_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 9"):
        codec.decode_fingerprint(b"\x09" + codec.encode_fingerprint(fingerprint([1]))[1:])


@pytest.mark.parametrize("shingles", [np.array([1], dtype=np.int64), np.zeros((1, 1), dtype=np.uint32)])
def test_shingles_of_another_type_or_shape_are_refused(shingles: np.ndarray) -> None:
    with pytest.raises(ValueError, match="flat uint32"):
        codec.encode_fingerprint(Fingerprint(exact=0, shingles=shingles, signature=None, scheme="s"))


def test_an_exact_hash_beyond_64_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        codec.encode_fingerprint(fingerprint([1], exact=2**64))
