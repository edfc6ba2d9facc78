"""Where the time of an article goes, for whoever collects traces. Where nobody does, nothing is made, kept or sent.

The terms are those of OpenTelemetry: a trace is made of spans, each with a parent in the same trace or none, and with links to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Literal, Protocol

Fact = str | int | float | bool
Facts = Mapping[str, Fact]
SpanKind = Literal["internal", "server", "client", "consumer"]
NO_FACTS: Final[Facts] = {}


class Span(Protocol):
    """Something that is being done. What is raised within it is noted in it, by the name of the exception alone."""

    def note(self, facts: Facts) -> None:
        """Say more of it, by the names of OpenTelemetry's conventions where there are some."""
        ...

    def rename(self, name: str) -> None: ...

    def failed(self, reason: str) -> None:
        """It came to nothing. reason: few values, and nothing that anybody sent."""
        ...


class Batch(Protocol):
    """Articles that are worked on together: a span of its own, and one in the trace of each article. Those are linked."""

    def article(self, seq: int) -> AbstractContextManager[Span]:
        """What is done within is done for this article alone."""
        ...

    def done(self, seq: int, facts: Facts) -> None:
        """This article is through with this stage. Those of which nobody says so are when the batch ends."""
        ...


class Tracer(Protocol):
    """Makes spans. Within a span, log lines carry its `trace_id`."""

    @property
    def on(self) -> bool:
        """Whether anybody collects them."""
        ...

    def operation(
        self, name: str, kind: SpanKind = "internal", sent: Mapping[str, str] | None = None, facts: Facts = NO_FACTS
    ) -> AbstractContextManager[Span]:
        """Something that may begin a trace. It goes on with the trace that the `sent` headers name (W3C Trace Context), or the current
        one."""
        ...

    def step(self, name: str, facts: Facts = NO_FACTS) -> AbstractContextManager[Span]:
        """A part of what is traced now; nothing where that is nothing."""
        ...

    def batch(self, name: str, traces: Mapping[int, bytes], facts: Facts = NO_FACTS) -> AbstractContextManager[Batch]:
        """traces: of each article by seq, as `trace` gave them when it was accepted; empty for one that is not traced."""
        ...

    def trace(self) -> bytes:
        """What to keep with an article that is accepted now: 24 bytes, or none where it is not traced."""
        ...

    def headers(self) -> dict[str, str]:
        """What to send along, so that the receiver goes on with this trace."""
        ...


class _NoSpan:
    def note(self, facts: Facts) -> None: ...

    def rename(self, name: str) -> None: ...

    def failed(self, reason: str) -> None: ...


class _NoBatch:
    def article(self, seq: int) -> AbstractContextManager[Span]:
        return _NO_SPAN

    def done(self, seq: int, facts: Facts) -> None: ...


class NoTracing:
    """A Tracer that makes nothing."""

    on = False

    def operation(
        self, name: str, kind: SpanKind = "internal", sent: Mapping[str, str] | None = None, facts: Facts = NO_FACTS
    ) -> AbstractContextManager[Span]:
        return _NO_SPAN

    def step(self, name: str, facts: Facts = NO_FACTS) -> AbstractContextManager[Span]:
        return _NO_SPAN

    def batch(self, name: str, traces: Mapping[int, bytes], facts: Facts = NO_FACTS) -> AbstractContextManager[Batch]:
        return _NO_BATCH

    def trace(self) -> bytes:
        return b""

    def headers(self) -> dict[str, str]:
        return {}


_NO_SPAN: Final[AbstractContextManager[Span]] = nullcontext(_NoSpan())
_NO_BATCH: Final[AbstractContextManager[Batch]] = nullcontext(_NoBatch())
NO_TRACING: Final[Tracer] = NoTracing()
