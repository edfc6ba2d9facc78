"""Articles are cleaned, compared and handed on; some are put aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from clusterer.core.records import Death, Draft, Known, Leased, Revision
from clusterer.ports.queues import Queue


class Preparing(Protocol):
    """See CollectionStore for what all methods promise."""

    def lease(self, queue: Queue, worker: str, count: int, lease_s: float) -> list[Leased]:
        """Entries whose lease ran out first, then new ones, oldest first. An entry whose article is no longer pending is dropped."""
        ...

    def received(self, seqs: Sequence[int]) -> list[Revision | None]: ...

    def traces(self, seqs: Sequence[int]) -> list[bytes]:
        """The `trace` that each was accepted with; empty for one that had none, or is no longer pending."""
        ...

    def register(self, drafts: Sequence[Draft]) -> list[Mapping[int, int]]:
        """For each in turn: store document and fingerprint, by which later arrivals verify, enter its terms into the posting index, and
        return the articles registered *before* it that share some, as `core.copies.candidates` orders them.

        One atomic step an article, so of two racing duplicates the later sees the earlier, and whoever is seen can be verified.
        Repeating it changes nothing and gives the same or fewer hits. Terms live in time buckets by the time of reception and vanish
        with them. Lists are capped.
        """
        ...

    def registered(self, seqs: Sequence[int]) -> list[Known | None]:
        """Articles as later ones are compared with them (any number of seqs), from `register` on; None once their text is gone.

        Each is a copy of nothing until it is handed over.
        """
        ...

    def hand_over(self, drafts: Sequence[Draft], model: str) -> None:
        """Into the ready stream and out of the inbox, with what was not stored by `register`. Articles no longer pending in the inbox are
        skipped.

        Raises ModelMismatch when vectors are given and the collection holds another model's.
        """
        ...

    def boilerplate(self, source: str) -> bytes | None:
        """The stored profile of what recurs on this source's pages."""
        ...

    def save_boilerplate(self, source: str, profile: bytes | None) -> None:
        """Replace a source's profile; None forgets it. Last writer wins: a lost observation costs nothing."""
        ...

    def save_boilerplates(self, profiles: Mapping[str, bytes]) -> None:
        """`save_boilerplate` for several sources."""
        ...

    def boilerplate_sources(self) -> list[str]:
        """Sources with a profile, sorted."""
        ...

    def attempt(self, seq: int) -> int:
        """Count, durably, that work on this article alone begins; the number of such attempts so far, from 1.

        `hand_over` and `retry_dead` reset it.
        """
        ...

    def take_back_attempt(self, seq: int) -> None:
        """Take back one attempt at a pending article: it ended for a reason that was not the article's."""
        ...

    def mark_dead(self, queue: Queue, entry: str, seq: int, reason: str, at: datetime) -> None:
        """Declare a pending article dead, with its reason; its parked copies return to the inbox."""
        ...

    def retry_dead(self, seq: int) -> bool:
        """A dead article goes back to the inbox as pending. False when it is not dead."""
        ...

    def dead(self, after: int, limit: int) -> list[tuple[int, str]]:
        """(seq, reason) of dead articles with seq > after."""
        ...

    def deaths(self, seqs: Sequence[int]) -> list[Death | None]:
        """How each of these articles died, None for one that is not dead."""
        ...
