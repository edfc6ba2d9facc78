"""Corrections by people: merge, split, move, pin, and lasting constraints. Each says who decided and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from clusterer.api.bodies import JSON, body_of, documented_body, schema_of, validated
from clusterer.api.parameters import (
    ArticleId,
    ClusterId,
    CollectionOf,
    ServiceOf,
    Word,
    actor_of,
    decoded_segment,
    only_known_parameters,
    path_to,
)
from clusterer.api.problems import problem_responses
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.corrections import By, CorrectionView
from clusterer.pipeline.intake.submission import without_controls
from clusterer.pipeline.lookup.views import Page, whole

router = APIRouter(
    prefix="/v1",
    tags=["corrections"],
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(404, 409, 422, 503),
)

Actor = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(without_controls)]
Reason = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(without_controls)]
Id = Annotated[str, Field(min_length=1, max_length=256)]
Body = Annotated[tuple[str, bytes], Depends(body_of(JSON))]
Key = Annotated[
    str, Path(description="Percent-encoded, as `GET /v1/constraints` gives it."), AfterValidator(decoded_segment)
]


class DecisionIn(BaseModel):
    """Who decides, and why. With tokens the actor is the token's name, and `actor` is not needed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    actor: Actor | None = None
    reason: Reason


class IntoIn(DecisionIn):
    """The cluster to merge into; it keeps its id."""

    into: Id


class SplitIn(DecisionIn):
    """The articles that are another event than the rest of their cluster."""

    article_ids: list[Id] = Field(min_length=1, max_length=1_000)


class ConstraintIn(DecisionIn):
    """Two articles that must, or must not, share a cluster."""

    kind: Literal["must_link", "cannot_link"]
    article_ids: list[Id] = Field(min_length=2, max_length=2)


BODIES = (DecisionIn, IntoIn, SplitIn, ConstraintIn)


@dataclass(frozen=True, slots=True)
class Corrected:
    """Where the articles are now."""

    cluster_id: str
    cluster_url: str


def _revision_of(
    if_match: Annotated[
        str | None,
        Header(
            pattern=r'^(\*|(W/)?"\d{1,15}")$',
            description="The cluster's `ETag` as you saw it: if it changed since, nothing is done (412).",
        ),
    ] = None,
) -> int | None:
    return None if if_match in (None, "*") else int(if_match.removeprefix("W/").strip('"'))


IfRevision = Annotated[int | None, Depends(_revision_of)]


def _correcting(model: type[BaseModel], *statuses: int) -> dict[str, Any]:
    """What the routes with a body have in common."""
    return {
        "responses": problem_responses(412, 413, 415, *statuses),
        "openapi_extra": documented_body({JSON: schema_of(model)}),
    }


@router.post("/clusters/{cluster_id}:merge", **_correcting(IntoIn))
def merge(
    request: Request, collection: CollectionOf, cluster_id: ClusterId, content: Body, if_revision: IfRevision
) -> Corrected:
    """Merge a cluster into another one, which keeps its id."""
    wanted = validated(IntoIn, content[1])
    return _corrected(
        collection, collection.corrector.merge(cluster_id, wanted.into, _by(request, wanted), if_revision)
    )


@router.post("/clusters/{cluster_id}:split", status_code=201, **_correcting(SplitIn))
def split(
    request: Request,
    response: Response,
    service: ServiceOf,
    collection: CollectionOf,
    cluster_id: ClusterId,
    content: Body,
    if_revision: IfRevision,
) -> Corrected:
    """Split articles off a cluster into a new cluster."""
    wanted = validated(SplitIn, content[1])
    new_id = service.new_cluster_id()
    answer = _corrected(
        collection,
        collection.corrector.split(cluster_id, wanted.article_ids, new_id, _by(request, wanted), if_revision),
    )
    response.headers["Location"] = answer.cluster_url
    return answer


@router.post("/clusters/{cluster_id}:pin", **_correcting(DecisionIn))
def pin(
    request: Request, collection: CollectionOf, cluster_id: ClusterId, content: Body, if_revision: IfRevision
) -> CorrectionView:
    """Pin a cluster: no reclustering changes its articles."""
    by = _by(request, validated(DecisionIn, content[1]))
    return collection.corrector.view(collection.corrector.pin(cluster_id, by, if_revision))


@router.post("/articles/{article_id}:move", **_correcting(IntoIn))
def move(
    request: Request, collection: CollectionOf, article_id: ArticleId, content: Body, if_revision: IfRevision
) -> Corrected:
    """Move an article and its copies to another cluster. `If-Match` refers to the cluster that it leaves."""
    wanted = validated(IntoIn, content[1])
    return _corrected(collection, collection.corrector.move(article_id, wanted.into, _by(request, wanted), if_revision))


@router.get("/constraints")
def get_constraints(collection: CollectionOf) -> Page[CorrectionView]:
    """All corrections in force, oldest first: links between articles, and pins."""
    return whole(collection.corrector.in_force())


@router.put(
    "/constraints",
    responses=problem_responses(413, 415),
    openapi_extra=documented_body({JSON: schema_of(ConstraintIn)}),
)
def put_constraint(request: Request, collection: CollectionOf, content: Body) -> CorrectionView:
    """Two articles must, or must not, share a cluster, from the next decision on. Replaces an earlier correction of the same two.

    `pending` says that they are otherwise now, until the next nightly run: splitting, merging and moving act at once.
    """
    wanted = validated(ConstraintIn, content[1])
    one, other = wanted.article_ids
    return collection.corrector.view(collection.corrector.link(wanted.kind, one, other, _by(request, wanted)))


@router.delete("/constraints/{key}", status_code=204)
def withdraw(
    request: Request,
    collection: CollectionOf,
    key: Key,
    reason: Annotated[Word, Query(min_length=1), AfterValidator(without_controls)],
    actor: Annotated[Word | None, Query(min_length=1), AfterValidator(without_controls)] = None,
) -> None:
    """A correction no longer holds. What it did stays until later decisions."""
    collection.corrector.withdraw(key, By(actor_of(request, actor), reason))


def _by(request: Request, decision: DecisionIn) -> By:
    return By(actor_of(request, decision.actor), decision.reason)


def _corrected(collection: Collection, cluster_id: str) -> Corrected:
    return Corrected(cluster_id, path_to(collection, "clusters", cluster_id))
