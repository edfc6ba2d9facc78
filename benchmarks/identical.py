"""`python -m benchmarks.identical [--articles N]`: one text under N ids, as a broken feed sends it, from acceptance to a clean audit."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import redis

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit
from clusterer.settings import Settings

_TEXT = (
    "The river Wend rose over its banks at Lowfield on Monday night and flooded some two hundred houses in the old town. "
    "Firefighters brought forty people to safety in boats, among them a family with a newborn child. "
) * 4
_AT_ONCE = 1_000


def measure(client: redis.Redis, articles: int) -> dict[str, Any]:
    """Seconds of each step, memory of Redis, and what came of the articles."""
    service = Clusterer.over(RedisStore(client), Settings(model="hashing"))
    collection = service.collection()
    marks = [time.monotonic()]
    for start in range(0, articles, _AT_ONCE):
        numbers = range(start, min(articles, start + _AT_ONCE))
        collection.intake.accept([parse_article({"id": f"same-{number}", "text": _TEXT}) for number in numbers])
    marks.append(time.monotonic())
    service.drain()
    marks.append(time.monotonic())
    report = audit(collection.books)
    marks.append(time.monotonic())
    accepted_s, drained_s, audited_s = (round(b - a, 1) for a, b in pairwise(marks))
    memory: Any = client.info("memory")
    return {
        "articles": articles,
        "assigned": collection.books.books().assigned,
        "clusters": len(collection.books.cluster_ids("size", None, 10)),
        "accepted_s": accepted_s,
        "drained_s": drained_s,
        "audited_s": audited_s,
        "audit_clean": report.clean,
        "repaired_entries": service.sweep(),
        "redis_bytes": memory["used_memory"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    articles: int = parser.parse_args().articles
    folder = Path(tempfile.mkdtemp(prefix="clusterer-identical-"))
    try:
        with EmbeddedRedis(folder, "everysec") as server, redis.Redis.from_url(server.url) as client:
            print(json.dumps(measure(client, articles), indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
