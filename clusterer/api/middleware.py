"""What surrounds every request: an id, security headers, a log line, metrics, and paths that keep their `%2F`."""

from __future__ import annotations

import re
import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from ulid import ULID

from clusterer.api.problems import INTERNAL, send_problem
from clusterer.pipeline.metrics import Metrics
from clusterer.ports import NO_TRACING, Span, Tracer

# nginx's number for a client that hung up before it was answered; there is no standard one.
_CLIENT_GONE = 499
_LONGEST_ID = 256
_PROBES = ("/healthz", "/readyz", "/metrics")  # asked every few seconds: a log of them hides everything else

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class RequestContext:
    """Outermost: no answer leaves without a request id, and no error without a log line and a problem document."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracer: Tracer = NO_TRACING) -> None:
        self._app = app
        self._metrics = metrics
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(ULID())
        scope.setdefault("state", {})["request_id"] = request_id
        # Article ids may hold slashes, sent as %2F. Routes match the path as sent; `articles.ArticleId` decodes.
        scope["path"] = scope["raw_path"].decode("latin-1")
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-ID"] = request_id
            await send(message)

        tracer = NO_TRACING if scope["path"] in _PROBES else self._tracer
        started = time.perf_counter()
        with (
            tracer.operation("request", "server", Headers(scope=scope)) as span,
            structlog.contextvars.bound_contextvars(request_id=request_id),
        ):
            span.note({"clusterer.request.id": request_id})
            try:
                await self._app(scope, receive, send_with_headers)
            except ClientDisconnect:
                status = _CLIENT_GONE
            except Exception:
                log.exception("request_failed", method=scope["method"], route=_route(scope))
                if status:
                    raise
                await send_problem(scope, send_with_headers, "internal_error", INTERNAL)
            self._observe(scope, status, time.perf_counter() - started, span)

    def _observe(self, scope: Scope, status: int, seconds: float, span: Span) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD") else "other"
        self._metrics.http_requests.labels(method, route, str(status)).inc()
        self._metrics.http_duration_s.labels(route).observe(seconds)
        by = scope["state"].get("token_name")
        in_path = {name: unquote(str(value)) for name, value in scope.get("path_params", {}).items()}
        about = {"article": scope["state"].get("article_id")} | in_path
        ids = {name.removesuffix("_id"): str(value)[:_LONGEST_ID] for name, value in about.items() if value}
        span.rename(f"{method} {route}")
        span.note({"http.request.method": method, "http.route": route, "http.response.status_code": status})
        span.note({f"clusterer.{name}.id": value for name, value in ids.items()})
        if status >= 500:
            span.failed(str(status))
        tell = log.debug if route in _PROBES and status < 400 else log.info
        tell("request", method=method, route=route, status=status, seconds=round(seconds, 4), by=by, **ids)


def _route(scope: MutableMapping[str, Any]) -> str:
    """The route's template: few values, and nothing a client chose."""
    return str(getattr(scope.get("route"), "path", "unmatched"))
