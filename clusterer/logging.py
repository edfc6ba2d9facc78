"""Log lines: structured, on standard error, and impossible to forge.

Code logs through structlog; what libraries log through the standard module takes the same way out. A value never breaks a line:
JSON escapes it, and the console form escapes every character that is not printable (line ends, terminal codes, bidi controls).
"""

from __future__ import annotations

import logging
import re
import sys
from textwrap import indent
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from clusterer.settings import Settings

# They announce each step of their work as news.
_TALKATIVE = (
    "celery.app.trace",
    "celery.beat",
    "celery.worker.strategy",
    "faiss.loader",
    "filelock",
    "httpx",
    "huggingface_hub",
    "sentence_transformers",
    "transformers",
    "trafilatura",
    "htmldate",
)

_COLUMNS = (("timestamp", "{}"), ("level", "[{:9}]"), ("event", "{}"), ("logger", "[{}]"), ("logger_name", "[{}]"))
_WITH_LINES = ("stack", "exception", "exc_info")
_PLAIN_VALUE = re.compile(r"""[^ \t=\r\n"']*""")


def configure_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Set up this process's logging, replacing what was set up before; `stream` None is standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=_rendering(settings.log_format, handler)
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    logging.captureWarnings(True)
    sys.excepthook = _log_crash
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the process is a line of the log like any other."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        structlog.get_logger(__name__).critical("crashed", exc_info=(kind, error, trace))


def _rendering(log_format: str, handler: logging.StreamHandler[TextIO]) -> list[Processor]:
    before: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
    ]
    if log_format == "json":
        return [*before, structlog.processors.JSONRenderer()]
    colors = handler.stream.isatty()
    console = structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0)
    return [*before, _escape, console if colors else Uncoloured(console)]


class Uncoloured:
    """Writes what structlog's console renderer writes without colours, in a tenth of its time: a server logs every request."""

    def __init__(self, console: structlog.dev.ConsoleRenderer) -> None:
        self._console = console

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> str:
        if not event.keys().isdisjoint(_WITH_LINES):
            return self._console(logger, method, event)
        parts = [form.format(event.pop(name)) for name, form in _COLUMNS if name in event]
        parts += [f"{name}={_value(event[name])}" for name in sorted(event)]
        return " ".join(part for part in parts if part).rstrip(" ")


def _value(value: object) -> str:
    return value if isinstance(value, str) and _PLAIN_VALUE.fullmatch(value) else repr(value)


def _escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Tracebacks keep their line ends, but indented, so that none of their lines can pass for a line of the log."""
    for name, value in event.items():
        if name == "exception":
            lines = str(value).split("\n")
            event[name] = indent("\n".join(map(_printable, lines)), "    ")
        else:
            event[name] = _printable(value) if isinstance(value, str) else value
    return event


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in text)
