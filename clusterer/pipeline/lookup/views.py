"""What lookups answer: plain frozen values, made from the books, without transport or storage in them.

Times are aware UTC. Articles are named by their public ids; the sequence numbers that the books use stay inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar

from clusterer.core.cluster_records import ChangeKind
from clusterer.core.model import ArticleState, Coherence, DocumentKind, Passage, RelationKind, Representative
from clusterer.core.scoring.reasons import RunnerUp, Term

Item = TypeVar("Item")
ClusterStatus = Literal["active", "cold"]  # cold: out of reach of new articles
FigureMap = Mapping[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of many; `next_cursor` asks for the rest and is None at the end.

    total: how many there are on all pages, now and exactly; None where telling would mean to look at all of them.
    """

    data: tuple[Item, ...]
    next_cursor: str | None = None
    total: int | None = None


def whole(data: Iterable[Item]) -> Page[Item]:
    """A list on one page."""
    items = tuple(data)
    return Page(items, None, len(items))


def part(data: tuple[Item, ...], next_cursor: str | None, cursor: str | None, total: int | None = None) -> Page[Item]:
    """The page that was asked for with `cursor`. Where it is the only one, its items are all there are."""
    return Page(data, next_cursor, len(data) if not cursor and next_cursor is None else total)


@dataclass(frozen=True, slots=True)
class RelationView:
    """How an article stands to an earlier one, with the figures that say so. A copy follows the other into its cluster.

    closest_id: another copy of the same original, to which the article's text is nearer: kind and figures are about that. Null where they
    are about `article_id`.
    """

    kind: RelationKind
    article_id: str
    is_copy: bool
    evidence: FigureMap = field(default_factory=dict)
    closest_id: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article, by its latest revision. `title` is the one that cleaning kept, once it has run.

    `cluster_id` is None until the article is assigned. `cuts` counts the pieces of the page that were no part of the
    article. `reason` says why an article is dead.
    """

    id: str
    revision: int
    revisions: int
    state: ArticleState
    received_at: datetime
    published_at: datetime | None
    title: str | None
    source: str | None
    url: str | None
    lang: str | None
    cluster_id: str | None
    relations: tuple[RelationView, ...] = ()
    kind: DocumentKind | None = None
    multi_event: bool = False
    cuts: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The text of an article; None while it was not cleaned. passages: the lines of its page, `cut` says why one is no part of the text."""

    article_id: str
    revision: int
    state: ArticleState
    title: str | None
    text: str | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One revision of an article, as its sender gave it."""

    revision: int
    state: ArticleState
    received_at: datetime
    published_at: datetime | None
    title: str | None
    content_hash: str
    cluster_id: str | None


@dataclass(frozen=True, slots=True)
class DuplicateView:
    """A member of a copy family and how it stands to the canonical article.

    closest_id: another member, to which its text is nearer: kind and figures are about that. Null where they are about the canonical one.
    """

    article_id: str
    revision: int
    state: ArticleState
    kind: RelationKind
    is_copy: bool
    title: str | None
    source: str | None
    url: str | None
    published_at: datetime | None
    received_at: datetime
    evidence: FigureMap
    closest_id: str | None = None


@dataclass(frozen=True, slots=True)
class DuplicatesView:
    """The family of copies an article belongs to: the earliest received is the canonical one."""

    article_id: str
    state: ArticleState
    canonical_id: str
    is_canonical: bool
    copies: tuple[DuplicateView, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """A near article; `score` is the cosine of the embedded leads, -1 to 1."""

    article_id: str
    score: float
    cluster_id: str | None
    same_cluster: bool
    title: str
    source: str | None
    url: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster with its face. first_seen, last_seen and last_added_at are times of reception, which nobody can backdate.

    Three counts: articles, distinct sources, and origins: sources with an article that is no copy, and each such article
    without a source.
    velocity: articles received in the last hour and day. first_published_at, last_published_at: as the publishers claim it; None where
    nobody says it. All of the latest 2,000 articles.
    title: where no article has a headline, how the representative's text begins.
    """

    id: str
    status: ClusterStatus
    title: str | None
    representative: Representative | None
    medoid_id: str | None
    article_count: int
    source_count: int
    origin_count: int
    languages: Mapping[str, int]
    sources: Mapping[str, int]
    keywords: tuple[str, ...]
    names: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    last_added_at: datetime
    velocity: Mapping[str, int]
    coherence: Coherence
    revision: int
    generation: int
    pinned: bool
    aliases: tuple[str, ...]
    split_from: str | None
    first_published_at: datetime | None
    last_published_at: datetime | None


@dataclass(frozen=True, slots=True)
class StorylineView:
    """Clusters that tell one saga, in order of time; `id` is None, and there are none, for a cluster that is in no storyline.

    next_cursor: where the next page begins, None on the last.
    """

    id: str | None
    clusters: tuple[ClusterView, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleCluster:
    """Where an article is. `via` names the article whose cluster this is, when the article is a copy still on its way."""

    article_id: str
    state: ArticleState
    via: str | None
    reason: str | None
    cluster: ClusterView | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of a cluster, with its primary relation if it has one."""

    article_id: str
    revision: int
    title: str
    source: str | None
    url: str | None
    lang: str | None
    published_at: datetime | None
    received_at: datetime
    relation: RelationView | None


@dataclass(frozen=True, slots=True)
class ClusterHit:
    """A cluster near a text; `score` is the cosine to its nearest member, `article_id`."""

    score: float
    article_id: str
    article_title: str
    cluster: ClusterView


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A record of the change feed; `number` counts from 1 without gaps. See `core.cluster_records.Change` for the kinds."""

    number: int
    at: datetime
    kind: ChangeKind
    cluster_id: str
    other_id: str | None
    article_ids: tuple[str, ...]
    generation: int
    actor: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class NearMember:
    """A member close to the article, with the probability that this pair alone reports one event."""

    article_id: str
    title: str
    probability: float


@dataclass(frozen=True, slots=True)
class DecisionView:
    """The assignment as it was decided and stored, not as it would be decided now.

    `considered_id` is the best candidate cluster and `joined` whether it was joined. The contributions of `terms` and
    the intercept add up to the logit, whose logistic is the probability.
    """

    rule: str
    joined: bool
    considered_id: str | None
    probability: float
    threshold: float
    logit: float
    intercept: float
    terms: tuple[Term, ...]
    shared_words: tuple[str, ...]
    shared_names: tuple[str, ...]
    shared_numbers: tuple[str, ...]
    runner_up: RunnerUp | None
    closest: tuple[NearMember, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """How an article and another one, or the originals of which they are copies, compare today; no decision.

    together: whether they are in one cluster. whole: the probability that their clusters report one event, as a mean over all pairs; in one
    cluster, that the other one belongs to the rest of it; None where there is nothing but the two. The contributions of `terms` and the
    intercept add up to the logit, whose logistic is the probability. Null figures: one of the two has nothing to be compared by.
    changed: that the likelihood was another one when the later of them came, and why, in a sentence; null where it was about the same.
    """

    article_id: str
    together: bool
    probability: float | None
    threshold: float | None
    logit: float | None
    intercept: float | None
    terms: tuple[Term, ...]
    whole: float | None
    summary: tuple[str, ...]
    changed: str | None


@dataclass(frozen=True, slots=True)
class CutView:
    """A piece of the page that is not the article, and why it was cut, in words."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """Why an article is where it is: sentences for a reader first, the facts behind them after."""

    article_id: str
    revision: int
    state: ArticleState
    cluster_id: str | None
    summary: tuple[str, ...]
    cuts: tuple[CutView, ...]
    relations: tuple[RelationView, ...]
    decision: DecisionView | None
    pair: PairView | None = None


@dataclass(frozen=True, slots=True)
class PlannedCluster:
    """A cluster in a plan. `id` is None for one that does not exist yet, whose id is drawn when the plan is published.

    Sizes are in articles; a merged cluster has none after, a new one none before.
    """

    id: str | None
    title: str | None
    articles_before: int
    articles_after: int


@dataclass(frozen=True, slots=True)
class PlannedFlow:
    """`articles` would go from `origin` to `target`. headlines: of the earliest of them, where they have one."""

    articles: int
    origin: PlannedCluster
    target: PlannedCluster
    headlines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanView:
    """What a plan would do, most articles first.

    merged: `origin` would be absorbed, and its id stand for `target`. split: `target` is new and came out of `origin`, which lives on.
    moved: both live on. created: new clusters whose articles come from no one cluster that lives on. left_out: how many more there are.
    """

    merged: tuple[PlannedFlow, ...]
    split: tuple[PlannedFlow, ...]
    moved: tuple[PlannedFlow, ...]
    created: tuple[PlannedCluster, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
