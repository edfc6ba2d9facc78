"""The articles workers' half of the books: accept, prepare, bury."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from clusterer import codec
from clusterer.adapters.memory_store.state import Row, State, check_batch, digest, locked
from clusterer.core.errors import ModelMismatch
from clusterer.core.model import Fingerprint
from clusterer.core.records import (
    Leased,
    NewRevision,
    PostingHits,
    Prepared,
    PreparedFacts,
    Receipt,
    Received,
    Registration,
)
from clusterer.ports import Queue

_REJECTED_CHARS = 10_000


class Intake(State):
    """See CollectionStore for what each method promises."""

    @locked
    def accept(self, revisions: Sequence[NewRevision]) -> list[Receipt]:
        check_batch(revisions)
        return [self._accept(new) for new in revisions]

    def _accept(self, new: NewRevision) -> Receipt:
        article = new.article
        key = digest(article.id)
        content = (key, new.content_hash)
        known = self._by_content.get(content)
        if known is not None:
            return Receipt(article.id, known, self._rows[known].revision, "known")
        seq = len(self._rows) + 1
        earlier = self._by_article[key]
        facts = PreparedFacts(
            seq=seq,
            article_id=article.id,
            source=article.source,
            url=article.url,
            lang=article.lang,
            title=article.title or "",
            published_at=article.published_at,
            received_at=new.received_at,
            state="pending",
        )
        row = Row(
            facts=facts,
            article=codec.encode_article(article),
            revision=len(earlier) + 1,
            previous=earlier[-1] if earlier else None,
            content_hash=new.content_hash,
        )
        self._rows[seq] = row
        self._by_content[content] = seq
        earlier.append(seq)
        if article.url is not None:
            self._by_url[article.url].append(seq)
        self._enqueue(row, "received")
        return Receipt(article.id, seq, row.revision, "accepted")

    @locked
    def reject(self, payload: str, reason: str, at: datetime) -> None:
        self._rejected.append((payload[:_REJECTED_CHARS], reason, at))

    @locked
    def lease(self, queue: Queue, worker: str, count: int, lease_s: float) -> list[Leased]:
        stream = self._streams[queue]
        return stream.lease(count, lease_s)

    @locked
    def received(self, seqs: Sequence[int]) -> list[Received | None]:
        check_batch(seqs)
        return [self._received(seq) for seq in seqs]

    def _received(self, seq: int) -> Received | None:
        row = self._rows.get(seq)
        if row is None:
            return None
        return Received(
            seq=seq,
            article=codec.decode_article(row.article),
            revision=row.revision,
            previous=row.previous,
            content_hash=row.content_hash,
            received_at=row.facts.received_at,
            state=row.state,
            stage=row.stage,
            reason=row.reason,
        )

    @locked
    def fingerprints(self, seqs: Sequence[int]) -> list[Fingerprint | None]:
        stored = [row.fingerprint if (row := self._rows.get(seq)) else None for seq in seqs]
        return [None if data is None else codec.decode_fingerprint(data) for data in stored]

    @locked
    def register(self, registrations: Sequence[Registration]) -> list[PostingHits]:
        check_batch(registrations)
        return [self._register(one) for one in registrations]

    def _register(self, one: Registration) -> PostingHits:
        row = self._rows.get(one.seq)
        if row is None or row.state in ("erased", "expired"):
            return PostingHits()
        if row.queue == "inbox":  # later its language is part of a cluster's counters
            row.fingerprint = codec.encode_fingerprint(one.fingerprint)
            row.keep_document(one.document)
        return self._posting.register(one.seq, one.terms.exact, one.terms.bands, one.terms.sketch, one.at)

    @locked
    def facts(self, seqs: Sequence[int]) -> list[PreparedFacts | None]:
        return [self._facts(seq) for seq in seqs]

    def _facts(self, seq: int) -> PreparedFacts | None:
        row = self._rows.get(seq)
        if row is None:
            return None
        relations = () if row.relations is None else codec.decode_relations(row.relations)
        cluster = self._clustering.cluster_of.get(seq)
        return replace(row.facts, state=row.state, relations=relations, cluster=cluster)

    @locked
    def hand_over(self, worker: str, items: Sequence[tuple[str, Prepared]], model: str) -> None:
        check_batch(items)
        if any(prepared.vectors is not None for _, prepared in items):
            if self._model not in (None, model):
                raise ModelMismatch(
                    f"collection {self._name!r} holds vectors of {self._model}, not of {model}: run `clusterer reembed`"
                )
            self._model = model
        for _, prepared in items:
            row = self._rows.get(prepared.seq)
            if row is not None and row.queue == "inbox":
                row.attempts = 0
                self._keep(row, prepared)
                self._enqueue(row, "ready")

    def _keep(self, row: Row, prepared: Prepared) -> None:
        row.keep_document(prepared.document)
        row.facts = replace(row.facts, movable=prepared.movable)
        row.fingerprint = codec.encode_fingerprint(prepared.fingerprint)
        row.relations = codec.encode_relations(prepared.relations)
        row.vectors, row.staged, row.sparse = prepared.vectors, None, prepared.sparse
        if self._next_model is not None and prepared.vectors is not None:
            self._unembedded.add(prepared.seq)
        for relation in prepared.relations[:1]:
            self._followers[relation.other].add(prepared.seq)

    @locked
    def boilerplate(self, source: str) -> bytes | None:
        return self._profiles.get(source)

    @locked
    def save_boilerplate(self, source: str, profile: bytes | None) -> None:
        if profile is None:
            self._profiles.pop(source, None)
        else:
            self._profiles[source] = profile

    @locked
    def save_boilerplates(self, profiles: Mapping[str, bytes]) -> None:
        self._profiles.update(profiles)

    @locked
    def boilerplate_sources(self) -> list[str]:
        return sorted(self._profiles)

    @locked
    def attempt(self, seq: int) -> int:
        row = self._rows.get(seq)
        if row is None or row.state != "pending":
            return 0
        row.attempts += 1
        return row.attempts

    @locked
    def excuse(self, seq: int) -> None:
        row = self._rows.get(seq)
        if row is not None and row.state == "pending":
            row.attempts = max(0, row.attempts - 1)

    @locked
    def bury(self, queue: Queue, entry: str, seq: int, reason: str, at: datetime) -> None:
        row = self._rows.get(seq)
        if row is None or row.queue != queue:
            return
        self._dequeue(row)
        row.state, row.reason = "dead", reason
        for copy in sorted(self._parked.pop(seq, ())):
            self._prepare_again(self._rows[copy])

    @locked
    def replay(self, seq: int) -> bool:
        row = self._rows.get(seq)
        if row is None or row.state != "dead":
            return False
        row.state, row.reason, row.attempts = "pending", None, 0
        self._prepare_again(row)
        return True

    @locked
    def dead(self, after: int, limit: int) -> list[tuple[int, str]]:
        buried = [(seq, row.reason or "") for seq, row in self._rows.items() if row.state == "dead" and seq > after]
        return buried[:limit]
