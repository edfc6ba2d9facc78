"""Ten nightly runs over a growing stream: does every public id that should stay stay, and does every id ever given out resolve?

The articles of all files are shuffled together and arrive in equal parts, one part a day; after each part the nightly job runs with the
shipped limits. What each night did is compared with the memberships before it, from the outside: nothing of the job's own matching is
used. A cluster whose members are unchanged must keep its id; so must one that overlaps most with a group that overlaps most with it, by
half or more, counted in originals: copies have no say in who keeps an id. Exits 1 when an id that should have stayed did not, or one
does not resolve.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.connections import connect_redis
from clusterer.evaluation.clusters import SetClock, load_set
from clusterer.evaluation.vector_cache import CachedEncoder
from clusterer.logging import configure_logging
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.upkeep.audit import audit
from clusterer.settings import Settings

_START = datetime(2026, 1, 1, tzinfo=UTC)
_ACCEPTED_AT_ONCE = 64
_MIN_OVERLAP = 0.5

Members = Mapping[str, frozenset[int]]  # cluster id -> seqs


@dataclass(slots=True)
class NightComparison:
    """Ids that had to stay, and those of them that did not; ids ever given out, and those that lead nowhere."""

    unchanged: int = 0
    unchanged_renamed: list[str] = field(default_factory=list)
    overlapping: int = 0
    overlapping_renamed: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        return not (self.unchanged_renamed or self.overlapping_renamed or self.unresolved)


def read(paths: list[Path], limit: int, seed: int) -> list[ArticleIn]:
    """The articles of all files, shuffled; at most `limit` of each. Ids are made distinct by the file's name."""
    articles = [
        one.model_copy(update={"id": f"{labelled.name}/{one.id}"[:200]})
        for path in paths
        for labelled in [load_set(path)]
        for one in labelled.articles[:limit]
    ]
    random.Random(seed).shuffle(articles)
    return articles


def nights(service: Clusterer, clock: SetClock, articles: list[ArticleIn], count: int) -> Iterator[dict[str, Any]]:
    """One dictionary of figures for each night."""
    collection = service.collection()
    for number in range(count):
        clock.time = _START + timedelta(days=number)
        began = time.perf_counter()
        part = articles[len(articles) * number // count : len(articles) * (number + 1) // count]
        for start in range(0, len(part), _ACCEPTED_AT_ONCE):
            collection.intake.accept(part[start : start + _ACCEPTED_AT_ONCE])
        service.drain()
        day_s = time.perf_counter() - began
        before = both_memberships(collection)
        clock.time += timedelta(hours=20)
        began = time.perf_counter()
        run = collection.nightly.run("benchmark", actor="benchmark")
        night_s = time.perf_counter() - began
        after = both_memberships(collection)
        comparison = compare(before, after, collection)
        yield {
            "night": number + 1,
            "outcome": run.outcome,
            "objections": list(run.objections),
            **{name: run.figures[name] for name in ("articles", "merged", "split", "created", "moved_articles")},
            "clusters": len(after[0]),
            "kept_ids": len(before[0].keys() & after[0].keys()),
            "unchanged": comparison.unchanged,
            "overlapping": comparison.overlapping,
            "renamed": comparison.unchanged_renamed + comparison.overlapping_renamed,
            "unresolved": comparison.unresolved,
            "audit_problems": list(audit(collection.books).problems),
            "good": comparison.good,
            "day_s": round(day_s, 1),
            "night_s": round(night_s, 1),
        }


def memberships(collection: Collection, *, originals: bool = False) -> Members:
    """All clusters as readers see them now; with `originals` without the copies in them."""
    books = collection.books
    members: dict[str, set[int]] = defaultdict(set)
    after = 0
    while seqs := books.accepted_seqs(after, 5_000):
        after = seqs[-1]
        for facts in books.facts(seqs):
            if facts is None or facts.cluster is None or (originals and facts.copy_of is not None):
                continue
            members[facts.cluster].add(facts.seq)
    return {cluster: frozenset(seqs) for cluster, seqs in members.items()}


def both_memberships(collection: Collection) -> tuple[Members, Members]:
    """All members, and the originals among them."""
    return memberships(collection), memberships(collection, originals=True)


def compare(before: tuple[Members, Members], after: tuple[Members, Members], collection: Collection) -> NightComparison:
    """Holds a night against its promises. before, after: all members, and the originals among them."""
    comparison = NightComparison()
    new_id = {seqs: cluster for cluster, seqs in after[0].items()}
    for cluster, seqs in before[0].items():
        if seqs in new_id:
            comparison.unchanged += 1
            if new_id[seqs] != cluster:
                comparison.unchanged_renamed.append(cluster)
    for cluster, successor in mutual_best(before[1], after[1]):
        comparison.overlapping += 1
        if cluster != successor:
            comparison.overlapping_renamed.append(cluster)
    comparison.unresolved = [one for one in ids_ever(collection) if collection.books.resolve(one) not in after[0]]
    return comparison


def mutual_best(before: Members, after: Members) -> Iterator[tuple[str, str]]:
    """Clusters that are each other's best by Jaccard overlap of at least one half; ties, where either would do, are left out."""
    old_of = {seq: cluster for cluster, seqs in before.items() for seq in seqs}
    overlaps: dict[str, dict[str, float]] = defaultdict(dict)
    reverse: dict[str, dict[str, float]] = defaultdict(dict)
    for new, seqs in after.items():
        for old in {old_of[seq] for seq in seqs if seq in old_of}:
            overlap = len(before[old] & seqs) / len(before[old] | seqs)
            overlaps[old][new] = reverse[new][old] = overlap
    for old, found in overlaps.items():
        best = max(found.values())
        winners = [new for new, overlap in found.items() if overlap == best]
        if best >= _MIN_OVERLAP and len(winners) == 1:
            rivals = [one for one, overlap in reverse[winners[0]].items() if overlap >= best]
            if rivals == [old]:
                yield old, winners[0]


def ids_ever(collection: Collection) -> set[str]:
    """Every cluster id that the change feed has named."""
    ids: set[str] = set()
    after = 0
    while changes := collection.books.changes(after, 1_000):
        after = changes[-1].number
        ids |= {one for change in changes for one in (change.cluster, change.other) if one}
    return ids


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help="(gzipped) JSON lines, as `clusterer ingest` takes them")
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--limit", type=int, default=1_000_000, help="most articles of each file")
    parser.add_argument("--model", default=Settings().model, help="`hashing` needs no model")
    parser.add_argument("--cache", type=Path, help="keep vectors in this folder between runs")
    parser.add_argument("--redis", action="store_true", help="state in a private Redis instead of memory")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    articles = read(options.files, options.limit, options.seed)
    settings = Settings(model=options.model, log_level="error")
    configure_logging(settings)
    clock = SetClock(_START)
    with tempfile.TemporaryDirectory(prefix="clusterer-nights-") as folder, contextlib.ExitStack() as stack:
        service = Clusterer.in_memory(settings, clock=clock)
        if options.redis:
            server = stack.enter_context(EmbeddedRedis(Path(folder), "everysec"))
            service = Clusterer.over(RedisStore(connect_redis(server.url)), settings, clock=clock)
        if options.cache:
            service.encoder = CachedEncoder(service.encoder, options.cache)
        rows = []
        for row in nights(service, clock, articles, options.nights):
            rows.append(row)
            print(json.dumps(row), file=sys.stderr, flush=True)
    sums = {
        name: sum(row[name] for row in rows) for name in ("merged", "split", "created", "moved_articles", "kept_ids")
    }
    good = all(row["good"] for row in rows)
    print(
        json.dumps({"articles": len(articles), "model": settings.model, "good": good, **sums, "nights": rows}, indent=2)
    )
    sys.exit(not good)


if __name__ == "__main__":
    main()
