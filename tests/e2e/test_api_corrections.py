"""What people change through the API: erase, merge, split, move, pin, constrain, recluster, roll back; and what is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from support.api import FLOOD, STRIKE, Bench, make_bench, pointers, problem

from clusterer.pipeline.nightly.nightly import JOB
from clusterer.pipeline.upkeep.audit import audit

REEF = (
    "Divers have mapped a reef of cold water corals off Tessaly that nobody had known of, the marine institute said. "
    "It lies at nine hundred metres and is some four kilometres long. Fishing there is banned from next month on."
)
BECAUSE = {"actor": "ada", "reason": "seen by eye"}


@pytest.fixture
def bench() -> Bench:
    return make_bench()


def send(bench: Bench, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    names = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return bench.client.request(method, path, json=body, headers=names)


def cluster_of(bench: Bench, article_id: str) -> str:
    return str(bench.client.get(f"/v1/articles/{article_id}/cluster").json()["cluster"]["id"])


def clean(bench: Bench) -> bool:
    return audit(bench.collection.books).clean


# -- erasing


def test_an_erased_article_is_gone_and_stays_gone(bench: Bench) -> None:
    cluster = bench.take("a/b")
    assert bench.client.delete("/v1/articles/a%2Fb").status_code == 204
    problem(bench.client.get("/v1/articles/a%2Fb"), 410, "gone")
    problem(bench.client.delete("/v1/articles/a%2Fb"), 410, "gone")
    problem(bench.client.delete("/v1/articles/nobody"), 404, "not_found")
    problem(bench.client.get(f"/v1/clusters/{cluster}"), 410, "gone")
    assert bench.collection.eraser.traces("a/b", ["Lowfield"]) == []
    assert clean(bench)


# -- corrections


def test_a_merge(bench: Bench) -> None:
    flood, strike = bench.take("flood"), bench.take("strike", STRIKE)
    response = send(bench, "POST", f"/v1/clusters/{strike}:merge", BECAUSE | {"into": flood})
    assert (response.status_code, response.json()) == (
        200,
        {"cluster_id": flood, "cluster_url": f"/v1/clusters/{flood}"},
    )
    assert cluster_of(bench, "strike") == flood
    told = bench.client.get(f"/v1/clusters/{strike}/history").json()["data"][-1]
    assert (told["kind"], told["other"], told["actor"], told["reason"]) == ("merged", flood, "ada", "seen by eye")
    assert clean(bench)


def test_a_split_and_a_move(bench: Bench) -> None:
    old, reef = bench.take("a"), bench.take("b", REEF)
    bench.take("b2", REEF)
    send(bench, "POST", f"/v1/clusters/{reef}:merge", BECAUSE | {"into": old})
    for one in bench.client.get("/v1/constraints").json()["data"]:
        bench.client.delete(f"/v1/constraints/{one['key']}?actor=ada&reason=mistake")
    copy = send(bench, "POST", f"/v1/clusters/{old}:split", BECAUSE | {"article_ids": ["b2"]})
    assert "'b'" in problem(copy, 409, "conflict")["detail"]  # a copy does not leave its original
    response = send(bench, "POST", f"/v1/clusters/{old}:split", BECAUSE | {"article_ids": ["b"]})
    new = response.json()["cluster_id"]
    assert (response.status_code, response.headers["location"]) == (201, f"/v1/clusters/{new}")
    assert cluster_of(bench, "b") == cluster_of(bench, "b2") == new != old
    strike = bench.take("strike", STRIKE)
    moved = send(bench, "POST", "/v1/articles/b:move", BECAUSE | {"into": strike})
    assert moved.json()["cluster_id"] == cluster_of(bench, "b") == strike
    assert clean(bench)


def test_if_match_guards_what_was_seen(bench: Bench) -> None:
    flood, strike = bench.take("flood"), bench.take("strike", STRIKE)
    seen = bench.client.get(f"/v1/clusters/{strike}").headers["etag"]
    bench.take("copy", STRIKE)
    into = BECAUSE | {"into": flood}
    for path, body in (
        (f"clusters/{strike}:merge", into),
        ("articles/strike:move", into),
        (f"clusters/{strike}:pin", BECAUSE),
    ):
        problem(send(bench, "POST", f"/v1/{path}", body, If_Match=seen), 412, "revision_mismatch")
    assert cluster_of(bench, "strike") == strike
    now = bench.client.get(f"/v1/clusters/{strike}").headers["etag"]
    assert now != seen
    assert send(bench, "POST", f"/v1/clusters/{strike}:merge", into, If_Match=now).status_code == 200
    for odd in ("5", "W/5", '"x"'):
        answer = send(bench, "POST", f"/v1/clusters/{flood}:pin", BECAUSE, If_Match=odd)
        assert pointers(problem(answer, 422, "validation_failed")) == ["/if-match"]


def test_constraints_are_put_listed_and_withdrawn(bench: Bench) -> None:
    cluster = bench.take("a")
    bench.take("b", STRIKE)
    link = {"kind": "cannot_link", "article_ids": ["a", "b"]}
    put = send(bench, "PUT", "/v1/constraints", BECAUSE | link)
    assert put.status_code == 200
    assert put.json()["pending"] is False
    assert send(bench, "PUT", "/v1/constraints", BECAUSE | link).json()["key"] == put.json()["key"]
    pinned = send(bench, "POST", f"/v1/clusters/{cluster}:pin", BECAUSE).json()
    assert (pinned["kind"], pinned["cluster_id"]) == ("pin", cluster)
    assert bench.client.get(f"/v1/clusters/{cluster}").json()["pinned"]
    listed = bench.client.get("/v1/constraints").json()["data"]
    assert [(one["kind"], one["article_ids"], one["actor"]) for one in listed] == [
        ("cannot_link", ["a", "b"], "ada"),
        ("pin", [], "ada"),
    ]
    for one in listed:
        path = f"/v1/constraints/{quote(one['key'], safe='')}"
        problem(bench.client.delete(f"{path}?actor=ada"), 422, "validation_failed")
        assert bench.client.delete(f"{path}?actor=ada&reason=mistake").status_code == 204
        problem(bench.client.delete(f"{path}?actor=ada&reason=mistake"), 404, "not_found")
    assert bench.client.get("/v1/constraints").json()["data"] == []
    send(bench, "PUT", "/v1/constraints", BECAUSE | link | {"kind": "must_link"})
    assert [one["pending"] for one in bench.client.get("/v1/constraints").json()["data"]] == [True]


def test_contradictions_are_refused(bench: Bench) -> None:
    flood, strike = bench.take("a"), bench.take("b", STRIKE)
    send(bench, "PUT", "/v1/constraints", BECAUSE | {"kind": "cannot_link", "article_ids": ["a", "b"]})
    bench.take("a2", FLOOD)
    bench.take("b2", STRIKE)
    document = problem(send(bench, "POST", f"/v1/clusters/{strike}:merge", BECAUSE | {"into": flood}), 409, "conflict")
    assert "ada" in document["detail"]
    assert cluster_of(bench, "b") == strike


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("POST", "/v1/clusters/{}:merge", {"actor": "ada", "into": "x"}, "/reason"),
        ("POST", "/v1/clusters/{}:merge", {"reason": "x", "into": "x"}, "/actor"),
        ("POST", "/v1/clusters/{}:merge", BECAUSE, "/into"),
        ("POST", "/v1/clusters/{}:merge", BECAUSE | {"into": "x", "actor": "a\nb"}, "/actor"),
        ("POST", "/v1/clusters/{}:split", BECAUSE | {"article_ids": []}, "/article_ids"),
        ("POST", "/v1/clusters/{}:pin", BECAUSE | {"note": "x"}, "/note"),
        ("PUT", "/v1/constraints", BECAUSE | {"kind": "pin", "article_ids": ["a", "b"]}, "/kind"),
        ("PUT", "/v1/constraints", BECAUSE | {"kind": "must_link", "article_ids": ["a"]}, "/article_ids"),
        ("POST", "/v1/admin/rollback", {"actor": "ada"}, "/reason"),
        ("POST", "/v1/admin/recluster", None, "/actor"),
    ],
)
def test_what_is_wrong_with_a_correction_is_said_by_field(
    bench: Bench, method: str, path: str, body: Any, pointer: str
) -> None:
    response = send(bench, method, path.format(bench.take("a")), body)
    assert pointers(problem(response, 422, "validation_failed")) == [pointer]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/clusters/nothing:merge", {"into": "{}"}, 404, "not_found"),
        ("/v1/clusters/{}:merge", {"into": "nothing"}, 404, "not_found"),
        ("/v1/clusters/{}:split", {"article_ids": ["a"]}, 409, "conflict"),
        ("/v1/clusters/{}:split", {"article_ids": ["nobody"]}, 404, "not_found"),
        ("/v1/articles/nobody:move", {"into": "{}"}, 404, "not_found"),
    ],
)
def test_corrections_of_what_is_not_there(bench: Bench, path: str, body: Any, status: int, code: str) -> None:
    cluster = bench.take("a")
    filled = {name: value.format(cluster) if isinstance(value, str) else value for name, value in body.items()}
    problem(send(bench, "POST", path.format(cluster), BECAUSE | filled), status, code)


# -- the past


def test_history_in_pages_and_as_of_a_time(bench: Bench) -> None:
    cluster = bench.take("a", source="Post")
    began = bench.client.get(f"/v1/clusters/{cluster}").json()["last_added_at"]
    assert bench.take("b", source="Courier") == cluster
    path = f"/v1/clusters/{cluster}/history"
    whole = bench.client.get(path).json()
    assert [(entry["kind"], entry["article_ids"]) for entry in whole["data"]] == [
        ("created", ["a"]),
        ("updated", ["b"]),
    ]
    assert whole["next_cursor"] is None
    first = bench.client.get(path, params={"limit": 1}).json()
    rest = bench.client.get(path, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert first["data"] + rest["data"] == whole["data"]
    assert rest["next_cursor"] is None
    assert [e["kind"] for e in bench.client.get(path, params={"at": began}).json()["data"]] == ["created"]
    was = bench.client.get(f"/v1/clusters/{cluster}", params={"at": began}).json()
    assert (was["article_count"], was["article_ids"]) == (1, ["a"])
    assert bench.client.get(f"/v1/clusters/{cluster}?at=2001-01-01").json()["article_ids"] == []
    problem(bench.client.get("/v1/clusters/nothing?at=2001-01-01"), 404, "not_found")
    problem(bench.client.get("/v1/clusters/nothing/history"), 404, "not_found")


def test_the_timeline(bench: Bench) -> None:
    cluster = bench.take("a", source="Post")
    bench.take("b", source="Courier")
    path = f"/v1/clusters/{cluster}/timeline"
    spans = bench.client.get(path, params={"span_s": int(timedelta(days=365).total_seconds())}).json()["data"]
    assert sum(span["articles"] for span in spans) == sum(span["new_sources"] for span in spans) == 2
    assert pointers(problem(bench.client.get(f"{path}?span_s=1"), 422, "validation_failed")) == ["/span_s"]
    strike = bench.take("strike", STRIKE)
    send(bench, "POST", f"/v1/clusters/{strike}:merge", BECAUSE | {"into": cluster})
    moved = bench.client.get(f"/v1/clusters/{strike}/timeline", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, path)


# -- reclustering


def test_a_dry_run_plans_and_changes_nothing(bench: Bench) -> None:
    for id, text in (("a", FLOOD), ("b", STRIKE), ("c", REEF)):
        bench.take(id, text)
    before = bench.collection.books.position()
    run = send(bench, "POST", "/v1/admin/recluster?dry_run=true").json()
    assert (run["outcome"], run["actor"]) == ("planned", "api")
    assert run["plan"] == {"merged": [], "split": [], "moved": [], "created": [], "left_out": {}}
    assert bench.collection.books.position() == before
    assert bench.client.get("/v1/admin/runs").json()["data"] == []


def test_a_run_is_ordered_reported_and_rolled_back(bench: Bench) -> None:
    flood, strike = bench.take("a"), bench.take("b", STRIKE)
    books = bench.collection.books
    send(bench, "POST", f"/v1/clusters/{strike}:merge", BECAUSE | {"into": flood})
    for one in bench.client.get("/v1/constraints").json()["data"]:
        bench.client.delete(f"/v1/constraints/{one['key']}?actor=ada&reason=mistake")
    ordered = send(bench, "POST", "/v1/admin/recluster?actor=ada&force=true&reason=late+import")
    assert (ordered.status_code, ordered.json()) == (202, {"runs_url": "/v1/admin/runs"})
    (run,) = bench.client.get("/v1/admin/runs").json()["data"]
    assert (run["outcome"], run["actor"], run["reason"]) == ("published", "ada", "late import")
    assert cluster_of(bench, "a") != cluster_of(bench, "b")
    back = send(bench, "POST", "/v1/admin/rollback", BECAUSE)
    assert back.json()["generation"] == books.position().generation
    assert cluster_of(bench, "a") == cluster_of(bench, "b")
    assert clean(bench)


def test_one_run_at_a_time(bench: Bench) -> None:
    bench.take("a")
    assert bench.collection.books.claim_job(JOB, "another", 60)
    for dry in ("true", "false"):
        problem(send(bench, "POST", f"/v1/admin/recluster?actor=ada&dry_run={dry}"), 409, "conflict")
    bench.collection.books.release_job(JOB, "another")
    assert send(bench, "POST", "/v1/admin/recluster?actor=ada").status_code == 202


def test_nothing_to_roll_back(bench: Bench) -> None:
    problem(send(bench, "POST", "/v1/admin/rollback", BECAUSE), 409, "conflict")
