"""Articles go: by a person's wish or by age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Erasing(Protocol):
    """See CollectionStore for what all methods promise."""

    def erase(self, seq: int, at: datetime) -> bool:
        """Remove an article's text, document, fingerprint, posting terms, vectors, sparse evidence, reasons, URL and id entries, and its
        membership in every generation. What stays is a tombstone (state `erased`, no text, no title, no source) and an `erased` change.
        Its parked copies go back to the inbox. False when it is erased already. Counters follow; an emptied cluster is retired.
        """
        ...

    def erased_traces(self, seq: int, article_id: str, words: Sequence[str]) -> list[str]:
        """Names of keys in which anything of an erased article is still found: its id, or one of the given words of its text, in any
        value of this collection; its seq in any membership, posting, stream or copies list. Empty is the proof. Scans everything.
        """
        ...

    def expire(self, before: datetime, limit: int, at: datetime) -> int:
        """Retention: the oldest articles received before a time lose what `erase` removes and become `expired`, without a change for
        each; at most `limit` of them, only assigned or dead ones. Returns how many.
        """
        ...

    def trim_changes(self, before: datetime, limit: int) -> int:
        """Let go of the oldest changes, as far as they are older than a time; at most `limit` of them. Returns how many.

        Numbers go on as ever.
        """
        ...
