"""How much other articles workers shorten a night: real worker processes over one Redis, made-up articles (see made_events).

Each night is ordered from the workers and taken back afterwards, so that all of them begin with the same clusters. The nights of the
first round are for warming up.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import psutil

from benchmarks.made_events import fill, made_events
from benchmarks.recluster_scale import online_clusters
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.bootstrap import Clusterer
from clusterer.cli.serving import worker_children
from clusterer.cli.supervise import Supervisor
from clusterer.connections import connect_redis, redis_url
from clusterer.pipeline.feed import all_assigned
from clusterer.ports import CollectionStore
from clusterer.settings import Settings, env_name

_START_S = 300
_NIGHT_S = 3_600
_POLL_S = 0.05


def measure(url: str, folder: Path, count: int, workers: list[int], rounds: int, seed: int) -> list[dict[str, Any]]:
    """Figures of each night."""
    settings = Settings(
        redis_url=url,
        data_dir=folder,
        model="hashing",
        window_min_articles=count,
        retention_days=0,
        changes_days=0,
        recluster_at="off",
        log_level="warning",
    )
    service = Clusterer.connect(settings)
    name = f"articles{count}"
    service.store.create_collection(name, {})
    made = made_events(count, seed)
    collection = service.collection(name)
    fill(collection.books, made, online_clusters(made), model=service.encoder.fingerprint)
    found = []
    for number in [*workers[:1], *workers * rounds]:
        found.append({"articles": count, "workers": number, **_night(service, settings, name, number)})
        print(json.dumps(found[-1]), flush=True)
        collection.nightly.rollback("benchmark", "the next night begins as this one did")
    service.store.delete_collection(name)
    return found


def _night(service: Clusterer, settings: Settings, name: str, workers: int) -> dict[str, Any]:
    environment = {
        env_name(field): str(getattr(settings, field))
        for field in ("redis_url", "data_dir", "model", "window_min_articles", "retention_days", "changes_days")
    }
    environment |= {"OMP_NUM_THREADS": "1", env_name("recluster_at"): "off", env_name("log_level"): "warning"}
    children = [one for one in worker_children(settings, workers, environment) if one.name.startswith("articles")]
    collection = service.collection(name)
    with Supervisor(children) as supervisor:
        _wait(supervisor, lambda: len(service.store.workers()) == workers, _START_S)
        before, redis_before_s = _cpu_s(), _redis_cpu_s(settings)
        runs = len(collection.nightly.runs(100))
        assert service.send_recluster is not None
        service.send_recluster(name, "benchmark", True, "benchmark")
        _wait(supervisor, lambda: len(collection.nightly.runs(100)) > runs, _NIGHT_S)
        redis_s = _redis_cpu_s(settings) - redis_before_s
        used = sorted((after - before.get(pid, 0.0) for pid, after in _cpu_s().items()), reverse=True)[:workers]
        run = collection.nightly.runs(1)[0]
        load = os.getloadavg()[0]
    _wait(supervisor, lambda: not service.store.workers(), _START_S)
    return {
        "by_the_clock_s": round((run.finished_at - run.started_at).total_seconds(), 1),
        "workers_cpu_s": [round(one, 1) for one in used],
        "redis_cpu_s": round(redis_s, 1),
        "load": round(load, 1),
        "outcome": run.outcome,
        "figures": {key: run.figures[key] for key in ("clusters_after", "merged", "split", "moved_articles")},
        "partition": _partition(collection.books),
    }


def _partition(books: CollectionStore) -> str:
    """A digest of who is with whom."""
    together: defaultdict[str, list[int]] = defaultdict(list)
    for part in all_assigned(books):
        for one in part:
            together[one.cluster].append(one.seq)
    return blake2b(repr(sorted(map(sorted, together.values()))).encode(), digest_size=8).hexdigest()


def _wait(supervisor: Supervisor, condition: Callable[[], bool], limit_s: float) -> None:
    until = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > until:
            raise SystemExit(f"not within {limit_s} s")
        supervisor.poll()
        time.sleep(_POLL_S)


def _cpu_s() -> dict[int, float]:
    """CPU seconds of each worker process."""
    used = {}
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any("clusterer_workers" in argument for argument in process.cmdline()):
                times = process.cpu_times()
                used[process.pid] = times.user + times.system
    return used


def _redis_cpu_s(settings: Settings) -> float:
    facts: Any = connect_redis(redis_url(settings)).info("cpu")
    return float(facts["used_cpu_user"] + facts["used_cpu_sys"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 30_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="clusterer-night-") as folder,
        EmbeddedRedis(Path(folder) / "redis", "everysec") as server,
    ):
        for count in options.articles:
            measure(server.url, Path(folder), count, options.workers, options.rounds, options.seed)


if __name__ == "__main__":
    main()
