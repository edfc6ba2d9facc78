"""Web pages of others, in a browser on the service's machine: what they may not do, and what a setting lets some of them do."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from support.api import FLOOD, problem

from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.access import Tokens, digest_of
from clusterer.settings import Settings

NEWSROOM = "https://news.example.org"
GRANTS = json.dumps([{"name": "desk", "sha256": digest_of("secret"), "scopes": ["read", "admin"]}]).encode()


@pytest.fixture(scope="module")
def service() -> Clusterer:
    return Clusterer.in_memory(Settings(model="hashing", recluster_at="off"))


@pytest.fixture(scope="module")
def client(service: Clusterer) -> TestClient:
    return TestClient(create_app(service), "http://localhost:8000", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def shared(service: Clusterer) -> TestClient:
    """The same service for the newsroom's pages too."""
    return TestClient(create_app(service, allowed_origins=[NEWSROOM]), "http://localhost:8000")


def send(client: TestClient, method: str = "GET", path: str = "/v1/clusters", **headers: str) -> httpx.Response:
    named: Any = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request(method, path, headers=named)


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:8000", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000", "a.localhost"]
)
def test_this_machine_is_served(client: TestClient, host: str) -> None:
    assert send(client, host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::2]",
        "0.0.0.0",
        "[",
        "a@b",
        "",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/clusters"), ("DELETE", "/v1/articles/a"), ("GET", "/healthz")]
)
def test_a_name_that_was_made_to_lead_here_is_not_served(client: TestClient, host: str, method: str, path: str) -> None:
    problem(send(client, method, path, host=host), 421, "misdirected")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:3000", "http://localhost", "null", "file://", ""]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_pages_of_other_origins_are_refused(client: TestClient, origin: str, method: str) -> None:
    problem(send(client, method, origin=origin, content_type="application/json"), 403, "foreign_origin")


def test_the_own_pages_are_not(client: TestClient) -> None:
    assert send(client, origin="http://localhost:8000").status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/admin/recluster?actor=evil&force=true", "/v1/articles", "/v1/clusters/x:pin", "/v1/admin/rollback"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://localhost:8000"},
        {"content_type": "text/plain"},
        {"content_type": "TEXT/PLAIN; charset=utf-8"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "multipart/form-data; boundary=x"},
    ],
    ids=str,
)
def test_a_write_needs_a_content_type_that_no_page_sends_unasked(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    problem(send(client, "POST", path, **headers), 415, "unsupported_media_type")


def test_a_program_sends_no_content_type_where_it_sends_no_body(client: TestClient) -> None:
    """As generated clients do, and `curl -X POST`."""
    assert send(client, "POST", "/v1/admin/recluster?actor=ada").status_code == 202
    problem(send(client, "POST", "/v1/admin/rollback"), 415, "unsupported_media_type")


def test_a_write_in_json_is_carried_out(client: TestClient) -> None:
    assert client.post("/v1/articles", json={"text": FLOOD}).status_code == 202
    assert send(client, "POST", "/v1/admin/recluster?actor=ada", content_type="application/json").status_code == 202


def test_pages_of_allowed_origins_may_use_it(shared: TestClient) -> None:
    asked = send(
        shared, "OPTIONS", "/v1/articles", origin=NEWSROOM, access_control_request_method="POST",
        access_control_request_headers="content-type,idempotency-key",
    )  # fmt: skip
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == NEWSROOM
    answer = send(shared, origin=NEWSROOM)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == NEWSROOM
    assert "Origin" in answer.headers["Vary"]
    assert send(shared, host="news.example.org").status_code == 200
    assert "Access-Control-Allow-Origin" not in send(shared, origin="http://evil.example").headers
    problem(send(shared, "POST", origin="http://evil.example", content_type="application/json"), 403, "foreign_origin")


def test_no_page_may_without_the_setting(client: TestClient) -> None:
    assert "Access-Control-Allow-Origin" not in send(client, origin="http://localhost:8000").headers


def test_with_tokens_any_name_will_do(service: Clusterer) -> None:
    client = TestClient(create_app(service, tokens=Tokens.from_json(GRANTS)), "http://news.example.org")
    assert send(client, authorization="Bearer secret").status_code == 200
    assert send(client, "POST", "/v1/admin/recluster?dry_run=true", authorization="Bearer secret").status_code == 200
