"""Corrections by people: made, listed, withdrawn, taken back."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clusterer.web.choosing import article_meant, cluster_meant
from clusterer.web.rendering import page, path_of
from clusterer.web.routing import CollectionOf, FormOf, PageRoute, Refused, ServiceOf, number_of, segment

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_ACTS = 50


@router.get("/corrections")
def corrections(request: Request, collection: CollectionOf) -> HTMLResponse:
    """What people did lately, and what they decided for good."""
    in_force = collection.corrector.in_force()
    named = {one for correction in in_force[-_ACTS:] for one in correction.article_ids[:2]}
    return page(
        request,
        "corrections.html",
        acts=collection.browse.past.acts(collection.corrector.acts(_ACTS)),
        in_force=in_force[::-1][:_ACTS],
        left_out=max(0, len(in_force) - _ACTS),
        articles={one: collection.browse.names.article(one) for one in named},
        clusters={
            one.cluster_id: collection.browse.names.cluster(one.cluster_id) for one in in_force if one.cluster_id
        },
    )


@router.post("/clusters/{cluster_id}/merge")
def merge(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """Merge a cluster into another one."""
    cluster_id = segment(request, "cluster_id")
    into = cluster_meant(collection, form, "into", collection.books.resolve(cluster_id))
    return _done(request, "merged", collection.corrector.merge(cluster_id, into, form.by, form.revision))


@router.post("/clusters/{cluster_id}/split")
def split(request: Request, service: ServiceOf, collection: CollectionOf, form: FormOf) -> Response:
    """The chosen articles are another event."""
    chosen = form.all("article")
    if not chosen:
        raise Refused(422, "No article is chosen", "Choose the articles that are another event.")
    cluster_id, new_id = segment(request, "cluster_id"), service.new_cluster_id()
    return _done(request, "split", collection.corrector.split(cluster_id, chosen, new_id, form.by, form.revision))


@router.post("/clusters/{cluster_id}/pin")
def pin(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """A cluster is kept as it is."""
    cluster_id = segment(request, "cluster_id")
    pinned = collection.corrector.pin(cluster_id, form.by, form.revision)
    return _done(request, "pinned", pinned.cluster or cluster_id)


@router.post("/articles/{article_id}/move")
def move(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """An article belongs to another cluster."""
    article_id = segment(request, "article_id")
    into = cluster_meant(collection, form, "into", collection.lookup.article(article_id).cluster_id)
    return _done(request, "moved", collection.corrector.move(article_id, into, form.by))


@router.post("/articles/{article_id}/link")
def link(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """Two articles are never, or always, together."""
    kind: Literal["must_link", "cannot_link"] = "must_link" if form.text("kind") == "must_link" else "cannot_link"
    article_id = segment(request, "article_id")
    collection.corrector.link(kind, article_id, article_meant(collection, form, "other", article_id), form.by)
    return RedirectResponse(path_of(request, "corrections"), 303)


@router.post("/corrections/withdraw")
def withdraw(request: Request, collection: CollectionOf, form: FormOf) -> Response:
    """A correction no longer holds."""
    collection.corrector.withdraw(form.text("key"), form.by)
    return RedirectResponse(path_of(request, "corrections"), 303)


@router.post("/corrections/undo")
def undo(request: Request, service: ServiceOf, collection: CollectionOf, form: FormOf) -> Response:
    """What somebody did is taken back."""
    number = number_of(form.text("number")) or 0
    return _done(request, "undone", collection.corrector.undo(number, service.new_cluster_id(), form.by))


def _done(request: Request, what: str, cluster_id: str) -> Response:
    """To the cluster's page, which tells what was done to it (`words.done`)."""
    return RedirectResponse(path_of(request, "clusters", cluster_id, done=what), 303)
