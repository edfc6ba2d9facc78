"""Getting in, and what every page loads."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clusterer.pipeline.access import Tokens
from clusterer.web.rendering import ASSETS, asset, asset_version, page, path_of, prefix_of
from clusterer.web.routing import FormOf, PageRoute, Refused

COOKIE = "clusterer_token"
_OPEN = ("/login", "/logout", "/favicon.ico")
_LOGIN, _ASSETS = "/login", "/assets/"
_PAGES = ("/clusters", "/articles", "/near", "/corrections", "/nights", "/health")
_KEPT_S = 30 * 24 * 3600

router = APIRouter(route_class=PageRoute, include_in_schema=False)


def is_open(path: str) -> bool:
    """Whether a path of ours needs no token."""
    return path in _OPEN or path.startswith(_ASSETS)


def is_page(path: str) -> bool:
    """Whether this is a page that needs a token where tokens are on."""
    return path == "/" or any(path == one or path.startswith(one + "/") for one in _PAGES)


def login_path(prefix: str, path: str, query: str) -> str:
    """Where somebody goes who came to a page without a token; after it, back to the page."""
    wanted = path + (f"?{query}" if query else "")
    return f"{prefix}{_LOGIN}?next={quote(wanted, safe='')}"


@router.get("/login")
def login_form(request: Request) -> HTMLResponse:
    """Asks for a token."""
    return page(request, "login.html", wanted=request.query_params.get("next", "/"), wrong=False)


@router.post("/login")
def login(request: Request, form: FormOf) -> Response:
    """Keeps a token that is right in a cookie that no script can read and no other site can send."""
    tokens: Tokens | None = request.app.state.tokens
    token, wanted = form.text("token"), _own_path((form.all("next") or ["/"])[0])
    if tokens is None or tokens.grant_of(token) is None:
        return page(request, "login.html", 401, wanted=wanted, wrong=True)
    answer = RedirectResponse(prefix_of(request.scope) + wanted, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, max_age=_KEPT_S, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/logout")
def logout(request: Request, form: FormOf) -> Response:
    """Forgets the token."""
    answer = RedirectResponse(path_of(request, "login"), 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/assets/{name}")
def shipped(request: Request, name: str) -> Response:
    """A style sheet, script or icon. Under its version's address it may be kept for ever."""
    if name not in ASSETS:
        raise Refused(404, "Not found", "This file is not part of the page.")
    kept = request.query_params.get("v") == asset_version(name)
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if kept else "no-cache"}
    return Response(asset(name), media_type=ASSETS[name], headers=headers)


@router.get("/favicon.ico")
def favicon() -> Response:
    """The icon where browsers look for it unasked."""
    return Response(asset("icon.svg"), media_type=ASSETS["icon.svg"], headers={"Cache-Control": "max-age=86400"})


def _own_path(wanted: str) -> str:
    """A path on this site, whatever the address bar was made to say."""
    return wanted if wanted[:1] == "/" and wanted[1:2] not in ("/", "\\") and wanted.isprintable() else "/"
