"""Calls that wait, made beside the event loop: by one thread, one after the other, as long as they are quick.

A thread for each request costs as much as a look-up: it must be woken, the loop too, and many want the interpreter at the same time.
Here one thread makes the calls that have gathered, and the loop is woken once for all that are done by then. Calls that wait behind a
slow one, because Redis hangs or a list is long, get another thread after `_PATIENCE_S`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

_PATIENCE_S = 0.005
_MOST_THREADS = 40
_IDLE_S = 10.0


class _Job(NamedTuple):
    call: Callable[[], Any]
    context: Context
    answer: asyncio.Future[Any]


class _Threads:
    """Those of one event loop, which it does not keep alive."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._done: deque[tuple[asyncio.Future[Any], tuple[Any, BaseException | None]]] = deque()
        self._lock = threading.Lock()
        self._running = 0  # threads
        self._one_waits = False  # of them; a second that finds nothing to do ends
        self._taken = 0  # jobs so far
        self._loop_is_called = False
        self._is_watched = False

    async def call(self, call: Callable[[], T]) -> T:
        """In a thread, with the context of the caller."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[T, BaseException | None]] = loop.create_future()
        self._jobs.put(_Job(call, copy_context(), answer))
        if not self._running:
            self._start_another()
        if not self._is_watched:
            self._is_watched = True
            loop.call_later(_PATIENCE_S, self._watch, loop, self._taken)
        value, error = await answer
        if error is not None:
            raise error
        return value

    def _start_another(self) -> None:
        with self._lock:
            self._running += 1
        threading.Thread(target=self._work, daemon=True).start()

    def _watch(self, loop: asyncio.AbstractEventLoop, taken: int) -> None:
        """While jobs wait: whether any was taken since the last look."""
        self._is_watched = not self._jobs.empty()
        if self._is_watched:
            if taken == self._taken and self._running < _MOST_THREADS:
                self._start_another()
            loop.call_later(_PATIENCE_S, self._watch, loop, self._taken)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            value, error = None, None
            try:
                value = job.context.run(job.call)
            except BaseException as raised:  # it is raised where the call is awaited
                error = raised
            self._done.append((job.answer, (value, error)))
            if not self._loop_is_called:
                self._loop_is_called = True
                with suppress(RuntimeError):  # the loop has ended
                    job.answer.get_loop().call_soon_threadsafe(self._deliver)
            del job, value, error  # not kept until the next one comes

    def _next(self) -> _Job | None:
        """None when this thread is to end."""
        with suppress(Empty):
            return self._took(self._jobs.get_nowait())
        with self._lock:
            if self._one_waits:
                self._running -= 1
                return None
            self._one_waits = True
        try:
            job = self._jobs.get(timeout=_IDLE_S)
        except Empty:
            job = None
        with self._lock:
            self._one_waits = False
            if job is None:
                self._running -= 1
        return None if job is None else self._took(job)

    def _took(self, job: _Job) -> _Job:
        self._taken += 1
        return job

    def _deliver(self) -> None:
        self._loop_is_called = False  # before looking: what is done from here on calls again
        while self._done:
            answer, outcome = self._done.popleft()
            if not answer.done():  # as it is when its request was cancelled
                answer.set_result(outcome)


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Threads] = WeakKeyDictionary()


async def in_thread(call: Callable[[], T]) -> T:
    """What the call gives or raises."""
    loop = asyncio.get_running_loop()
    threads = _of_loop.get(loop)
    if threads is None:
        threads = _of_loop[loop] = _Threads()
    return await threads.call(call)
