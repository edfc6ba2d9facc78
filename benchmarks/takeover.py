"""What it costs a writer to take over: from the articles of its window in Redis to its first decision.

The articles are made up (see made_events) and lie in a private redis-server, once with the neighbours that their arrivals found and
once without, as data of earlier releases are. Each take-over is a process of its own; memory is that of the whole process. Prints JSON.
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
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.arrival import surroundings
from benchmarks.made_events import DIMENSION, SPAN, START, fill, made_events, make_ready
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.window_index import WindowIndex
from clusterer.bootstrap import Clusterer
from clusterer.connections import connect_redis
from clusterer.core.clustering.stored_near import encode_near
from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.evaluation.clusters import SetClock
from clusterer.logging import configure_logging
from clusterer.settings import Settings

_MODEL = "made"


def measure(url: str, count: int, seed: int) -> dict[str, Any]:
    """Figures of one size; its collections stay."""
    figures: dict[str, Any] = {"articles": count}
    for name, stored in (("stored", True), ("searched", False)):
        _alone(_fill, url, f"{name}{count}", count, seed, stored)
        figures[name] = _alone(_take_over, url, f"{name}{count}", count, seed)
    return figures


def _alone(task: Callable[..., Any], *arguments: object) -> Any:
    """The task's result, from a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(task, *arguments).result()


def _fill(url: str, name: str, count: int, seed: int, stored: bool) -> None:
    store = RedisStore(connect_redis(url), SPAN)
    store.check_schema()
    store.create_collection(name, {})
    made, window = made_events(count + 1, seed), Window(WindowIndex(DIMENSION), shipped_weights())
    made = made.first(count)

    def near(evidence: Evidence, cluster: str) -> bytes:
        return encode_near(evidence.seq, window.add(evidence, cluster), _MODEL) if stored else b""

    fill(store.collection(name), made, [f"{event:026d}" for event in made.events.tolist()], _MODEL, near)


def _take_over(url: str, name: str, count: int, seed: int) -> dict[str, Any]:
    settings = Settings(redis_url=url, model="hashing", window_min_articles=count, log_level="warning")
    configure_logging(settings)
    client = connect_redis(url)
    store = RedisStore(client, SPAN)
    service = Clusterer.over(store, settings, encoder=HashingEncoder(DIMENSION), clock=SetClock(START + SPAN))
    collection = service.collection(name)
    make_ready(collection.books, list(islice(made_events(count + 1, seed).evidence(), count, None)), _MODEL)
    redis_s, wall_s, cpu_s = _cpu_s(client), time.perf_counter(), time.process_time()
    decided = collection.assigner.run("benchmark")
    return {
        "wall_s": round(time.perf_counter() - wall_s, 2),
        "cpu_s": round(time.process_time() - cpu_s, 2),
        "redis_cpu_s": round(_cpu_s(client) - redis_s, 2),
        "process_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 3),
        "decided": decided,
        "window": collection.assigner.window_size,
    }


def _cpu_s(client: Any) -> float:
    used = client.info("cpu")
    return float(used["used_cpu_user"] + used["used_cpu_sys"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[5_000, 20_000])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="clusterer-takeover-") as folder,
        EmbeddedRedis(Path(folder), "everysec") as server,
    ):
        for count in options.articles:
            print(json.dumps(measure(server.url, count, options.seed) | surroundings()), flush=True)


if __name__ == "__main__":
    main()
