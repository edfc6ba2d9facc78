"""Accept: from what a client sent to a receipt. Validation first, then one atomic write, then a hint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson

from clusterer.core.cleaning.stated_date import stated_date
from clusterer.core.model import Article
from clusterer.core.records import Receipt, Revision
from clusterer.core.text import normalized
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.intake.admission import AdmissionPolicy, admit
from clusterer.pipeline.intake.messages import as_sent
from clusterer.pipeline.intake.page import completed
from clusterer.pipeline.intake.submission import MAX_TEXT_CHARS, ArticleIn, Rejected, parse_article
from clusterer.pipeline.metrics import Metrics
from clusterer.ports import NO_TRACING, Clock, CollectionStore, Hints, Tracer

_ACCEPT_SLICE = 64


def _derived_id(given: ArticleIn, content_hash: str) -> str:
    if given.url:
        key = f"{given.source or ''}\n{given.url}"
        return "url-" + hashlib.sha256(key.encode()).hexdigest()[:32]
    return "text-" + content_hash[:32]


def to_revision(given: ArticleIn, collection: str, received_at: datetime, trace: bytes = b"") -> Revision:
    """The validated article with its id and content hash. The hash covers all that was sent but the id.

    What was left out and the page or the first line of the text gives is filled in."""
    content = given.model_dump(mode="json", exclude={"id"}, exclude_none=True)
    content_hash = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
    article = Article(
        id=given.id or _derived_id(given, content_hash),
        collection=collection,
        url=given.url,
        title=normalized("NFC", given.title) if given.title else None,
        text=given.text,
        html=given.html,
        source=given.source,
        published_at=given.published_at,
        lang=given.lang.lower() if given.lang else None,
    )
    url, source, published_at, lang = completed(article, received_at)
    published_at = published_at or stated_date(given.text, lang, datetime.now(UTC))
    article = replace(article, url=url, source=source, published_at=published_at, lang=lang.lower() if lang else None)
    return Revision(article, content_hash, received_at, trace)


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """What is let in from queue producers; the API brings its own limits, which come from the same settings."""

    max_text_chars: int = MAX_TEXT_CHARS
    admission: AdmissionPolicy = field(default_factory=AdmissionPolicy)


class Intake:
    """Takes articles into one collection's books. An article is accepted once `accept` has returned its receipt."""

    def __init__(
        self,
        books: CollectionStore,
        hints: Hints,
        clock: Clock,
        policy: IntakePolicy,
        metrics: Metrics,
        tracer: Tracer = NO_TRACING,
    ) -> None:
        self._books = books
        self._hints = hints
        self._clock = clock
        self._policy = policy
        self._metrics = metrics
        self._tracer = tracer

    def accept(self, articles: Sequence[ArticleIn]) -> list[Receipt]:
        """One receipt per article, in order. Raises StoreUnavailable; receipts of earlier slices then stand."""
        now = self._clock.now()
        receipts: list[Receipt] = []
        with self._tracer.step("accept", {"clusterer.articles": len(articles)}):
            trace = self._tracer.trace()
            revisions = iter([to_revision(article, self._books.name, now, trace) for article in articles])
            while slice_ := list(islice(revisions, _ACCEPT_SLICE)):
                with self._metrics.stage("accept"):
                    receipts += self._books.accept(slice_)
                reached("accepted")
        self._hints.articles()
        self._metrics.ingested("replayed", sum(receipt.outcome == "known" for receipt in receipts))
        return receipts

    def accept_payloads(self, payloads: Sequence[Mapping[str, Any]]) -> list[Receipt | Rejected]:
        """For queue producers: what is invalid is kept whole, with its reason, and the rest is accepted.

        Raises Overloaded, and StoreUnavailable: send all of it again then; what was accepted is known.
        """
        admit(self._books.queue_facts(), self._policy.admission)
        parsed = [self._parsed(payload) for payload in payloads]
        receipts = iter(self.accept([article for article in parsed if isinstance(article, ArticleIn)]))
        for payload, article in zip(payloads, parsed, strict=True):
            if isinstance(article, Rejected):
                self._refuse(payload, str(article), self._books.name)
        return [article if isinstance(article, Rejected) else next(receipts) for article in parsed]

    def keep_refused(self, payloads: Sequence[object], reason: str, sent_to: str) -> None:
        """Keep what cannot be taken at all, whole, where it can be read and replayed. Raises Overloaded, StoreUnavailable."""
        admit(self._books.queue_facts(), self._policy.admission)
        for payload in payloads:
            self._refuse(payload, reason, sent_to)

    def _parsed(self, payload: Mapping[str, Any]) -> ArticleIn | Rejected:
        try:
            return parse_article(payload, self._policy.max_text_chars)
        except Rejected as rejected:
            return rejected

    def _refuse(self, payload: object, reason: str, sent_to: str) -> None:
        self._books.reject(as_sent(payload), reason, self._clock.now(), sent_to)
        self._metrics.ingested("rejected")
