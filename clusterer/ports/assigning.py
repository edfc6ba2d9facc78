"""One writer a collection assigns articles to clusters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from clusterer.core.cluster_records import CommitItem, CommitResult, Correction, Position, Regroup

if TYPE_CHECKING:
    from clusterer.core.evidence.evidence import Evidence


class Assigning(Protocol):
    """See CollectionStore for what all methods promise."""

    def claim(self, worker: str, lease_s: float) -> int | None:
        """Become or stay this collection's writer: the fencing epoch, or None while another worker's lease holds.

        The epoch rises with each change of hands and never otherwise.
        """
        ...

    def release(self, worker: str) -> None:
        """Give the lease up early, if this worker has it."""
        ...

    def leader(self) -> str | None:
        """The writer whose lease holds."""
        ...

    def ask_for(self, worker: str, lease_s: float) -> None:
        """Ask the writer to hand the collection on to `worker`; of several that ask, the last counts. Forgotten after `lease_s`."""
        ...

    def hand_on(self, worker: str, lease_s: float) -> bool:
        """If this worker is the writer and another has asked, the lease is now the other's: True, and this one must not go on.

        The other begins with its next claim. If it never claims, the lease runs out after `lease_s`.
        """
        ...

    def position(self) -> Position: ...

    def evidence(self, seqs: Sequence[int], near: bool = False) -> list[Evidence | None]:
        """Any number of seqs; None where the article is erased, expired or not prepared. near: with what `commit` kept of neighbours.

        Raises ValueError for damaged evidence.
        """
        ...

    def commit(self, epoch: int, generation: int, items: Sequence[CommitItem], at: datetime) -> list[CommitResult]:
        """Assign pending articles: membership, counters, change feed and stream acknowledgement in one script.

        An article already assigned is a duplicate and changes nothing. `join` follows aliases. Parked copies of a newly committed
        article return to the ready stream. Raises Fenced, StaleGeneration; then nothing was written.
        """
        ...

    def regroup(
        self,
        epoch: int | None,
        generation: int,
        steps: Sequence[Regroup],
        at: datetime,
        corrections: Sequence[Correction] = (),
    ) -> bool:
        """Apply all steps in order and store the corrections as `constrain` does, or do nothing.

        False when a named cluster or member is no longer as the steps assume. `epoch` None is a correction by a person, which needs no
        writer's lease. A merge leaves an alias, path-compressed; a cluster left without members is retired. Raises Fenced,
        StaleGeneration, RevisionMismatch.
        """
        ...

    def sweep(self) -> int:
        """Repair what a crash can leave: pending articles in no stream go back to theirs. Returns how many (0 in health)."""
        ...
