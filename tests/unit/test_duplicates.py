"""The evaluation of copies: scores by hand on texts of known overlap, through the posting index."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from clusterer.core.model import Article, Document
from clusterer.evaluation.datasets import Row
from clusterer.evaluation.duplicates import CopyFinder, Postings, evaluate_duplicates

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def words(count: int, seed: int) -> str:
    rng = random.Random(seed)
    return " ".join(f"w{rng.randrange(5000)}" for _ in range(count))


BASE = words(300, 1)
NEAR = BASE + " " + words(30, 2)
LONGER = BASE + " " + words(400, 3)
OTHER = words(300, 4)


def pair(a: str, b: str, texts: dict[str, str], jaccard: float, containment: float) -> Row:
    return {"a": a, "b": b, "text_a": texts[a], "text_b": texts[b], "jaccard5": jaccard, "containment5": containment}


def test_listed_pairs() -> None:
    texts = {"base": BASE, "near": NEAR, "longer": LONGER, "other": OTHER}
    rows = [
        pair("base", "near", texts, 0.91, 1.0),
        pair("longer", "base", texts, 0.43, 1.0),
        pair("longer", "other", texts, 0.0, 0.0),
        pair("other", "near", texts, 0.95, 0.95),  # a wrong label: counts as missed
    ]
    result = evaluate_duplicates(rows)
    assert (result["pairs"], result["threshold"], result["articles"]) == (4, 0.7, 4)
    assert (result["precision"], result["recall"], result["f1"]) == (1.0, 0.5, pytest.approx(2 / 3))
    assert result["by_relation"] == {"near": 1, "excerpt_of": 1, "none": 2}
    assert result["excerpts"] == {"expected": 1, "found": 1, "wrong": 0}
    assert evaluate_duplicates(rows, threshold=0.94)["precision"] == 0.0


def test_only_listed_pairs_are_scored() -> None:
    texts = {"base": BASE, "near": NEAR, "other": OTHER}
    rows = [pair("base", "other", texts, 0.0, 0.0), pair("near", "other", texts, 0.0, 0.0)]
    result = evaluate_duplicates(rows)  # base and near are linked, but nobody asked
    assert (result["pairs"], result["by_relation"], result["f1"]) == (2, {"none": 2}, 1.0)


def test_planted_copies() -> None:
    rows = [
        {"id": "1", "text": BASE, "cluster": "x"},
        {"id": "2", "text": NEAR, "cluster": "x"},
        {"id": "3", "text": OTHER, "cluster": "y"},
        {"id": "4", "text": OTHER, "cluster": "z"},  # a copy under another label: found, and wrong
        {"id": "5", "text": words(300, 5), "cluster": "x"},  # under the label but no copy: missed
        {"id": "6", "text": words(300, 6)},
    ]
    result = evaluate_duplicates(rows)
    assert (result["pairs"], result["threshold"]) == (4, None)
    assert (result["precision"], result["recall"]) == (0.5, pytest.approx(1 / 3))
    assert result["by_relation"] == {"near": 1, "exact": 1, "none": 2}


def test_cleaning_is_applied_when_given() -> None:
    def only_the_lead(article: Article) -> Document:
        return Document(title="", text=" ".join((article.text or "").split()[-300:]))

    rows = [{"id": "1", "text": words(600, 7) + " " + BASE, "cluster": "x"}, {"id": "2", "text": BASE, "cluster": "x"}]
    assert evaluate_duplicates(rows)["recall"] == 0.0
    cleaned = evaluate_duplicates(rows, clean=only_the_lead)
    assert (cleaned["recall"], cleaned["cleaned"]) == (1.0, True)


def test_copies_of_one_article_are_related_to_each_other() -> None:
    finder = CopyFinder()
    seqs = [finder.add(Article(id=str(n), text=text)) for n, text in enumerate([BASE, BASE, BASE, LONGER, OTHER])]
    assert [finder.head(seq) for seq in seqs] == [1, 1, 1, 4, 5]
    assert finder.kind(2, 3) == finder.kind(3, 2) == "exact"
    assert finder.kind(3, 4) == "excerpt_of"
    assert finder.kind(1, 5) is None


def test_postings_return_earlier_members_and_are_capped() -> None:
    postings = Postings(cap=2)
    assert postings.register(1, b"x1", [b"b1", b"b2"], [b"s1"], NOON) == {}
    assert postings.register(2, b"x1", [b"b1"], [], NOON) == {1: 2}
    assert postings.register(2, b"x1", [b"b1"], [], NOON) == {1: 2}  # repeating changes nothing
    assert postings.register(3, None, [b"b1", b"b2"], [b"s1"], NOON) == {1: 3, 2: 1}
    assert postings.register(4, None, [b"b1"], [], NOON) == {1: 1, 2: 1}  # 3 found no room
