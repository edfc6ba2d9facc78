"""Random histories on every store, compared after each step with plain dictionaries."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support.desk import FORGOTTEN_S, LEASE_S, MODEL, assignment_of, at, clusters, draft, new_revision
from support.plain_books import PlainBooks
from support.stores import Backend

from clusterer.core.cluster_records import Change, CommitItem, Regroup
from clusterer.core.errors import Fenced
from clusterer.ports import CollectionStore, Queue, Store

WORKERS = ["w1", "w2"]
QUEUES: list[Queue] = ["inbox", "ready"]
IDS = [f"c{number}" for number in range(1, 13)]
_numbers = itertools.count()


class StoreMachine(RuleBasedStateMachine):
    """Workers that lease, prepare, commit, crash and repeat themselves; two of them compete for the writer's lease."""

    store: Store

    @initialize()
    def start(self) -> None:
        self.name = f"machine-{next(_numbers)}"
        self.store.create_collection(self.name, {})
        self.books: CollectionStore = self.store.collection(self.name)
        self.plain = PlainBooks()
        self.in_hand: dict[Queue, list[tuple[str, int]]] = {"inbox": [], "ready": []}  # may be long out of date
        self.epochs = dict.fromkeys(WORKERS, 0)
        self.writer, self.epoch, self.minutes = "", 0, 0.0
        self.lead("w1", stops=False)
        for article_id in "abcde":
            self.accept(article_id, "first", None if article_id == "e" else "Harbour Post")
        self.lease("inbox", "w1", expired=False)
        self.finish([(entry, seq, 1 if seq == 5 else None) for entry, seq in self.in_hand["inbox"][1:]])
        entries = {seq: entry for entry, seq in self.in_hand["ready"]}
        first = [(2, "open", "c1"), (3, "join", "c1"), (4, "open", "c2")]
        self.assign("w1", [CommitItem(entries[seq], seq, action, to, None, b"{}") for seq, action, to in first])  # type: ignore[arg-type]

    def teardown(self) -> None:
        if hasattr(self, "name"):
            try:
                self.resolve_as_in(IDS)
            finally:
                self.store.delete_collection(self.name)

    def pick(self, data: st.DataObject, queue: Queue) -> list[tuple[str, int]]:
        """Entries as a worker holds them; now and then some that were dealt with long ago."""
        held = self.in_hand[queue]
        current = [one for one in held if one[1] in self.plain.queues[queue]]
        late = data.draw(st.integers(0, 4)) == 0
        return data.draw(
            st.lists(st.sampled_from(held if late else current or held), min_size=1, max_size=4, unique=True)
        )

    # -- articles workers

    @rule(
        article_id=st.sampled_from("abcdefgh"),
        content=st.sampled_from(["first", "second"]),
        source=st.sampled_from([None, "Harbour Post", "Valley Echo"]),
    )
    def accept(self, article_id: str, content: str, source: str | None) -> None:
        (receipt,) = self.books.accept([new_revision(article_id, content, source=source, received_at=self.now())])
        assert (receipt.seq, receipt.outcome) == self.plain.accept(article_id, content, source, self.minutes)

    def now(self):
        self.minutes += 1
        return at(self.minutes)

    @rule(queue=st.sampled_from(QUEUES), worker=st.sampled_from(WORKERS), expired=st.booleans())
    def lease(self, queue: Queue, worker: str, expired: bool) -> None:
        """Leases last the whole history, or have all run out."""
        leased = self.books.lease(queue, worker, 64, FORGOTTEN_S if expired else LEASE_S)
        assert sorted(entry.seq for entry in leased) == self.plain.lease(queue, expired)
        self.in_hand[queue] += [(entry.entry, entry.seq) for entry in leased]

    @precondition(lambda self: self.in_hand["inbox"])
    @rule(data=st.data(), twice=st.booleans())
    def hand_over(self, data: st.DataObject, twice: bool) -> None:
        entries = self.pick(data, "inbox")
        items = [(entry, seq, data.draw(st.none() | st.integers(1, seq))) for entry, seq in entries]
        for _ in range(1 + twice):
            self.finish(items)

    def finish(self, items: list[tuple[str, int, int | None]]) -> None:
        done = [draft(seq, copy_of=copy_of, entry=entry) for entry, seq, copy_of in items]
        self.books.hand_over(done, MODEL)
        for _, seq, copy_of in items:
            self.plain.hand_over(seq, copy_of)
        self.lease("ready", "w1", expired=False)

    @precondition(lambda self: self.in_hand["inbox"] + self.in_hand["ready"])
    @rule(data=st.data(), twice=st.booleans())
    def mark_dead(self, data: st.DataObject, twice: bool) -> None:
        queue = data.draw(st.sampled_from([queue for queue in QUEUES if self.in_hand[queue]]))
        entry, seq = self.pick(data, queue)[0]
        for _ in range(1 + twice):
            self.books.mark_dead(queue, entry, seq, "bad", self.now())
        self.plain.mark_dead(queue, seq)

    @precondition(lambda self: any(article.state == "dead" for article in self.plain.articles.values()))
    @rule(data=st.data())
    def retry_dead(self, data: st.DataObject) -> None:
        seq = data.draw(st.integers(1, len(self.plain.articles) + 1))
        assert self.books.retry_dead(seq) == self.plain.retry_dead(seq)

    @rule(queue=st.sampled_from(QUEUES), worker=st.sampled_from(WORKERS))
    def crash(self, queue: Queue, worker: str) -> None:
        """Whoever held entries is gone, and another worker comes."""
        assert self.books.sweep() == 0
        self.in_hand[queue] = []
        self.lease(queue, worker, expired=True)

    # -- the clusters worker

    @rule(worker=st.sampled_from(WORKERS), stops=st.booleans())
    def lead(self, worker: str, stops: bool) -> None:
        if stops:
            self.books.release(self.writer)
        elif self.writer not in ("", worker):
            assert self.books.claim(worker, LEASE_S) is None
            return
        if worker != self.writer:
            self.writer, self.epoch = worker, self.epoch + 1
        assert self.books.claim(worker, LEASE_S) == self.epoch
        self.epochs[worker] = self.epoch

    @precondition(lambda self: self.in_hand["ready"])
    @rule(data=st.data(), worker=st.sampled_from(WORKERS), twice=st.booleans())
    def commit(self, data: st.DataObject, worker: str, twice: bool) -> None:
        items = [self.an_item(data, entry, seq) for entry, seq in self.pick(data, "ready")]
        for _ in range(1 + twice):
            self.assign(worker, items)

    def assign(self, worker: str, items: list[CommitItem]) -> None:
        if self.epochs[worker] != self.epoch:
            with pytest.raises(Fenced):
                self.books.commit(self.epochs[worker], self.plain.now.number, items, self.now())
            return
        results = self.books.commit(self.epoch, self.plain.now.number, items, self.now())
        assert results == [self.plain.commit(item) for item in items]
        self.lease("ready", worker, expired=False)

    def an_item(self, data: st.DataObject, entry: str, seq: int) -> CommitItem:
        copy_of = self.plain.articles[seq].copy_of
        if copy_of is not None:
            return CommitItem(entry, seq, "copy", None, copy_of, b"{}")
        action = data.draw(st.sampled_from(["open", "join"]))
        return CommitItem(entry, seq, action, self.an_id(data, new=action == "open"), None, b"{}")  # type: ignore[arg-type]

    def an_id(self, data: st.DataObject, new: bool) -> str:
        """A cluster id that fits, or now and then one that was merged away, is taken or never was."""
        living = self.plain.now.living()
        fitting = [one for one in IDS if not self.plain.now.is_issued(one)] if new else sorted(living)
        wild = data.draw(st.integers(0, 3)) == 0
        return data.draw(st.sampled_from(IDS if wild else fitting or IDS))

    @rule(data=st.data(), twice=st.booleans())
    def regroup(self, data: st.DataObject, twice: bool) -> None:
        steps = [self.a_step(data) for _ in range(data.draw(st.integers(1, 3)))]
        for _ in range(1 + twice):
            done = self.books.regroup(None, self.plain.now.number, steps, self.now())
            assert done == self.plain.regroup(steps)

    def a_step(self, data: st.DataObject) -> Regroup:
        kind = data.draw(st.sampled_from(["merged", "split", "moved"]))
        source = self.an_id(data, new=False)
        seqs = data.draw(st.lists(st.sampled_from(self.plain.now.members(source) or [1]), unique=True, max_size=3))
        target = self.an_id(data, new=kind == "split")
        taken_in = sorted(one for one in self.plain.now.stands_for if self.plain.now.resolve(one) == source != one)
        if kind == "split" and taken_in and data.draw(st.booleans()):
            target = data.draw(st.sampled_from(taken_in))
        return Regroup(kind, source, target, () if kind == "merged" else tuple(seqs))  # type: ignore[arg-type]

    # -- erasure, retention, nightly

    @rule(data=st.data(), twice=st.booleans())
    def erase(self, data: st.DataObject, twice: bool) -> None:
        seq = data.draw(st.integers(1, len(self.plain.articles) + 1))
        for _ in range(1 + twice):
            assert self.books.erase(seq, self.now()) == self.plain.erase(seq)
        assert self.books.erased_traces(seq, "", []) == []

    @rule(before=st.integers(1, 12), limit=st.integers(1, 3))
    def expire(self, before: int, limit: int) -> None:
        assert self.books.expire(at(before), limit, self.now()) == self.plain.expire(before, limit)

    @rule(data=st.data(), tail=st.booleans())
    def recluster(self, data: st.DataObject, tail: bool) -> None:
        """Everything anew under old and new ids; perhaps articles arrive meanwhile and must be staged before the flip."""
        generation = self.books.begin_generation()
        position = self.books.position()
        rows = {seq: self.an_id(data, new=False) for seq in sorted(self.plain.now.cluster_of)}
        self.books.stage(generation, list(rows.items()))
        if tail and self.in_hand["ready"]:
            self.assign(self.writer, [self.an_item(data, entry, seq) for entry, seq in self.pick(data, "ready")])
        new = {seq: cluster for seq, cluster in self.plain.now.cluster_of.items() if seq not in rows}
        if new:
            assert not self.books.flip(position.generation, generation, position.change, [], self.now())
        rows |= new
        living = sorted(set(rows.values()))
        gone = [one for one in IDS if self.plain.now.is_issued(one) and one not in living]
        aliases = {one: data.draw(st.sampled_from(living)) for one in gone} if living else {}
        self.books.stage(generation, list(new.items()), aliases=aliases)
        told = [
            Change(0, at(0), "moved", cluster, (seq,), self.plain.now.cluster_of[seq])
            for seq, cluster in rows.items()
            if self.plain.now.cluster_of[seq] != cluster
        ]
        position = self.books.position()
        assert self.books.flip(position.generation, generation, position.change, told, self.now())
        self.plain.flip(generation, rows, aliases)

    @rule()
    def roll_back(self) -> None:
        number = self.books.rollback(self.now(), "anna", "bad night")
        assert number == self.plain.rollback()

    # -- after every step

    @invariant()
    def queues_and_states_agree(self) -> None:
        facts = self.books.queue_facts()
        assert facts.inbox_length == len(self.plain.queues["inbox"])
        assert facts.ready_length == len(self.plain.queues["ready"])
        received = self.books.received(list(self.plain.articles))
        told = {one.seq: (one.state, one.stage) for one in received if one and one.state == "pending"}
        pending = [article for article in self.plain.articles.values() if article.state == "pending"]
        assert told == {article.seq: (article.state, article.stage) for article in pending}

    @invariant()
    def the_books_balance(self) -> None:
        books = self.books.books()
        states = [article.state for article in self.plain.articles.values()]
        assert books.accepted == len(states)
        assert {state: getattr(books, state) for state in set(states)} == {
            one: states.count(one) for one in set(states)
        }
        assert books.accepted == books.pending + books.assigned + books.dead + books.erased + books.expired

    @invariant()
    def members_partition_the_assigned(self) -> None:
        assert clusters(self.books) == self.plain.now.living()
        told = {facts.seq: facts.cluster for facts in self.books.facts(list(self.plain.articles)) if facts}
        assert told == {seq: self.plain.now.cluster_of.get(seq) for seq in self.plain.articles}

    @invariant()
    def counters_agree(self) -> None:
        living = self.plain.now.living()
        for (cluster, seqs), record in zip(living.items(), self.books.clusters(list(living)), strict=True):
            assert record is not None
            assert record.article_count == len(seqs)
            assert record.sources == self.plain.sources(cluster)
            assert record.origin_count == self.plain.origin_count(cluster)

    @invariant()
    def ids_never_dangle(self) -> None:
        """Those that were never given away wait for the end of the history: each is a call of its own."""
        self.resolve_as_in([one for one in IDS if self.plain.now.is_issued(one)])

    def resolve_as_in(self, ids: list[str]) -> None:
        for cluster in ids:
            assert self.books.resolve(cluster) == self.plain.now.resolve(cluster)

    @invariant()
    def the_former_generation_stays(self) -> None:
        former = self.plain.former
        assert self.books.generations() == sorted({self.plain.now.number} | ({former.number} if former else set()))
        if former is not None:
            members = {cluster: self.books.members(cluster, 0, 100, former.number) for cluster in former.living()}
            assert members == former.living()

    @invariant()
    def the_feed_tells_the_same(self) -> None:
        changes = self.books.changes(0, 1000)
        assert [change.number for change in changes] == list(range(1, len(changes) + 1))
        for cluster in self.plain.now.living():
            own = [change for change in changes if cluster in (change.cluster, change.other)]
            assert self.books.changes_of(cluster, 0, 1000) == own
        told = assignment_of(changes).items()  # expired articles leave without a word
        assert {
            seq: one for seq, one in told if self.plain.articles[seq].state != "expired"
        } == self.plain.now.cluster_of


def test_random_histories(backend: Backend) -> None:
    backend.store.check_schema()
    machine = type("Machine", (StoreMachine,), {"store": backend.store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
