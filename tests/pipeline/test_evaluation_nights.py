"""The caller of an evaluation says how often a night runs."""

from __future__ import annotations

import pytest

from clusterer.bootstrap import Clusterer
from clusterer.evaluation.clusters import evaluate_set, labelled_set
from clusterer.settings import Settings

ROWS = [
    {
        "id": f"a{day}",
        "title": f"Ferry {day} reaches the harbour of Norrby",
        "text": f"Ferry number {day} came in at noon and left again with thirty cars. " * 3,
        "published": f"2024-03-{day:02d}T08:00:00",
        "cluster": str(day),
    }
    for day in (1, 2, 3, 4, 5, 9)
]


@pytest.mark.parametrize(("days_a_night", "nights"), [(1, 6), (2, 3), (5, 2), (100, 1)])
def test_a_night_runs_after_so_many_days_and_at_the_end(days_a_night: int, nights: int) -> None:
    seen: list[Clusterer] = []
    result = evaluate_set(
        labelled_set("ferries", ROWS), Settings(model="hashing"), night=seen.append, days_a_night=days_a_night
    )
    assert result.articles == len(ROWS)
    assert len(seen) == nights
