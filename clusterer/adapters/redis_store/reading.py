"""What is known of articles and clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from clusterer import codec
from clusterer.adapters.redis_store.keys import digest, from_ms
from clusterer.adapters.redis_store.link import Published
from clusterer.adapters.redis_store.packing import relations as decode_relations
from clusterer.adapters.redis_store.packing import text, unpack, unpack_document
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.rows import FACTS, change_of, cluster_of, facts_of, number_of
from clusterer.adapters.redis_store.sending import Command
from clusterer.core.cluster_records import Change, ClusterRecord
from clusterer.core.errors import ChangesTrimmed
from clusterer.core.model import Article, Document, copy_of
from clusterer.core.records import Assigned, Books, Known, Parked, PreparedFacts, QueueFacts
from clusterer.core.urls import canonical_url

if TYPE_CHECKING:
    from clusterer.core.evidence.evidence import Evidence

_AT_ONCE = 1_000
_PARKED_AMONG = 1_000
_TEXTS_AT_ONCE = 50  # compressed, and each can be a megabyte
_SORTS = {"last_seen": "last", "size": "size"}


class RedisReading(Part):
    """The read part of CollectionStore, and its bulk reads; see there."""

    def facts(self, seqs: Sequence[int]) -> list[PreparedFacts | None]:
        """See CollectionStore.facts."""
        clusters, rows, _ = self._with_clusters(seqs, FACTS)
        return [facts_of(*known) for known in zip(seqs, rows, clusters, strict=True)]

    def assigned(self, seqs: Sequence[int]) -> list[Assigned]:
        """See CollectionStore.assigned."""
        clusters, rows, _ = self._with_clusters(seqs, ("received", "relations", "change"))
        return [
            Assigned(seq, cluster.decode(), from_ms(received), copy_of(decode_relations(relations)), number_of(change))
            for seq, (received, relations, change), cluster in zip(seqs, rows, clusters, strict=True)
            if cluster is not None and received is not None
        ]

    def registered(self, seqs: Sequence[int]) -> list[Known | None]:
        """See CollectionStore.registered."""
        rows = self._link.fields(seqs, "fingerprint", *FACTS)
        fingerprints = self._fingerprints.read(seqs, [fingerprint for fingerprint, *_ in rows])
        facts = [facts_of(seq, row, None) for seq, (_, *row) in zip(seqs, rows, strict=True)]
        return [
            None if known is None or fingerprint is None else Known.of(known, fingerprint)
            for known, fingerprint in zip(facts, fingerprints, strict=True)
        ]

    def evidence(self, seqs: Sequence[int], near: bool = False) -> list[Evidence | None]:
        """See CollectionStore.evidence. The vectors are all of one model."""
        from clusterer.core.evidence.evidence import evidence_of

        fields = (*FACTS, "sparse", "near") if near else (*FACTS, "sparse")
        clusters, rows, vectors = self._with_clusters(seqs, fields, vectors=True)
        found: list[Evidence | None] = []
        for seq, row, cluster, vector in zip(seqs, rows, clusters, vectors, strict=True):
            sparse, *kept = row[len(FACTS) :]
            facts = facts_of(seq, row[: len(FACTS)], cluster)
            found.append(None if facts is None or sparse is None else evidence_of(facts, vector, sparse, *kept))
        return found

    def vectors(self, seqs: Sequence[int]) -> list[bytes | None]:
        """See CollectionStore.vectors."""
        key = self._link.key
        parts = [seqs[start : start + _AT_ONCE] for start in range(0, len(seqs), _AT_ONCE)]
        replies = self._link.of_published(
            lambda published: [("MGET", *(key(f"{published.vectors}:{seq}") for seq in part)) for part in parts]
        )
        return [vector for reply in replies for vector in reply]

    def _with_clusters(
        self, seqs: Sequence[int], fields: Sequence[str], vectors: bool = False
    ) -> tuple[list[bytes | None], list[list[bytes | None]], list[bytes | None]]:
        """Of each article: its published cluster, some of its fields, and its vector if wanted."""
        if not seqs:
            return [], [], []
        key = self._link.key
        parts = [seqs[start : start + _AT_ONCE] for start in range(0, len(seqs), _AT_ONCE)]

        def commands(published: Published) -> Iterator[Command]:
            for part in parts:
                yield ("HMGET", key(f"g{published.generation}:assign"), *part)
            for part in parts if vectors else ():
                yield ("MGET", *(key(f"{published.vectors}:{seq}") for seq in part))
            for seq in seqs:
                yield ("HMGET", key(f"a:{seq}"), *fields)

        replies = self._link.of_published(commands)
        many = len(parts)
        rows = replies[-len(seqs) :]
        found = [value for reply in replies[many : 2 * many] for value in reply] if vectors else []
        return [cluster for reply in replies[:many] for cluster in reply], rows, found

    def revisions(self, article_id: str) -> list[int]:
        """See CollectionStore.revisions."""
        return self.revisions_of([article_id])[0]

    def revisions_of(self, article_ids: Sequence[str]) -> list[list[int]]:
        """See CollectionStore.revisions_of."""
        found = self._link.do_all(("HVALS", self._link.key("id:" + digest(one))) for one in article_ids)
        return [sorted({int(seq) for seq in seqs}) for seqs in found]  # `latest` names one of them twice

    def seqs_of_url(self, url: str) -> list[int]:
        """See CollectionStore.seqs_of_url."""
        forms = {canonical_url(url), url}  # releases before stored it as it was sent
        return sorted(
            int(seq) for seq in self._link.do("SUNION", *(self._link.key("url:" + digest(form)) for form in forms))
        )

    def document(self, seq: int) -> Document | None:
        """See CollectionStore.document."""
        ((article, document),) = self._link.fields([seq], "article", "document")
        return None if document is None else unpack_document(document, article)

    def texts(self, seqs: Sequence[int]) -> Iterator[tuple[Article | None, Document | None]]:
        """See CollectionStore.texts."""
        for start in range(0, len(seqs), _TEXTS_AT_ONCE):
            for packed, document in self._link.fields(seqs[start : start + _TEXTS_AT_ONCE], "article", "document"):
                article = None if packed is None else unpack(packed)
                yield (
                    None if article is None else codec.decode_article(article),
                    None if document is None else codec.decode_document(unpack(document, article or b"")),
                )

    def reasons(self, seq: int) -> bytes | None:
        """See CollectionStore.reasons."""
        return self.reasons_of([seq])[0]

    def reasons_of(self, seqs: Sequence[int]) -> list[bytes | None]:
        """See CollectionStore.reasons_of."""
        return [None if data is None else unpack(data) for (data,) in self._link.fields(seqs, "reasons")]

    def copies_of(self, seq: int, limit: int | None = None) -> list[int]:
        """See CollectionStore.copies_of."""
        last = -1 if limit is None else limit - 1
        return [int(copy) for copy in self._link.do("ZRANGE", self._link.key(f"copies:{seq}"), 0, last)]

    def cluster(self, cluster_id: str, generation: int | None = None) -> ClusterRecord | None:
        """See CollectionStore.cluster."""
        return self.clusters([cluster_id], generation)[0]

    def clusters(self, cluster_ids: Sequence[str], generation: int | None = None) -> list[ClusterRecord | None]:
        """See CollectionStore.clusters."""
        generation = self._link.generation() if generation is None else generation
        key = self._link.key
        rows = iter(
            self._link.do_all(
                command
                for cluster_id in cluster_ids
                for command in (
                    ("HGETALL", key(f"g{generation}:c:{cluster_id}")),
                    ("SMEMBERS", key(f"g{generation}:a:{cluster_id}")),
                    ("SISMEMBER", key("pinned"), cluster_id),
                )
            )
        )
        return [
            cluster_of(cluster_id, generation, counters, aliases, bool(pinned)) if counters else None
            for cluster_id, counters, aliases, pinned in zip(cluster_ids, rows, rows, rows, strict=True)
        ]

    def resolve(self, cluster_id: str) -> str | None:
        """See CollectionStore.resolve."""
        living: bytes | None = self._link.run("resolve", cluster_id)
        return text(living)

    def members(self, cluster_id: str, after: int, limit: int, generation: int | None = None) -> list[int]:
        """See CollectionStore.members."""
        generation = self._link.generation() if generation is None else generation
        key = self._link.key(f"g{generation}:m:{cluster_id}")
        return [int(seq) for seq in self._link.do("ZRANGEBYSCORE", key, f"({after}", "+inf", "LIMIT", 0, limit)]

    def latest_members(self, cluster_ids: Sequence[str], most: int, generation: int | None = None) -> list[list[int]]:
        """See CollectionStore.latest_members."""
        generation = self._link.generation() if generation is None else generation
        found = self._link.do_all(
            ("ZRANGE", self._link.key(f"g{generation}:m:{one}"), -most, -1) for one in cluster_ids
        )
        return [[int(seq) for seq in seqs] for seqs in found]

    def cluster_ids(
        self, sort: Literal["last_seen", "size"], below: tuple[float, str] | None, limit: int
    ) -> list[tuple[float, str]]:
        """See CollectionStore.cluster_ids. last_seen is in seconds since 1970."""
        scale = 1000 if sort == "last_seen" else 1
        place = ("", "") if below is None else (round(below[0] * scale), below[1])
        flat = self._link.run("ranking", _SORTS[sort], limit, *place)
        return [(float(flat[i + 1]) / scale, flat[i].decode()) for i in range(0, len(flat), 2)]

    def cluster_count(self, generation: int | None = None) -> int:
        """See CollectionStore.cluster_count."""
        generation = self._link.generation() if generation is None else generation
        return int(self._link.do("ZCARD", self._link.key(f"g{generation}:last")))

    def changes(self, after: int, limit: int) -> list[Change]:
        """See CollectionStore.changes."""
        key, after = self._link.key, max(after, 0)
        entries, trimmed = self._link.do_all(
            [("XRANGE", key("log"), f"{after + 1}-0", "+", "COUNT", limit), ("HGET", key("head"), "trimmed")]
        )
        changes = [change_of(entry, fields) for entry, fields in entries]
        if int(trimmed or 0) > after and not (changes and changes[0].number == after + 1):
            raise ChangesTrimmed(int(trimmed) + 1)
        return changes

    def changes_of(self, cluster_id: str, after: int, limit: int) -> list[Change]:
        """See CollectionStore.changes_of."""
        key, log = self._link.key(f"h:{cluster_id}"), self._link.key("log")
        numbers = [number for number in map(int, self._link.do("LRANGE", key, 0, -1)) if number > after]
        commands = [("XRANGE", log, f"{number}-0", f"{number}-0") for number in numbers[:limit]]
        return [change_of(entry, fields) for reply in self._link.do_all(commands) for entry, fields in reply]

    def books(self) -> Books:
        """See CollectionStore.books."""
        names = ("accepted", "pending", "assigned", "dead", "erased", "expired")
        return Books(*(int(count or 0) for count in self._link.do("HMGET", self._link.key("counts"), *names)))

    def queue_facts(self) -> QueueFacts:
        """See CollectionStore.queue_facts. Ages by the clock of Redis, since the entry was put in."""
        key = self._link.key
        replies = self._link.do_all(
            [
                ("XLEN", key("inbox")),
                ("XLEN", key("ready")),
                ("ZCARD", key("dead")),
                ("XLEN", key("rejected")),
                ("XRANGE", key("inbox"), "-", "+", "COUNT", 1),
                ("XRANGE", key("ready"), "-", "+", "COUNT", 1),
                ("HMGET", key("counts"), "fenced", "repaired"),
                ("TIME",),
                ("INFO", "memory"),
            ]
        )
        inbox, ready, dead, rejected, oldest_inbox, oldest_ready, (fenced, repaired), now, memory = replies
        now_ms = int(now[0]) * 1000 + int(now[1]) // 1000
        return QueueFacts(
            inbox_length=inbox,
            ready_length=ready,
            inbox_age_s=_age_s(oldest_inbox, now_ms),
            ready_age_s=_age_s(oldest_ready, now_ms),
            dead_length=dead,
            rejected_length=rejected,
            refused_commits=int(fenced or 0),
            repaired_entries=int(repaired or 0),
            memory_ratio=memory["used_memory"] / (memory["maxmemory"] or memory["total_system_memory"]),
        )

    def parked(self) -> Parked:
        """See CollectionStore.parked."""
        length, since_ms = self._link.run("parked", _PARKED_AMONG)
        if not since_ms:
            return Parked(length)
        seconds, microseconds = self._link.do("TIME")
        return Parked(length, max(0.0, seconds + microseconds / 1e6 - int(since_ms) / 1000))

    def accepted_seqs(self, after: int, limit: int) -> list[int]:
        """See CollectionStore.accepted_seqs. Every seq ever issued stays, be it as a tombstone."""
        last = int(self._link.do("HGET", self._link.key("head"), "seq") or 0)
        return list(range(after + 1, min(last, after + limit) + 1))


def _age_s(oldest: Sequence[tuple[bytes, Any]], now_ms: int) -> float:
    return max(0, now_ms - int(oldest[0][0].split(b"-")[0])) / 1000 if oldest else 0.0
