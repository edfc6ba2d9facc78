"""The articles worker's stage: from the inbox to prepared articles, copies told apart before anything is embedded."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import islice

from clusterer.core.cleaning.clean import clean
from clusterer.core.clustering.subjects import Subject, subject_of, two_things
from clusterer.core.copies.dedup import DedupPolicy, relate
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint, index_terms
from clusterer.core.copies.series import series_of
from clusterer.core.evidence.evidence import Sparse, encode_sparse, extract
from clusterer.core.language import language_of
from clusterer.core.model import Article, Document, Fingerprint, Relation, copy_of
from clusterer.core.records import Draft, Known, Leased, Revision
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.metrics import Metrics
from clusterer.pipeline.stages.boilerplate import Boilerplate
from clusterer.pipeline.stages.embedding import embed
from clusterer.pipeline.stages.stuck import work_through
from clusterer.ports import NO_TRACING, Batch, Clock, CollectionStore, Encoder, Hints, Tracer

_OUTCOMES = {
    "exact": "exact",
    "near": "near",
    "excerpt_of": "excerpt",
    "version_of": "version",
    "same_template": "template",
}
_REGISTERED_TOGETHER = 16  # nobody else is served while Redis does so many, and their candidates are in memory at once


@dataclass(frozen=True, slots=True)
class PreparePolicy:
    """How articles are prepared. cleaning False keeps the text as it came (for measuring duplicates)."""

    cleaning: bool = True
    fingerprint: FingerprintPolicy = field(default_factory=FingerprintPolicy)
    dedup: DedupPolicy = field(default_factory=DedupPolicy)
    batch: int = 64
    lease_s: float = 30.0
    max_attempts: int = 5


class Preparer:
    """Prepares one collection's articles; any number of these may run at once."""

    def __init__(
        self,
        books: CollectionStore,
        encoder: Encoder,
        hints: Hints,
        clock: Clock,
        policy: PreparePolicy,
        metrics: Metrics,
        tracer: Tracer = NO_TRACING,
    ) -> None:
        self._books = books
        self._encoder = encoder
        self._hints = hints
        self._clock = clock
        self._policy = policy
        self._metrics = metrics
        self._tracer = tracer
        self._boilerplate = Boilerplate(books)

    def run(self, worker: str) -> int:
        """Prepare one batch; the number of entries worked on."""
        policy = self._policy
        leased = self._books.lease("inbox", worker, policy.batch, policy.lease_s)
        work_through(
            self._books,
            "inbox",
            leased,
            self._prepare,
            policy.max_attempts,
            self._clock,
            self._tracer,
        )
        return len(leased)

    def _prepare(self, entries: Sequence[Leased], batch: Batch) -> None:
        ordered = sorted(entries, key=lambda entry: entry.seq)
        received = self._books.received([entry.seq for entry in ordered])
        self._boilerplate.begin_batch()
        drafts = self._drafts(
            [
                (entry.entry, article)
                for entry, article in zip(ordered, received, strict=True)
                if article is not None and article.state == "pending"
            ],
            batch,
        )
        reached("embedded")
        if drafts:
            with self._tracer.step("hand over"):
                self._books.hand_over(drafts, self._encoder.fingerprint)
            self._hints.clusters()
        for draft in drafts:
            outcome = _OUTCOMES[draft.relations[0].kind] if draft.relations else "new"
            self._metrics.ingested(outcome)
            batch.done(draft.seq, {"clusterer.outcome": outcome})
        if self._policy.cleaning:
            self._boilerplate.observe(
                (draft.received.article.source, draft.document, draft.received.received_at)
                for draft in drafts
                if all(relation.kind == "same_template" for relation in draft.relations)
            )

    def _drafts(self, pending: Sequence[tuple[str, Revision]], batch: Batch) -> list[Draft]:
        """What becomes of (entry, article), in the order of the articles; a part is embedded while the next is cleaned."""
        drafts: dict[int, Draft] = {}
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding") as beside:
            embedded = []
            for start in range(0, len(pending), _REGISTERED_TOGETHER):
                part = [self._draft(*one, batch) for one in pending[start : start + _REGISTERED_TOGETHER]]
                related = self._related(part, drafts)
                drafts |= related
                originals = {draft.seq: draft.document for draft in related.values() if draft.copy_of is None}
                embedded.append(beside.submit(copy_context().run, self._embed, originals))
            vectors = {seq: vector for made in embedded for seq, vector in made.result().items()}
        return [replace(draft, vector=vectors.get(seq)) for seq, draft in drafts.items()]

    def _embed(self, documents: Mapping[int, Document]) -> dict[int, bytes]:
        with self._metrics.stage("embed"), self._tracer.step("embed", {"clusterer.articles": len(documents)}):
            return embed(self._encoder, documents)

    def _draft(self, entry: str, received: Revision, batch: Batch) -> Draft:
        """The article cleaned, not yet compared."""
        policy = self._policy
        article = received.article
        with batch.article(received.seq) as span:
            span.note({"clusterer.article.id": article.id, "clusterer.article.revision": received.number})
            with self._metrics.stage("clean"), self._tracer.step("clean"):
                learnt = self._boilerplate.of(article.source, received.received_at)
                document = clean(article, learnt) if policy.cleaning else _as_sent(article)
                document = replace(document, lang=language_of(document))
            with self._metrics.stage("fingerprint"), self._tracer.step("fingerprint"):
                text_fingerprint = fingerprint(document, policy.fingerprint)
                series = series_of(document.title, article.source)
                terms = index_terms(text_fingerprint, policy.fingerprint, series)
            return Draft(entry, received, document, text_fingerprint, terms)

    def _related(self, part: Sequence[Draft], earlier: Mapping[int, Draft]) -> dict[int, Draft]:
        """The drafts by seq, with their relations to what was registered before them, by whichever worker."""
        related = dict(earlier)
        with self._tracer.step("register", {"clusterer.articles": len(part)}):
            all_hits = self._books.register(part)
        reached("registered")
        with self._tracer.step("relate", {"clusterer.articles": len(part)}):
            stored = _Stored(self._books)
            shortlists = [dict(islice(hits.items(), self._policy.dedup.max_candidates)) for hits in all_hits]
            stored.read({seq for candidates in shortlists for seq in candidates})
            for draft, hits, candidates in zip(part, all_hits, shortlists, strict=True):
                self._metrics.lsh_candidates.observe(len(candidates))
                words = cache(partial(extract, draft.document))
                relations = self._relations(draft, words, hits, candidates, stored, related)
                sparse = b"" if copy_of(relations) is not None else encode_sparse(words())
                related[draft.seq] = replace(draft, relations=relations, sparse=sparse)
        return {draft.seq: related[draft.seq] for draft in part}

    def _relations(
        self,
        draft: Draft,
        words: Callable[[], Sparse],
        hits: Mapping[int, int],
        candidates: Mapping[int, int],
        stored: _Stored,
        batch: Mapping[int, Draft],
    ) -> tuple[Relation, ...]:
        received = draft.received
        if received.previous is not None:
            candidates = {received.previous: 0, **candidates}
        known = _known(candidates, hits, stored, batch)
        arriving = _arriving(received, draft.fingerprint)

        @cache
        def own_subject() -> Subject:
            article = received.article
            return subject_of(words(), draft.document.title, article.source, article.published_at)

        return relate(
            arriving,
            known,
            self._policy.dedup,
            previous=received.previous,
            two_things=lambda seq: (other := stored.subject(seq)) is not None and two_things(own_subject(), other),
        )


class _Stored:
    """Registered articles, each read once."""

    def __init__(self, books: CollectionStore) -> None:
        self._books = books
        self._found: dict[int, Known | None] = {}
        self._subjects: dict[int, Subject | None] = {}

    def read(self, seqs: Iterable[int]) -> None:
        """Have these at hand."""
        missing = [seq for seq in seqs if seq not in self._found]
        if missing:
            self._found.update(zip(missing, self._books.registered(missing), strict=True))

    def of(self, seq: int) -> Known | None:
        """None for an article that is not there to be compared. Only of what was read."""
        return self._found[seq]

    def subject(self, seq: int) -> Subject | None:
        """What an article is about; None for one that is not there any more. Only of what was read."""
        if seq not in self._subjects:
            found, document = self._found[seq], self._books.document(seq)
            self._subjects[seq] = (
                None
                if found is None or document is None
                else subject_of(extract(document), document.title, found.source, found.published_at)
            )
        return self._subjects[seq]


def _known(
    candidates: Mapping[int, int], hits: Container[int], stored: _Stored, batch: Mapping[int, Draft]
) -> list[Known]:
    """The candidates as stored, and the canonical article of each that is a copy.

    Relations decided in this batch are not in the store yet, so they are taken from the drafts. Hits were registered before the arriving
    article, and so was whom they follow. The revision before may be no hit, since workers take revisions in any order: it may just be
    finding that it is a copy of this one, or of a copy of this one.
    """
    known: dict[int, Known] = {}
    wanted = {seq: seq in hits for seq in candidates}
    earlier: dict[int, bool] = {}
    while wanted:
        earlier |= wanted
        stored.read(wanted)
        for seq in wanted:
            found = stored.of(seq)
            if found is not None:
                canonical = batch[seq].copy_of if seq in batch else found.canonical
                known[seq] = replace(found, canonical=canonical, hits=candidates.get(seq, 0), earlier=earlier[seq])
        heads = {(one.canonical, one.earlier) for one in known.values() if one.canonical is not None}
        wanted = {seq: True for seq, before in heads if before and not earlier.get(seq)}
        wanted |= {seq: seq in hits for seq, _ in heads if seq not in earlier and seq not in wanted}
    return list(known.values())


def _as_sent(article: Article) -> Document:
    return Document(title=article.title or "", text=article.text or article.html or "", lang=article.lang)


def _arriving(received: Revision, text_fingerprint: Fingerprint) -> Known:
    article = received.article
    return Known(
        seq=received.seq,
        fingerprint=text_fingerprint,
        article_id=article.id,
        received_at=received.received_at,
        published_at=article.published_at,
        source=article.source,
        url=article.url,
        title=article.title or "",
    )
