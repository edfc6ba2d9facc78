"""Storylines over HTTP, on the page of a cluster, and for programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.api import FLOOD, STRIKE, Bench, make_bench, problem

from clusterer import Clusterer
from clusterer.core.cluster_records import Regroup
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.settings import Settings

CUP = (
    "Rovers of Eastmoor won the county cup on penalties. Keeper Dan Oakes saved twice before eleven thousand spectators. "
    "The team rides through town in an open bus on Sunday."
)


@pytest.fixture
def bench() -> Bench:
    """Two clusters of one storyline, the later one accepted first, and one cluster that stands alone."""
    bench = make_bench()
    late, early = bench.take("flood"), bench.take("strike", STRIKE)
    bench.take("cup", CUP)
    now = bench.service.clock.now()
    bench.collection.books.tell([(late, "01STORY", now), (early, "01STORY", now - timedelta(days=1))])
    return bench


def cluster_of(bench: Bench, article_id: str) -> str:
    cluster = bench.collection.lookup.article(article_id).cluster_id
    assert cluster is not None
    return cluster


def test_the_storyline_of_a_cluster_is_in_order_of_time(bench: Bench) -> None:
    flood, strike = cluster_of(bench, "flood"), cluster_of(bench, "strike")
    link = bench.client.get(f"/v1/clusters/{flood}").json()["links"]["storyline"]
    answer = bench.client.get(link).json()
    assert (answer["id"], answer["next_cursor"]) == ("01STORY", None)
    assert [one["id"] for one in answer["clusters"]] == [strike, flood]
    assert answer["clusters"][0] == bench.client.get(f"/v1/clusters/{strike}").json()
    assert bench.client.get(answer["links"]["self"]).json() == answer


def test_pages_of_one_cluster(bench: Bench) -> None:
    first = bench.client.get("/v1/storylines/01STORY?limit=1").json()
    second = bench.client.get("/v1/storylines/01STORY", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    found = [one["id"] for page in (first, second) for one in page["clusters"]]
    assert found == [cluster_of(bench, "strike"), cluster_of(bench, "flood")]
    assert second["next_cursor"] is None


def test_a_cluster_that_stands_alone_has_an_empty_storyline(bench: Bench) -> None:
    answer = bench.client.get(f"/v1/clusters/{cluster_of(bench, 'cup')}/storyline").json()
    assert answer == {"id": None, "clusters": [], "next_cursor": None, "links": {}}


def test_what_there_is_not(bench: Bench) -> None:
    problem(bench.client.get("/v1/storylines/never"), 404, "not_found")
    problem(bench.client.get("/v1/clusters/never/storyline"), 404, "not_found")
    problem(bench.client.get("/v1/storylines/01STORY?cursor=x"), 422, "validation_failed")
    far = "WyJzdG9yeWxpbmUiLDFlMzAsIngiXQ"  # the year 10^22
    problem(bench.client.get("/v1/storylines/01STORY", params={"cursor": far}), 422, "validation_failed")


def test_a_cluster_that_was_merged_away_redirects(bench: Bench) -> None:
    flood, cup = cluster_of(bench, "flood"), cluster_of(bench, "cup")
    books = bench.collection.books
    assert books.regroup(None, 1, [Regroup("merged", flood, cup, ())], bench.service.clock.now())
    answer = bench.client.get(f"/v1/clusters/{flood}/storyline", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/v1/clusters/{cup}/storyline")
    assert [one["id"] for one in bench.client.get("/v1/storylines/01STORY").json()["clusters"]] == [
        cluster_of(bench, "strike"),
        cup,
    ]


def test_the_page_of_a_cluster_lists_related_events(bench: Bench) -> None:
    flood, strike = cluster_of(bench, "flood"), cluster_of(bench, "strike")
    part = bench.client.get(f"/clusters/{flood}/near").text
    told, _, near = part.partition("Nearest other clusters")
    assert "Related events" in told
    assert f'href="/clusters/{strike}"' in told
    assert "(this one)" in told
    assert f'href="/clusters/{strike}"' not in near, "not listed twice"
    assert "Related events" not in bench.client.get(f"/clusters/{cluster_of(bench, 'cup')}/near").text


def test_programs_ask_for_the_storyline_of_a_cluster(tmp_path: Path) -> None:
    weights = tmp_path / "weights.json"  # that join nothing
    weights.write_text(replace(shipped_weights(), threshold=0.99999).to_json())
    dam = (
        "Engineers found a crack in the Tessin dam above Corvale after long rain. Warden Ilse Maro closed the valley road at noon.",
        "Warden Ilse Maro closed the valley road below the Tessin dam above Corvale. Engineers say the crack in the dam grew.",
    )
    with Clusterer(Settings(model="hashing", weights_path=weights)) as clusterer:
        clusterer.add({"id": f"a{number}", "text": text} for number, text in enumerate((*dam, FLOOD, CUP)))
        clusterer.regroup()
        clusters = {cluster.article_ids: cluster for cluster in clusterer.clusters()}
        assert clusterer.storyline(clusters["a2",].id) == ()
        assert clusterer.storyline(clusters["a0",].id) == (clusters["a0",], clusters["a1",])
