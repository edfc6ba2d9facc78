"""What the benchmarks print is right in form and, at sizes where it can be checked, in substance. Times are never judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import redis

from benchmarks import (
    arrival,
    dedup,
    encoders,
    lookups,
    memory,
    naive,
    night_workers,
    pages,
    sizing,
    takeover,
    throughput,
)
from benchmarks.made_events import DIMENSION, made_events
from clusterer.core.scoring.reasons import Reasons


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes run in this process."""

    def alone(task: Callable[..., Any], *arguments: object) -> Any:
        return task(*arguments)

    monkeypatch.setattr(arrival, "_alone", alone)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("stored", [False, True])
def test_arrival_prints_what_its_description_says(stored: bool) -> None:
    figures = arrival.measure(300, 80, seed=1, stored=stored) | arrival.surroundings()
    assert json.loads(json.dumps(figures)) == figures
    assert figures["articles"] == 300
    assert figures["recall_at_50"] == 1.0  # a small window is searched exactly
    assert 0 < figures["joined"] <= 16  # of 80 arrivals the first 64 warm up
    steps = [figures[name] for name in ("arrival_ms", "decide_ms", "add_ms", "second_look_ms", "cpu_ms")]
    assert all(0 < step["median"] <= step["p99"] for step in steps)
    assert figures["build_s"] > 0
    assert {"nothing_expires_max_ms", "batch_expires_max_ms", "removal_max_ms"} <= figures.keys()
    assert {"machine", "load", "versions"} <= figures.keys()


def test_a_takeover_is_measured_with_stored_neighbours_and_without(
    monkeypatch: pytest.MonkeyPatch, redis_server: str, redis_client: redis.Redis
) -> None:
    monkeypatch.setattr(takeover, "_alone", lambda task, *arguments: task(*arguments))
    figures = takeover.measure(redis_server, 130, seed=1)
    assert json.loads(json.dumps(figures)) == figures
    for name in ("stored", "searched"):
        assert (figures[name]["decided"], figures[name]["window"]) == (1, 131)
        assert figures[name]["cpu_s"] >= 0


def test_the_naive_build_finds_copies_and_reports_of_one_event(redis_client: redis.Redis) -> None:
    build = naive.Naive(redis_client)
    ferry = "A ferry with 214 people aboard ran aground in fog off Calla on Thursday morning. Nobody was hurt."
    build.take("a", ferry)
    build.take("b", ferry)
    build.take("c", "Fog off Calla: the ferry that ran aground on Thursday had 214 people aboard.")
    build.take("d", "The city council of Halvern votes on a new tram line on Monday.")
    assert redis_client.hgetall("clusters") == {b"a": b"a", b"b": b"a", b"c": b"a", b"d": b"d"}


def test_recall_counts_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_events(400, seed=2)
    articles = list(replace(made, vectors=made.vectors.astype(np.float16)).evidence())
    window = arrival.Window(arrival.WindowIndex(DIMENSION), arrival.shipped_weights())
    window.load([(one, "c") for one in articles])
    queries = arrival._again(articles[:5])
    vectors = made.vectors.astype(np.float16)
    assert arrival._recall(window, vectors, queries) == 1.0
    monkeypatch.setattr(arrival, "_BLOCK", 90)  # the exact search goes block by block
    assert arrival._recall(window, vectors, queries) == 1.0
    for seq in range(1, 201):
        window.remove(seq)
    assert 0.2 < arrival._recall(window, vectors, queries) < 0.8


def test_made_articles_are_the_same_however_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made_events(700, seed=3)
    monkeypatch.setattr("benchmarks.made_events._BLOCK", 64)
    parts = made_events(700, seed=3)
    np.testing.assert_allclose(parts.vectors, whole.vectors, atol=1e-6)
    assert (parts.events == whole.events).all()


def test_memory_is_told_by_kind_of_key_and_field() -> None:
    figures = memory.measure(memory.articles_of(None, 38), 4) | memory.surroundings()
    assert json.loads(json.dumps(figures)) == figures
    unique, copies = figures["unique"], figures["copies"]
    assert unique["bytes"] >= sum(unique["fields"].values()) > unique["fields"]["article"] > 0
    assert unique["bytes_without_body"] == pytest.approx(unique["bytes"] - unique["fields"]["article"], abs=2)
    assert {"a", "t", "v"} <= unique["kinds"].keys()
    assert "v" not in copies["kinds"]  # a copy has no vector
    assert copies["bytes"] > 0


def test_dedup_finds_copies_while_it_is_timed() -> None:
    figures = dedup.measure(memory.articles_of(None, 25), 60)
    assert json.loads(json.dumps(figures)) == figures
    assert min(figures["articles_per_cpu_s"].values()) > 0
    assert figures["articles_per_cpu_s"].keys() >= {
        "ours",
        "datasketch",
        "identical_first_quarter",
        "identical_last_quarter",
    }
    assert figures["identical_found"] == 59  # all but the first


def test_a_stream_has_as_many_copies_as_asked_for() -> None:
    articles = throughput.synthetic(40, seed=1)
    stream = throughput.with_copies(articles, 0.4, seed=2)
    copies = [one for one in stream if (one.id or "").startswith("copy ")]
    assert (len(stream), len(copies)) == (40, 16)
    assert {one.text for one in copies} <= {one.text for one in articles[:24]}


TEXTS = [
    "A flood in Hallvik",
    "The council of Hallvik voted on roads and schools on Monday night",
    "Rain",
    "",
    "Fire at a mill",
] * 4


def test_encoders_are_told_apart_by_speed_and_vectors() -> None:
    rows = np.eye(384, dtype=np.float32)
    asked: list[int] = []

    def exact(texts: Sequence[str]) -> encoders.Vectors:
        asked.append(len(texts))
        return rows[: len(texts)]

    def turned(texts: Sequence[str]) -> encoders.Vectors:
        return np.concatenate([rows[1:2], rows[1 : len(texts)]])

    candidates = {"float32": exact, "turned": turned}
    figures = encoders.measure([str(number) for number in range(70)], candidates, 2, "float32") | arrival.surroundings()
    assert json.loads(json.dumps(figures)) == figures
    assert (
        asked == [4, 64, 6, 64, 6] + [1] * 16
    )  # a warm-up, two rounds of calls as large as a worker's, each text alone
    assert figures["ways"]["float32"] | {"texts_per_cpu_s": 0} == {
        "texts_per_cpu_s": 0,
        "ratio": 1.0,
        "cosine_mean": 1.0,
        "cosine_min": 1.0,
        "alone_cosine_min": 0.0,  # `exact` numbers the texts of a call
    }
    assert figures["ways"]["turned"]["cosine_min"] == 0
    assert figures["ways"]["turned"]["cosine_mean"] == pytest.approx(
        68 / 70, abs=1e-5
    )  # the first of each call differs
    assert figures["ways"]["turned"].keys() == figures["ways"]["float32"].keys()


@pytest.mark.parametrize("budget", [1, 7, 40, 1_000])
def test_batches_of_tokens_hold_every_text_once_and_keep_to_the_budget(budget: int) -> None:
    lengths = [3, 12, 5, 5, 1, 9, 40, 2, 7, 7]
    batches = encoders.token_batches(lengths, budget)
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[at] for at in batch) <= budget for batch in batches)
    assert encoders.token_batches([], budget) == []


def test_batches_of_tokens_give_the_vectors_of_fixed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_BUDGET_TOKENS", 30)
    encoder = encoders._Torch("float32")
    np.testing.assert_allclose(encoder.encode_by_budget(TEXTS), encoder.encode(TEXTS), atol=1e-5)


def test_an_exported_network_is_pooled_without_its_padding(monkeypatch: pytest.MonkeyPatch) -> None:
    def network(inputs: dict[str, Any]) -> encoders.Vectors:
        return np.eye(384, dtype=np.float32)[inputs["input_ids"] % 384] + 0.01

    encoder = encoders._Exported(network, 128)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    monkeypatch.setattr(encoders, "_BATCH", 3)
    np.testing.assert_allclose(encoder.encode(TEXTS), alone, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(alone, axis=1), 1, atol=1e-6)


def test_lookups_are_timed_beside_an_empty_endpoint_and_their_calls_counted() -> None:
    figures = lookups.measure(60, seconds=0.05, rounds=2, connections=[1, 3]) | lookups.surroundings()
    assert json.loads(json.dumps(figures)) == figures
    assert figures["store_calls"]["empty"] == 0
    assert all(calls > 0 for kind, calls in figures["store_calls"].items() if kind != "empty")
    for timed in figures["connections"].values():
        assert timed.keys() == figures["store_calls"].keys()
        assert all(
            0 < kind["p50_ms"] <= kind["p99_ms"] and kind["requests_per_s"] > 0 <= kind["cpu_ms"]
            for kind in timed.values()
        )
    assert {"machine", "load", "versions"} <= figures.keys()


def test_the_table_of_sizes_is_what_is_computed() -> None:
    document = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text(encoding="utf8")
    assert sizing.table(sizing.EXAMPLES) in document


def test_sizes_grow_as_was_measured_and_say_where_they_are_guessed() -> None:
    small, large = (sizing.needs(sizing.Stream(articles, 10, 30)) for articles in (1_000, 10_000))
    assert (small.extrapolated, large.extrapolated) == (False, False)
    assert large.in_reach == 100_000
    assert large.take_over_s == sizing.BUILD_S
    assert large.writer_load == pytest.approx(10 * small.writer_load * sizing.GROWTH_TENFOLD)
    assert sizing.needs(sizing.Stream(200_000, 10, 30)).extrapolated
    parted = sizing.needs(sizing.Stream(100_000, 10, 30, partitions=10))
    assert (parted.in_reach, parted.writer_bytes) == (large.in_reach, large.writer_bytes)
    assert parted.writer_load == pytest.approx(large.writer_load)
    assert parted.redis_bytes == 10 * large.redis_bytes


def test_pages_have_one_large_cluster_of_decisions_that_can_be_read() -> None:
    made = made_events(600, seed=1)
    clusters = pages._clusters(made)
    assert clusters.count("saga") == 220
    why = pages._reasons(clusters)
    told = [Reasons.from_json(why(one, cluster)) for one, cluster in zip(made.evidence(), clusters, strict=True)]
    assert sum(one is not None and one.joined == "saga" for one in told) == 219


@pytest.mark.slow
def test_nights_begin_alike_and_come_out_alike(tmp_path: Path, redis_server: str, redis_client: redis.Redis) -> None:
    """That nights of one and two workers do, tests/e2e/test_night_helpers.py sees."""
    nights = night_workers.measure(redis_server, tmp_path, 130, [1], rounds=1, seed=1)
    assert json.loads(json.dumps(nights)) == nights
    assert [night["workers"] for night in nights] == [1, 1]
    assert len({night["partition"] for night in nights}) == 1
    assert [len(night["workers_cpu_s"]) for night in nights] == [1, 1]
    assert all(night["outcome"] == "published" for night in nights)
