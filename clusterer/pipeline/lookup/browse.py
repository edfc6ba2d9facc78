"""What a person reads on one page: a cluster with its articles and its past, an article with its text and the reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clusterer.core.cleaning.marked import marked
from clusterer.core.clustering.company import Common, closest, in_common
from clusterer.core.clustering.evidence import Evidence
from clusterer.core.copies.differences import Row, side_by_side
from clusterer.core.errors import ClustererError
from clusterer.core.model import Passage
from clusterer.core.records import Change, PreparedFacts
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.families import Family, families
from clusterer.pipeline.lookup.history import History, HistoryEntry
from clusterer.pipeline.lookup.listing import ClusterFilter
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.pipeline.lookup.portraits import face_members
from clusterer.pipeline.lookup.views import (
    ArticleView,
    ClusterView,
    DecisionView,
    ExplanationView,
    MemberView,
)
from clusterer.ports import CollectionStore

_MEMBERS = 2_000  # the oldest, of which a cluster's page tells
_MEMBERS_SLICE = 500
_EVENTS = 200
_NAMED = 5  # articles of one event that are named
_HOPS = 8
_ALIKE = 100
_COMPANY = 200  # the latest members, of which the closest is looked for
_COMPARED_CHARS = 20_000
_SHOWN_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class Named:
    """A cluster or an article as it is called in a sentence. `title` is None where it has none, or is gone.

    source: of an article, since copies have the same title.
    """

    id: str
    title: str | None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a cluster. `gained`: the articles came to it; else they left it. articles: the first of `count`.

    is_one: the other cluster was joined to this one since, so that both have one name.
    """

    number: int
    at: datetime
    kind: str
    gained: bool
    other: Named | None
    articles: tuple[Named, ...]
    count: int
    is_one: bool
    actor: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Company:
    """An article close to another, and what both mention. text: of that other, whose spelling names are told in.

    moved_to: the cluster of the close one, where it has left the one in which it was found.
    """

    article: Named
    common: Common
    text: str
    moved_to: Named | None = None


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """A cluster to read. moments: (published, received) of its articles; left_out: how many articles are not looked at.

    families: some of `family_count`. decisions: why the head of a family is where it is, by its article id; nearest: the article that
    was closest to it then; today: the closest in the cluster now, of those whose closest is elsewhere by now or was found elsewhere.
    split_from_itself: what it was split off from was joined to it since.
    """

    cluster: ClusterView
    families: tuple[Family, ...]
    family_count: int
    decisions: Mapping[str, DecisionView]
    nearest: Mapping[str, Company]
    today: Mapping[str, Company]
    moments: tuple[tuple[datetime | None, datetime], ...]
    events: tuple[Event, ...]
    split_from: Named | None
    split_from_itself: bool
    left_out: int


@dataclass(frozen=True, slots=True)
class Step:
    """How an article came from one cluster to another after it was first assigned."""

    at: datetime
    kind: str
    origin: Named
    target: Named
    actor: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did: `articles` went from `origin` to `target`. is_one: they are one cluster by now, with one name."""

    number: int
    at: datetime
    kind: str
    origin: Named
    target: Named
    articles: int
    is_one: bool
    actor: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article to read. passages: its page, what was cut marked; empty until it is cleaned. others: articles in its cluster beside it.

    company: the closest in its cluster today, of one that began its cluster or came to it later, of which its first decision says
    nothing, and of one whose closest has left; nearest: the closest when it came.
    """

    article: ArticleView
    passages: tuple[Passage, ...]
    shortened: bool
    explanation: ExplanationView
    cluster: Named | None
    considered: Named | None
    runner_up: Named | None
    related: tuple[tuple[Named, str | None], ...]
    copies: tuple[Named, ...]
    steps: tuple[Step, ...]
    others: int
    company: Company | None
    nearest: Company | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two articles side by side; shortened: only the beginnings are compared."""

    left: ArticleView
    right: ArticleView
    rows: tuple[Row, ...]
    shortened: bool


class Browse:
    """Pages over one collection. Raises what the lookups raise."""

    def __init__(self, books: CollectionStore, lookup: Lookup, history: History) -> None:
        self._books = books
        self._articles = ArticleReader(books)
        self._lookup = lookup
        self._history = history

    def cluster(self, cluster_id: str, start: int = 0, limit: int = 40) -> ClusterPage:
        """A cluster with some of its families of articles. Raises NotFound, MergedAway, Gone."""
        cluster = self._lookup.cluster(cluster_id)
        members = tuple(self._members(cluster_id))
        entries = self._history.of_cluster(cluster_id, limit=_EVENTS)
        found = families(members)
        shown = found[start : start + limit]
        decisions = self._lookup.decisions([one.head.article_id for one in shown])
        nearest = self._nearest(decisions)
        lost = [one for one in decisions if self._is_lost(decisions[one], nearest.get(one), cluster.id)]
        return ClusterPage(
            cluster=cluster,
            families=shown,
            family_count=len(found),
            decisions=decisions,
            nearest=nearest,
            today=self._today(lost, cluster.id) if lost else {},
            moments=tuple((member.published_at, member.received_at) for member in members),
            events=tuple(self._events(entries, members, cluster.id)),
            split_from=self.name(cluster.split_from) if cluster.split_from else None,
            split_from_itself=cluster.split_from is not None and self._living(cluster.split_from) == cluster.id,
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
        runner_up = decision.runner_up.cluster_id if decision and decision.runner_up else None
        steps = tuple(self._steps(received.seq, view.cluster_id)) if facts else ()
        nearest = self._nearest({article_id: decision} if decision else {}).get(article_id)
        is_told = not steps and decision is not None and decision.joined and not (nearest and nearest.moved_to)
        company = self._today([article_id], view.cluster_id) if view.cluster_id and not is_told else {}
        return ArticlePage(
            article=view,
            passages=shown,
            shortened=len(shown) < len(passages),
            explanation=explanation,
            cluster=self.name(view.cluster_id) if view.cluster_id else None,
            considered=self.name(self._living(decision.considered_id)) if decision and decision.considered_id else None,
            runner_up=self.name(runner_up) if runner_up and self._living(runner_up) != view.cluster_id else None,
            related=tuple((self.article_name(one.article_id), one.kind) for one in view.relations),
            copies=tuple(
                Named(one.article_id, one.title, one.source)
                for one in self._lookup.duplicates(article_id).copies
                if one.article_id != article_id
            ),
            steps=steps,
            others=self._others(view.cluster_id) if view.cluster_id else 0,
            company=company.get(article_id),
            nearest=nearest,
        )

    def compare(self, article_id: str, other_id: str) -> Comparison:
        """Raises NotFound, Gone."""
        views = [self._lookup.article(one) for one in (article_id, other_id)]
        texts = [self._text(one) for one in (article_id, other_id)]
        left, right = (text[:_COMPARED_CHARS] for text in texts)
        return Comparison(views[0], views[1], side_by_side(left, right), max(map(len, texts)) > _COMPARED_CHARS)

    def acts(self, changes: Iterable[Change]) -> tuple[Act, ...]:
        """What people did, in words: changes that merged, split or moved."""
        return tuple(
            Act(
                number=one.number,
                at=one.at,
                kind=one.kind,
                origin=self.name(one.source or ""),
                target=self.name(one.target or ""),
                articles=len(one.seqs),
                is_one=self._living(one.source or "") == self._living(one.target or ""),
                actor=one.actor,
                reason=one.reason,
            )
            for one in changes
        )

    def name(self, cluster_id: str) -> Named:
        """A cluster by its title; of one that was merged away, the title of the one that lives on, under its own id."""
        try:
            living = self._books.resolve(cluster_id) or cluster_id
            return Named(cluster_id, self._lookup.cluster(living).title)
        except ClustererError:
            return Named(cluster_id, None)

    def with_headline(self, headline: str) -> list[str]:
        """The clusters that have this headline, whatever its case; looks at no more than the latest 100 with its words."""
        wanted = headline.casefold().split()
        found = self._lookup.catalogued(ClusterFilter(words=headline), "last_seen", _ALIKE, None).data
        return [one.id for one in found if (one.title or "").casefold().split() == wanted]

    def _living(self, cluster_id: str) -> str:
        return self._books.resolve(cluster_id) or cluster_id

    def _others(self, cluster_id: str) -> int:
        record = self._books.cluster(cluster_id)
        return record.article_count - 1 if record else 0

    def _is_lost(self, decision: DecisionView, nearest: Company | None, cluster_id: str) -> bool:
        """Whether what a decision to join rests on is not in the cluster any more, or never was."""
        if not decision.joined or decision.considered_id is None:
            return False
        return bool(nearest and nearest.moved_to) or self._living(decision.considered_id) != cluster_id

    def _today(self, article_ids: Sequence[str], cluster_id: str) -> dict[str, Company]:
        """The closest to each among the latest members of a cluster."""
        owns = self._articles.latest_of(article_ids)
        latest = set(self._books.latest_members([cluster_id], _COMPANY)[0])
        members = face_members(self._books, list({*latest, *(one.seq for one in owns)}))
        texts = self._texts([one.seq for one in owns])
        found = {}
        for own in (one for one in members if one.seq in texts):
            near = closest(own, [one for one in members if one is not own and one.seq in latest])
            if near is not None:
                found[own.article_id] = _beside(own, near, texts[own.seq])
        return found

    def _nearest(self, decisions: Mapping[str, DecisionView]) -> dict[str, Company]:
        """The other article that was closest to each when it came; those that are gone are left out.

        The words of a decision are shared with several articles, so that they do not say what this one has of them.
        """
        pairs = {
            article_id: next((one.article_id for one in decision.closest if one.article_id != article_id), article_id)
            for article_id, decision in decisions.items()
        }
        latest = {facts.article_id: facts for facts in self._articles.latest_of(list({*pairs, *pairs.values()}))}
        members = {one.article_id: one for one in face_members(self._books, [one.seq for one in latest.values()])}
        told = {own: other for own, other in pairs.items() if own != other and own in members and other in members}
        texts = self._texts([members[own].seq for own in told])
        return {
            own: _beside(
                members[own],
                members[other],
                texts.get(members[own].seq, ""),
                self._moved_to(latest[own], latest[other], decisions[own]),
            )
            for own, other in told.items()
        }

    def _moved_to(self, own: PreparedFacts, near: PreparedFacts, decision: DecisionView) -> Named | None:
        """Where the closest to an article is by now: neither with it nor where it was found."""
        if near.cluster is None or near.cluster in (own.cluster, decision.considered_id):
            return None
        known = {self._living(one) for one in (own.cluster, decision.considered_id) if one}
        return None if self._living(near.cluster) in known else self.name(near.cluster)

    def _texts(self, seqs: Sequence[int]) -> dict[int, str]:
        """Headlines and texts of articles, as names are written there."""
        texts = zip(seqs, self._books.texts(seqs), strict=True)
        return {seq: f"{document.title}\n{document.text}" if document else "" for seq, (_, document) in texts}

    def article_name(self, article_id: str) -> Named:
        """An article by its title."""
        try:
            view = self._lookup.article(article_id)
            return Named(article_id, view.title, view.source)
        except ClustererError:
            return Named(article_id, None)

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

    def _events(
        self, entries: Sequence[HistoryEntry], members: Collection[MemberView], cluster_id: str
    ) -> Iterator[Event]:
        known = {one.article_id: Named(one.article_id, one.title or None, one.source) for one in members}
        for entry in entries:
            named = [known.get(one) or self.article_name(one) for one in entry.article_ids[:_NAMED]]
            other = self.name(entry.other) if entry.other else None
            yield Event(
                number=entry.number,
                at=entry.at,
                kind=entry.kind,
                gained=entry.gained,
                other=other,
                articles=tuple(named),
                count=len(entry.article_ids),
                is_one=entry.other is not None and self._living(entry.other) == cluster_id,
                actor=entry.actor,
                reason=entry.reason,
            )

    def _steps(self, seq: int, cluster_id: str | None) -> Iterable[Step]:
        """From the latest back to the first assignment, as far as changes are kept; told oldest first.

        A step between two clusters that are one by now is left out: they have one name, so it would tell nothing.
        """
        steps: list[Step] = []
        current, before = cluster_id, None
        for _ in range(_HOPS):
            change = self._arrival(seq, current, before) if current is not None else None
            if current is None or change is None:
                break
            origin, before = change.source or "", change.at
            if change.kind == "merged" or self._living(origin) != self._living(current):
                named = self.name(origin), self.name(current)
                steps.append(Step(change.at, change.kind, *named, change.actor, change.reason))
            current = origin
        return reversed(steps)

    def _arrival(self, seq: int, cluster_id: str, before: datetime | None) -> Change | None:
        """The latest regrouping that brought an article to a cluster."""
        found = None
        for change in self._books.changes_of(cluster_id, 0, 1_000):
            target = change.target
            regrouped = change.kind in ("merged", "split", "moved") and target == cluster_id and seq in change.seqs
            if regrouped and (before is None or change.at < before):
                found = change
        return found


def _beside(own: Evidence, near: Evidence, text: str, moved_to: Named | None = None) -> Company:
    named = Named(near.article_id, near.heading or None, near.source)
    return Company(named, in_common(own.sparse, near.sparse), text, moved_to)


def _first(passages: Sequence[Passage], chars: int) -> Iterator[Passage]:
    for passage in passages:
        chars -= len(passage.text)
        if chars < 0:
            return
        yield passage
