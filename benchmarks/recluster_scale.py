"""Time and memory of the nightly job by number of articles, over Redis, and how good its neighbour graph is.

The articles are made up (see made_events). Each size is filled, reclustered and checked in a process of its own, so that peak memory
is that of the nightly job alone. Every article is in reach, one cluster in ten was split by the online decisions, one in twenty merged.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from ulid import ULID

from benchmarks.made_events import DIMENSION, SPAN, START, MadeEvents, fill, made_events
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.index import FaissIndex
from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.snapshot_index import FaissSnapshotIndex
from clusterer.bootstrap import Clusterer
from clusterer.connections import connect_redis
from clusterer.evaluation.clusters import SetClock
from clusterer.evaluation.scores import bcubed
from clusterer.logging import configure_logging
from clusterer.pipeline.nightly import nightly
from clusterer.settings import Settings

_QUERIES = 1_000
_NEIGHBOURS = 50


def measure(url: str, count: int, seed: int) -> dict[str, Any]:
    """Figures of one size; its collection is deleted afterwards."""
    client = connect_redis(url)
    store = RedisStore(client, SPAN)
    name = f"articles{count}"
    before = client.info("memory")["used_memory"]
    filled = _alone(_fill, url, name, count, seed)
    redis_bytes = client.info("memory")["used_memory"] - before
    figures = _alone(_recluster, url, name, count, seed)
    figures |= {"redis_bytes_per_article": round(redis_bytes / count), "recall_at_50": _alone(_recall, count, seed)}
    store.delete_collection(name)
    return {"articles": count, **filled, **figures}


def _alone(task: Callable[..., Any], *arguments: object) -> Any:
    """The task's result, from a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(task, *arguments).result()


def _fill(url: str, name: str, count: int, seed: int) -> dict[str, Any]:
    store = RedisStore(connect_redis(url), SPAN)
    store.check_schema()
    store.create_collection(name, {})
    made = made_events(count, seed)
    clusters = online_clusters(made)
    fill(store.collection(name), made, clusters)
    return {"events": len(set(made.events.tolist())), "online_clusters": len(set(clusters))}


def online_clusters(made: MadeEvents) -> list[str]:
    """A cluster id for each article: its event's, but for events that were split in two or merged with the one before."""
    rng = np.random.default_rng(made.seed)
    number = int(made.events.max()) + 1
    merged = np.where(rng.random(number) < 0.05, np.maximum(np.arange(number) - 1, 0), np.arange(number))
    halved = rng.random(number) < 0.1
    second = rng.random(len(made)) < 0.5
    keys = [(int(merged[event]), bool(halved[event] and half)) for event, half in zip(made.events, second, strict=True)]
    ids = {key: str(ULID()) for key in dict.fromkeys(keys)}
    return [ids[key] for key in keys]


def _recluster(url: str, name: str, count: int, seed: int) -> dict[str, Any]:
    store = RedisStore(connect_redis(url), SPAN)
    settings = Settings(redis_url=url, model="hashing", window_min_articles=count, log_level="warning")
    configure_logging(settings)
    service = Clusterer.over(store, settings, encoder=HashingEncoder(DIMENSION), clock=SetClock(START + SPAN))
    collection = service.collection(name)
    laps: list[tuple[str, float, float]] = [("began", time.perf_counter(), time.process_time())]
    nightly.reached = lambda step: laps.append((step, time.perf_counter(), time.process_time()))  # type: ignore[attr-defined]
    run = collection.nightly.run("benchmark", force=True, actor="benchmark", reason="benchmark")
    ended, cpu_s = time.perf_counter(), time.process_time() - laps[0][2]
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    made = made_events(count, seed)
    facts = [fact for start in range(1, count + 1, 5_000) for fact in _facts(collection.books, start, count)]
    scores = bcubed(dict(facts), {seq: str(event) for seq, event in enumerate(made.events.tolist(), start=1)})
    return {
        "outcome": run.outcome,
        "total_s": round(ended - laps[0][1], 1),
        "cpu_s": round(cpu_s, 1),
        "steps_s": {step: round(at - laps[place][1], 1) for place, (step, at, _) in enumerate(laps[1:])},
        "peak_rss_gb": round(peak_bytes / 2**30, 2),
        "plan": {key: run.figures[key] for key in ("clusters_after", "merged", "split", "moved_articles")},
        "objections": list(run.objections),
        "bcubed_f1": round(scores.f1, 4),
    }


def _facts(books: Any, start: int, count: int) -> list[tuple[int, str]]:
    facts = books.facts(list(range(start, min(start + 5_000, count + 1))))
    return [(fact.seq, fact.cluster) for fact in facts]


def _recall(count: int, seed: int) -> float:
    """Of the 50 nearest neighbours of a sample by exact search, how many the nightly job's index finds."""
    vectors = made_events(count, seed).vectors
    queries = vectors[np.random.default_rng(seed).choice(count, _QUERIES, replace=False)]
    found = []
    for index in (FaissIndex(DIMENSION), FaissSnapshotIndex(DIMENSION)):
        index.add(np.arange(count, dtype=np.int64), vectors)
        found.append(index.search(queries, _NEIGHBOURS)[1].tolist())
    shares = [len(set(exact) & set(near)) / _NEIGHBOURS for exact, near in zip(*found, strict=True)]
    return round(float(np.mean(shares)), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="clusterer-scale-") as folder,
        EmbeddedRedis(Path(folder), "everysec") as server,
    ):
        for count in options.articles:
            print(json.dumps(measure(server.url, count, options.seed)), flush=True)


if __name__ == "__main__":
    main()
