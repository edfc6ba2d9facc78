"""Fingerprints against brute force: shingles, signatures at known overlap, the winnowing guarantee, short and odd texts."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.codec import decode_fingerprint, encode_fingerprint
from clusterer.core.copies.fingerprint import (
    FingerprintPolicy,
    Overlap,
    fingerprint,
    folded_words,
    index_terms,
    overlap,
    shortened,
)
from clusterer.core.model import Document, Fingerprint

POLICY = FingerprintPolicy()
GOLDEN = ("47cd0da9df046014", "47d4057dfd3809f", [102297699, 19061592])


def print_of(text: str, title: str = "", policy: FingerprintPolicy = POLICY) -> Fingerprint:
    return fingerprint(Document(title=title, text=text), policy)


def words(count: int, seed: int = 0) -> list[str]:
    """Pseudo-words; those of different seeds have practically no shingle in common."""
    rng = random.Random(seed)
    return [f"w{rng.randrange(5000)}" for _ in range(count)]


def shingle_set(text: list[str], size: int = 5) -> set[tuple[str, ...]]:
    return {tuple(text[start : start + size]) for start in range(len(text) - size + 1)}


def test_tokens_are_words_after_normalisation() -> None:
    assert folded_words("Ministers’ OFFICE: ﬁve Straße—2nd") == ["ministers", "office", "five", "strasse", "2nd"]
    assert folded_words("“Ferry”—84 • rescued – in 1990–2000") == ["ferry", "84", "rescued", "in", "1990", "2000"]
    assert folded_words("Café") == folded_words("Cafe\u0301")
    assert folded_words("हिन्दी में") == ["हिन्दी", "में"]


def test_scripts_without_spaces_are_read_character_by_character() -> None:
    assert folded_words("東京でG7会合") == ["東", "京", "で", "g7", "会", "合"]
    assert folded_words("서울 시장") == ["서울", "시장"]  # Korean has spaces


def test_chinese_copies_are_found_and_other_texts_are_not() -> None:
    one = "市议会周二晚间投票通过新建轻轨线路的预算，预计明年春天动工，三年后通车。"
    changed = one.replace("明年春天", "今年秋天")
    other = "气象部门提醒，受冷空气影响，北部山区周末将有大雪，请注意道路结冰和出行安全。"
    assert overlap(print_of(one), print_of(changed)).jaccard > 0.4
    assert overlap(print_of(one), print_of(other)).jaccard == 0


@given(
    st.lists(st.sampled_from("abcd"), min_size=12, max_size=80),
    st.lists(st.sampled_from("abcd"), min_size=12, max_size=80),
)
def test_overlap_equals_brute_force(one: list[str], other: list[str]) -> None:
    a, b = shingle_set(one), shingle_set(other)
    found = overlap(print_of(" ".join(one)), print_of(" ".join(other)))
    assert (found.shared, found.size, found.other_size) == (len(a & b), len(a), len(b))
    assert found.jaccard == len(a & b) / len(a | b)
    assert found.containment == len(a & b) / min(len(a), len(b))


def test_overlap_with_nothing_is_zero() -> None:
    nothing = print_of("")
    assert overlap(nothing, nothing) == Overlap(0, 0, 0)
    assert overlap(nothing, nothing).jaccard == 0
    assert overlap(nothing, print_of(" ".join(words(50)))).containment == 0


@pytest.mark.parametrize("percent", range(0, 101, 5))
def test_signatures_estimate_the_known_overlap(percent: int) -> None:
    """At every 5 %, averaged over ten pairs: four standard errors of 10 x 128 permutations."""
    errors = []
    for seed in range(10):
        shared, own = words(10 * percent + 4, seed), words(1000 - 10 * percent + 4, seed + 100)
        one = print_of(" ".join(shared + own))
        other = print_of(" ".join(shared + words(1000 - 10 * percent + 4, seed + 200)))
        assert one.signature is not None
        assert other.signature is not None
        errors.append(float(np.mean(one.signature == other.signature)) - overlap(one, other).jaccard)
    assert abs(np.mean(errors)) <= 4 * (0.25 / (10 * POLICY.num_perm)) ** 0.5
    assert max(map(abs, errors)) < 0.18


def test_bands_find_what_verification_would_accept() -> None:
    rows = POLICY.num_perm // POLICY.bands
    recall = {jaccard: 1 - (1 - jaccard**rows) ** POLICY.bands for jaccard in (0.1, 0.7)}
    assert recall[0.7] >= 0.999
    assert recall[0.1] < 0.01
    found = 0
    for seed in range(200):
        text = words(400, seed)
        edited = text.copy()
        for place in range(10, 400, 30):  # J about .72
            edited[place] = "edited"
        one, other = print_of(" ".join(text)), print_of(" ".join(edited))
        assert 0.65 < overlap(one, other).jaccard < 0.78
        found += bool(set(index_terms(one, POLICY).bands) & set(index_terms(other, POLICY).bands))
    assert found >= 199


@settings(max_examples=60)
@given(
    st.integers(0, 2**32),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(POLICY.window + POLICY.shingle_words - 1, 60),
)
def test_any_common_passage_of_window_length_shares_a_sketch_term(seed: int, before: int, after: int, run: int) -> None:
    passage = words(run, seed)
    one = words(before, seed + 1) + passage + words(after, seed + 2)
    other = words(after, seed + 3) + passage + words(before, seed + 4)
    terms = [set(index_terms(print_of(" ".join(text)), POLICY).sketch) for text in (one, other)]
    assert terms[0] & terms[1]


def test_a_typical_article_has_few_and_short_terms() -> None:
    terms = index_terms(print_of(" ".join(words(400))), POLICY)
    assert len(terms.bands) == 32
    assert 35 <= len(terms.sketch) <= 60
    every = [*terms.bands, *terms.sketch, terms.exact]
    assert len(set(every)) == len(every)
    assert all(term is not None and len(term) == 7 for term in every)


def test_terms_of_the_bands_differ_by_position() -> None:
    constant = Fingerprint(1, np.arange(9, dtype=np.uint64), np.zeros(128, dtype=np.uint32), POLICY.scheme)
    assert len(set(index_terms(constant, POLICY).bands)) == 32


def test_exact_is_the_same_words_whatever_the_typography_or_title() -> None:
    body = "The council voted on Tuesday night to fund a new tram line, and work will start in spring."
    assert print_of(body, "One headline").exact == print_of(body.upper().replace(",", " –"), "Another").exact
    assert print_of(body).exact != print_of(body.replace("Tuesday", "Monday")).exact


def test_texts_too_short_to_compare() -> None:
    short = "Police have closed the northern bridge."  # 6 words
    text_fingerprint = print_of(short, "Bridge closed")
    assert text_fingerprint.shingles.size == 0
    assert text_fingerprint.signature is None
    terms = index_terms(text_fingerprint, POLICY)
    assert terms.exact is not None
    assert terms.bands == terms.sketch == ()
    assert text_fingerprint.exact == print_of(short, "Bridge CLOSED").exact
    assert text_fingerprint.exact != print_of(short, "Bridge open").exact
    assert print_of(short).exact == 0  # no title to tell two such notes apart


@pytest.mark.parametrize("text", ["", "   \n", "…!?", "Sunny spells later", "天气晴好有风"])
def test_hardly_any_words_match_nothing(text: str) -> None:
    text_fingerprint = print_of(text, "Weather forecast")
    assert text_fingerprint.exact == 0
    assert index_terms(text_fingerprint, POLICY) == index_terms(print_of("", "Another"), POLICY)
    assert index_terms(text_fingerprint, POLICY).exact is None


@given(st.text(st.characters(), max_size=300), st.text(st.characters(), max_size=20))
def test_any_text_has_a_fingerprint(text: str, title: str) -> None:
    """Lone surrogates and unassigned code points included."""
    text_fingerprint = print_of(text * 20, title)
    assert (
        (text_fingerprint.signature is None)
        == (text_fingerprint.shingles.size == 0)
        == (text_fingerprint.sketch.size == 0)
    )
    assert set(shortened(text_fingerprint.sketch).tolist()) <= set(text_fingerprint.shingles.tolist())
    stored = decode_fingerprint(encode_fingerprint(text_fingerprint))
    assert stored.shingles.tolist() == text_fingerprint.shingles.tolist()


@pytest.mark.parametrize("kind", ["wall", "empty"])
def test_pages_without_an_article_have_an_empty_fingerprint(kind: str) -> None:
    page = Document(title="Subscribe", text=" ".join(words(200)), kind=kind)  # type: ignore[arg-type]
    text_fingerprint = fingerprint(page, POLICY)
    assert (
        text_fingerprint.exact,
        text_fingerprint.shingles.size,
        text_fingerprint.signature,
        text_fingerprint.sketch.size,
    ) == (0, 0, None, 0)


def test_the_cap_keeps_a_consistent_sample() -> None:
    policy = FingerprintPolicy(max_shingles=500)
    shared = words(3000, 1)
    one = " ".join(shared + words(1000, 2))
    other = " ".join(shared + words(1000, 3))
    short = " ".join(shared[:400])
    prints = [print_of(text, policy=policy) for text in (one, other, short)]
    assert [text_fingerprint.shingles.size for text_fingerprint in prints] == [500, 500, 396]
    true = overlap(print_of(one), print_of(other)).jaccard
    assert overlap(prints[0], prints[1], 500).jaccard == pytest.approx(true, abs=0.07)
    assert overlap(prints[0], prints[2], 500).containment == 1.0
    assert overlap(prints[2], prints[0], 500).size < overlap(prints[2], prints[0], 500).other_size


def test_the_sketch_is_capped_with_the_smallest_hashes() -> None:
    text = " ".join(words(3000))
    full, capped = print_of(text).sketch, print_of(text, policy=FingerprintPolicy(max_sketch=100)).sketch
    assert len(full) > 300
    assert capped.tolist() == full[:100].tolist()


def test_shingles_are_sorted_and_unique_and_fingerprints_repeatable() -> None:
    text = " ".join(words(50) * 3)
    text_fingerprint = print_of(text)
    assert all(one < other for one, other in pairwise(text_fingerprint.shingles.tolist()))
    assert text_fingerprint.shingles.dtype == np.uint32
    assert text_fingerprint.signature is not None
    assert text_fingerprint.signature.dtype == np.uint32
    again = print_of(text)
    assert again.signature is not None
    assert again.signature.tolist() == text_fingerprint.signature.tolist()


def test_schemes_do_not_mix() -> None:
    other = FingerprintPolicy(seed=2)
    assert other.scheme != POLICY.scheme
    with pytest.raises(ValueError, match="scheme"):
        index_terms(print_of(" ".join(words(40))), other)


def test_policies_that_cannot_work_are_refused() -> None:
    with pytest.raises(ValueError, match="bands"):
        FingerprintPolicy(bands=30)
    with pytest.raises(ValueError, match="min_tokens"):
        FingerprintPolicy(min_tokens=4, min_exact_tokens=4)


def test_stored_fingerprints_stay_valid() -> None:
    """Changes here mean that stored fingerprints no longer compare with new ones: then the scheme needs a new name."""
    text_fingerprint = print_of(
        "The council voted on Tuesday night to fund a new tram line, and work will start in spring."
    )
    assert text_fingerprint.signature is not None
    assert text_fingerprint.scheme == "folded-words5-xxh3/affine32-128-1/32/cap20000/winnow16-512"
    assert (
        f"{text_fingerprint.exact:x}",
        f"{int(text_fingerprint.sketch[0]):x}",
        text_fingerprint.signature[:2].tolist(),
    ) == GOLDEN
    assert shortened(text_fingerprint.sketch).tolist() == text_fingerprint.shingles[:1].tolist()
