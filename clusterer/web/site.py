"""All pages, put into an application."""

from __future__ import annotations

from fastapi import FastAPI

from clusterer.web import correcting, entry, operating, reading


def install_pages(app: FastAPI) -> None:
    """Serve the pages from `/` on. The application's state holds `service`, and `tokens` where they are on."""
    for module in (entry, reading, correcting, operating):
        app.include_router(module.router)
