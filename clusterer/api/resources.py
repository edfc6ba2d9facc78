"""What leaves the API beyond the views of the pipeline: the same values with links, and the answers to posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from clusterer.api.parameters import path_to, paths_below
from clusterer.api.problems import FieldProblem
from clusterer.core.model import ArticleState
from clusterer.core.records import Receipt
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.lookup.views import ArticleCluster, ArticleView, ClusterHit, ClusterView, Page, StorylineView


@dataclass(frozen=True, slots=True)
class ClusterResource(ClusterView):
    """A cluster and where its parts are."""

    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StorylineResource:
    """Clusters that tell one saga, in order of time; `id` is null, and there are none, for a cluster that is in no storyline."""

    id: str | None
    clusters: tuple[ClusterResource, ...]
    next_cursor: str | None
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ArticleResource(ArticleView):
    """An article and where what belongs to it is."""

    links: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ArticleClusterResource:
    """The cluster of an article; `cluster` is null while there is none, and `state` says why."""

    article_id: str
    state: ArticleState
    via: str | None
    reason: str | None
    cluster: ClusterResource | None


@dataclass(frozen=True, slots=True)
class ClusterHitResource:
    """A cluster near a text or article; `score` is the cosine to its nearest member `article_id`, -1 to 1."""

    score: float
    article_id: str
    article_title: str
    cluster: ClusterResource


@dataclass(frozen=True, slots=True)
class AcceptedArticle:
    """An accepted article. `outcome` is `known` when this very content was accepted before under this id.

    `warnings` name optional fields that could not be used and were left out.
    """

    id: str
    revision: int
    outcome: Literal["accepted", "known"]
    status_url: str
    cluster_url: str
    warnings: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class AssignedArticle(AcceptedArticle):
    """An accepted article, waited for. `state` is `dead` when it could not be processed.

    `cluster` is null then, and for a token without the scope `read`.
    """

    state: ArticleState
    reason: str | None
    cluster: ClusterResource | None


@dataclass(frozen=True, slots=True)
class BatchItem:
    """What became of one article of a batch; `index` counts from 0 in the order sent."""

    index: int
    status: Literal["accepted", "known", "rejected"]
    id: str | None = None
    revision: int | None = None
    status_url: str | None = None
    errors: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What became of each article of a batch, and how many were accepted (known ones included)."""

    accepted: int
    rejected: int
    items: tuple[BatchItem, ...]


@dataclass(frozen=True, slots=True)
class MergedAnswer:
    """The cluster lives on in another, which `Location` names."""

    merged_into: str


_CLUSTER_LINKS = ("articles", "related", "storyline", "history", "timeline")
_ARTICLE_LINKS = ("versions", "cluster", "duplicates", "related", "explain")
_OF_CLUSTER = tuple(field.name for field in fields(ClusterView))
_OF_ARTICLE = tuple(field.name for field in fields(ArticleView))


def cluster_resource(collection: Collection, view: ClusterView) -> ClusterResource:
    """A cluster with its links."""
    links = paths_below(collection, "clusters", view.id, _CLUSTER_LINKS)
    return ClusterResource(**{name: getattr(view, name) for name in _OF_CLUSTER}, links=links)


def article_resource(collection: Collection, view: ArticleView) -> ArticleResource:
    """An article with its links."""
    links = paths_below(collection, "articles", view.id, _ARTICLE_LINKS)
    return ArticleResource(**{name: getattr(view, name) for name in _OF_ARTICLE}, links=links)


def article_cluster_resource(collection: Collection, view: ArticleCluster) -> ArticleClusterResource:
    """Where an article is, with links."""
    cluster = cluster_resource(collection, view.cluster) if view.cluster else None
    return ArticleClusterResource(view.article_id, view.state, view.via, view.reason, cluster)


def cluster_page(collection: Collection, page: Page[ClusterView]) -> Page[ClusterResource]:
    """Clusters with links."""
    return Page(tuple(cluster_resource(collection, view) for view in page.data), page.next_cursor, page.total)


def storyline_resource(collection: Collection, view: StorylineView) -> StorylineResource:
    """A storyline with links."""
    links = {"self": path_to(collection, "storylines", view.id)} if view.id else {}
    clusters = tuple(cluster_resource(collection, cluster) for cluster in view.clusters)
    return StorylineResource(view.id, clusters, view.next_cursor, links)


def hit_page(collection: Collection, page: Page[ClusterHit]) -> Page[ClusterHitResource]:
    """Found clusters with links."""
    return Page(
        tuple(
            ClusterHitResource(hit.score, hit.article_id, hit.article_title, cluster_resource(collection, hit.cluster))
            for hit in page.data
        ),
        page.next_cursor,
    )


def accepted_article(collection: Collection, receipt: Receipt, warnings: tuple[FieldProblem, ...]) -> AcceptedArticle:
    """The answer to an accepted article."""
    return AcceptedArticle(
        id=receipt.article_id,
        revision=receipt.revision,
        outcome=receipt.outcome,
        status_url=path_to(collection, "articles", receipt.article_id),
        cluster_url=path_to(collection, "articles", receipt.article_id, "cluster"),
        warnings=warnings,
    )
