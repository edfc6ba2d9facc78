"""The repair: damage done by hand is named, mended, and gone; workers may go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import redis
from support.kept import Kept

from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_store import RedisStore
from clusterer.bootstrap import Clusterer
from clusterer.core.cluster_records import ClusterRecord, Regroup
from clusterer.core.errors import Conflict
from clusterer.evaluation.datasets import payload_from_row
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.nightly.nightly import JOB
from clusterer.pipeline.upkeep.audit import AuditReport, Mismatch, audit
from clusterer.pipeline.upkeep.repair import Repairer, Repairs
from clusterer.ports import CollectionStore, Store
from clusterer.samples import sample_rows
from clusterer.settings import Settings

WINDOW = timedelta(days=14)
SAYS_CLUSTERS = AuditReport((Mismatch("clusters", "something is wrong"),), {}, True, True)
QUAKE = (
    "An earthquake of magnitude five shook the valley of Ostrand early on Sunday and cracked walls in eleven villages. "
    "Seismologist Ana Brevik said that the fault had been quiet for sixty years and that weaker shocks would follow. "
    "Nobody was hurt, but the bridge at Tolm is closed and trains between Ostrand and the coast stop one station early. "
    "The school of Nedre Tolm will serve as shelter for families whose houses have to be inspected first."
)


def service_over(store: Store) -> Clusterer:
    return Clusterer.over(store, Settings(model="hashing"), encoder=HashingEncoder(64))


def loner(books: CollectionStore, cluster: str) -> int:
    """A member that is no copy and has none."""
    members = books.facts(books.members(cluster, 0, 100))
    return next(one.seq for one in members if one and not one.relations and not books.copies_of(one.seq, 1))


def fill(client: redis.Redis) -> None:
    service = service_over(RedisStore(client, WINDOW))
    collection = service.collection()
    collection.intake.accept_payloads([payload_from_row(row) for row in sample_rows()])
    service.drain()
    books = collection.books
    (_, first), (_, second), (_, third) = books.cluster_ids("size", None, 3)
    steps = [Regroup("merged", second, first, ()), Regroup("split", third, "new", (loner(books, third),))]
    assert books.regroup(None, books.position().generation, steps, service.clock.now())


SAMPLE = Kept(fill)


@pytest.fixture
def service(redis_client: redis.Redis) -> Clusterer:
    """The sample stream, worked through, with a merge and a split since."""
    SAMPLE.put(redis_client)
    return service_over(RedisStore(redis_client, WINDOW))


@pytest.fixture
def collection(service: Clusterer) -> Collection:
    return service.collection()


def repair(service: Clusterer, report: AuditReport | None = None) -> Repairs:
    books = service.collection().books
    return Repairer(books, service.clock, 600.0).run("mender", report or audit(books))


def records(books: CollectionStore) -> dict[str, ClusterRecord | None]:
    return {cluster: books.cluster(cluster) for _, cluster in books.cluster_ids("size", None, 1_000)}


def contents(books: CollectionStore) -> object:
    """Everything that a repair must bring back: who is where, what is counted and in which order it is listed."""
    known = {
        name: replace(one, generation=0, revision=0, last_added_at=one.last_seen)  # these three may differ
        for name, one in records(books).items()
        if one
    }
    members = {name: books.members(name, 0, 1_000) for name in known}
    by_time, by_size = books.cluster_ids("last_seen", None, 1_000), books.cluster_ids("size", None, 1_000)
    return (
        known,
        members,
        by_time,
        by_size,
        books.books(),
        [books.copies_of(seq, 100) for seq in books.accepted_seqs(0, 1_000)],
    )


def key(client: redis.Redis, ending: str) -> bytes:
    [name] = client.keys(f"*:{ending}")
    return bytes(name)


def largest(collection: Collection) -> str:
    [(_, cluster_id)] = collection.books.cluster_ids("size", None, 1)
    return cluster_id


def wipe(pattern: str) -> Callable[[redis.Redis, Collection], object]:
    def damage(client: redis.Redis, _: Collection) -> object:
        names = client.keys(pattern)
        assert names
        return client.delete(*names)

    return damage


def forget_a_counter(client: redis.Redis, collection: Collection) -> object:
    return client.hdel(key(client, f"g1:c:{largest(collection)}"), "n", "origins", "last")


def forget_a_membership(client: redis.Redis, collection: Collection) -> object:
    generation = collection.books.position().generation
    lost = collection.books.members(largest(collection), 0, 2)
    return client.hdel(key(client, f"g{generation}:assign"), *map(str, lost))


def assign_elsewhere(client: redis.Redis, collection: Collection) -> object:
    (_, one), (_, other) = collection.books.cluster_ids("size", None, 2)
    return [client.hset(key(client, "g1:assign"), str(collection.books.members(one, 0, 1)[0]), other)]


def lose_a_member(client: redis.Redis, collection: Collection) -> object:
    cluster = largest(collection)
    generation = collection.books.position().generation
    return client.zrem(key(client, f"g{generation}:m:{cluster}"), collection.books.members(cluster, 0, 1)[0])


def unlist(part: str) -> Callable[[redis.Redis, Collection], object]:
    def damage(client: redis.Redis, collection: Collection) -> object:
        return client.zrem(key(client, f"g1:{part}"), largest(collection))

    return damage


def list_a_stranger(client: redis.Redis, _: Collection) -> object:
    return client.zadd(key(client, "g1:size"), {"nobody": 3})


def miscount(client: redis.Redis, _: Collection) -> object:
    return client.hset(key(client, "counts"), mapping={"assigned": 7, "expired": 3})


def misplace(client: redis.Redis, _: Collection) -> object:
    return client.zadd(f"{key(client, 'finished').decode().removesuffix('finished')}dead", {"1": 1})


def replace_the_copies(client: redis.Redis, _: Collection) -> object:
    names = client.keys("*:copies:*")
    client.delete(*names)
    return [client.set(name, "damage") for name in names]


@pytest.mark.parametrize(
    ("damage", "part", "done"),
    [
        (wipe("*:t:*"), "postings", "reposted"),
        (wipe("*:copies:*"), "lists", "relisted"),
        (replace_the_copies, "lists", "relisted"),
        (wipe("*:finished"), "lists", "relisted"),
        (misplace, "lists", "relisted"),
        (miscount, "counts", "recounted"),
        (wipe("*:counts"), "counts", "recounted"),
        (forget_a_membership, "clusters", "reassigned"),
        (wipe("*:g1:assign"), "clusters", "reassigned"),
        (assign_elsewhere, "clusters", "reassigned"),
        (forget_a_counter, "clusters", "rebuilt"),
        (lose_a_member, "clusters", "rebuilt"),
        (unlist("size"), "clusters", "rebuilt"),
        (unlist("last"), "clusters", "rebuilt"),
        (list_a_stranger, "clusters", "rebuilt"),
        (wipe("*:g1:last"), "clusters", "rebuilt"),
        (wipe("*:g1:m:*"), "clusters", "rebuilt"),
        (wipe("*:g1:[cm]:*"), "clusters", "rebuilt"),
    ],
)
def test_damage_is_named_and_mended(
    redis_client: redis.Redis,
    service: Clusterer,
    damage: Callable[[redis.Redis, Collection], object],
    part: str,
    done: str,
) -> None:
    books = service.collection().books
    assert audit(books).clean
    before = contents(books)
    assert damage(redis_client, service.collection())
    report = audit(books)
    assert report.damaged == {part}
    repairs = repair(service, report)
    assert getattr(repairs, done)
    assert audit(books).problems == ()
    assert contents(books) == before
    assert repair(service) == Repairs(), "there is nothing more to do"


def test_a_copy_of_an_old_article_is_a_copy_again(redis_client: redis.Redis, service: Clusterer) -> None:
    collection = service.collection()
    collection.intake.accept(
        [ArticleIn(id="quake", title="Earthquake shakes Ostrand", text=QUAKE, source="Coast Times")]
    )
    service.drain()
    wipe("*:t:*")(redis_client, collection)
    collection.intake.accept(
        [ArticleIn(id="missed", title="Earthquake shakes Ostrand", text=QUAKE, source="Fjord Post")]
    )
    service.drain()
    [missed] = collection.books.facts(collection.books.revisions("missed"))
    assert missed and not missed.relations, "nobody knew the article any more"
    assert "postings" in audit(collection.books).damaged
    assert repair(service).reposted > len(sample_rows()) / 2  # all but empty pages
    collection.intake.accept(
        [ArticleIn(id="seen", title="Earthquake shakes Ostrand", text=QUAKE, source="Vellen Echo")]
    )
    service.drain()
    [seen] = collection.books.facts(collection.books.revisions("seen"))
    assert seen
    assert (seen.relations[0].kind, seen.relations[0].other) == ("exact", collection.books.revisions("quake")[0])
    assert audit(collection.books).clean


def test_waiting_articles_in_no_queue_and_no_list(redis_client: redis.Redis, service: Clusterer) -> None:
    collection = service.collection()
    collection.intake.accept([ArticleIn(id="late", text=QUAKE)])
    wipe("*:inbox")(redis_client, collection)
    wipe("*:pending")(redis_client, collection)
    report = audit(collection.books)
    assert report.damaged == {"lists", "queues"}
    repairs = repair(service, report)
    assert (repairs.relisted, repairs.requeued) == (1, 1)
    assert audit(collection.books).clean
    service.drain()
    assert collection.books.books().pending == 0


def test_all_derived_state_at_once(redis_client: redis.Redis, service: Clusterer) -> None:
    collection = service.collection()
    before = contents(collection.books)
    for pattern in (
        "*:t:*",
        "*:copies:*",
        "*:finished",
        "*:counts",
        "*:g1:assign",
        "*:g1:m:*",
        "*:g1:c:*",
        "*:g1:size",
    ):
        wipe(pattern)(redis_client, collection)
    repair(service)
    assert audit(collection.books).problems == ()
    assert contents(collection.books) == before
    collection.intake.accept([ArticleIn(id="quake", text=QUAKE)])
    service.drain()
    collection.nightly.run("night")
    assert audit(collection.books).clean


def test_what_cannot_be_repaired_is_still_named(redis_client: redis.Redis, service: Clusterer) -> None:
    books = service.collection().books
    redis_client.delete(key(redis_client, "v:1"))
    log = key(redis_client, "log")
    [(entry, _)] = redis_client.xrange(log, count=1)
    redis_client.xdel(log, entry)
    before = contents(books)
    repair(service)
    after = audit(books)
    assert {"vectors", "feed"} <= after.damaged
    assert contents(books) == before, "where the feed has a gap, the table of memberships is believed"
    [(last, _)] = redis_client.xrevrange(log, count=1)
    redis_client.xdel(log, last)
    assert "changes that are missing at the end of the feed" in " ".join(audit(books).problems)


@pytest.mark.parametrize("field", ["record", "state", "received"])
def test_a_lost_record_keeps_nothing_else_from_being_repaired(
    redis_client: redis.Redis, service: Clusterer, field: str
) -> None:
    collection = service.collection()
    books = collection.books
    if field == "record":
        redis_client.delete(key(redis_client, "a:5"))
    else:
        redis_client.hdel(key(redis_client, "a:5"), field)
    miscount(redis_client, collection)
    wipe("*:t:*")(redis_client, collection)
    wipe("*:g1:size")(redis_client, collection)
    repairs = repair(service)
    assert repairs.refused is None
    assert min(repairs.rebuilt, repairs.reposted, repairs.recounted) > 0
    report = audit(books)
    assert report.damaged == {"articles", "counts"}
    lost = len(sample_rows()) - 1
    assert report.problems == (
        f"the stored counts are wrong: assigned {lost + 1} but counted {lost}",
        "accepted articles without a record: 5",
    )
    again = repair(service)
    assert (again.reassigned, again.rebuilt) == (0, 0)
    split = Regroup("split", largest(collection), "apart", tuple(books.members(largest(collection), 0, 2)))
    assert books.regroup(None, books.position().generation, [split], service.clock.now())
    assert collection.nightly.run("night", force=True).outcome == "published"


def test_where_clusters_are_refused_the_rest_is_done(redis_client: redis.Redis, service: Clusterer) -> None:
    collection = service.collection()
    redis_client.hset(key(redis_client, "g1:assign"), "9999", "nobody")  # of an article that never was
    miscount(redis_client, collection)
    wipe("*:t:*")(redis_client, collection)
    wipe("*:g1:size")(redis_client, collection)
    repairs = repair(service)
    assert repairs.refused is not None
    assert "articles" in repairs.refused
    assert min(repairs.reposted, repairs.recounted) > 0
    assert audit(collection.books).damaged == {"clusters"}


def test_an_article_that_the_feed_names_after_its_erasure(redis_client: redis.Redis, service: Clusterer) -> None:
    """The table had lost it when it was erased, so its cluster's list still named it when that was merged."""
    books = service.collection().books
    (_, first), (_, second) = books.cluster_ids("size", None, 2)
    seq = books.members(second, 0, 1)[0]
    redis_client.hdel(key(redis_client, "g1:assign"), str(seq))
    assert books.erase(seq, service.clock.now())
    assert books.regroup(None, 1, [Regroup("merged", second, first, ())], service.clock.now())
    assert any(seq in change.seqs for change in books.changes(0, 1_000) if change.kind == "merged")
    assert audit(books).damaged == {"clusters"}
    assert repair(service).rebuilt
    assert audit(books).problems == ()


def test_with_a_feed_that_has_no_beginning(redis_client: redis.Redis, service: Clusterer) -> None:
    books = service.collection().books
    later = service.clock.now() + timedelta(hours=1)
    before = contents(books)
    known = books.facts(list(range(1, 41)))
    assert books.trim_changes(later, 20) == 20
    redis_client.hdel(key(redis_client, "g1:assign"), *map(str, range(1, 41)))
    repairs = repair(service)
    lost = [one.seq for one in books.facts([one.seq for one in known if one]) if one and one.cluster is None]
    assert repairs.reassigned == 40 - len(lost)
    assert 0 < len(lost) <= 20
    assert f"assigned articles without a cluster: {', '.join(map(str, lost))}" in audit(books).problems
    redis_client.hset(key(redis_client, "g2:assign"), mapping={str(seq): known[seq - 1].cluster for seq in lost})  # type: ignore
    assert repair(service).rebuilt
    assert audit(books).clean
    assert contents(books) == before


def test_nothing_to_roll_back_to_the_damage(redis_client: redis.Redis, service: Clusterer) -> None:
    collection = service.collection()
    lose_a_member(redis_client, collection)
    repair(service)
    assert collection.nightly.rollback("ada", "by mistake") is None
    assert audit(collection.books).clean


def test_a_repair_and_a_night_exclude_each_other(redis_client: redis.Redis, service: Clusterer) -> None:
    books = service.collection().books
    lose_a_member(redis_client, service.collection())
    assert books.claim_job(JOB, "the night", 60)
    with pytest.raises(Conflict, match="try again"):
        repair(service)
    books.release_job(JOB, "the night")
    assert repair(service).rebuilt
    assert books.claim_job(JOB, "the night", 60)


class BusyClock:
    """Something happens whenever it is looked at: so between staging and publishing."""

    def __init__(self, service: Clusterer, *deeds: Callable[[], object]) -> None:
        self._clock = service.clock
        self._deeds = list(deeds)

    def now(self) -> datetime:
        now = self._clock.now()
        if self._deeds:
            self._deeds.pop(0)()
        return now


def test_workers_and_people_go_on_meanwhile(redis_client: redis.Redis) -> None:
    service = service_over(RedisStore(redis_client, WINDOW))
    collection, books = service.collection(), service.collection().books
    collection.intake.accept_payloads([payload_from_row(row) for row in sample_rows()])
    service.drain()
    (_, first), (_, second), (_, third) = books.cluster_ids("size", None, 3)
    apart = loner(books, third)

    def article_comes() -> None:
        collection.intake.accept([ArticleIn(id="quake", text=QUAKE)])
        service.drain()

    def regroup(kind: str, source: str, target: str, *seqs: int) -> None:
        step = Regroup(kind, source, target, seqs, "ada", "one event")  # type: ignore[arg-type]
        assert books.regroup(None, books.position().generation, [step], service.clock.now())

    clock = BusyClock(
        service,
        lambda: None,  # when the repair begins
        article_comes,
        lambda: (regroup("merged", second, first), regroup("split", third, "apart", apart)),
        lambda: books.erase(books.members(first, 0, 1)[0], service.clock.now()),
    )
    assert Repairer(books, clock, 600.0).run("mender", SAYS_CLUSTERS).rebuilt
    assert clock.now() and books.position().generation == 2
    assert audit(books).problems == ()
    assert books.resolve(second) == first
    apart_now = books.cluster("apart")
    assert apart_now and apart_now.split_from == third
    assert books.members("apart", 0, 10) == [apart]
    assert books.facts(books.revisions("quake"))[0].state == "assigned"  # type: ignore[union-attr]
    service.collection().intake.accept([ArticleIn(id="echo", text=QUAKE)])
    service.drain()
    assert audit(books).problems == ()


def test_what_is_right_stays_as_it_is(redis_client: redis.Redis) -> None:
    service = service_over(RedisStore(redis_client, WINDOW))
    collection = service.collection()
    collection.intake.accept_payloads([payload_from_row(row) for row in sample_rows()])
    service.drain()
    before = contents(collection.books)
    assert repair(service) == Repairs()
    repairs = repair(service, SAYS_CLUSTERS)
    assert (repairs.reassigned, repairs.rebuilt) == (0, len(records(collection.books)))
    assert contents(collection.books) == before
    assert audit(collection.books).clean
