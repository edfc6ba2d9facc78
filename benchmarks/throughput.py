"""Articles a second through accept, Redis and Celery workers to committed clusters, beside bare `encode` of the same texts.

Both are measured in one run: encoding half of the texts, the pipeline with all of them, encoding the other half, so that a machine
whose speed drifts treats both alike. Nothing else encodes while the other runs. On a shared machine compare CPU time, which is given for
each process.
"""

from __future__ import annotations

import argparse
import atexit
import json
import random
import shutil
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.arrival import surroundings
from benchmarks.texts import synthetic_rows
from clusterer.bootstrap import Clusterer
from clusterer.cli.serving import store_for_children, worker_children
from clusterer.cli.supervise import Supervisor
from clusterer.core.cleaning.clean import clean
from clusterer.core.evidence.evidence import text_to_embed
from clusterer.core.model import Article
from clusterer.evaluation.datasets import payload_from_row, read_rows
from clusterer.pipeline.intake import ArticleIn, parse_article
from clusterer.settings import Settings

_ACCEPT_BATCH = 100
_WARM_UP = 64
_LIMIT_S = 1_800


def measure(rows: list[ArticleIn], settings: Settings, articles_workers: int) -> dict[str, Any]:
    """Figures of one run over distinct articles."""
    environment, check = store_for_children(settings)
    service = Clusterer.connect(settings)
    collection = service.collection()
    children = worker_children(settings, articles_workers, environment)
    supervisor = Supervisor(children, check=check)
    texts = [text_to_embed(clean(Article("x", title=row.title, text=row.text))) for row in rows]
    half = len(rows) // 2
    service.encoder.encode(["warm up"] * 64)
    encode_cpu_s = -time.process_time()
    encode_s = _encode_s(service, texts[:half])
    encode_cpu_s += time.process_time()
    with supervisor:
        _until_assigned(service, synthetic(_WARM_UP, seed=99), supervisor)
        cpu_before_s = _cpu_s()
        started = time.perf_counter()
        for start in range(0, len(rows), _ACCEPT_BATCH):
            collection.intake.accept(rows[start : start + _ACCEPT_BATCH])
        accept_s = time.perf_counter() - started
        _until_assigned(service, [], supervisor)
        pipeline_s = time.perf_counter() - started
        cpu_s = {name: after - cpu_before_s[name] for name, after in _cpu_s().items() if name in cpu_before_s}
    encode_cpu_s -= time.process_time()
    encode_s += _encode_s(service, texts[half:])
    encode_cpu_s += time.process_time()
    books = collection.books.books()
    return {
        "articles": len(rows),
        "articles_workers": articles_workers,
        "clusters": len(collection.books.cluster_ids("size", None, 1_000_000)),
        "assigned": books.assigned,
        "accept_articles_per_s": round(len(rows) / accept_s, 1),
        "pipeline_articles_per_s": round(len(rows) / pipeline_s, 1),
        "encode_articles_per_s": round(len(rows) / encode_s, 1),
        "pipeline_to_encode_ratio": round(encode_s / pipeline_s, 3),
        "cpu_ms_an_article": {name: round(1000 * used / len(rows), 1) for name, used in sorted(cpu_s.items())},
        "encode_cpu_ms_an_article": round(1000 * encode_cpu_s / len(rows), 1),
    }


def _cpu_s() -> dict[str, float]:
    """CPU seconds that each process used since its start: workers by their kind and number, beat, Redis, this one."""
    used: defaultdict[str, float] = defaultdict(float)
    own = psutil.Process()
    for process in [own, *own.children(recursive=True)]:
        with suppress(psutil.Error):
            times = process.cpu_times()
            used[_part(process.cmdline())] += times.user + times.system
    return dict(used)


def _part(command: list[str]) -> str:
    for part in ("redis-server", "articles", "clusters", "beat", "watchdog"):
        if any(part in argument for argument in command):
            return part
    return "accepting"


def synthetic(count: int, seed: int) -> list[ArticleIn]:
    """Articles mixed from the shipped sample."""
    return [parse_article(row) for row in synthetic_rows(count, seed)]


def from_file(path: Path, count: int) -> list[ArticleIn]:
    """The first articles of a JSON lines file, as the `ingest` command maps them."""
    return [parse_article(payload_from_row(row)) for row, _ in zip(read_rows(path), range(count), strict=False)]


def with_copies(articles: list[ArticleIn], share: float, seed: int) -> list[ArticleIn]:
    """As many articles, of which a share are the texts of others among them under other ids, from other sources, shuffled."""
    draw = random.Random(seed)
    originals = articles[: round(len(articles) * (1 - share))]
    again = [
        draw.choice(originals).model_copy(update={"id": f"copy {number}", "url": None, "source": f"wire {number % 20}"})
        for number in range(len(articles) - len(originals))
    ]
    return draw.sample([*originals, *again], len(articles))


def _encode_s(service: Clusterer, texts: list[str]) -> float:
    started = time.perf_counter()
    for start in range(0, len(texts), 64):
        service.encoder.encode(texts[start : start + 64])
    return time.perf_counter() - started


def _until_assigned(service: Clusterer, first: list[ArticleIn], supervisor: Supervisor) -> None:
    collection = service.collection()
    if first:
        collection.intake.accept(first)
    until = time.monotonic() + _LIMIT_S
    while collection.books.books().pending:
        if time.monotonic() > until:
            raise SystemExit(f"not assigned within {_LIMIT_S} s")
        supervisor.poll()
        time.sleep(0.02)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=1, help="articles workers")
    parser.add_argument("--copies", type=float, default=0.0, help="share of articles that are copies of others, 0 to 1")
    parser.add_argument("--file", type=Path, help="JSON lines to take articles from instead of the mixed sample")
    options = parser.parse_args()
    rows = from_file(options.file, options.articles) if options.file else synthetic(options.articles, seed=1)
    if options.copies:
        rows = with_copies(rows, options.copies, seed=2)
    folder = Path(tempfile.mkdtemp(prefix="clusterer-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # registered first, so it runs after Redis has stopped
    found = measure(rows, Settings(data_dir=folder), options.workers)
    texts = str(options.file.name) if options.file else "mixed sample"
    print(json.dumps(found | {"texts": texts, "copies": options.copies} | surroundings(), indent=2))


if __name__ == "__main__":
    main()
