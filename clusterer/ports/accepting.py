"""Articles come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from clusterer.core.records import Receipt, Refusal, Revision


class Accepting(Protocol):
    """See CollectionStore for what all methods promise."""

    def accept(self, revisions: Sequence[Revision]) -> list[Receipt]:
        """Store article and inbox entry together. A known (id, content_hash) returns the revision it has, whatever came after."""
        ...

    def reject(self, payload: str, reason: str, at: datetime, sent_to: str) -> None:
        """Keep what a queue producer sent, whole, and why it was not accepted. The oldest refusals go when there are more than 10,000,
        or more than 256 MB of them compressed."""
        ...

    def refusals(self, after: str, limit: int) -> list[Refusal]:
        """Oldest first, with a number above `after` ('' for all)."""
        ...

    def refusal(self, number: str) -> Refusal | None: ...

    def drop_refusal(self, number: str) -> bool:
        """Forget a refusal. False when there is none of this number."""
        ...
