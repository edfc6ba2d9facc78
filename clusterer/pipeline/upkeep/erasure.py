"""Erasing an article everywhere, proving it, and letting go of what is too old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from clusterer.core.errors import Gone, NotFound
from clusterer.ports import Clock, CollectionStore

_EXPIRE_SLICE = 500
_TRIM_SLICE = 1_000


@dataclass(frozen=True, slots=True)
class Erased:
    """Which revisions were erased, by sequence number."""

    article_id: str
    seqs: tuple[int, ...]


class Eraser:
    """Removes one collection's articles for good, and changes that need not be kept any longer. None: they are kept for ever."""

    def __init__(
        self, books: CollectionStore, clock: Clock, retention: timedelta | None, changes_kept: timedelta | None = None
    ) -> None:
        self._books = books
        self._clock = clock
        self._retention = retention
        self._changes_kept = changes_kept

    def erase(self, article_id: str) -> Erased:
        """All revisions of an article. Raises NotFound for an unknown id, Gone for one that is erased already."""
        seqs = self._books.revisions(article_id)
        if not seqs:
            raise NotFound(f"no article {article_id!r}")
        erased = [seq for seq in seqs if self._books.erase(seq, self._clock.now())]
        if not erased:
            raise Gone(f"article {article_id!r} is erased already")
        return Erased(article_id, tuple(erased))

    def traces(self, article_id: str, words: Sequence[str] = ()) -> list[str]:
        """Where anything of an erased article is still found; empty is the proof. words: telling words of its text.

        The id itself is kept nowhere after erasure, only its digest, which leads to the sequence numbers.
        """
        return [
            trace
            for seq in self._books.revisions(article_id)
            for trace in self._books.erased_traces(seq, article_id, words)
        ]

    def expire(self) -> int:
        """Retention: one slice of the articles that are older than it; how many went."""
        if self._retention is None:
            return 0
        return self._books.expire(self._clock.now() - self._retention, _EXPIRE_SLICE, self._clock.now())

    def trim_changes(self) -> int:
        """One slice of the changes that are older than they need to be; how many went."""
        if self._changes_kept is None:
            return 0
        return self._books.trim_changes(self._clock.now() - self._changes_kept, _TRIM_SLICE)
