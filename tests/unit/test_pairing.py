"""How two articles compare today: close to what the writer finds, and told with the reason why they are where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.exact_index import ExactIndex
from support.three_events import stream

from clusterer.core.clustering.locality import Locality, build_locality
from clusterer.core.clustering.pairing import Compared, Stream, compare
from clusterer.core.clustering.stored_near import encode_near
from clusterer.core.clustering.window import NO_CONSTRAINTS, Window
from clusterer.core.scoring.logits import logistic
from clusterer.core.scoring.prevalence import Prior
from clusterer.core.scoring.reasons import Closest, Reasons, Term
from clusterer.core.scoring.scorer import shipped_weights, total
from clusterer.pipeline.lookup.pair_past import Night, changed, then
from clusterer.pipeline.lookup.pair_wording import Ruling, Told, summary, uncounted

SUM = (Term("words", 0.5, 2.0), Term("days_apart", 3.0, -1.0))


def told(compared: Compared | None, *, together: bool = False, **more: object) -> list[str]:
    given = Told(together, False, (False, False), 40.0, compared, None)
    return list(summary(replace(given, **more)))  # type: ignore[arg-type]


def figures(probability: float, whole: float | None = None) -> Compared:
    return Compared(probability, 0.0, -1.5, 0.15, SUM, whole)


@pytest.mark.parametrize(
    ("compared", "together", "why"),
    [
        (
            figures(0.08),
            False,
            "Apart: the two have too little in common to be likely enough to be about one event, 40 days apart.",
        ),
        (figures(0.6, 0.08), False, "and here it is 8 of 100"),
        (
            figures(0.6, 0.4),
            False,
            "Apart because of what was known when they came, though they are above the limit today.",
        ),
        (figures(0.6), True, "Together: the two are likely enough to be about one event."),
        (figures(0.08, 0.5), True, "Together because of other articles there"),
        (figures(0.03, 0.1), True, "Together because of what was known when they were grouped, though"),
        (figures(0.22), False, "though they are just above the limit today."),
        (figures(0.19, 0.22), False, "though they are just above the limit today."),
        (
            figures(0.13),
            True,
            "they are just below the limit today. What was decided when the later of them came is not kept.",
        ),
        (figures(0.19), True, "Together, though not surely: they are above the limit"),
        (None, False, "Apart. One of them has no text of its own to be compared by."),
    ],
)
def test_why_two_are_together_or_apart(compared: Compared | None, together: bool, why: str) -> None:
    assert why in told(compared, together=together)[0]


def test_the_likelihood_comes_with_its_limit_and_with_what_counts() -> None:
    assert told(figures(0.08))[1:] == [
        "Compared today, one text with the other: probably another event (8 of 100); the limit set here is 15 of 100.",
        "For one event: words in common.",
        "Against one event: days apart.",
    ]


@pytest.mark.parametrize(("probability", "told_so"), [(0.146, "just below the limit"), (0.153, "just above the limit")])
def test_a_likelihood_that_rounds_to_the_limit_is_told_with_its_side(probability: float, told_so: str) -> None:
    assert told_so in told(figures(probability))[1]


CAME = datetime(2026, 3, 2, 8, tzinfo=UTC)
NEAREST = Reasons(rule="score", cluster_id="c1", probability=0.12, threshold=0.15, closest=(Closest(1, 0.12),))


@pytest.mark.parametrize(
    ("reasons", "night", "why"),
    [
        (NEAREST, None, "came, on 2 Mar 2026, they were below it (12 of 100). No nightly run has looked at both yet"),
        (replace(NEAREST, closest=(Closest(1, 0.146),)), None, "they were just below it (15 of 100)"),
        (
            replace(NEAREST, rule="chaining", closest=(Closest(1, 0.5),)),
            None,
            "it was close to the other article (50 of 100), but not to the other's cluster as a whole (12 of 100)",
        ),
        (replace(NEAREST, probability=0.8), None, "the two were together (12 of 100); they were parted later"),
        (replace(NEAREST, probability=0.8, closest=()), None, "another cluster was closer to it (80 of 100)"),
        (replace(NEAREST, closest=()), None, "another article was closer to it, and even that was not close enough"),
        (
            NEAREST,
            "unchanged",
            "The nightly run of 2 Mar 2026, which groups all recent articles at once, left them apart",
        ),
        (NEAREST, "refused", "would have changed more than is allowed and was not published"),
        (None, None, "What was decided when the later of them came is not kept."),
    ],
)
def test_two_above_the_limit_that_are_apart_say_when_and_why(
    reasons: Reasons | None, night: str | None, why: str
) -> None:
    past = then(reasons, 1, CAME, Night(CAME, night) if night else None)
    assert why in told(figures(0.6, 0.4), past=past)[0]


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        (replace(NEAREST, probability=0.8, closest=(Closest(1, 0.5),)), "2 Mar 2026, they were above it (50 of 100)."),
        (
            replace(NEAREST, probability=0.8),
            "it fitted the cluster as a whole (80 of 100), though not this article (12).",
        ),
        (
            replace(NEAREST, probability=0.8, closest=()),
            "it joined by other articles that were closer to it (80 of 100)",
        ),
        (NEAREST, "it began a cluster of its own; that was joined to this one later"),
    ],
)
def test_two_below_the_limit_that_are_together_say_when_and_why(reasons: Reasons, why: str) -> None:
    said = told(figures(0.03, 0.1), together=True, past=then(reasons, 1, CAME, None))[0]
    assert why in said
    assert said.endswith("A later article or the next nightly run may part them.")


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        (replace(NEAREST, probability=0.8, closest=(Closest(1, 0.4),)), None),
        (replace(NEAREST, probability=0.8, closest=(Closest(1, 0.12),)), "though not this article (12)."),
        (NEAREST, "it began a cluster of its own; that was joined to this one later"),
    ],
)
def test_two_that_came_together_by_others_say_so_where_they_are_just_likely_enough(
    reasons: Reasons, why: str | None
) -> None:
    said = told(figures(0.19), together=True, past=then(reasons, 1, CAME, None))[0]
    assert said.startswith("Together, though not surely")
    assert (why in said) if why else said.endswith("few reports of one event are missed.")


def test_a_reason_of_a_person_stays_whatever_it_says() -> None:
    said = told(figures(0.19), ruling=Ruling("cannot_link", "Ada", "not one event: two fires", of_both=True))
    assert "two fires" in next(iter(uncounted(said)))


def test_what_bars_show_is_left_out_and_what_is_the_same_for_all_is_never_told() -> None:
    said = told(figures(0.19), together=True)
    assert [one for one in said if one not in [*uncounted(said)]] == [
        "For one event: words in common.",
        "Against one event: days apart.",
    ]


def compared(words: float, prevalence: float = 0.0) -> Compared:
    terms = Term("words", 0.5, words), *([Term("prevalence", 0.1, prevalence)] if prevalence else [])
    logit = total(-1.5, terms)
    return Compared(logistic(logit), logit, -1.5, 0.15, terms, None)


@pytest.mark.parametrize(
    ("before", "today", "why"),
    [
        (
            compared(2.0, -2.5),
            compared(2.0),
            "a cluster of one or two articles is met with extra caution, and their cluster has more articles by now.",
        ),
        (
            compared(2.0),
            compared(2.0, -2.5),
            "a cluster of one or two articles is met with extra caution, and their cluster has no more articles than that now.",
        ),
        (compared(2.0), compared(0.5), "words that both have have become more common here."),
        (compared(2.0), compared(1.9), None),
        (compared(2.0, -1.0), compared(1.0, -1.0), "words that both have have become more common here."),
    ],
)
def test_why_the_likelihood_was_another_one_when_they_came(before: Compared, today: Compared, why: str | None) -> None:
    reasons = replace(
        NEAREST, terms=before.terms, intercept=-1.5, compared_with=(1,), closest=(Closest(1, before.probability),)
    )
    told = changed(then(reasons, 1, CAME, None), today)
    assert told is None if why is None else told and told.endswith(why)
    if told:
        was, now = (round(100 * one.probability) for one in (before, today))
        figures_told = f"came, on 2 Mar 2026, their likelihood was {was} of 100, and is {now} today."
        assert f"{figures_told} Neither text has changed; the figure has, because " in told


def test_a_mean_over_several_articles_explains_no_difference_of_two_but_what_is_the_same_for_all() -> None:
    of_several = replace(NEAREST, compared_with=(1, 2), closest=(Closest(1, 0.2), Closest(2, 0.1)))
    unsure = changed(then(replace(of_several, terms=compared(3.0).terms), 1, CAME, None), compared(2.0))
    assert unsure and unsure.endswith(
        "because articles that came since changed which words are rare here, and how alike reports usually are."
    )
    small = changed(then(replace(of_several, terms=compared(2.0, -2.0).terms), 1, CAME, None), compared(2.0))
    assert small and "their cluster has more articles by now" in small
    assert changed(then(NEAREST, 7, CAME, None), compared(2.0)) is None
    assert changed(None, compared(2.0)) is None


def test_what_people_and_copies_decide_is_told_first() -> None:
    of_both = Ruling("cannot_link", "Ada", "two fires", of_both=True)
    assert told(figures(0.6), ruling=of_both)[0] == (
        "Apart: a person decided that they do not belong together (by Ada: two fires)."
    )
    assert "articles of their two clusters" in told(figures(0.6), ruling=replace(of_both, of_both=False))[0]
    assert (
        "that they belong together" in told(figures(0.1), together=True, ruling=replace(of_both, kind="must_link"))[0]
    )
    assert "is kept as it is" in told(figures(0.6), ruling=replace(of_both, kind="pin"))[0]
    assert "a copy goes wherever its original goes" in told(None, together=True, one_text=True)[0]


def test_it_is_close_to_what_the_writer_finds() -> None:
    weights = shipped_weights()
    window = Window(ExactIndex(), weights)
    articles = stream()
    near = {}
    for one in articles:
        near[one.seq] = window.add(one, window.decide(one).joined or f"c{one.seq}")
    kept = [replace(one, near=encode_near(one.seq, near[one.seq], "m")) for one in articles]
    seen = Stream.of(kept, len(kept), "m", weights, Prior.of_shares(0.7, 0.7))
    for one, other in [(kept[0], kept[3]), (kept[0], kept[1]), (kept[4], kept[20])]:
        same = window.cluster_of(one.seq) == window.cluster_of(other.seq)
        company, others = (
            [item for item in kept if window.cluster_of(item.seq) == window.cluster_of(own.seq)] for own in (one, other)
        )
        found = compare(one, other, company, None if same else others, seen)
        assert found.logit == total(weights.intercept, found.terms)
        assert found == (
            compare(other, one, company, None, seen) if same else compare(other, one, others, company, seen)
        )
        clusters = {name: window.members(name) for item in (one, other) if (name := window.cluster_of(item.seq))}
        whole = place_of(window, clusters)
        true = float(whole.logits[whole.seqs.index(one.seq), whole.seqs.index(other.seq)])
        assert logistic(found.logit) == pytest.approx(logistic(true), abs=0.1)
        assert found.whole is not None
        assert (found.whole >= found.threshold) == same


def place_of(window: Window, clusters: Mapping[str, Sequence[int]]) -> Locality:
    known, book, telling = window._known, window._terms, window._telling
    return build_locality(clusters, (), known, book, window._weights, telling, NO_CONSTRAINTS, None)
