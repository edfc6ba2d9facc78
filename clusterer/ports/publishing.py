"""A clustering is built beside the published one, then takes its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from clusterer.core.cluster_records import Change

RUNS_KEPT = 100  # reports of nightly runs


class Publishing(Protocol):
    """See CollectionStore for what all methods promise."""

    def claim_job(self, job: str, worker: str, lease_s: float) -> bool:
        """Take or keep a named job of this collection. False while another worker's lease on it holds."""
        ...

    def release_job(self, job: str, worker: str) -> None: ...

    def generations(self) -> list[int]:
        """Numbers of the generations that hold data, ascending: published, previous and perhaps one being staged."""
        ...

    def begin_generation(self) -> int:
        """The number of a new, empty, unpublished generation, above every number ever used. Drops what an unfinished run left."""
        ...

    def stage(
        self,
        generation: int,
        rows: Sequence[tuple[int, str]],
        aliases: Mapping[str, str] | None = None,
        split_from: Mapping[str, str] | None = None,
    ) -> None:
        """Write (seq, cluster id) memberships, with all counters, into an unpublished generation; up to 1,000 rows, idempotent.

        A row for a seq that is no longer assigned (erased, expired) is skipped. A seq staged before under another cluster moves.
        Clusters that the published generation knows keep their pinned mark; their revision rises by one when members differ.
        aliases: ids that resolve to another in this generation (replaces the whole table when given).
        """
        ...

    def aliases(self, generation: int | None = None) -> Mapping[str, str]:
        """Merged-away id -> living cluster, in the published or the given generation."""
        ...

    def flip(
        self, from_generation: int, to_generation: int, change: int, lineage: Sequence[Change], at: datetime
    ) -> bool:
        """Publish a staged generation and append its lineage changes and a `flipped` change, in one step.

        False, and nothing written, unless `from_generation` is published and `change` is the last change: then the tail is not
        replayed yet. Numbers and times of `lineage` are assigned here. The former generation stays for `rollback`.
        """
        ...

    def rollback(self, at: datetime, actor: str, reason: str) -> int | None:
        """Publish the generation before this one again, as it was; its number, or None when there is none.

        The change feed tells it like any flip: `created`, `moved` and `retired` for what differs, then `flipped`.

        Articles assigned since are carried over by membership (same cluster id if it is known there, else the cluster that most of
        its members were in, else the id is added); ids only known in the generation that is rolled back become aliases likewise.
        """
        ...

    def drop_generation(self, generation: int) -> None:
        """Delete an unpublished generation in bounded slices. Raises Conflict for the published one."""
        ...

    def save_run(self, run: bytes) -> None:
        """Append a nightly run's report (JSON); the latest RUNS_KEPT are kept."""
        ...

    def runs(self, limit: int) -> list[bytes]:
        """Reports of nightly runs, latest first."""
        ...
