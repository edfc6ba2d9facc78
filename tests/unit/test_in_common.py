"""What two articles have in common now, and which of several is closest."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from clusterer.core.evidence.evidence import NAME, TITLE, Evidence, Sparse, extract
from clusterer.core.faces.in_common import closest, in_common
from clusterer.core.model import Document

FIRST = Document(
    "Ferry Aurelia aground off Calla",
    "The ferry Aurelia of Northern Sound ran aground off Calla on Thursday with 214 people, and it was said to be safe.",
    lang="en",
)
SECOND = Document(
    "Tugs free the Aurelia",
    "On Thursday two tugs pulled the ferry Aurelia off a sandbank near Calla, and Northern Sound said that 214 people were safe.",
    lang="en",
)


def member(article_id: str, *lead: float) -> Evidence:
    received_at = datetime(2026, 3, 5, tzinfo=UTC)
    return Evidence(0, np.array(lead, np.float32), extract(FIRST), None, received_at, article_id=article_id)


def test_rare_words_names_and_numbers_are_common_and_words_that_tell_nothing_are_not() -> None:
    common = in_common(extract(FIRST), extract(SECOND))
    assert "northern sound" in common.shared_names
    assert {"aurelia", "calla"} <= set(common.shared_names)
    assert not {"northern", "sound"} & set(common.shared_names)
    assert common.shared_numbers == ("214",)
    assert "ferry" in common.shared_words
    assert not {"thursday", "said", "off", "was", "sandbank"} & {*common.shared_words, *common.shared_names}


def sparse(**rarity: int) -> Sparse:
    many = len(rarity)
    return Sparse(tuple(rarity), bytes([1] * many), bytes(many), bytes(rarity.values()))


def test_words_that_tell_little_beside_the_most_telling_one_are_left_out_unless_there_are_few() -> None:
    much = sparse(sandbank=200, tugs=150, wheelhouse=120, week=60)
    assert in_common(much, much).shared_words == ("sandbank", "tugs", "wheelhouse")
    little = sparse(sandbank=200, week=60)
    assert in_common(little, little).shared_words == ("sandbank", "week")


def test_names_in_both_titles_come_first_however_common() -> None:
    kinds = bytes([NAME, NAME | TITLE, NAME])
    terms = Sparse(("aurelia", "india", "wend"), bytes([1] * 3), kinds, bytes([200, 1, 100]))
    assert in_common(terms, terms).shared_names == ("india", "aurelia", "wend")
    untitled = Sparse(terms.terms, terms.counts, bytes([NAME] * 3), terms.rarity)
    assert in_common(terms, untitled).shared_names == ("aurelia", "wend")


def test_what_is_a_name_in_one_of_the_two_is_a_name() -> None:
    other = Document("Tugs at work", "Aurelia was freed by tugs near the sandbank.", lang="en")
    assert "aurelia" in in_common(extract(other), extract(FIRST)).shared_names


def test_the_closest_is_nearest_in_meaning_and_no_copy() -> None:
    near, far, copy = member("near", 0.8, 0.6), member("far", 0.0, 1.0), member("copy")
    found = closest(member("own", 1.0, 0.0), [far, copy, near])
    assert found is near
    assert closest(member("own", 1.0, 0.0), [copy]) is None
    assert closest(copy, [near]) is None
