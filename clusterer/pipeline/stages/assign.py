"""The clusters worker's stage: from prepared articles to committed assignments. One fenced writer per collection.

The window in memory is derived: it follows the change feed, also for what this very writer committed, and is thrown away at the first
sign that it and the books differ.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import orjson
import structlog

from clusterer.core.cluster_records import Change, CommitItem, Regroup
from clusterer.core.clustering.stored_near import decode_near, encode_near
from clusterer.core.clustering.storylines import StorylinePolicy
from clusterer.core.clustering.window import NO_CONSTRAINTS, Adjustment, Merge, Window
from clusterer.core.errors import ChangesTrimmed, Fenced, StaleGeneration
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.records import Leased
from clusterer.pipeline.constraints import constraints_of
from clusterer.pipeline.decisions import latest_decisions
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.feed import all_assigned, followers_of
from clusterer.pipeline.metrics import Metrics
from clusterer.pipeline.reach import Reach
from clusterer.pipeline.stages.stuck import work_through
from clusterer.ports import NO_TRACING, Batch, Clock, CollectionStore, Tracer

log = structlog.get_logger(__name__)

_LOADED_TOGETHER = 500  # articles of a window that is built, between two signs of life
_EXPIRED_TOGETHER = 256  # several times a batch: the rest follows with the next ones, and nobody waits for it
_CHANGES_SLICE = 1_000
_STORYLINES = StorylinePolicy()
_NOTHING_TO_COMPARE = orjson.dumps({"rule": "nothing_to_compare"})
_RESULTS = {"open": "new", "join": "joined", "copy": "copy"}
_FOLLOWS_ORIGINAL = orjson.dumps({"rule": "follows_original"})


@dataclass(frozen=True, slots=True)
class AssignPolicy:
    """batch: articles decided between two commits (at most 64)."""

    reach: Reach = field(default_factory=Reach)
    batch: int = 64
    lease_s: float = 30.0
    leader_lease_s: float = 10.0
    max_attempts: int = 5


class Assigner:
    """Assigns one collection's articles while it holds the collection's lease."""

    def __init__(
        self,
        books: CollectionStore,
        make_window: Callable[[], Window],
        new_cluster_id: Callable[[], str],
        clock: Clock,
        policy: AssignPolicy,
        on_progress: Callable[[], object],
        metrics: Metrics,
        tracer: Tracer = NO_TRACING,
    ) -> None:
        self._books = books
        self._make_window = make_window
        self._new_cluster_id = new_cluster_id
        self._clock = clock
        self._policy = policy
        self._on_progress = on_progress
        self._metrics = metrics
        self._tracer = tracer
        self._worker = ""
        self._epoch = 0
        self._window: Window | None = None
        self._generation = 0
        self._change = 0
        self._constraints = NO_CONSTRAINTS
        self._model = ""  # whose vectors the window holds; empty before there are any

    @property
    def window_size(self) -> int:
        """Articles in memory; 0 when unloaded."""
        return len(self._window) if self._window else 0

    def unload(self) -> None:
        """Forget the window; the next run builds it again."""
        self._window = None
        self._model = ""

    def run(self, worker: str) -> int | None:
        """Assign one batch. The number of entries worked on; None when another worker leads this collection."""
        epoch = self._books.claim(worker, self._policy.leader_lease_s)
        if epoch is None:
            self.unload()
            return None
        if epoch != self._epoch:  # another led meanwhile, or the model was changed: the window may hold its vectors
            self.unload()
        self._worker, self._epoch = worker, epoch
        leased: list[Leased] = []
        try:
            self._follow()
            leased = self._books.lease("ready", worker, self._policy.batch, self._policy.lease_s)
            work_through(
                self._books,
                "ready",
                leased,
                lambda entries, batch: self._assign(epoch, entries, batch),
                self._policy.max_attempts,
                self._clock,
                self._tracer,
            )
        except (Fenced, StaleGeneration) as refused:
            log.info("commit_refused", collection=self._books.name, worker=worker, why=str(refused))
            self.unload()
        self._metrics.index_vectors.labels(self._books.name).set(self.window_size)
        return len(leased)

    def _assign(self, epoch: int, entries: Sequence[Leased], batch: Batch) -> None:
        """Decide article by article, each seeing what the ones before it led to; commit as rarely as that allows."""
        ordered = sorted(entries, key=lambda entry: entry.seq)
        articles = self._books.evidence([entry.seq for entry in ordered])
        undecided: list[CommitItem] = []
        try:
            for entry, evidence in zip(ordered, articles, strict=True):
                if evidence is None:
                    continue
                with batch.article(entry.seq) as span:
                    span.note({"clusterer.article.id": evidence.article_id})
                    with self._tracer.step("decide"):
                        item = self._decide(entry, evidence)
                    undecided.append(item)
                    with self._tracer.step("second look"):
                        adjustments = self._second_look(item)
                if adjustments:
                    self._commit(epoch, undecided, batch)
                    undecided = []
                    with self._tracer.step("adjust", {"clusterer.adjustments": len(adjustments)}):
                        self._adjust(epoch, adjustments)
            self._commit(epoch, undecided, batch)
            self._observe([evidence for evidence in articles if evidence is not None])
        except BaseException:
            self.unload()  # decisions may be in the window that are not in the books
            raise

    def _observe(self, articles: Sequence[Evidence]) -> None:
        now = self._clock.now()
        for evidence in articles:
            self._metrics.ingest_lag_s.observe((now - evidence.received_at).total_seconds())

    def _decide(self, entry: Leased, evidence: Evidence) -> CommitItem:
        if evidence.copy_of is not None:
            return CommitItem(entry.entry, entry.seq, "copy", None, evidence.copy_of, _FOLLOWS_ORIGINAL)
        if not evidence.comparable:
            return CommitItem(entry.entry, entry.seq, "open", self._new_cluster_id(), None, _NOTHING_TO_COMPARE)
        window = self._loaded()
        known = window.cluster_of(entry.seq)
        if known is not None:  # committed before, but the answer was lost: the books say `duplicate`
            return CommitItem(entry.entry, entry.seq, "join", known, None, _NOTHING_TO_COMPARE)
        reasons = window.decide(evidence, self._constraints)
        cluster_id = reasons.joined or self._new_cluster_id()
        beside = None if reasons.joined else window.beside(evidence, _STORYLINES)
        self._model = self._model or self._books.model() or ""
        window.learn(reasons)
        near = encode_near(evidence.seq, window.add(evidence, cluster_id), self._model)
        if reasons.joined and reasons.runner_up:
            self._metrics.assignment_margin.observe(reasons.runner_up.margin)
        action: Literal["join", "open"] = "join" if reasons.joined else "open"
        explained = orjson.dumps(reasons.to_json())
        return CommitItem(entry.entry, entry.seq, action, cluster_id, None, explained, beside, near)

    def _second_look(self, item: CommitItem) -> Sequence[Adjustment]:
        """What an arrival shows to be wrong around the cluster it came into."""
        if self._window is None or item.seq not in self._window or item.cluster is None:
            return ()
        return self._window.second_look(item.cluster, self._constraints)

    def _commit(self, epoch: int, items: Sequence[CommitItem], batch: Batch) -> None:
        if not items:
            return
        reached("before_commit")
        with self._metrics.stage("commit"), self._tracer.step("commit", {"clusterer.articles": len(items)}):
            results = self._books.commit(epoch, self._generation, items, self._clock.now())
        reached("after_commit")
        for item, result in zip(items, results, strict=True):
            batch.done(item.seq, {"clusterer.status": result.status, "clusterer.cluster.id": result.cluster or ""})
        for item, result in zip(items, results, strict=True):
            if result.status == "committed":
                self._metrics.assigned(_RESULTS[item.action])
            kept = result.status in ("committed", "duplicate")  # duplicate: the answer to a first call was lost
            if item.action != "copy" and not (kept and result.cluster == item.cluster):
                log.info("window_differs", collection=self._books.name, seq=item.seq, status=result.status)
                self.unload()
                return

    def _adjust(self, epoch: int, adjustments: Sequence[Adjustment]) -> None:
        for adjustment in adjustments:
            if self._window is None:
                return
            step = self._as_step(adjustment)
            if not self._books.regroup(epoch, self._generation, [step], self._clock.now()):
                self.unload()
                return
            _apply_regroup(self._window, step)

    def _as_step(self, adjustment: Adjustment) -> Regroup:
        reason = f"probability {adjustment.reasons.probability:.3f}"
        if isinstance(adjustment, Merge):
            return Regroup("merged", adjustment.loser_id, adjustment.winner_id, (), reason=reason)
        target = adjustment.target_id or self._new_cluster_id()
        kind: Literal["moved", "split"] = "moved" if adjustment.target_id else "split"
        followers = followers_of(self._books, adjustment.seqs, adjustment.cluster_id)
        seqs = tuple(sorted(followers.union(adjustment.seqs)))
        return Regroup(kind, adjustment.cluster_id, target, seqs, reason=reason)

    def _loaded(self) -> Window:
        if self._window is None:
            self._follow()
        assert self._window is not None
        return self._window

    def _follow(self) -> None:
        """Bring the window up to the last change, from the change feed or from scratch."""
        position = self._books.position()
        lost = position.change < self._change  # Redis came back without its last writes, or with those of a backup
        if self._window is None or position.generation != self._generation or lost:
            self._rebuild()
        try:
            self._catch_up()
        except ChangesTrimmed:  # nothing was assigned here for longer than changes are kept
            self._rebuild()
            self._catch_up()
        self._expire()

    def _catch_up(self) -> None:
        while changes := self._books.changes(self._change, _CHANGES_SLICE):
            for change in changes:
                self._apply(change)
            self._change = changes[-1].number
            if self._window is None:  # a flip among them
                self._rebuild()

    def _expire(self) -> None:
        if self._window is not None:
            reach = self._policy.reach
            self._window.expire(self._clock.now() - reach.span, keep=reach.at_least, at_most=_EXPIRED_TOGETHER)

    def _rebuild(self) -> None:
        position = self._books.position()
        window, self._model = self._make_window(), self._books.model() or ""
        originals = [one for part in all_assigned(self._books) for one in part if one.copy_of is None]
        in_reach = self._policy.reach.of(originals, self._clock.now())
        in_reach.sort(key=lambda one: (one.change, one.seq))  # as they were assigned
        cluster_of = {one.seq: one.cluster for one in in_reach}
        with _no_collection_of_cycles():
            for part in _parts(list(cluster_of), _LOADED_TOGETHER):
                self._load(window, cluster_of, self._books.evidence(part, near=True))
                self._keep_lease()
        for reasons in latest_decisions(self._books, list(cluster_of)):
            window.learn(reasons)
        self._window, self._generation, self._change = window, position.generation, position.change
        self._constraints = constraints_of(self._books)
        log.info("window_built", collection=self._books.name, articles=len(window), change=self._change)

    def _load(self, window: Window, cluster_of: Mapping[int, str], found: Sequence[Evidence | None]) -> None:
        articles = [evidence for evidence in found if evidence is not None and evidence.comparable]
        near = [decode_near(evidence.near, evidence.seq, self._model) for evidence in articles]
        window.load([(evidence, cluster_of[evidence.seq]) for evidence in articles], near)

    def _keep_lease(self) -> None:
        """Building a large window must not look like a dead writer, neither to other workers nor to the watchdog."""
        self._on_progress()
        if self._books.claim(self._worker, self._policy.leader_lease_s) != self._epoch:
            raise Fenced("another worker took over while the window was being built")

    def _apply(self, change: Change) -> None:
        window = self._window
        if window is None:
            return
        if change.enters:
            self._add_missing(window, change)
        elif change.target:
            _move(window, change.seqs, change.target)
        elif change.moves:
            for seq in change.seqs:
                window.remove(seq)
        elif change.kind == "corrected":
            self._constraints = constraints_of(self._books)
        elif change.kind == "flipped":
            self.unload()

    def _add_missing(self, window: Window, change: Change) -> None:
        missing = [seq for seq in change.seqs if seq not in window]
        if not missing:  # as after each commit of this very writer
            return
        for evidence in self._books.evidence(missing):
            if evidence is not None and evidence.comparable:
                window.add(evidence, change.cluster)
        for reasons in latest_decisions(self._books, missing):
            window.learn(reasons)


@contextmanager
def _no_collection_of_cycles() -> Iterator[None]:
    """Python looks for cycles each time that so many objects are there; a window that is built makes none, and this takes a fifth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _apply_regroup(window: Window, step: Regroup) -> None:
    if step.kind == "merged":
        window.merge(step.source, step.target)
    else:
        _move(window, step.seqs, step.target)


def _move(window: Window, seqs: Sequence[int], target: str) -> None:
    for seq in seqs:
        if seq in window:
            window.move(seq, target)


def _parts(seqs: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (seqs[start : start + size] for start in range(0, len(seqs), size))
