"""Lookups of one collection: reads only, and one generation an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from clusterer.core.errors import ChangesTrimmed
from clusterer.pipeline.feed import oldest_change
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.articles import ArticleFilter, found_articles
from clusterer.pipeline.lookup.cluster_filter import STORED, ClusterFilter, ClusterList, Sort
from clusterer.pipeline.lookup.cluster_lists import ClusterLists
from clusterer.pipeline.lookup.cluster_reader import ClusterReader
from clusterer.pipeline.lookup.cursors import decode_cursor, decode_number, encode_cursor
from clusterer.pipeline.lookup.explain import decisions, explanation
from clusterer.pipeline.lookup.steady import Steady
from clusterer.pipeline.lookup.storylines import StorylineReader
from clusterer.pipeline.lookup.views import (
    ArticleCluster,
    ArticleText,
    ArticleView,
    ChangeView,
    ClusterHit,
    ClusterView,
    DecisionView,
    DuplicatesView,
    ExplanationView,
    MemberView,
    Page,
    RelatedArticle,
    StorylineView,
    VersionView,
    part,
    whole,
)
from clusterer.pipeline.reach import Horizon, Reach
from clusterer.ports import Clock, CollectionStore

if TYPE_CHECKING:
    from clusterer.pipeline.replicas.search import ClusterSearch, NearCluster

_FIRST_PAGE = 25


class Lookup:
    """Answers about articles and clusters. Every method may raise StoreUnavailable."""

    def __init__(
        self,
        books: CollectionStore,
        make_search: Callable[[], ClusterSearch],
        clock: Clock,
        reach: Reach | None = None,
    ) -> None:
        self._books = books
        self._make_search = make_search
        self._articles = ArticleReader(books)
        horizon = Horizon(books, reach or Reach(), clock)
        self._steady = Steady(books)
        self._clusters = ClusterReader(books, clock, horizon)
        self._storylines = StorylineReader(books, self._clusters)
        self._lists = ClusterLists(books, self._clusters, horizon, self._steady)

    @cached_property
    def _search(self) -> ClusterSearch:
        return self._make_search()

    # -- articles ----------------------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> ArticleView:
        """The latest revision. Raises NotFound, Gone."""
        return self._steady.look(lambda _: self._articles.view(article_id))

    def by_url(self, url: str) -> Page[ArticleView]:
        """Articles with this URL, by their latest revision, in order of first acceptance."""
        return self._steady.look(lambda _: whole(self._articles.views_of_url(url)))

    def articles(self, wanted: ArticleFilter, limit: int, cursor: str | None) -> Page[ArticleView]:
        """Articles, latest received first; a page can be short, see `found_articles`. Raises InvalidCursor."""
        below = decode_number("articles", cursor) if cursor else None

        def look(_: int) -> Page[ArticleView]:
            found, following = found_articles(self._books, wanted, limit, below)
            more = encode_cursor("articles", following) if following is not None else None
            standings = self._articles.standings_of([one.latest for one in found], [one.revisions for one in found])
            return part(self._articles.views(standings), more, cursor)

        return self._steady.look(look)

    def text(self, article_id: str) -> ArticleText:
        """What cleaning kept of an article, and what it cut, in the order of the page. Raises NotFound, Gone."""
        from clusterer.core.cleaning.marked import marked  # with all of cleaning, which no other lookup loads

        def look(_: int) -> ArticleText:
            received, _facts = self._articles.latest(article_id)
            document = self._books.document(received.seq)
            return ArticleText(
                article_id=article_id,
                revision=received.number,
                state=received.state,
                title=document.title if document else None,
                text=document.text if document else None,
                passages=marked(received.article, document) if document else (),
            )

        return self._steady.look(look)

    def versions(self, article_id: str) -> Page[VersionView]:
        """All revisions that are kept, oldest first. Raises NotFound, Gone."""
        return self._steady.look(lambda _: whole(self._articles.versions(article_id)))

    def cluster_of(self, article_id: str) -> ArticleCluster:
        """The cluster of an article; for a copy on its way, that of its original. Raises NotFound, Gone."""

        def look(generation: int) -> ArticleCluster:
            received, facts = self._articles.latest(article_id)
            holder = self._articles.canonical(facts) if facts and facts.cluster is None else facts
            cluster_id = holder.cluster if holder else None
            return ArticleCluster(
                article_id=article_id,
                state=received.state,
                via=holder.article_id if holder and cluster_id and holder.seq != received.seq else None,
                reason=received.reason,
                cluster=self._clusters.view(cluster_id, generation) if cluster_id else None,
            )

        return self._steady.look(look)

    def duplicates(self, article_id: str) -> DuplicatesView:
        """The copy family of an article: the canonical one, and what is related to it. Raises NotFound, Gone."""
        return self._steady.look(lambda _: self._articles.duplicates(article_id))

    def related(self, article_id: str, limit: int) -> Page[RelatedArticle]:
        """The nearest other articles, of the same and of other clusters. Empty while the article has no vector."""

        def look(_: int) -> Page[RelatedArticle]:
            facts = self._articles.latest(article_id)[1]
            canonical = self._articles.canonical(facts) if facts else None
            vector = self._search.vector_of([canonical.seq]) if canonical else None
            if canonical is None or vector is None:
                return Page(())
            near = self._search.near_articles(vector, limit + 20)  # some may be revisions of the article itself
            own = {article_id, canonical.article_id}
            return Page(self._articles.related(near, own, canonical.cluster)[:limit])

        return self._steady.look(look)

    def explain(self, article_id: str) -> ExplanationView:
        """What was cut, what it was compared with, and why it is where it is, as stored. Raises NotFound, Gone."""
        return self._steady.look(lambda _: explanation(self._books, self._articles, article_id))

    def decisions(self, article_ids: Sequence[str]) -> dict[str, DecisionView]:
        """Of those articles whose decision is stored, by id."""
        return self._steady.look(lambda _: decisions(self._books, self._articles, article_ids))

    def is_settled(self, seq: int) -> bool:
        """Whether an accepted revision is no longer pending."""
        received = self._books.received([seq])[0]
        return received is None or received.state != "pending"

    def warm(self) -> None:
        """Read what the first list and the first search would have to wait for."""
        self.catalogued(ClusterFilter(), "velocity", _FIRST_PAGE, None)
        self._search.warm()

    # -- clusters ----------------------------------------------------------------------------------------------------------

    def clusters(self, wanted: ClusterFilter, sort: Sort, limit: int, cursor: str | None) -> Page[ClusterView]:
        """Clusters in an order, descending. Raises InvalidCursor. A page can be short, see `ClusterLists.stored`."""
        if sort not in STORED or not wanted.is_of_records:
            return self.catalogued(wanted, sort, limit, cursor)
        return self._lists.stored(wanted, sort, limit, cursor)

    def catalogued(self, wanted: ClusterFilter, sort: Sort, limit: int, cursor: str | None) -> ClusterList:
        """Clusters of the newest articles in an order, descending, and how many are known. Raises InvalidCursor."""
        return self._lists.catalogued(wanted, sort, limit, cursor)

    def cluster(self, cluster_id: str) -> ClusterView:
        """Raises NotFound; MergedAway when it was absorbed; Gone when it has no members any more."""
        return self._steady.look(lambda generation: self._clusters.view(cluster_id, generation))

    def cluster_articles(self, cluster_id: str, limit: int, cursor: str | None) -> Page[MemberView]:
        """Members in order of acceptance. Raises NotFound, MergedAway, Gone, InvalidCursor."""
        after = decode_number("members", cursor)

        def look(generation: int) -> Page[MemberView]:
            record = self._clusters.record(cluster_id, generation)
            seqs = self._books.members(cluster_id, after, limit + 1, generation)
            more = encode_cursor("members", seqs[limit - 1]) if len(seqs) > limit else None
            return Page(self._articles.members(seqs[:limit]), more, record.article_count)

        return self._steady.look(look)

    def related_clusters(self, cluster_id: str, limit: int) -> Page[ClusterHit]:
        """Clusters near the centre of this one's latest members. Raises NotFound, MergedAway, Gone."""

        def look(generation: int) -> Page[ClusterHit]:
            record = self._clusters.record(cluster_id, generation)
            vector = self._search.vector_of(self._clusters.latest_members(record.id, generation))
            near = [] if vector is None else self._search.near_clusters(vector, limit, without=cluster_id)
            return Page(self._hits(near, generation))

        return self._steady.look(look)

    def storyline_of(self, cluster_id: str, limit: int, cursor: str | None) -> StorylineView:
        """The storyline that a cluster is in. Raises NotFound, MergedAway, Gone, InvalidCursor."""

        def look(generation: int) -> StorylineView:
            self._clusters.record(cluster_id, generation)
            storyline = self._books.storyline_of(cluster_id)
            return self._storylines.view(storyline, generation, limit, cursor) if storyline else StorylineView(None, ())

        return self._steady.look(look)

    def storyline(self, storyline_id: str, limit: int, cursor: str | None) -> StorylineView:
        """A storyline, by its id or by that of one which became part of it. Raises NotFound, InvalidCursor."""

        return self._steady.look(lambda generation: self._storylines.view(storyline_id, generation, limit, cursor))

    def search_text(self, text: str, limit: int, threshold: float) -> Page[ClusterHit]:
        """Clusters nearest to a text, by their nearest member."""
        vector = self._search.vector_of_text(text)

        def look(generation: int) -> Page[ClusterHit]:
            return Page(self._hits(self._search.near_clusters(vector, limit, threshold), generation))

        return self._steady.look(look)

    def search_article(self, article_id: str, limit: int, threshold: float) -> Page[ClusterHit]:
        """Clusters nearest to an article of ours, its own included. Raises NotFound, Gone."""

        def look(generation: int) -> Page[ClusterHit]:
            facts = self._articles.latest(article_id)[1]
            vector = self._search.vector_of([self._articles.canonical(facts).seq]) if facts else None
            near = [] if vector is None else self._search.near_clusters(vector, limit, threshold)
            return Page(self._hits(near, generation))

        return self._steady.look(look)

    def changes(self, cursor: str | None, limit: int) -> Page[ChangeView]:
        """The change feed after `cursor`, from the oldest change that is kept without one. Its cursor is never None: ask again later.

        Raises InvalidCursor, ChangesTrimmed.
        """
        after = self.change_of_cursor(cursor) if cursor else oldest_change(self._books) - 1
        changes = self._books.changes(after, limit)
        if not changes and after > self._books.position().change:
            raise self._of_another_feed("comes after the latest change: this data is older, restored from a backup")
        last = changes[-1].number if changes else after
        return Page(self._articles.change_views(changes), self.cursor_after(last))

    def latest_cursor(self) -> str:
        """The cursor after which everything that happens from now on comes."""
        return self.cursor_after(self._books.position().change)

    def cursor_after(self, number: int) -> str:
        """The cursor of the change feed after a change. It names the collection's life: the feed of the next one counts anew."""
        return encode_cursor("changes", number, self._books.life)

    def change_of_cursor(self, cursor: str) -> int:
        """The number of the change that a cursor comes after. Raises InvalidCursor, ChangesTrimmed for one of a former life."""
        number = decode_number("changes", cursor)
        _, life = decode_cursor("changes", cursor)
        if life not in ("", self._books.life):
            raise self._of_another_feed("belongs to a collection of this name that was deleted")
        return number

    def _of_another_feed(self, why: str) -> ChangesTrimmed:
        advice = "read again what you follow, and request the feed without a cursor"
        return ChangesTrimmed(oldest_change(self._books), f"this cursor {why}: {advice}")

    # -- pieces ------------------------------------------------------------------------------------------------------------

    def _hits(self, near: Sequence[NearCluster], generation: int) -> tuple[ClusterHit, ...]:
        """Leaves out clusters that ended since the search."""
        records = self._books.clusters([item.cluster_id for item in near], generation)
        alive = [
            (item, one) for item, one in zip(near, records, strict=True) if one is not None and one.status != "retired"
        ]
        views = self._clusters.views_of([record for _, record in alive])
        return tuple(
            ClusterHit(round(item.nearest.score, 4), item.nearest.facts.article_id, item.nearest.facts.title, view)
            for (item, _), view in zip(alive, views, strict=True)
        )
