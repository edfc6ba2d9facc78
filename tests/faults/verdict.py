"""The end of a run: what was promised against what is in the books."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from clusterer.pipeline.collection import Collection
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import CollectionStore

from .client import Client

_NAMED = 10


def judge(collection: Collection, client: Client, events_exact: bool) -> dict[str, Any]:
    """Problems, each a sentence, and counts. No problems: nothing lost, nothing double, books and change feed agree."""
    books = collection.books
    counts, facts = books.books(), books.queue_facts()
    audited = audit(books)
    problems = list(audited.problems)
    problems += list(client.refusals[:_NAMED])
    problems += _broken_promises(books, client.journal)
    if counts.accepted != counts.assigned:
        problems.append(
            f"accepted {counts.accepted}, assigned {counts.assigned}, dead {counts.dead}: {books.dead(0, 5)}"
        )
    if facts.repaired_entries:
        problems.append(f"the sweep found {facts.repaired_entries} articles in no queue: a script was not atomic")
    kinds = Counter(change.kind for change in _changes(books))
    split, mixed = _events(books)
    if events_exact and (split or mixed):
        problems.append(f"events split {split}, mixed {mixed}: decided on stale knowledge")
    return {
        "problems": problems,
        "promised": len(client.journal),
        "accepted": counts.accepted,
        "assigned": counts.assigned,
        "dead": counts.dead,
        "copies": audited.counts.get("copies", 0),
        "clusters": audited.counts.get("clusters", 0),
        "generation": books.position().generation,
        "changes": dict(kinds),
        "log_replayed": audited.replayed,
        "refused_commits": int(facts.refused_commits),
        "client_retries": client.retries,
        "events_split": split,
        "events_mixed": mixed,
    }


def _broken_promises(books: CollectionStore, journal: Iterable[tuple[str, int]]) -> list[str]:
    """Articles that were answered with 202 and are not in the books, or not in a cluster."""
    missing = []
    for article_id, revision in sorted(journal):
        seqs = books.revisions(article_id)
        fact = books.facts([seqs[revision - 1]])[0] if len(seqs) >= revision else None
        if fact is None or fact.article_id != article_id or fact.cluster is None:
            missing.append(f"{article_id} revision {revision}")
    return [f"{len(missing)} promised articles are lost: {', '.join(missing[:_NAMED])}"] if missing else []


def _changes(books: CollectionStore) -> Iterable[Any]:
    after = 0
    while changes := books.changes(after, 1_000):
        yield from changes
        after = changes[-1].number


def _events(books: CollectionStore) -> tuple[int, int]:
    """Of the stream's events: how many are in several clusters; and how many clusters hold several of them."""
    clusters: dict[str, set[str]] = defaultdict(set)
    mixed = 0
    below: tuple[float, str] | None = None
    while rows := books.cluster_ids("size", below, 500):
        below = rows[-1]
        for _, cluster_id in rows:
            ids = [fact.article_id for fact in books.facts(books.members(cluster_id, 0, 10_000)) if fact]
            events = {part for article_id in ids for part in article_id.split("/") if "event" in part}
            mixed += len(events) > 1
            for event in events:
                clusters[event].add(cluster_id)
    return sum(len(found) > 1 for found in clusters.values()), mixed
