"""The HTTP front end, put together around a service."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

import clusterer
from clusterer.api import admin, articles, clusters, collections, corrections, health, ingest
from clusterer.api.clusters import SearchIn, install_redirects
from clusterer.api.collections import CollectionIn, ConfigureIn
from clusterer.api.limits import ApiLimits
from clusterer.api.middleware import RequestContext
from clusterer.api.problems import ProblemDocument, install_handlers
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.metrics import Metrics, build_metrics
from clusterer.pipeline.service import Service

_READ_RAW = (ArticleIn, SearchIn, CollectionIn, ConfigureIn, *corrections.BODIES, ProblemDocument)


def create_app(service: Service, limits: ApiLimits | None = None, metrics: Metrics | None = None) -> FastAPI:
    """An ASGI application that answers for `service`. Starts nothing; without metrics it keeps its own."""
    limits = limits or ApiLimits()
    app = FastAPI(
        title="clusterer",
        version=clusterer.__version__,
        summary=clusterer.__doc__.splitlines()[0] if clusterer.__doc__ else None,
        docs_url=None,  # the viewers load scripts from elsewhere, which the security headers forbid
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.limits = limits
    app.state.metrics = metrics or build_metrics(service.store)
    app.state.metrics.build_info(clusterer.__version__, service.encoder.fingerprint)
    app.state.waiting = 0
    app.add_middleware(RequestContext, metrics=app.state.metrics)
    install_handlers(app)
    install_redirects(app)
    for module in (ingest, articles, clusters, corrections, admin, collections, health):
        app.include_router(module.router)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the models of the bodies that routes read themselves."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for model in _READ_RAW:
            schema = TypeAdapter(model).json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        app.openapi_schema = document
    return app.openapi_schema
