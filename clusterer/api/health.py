"""For operators and their tools: alive, ready, which build, metrics, and what each problem code means."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

import clusterer
from clusterer.api.parameters import ServiceOf
from clusterer.api.problems import KINDS, Problem, problem_responses

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The store takes writes and has the schema of this program. `workers` counts the living ones by role."""

    status: Literal["ready"] = "ready"
    workers: dict[str, int]


class Version(BaseModel):
    """The program, and the fingerprint of its embedding model: empty where this process has none and leaves texts to the workers."""

    version: str
    model: str


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the process answers; checks nothing else."""
    return Health()


@router.get("/readyz", responses=problem_responses(503))
def readyz(service: ServiceOf) -> Readiness:
    """Whether articles can be accepted."""
    service.store.ping()
    service.store.check_server()
    service.store.check_schema()
    roles = list(service.store.workers().values())
    return Readiness(workers={role: roles.count(role) for role in sorted(set(roles))})


@router.get("/version")
def version(service: ServiceOf) -> Version:
    """The running version."""
    return Version(version=clusterer.__version__, model=service.encoder.fingerprint)


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(service: ServiceOf) -> Response:
    """Prometheus metrics."""
    return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/problems/{code}", response_class=PlainTextResponse, responses=problem_responses(404, 422))
def problem(code: str) -> PlainTextResponse:
    """Description of a problem type."""
    if code not in KINDS:
        raise Problem("not_found", "there is no such problem code")
    status, title = KINDS[code]
    return PlainTextResponse(f"{code} (HTTP {status}): {title}. See docs/api.md.\n")
