"""The clusters worker's half of the books: lead, commit, regroup, repair."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clusterer.adapters.memory_store.clustering import Done
from clusterer.adapters.memory_store.intake import Intake
from clusterer.adapters.memory_store.state import Row, check_batch, locked
from clusterer.core.errors import Fenced, StaleGeneration
from clusterer.core.records import (
    ChangeKind,
    CommitItem,
    CommitResult,
    Position,
    Regroup,
    StoredEvidence,
)


class Assigning(Intake):
    """See CollectionStore for what each method promises."""

    @locked
    def claim(self, worker: str, lease_s: float) -> int | None:
        now_s = self._now_s()
        if worker != self._writer:
            if now_s < self._writer_until_s:
                return None
            self._writer = worker
            self._epoch += 1
        self._writer_until_s = now_s + lease_s
        return self._epoch

    @locked
    def release(self, worker: str) -> None:
        if worker == self._writer:
            self._writer_until_s = self._now_s()

    @locked
    def position(self) -> Position:
        return Position(self._clustering.number, self._last_change)

    @locked
    def evidence(self, seqs: Sequence[int]) -> list[StoredEvidence | None]:
        return [self._evidence(seq) for seq in seqs]

    def _evidence(self, seq: int) -> StoredEvidence | None:
        row, facts = self._rows.get(seq), self._facts(seq)
        if row is None or facts is None or row.relations is None:
            return None
        return StoredEvidence(facts, row.vectors, row.sparse)

    @locked
    def commit(self, epoch: int, generation: int, items: Sequence[CommitItem], at: datetime) -> list[CommitResult]:
        check_batch(items)
        for item in items:
            if (item.other if item.action == "copy" else item.cluster) is None:
                raise ValueError(f"article {item.seq}: {item.action!r} does not say where to")
        self._check_writer(epoch, generation)
        return [self._commit(item, at) for item in items]

    def _check_writer(self, epoch: int | None, generation: int) -> None:
        if epoch is not None and epoch != self._epoch:
            self._refused += 1
            raise Fenced(f"epoch {epoch} was followed by {self._epoch}: another worker writes now")
        if generation != self._clustering.number:
            raise StaleGeneration(f"generation {self._clustering.number} is published, not {generation}: reload")

    def _commit(self, item: CommitItem, at: datetime) -> CommitResult:
        row = self._rows.get(item.seq)
        if row is None or row.state != "pending":
            return CommitResult(item.seq, "duplicate", self._clustering.cluster_of.get(item.seq))
        if row.stage != "ready":  # decided on a preparation that no longer holds, or for a copy that waits
            return CommitResult(item.seq, "parked" if row.stage == "parked" else "orphaned", None)
        if item.action == "copy":
            return self._commit_copy(row, item, at)
        assert item.cluster is not None
        cluster = self._clustering.resolve(item.cluster)
        if item.action == "open":
            cluster = None if self._clustering.is_issued(item.cluster) else item.cluster
        if cluster is None:
            return CommitResult(item.seq, "stale", None)
        return self._assign(row, cluster, item, at)

    def _commit_copy(self, row: Row, item: CommitItem, at: datetime) -> CommitResult:
        assert item.other is not None
        original = self._rows.get(item.other)
        if original is not None and original.state == "assigned":
            return self._assign(row, self._clustering.cluster_of[item.other], item, at)
        if original is not None and original.state == "pending" and original is not row:
            self._enqueue(row, "parked")
            self._parked[item.other].add(item.seq)
            return CommitResult(item.seq, "parked", None)
        self._prepare_again(row)
        return CommitResult(item.seq, "orphaned", None)

    def _assign(self, row: Row, cluster: str, item: CommitItem, at: datetime) -> CommitResult:
        kind: ChangeKind = "updated" if cluster in self._clustering.clusters else "created"
        self._dequeue(row)
        row.state, row.stage, row.reasons = "assigned", "done", item.reasons
        self._clustering.enter(cluster, [row.as_member()], at)
        self._log(at, kind, cluster, (item.seq,))
        for copy in sorted(self._parked.pop(item.seq, ())):
            self._enqueue(self._rows[copy], "ready")
        return CommitResult(item.seq, "committed", cluster)

    @locked
    def regroup(self, epoch: int | None, generation: int, steps: Sequence[Regroup], at: datetime) -> bool:
        check_batch(steps)
        self._check_writer(epoch, generation)
        done = self._clustering.regroup(steps, at)
        for one in done or ():
            self._log_step(one, at)
        return done is not None

    def _log_step(self, done: Done, at: datetime) -> None:
        step = done.step
        said = {"actor": step.actor, "reason": step.reason}
        if step.kind == "merged":
            self._log(at, "merged", step.source, done.seqs, step.target, **said)
            return
        self._log(at, step.kind, step.target, done.seqs, step.source, **said)
        if done.emptied:
            self._log(at, "retired", step.source, (), step.target, **said)

    @locked
    def sweep(self, lease_s: float, at: datetime) -> int:
        pending = [row for row in self._rows.values() if row.state == "pending"]
        return sum(self._repair(row) for row in pending)

    def _repair(self, row: Row) -> bool:
        """Put an article back whose stream lost it. Parked copies wait in no stream and are not lost."""
        if row.queue is None or row.entry in self._streams[row.queue]:
            return False
        self._enqueue(row, row.stage)
        self._repaired += 1
        return True
