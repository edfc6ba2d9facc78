"""Reclustering by hand: plan, order, look back, roll back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator

from clusterer.api.bodies import JSON, body_of, documented_body, schema_of, validated
from clusterer.api.corrections import DecisionIn
from clusterer.api.parameters import CollectionOf, ServiceOf, Word, actor_of, only_known_parameters, path_of
from clusterer.api.problems import problem_responses
from clusterer.core.errors import Conflict
from clusterer.pipeline.intake.submission import without_controls
from clusterer.pipeline.lookup.views import Page
from clusterer.pipeline.nightly.reports import Run

router = APIRouter(
    prefix="/v1/admin",
    tags=["admin"],
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(404, 422, 503),
)

_HERE = "api"


@dataclass(frozen=True, slots=True)
class Ordered:
    """A worker has been told to recluster. What came of it will stand first at `runs_url`."""

    runs_url: str


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The generation that is published again."""

    generation: int


@router.post(
    "/recluster",
    response_model=Run,
    responses={202: {"model": Ordered, "description": "A worker was asked to run it."}, **problem_responses(409, 415)},
)
def recluster(
    request: Request,
    service: ServiceOf,
    collection: CollectionOf,
    dry_run: Annotated[bool, Query(description="Return the plan without publishing it.")] = False,
    force: Annotated[bool, Query(description="Publish although the guard refuses the plan; this is recorded.")] = False,
    actor: Annotated[Word | None, Query(min_length=1), AfterValidator(without_controls)] = None,
    reason: Annotated[Word | None, Query(min_length=1), AfterValidator(without_controls)] = None,
) -> Run | Response:
    """Recluster now: a dry run returns the plan (200); otherwise a worker is asked to run it (202)."""
    if dry_run:  # decides nothing, so that nobody has to be named
        return collection.nightly.run(_HERE, dry_run=True, actor=actor_of(request, actor or _HERE))
    service.request_recluster(collection.books.name, actor_of(request, actor), force, reason)
    return Response(orjson.dumps(Ordered(path_of(collection, "/v1/admin/runs"))), 202, media_type=JSON)


@router.get("/runs")
def get_runs(
    collection: CollectionOf,
    limit: Annotated[int, Query(ge=1, le=100, description="Maximum number of runs.")] = 20,
) -> Page[Run]:
    """Reports of reclusterings, latest first. The latest 100 are kept; dry runs are not."""
    found = collection.nightly.runs(limit)
    return Page(found, None, len(found) if len(found) < limit else None)


@router.post(
    "/rollback",
    responses=problem_responses(409, 413, 415),
    openapi_extra=documented_body({JSON: schema_of(DecisionIn)}),
)
def rollback(
    request: Request, collection: CollectionOf, content: Annotated[tuple[str, bytes], Depends(body_of(JSON))]
) -> RolledBack:
    """Publish the generation before this one again. Articles that arrived since stay in their cluster or are assigned to one."""
    wanted = validated(DecisionIn, content[1])
    generation = collection.nightly.rollback(actor_of(request, wanted.actor), wanted.reason)
    if generation is None:
        raise Conflict("no earlier generation is kept")
    return RolledBack(generation)
