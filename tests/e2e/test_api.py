"""The HTTP interface over the whole pipeline in memory: what clients send, and what they get."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from support.api import FLOOD, STRIKE, Bench, make_bench, pointers, problem

from clusterer.api import bodies
from clusterer.api.limits import ApiLimits
from clusterer.api.problems import Problem
from clusterer.core.cluster_records import Regroup
from clusterer.core.errors import StoreUnavailable
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake.admission import AdmissionPolicy
from clusterer.pipeline.lookup.cursors import encode_cursor


@pytest.fixture
def bench() -> Bench:
    return make_bench()


@pytest.fixture(scope="module")
def untouched() -> Bench:
    """For requests that are refused: they leave nothing behind."""
    return make_bench()


# -- one article


def test_an_article_goes_in_and_its_cluster_comes_out(bench: Bench) -> None:
    response = bench.post(body={"id": "post/2026/flood", "title": "Flood in Lowfield", "text": FLOOD, "source": "Post"})
    assert response.status_code == 202
    answer = response.json()
    assert (answer["id"], answer["revision"], answer["outcome"]) == ("post/2026/flood", 1, "accepted")
    assert response.headers["location"] == answer["status_url"] == "/v1/articles/post%2F2026%2Fflood"
    assert bench.client.get(answer["status_url"]).json()["state"] == "pending"
    assert bench.client.get(answer["cluster_url"]).json()["cluster"] is None
    bench.service.drain()
    article = bench.client.get(answer["status_url"]).json()
    assert (article["state"], article["title"], article["source"]) == ("assigned", "Flood in Lowfield", "Post")
    assert article["received_at"].endswith("Z")
    for link in article["links"].values():
        assert bench.client.get(link).status_code == 200
    cluster = bench.client.get(answer["cluster_url"]).json()["cluster"]
    assert cluster["representative"] == {"article_id": "post/2026/flood", "reason": "only_member"}
    for link in cluster["links"].values():
        assert bench.client.get(link).status_code == 200


def test_the_same_article_again_changes_nothing(bench: Bench) -> None:
    first, again = (bench.post(body={"id": "a", "text": FLOOD}).json() for _ in range(2))
    assert again == first | {"outcome": "known"}
    changed = bench.post(body={"id": "a", "text": FLOOD + " The river fell on Friday."}).json()
    assert (changed["revision"], changed["outcome"]) == (2, "accepted")
    assert [version["revision"] for version in bench.client.get("/v1/articles/a/versions").json()["data"]] == [1, 2]


@pytest.mark.parametrize(
    "id", ["a/b", "a b", "ä?", "50%25", "a%2Fb", "{x}:assign", "*", "a&collection=x", "日本", "a+b", "#1"]
)
def test_ids_may_hold_whatever_people_put_in_them(bench: Bench, id: str) -> None:
    cluster = bench.take(id)
    url = bench.post(body={"id": id, "text": FLOOD}).json()["status_url"]
    assert bench.client.get(url).json()["id"] == id
    assert bench.client.get(url + "/cluster").json()["cluster"]["id"] == cluster
    assert bench.client.get(url + "/explain").json()["article_id"] == id


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"published_at": "yesterday"}, "/published_at"),
        ({"published_at": ["2026-03-04"]}, "/published_at"),
        ({"published_at": "9999-12-31"}, "/published_at"),
        ({"lang": "Klingonese"}, "/lang"),
        ({"title": {"en": "Ferry"}}, "/title"),
        ({"url": "https://e.example/" + "x" * 2_000}, "/url"),
        ({"source": 7}, "/source"),
    ],
)
def test_an_optional_field_that_cannot_be_used_is_left_out_with_a_warning(
    bench: Bench, fields: dict[str, object], pointer: str
) -> None:
    (name,) = fields
    answer = bench.post(body={"id": "a", "text": FLOOD, **fields})
    assert answer.status_code == 202
    (warning,) = answer.json()["warnings"]
    assert (warning["part"], warning["pointer"]) == ("body", pointer)
    assert warning["detail"].endswith("left out")
    (item,) = bench.post("/v1/articles:batch", body=[{"id": "b", "text": STRIKE, **fields}]).json()["items"]
    assert (item["status"], item["warnings"]) == ("accepted", [warning])
    bench.service.drain()
    article = bench.client.get("/v1/articles/a").json()
    assert article["state"] == "assigned"
    assert article[name] == ("en" if name == "lang" else None), "a language is detected where none is given"


@pytest.mark.parametrize("lang", ["en-GB", "zh-Hant", "xx-0e", "qqq", "tlh"])
def test_any_well_formed_language_tag_does(bench: Bench, lang: str) -> None:
    bench.take("a", lang=lang)
    assert bench.client.get("/v1/articles/a").json()["state"] == "assigned"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"text": 3}, "/text"),
        ({"text": "x", "txt": "y"}, "/txt"),
        ({"text": "x", "id": "a\nb"}, "/id"),
        ({"text": "x", "id": "a" * 257}, "/id"),
        ({"text": "x" * 20_001}, "/text"),
        ([], ""),
        ("text", ""),
        (None, ""),
        (b"", ""),
        (b"{", ""),
        (b'{"text": "\xff"}', ""),
        (b'{"text": "\\ud800"}', ""),
        (b'{"text": NaN}', ""),
        (b'{"text": 1e999}', ""),
        (b"[" * 50_000, ""),
        (b'{"text":' + b"[" * 30_000 + b"]" * 30_000 + b"}", ""),
        (b'{"text": "x", "id": ' + b"1" * 5_000 + b"}", ""),
        ('{"text": "x"}'.encode("utf-16"), ""),
    ],
)
def test_what_is_wrong_with_an_article_is_said_by_field(bench: Bench, body: Any, pointer: str) -> None:
    document = problem(bench.post(body=body), 422, "validation_failed")
    assert pointer in pointers(document)
    assert bench.service.store.collection("default").books().accepted == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "br"},
    ],
)
def test_content_types_are_enforced(bench: Bench, headers: dict[str, str]) -> None:
    problem(bench.client.post("/v1/articles", content=b'{"text": "x"}', headers=headers), 415, "unsupported_media_type")


def test_bodies_are_cut_off_at_the_limit(bench: Bench) -> None:
    body = json.dumps({"text": "x" * 100_001}).encode()
    problem(bench.post(body=body), 413, "body_too_large")
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in range(1_000):
            read += 10_000
            yield b"x" * 10_000

    headers = {"Content-Type": "application/json"}
    problem(bench.client.post("/v1/articles", content=endless(), headers=headers), 413, "body_too_large")
    problem(bench.client.post("/v1/search", content=body, headers=headers), 413, "body_too_large")


@contextlib.contextmanager
def drained_as_it_comes(bench: Bench) -> Iterator[None]:
    """Workers, in a thread: they begin once there is something to do."""

    def work() -> None:
        while not over.wait(0.02):
            if bench.collection.books.books().pending:
                bench.service.drain()

    over = threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_waiting_for_the_cluster(bench: Bench) -> None:
    late = bench.post("/v1/articles?wait=0.1", body={"id": "a", "text": FLOOD})
    assert (late.status_code, "cluster" in late.json()) == (202, False)
    with drained_as_it_comes(bench):
        response = bench.post("/v1/articles?wait=300", body={"id": "b", "text": STRIKE})
    assert response.status_code == 200
    answer = response.json()
    assert (answer["id"], answer["state"]) == ("b", "assigned")
    assert answer["cluster"]["representative"]["article_id"] == "b"
    assert pointers(problem(bench.post("/v1/articles?wait=-1", body={"text": "x"}), 422, "validation_failed")) == [
        "/wait"
    ]


@pytest.mark.parametrize(("may_wait", "status"), [(0, 202), (1, 200)])
def test_no_more_requests_wait_than_may(may_wait: int, status: int) -> None:
    """The one that may wait gets the cluster; the one that may not is answered before there is one."""
    bench = make_bench(ApiLimits(max_waiting=may_wait, max_wait_s=300))
    with drained_as_it_comes(bench):
        answer = bench.post("/v1/articles?wait=300", body={"id": "a", "text": FLOOD})
    assert (answer.status_code, "cluster" in answer.json()) == (status, status == 200)


# -- idempotency keys


def test_an_idempotency_key_gives_the_first_answer_again(bench: Bench) -> None:
    body = {"id": "a", "text": FLOOD}
    first = bench.post(body=body, Idempotency_Key="k1")
    assert "idempotency-replayed" not in first.headers
    again = bench.post(body=body, Idempotency_Key="k1")
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert bench.post(body=body, Idempotency_Key="k2").json()["outcome"] == "known"
    problem(bench.post(body={"id": "a", "text": STRIKE}, Idempotency_Key="k1"), 409, "conflict")
    assert bench.service.store.collection("default").books().accepted == 1
    assert bench.client.get("/v1/articles/a/versions").json()["data"][-1]["revision"] == 1


def test_a_key_belongs_to_one_collection_and_kind_of_request(bench: Bench) -> None:
    bench.post("/v1/collections", body={"name": "other"})
    bench.post(body={"text": FLOOD}, Idempotency_Key="k")
    assert bench.post("/v1/articles?collection=other", body={"text": STRIKE}, Idempotency_Key="k").status_code == 202
    batch = bench.post("/v1/articles:batch", body=[{"text": STRIKE}], Idempotency_Key="k")
    assert batch.status_code == 202
    again = bench.post("/v1/articles:batch", body=[{"text": STRIKE}], Idempotency_Key="k")
    assert (again.json(), again.headers["idempotency-replayed"]) == (batch.json(), "true")


def test_a_key_does_not_outlive_its_collection(bench: Bench) -> None:
    """Whatever was answered in a former life of the name, this one has to store it anew."""
    for life in range(3):
        bench.service.store.create_collection("other", {})
        for number in range(3 * life):  # which have the numbers that the articles had in the former life
            bench.post("/v1/articles?collection=other", body={"id": f"{number}", "text": f"{number} {FLOOD}"})
        one = bench.post("/v1/articles?collection=other", body={"id": "a", "text": FLOOD}, Idempotency_Key="k")
        many = bench.post(
            "/v1/articles:batch?collection=other", body=[{"id": "b", "text": STRIKE}], Idempotency_Key="k"
        )
        assert (one.status_code, many.status_code) == (202, 202)
        assert "Idempotency-Replayed" not in one.headers | many.headers
        for article_id in "ab":
            assert bench.client.get(f"/v1/articles/{article_id}?collection=other").status_code == 200, life
        bench.service.store.delete_collection("other")


def test_a_repeated_answer_does_not_claim_what_was_erased(bench: Bench) -> None:
    one = {"id": "a", "text": FLOOD}
    many = [{"id": "b", "text": STRIKE}, {"nonsense": 1}, {"id": "c", "text": FLOOD + " More rain fell."}]
    assert bench.post(body=one, Idempotency_Key="k").status_code == 202
    before = bench.post("/v1/articles:batch", body=many, Idempotency_Key="k").json()
    assert bench.post("/v1/articles:batch", body=many, Idempotency_Key="k").json() == before
    bench.service.drain()
    for article_id in "ab":
        assert bench.client.delete(f"/v1/articles/{article_id}").status_code < 300
    problem(bench.post(body=one, Idempotency_Key="k"), 410, "gone")
    problem(bench.post("/v1/articles?wait=1", body=one, Idempotency_Key="k"), 410, "gone")
    again = bench.post("/v1/articles:batch", body=many, Idempotency_Key="k").json()
    assert (again["accepted"], again["rejected"]) == (1, 2)
    assert [item["status"] for item in again["items"]] == ["rejected", "rejected", "accepted"]
    assert "erased" in again["items"][0]["errors"][0]["detail"]
    assert again["items"][1:] == before["items"][1:]
    for article_id in "ab":
        assert bench.client.get(f"/v1/articles/{article_id}").status_code == 410
    assert bench.post(body=one, Idempotency_Key="another").status_code == 202  # sent anew, on purpose
    assert bench.client.get("/v1/articles/a").status_code == 200


def test_a_failed_request_does_not_use_its_key_up(bench: Bench) -> None:
    body = {"id": "a", "text": FLOOD}
    accept = bench.collection.books.accept
    broken = Broken(bench.collection.books)
    bench.service._collections["default"] = with_books(bench, broken)
    problem(bench.post(body=body, Idempotency_Key="k"), 503, "store_unavailable")
    broken.accept = accept  # type: ignore[assignment]
    response = bench.post(body=body, Idempotency_Key="k")
    assert (response.status_code, response.json()["outcome"]) == (202, "accepted")


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\x7f"])
def test_odd_idempotency_keys(bench: Bench, key: str) -> None:
    assert pointers(problem(bench.post(body={"text": "x"}, Idempotency_Key=key), 422, "validation_failed")) == [
        "/idempotency-key"
    ]


# -- many articles


def test_a_batch_answers_for_each_article(bench: Bench) -> None:
    bench.post(body={"id": "known", "text": FLOOD})
    articles = [
        {"id": "a", "text": FLOOD},
        {"id": [3], "text": "x"},
        {"id": "known", "text": FLOOD},
        "text",
        {"text": STRIKE},
    ]
    response = bench.post("/v1/articles:batch", body=articles)
    assert response.status_code == 202
    answer = response.json()
    assert (answer["accepted"], answer["rejected"]) == (3, 2)
    assert [(item["index"], item["status"]) for item in answer["items"]] == [
        (0, "accepted"),
        (1, "rejected"),
        (2, "known"),
        (3, "rejected"),
        (4, "accepted"),
    ]
    assert answer["items"][1]["errors"][0]["pointer"] == "/id"
    assert bench.client.get(answer["items"][4]["status_url"]).json()["id"] == answer["items"][4]["id"]
    assert bench.service.store.collection("default").books().accepted == 3


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/jsonl"])
def test_a_batch_of_json_lines(bench: Bench, content_type: str) -> None:
    lines = [
        b'{"id": "a", "text": "one two"}',
        b"",
        b'{"text": "\xff"}',
        b"{",
        b'{"text": "\\ud800"}',
        b'{"id": "b", "text": "three"}\r',
    ]
    response = bench.client.post(
        "/v1/articles:batch", content=b"\n".join(lines), headers={"Content-Type": content_type}
    )
    assert [item["status"] for item in response.json()["items"]] == [
        "accepted",
        "rejected",
        "rejected",
        "rejected",
        "accepted",
    ]


def test_of_a_batch_that_is_too_long_no_more_is_parsed_than_of_a_full_one(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = make_bench(ApiLimits())  # these bodies are not too long in bytes
    parsed: list[int] = []
    real = json.JSONDecoder.raw_decode
    monkeypatch.setattr(json.JSONDecoder, "raw_decode", lambda *a, **k: (parsed.append(1), real(*a, **k))[1])
    for body in (
        b"[" + b"[]," * 1_000_000 + b"[]]",
        b"[" + b"1,\n" * 1_000_000 + b"1]",
        b"[" + b"{}, " * 900_000 + b"{}]",
    ):
        answer = bench.client.post("/v1/articles:batch", content=body, headers={"Content-Type": "application/json"})
        assert "this one holds more" in problem(answer, 413, "body_too_large")["detail"]
    assert 3_000 < len(parsed) < 5_000


@pytest.mark.parametrize("separator", [b"\n", b" \n", b"\r\n"])
def test_blank_lines_are_no_articles(bench: Bench, separator: bytes) -> None:
    body = separator * 20_000 + b'{"text": "x"}' + separator * 20_000
    answer = bench.client.post("/v1/articles:batch", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert [item["status"] for item in answer.json()["items"]] == ["accepted"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/articles/batch", "/v1/articles:batch"),
        ("/v1/articles/:batch", "/v1/articles:batch"),
        ("/v1/articles/%3Abatch", "/v1/articles:batch"),
    ],
)
def test_a_slash_for_a_colon_is_told(bench: Bench, path: str, meant: str) -> None:
    document = problem(bench.post(path, body=[{"text": "x"}]), 405, "method_not_allowed")
    assert f"did you mean POST {meant}?" in document["detail"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/articles/post/114", "/v1/articles/post%2F114"),
        ("/v1/articles/post/2026/114/explain", "/v1/articles/post%2F2026%2F114/explain"),
    ],
)
def test_slashes_of_an_id_that_were_not_encoded_are_told(bench: Bench, path: str, meant: str) -> None:
    assert f"did you mean GET {meant}?" in problem(bench.client.get(path), 404, "not_found")["detail"]


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/x", "/v1/nothing", "/"])
def test_nothing_is_suggested_where_nothing_is_alike(untouched: Bench, path: str) -> None:
    assert "did you mean" not in untouched.client.request("PUT", path, json={}).text


def test_the_end_of_one_zipped_member_copies_little_of_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body of very many empty members took time by its square."""
    given = 0

    class Counting:
        def __init__(self, wbits: int) -> None:
            self.real = real(wbits)

        def decompress(self, data: bytes, max_length: int) -> bytes:
            nonlocal given
            given += len(data)
            return self.real.decompress(data, max_length)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.real, name)

    real = bodies.zlib.decompressobj
    monkeypatch.setattr(bodies, "zlib", SimpleNamespace(decompressobj=Counting, error=bodies.zlib.error))
    copied = []
    for members in (2_000, 8_000):
        given = 0
        assert bodies._unzipped(zipped(b"") * members, 1_000_000) == b""
        copied.append(given)
    assert copied[1] < 5 * copied[0]
    with pytest.raises(Problem, match="members"):
        bodies._unzipped(zipped(b"") * 10_001, 1_000_000)


def zipped(*bodies: bytes) -> bytes:
    return b"".join(gzip.compress(body, mtime=0) for body in bodies)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (zipped(b'{"id": "z", "text": "The river rose."}'), 202),
        (zipped(b'{"id": "z", ', b'"text": "The river rose."}'), 202),
        (b'{"text": "not zipped"}', 400),
        (zipped(b'{"id": "z", "text": "The river rose."}')[:-9], 400),
        (zipped(b'{"text": "x"}') + b"rest", 400),
        (zipped(b'{"id": "z", "text": "The river', *[b""] * 1_000, b' rose."}'), 202),
        (zipped(b'{"text": "' + b"x" * 60_000_000 + b'"}'), 413),
    ],
)
def test_bodies_may_be_zipped(bench: Bench, body: bytes, status: int) -> None:
    answer = bench.post(body=body, Content_Encoding="gzip")
    assert answer.status_code == status
    if status == 202:
        assert bench.client.get("/v1/articles/z").json()["state"] == "pending"
    else:
        assert bench.service.store.collection("default").books().accepted == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/articles", {f"key{number}": 1 for number in range(30_000)} | {"text": "x"}),
        ("/v1/articles:batch", [{f"key{number}": 1 for number in range(30_000)}]),
        ("/v1/collections", {"name": "q", "settings": {f"key{number}": 1 for number in range(30_000)}}),
        ("/v1/collections", {"name": "q", **{"k" * 200 + str(number): 1 for number in range(5_000)}}),
        ("/v1/search", {"text": "q", **{f"key{number}": 1 for number in range(30_000)}}),
        (
            "/v1/articles/a/move",
            {"actor": "x", "reason": "y", "into": "c", **{f"k{number}": 1 for number in range(30_000)}},
        ),
    ],
)
def test_an_answer_does_not_grow_with_what_was_wrong(path: str, body: Any) -> None:
    bench = make_bench(ApiLimits())  # these bodies are not too long in bytes
    answer = bench.post(path, body=body)
    assert answer.status_code in (202, 404, 422)
    assert len(answer.content) < 20_000


def test_one_bad_article_blocks_no_other(bench: Bench) -> None:
    body = b'[{"text": "\\ud800"}, {"text": "good"}, {"text": "x", "lang": 1e999}, {"id": "deep", "text": %s}]' % (
        b"[" * 400 + b"]" * 400
    )
    items = bench.post("/v1/articles:batch", body=body).json()["items"]
    assert [item["status"] for item in items][:2] == ["rejected", "accepted"]
    assert items[3]["status"] == "rejected"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[1", 400, "malformed_request"),
        (b"[NaN]", 400, "malformed_request"),
        (b"[" * 50_000, 400, "malformed_request"),
        (b"\xff", 400, "malformed_request"),
        (b"", 400, "malformed_request"),
        (b"{}", 422, "validation_failed"),
        (b"[]", 422, "validation_failed"),
        (b"[" + b"{},".join([b""] * 51) + b"{}]", 413, "body_too_large"),
    ],
)
def test_a_batch_that_is_none(bench: Bench, body: bytes, status: int, code: str) -> None:
    problem(bench.post("/v1/articles:batch", body=body), status, code)


# -- clusters


def test_copies_share_the_cluster_and_are_told_apart(bench: Bench) -> None:
    cluster = bench.take("wire", source="Wire", url="https://wire.example/1")
    assert bench.take("post", source="Post") == cluster
    family = bench.client.get("/v1/articles/post/duplicates").json()
    assert (family["canonical_id"], family["is_canonical"]) == ("wire", False)
    assert [(copy["article_id"], copy["kind"], copy["is_copy"]) for copy in family["copies"]] == [
        ("post", "exact", True)
    ]
    members = bench.client.get(f"/v1/clusters/{cluster}/articles").json()["data"]
    assert [(member["article_id"], (member["relation"] or {}).get("article_id")) for member in members] == [
        ("wire", None),
        ("post", "wire"),
    ]
    found = bench.client.get("/v1/articles", params={"url": "https://wire.example/1"}).json()["data"]
    assert [article["id"] for article in found] == ["wire"]
    told = bench.client.get("/v1/articles/post/explain").json()
    assert any("'wire'" in sentence for sentence in told["summary"])


def test_search_and_lists(bench: Bench) -> None:
    flood = bench.take("flood", title="Flood in Lowfield", source="Post", lang="en")
    strike = bench.take("strike", STRIKE, title="Train drivers to strike", source="Courier", lang="en")
    assert flood != strike
    hits = bench.post("/v1/search", body={"text": STRIKE, "limit": 5}).json()["data"]
    assert hits[0]["cluster"]["id"] == strike
    assert hits[0]["article_id"] == "strike"
    by_article = bench.post("/v1/search", body={"article_id": "flood", "limit": 1}).json()["data"]
    assert [hit["cluster"]["id"] for hit in by_article] == [flood]
    related = bench.client.get("/v1/articles/flood/related?limit=1").json()["data"]
    assert [item["article_id"] for item in related] == ["strike"]
    assert [hit["cluster"]["id"] for hit in bench.client.get(f"/v1/clusters/{flood}/related").json()["data"]] == [
        strike
    ]
    page = bench.client.get("/v1/clusters?limit=1").json()
    rest = bench.client.get("/v1/clusters", params={"limit": 5, "cursor": page["next_cursor"]}).json()
    assert [cluster["id"] for cluster in page["data"] + rest["data"]] == [strike, flood]
    assert rest["next_cursor"] is None
    assert [c["id"] for c in bench.client.get("/v1/clusters?source=Post").json()["data"]] == [flood]
    assert bench.client.get("/v1/clusters?since=2999-01-01").json()["data"] == []
    assert {c["status"] for c in bench.client.get("/v1/clusters?status=active").json()["data"]} == {"active"}
    assert bench.client.get("/v1/clusters?status=cold").json()["data"] == []
    assert len(bench.client.get("/v1/clusters?until=2999-01-01T00:00:00%2B02:00&min_sources=1").json()["data"]) == 2


def test_a_merged_cluster_leads_to_the_one_that_lives(bench: Bench) -> None:
    flood, strike = bench.take("flood"), bench.take("strike", STRIKE)
    generation = bench.collection.books.position().generation
    step = Regroup("merged", strike, flood, ())
    assert bench.collection.books.regroup(None, generation, [step], bench.service.clock.now())
    for part in ("", "/articles", "/related"):
        response = bench.client.get(f"/v1/clusters/{strike}{part}?collection=default", follow_redirects=False)
        assert response.status_code == 308
        assert response.headers["location"] == f"/v1/clusters/{flood}{part}?collection=default"
        assert response.json() == {"merged_into": flood}
    assert bench.client.get(f"/v1/clusters/{strike}").json()["aliases"] == [strike]


def test_the_change_feed(bench: Bench) -> None:
    flood, strike = bench.take("flood"), bench.take("strike", STRIKE)
    first = bench.client.get("/v1/changes?limit=1").json()
    rest = bench.client.get("/v1/changes", params={"cursor": first["next_cursor"]}).json()
    assert [(change["number"], change["cluster_id"]) for change in first["data"] + rest["data"]] == [
        (1, flood),
        (2, strike),
    ]
    assert bench.client.get("/v1/changes", params={"cursor": rest["next_cursor"]}).json() == {
        "data": [],
        "next_cursor": rest["next_cursor"],
        "total": None,
    }


def test_changes_that_are_no_longer_kept(bench: Bench) -> None:
    flood, _ = bench.take("flood"), bench.take("strike", STRIKE)
    first = bench.client.get("/v1/changes?limit=1").json()
    bench.collection.books.trim_changes(bench.service.clock.now() + timedelta(days=1), 10)
    reef = bench.take(
        "reef", "Divers have mapped a reef of cold water corals off Tessaly that nobody had known of before."
    )
    gone = problem(bench.client.get("/v1/changes", params={"cursor": first["next_cursor"]}), 410, "changes_trimmed")
    assert "before number 3" in gone["detail"]
    assert [(c["number"], c["cluster_id"]) for c in bench.client.get("/v1/changes").json()["data"]] == [(3, reef)]
    assert bench.client.get(f"/v1/clusters/{flood}/history").json()["data"] == []
    problem(bench.client.get(f"/v1/clusters/{flood}?at=2999-01-01"), 410, "changes_trimmed")
    assert bench.client.get(f"/v1/clusters/{flood}").json()["article_count"] == 1


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/clusters?limit=0", "/limit"),
        ("/v1/clusters?limit=101", "/limit"),
        ("/v1/clusters?limit=ten", "/limit"),
        ("/v1/clusters?sort=colour", "/sort"),
        ("/v1/clusters?since=monday", "/since"),
        ("/v1/clusters?min_size=0", "/min_size"),
        ("/v1/clusters?status=retired", "/status"),
        ("/v1/clusters?limt=3", "/limt"),
        ("/v1/clusters?collection=UPPER", "/collection"),
        ("/v1/articles/a/related?limit=1000", "/limit"),
        ("/v1/changes?limit=1001", "/limit"),
        ("/v1/articles/%FF", "/article_id"),
    ],
)
def test_parameters_are_checked_by_name(untouched: Bench, path: str, pointer: str) -> None:
    assert pointers(problem(untouched.client.get(path), 422, "validation_failed")) == [pointer]


@pytest.mark.parametrize("path", ["/v1/clusters?cursor=x", "/v1/changes?cursor=WzFd"])
def test_foreign_cursors(untouched: Bench, path: str) -> None:
    problem(untouched.client.get(path), 422, "validation_failed")


@pytest.mark.parametrize("value", [1e308, -1e308, 1e17])
@pytest.mark.parametrize("sort", ["last_seen", "size", "velocity", "sources", "first_seen"])
def test_a_cursor_that_was_made_up_with_a_huge_value(untouched: Bench, sort: str, value: float) -> None:
    cursor = encode_cursor(f"clusters:{sort}", value, "x")
    problem(untouched.client.get(f"/v1/clusters?sort={sort}&cursor={cursor}"), 422, "validation_failed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"text": "x", "article_id": "a"}, ""),
        ({"text": "  "}, ""),
        ({"text": "x", "limit": 0}, "/limit"),
        ({"text": "x", "limit": "5"}, "/limit"),
        ({"text": "x", "threshold": 1.5}, "/threshold"),
        (b'{"text": "x", "threshold": NaN}', ""),
        ({"text": "x", "window": 3}, "/window"),
    ],
)
def test_what_is_wrong_with_a_search_is_said_by_field(untouched: Bench, body: Any, pointer: str) -> None:
    assert pointers(problem(untouched.post("/v1/search", body=body), 422, "validation_failed")) == [pointer]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/articles/nobody", 404, "not_found"),
        ("GET", "/v1/articles/nobody/cluster", 404, "not_found"),
        ("GET", "/v1/clusters/nothing", 404, "not_found"),
        ("GET", "/v1/clusters?collection=absent", 404, "not_found"),
        ("GET", "/v1/nowhere", 404, "not_found"),
        ("GET", "/v1/clusters/", 404, "not_found"),
        ("GET", "/problems/none", 404, "not_found"),
        ("PUT", "/v1/clusters", 405, "method_not_allowed"),
        ("GET", "/v1/search", 405, "method_not_allowed"),
    ],
)
def test_every_error_is_a_problem_document(untouched: Bench, method: str, path: str, status: int, code: str) -> None:
    response = untouched.client.request(method, path)
    problem(response, status, code)
    assert ("allow" in response.headers) == (status == 405)


# -- collections


def test_collections_come_and_go(bench: Bench) -> None:
    created = bench.post("/v1/collections", body={"name": "sport", "settings": {"window_days": "3"}})
    assert (created.status_code, created.headers["location"]) == (201, "/v1/collections/sport")
    problem(bench.post("/v1/collections", body={"name": "sport"}), 409, "conflict")
    bench.post("/v1/articles?collection=sport", body={"id": "a", "text": FLOOD})
    assert bench.client.get("/v1/articles/a").status_code == 404
    assert (
        bench.client.get("/v1/articles/a?collection=sport").json()["links"]["cluster"]
        == "/v1/articles/a/cluster?collection=sport"
    )
    sport = bench.client.get("/v1/collections/sport").json()
    assert (sport["settings"], sport["articles"]["accepted"]) == ({"window_days": "3"}, 1)
    changed = bench.client.patch("/v1/collections/sport", json={"settings": {"note": "x"}}).json()
    assert changed["settings"] == {"window_days": "3", "note": "x"}
    assert [item["name"] for item in bench.client.get("/v1/collections").json()["data"]] == ["default", "sport"]
    assert bench.client.delete("/v1/collections/sport").status_code == 204
    problem(bench.client.get("/v1/articles/a?collection=sport"), 404, "not_found")
    problem(bench.client.delete("/v1/collections/sport"), 404, "not_found")
    problem(bench.client.delete("/v1/collections/default"), 409, "conflict")


@pytest.mark.parametrize(
    "body", [{}, {"name": "a b"}, {"name": "a", "settings": {"x": 1}}, {"name": "a", "extra": 1}, []]
)
def test_what_is_no_collection(untouched: Bench, body: Any) -> None:
    problem(untouched.post("/v1/collections", body=body), 422, "validation_failed")


# -- operations


class Broken:
    """Books whose store does not answer to writes."""

    def __init__(self, books: Any) -> None:
        self._books = books

    def __getattr__(self, name: str) -> Any:
        return getattr(self._books, name)

    def accept(self, revisions: Any) -> Any:
        raise StoreUnavailable("the store does not answer")


def with_books(bench: Bench, books: Any) -> Collection:
    return Collection(bench.service, books)


def test_a_store_that_does_not_answer(bench: Bench) -> None:
    bench.service._collections["default"] = with_books(bench, Broken(bench.collection.books))
    response = bench.post(body={"text": FLOOD})
    problem(response, 503, "store_unavailable")
    assert int(response.headers["retry-after"]) > 0


def test_a_full_inbox_turns_articles_away() -> None:
    bench = make_bench(ApiLimits(admission=AdmissionPolicy(max_inbox_length=2)))
    assert bench.post("/v1/articles:batch", body=[{"text": FLOOD}, {"text": STRIKE}]).status_code == 202
    response = bench.post(body={"text": "another"})
    problem(response, 429, "overloaded")
    assert int(response.headers["retry-after"]) > 0
    bench.service.drain()
    assert bench.post(body={"text": "another"}).status_code == 202


def test_an_unforeseen_error_is_a_problem_without_its_inside(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(type(bench.collection.lookup), "article", fail)
    document = problem(bench.client.get("/v1/articles/a"), 500, "internal_error")
    assert "secret" not in json.dumps(document)


def test_request_ids_and_security_headers(bench: Bench) -> None:
    for path in ("/healthz", "/nowhere", "/v1/clusters?limit=0"):
        headers = bench.client.get(path, headers={"X-Request-ID": "abc-1.2_3"}).headers
        assert headers["x-request-id"] == "abc-1.2_3"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
    for forged in ("a b", "x" * 129, "a\tb", '"'):
        given = bench.client.get("/healthz", headers={"X-Request-ID": forged}).headers["x-request-id"]
        assert given != forged
        assert len(given) == 26


def test_health_readiness_version_and_problem_pages(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bench.client.get("/healthz").json() == {"status": "ok"}
    bench.service.store.heartbeat("w1", "articles", 30)
    assert bench.client.get("/readyz").json() == {"status": "ready", "workers": {"articles": 1}}
    assert set(bench.client.get("/version").json()) == {"version", "model"}
    assert "410" in bench.client.get("/problems/gone").text

    def fail(_: object) -> None:
        raise StoreUnavailable("no answer")

    monkeypatch.setattr(type(bench.service.store), "ping", fail)
    problem(bench.client.get("/readyz"), 503, "store_unavailable")
    assert bench.client.get("/healthz").status_code == 200


def test_metrics(bench: Bench) -> None:
    bench.take("a")
    bench.post(body={"id": "b", "text": STRIKE})
    text = bench.client.get("/metrics").text
    assert 'clusterer_articles{collection="default",state="assigned"} 1.0' in text
    assert 'clusterer_articles{collection="default",state="pending"} 1.0' in text
    assert 'clusterer_queue_depth{collection="default",queue="inbox"} 1.0' in text
    assert 'clusterer_http_requests_total{method="POST",route="/v1/articles",status="202"} 2.0' in text
    assert "clusterer_build_info{" in text
    assert "clusterer_store_up 1.0" in text
    for name in ("articles_ingested", "stage_duration_seconds", "assignment", "assignment_margin", "lsh_candidates"):
        assert f"# TYPE clusterer_{name}" in text
