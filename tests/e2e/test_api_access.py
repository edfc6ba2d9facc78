"""Tokens at the API: who gets in, to what, and that nothing is read of those who do not."""

from __future__ import annotations

import asyncio
import json
import re
import stat
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from support.api import FLOOD, problem
from typer.testing import CliRunner

from clusterer.api.app import create_app
from clusterer.api.limits import ApiLimits
from clusterer.bootstrap import Clusterer
from clusterer.cli.main import app as cli
from clusterer.pipeline.access import Tokens, digest_of
from clusterer.settings import Settings
from clusterer.web import entry

GRANTS: dict[str, dict[str, Any]] = {
    "reader": {"scopes": ["read"]},
    "feeder": {"scopes": ["ingest"]},
    "editor": {"scopes": ["read", "ingest", "admin"]},
    "sports": {"scopes": ["read", "ingest", "admin"], "collections": ["sport"]},
}
TOKENS = Tokens.from_json(
    json.dumps(
        [{"name": name, "sha256": digest_of(f"secret-{name}")} | grant for name, grant in GRANTS.items()]
    ).encode()
)
ARTICLE = {"id": "a", "text": FLOOD}


@pytest.fixture
def service() -> Clusterer:
    service = Clusterer.in_memory(Settings(model="hashing"))
    service.store.create_collection("sport", {})
    return service


@pytest.fixture
def client(service: Clusterer) -> TestClient:
    return TestClient(create_app(service, tokens=TOKENS), raise_server_exceptions=False)


def ask(client: TestClient, who: str | None, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer secret-{who}"} if who else {}
    return client.request(method, path, json=body, headers=headers)


EVERY_SCOPE = [
    ("read", "GET", "/v1/articles/a"),
    ("read", "HEAD", "/v1/articles/a"),
    ("read", "GET", "/v1/clusters"),
    ("read", "GET", "/v1/changes"),
    ("read", "GET", "/v1/constraints"),
    ("read", "GET", "/v1/collections"),
    ("read", "GET", "/metrics"),
    ("read", "GET", "/version"),
    ("read", "POST", "/v1/search"),
    ("ingest", "POST", "/v1/articles"),
    ("ingest", "POST", "/v1/articles:batch"),
    ("admin", "DELETE", "/v1/articles/a"),
    ("admin", "POST", "/v1/articles/a:move"),
    ("admin", "POST", "/v1/clusters/a:merge"),
    ("admin", "POST", "/v1/clusters/a:pin"),
    ("admin", "PUT", "/v1/constraints"),
    ("admin", "DELETE", "/v1/constraints/x"),
    ("admin", "POST", "/v1/collections"),
    ("admin", "PATCH", "/v1/collections/default"),
    ("admin", "DELETE", "/v1/collections/default"),
    ("admin", "GET", "/v1/admin/runs"),
    ("admin", "POST", "/v1/admin/recluster"),
    ("admin", "POST", "/v1/admin/rollback"),
]


@pytest.mark.parametrize(("scope", "method", "path"), EVERY_SCOPE)
def test_each_request_needs_its_scope(client: TestClient, scope: str, method: str, path: str) -> None:
    for who, grant in GRANTS.items():
        if who == "sports":
            continue
        status = ask(client, who, method, path, {}).status_code
        assert (status != 403) == (scope in grant["scopes"]), (who, status)
        assert status not in (401, 500)
    refused = ask(client, None, method, path, {})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"


def scope_for(method: str, path: str) -> str | None:
    """As docs/api.md says; None for what is open. Pages are read, and their forms decide."""
    if path in ("/healthz", "/readyz", "/openapi.json", "/docs", "/login", "/logout", "/favicon.ico"):
        return None
    if path.startswith(("/problems/", "/docs/", "/assets/")):
        return None
    if (method, path) in (("POST", "/v1/articles"), ("POST", "/v1/articles:batch")):
        return "ingest"
    if path.startswith(("/v1/admin/", "/v1/webhooks")):
        return "admin"
    return "read" if method in ("GET", "HEAD") or (method, path) == ("POST", "/v1/search") else "admin"


def test_every_route_needs_its_scope_and_its_collection(service: Clusterer) -> None:
    """All that the application has, whether documented or not; nothing that is refused was looked for."""
    tokens = [
        {"name": name, "sha256": digest_of(f"secret-{name}"), "scopes": [name.partition("-")[0]]}
        | ({"collections": ["sport"]} if name.endswith("-sport") else {})
        for name in ("read", "ingest", "admin", "read-sport", "ingest-sport", "admin-sport")
    ]
    limits = ApiLimits(stream_s=0.01)
    app = create_app(service, limits, Tokens.from_json(json.dumps(tokens).encode()))
    client = TestClient(app, "http://localhost", raise_server_exceptions=False, follow_redirects=False)
    asked = 0
    for route in [
        one for part in app.routes for one in getattr(getattr(part, "original_router", None), "routes", [part])
    ]:
        path = str(getattr(route, "path", ""))
        for method in sorted(getattr(route, "methods", None) or ()):
            needed = scope_for(method, path)
            where = re.sub(r"\{[^}]*\}", "x", path)
            if needed is None:
                continue
            for who in (None, *(str(token["name"]) for token in tokens)):
                status = ask(client, who, method, where, {}).status_code
                scope, _, limited = (who or "").partition("-")
                if who is None:
                    assert status == (401 if not entry.is_page(where) else 303), (method, path)
                else:
                    assert (status == 403) == (scope != needed or bool(limited)), (method, path, who, status)
                    assert status not in (401, 500)
                asked += 1
    assert asked > 7 * 60  # so many routes at least


def test_every_operation_was_asked_about_or_needs_a_token(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for method in operations:
            status = ask(client, None, method.upper(), path.replace("{", "").replace("}", ""), {}).status_code
            is_open = path in ("/healthz", "/readyz", "/openapi.json") or path.startswith("/problems/")
            assert (status == 401) != is_open, (method, path, status)
            assert ("401" in operations[method]["responses"]) != is_open


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic c2VjcmV0",
        "secret-reader",
        "Bearer secret-reader,x",
        "Bearer \xff",
    ],
)
def test_odd_authorisations(client: TestClient, header: str) -> None:
    response = client.get("/v1/clusters", headers={"Authorization": header.encode("latin-1")})
    problem(response, 401, "unauthorized")


def test_the_scheme_may_be_written_as_one_likes(client: TestClient) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert client.get("/v1/clusters", headers={"Authorization": f"{scheme} secret-reader"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/clusters?collection=sport", 200),
        ("/v1/clusters", 403),
        ("/v1/clusters?collection=default", 403),
        ("/v1/clusters?collection=sport&collection=default", 403),
        ("/v1/clusters?collection=default&collection=sport", 403),
        ("/v1/clusters?collectio%6e=default", 403),
        ("/v1/clusters?%63ollection=sport", 200),
        ("/v1/collections/sport", 200),
        ("/v1/collections/default", 403),
        ("/v1/collections/%64efault", 403),
        ("/v1/collections", 403),
        ("/metrics", 403),
    ],
)
def test_a_token_for_one_collection(client: TestClient, path: str, status: int) -> None:
    assert ask(client, "sports", "GET", path).status_code == status


def test_the_token_says_who_acted(client: TestClient, service: Clusterer) -> None:
    ask(client, "editor", "POST", "/v1/articles", ARTICLE)
    service.drain()
    cluster = ask(client, "reader", "GET", "/v1/articles/a/cluster").json()["cluster"]["id"]
    pinned = ask(client, "editor", "POST", f"/v1/clusters/{cluster}:pin", {"actor": "somebody else", "reason": "x"})
    assert pinned.json()["actor"] == "editor"
    assert ask(client, "editor", "POST", f"/v1/clusters/{cluster}:pin", {"reason": "x"}).json()["actor"] == "editor"
    assert ask(client, "editor", "POST", "/v1/admin/recluster?dry_run=true").json()["actor"] == "editor"


def test_nothing_is_read_of_those_who_are_not_let_in(service: Clusterer) -> None:
    app = create_app(service, tokens=TOKENS)
    answered: list[int] = []

    async def receive() -> Any:
        raise AssertionError("the body was asked for")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    for token in (b"wrong", b"secret-reader"):
        headers = [(b"authorization", b"Bearer " + token), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/v1/articles", "raw_path": b"/v1/articles"}
        asyncio.run(app(scope | {"query_string": b"", "headers": headers}, receive, send))
    assert answered == [401, 403]


def test_requests_beyond_the_rate_wait(service: Clusterer) -> None:
    client = TestClient(create_app(service, ApiLimits(requests_per_minute=3), tokens=TOKENS))
    assert [ask(client, "reader", "GET", "/v1/clusters").status_code for _ in range(3)] == [200] * 3
    response = ask(client, "reader", "GET", "/v1/clusters")
    problem(response, 429, "too_many_requests")
    assert 0 < int(response.headers["retry-after"]) <= 20
    assert ask(client, "editor", "GET", "/v1/clusters").status_code == 200
    assert client.get("/healthz").status_code == 200


# -- from the command line


def run(*arguments: str, **environment: str) -> Any:
    return CliRunner().invoke(cli, list(arguments), env=environment)


def test_a_token_is_made_and_works(tmp_path: Any, service: Clusterer) -> None:
    file = tmp_path / "tokens.json"
    for name in ("one", "two"):
        made = run("token", "add", name, "--scope", "read", "--to", str(file), "--json")
        assert made.exit_code == 0, made.output
    answer = json.loads(made.stdout)
    assert answer["token"] not in file.read_text()
    client = TestClient(create_app(service, tokens=Tokens.from_json(file.read_bytes())))
    headers = {"Authorization": f"Bearer {answer['token']}"}
    assert client.get("/v1/clusters", headers=headers).status_code == 200
    assert client.post("/v1/articles", headers=headers, json=ARTICLE).status_code == 403
    assert run("token", "add", "two", "--scope", "read", "--to", str(file)).exit_code == 2
    assert run("token", "add", "three", "--scope", "write").exit_code == 2
    assert run("token", "add", "three").exit_code == 2
    shown = run("token", "add", "three", "--scope", "admin", "-c", "sport")
    entry = json.loads(shown.stdout.splitlines()[-1])
    assert (entry["scopes"], entry["collections"]) == (["admin"], ["sport"])


def test_tokens_are_listed_and_revoked(tmp_path: Any) -> None:
    file = tmp_path / "tokens.json"
    for name, scope in (("desk", "read"), ("feeder", "ingest")):
        assert run("token", "add", name, "--scope", scope, "--to", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = json.loads(run("token", "list", "--file", str(file), "--json").stdout)
    assert [(one["name"], one["scopes"], one["collections"]) for one in listed] == [
        ("desk", ["read"], "all"),
        ("feeder", ["ingest"], "all"),
    ]
    file.chmod(0o640)  # so that a container's user may read it
    assert run("token", "revoke", "desk", CLUSTERER_TOKENS_PATH=str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "feeder" in run("token", "list", CLUSTERER_TOKENS_PATH=str(file)).stdout
    assert run("token", "revoke", "desk", CLUSTERER_TOKENS_PATH=str(file)).exit_code == 1
    assert run("token", "list").exit_code == 2


@pytest.mark.parametrize("command", ["serve", "up"])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "news.example"])
def test_without_tokens_only_this_machine_is_listened_to(command: str, host: str, tmp_path: Any) -> None:
    refused = run(command, CLUSTERER_API_HOST=host, CLUSTERER_DATA_DIR=str(tmp_path / "data"))
    assert refused.exit_code == 2
    assert "CLUSTERER_TOKENS_PATH" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_bad_file_of_tokens_is_named(tmp_path: Any) -> None:
    file = tmp_path / "tokens.json"
    for content in (None, "{}", '[{"name": "x", "sha256": "clear", "scopes": ["read"]}]'):
        if content is not None:
            file.write_text(content)
        refused = run("serve", CLUSTERER_TOKENS_PATH=str(file), CLUSTERER_DATA_DIR=str(tmp_path / "data"))
        assert refused.exit_code == 2
        assert "tokens.json" in refused.stderr
        assert "clear" not in refused.stderr


# -- what a token lets see, and what it is told


def test_a_producer_waits_for_its_article_without_seeing_those_of_others(
    client: TestClient, service: Clusterer
) -> None:
    ask(client, "editor", "POST", "/v1/articles", {"id": "confidential", "title": "A draft", "text": FLOOD})
    service.drain()
    ask(client, "feeder", "POST", "/v1/articles", {"id": "probe", "text": FLOOD})
    service.drain()
    answers = {
        who: ask(client, who, "POST", "/v1/articles?wait=10", {"id": "probe", "text": FLOOD})
        for who in ("feeder", "editor")
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers["editor"].json()["cluster"]["title"] == "A draft"
    assert "+00:00" not in answers["editor"].text  # one form of time everywhere, which ends in Z
    assert answers["feeder"].json()["state"] == "assigned"
    assert answers["feeder"].json()["cluster"] is None
    assert "draft" not in answers["feeder"].text


def test_a_wrong_token_is_told_that_it_is_wrong(client: TestClient) -> None:
    missing = problem(client.get("/v1/clusters"), 401, "unauthorized")
    answer = client.get("/v1/clusters", headers={"Authorization": "Bearer secret-nobody"})
    wrong = problem(answer, 401, "unauthorized")
    assert "unknown token" in wrong["detail"]
    assert "unknown token" not in missing["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'  # RFC 6750, 3.1
