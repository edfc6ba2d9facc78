"""A plan of a nightly run that a page waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context

from clusterer.core.errors import ClustererError
from clusterer.pipeline.nightly.reports import Run

_SIGN_OF_LIFE_S = 10.0


class Planning:
    """A plan in the making: iterating waits for it, and yields at times so that no proxy takes the silence for the end.

    run: the plan, None where it failed; failure: why.
    """

    def __init__(self, make: Callable[[], Run]) -> None:
        self._make = make
        self._done = threading.Event()
        self.run: Run | None = None
        self.failure = "the log of the API has the error"

    def __iter__(self) -> Iterator[None]:
        # A daemon, since nobody waits for a plan whose reader is gone, nor may it keep a server from stopping.
        threading.Thread(target=copy_context().run, args=(self._work,), daemon=True).start()
        while not self._done.wait(_SIGN_OF_LIFE_S):
            yield

    def _work(self) -> None:
        try:
            self.run = self._make()
        except ClustererError as error:
            self.failure = str(error)
        finally:
            self._done.set()
