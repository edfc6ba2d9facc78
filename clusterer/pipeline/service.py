"""Every use of the product as a method, with no transport in sight: what front ends and workers talk to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

import structlog

from clusterer.core.clustering.scorer import Weights
from clusterer.core.clustering.window import Window
from clusterer.core.errors import ClustererError, CollectionGone, Conflict, ModelMismatch, NotFound, StoreUnavailable
from clusterer.core.nightly.recluster import SnapshotIndex
from clusterer.core.records import Receipt
from clusterer.pipeline.corrections import Corrector
from clusterer.pipeline.intake import Intake, IntakePolicy, parse_article
from clusterer.pipeline.intake.messages import read_message
from clusterer.pipeline.lookup.asking import AskingEncoder
from clusterer.pipeline.lookup.browse import Browse
from clusterer.pipeline.lookup.history import History
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.pipeline.lookup.search import ClusterSearch
from clusterer.pipeline.metrics import Metrics, build_metrics
from clusterer.pipeline.nightly.nightly import Nightly, NightlyPolicy
from clusterer.pipeline.nightly.storyteller import Storyteller
from clusterer.pipeline.nightly.tail import Tail
from clusterer.pipeline.stages.assign import Assigner, AssignPolicy
from clusterer.pipeline.stages.prepare import PreparePolicy, Preparer
from clusterer.pipeline.upkeep.erasure import Eraser
from clusterer.pipeline.upkeep.reembed import Reembedder
from clusterer.pipeline.webhooks import Webhooks
from clusterer.ports import Clock, CollectionStore, Encoder, Hints, Store, VectorIndex, WebhookSender

log = structlog.get_logger(__name__)

DEFAULT_COLLECTION = "default"


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection's stages over its books."""

    books: CollectionStore
    intake: Intake
    preparer: Preparer
    assigner: Assigner
    nightly: Nightly
    corrector: Corrector
    eraser: Eraser
    history: History
    lookup: Lookup
    browse: Browse
    reembedder: Reembedder
    webhooks: Webhooks


@dataclass(frozen=True, slots=True)
class Work:
    """What a round of work did. elsewhere: there is work that another worker leads."""

    done: int
    elsewhere: bool = False


@dataclass(slots=True)
class Service:
    """All collections of one store. Stages and windows are built when first used and kept."""

    store: Store
    clock: Clock
    hints: Hints
    encoder: Encoder
    make_index: Callable[[int], VectorIndex]
    make_snapshot_index: Callable[[int], SnapshotIndex]
    make_window: Callable[[], Window]
    new_cluster_id: Callable[[], str]
    prepare_policy: PreparePolicy
    assign_policy: AssignPolicy
    nightly_policy: NightlyPolicy
    weights: Callable[[], Weights]
    webhook_sender: WebhookSender
    intake_policy: IntakePolicy = field(default_factory=IntakePolicy)
    metrics: Metrics = field(default_factory=build_metrics)
    retention: timedelta | None = None
    changes_kept: timedelta | None = None
    recluster_at: time | None = None  # UTC
    send_recluster: Callable[[str, str, bool], object] | None = None  # to a worker; None: this thread does it
    on_progress: Callable[[], object] = lambda: None  # called within long work, to show that this process is not stuck
    _collections: dict[str, Collection] = field(default_factory=dict)

    def collection(self, name: str = DEFAULT_COLLECTION) -> Collection:
        """Raises NotFound for a collection that was not created, or that was deleted since, be it by another process."""
        try:
            life = self.store.life(name)
        except NotFound:
            if name != DEFAULT_COLLECTION:
                self.store.check_schema()  # is it the collection that is missing, or everything?
                raise
            self._make_default_anew()
            life = self.store.life(name)
        if name not in self._collections or self._collections[name].books.life != life:
            self._collections[name] = self._build(name)
        return self._collections[name]

    def _make_default_anew(self) -> None:
        """The default collection cannot be deleted: the store was emptied. Raises StoreRefused where it must not forget."""
        self.store.check_schema()
        self.store.create_collection(DEFAULT_COLLECTION, {})

    def _build(self, name: str) -> Collection:
        books = self.store.collection(name)
        search = ClusterSearch(books, AskingEncoder(self.store, self.encoder, books.model), self.make_index)
        lookup, history = Lookup(books, search, self.clock, self.assign_policy.reach), History(books)
        return Collection(
            books=books,
            intake=Intake(books, self.hints, self.clock, self.intake_policy, self.metrics),
            preparer=Preparer(books, self.encoder, self.hints, self.clock, self.prepare_policy, self.metrics),
            assigner=Assigner(
                books,
                self.make_window,
                self.new_cluster_id,
                self.clock,
                self.assign_policy,
                lambda: self.on_progress(),
                self.metrics,
            ),
            nightly=Nightly(
                books,
                self.make_snapshot_index,
                self.weights,
                self.new_cluster_id,
                self.clock,
                self.nightly_policy,
                lambda: Tail(books, self.make_window, self.new_cluster_id),
                Storyteller(books, self.make_snapshot_index, self.new_cluster_id),
            ),
            corrector=Corrector(books, self.clock),
            eraser=Eraser(books, self.clock, self.retention, self.changes_kept),
            history=history,
            lookup=lookup,
            browse=Browse(books, lookup, history),
            reembedder=Reembedder(books, self.encoder),
            webhooks=Webhooks(books, lookup, self.clock, self.webhook_sender, self.new_cluster_id),
        )

    def take_message(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Accept what a queue producer sent as a task's arguments; nothing of it is lost.

        What is invalid is kept by the collection that it was meant for; what names none that exists, by the default one. Raises
        Overloaded and other ClustererErrors: send it again then.
        """
        message = read_message(args, kwargs, DEFAULT_COLLECTION)
        fault = message.fault
        try:
            intake = self.collection(message.collection).intake
        except NotFound as unknown:
            intake, fault = self.collection().intake, fault or str(unknown)
        if fault is not None:
            intake.keep_refused(message.articles, fault, message.collection)
            return
        try:
            intake.accept_payloads(message.articles)
        except ClustererError:
            raise
        except Exception as error:
            log.exception("message_failed", collection=message.collection, articles=len(message.articles))
            intake.keep_refused(message.articles, f"{type(error).__name__}: {error}"[:500], message.collection)

    def replay_refusal(self, collection: Collection, number: str) -> Receipt:
        """Take a refused article after all: its collection exists by now, or this program reads more than the one that refused it.

        Raises NotFound, Rejected while it cannot be taken, Overloaded.
        """
        refusal = collection.books.refusal(number)
        if refusal is None:
            raise NotFound(f"there is no refused article {number}")
        intake = self.collection(refusal.sent_to).intake
        receipt = intake.accept([parse_article(refusal.payload.encode(), self.intake_policy.max_text_chars)])[0]
        collection.books.drop_refusal(number)
        return receipt

    def names(self) -> list[str]:
        """Collections that exist now; what was kept of deleted ones is dropped."""
        names = self.store.collections()
        if DEFAULT_COLLECTION not in names:
            self._make_default_anew()
            names = self.store.collections()
        for gone in self._collections.keys() - set(names):
            del self._collections[gone]
        return names

    def prepare(self, worker: str) -> Work:
        """One batch of each collection, so that a flooded collection cannot starve another."""
        done = 0
        for name in self.names():
            with suppress(NotFound):  # deleted meanwhile
                if self._same_model(name):
                    done += self.collection(name).preparer.run(worker)
        return Work(done)

    def assign(self, worker: str) -> Work:
        """One batch of each collection that this worker leads or can lead."""
        done, elsewhere = 0, False
        for name in self.names():
            with suppress(NotFound):  # deleted meanwhile
                worked = self._assign(name, worker)
                done += worked or 0
                elsewhere |= worked is None
        return Work(done, elsewhere)

    def _assign(self, name: str, worker: str) -> int | None:
        """None when another worker leads the collection."""
        collection = self.collection(name)
        if not collection.books.queue_facts().ready_length and not collection.assigner.window_size:
            return 0
        if not self._same_model(name):
            collection.assigner.unload()
            return 0
        return collection.assigner.run(worker)

    def _same_model(self, name: str) -> bool:
        """Whether this process's model made the collection's vectors. If not, its articles wait; the other collections go on."""
        stored = self.collection(name).books.model()
        if stored in (None, self.encoder.fingerprint):
            return True
        log.error("model_differs", collection=name, stored=stored, configured=self.encoder.fingerprint)
        return False

    def _check_models(self) -> None:
        for name in self.names():
            if not self._same_model(name) and self.collection(name).books.books().pending:
                raise ModelMismatch(
                    f"articles of {name!r} wait because their collection's vectors were made by another model: run `clusterer reembed`"
                )

    def has_ready(self) -> bool:
        """Whether prepared articles wait in any collection."""
        for name in self.names():
            with suppress(NotFound):  # deleted meanwhile
                if self.collection(name).books.queue_facts().ready_length:
                    return True
        return False

    def release(self, worker: str) -> None:
        """Give up every lease, so that another worker need not wait for it to run out."""
        for collection in self._collections.values():
            with suppress(CollectionGone):
                collection.books.release(worker)
            collection.assigner.unload()

    def sweep(self) -> int:
        """Repair what crashes left, let go of what is too old, hint at whatever waits. The number of repairs.

        A collection that cannot be swept does not keep the others from it.
        """
        repaired = 0
        for name in self.names():
            try:
                repaired += self._sweep(self.collection(name))
            except StoreUnavailable:
                raise
            except NotFound:  # deleted meanwhile
                continue
            except Exception:
                log.exception("sweep_failed", collection=name)
        return repaired

    def _sweep(self, collection: Collection) -> int:
        books = collection.books
        repaired = books.sweep()
        collection.eraser.expire()
        collection.eraser.trim_changes()
        facts = books.queue_facts()
        if facts.inbox_length:
            self.hints.articles()
        if facts.ready_length:
            self.hints.clusters()
        return repaired

    def deliver_webhooks(self, worker: str) -> int:
        """Send what is due to the endpoints of all collections; how many changes receivers took."""
        done = 0
        for name in self.names():
            with suppress(NotFound):  # deleted meanwhile
                done += self.collection(name).webhooks.deliver(worker)
        return done

    def recluster_if_due(self, worker: str) -> None:
        """Run the nightly job of every collection whose slot has passed without a run."""
        for name in self.names():
            nightly = self.collection(name).nightly
            if self.recluster_at is None or not nightly.is_due(self.recluster_at):
                continue
            try:
                nightly.run(worker)
            except Conflict as reason:
                log.warning("recluster_skipped", collection=name, why=str(reason))

    def request_recluster(self, name: str, actor: str, force: bool) -> None:
        """Have a collection reclustered, by a worker where there are any. Raises NotFound, Conflict while a run is under way."""
        nightly = self.collection(name).nightly
        nightly.check_idle()
        if self.send_recluster is not None:
            self.send_recluster(name, actor, force)
        else:
            nightly.run("local", force=force, actor=actor)

    def drain(self, worker: str = "local", max_rounds: int = 1_000_000) -> int:
        """Do all waiting work in this thread; the number of entries worked on. For the library, tests and `evaluate`.

        Raises ModelMismatch when articles are left waiting for another model than this process has.
        """
        total = 0
        for _ in range(max_rounds):
            done = self.prepare(worker).done + self.assign(worker).done
            if not done:
                self._check_models()
                return total
            total += done
        raise RuntimeError(f"work did not end after {max_rounds} rounds")
