"""What clusters and articles are called in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clusterer.core.errors import ClustererError
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.ports import CollectionStore


@dataclass(frozen=True, slots=True)
class Named:
    """A cluster or an article as it is called in a sentence. `title` is None where it has none, or is gone.

    source: of an article, since copies have the same title. published_at: of an article, where it is known and was asked for; of_address:
    its address alone says it. living: of a cluster, the id of the one that stands for it by now. began_with: of a cluster that is part of
    another by now and so has no title, the article that it began with.
    """

    id: str
    title: str | None
    source: str | None = None
    published_at: datetime | None = None
    of_address: bool = False
    living: str | None = None
    began_with: Named | None = None


class Names:
    """Over one collection. What is gone has no title, and is no error."""

    def __init__(self, books: CollectionStore, lookup: Lookup) -> None:
        self._books = books
        self._lookup = lookup

    def cluster(self, cluster_id: str) -> Named:
        """A cluster by its title; of one that was merged away, the title of the one that lives on, under its own id."""
        living = self.living(cluster_id)
        began_with = self._founder(cluster_id) if living != cluster_id else None
        try:
            return Named(cluster_id, self._lookup.cluster(living).title, living=living, began_with=began_with)
        except ClustererError:
            return Named(cluster_id, None, living=living, began_with=began_with)

    def _founder(self, cluster_id: str) -> Named | None:
        """The article that a cluster began with, as far as changes are kept."""
        first = next(iter(self._books.changes_of(cluster_id, 0, 1)), None)
        return self.arrival(first.seqs[0]) if first and first.target == cluster_id and first.seqs else None

    def article(self, article_id: str) -> Named:
        """An article by its title."""
        try:
            view = self._lookup.article(article_id)
            return Named(article_id, view.title, view.source, view.published_at)
        except ClustererError:
            return Named(article_id, None)

    def arrival(self, seq: int) -> Named | None:
        """An article by its title as it came; None if it is gone."""
        facts = self._books.facts([seq])[0]
        return Named(facts.article_id, facts.title or None, facts.source) if facts else None

    def living(self, cluster_id: str) -> str:
        """The cluster that stands for this one by now; itself where it was not merged away."""
        return self._books.resolve(cluster_id) or cluster_id
