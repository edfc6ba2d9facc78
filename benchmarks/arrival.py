"""What one arrival costs the cluster writer by the number of articles in reach: time, memory, recall, and the pauses of expiry.

The articles are made up (see made_events). Each size has a window of its own in a process of its own, without Redis: it is built as
at a take-over, then articles arrive one by one (decide, add, second look and its adjustments), then the oldest expire and some are removed.

A take-over reads the neighbours that its articles once had. So does a window here with `--stored`: they are the nearest of an article's
own topic and of the topics nearest to it, which are known here, and their similarities in words are those that pairs of one event, and
others, have on average. Without it each article is searched for, as one is whose neighbours are not stored; a million would take hours.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.made_events import DIMENSION, START, MadeEvents, made_events
from clusterer.adapters.window_index import WindowIndex
from clusterer.core.clustering.adjustments import Adjustment, Merge
from clusterer.core.clustering.neighbourhood import NEIGHBOURS, Near
from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.scoring.scorer import shipped_weights

_LOADED_TOGETHER = 500
_BATCH = 64
_WARM_UP = 64
_QUERIES = 300
_EXPIRIES = 20
_BLOCK = 50_000
_FOUND = 120  # nearest of an article, so that some fifty of them came before it
_TOPICS = 10  # in which an article's nearest are looked for
_WORDS = (
    0.38,
    0.005,
)  # similarity in words of made-up articles of one event, and of others: means of some thousand pairs


def measure(count: int, arrivals: int, seed: int, stored: bool) -> dict[str, Any]:
    """Figures of one size."""
    with tempfile.TemporaryDirectory(prefix="clusterer-arrival-") as folder:
        _alone(_make, count + arrivals, seed, folder)
        if stored:
            _alone(_find_neighbours, count, folder)
        return {"articles": count, **_alone(_run, count, arrivals, seed, folder)}


def _alone(task: Callable[..., Any], *arguments: object) -> Any:
    """The task's result, from a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(task, *arguments).result()


def _make(count: int, seed: int, folder: str) -> None:
    """Write made-up articles to files, which are no memory of the process that reads them."""
    made = made_events(count, seed)
    np.save(Path(folder, "vectors.npy"), made.vectors.astype(np.float16))
    np.save(Path(folder, "events.npy"), made.events)
    np.save(Path(folder, "topics.npy"), made.topics)
    np.save(Path(folder, "days.npy"), made.days)


def _find_neighbours(count: int, folder: str) -> None:
    """Write the rows of each article's nearest, itself and later ones among them, and their cosines; -1 for none."""
    vectors, topics = np.load(Path(folder, "vectors.npy"))[:count], np.load(Path(folder, "topics.npy"))[:count]
    members = _members(topics)
    means = np.stack([np.asarray(vectors[rows], np.float32).mean(axis=0) for rows in members])
    rows = np.lib.format.open_memmap(Path(folder, "near.npy"), "w+", np.int32, (count, _FOUND))
    cosines = np.lib.format.open_memmap(Path(folder, "cosines.npy"), "w+", np.float16, (count, _FOUND))
    rows[:], cosines[:] = -1, -1.0
    for topic, own in enumerate(members):
        near = np.argsort(-(means @ means[topic]), kind="stable")[:_TOPICS]
        others = np.concatenate([members[one] for one in near])
        found = np.asarray(vectors[own], np.float32) @ np.asarray(vectors[others], np.float32).T
        best = np.argpartition(-found, min(_FOUND, len(others)) - 1, axis=1)[:, :_FOUND]
        best = np.take_along_axis(best, np.argsort(-np.take_along_axis(found, best, 1), axis=1), 1)
        rows[own, : best.shape[1]], cosines[own, : best.shape[1]] = others[best], np.take_along_axis(found, best, 1)


def _members(topics: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The rows of each topic that has any."""
    order = np.argsort(topics, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(topics[order])) + 1)


def _run(count: int, arrivals: int, seed: int, folder: str) -> dict[str, Any]:
    made = MadeEvents(
        *(np.load(Path(folder, f"{name}.npy"), "r") for name in ("events", "topics", "vectors", "days")), seed
    )
    articles, events, vectors = made.evidence(), made.events, made.vectors
    window = Window(WindowIndex(DIMENSION), shipped_weights())
    before = _anonymous_bytes()
    built = _build(window, islice(articles, count), events, folder)
    memory = _anonymous_bytes() - before
    arrived = _arrive(window, articles)
    recall = _recall(window, vectors, [evidence for evidence in _again(arrived["last"])])
    return {
        "build_s": round(built, 2),
        "bytes_per_article": round(memory / count),
        "memory_gb": round(memory / 2**30, 3),
        **{name: _spread(times) for name, times in arrived["times"].items()},
        "joined": arrived["joined"],
        "repairs": arrived["repairs"],
        "recall_at_50": recall,
        **_leave(window, count),
    }


def _build(window: Window, articles: Iterator[Evidence], events: NDArray[np.int64], folder: str) -> float:
    """CPU seconds that the window took; making the articles does not count."""
    took = 0.0
    known = [np.load(path, "r") for path in sorted(Path(folder).glob("[cn]*.npy"))]  # cosines, near
    while part := [(one, _cluster(int(events[one.seq - 1]))) for one in islice(articles, _LOADED_TOGETHER)]:
        near = (
            [_stored(one.seq - 1, *(array[one.seq - 1] for array in known), events) for one, _ in part] if known else []
        )
        started = time.process_time()
        window.load(part, near)
        took += time.process_time() - started
    return took


def _stored(row: int, cosines: NDArray[np.float16], rows: NDArray[np.int32], events: NDArray[np.int64]) -> Near:
    """What an article had as neighbours when it came."""
    earlier = np.flatnonzero((rows >= 0) & (rows < row))[:NEIGHBOURS]
    seqs = rows[earlier].astype(np.int64) + 1
    words = np.where(events[seqs - 1] == events[row], *_WORDS)
    return Near(seqs, cosines[earlier].astype(np.float64), words, float("nan"), float("inf"))


def _cluster(event: int) -> str:
    return f"{event:026d}"


def _arrive(window: Window, articles: Iterator[Evidence]) -> dict[str, Any]:
    """Milliseconds of each arrival by step, the first ones apart."""
    times: dict[str, list[float]] = {
        "arrival_ms": [],
        "decide_ms": [],
        "add_ms": [],
        "second_look_ms": [],
        "cpu_ms": [],
    }
    joined = repairs = 0
    last: list[Evidence] = []
    for number, evidence in enumerate(articles):
        laps, cpu = [time.perf_counter()], time.thread_time()
        joins = window.decide(evidence).joined
        laps.append(time.perf_counter())
        cluster_id = joins or f"n{evidence.seq:025d}"
        window.add(evidence, cluster_id)
        laps.append(time.perf_counter())
        steps = window.second_look(cluster_id)
        _apply(window, steps, evidence.seq)
        laps.append(time.perf_counter())
        cpu = time.thread_time() - cpu
        last = [*last, evidence][-_QUERIES:]
        if number < _WARM_UP:
            continue
        joined, repairs = joined + bool(joins), repairs + len(steps)
        for name, took in zip(times, (laps[3] - laps[0], *np.diff(laps).tolist(), cpu), strict=True):
            times[name].append(1_000 * took)
    return {"times": times, "joined": joined, "repairs": repairs, "last": last}


def _apply(window: Window, adjustments: Sequence[Adjustment], seq: int) -> None:
    for adjustment in adjustments:
        if isinstance(adjustment, Merge):
            window.merge(adjustment.loser_id, adjustment.winner_id)
        else:
            for one in adjustment.seqs:
                window.move(one, adjustment.target_id or f"s{seq:025d}")


def _again(arrived: Sequence[Evidence]) -> list[Evidence]:
    """The same articles under numbers that the window does not know."""
    return [replace(one, seq=10**9 + one.seq) for one in arrived]


def _recall(window: Window, vectors: NDArray[np.float16], queries: Sequence[Evidence]) -> float:
    """Of the 50 nearest by exact search, the share that the window compares an article with."""
    leads = np.stack([one.lead for one in queries])
    best = np.full((len(leads), 0), 0.0, np.float32)
    seqs = np.full((len(leads), 0), 0, np.int64)
    for start in range(0, len(vectors), _BLOCK):
        scores = leads @ np.asarray(vectors[start : start + _BLOCK], np.float32).T
        here = np.broadcast_to(np.arange(start, start + scores.shape[1]) + 1, scores.shape)
        best, seqs = np.hstack([best, scores]), np.hstack([seqs, here])
        kept = np.argsort(-best, axis=1, kind="stable")[:, :NEIGHBOURS]
        best, seqs = np.take_along_axis(best, kept, 1), np.take_along_axis(seqs, kept, 1)
    found = [set(window.compare(one)[0].seqs.tolist()) for one in queries]
    shares = [len(near.intersection(exact)) / len(exact) for near, exact in zip(found, seqs.tolist(), strict=True)]
    return round(float(np.mean(shares)), 4)


def _leave(window: Window, count: int) -> dict[str, Any]:
    """The longest pauses: a batch in which nothing expires, one in which a batch does, and a removal with the search after it."""
    idle, expiry, removal = [], [], []
    for turn in range(_EXPIRIES):
        idle.append(_ms(lambda: window.expire(START - timedelta(days=1))))
        left = len(window) - min(_BATCH, count // (2 * _EXPIRIES))
        expiry.append(_ms(lambda left=left: window.expire(START + timedelta(days=365), keep=left)))  # type: ignore[misc]
        seq = count // 2 + turn
        removal.append(_ms(lambda seq=seq: window.remove(seq)))  # type: ignore[misc]
    return {
        "nothing_expires_max_ms": round(max(idle), 2),
        "batch_expires_max_ms": round(max(expiry), 2),
        "removal_max_ms": round(max(removal), 2),
    }


def _ms(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return 1_000 * (time.perf_counter() - started)


def _spread(times: Sequence[float]) -> dict[str, float]:
    return {"median": round(float(np.median(times)), 3), "p99": round(float(np.percentile(times, 99)), 3)}


def _anonymous_bytes() -> int:
    """Memory of this process that no file backs."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["RssAnon"].split()[0]) * 1024


def surroundings() -> dict[str, Any]:
    """The machine, its load and the versions that the figures depend on."""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "machine": {
            "cpu": model[0].partition(":")[2].strip() if model else platform.machine(),
            "cores": os.cpu_count(),
        },
        "load": [round(one, 2) for one in os.getloadavg()],
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("clusterer", "numpy", "scipy", "faiss-cpu")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--arrivals", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stored", action="store_true", help="build from neighbours found before, as a take-over does")
    options = parser.parse_args()
    for count in options.articles:
        figures = measure(count, options.arrivals, options.seed, options.stored)
        print(json.dumps(figures | surroundings()), flush=True)


if __name__ == "__main__":
    main()
