"""The HTTP front end, put together around a service."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

import clusterer
from clusterer.api import admin, articles, clusters, collections, corrections, health, ingest, stream
from clusterer.api.clusters import SearchIn, install_redirects
from clusterer.api.collections import CollectionIn, ConfigureIn
from clusterer.api.gate import Gate, is_open
from clusterer.api.limits import ApiLimits
from clusterer.api.middleware import RequestContext
from clusterer.api.problems import ProblemDocument, install_handlers, problem_responses
from clusterer.pipeline.access import RateLimit, Tokens
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.service import Service
from clusterer.web.site import install_pages

_READ_RAW = (ArticleIn, SearchIn, CollectionIn, ConfigureIn, *corrections.BODIES, ProblemDocument)


def create_app(
    service: Service,
    limits: ApiLimits | None = None,
    tokens: Tokens | None = None,
) -> FastAPI:
    """An ASGI application that answers for `service`. Starts nothing; without tokens anybody may do anything."""
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
    service.metrics.expose(service.store, clusterer.__version__, service.encoder.fingerprint)
    app.state.tokens = tokens
    app.state.waiting = 0
    app.state.streams = 0
    app.add_middleware(Gate, tokens=tokens, rate=RateLimit(limits.requests_per_minute))
    app.add_middleware(RequestContext, metrics=service.metrics)
    install_handlers(app)
    install_redirects(app)
    for module in (ingest, articles, clusters, stream, corrections, admin, collections, health):
        app.include_router(module.router)
    install_pages(app)
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
        _add_security(document)
        app.openapi_schema = document
    return app.openapi_schema


def _add_security(document: dict[str, Any]) -> None:
    """Say where a token is needed, if tokens are configured, and what is answered without it."""
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    refusals = {str(status): answer for status, answer in problem_responses(401, 403, 429).items()}
    for path, operations in document["paths"].items():
        for operation in () if is_open(path) else operations.values():
            operation["security"] = [{"token": []}, {}]
            operation["responses"] = refusals | operation["responses"]
