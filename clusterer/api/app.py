"""The HTTP front end, put together around a service."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

import clusterer
from clusterer.api import (
    admin,
    articles,
    clusters,
    collections,
    corrections,
    health,
    ingest,
    setaside,
    stream,
    viewer,
    webhooks,
)
from clusterer.api.browsers import ForeignPages, allow_pages_of
from clusterer.api.clusters import SearchIn, install_redirects
from clusterer.api.collections import CollectionIn, ConfigureIn
from clusterer.api.gate import Gate
from clusterer.api.limits import ApiLimits
from clusterer.api.middleware import RequestContext
from clusterer.api.openapi import openapi_of, operation_id
from clusterer.api.problems import ProblemDocument, install_handlers
from clusterer.api.proxies import HeadAndConditional, PathPrefix
from clusterer.pipeline.access import RateLimit, Tokens
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.service import Service
from clusterer.web.site import PAGES

_READ_RAW = (ArticleIn, SearchIn, CollectionIn, ConfigureIn, webhooks.WebhookIn, *corrections.BODIES, ProblemDocument)


@cache
def _routes() -> Sequence[BaseRoute]:
    """Those of every application of this process: they ask the application for its state.

    In one list, since routers that are included are gone through by the framework with all that they could add, for each request.
    """
    modules = (
        ingest,
        articles,
        clusters,
        stream,
        corrections,
        admin,
        setaside,
        webhooks,
        collections,
        health,
        viewer,
        *PAGES,
    )
    routes = [route for module in modules for route in module.router.routes]
    for route in routes:
        if isinstance(route, APIRoute):
            route.unique_id = operation_id(route)
    return routes


def create_app(
    service: Service,
    limits: ApiLimits | None = None,
    tokens: Tokens | None = None,
    allowed_origins: Collection[str] = (),
    path_prefix: str = "",
) -> FastAPI:
    """An ASGI application that answers for `service`. Starts nothing; without tokens anybody on this machine may do anything.

    `allowed_origins`: whose web pages may use it, such as `https://news.example.org`. `path_prefix`: below
    which path of a proxy it is, such as `/news`.
    """
    limits = limits or ApiLimits()
    app = FastAPI(
        title="clusterer",
        version=clusterer.__version__,
        summary=clusterer.__doc__.splitlines()[0] if clusterer.__doc__ else None,
        docs_url=None,  # see `viewer`
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.limits = limits
    service.metrics.expose(service.store, clusterer.__version__, service.encoder.fingerprint)
    app.state.tokens = tokens
    app.state.waiting = 0
    app.state.streams = 0
    _wrap(app, limits, tokens, allowed_origins, path_prefix)
    install_handlers(app)
    install_redirects(app)
    app.router.routes.extend(_routes())
    app.webhooks.include_router(webhooks.messages)
    app.openapi = lambda: openapi_of(app, _READ_RAW)  # type: ignore[method-assign]
    return app


def _wrap(
    app: FastAPI, limits: ApiLimits, tokens: Tokens | None, allowed_origins: Collection[str], path_prefix: str
) -> None:
    """What a request passes before its route, the last added first."""
    service: Service = app.state.service
    app.add_middleware(HeadAndConditional)
    app.add_middleware(Gate, tokens=tokens, rate=RateLimit(limits.requests_per_minute))
    app.add_middleware(ForeignPages, open_to_all=tokens is None, allowed_origins=allowed_origins)
    allow_pages_of(app, allowed_origins)
    app.add_middleware(PathPrefix, prefix=path_prefix)
    app.add_middleware(RequestContext, metrics=service.metrics, tracer=service.tracer)
