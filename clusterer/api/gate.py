"""The gate before every handler: token, scope, collection and rate, checked from the request's head alone. No body is read here."""

from __future__ import annotations

import math
from collections.abc import Iterable

from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from clusterer.api.problems import send_problem
from clusterer.pipeline import access
from clusterer.pipeline.access import RateLimit, Tokens
from clusterer.pipeline.service import DEFAULT_COLLECTION
from clusterer.web import entry

OPEN = ("/healthz", "/readyz", "/openapi.json", "/docs")
_OPEN_BELOW = ("/problems/", "/docs/")
_COLLECTIONS = "/v1/collections"
_INGEST = ("/v1/articles", "/v1/articles:batch")
_SCHEME = "bearer "
_ANYBODY = "anybody"
# RFC 6750, section 3.1: a request without a token gets no error code.
_MISSING = ("send `Authorization: Bearer TOKEN`", "Bearer")
_UNKNOWN = ("unknown token: mistyped, revoked, or of another service", 'Bearer error="invalid_token"')


class Gate:
    """Lets a request through, or answers 401, 403 or 429. Without tokens only the rate is limited, for all callers together."""

    def __init__(self, app: ASGIApp, tokens: Tokens | None, rate: RateLimit) -> None:
        self._app = app
        self._tokens = tokens
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        caller = _ANYBODY
        if self._tokens is not None:
            token = _bearer(scope) or _cookie(scope)
            grant = self._tokens.grant_of(token)
            if grant is None and entry.is_page(scope["path"]):
                wanted = entry.login_path(
                    scope["state"].get("prefix", ""), scope["path"], scope["query_string"].decode("latin-1")
                )
                await RedirectResponse(wanted, 303)(scope, receive, send)
                return
            if grant is None:
                detail, challenge = _UNKNOWN if token else _MISSING
                await send_problem(scope, send, "unauthorized", detail, {"WWW-Authenticate": challenge})
                return
            caller = scope["state"]["token_name"] = grant.name
            scope["state"]["grant"] = grant
            scope["state"]["scopes"] = grant.scopes
            refusal = _refusal(grant, scope)
            if refusal:
                await send_problem(scope, send, "forbidden", refusal)
                return
        wait_s = self._rate.wait_s(caller)
        if wait_s:
            headers = {"Retry-After": str(math.ceil(wait_s))}
            await send_problem(
                scope, send, "too_many_requests", "too many requests: retry after the time in Retry-After", headers
            )
            return
        await self._app(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether a path needs no token: it tells nothing of what is stored."""
    return path in OPEN or path.startswith(_OPEN_BELOW) or entry.is_open(path)


def scope_of(method: str, path: str) -> access.Scope:
    """The scope that a request needs. What is not known here needs the strongest."""
    if path.startswith(("/v1/admin/", "/v1/webhooks")):
        return "admin"
    if method in ("GET", "HEAD") or (method, path) == ("POST", "/v1/search"):
        return "read"
    return "ingest" if method == "POST" and path in _INGEST else "admin"


def collections_of(path: str, query: bytes) -> Iterable[str] | None:
    """The collections that a request names; None for one that concerns no single collection."""
    if path.startswith(_COLLECTIONS + "/"):
        return [path.removeprefix(_COLLECTIONS + "/")]
    if path == _COLLECTIONS or not (path.startswith("/v1/") or entry.is_page(path)):
        return None
    return QueryParams(query).getlist("collection") or [DEFAULT_COLLECTION]


def _bearer(scope: Scope) -> str:
    value = Headers(scope=scope).get("authorization", "")
    return value[len(_SCHEME) :].strip() if value[: len(_SCHEME)].lower() == _SCHEME else ""


def _cookie(scope: Scope) -> str:
    """The token of somebody who logged in at the page. Beyond reading, it counts for the page's own forms only."""
    if scope["method"] not in ("GET", "HEAD") and not entry.is_page(scope["path"]):
        return ""
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(entry.COOKIE, "")


def _refusal(grant: access.Grant, scope: Scope) -> str | None:
    needed = scope_of(scope["method"], scope["path"])
    if needed not in grant.scopes:
        return f"this token lacks the scope {needed!r}"
    if not grant.covers(collections_of(scope["path"], scope["query_string"])):
        return (
            "this token is not valid for this collection"
            if scope["path"].startswith("/v1/")
            else "needs a token that is valid for all collections"
        )
    return None
