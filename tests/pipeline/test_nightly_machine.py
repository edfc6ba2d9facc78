"""Random histories of articles, nights, rollbacks, corrections and erasures: ids, memberships and corrections hold throughout."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from support.articles import SetClock
from support.events import event_articles

from clusterer.adapters.encoder import HashingEncoder
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import Conflict, Gone, MergedAway
from clusterer.pipeline.corrections import By
from clusterer.pipeline.nightly.tail import Tail
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import Store
from clusterer.settings import Settings

ADA = By("ada", "seen by eye")
EVENTS, EACH = 6, 5
_names = itertools.count()


class Nights(RuleBasedStateMachine):
    """Articles of a few events; nights by a sensible and by a far too strict threshold take turns at random."""

    store: Store

    @initialize()
    def start(self) -> None:
        clock = SetClock()
        self.service = Clusterer.over(self.store, Settings(), encoder=HashingEncoder(64), clock=clock)
        self.clock, self.name = clock, f"nights-{next(_names)}"
        self.store.create_collection(self.name, {})
        shipped = self.service.weights()
        self.thresholds = {"sensible": shipped.threshold, "strict": 1 - 1e-12}
        self.weights = shipped
        self.service.weights = lambda: self.weights
        self.collection = self.service.collection(self.name)
        self.books = self.collection.books
        self.waiting = event_articles(EVENTS, EACH)
        self.known: list[str] = []
        self.erased: set[str] = set()
        self.arrive(10)

    def teardown(self) -> None:
        if hasattr(self, "name"):
            self.store.delete_collection(self.name)

    @rule(count=st.integers(1, 5))
    def arrive(self, count: int) -> None:
        self.clock.forward(minutes=10)
        batch, self.waiting = self.waiting[:count], self.waiting[count:]
        self.collection.intake.accept(batch)
        self.known += [one.id for one in batch if one.id]
        self.service.drain()

    @rule(kind=st.sampled_from(["sensible", "strict"]), late=st.integers(0, 2))
    def night(self, kind: str, late: int) -> None:
        """`late` articles come in after the plan was made."""
        self.weights = replace(self.weights, threshold=self.thresholds[kind])
        self.clock.forward(hours=1)
        begin = Tail.begin

        def begin_late(tail: Tail, *arguments: object) -> None:
            begin(tail, *arguments)  # type: ignore[arg-type]
            self.arrive(late)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Tail, "begin", begin_late)
            run = self.collection.nightly.run("night", force=True)
        assert run.outcome in ("published", "unchanged")
        self.corrections_hold()
        if not run.replayed:
            assert self.collection.nightly.plan().relabelling.is_noop

    @rule()
    def roll_back(self) -> None:
        self.collection.nightly.rollback("ada", "looked wrong")

    @rule(data=st.data(), kind=st.sampled_from(["merge", "split", "move", "must_link", "cannot_link", "pin"]))
    def correct(self, data: st.DataObject, kind: str) -> None:
        living = [one for one in self.known if one not in self.erased]
        first, second = (data.draw(st.sampled_from(living)) for _ in range(2))
        corrector, here, there = self.collection.corrector, self.cluster_of(first), self.cluster_of(second)
        try:
            if kind == "merge":
                corrector.merge(here, there, ADA)
            elif kind == "split":
                corrector.split(here, [first], self.service.new_cluster_id(), ADA)
            elif kind == "move":
                corrector.move(first, there, ADA)
            elif kind == "pin":
                corrector.pin(here, ADA)
            else:
                corrector.link(kind, first, second, ADA)  # type: ignore[arg-type]
        except Conflict:
            pass  # it contradicts an earlier one, or names one article twice

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        article_id = data.draw(st.sampled_from(self.known))
        try:
            self.collection.eraser.erase(article_id)
        except Gone:
            assert article_id in self.erased
        self.erased.add(article_id)

    def cluster_of(self, article_id: str) -> str:
        facts = self.books.facts(self.books.revisions(article_id))[-1]
        assert facts is not None
        assert facts.cluster is not None
        return facts.cluster

    def corrections_hold(self) -> None:
        corrections = self.books.corrections()
        pinned = {self.books.resolve(one.cluster) for one in corrections if one.cluster}
        for one in corrections:
            clusters = [facts.cluster for facts in self.books.facts(one.seqs) if facts and facts.cluster]
            if pinned.intersection(clusters):
                continue  # what a pin says goes before
            if one.kind == "must_link":
                assert len(set(clusters)) <= 1
            elif one.kind == "cannot_link":
                assert len(set(clusters)) == len(clusters)

    @invariant()
    def each_article_is_in_exactly_one_cluster(self) -> None:
        members = [
            seq
            for _, cluster in self.books.cluster_ids("size", None, 1_000)
            for seq in self.books.members(cluster, 0, 1_000)
        ]
        assert len(members) == len(set(members)) == len(self.known) - len(self.erased)

    @invariant()
    def every_id_ever_given_out_resolves(self) -> None:
        for change in self.books.changes(0, 1_000):
            for cluster in filter(None, (change.cluster, change.other)):
                assert self.where_it_leads(cluster) in {cluster, "another", "gone"}

    def where_it_leads(self, cluster: str) -> str:
        """As a reader is told. Raises NotFound for an id that nobody ever gave out."""
        lookup = self.collection.lookup
        try:
            return lookup.cluster(cluster).id
        except MergedAway as away:
            return "another" if lookup.cluster(away.merged_into).id == away.merged_into else "nowhere"
        except Gone:
            return "gone" if self.erased else "nowhere"  # only erasing empties a cluster for good

    @invariant()
    def the_log_gives_the_state(self) -> None:
        report = audit(self.books)
        assert report.problems == ()


def test_random_histories(store: Store) -> None:
    store.check_schema()
    machine = type("Machine", (Nights,), {"store": store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
