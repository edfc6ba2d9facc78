"""Errors as RFC 9457 problem documents: one code for each kind of error, and nothing that quotes the request."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Message, Scope, Send

from clusterer.api.proxies import public_path
from clusterer.core.errors import (
    ChangesTrimmed,
    ClustererError,
    Conflict,
    Gone,
    InvalidCursor,
    ModelMismatch,
    NotFound,
    Overloaded,
    RevisionMismatch,
    SchemaMismatch,
    StoreUnavailable,
)
from clusterer.extras import ExtraNotInstalled
from clusterer.pipeline.intake.submission import MAX_ERRORS, pointer
from clusterer.settings import DeviceAbsent
from clusterer.web.rendering import error_page

log = structlog.get_logger(__name__)

Part = Literal["body", "query", "path", "header"]

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER_S = 2
_SAY_AGAIN_S = 60.0
_MAX_DETAIL_CHARS = 2_000
_FOR_PROGRAMS = ("/v1/", "/problems/", "/healthz", "/readyz", "/version", "/metrics", "/openapi.json")
_ON_PAGES = {404: "There is no page at this address.", 405: "Nothing can be sent to this address."}
_ARTICLES = "/v1/articles/"
INTERNAL: Final = "The error was logged under this request id."

KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "malformed_request": (400, "The request cannot be read"),
    "unauthorized": (401, "A valid token is needed"),
    "forbidden": (403, "This token lacks the permission"),
    "foreign_origin": (403, "Web pages of other origins may not use this"),
    "not_found": (404, "Not found"),
    "method_not_allowed": (405, "This method is not allowed here"),
    "conflict": (409, "The request contradicts what is stored"),
    "gone": (410, "It no longer exists"),
    "changes_trimmed": (410, "Changes of that time are no longer kept"),
    "revision_mismatch": (412, "The cluster has changed"),
    "body_too_large": (413, "The request body is too large"),
    "unsupported_media_type": (415, "This content type is not accepted here"),
    "misdirected": (421, "The service does not accept this host name"),
    "validation_failed": (422, "Something in the request is not valid"),
    "overloaded": (429, "Too many articles are waiting"),
    "too_many_requests": (429, "Too many requests with this token"),
    "internal_error": (500, "Internal error"),
    "store_unavailable": (503, "The store does not answer or cannot write"),
    "model_mismatch": (503, "The stored vectors were made by another model"),
    "no_model": (503, "No worker is available to embed the text"),
    "schema_mismatch": (503, "The stored data has another schema version"),
}
_BY_STATUS = {
    status: code for code, (status, _) in reversed(list(KINDS.items()))
}  # the first code of a status stands for it
_BY_ERROR: Mapping[type[ClustererError], str] = {
    NotFound: "not_found",
    ChangesTrimmed: "changes_trimmed",
    Gone: "gone",
    Conflict: "conflict",
    InvalidCursor: "validation_failed",
    RevisionMismatch: "revision_mismatch",
    Overloaded: "overloaded",
    StoreUnavailable: "store_unavailable",
    ModelMismatch: "model_mismatch",
    SchemaMismatch: "schema_mismatch",
    ExtraNotInstalled: "no_model",
    DeviceAbsent: "no_model",
}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one part of a request; `pointer` is an RFC 6901 pointer into the body or the parameters."""

    part: Part
    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class ProblemDocument:
    """An RFC 9457 problem document. `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: tuple[FieldProblem, ...]


class Problem(Exception):
    """Raised by handlers to answer with a problem document."""

    def __init__(self, code: str, detail: str, errors: Sequence[FieldProblem] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.errors = tuple(errors)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may fail in these ways."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {status: {"description": KINDS[_BY_STATUS[status]][1], "content": content} for status in sorted(statuses)}


def problem_body(code: str, detail: str, instance: str, request_id: str, errors: Sequence[FieldProblem] = ()) -> bytes:
    """The document as JSON."""
    status, title = KINDS[code]
    document = ProblemDocument(
        type=public_path(f"/problems/{code}"),
        title=title,
        status=status,
        detail=detail[:_MAX_DETAIL_CHARS],
        instance=public_path(instance)[:_MAX_DETAIL_CHARS],
        code=code,
        request_id=request_id,
        errors=tuple(errors[:MAX_ERRORS]),
    )
    return orjson.dumps(document)


async def send_problem(
    scope: Scope, send: Send, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> None:
    """Answer with a problem, as `_answer` does, from outside of the application's handlers."""
    await _answer(Request(scope), code, detail, headers=headers)(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}  # an error reads no body


def install_handlers(app: FastAPI) -> None:
    """Answer every error of an application with a problem document."""
    app.state.said = {}

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return _answer(request, error.code, str(error), error.errors)

    @app.exception_handler(ClustererError)
    async def _known(request: Request, error: ClustererError) -> Response:
        code = next((code for kind, code in _BY_ERROR.items() if isinstance(error, kind)), "internal_error")
        if KINDS[code][0] >= 500 and not _said_lately(str(error), request):
            log.error("request_failed", code=code, why=str(error))
        detail = str(error) if code != "internal_error" else INTERNAL
        retry_after_s = error.retry_after_s if isinstance(error, Overloaded) else _RETRY_AFTER_S
        headers = {"Retry-After": str(retry_after_s)} if KINDS[code][0] in (429, 503) else {}
        return _answer(request, code, detail, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        errors = [_field_problem(item) for item in error.errors()[:MAX_ERRORS]]
        return _answer(request, "validation_failed", "; ".join(f"{e.pointer[1:]}: {e.detail}" for e in errors), errors)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        code = _BY_STATUS.get(error.status_code, "malformed_request" if error.status_code < 500 else "internal_error")
        detail = str(error.detail)
        if is_for_reading(request):
            detail = _ON_PAGES.get(error.status_code, detail)
        elif error.status_code in (404, 405) and (meant := _meant(request)):
            detail = f"{detail}: did you mean {request.method} {meant}?"
        return _answer(request, code, detail, headers=error.headers)


def _said_lately(why: str, request: Request) -> bool:
    """Whether the log has this reason already: while the store is away, every request fails for the same one."""
    said: dict[str, float] = request.app.state.said
    now = time.monotonic()
    lately = now - said.get(why, float("-inf")) < _SAY_AGAIN_S
    if not lately:
        said.clear()
        said[why] = now
    return lately


def _field_problem(item: Mapping[str, Any]) -> FieldProblem:
    place, *path = item["loc"]
    at = pointer(*path)
    part: Part = place if place in ("body", "path", "header") else "query"
    return FieldProblem(part, at, str(item["msg"]).removeprefix("Value error, "))


def is_for_reading(request: Request) -> bool:
    """Whether a browser asks, at an address that is none of the programs'."""
    return "text/html" in request.headers.get("accept", "") and not request.scope["path"].startswith(_FOR_PROGRAMS)


def _meant(request: Request) -> str | None:
    """The path of this application that differs by slashes in an id, or by one where a colon stands, as in `/v1/articles:batch`."""
    sent = request.scope["path"]
    parts = sent.removeprefix(_ARTICLES).split("/") if sent.startswith(_ARTICLES) else []
    in_id = range(max(2, len(parts) - 1), len(parts) + 1)
    paths = [_ARTICLES + "/".join(["%2F".join(parts[:count]), *parts[count:]]) for count in in_id]
    if request.method != "GET":
        start, _, action = sent.rpartition("/")
        paths.append(f"{start}:{action.removeprefix('%3A').removeprefix('%3a').removeprefix(':')}")
    return next((path for path in paths if _is_answered(request, path)), None)


def _is_answered(request: Request, path: str) -> bool:
    scope = {**request.scope, "path": path}
    return any(route.matches(scope)[0] == Match.FULL for route in request.app.routes)


def _answer(
    request: Request,
    code: str,
    detail: str,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; to a browser that asks for a page, a page."""
    if is_for_reading(request):
        return error_page(request, *KINDS[code], detail, headers)
    request_id = request.scope.get("state", {}).get("request_id", "")
    body = problem_body(code, detail, request.scope["path"], request_id, errors)
    return Response(body, KINDS[code][0], headers=dict(headers or {}), media_type=MEDIA_TYPE)
