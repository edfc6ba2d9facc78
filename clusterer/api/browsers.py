"""What keeps the web pages of others out.

A browser sends requests for any page that it shows, and from where the browser runs a loopback address is as near as its own. Where
there are no tokens that is all it takes to read and erase, so three things are checked that a page cannot choose freely:

* `Host` names this machine. A page whose own name was made to lead here (DNS rebinding) sends that name.
* `Origin`, where one is sent, is that of the answered address, or was allowed.
* A write has a method or a content type that a page of another origin may send only after asking (Fetch Standard, CORS-safelisted
  method and request header). What has no type at all is a write too where no browser has signed it: all send `Origin` with each POST,
  and `Sec-Fetch-Site` with each request (Fetch Metadata). Clients that are generated send no type without a body.

A token is nothing that a browser adds by itself, so with tokens none of this is needed.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from clusterer.api.problems import send_problem
from clusterer.pipeline.access import is_loopback

_SENT_UNASKED = ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
_BY_BROWSERS = ("origin", "sec-fetch-site")
_READ_BY_PAGES = ("ETag", "Location", "Retry-After", "X-Request-ID", "Idempotency-Replayed")
_SENT_BY_PAGES = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-ID")


class ForeignPages:
    """Answers 421, 403 or 415 to what looks sent by another's page. `open_to_all`: there are no tokens."""

    def __init__(self, app: ASGIApp, open_to_all: bool, allowed_origins: Collection[str]) -> None:
        self._app = app
        self._open_to_all = open_to_all
        self._origins = frozenset(origin.lower() for origin in allowed_origins)
        self._names = frozenset(urlsplit(origin).hostname or "" for origin in allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if self._open_to_all and scope["type"] == "http" else None
        if refusal:
            await send_problem(scope, send, *refusal)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[str, str] | None:
        headers = Headers(scope=scope)
        if not all(self._is_ours(host) for host in headers.getlist("host")):
            return "misdirected", "without tokens, requests must use a loopback host name such as localhost"
        if not all(self._may_act(origin, headers.get("host", "")) for origin in headers.getlist("origin")):
            return "foreign_origin", "without tokens, requests from web pages of other origins are refused"
        if scope["method"] == "POST" and scope["path"].startswith("/v1/"):
            content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
            is_program = not content_type and not any(name in headers for name in _BY_BROWSERS)
            if content_type in _SENT_UNASKED and not is_program:
                return "unsupported_media_type", "send `Content-Type: application/json`, even without a body"
        return None

    def _is_ours(self, host: str) -> bool:
        name = _name_of(host)
        return name is not None and (is_loopback(name) or name in self._names)

    def _may_act(self, origin: str, host: str) -> bool:
        return origin.lower() in self._origins or origin.lower().partition("://")[2] == host.lower()


@lru_cache(maxsize=64)
def _name_of(host: str) -> str | None:
    """None where it has none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return None


def allow_pages_of(app: FastAPI, origins: Collection[str]) -> None:
    """Let web pages of these origins use the API (CORS). Nothing for none."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=tuple(origins),
            allow_methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=_SENT_BY_PAGES,
            expose_headers=_READ_BY_PAGES,
        )
