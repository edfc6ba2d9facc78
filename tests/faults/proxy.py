"""A bad network between the service and Redis: TCP connections that are cut, held up, or lose an answer."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from typing import Self

_WRITE_BYTES = 800  # requests of this size write something worth losing the answer to
_CHUNK_BYTES = 65_536


@dataclass(eq=False, slots=True)
class _Pipe:
    """One client's connection and ours to the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    asked_bytes: int = 0  # since the last answer
    loses_answer: bool = False

    def abort(self) -> None:
        self.client.transport.abort()
        self.server.transport.abort()


class Proxy:
    """Passes on what comes to `port` to `target_port` on loopback, and back. Runs in a thread of its own."""

    def __init__(self, port: int, target_port: int) -> None:
        self._port = port
        self._target_port = target_port
        self._pipes: set[_Pipe] = set()
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self.answers_lost = 0

    def cut(self) -> None:
        """All connections end at once, whatever was on its way."""
        self._loop.call_soon_threadsafe(self._cut)

    def lose_answers(self) -> None:
        """Each connection ends when the answer to its next large request comes: it has taken effect, and nobody is told."""
        self._loop.call_soon_threadsafe(self._mark)

    def hold(self) -> None:
        """Nothing passes any more, and nobody is told: a connection in a black hole."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def release(self) -> None:
        self._loop.call_soon_threadsafe(self._flows.set)

    def _cut(self) -> None:
        for pipe in list(self._pipes):
            pipe.abort()

    def _mark(self) -> None:
        for pipe in self._pipes:
            pipe.loses_answer = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.transport.abort()
            return
        pipe = _Pipe(writer, server_writer)
        self._pipes.add(pipe)
        ways = [asyncio.create_task(way) for way in (self._ask(pipe, reader), self._answer(pipe, server_reader))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        self._pipes.discard(pipe)
        pipe.abort()
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _ask(self, pipe: _Pipe, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK_BYTES):
                await self._flows.wait()
                pipe.asked_bytes += len(data)
                pipe.server.write(data)
                await pipe.server.drain()

    async def _answer(self, pipe: _Pipe, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK_BYTES):
                await self._flows.wait()
                if pipe.loses_answer and pipe.asked_bytes >= _WRITE_BYTES:
                    self.answers_lost += 1
                    return
                pipe.asked_bytes = 0
                pipe.client.write(data)
                await pipe.client.drain()

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    async def _listen(self) -> None:
        self._flows.set()
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self._port)

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._listener.close()
        self._flows.set()
        self._cut()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        if serving:
            await asyncio.wait(serving, timeout=5)
