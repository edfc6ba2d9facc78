"""The API behind a real uvicorn server on a free port, with answers that can be made to fail."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Literal

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Fault = Literal["turned away", "taken, no answer", "silence", "gateway error", "slow down"]


class Faulty:
    """An application whose next answers fail, one fault each. `seen`: what arrived, as (method, path, Idempotency-Key)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.faults: list[Fault] = []
        self.seen: list[tuple[str, str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append((scope["method"], scope["path"], headers.get("idempotency-key", "")))
        fault = self.faults.pop(0) if self.faults else None
        if fault is None:
            await self.app(scope, receive, send)
        elif fault == "taken, no answer":
            await self._swallow(scope, receive, send)
        elif fault == "silence":
            await _until_gone(receive)
        else:
            status, more = {
                "turned away": (503, [(b"retry-after", b"0")]),
                "gateway error": (502, []),
                "slow down": (429, [(b"retry-after", b"1")]),
            }[fault]
            await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"4"), *more]})
            await send({"type": "http.response.body", "body": b"away"})

    async def _swallow(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry the request out, and hang up without a word: whoever asked knows as little as after a timeout, on any machine."""

        async def nothing(_: Message) -> None:
            return None

        await self.app(scope, receive, nothing)
        send.__self__.transport.abort()  # type: ignore[attr-defined]
        await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@contextlib.contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The application's address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 120
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=120)
    assert not thread.is_alive()
