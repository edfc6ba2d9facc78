"""Event clusters: lists, one, its articles, its neighbours; search; and the change feed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from clusterer.api.answers import WrittenRoute
from clusterer.api.bodies import JSON, body_of, documented_body, schema_of, validated
from clusterer.api.parameters import (
    ClusterId,
    Cursor,
    Limit,
    LookedUp,
    StorylineId,
    Time,
    Word,
    only_known_parameters,
)
from clusterer.api.problems import problem_responses
from clusterer.api.proxies import public_path
from clusterer.api.resources import (
    ClusterHitResource,
    ClusterResource,
    MergedAnswer,
    StorylineResource,
    cluster_page,
    cluster_resource,
    hit_page,
    storyline_resource,
)
from clusterer.core.errors import MergedAway
from clusterer.core.feed import TimelineEntry
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter, Sort
from clusterer.pipeline.lookup.history import ClusterAt, HistoryEntry
from clusterer.pipeline.lookup.views import ChangeView, ClusterStatus, MemberView, Page, whole

_MERGED: dict[int | str, dict[str, Any]] = {
    308: {"model": MergedAnswer, "description": "It was merged; `Location` is the cluster that it was merged into."}
}

router = APIRouter(
    prefix="/v1",
    tags=["clusters"],
    route_class=WrittenRoute,
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(404, 422, 503),
)


class SearchIn(BaseModel):
    """What to search for: a text, or an article that is known here."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: str | None = Field(None, min_length=1, max_length=100_000)
    article_id: str | None = Field(None, min_length=1, max_length=256)
    limit: int = Field(10, ge=1, le=100)
    threshold: float = Field(0.0, ge=-1, le=1, allow_inf_nan=False, description="Minimum score, a cosine similarity.")

    @model_validator(mode="after")
    def _one_of_two(self) -> SearchIn:
        if (self.text is None) == (self.article_id is None):
            raise ValueError("give either `text` or `article_id`")
        if self.text is not None and not self.text.strip():
            raise ValueError("`text` is blank")
        return self


@router.get("/clusters")
def list_clusters(
    collection: LookedUp,
    since: Annotated[Time | None, Query(description="Last article received at or after.")] = None,
    until: Annotated[Time | None, Query(description="Last article received before.")] = None,
    first_seen_since: Annotated[Time | None, Query(description="First article received at or after.")] = None,
    first_seen_until: Annotated[Time | None, Query(description="First article received before.")] = None,
    min_size: Annotated[int | None, Query(ge=1, description="Minimum number of articles.")] = None,
    max_size: Annotated[int | None, Query(ge=1, description="Maximum number of articles.")] = None,
    min_sources: Annotated[int | None, Query(ge=0, description="Minimum number of sources.")] = None,
    source: Annotated[Word | None, Query(description="With an article of this source.")] = None,
    language: Annotated[Word | None, Query(description="With an article in this language.")] = None,
    status: Annotated[
        ClusterStatus | None, Query(description="`cold`: its articles are too old for new ones to join.")
    ] = None,
    min_origins: Annotated[
        int | None, Query(ge=0, description="Minimum number of sources with a text that is no copy.")
    ] = None,
    published_since: Annotated[Time | None, Query(description="An article was published at or after.")] = None,
    published_until: Annotated[Time | None, Query(description="An article was published before.")] = None,
    words: Annotated[
        Word | None, Query(description="Prefixes of words in an article's headline or source's name.")
    ] = None,
    sort: Sort = "last_seen",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ClusterResource]:
    """Clusters, sorted in descending order. A page may hold fewer than `limit` and still have a `next_cursor`."""
    wanted = ClusterFilter(
        since=since,
        until=until,
        first_seen_since=first_seen_since,
        first_seen_until=first_seen_until,
        min_size=min_size,
        max_size=max_size,
        min_sources=min_sources,
        source=source,
        language=language,
        status=status,
        min_origins=min_origins,
        published_since=published_since,
        published_until=published_until,
        words=words,
    )
    return cluster_page(collection, collection.lookup.clusters(wanted, sort, limit, cursor))


@router.get("/clusters/{cluster_id}", responses={**_MERGED, **problem_responses(410)})
def get_cluster(
    response: Response,
    collection: LookedUp,
    cluster_id: ClusterId,
    at: Annotated[Time | None, Query(description="Return the articles that it had at this time.")] = None,
) -> ClusterResource | ClusterAt:
    """A cluster; its `ETag` is for `If-Match` of corrections. With `at`, the articles that it had at that time."""
    if at is not None:
        return collection.history.cluster_at(cluster_id, at)
    cluster = cluster_resource(collection, collection.lookup.cluster(cluster_id))
    response.headers["ETag"] = f'"{cluster.revision}"'
    return cluster


@router.get("/clusters/{cluster_id}/history")
def get_history(
    collection: LookedUp,
    cluster_id: ClusterId,
    at: Annotated[Time | None, Query(description="Only changes up to this time.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[HistoryEntry]:
    """The changes of a cluster, oldest first. A cluster that was merged into another still has its own history."""
    return collection.history.page(cluster_id, limit, cursor, at)


@router.get("/clusters/{cluster_id}/timeline", responses=_MERGED)
def get_timeline(
    collection: LookedUp,
    cluster_id: ClusterId,
    span_s: Annotated[int, Query(ge=60, le=31_536_000, description="Length of each span in seconds.")] = 3_600,
) -> Page[TimelineEntry]:
    """When the articles of a cluster came in, and how many sources were new. Spans without articles are left out."""
    return whole(collection.history.timeline(cluster_id, timedelta(seconds=span_s)))


@router.get("/clusters/{cluster_id}/articles", responses={**_MERGED, **problem_responses(410)})
def get_cluster_articles(
    collection: LookedUp, cluster_id: ClusterId, limit: Limit = 20, cursor: Cursor = None
) -> Page[MemberView]:
    """The articles of a cluster, in the order they were accepted."""
    return collection.lookup.cluster_articles(cluster_id, limit, cursor)


@router.get("/clusters/{cluster_id}/related", responses={**_MERGED, **problem_responses(410)})
def get_related_clusters(collection: LookedUp, cluster_id: ClusterId, limit: Limit = 10) -> Page[ClusterHitResource]:
    """The clusters nearest to this one."""
    return hit_page(collection, collection.lookup.related_clusters(cluster_id, limit))


@router.get("/clusters/{cluster_id}/storyline", responses={**_MERGED, **problem_responses(410)})
def get_cluster_storyline(
    collection: LookedUp, cluster_id: ClusterId, limit: Limit = 20, cursor: Cursor = None
) -> StorylineResource:
    """The clusters that tell one saga with this one, itself among them, in order of time."""
    return storyline_resource(collection, collection.lookup.storyline_of(cluster_id, limit, cursor))


@router.get("/storylines/{storyline_id}")
def get_storyline(
    collection: LookedUp, storyline_id: StorylineId, limit: Limit = 20, cursor: Cursor = None
) -> StorylineResource:
    """A storyline. The id of one that was merged into another returns the other one."""
    return storyline_resource(collection, collection.lookup.storyline(storyline_id, limit, cursor))


@router.post(
    "/search",
    responses=problem_responses(410, 413, 415),
    openapi_extra=documented_body({JSON: schema_of(SearchIn)}),
)
def search(
    collection: LookedUp, content: Annotated[tuple[str, bytes], Depends(body_of(JSON))]
) -> Page[ClusterHitResource]:
    """The clusters nearest to a text or an article. (A POST, since a text does not fit into a URL.)"""
    wanted = validated(SearchIn, content[1])
    if wanted.text is not None:
        return hit_page(collection, collection.lookup.search_text(wanted.text, wanted.limit, wanted.threshold))
    assert wanted.article_id is not None
    return hit_page(collection, collection.lookup.search_article(wanted.article_id, wanted.limit, wanted.threshold))


@router.get("/changes", responses=problem_responses(410))
def get_changes(
    collection: LookedUp,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Maximum number of changes on a page.")] = 100,
) -> Page[ChangeView]:
    """All changes of clusters, each once and in order. Keep `next_cursor`, even of an empty page, for the next request."""
    return collection.lookup.changes(cursor, limit)


def install_redirects(app: FastAPI) -> None:
    """Answer for a cluster that was merged away with where it went, on the same sub-resource."""

    @app.exception_handler(MergedAway)
    async def _merged(request: Request, error: MergedAway) -> Response:
        path = request.scope["route"].path.replace("{cluster_id}", quote(error.merged_into, safe=""))
        query = f"?{request.url.query}" if request.url.query else ""
        body = orjson.dumps({"merged_into": error.merged_into})
        return Response(body, 308, {"Location": public_path(path) + query}, JSON)
