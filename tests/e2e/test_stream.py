"""The change feed as events: each once and in order, wherever a reader was cut off."""

from __future__ import annotations

import json
import random
from typing import Any

import anyio
import pytest
from starlette.types import Message
from support.api import LIMITS, Bench, make_bench, problem

from clusterer.api import stream
from clusterer.api.limits import ApiLimits
from clusterer.pipeline.lookup.cursors import encode_cursor

TEXTS = [
    f"Report number {n} tells of the harbour of town {n}, where ship {n} came in with {n} containers."
    for n in range(12)
]


@pytest.fixture
def bench() -> Bench:
    """Its streams end with the first look: what they tell depends on no clock."""
    return make_bench(ApiLimits(max_text_chars=LIMITS.max_text_chars, stream_s=0.0))


def events(bench: Bench, **headers: str) -> list[tuple[str, dict[str, object]]]:
    """(id, change) of a whole stream."""
    with bench.client.stream("GET", "/v1/changes/stream", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        body = answer.read().decode()
    blocks = [block.split("\n") for block in body.split("\n\n") if block.startswith("id: ")]
    assert all(block[1] == "event: change" for block in blocks)
    return [(block[0].removeprefix("id: "), json.loads(block[2].removeprefix("data: "))) for block in blocks]


def cursor_of_start(bench: Bench) -> str:
    cursor: str = bench.client.get("/v1/changes?limit=1").json()["next_cursor"]
    return cursor


def test_a_stream_tells_what_the_feed_does(bench: Bench) -> None:
    start = cursor_of_start(bench)
    for n, text in enumerate(TEXTS[:3]):
        bench.take(str(n), text)
    told = events(bench, **{"Last-Event-ID": start})
    assert [change for _, change in told] == bench.client.get("/v1/changes").json()["data"]
    assert told[-1][0] == bench.client.get("/v1/changes").json()["next_cursor"]


def test_without_a_place_it_begins_now(bench: Bench) -> None:
    bench.take("a", TEXTS[0])
    assert events(bench) == []


def test_readers_that_are_cut_off_anywhere_get_each_change_once(bench: Bench) -> None:
    place, seen = cursor_of_start(bench), []
    chance = random.Random(7)
    for n, text in enumerate(TEXTS):
        bench.take(str(n), text)
        told = events(bench, **{"Last-Event-ID": place})
        arrived = told[: chance.randrange(len(told) + 1)]
        seen += [change["number"] for _, change in arrived]
        place = arrived[-1][0] if arrived else place
    seen += [change["number"] for _, change in events(bench, **{"Last-Event-ID": place})]
    assert seen == [change["number"] for change in bench.client.get("/v1/changes").json()["data"]]


def test_what_is_wrong_is_said_before_it_begins(bench: Bench) -> None:
    problem(bench.client.get("/v1/changes/stream?cursor=nonsense"), 422, "validation_failed")
    problem(bench.client.get("/v1/changes/stream?collection=nowhere"), 404, "not_found")


def test_so_many_streams_and_no_more() -> None:
    bench = make_bench(ApiLimits(stream_s=0.0, max_streams=0))
    problem(bench.client.get("/v1/changes/stream"), 429, "too_many_requests")


def scope_of_stream(cursor: str) -> dict[str, Any]:
    return {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/v1/changes/stream",
        "raw_path": b"/v1/changes/stream", "query_string": f"cursor={cursor}".encode(), "root_path": "",
        "headers": [(b"host", b"localhost")], "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "state": {},
    }  # fmt: skip


def test_a_burst_of_readers_gets_no_more_streams_than_there_may_be() -> None:
    bench = make_bench(ApiLimits(stream_s=60, max_streams=3))
    app, start = bench.client.app, cursor_of_start(bench)
    statuses: list[int] = []
    gone = anyio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
            if len(statuses) == 20:
                gone.set()

    async def burst() -> None:
        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                for _ in range(20):
                    tasks.start_soon(app, scope_of_stream(start), receive, send)

    anyio.run(burst)
    assert (statuses.count(200), statuses.count(429)) == (3, 17)
    assert app.state.streams == 0  # type: ignore[attr-defined]


def test_a_reader_that_takes_nothing_does_not_keep_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_LAST_WORDS_S", 0.2)
    bench = make_bench(ApiLimits(stream_s=0.1, max_streams=1))
    bench.take("a", TEXTS[0])
    app = bench.client.app

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await anyio.sleep_forever()  # its window is full, and stays so

    async def stuck() -> None:
        with anyio.fail_after(60):
            await app(scope_of_stream(cursor_of_start(bench)), receive, send)

    anyio.run(stuck)
    assert app.state.streams == 0  # type: ignore[attr-defined]
    assert events(bench) == []


def report(bench: Bench, n: int) -> None:
    article = {"id": str(n), "text": TEXTS[n]}
    assert bench.client.post("/v1/articles?collection=news", json=article).status_code == 202
    bench.service.drain()


def test_a_place_in_a_feed_that_is_gone_is_said_to_be_one() -> None:
    """The feed of a collection made anew counts from one again: what comes after an old number would be a part of it."""
    bench = make_bench(ApiLimits(stream_s=0.0))
    for _ in range(2):
        bench.service.store.create_collection("news", {})
        report(bench, 0)
        former = bench.client.get("/v1/changes?collection=news").json()["next_cursor"]
        bench.service.store.delete_collection("news")
    bench.service.store.create_collection("news", {})
    for n in range(6):
        report(bench, n)
    hook = {"url": "https://receiver.example/hook"}
    made = bench.client.post("/v1/webhooks?collection=news", json=hook).json()
    for answer in (
        bench.client.get(f"/v1/changes?collection=news&cursor={former}"),
        bench.client.get("/v1/changes/stream?collection=news", headers={"Last-Event-ID": former}),
        bench.client.post("/v1/webhooks?collection=news", json=hook | {"cursor": former}),
        bench.client.post(f"/v1/webhooks/{made['id']}/replay?collection=news&cursor={former}", json={}),
    ):
        assert "deleted" in problem(answer, 410, "changes_trimmed")["detail"]
    begins = bench.client.get("/v1/changes?collection=news").json()
    assert begins["data"][0]["number"] == 1
    after = bench.client.get(f"/v1/changes?collection=news&cursor={begins['next_cursor']}")
    assert after.json()["data"] == []


def test_a_place_beyond_the_end_of_the_feed_is_said_to_be_one(bench: Bench) -> None:
    """As after a restore: the changes that come next would be taken for those that follow it, and the lost ones be missed."""
    bench.take("a", TEXTS[0])
    latest = bench.client.get("/v1/changes").json()["data"][-1]["number"]
    assert bench.client.get(f"/v1/changes?cursor={encode_cursor('changes', latest)}").status_code == 200
    for path in ("/v1/changes", "/v1/changes/stream"):
        ahead = bench.client.get(f"{path}?cursor={encode_cursor('changes', latest + 1)}")
        assert "backup" in problem(ahead, 410, "changes_trimmed")["detail"]
