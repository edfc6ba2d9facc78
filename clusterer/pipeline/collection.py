"""A collection: the stages that its articles pass, and what is asked of them, over its books.

Each part is loaded when it is first used, so that a look-up does not wait for the imports of what decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from clusterer.pipeline.reach import Reach
from clusterer.ports import (
    NO_TRACING,
    Clock,
    CollectionStore,
    Encoder,
    Hints,
    Store,
    Tracer,
    VectorIndex,
    WebhookSender,
)

if TYPE_CHECKING:
    from clusterer.core.clustering.window import Window
    from clusterer.core.nightly.search import SnapshotIndex
    from clusterer.core.nightly.shards import Helpers
    from clusterer.core.scoring.scorer import Weights
    from clusterer.pipeline.browsing.browse import Browse
    from clusterer.pipeline.corrections import Corrector
    from clusterer.pipeline.intake import Intake, IntakePolicy
    from clusterer.pipeline.lookup.history import History
    from clusterer.pipeline.lookup.lookup import Lookup
    from clusterer.pipeline.lookup.pairs import Pairs
    from clusterer.pipeline.metrics import Metrics
    from clusterer.pipeline.nightly.helping import Helper
    from clusterer.pipeline.nightly.nightly import Nightly, NightlyPolicy
    from clusterer.pipeline.replicas.search import ClusterSearch
    from clusterer.pipeline.stages.assign import Assigner, AssignPolicy
    from clusterer.pipeline.stages.prepare import PreparePolicy, Preparer
    from clusterer.pipeline.upkeep.erasure import Eraser
    from clusterer.pipeline.upkeep.reembed import Reembedder
    from clusterer.pipeline.webhooks import Webhooks


@dataclass(slots=True)
class Dependencies:
    """What the stages of all collections are built of.

    reach: how far back lookups see articles that new ones are compared with; the policies of the stages say the same. version: of this
    program.
    """

    store: Store
    clock: Clock
    hints: Hints
    encoder: Encoder
    make_index: Callable[[int], VectorIndex]
    make_snapshot_index: Callable[[int], SnapshotIndex]
    make_window: Callable[[], Window]
    new_cluster_id: Callable[[], str]
    reach: Reach
    intake_policy: Callable[[], IntakePolicy]
    prepare_policy: Callable[[], PreparePolicy]
    assign_policy: Callable[[], AssignPolicy]
    nightly_policy: Callable[[], NightlyPolicy]
    weights: Callable[[], Weights]
    webhook_sender: WebhookSender
    retention: timedelta | None = None
    changes_kept: timedelta | None = None
    version: str = ""
    on_progress: Callable[[], object] = lambda: None  # called within long work, to show that this process is not stuck
    tracer: Tracer = NO_TRACING
    _metrics: Metrics | None = None

    @property
    def metrics(self) -> Metrics:
        """What this process observes of its own work."""
        if self._metrics is None:
            from clusterer.pipeline.metrics import build_metrics

            self._metrics = build_metrics()
        return self._metrics


class Collection:
    """One collection's stages over its books."""

    def __init__(self, dependencies: Dependencies, books: CollectionStore) -> None:
        self.books = books
        self._dependencies = dependencies

    @cached_property
    def intake(self) -> Intake:
        from clusterer.pipeline.intake import Intake

        given = self._dependencies
        policy = given.intake_policy()
        return Intake(self.books, given.hints, given.clock, policy, given.metrics, given.tracer)

    @cached_property
    def preparer(self) -> Preparer:
        from clusterer.pipeline.stages.prepare import Preparer

        given = self._dependencies
        return Preparer(
            self.books,
            given.encoder,
            given.hints,
            given.clock,
            given.prepare_policy(),
            given.metrics,
            given.tracer,
        )

    @cached_property
    def assigner(self) -> Assigner:
        from clusterer.pipeline.stages.assign import Assigner

        given = self._dependencies
        return Assigner(
            self.books,
            given.make_window,
            given.new_cluster_id,
            given.clock,
            given.assign_policy(),
            lambda: given.on_progress(),
            given.metrics,
            given.tracer,
        )

    @cached_property
    def nightly(self) -> Nightly:
        from clusterer.pipeline.nightly.nightly import Nightly
        from clusterer.pipeline.nightly.storyteller import Storyteller
        from clusterer.pipeline.nightly.tail import Tail

        given = self._dependencies
        return Nightly(
            self.books,
            given.make_snapshot_index,
            given.weights,
            given.new_cluster_id,
            given.clock,
            given.nightly_policy(),
            lambda: Tail(self.books, given.make_window, given.new_cluster_id),
            Storyteller(self.books, given.make_snapshot_index, given.new_cluster_id),
            self._night_helpers,
            given.tracer,
        )

    def _night_helpers(self, worker: str) -> Helpers:
        """The articles workers but this one."""
        from clusterer.core.nightly.shards import ALONE
        from clusterer.pipeline.nightly.helping import NightHelpers

        given = self._dependencies
        others = sum(role == "articles" for name, role in given.store.workers().items() if name != worker)
        if not others:
            return ALONE
        return NightHelpers(self.books, self.maker, lambda: given.hints.night(self.books.name, others))

    @cached_property
    def helper(self) -> Helper:
        from clusterer.pipeline.nightly.helping import Helper

        return Helper(self.books, self._dependencies.make_snapshot_index, self.maker)

    @cached_property
    def maker(self) -> str:
        """The same for processes that answer a night's shards alike."""
        from clusterer.core.nightly.search import arithmetic

        given = self._dependencies
        return f"{given.version} {given.encoder.fingerprint} {arithmetic()}"

    @cached_property
    def corrector(self) -> Corrector:
        from clusterer.pipeline.corrections import Corrector

        return Corrector(self.books, self._dependencies.clock)

    @cached_property
    def eraser(self) -> Eraser:
        from clusterer.pipeline.upkeep.erasure import Eraser

        given = self._dependencies
        return Eraser(self.books, given.clock, given.retention, given.changes_kept)

    @cached_property
    def history(self) -> History:
        from clusterer.pipeline.lookup.history import History

        return History(self.books)

    @cached_property
    def lookup(self) -> Lookup:
        from clusterer.pipeline.lookup.lookup import Lookup

        return Lookup(self.books, self._make_search, self._dependencies.clock, self._dependencies.reach)

    @cached_property
    def pairs(self) -> Pairs:
        from clusterer.pipeline.lookup.pairs import Pairs
        from clusterer.pipeline.nightly.reports import nights

        return Pairs(self.books, self._dependencies.weights, lambda: nights(self.books))

    def _make_search(self) -> ClusterSearch:
        from clusterer.pipeline.lookup.asking import AskingEncoder
        from clusterer.pipeline.replicas.search import ClusterSearch

        given = self._dependencies
        encoder = AskingEncoder(given.store, given.encoder, self.books.model)
        return ClusterSearch(self.books, encoder, given.make_index)

    @cached_property
    def browse(self) -> Browse:
        from clusterer.pipeline.browsing.browse import Browse

        return Browse(self.books, self.lookup, self.history, lambda: self.pairs)

    @cached_property
    def reembedder(self) -> Reembedder:
        from clusterer.pipeline.upkeep.reembed import Reembedder

        return Reembedder(self.books, self._dependencies.encoder)

    @cached_property
    def webhooks(self) -> Webhooks:
        from clusterer.pipeline.webhooks import Webhooks

        given = self._dependencies
        return Webhooks(self.books, self.lookup, given.clock, given.webhook_sender, given.new_cluster_id, given.tracer)
