"""What the API answers, as typed values. Fields that a newer server adds are passed over; times are aware UTC.

The schemas of the same names in the OpenAPI document say what each field means.
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, TypeVar

from msgspec import Struct

Item = TypeVar("Item")
ArticleState = Literal["pending", "assigned", "dead", "erased", "expired"]
Figures = dict[str, float | int | str]


class Page(Struct, Generic[Item], frozen=True):
    """Some of many; `next_cursor` asks for the rest and is None at the end. total: how many there are, where the API knows it."""

    data: tuple[Item, ...]
    next_cursor: str | None = None
    total: int | None = None


class FieldProblem(Struct, frozen=True):
    """What is wrong with one part of a request; `pointer` is an RFC 6901 pointer into it."""

    part: str
    pointer: str
    detail: str


class AcceptedArticle(Struct, frozen=True):
    """An accepted article; `outcome` is `known` for a content that was accepted before.

    `state`, `reason` and `cluster` are there where it was waited for.
    """

    id: str
    revision: int
    outcome: Literal["accepted", "known"]
    status_url: str
    cluster_url: str
    warnings: tuple[FieldProblem, ...] = ()
    state: ArticleState | None = None
    reason: str | None = None
    cluster: Cluster | None = None


class BatchItem(Struct, frozen=True):
    """What became of one article of those that were sent; `index` counts from 0 in the order sent."""

    index: int
    status: Literal["accepted", "known", "rejected"]
    id: str | None = None
    revision: int | None = None
    status_url: str | None = None
    errors: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()


class BatchAnswer(Struct, frozen=True):
    """The answer to one batch."""

    accepted: int
    rejected: int
    items: tuple[BatchItem, ...]


class Relation(Struct, frozen=True):
    """How an article stands to an earlier one."""

    kind: str
    article_id: str
    is_copy: bool
    evidence: Figures
    closest_id: str | None = None


class Article(Struct, frozen=True):
    """An article by its latest revision; `cluster_id` is None until it is assigned."""

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
    relations: tuple[Relation, ...] = ()
    kind: str | None = None
    multi_event: bool = False
    cuts: int | None = None
    reason: str | None = None


class Passage(Struct, frozen=True):
    """One line of a page; `cut` is why it is no part of the article."""

    text: str
    cut: str | None = None


class ArticleText(Struct, frozen=True):
    """The text of an article as cleaning left it."""

    article_id: str
    revision: int
    state: ArticleState
    title: str | None
    text: str | None
    passages: tuple[Passage, ...]


class Version(Struct, frozen=True):
    """One revision of an article."""

    revision: int
    state: ArticleState
    received_at: datetime
    published_at: datetime | None
    title: str | None
    content_hash: str
    cluster_id: str | None


class Duplicate(Struct, frozen=True):
    """A member of a family of copies."""

    article_id: str
    revision: int
    state: ArticleState
    kind: str
    is_copy: bool
    title: str | None
    source: str | None
    url: str | None
    published_at: datetime | None
    received_at: datetime
    evidence: Figures
    closest_id: str | None = None


class Duplicates(Struct, frozen=True):
    """The original of an article, and all copies, excerpts and versions of that."""

    article_id: str
    state: ArticleState
    canonical_id: str
    is_canonical: bool
    copies: tuple[Duplicate, ...]
    more: bool = False


class RelatedArticle(Struct, frozen=True):
    """A near article; `score` is a cosine."""

    article_id: str
    score: float
    cluster_id: str | None
    same_cluster: bool
    title: str
    source: str | None
    url: str | None
    published_at: datetime | None


class Representative(Struct, frozen=True):
    """The article whose title a cluster bears."""

    article_id: str
    reason: str


class Coherence(Struct, frozen=True):
    """Cosines over all pairs of members; None with fewer than two."""

    mean: float | None
    min: float | None


class Cluster(Struct, frozen=True):
    """The articles that report one event."""

    id: str
    status: Literal["active", "cold"]
    title: str | None
    representative: Representative | None
    medoid_id: str | None
    article_count: int
    source_count: int
    origin_count: int
    languages: dict[str, int]
    sources: dict[str, int]
    keywords: tuple[str, ...]
    names: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    last_added_at: datetime
    velocity: dict[str, int]
    coherence: Coherence
    revision: int
    generation: int
    pinned: bool
    aliases: tuple[str, ...]
    split_from: str | None
    first_published_at: datetime | None
    last_published_at: datetime | None


class ClusterOf(Struct, frozen=True):
    """The cluster of an article; `cluster` is None while there is none, and `state` says why."""

    article_id: str
    state: ArticleState
    via: str | None
    reason: str | None
    cluster: Cluster | None


class Member(Struct, frozen=True):
    """An article of a cluster."""

    article_id: str
    revision: int
    title: str
    source: str | None
    url: str | None
    lang: str | None
    published_at: datetime | None
    received_at: datetime
    relation: Relation | None


class ClusterHit(Struct, frozen=True):
    """A cluster near a text or an article; `score` is the cosine to its nearest member."""

    score: float
    article_id: str
    article_title: str
    cluster: Cluster


class Change(Struct, frozen=True):
    """A record of the change feed; `number` counts from 1 without gaps."""

    number: int
    at: datetime
    kind: str
    cluster_id: str
    other_id: str | None
    article_ids: tuple[str, ...]
    generation: int
    actor: str | None
    reason: str | None


class Event(Struct, frozen=True):
    """A change as it happens; `cursor` is where to go on after it."""

    cursor: str
    change: Change


class HistoryEntry(Struct, frozen=True):
    """One change of a cluster, with its sentence."""

    number: int
    at: datetime
    kind: str
    gained: bool
    other: str | None
    article_ids: tuple[str, ...]
    actor: str | None
    reason: str | None
    text: str
    of_other: bool = False


class Term(Struct, frozen=True):
    """One term of a score."""

    name: str
    value: float
    contribution: float


class RunnerUp(Struct, frozen=True):
    """The second best cluster."""

    cluster_id: str
    probability: float
    margin: float


class NearMember(Struct, frozen=True):
    """A member close to the article."""

    article_id: str
    title: str
    probability: float


class Decision(Struct, frozen=True):
    """The assignment as it was decided."""

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


class Cut(Struct, frozen=True):
    """A piece of the page that is not the article."""

    text: str
    reason: str


class Pair(Struct, frozen=True):
    """How an article and another one compare today, and why they are together or apart."""

    article_id: str
    together: bool
    probability: float | None
    threshold: float | None
    logit: float | None
    intercept: float | None
    terms: tuple[Term, ...]
    whole: float | None
    summary: tuple[str, ...]
    changed: str | None = None


class Explanation(Struct, frozen=True):
    """Why an article is where it is: sentences first, the facts behind them after."""

    article_id: str
    revision: int
    state: ArticleState
    cluster_id: str | None
    summary: tuple[str, ...]
    cuts: tuple[Cut, ...]
    relations: tuple[Relation, ...]
    decision: Decision | None
    pair: Pair | None = None


class Corrected(Struct, frozen=True):
    """Where the articles of a correction are now."""

    cluster_id: str
    cluster_url: str


class Correction(Struct, frozen=True):
    """A correction in force; `key` is what `withdraw` takes. pending: the clusters are as it says only after the next nightly run."""

    key: str
    kind: Literal["must_link", "cannot_link", "pin"]
    cluster_id: str | None
    article_ids: tuple[str, ...]
    actor: str
    reason: str
    at: datetime
    pending: bool = False


class Readiness(Struct, frozen=True):
    """Whether articles can be accepted; `workers` counts the living ones by role."""

    status: str
    workers: dict[str, int]
