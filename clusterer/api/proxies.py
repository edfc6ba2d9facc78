"""Behind a reverse proxy: a path prefix in and out, HEAD, and answers that the client has already."""

from __future__ import annotations

import re
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_LONGEST_PREFIX = 200
_prefix: ContextVar[str] = ContextVar("prefix", default="")


def public_path(path: str) -> str:
    """A path of this service as the client of the present request sees it."""
    return _prefix.get() + path


class PathPrefix:
    """Serves below a prefix: the configured one, else the one that the proxy names in `X-Forwarded-Prefix`.

    The proxy may leave the prefix in the path, which keeps `%2F` in ids as it was sent, or take it off. The header is believed:
    whoever makes it up gets other links in an answer of their own.
    """

    def __init__(self, app: ASGIApp, prefix: str = "") -> None:
        self._app = app
        self._configured = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            prefix = self._configured or _forwarded(Headers(scope=scope))
            _prefix.set(prefix)
            scope.setdefault("state", {})["prefix"] = prefix
            if prefix and scope["path"].startswith(prefix + "/"):
                scope["path"] = scope["path"].removeprefix(prefix)
        await self._app(scope, receive, send)


def _forwarded(headers: Headers) -> str:
    named = headers.get("x-forwarded-prefix", "").rstrip("/")
    return named if len(named) <= _LONGEST_PREFIX and _PREFIX.fullmatch(named) else ""


class HeadAndConditional:
    """HEAD answered as GET without the content, and 304 where `If-None-Match` names the `ETag` (RFC 9110, 9.3.2 and 13.1.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        known = [tag for line in Headers(scope=scope).getlist("if-none-match") for tag in line.split(",")]
        without_content = scope["method"] == "HEAD"

        async def send_part(message: Message) -> None:
            nonlocal without_content
            if message["type"] == "http.response.start":
                if message["status"] == 200 and _is_known(Headers(raw=message["headers"]).get("etag"), known):
                    message, without_content = _not_modified(message), True
                await send(message)
                if without_content:
                    await send({"type": "http.response.body", "body": b""})
            elif not without_content:
                await send(message)

        inner = {**scope, "method": "GET"}  # the server reads the method of its own scope to frame the answer
        try:
            await self._app(inner, receive, send_part)
        finally:
            for found in ("route", "path_params"):
                if found in inner:
                    scope[found] = inner[found]


def _is_known(etag: str | None, known: list[str]) -> bool:
    """By weak comparison: gzip on the way makes a tag weak."""
    return etag is not None and any(tag.strip().removeprefix("W/") in ("*", etag.removeprefix("W/")) for tag in known)


def _not_modified(message: Message) -> Message:
    answer = {**message, "status": 304, "headers": list(message["headers"])}
    headers = MutableHeaders(scope=answer)
    del headers["content-length"]
    del headers["content-type"]
    return answer
