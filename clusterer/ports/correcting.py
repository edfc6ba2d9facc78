"""What people decide for good."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from clusterer.core.cluster_records import Correction


class Correcting(Protocol):
    """See CollectionStore for what all methods promise."""

    def constrain(self, correction: Correction) -> None:
        """Store a lasting correction under its key (idempotent) and append a `corrected` change with actor and reason."""
        ...

    def unconstrain(self, key: str, actor: str, reason: str, at: datetime) -> bool: ...

    def corrections(self) -> list[Correction]:
        """All corrections in force, oldest first."""
        ...
