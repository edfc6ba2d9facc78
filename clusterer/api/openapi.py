"""The OpenAPI document: what the routes say, with what routes that read their bodies themselves leave out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from clusterer.api.gate import is_open
from clusterer.api.problems import problem_responses
from clusterer.api.proxies import public_path

_DESCRIPTION = """Articles go in with `POST /v1/articles`. Lists are pages: `next_cursor` asks for the next one.
Errors are problem documents (RFC 9457)."""
_TAGS = {
    "ingest": "Articles come in, one or many at a time.",
    "articles": "Look up an article: its cluster, its copies, and the reasons.",
    "clusters": "Event clusters, search by text, and the change feed.",
    "webhooks": "Endpoints that every change is sent to, signed.",
    "messages": "What is sent to these endpoints.",
    "corrections": "Corrections by people, which later decisions respect.",
    "admin": "Reclustering by hand.",
    "collections": "Separate sets of articles and clusters.",
    "operations": "For operators and their tools.",
}
_ARTICLE = {
    "id": "post/2026/flood",
    "url": "https://post.example/2026/flood",
    "title": "Flood in Lowfield",
    "source": "Harbour Post",
    "published_at": "2026-03-09T06:30:00Z",
    "lang": "en",
    "text": "The river Wend rose over its banks on Monday night and flooded two hundred houses.",
}
_DECISION = {"actor": "ada", "reason": "the same flood"}
_CLUSTER_ID = "01M87DYQ3M5A7T2J9E4W6XBRKC"
_BODIES: Mapping[str, Any] = {
    "post_article": _ARTICLE,
    "post_batch": [_ARTICLE],
    "search": {"text": "river floods town", "limit": 3},
    "merge": _DECISION | {"into": _CLUSTER_ID},
    "split": _DECISION | {"article_ids": ["post/17", "post/19"]},
    "pin": _DECISION,
    "move": _DECISION | {"into": _CLUSTER_ID},
    "put_constraint": _DECISION | {"kind": "must_link", "article_ids": ["post/17", "post/19"]},
    "rollback": _DECISION,
    "post_collection": {"name": "sport", "settings": {}},
    "patch_collection": {"settings": {"desk": "sport"}},
    "create_webhook": {"url": "https://desk.example/hooks/clusterer"},
}
_HEADERS: Mapping[str, tuple[str, str, str]] = {
    "post_article": ("202", "Location", "Where the article is."),
    "split": ("201", "Location", "The new cluster."),
    "post_collection": ("201", "Location", "The new collection."),
    "get_cluster": ("200", "ETag", "The cluster's revision, for `If-Match` and `If-None-Match`; not with `at`."),
}


def operation_id(route: APIRoute) -> str:
    """The name of the handler, which is stable where paths change: generated clients name their functions after it."""
    return route.name


def openapi_of(app: FastAPI, bodies: Collection[Any]) -> dict[str, Any]:
    """The document as this request's client reaches the service. `bodies`: models of the bodies that routes read themselves."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=_DESCRIPTION,
            contact={"name": "whoever runs this service"},
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            routes=app.routes,
            webhooks=app.webhooks.routes,
            tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for schema in schemas.values():  # of answers, in which every field is there, if only as null
            if "properties" in schema:
                schema["required"] = list(schema["properties"])
        for model in bodies:
            schema = TypeAdapter(model).json_schema(ref_template="#/components/schemas/{model}")
            _leave_out_defaults(schema)
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        for name, schema in schemas.items():  # generators name classes by title, and all pages have the same
            schema["title"] = "".join(part for part in name.split("_") if part)
        for operations in document["paths"].values():
            for operation in operations.values():
                _illustrate(operation)
                _leave_out_nulls(operation)
        _add_security(document)
        app.openapi_schema = document
    return app.openapi_schema | {"servers": [{"url": public_path("/").removesuffix("/") or "/"}]}


def _illustrate(operation: dict[str, Any]) -> None:
    """An example of the body, and the headers of the answer."""
    name = operation["operationId"]
    if name in _BODIES:
        operation["requestBody"]["content"]["application/json"]["example"] = _BODIES[name]
    if name in _HEADERS:
        status, header, meaning = _HEADERS[name]
        operation["responses"][status]["headers"] = {header: {"description": meaning, "schema": {"type": "string"}}}


def _leave_out_defaults(schema: dict[str, Any]) -> None:
    """Say in words what a field of a body is if it is left out: openapi-typescript makes fields required that have a default."""
    for field in schema.get("properties", {}).values():
        default = field.pop("default", None)
        if default is not None:
            field["description"] = f"{field.get('description', '')} {default} if left out.".lstrip()


def _leave_out_nulls(operation: dict[str, Any]) -> None:
    """A parameter that is not there is left out: none is null, and a generated client needs no type for one that may be."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1:
            schema |= kinds[0]
        elif kinds:
            schema["anyOf"] = kinds


def _add_security(document: dict[str, Any]) -> None:
    """Say where a token is needed, if tokens are configured, and what is answered without it."""
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    refusals = {str(status): answer for status, answer in problem_responses(401, 403, 429).items()}
    foreign = {str(status): answer for status, answer in problem_responses(403, 421).items()}
    for operations in document["webhooks"].values():
        for operation in operations.values():
            operation["security"] = []  # the receiver looks at the signature
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["responses"] = foreign | operation["responses"]
            operation["security"] = []
            if not is_open(path):
                operation["security"] = [{"token": []}, {}]
                operation["responses"] = refusals | operation["responses"]
