"""Generations: a clustering is built beside the published one, then one pointer moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from clusterer.adapters.redis_store.keys import to_ms
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.cluster_records import Change
from clusterer.core.errors import Conflict
from clusterer.core.nightly.rollback import Former, carry_over
from clusterer.ports.publishing import RUNS_KEPT

_STAGED_AT_ONCE = 250
_DROPPED_AT_ONCE = 500
_MAX_ROUNDS = 100


class RedisPublishing(Part):
    """The nightly part of CollectionStore; see there."""

    def claim_job(self, job: str, worker: str, lease_s: float) -> bool:
        """See CollectionStore.claim_job."""
        return bool(self._link.run("claim_job", job, worker, round(lease_s * 1000)))

    def release_job(self, job: str, worker: str) -> None:
        """See CollectionStore.release_job."""
        self._link.run("release_job", job, worker)

    def generations(self) -> list[int]:
        """See CollectionStore.generations."""
        numbers = self._link.do("SMEMBERS", self._link.key("gens"))
        return sorted(int(number) for number in numbers) or [self._link.generation()]

    def begin_generation(self) -> int:
        """See CollectionStore.begin_generation."""
        self._drop_all_but_published_and_previous()
        return int(self._link.run("begin_generation"))

    def _drop_all_but_published_and_previous(self) -> None:
        published, previous = self._link.do("HMGET", self._link.key("head"), "gen", "previous")
        kept = {int(published or 1), int(previous or 0)}
        for number in self.generations():
            if number not in kept:
                self.drop_generation(number)

    def drop_generation(self, generation: int) -> None:
        """See CollectionStore.drop_generation."""
        while self._link.run("drop_generation", generation, _DROPPED_AT_ONCE):
            pass

    def stage(
        self,
        generation: int,
        rows: Sequence[tuple[int, str]],
        aliases: Mapping[str, str] | None = None,
        split_from: Mapping[str, str] | None = None,
    ) -> None:
        """See CollectionStore.stage."""
        for start in range(0, len(rows), _STAGED_AT_ONCE):
            part = rows[start : start + _STAGED_AT_ONCE]
            clusters = {cluster for _, cluster in part}
            memberships: list[Argument] = [argument for row in part for argument in row]
            splits = [name for pair in (split_from or {}).items() if pair[0] in clusters for name in pair]
            self._link.run("stage", generation, len(part), *memberships, *splits)
        if aliases is not None:
            self._stage_aliases(generation, aliases)

    def _stage_aliases(self, generation: int, wanted: Mapping[str, str]) -> None:
        current = self.aliases(generation)
        changed: list[tuple[str, str]] = [(old, "") for old in current.keys() - wanted.keys()]
        changed += [(old, target) for old, target in wanted.items() if current.get(old) != target]
        for start in range(0, len(changed), _STAGED_AT_ONCE):
            part = changed[start : start + _STAGED_AT_ONCE]
            self._link.run("stage_aliases", generation, *chain.from_iterable(part))

    def aliases(self, generation: int | None = None) -> Mapping[str, str]:
        """See CollectionStore.aliases."""
        generation = self._link.generation() if generation is None else generation
        stored = self._link.do("HGETALL", self._link.key(f"g{generation}:alias"))
        return {old.decode(): target.decode() for old, target in stored.items()}

    def flip(
        self, from_generation: int, to_generation: int, change: int, lineage: Sequence[Change], at: datetime
    ) -> bool:
        """See CollectionStore.flip."""
        published = self._flip(from_generation, to_generation, change, lineage, at, "", "")
        if published:
            self._drop_all_but_published_and_previous()
        return published

    def _flip(
        self, before: int, after: int, change: int, changes: Sequence[Change], at: datetime, actor: str, reason: str
    ) -> bool:
        arguments = chain.from_iterable(_arguments(one) for one in changes)
        return bool(self._link.run("flip", before, after, change, to_ms(at), actor, reason, *arguments))

    def save_run(self, run: bytes) -> None:
        """See CollectionStore.save_run."""
        commands = [("LPUSH", "runs", run), ("LTRIM", "runs", 0, RUNS_KEPT - 1)]
        self._link.run_all([("write", command) for command in commands])

    def runs(self, limit: int) -> list[bytes]:
        """See CollectionStore.runs."""
        return list(self._link.do("LRANGE", self._link.key("runs"), 0, limit - 1))

    # -- rollback ----------------------------------------------------------------------------------------------------------

    def rollback(self, at: datetime, actor: str, reason: str) -> int | None:
        """See CollectionStore.rollback. Repeatable after a crash: until the flip, nothing that readers see has changed."""
        stored = self._link.do("HGET", self._link.key("head"), "previous")
        if stored is None:
            return None
        published, previous = self._link.generation(), int(stored)
        for _ in range(_MAX_ROUNDS):
            change = int(self._link.do("HGET", self._link.key("head"), "change") or 0)
            changes = self._carry_over(published, previous)
            if self._flip(published, previous, change, changes, at, actor, reason):
                return previous
            if self._link.generation() != published:
                raise Conflict("another generation was published meanwhile")
        raise Conflict("articles arrive faster than they can be copied to the new generation: nothing was published")

    def _carry_over(self, published: int, previous: int) -> Sequence[Change]:
        """Make the former generation complete; the lineage from the published one to it."""
        now, then, aliases = self._assignment(published), self._assignment(previous), self.aliases(previous)
        ids = {cluster.decode() for cluster in self._link.do("SMEMBERS", self._link.key(f"g{previous}:ids"))}
        carried = carry_over(now, self.aliases(published), Former(then, ids, aliases))
        aliases = {**aliases, **carried.aliases}
        self.stage(previous, carried.rows, aliases)
        then.update(carried.rows)
        # Whoever was assigned or erased between the two readings makes the flip fail: the next round sees it.
        common = now.keys() & then.keys()
        here, there = {seq: now[seq] for seq in common}, {seq: then[seq] for seq in common}
        from clusterer.core.nightly.lineage import changes_between

        return tuple(changes_between(here, there, "rollback", {}, aliases))

    def _assignment(self, generation: int) -> dict[int, str]:
        stored = self._link.do("HGETALL", self._link.key(f"g{generation}:assign"))
        return {int(seq): cluster.decode() for seq, cluster in stored.items()}


def _arguments(change: Change) -> tuple[Argument, ...]:
    seqs = ",".join(map(str, change.seqs))
    return (change.kind, change.cluster, seqs, change.other or "", change.actor or "", change.reason or "")
