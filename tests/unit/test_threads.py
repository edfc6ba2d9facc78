"""Calls beside the event loop: each gets its own outcome, and a slow one keeps nobody from theirs."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest

from clusterer.api.threads import in_thread

_named: ContextVar[str] = ContextVar("named")


def _renamed() -> str:
    """The name that the caller has; the caller keeps it."""
    seen = _named.get()
    _named.set("another")
    return seen


def test_each_call_gets_its_own_outcome() -> None:
    async def ask(number: int) -> int:
        return await in_thread(lambda: 100 // number)

    async def ask_all() -> list[int | BaseException]:
        return await asyncio.gather(*map(ask, range(10)), return_exceptions=True)

    for _ in range(2):  # each in a loop of its own
        first, *others = asyncio.run(ask_all())
        assert isinstance(first, ZeroDivisionError)
        assert others == [100 // number for number in range(1, 10)]


def test_a_call_has_the_context_of_its_caller_and_leaves_none() -> None:
    async def ask(name: str) -> str:
        _named.set(name)
        seen = await in_thread(_renamed)
        return seen + _named.get()

    async def ask_all() -> list[str]:
        return await asyncio.gather(*map(ask, "abcd"))

    assert asyncio.run(ask_all()) == ["aa", "bb", "cc", "dd"]


def test_calls_behind_one_that_hangs_are_made_by_others() -> None:
    async def ask() -> list[int]:
        goes_on = threading.Event()
        hanging = [asyncio.create_task(in_thread(lambda: goes_on.wait(60))) for _ in range(3)]
        done = [await in_thread(lambda: 7), *await asyncio.gather(*(in_thread(lambda: 8) for _ in range(5)))]
        assert not any(one.done() for one in hanging)
        goes_on.set()
        assert all(await asyncio.gather(*hanging))
        return done

    assert asyncio.run(ask()) == [7, 8, 8, 8, 8, 8]


def test_who_no_longer_waits_keeps_nobody_from_an_answer() -> None:
    async def ask() -> int:
        goes_on = threading.Event()
        left = asyncio.create_task(in_thread(lambda: goes_on.wait(60)))
        await in_thread(lambda: None)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        goes_on.set()
        return await in_thread(lambda: 5)

    assert asyncio.run(ask()) == 5


def test_an_iterator_at_its_end_is_an_error_like_any_other() -> None:
    async def ask() -> None:
        await in_thread(lambda: next(iter(())))

    with pytest.raises(RuntimeError):
        asyncio.run(ask())
