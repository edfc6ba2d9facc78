"""Traces of articles: one from the request to the commit, whatever happens between, and none where nobody asked for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
import pytest
import redis
import structlog
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from structlog.testing import LogCapture
from support.api import FLOOD, STRIKE
from support.articles import WINDOW
from support.receiver import Receiver, receiving
from support.spans import CALLER, NOT_SAMPLED, TRACE, TRACEPARENT, Seen, Traced, collecting

from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.tracing import OpenTelemetry, send_spans
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer, connect_patiently
from clusterer.core.errors import StoreUnavailable
from clusterer.ports import Tracer
from clusterer.settings import Settings, SettingsError

ARTICLE_SPANS = ("prepare", "assign")


@dataclass
class Desk:
    """A traced service with its API."""

    service: Clusterer
    client: TestClient
    spans: Traced

    def post(self, *ids: str, traceparent: str | None = TRACEPARENT, text: str = FLOOD) -> httpx.Response:
        """Sends articles of different texts in one request."""
        body = [{"id": id, "text": f"{text} That was {id}."} for id in ids]
        headers = {"traceparent": traceparent} if traceparent else {}
        answer = self.client.post("/v1/articles:batch", json=body, headers=headers)
        assert answer.json()["accepted"] == len(ids)
        return answer

    def traces(self, *seqs: int) -> list[bytes]:
        return self.service.collection().books.traces(seqs)


@pytest.fixture
def make_desk(redis_client: redis.Redis) -> Callable[..., Desk]:
    def make(tracer: Tracer | None = None, **settings: object) -> Desk:
        spans = Traced()
        service = Clusterer.over(
            RedisStore(redis_client, WINDOW),
            Settings(model="hashing", webhooks_to_private_addresses=True, **settings),
            encoder=HashingEncoder(64),
            tracer=tracer or spans.tracer,
        )
        return Desk(service, TestClient(create_app(service), "http://localhost"), spans)

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def logged() -> Iterator[LogCapture]:
    """Lines of the log with what is bound to them."""
    capture = LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture
    structlog.reset_defaults()


def by_article(spans: Sequence[Seen]) -> dict[object, list[Seen]]:
    found: dict[object, list[Seen]] = {}
    for span in spans:
        found.setdefault(span.facts.get("clusterer.article.id"), []).append(span)
    return found


def test_one_trace_from_the_request_to_the_commit(desk: Desk) -> None:
    desk.post("a/1", "b", "c")
    other = TRACEPARENT.replace("4bf9", "aaaa")
    desk.post("d", traceparent=other, text=STRIKE)
    desk.service.drain()
    request, second = desk.spans("POST /v1/articles:batch")
    assert (request.trace, request.parent, second.trace) == (TRACE, CALLER, other[3:35])
    accepts = {span.trace: span for span in desk.spans("accept")}
    assert accepts[TRACE].parent == request.id
    for name in ARTICLE_SPANS:
        batch = desk.spans.one(f"{name} batch")
        found = by_article(desk.spans(name))
        assert found.keys() == {"a/1", "b", "c", "d"}
        assert batch.trace not in (TRACE, other[3:35]), "it belongs to several traces"
        assert batch.links == {span.id for span in accepts.values()}
        assert len({span.began_at_ns for span in desk.spans(name)}) == 1, (
            "what comes before an article in its batch is time that it waits"
        )
        for id, (span,) in found.items():
            accept = accepts[other[3:35] if id == "d" else TRACE]
            assert (span.trace, span.parent, span.links) == (accept.trace, accept.id, {batch.id}), (name, id)
            assert not span.failed
    for name, within in (
        ("clean", "prepare"),
        ("fingerprint", "prepare"),
        ("decide", "assign"),
        ("second look", "assign"),
    ):
        assert {span.parent for span in desk.spans(name)} == {span.id for span in desk.spans(within)}, name
    for name, within in (("register", "prepare"), ("relate", "prepare"), ("embed", "prepare"), ("commit", "assign")):
        assert {span.parent for span in desk.spans(name)} == {desk.spans.one(f"{within} batch").id}, name
    assert desk.spans.one("hand over").parent == desk.spans.one("prepare batch").id
    counts = {
        name: desk.spans.one(name).facts["clusterer.articles"] for name in ("register", "relate", "embed", "commit")
    }
    assert counts == {"register": 4, "relate": 4, "embed": 2, "commit": 4}
    prepared = [
        (span.facts["clusterer.outcome"], span.facts["clusterer.article.revision"]) for span in desk.spans("prepare")
    ]
    assert prepared == [("new", 1), ("near", 1), ("near", 1), ("new", 1)]
    view = desk.service.collection().lookup.article("a/1")
    assigned = by_article(desk.spans("assign"))["a/1"][0].facts
    assert assigned["clusterer.status"] == "committed"
    assert assigned["clusterer.cluster.id"] == view.cluster_id


def test_a_span_of_a_request_tells_its_route_and_not_what_somebody_looked_for(desk: Desk) -> None:
    desk.post("a/1")
    assert desk.client.get("/v1/articles", params={"words": "secret"}).status_code == 200
    assert desk.client.get("/v1/articles/a%2F1").status_code == 200
    assert desk.client.get("/v1/nowhere/secret").status_code == 404
    for path in ("/healthz", "/readyz", "/metrics"):
        assert desk.client.get(path, headers={"traceparent": TRACEPARENT}).status_code == 200
    spans = [span for span in desk.spans() if span.name.startswith("GET")]
    assert [span.name for span in spans] == ["GET /v1/articles", "GET /v1/articles/{article_id}", "GET unmatched"]
    assert [span.facts["http.response.status_code"] for span in spans] == [200, 200, 404]
    assert spans[1].facts["clusterer.article.id"] == "a/1"
    assert not [span for span in spans if "secret" in repr(span)]


@pytest.mark.parametrize(
    "header", [None, "", "00-zz-1", TRACEPARENT.upper(), "ff" + TRACEPARENT[2:], TRACEPARENT + "x"]
)
def test_without_a_trace_of_the_caller_one_begins_here(desk: Desk, header: str | None) -> None:
    desk.post("a", traceparent=header)
    desk.service.drain()
    (request,) = desk.spans("POST /v1/articles:batch")
    assert request.parent == ""
    assert {span.trace for span in desk.spans("accept", *ARTICLE_SPANS)} == {request.trace}


def test_what_the_caller_does_not_sample_is_neither_kept_nor_sent(desk: Desk) -> None:
    desk.post("a", "b", traceparent=NOT_SAMPLED)
    assert desk.traces(1, 2) == [b"", b""]
    with desk.spans.tracer.operation("what the worker was asked for"):
        desk.service.drain()
    assert [span.name for span in desk.spans()] == ["what the worker was asked for"]
    desk.post("c", text=STRIKE)  # beside some that are not
    desk.post("d", traceparent=NOT_SAMPLED, text=STRIKE)
    desk.service.drain()
    assert {id for name in ARTICLE_SPANS for id in by_article(desk.spans(name))} == {"c"}
    assert len(desk.spans("clean", "decide")) == 2


def test_the_batch_of_a_sampled_article_is_sampled(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    desk = make_desk()
    desk.post("a", traceparent=None)
    desk.service.drain()
    assert desk.spans() == []
    desk.post("b", text=STRIKE)
    desk.service.drain()
    for name in ARTICLE_SPANS:
        assert desk.spans.one(name).links == {desk.spans.one(f"{name} batch").id}


def test_where_tracing_is_off_nothing_is_kept(make_desk: Callable[..., Desk], redis_client: redis.Redis) -> None:
    service = Clusterer.over(RedisStore(redis_client, WINDOW), Settings(model="hashing"), encoder=HashingEncoder(64))
    client = TestClient(create_app(service), "http://localhost")
    assert client.post("/v1/articles", json={"id": "a", "text": FLOOD}, headers={"traceparent": TRACEPARENT}).is_success
    assert not redis_client.hexists("clu:{default}:a:1", "trace")
    service.collection().books.traces = None  # not even asked for
    service.drain()
    assert service.collection().lookup.article("a").state == "assigned"


def test_a_trace_is_kept_until_its_article_is_assigned_and_goes_with_it(desk: Desk, redis_client: redis.Redis) -> None:
    desk.post("a")
    desk.post("a", traceparent=TRACEPARENT.replace("4bf9", "aaaa"))  # known: nothing of it is worked on
    desk.post("b", text=STRIKE)
    first, second = desk.traces(1, 2)
    assert len(first) == len(second) == 24
    assert first[:16].hex() == TRACE
    assert desk.service.collection().eraser.erase("b")
    assert desk.traces(2) == [b""]
    desk.service.prepare("w")
    assert desk.traces(1) == [first]
    desk.service.assign("w")
    assert desk.traces(1) == [b""]
    assert not redis_client.hexists("clu:{default}:a:1", "trace")
    assert by_article(desk.spans(*ARTICLE_SPANS)).keys() == {"a"}


def test_a_worker_that_dies_leaves_the_trace_to_the_next(make_desk: Callable[..., Desk]) -> None:
    """What it had not sent is lost with it: the article has one span for each stage."""
    dying = make_desk(lease_s=1.0, leader_lease_s=1.0)
    dying.post("a", "b")
    books = dying.service.collection().books
    assert len(books.lease("inbox", "dead worker", 64, 0.0)) == 2
    next_one = make_desk(lease_s=1.0, leader_lease_s=1.0)
    until_empty(next_one.service.prepare)
    assert len(books.lease("ready", "dead worker", 64, 0.0)) == 2
    until_empty(next_one.service.assign)
    (accept,) = dying.spans("accept")
    for name in ARTICLE_SPANS:
        found = by_article(next_one.spans(name))
        assert {id: [(span.trace, span.parent) for span in spans] for id, spans in found.items()} == {
            "a": [(TRACE, accept.id)],
            "b": [(TRACE, accept.id)],
        }


def until_empty(work: Callable[[str], object]) -> None:
    """A lease of no time has run out as soon as anybody looks, on a clock of milliseconds."""
    waiting = threading.Event()
    for _ in range(600):
        if work("next").done:  # type: ignore[attr-defined]
            return
        waiting.wait(0.05)
    raise TimeoutError


def test_each_try_is_a_span_and_one_of_them_succeeds(desk: Desk, logged: LogCapture) -> None:
    """A batch that fails is tried again article by article: failed tries are marked so, and name no text."""
    encoder = desk.service.encoder
    encode, faults = encoder.encode, [True, True]

    def failing(texts: Sequence[str]) -> object:
        if faults:
            faults.pop()
            raise RuntimeError(f"cannot embed {texts[0]}")
        return encode(texts)

    encoder.encode = failing
    desk.post("a", "b")
    desk.service.drain()  # the batch fails, then one of the two alone; it is taken again when its lease has run out
    tries = by_article(desk.spans("prepare"))
    assert [[span.failed for span in tries[id]] for id in ("a", "b")] == [[True, True], [True, False]]
    assert {span.facts["error.type"] for span in tries["a"]} == {"RuntimeError"}
    assert {span.trace for spans in tries.values() for span in spans} == {TRACE}
    assert len({link for spans in tries.values() for span in spans for link in span.links}) == 3, "a batch each try"
    assert "Lowfield" not in repr(desk.spans())
    (line,) = [entry for entry in logged.entries if entry["event"] == "article_failed"]
    assert (line["seq"], line["trace_id"]) == (1, TRACE)
    assert len(by_article(desk.spans("assign"))["b"]) == 1


def test_what_an_exception_says_of_an_article_is_not_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("cannot clean: The river Wend")

    monkeypatch.setattr("clusterer.pipeline.stages.prepare.clean", failing)
    desk.post("a")
    desk.service.prepare("w")
    assert [span.facts["error.type"] for span in desk.spans("clean", "prepare")] == ["RuntimeError"] * 4
    assert "river" not in repr(desk.spans())


def test_log_lines_of_a_request_name_its_trace(desk: Desk, logged: LogCapture) -> None:
    desk.post("a")
    (line,) = [entry for entry in logged.entries if entry["event"] == "request"]
    assert line["trace_id"] == TRACE
    assert line["request_id"]
    assert "trace_id" not in structlog.contextvars.get_contextvars()


def test_a_store_that_is_away_is_no_fault_of_the_trace(desk: Desk) -> None:
    desk.post("a")
    books = desk.service.collection().books
    traces = books.traces

    def away(_: Sequence[int]) -> list[bytes]:
        raise StoreUnavailable("away")

    books.traces = away
    with pytest.raises(StoreUnavailable):
        desk.service.prepare("w")
    books.traces = traces
    assert desk.spans("prepare") == []


@pytest.mark.parametrize("damaged", [b"x", b"\x00" * 24, b"\x00" * 23 + b"\x01", b"\xff" * 25])
def test_a_damaged_trace_harms_nothing(desk: Desk, redis_client: redis.Redis, damaged: bytes) -> None:
    desk.post("a")
    redis_client.hset("clu:{default}:a:1", "trace", damaged)
    desk.service.drain()
    assert desk.service.collection().lookup.article("a").state == "assigned"
    assert desk.spans(*ARTICLE_SPANS) == []


def test_a_night_is_a_trace_with_its_steps(desk: Desk) -> None:
    desk.post("a", "b", traceparent=NOT_SAMPLED)
    desk.service.drain()
    run = desk.service.collection().nightly.run("local")
    night = desk.spans.one("recluster")
    assert (night.parent, night.facts["clusterer.outcome"]) == ("", run.outcome)
    steps = [span for span in desk.spans() if span.parent == night.id]
    assert [span.name for span in steps] == ["snapshot", "group", "relabel", "storylines"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_a_receiver_of_webhooks_can_go_on_with_the_trace(desk: Desk, receiver: Receiver) -> None:
    desk.service.collection().webhooks.create(receiver.url)
    desk.post("a", traceparent=NOT_SAMPLED)
    desk.service.drain()
    receiver.plan.extend([503])
    assert desk.service.deliver_webhooks("w") == 0
    failed = desk.spans.one("deliver webhook")
    assert (failed.failed, failed.facts["http.response.status_code"]) == (True, 503)
    (sent,) = receiver.traceparents
    assert str(sent).startswith(f"00-{failed.trace}-{failed.id}-0")


def test_a_collector_that_does_not_answer_stops_nothing(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue of spans is full several times over; articles are taken and assigned all the same, and the process ends."""
    with collecting() as collector:
        for name, value in {
            "EXPORTER_OTLP_ENDPOINT": collector.url,
            "EXPORTER_OTLP_TIMEOUT": "600",
            "BSP_MAX_QUEUE_SIZE": "16",
            "BSP_MAX_EXPORT_BATCH_SIZE": "8",
        }.items():
            monkeypatch.setenv(f"OTEL_{name}", value)
        tracer = send_spans("clusterer-api")
        desk = make_desk(tracer)

        def work() -> None:
            desk.post(*(f"a{number}" for number in range(20)))
            desk.service.drain()
            tracer.close()

        working = threading.Thread(target=work, daemon=True)
        working.start()
        working.join(120)
        assert not working.is_alive()
        assert collector.held.wait(120), "it was asked, and has not answered to this day"
        assert not collector.released.is_set()
        assert desk.service.collection().books.books().assigned == 20


def test_last_spans_that_cannot_be_sent_keep_no_process_from_ending() -> None:
    never = threading.Event()

    class Stuck(TracerProvider):
        def shutdown(self) -> None:
            never.wait()

    closing = threading.Thread(target=OpenTelemetry(Stuck(shutdown_on_exit=False)).close, daemon=True)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()
    never.set()


@pytest.mark.parametrize("name", ["OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_SPAN_LINK_COUNT_LIMIT"])
def test_a_bad_value_ends_a_process_with_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv(name, "-1")
    with pytest.raises(SettingsError, match="OTEL_"):
        connect_patiently(Settings(redis_url="redis://127.0.0.1:1/0"), "api")


def test_a_collector_that_is_not_there_stops_nothing(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    tracer = send_spans("clusterer-api")
    desk = make_desk(tracer)
    desk.post("a", "b")
    desk.service.drain()
    tracer.close()
    assert desk.service.collection().books.books().assigned == 2
