"""Counting how often this process asks Redis: what a request costs on any machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis.connection import AbstractConnection


@contextmanager
def counted_round_trips() -> Iterator[list[str]]:
    """The first words of what was sent meanwhile by all threads, one string a round trip; a pipeline is one, however long."""
    sent: list[str] = []
    send = AbstractConnection.send_packed_command

    def count(connection: AbstractConnection, command: Any, *arguments: Any, **named: Any) -> Any:
        parts = [command] if isinstance(command, bytes | str) else list(command)
        start = b"".join(one.encode() if isinstance(one, str) else one for one in parts[:2])[:80]
        sent.append(" ".join(start.decode("ascii", "replace").split("\r\n")[2:5:2]))
        return send(connection, command, *arguments, **named)

    AbstractConnection.send_packed_command = count  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        AbstractConnection.send_packed_command = send  # type: ignore[method-assign]
