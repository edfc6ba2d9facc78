"""The articles worker's stage: from the inbox to prepared articles, copies told apart before anything is embedded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from clusterer.core.clean import CleanPolicy, clean
from clusterer.core.dedup import DedupPolicy, Known, relate, shortlist
from clusterer.core.evidence import encode_sparse, extract
from clusterer.core.fingerprint import FingerprintPolicy, fingerprint, index_terms
from clusterer.core.model import Article, Document, Fingerprint, Relation
from clusterer.core.records import Leased, Prepared, PreparedFacts, Received
from clusterer.pipeline.embedding import embed
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.metrics import Metrics, build_metrics
from clusterer.pipeline.stuck import work_through
from clusterer.pipeline.templates import Templates
from clusterer.ports import Clock, CollectionStore, Encoder, Hints

_OUTCOMES = {"exact": "exact", "near": "near", "excerpt_of": "excerpt", "version_of": "version"}


@dataclass(frozen=True, slots=True)
class PreparePolicy:
    """How articles are prepared. cleaning False keeps the text as it came (for measuring duplicates)."""

    cleaning: bool = True
    clean: CleanPolicy = field(default_factory=CleanPolicy)
    fingerprint: FingerprintPolicy = field(default_factory=FingerprintPolicy)
    dedup: DedupPolicy = field(default_factory=DedupPolicy)
    batch: int = 64
    lease_s: float = 30.0
    max_attempts: int = 5


@dataclass(frozen=True, slots=True)
class _Draft:
    entry: str
    received: Received
    document: Document
    fingerprint: Fingerprint
    relations: tuple[Relation, ...]

    @property
    def seq(self) -> int:
        return self.received.seq

    @property
    def is_copy(self) -> bool:
        return bool(self.relations) and self.relations[0].is_copy


class Preparer:
    """Prepares one collection's articles; any number of these may run at once."""

    def __init__(
        self,
        books: CollectionStore,
        encoder: Encoder,
        hints: Hints,
        clock: Clock,
        policy: PreparePolicy,
        metrics: Metrics | None = None,
    ) -> None:
        self._books = books
        self._encoder = encoder
        self._hints = hints
        self._clock = clock
        self._policy = policy
        self._metrics = metrics or build_metrics()
        self._templates = Templates(books)

    def run(self, worker: str) -> int:
        """Prepare one batch; the number of entries worked on."""
        policy = self._policy
        leased = self._books.lease("inbox", worker, policy.batch, policy.lease_s)
        work_through(
            self._books,
            "inbox",
            leased,
            lambda entries: self._prepare(worker, entries),
            policy.max_attempts,
            self._clock,
        )
        return len(leased)

    def _prepare(self, worker: str, entries: Sequence[Leased]) -> None:
        ordered = sorted(entries, key=lambda entry: entry.seq)
        received = self._books.received([entry.seq for entry in ordered])
        drafts: dict[int, _Draft] = {}
        self._templates.begin_batch()
        for entry, article in zip(ordered, received, strict=True):
            if article is not None and article.state == "pending":
                drafts[article.seq] = self._draft(entry.entry, article, drafts)
        with self._metrics.stage("embed"):
            originals = {draft.seq: draft.document for draft in drafts.values() if not draft.is_copy}
            vectors = embed(self._encoder, originals)
        reached("embedded")
        items = [(draft.entry, _prepared(draft, vectors.get(draft.seq))) for draft in drafts.values()]
        if items:
            self._books.hand_over(worker, items, self._encoder.fingerprint)
            self._hints.clusters()
        for draft in drafts.values():
            self._metrics.ingested(_OUTCOMES[draft.relations[0].kind] if draft.relations else "new")
        if self._policy.cleaning:
            self._templates.observe(
                (draft.received.article.source, draft.document, draft.received.received_at)
                for draft in drafts.values()
                if not draft.relations
            )

    def _draft(self, entry: str, received: Received, batch: Mapping[int, _Draft]) -> _Draft:
        policy = self._policy
        article = received.article
        with self._metrics.stage("clean"):
            learnt = self._templates.of(article.source, received.received_at)
            document = clean(article, learnt, policy.clean) if policy.cleaning else _as_sent(article)
        with self._metrics.stage("fingerprint"):
            print_ = fingerprint(document, policy.fingerprint)
        terms = index_terms(print_, policy.fingerprint)
        self._books.keep_fingerprint(received.seq, print_, document)
        hits = self._books.register(received.seq, terms.exact, terms.bands, terms.sketch, received.received_at)
        reached("registered")
        candidates = shortlist(hits, policy.dedup)
        self._metrics.lsh_candidates.observe(len(candidates))
        if received.previous is not None:
            candidates.setdefault(received.previous, 0)
        known = self._known(candidates, batch)
        if received.previous not in {*hits.exact, *hits.bands, *hits.sketch}:
            # Workers may take revisions in any order, and the one before may just be finding that it is a copy of this one.
            known = [replace(one, earlier=one.seq != received.previous) for one in known]
        relations = relate(_arriving(received, print_), known, policy.dedup, previous=received.previous)
        return _Draft(entry, received, document, print_, relations)

    def _known(self, candidates: Mapping[int, int], batch: Mapping[int, _Draft]) -> list[Known]:
        """The candidates as stored, and the canonical article of each that is a copy.

        Relations decided in this batch are not in the store yet, so they are taken from the drafts.
        """
        known: dict[int, Known] = {}
        wanted = dict(candidates)
        while wanted:
            seqs = list(wanted)
            for facts, print_ in zip(self._books.facts(seqs), self._books.fingerprints(seqs), strict=True):
                if facts is not None and print_ is not None:
                    facts = _with_draft(facts, batch)
                    known[facts.seq] = Known.of(facts, print_, wanted[facts.seq])
            heads = {one.canonical for one in known.values() if one.canonical is not None}
            wanted = dict.fromkeys(heads - known.keys() - wanted.keys(), 0)
        return list(known.values())


def _with_draft(facts: PreparedFacts, batch: Mapping[int, _Draft]) -> PreparedFacts:
    draft = batch.get(facts.seq)
    return replace(facts, relations=draft.relations) if draft else facts


def _as_sent(article: Article) -> Document:
    return Document(title=article.title or "", text=article.text or article.html or "", lang=article.lang)


def _arriving(received: Received, print_: Fingerprint) -> Known:
    article = received.article
    return Known(
        seq=received.seq,
        fingerprint=print_,
        article_id=article.id,
        received_at=received.received_at,
        published_at=article.published_at,
        source=article.source,
        url=article.url,
        title=article.title or "",
    )


def _prepared(draft: _Draft, vectors: bytes | None) -> Prepared:
    return Prepared(
        seq=draft.seq,
        document=draft.document,
        fingerprint=draft.fingerprint,
        relations=draft.relations,
        vectors=vectors,
        sparse=encode_sparse(extract(draft.document)),
        movable=draft.document.kind == "article" and not draft.document.multi_event,
    )
