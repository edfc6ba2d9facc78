"""Evidence that is kept in little memory reads as it was put in."""

from __future__ import annotations

import tracemalloc
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_evidence import START, events

from clusterer.core.evidence.evidence import Evidence, Sparse
from clusterer.core.evidence.kept_evidence import KeptEvidence, Leads


def same(one: Evidence, other: Evidence) -> bool:
    rest = all(getattr(one, f.name) == getattr(other, f.name) for f in fields(Evidence) if f.name != "lead")
    return rest and one.lead.dtype == other.lead.dtype == np.float32 and np.array_equal(one.lead, other.lead)


words = st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=6).map(lambda terms: tuple(sorted(terms)))
columns = st.binary(min_size=18, max_size=18)
moments = st.none() | st.integers(0, 90).map(lambda days: START + timedelta(days=days))


@st.composite
def articles(draw: st.DrawFn) -> Evidence:
    terms, bytes_ = draw(words), draw(columns)
    size = len(terms)
    return Evidence(
        seq=draw(st.integers(1, 5)),
        lead=np.array(draw(st.lists(st.floats(-1, 1, width=16), min_size=4, max_size=4)), np.float32),
        sparse=Sparse(terms, bytes_[:size], bytes_[6 : 6 + size], bytes_[12 : 12 + size]),
        published_at=draw(moments),
        received_at=draw(moments.filter(bool)),
        source=draw(st.none() | st.text(max_size=3)),
        lang=draw(st.sampled_from((None, "en", "de-AT"))),
        movable=draw(st.booleans()),
        heading=draw(st.text(max_size=5)),
    )


@given(st.lists(articles(), max_size=8), st.sets(st.integers(1, 5)))
def test_what_was_put_in_is_read(put: list[Evidence], gone: set[int]) -> None:
    kept, wanted = KeptEvidence(), {}
    for article in put:
        kept[article.seq] = wanted[article.seq] = article
    left = kept.without(gone)
    for seq in gone & wanted.keys():
        assert seq in kept
        del kept[seq]
        del wanted[seq]
    for found in (kept, left):
        assert list(found) == list(wanted)
        assert len(found) == len(wanted)
        assert all(same(found[seq], wanted[seq]) for seq in wanted)
        leads = Leads(found)
        assert list(leads) == list(wanted)
        assert all(np.array_equal(leads[seq], wanted[seq].lead) for seq in wanted)
    for seq in gone:
        assert seq not in kept
        with pytest.raises(KeyError):
            kept.lead(seq)


def test_an_article_takes_half_the_memory_of_its_evidence() -> None:
    lead = np.linspace(-1, 1, 384).astype(np.float16).astype(np.float32)
    terms = tuple(f"word{number:03}" for number in range(90))
    article = replace(events(1, 1)[0], lead=lead, sparse=Sparse(terms, bytes(90), bytes(90), bytes(90)))
    kept = KeptEvidence()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for seq in range(1, 1_001):
            kept[seq] = article
        taken_bytes = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert taken_bytes / 1_000 < 2_000
