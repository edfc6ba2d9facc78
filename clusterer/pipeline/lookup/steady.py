"""Answers of one generation each, while another may be published at any time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from clusterer.core.errors import ClustererError, StoreUnavailable
from clusterer.ports import CollectionStore

Answer = TypeVar("Answer")

_FLIP_RETRIES = 5


class Steady:
    """Reads of one collection, each of the published generation alone."""

    def __init__(self, books: CollectionStore) -> None:
        self._books = books
        self._generation: int | None = None  # published when somebody last looked

    def look(self, read: Callable[[int], Answer]) -> Answer:
        """What `read` gives of the published generation. It reads again when another is published by then, so that no answer mixes two.

        The first look is at the one that was published when somebody last looked, so that mostly nobody has to ask beforehand.
        """
        for _ in range(_FLIP_RETRIES + 1):
            looked_at = self._generation or self._published()
            try:
                answer = read(looked_at)
            except ClustererError:
                if self._published() == looked_at:
                    raise
            else:
                if self._published() == looked_at:
                    return answer
        raise StoreUnavailable("the published clustering kept changing during the read; try again")

    def _published(self) -> int:
        self._generation = self._books.position().generation
        return self._generation
