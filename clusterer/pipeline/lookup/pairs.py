"""How two articles compare today, and why they are together or apart: computed when somebody asks, from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from clusterer.core.clustering.pairing import Compared, Stream, compare
from clusterer.core.errors import Gone
from clusterer.core.records import PreparedFacts
from clusterer.core.scoring.prevalence import LATEST, Prevalence
from clusterer.core.scoring.reasons import Reasons
from clusterer.core.scoring.scorer import Weights
from clusterer.core.url_dates import date_in_url
from clusterer.pipeline.decisions import latest_decisions
from clusterer.pipeline.lookup import pair_past, pair_wording
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.views import PairView
from clusterer.pipeline.lookup.wording import days_between
from clusterer.ports import CollectionStore

_COMPANY = 12  # the latest members of a cluster
_SAMPLE = 250  # articles whose words are counted
_SAMPLED_FROM = 5_000  # the latest
_KEPT_FOR = 200  # changes, after which the stream is looked at again


class Pairs:
    """Over one collection; for threads. It reads some hundred articles, so it takes 50 ms at first and 10 to 20 ms later.

    nights: the latest runs that grouped all articles, latest first.
    """

    def __init__(
        self, books: CollectionStore, weights: Callable[[], Weights], nights: Callable[[], Sequence[pair_past.Night]]
    ) -> None:
        self._books = books
        self._articles = ArticleReader(books)
        self._weights = weights
        self._nights = nights
        self._known: tuple[int, Stream] | None = None

    def between(self, article_id: str, other_id: str) -> PairView:
        """Raises NotFound, Gone."""
        own, other = self._latest(article_id), self._latest(other_id)
        heads = self._articles.canonical(own), self._articles.canonical(other)
        together = own.cluster is not None and own.cluster == other.cluster
        compared = None if heads[0].seq == heads[1].seq else self._compared(*heads, together)
        past = self._past(*heads)
        told = pair_wording.Told(
            together=together,
            one_text=heads[0].seq == heads[1].seq,
            copies=tuple(one.copy_of is not None for one in (own, other)),
            days=days_between(*(_published(one) for one in heads)),
            compared=compared,
            ruling=self._ruling(own, other),
            past=past,
        )
        return PairView(
            article_id=other_id,
            together=together,
            probability=compared.probability if compared else None,
            threshold=compared.threshold if compared else None,
            logit=compared.logit if compared else None,
            intercept=compared.intercept if compared else None,
            terms=compared.terms if compared else (),
            whole=compared.whole if compared else None,
            summary=tuple(pair_wording.summary(told)),
            changed=pair_past.changed(past, compared),
        )

    def _latest(self, article_id: str) -> PreparedFacts:
        facts = self._articles.latest(article_id)[1]
        if facts is None:
            raise Gone(f"article {article_id!r} was erased or has expired")
        return facts

    def _compared(self, own: PreparedFacts, other: PreparedFacts, together: bool) -> Compared | None:
        clusters = list(dict.fromkeys(one.cluster for one in (own, other) if one.cluster))
        members = self._books.latest_members(clusters, _COMPANY)
        seqs = list(dict.fromkeys([own.seq, other.seq, *(seq for part in members for seq in part)]))
        evidence = {one.seq: one for one in self._books.evidence(seqs, near=True) if one is not None}
        pair = [evidence[one.seq] for one in (own, other) if one.seq in evidence and evidence[one.seq].comparable]
        if len(pair) < 2:
            return None
        company = {
            cluster: [evidence[seq] for seq in part if seq in evidence]
            for cluster, part in zip(clusters, members, strict=True)
        }
        beside = [company.get(one.cluster or "", []) for one in (own, other)]
        return compare(pair[0], pair[1], beside[0], None if together else beside[1], self._stream())

    def _past(self, own: PreparedFacts, other: PreparedFacts) -> pair_past.Then | None:
        earlier, later = sorted((own, other), key=lambda one: one.seq)
        decided = Reasons.from_json(self._books.reasons(later.seq))
        since = max(own.received_at, other.received_at)
        night = next((one for one in self._nights() if one.at > since), None)
        cluster = decided.cluster_id if decided else None
        elsewhere = cluster is not None and (self._books.resolve(cluster) or cluster) != later.cluster
        return pair_past.then(decided, earlier.seq, later.received_at, night, elsewhere)

    def _stream(self) -> Stream:
        """What is known of all articles; looked at again now and then."""
        change = self._books.position().change
        known = self._known
        if known is None or not 0 <= change - known[0] < _KEPT_FOR:
            newest = self._books.books().accepted
            first = max(1, newest - _SAMPLED_FROM + 1)
            step = max(1, (newest - first + 1) // _SAMPLE)
            sample = [one for one in self._books.evidence(range(first, newest + 1, step)) if one is not None]
            decided = latest_decisions(self._books, range(max(1, newest - LATEST + 1), newest + 1))
            weights = self._weights()
            stream = Stream.of(sample, newest, self._books.model() or "", weights, Prevalence(weights, decided).prior())
            known = self._known = change, stream
        return known[1]

    def _ruling(self, own: PreparedFacts, other: PreparedFacts) -> pair_wording.Ruling | None:
        """What a person decided about two articles, else about their clusters."""
        corrections = self._books.corrections()
        kind = "must_link" if own.cluster == other.cluster else "cannot_link"
        links = [one for one in corrections if one.kind == kind]
        if direct := next((one for one in links if {own.seq, other.seq} <= set(one.seqs)), None):
            return pair_wording.Ruling(kind, direct.actor, direct.reason, of_both=True)
        if kind == "must_link":
            return None
        clusters = {own.cluster, other.cluster}
        linked = self._articles.facts_by_seq({seq for one in links for seq in one.seqs})
        for one in links:
            if clusters <= {linked[seq].cluster for seq in one.seqs if seq in linked}:
                return pair_wording.Ruling(kind, one.actor, one.reason, of_both=False)
        pin = next((one for one in corrections if one.kind == "pin" and one.cluster in clusters), None)
        return pair_wording.Ruling("pin", pin.actor, pin.reason, of_both=False) if pin else None


def _published(facts: PreparedFacts) -> datetime | None:
    """As decisions see it: the day in the address where none is stated."""
    return facts.published_at or date_in_url(facts.url, facts.received_at)
