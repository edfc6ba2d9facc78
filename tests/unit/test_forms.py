"""Streams from forms, recurring columns and updates of one story, whatever the model thinks of them: here it finds a form's texts alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

import numpy as np
import pytest
from support.exact_index import ExactIndex
from support.made_evidence import by_seq
from support.made_forms import FORMS, Made, form_stream
from support.made_updates import update_chains

from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from clusterer.core.nightly.recluster import group
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.evaluation.fitting import cluster_stream

FORMS_SPREAD = 0.2  # cosine of about .96 among the texts of one form, and of about .74 among reports of one story
UPDATES_SPREAD = 0.6
DIMENSION = 128


def evidence(made: Sequence[Made]) -> list[Evidence]:
    """Articles in order; what is from one form, or of one story, lies near an axis of its own."""
    axes: dict[str, int] = {}
    found = []
    for seq, one in enumerate(made, start=1):
        update = one.thing.startswith("update")
        axis = axes.setdefault(one.thing if update else one.thing.split("/")[0], len(axes))
        noise = np.random.default_rng(seq).normal(size=DIMENSION)
        vector = np.eye(DIMENSION)[axis] + (UPDATES_SPREAD if update else FORMS_SPREAD) * noise / np.linalg.norm(noise)
        lead = (vector / np.linalg.norm(vector)).astype(np.float32)
        sent = one.article
        sparse = extract(Document(sent["title"], sent["text"], lang=sent["lang"]))
        at = datetime.fromisoformat(sent["published_at"])
        found.append(Evidence(seq, lead, sparse, at, at, sent["source"], sent["lang"], heading=sent["title"]))
    return found


@pytest.fixture(scope="module")
def made() -> list[Made]:
    every = form_stream() + [one for chain in update_chains() for one in chain]
    return sorted(every, key=lambda one: (one.article["published_at"], one.article["id"]))


@pytest.fixture(scope="module")
def streamed(made: list[Made]) -> dict[str, str]:
    clusters, _ = cluster_stream(evidence(made), Window(ExactIndex(), shipped_weights()))
    return {one.article["id"]: clusters[seq] for seq, one in enumerate(made, start=1)}


@pytest.fixture(scope="module")
def grouped(made: list[Made]) -> dict[str, str]:
    groups = group(by_seq(evidence(made)), ExactIndex(), shipped_weights())
    return {made[seq - 1].article["id"]: str(number) for number, seqs in enumerate(groups) for seq in seqs}


def merged_forms(made: Sequence[Made], clusters: dict[str, str]) -> float:
    """Share of the form-made articles that are together with an article about another thing."""
    things = defaultdict(set)
    for one in made:
        things[clusters[one.article["id"]]].add(one.thing)
    from_forms = [one for one in made if not one.thing.startswith("update")]
    assert len(from_forms) >= 500
    return sum(len(things[clusters[one.article["id"]]]) > 1 for one in from_forms) / len(from_forms)


def joined_updates(clusters: dict[str, str]) -> float:
    """Share of the updates, after the first reports, that are in the cluster that holds most of their story."""
    together = total = 0
    for chain in update_chains():
        names = [clusters[one.article["id"]] for one in chain]
        [(largest, _)] = Counter(names).most_common(1)
        together += sum(name == largest for name in names[1:])
        total += len(names) - 1
    return together / total


def test_forms_and_columns_stay_apart_in_the_stream(made: list[Made], streamed: dict[str, str]) -> None:
    assert len(FORMS) >= 50
    assert merged_forms(made, streamed) <= 0.05


def test_updates_are_joined_in_the_stream(streamed: dict[str, str]) -> None:
    assert len(update_chains()) == 30
    assert joined_updates(streamed) >= 0.85


def test_forms_and_columns_stay_apart_over_night(made: list[Made], grouped: dict[str, str]) -> None:
    assert merged_forms(made, grouped) <= 0.05


def test_updates_are_joined_over_night(grouped: dict[str, str]) -> None:
    assert joined_updates(grouped) >= 0.85


# Columns whose first two issues show nothing that tells them apart but the words of the day.
LEARNT = {number for number, form in enumerate(FORMS) if form[2] in ("Today's sporting fixtures", "TV-Tipp: {film}")}


@pytest.mark.parametrize("number", sorted(set(range(len(FORMS))) - LEARNT))
def test_the_first_two_of_a_form_are_two_clusters(number: int, made: list[Made]) -> None:
    pair = [one for one in made if one.article["id"] in (f"form-{number}-0", f"form-{number}-1")]
    first, second = evidence(pair)
    window = Window(ExactIndex(), shipped_weights())
    window.add(first, "c1")
    assert window.decide(second).joined is None


@pytest.mark.parametrize("number", sorted(LEARNT))
def test_a_column_is_learnt_from_its_issues(number: int, made: list[Made]) -> None:
    """Issues that name nothing apart from one another are told apart once the column has come at one hour for days."""
    issues = [one for one in made if one.article["id"].startswith(f"form-{number}-")]
    clusters, _ = cluster_stream(evidence(issues), Window(ExactIndex(), shipped_weights()))
    assert all(clusters[one] != clusters[other] for one, other in combinations(range(5, len(issues) + 1), 2))
