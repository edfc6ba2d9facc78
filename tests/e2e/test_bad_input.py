"""A corpus of bad articles, sent by every way in: each gets a clear 4xx or is handled, and nothing gets stuck."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import quote

import httpx
import pytest
from fastapi.testclient import TestClient
from support.api import FLOOD, STRIKE

from clusterer.api.app import create_app
from clusterer.api.limits import ApiLimits
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import Rejected
from clusterer.pipeline.upkeep.audit import audit
from clusterer.settings import Settings

LIMITS = ApiLimits(max_body_bytes=12_000_000, max_text_chars=1_000_000)


def text(value: str, **fields: object) -> bytes:
    return json.dumps({"text": value, **fields}).encode()


REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"text",
    "invalid UTF-8": b'{"text": "\xff\xfe"}',
    "overlong UTF-8": b'{"text": "\xc0\xaf"}',
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "lone surrogate": b'{"text": "\\ud800"}',
    "lone surrogate in a title": b'{"text": "x", "title": "\\udfff"}',
    "surrogate bytes": b'{"text": "\xed\xa0\x80"}',
    "NaN": b'{"text": NaN}',
    "huge number": b'{"text": 1e400}',
    "huge number as date": b'{"text": "x", "published_at": 1e400}',
    "infinity as language": b'{"text": "x", "lang": Infinity}',
    "many digits": b'{"text": ' + b"9" * 100_000 + b"}",
    "deep arrays": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "unfinished": b'{"text": "x"',
    "two documents": b'{"text": "x"}{"text": "y"}',
    "an array": b"[]",
    "null": b"null",
    "wrong type of text": b'{"text": ["x"]}',
    "misspelt field": b'{"txt": "x"}',
    "prototype": b'{"text": "x", "__proto__": {"admin": true}}',
    "no body": b'{"title": "x"}',
    "NUL in an id": b'{"text": "x", "id": "a\\u0000b"}',
    "line end in an id": b'{"text": "x", "id": "a\\r\\nb"}',
    "long id": text("x", id="i" * 257),
    "ten megabytes": text("x" * 10_000_000),
    "ten megabytes of HTML": json.dumps({"html": "<p>" * 3_300_000}).encode(),
    "more than a body": b'{"text": "' + b"x" * 12_000_001 + b'"}',
}

HANDLED: dict[str, bytes] = {
    "wrong type of id": b'{"text": "x", "id": 7}',
    "boolean title": b'{"text": "x", "title": true}',
    "line separator in a source": '{"text": "x", "source": "a\u2028b"}'.encode(),
    "terminal code in a source": b'{"text": "x", "source": "\\u001b[2J"}',
    "empty id": b'{"text": "x", "id": ""}',
    "title beyond its length": text("x", title="t" * 5_001),
    "long source": text("x", source="s" * 2_001),
    "no language": text("x", lang="../../etc"),
    "far future": text("x", published_at="9999-12-31T23:59:59Z"),
    "year zero": text("x", published_at="0000-01-01"),
    "before print": text("x", published_at="1066-10-14"),
    "no such day": text("x", published_at="2026-02-30"),
    "leap second": text("x", published_at="2026-06-30T23:59:60Z"),
    "offset beyond the calendar": text("x", published_at="0001-01-01T00:00:00+14:00"),
    "week of a date": text("x", published_at="in three days"),
    "NUL in a text": b'{"text": "a\\u0000b \\u0000 the river rose"}',
    "control characters": text("".join(map(chr, range(32))) + FLOOD),
    "bidi": text("\u202e" + FLOOD + "\u2066\u2069\u200f", title="\u202egnp.exe"),
    "zero width": text("\u200b".join(FLOOD)),
    "combining marks": text(("a" + "\u0301" * 500 + " ") * 200),
    "noncharacters": text("\uffff\ufffe\U0010ffff " + FLOOD),
    "private use and tags": text("\ue000\U000e0041 " + FLOOD),
    "blank": text(" \t\n\u00a0\u3000"),
    "empty": text(""),
    "one letter": text("x"),
    "one word without end": text("x" * 900_000),
    "no spaces": text("\u6d2a\u6c34" * 20_000, lang="zh"),
    "only marks": text("!?.,;:" * 20_000),
    "only line ends": text("\n" * 900_000),
    "only digits": text("0123456789 " * 20_000),
    "many paragraphs": text("\n\n".join(f"Paragraph {n}." for n in range(20_000))),
    "emoji": text("\U0001f469\u200d\U0001f469\u200d\U0001f467" * 2_000),
    "markup bomb": json.dumps({"html": "<div>" * 80_000 + "x" + "</div>" * 80_000}).encode(),
    "unclosed markup": json.dumps({"html": "<a href='" * 50_000}).encode(),
    "many attributes": json.dumps({"html": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x</p>"}).encode(),
    "comments": json.dumps({"html": "<!--" * 100_000}).encode(),
    "entities": json.dumps({"html": "<p>" + "&amp;" * 150_000 + "</p>"}).encode(),
    "entity bomb": json.dumps(
        {"html": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><p>&b;&b;&b;</p>'}
    ).encode(),
    "outside entity": json.dumps({"html": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>'}).encode(),
    "script": json.dumps({"html": "<script>while(1);</script>"}).encode(),
    "no markup in HTML": json.dumps({"html": "\u0000<<<>>>&&&"}).encode(),
    "text and HTML": json.dumps({"text": STRIKE, "html": "<b"}).encode(),
    "title of markup": text(FLOOD, title="<script>alert(1)</script>"),
    "title of a template": text(FLOOD, title="{{7*7}} ${jndi:ldap://x} %s %n {0}"),
    "title of line ends": text(FLOOD, title="a\nERROR forged\r\n[admin] ok"),
    "title of terminal codes": text(FLOOD, title="\x1b[31mred\x1b]0;owned\x07"),
    "long title": text(FLOOD, title="t " * 2_500),
    "the same field twice": b'{"text": "first", "text": "second"}',
    "a date": text(FLOOD, published_at="1900-01-01"),
    "odd language": text(FLOOD, lang="xx-0e"),
    "odd URL": text(FLOOD, url="javascript:alert(1)//\u202e"),
    "odd source": text(FLOOD, source="x}:{y*?[^a] ../"),
}

HOSTILE_IDS = [
    "x}:assign", "{default}:head", "*", "?", "[a-z]", "../", "../../etc/passwd", "a/b/../c", "%2F", "%", "\\", "'", '"', "`id`",
    "$(id)", ";", "a b", " ", "\u202eabc", "clu:{default}:a:1", "a:1", "1", "0", "-1", "null", "None", "\U0001f469", "x" * 256,
    "a:move", "history", "a?x=1", "a#b", "&collection=other", "+", "__proto__", "\ufeff",
]  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Clusterer:
    return Clusterer.in_memory(Settings(model="hashing"))


@pytest.fixture(scope="module")
def client(service: Clusterer) -> TestClient:
    return TestClient(create_app(service, LIMITS), "http://localhost", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def answers() -> Counter[int]:
    return Counter()


@pytest.fixture
def send(client: TestClient, answers: Counter[int]):
    def post(body: bytes, path: str = "/v1/articles", content_type: str = "application/json") -> httpx.Response:
        response = client.post(path, content=body, headers={"Content-Type": content_type})
        answers[response.status_code] += 1
        assert response.status_code < 500
        return response

    return post


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_is_refused_with_a_reason(send, service: Clusterer, what: str) -> None:
    before = service.collection().books.books().accepted
    response = send(REFUSED[what])
    assert response.status_code in (413, 422), response.text
    document = response.json()
    assert document["detail"]
    assert len(response.content) < 5_000  # nothing of what was sent comes back
    assert service.collection().books.books().accepted == before


@pytest.mark.parametrize("what", HANDLED)
def test_what_is_taken_ends_somewhere(send, service: Clusterer, client: TestClient, what: str) -> None:
    response = send(HANDLED[what])
    assert response.status_code == 202, response.text
    service.drain()
    url = response.json()["status_url"]
    assert client.get(url).json()["state"] == "assigned"
    for part in ("/cluster", "/duplicates", "/related", "/explain", "/versions"):
        assert client.get(url + part).status_code == 200


def test_the_whole_corpus_in_one_batch(send, service: Clusterer) -> None:
    small = [
        body for body in (REFUSED | HANDLED).values() if len(body) < 300_000 and b"\n" not in body.strip() and body
    ]
    response = send(b"\n".join(small), "/v1/articles:batch", "application/x-ndjson")
    assert response.status_code == 202
    items = response.json()["items"]
    assert len(items) == len(small)
    refused = [body in REFUSED.values() for body in small]
    assert [item["status"] == "rejected" for item in items] == refused


@pytest.mark.parametrize("id", HOSTILE_IDS)
def test_ids_that_look_like_something_else(send, service: Clusterer, client: TestClient, id: str) -> None:
    assert send(text(f"{STRIKE} Notice {quote(id)}.", id=id)).status_code == 202
    service.drain()
    path = "/v1/articles/" + quote(id, safe="")
    article = client.get(path)
    assert (article.status_code, article.json()["id"], article.json()["state"]) == (200, id, "assigned")
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 410


def test_identical_articles_in_bulk(send, service: Clusterer, client: TestClient) -> None:
    for start in range(0, 2_000, 500):
        batch = [{"id": f"same-{number}", "text": FLOOD} for number in range(start, start + 500)]
        assert send(json.dumps(batch).encode(), "/v1/articles:batch").json()["accepted"] == 500
    service.drain()
    clusters = {service.collection().lookup.cluster_of(f"same-{number}").cluster.id for number in range(0, 2_000, 100)}  # type: ignore[union-attr]
    assert len(clusters) == 1
    assert client.get("/v1/clusters?limit=1&sort=size").json()["data"][0]["article_count"] >= 2_000


def test_queue_producers_get_no_more_through(service: Clusterer) -> None:
    payloads: list[object] = [
        None,
        3,
        "text",
        [],
        {"text": float("nan")},
        {"text": "\ud800"},
        {"text": b"x"},
        {"text": {1: 2}},
    ]
    payloads += [
        {"text": "x", 5: 6},
        {"text": "x" * 1_000_001},
        {"text": "x", "id": "\x00"},
        {"text": "fine", "id": "fine"},
    ]
    answers = service.collection().intake.accept_payloads(payloads)  # type: ignore[arg-type]
    assert [isinstance(answer, Rejected) for answer in answers] == [True] * 11 + [False]
    service.drain()


def test_at_the_end_nothing_is_stuck(
    service: Clusterer, answers: Counter[int], capsys: pytest.CaptureFixture[str]
) -> None:
    service.drain()
    books = service.collection().books.books()
    with capsys.disabled():
        by_status = ", ".join(f"{count} {status}" for status, count in sorted(answers.items()))
        print(f"\n{answers.total()} bad requests: {by_status}; {books.accepted} articles accepted, {books.dead} dead")
    assert books.pending == books.dead == 0
    assert books.accepted == books.assigned + books.erased
    report = audit(service.collection().books)
    assert report.clean, report.problems
