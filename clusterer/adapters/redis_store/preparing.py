"""Articles are cleaned, compared and handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import xxhash

from clusterer import codec
from clusterer.adapters.redis_store.keys import from_ms, to_ms
from clusterer.adapters.redis_store.link import check_batch
from clusterer.adapters.redis_store.packing import pack, text, unpack
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.copies.candidates import candidates
from clusterer.core.model import Article
from clusterer.core.records import Death, Draft, Leased, Revision
from clusterer.ports import Queue

_TOMBSTONE = Article(id="")  # what is left of an erased or expired article
_PROFILES_AT_ONCE = 1_000
_TERM_BYTES = 5
_RECEIVED = ("article", "rev", "prev", "hash", "received", "state", "stage", "why")


class RedisPreparing(Part):
    """The prepare part of CollectionStore; see there."""

    def lease(self, queue: Queue, worker: str, count: int, lease_s: float) -> list[Leased]:
        """See CollectionStore.lease."""
        flat = self._link.run("lease", queue, worker, count, round(lease_s * 1000))
        return [Leased(flat[i].decode(), flat[i + 1], flat[i + 2]) for i in range(0, len(flat), 3)]

    def received(self, seqs: Sequence[int]) -> list[Revision | None]:
        """See CollectionStore.received."""
        check_batch(seqs)
        rows = self._link.fields(seqs, *_RECEIVED)
        return [_received(seq, row) for seq, row in zip(seqs, rows, strict=True)]

    def traces(self, seqs: Sequence[int]) -> list[bytes]:
        """See CollectionStore.traces."""
        check_batch(seqs)
        return [trace or b"" for (trace,) in self._link.fields(seqs, "trace")]

    def register(self, drafts: Sequence[Draft]) -> list[Mapping[int, int]]:
        """See CollectionStore.register."""
        check_batch(drafts)
        if not drafts:
            return []
        articles = self._link.fields([draft.seq for draft in drafts], "article")
        calls = [
            ("register", self._registered(draft, article)) for draft, (article,) in zip(drafts, articles, strict=True)
        ]
        return [_candidates(reply) for reply in self._link.run_all(calls)]

    def _registered(self, draft: Draft, article: bytes | None) -> tuple[Argument, ...]:
        terms = draft.terms
        return (
            draft.seq,
            pack(codec.encode_document(draft.document), like=b"" if article is None else unpack(article)),
            self._fingerprints.packed(draft.fingerprint),
            draft.document.title,
            draft.document.lang or "",
            to_ms(draft.received.received_at) // self._bucket_ms,
            3 * self._bucket_ms,
            _terms(b"x", () if terms.exact is None else (terms.exact,)),
            _terms(b"b", terms.bands),
            _terms(b"s", terms.sketch),
        )

    def hand_over(self, drafts: Sequence[Draft], model: str) -> None:
        """See CollectionStore.hand_over."""
        check_batch(drafts)
        arguments = [argument for draft in drafts for argument in _handed_over(draft)]
        self._link.run("hand_over", model, *arguments)

    def boilerplate(self, source: str) -> bytes | None:
        """See CollectionStore.boilerplate."""
        profile: bytes | None = self._link.do("HGET", self._link.key("boilerplate"), source)
        return profile

    def save_boilerplate(self, source: str, profile: bytes | None) -> None:
        """See CollectionStore.save_boilerplate."""
        if profile is None:
            self._link.write("HDEL", "boilerplate", source)
        else:
            self._link.write("HSET", "boilerplate", source, profile)

    def save_boilerplates(self, profiles: Mapping[str, bytes]) -> None:
        """See CollectionStore.save_boilerplates."""
        pairs = iter(profiles.items())
        while part := list(islice(pairs, _PROFILES_AT_ONCE)):
            fields: list[Argument] = [value for pair in part for value in pair]
            self._link.write("HSET", "boilerplate", *fields)

    def boilerplate_sources(self) -> list[str]:
        """See CollectionStore.boilerplate_sources."""
        return sorted(source.decode() for source in self._link.do("HKEYS", self._link.key("boilerplate")))

    def attempt(self, seq: int) -> int:
        """See CollectionStore.attempt."""
        return int(self._link.run("attempt", seq))

    def take_back_attempt(self, seq: int) -> None:
        """See CollectionStore.take_back_attempt."""
        self._link.run("take_back_attempt", seq)

    def mark_dead(self, queue: Queue, entry: str, seq: int, reason: str, at: datetime) -> None:
        """See CollectionStore.mark_dead."""
        self._link.run("mark_dead", queue, entry, seq, reason.encode("utf-8", "replace"), to_ms(at))

    def retry_dead(self, seq: int) -> bool:
        """See CollectionStore.retry_dead."""
        return bool(self._link.run("retry_dead", seq))

    def dead(self, after: int, limit: int) -> list[tuple[int, str]]:
        """See CollectionStore.dead."""
        reply = self._link.do("ZRANGEBYSCORE", self._link.key("dead"), f"({after}", "+inf", "LIMIT", 0, limit)
        seqs = [int(seq) for seq in reply]
        rows = self._link.fields(seqs, "why")
        return [(seq, text(row[0]) or "") for seq, row in zip(seqs, rows, strict=True)]

    def deaths(self, seqs: Sequence[int]) -> list[Death | None]:
        """See CollectionStore.deaths."""
        rows = self._link.fields(seqs, "why", "tries", "died")
        return [
            Death(why.decode(), int(tries or 0), from_ms(died)) if why is not None and died is not None else None
            for why, tries, died in rows
        ]


def _terms(kind: bytes, terms: Sequence[bytes]) -> bytes:
    """Evenly distributed bytes, different for each kind, by which the posting index places a term.

    Of an article with 145 terms one in 100 has one in common by chance with an article among 100,000.
    """
    return b"".join(xxhash.xxh3_64_digest(kind + term)[:_TERM_BYTES] for term in dict.fromkeys(terms))


def _candidates(reply: Sequence[Sequence[int]]) -> Mapping[int, int]:
    exact, bands, sketch = (dict(zip(flat[::2], flat[1::2], strict=True)) for flat in reply)
    return candidates(exact, bands, sketch)


def _received(seq: int, row: Sequence[Any]) -> Revision | None:
    article, rev, previous, content_hash, received, state, stage, why = row
    if state is None or stage is None or received is None:  # damaged from outside: counts as lost
        return None
    return Revision(
        seq=seq,
        article=_TOMBSTONE if article is None else codec.decode_article(unpack(article)),
        number=int(rev),
        previous=None if previous is None else int(previous),
        content_hash=text(content_hash) or "",
        received_at=from_ms(received),
        state=state.decode(),
        stage=stage.decode(),
        reason=text(why),
    )


def _handed_over(draft: Draft) -> tuple[Argument, ...]:
    return (
        draft.entry,
        draft.seq,
        codec.encode_relations(draft.relations),
        draft.relations[0].other if draft.relations else "",
        "" if draft.copy_of is None else "1",
        "1" if draft.movable else "",
        draft.sparse,
        draft.vector or b"",
    )
