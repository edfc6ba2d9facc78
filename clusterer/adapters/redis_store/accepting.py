"""Articles come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clusterer import codec
from clusterer.adapters.redis_store.keys import digest, from_ms, short_digest, to_ms
from clusterer.adapters.redis_store.link import check_batch
from clusterer.adapters.redis_store.packing import pack
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.records import NewRevision, Receipt

_REJECTED_KEPT = 10_000
_PAYLOAD_CHARACTERS = 10_000


class Accepting(Part):
    """The accept part of CollectionStore; see there."""

    def accept(self, revisions: Sequence[NewRevision]) -> list[Receipt]:
        """See CollectionStore.accept."""
        check_batch(revisions)
        arguments = [argument for revision in revisions for argument in _arguments(revision)]
        flat = self._link.run("accept", *arguments)
        return [
            Receipt(revision.article.id, flat[i], flat[i + 1], "known" if flat[i + 2] else "accepted")
            for i, revision in zip(range(0, len(flat), 3), revisions, strict=True)
        ]

    def reject(self, payload: str, reason: str, at: datetime) -> None:
        """See CollectionStore.reject."""
        cut = payload[:_PAYLOAD_CHARACTERS].encode("utf-8", "replace")
        fields = ("payload", cut, "reason", reason.encode("utf-8", "replace"), "at", to_ms(at))
        self._link.do("XADD", self._link.key("rejected"), "MAXLEN", "~", _REJECTED_KEPT, "*", *fields)

    def rejected(self, limit: int) -> list[tuple[datetime, str, str]]:
        """See CollectionStore.rejected."""
        entries = self._link.do("XREVRANGE", self._link.key("rejected"), "+", "-", "COUNT", limit)
        return [
            (from_ms(fields[b"at"]), fields[b"payload"].decode("utf-8", "replace"), fields[b"reason"].decode())
            for _, fields in entries
        ]


def _arguments(revision: NewRevision) -> tuple[Argument, ...]:
    article = revision.article
    return (
        digest(article.id),
        short_digest(revision.content_hash),
        digest(article.url) if article.url else "",
        to_ms(revision.received_at),
        pack(codec.encode_article(article)),
        article.id,
        revision.content_hash,
        article.source or "",
        article.title or "",
        to_ms(article.published_at) if article.published_at else "",
        article.url or "",
        article.lang or "",
    )
