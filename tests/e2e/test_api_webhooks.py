"""Webhooks over HTTP and on the command line."""

from __future__ import annotations

import pytest
from support.api import Bench, make_bench, problem

from clusterer.api.gate import scope_of

URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def bench() -> Bench:
    return make_bench()


def test_the_secret_is_shown_once(bench: Bench) -> None:
    answer = bench.post("/v1/webhooks", {"url": URL})
    assert answer.status_code == 201
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    shown = {name: value for name, value in made.items() if name != "secret"}
    assert bench.client.get("/v1/webhooks").json() == {"data": [shown], "next_cursor": None, "total": 1}
    assert bench.client.get(f"/v1/webhooks/{made['id']}").json() == shown
    assert (shown["url"], shown["failures"], shown["disabled"]) == (URL, 0, None)


def test_it_begins_with_what_happens_from_now_on_or_after_a_cursor(bench: Bench) -> None:
    first = bench.client.get("/v1/changes").json()["next_cursor"]
    bench.take("a")
    latest = bench.client.get("/v1/changes").json()["next_cursor"]
    assert bench.post("/v1/webhooks", {"url": URL}).json()["cursor"] == latest
    assert bench.post("/v1/webhooks", {"url": URL, "cursor": first}).json()["cursor"] == first
    problem(bench.post("/v1/webhooks", {"url": URL, "cursor": "x"}), 422, "validation_failed")


def test_replay_test_and_delete(bench: Bench) -> None:
    made = bench.post("/v1/webhooks", {"url": URL}).json()
    first = bench.client.get("/v1/changes").json()["next_cursor"]
    path = f"/v1/webhooks/{made['id']}"
    bench.take("a")
    assert bench.post(f"{path}/replay?cursor={first}", b"").json()["cursor"] == first
    tested = bench.post(f"{path}/test", b"").json()
    assert tested["status"] is None
    assert "private network" in tested["error"], "this address is not allowed"
    assert bench.client.delete(path).status_code == 204
    for answer in (bench.client.delete(path), bench.client.get(path), bench.post(f"{path}/test", b"")):
        problem(answer, 404, "not_found")


@pytest.mark.parametrize(
    "body", [{}, {"url": "ftp://x.example"}, {"url": "https://u:p@x.example"}, {"url": 7}, {"url": URL, "x": 1}]
)
def test_what_is_no_endpoint_is_refused(bench: Bench, body: dict[str, object]) -> None:
    problem(bench.post("/v1/webhooks", body), 422, "validation_failed")
    assert bench.client.get("/v1/webhooks").json()["data"] == []


def test_another_collection_has_endpoints_of_its_own(bench: Bench) -> None:
    bench.post("/v1/collections", {"name": "sport"})
    bench.post("/v1/webhooks?collection=sport", {"url": URL})
    assert bench.client.get("/v1/webhooks").json()["data"] == []
    assert len(bench.client.get("/v1/webhooks?collection=sport").json()["data"]) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_webhooks_are_for_administrators(method: str) -> None:
    assert scope_of(method, "/v1/webhooks") == scope_of(method, "/v1/webhooks/x") == "admin"
