"""Articles come in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from clusterer import codec
from clusterer.adapters.redis_store.keys import digest, from_ms, short_digest, to_ms
from clusterer.adapters.redis_store.link import check_batch
from clusterer.adapters.redis_store.packing import pack, unpack
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.records import Receipt, Refusal, Revision
from clusterer.core.urls import canonical_url

_REFUSALS_KEPT = 10_000
_REFUSAL_BYTES_KEPT = 256_000_000
_ENTRY = re.compile(r"\d{1,19}-\d{1,19}", re.ASCII)


class RedisAccepting(Part):
    """The accept part of CollectionStore; see there."""

    def accept(self, revisions: Sequence[Revision]) -> list[Receipt]:
        """See CollectionStore.accept."""
        check_batch(revisions)
        arguments = [argument for revision in revisions for argument in _arguments(revision)]
        flat = self._link.run("accept", *arguments)
        return [
            Receipt(revision.article.id, flat[i], flat[i + 1], "known" if flat[i + 2] else "accepted")
            for i, revision in zip(range(0, len(flat), 3), revisions, strict=True)
        ]

    def reject(self, payload: str, reason: str, at: datetime, sent_to: str) -> None:
        """See CollectionStore.reject."""
        packed = pack(payload.encode("utf-8", "replace"))
        self._link.run(
            "reject", _REFUSALS_KEPT, _REFUSAL_BYTES_KEPT, packed, reason.encode("utf-8", "replace"), to_ms(at), sent_to
        )

    def refusals(self, after: str, limit: int) -> list[Refusal]:
        """See CollectionStore.refusals."""
        start = f"({after}" if after else "-"
        return [
            self._refusal(entry)
            for entry in self._link.do("XRANGE", self._link.key("rejected"), start, "+", "COUNT", limit)
        ]

    def refusal(self, number: str) -> Refusal | None:
        """See CollectionStore.refusal."""
        if not _ENTRY.fullmatch(number):
            return None
        found = self._link.do("XRANGE", self._link.key("rejected"), number, number)
        return self._refusal(found[0]) if found else None

    def drop_refusal(self, number: str) -> bool:
        """See CollectionStore.drop_refusal."""
        return bool(_ENTRY.fullmatch(number) and self._link.run("drop_refusal", number))

    def _refusal(self, entry: tuple[bytes, Mapping[bytes, bytes]]) -> Refusal:
        number, fields = entry
        # Releases before kept the beginning of what was sent, not compressed, under another name.
        payload = unpack(fields[b"packed"]) if b"packed" in fields else fields.get(b"payload", b"")
        return Refusal(
            number=number.decode(),
            payload=payload.decode("utf-8", "replace"),
            reason=fields[b"reason"].decode("utf-8", "replace"),
            at=from_ms(fields[b"at"]),
            sent_to=fields.get(b"sent_to", self.name.encode()).decode("utf-8", "replace"),
        )


def _arguments(revision: Revision) -> tuple[Argument, ...]:
    article = revision.article
    return (
        digest(article.id),
        short_digest(revision.content_hash),
        digest(canonical_url(article.url)) if article.url else "",
        to_ms(revision.received_at),
        pack(codec.encode_article(article)),
        article.id,
        revision.content_hash,
        article.source or "",
        article.title or "",
        to_ms(article.published_at) if article.published_at else "",
        article.url or "",
        article.lang or "",
        revision.trace,
    )
