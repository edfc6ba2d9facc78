"""Behind a reverse proxy: prefixes, HEAD, what is known already, and tags that gzip has made weak."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from support.api import FLOOD

from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.settings import Settings


@pytest.fixture(scope="module")
def service() -> Clusterer:
    service = Clusterer.in_memory(Settings(model="hashing"))
    with TestClient(create_app(service), "http://localhost") as client:
        client.post("/v1/articles", json={"id": "post/1", "text": FLOOD, "url": "https://post.example/1"})
    service.drain()
    return service


@pytest.fixture(scope="module")
def client(service: Clusterer) -> TestClient:
    return TestClient(create_app(service), "http://localhost", follow_redirects=False)


@pytest.fixture(scope="module")
def below(service: Clusterer) -> TestClient:
    return TestClient(create_app(service, path_prefix="/desk/news"), "http://localhost", follow_redirects=False)


def cluster_of(client: TestClient) -> str:
    return str(client.get("/v1/articles/post%2F1/cluster").json()["cluster"]["id"])


@pytest.mark.parametrize("kept", ["/desk/news", ""], ids=["prefix left in the path", "prefix taken off"])
def test_links_stand_below_the_prefix(below: TestClient, kept: str) -> None:
    article = below.get(f"{kept}/v1/articles/post%2F1")
    assert article.status_code == 200
    assert article.json()["links"]["cluster"] == "/desk/news/v1/articles/post%2F1/cluster"
    posted = below.post(f"{kept}/v1/articles", json={"id": "two", "text": FLOOD})
    assert posted.headers["Location"] == posted.json()["status_url"] == "/desk/news/v1/articles/two"
    created = below.post(f"{kept}/v1/collections", json={"name": f"sport{len(kept)}"})
    assert created.headers["Location"] == f"/desk/news/v1/collections/sport{len(kept)}"
    missing = below.get(f"{kept}/v1/clusters/none")
    assert missing.json()["type"] == "/desk/news/problems/not_found"
    assert missing.json()["instance"] == "/desk/news/v1/clusters/none"
    assert below.get(f"{kept}/openapi.json").json()["servers"] == [{"url": "/desk/news"}]


@pytest.mark.parametrize(
    ("sent", "prefix"), [("/news", "/news"), ("/a/b/", "/a/b"), ("//evil.example", ""), ("news", ""), ("/a b", "")]
)
def test_a_proxy_may_name_the_prefix(client: TestClient, sent: str, prefix: str) -> None:
    article = client.get("/v1/articles/post%2F1", headers={"X-Forwarded-Prefix": sent}).json()
    assert article["links"]["self"] == f"{prefix}/v1/articles/post%2F1"
    assert client.get("/v1/articles/post%2F1").json()["links"]["self"] == "/v1/articles/post%2F1"


def test_a_merged_cluster_is_found_below_the_prefix(below: TestClient, service: Clusterer) -> None:
    below.post(
        "/v1/articles", json={"id": "other", "text": "Train drivers of Vellen Rail stop work on Friday over rosters."}
    )
    service.drain()
    here, there = (below.get(f"/v1/articles/{name}/cluster").json()["cluster"]["id"] for name in ("other", "post%2F1"))
    decision = {"into": there, "actor": "ada", "reason": "one event"}
    assert below.post(f"/v1/clusters/{here}:merge", json=decision).status_code == 200
    assert below.get(f"/v1/clusters/{here}").headers["Location"] == f"/desk/news/v1/clusters/{there}"


def test_ids_with_slashes_need_no_path(client: TestClient) -> None:
    [found] = client.get("/v1/articles", params={"id": "post/1"}).json()["data"]
    assert found["id"] == "post/1"
    assert client.get("/v1/articles", params={"id": "nobody/1"}).json()["data"] == []
    assert client.get("/v1/articles", params={"url": "https://post.example/1"}).json()["data"] == [found]
    assert client.get("/v1/articles", params={"id": "post/1", "url": "https://post.example/1"}).status_code == 422


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/version", "/openapi.json", "/v1/clusters", "/v1/articles/post%2F1"]
)
def test_head_is_get_without_the_content(client: TestClient, path: str) -> None:
    answer, head = client.get(path), client.head(path)
    assert head.status_code == answer.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Type"] == answer.headers["Content-Type"]
    assert client.head("/v1/nothing").status_code == 404


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    path = f"/v1/clusters/{cluster_of(client)}"
    etag = client.get(path).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"9999", {etag}', "*"):
        answer = client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)
    assert client.get(path, headers={"If-None-Match": '"9999"'}).status_code == 200
    assert client.get("/v1/clusters", headers={"If-None-Match": "*"}).status_code == 200  # has no tag


def test_a_tag_that_gzip_made_weak_still_guards_a_correction(client: TestClient) -> None:
    path = f"/v1/clusters/{cluster_of(client)}"
    etag = client.get(path).headers["ETag"]
    decision = {"actor": "ada", "reason": "front page"}
    assert client.post(f"{path}:pin", json=decision, headers={"If-Match": 'W/"9999"'}).status_code == 412
    assert client.post(f"{path}:pin", json=decision, headers={"If-Match": f"W/{etag}"}).status_code == 200
