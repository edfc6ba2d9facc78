"""Every use of the product as a method, with no transport in sight: what front ends and workers talk to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import structlog

from clusterer.core.errors import (
    ClustererError,
    CollectionGone,
    Conflict,
    ModelMismatch,
    NotFound,
    SchemaMismatch,
    StoreUnavailable,
)
from clusterer.core.records import Receipt
from clusterer.pipeline.collection import Collection, Dependencies

log = structlog.get_logger(__name__)

DEFAULT_COLLECTION = "default"


@dataclass(frozen=True, slots=True)
class Work:
    """What a round of work did. elsewhere: there is work that another worker leads."""

    done: int
    elsewhere: bool = False


@dataclass(slots=True)
class Service(Dependencies):
    """All collections of one store. Stages and windows are built when first used and kept."""

    recluster_at: time | None = None  # UTC
    send_recluster: Callable[[str, str, bool, str | None], object] | None = (
        None  # to a worker; None: this thread does it
    )
    disk_free_ratio: Callable[[], float | None] = lambda: None  # of the private Redis' disk, 0 to 1; None: it has none
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
            self._collections[name] = Collection(self, self.store.collection(name))
        return self._collections[name]

    def _make_default_anew(self) -> None:
        """The default collection cannot be deleted: the store was emptied. Raises StoreRefused where it must not forget."""
        self.store.check_schema()
        self.store.create_collection(DEFAULT_COLLECTION, {})

    def take_message(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        """Accept what a queue producer sent as a task's arguments; nothing of it is lost.

        What is invalid is kept by the collection that it was meant for; what names none that exists, by the default one. Raises
        Overloaded and other ClustererErrors: send it again then. headers: of the message; a trace that they name is gone on with.
        """
        with self.tracer.operation("clusterer.ingest", "consumer", headers):
            self._take_message(args, kwargs)

    def _take_message(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        from clusterer.pipeline.intake.messages import read_message

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
        from clusterer.pipeline.intake.messages import article_of_refusal

        refusal = collection.books.refusal(number)
        if refusal is None:
            raise NotFound(f"there is no rejected article {number}")
        intake = self.collection(refusal.sent_to).intake
        receipt = intake.accept([article_of_refusal(refusal.payload, self.intake_policy().max_text_chars)])[0]
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
        """One batch of each collection that this worker leads or can lead; of those that it cannot, ask for one that is due to it."""
        done, refused = 0, []
        for name in self.names():
            with suppress(NotFound):  # deleted meanwhile
                worked = self._assign(name, worker)
                done += worked or 0
                if worked is None:
                    refused.append(name)
        if refused:
            self._ask_for_a_share(refused, worker)
        return Work(done, bool(refused))

    def _ask_for_a_share(self, refused: Sequence[str], worker: str) -> None:
        from clusterer.core.sharing import collection_to_ask_for

        leaders: dict[str, str] = {}
        for name in self.names():
            with suppress(NotFound):  # deleted meanwhile
                if leader := self.collection(name).books.leader():
                    leaders[name] = leader
        wanted = collection_to_ask_for(leaders, worker, refused)
        if wanted is not None:
            with suppress(NotFound):
                self.collection(wanted).books.ask_for(worker, self.assign_policy().leader_lease_s)

    def _assign(self, name: str, worker: str) -> int | None:
        """None when another worker leads the collection."""
        collection = self.collection(name)
        if not collection.books.queue_facts().ready_length and not collection.assigner.window_size:
            return 0
        if not self._same_model(name):
            collection.assigner.unload()
            return 0
        if collection.books.hand_on(worker, self.assign_policy().leader_lease_s):
            collection.assigner.unload()
            return None
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
            except (StoreUnavailable, SchemaMismatch):
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
        if self.recluster_at is None:
            return
        for name in self.names():
            try:
                nightly = self.collection(name).nightly
                if nightly.is_due(self.recluster_at):
                    nightly.run(worker)
            except (Conflict, NotFound) as reason:
                log.warning("recluster_skipped", collection=name, why=str(reason))
            except (StoreUnavailable, SchemaMismatch):
                raise
            except Exception:  # the others have their night
                log.exception("recluster_failed", collection=name)

    def recluster_as_ordered(self, name: str, worker: str, actor: str, force: bool, reason: str | None) -> None:
        """Carry out what `request_recluster` sent, unless another run or the end of the collection came before it."""
        try:
            self.collection(name).nightly.run(worker, force=force, actor=actor, reason=reason)
        except (Conflict, NotFound) as why:
            log.warning("recluster_skipped", collection=name, why=str(why), actor=actor)

    def help_night(self, name: str, worker: str) -> None:
        """Do shards of a collection's night while there are any; articles that wait come first."""
        with suppress(NotFound):  # deleted meanwhile
            for _ in self.collection(name).helper.shards():
                self.on_progress()
                while self.prepare(worker).done:
                    self.on_progress()

    def request_recluster(self, name: str, actor: str, force: bool, reason: str | None = None) -> None:
        """Have a collection reclustered, by a worker where there are any. Raises NotFound, Conflict while a run is under way."""
        nightly = self.collection(name).nightly
        nightly.check_idle()
        if self.send_recluster is not None:
            self.send_recluster(name, actor, force, reason)
        else:
            nightly.run("local", force=force, actor=actor, reason=reason)

    def drain(self, worker: str = "local") -> int:
        """Do all waiting work in this thread; the number of entries worked on. For the library, tests and `evaluate`.

        Raises ModelMismatch when articles are left waiting for another model than this process has.
        """
        total = 0
        while done := self.prepare(worker).done + self.assign(worker).done:
            total += done
        self._check_models()
        return total
