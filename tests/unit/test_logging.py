"""Log lines: one a record, readable by machines, and not to be forged."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from celery import signals

from clusterer.logging import Uncoloured, configure_logging
from clusterer.settings import Settings
from workers.app import make_app

FORGED = "title\n2030-01-01T00:00:00Z [error] all articles lost \x1b[31m\u202e\r\x00\x85\u2028end"


@pytest.fixture(autouse=True)
def undo_configuration() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    logging.captureWarnings(False)
    yield
    sys.excepthook = hook
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def configured(log_format: str, log_level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configure_logging(Settings(log_format=log_format, log_level=log_level), stream)
    return stream


def test_json_lines_carry_ids_time_level_and_logger() -> None:
    stream = configured("json")
    structlog.contextvars.bind_contextvars(request_id="r1")
    structlog.get_logger("clusterer.some").info("accepted", article_id="a/1", count=2)
    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "event": "accepted",
        "article_id": "a/1",
        "count": 2,
        "request_id": "r1",
        "level": "info",
        "logger": "clusterer.some",
    }


def test_standard_logging_takes_the_same_way() -> None:
    stream = configured("json")
    structlog.contextvars.bind_contextvars(request_id="r2")
    logging.getLogger("celery.worker").warning("lost %s", "broker")
    record = json.loads(stream.getvalue())
    assert (record["event"], record["level"], record["request_id"]) == ("lost broker", "warning", "r2")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_values_cannot_break_or_paint_a_line(log_format: str) -> None:
    stream = configured(log_format)
    structlog.get_logger("x").info("rejected", title=FORGED)
    logging.getLogger("y").info("rejected %s", FORGED)
    structlog.get_logger("z").info(FORGED)
    text = stream.getvalue()
    assert text.count("\n") == 3
    assert len(text.splitlines()) == 3
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_traceback_is_kept_and_cannot_pass_for_lines_of_the_log(log_format: str) -> None:
    stream = configured(log_format)
    try:
        raise ValueError(FORGED)
    except ValueError:
        structlog.get_logger("x").exception("failed")
    lines = stream.getvalue().split("\n")
    assert "ValueError" in stream.getvalue()
    assert all(line.startswith("    ") or not line for line in lines[1:])


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"event": "", "level": "critical"},
        {"event": "request", "level": "info", "timestamp": "2026-03-09T06:30:00Z", "logger": "clusterer.api"},
        {"event": "two words", "logger_name": "x", "b": 1, "a": None, "c": "", "d": "a b", "e": "it's", "f": "a=b"},
        {"event": 7, "values": [1, "2"], "q": 'say "no"', "tab": "a\tb", "end": "a\n", "é": "日本", "one": 1.5},
        {"event": "failed", "level": "error", "exception": "Traceback\n  line", "a": 1},
        {"event": "x", "stack": "Stack\n  line", "level": "warning"},
    ],
)
def test_lines_without_colours_are_those_of_structlog(event: dict[str, Any]) -> None:
    console = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    assert Uncoloured(console)(None, "info", dict(event)) == console(None, "info", dict(event))


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_level_is_respected(log_format: str) -> None:
    stream = configured(log_format, "warning")
    structlog.get_logger("x").info("quiet")
    logging.getLogger("y").info("quiet")
    structlog.get_logger("x").warning("loud")
    assert stream.getvalue().count("\n") == 1
    assert "loud" in stream.getvalue()


def test_warnings_and_crashes_are_lines_of_the_log_too() -> None:
    stream = configured("json")
    warnings.warn("old\nway", stacklevel=1)
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    records = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [record["level"] for record in records] == ["warning", "critical"]
    assert "ValueError" in records[1]["exception"]


def test_what_celery_warns_of_before_it_logs_is_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    app = make_app(Settings(log_format="json", redis_url="redis://127.0.0.1:1"))
    signals.celeryd_init.send(sender="worker", instance=None, conf=app.conf, options={})
    warnings.warn("You are running the worker\nwith superuser privileges", stacklevel=1)
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["level"] == "warning"


def test_configuring_again_replaces_the_first() -> None:
    first = configured("json")
    second = configured("json")
    structlog.get_logger("x").info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("\n") == 1


def test_libraries_do_not_announce_each_step() -> None:
    stream = configured("console", "debug")
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("celery.beat").info("Scheduler: Sending due task hint-articles (clusterer.prepare)")
    logging.getLogger("celery.worker.strategy").info("Task clusterer.prepare received")
    logging.getLogger("celery.app.trace").info("Task clusterer.prepare succeeded")
    logging.getLogger("sentence_transformers.base.model").info("Load pretrained model")
    assert stream.getvalue() == ""
