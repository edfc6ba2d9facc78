"""`clusterer demo`: the sample stream through real workers, from sending to a clean audit, in a folder of its own."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from clusterer.bootstrap import Clusterer
from clusterer.cli.demo_report import Refused, as_json_document, gather, print_report
from clusterer.cli.output import Json, complain, err, print_json, printable
from clusterer.cli.progress import progress_bar
from clusterer.cli.serving import store_for_children, worker_children
from clusterer.cli.supervise import Supervisor
from clusterer.connections import private_redis
from clusterer.core.errors import ClustererError
from clusterer.environment import read_settings
from clusterer.extras import require
from clusterer.logging import configure_logging
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import Rejected, parse_article
from clusterer.samples import bad_lines, sample_rows
from clusterer.settings import Settings

_TIMEOUT_S = 240.0
_POLL_S = 0.1
_GRACE_S = 2.0  # what is killed loses nothing, and nothing of the demo is kept
_LOG_TAIL = 30
_NOT_SENT = ("event", "note")


class DemoFailed(ClustererError):
    """The workers did not get through the sample stream."""


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("demo")(demo_command)


def demo_command(
    only_print: Annotated[
        bool, typer.Option("--print", help="Only print the sample stream as JSON lines, for `clusterer ingest -`.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Send the sample stream through Redis and Celery workers and print what they found. Nothing of it is kept.

    Exits 0 only if every article was assigned and the audit finds nothing.
    """
    if only_print:
        for row in sample_rows():
            typer.echo(json.dumps(_article_of(row)))
        return
    require("worker", "The demo")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="clusterer-demo-") as folder:
        settings = _settings(Path(folder))
        with _workers(settings, Path(folder) / "workers.log") as supervisor:
            service = Clusterer.connect(settings)
            rows = sample_rows()
            refused = _send(service.collection(), rows)
            _tell(f"{len(rows)} articles accepted; the workers are starting", as_json)
            _wait(service.collection(), supervisor, len(rows), as_json)
            report = gather(service.collection(), rows, refused, time.monotonic() - began)
            if as_json:
                print_json(as_json_document(report))
            else:
                print_report(report)
    if not report.passed:
        complain("the demo did not give the expected result")
        raise typer.Exit(1)


def _settings(folder: Path) -> Settings:
    """The defaults, whatever service the environment points to; only the model may be chosen."""
    own = {"redis_url": None, "broker_url": None, "data_dir": folder, "appendfsync": "everysec", "log_level": "warning"}
    settings = read_settings().model_copy(update=own)
    configure_logging(settings)
    return settings


@contextmanager
def _workers(settings: Settings, log: Path) -> Iterator[Supervisor]:
    """Real workers of both roles; what they print goes to a file, whose end is shown if something fails."""
    environment, restart_redis = store_for_children(settings)
    redis = private_redis(settings.data_dir, settings.appendfsync)
    with log.open("wb") as output:
        children = worker_children(settings, 1, {**environment, "CLUSTERER_LOG_LEVEL": "warning"})
        try:
            with Supervisor(children, output=output, check=restart_redis, grace_s=_GRACE_S) as supervisor:
                yield supervisor
        except ClustererError:
            lines = log.read_text(errors="replace").splitlines()
            err().print(printable("\n".join(lines[-_LOG_TAIL:]), "dim"))
            raise
        finally:
            redis.stop()  # before its folder goes


def _article_of(row: dict[str, Any]) -> dict[str, Any]:
    """What is sent of a row."""
    return {name: row[name] for name in row if name not in _NOT_SENT}


def _send(collection: Collection, rows: list[dict[str, Any]]) -> list[Refused]:
    """Accept the samples, the way the API does; the lines that were made to be refused."""
    articles = [parse_article(_article_of(row)) for row in rows]
    receipts = collection.intake.accept(articles)
    for row, receipt in zip(rows, receipts, strict=True):
        row["id"] = receipt.article_id
    refused = []
    for line in bad_lines():
        try:
            collection.intake.accept([parse_article(line.encode())])
        except Rejected as rejected:
            refused.append(Refused(_id_of(line), str(rejected)))
    return refused


def _id_of(line: str) -> str:
    try:
        row = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return line[:40]
    return str(row["id"])[:40] if isinstance(row, dict) else line[:40]


def _wait(collection: Collection, supervisor: Supervisor, total: int, hidden: bool) -> None:
    """Raises DemoFailed, ChildFailed."""
    deadline = time.monotonic() + _TIMEOUT_S
    with progress_bar(hidden) as progress:
        task = progress.add_task("assigned", total=total)
        while (books := collection.books.books()).pending:
            progress.update(task, completed=books.assigned)
            if time.monotonic() > deadline:
                raise DemoFailed(f"{books.pending} articles are still waiting after {_TIMEOUT_S:.0f} seconds")
            supervisor.poll()
            time.sleep(_POLL_S)


def _tell(text: str, hidden: bool) -> None:
    if not hidden:
        err().print(printable(text, "dim"))
