"""Weights fitted on gold sets separate events, say where they come from, and are scored on sets they did not see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.exact_index import ExactIndex
from support.made_evidence import events

from clusterer.core.clustering.window import Window
from clusterer.core.scoring.logits import logit_of
from clusterer.core.scoring.pairs import BRIEF, TERMS
from clusterer.evaluation import fitting
from clusterer.evaluation.fitting import GoldSet, cluster_stream, fit, leave_one_out
from clusterer.evaluation.scores import bcubed


def make_index(dimension: int) -> ExactIndex:
    assert dimension == 64
    return ExactIndex()


def gold(name: str, count: int, size: int, seed: int) -> GoldSet:
    articles = tuple(events(count, size, seed))
    return GoldSet(name, articles, {item.seq: str((item.seq - 1) % count) for item in articles})


SETS = (gold("towns", 8, 5, 1), gold("weeks", 12, 3, 2), gold("pairs", 16, 2, 3))


def test_fitted_weights_find_events_of_another_set() -> None:
    weights = fit(SETS[:2], make_index, {"model": "a test's vectors"})
    assert set(weights.coefficients) == set(TERMS)
    assert weights.provenance["sets"] == {"towns": 40, "weeks": 36}
    assert weights.provenance["model"] == "a test's vectors"
    clusters, decisions = cluster_stream(SETS[2].evidence, Window(ExactIndex(), weights))
    assert bcubed(clusters, SETS[2].labels).f1 > 0.9
    assert len(decisions) == len(SETS[2].evidence)


def test_as_many_best_pairs_are_right_as_the_level_says() -> None:
    def best(right: int, of: int, thinned: bool) -> fitting.BestPairs:
        return fitting.BestPairs(np.full(of, 2.0), np.arange(of) < right, np.full(of, thinned))

    assert fitting.level_of([best(3, 10, False)], 1.0) == pytest.approx(logit_of(0.3) - 2.0)
    assert fitting.level_of([best(3, 10, False)], 0.5) == pytest.approx(logit_of(0.3) - 1.0)
    assert fitting.level_of([best(2, 10, False), best(60, 100, False)], 1.0) == pytest.approx(logit_of(0.4) - 2.0)
    assert fitting.level_of([best(5, 5, False)], 1.0) == 0.0, "what is always right has no odds"


def test_thinned_streams_do_not_lower_the_level() -> None:
    found = [
        np.array([1.0, 1.0, 1.0, 1.0]),
        np.array([True, False, False, False]),
        np.array([False, False, True, True]),
    ]
    assert fitting.level_of([fitting.BestPairs(*found)], 1.0) == pytest.approx(-1.0)


def test_the_level_changes_what_is_stated_and_not_what_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    stated, decided = [], []
    for level in (0.0, -3.0):
        monkeypatch.setattr(fitting, "level_of", lambda best, factor, level=level: level)
        clusters, decisions = cluster_stream(SETS[2].evidence, Window(ExactIndex(), fit(SETS[:2], make_index)))
        decided.append(clusters)
        stated.append(sum(decision.probability for _, decision in decisions))
    assert decided[0] == decided[1]
    assert stated[0] > stated[1]


def test_fitting_is_deterministic() -> None:
    assert fit(SETS[:2], make_index) == fit(SETS[:2], make_index)


def test_each_set_is_left_out_once() -> None:
    results = list(leave_one_out(SETS, make_index))
    assert [result.name for result in results] == ["towns", "weeks", "pairs"]
    for result in results:
        assert result.name not in result.weights.provenance["sets"]
        assert result.streaming_bcubed.f1 > 0.8
        assert result.nightly_bcubed.f1 > 0.8


def test_brief_articles_have_weights_of_the_headlines_of_the_sets_that_were_not_left_out() -> None:
    titled = [replace(one, headlines=other) for one, other in zip(SETS, SETS[1:] + SETS[:1], strict=True)]
    weights = fit(titled[:2], make_index)
    assert weights.provenance["headlines"] == {"towns": 36, "weeks": 32}, "named after the sets that they are of"
    assert weights.coefficients == fit(SETS[:2], make_index).coefficients
    apart = fit(SETS[1:], make_index)
    shift = apart.intercept - logit_of(apart.threshold) - weights.intercept + logit_of(weights.threshold)
    assert weights.briefs == pytest.approx({**apart.coefficients, BRIEF: shift}), "one cut for both"
    left_out = next(leave_one_out(titled, make_index)).weights
    assert left_out.briefs == fit(titled[1:], make_index).briefs


def test_one_set_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match="at least two"):
        next(leave_one_out(SETS[:1], make_index))


def test_a_set_without_two_kinds_of_pairs_is_refused() -> None:
    alone = replace(SETS[0], labels={seq: str(seq) for seq in SETS[0].labels})
    with pytest.raises(ValueError, match="towns"):
        fit([alone], make_index)
