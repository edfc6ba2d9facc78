"""What a person reads on one page: a cluster with its articles and its past, an article with its text and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clusterer.core.cleaning.marked import marked
from clusterer.core.copies.differences import Row, likeness, marking, side_by_side
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.faces.in_common import in_common
from clusterer.core.model import Passage, Relation
from clusterer.pipeline.browsing.companions import (
    Companions,
    Company,
    are_two_things,
    have_one_passage,
    in_common_verbatim,
    mentions,
)
from clusterer.pipeline.browsing.families import Family, families
from clusterer.pipeline.browsing.names import Named, Names
from clusterer.pipeline.browsing.past import Event, Outcome, Past, Step, outcome
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.articles import ArticleFilter
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.lookup.history import History
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.pipeline.lookup.pairs import Pairs
from clusterer.pipeline.lookup.portraits import opening
from clusterer.pipeline.lookup.views import (
    ArticleView,
    ClusterView,
    DecisionView,
    ExplanationView,
    MemberView,
    PairView,
    RelationView,
)
from clusterer.ports import CollectionStore

_MEMBERS = 2_000  # the oldest, of which a cluster's page tells
_MEMBERS_SLICE = 500
_EVENTS = 200
_ALIKE = 100
_COMPARED_CHARS = 20_000
_LITTLE = 0.5  # of the shorter text; copies have nearly all of each other, reports of one event by two writers less than a fifth
_MENTIONED = 14
_SHOWN_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """A cluster to read. moments: (published, received) of its articles; left_out: how many articles are not looked at.

    families: some of `family_count`. decisions: why the head of a family is where it is, by its article id; nearest: the article that
    was closest to it then; today: the closest in the cluster now, of those whose closest is elsewhere by now or was found elsewhere.
    outcome: what came of the events; has_more_events: later ones are left out of both.
    split_from_itself: what it was split off from was joined to it since. openings: how the texts of heads without a headline begin.
    """

    cluster: ClusterView
    families: tuple[Family, ...]
    family_count: int
    openings: Mapping[str, str]
    decisions: Mapping[str, DecisionView]
    nearest: Mapping[str, Company]
    today: Mapping[str, Company]
    moments: tuple[tuple[datetime | None, datetime], ...]
    events: tuple[Event, ...]
    outcome: Outcome
    has_more_events: bool
    split_from: Named | None
    split_from_itself: bool
    left_out: int


@dataclass(frozen=True, slots=True)
class Kin:
    """An article and how it stands to another, or another to it. is_older: it is an earlier revision than the article's latest.

    closest: the other copy of the same original that kind and figures are about, where they are not about that original.
    """

    article: Named
    relation: RelationView
    is_older: bool = False
    closest: Named | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The cluster that was nearest to an article when it came, and the next best; None where there was none, or it is gone."""

    decision: DecisionView
    considered: Named | None
    runner_up: Named | None


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article to read. passages: its page, what was cut marked; empty until it is cleaned. others: articles in its cluster beside it.
    opening: how its text begins, where it has no headline.

    company: the closest in its cluster today; pair: how the two compare today. nearest: the one that was closest when it came; changed:
    that those two compare otherwise today, and why. related: what it is a copy of, and so on; copies: what is one of it, or of the same
    original.
    """

    article: ArticleView
    opening: str
    passages: tuple[Passage, ...]
    shortened: bool
    explanation: ExplanationView
    cluster: Named | None
    considered: Named | None
    runner_up: Named | None
    related: tuple[Kin, ...]
    copies: tuple[Kin, ...]
    steps: tuple[Step, ...]
    others: int
    company: Company | None
    pair: PairView | None
    nearest: Company | None
    changed: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two articles side by side; shortened: only the beginnings are compared.

    mentioned: what both mention, which is marked in texts that have little else in common; None where what differs is marked.
    verbatim: how much of the shorter text the other has too, word for word, 0 to 1. passage: they have a long one in common. clusters:
    where they are, one or two. two_things: they are made alike and told apart. pair: how they compare today. steps: the last regrouping
    of each, if any. choices: which clusters each was compared with when it came, if with any.
    with_others: those that have another article in their cluster.
    """

    left: ArticleView
    right: ArticleView
    rows: tuple[Row, ...]
    shortened: bool
    mentioned: tuple[str, ...] | None
    verbatim: float
    passage: bool
    clusters: tuple[Named, ...]
    two_things: bool
    pair: PairView
    steps: tuple[tuple[ArticleView, Step], ...]
    choices: tuple[tuple[ArticleView, Choice], ...]
    with_others: tuple[ArticleView, ...]


class Browse:
    """Pages over one collection. Raises what the lookups raise."""

    def __init__(self, books: CollectionStore, lookup: Lookup, history: History, pairs: Callable[[], Pairs]) -> None:
        self._books = books
        self._articles = ArticleReader(books)
        self._lookup = lookup
        self._history = history
        self._pairs = pairs
        self.names = Names(books, lookup)
        self.past = Past(books, self.names)
        self._companions = Companions(books, self.names)

    def cluster(self, cluster_id: str, start: int = 0, limit: int = 40) -> ClusterPage:
        """A cluster with some of its families of articles. Raises NotFound, MergedAway, Gone."""
        cluster = self._lookup.cluster(cluster_id)
        members = tuple(self._members(cluster_id))
        entries = self._history.of_cluster(cluster_id, limit=_EVENTS)
        found = families(members)
        shown = found[start : start + limit]
        decisions = self._lookup.decisions([one.head.article_id for one in shown])
        nearest = self._companions.nearest(decisions)
        lost = [one for one in decisions if self._companions.is_lost(decisions[one], nearest.get(one), cluster.id)]
        return ClusterPage(
            cluster=cluster,
            families=shown,
            family_count=len(found),
            openings=self._openings([one.head.article_id for one in shown if not one.head.title]),
            decisions=decisions,
            nearest=nearest,
            today=self._companions.today(lost, cluster.id) if lost else {},
            moments=tuple((member.published_at, member.received_at) for member in members),
            events=tuple(self.past.events(entries, members, cluster.id)),
            outcome=outcome(entries),
            has_more_events=len(entries) == _EVENTS,
            split_from=self.names.cluster(cluster.split_from) if cluster.split_from else None,
            split_from_itself=cluster.split_from is not None and self.names.living(cluster.split_from) == cluster.id,
            left_out=max(0, cluster.article_count - len(members)),
        )

    def article(self, article_id: str) -> ArticlePage:
        """Raises NotFound, Gone."""
        view = self._lookup.article(article_id)
        explanation = self._lookup.explain(article_id)
        decision = explanation.decision
        received, facts = self._articles.latest(article_id)
        document = self._books.document(received.seq)
        passages = marked(received.article, document) if document else ()
        shown = tuple(_first(passages, _SHOWN_CHARS))
        choice = self._choice(decision) if decision else None
        steps = tuple(self.past.steps(received.seq, view.cluster_id)) if facts else ()
        nearest = self._companions.nearest({article_id: decision} if decision else {}).get(article_id)
        today = self._companions.today([article_id], view.cluster_id) if view.cluster_id else {}
        company = today.get(article_id)
        pair = self._pairs().between(article_id, company.article.id) if company else None
        return ArticlePage(
            article=view,
            opening=opening(document.text) if document and not view.title else "",
            passages=shown,
            shortened=len(shown) < len(passages),
            explanation=explanation,
            cluster=self.names.cluster(view.cluster_id) if view.cluster_id else None,
            considered=choice.considered if choice else None,
            runner_up=choice.runner_up if choice else None,
            related=self._related(view.relations, facts.relations) if facts else (),
            copies=tuple(self._copies(article_id, {one.article_id for one in view.relations})),
            steps=steps,
            others=self._others(view.cluster_id) if view.cluster_id else 0,
            company=company,
            pair=pair,
            nearest=nearest,
            changed=self._changed(article_id, nearest, pair) if nearest else None,
        )

    def compare(self, article_id: str, other_id: str) -> Comparison:
        """Raises NotFound, Gone."""
        views = [self._lookup.article(one) for one in (article_id, other_id)]
        texts = [self._text(one) for one in (article_id, other_id)]
        left, right = (text[:_COMPARED_CHARS] for text in texts)
        rows, mentioned = side_by_side(left, right), None
        pair = self._companions.pair(article_id, other_id)
        if likeness(rows) < _LITTLE:
            mentioned = self._mentioned(pair, views, (left, right)) if pair else ()
            rows = (Row(marking(left, mentioned), marking(right, mentioned)),)
        return Comparison(
            views[0],
            views[1],
            rows,
            max(map(len, texts)) > _COMPARED_CHARS,
            mentioned,
            in_common_verbatim(left, right),
            have_one_passage(left, right),
            tuple(dict.fromkeys(self.names.cluster(one.cluster_id) for one in views if one.cluster_id)),
            pair is not None and are_two_things(*pair),
            self._pairs().between(article_id, other_id),
            tuple((one, steps[-1]) for one in views if (steps := self._steps(one))),
            self._choices(views),
            tuple(one for one in views if one.cluster_id and self._others(one.cluster_id) > _together(views)),
        )

    @staticmethod
    def _mentioned(
        pair: tuple[Evidence, Evidence], views: Sequence[ArticleView], texts: Sequence[str]
    ) -> tuple[str, ...]:
        """What both mention, told as on the page of either."""
        written = [f"{view.title}\n{text}" for view, text in zip(views, texts, strict=True)]
        earlier, later = written if pair[0].seq < pair[1].seq else written[::-1]
        sources = [view.source for view in views]
        return mentions(in_common(pair[0].sparse, pair[1].sparse), earlier, later, sources, _MENTIONED)

    def _choices(self, views: Sequence[ArticleView]) -> tuple[tuple[ArticleView, Choice], ...]:
        decisions = self._lookup.decisions([one.id for one in views])
        return tuple((one, self._choice(decisions[one.id])) for one in views if one.id in decisions)

    def _choice(self, decision: DecisionView) -> Choice:
        considered, runner_up = decision.considered_id, decision.runner_up
        return Choice(
            decision,
            self.names.cluster(self.names.living(considered)) if considered else None,
            self.names.cluster(runner_up.cluster_id) if runner_up else None,
        )

    def _changed(self, article_id: str, nearest: Company, pair: PairView | None) -> str | None:
        if pair is None or pair.article_id != nearest.article.id:
            pair = self._pairs().between(article_id, nearest.article.id)
        return pair.changed

    def _steps(self, article: ArticleView) -> tuple[Step, ...]:
        return tuple(self.past.steps(self._articles.latest(article.id)[0].seq, article.cluster_id))

    def clusters_like(self, words: str) -> tuple[ClusterView, ...]:
        """The latest clusters with a headline that has words which begin with all of these, a hundred at most."""
        return self._lookup.catalogued(ClusterFilter(words=words), "last_seen", _ALIKE, None).data

    def articles_like(self, words: str) -> tuple[ArticleView, ...]:
        """The same of articles, as far as one page of their list looks."""
        return self._lookup.articles(ArticleFilter(words=words), _ALIKE, None).data

    def _related(self, views: Sequence[RelationView], relations: Sequence[Relation]) -> tuple[Kin, ...]:
        latest = {facts.article_id: facts.seq for facts in self._articles.latest_of([one.article_id for one in views])}
        return tuple(
            Kin(
                self.names.article(view.article_id),
                view,
                latest.get(view.article_id, stored.other) != stored.other,
                self.names.article(view.closest_id) if view.closest_id else None,
            )
            for view, stored in zip(views, relations, strict=True)
        )

    def _copies(self, article_id: str, told: Collection[str]) -> Iterator[Kin]:
        """Those of an article, without itself and what is told already."""
        for one in self._lookup.duplicates(article_id).copies:
            if one.article_id != article_id and one.article_id not in told:
                named = Named(one.article_id, one.title, one.source)
                relation = RelationView(one.kind, article_id, one.is_copy, one.evidence, one.closest_id)
                yield Kin(named, relation)

    def _openings(self, article_ids: Sequence[str]) -> dict[str, str]:
        latest = self._articles.latest_of(article_ids) if article_ids else []
        texts = zip(latest, self._books.texts([facts.seq for facts in latest]), strict=True)
        return {facts.article_id: opening(document.text) for facts, (_, document) in texts if document}

    def _others(self, cluster_id: str) -> int:
        record = self._books.cluster(cluster_id)
        return record.article_count - 1 if record else 0

    def _text(self, article_id: str) -> str:
        document = self._books.document(self._articles.latest(article_id)[0].seq)
        return document.text if document else ""

    def _members(self, cluster_id: str) -> Iterator[MemberView]:
        cursor, left = None, _MEMBERS
        while left > 0:
            page = self._lookup.cluster_articles(cluster_id, _MEMBERS_SLICE, cursor)
            yield from page.data
            cursor, left = page.next_cursor, left - len(page.data)
            if cursor is None:
                return


def _together(views: Sequence[ArticleView]) -> int:
    """How many other articles of these two are in the cluster of each."""
    return int(views[0].cluster_id == views[1].cluster_id)


def _first(passages: Sequence[Passage], chars: int) -> Iterator[Passage]:
    for passage in passages:
        chars -= len(passage.text)
        if chars < 0:
            return
        yield passage
