"""How both forms of the client connect."""

from __future__ import annotations

from typing import Any

import httpx

import clusterer
from clusterer.client.calls import path_of

_SIGN_OF_LIFE_S = 60.0  # the server sends one each quarter of a minute


def options(url: str, token: str | None, collection: str) -> dict[str, Any]:
    """What httpx is told. Ids of merged clusters are followed to where they went."""
    return {
        "base_url": url,
        "headers": {
            "Accept": "application/json",
            "User-Agent": f"clusterer-client/{clusterer.__version__}",
            **({"Authorization": f"Bearer {token}"} if token else {}),
        },
        "params": {} if collection == "default" else {"collection": collection},
        "follow_redirects": True,
    }


def timeouts(timeout_s: float, wait_s: float) -> httpx.Timeout:
    """wait_s: what the server was asked to wait."""
    return httpx.Timeout(timeout_s, read=timeout_s + wait_s)


def stream_request(cursor: str | None, timeout_s: float) -> dict[str, Any]:
    """The request for events after a cursor."""
    return {
        "method": "GET",
        "url": path_of("changes", "stream"),
        "headers": {"Accept": "text/event-stream", **({"Last-Event-ID": cursor} if cursor else {})},
        "timeout": httpx.Timeout(timeout_s, read=_SIGN_OF_LIFE_S),
    }
