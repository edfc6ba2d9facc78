"""`/docs`: the OpenAPI document for people, by Swagger UI from files that come with a package. Nothing is loaded from elsewhere."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from clusterer.api.problems import Problem

router = APIRouter(include_in_schema=False)

_ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
# Swagger UI sets styles on elements and draws its icons from data URLs.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)
_HEADERS = {"Content-Security-Policy": _POLICY + "; frame-ancestors 'none'"}
# Addresses are relative, so that they hold below any prefix.
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>clusterer: HTTP interface</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/colours.css">
<link rel="icon" href="data:,">
<main id="ui"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
# Without deepLinking, which sets a link into each button that opens an operation. The choice of servers has no label of its own.
_START = """SwaggerUIBundle({url: "openapi.json", dom_id: "#ui", displayRequestDuration: true,
  onComplete: () => document.getElementById("servers")?.setAttribute("aria-label", "Server")});
"""
# What Swagger UI writes in white on light colours, and in light colours on white, has too little contrast to be read by all.
_DARKER = {
    ".opblock.opblock-get .opblock-summary-method": "background: #1f66b0",
    ".opblock.opblock-post .opblock-summary-method": "background: #1b7a4b",
    ".opblock.opblock-delete .opblock-summary-method": "background: #c22a2a",
    ".opblock.opblock-put .opblock-summary-method": "background: #9a5b00",
    ".opblock.opblock-patch .opblock-summary-method": "background: #12756a",
    ".info .title small": "background: #5f6673",
    ".info .title small.version-stamp": "background: #4d6b00",
    ".info a, .swagger-ui .info .link .url": "color: #2a68b8",
    ".json-schema-2020-12-expand-deep-button": "color: #5f6673",
    ".btn.authorize, .swagger-ui .btn.authorize span": "color: #1b7a4b; border-color: #1b7a4b",
}
_COLOURS = "".join(f".swagger-ui {what} {{ {look} }}\n" for what, look in _DARKER.items())
_OWN = {"start.js": (_START, "text/javascript"), "colours.css": (_COLOURS, "text/css")}


@router.get("/docs")
def viewer() -> Response:
    """The page."""
    return Response(_PAGE, media_type="text/html; charset=utf-8", headers=_HEADERS)


@router.get("/docs/{name}")
def viewer_file(name: str) -> Response:
    """One of the page's files."""
    if name in _OWN:
        text, media_type = _OWN[name]
        return Response(text, media_type=media_type)
    if name not in _ASSETS:
        raise Problem("not_found", "the page has no such file")
    content = files("fastapi_offline").joinpath("static", name).read_bytes()
    return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "max-age=86400"})
