"""What an article and a copy cost in Redis, by kind of key and by field. Prints JSON.

    python -m benchmarks.memory [--articles 600] [--copies 300] [--file FILE]

The articles pass through the whole pipeline, with an encoder that needs no model, into a private redis-server; then some of them
arrive again under other ids, from another source. Bytes are those that Redis names (MEMORY USAGE, every element looked at; INFO for all).
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import redis

from benchmarks.arrival import surroundings
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.logging import configure_logging
from clusterer.pipeline.intake import ArticleIn, parse_article
from clusterer.samples import sample_rows
from clusterer.settings import Settings

_FIELDS = ("id", "url", "title", "text", "html", "source", "published_at", "lang")
_ARTICLES_KEYS = "clu:{default}:a:*"
_BATCH = 32


def articles_of(file: Path | None, count: int) -> list[ArticleIn]:
    """The first articles of a file of JSON lines, or of the sample stream."""
    if file is None:
        rows = sample_rows()
    else:
        with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in islice(lines, count)]
    return [parse_article({name: row[name] for name in _FIELDS if name in row}) for row in rows[:count]]


def measure(articles: Sequence[ArticleIn], copies: int) -> dict[str, Any]:
    """The figures of one run. Copies are of the first articles; their figures are what they added."""
    again = [
        one.model_copy(update={"id": f"{one.id}#copy", "url": None, "source": "another"}) for one in articles[:copies]
    ]
    with (
        tempfile.TemporaryDirectory(prefix="clusterer-memory-") as folder,
        EmbeddedRedis(Path(folder), "everysec") as server,
        redis.Redis.from_url(server.url) as client,
    ):
        service = Clusterer.over(RedisStore(client), Settings(model="hashing"))
        _work(service, articles[:_BATCH])  # the profile of a source and the like are there once
        start = _held(client)
        _work(service, articles[_BATCH:])
        unique = _held(client)
        _work(service, again)
        return {
            "articles": len(articles),
            "unique": _each(unique, start, len(articles) - _BATCH),
            "copies": _each(_held(client), unique, len(again)) if again else None,
        }


def _work(service: Clusterer, articles: Sequence[ArticleIn]) -> None:
    for start in range(0, len(articles), _BATCH):
        service.collection().intake.accept(articles[start : start + _BATCH])
        service.drain()


def _held(client: redis.Redis) -> dict[str, Counter[str]]:
    """Bytes by kind of key, and of the values in articles by field."""
    kinds: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for key in client.scan_iter("clu:*", 1_000):
        kind = key.decode("latin-1").replace("{default}:", "").split(":")[1]
        kinds[kind] += client.memory_usage(key, samples=0)
    for key in client.scan_iter(_ARTICLES_KEYS, 1_000):
        for name, value in client.hgetall(key).items():
            fields[name.decode()] += len(value)
    used = Counter({"used": int(client.info("memory")["used_memory"])})
    return {"kinds": kinds, "fields": fields, "used": used}


def _each(now: dict[str, Counter[str]], before: dict[str, Counter[str]], count: int) -> dict[str, Any]:
    added = {part: {name: (now[part][name] - before[part][name]) / count for name in now[part]} for part in now}
    shown = {part: {name: round(size) for name, size in _largest(added[part])} for part in ("kinds", "fields")}
    body = added["fields"].get("article", 0.0)
    return {
        "bytes": round(sum(added["kinds"].values())),
        "bytes_without_body": round(sum(added["kinds"].values()) - body),
        "used_memory": round(added["used"]["used"]),
        **shown,
    }


def _largest(sizes: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(((name, size) for name, size in sizes.items() if size >= 1), key=lambda pair: -pair[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--copies", type=int, default=300)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    configure_logging(Settings(log_level="warning"))
    figures = measure(articles_of(options.file, options.articles), options.copies)
    print(json.dumps(figures | surroundings(), indent=2))


if __name__ == "__main__":
    main()
