"""Accepting, leasing, preparing and giving up on articles."""

from __future__ import annotations

import dataclasses
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import redis
from support.desk import FORGOTTEN_S, LEASE_S, MODEL, MONDAY, Desk, at, draft, enter, new_revision, sparse

from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.redis_store.keys import digest
from clusterer.core.errors import ModelMismatch
from clusterer.core.evidence.evidence import Sparse, encode_sparse
from clusterer.core.model import Cut, Document, Relation
from clusterer.core.records import Books, QueueFacts, Receipt
from clusterer.ports import CollectionStore

# -- accept


def test_articles_are_numbered_in_order_of_acceptance(desk: Desk) -> None:
    assert desk.receive("a", "b") == [Receipt("a", 1, 1, "accepted"), Receipt("b", 2, 1, "accepted")]
    assert desk.receive("c") == [Receipt("c", 3, 1, "accepted")]
    assert desk.books.accepted_seqs(0, 10) == [1, 2, 3]


def test_the_same_content_again_is_known_and_changes_nothing(desk: Desk) -> None:
    desk.receive("a")
    assert desk.receive("a") == [Receipt("a", 1, 1, "known")]
    assert desk.books.books() == Books(accepted=1, pending=1, assigned=0, dead=0, erased=0, expired=0)
    assert len(desk.lease("inbox")) == 1


def test_twice_in_one_call_is_accepted_once(desk: Desk) -> None:
    assert [receipt.outcome for receipt in desk.receive("a", "a")] == ["accepted", "known"]
    assert len(desk.lease("inbox")) == 1


def test_new_content_under_a_known_id_is_a_revision_of_its_own(desk: Desk) -> None:
    desk.receive("a")
    assert desk.receive("a", content="second") == [Receipt("a", 2, 2, "accepted")]
    assert desk.receive("a", content="third") == [Receipt("a", 3, 3, "accepted")]
    assert desk.books.revisions("a") == [1, 2, 3]
    first, _, third = (received for received in desk.books.received([1, 2, 3]) if received)
    assert (first.previous, third.previous) == (None, 2)
    assert third.article.text == "third text"


def test_a_trace_is_kept_while_its_article_is_pending(desk: Desk) -> None:
    sent = [
        dataclasses.replace(new_revision(id), trace=trace)
        for id, trace in (("a", b"A" * 24), ("b", b""), ("c", b"C" * 24))
    ]
    desk.books.accept(sent)
    desk.books.accept([dataclasses.replace(sent[0], trace=b"Z" * 24)])  # known: the first one counts
    assert desk.books.traces([1, 2, 3, 4]) == [b"A" * 24, b"", b"C" * 24, b""]
    desk.hand_over(draft(1), draft(3))
    assert desk.books.traces([3, 1]) == [b"C" * 24, b"A" * 24]
    entry = next(entry for entry in desk.lease("ready") if entry.seq == 3)
    desk.open("c1", 1)
    desk.books.mark_dead("ready", entry.entry, 3, "no", MONDAY)
    assert desk.books.traces([1, 3]) == [b"", b""]
    assert desk.books.retry_dead(3)
    assert desk.books.traces([3]) == [b""], "it was replayed by somebody else's request"


def test_a_late_retry_of_an_old_revision_gets_its_own_receipt(desk: Desk) -> None:
    desk.receive("a")
    desk.receive("a", content="second")
    assert desk.receive("a") == [Receipt("a", 1, 1, "known")]
    assert desk.books.revisions("a") == [1, 2]


def test_the_same_content_under_another_id_is_another_article(desk: Desk) -> None:
    assert [receipt.outcome for receipt in desk.receive("a", "b")] == ["accepted", "accepted"]


def test_articles_accepted_at_once_are_numbered_apart(desk: Desk) -> None:
    """Eight threads accept the same articles: each article once, whoever came first."""
    revisions = [new_revision(f"a{i}") for i in range(60)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: [desk.books.accept([one])[0] for one in revisions], range(8)))
    for receipts in zip(*answers, strict=True):
        assert len({receipt.seq for receipt in receipts}) == 1
        assert sorted(receipt.outcome for receipt in receipts) == ["accepted"] + ["known"] * 7
    assert desk.books.books().accepted == 60
    assert len(desk.lease("inbox")) == 60


def test_odd_ids_do_not_meet(desk: Desk) -> None:
    ids = ["a", "A", "a ", "a:b", "a}:inbox", "{news}", "*", "a/b", "é", "e\u0301", "\U0001f4f0", "1", "01"]
    assert desk.accept(*ids) == list(range(1, len(ids) + 1))
    assert [desk.books.revisions(article_id) for article_id in ids] == [[seq] for seq in range(1, len(ids) + 1)]


def test_an_accepted_article_comes_back_as_it_was_sent(desk: Desk) -> None:
    sent = new_revision("a", url="https://post.example/a", html="<p>Ö</p>", text=None, title=None, received_at=at(3))
    desk.books.accept([sent])
    assert desk.books.received([1]) == [dataclasses.replace(sent, seq=1)]


def test_unknown_seqs_have_nothing(desk: Desk) -> None:
    books = desk.books
    assert books.received([1]) == books.facts([1]) == books.registered([1]) == books.evidence([1]) == [None]
    assert (books.document(1), books.reasons(1), books.retry_dead(1)) == (None, None, False)
    assert books.revisions("a") == books.seqs_of_url("https://post.example/a") == books.copies_of(1, 10) == []


def test_more_items_than_a_call_takes_are_refused_whole(desk: Desk) -> None:
    with pytest.raises(ValueError, match="64"):
        desk.books.accept([new_revision(f"a{i}") for i in range(65)])
    assert desk.books.books().accepted == 0


def test_articles_are_found_by_url(desk: Desk) -> None:
    url = "https://post.example/a?x=1&y={2}"
    desk.accept("a", url=url)
    desk.accept("b", url="https://post.example/b")
    desk.accept("a", url=url, content="second")
    assert desk.books.seqs_of_url(url) == [1, 3]


def test_accepted_seqs_come_in_pages(desk: Desk) -> None:
    desk.accept(*[f"a{i}" for i in range(5)])
    assert desk.books.accepted_seqs(0, 2) == [1, 2]
    assert desk.books.accepted_seqs(2, 2) == [3, 4]
    assert desk.books.accepted_seqs(5, 2) == []


@pytest.mark.parametrize(
    "asked",
    [
        "https://post.example/a",
        "http://www.post.example/a/?utm_source=rss",
        "post.example/a#top",
        "https://amp.post.example/a",
    ],
)
def test_an_article_is_found_by_every_form_of_its_url(desk: Desk, redis_client: redis.Redis, asked: str) -> None:
    (seq,) = desk.accept("a", url="https://post.example/a")
    assert desk.books.seqs_of_url(asked) == [seq]
    old = "https://post.example/a?utm_source=x"
    redis_client.sadd(f"clu:{{news}}:url:{digest(old)}", 7)  # as a release before stored it
    assert desk.books.seqs_of_url(old) == [seq, 7]
    assert desk.books.erase(seq, MONDAY)
    assert desk.books.seqs_of_url(asked) == []


def test_what_was_not_accepted_is_kept_apart(desk: Desk) -> None:
    sent = json.dumps({"text": "x" * 20_000 + "\ud800 \u0301"})
    desk.books.reject(sent, "not an article", MONDAY, "elsewhere")
    assert desk.books.queue_facts().rejected_length == 1
    assert desk.books.books().accepted == 0
    (kept,) = desk.books.refusals("", 10)
    assert (kept.payload, kept.reason, kept.at, kept.sent_to) == (sent, "not an article", MONDAY, "elsewhere")
    assert desk.books.refusal(kept.number) == kept
    desk.books.reject("{}", "no \udc80 id", MONDAY, "work")
    assert [one.reason for one in desk.books.refusals("", 9)] == ["not an article", "no ? id"]


def test_refusals_are_listed_in_pages_and_dropped_one_by_one(desk: Desk) -> None:
    for number in range(5):
        desk.books.reject(str(number), "no", MONDAY, "work")
    first = desk.books.refusals("", 2)
    rest = desk.books.refusals(first[-1].number, 10)
    assert [kept.payload for kept in first + rest] == ["0", "1", "2", "3", "4"]
    assert desk.books.drop_refusal(first[1].number)
    assert not desk.books.drop_refusal(first[1].number)
    assert [kept.payload for kept in desk.books.refusals("", 10)] == ["0", "2", "3", "4"]
    for number in ("", "x", "1-1", "9" * 30, "0-0 \n"):
        assert desk.books.refusal(number) is None
        assert not desk.books.drop_refusal(number)


def test_of_refusals_the_oldest_go_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clusterer.adapters.redis_store.accepting._REFUSALS_KEPT", 3)
    for number in range(5):
        desk.books.reject(str(number), "no", MONDAY, "work")
    assert [kept.payload for kept in desk.books.refusals("", 10)] == ["2", "3", "4"]
    monkeypatch.setattr("clusterer.adapters.redis_store.accepting._REFUSAL_BYTES_KEPT", 2_000)
    noise = [random.Random(number).randbytes(500).hex() for number in range(6)]
    for payload in noise:
        desk.books.reject(payload, "no", MONDAY, "work")
    kept = [one.payload for one in desk.books.refusals("", 10)]
    assert kept == noise[-3:]
    desk.books.reject(random.Random(7).randbytes(5_000).hex(), "larger than all that is kept", MONDAY, "work")
    assert len(desk.books.refusals("", 10)) == 1


def test_a_death_says_after_how_many_attempts_and_when(desk: Desk) -> None:
    (seq, other) = desk.accept("a", "b")
    (entry, *_) = desk.books.lease("inbox", "w", 10, LEASE_S)
    for _ in range(3):
        desk.books.attempt(seq)
    desk.books.mark_dead("inbox", entry.entry, seq, "RuntimeError: broken", MONDAY)
    death, none = desk.books.deaths([seq, other])
    assert death is not None and (death.reason, death.attempts, death.died_at) == ("RuntimeError: broken", 3, MONDAY)
    assert none is None
    assert desk.books.retry_dead(seq)
    assert desk.books.deaths([seq]) == [None]


# -- lease


def test_new_entries_come_oldest_first_to_one_worker_only(desk: Desk) -> None:
    desk.accept("a", "b", "c")
    first = desk.books.lease("inbox", "w1", 2, LEASE_S)
    assert [(entry.seq, entry.deliveries) for entry in first] == [(1, 1), (2, 1)]
    assert [entry.seq for entry in desk.books.lease("inbox", "w2", 2, LEASE_S)] == [3]
    assert desk.books.lease("inbox", "w3", 2, LEASE_S) == []


def test_entries_whose_lease_ran_out_come_before_new_ones(desk: Desk) -> None:
    desk.accept("a", "b")
    desk.books.lease("inbox", "w1", 64, 0.05)
    desk.accept("c")
    assert [entry.seq for entry in desk.books.lease("inbox", "w2", 64, LEASE_S)] == [3]
    time.sleep(0.08)
    desk.accept("d")
    again = desk.books.lease("inbox", "w2", 3, 0.05)
    assert [entry.seq for entry in again] == [1, 2, 3]
    assert [entry.seq for entry in desk.books.lease("inbox", "w2", 3, LEASE_S)] == [4]


def test_each_delivery_counts(desk: Desk) -> None:
    desk.accept("a")
    assert [desk.lease("inbox", FORGOTTEN_S)[0].deliveries for _ in range(3)] == [1, 2, 3]


def test_an_entry_keeps_its_name_when_it_changes_hands(desk: Desk) -> None:
    desk.accept("a")
    names = {desk.books.lease("inbox", worker, 1, FORGOTTEN_S)[0].entry for worker in ("w1", "w2", "w1")}
    assert len(names) == 1


def test_entries_of_articles_that_are_done_are_not_leased(desk: Desk) -> None:
    first, second = desk.accept("a", "b")
    desk.lease("inbox")
    desk.books.mark_dead("inbox", desk.entries["inbox"][first], first, "bad", MONDAY)
    assert desk.waiting("inbox") == [second]


def test_entries_that_outlived_their_article_are_dropped(redis_client: redis.Redis) -> None:
    """No script leaves such entries; a stream restored by hand may hold them."""
    store = RedisStore(redis_client)
    store.create_collection("news", {})
    desk = Desk(store.collection("news"))
    first, second = desk.make_ready("a", "b")
    desk.open("c1", first)
    for seq in (first, second, second, 99):
        redis_client.xadd("clu:{news}:ready", {"s": seq})
    assert desk.waiting("ready") == [second]
    assert desk.books.queue_facts().ready_length == 1


# -- prepare


def test_fingerprint_and_document_are_kept_before_the_hand_over(desk: Desk) -> None:
    (seq,) = desk.accept("a", lang=None)
    document = Document("T", "text", (Cut("teaser", "rule"),), "article", True, "fi")
    enter(desk.books, seq, document=document)
    enter(desk.books, seq, document=document)
    (known,) = desk.books.registered([seq])
    assert known is not None
    kept = known.fingerprint
    assert (kept.exact, kept.shingles.tolist(), kept.scheme) == (1, [1, 2, 3, 4, 5], "words-5")
    assert (known.article_id, known.title, known.source, known.canonical) == ("a", "T", "Harbour Post", None)
    assert desk.books.document(seq) == document
    assert desk.books.evidence([seq]) == [None]
    (facts,) = desk.books.facts([seq])
    assert facts is not None
    assert (facts.title, facts.lang) == ("T", "fi")


def test_facts_before_and_after_the_hand_over(desk: Desk) -> None:
    (original, seq) = desk.accept("a", "b", url="https://post.example/a", received_at=at(5))
    (before,) = desk.books.facts([seq])
    assert before is not None
    assert (before.seq, before.article_id, before.source, before.lang) == (seq, "b", "Harbour Post", "en")
    assert (before.url, before.received_at, before.title) == ("https://post.example/a", at(5), "Title of b")
    assert (before.state, before.relations, before.cluster) == ("pending", (), None)
    desk.hand_over(draft(seq, copy_of=original, document=Document("Round-up", "", multi_event=True)))
    (after,) = desk.books.facts([seq])
    assert after is not None
    assert after.relations == (Relation("near", original, {"jaccard": 0.9}),)
    assert [known and known.canonical for known in desk.books.registered([original, seq])] == [None, original]
    assert (after.title, after.movable) == ("Clean title 2", False)


def test_facts_and_registered_articles_of_any_number(desk: Desk) -> None:
    for batch in range(3):
        desk.accept(*[f"a{batch}-{i}" for i in range(50)])
    seqs = list(range(150, 0, -1))
    assert [facts.seq for facts in desk.books.facts(seqs) if facts] == seqs
    assert desk.books.registered(seqs) == [None] * 150
    for seq in seqs:
        enter(desk.books, seq)
    assert [known.seq for known in desk.books.registered(seqs) if known] == seqs


def test_handed_over_articles_leave_the_inbox_for_the_ready_stream(desk: Desk) -> None:
    desk.accept("a", "b")
    desk.hand_over(draft(1))
    assert desk.waiting("inbox") == [2]
    assert desk.waiting("ready") == [1]
    (evidence,) = desk.books.evidence([1])
    assert evidence is not None
    assert (evidence.seq, evidence.sparse.terms, len(evidence.lead)) == (1, ("word1",), 3)
    (received,) = desk.books.received([1])
    assert received is not None
    assert (received.state, received.stage) == ("pending", "ready")


def test_a_second_hand_over_is_skipped(desk: Desk) -> None:
    desk.accept("a", "b")
    desk.hand_over(draft(1))
    late = draft(1, entry=desk.entries["inbox"][1], sparse=sparse("late"))
    desk.books.hand_over([late, draft(2, entry=desk.entries["inbox"][2])], MODEL)
    assert desk.waiting("ready") == [1, 2]
    assert desk.waiting("inbox") == []
    assert [one.sparse.terms for one in desk.books.evidence([1, 2]) if one] == [("word1",), ("word2",)]


def test_a_hand_over_after_burial_is_skipped(desk: Desk) -> None:
    desk.accept("a")
    desk.lease("inbox")
    desk.books.mark_dead("inbox", desk.entries["inbox"][1], 1, "bad", MONDAY)
    desk.hand_over(draft(1))
    assert desk.waiting("ready") == []
    assert desk.books.books().dead == 1


def test_a_slow_workers_answer_counts_after_a_replay(desk: Desk) -> None:
    desk.accept("a")
    desk.lease("inbox")
    slow = desk.entries["inbox"][1]
    desk.books.mark_dead("inbox", slow, 1, "bad", MONDAY)
    desk.books.retry_dead(1)
    desk.books.hand_over([draft(1, entry=slow)], MODEL)
    assert desk.waiting("ready") == [1]
    assert desk.waiting("inbox") == []


def test_vectors_of_another_model_are_refused(desk: Desk) -> None:
    desk.accept("a", "b", "c", "d")
    desk.hand_over(draft(1))
    with pytest.raises(ModelMismatch, match=MODEL):
        desk.hand_over(draft(2, copy_of=1), draft(3), model="model-b")
    assert desk.waiting("ready") == [1]
    desk.hand_over(draft(2, copy_of=1), model="model-b")  # a copy has no vectors
    desk.hand_over(draft(3))
    assert desk.waiting("ready") == [1, 2, 3]


def test_copies_alone_do_not_choose_the_model(desk: Desk) -> None:
    desk.accept("a", "b")
    desk.hand_over(draft(2, copy_of=1), model="model-b")
    desk.hand_over(draft(1))
    assert desk.waiting("ready") == [1, 2]


def test_vectors_are_kept_byte_for_byte(desk: Desk) -> None:
    (seq,) = desk.accept("a")
    raw = bytes(range(256))
    desk.hand_over(draft(seq, vector=raw))
    assert desk.books.vectors([99, seq]) == [None, raw]


def test_evidence_holds_what_is_known_of_an_article(desk: Desk) -> None:
    url = "https://post.example/2031/03/01/b"
    (original, seq) = desk.accept("a", "b", url=url, received_at=at(5), published_at=None)
    decoded = Sparse(("ferry", "weir"), b"\x01\x02", b"\x03\x04", b"\x05\x06")
    desk.hand_over(draft(original), draft(seq, copy_of=original, sparse=encode_sparse(decoded)))
    (evidence,) = desk.books.evidence([seq])
    assert evidence is not None
    assert (evidence.article_id, evidence.heading) == ("b", "Clean title 2")
    assert (evidence.source, evidence.lang) == ("Harbour Post", "en")
    assert (evidence.received_at, evidence.stated_at) == (at(5), None)
    assert evidence.published_at == datetime(2031, 3, 1, tzinfo=UTC)
    assert (evidence.copy_of, evidence.comparable, evidence.sparse) == (original, False, decoded)


def test_damaged_evidence_says_so(desk: Desk) -> None:
    (seq,) = desk.accept("a")
    desk.hand_over(draft(seq, sparse=b"damaged"))
    with pytest.raises(ValueError, match="sparse evidence"):
        desk.books.evidence([seq])


def test_an_article_without_vectors_that_is_no_copy(desk: Desk) -> None:
    (seq,) = desk.accept("a")
    desk.hand_over(draft(seq, vector=None, sparse=b""))
    (evidence,) = desk.books.evidence([seq])
    assert evidence is not None
    assert (evidence.comparable, evidence.copy_of, evidence.sparse) == (False, None, Sparse())


def test_articles_are_listed_under_what_their_first_relation_names(desk: Desk) -> None:
    desk.accept("a", "b", "c", "d")
    excerpt = Relation("excerpt_of", 1, {"containment": 0.8}, is_copy=False)
    desk.hand_over(draft(4, relations=(excerpt, Relation("version_of", 2, is_copy=False))))
    desk.hand_over(draft(3, copy_of=1))
    assert desk.books.copies_of(1, 10) == [3, 4]
    assert desk.books.copies_of(1, 1) == [3]
    assert desk.books.copies_of(2, 10) == []


# -- stuck articles


def test_attempts_are_counted_until_a_replay(desk: Desk) -> None:
    desk.accept("a", "b")
    desk.lease("inbox")
    assert [desk.books.attempt(1) for _ in range(3)] == [1, 2, 3]
    assert desk.books.attempt(2) == 1
    desk.books.mark_dead("inbox", desk.entries["inbox"][1], 1, "bad", MONDAY)
    desk.books.retry_dead(1)
    assert desk.books.attempt(1) == 1


def test_attempts_at_the_next_stage_are_counted_anew(desk: Desk) -> None:
    desk.accept("a")
    desk.lease("inbox")
    assert [desk.books.attempt(1) for _ in range(3)] == [1, 2, 3]
    desk.books.hand_over([draft(1, entry=desk.entries["inbox"][1])], MODEL)
    assert desk.books.attempt(1) == 1


def test_an_excused_attempt_does_not_count(desk: Desk) -> None:
    desk.accept("a")
    for _ in range(3):
        assert desk.books.attempt(1) == 1
        desk.books.take_back_attempt(1)
    desk.books.take_back_attempt(1)
    desk.books.take_back_attempt(99)
    assert desk.books.attempt(1) == 1


def test_a_buried_article_is_dead_with_its_reason(desk: Desk) -> None:
    desk.accept("a", "b", "c")
    desk.lease("inbox")
    for seq in (1, 3):
        desk.books.mark_dead("inbox", desk.entries["inbox"][seq], seq, f"bad {seq}", MONDAY)
    assert desk.books.dead(0, 10) == [(1, "bad 1"), (3, "bad 3")]
    assert desk.books.dead(0, 1) == [(1, "bad 1")]
    assert desk.books.dead(1, 10) == [(3, "bad 3")]
    (received,) = desk.books.received([1])
    assert received is not None
    assert (received.state, received.reason) == ("dead", "bad 1")
    assert desk.books.books() == Books(accepted=3, pending=1, assigned=0, dead=2, erased=0, expired=0)
    assert desk.books.queue_facts().dead_length == 2


def test_burying_twice_or_late_changes_nothing(desk: Desk) -> None:
    desk.accept("a", "b")
    desk.lease("inbox")
    inbox = desk.entries["inbox"]
    desk.books.mark_dead("inbox", inbox[1], 1, "bad", MONDAY)
    desk.books.mark_dead("inbox", inbox[1], 1, "worse", MONDAY)
    desk.hand_over(draft(2))
    desk.books.mark_dead("inbox", inbox[2], 2, "late", MONDAY)
    assert desk.books.dead(0, 10) == [(1, "bad")]
    assert desk.waiting("ready") == [2]


def test_an_assigned_article_cannot_be_buried(desk: Desk) -> None:
    (seq,) = desk.make_cluster("c1", "a")
    desk.books.mark_dead("ready", desk.entries["ready"][seq], seq, "late", MONDAY)
    assert desk.books.books().assigned == 1


def test_a_dead_article_can_be_replayed_once(desk: Desk) -> None:
    (seq,) = desk.make_ready("a")
    desk.lease("ready")
    desk.books.mark_dead("ready", desk.entries["ready"][seq], seq, "bad", MONDAY)
    assert desk.waiting("ready") == []
    assert desk.books.retry_dead(seq)
    assert not desk.books.retry_dead(seq)
    assert desk.books.dead(0, 10) == []
    assert desk.books.evidence([seq]) == [None]
    assert desk.waiting("inbox") == [seq]
    desk.hand_over(draft(seq))
    assert desk.open("c1", seq).status == "committed"


def test_sweeping_healthy_books_finds_nothing(desk: Desk) -> None:
    (original, *_) = desk.make_ready("a", "b")
    desk.make_copies(original, "c")
    desk.follow(original, 3)
    desk.accept("d")
    desk.lease("inbox")
    assert desk.books.sweep() == 0


def test_queue_facts_of_empty_and_filled_queues(desk: Desk) -> None:
    assert dataclasses.replace(desk.books.queue_facts(), memory_ratio=0.0) == QueueFacts()
    desk.make_ready("a")
    desk.accept("b", "c")
    desk.lease("inbox")
    time.sleep(0.05)
    facts = desk.books.queue_facts()
    assert (facts.inbox_length, facts.ready_length) == (2, 1)
    assert 0.04 <= facts.inbox_age_s < 600
    assert 0.04 <= facts.ready_age_s < 600


# -- boilerplate


def test_boilerplate_profiles_are_replaced_and_forgotten(books: CollectionStore) -> None:
    assert books.boilerplate("Post") is None
    books.save_boilerplate("Post", b"\x00one")
    books.save_boilerplate("Post", b"\x00two")
    books.save_boilerplate("Echo {*}", b"three")
    assert (books.boilerplate("Post"), books.boilerplate("Echo {*}")) == (b"\x00two", b"three")
    assert books.boilerplate_sources() == ["Echo {*}", "Post"]
    books.save_boilerplate("Post", None)
    books.save_boilerplate("Post", None)
    assert books.boilerplate("Post") is None
    assert books.boilerplate_sources() == ["Echo {*}"]
    books.save_boilerplates({"Post": b"four", "Echo {*}": b"\x00five"})
    books.save_boilerplates({})
    assert (books.boilerplate("Post"), books.boilerplate("Echo {*}")) == (b"four", b"\x00five")
