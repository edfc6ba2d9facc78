"""Spans by OpenTelemetry, sent in the background over OTLP/HTTP. Imported only where tracing is configured."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Final

import structlog
from opentelemetry import trace as otel
from opentelemetry.context import Context, get_current
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from clusterer.ports.tracing import NO_FACTS, NO_TRACING, Batch, Facts, Span, SpanKind

_KINDS: Final[Mapping[SpanKind, otel.SpanKind]] = {
    "internal": otel.SpanKind.INTERNAL,
    "server": otel.SpanKind.SERVER,
    "client": otel.SpanKind.CLIENT,
    "consumer": otel.SpanKind.CONSUMER,
}
_W3C = TraceContextTextMapPropagator()
_TRACE_ID_BYTES, _SPAN_ID_BYTES = 16, 8
_LAST_SPANS_S = 2.0  # a collector that does not answer must not keep a process from ending


class OpenTelemetry:
    """The Tracer port over a provider of OpenTelemetry's SDK."""

    on = True

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("clusterer", version("clusterer"))

    @contextmanager
    def operation(
        self, name: str, kind: SpanKind = "internal", sent: Mapping[str, str] | None = None, facts: Facts = NO_FACTS
    ) -> Iterator[Span]:
        """See Tracer.operation."""
        named = {field: value for field in _W3C.fields if isinstance(value := (sent or {}).get(field), str)}
        parent = _W3C.extract(named, get_current())
        with _current(self._tracer.start_span(name, parent, _KINDS[kind], facts)) as span:
            yield span

    @contextmanager
    def step(self, name: str, facts: Facts = NO_FACTS) -> Iterator[Span]:
        """See Tracer.step."""
        if not otel.get_current_span().is_recording():
            with NO_TRACING.step(name) as nothing:
                yield nothing
            return
        with _current(self._tracer.start_span(name, attributes=facts)) as span:
            yield span

    @contextmanager
    def batch(self, name: str, traces: Mapping[int, bytes], facts: Facts = NO_FACTS) -> Iterator[Batch]:
        """See Tracer.batch. The span of the batch is a trace of its own, since it belongs to all of its articles."""
        parents = {seq: context for seq, trace in traces.items() if (context := _kept(trace)).is_valid}
        if not parents:
            with otel.use_span(otel.INVALID_SPAN), NO_TRACING.batch(name, traces) as nothing:
                yield nothing
            return
        links = [otel.Link(context) for context in {_key(context): context for context in parents.values()}.values()]
        facts = {"messaging.batch.message_count": len(traces), **facts}
        span = self._tracer.start_span(f"{name} batch", Context(), otel.SpanKind.CONSUMER, facts, links)
        with _current(span):
            articles = _Articles(self._tracer, name, parents, span.get_span_context())
            try:
                yield articles
            except BaseException as error:
                articles.end(type(error).__name__)
                raise
            articles.end()

    def trace(self) -> bytes:
        """See Tracer.trace: trace id and span id; that it is sampled goes without saying."""
        context = otel.get_current_span().get_span_context()
        if not (context.is_valid and context.trace_flags.sampled):
            return b""
        return context.trace_id.to_bytes(_TRACE_ID_BYTES, "big") + context.span_id.to_bytes(_SPAN_ID_BYTES, "big")

    def headers(self) -> dict[str, str]:
        """See Tracer.headers."""
        sent: dict[str, str] = {}
        _W3C.inject(sent)
        return sent

    def close(self) -> None:
        """Send what has not been sent, for a short time."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(_LAST_SPANS_S)


class _Span:
    def __init__(self, span: otel.Span) -> None:
        self._span = span

    def note(self, facts: Facts) -> None:
        self._span.set_attributes(facts)

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def failed(self, reason: str) -> None:
        # Not what the exception says: that may be a part of what somebody sent.
        self._span.set_attribute("error.type", reason)
        self._span.set_status(otel.StatusCode.ERROR)


class _Articles:
    """The spans of a batch's articles. They begin when the batch does: what comes before an article is time that it waits."""

    def __init__(
        self, tracer: otel.Tracer, name: str, parents: Mapping[int, otel.SpanContext], batch: otel.SpanContext
    ) -> None:
        self._tracer = tracer
        self._name = name
        self._parents = dict(parents)
        self._batch = batch
        self._began_at_ns = time.time_ns()
        self._open: dict[int, otel.Span] = {}

    @contextmanager
    def article(self, seq: int) -> Iterator[Span]:
        span = self._open.get(seq) or self._begin(seq)
        with _log_names(span), otel.use_span(span, record_exception=False, set_status_on_exception=False):
            yield _Span(span)

    def _begin(self, seq: int) -> otel.Span:
        parent = self._parents.pop(seq, None)
        if parent is None:
            return otel.INVALID_SPAN
        self._open[seq] = self._tracer.start_span(
            self._name,
            otel.set_span_in_context(otel.NonRecordingSpan(parent), Context()),
            otel.SpanKind.CONSUMER,
            {"clusterer.article.seq": seq},
            [otel.Link(self._batch)],
            self._began_at_ns,
        )
        return self._open[seq]

    def done(self, seq: int, facts: Facts) -> None:
        span = self._open.pop(seq, None)
        if span is not None:
            span.set_attributes(facts)
            span.end()

    def end(self, reason: str | None = None) -> None:
        for seq, span in list(self._open.items()):
            if reason is not None:
                _Span(span).failed(reason)
            self.done(seq, NO_FACTS)


class _WithItsArticles(Sampler):
    """What is linked to something sampled is sampled, so that the links of articles to their batches lead somewhere."""

    def __init__(self, others: Sampler) -> None:
        self._others = others

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: otel.SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[otel.Link] | None = None,
        trace_state: otel.TraceState | None = None,
    ) -> SamplingResult:
        if any(link.context.trace_flags.sampled for link in links or ()):
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)
        return self._others.should_sample(parent_context, trace_id, name, kind, attributes, links)

    def get_description(self) -> str:
        return f"WithItsArticles{{{self._others.get_description()}}}"


@contextmanager
def _current(span: otel.Span) -> Iterator[Span]:
    """What is done within is done in this span, which then ends."""
    shown = _Span(span)
    with _log_names(span), otel.use_span(span, True, record_exception=False, set_status_on_exception=False):
        try:
            yield shown
        except BaseException as error:
            shown.failed(type(error).__name__)
            raise


@contextmanager
def _log_names(span: otel.Span) -> Iterator[None]:
    context = span.get_span_context()
    if not context.is_valid:
        yield
        return
    with structlog.contextvars.bound_contextvars(trace_id=otel.format_trace_id(context.trace_id)):
        yield


def _kept(trace: bytes) -> otel.SpanContext:
    """What `trace` gave; not valid where that is nothing, or damaged."""
    if len(trace) != _TRACE_ID_BYTES + _SPAN_ID_BYTES:
        return otel.INVALID_SPAN_CONTEXT
    return otel.SpanContext(
        int.from_bytes(trace[:_TRACE_ID_BYTES], "big"),
        int.from_bytes(trace[_TRACE_ID_BYTES:], "big"),
        is_remote=True,
        trace_flags=otel.TraceFlags(otel.TraceFlags.SAMPLED),
    )


def _key(context: otel.SpanContext) -> tuple[int, int]:
    return context.trace_id, context.span_id


def make_provider(service_name: str) -> TracerProvider:
    """Without a way out for its spans yet. Sampling, limits and resource are as the OTEL_ variables say."""
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):  # what the SDK says where nobody named it
        resource = resource.merge(Resource({SERVICE_NAME: service_name}))
    provider = TracerProvider(
        resource=Resource({SERVICE_VERSION: version("clusterer")}).merge(resource), shutdown_on_exit=False
    )
    provider.sampler = _WithItsArticles(provider.sampler)
    return provider


def send_spans(service_name: str) -> OpenTelemetry:
    """To the collector that the OTEL_EXPORTER_OTLP_ variables name, from a thread of its own with a queue that does not grow."""
    # Each of some three tries a batch would be a line; that the batch was given up is one.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)
    provider = make_provider(service_name)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OpenTelemetry(provider)
