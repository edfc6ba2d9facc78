"""Articles listed and read over HTTP."""

from __future__ import annotations

import pytest
from support.api import FLOOD, STRIKE, Bench, make_bench, problem


@pytest.fixture
def bench() -> Bench:
    bench = make_bench()
    bench.take("flood", title="Flood in Lowfield", source="Post", lang="en", published_at="2017-05-03T10:00:00Z")
    bench.take("strike", STRIKE, title="Strike on the railways", source="Echo", lang="de")
    bench.take("flood", title="Flood in Lowfield rises", source="Post", lang="en", published_at="2017-05-04T10:00:00Z")
    bench.post(body={"id": "late", "text": "It waits to be read by somebody."})
    return bench


def listed(bench: Bench, query: str) -> list[str]:
    """Ids on all pages, read one by one."""
    ids: list[str] = []
    cursor = ""
    while cursor is not None:
        page = bench.client.get(f"/v1/articles?limit=1&{query}" + (f"&cursor={cursor}" if cursor else "")).json()
        ids += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
    return ids


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["late", "flood", "strike"]),
        ("state=pending", ["late"]),
        ("state=assigned", ["flood", "strike"]),
        ("state=dead", []),
        ("source=Post", ["flood"]),
        ("language=de", ["strike"]),
        ("words=rail+str", ["strike"]),
        ("words=lowf+post", ["flood"]),
        ("words=owfield", []),
        ("published_since=2017-05-04", ["flood"]),
        ("published_until=2017-05-04", []),
        ("since=2999-01-01", []),
        ("until=2999-01-01", ["late", "flood", "strike"]),
        ("cluster=nowhere", []),
    ],
)
def test_articles_are_listed_by_their_latest_revision(bench: Bench, query: str, found: list[str]) -> None:
    assert listed(bench, query) == found


def test_articles_of_a_cluster(bench: Bench) -> None:
    cluster = bench.collection.lookup.article("strike").cluster_id
    assert listed(bench, f"cluster={cluster}") == ["strike"]


def test_what_is_wrong(bench: Bench) -> None:
    problem(bench.client.get("/v1/articles?state=lost"), 422, "validation_failed")
    problem(bench.client.get("/v1/articles?cursor=x"), 422, "validation_failed")
    problem(bench.client.get("/v1/articles?url=a&id=b"), 422, "validation_failed")


def test_the_text_with_what_was_cut(bench: Bench) -> None:
    waiting = bench.client.get("/v1/articles/late/text").json()
    assert (waiting["state"], waiting["text"], waiting["passages"]) == ("pending", None, [])
    bench.take("page", FLOOD + "\n\nRelated Articles\n\nShare this article: Email | Copy link | Print")
    answer = bench.client.get("/v1/articles/page/text").json()
    assert answer["text"] == FLOOD
    assert [one["cut"] is None for one in answer["passages"]] == [True, False, False]
    problem(bench.client.get("/v1/articles/nobody/text"), 404, "not_found")


def test_an_erased_article_is_not_listed(bench: Bench) -> None:
    bench.client.delete("/v1/articles/strike")
    assert listed(bench, "") == ["late", "flood"]
