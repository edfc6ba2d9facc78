"""`total` of lists: exact for all pages together, or null."""

from __future__ import annotations

from typing import Any

import pytest
from support.api import FLOOD, STRIKE, Bench, make_bench

BECAUSE = {"actor": "ada", "reason": "seen by eye"}


@pytest.fixture(scope="module")
def bench() -> Bench:
    """Three clusters of three, two and one articles, the first two of them merged; and a refused article."""
    bench = make_bench()
    clusters = {}
    texts = {
        "flood": FLOOD,
        "strike": STRIKE,
        "reef": "Divers have mapped a reef off Tessaly, the institute said. " * 4,
    }
    for name, count in (("flood", 3), ("strike", 2), ("reef", 1)):
        for number in range(count):
            clusters[name] = bench.take(f"{name}/{number}", texts[name], source=name, url="https://x.example/" + name)
    bench.post(f"/v1/clusters/{clusters['strike']}:merge", BECAUSE | {"into": clusters["flood"]})
    bench.collection.books.reject("{}", "no id", bench.service.clock.now(), "default")
    return bench


def pages(bench: Bench, path: str) -> list[dict[str, Any]]:
    """All pages of one item each."""
    found, more = [], ""
    while True:
        found.append(bench.client.get(f"{path}{'&' if '?' in path else '?'}limit=1{more}").json())
        if found[-1]["next_cursor"] is None:
            return found
        more = f"&cursor={found[-1]['next_cursor']}"


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("/v1/clusters", 2),
        ("/v1/clusters?sort=size", 2),
        ("/v1/clusters?sort=velocity", 2),
        ("/v1/clusters?sort=sources&source=reef", 1),
        ("/v1/clusters?words=nothing", 0),
        ("/v1/clusters/{flood}/articles", 5),
        ("/v1/admin/dead", 0),
        ("/v1/admin/rejected", 1),
    ],
)
def test_a_total_is_the_same_on_all_pages_and_what_they_hold(bench: Bench, path: str, total: int) -> None:
    flood = bench.client.get("/v1/articles/flood%2F0/cluster").json()["cluster"]["id"]
    found = pages(bench, path.replace("{flood}", flood))
    assert {page["total"] for page in found} == {total}
    assert sum(len(page["data"]) for page in found) == total


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("/v1/articles", 6),
        ("/v1/articles?source=strike", 2),
        ("/v1/articles?url=https://x.example/flood", 3),
        ("/v1/articles?id=flood/1", 1),
        ("/v1/articles?id=nobody", 0),
        ("/v1/articles/flood%2F1/versions", 1),
        ("/v1/collections", 1),
        ("/v1/constraints", 1),
        ("/v1/webhooks", 0),
        ("/v1/admin/runs", 0),
    ],
)
def test_what_fits_on_one_page_is_counted(bench: Bench, path: str, total: int) -> None:
    page = bench.client.get(path).json()
    assert (page["total"], len(page["data"]), page["next_cursor"]) == (total, total, None)


@pytest.mark.parametrize("path", ["/v1/articles?limit=1", "/v1/clusters?min_size=1&limit=1", "/v1/changes?limit=1"])
def test_what_would_have_to_be_looked_through_is_not(bench: Bench, path: str) -> None:
    page = bench.client.get(path).json()
    assert page["next_cursor"] is not None
    assert page["total"] is None


def test_what_is_nearest_has_no_total(bench: Bench) -> None:
    assert bench.client.get("/v1/articles/reef%2F0/related").json()["total"] is None
