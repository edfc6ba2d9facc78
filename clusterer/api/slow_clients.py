"""Connections whose client does not go on: no open file and no memory is kept for them for ever."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

_ANSWERING = object()


class ClientsInTime(H11Protocol):
    """Ends a connection on which, for `within_s`, the client had to send and sent neither a whole request nor `least_bytes`.

    uvicorn ends only those on which nothing at all arrives after an answer: a head or a body that stops half way was kept. While an
    answer is made or sent, which may take long, nothing is expected of the client.
    """

    within_s: ClassVar[float] = 60.0
    least_bytes: ClassVar[int] = 64 * 1024  # about a kilobyte a second; more than a head may have

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._heard_bytes = 0
        self._awaited: object = (
            None  # the request that was awaited at the last look; None for the first of a connection
        )
        self._next_look = self.loop.call_later(self.within_s, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Either side has ended it."""
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request."""
        self._heard_bytes += len(data)
        super().data_received(data)

    def _look(self) -> None:
        request: Any = self.cycle
        awaited = request if request is None or request.response_complete or request.more_body else _ANSWERING
        if awaited is not _ANSWERING and awaited is self._awaited and self._heard_bytes < self.least_bytes:
            self.transport.abort()
            return
        self._awaited, self._heard_bytes = awaited, 0
        self._next_look = self.loop.call_later(self.within_s, self._look)
