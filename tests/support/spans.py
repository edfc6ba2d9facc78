"""Spans that a test can look at: in this process, or as a collector on loopback gets them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from support.listening import listening

from clusterer.adapters.tracing import OpenTelemetry, make_provider

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{CALLER}-01"
NOT_SAMPLED = f"00-{TRACE}-{CALLER}-00"


@dataclass(frozen=True)
class Seen:
    """A span, with ids in hex; `links`: ids of the spans that it is linked to."""

    name: str
    trace: str
    id: str
    parent: str
    links: frozenset[str]
    failed: bool
    facts: dict[str, object]
    service: str = ""
    began_at_ns: int = 0

    @classmethod
    def of(cls, span: ReadableSpan) -> Seen:
        context = span.get_span_context()
        assert context is not None
        return cls(
            span.name,
            f"{context.trace_id:032x}",
            f"{context.span_id:016x}",
            f"{span.parent.span_id:016x}" if span.parent else "",
            frozenset(f"{link.context.span_id:016x}" for link in span.links),
            not span.status.is_unset,
            {**span.attributes, **{f"event {event.name}": str(event.attributes) for event in span.events}},
            began_at_ns=span.start_time or 0,
        )


class Traced:
    """A tracer, and the spans that it has ended."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        provider = make_provider("test")
        provider.add_span_processor(SimpleSpanProcessor(self._spans))
        self.tracer = OpenTelemetry(provider)

    def __call__(self, *names: str) -> list[Seen]:
        """In the order in which they ended; with names only those."""
        seen = [Seen.of(span) for span in self._spans.get_finished_spans()]
        return [span for span in seen if not names or span.name in names]

    def one(self, name: str) -> Seen:
        (found,) = self(name)
        return found


@dataclass
class Collector:
    """Takes spans over OTLP/HTTP. `held`: it has got some, and does not answer until it is `released`."""

    url: str = ""
    spans: list[Seen] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            names = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [_received(span, names["service.name"]) for span in scope.spans]
        self.held.set()
        self.released.wait()

    def named(self, *names: str, service: str = "") -> Sequence[Seen]:
        return [span for span in self.spans if span.name in names and service in ("", span.service)]


def _received(span: Span, service: str) -> Seen:
    facts = {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
    links = frozenset(link.span_id.hex() for link in span.links)
    return Seen(
        span.name,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        links,
        span.status.code == 2,
        facts,
        service,
    )


@contextmanager
def collecting() -> Iterator[Collector]:
    """One that listens on loopback, and answers nothing until it is released."""
    known = Collector()

    def answer(request: BaseHTTPRequestHandler) -> None:
        known.take(request.rfile.read(int(request.headers["content-length"])))
        request.send_response(200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    with listening(answer) as known.url:
        try:
            yield known
        finally:
            known.released.set()
