"""Articles come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from clusterer.core.records import NewRevision, Receipt


class Accepting(Protocol):
    """See CollectionStore for what all methods promise."""

    def accept(self, revisions: Sequence[NewRevision]) -> list[Receipt]:
        """Store article and inbox entry together. A known (id, content_hash) returns the revision it has, whatever came after."""
        ...

    def reject(self, payload: str, reason: str, at: datetime) -> None:
        """Keep what a queue producer sent and why it was not accepted (bounded stream; payload cut to 10,000 characters)."""
        ...

    def rejected(self, limit: int) -> list[tuple[datetime, str, str]]:
        """(when, payload, reason) of what was kept by `reject`, latest first."""
        ...
