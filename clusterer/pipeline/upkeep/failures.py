"""Articles that were put aside after failing again and again, and what queue producers sent that was no article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clusterer.core.errors import NotFound
from clusterer.ports import CollectionStore, Hints

_SLICE = 1_000


@dataclass(frozen=True, slots=True)
class DeadArticle:
    """An article that could not be processed, and why. `seq` tells its revisions apart."""

    seq: int
    article_id: str
    title: str | None
    source: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What a queue producer sent, cut to its beginning, and why it was not accepted."""

    at: datetime
    payload: str
    reason: str


class Failures:
    """Those of one collection."""

    def __init__(self, books: CollectionStore, hints: Hints) -> None:
        self._books = books
        self._hints = hints

    def dead(self, limit: int) -> tuple[DeadArticle, ...]:
        """The oldest `limit` of them."""
        rows = self._books.dead(0, limit)
        facts = self._books.facts([seq for seq, _ in rows])
        return tuple(
            DeadArticle(seq, fact.article_id, fact.title or None, fact.source, reason)
            for (seq, reason), fact in zip(rows, facts, strict=True)
            if fact is not None
        )

    def refused(self, limit: int) -> tuple[Refused, ...]:
        """The latest `limit` of them."""
        return tuple(Refused(one.at, one.payload, one.reason) for one in self._books.latest_refusals(limit))

    def replay(self, seq: int) -> None:
        """Try a dead article again, from the beginning. Raises NotFound for one that is not dead."""
        if not self._books.replay(seq):
            raise NotFound("this article is not among the dead ones any more")
        self._hints.articles()

    def replay_all(self) -> int:
        """Try all dead articles again; how many they are."""
        replayed, after = 0, 0
        while rows := self._books.dead(after, _SLICE):
            replayed += sum(self._books.replay(seq) for seq, _ in rows)
            after = rows[-1][0]
        self._hints.articles()
        return replayed
