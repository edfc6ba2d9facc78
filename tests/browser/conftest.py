"""A real browser over a real server: the sample stream, alone and among ten thousand articles."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.site import ASTRAY, IN_REACH, MANY, Site

from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.access import Tokens
from clusterer.pipeline.intake import parse_article
from clusterer.samples import sample_rows
from clusterer.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.made_events import fill, made_events

_CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
_PATIENCE_MS = 60_000  # a busy machine decides no test
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: its event loop must not be left to the tests that follow."""
    if _CHROMIUM is None:
        pytest.skip("no chromium is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        expect.set_options(timeout=_PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


def _take_sample(service: Clusterer) -> Clusterer:
    rows = [{name: value for name, value in row.items() if name not in ("event", "note")} for row in sample_rows()]
    service.collection().intake.accept([parse_article(row) for row in rows])
    service.drain()
    return service


@pytest.fixture(scope="module")
def many() -> Clusterer:
    """The sample stream after ten thousand articles, of which the latest are in reach of a night and some are in wrong clusters.

    Tests leave the sample's articles as they found them.
    """
    settings = Settings(model="hashing", window_min_articles=IN_REACH)
    service = Clusterer.in_memory(settings)
    made = made_events(MANY)
    clusters = [f"c{event}" for event in made.events.tolist()]
    clusters[-ASTRAY:] = reversed(clusters[-ASTRAY:])
    fill(service.collection().books, made, clusters, service.encoder.fingerprint)
    _take_sample(service).collection().lookup.warm()
    return service


@pytest.fixture
def sample() -> Clusterer:
    """The sample stream alone, by the encoder that needs no model."""
    return _take_sample(Clusterer.in_memory(Settings(model="hashing")))


@pytest.fixture
def serve() -> Iterator[Callable[..., Site]]:
    """Serves a service on a loopback port until the test ends."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(service: Clusterer, tokens: Tokens | None = None) -> Site:
        config = uvicorn.Config(
            create_app(service, tokens=tokens), port=0, log_config=None, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 120
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        servers.append((server, thread))
        return Site(service, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")

    yield start
    for server, thread in servers:
        server.should_exit = True
        thread.join(120)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh context. Fails at the end if a script failed or anything was blocked or not found."""
    complaints: list[str] = []
    contexts = []

    def open_one(address: str, width: int = 1200, scheme: str = "light", scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        context.set_default_timeout(_PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
