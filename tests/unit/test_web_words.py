"""What pages say, and the geometry of their plots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clusterer.core.clustering.pairs import TERMS
from clusterer.core.clustering.reasons import Term
from clusterer.pipeline.lookup.views import DecisionView
from clusterer.web import words
from clusterer.web.plot import histogram


def decision(**contributions: float) -> DecisionView:
    terms = tuple(Term(name, 0.5, contributions.get(name, 0.0)) for name in TERMS)
    return DecisionView("score", True, "c", 0.6, 0.5, 0.4, -2.5, terms, (), (), (), None, ())


def test_the_bars_add_up_to_what_the_terms_do() -> None:
    given = {name: 0.1 * (place + 1) for place, name in enumerate(TERMS)}
    shown = words.bars(decision(**given))
    assert sum(bar.counts for bar in shown) == pytest.approx(sum(given.values()) - 2.5)
    assert max(bar.share for bar in shown) == 1


def test_no_term_is_called_by_its_name() -> None:
    told = " ".join(bar.label + bar.note for bar in words.bars(decision(**dict.fromkeys(TERMS, 1.0))))
    assert not [name for name in TERMS if "_" in name and name in told]
    assert "standing" not in told


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(seconds=20), "at the same time"),
        (timedelta(minutes=1), "1 minute later"),
        (timedelta(minutes=-30), "30 minutes earlier"),
        (timedelta(hours=26), "26 hours later"),
        (timedelta(days=9), "9 days later"),
    ],
)
def test_spans(span: timedelta, told: str) -> None:
    assert words.later(span) == told


def test_a_histogram_counts_every_moment_once() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    plot = histogram([start, start + timedelta(hours=1), start + timedelta(hours=10), None], 5)
    assert plot is not None
    assert (plot.counts, plot.start, plot.end) == ((2, 0, 0, 0, 1), start, start + timedelta(hours=10))
    assert all(x + width <= 100.1 and y >= 0 and y + height <= 20.1 for x, y, width, height in plot.bars(100, 20))
    assert histogram([], 5) is None
    assert histogram([start], 5) is not None
