"""Generations: a clustering is built beside the published one, then one pointer moves. And people's lasting corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from clusterer.adapters.memory_store.clustering import Clustering, Member
from clusterer.adapters.memory_store.repairing import Repairing
from clusterer.adapters.memory_store.state import locked
from clusterer.core.errors import Conflict
from clusterer.core.nightly.rollback import Former, carry_over, lineage
from clusterer.core.records import Change, Correction


class Publishing(Repairing):
    """See CollectionStore for what each method promises."""

    @locked
    def claim_job(self, job: str, worker: str, lease_s: float) -> bool:
        now_s = self._now_s()
        holder, until_s = self._jobs.get(job, (worker, now_s))
        if holder != worker and now_s < until_s:
            return False
        self._jobs[job] = (worker, now_s + lease_s)
        return True

    @locked
    def release_job(self, job: str, worker: str) -> None:
        if self._jobs.get(job, ("", 0.0))[0] == worker:
            del self._jobs[job]

    @locked
    def generations(self) -> list[int]:
        return sorted(self._generations)

    @locked
    def begin_generation(self) -> int:
        self._drop_all_but_published_and_previous()
        self._last_generation += 1
        self._generations[self._last_generation] = Clustering(self._last_generation)
        return self._last_generation

    def _drop_all_but_published_and_previous(self) -> None:
        for number in self.generations():
            if number not in (self._published, self._previous):
                self.drop_generation(number)

    @locked
    def drop_generation(self, generation: int) -> None:
        if generation == self._published:
            raise Conflict(f"generation {generation} is published: it cannot be dropped")
        self._generations.pop(generation, None)
        if self._previous == generation:
            self._previous = None

    @locked
    def stage(
        self,
        generation: int,
        rows: Sequence[tuple[int, str]],
        aliases: Mapping[str, str] | None = None,
        split_from: Mapping[str, str] | None = None,
    ) -> None:
        staged = self._unpublished(generation)
        entering: defaultdict[str, list[Member]] = defaultdict(list)
        for seq, cluster_id in dict(rows).items():
            row = self._rows.get(seq)
            if row is not None and row.state == "assigned" and staged.cluster_of.get(seq) != cluster_id:
                entering[cluster_id].append(row.as_member())
        moved = [member.seq for members in entering.values() for member in members]
        touched = {staged.cluster_of[seq] for seq in moved if seq in staged.cluster_of} | entering.keys()
        staged.remove(moved)
        for cluster_id, members in entering.items():
            staged.enter(cluster_id, members, None)
        for cluster_id, origin in (split_from or {}).items():
            if cluster_id in touched:
                staged.clusters[cluster_id].split_from = origin
        self._inherit(staged, sorted(touched))
        if aliases is not None:
            staged.set_aliases(aliases)

    def _unpublished(self, generation: int) -> Clustering:
        if generation == self._published or generation not in self._generations:
            raise Conflict(f"generation {generation} is not being staged")
        return self._generations[generation]

    def _inherit(self, staged: Clustering, cluster_ids: Sequence[str]) -> None:
        """A former generation that is made ready for rollback keeps the revisions of its own clusters."""
        if staged.number != self._previous:
            for cluster_id in cluster_ids:
                staged.clusters[cluster_id].revision = 1
        staged.inherit(self._clustering, cluster_ids)

    @locked
    def aliases(self, generation: int | None = None) -> Mapping[str, str]:
        clustering = self._generation(generation)
        return dict(clustering.alias_of) if clustering else {}

    @locked
    def flip(
        self, from_generation: int, to_generation: int, change: int, lineage: Sequence[Change], at: datetime
    ) -> bool:
        if self._published != from_generation or self._last_change != change:
            return False
        staged = self._unpublished(to_generation)
        self._inherit(staged, [cluster.id for cluster in staged.living()])
        self._publish(staged, lineage, at)
        self._drop_all_but_published_and_previous()
        return True

    def _publish(
        self,
        staged: Clustering,
        lineage: Sequence[Change],
        at: datetime,
        actor: str | None = None,
        reason: str | None = None,
    ) -> None:
        staged_seqs, assigned = staged.cluster_of.keys(), self._clustering.cluster_of.keys()
        if staged_seqs != assigned:
            raise Conflict(f"generation {staged.number} holds {len(staged_seqs)} articles, not all {len(assigned)}")
        self._previous, self._published = self._published, staged.number
        for one in lineage:
            self._log(at, one.kind, one.cluster, one.seqs, one.other, one.actor, one.reason)
        self._log(at, "flipped", "", (), None, actor, reason)

    @locked
    def rollback(self, at: datetime, actor: str, reason: str) -> int | None:
        if self._previous is None:
            return None
        now, then = self._clustering, self._generations[self._previous]
        carried = carry_over(now.cluster_of, now.alias_of, Former(then.cluster_of, then.clusters.keys(), then.alias_of))
        self.stage(then.number, carried.rows, {**then.alias_of, **carried.aliases})
        changes = lineage(now.cluster_of, then.cluster_of, then.alias_of)
        self._publish(then, changes, at, actor, reason)
        return then.number

    @locked
    def save_run(self, run: bytes) -> None:
        self._runs.appendleft(run)

    @locked
    def runs(self, limit: int) -> list[bytes]:
        return list(self._runs)[:limit]

    # -- corrections

    @locked
    def constrain(self, correction: Correction) -> None:
        if self._corrections.get(correction.key) != correction:
            self._corrections[correction.key] = correction
            self._log_correction(correction)

    @locked
    def unconstrain(self, key: str, actor: str, reason: str, at: datetime) -> bool:
        lifted = self._corrections.pop(key, None)
        if lifted is None:
            return False
        self._log_correction(replace(lifted, actor=actor, reason=reason, at=at))
        return True

    def _log_correction(self, said: Correction) -> None:
        self._log(said.at, "corrected", said.cluster or "", said.seqs, None, said.actor, said.reason)

    @locked
    def corrections(self) -> list[Correction]:
        return sorted(self._corrections.values(), key=lambda correction: (correction.at, correction.key))

    def _pinned(self) -> set[str | None]:
        """Living clusters that a correction pins, under the ids they have now."""
        pins = [one.cluster for one in self._corrections.values() if one.kind == "pin" and one.cluster]
        return {self._clustering.resolve(cluster) for cluster in pins}
