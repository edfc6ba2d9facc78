"""Webhooks to a real receiver that stalls, breaks, refuses and repeats itself: each change once and in order, none lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from support.articles import FLOOD, STRIKE, SetClock, article
from support.receiver import HASTE_S, PATIENCE_S, Receiver, receiving

from clusterer.adapters.webhook_sender import HttpSender
from clusterer.bootstrap import Clusterer
from clusterer.core.errors import InvalidCursor, NotDelivered, NotFound
from clusterer.pipeline.collection import Collection
from clusterer.ports import Answer


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as known:
        yield known


class Sender:
    """Hasty where the receiver is about to be slow, and patient else: how long a busy machine takes over an answer decides no test."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        slow = self._receiver.plan and self._receiver.plan[0] in ("stall", "drip")
        sender = HttpSender(allow_private=True, timeout_s=HASTE_S if slow else PATIENCE_S)
        return sender.send(url, headers, body)

    def objection(self, url: str) -> str | None:
        return None


@pytest.fixture
def service(make_service: Callable[..., Clusterer], receiver: Receiver) -> Clusterer:
    service = make_service()
    service.webhook_sender = Sender(receiver)
    return service


def happen(service: Clusterer, *names: str) -> None:
    """One change an article."""
    for name in names:
        service.collection().intake.accept([article(name, f"{name} {FLOOD if len(name) % 2 else STRIKE}")])
        service.drain()


def deliver_all(service: Clusterer, clock: SetClock, rounds: int = 20) -> None:
    for _ in range(rounds):
        service.deliver_webhooks("w")
        clock.forward(hours=1)


def numbers(collection: Collection) -> list[int]:
    return [change.number for change in collection.books.changes(0, 1_000)]


def test_every_change_comes_once_in_order_and_signed(
    service: Clusterer, collection: Collection, receiver: Receiver
) -> None:
    happen(service, "before")
    made = collection.webhooks.create(receiver.url)
    receiver.secret = made.secret
    start = collection.books.position().change
    happen(service, "one", "two", "three")
    assert service.deliver_webhooks("w") == len(receiver.taken)
    assert receiver.taken == [number for number in numbers(collection) if number > start]
    assert receiver.signed == [True] * len(receiver.taken)
    change = collection.lookup.changes(collection.lookup.cursor_after(start), 1).data[0]
    _, first = receiver.heard[0]
    assert (first["type"], first["data"]["cluster_id"]) == (f"cluster.{change.kind}", change.cluster_id)
    assert (first["data"]["article_ids"], first["data"]["collection"]) == (list(change.article_ids), "default")
    assert service.deliver_webhooks("w") == 0
    assert collection.webhooks.get(made.id).cursor == collection.books.position().change


@pytest.mark.parametrize("trouble", [500, 404, 302, "stall", "break", "drip", "lost"])
def test_whatever_the_receiver_does_nothing_is_lost_or_doubled_or_out_of_order(
    trouble: int | str, service: Clusterer, collection: Collection, receiver: Receiver, clock: SetClock
) -> None:
    made = collection.webhooks.create(receiver.url)
    happen(service, "one", "two", "three")
    receiver.plan.extend([204, trouble, trouble])
    assert service.deliver_webhooks("w") == 1, "what comes after the one that failed has to wait"
    assert not receiver.ended, "nor does a slow receiver keep others waiting for long"
    failed = collection.webhooks.get(made.id)
    assert (failed.failures, failed.cursor, failed.disabled) == (1, 1, None)
    assert failed.last_error
    assert service.deliver_webhooks("w") == 0, "not before the pause is over"
    deliver_all(service, clock)
    assert receiver.taken == numbers(collection)
    repeated = [message_id for message_id, _ in receiver.heard if message_id.endswith("_2")]
    assert len(repeated) == 3
    assert len(set(repeated)) == 1, "sent again under the same id"
    assert collection.webhooks.get(made.id).failures == 0


@pytest.mark.parametrize(
    ("asked", "pause_s"), [("120", 120), ("{in 300 s}", 300), ("99999999999", 3600), ("1", 5), ("soon", 5)]
)
def test_a_receiver_that_asks_for_a_longer_pause_gets_it(
    asked: str, pause_s: int, service: Clusterer, collection: Collection, receiver: Receiver, clock: SetClock
) -> None:
    made = collection.webhooks.create(receiver.url)
    happen(service, "one")
    receiver.retry_after = asked.replace(
        "{in 300 s}", format_datetime(clock.now() + timedelta(seconds=300), usegmt=True)
    )
    receiver.plan.append(429)
    assert service.deliver_webhooks("w") == 0
    at = collection.webhooks.get(made.id).next_attempt_at
    assert at is not None
    assert abs((at - clock.now()).total_seconds() - pause_s) < 1
    clock.forward(seconds=pause_s + 1)
    assert service.deliver_webhooks("w") == len(receiver.taken) > 0


def test_an_endpoint_that_fails_for_days_is_disabled_and_goes_on_where_it_stopped(
    service: Clusterer, collection: Collection, receiver: Receiver, clock: SetClock
) -> None:
    made = collection.webhooks.create(receiver.url)
    happen(service, "one", "two")
    receiver.plan.extend([204, *[500] * 500])
    deliver_all(service, clock, 100)
    ended = collection.webhooks.get(made.id)
    assert "it answered 500" in str(ended.disabled)
    attempts = len(receiver.heard)
    deliver_all(service, clock, 5)
    assert len(receiver.heard) == attempts
    receiver.plan.clear()
    happen(service, "three")
    assert collection.webhooks.replay(made.id).disabled is None
    deliver_all(service, clock, 2)
    assert receiver.taken == numbers(collection)


def test_one_that_fails_does_not_hold_up_another(
    service: Clusterer, collection: Collection, receiver: Receiver, clock: SetClock
) -> None:
    collection.webhooks.create("http://127.0.0.1:9/nobody-listens")
    collection.webhooks.create(receiver.url)
    happen(service, "one", "two")
    service.deliver_webhooks("w")
    assert receiver.taken == numbers(collection)


def test_one_that_takes_its_time_does_not_hold_up_another(
    service: Clusterer, collection: Collection, clock: SetClock
) -> None:
    sent: list[tuple[str, str]] = []

    class Slow:
        def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            clock.forward(seconds=4 if "slow" in url else 0)
            sent.append((url, headers["webhook-id"].rpartition("_")[2]))
            return Answer(204)

    service.webhook_sender = Slow()
    urls = "https://slow.example/", "https://quick.example/"
    for url in urls:
        collection.webhooks.create(url)
    happen(service, *[f"a{number}" for number in range(12)])
    changes = [str(number) for number in numbers(collection)]
    service.deliver_webhooks("w")
    slow, quick = ([number for to, number in sent if to == url] for url in urls)
    assert quick == changes
    assert slow == changes[:3]
    while service.deliver_webhooks("w"):
        pass
    assert [number for to, number in sent if to == urls[0]] == changes


def test_a_replay_begins_after_a_cursor(service: Clusterer, collection: Collection, receiver: Receiver) -> None:
    made = collection.webhooks.create(receiver.url, collection.lookup.cursor_after(0))
    happen(service, "one", "two", "three")
    service.deliver_webhooks("w")
    collection.webhooks.replay(made.id, collection.lookup.cursor_after(numbers(collection)[-2]))
    assert service.deliver_webhooks("w") == 1
    assert [message_id for message_id, _ in receiver.heard][-2:] == [receiver.heard[-1][0]] * 2
    with pytest.raises(InvalidCursor):
        collection.webhooks.replay(made.id, "x")


def test_two_processes_do_not_send_twice(service: Clusterer, collection: Collection, receiver: Receiver) -> None:
    collection.webhooks.create(receiver.url)
    happen(service, *[f"a{number}" for number in range(12)])
    threads = [threading.Thread(target=service.deliver_webhooks, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    service.deliver_webhooks("w")
    assert receiver.taken == numbers(collection)
    assert len(receiver.heard) == len(receiver.taken)


def test_what_is_registered_anew_meanwhile_is_not_overwritten(
    service: Clusterer, collection: Collection, receiver: Receiver
) -> None:
    made = collection.webhooks.create(receiver.url)
    books = collection.books
    assert books.replace_webhook(made.id, made, replace(made, cursor=5))
    assert not books.replace_webhook(made.id, made, replace(made, cursor=9))
    assert collection.webhooks.get(made.id).cursor == 5
    collection.webhooks.delete(made.id)
    assert not books.replace_webhook(made.id, replace(made, cursor=5), replace(made, cursor=6))
    assert collection.webhooks.all() == ()
    with pytest.raises(NotFound):
        collection.webhooks.delete(made.id)


def test_changes_that_are_no_longer_kept_disable_it(
    service: Clusterer, collection: Collection, receiver: Receiver, clock: SetClock
) -> None:
    made = collection.webhooks.create(receiver.url)
    happen(service, "one", "two")
    clock.forward(days=9)
    assert collection.books.trim_changes(clock.now() - timedelta(days=1), 100) > 0
    happen(service, "three")
    service.deliver_webhooks("w")
    assert "no longer kept" in str(collection.webhooks.get(made.id).disabled)
    assert receiver.heard == []


def test_a_test_event_moves_nothing(service: Clusterer, collection: Collection, receiver: Receiver) -> None:
    made = collection.webhooks.create(receiver.url)
    receiver.plan.extend([418])
    assert (collection.webhooks.test(made.id), collection.webhooks.test(made.id)) == (418, 204)
    assert [message["type"] for _, message in receiver.heard] == ["webhook.test"] * 2
    assert collection.webhooks.get(made.id) == made


def test_private_addresses_are_refused_unless_allowed(
    make_service: Callable[..., Clusterer], receiver: Receiver
) -> None:
    collection = make_service().collection()
    port = receiver.url.split(":")[2].split("/")[0]
    for host in ("127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"):
        made = collection.webhooks.create(f"http://{host}:{port}/")
        with pytest.raises(
            NotDelivered,
            match=r"private network; CLUSTERER_WEBHOOKS_TO_PRIVATE_ADDRESSES=true|no address|resolution|not known",
        ):
            collection.webhooks.test(made.id)
    assert receiver.heard == []
    allowed = make_service(webhooks_to_private_addresses=True).collection()
    assert allowed.webhooks.test(allowed.webhooks.create(receiver.url).id) == 204


@pytest.mark.parametrize("body", ["drip", "endless"])
def test_what_follows_a_receivers_status_is_not_waited_for(
    service: Clusterer, collection: Collection, receiver: Receiver, body: str
) -> None:
    """Also where it says that it will close, which leaves no connection to cut."""
    collection.webhooks.create(receiver.url)
    happen(service, "one")
    receiver.plan.extend([f"204 {body}"] * 20)
    assert service.deliver_webhooks("w") == len(receiver.taken) > 0
    assert not receiver.ended, "it was still talking"


def test_a_clock_that_was_put_back_silences_no_endpoint(
    service: Clusterer, collection: Collection, clock: SetClock, receiver: Receiver
) -> None:
    collection.webhooks.create(receiver.url)
    happen(service, "one")
    clock.forward(days=400)
    receiver.plan.append(500)
    assert service.deliver_webhooks("w") == 0
    clock.forward(days=-400)
    assert service.deliver_webhooks("w") == len(receiver.taken) > 0


def test_a_collection_that_is_deleted_during_a_delivery_ends_it_and_leaves_nothing(
    service: Clusterer, receiver: Receiver
) -> None:
    service.store.create_collection("news", {})
    news = service.collection("news")
    for _ in range(2):
        news.webhooks.create(receiver.url)
    news.intake.accept([article("a", FLOOD), article("b", STRIKE)])
    service.drain()
    receiver.plan.append("hold")
    thread = threading.Thread(target=service.deliver_webhooks, args=("w",))
    thread.start()
    while not receiver.heard:
        time.sleep(0.005)
    service.store.delete_collection("news")
    receiver.released.set()
    thread.join(2 * PATIENCE_S)
    assert not thread.is_alive()
    assert len(receiver.heard) == 1
    service.store.create_collection("news", {})
    assert service.collection("news").webhooks.all() == ()
    assert service.deliver_webhooks("w") == 0
