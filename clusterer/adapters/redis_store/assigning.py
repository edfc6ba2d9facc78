"""Articles are assigned to clusters by one fenced writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clusterer.adapters.redis_store.correcting import stored_correction
from clusterer.adapters.redis_store.keys import to_ms
from clusterer.adapters.redis_store.link import check_batch
from clusterer.adapters.redis_store.packing import pack
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.cluster_records import CommitItem, CommitResult, Correction, Position, Regroup

_SWEPT_AT_ONCE = 200
_IDLE_CONSUMER_MS = 24 * 3600 * 1000


class RedisAssigning(Part):
    """The assign part of CollectionStore; see there."""

    def claim(self, worker: str, lease_s: float) -> int | None:
        """See CollectionStore.claim."""
        epoch: int | None = self._link.run("claim", worker, round(lease_s * 1000))
        return epoch

    def release(self, worker: str) -> None:
        """See CollectionStore.release."""
        self._link.run("release", worker)

    def leader(self) -> str | None:
        """See CollectionStore.leader."""
        name: bytes | None = self._link.do("GET", self._link.key("leader"))
        return None if name is None else name.decode()

    def ask_for(self, worker: str, lease_s: float) -> None:
        """See CollectionStore.ask_for."""
        self._link.run("ask_for", worker, round(lease_s * 1000))

    def hand_on(self, worker: str, lease_s: float) -> bool:
        """See CollectionStore.hand_on."""
        return bool(self._link.run("hand_on", worker, round(lease_s * 1000)))

    def position(self) -> Position:
        """See CollectionStore.position."""
        generation, change = self._link.do("HMGET", self._link.key("head"), "gen", "change")
        return Position(int(generation or 1), int(change or 0))

    def commit(self, epoch: int, generation: int, items: Sequence[CommitItem], at: datetime) -> list[CommitResult]:
        """See CollectionStore.commit."""
        check_batch(items)
        arguments = [argument for item in items for argument in _committed(item)]
        flat = self._link.run("commit", epoch, generation, to_ms(at), *arguments)
        return [
            CommitResult(item.seq, flat[i].decode(), flat[i + 1].decode() or None)
            for i, item in zip(range(0, len(flat), 2), items, strict=True)
        ]

    def regroup(
        self,
        epoch: int | None,
        generation: int,
        steps: Sequence[Regroup],
        at: datetime,
        corrections: Sequence[Correction] = (),
    ) -> bool:
        """See CollectionStore.regroup."""
        check_batch(steps)
        arguments: list[Argument] = ["" if epoch is None else epoch, generation, to_ms(at), len(corrections)]
        for correction in corrections:
            arguments += stored_correction(correction)
        for step in steps:
            arguments += _regrouped(step)
        return bool(self._link.run("regroup", *arguments))

    def sweep(self) -> int:
        """See CollectionStore.sweep. Needs no grace: article and stream change in one script."""
        after, repaired = "0", 0
        while after:
            last, count = self._link.run("sweep", after, _SWEPT_AT_ONCE, _IDLE_CONSUMER_MS)
            after = last.decode()
            repaired += count
        return repaired


def _committed(item: CommitItem) -> tuple[Argument, ...]:
    if (item.other if item.action == "copy" else item.cluster) is None:
        raise ValueError(f"article {item.seq}: {item.action!r} does not say where to")
    other = "" if item.other is None else item.other
    return (
        item.entry,
        item.seq,
        item.action,
        item.cluster or "",
        other,
        pack(item.reasons),
        item.beside or "",
        item.near,
    )


def _regrouped(step: Regroup) -> tuple[Argument, ...]:
    revision = "" if step.if_revision is None else step.if_revision
    return (
        step.kind,
        step.source,
        step.target,
        step.actor or "",
        step.reason or "",
        revision,
        len(step.seqs),
        *step.seqs,
    )
