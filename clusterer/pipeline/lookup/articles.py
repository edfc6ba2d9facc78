"""Which articles to list: the latest first, found by looking through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from clusterer.core.model import ArticleState
from clusterer.core.records import PreparedFacts
from clusterer.pipeline.feed import members_of
from clusterer.pipeline.replicas.catalogue import headline_words
from clusterer.ports import CollectionStore

_SLICE = 500
_LOOKED_AT = 2_000  # for one page of a narrow filter, then the cursor goes on


@dataclass(frozen=True, slots=True)
class Found:
    """The latest revision of an article, and the seqs of all of them."""

    latest: PreparedFacts
    revisions: Sequence[int]


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list, by their latest revision. `until` bounds are exclusive, `since` inclusive.

    since, until: of reception. words: the headline or the source has words that begin with all of these.
    """

    since: datetime | None = None
    until: datetime | None = None
    published_since: datetime | None = None
    published_until: datetime | None = None
    source: str | None = None
    language: str | None = None
    state: ArticleState | None = None
    cluster_id: str | None = None
    words: str | None = None

    def admits(self, fact: PreparedFacts) -> bool:
        """Whether an article that is kept passes every condition."""
        return (
            fact.state not in ("erased", "expired")
            and self.state in (None, fact.state)
            and self.cluster_id in (None, fact.cluster)
            and self.source in (None, fact.source)
            and self.language in (None, fact.lang)
            and _within(fact.received_at, self.since, self.until)
            and _within(fact.published_at, self.published_since, self.published_until)
            and self._has_words(fact)
        )

    def _has_words(self, fact: PreparedFacts) -> bool:
        if not self.words:
            return True
        headline = "".join(headline_words(f"{fact.title} {fact.source or ''}"))
        return all(word in headline for word in headline_words(self.words))


def found_articles(
    books: CollectionStore, wanted: ArticleFilter, limit: int, below: int | None
) -> tuple[list[Found], int | None]:
    """(articles, where to go on) of at most `limit` articles accepted before `below`, latest first; None at the end.

    There may be fewer than `limit` although it goes on: a bounded number of articles is looked at.
    """
    found: list[Found] = []
    looked = 0
    for seqs in _latest_first(books, wanted, limit, below):
        admitted = [fact for fact in books.facts(seqs) if fact is not None and wanted.admits(fact)]
        while admitted:  # only as many as are wanted are asked whether they are the latest of their article
            asked, admitted = admitted[: limit - len(found)], admitted[limit - len(found) :]
            revisions = books.revisions_of([fact.article_id for fact in asked])
            found += [Found(fact, seqs) for fact, seqs in zip(asked, revisions, strict=True) if seqs[-1:] == [fact.seq]]
            if len(found) == limit:
                return found, found[-1].latest.seq
        looked += len(seqs)
        if looked >= _LOOKED_AT:
            return found, seqs[-1]
    return found, None


def _latest_first(
    books: CollectionStore, wanted: ArticleFilter, limit: int, below: int | None
) -> Iterator[Sequence[int]]:
    """Seqs in slices: the first as long as the page, which it fills where nearly all are admitted."""
    size = limit
    if wanted.cluster_id is not None:
        members = [seq for seq in members_of(books, wanted.cluster_id) if below is None or seq < below]
        while members:
            yield members[-size:][::-1]
            members, size = members[:-size], _SLICE
        return
    last = books.books().accepted if below is None else below - 1
    while last > 0:
        first = max(0, last - size)
        yield books.accepted_seqs(first, last - first)[::-1]
        last, size = first, _SLICE


def _within(value: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    return value is not None and (since is None or value >= since) and (until is None or value < until)
