"""Erasure and retention in Redis: what must be gone, what must stay, and that the counters follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from desk import MONDAY, Desk, assignment_of, at, clusters, new_revision, prepared

from clusterer.core.model import Document

pytestmark = pytest.mark.parametrize("backend", ["redis"], indirect=True)

WORD = "zephyrous"


def telling(seq: int, **fields: object) -> object:
    return prepared(seq, document=Document(f"{WORD} title", f"a {WORD} text", lang="en"), **fields)


def make_telling_article(desk: Desk, article_id: str = "https://example.org/private-17") -> int:
    (seq,) = desk.accept(article_id, text=f"a {WORD} text", title=f"{WORD} title", url="https://example.org/17")
    desk.lease("inbox")
    desk.books.keep_fingerprint(seq, telling(seq).fingerprint, telling(seq).document)  # type: ignore[attr-defined]
    desk.books.register(seq, b"exact", [b"band 1", b"band 2"], [b"sketch"], MONDAY)
    desk.hand_over(telling(seq))  # type: ignore[arg-type]
    return seq


def test_nothing_of_an_erased_article_is_found_anywhere(desk: Desk) -> None:
    article_id = "https://example.org/private-17"
    seq = make_telling_article(desk, article_id)
    traces = desk.books.erased_traces(seq, article_id, [WORD])
    assert {f"a:{seq}", f"v:{seq}", "ready", "pending"} <= set(traces)
    assert any(name.startswith("p:") for name in traces)
    assert desk.open("c1", seq).status == "committed"
    assert {"g1:assign", "g1:m:c1", "finished"} <= set(desk.books.erased_traces(seq, article_id, [WORD]))
    assert desk.books.erase(seq, at(5))
    assert desk.books.erased_traces(seq, article_id, [WORD]) == []
    assert not desk.books.erase(seq, at(6))


def test_traces_in_other_articles_are_found(desk: Desk) -> None:
    seq = make_telling_article(desk)
    other = make_telling_article(desk, "another")
    desk.books.erase(seq, MONDAY)
    assert desk.books.erased_traces(seq, "private-17", [WORD]) == [f"a:{other}"]


def test_a_tombstone_stays(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    desk.books.erase(seq, MONDAY)
    facts, received = desk.books.facts([seq])[0], desk.books.received([seq])[0]
    assert facts is not None
    assert received is not None
    assert (facts.state, facts.article_id, facts.title, facts.source, facts.cluster) == ("erased", "", "", None, None)
    assert (received.state, received.article.text, received.revision) == ("erased", None, 1)
    assert desk.books.revisions("a") == [seq]
    assert desk.books.document(seq) is None
    assert desk.books.reasons(seq) is None
    assert desk.books.evidence([seq]) == [None]
    assert desk.books.fingerprints([seq]) == [None]
    assert desk.books.accepted_seqs(0, 10) == [seq]


def test_an_erased_id_that_is_sent_again_is_a_new_revision(desk: Desk) -> None:
    (seq,) = desk.accept("a")
    desk.books.erase(seq, MONDAY)
    (receipt,) = desk.receive("a")
    assert (receipt.outcome, receipt.revision, receipt.seq) == ("accepted", 2, seq + 1)
    assert desk.books.revisions("a") == [seq, seq + 1]


def test_counters_follow_and_the_feed_says_so(desk: Desk) -> None:
    first, second, third = desk.make_cluster("c1", "a", "b", "c")
    desk.books.erase(first, at(5))
    record = desk.books.cluster("c1")
    assert record is not None
    assert (record.article_count, record.sources, record.revision) == (2, {"Harbour Post": 2}, 4)
    assert assignment_of(desk.books.changes(0, 100)) == {second: "c1", third: "c1"}
    last = desk.books.changes(0, 100)[-1]
    assert (last.kind, last.cluster, last.seqs, last.at) == ("erased", "c1", (first,), at(5))
    desk.books.erase(second, at(6))
    desk.books.erase(third, at(7))
    record = desk.books.cluster("c1")
    assert record is not None
    assert (record.status, record.article_count, record.origin_count) == ("retired", 0, 0)
    assert [change.kind for change in desk.books.changes(0, 100)][-2:] == ["erased", "retired"]
    assert desk.books.resolve("c1") is None
    assert clusters(desk.books) == {}


def test_the_time_span_is_that_of_the_members_left(desk: Desk) -> None:
    early = desk.make_ready("a", received_at=at(0))[0]
    late = desk.make_ready("b", received_at=at(9))[0]
    desk.open("c1", early)
    desk.join("c1", late)
    desk.books.erase(early, at(10))
    record = desk.books.cluster("c1")
    assert record is not None
    assert (record.first_seen, record.last_seen) == (at(9), at(9))


@pytest.mark.parametrize("stage", ["inbox", "leased", "ready", "parked", "dead"])
def test_an_article_can_be_erased_wherever_it_is(desk: Desk, stage: str) -> None:
    (original,) = desk.make_ready("original")
    (seq,) = desk.accept("a")
    if stage != "inbox":
        entry = desk.lease("inbox")[0].entry
    if stage == "dead":
        desk.books.bury("inbox", entry, seq, "no", MONDAY)
    if stage in ("ready", "parked"):
        desk.hand_over(prepared(seq, copy_of=original))
    if stage == "parked":
        assert desk.follow(original, seq)[0].status == "parked"
    assert desk.books.erase(seq, MONDAY)
    assert desk.books.books().erased == 1
    assert seq not in desk.waiting("inbox") + desk.waiting("ready")
    assert desk.books.dead(0, 10) == []
    assert desk.books.copies_of(original, 10) == []
    assert desk.open("c1", original).status == "committed"
    assert desk.waiting("ready") == []
    assert desk.books.changes(0, 1)[0].kind == "erased"


def test_a_worker_that_still_holds_an_erased_article_writes_nothing(desk: Desk, redis_client: redis.Redis) -> None:
    (seq,) = desk.accept("a")
    desk.lease("inbox")
    desk.books.erase(seq, MONDAY)
    tombstone = redis_client.hgetall(f"clu:{{news}}:a:{seq}")
    item = prepared(seq)
    desk.books.keep_fingerprint(seq, item.fingerprint, item.document)
    assert desk.books.register(seq, b"exact", [b"band"], [], MONDAY).exact == {}
    desk.books.hand_over("w1", [(desk.entries["inbox"][seq], item)], "model-a")
    desk.books.bury("inbox", desk.entries["inbox"][seq], seq, "no", MONDAY)
    assert desk.books.attempt(seq) == 0
    assert not desk.books.replay(seq)
    assert desk.commit(desk.item(seq, "open", "c1"))[0].status == "duplicate"
    assert redis_client.hgetall(f"clu:{{news}}:a:{seq}") == tombstone


def test_copies_that_waited_for_an_erased_article_are_compared_anew(desk: Desk) -> None:
    (original,) = desk.make_ready("original")
    (copy,) = desk.make_copies(original, "copy")
    desk.follow(original, copy)
    desk.books.erase(original, MONDAY)
    assert desk.waiting("inbox") == [copy]
    assert desk.books.evidence([copy]) == [None]


def test_only_the_erased_article_leaves_a_long_posting_list(desk: Desk) -> None:
    """A list of more than fifteen is kept in several pieces."""
    seqs = [seq for n in range(4) for seq in desk.accept(*[f"{n}/{i}" for i in range(10)])]
    for seq in seqs:
        desk.books.register(seq, b"same", [b"%d" % seq], [], MONDAY)
    for seq in (1, 16, 17, 33, 40):
        desk.books.erase(seq, MONDAY)
        assert desk.books.erased_traces(seq, "no such id", []) == []
    (late,) = desk.accept("late")
    hits = desk.books.register(late, b"same", [], [], MONDAY)
    assert sorted(hits.exact) == [seq for seq in seqs if seq not in (1, 16, 17, 33, 40)]


def test_erasing_one_revision_leaves_the_other(desk: Desk) -> None:
    (first,) = desk.accept("a")
    (second,) = desk.accept("a", content="second")
    desk.books.erase(first, MONDAY)
    assert desk.books.revisions("a") == [first, second]
    received = desk.books.received([second])[0]
    assert received is not None
    assert (received.previous, received.article.id) == (first, "a")
    assert desk.receive("a", content="second")[0].outcome == "known"


def test_urls_lead_no_longer_to_an_erased_article(desk: Desk) -> None:
    url = "https://example.org/1"
    first, second = desk.accept("a", "b", url=url)
    desk.books.erase(first, MONDAY)
    assert desk.books.seqs_of_url(url) == [second]


def test_erasure_reaches_unpublished_and_former_generations(desk: Desk) -> None:
    first, second = desk.make_cluster("c1", "a", "b")
    staged = desk.books.begin_generation()
    desk.books.stage(staged, [(first, "c1"), (second, "c2")])
    desk.books.erase(first, MONDAY)
    assert desk.books.members("c1", 0, 10, staged) == []
    assert desk.books.flip(1, staged, desk.books.position().change, [], MONDAY)
    desk.books.erase(second, MONDAY)
    assert desk.books.members("c1", 0, 10, 1) == []
    assert desk.books.erased_traces(second, "b", []) == []


# -- retention -----------------------------------------------------------------------------------------------------------------


def test_the_oldest_finished_articles_expire_first(desk: Desk) -> None:
    newest = desk.make_ready("new", received_at=at(100))[0]
    older = desk.make_ready("older", received_at=at(20))[0]
    oldest = desk.make_ready("oldest", received_at=at(10))[0]
    for seq in (newest, older, oldest):
        desk.open(f"c{seq}", seq)
    number = desk.books.position().change
    assert desk.books.expire(at(50), 1, at(200)) == 1
    assert desk.books.facts([oldest])[0].state == "expired"  # type: ignore[union-attr]
    assert desk.books.expire(at(50), 10, at(200)) == 1
    assert desk.books.expire(at(50), 10, at(200)) == 0
    assert desk.books.facts([newest])[0].state == "assigned"  # type: ignore[union-attr]
    assert desk.books.books().expired == 2
    assert {change.kind for change in desk.books.changes(number, 10)} == {"retired"}
    assert clusters(desk.books) == {f"c{newest}": [newest]}
    assert desk.books.erased_traces(oldest, "oldest", [f"clean text {oldest}"]) == []


def test_pending_articles_do_not_expire_and_dead_ones_do(desk: Desk) -> None:
    pending, dead = desk.accept("a", "b")
    desk.lease("inbox")
    desk.books.bury("inbox", desk.entries["inbox"][dead], dead, "no", MONDAY)
    assert desk.books.expire(MONDAY + timedelta(days=1), 10, MONDAY) == 1
    assert desk.books.dead(0, 10) == []
    assert desk.books.facts([pending])[0].state == "pending"  # type: ignore[union-attr]


def test_a_replayed_article_no_longer_expires(desk: Desk) -> None:
    (seq,) = desk.accept("a")
    desk.lease("inbox")
    desk.books.bury("inbox", desk.entries["inbox"][seq], seq, "no", MONDAY)
    desk.books.replay(seq)
    assert desk.books.expire(MONDAY + timedelta(days=1), 10, MONDAY) == 0


def test_an_expired_article_can_still_be_erased(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    desk.books.expire(MONDAY + timedelta(days=1), 10, MONDAY)
    assert desk.books.erase(seq, MONDAY)
    assert (desk.books.books().expired, desk.books.books().erased) == (0, 1)
    assert desk.books.revisions("a") == [seq]


def test_expiry_works_in_slices(desk: Desk) -> None:
    desk.make_cluster("c1", *[f"a{i}" for i in range(50)])
    desk.make_cluster("c2", *[f"b{i}" for i in range(50)])
    assert desk.books.expire(MONDAY + timedelta(days=1), 1_000, MONDAY) == 100
    assert clusters(desk.books) == {}
    assert desk.books.accept([new_revision("a0")])[0].outcome == "accepted"
