"""Copies are folded under what they come from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from clusterer.core.model import RelationKind
from clusterer.pipeline.browsing.families import families
from clusterer.pipeline.lookup.views import MemberView, RelationView

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def member(
    article_id: str,
    of: str | None = None,
    kind: RelationKind = "near",
    hours: float = 0,
    title: str = "",
    revision: int = 1,
) -> MemberView:
    at = START + timedelta(hours=hours)
    relation = None if of is None else RelationView(kind, of, is_copy=True)
    return MemberView(article_id, revision, title or article_id, None, None, None, at, at, relation)


def test_a_copy_of_a_copy_is_under_the_first() -> None:
    found = families([member("a"), member("b", "a", hours=1), member("c", "b", "excerpt_of", hours=3), member("d")])
    assert [(one.head.article_id, [f.member.article_id for f in one.followers]) for one in found] == [
        ("a", ["b", "c"]),
        ("d", []),
    ]
    last = found[0].followers[1]
    assert (last.of.article_id, last.later, last.relation.kind) == ("b", timedelta(hours=2), "excerpt_of")


def test_a_copy_is_told_to_be_of_the_one_that_its_figures_are_about() -> None:
    third = member("c", "a", hours=3)
    third = replace(third, relation=RelationView("exact", "a", is_copy=True, closest_id="b"))
    family = families([member("a"), member("b", "a", hours=1), third])[0]
    assert [(one.member.article_id, one.of.article_id) for one in family.followers] == [("b", "a"), ("c", "b")]
    assert family.followers[1].later == timedelta(hours=2)


def test_what_comes_from_elsewhere_heads_a_family() -> None:
    found = families([member("b", "elsewhere"), member("c", "b")])
    assert [(one.head.article_id, len(one.followers)) for one in found] == [("b", 1)]


def test_a_version_is_under_the_one_before() -> None:
    found = families([member("a", title="Six dead"), member("a", "a", "version_of", 5, "Nine dead", revision=2)])
    assert len(found) == 1
    assert found[0].head.revision == 1
    assert found[0].followers[0].other_headline


def test_headlines_that_differ_in_case_are_the_same() -> None:
    found = families([member("a", title="Six dead"), member("b", "a", title="SIX  DEAD")])
    assert not found[0].followers[0].other_headline


def test_how_much_later_is_of_one_kind_of_time() -> None:
    undated = replace(member("b", "a", hours=1), published_at=None, title="")
    received_late = replace(member("a"), published_at=START - timedelta(days=200))
    found = families([received_late, undated])[0].followers[0]
    assert found.later == timedelta(hours=1)
    assert not found.other_headline


def test_where_the_day_alone_is_known_no_hours_are_counted() -> None:
    morning = datetime(2026, 1, 1, tzinfo=UTC)
    dated, timed = (
        replace(member("a"), published_at=morning),
        replace(member("b", "a"), published_at=morning + timedelta(hours=16)),
    )
    found = families([dated, timed])[0].followers[0]
    assert (found.later, found.by_day) == (timedelta(0), True)
