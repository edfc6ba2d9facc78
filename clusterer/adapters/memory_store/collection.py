"""One collection's books in memory: what writers do is inherited, what readers ask is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from clusterer import codec
from clusterer.adapters.memory_store.reembedding import Reembedding
from clusterer.adapters.memory_store.state import digest, locked, page
from clusterer.core.errors import ChangesTrimmed
from clusterer.core.model import Document
from clusterer.core.records import Books, Change, ClusterRecord


class MemoryCollection(Reembedding):
    """A CollectionStore; see there for what each method promises."""

    @locked
    def revisions(self, article_id: str) -> list[int]:
        return list(self._by_article.get(digest(article_id), ()))

    @locked
    def seqs_of_url(self, url: str) -> list[int]:
        return list(self._by_url.get(url, ()))

    @locked
    def document(self, seq: int) -> Document | None:
        row = self._rows.get(seq)
        return None if row is None or row.document is None else codec.decode_document(row.document)

    @locked
    def reasons(self, seq: int) -> bytes | None:
        row = self._rows.get(seq)
        return None if row is None else row.reasons

    @locked
    def copies_of(self, seq: int, limit: int) -> list[int]:
        return page(self._followers.get(seq, set()), 0, limit)

    @locked
    def cluster(self, cluster_id: str, generation: int | None = None) -> ClusterRecord | None:
        clustering = self._generation(generation)
        record = clustering.record(cluster_id) if clustering else None
        return replace(record, pinned=cluster_id in self._pinned()) if record else None

    @locked
    def resolve(self, cluster_id: str) -> str | None:
        return self._clustering.resolve(cluster_id)

    @locked
    def members(self, cluster_id: str, after: int, limit: int, generation: int | None = None) -> list[int]:
        clustering = self._generation(generation)
        cluster = clustering.clusters.get(cluster_id) if clustering else None
        return page(set(cluster.members), after, limit) if cluster else []

    @locked
    def cluster_ids(
        self, sort: Literal["last_seen", "size"], below: tuple[float, str] | None, limit: int
    ) -> list[tuple[float, str]]:
        living = self._clustering.living()
        if sort == "size":
            pairs = [(float(len(cluster.members)), cluster.id) for cluster in living]
        else:
            pairs = [(cluster.last_seen.timestamp(), cluster.id) for cluster in living if cluster.last_seen]
        return sorted((pair for pair in pairs if below is None or pair < below), reverse=True)[:limit]

    @locked
    def changes(self, after: int, limit: int) -> list[Change]:
        start = max(after, 0) - self._trimmed
        if start < 0:
            raise ChangesTrimmed(self._trimmed + 1)
        return self._changes[start : start + limit]

    @locked
    def changes_of(self, cluster_id: str, after: int, limit: int) -> list[Change]:
        changes = (change for change in self._changes if change.number > after)
        return [change for change in changes if cluster_id in (change.cluster, change.other)][:limit]

    @locked
    def books(self) -> Books:
        states = Counter(row.state for row in self._rows.values())
        return Books(
            accepted=len(self._rows),
            pending=states["pending"],
            assigned=states["assigned"],
            dead=states["dead"],
            erased=states["erased"],
            expired=states["expired"],
        )

    @locked
    def queue_facts(self) -> Mapping[str, float]:
        inbox, ready = self._streams["inbox"], self._streams["ready"]
        return {
            "inbox_length": len(inbox),
            "ready_length": len(ready),
            "inbox_age_s": inbox.age_s(),
            "ready_age_s": ready.age_s(),
            "dead_length": sum(row.state == "dead" for row in self._rows.values()),
            "rejected_length": len(self._rejected),
            "refused_commits": self._refused,
            "repaired_entries": self._repaired,
        }

    @locked
    def accepted_seqs(self, after: int, limit: int) -> list[int]:
        return list(range(max(after, 0) + 1, len(self._rows) + 1))[:limit]
