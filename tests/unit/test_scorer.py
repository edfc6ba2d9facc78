"""Weights are checked when read, and a score is the sum of its terms."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterer.core.scoring.logits import logistic, logit_of
from clusterer.core.scoring.pairs import BRIEF, TERMS, Scale, language_number, pair_terms
from clusterer.core.scoring.reasons import Closest, Reasons, RunnerUp, Term
from clusterer.core.scoring.scorer import Weights, score, shipped_weights
from clusterer.settings import DEFAULT_MODEL, MULTILINGUAL_MODEL

TEXT, HEADLINE = np.array([0.0]), np.array([1.0])  # whether an article is brief


@pytest.mark.parametrize("model", [DEFAULT_MODEL, MULTILINGUAL_MODEL])
def test_shipped_weights_say_where_they_come_from(model: str) -> None:
    weights = shipped_weights(model)
    assert weights.provenance["sets"]
    assert weights.provenance["model"] == model
    assert "en" in weights.languages
    assert Weights.from_json(weights.to_json()) == weights


def test_a_model_without_weights_of_its_own_gets_the_default_ones_and_no_languages() -> None:
    other = shipped_weights("/models/another")
    assert other.coefficients == shipped_weights().coefficients
    assert other.languages == frozenset()
    assert shipped_weights(DEFAULT_MODEL) == shipped_weights()


@pytest.mark.parametrize("model", [DEFAULT_MODEL, MULTILINGUAL_MODEL])
def test_nearer_in_any_term_is_more_probable(model: str) -> None:
    weights = shipped_weights(model)
    assert all(weights.coefficients[name] > 0 for name in ("words", "words_standing_high", "meaning_standing_high"))
    assert weights.coefficients["days_apart"] < 0


@pytest.mark.parametrize(
    "change", [{"version": 99}, {"intercept": None}, {"coefficients": {"words": 1.0}}, {"coefficients": None}]
)
def test_unfit_weights_are_refused(change: dict[str, object]) -> None:
    raw = json.loads(shipped_weights().to_json()) | change
    with pytest.raises(ValueError, match=r"weights"):
        Weights.from_json(json.dumps({name: value for name, value in raw.items() if value is not None}))


@given(
    arrays(float, (3, len(TERMS)), elements=st.floats(-10, 10)),
    st.lists(st.sampled_from([0.0, 1.0]), min_size=3, max_size=3),
)
def test_the_terms_add_up_and_agree_with_the_matrix_form(pairs: np.ndarray, brief: list[float]) -> None:
    weights = shipped_weights()
    pairs[:, -1] = brief
    logit, terms = score(weights, pairs)
    assert [term.name for term in terms] == [name for name in TERMS if name != BRIEF or any(brief)]
    assert logit == pytest.approx(weights.intercept + sum(term.contribution for term in terms))
    assert logit == pytest.approx(float(weights.logits(pairs).mean()))


@pytest.mark.parametrize("model", [DEFAULT_MODEL, MULTILINGUAL_MODEL])
def test_between_headlines_the_nearest_in_words_counts_less_and_brief_stands_for_nothing(model: str) -> None:
    weights = shipped_weights(model)
    assert weights.briefs["words_standing_high"] < weights.coefficients["words_standing_high"] / 2
    assert weights.coefficients[BRIEF] == 0.0


def test_weights_fitted_before_there_were_others_for_briefs_score_all_pairs_alike() -> None:
    raw = json.loads(shipped_weights().to_json())
    del raw["briefs"], raw["coefficients"][BRIEF]
    weights = Weights.from_json(json.dumps(raw))
    pairs = np.tile(np.linspace(0.1, 0.8, len(TERMS)), (2, 1))
    pairs[:, -1] = 0.0, 1.0
    assert len(set(weights.logits(pairs).tolist())) == 1


@pytest.mark.parametrize(
    ("left", "right", "expected"), [(TEXT, TEXT, 0.0), (TEXT, HEADLINE, 1.0), (HEADLINE, TEXT, 1.0)]
)
def test_one_headline_makes_a_pair_one_of_headlines(left: np.ndarray, right: np.ndarray, expected: float) -> None:
    scales = [Scale(*[np.ones(1), np.zeros(1)] * 2, np.array([np.nan]), brief) for brief in (left, right)]
    assert pair_terms(np.ones(1), np.ones(1), np.zeros(1), *scales)[0, -1] == expected


@given(st.floats(1e-6, 1 - 1e-6))
def test_logistic_and_logit_are_inverse(probability: float) -> None:
    assert logistic(logit_of(probability)) == pytest.approx(probability)


def test_extreme_logits_do_not_overflow() -> None:
    assert logistic(-1e4) == 0.0
    assert logistic(1e4) == 1.0


def test_granularity_moves_the_threshold_and_nothing_else() -> None:
    weights = shipped_weights()
    assert weights.at("event").threshold == pytest.approx(weights.threshold)
    finer, coarser = weights.at("incident"), weights.at("saga")
    assert coarser.threshold < weights.threshold < finer.threshold
    assert finer.coefficients == coarser.coefficients == weights.coefficients
    assert finer.intercept == coarser.intercept == weights.intercept


def test_reasons_are_json() -> None:
    reasons = Reasons(
        rule="score", terms=(Term("words", 0.5, 2.0),), runner_up=RunnerUp("c", 0.2, 0.7), closest=(Closest(3, 0.9),)
    )
    assert json.loads(json.dumps(reasons.to_json()))["runner_up"] == {
        "cluster_id": "c",
        "probability": 0.2,
        "margin": 0.7,
    }


def test_standing_is_relative_to_what_is_usual() -> None:
    """The same cosine counts for more where neighbours are usually far than in a stream of look-alikes."""
    one = np.array([0.6])
    sparse_stream = Scale(np.array([0.6]), np.array([0.1]), np.array([0.5]), np.array([0.0]), np.array([np.nan]), TEXT)
    look_alikes = replace(sparse_stream, best_meaning=np.array([0.9]), usual_meaning=np.array([0.55]))
    days = np.array([0.0])
    high = dict(zip(TERMS, pair_terms(one, one, days, sparse_stream, sparse_stream)[0].tolist(), strict=True))
    low = dict(zip(TERMS, pair_terms(one, one, days, look_alikes, look_alikes)[0].tolist(), strict=True))
    assert high["meaning_standing_low"] > 0.9
    assert low["meaning_standing_high"] < 0.2


def test_the_nearest_of_strangers_has_no_high_standing() -> None:
    """Where nobody has a partner yet, being the best so far means little."""
    far = np.array([0.3])
    strangers = Scale(far, np.array([0.1]), np.array([0.05]), np.array([0.0]), np.array([np.nan]), TEXT)
    terms = pair_terms(far, np.array([0.05]), np.array([0.0]), strangers, strangers)[0]
    found = dict(zip(TERMS, terms.tolist(), strict=True))
    assert found["meaning_standing_high"] < 0.5
    assert found["words_standing_high"] < 0.5


def terms_between(
    left: str | None, right: str | None, *, meaning: float, words: float, learnt: str = ""
) -> dict[str, float]:
    """Terms of two articles in these languages, of which each has a partner and strangers around."""
    scales = [
        Scale(*map(np.array, ([0.9], [0.1], [0.6], [0.0])), np.array([language_number(tag, learnt.split())]), TEXT)
        for tag in (left, right)
    ]
    values = pair_terms(np.array([meaning]), np.array([words]), np.array([0.0]), *scales)[0]
    return dict(zip(TERMS, values.tolist(), strict=True))


WORD_TERMS = ("words", "words_standing_low", "words_standing_high")
MEANING_TERMS = ("meaning_standing_low", "meaning_standing_high")


@pytest.mark.parametrize(("left", "right"), [("en", "de"), ("zh-Hans", "th"), ("pt-BR", "es"), ("ru", "ar")])
def test_between_two_languages_words_that_are_not_shared_are_no_evidence(left: str, right: str) -> None:
    near, far = (terms_between(left, right, meaning=value, words=0.0) for value in (0.85, 0.3))
    silent = terms_between(left, left, meaning=0.85, words=0.0)
    assert all(silent[name] == 0 for name in WORD_TERMS)
    assert near["words_standing_high"] > 0.7 and near["words_standing_low"] > 0.6
    assert far["words_standing_high"] < 0.3
    assert all(near[name] == silent[name] for name in MEANING_TERMS)


def test_between_two_languages_shared_names_and_numbers_still_count() -> None:
    silent, shared = (terms_between("en", "de", meaning=0.5, words=value) for value in (0.0, 0.5))
    assert all(shared[name] > silent[name] for name in WORD_TERMS)


@pytest.mark.parametrize(
    ("left", "right"), [("en", None), (None, None), ("pt", "pt-BR"), ("ms", "id"), ("nb", "nn"), ("sr", "hr")]
)
def test_words_count_where_languages_are_the_same_or_unknown(left: str | None, right: str | None) -> None:
    assert terms_between(left, right, meaning=0.85, words=0.1) == terms_between(None, None, meaning=0.85, words=0.1)


def test_similarities_in_a_language_that_the_model_never_learnt_say_what_words_say() -> None:
    alike = {"meaning": 0.88, "learnt": "en de"}
    assert terms_between("hu", "hu", words=0.0, **alike)["meaning_standing_high"] < 0.1
    assert terms_between("hu", "hu", words=0.55, **alike)["meaning_standing_high"] > 0.8
    assert terms_between("de", "de", words=0.0, **alike)["meaning_standing_high"] > 0.9
    assert terms_between(None, None, words=0.0, **alike)["meaning_standing_high"] > 0.9
    assert terms_between("hu", "de", words=0.0, **alike)["meaning_standing_high"] > 0.9
    neither = terms_between("hu", "th", words=0.0, **alike)
    assert max(neither[name] for name in (*WORD_TERMS, *MEANING_TERMS)) < 0.15


def test_an_unknown_date_is_a_term_of_its_own() -> None:
    scale = Scale(np.ones(1), np.zeros(1), np.ones(1), np.zeros(1), np.array([np.nan]), TEXT)
    terms = dict(zip(TERMS, pair_terms(np.ones(1), np.ones(1), np.array([np.nan]), scale, scale)[0], strict=True))
    assert terms["date_unknown"] == 1.0
    assert terms["days_apart"] == 0.0
