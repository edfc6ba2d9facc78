"""The pictures of the pages in README and docs: `python -m benchmarks.pictures`. Needs Chromium.

The sample stream is worked on in this process, by the shipped model, and the pages are photographed.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.logging import configure_logging
from clusterer.pipeline.intake import parse_article
from clusterer.samples import sample_rows
from clusterer.settings import Settings

_PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
_QUAKE, _CUT = "corvanepress/ostrand-quake", "northlinedaily/budget-winners-losers"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)


def main() -> int:
    """Work, serve, photograph."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("no chromium is installed", file=sys.stderr)
        return 1
    settings = Settings(log_level="warning")
    configure_logging(settings)
    service = Clusterer.in_memory(settings)
    collection = service.collection()
    rows = [{name: value for name, value in row.items() if name not in ("event", "note")} for row in sample_rows()]
    collection.intake.accept([parse_article(row) for row in rows])
    service.drain()
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_config=None, timeout_graceful_shutdown=1))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    cluster = collection.lookup.article(_QUAKE).cluster_id
    pictures = (
        ("now", "/", 1000, 760, "light"),
        ("cluster", f"/clusters/{cluster}", 1000, 760, "light"),
        ("why", f"/articles/{_CUT.replace('/', '%2F')}", 1000, 760, "light"),
        (
            "beside",
            f"/articles/{'radiowend/news-20260302-07'.replace('/', '%2F')}/beside/{_QUAKE.replace('/', '%2F')}",
            1000,
            900,
            "light",
        ),
        ("phone", "/", 390, 760, "dark"),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        for name, path, width, height, scheme in pictures:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(address + path)
            page.wait_for_timeout(1_000)
            page.screenshot(path=_PICTURES / f"{name}.png")
            page.close()
        browser.close()
    server.should_exit = True
    return 0


if __name__ == "__main__":
    sys.exit(main())
