"""The nightly job over Redis: ids stay, the tail is kept, bad plans are refused, a rollback restores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time

import pytest
import redis
from support.articles import SetClock
from support.events import break_up, event_articles, partition

from clusterer.bootstrap import Clusterer
from clusterer.core.cluster_records import Regroup
from clusterer.core.errors import Conflict
from clusterer.core.nightly.guard import GuardLimits
from clusterer.core.nightly.lineage import Merged, Moved, RelabelPlan
from clusterer.core.nightly.shards import Helpers
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.lookup.views import PlannedCluster, PlannedFlow
from clusterer.pipeline.nightly.nightly import JOB, Nightly, NightlyPolicy, Plan
from clusterer.pipeline.nightly.preview import preview
from clusterer.pipeline.nightly.storyteller import Storyteller
from clusterer.pipeline.nightly.tail import Tail
from clusterer.pipeline.upkeep.audit import audit


def events_of(collection: Collection) -> set[frozenset[str]]:
    return {frozenset(name.split("/")[0] for name in members) for members in partition(collection).values()}


@pytest.fixture
def filled(service: Clusterer, collection: Collection) -> Collection:
    collection.intake.accept(event_articles(12, 4))
    service.drain()
    return collection


def test_a_second_night_changes_nothing(filled: Collection, service: Clusterer) -> None:
    filled.nightly.run("w")
    before = partition(filled)
    run = filled.nightly.run("w")
    assert run.outcome == "unchanged"
    assert partition(filled) == before


def test_the_night_repairs_and_every_id_still_resolves(filled: Collection, clock: SetClock) -> None:
    good = partition(filled)
    ids = {*good, "01ZZZZZZZZZZZZZZZZZZZZZZZZ"}
    split, _, _ = break_up(filled, clock)
    run = filled.nightly.run("w")
    assert run.outcome == "published"
    assert set(partition(filled).values()) == set(good.values())
    assert partition(filled)[split] == good[split]
    assert all(filled.books.resolve(one) in partition(filled) for one in ids)
    assert audit(filled.books).problems == ()


def headlines(collection: Collection, seqs: Sequence[int]) -> tuple[str, ...]:
    found = tuple(one.title for one in collection.books.facts(seqs) if one)
    assert all(found)
    return found


def event_of(headline: str) -> list[str]:
    """The names that the made headlines of one event begin with."""
    return headline.split()[:3]


def test_a_dry_run_changes_nothing_and_says_what_it_would_do(filled: Collection, clock: SetClock) -> None:
    split, kept, _ = break_up(filled, clock)
    before, position = partition(filled), filled.books.position()
    run = filled.nightly.run("w", dry_run=True)
    assert run.outcome == "planned"
    assert run.figures["merged"] == 1
    assert run.figures["split"] == 1
    assert (partition(filled), filled.books.position()) == (before, position)
    assert run.plan is not None
    title = {cluster: filled.lookup.cluster(cluster).title for cluster in before}
    torn = "01ZZZZZZZZZZZZZZZZZZZZZZZZ"
    named = headlines(filled, filled.books.members(torn, 0, 9))
    assert run.plan.merged == (
        PlannedFlow(2, PlannedCluster(torn, title[torn], 2, 0), PlannedCluster(split, title[split], 2, 4), named),
    )
    ((parted,), (moved, created)) = run.plan.split, (run.plan.moved, run.plan.created)
    assert (parted.articles, parted.origin) == (4, PlannedCluster(kept, title[kept], 8, 4))
    assert (parted.target.id, parted.target.articles_before, parted.target.articles_after) == (None, 0, 4)
    leaving = [
        one
        for one in headlines(filled, filled.books.members(kept, 0, 9))
        if event_of(one) == event_of(parted.headlines[0])
    ]
    assert parted.target.title in leaving, "it is called by one of its own"
    assert len(leaving) == 4
    assert (moved, created, run.plan.left_out) == ((), (), {})


def test_a_preview_is_bounded_largest_first_and_not_kept(filled: Collection, clock: SetClock) -> None:
    break_up(filled, clock)
    plan = filled.nightly.plan()
    shown = preview(filled.books, plan.snapshot.assignment, plan.relabelling, most=0)
    assert (shown.merged, shown.split) == ((), ())
    assert shown.left_out == {"merged": 1, "split": 1}
    done = filled.nightly.run("w")
    assert done.plan is None
    assert filled.nightly.runs(1) == (done,)
    title = str(event_articles(1, 1)[0].title)
    assert title.encode() not in filled.books.runs(1)[0]


def test_a_preview_lists_the_largest_first_and_gives_new_clusters_no_id(filled: Collection) -> None:
    books = filled.books
    one, two, three, four = (sorted(books.members(cluster, 0, 9)) for _, cluster in books.cluster_ids("size", None, 4))
    old = dict.fromkeys(one, "a") | dict.fromkeys(two, "b") | dict.fromkeys(three, "c") | dict.fromkeys(four, "d")
    new = old | {one[0]: "b"} | dict.fromkeys(three[:2], "d") | dict.fromkeys([*three[2:], one[1]], "n1")
    moved = Moved("a", "b", (one[0],)), Moved("c", "d", tuple(three[:2]))
    shown = preview(books, old, RelabelPlan(new, ("a", "b", "d"), (Merged("c", "d"),), (), ("n1",), moved))
    assert [(flow.articles, flow.origin.id, flow.target.id) for flow in shown.moved] == [(2, "c", "d"), (1, "a", "b")]
    assert [(flow.target.articles_before, flow.target.articles_after) for flow in shown.moved] == [(4, 6), (4, 5)]
    assert [flow.headlines for flow in shown.moved] == [headlines(filled, three[:2]), headlines(filled, one[:1])]
    assert [(flow.articles, flow.origin.articles_after) for flow in shown.merged] == [(2, 0)]
    assert [(new.id, new.articles_before, new.articles_after) for new in shown.created] == [(None, 0, 3)]


def test_articles_that_arrive_meanwhile_are_in_the_new_generation(
    filled: Collection, service: Clusterer, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_up(filled, clock)
    late = event_articles(12, 5)  # the same events, one more article each
    known = {name for members in partition(filled).values() for name in members}
    late = [one for one in late if one.id not in known] + event_articles(2, 3, seed=2)
    begin = Tail.begin

    def begin_late(self: Tail, *arguments: object) -> None:
        begin(self, *arguments)
        filled.intake.accept(late)
        service.drain()

    monkeypatch.setattr(Tail, "begin", begin_late)
    run = filled.nightly.run("w")
    assert (run.outcome, run.replayed) == ("published", len(late))
    assert all(len(events) == 1 for events in events_of(filled))
    assert audit(filled.books).problems == ()


def begun_tail(filled: Collection, service: Clusterer) -> Tail:
    """A tail that begins at what is stored now."""
    plan = filled.nightly.plan()
    tail = Tail(filled.books, service.make_window, service.new_cluster_id)
    tail.begin(plan.snapshot, plan.relabelling.assignment, {}, filled.books.begin_generation())
    return tail


def counted(call: Callable[..., object], name: str, calls: Counter[str]) -> Callable[..., object]:
    def counting(*given: object, **named: object) -> object:
        calls[name] += 1
        return call(*given, **named)

    return counting


def test_what_arrives_meanwhile_is_read_and_staged_in_slices(
    filled: Collection, service: Clusterer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tail = begun_tail(filled, service)
    monkeypatch.setattr("clusterer.pipeline.nightly.tail._SLICE", 8)
    begun_at = filled.books.position().change
    filled.intake.accept(event_articles(6, 3, seed=2))
    service.drain()
    (erased,) = filled.books.revisions("e2-0/0")
    filled.eraser.erase("e2-0/0")
    calls: Counter[str] = Counter()
    for name in ("changes", "evidence", "stage"):
        monkeypatch.setattr(filled.books, name, counted(getattr(filled.books, name), name, calls))
    rounds = 1
    while not tail.catch_up():
        rounds += 1
    slices = (filled.books.position().change - begun_at) // 8 + 1
    assert (rounds, tail.change) == (slices, filled.books.position().change)
    assert calls["changes"] == calls["evidence"] == slices
    assert calls["stage"] <= slices * 2
    assert len(set(tail.assignment.values())) == 12 + 6
    assert erased not in tail.assignment


def test_a_run_that_cannot_catch_up_ends_and_publishes_nothing(
    filled: Collection, clock: SetClock, service: Clusterer, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_up(filled, clock)
    monkeypatch.setattr("clusterer.pipeline.nightly.tail._SLICE", 2)
    monkeypatch.setattr("clusterer.pipeline.nightly.nightly._MAX_ROUNDS", 5)
    more = iter(event_articles(40, 3, seed=2))
    catch_up = Tail.catch_up

    def catch_up_while_more_arrives(tail: Tail) -> bool:
        filled.intake.accept([next(more) for _ in range(6)])
        service.drain()
        return catch_up(tail)

    monkeypatch.setattr(Tail, "catch_up", catch_up_while_more_arrives)
    with pytest.raises(Conflict, match="nothing was published"):
        filled.nightly.run("w")
    assert filled.books.position().generation == 1
    (given_up,) = filled.nightly.runs(2)
    assert (given_up.outcome, given_up.figures["merged"]) == ("abandoned", 1)
    assert "nothing was published" in given_up.objections[0]
    monkeypatch.undo()
    clock.forward(hours=18)
    at_two = time(2, 0)
    assert filled.nightly.is_due(at_two), "it is made again"
    assert filled.nightly.run("w").outcome == "published"
    assert not filled.nightly.is_due(at_two)
    assert audit(filled.books).problems == ()


def test_a_collection_whose_night_fails_or_that_is_deleted_keeps_no_other_from_its_own(
    service: Clusterer, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("broken", "deleted", "later"):
        service.store.create_collection(name, {})
        service.collection(name).intake.accept(event_articles(3, 3))
    service.drain()
    clock.forward(hours=24)
    service.recluster_at = time(2, 0)
    plan = Nightly.plan
    broken, deleted = (service.collection(name).nightly for name in ("broken", "deleted"))

    def plan_of_some(nightly: Nightly, helpers: Helpers) -> Plan:
        if nightly is broken:
            raise RuntimeError("no")
        if nightly is deleted:
            service.store.delete_collection("deleted")
        return plan(nightly, helpers)

    monkeypatch.setattr(Nightly, "plan", plan_of_some)
    service.recluster_if_due("w")
    assert [run.outcome for run in service.collection("later").nightly.runs(1)] == ["unchanged"]
    assert service.collection("broken").nightly.runs(1) == ()


@pytest.mark.parametrize("step", ["planned", "staged"])
def test_a_run_that_slept_longer_than_its_lease_publishes_nothing_beside_another(
    filled: Collection, clock: SetClock, monkeypatch: pytest.MonkeyPatch, redis_client: redis.Redis, step: str
) -> None:
    break_up(filled, clock)

    def sleep_at(reached: str) -> None:
        if reached == step:
            assert redis_client.delete(f"clu:{{{filled.books.name}}}:job:{JOB}")
            assert filled.books.claim_job(JOB, "repair", 60)

    monkeypatch.setattr("clusterer.pipeline.nightly.nightly.reached", sleep_at)
    with pytest.raises(Conflict, match="nothing was published"):
        filled.nightly.run("sleeper", force=True)
    assert filled.books.position().generation == 1
    assert filled.nightly.runs(1)[0].outcome == "abandoned"
    assert not filled.books.claim_job(JOB, "third", 60), "the job is still the repair's"


def test_rollback_restores_the_former_generation_exactly(filled: Collection, clock: SetClock) -> None:
    break_up(filled, clock)
    before = partition(filled)
    filled.nightly.run("w")
    assert partition(filled) != before
    filled.nightly.rollback("ada", "looked wrong")
    assert partition(filled) == before
    assert audit(filled.books).problems == ()


def strict(service: Clusterer, collection: Collection, limits: GuardLimits) -> Nightly:
    return Nightly(
        collection.books,
        service.make_snapshot_index,
        service.weights,
        service.new_cluster_id,
        service.clock,
        NightlyPolicy(limits=limits),
        lambda: Tail(collection.books, service.make_window, service.new_cluster_id),
        Storyteller(collection.books, service.make_snapshot_index, service.new_cluster_id),
    )


def test_the_guard_refuses_and_force_is_recorded(filled: Collection, service: Clusterer, clock: SetClock) -> None:
    break_up(filled, clock)
    before = partition(filled)
    nightly = strict(service, filled, GuardLimits(max_moved_ratio=0.01, min_articles=10))
    run = nightly.run("w")
    assert run.outcome == "refused"
    assert "would change cluster" in run.objections[0]
    assert partition(filled) == before
    forced = nightly.run("w", force=True, actor="ada")
    assert (forced.outcome, forced.forced, forced.actor) == ("published", True, "ada")


def test_a_plan_that_throws_everything_together_is_refused(
    service: Clusterer, collection: Collection, clock: SetClock
) -> None:
    collection.intake.accept(event_articles(30, 4))
    service.drain()
    break_up(collection, clock)
    before, position = partition(collection), collection.books.position()
    shipped = service.weights()
    service.weights = lambda: replace(shipped, intercept=50.0)  # every pair is the same event
    nightly = strict(service, collection, GuardLimits())
    run = nightly.run("w")
    assert run.outcome == "refused"
    assert run.figures["clusters_after"] < 5
    assert any("coherence would fall from" in reason for reason in run.objections)
    assert any("of 120 articles" in reason and "(limit 35%)" in reason for reason in run.objections)
    assert any("the largest cluster would grow from 8 to" in reason for reason in run.objections)
    assert (partition(collection), collection.books.position()) == (before, position)
    assert nightly.run("w", force=True, actor="ada", reason="a drill").reason == "a drill"
    assert len(partition(collection)) < 5
    nightly.rollback("ada", "never again")
    assert partition(collection) == before
    assert all(collection.books.resolve(cluster) == cluster for cluster in before)
    assert audit(collection.books).problems == ()


def test_two_runs_at_once_are_refused(filled: Collection) -> None:
    assert filled.books.claim_job("recluster", "other", 60)
    with pytest.raises(Conflict, match="try again"):
        filled.nightly.run("w")


def test_two_runs_of_one_name_at_once_are_refused(
    filled: Collection, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same person at two machines, or one line of cron on both."""
    break_up(filled, clock)
    steps = []

    def run_another_at(step: str) -> None:
        steps.append(step)
        with pytest.raises(Conflict, match="try again"):
            filled.nightly.run("cli:ada")

    monkeypatch.setattr("clusterer.pipeline.nightly.nightly.reached", run_another_at)
    assert filled.nightly.run("cli:ada").outcome == "published"
    assert {"planned", "flipped"} <= set(steps)
    assert audit(filled.books).problems == ()


def test_the_writer_goes_on_in_the_new_generation(filled: Collection, service: Clusterer, clock: SetClock) -> None:
    break_up(filled, clock)
    filled.nightly.run("w")
    known = {name for members in partition(filled).values() for name in members}
    filled.intake.accept([one for one in event_articles(12, 5) if one.id not in known])
    service.drain()
    assert sorted(len(members) for members in partition(filled).values()) == [5] * 12
    assert audit(filled.books).problems == ()


def test_the_books_say_when_a_run_is_due(filled: Collection, clock: SetClock) -> None:
    two = time(2, 0)
    assert not filled.nightly.is_due(two)  # it was empty at two
    clock.forward(hours=18)
    assert filled.nightly.is_due(two)
    clock.forward(hours=6)
    filled.nightly.run("w")
    assert not filled.nightly.is_due(two)  # it is 9 o'clock
    clock.forward(hours=16)
    assert not filled.nightly.is_due(two)
    clock.forward(hours=2)
    assert filled.nightly.is_due(two)
    clock.forward(days=400)  # somebody sets the clock, and back
    filled.nightly.run("w")
    clock.forward(days=-400)
    assert filled.nightly.is_due(two)
    filled.nightly.run("w")
    assert not filled.nightly.is_due(two)


def test_a_flip_whose_answer_was_lost_is_known_to_have_happened(
    filled: Collection, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_up(filled, clock)
    flip = filled.books.flip

    def unanswered(*given: object) -> bool:
        flip(*given)  # type: ignore[arg-type]
        return False

    monkeypatch.setattr(filled.books, "flip", unanswered)
    run = filled.nightly.run("w")
    assert (run.outcome, filled.books.position().generation) == ("published", 2)
    assert audit(filled.books).problems == ()


def test_what_a_person_did_meanwhile_ends_the_run(filled: Collection, clock: SetClock, service: Clusterer) -> None:
    tail = begun_tail(filled, service)
    one, two = (cluster_id for _, cluster_id in filled.books.cluster_ids("size", None, 2))
    by_a_machine = Regroup("split", one, "apart", tuple(filled.books.members(one, 0, 1)))
    assert filled.books.regroup(None, 1, [by_a_machine], clock.now())
    tail.catch_up()
    by_a_person = Regroup("moved", two, one, tuple(filled.books.members(two, 0, 1)), actor="ada")
    assert filled.books.regroup(None, 1, [by_a_person], clock.now())
    with pytest.raises(Conflict, match="correction"):
        tail.catch_up()
