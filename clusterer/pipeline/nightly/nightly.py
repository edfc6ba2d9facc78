"""The nightly job: regroup the window with hindsight, keep every public id meaningful, and publish only what the guard lets through.

Nothing is visible before the last step, which flips one pointer; a run that dies before it leaves an unpublished generation that the
next run drops.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import structlog

from clusterer.core.clustering.window import Constraints
from clusterer.core.errors import ChangesTrimmed, Conflict
from clusterer.core.evidence.kept_evidence import Leads
from clusterer.core.nightly.guard import GuardLimits, PlanFigures, figures, objections
from clusterer.core.nightly.lineage import RelabelPlan, compress, relabel
from clusterer.core.nightly.recluster import group
from clusterer.core.nightly.search import SnapshotIndex
from clusterer.core.nightly.shards import ALONE, Helpers
from clusterer.core.scoring.scorer import Weights
from clusterer.pipeline.constraints import constraints_of, pinned_clusters
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.nightly.preview import preview
from clusterer.pipeline.nightly.reports import Run, runs
from clusterer.pipeline.nightly.snapshot import Snapshot, complete_groups, take_snapshot
from clusterer.pipeline.nightly.storyteller import Storyteller
from clusterer.pipeline.nightly.tail import Tail
from clusterer.pipeline.reach import Reach
from clusterer.ports import NO_TRACING, Clock, CollectionStore, Tracer
from clusterer.ports.publishing import RUNS_KEPT

log = structlog.get_logger(__name__)

JOB = "recluster"  # also taken by what must not happen beside it: a change of model, a repair
BUSY = "this collection is being reclustered, re-embedded or repaired: try again later"
_STAGE_SLICE = 1_000
_MAX_ROUNDS = 200  # of catching up with up to 1,000 changes each


@dataclass(frozen=True, slots=True)
class NightlyPolicy:
    """Articles in reach are regrouped, older ones stay where they are. lease_s: after which a silent run is given up.

    shared_from: articles; below, a night is over before another worker is at work.
    """

    reach: Reach = field(default_factory=Reach)
    lease_s: float = 600.0
    limits: GuardLimits = field(default_factory=GuardLimits)
    shared_from: int = 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would publish, and what speaks against it."""

    snapshot: Snapshot
    relabelling: RelabelPlan
    figures: PlanFigures
    objections: tuple[str, ...]


class Nightly:
    """Reclusters one collection. One run at a time, wherever it was started."""

    def __init__(
        self,
        books: CollectionStore,
        make_index: Callable[[int], SnapshotIndex],
        weights: Callable[[], Weights],
        new_cluster_id: Callable[[], str],
        clock: Clock,
        policy: NightlyPolicy,
        tail: Callable[[], Tail],
        storyteller: Storyteller,
        helpers: Callable[[str], Helpers] = lambda worker: ALONE,
        tracer: Tracer = NO_TRACING,
    ) -> None:
        self._books = books
        self._make_index = make_index
        self._weights = weights
        self._new_cluster_id = new_cluster_id
        self._clock = clock
        self._policy = policy
        self._tail = tail
        self._storyteller = storyteller
        self._helpers = helpers  # of a worker
        self._tracer = tracer

    def run(
        self,
        worker: str,
        *,
        dry_run: bool = False,
        force: bool = False,
        actor: str = "schedule",
        reason: str | None = None,
    ) -> Run:
        """Plan, and unless `dry_run`, publish. Raises Conflict while another run is under way, and when the plan was overtaken."""
        helpers = self._helpers(worker)
        worker = f"{worker}/{uuid4()}"  # the same person or schedule on another machine is another run
        if not self._books.claim_job(JOB, worker, self._policy.lease_s):
            raise Conflict(BUSY)
        try:
            with self._tracer.operation("recluster", facts={"clusterer.collection": self._books.name}) as span:
                run = replace(self._run(worker, helpers, dry_run=dry_run, force=force, actor=actor), reason=reason)
                span.note({"clusterer.outcome": run.outcome})
        finally:
            self._books.release_job(JOB, worker)
        if not dry_run:
            self._books.save_run(run.to_json())
        log.info("reclustered", collection=self._books.name, outcome=run.outcome, **run.figures)
        if run.outcome == "abandoned":
            raise Conflict(run.objections[0])
        return run

    def _run(self, worker: str, helpers: Helpers, *, dry_run: bool, force: bool, actor: str) -> Run:
        started_at = self._clock.now()
        plan = self.plan(helpers)
        reached("planned")
        generation, replayed, objections = plan.snapshot.generation, 0, plan.objections
        if dry_run:
            outcome = "planned"
        elif plan.relabelling.is_noop:
            outcome = "unchanged"
        elif plan.objections and not force:
            outcome = "refused"
        else:
            try:
                with self._tracer.step("publish"):
                    generation, replayed = self._publish(plan, worker)
                outcome = "published"
            except Conflict as overtaken:
                outcome, objections = "abandoned", (str(overtaken),)
        if not dry_run and outcome != "abandoned":
            self._books.claim_job(JOB, worker, self._policy.lease_s)
            with self._tracer.step("storylines"):
                self._storyteller.run(plan.snapshot.evidence)
        return Run(
            started_at=started_at,
            finished_at=self._clock.now(),
            outcome=outcome,
            generation=generation,
            figures=asdict(plan.figures) | {"moved_ratio": round(plan.figures.moved_ratio, 4)},
            objections=objections,
            forced=bool(force and plan.objections),
            actor=actor,
            replayed=replayed,
            plan=preview(self._books, plan.snapshot.assignment, plan.relabelling) if dry_run else None,
        )

    def runs(self, limit: int) -> tuple[Run, ...]:
        """Reports of runs that were no dry runs, latest first."""
        return runs(self._books, limit)

    def check_idle(self) -> None:
        """Raises Conflict while a run is under way."""
        asking = f"asking:{uuid4()}"
        if not self._books.claim_job(JOB, asking, self._policy.lease_s):
            raise Conflict(BUSY)
        self._books.release_job(JOB, asking)

    def is_due(self, slot: time) -> bool:
        """Whether no run has started since the last time the clock showed `slot` (UTC). The books decide, not who asks. One that was
        abandoned is made again.

        A collection that was empty at that time has no night to make up for.
        """
        now = self._clock.now()
        last_slot = datetime.combine(now.date(), slot, tzinfo=UTC)
        if last_slot > now:
            last_slot -= timedelta(days=1)
        latest = next((run for run in self.runs(RUNS_KEPT) if run.outcome != "abandoned"), None)
        if latest:
            # One that began tomorrow was noted by a clock that has been put back since.
            return not last_slot <= latest.started_at < now + timedelta(days=1)
        try:
            first = self._books.changes(0, 1)
        except ChangesTrimmed:  # so it is older than changes are kept
            return True
        return bool(first) and first[0].at < last_slot

    def plan(self, helpers: Helpers = ALONE) -> Plan:
        """The groups of the window under stable ids; reads only."""
        with self._tracer.step("snapshot"):
            snapshot = take_snapshot(self._books, self._policy.reach, self._clock.now())
        reached("snapshot")
        with self._tracer.step("group"):
            pinned = pinned_clusters(self._books, self._books.corrections())
            groups = complete_groups(snapshot, self._groups(snapshot, constraints_of(self._books), helpers), pinned)
        with self._tracer.step("relabel"):
            relabelling = relabel(snapshot.assignment, groups, self._new_cluster_id, snapshot.follows.keys())
            found = figures(relabelling, snapshot.assignment, Leads(snapshot.evidence))
        return Plan(snapshot, relabelling, found, tuple(objections(found, self._policy.limits)))

    def _groups(self, snapshot: Snapshot, constraints: Constraints, helpers: Helpers) -> list[list[int]]:
        free = snapshot.evidence.without(constraints.pinned)
        if not free:
            return []
        dimension = len(free.lead(next(iter(free))))
        index, weights = self._make_index(dimension), self._weights()
        if len(free) < self._policy.shared_from:
            helpers = ALONE
        return group(free, index, weights, constraints, snapshot.assignment, helpers)

    def _publish(self, plan: Plan, worker: str) -> tuple[int, int]:
        books, snapshot = self._books, plan.snapshot
        self._hold(worker)
        generation = books.begin_generation()
        aliases = compress(books.aliases(snapshot.generation), plan.relabelling.merged)
        origins = {split.cluster: split.origin for split in plan.relabelling.split}
        rows = sorted(plan.relabelling.assignment.items())
        for start in range(0, len(rows), _STAGE_SLICE):
            books.stage(generation, rows[start : start + _STAGE_SLICE], split_from=origins)
            self._hold(worker)
        books.stage(generation, [], aliases=aliases)
        reached("staged")
        tail = self._tail()
        tail.begin(snapshot, plan.relabelling.assignment, aliases, generation)
        for _ in range(_MAX_ROUNDS):
            self._hold(worker)
            if not tail.catch_up():
                continue
            lineage = list(tail.memberships.changes("reclustering", origins, tail.aliases))
            reached("replayed")
            flipped = books.flip(snapshot.generation, generation, tail.change, lineage, self._clock.now())
            if flipped or books.position().generation == generation:  # the answer to a first call may have been lost
                reached("flipped")
                return generation, tail.replayed
        raise Conflict("articles arrive faster than the run can catch up: nothing was published")

    def _hold(self, worker: str) -> None:
        """Keep the job. One that slept longer than its lease would publish beside a repair or a change of model."""
        if not self._books.claim_job(JOB, worker, self._policy.lease_s):
            raise Conflict("the run was held up, and another was begun: nothing was published")

    def rollback(self, actor: str, reason: str) -> int | None:
        """Publish the generation before this one again; its number, or None when there is none."""
        return self._books.rollback(self._clock.now(), actor, reason)
