"""Plain commands to Redis, one or many in a round trip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hiredis import pack_command
from redis import Redis
from redis.connection import ConnectionInterface
from redis.exceptions import ResponseError

from clusterer.adapters.redis_store.faults import translated
from clusterer.adapters.redis_store.scripts import Argument

Command = tuple[Argument, ...]


def send(client: Redis, *command: Argument) -> Any:
    """One command's reply. Raises the errors of core/errors.py."""
    return send_all(client, [command])[0]


def send_all(client: Redis, commands: Iterable[Command]) -> list[Any]:
    """Replies of some commands in one round trip; not one transaction. Raises the errors of core/errors.py.

    The client's own way takes half as long again for one command, and as a pipeline three times as long for each.
    """
    sent = list(commands)
    if not sent:
        return []
    with translated():
        connection = client.connection_pool.get_connection()
        try:
            return connection.retry.call_with_retry(
                lambda: _replies(client, connection, sent),
                lambda _: connection.disconnect(),  # type: ignore[no-untyped-call]
            )
        finally:
            client.connection_pool.release(connection)


def send_together(client: Redis, commands: Iterable[Command]) -> list[Any]:
    """Replies of some commands in one transaction. Raises the errors of core/errors.py."""
    with translated():
        pipeline = client.pipeline(transaction=True)
        for command in commands:
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
        return pipeline.execute()


def _replies(client: Redis, connection: ConnectionInterface, commands: Sequence[Command]) -> list[Any]:
    """In the order of the commands. Where one is refused, the others still ran; what it raised is raised here."""
    packed = b"".join([pack_command(command) for command in commands])  # type: ignore[arg-type]
    connection.send_packed_command([packed])  # type: ignore[no-untyped-call]
    replies: list[Any] = []
    refused: ResponseError | None = None
    try:
        for command in commands:
            try:
                replies.append(client.parse_response(connection, command[0]))  # type: ignore[no-untyped-call]
            except ResponseError as error:
                refused = refused or error
    except BaseException:
        connection.disconnect()  # type: ignore[no-untyped-call]  # replies that nobody reads must not answer the next question
        raise
    if refused is not None:
        raise refused
    return replies
