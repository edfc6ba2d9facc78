"""How rare second reports are in a stream is learnt from it, and small clusters are harder to join where they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from support.exact_index import ExactIndex
from support.made_evidence import START, by_seq, events

from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from clusterer.core.nightly import recluster
from clusterer.core.nightly.recluster import group
from clusterer.core.scoring.logits import logit_of
from clusterer.core.scoring.pairs import TERMS
from clusterer.core.scoring.prevalence import LATEST, SMALL, TERM, Prevalence, share_of
from clusterer.core.scoring.reasons import Reasons, Term
from clusterer.core.scoring.scorer import LATE, Weights, score, shipped_weights, total

WEIGHTS = replace(shipped_weights(), briefs={})  # short texts stand for longer ones


def decided(logit: float, rule: str = "score", small: bool = True, undated: bool = False) -> Reasons:
    """A decision whose articles alone score `logit`, near a small cluster or a large one."""
    terms = Term("words", 1.0, logit - WEIGHTS.intercept), Term("date_unknown", float(undated), 0.0)
    return Reasons(rule, "c1", terms=(*terms, Term(TERM, 0.5, -0.7)) if small else terms)


def scores(count: int, share: float, seed: int = 1) -> list[float]:
    """Logits that hold at the share of the weights, of a stream in which another share has a partner."""
    rng = np.random.default_rng(seed)
    has_partner = rng.random(count) < share
    evidence = rng.normal(
        np.where(has_partner, 2.0, -2.0), 2.0
    )  # log of the likelihood ratio of two such distributions
    return (evidence + logit_of(WEIGHTS.prevalence)).tolist()


def learnt(*decisions: Reasons) -> Term:
    """What is said of pairs with both dates."""
    return Prevalence(WEIGHTS, decisions).prior().dated


def test_before_anything_is_known_the_stream_is_like_the_sets_of_the_weights() -> None:
    term = learnt()
    assert term.name == TERM
    assert term.value == pytest.approx(WEIGHTS.prevalence, abs=1e-3)
    assert term.contribution == 0.0


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.8])
def test_the_share_is_found_from_scores_alone(share: float) -> None:
    assert learnt(*map(decided, scores(LATEST, share))).value == pytest.approx(share, abs=0.07)


def test_below_one_half_pairs_score_lower_and_above_it_as_ever() -> None:
    rare = learnt(*map(decided, scores(LATEST, 0.2)))
    assert rare.contribution == pytest.approx(1.5 * logit_of(rare.value))
    assert rare.contribution < -1.0
    assert learnt(*map(decided, scores(LATEST, 0.9))).contribution == 0.0


def test_however_many_strangers_come_a_close_report_can_join() -> None:
    """Otherwise a quiet source would never again see two reports of one event together."""
    none = learnt(*[decided(-9.0)] * LATEST)
    assert none.value == pytest.approx(0.1)
    assert none.contribution > -3.5


def test_decisions_near_large_clusters_say_nothing() -> None:
    assert learnt(*[decided(-5.0, small=False)] * 500) == learnt()
    assert learnt(*[decided(-5.0)] * 500).value < 0.2


def test_what_a_rule_told_apart_was_no_partner_however_alike() -> None:
    assert learnt(*[decided(4.0, rule="two_things")] * 200).value < 0.2
    assert learnt(*[decided(4.0)] * 200).value > 0.9


def test_only_the_latest_decisions_count() -> None:
    later = [decided(5.0)] * LATEST
    assert learnt(*[decided(-5.0)] * LATEST, *later) == learnt(*later)


def test_a_term_that_was_added_to_a_score_is_not_counted_again() -> None:
    """The scores of the articles alone are learnt from, whatever was thought of the stream when they came."""
    strict, mild = Term(TERM, 0.1, -3.0), Term(TERM, 0.5, 0.0)
    alone, late = Term("words", 1.0, 3.0), Term(LATE, 2.0, -3.6)
    assert learnt(*[Reasons("score", "c1", terms=(alone, late, strict))] * 50) == learnt(
        *[Reasons("score", "c1", terms=(alone, mild))] * 50
    )


def test_what_is_told_without_a_date_says_nothing_of_what_has_one() -> None:
    rare = Prevalence(WEIGHTS, [decided(-5.0, undated=True)] * 300).prior()
    assert rare.undated.value == pytest.approx(0.1)
    assert rare.dated == learnt()
    pairs = np.zeros((4, len(TERMS)))
    pairs[:3, list(TERMS).index("date_unknown")] = 1.0
    assert rare.by_terms(pairs).tolist() == [rare.undated.contribution] * 3 + [0.0]
    assert rare.mean(pairs).contribution == pytest.approx(0.75 * rare.undated.contribution)


def test_days_cost_more_where_second_reports_are_rare_and_beyond_three_days_only() -> None:
    pairs = np.zeros((3, len(TERMS)))
    pairs[:, list(TERMS).index("days_apart")] = np.log1p([2.0, 3.0, 3.0 + 4.0 * (np.e - 1.0)])
    rare = Prevalence(WEIGHTS, map(decided, scores(LATEST, 0.2))).weights()
    assert (rare.logits(pairs) - WEIGHTS.logits(pairs)).tolist() == pytest.approx([0.0, 0.0, -1.8])
    usual = Prevalence(WEIGHTS, map(decided, scores(LATEST, 0.8))).weights()
    assert usual.logits(pairs).tolist() == WEIGHTS.logits(pairs).tolist()
    for weights in (rare, usual):
        logit, terms = score(weights, pairs)
        assert logit == pytest.approx(weights.logits(pairs).mean())
        assert any(term.name == LATE for term in terms) == (weights is rare)
    assert Weights.from_json(rare.to_json()) == Weights.from_json(WEIGHTS.to_json()), (
        "a stream's price is no part of a fit"
    )


@pytest.mark.parametrize("prevalence", [0.3, 0.7])
def test_what_weights_say_of_their_sets_is_where_it_starts(prevalence: float) -> None:
    weights = Weights(WEIGHTS.intercept, WEIGHTS.coefficients, WEIGHTS.threshold, prevalence=prevalence)
    assert Prevalence(Weights.from_json(weights.to_json())).prior().dated.value == pytest.approx(prevalence, abs=1e-3)


# -- in the window

TEXTS = {
    1: (
        "Crane stands still at Skarvik",
        "Harbour staff at Skarvik met on the quay, where a crane has stood still since winter and boats wait for repair.",
    ),
    2: (
        "Boats wait at Skarvik quay",
        "Boats wait at Skarvik for ice and repair; the quay was full by noon, and staff of the harbour sold fish.",
    ),
    5: (
        "Kites over the orchards",
        "Harbour staff at Skarvik met on a hill. Bakers gathered beside pale orchards, drummers practised near copper windmills, "
        "and skaters mended crimson kites while lullabies were sung.",
    ),
}
YEARS_H = 24.0 * 1500  # so much later that the same words tell little


def beside_others() -> Window:
    """A window with three reports each of eight other events."""
    window = Window(ExactIndex(), WEIGHTS)
    for evidence in events(8, 3):
        window.add(replace(evidence, seq=evidence.seq + 100), f"other {evidence.seq % 8}")
    return window


def near_pair(seq: int, likeness: float, hours: float) -> Evidence:
    """An article of a matter of its own kind, whose vector is near that of article 1 by `likeness`."""
    axis, other = np.eye(64)[0], np.eye(64)[seq % 60 + 2]
    vector = likeness * axis + np.sqrt(1 - likeness**2) * other if seq != 1 else axis
    vector = vector.astype(np.float16).astype(np.float32)
    title, text = TEXTS.get(seq, TEXTS[1])
    at = START + timedelta(hours=hours)
    return Evidence(seq, vector, extract(Document(title, text, lang="en")), at, at)


def rare_stream(window: Window, count: int = 300) -> None:
    for _ in range(count):
        window.learn(decided(-5.0))


def test_a_small_cluster_is_harder_to_join_where_events_are_told_once() -> None:
    window = beside_others()
    window.add(near_pair(1, 1.0, 0), "one")
    arrival = near_pair(2, 0.3, YEARS_H)
    before = window.decide(arrival)
    assert before.joined == "one"
    assert before.terms[-1].name == TERM
    rare_stream(window)
    after = window.decide(arrival)
    assert after.joined is None
    assert after.cluster_id == "one"
    assert after.probability < before.probability
    assert after.logit == total(after.intercept, after.terms)
    assert after.threshold == before.threshold


def test_a_cluster_of_three_is_joined_as_ever() -> None:
    window = beside_others()
    for seq in (1, 3, 4):
        window.add(near_pair(seq, 0.9, seq), "grown")
    arrival = near_pair(2, 0.3, 48.0)
    before = window.decide(arrival)
    assert len(window.members("grown")) == SMALL
    rare_stream(window)
    assert window.decide(arrival) == before
    assert before.joined == "grown"


def test_a_report_that_is_close_enough_joins_a_small_cluster_there_too() -> None:
    window = beside_others()
    window.add(near_pair(1, 1.0, 0), "one")
    rare_stream(window)
    assert window.decide(near_pair(2, 0.97, 1)).joined == "one"


@pytest.mark.parametrize(
    ("seq", "likeness", "hours"), [(5, 0.6, 48.0), (2, 0.3, YEARS_H)], ids=["no day costs anything", "years later"]
)
def test_a_second_look_does_not_join_what_the_decision_kept_apart(seq: int, likeness: float, hours: float) -> None:
    window = beside_others()
    window.add(near_pair(1, 1.0, 0), "one")
    window.add(near_pair(seq, likeness, hours), "two")
    assert window.second_look("two")
    rare_stream(window)
    assert window.second_look("two") == []


# -- at night


@pytest.mark.parametrize(
    ("core", "at_night"),
    [((1,), [[1], [2]]), ((1, 3), [[1, 3], [2]]), ((1, 3, 4), [[1, 2, 3, 4]])],
)
def test_the_night_lets_a_far_report_join_only_what_is_large_without_it(
    core: tuple[int, ...], at_night: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    near = [near_pair(seq, 1.0 if seq == 1 else 0.95, seq) for seq in core]
    others = [replace(evidence, seq=evidence.seq + 100) for evidence in events(8, 3)]
    articles = by_seq([*near, replace(near_pair(2, -0.2, 0), published_at=None), *others])
    assert group(articles, ExactIndex(), WEIGHTS)[0] == sorted([*core, 2])
    monkeypatch.setattr(recluster, "share_of", lambda scores, weights: 0.1)
    assert [seqs for seqs in group(articles, ExactIndex(), WEIGHTS) if seqs[0] < 100] == at_night


@pytest.mark.parametrize(("size", "rare"), [(4, False), (1, True)])
def test_the_night_learns_from_its_articles_how_many_have_a_partner_by_those_with_and_without_a_date(
    size: int, rare: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[int, float]] = []

    def noting(scores: np.ndarray, weights: Weights) -> float:
        found.append((len(scores), share_of(scores, weights)))
        return found[-1][1]

    monkeypatch.setattr(recluster, "share_of", noting)
    some = events(200 // size, size)
    undated = [replace(item, published_at=None) if item.seq > 120 else item for item in some]
    group(by_seq(undated), ExactIndex(), WEIGHTS)
    (dated, share), (without, other) = found
    assert 110 < dated < 120, "those without an earlier one near them do not count"
    assert without == 80
    assert (share < 0.5, other < 0.5) == (rare, rare)


def test_the_night_parts_what_is_days_apart_where_second_reports_are_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [replace(evidence, seq=evidence.seq + 100) for evidence in events(8, 3)]
    articles = by_seq([near_pair(1, 1.0, 0), near_pair(2, 0.1, 24.0 * 60), *others])
    assert group(articles, ExactIndex(), WEIGHTS)[0] == [1, 2]
    monkeypatch.setattr(recluster, "share_of", lambda scores, weights: 0.3)
    assert group(articles, ExactIndex(), WEIGHTS)[:2] == [[1], [2]]


@pytest.mark.parametrize(
    ("now", "share", "told"),
    [
        ({}, 0.13, False),
        ({1: "a", 2: "a"}, 0.13, True),
        ({}, 0.15, True),
        ({1: "a", 2: "b"}, 0.15, False),
    ],
)
def test_where_second_reports_are_rare_the_night_leaves_what_is_not_clear(
    now: dict[int, str], share: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [replace(evidence, seq=evidence.seq + 100) for evidence in events(8, 3)]
    articles = by_seq([near_pair(1, 1.0, 0), replace(near_pair(2, -0.2, 0), published_at=None), *others])
    monkeypatch.setattr(recluster, "share_of", lambda scores, weights: share)
    groups = group(articles, ExactIndex(), WEIGHTS, present=now)
    assert (groups[0] == [1, 2]) == told
    monkeypatch.setattr(recluster, "share_of", lambda scores, weights: 0.9)
    assert group(articles, ExactIndex(), WEIGHTS, present=now)[0] == [1, 2], (
        "elsewhere the night decides by the scores alone"
    )


@pytest.mark.parametrize("text", ["", "The harbour of Corvale was closed after the storm, its master said."])
def test_of_headlines_alone_the_night_leaves_what_is_not_clear(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night that knows no more than the stream did moved headlines back and forth."""
    monkeypatch.setattr(recluster, "share_of", lambda scores, weights: 0.9)
    sparse = extract(Document("Storm closes harbour of Corvale", text))
    pair = [replace(near_pair(seq, cosine, 0), sparse=sparse) for seq, cosine in ((1, 1.0), (2, -0.2))]
    articles = by_seq([*pair, *(replace(evidence, seq=evidence.seq + 100) for evidence in events(8, 3))])

    def together(cut: float, now: dict[int, str]) -> bool:
        weights = replace(WEIGHTS, threshold=float(1 / (1 + np.exp(-cut))))
        return group(articles, ExactIndex(), weights, present=now)[0] == [1, 2]

    level = max(cut for cut in np.arange(-8, 20, 0.1).tolist() if together(cut, {}))
    is_headline = not text
    assert together(level + 0.3, {1: "a", 2: "a"}) == is_headline
    assert together(level - 0.3, {1: "a", 2: "b"}) != is_headline
