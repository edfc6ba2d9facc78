"""Nights and health: what an operator looks at."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clusterer.core.errors import Conflict, NotDelivered, NotFound
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import Rejected
from clusterer.pipeline.lookup.setaside import all_dead, dead_articles, refused_articles
from clusterer.pipeline.nightly.reports import Run, latest_rollback
from clusterer.pipeline.service import Service
from clusterer.pipeline.upkeep.diagnosis import LITTLE_DISK_RATIO
from clusterer.web.planning import Planning
from clusterer.web.rendering import collection_name, growing_page, page, path_of
from clusterer.web.routing import CollectionOf, FormOf, PageRoute, ServiceOf, number_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_RUNS = 30
_FAILURES = 50
_HERE = "page"


@router.get("/nights")
def nights(request: Request, service: ServiceOf, collection: CollectionOf) -> HTMLResponse:
    """Reports of reclusterings, latest first. `ordered`: which was the latest when somebody asked for another."""
    runs = collection.nightly.runs(_RUNS)
    return page(
        request,
        "nights.html",
        runs=runs,
        latest=_name(runs),
        due_at=service.recluster_at,
        generations=collection.books.generations(),
        published=collection.books.position().generation,
        rollback=latest_rollback(collection.books),
        ordered=request.query_params.get("ordered"),
        restored="restored" in request.query_params,
    )


@router.post("/nights/plan")
def plan(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """What a reclustering would do now. Publishes nothing. The page begins at once, since a plan takes seconds to minutes."""
    collection.nightly.check_idle()
    actor = form.token_name or _HERE
    planning = Planning(lambda: collection.nightly.run(_HERE, dry_run=True, actor=actor))
    return growing_page(request, "plan.html", planning=planning)


@router.post("/nights/publish")
def publish(request: Request, service: ServiceOf, collection: CollectionOf, form: FormOf) -> Response:
    """A worker reclusters now, against the guard's objections if that was asked for."""
    latest = _name(collection.nightly.runs(1))
    by = form.by
    service.request_recluster(collection_name(request), by.actor, bool(form.all("force")), by.reason)
    return RedirectResponse(path_of(request, "nights", ordered=latest), 303)


@router.post("/nights/rollback")
def rollback(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """The generation before this one is published again."""
    by = form.by
    if collection.nightly.rollback(by.actor, by.reason) is None:
        raise Conflict("no earlier generation is kept")
    return RedirectResponse(path_of(request, "nights", restored="1"), 303)


@router.get("/health")
def health(request: Request, service: ServiceOf, collection: CollectionOf) -> HTMLResponse:
    """Whether articles get through."""
    return _health(request, service, collection)


def _health(request: Request, service: Service, collection: Collection, tested: str | None = None) -> HTMLResponse:
    """`tested`: what the receiver of a webhook answered to a test event."""
    roles = list(service.store.workers().values())
    free = service.disk_free_ratio()
    return page(
        request,
        "health.html",
        books=collection.books.books(),
        queues=collection.books.queue_facts(),
        parked=collection.books.parked(),
        workers={role: roles.count(role) for role in ("articles", "clusters")},
        dead=dead_articles(collection.books, _FAILURES).data,
        refused=refused_articles(collection.books, _FAILURES).data,
        runs=collection.nightly.runs(1),
        published=collection.books.position().generation,
        change=collection.books.position().change,
        webhooks=collection.webhooks.all(),
        disk_free=free if free is not None and free < LITTLE_DISK_RATIO else None,
        tested=tested,
    )


@router.post("/health/webhooks/test")
def test_webhook(request: Request, service: ServiceOf, collection: CollectionOf, form: FormOf) -> HTMLResponse:
    """A test event is sent now; the page says what came back."""
    webhook = collection.webhooks.get(form.text("id"))
    try:
        tested = f"{webhook.url} answered the test with {collection.webhooks.test(webhook.id)}."
    except NotDelivered as failed:
        tested = f"The test did not reach {webhook.url}: {failed}."
    return _health(request, service, collection, tested)


@router.post("/health/webhooks/resume")
def resume_webhook(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """An endpoint that was given up is sent what it has not got."""
    collection.webhooks.replay(form.text("id"))
    return RedirectResponse(path_of(request, "health"), 303)


@router.post("/health/replay")
def replay(request: Request, service: ServiceOf, collection: CollectionOf, form: FormOf) -> Response:
    """A dead article is tried again, or all are."""
    seq = number_of((form.all("seq") or [""])[0])
    seqs = [one.seq for one in all_dead(collection.books)] if seq is None else [seq]
    if not any([collection.books.retry_dead(one) for one in seqs]):
        raise NotFound("this article is no longer dead")
    service.hints.articles()
    return RedirectResponse(path_of(request, "health"), 303)


@router.post("/health/take")
def take(request: Request, service: ServiceOf, collection: CollectionOf, form: FormOf) -> Response:
    """A refused article is taken after all, if it can be."""
    try:
        service.replay_refusal(collection, form.text("number"))
    except Rejected as rejected:
        raise Conflict(f"it is still not valid: {rejected}") from None
    return RedirectResponse(path_of(request, "health"), 303)


@router.post("/health/drop")
def drop(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """A refused article is forgotten for good."""
    if not collection.books.drop_refusal(form.text("number")):
        raise NotFound("it is no longer in the list of rejected articles")
    return RedirectResponse(path_of(request, "health"), 303)


def _name(runs: Sequence[Run]) -> str:
    """What the latest of these runs is told from later ones by."""
    return f"{runs[0].started_at.timestamp():.6f}" if runs else "none"
