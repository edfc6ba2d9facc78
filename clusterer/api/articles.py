"""Articles: as received, their versions, copies, neighbours, cluster, and the reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from clusterer.api.answers import WrittenRoute
from clusterer.api.parameters import ArticleId, Cursor, Limit, LookedUp, Time, Word, only_known_parameters
from clusterer.api.problems import FieldProblem, Problem, problem_responses
from clusterer.api.resources import (
    ArticleClusterResource,
    ArticleResource,
    article_cluster_resource,
    article_resource,
)
from clusterer.core.errors import NotFound
from clusterer.pipeline.lookup.articles import ArticleFilter
from clusterer.pipeline.lookup.views import (
    ArticleText,
    DuplicatesView,
    ExplanationView,
    Page,
    RelatedArticle,
    VersionView,
    whole,
)

ListedState = Literal["pending", "assigned", "dead"]

router = APIRouter(
    prefix="/v1/articles",
    route_class=WrittenRoute,
    tags=["articles"],
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(404, 410, 422, 503),
)


@router.get("")
def find_articles(
    collection: LookedUp,
    url: Annotated[Word | None, Query(min_length=1, description="The article's URL, as it was sent.")] = None,
    id: Annotated[Word | None, Query(min_length=1, max_length=256, description="The article's id.")] = None,
    since: Annotated[Time | None, Query(description="Received at or after.")] = None,
    until: Annotated[Time | None, Query(description="Received before.")] = None,
    published_since: Annotated[Time | None, Query(description="Published at or after.")] = None,
    published_until: Annotated[Time | None, Query(description="Published before.")] = None,
    source: Annotated[Word | None, Query(description="Of this source.")] = None,
    language: Annotated[Word | None, Query(description="In this language.")] = None,
    state: Annotated[ListedState | None, Query(description="In this state.")] = None,
    cluster: Annotated[str | None, Query(max_length=256, description="In the cluster with this id.")] = None,
    words: Annotated[Word | None, Query(description="Prefixes of words in the headline or the source's name.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ArticleResource]:
    """Articles, latest received first; or those with this URL, or the one with this id, whose slashes some proxies take apart in a path.

    A page may hold fewer than `limit` and still have a `next_cursor`.
    """
    if url is not None and id is not None:
        wanted = "give `url` or `id`, not both"
        raise Problem("validation_failed", wanted, [FieldProblem("query", "/url", wanted)])
    if url is None and id is None:
        chosen = ArticleFilter(since, until, published_since, published_until, source, language, state, cluster, words)
        found = collection.lookup.articles(chosen, limit, cursor)
        return Page(tuple(article_resource(collection, view) for view in found.data), found.next_cursor, found.total)
    if id is not None:
        try:
            return whole([article_resource(collection, collection.lookup.article(id))])
        except NotFound:
            return whole(())
    assert url is not None
    return whole(article_resource(collection, view) for view in collection.lookup.by_url(url).data)


@router.get("/{article_id}")
def get_article(collection: LookedUp, article_id: ArticleId) -> ArticleResource:
    """An article by its latest revision."""
    return article_resource(collection, collection.lookup.article(article_id))


@router.get("/{article_id}/text")
def get_text(collection: LookedUp, article_id: ArticleId) -> ArticleText:
    """The cleaned text of an article, and the lines of its page with what was cut and why."""
    return collection.lookup.text(article_id)


@router.delete("/{article_id}", status_code=204)
def erase_article(collection: LookedUp, article_id: ArticleId) -> None:
    """Erase an article and all its revisions everywhere. Only the record that it existed is kept."""
    collection.eraser.erase(article_id)


@router.get("/{article_id}/versions")
def get_versions(collection: LookedUp, article_id: ArticleId) -> Page[VersionView]:
    """All revisions of an article, oldest first."""
    return collection.lookup.versions(article_id)


@router.get("/{article_id}/cluster")
def get_cluster_of(collection: LookedUp, article_id: ArticleId) -> ArticleClusterResource:
    """The cluster of an article; of a copy, that of its original. While it waits, `state` is `pending`."""
    return article_cluster_resource(collection, collection.lookup.cluster_of(article_id))


@router.get("/{article_id}/duplicates")
def get_duplicates(collection: LookedUp, article_id: ArticleId) -> DuplicatesView:
    """The original of an article, and all copies, excerpts and versions of that."""
    return collection.lookup.duplicates(article_id)


@router.get("/{article_id}/related")
def get_related(collection: LookedUp, article_id: ArticleId, limit: Limit = 10) -> Page[RelatedArticle]:
    """The nearest articles of the same and of other clusters."""
    return collection.lookup.related(article_id, limit)


@router.get("/{article_id}/explain")
def explain(
    collection: LookedUp,
    article_id: ArticleId,
    with_: Annotated[
        Word | None, Query(alias="with", max_length=256, description="Id of an article that it is compared with.")
    ] = None,
) -> ExplanationView:
    """Why an article is where it is: what was cut, what it is a copy of, and how its cluster was chosen.

    With another article, `pair` says how the two compare today, and why they are together or apart.
    """
    explanation = collection.lookup.explain(article_id)
    return explanation if with_ is None else replace(explanation, pair=collection.pairs.between(article_id, with_))
