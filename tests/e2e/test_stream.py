"""The change feed as events: each once and in order, wherever a reader was cut off."""

from __future__ import annotations

import json
import random

import pytest
from support.api import LIMITS, Bench, make_bench, problem

from clusterer.api.limits import ApiLimits

TEXTS = [f"Report number {n} tells of the harbour of town {n}, where ship {n} came in with {n} containers." for n in range(12)]


@pytest.fixture
def bench() -> Bench:
    return make_bench(ApiLimits(max_text_chars=LIMITS.max_text_chars, stream_s=0.05))


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
    bench = make_bench(ApiLimits(stream_s=0.05, max_streams=0))
    problem(bench.client.get("/v1/changes/stream"), 429, "too_many_requests")
