"""A receiver of webhooks that stalls, breaks, refuses and loses its answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from support.listening import listening

from clusterer.core.webhook_signature import signature

HASTE_S = 0.5  # of a sender that is to give up
PATIENCE_S = 60.0  # of one that is not, on any machine
SLOWNESS_S = 120.0  # that an answer takes which nobody should wait for


@dataclass
class Receiver:
    """Takes messages; `plan` says what it does with the next ones: a status, `stall`, `hold`, `break`, `drip`; after that all is well.

    `204 drip` and `204 endless` are a status with a body that comes drop by drop, or for ever; `ended`: whether somebody waited for the
    end of one of these, or of a `stall`. `hold` is a stall until `released`.
    """

    url: str = ""
    plan: deque[int | str] = field(default_factory=deque)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # id and body of all that came, taken or not
    taken: list[int] = field(default_factory=list)  # numbers of changes, each id once, as a receiver should
    signed: list[bool] = field(default_factory=list)
    traceparents: list[str | None] = field(default_factory=list)
    secret: str = ""
    retry_after: str = ""
    seen: set[str] = field(default_factory=set)
    ended: bool = False
    released: threading.Event = field(default_factory=threading.Event)

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        message_id, at = handler.headers["webhook-id"], int(handler.headers["webhook-timestamp"])
        if self.secret:
            self.signed.append(handler.headers["webhook-signature"] == signature(self.secret, message_id, at, body))
        self.traceparents.append(handler.headers["traceparent"])
        message = json.loads(body)
        self.heard.append((message_id, message))
        what = self.plan.popleft() if self.plan else 204
        if what in ("stall", "hold"):
            self.ended = not self.released.wait(SLOWNESS_S)
            return
        if what == "break":
            handler.connection.close()
            return
        if what == "drip":
            self.talk(handler, "drip")
            return
        body = str(what).partition(" ")[2]
        status = int(204 if what == "lost" or body else what)
        if status == 204 and message_id not in self.seen:
            self.seen.add(message_id)
            self.taken.append(message["data"].get("number", 0))
        if what == "lost":  # taken, but the answer never comes
            handler.connection.close()
            return
        handler.send_response(200 if body else status)
        if body:
            handler.send_header("Connection", "close")
            handler.send_header("Content-Length", "1000000000")
            handler.end_headers()
            self.talk(handler, body)
            return
        if self.retry_after:
            handler.send_header("Retry-After", self.retry_after)
        if status == 302:
            handler.send_header("Location", self.url + "elsewhere")
        handler.end_headers()

    def talk(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        """Until the sender has had enough."""
        until = time.monotonic() + SLOWNESS_S
        while time.monotonic() < until:
            handler.wfile.write(b"H" * (1 if body == "drip" else 65_536))
            time.sleep(HASTE_S / 4 if body == "drip" else 0)
        self.ended = True


@contextmanager
def receiving() -> Iterator[Receiver]:
    """One that listens on loopback."""
    known = Receiver()
    with listening(known.take) as address:
        known.url = f"{address}/hook?to=me"
        try:
            yield known
        finally:
            known.released.set()
