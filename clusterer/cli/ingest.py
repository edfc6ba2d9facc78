"""`clusterer ingest`: articles from a file of JSON lines straight into the books."""

from __future__ import annotations

import gzip
import io
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, cast

import msgspec
import typer

from clusterer.bootstrap import admission_policy
from clusterer.cli.output import Json, complain, print_json, print_table, progress_bar, say
from clusterer.cli.session import DEFAULT, CollectionName, connect, settings_of_command
from clusterer.core.errors import ClustererError, Overloaded
from clusterer.evaluation.datasets import payload_from_row
from clusterer.pipeline.intake import ArticleIn, Rejected, parse_article
from clusterer.pipeline.intake.admission import AdmissionPolicy, admit
from clusterer.pipeline.service import Collection

_BATCH = 64
_REPORTED = 1_000
_SHOWN = 20
_POLL_S = 0.25
_BACKFILL_POLL_S = 0.05
_PATIENCE_S = 120.0
_BACKFILL_AHEAD = 256  # enough that two workers with full batches never run dry
_GZIP_MAGIC = b"\x1f\x8b"


class NoProgress(ClustererError):
    """Nothing was worked on for a long time."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not accepted; lines count from 1."""

    line: int
    reason: str


@dataclass(slots=True)
class Tally:
    """What became of a file's lines. `refused` holds the first thousand."""

    accepted: int = 0
    known: int = 0
    rejected: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.rejected += 1
        if len(self.refused) < _REPORTED:
            self.refused.append(RefusedLine(line, reason))


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("ingest")(ingest_command)


def ingest_command(
    file: Annotated[str, typer.Argument(help="JSON lines, plain or gzipped, or - for standard input.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="Take only the API's field names; else `published` and other fields pass.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every article is assigned.")] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Feed no more than workers take, so that new articles hardly wait.")
    ] = False,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Accept articles from a file. What was accepted before is known and changes nothing, so a broken run can be repeated.

    Exits 1 when a line was rejected; all others are accepted nevertheless.
    """
    settings = settings_of_command()
    target = connect().collection(collection)
    room = admission_policy(settings)
    tally = Tally()
    with _lines(file) as lines, progress_bar(as_json) as progress:
        task = progress.add_task("articles", total=None)
        for batch in _in_batches(lines):
            if backfill:
                _await_turn(target)
            _await_room(target, room)
            _accept(target, _parsed(batch, strict, settings.max_text_chars, tally), tally)
            progress.update(task, completed=batch[-1][0])
    if wait:
        wait_until_done(target, tally.waiting, as_json)
    _report(tally, as_json)
    if tally.rejected:
        raise typer.Exit(1)


@contextmanager
def _lines(file: str) -> Iterator[Iterator[tuple[int, bytes]]]:
    """Numbered lines of a file or of standard input; gzip is recognised by content."""
    with sys.stdin.buffer if file == "-" else Path(file).open("rb") as source:
        raw = io.BufferedReader(cast(io.RawIOBase, source))  # standard input may be a stand-in that cannot peek
        stream = gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == _GZIP_MAGIC else raw
        try:
            yield ((number, line.strip()) for number, line in enumerate(stream, start=1) if not line.isspace())
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ClustererError(f"{file}: the gzip data is damaged ({error})") from error


def _in_batches(lines: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while batch := list(islice(lines, _BATCH)):
        yield batch


def _parsed(batch: list[tuple[int, bytes]], strict: bool, max_chars: int, tally: Tally) -> list[ArticleIn]:
    articles: list[ArticleIn] = []
    for number, line in batch:
        try:
            articles.append(parse_line(line, strict, max_chars))
        except Rejected as rejected:
            tally.refuse(number, str(rejected))
        except msgspec.DecodeError as error:
            tally.refuse(number, f"is not valid JSON: {error}")
    return articles


def parse_line(line: bytes, strict: bool, max_chars: int) -> ArticleIn:
    """An article from one line. Raises Rejected, msgspec.DecodeError."""
    if strict:
        return parse_article(line, max_chars)
    row = msgspec.json.decode(line)
    return parse_article(payload_from_row(row) if isinstance(row, dict) else line, max_chars)


def _accept(target: Collection, articles: list[ArticleIn], tally: Tally) -> None:
    for receipt in target.intake.accept(articles) if articles else ():
        if receipt.outcome == "accepted":
            tally.accepted += 1
            tally.waiting.append(receipt.seq)
        else:
            tally.known += 1


def _await_turn(target: Collection) -> None:
    """Return when few articles wait: queues are worked in order, so whatever arrives live stands behind no more than these.

    Waits as long as anything is worked on, however busy the live stream is. Raises NoProgress.
    """
    before, since = target.books.books(), time.monotonic()
    while True:
        facts = target.books.queue_facts()
        if facts.inbox_length + facts.ready_length + _BATCH <= _BACKFILL_AHEAD:
            return
        if (books := target.books.books()) != before:
            before, since = books, time.monotonic()
        elif time.monotonic() - since > _PATIENCE_S:
            raise NoProgress("articles wait and nothing moves: is a worker running (clusterer up)?")
        time.sleep(_BACKFILL_POLL_S)


def _await_room(target: Collection, room: AdmissionPolicy) -> None:
    """Like a client that is told to come back later. Raises Overloaded when it never gets better."""
    shortest, since = float("inf"), time.monotonic()
    while True:
        facts = target.books.queue_facts()
        try:
            return admit(facts, room)
        except Overloaded:
            if facts.inbox_length < shortest:
                shortest, since = facts.inbox_length, time.monotonic()
            elif time.monotonic() - since > _PATIENCE_S:
                raise
        time.sleep(_POLL_S)


def wait_until_done(target: Collection, seqs: list[int], hidden: bool = False) -> None:
    """Return when none of the articles is pending. Raises NoProgress."""
    waiting, since = list(seqs), time.monotonic()
    with progress_bar(hidden) as progress:
        task = progress.add_task("assigned", total=len(seqs))
        while waiting:
            left = [facts.seq for facts in target.books.facts(waiting) if facts and facts.state == "pending"]
            if len(left) < len(waiting):
                waiting, since = left, time.monotonic()
            elif time.monotonic() - since > _PATIENCE_S:
                raise NoProgress(f"{len(left)} articles wait and nothing moves: is a worker running (clusterer up)?")
            progress.update(task, completed=len(seqs) - len(waiting))
            if waiting:
                time.sleep(_POLL_S)


def _report(tally: Tally, as_json: bool) -> None:
    if as_json:
        counts = {"accepted": tally.accepted, "known": tally.known, "rejected": tally.rejected}
        print_json({**counts, "refused": tally.refused})
        return
    say(f"{tally.accepted} accepted, {tally.known} known already, {tally.rejected} rejected")
    if tally.refused:
        rows = [(refused.line, refused.reason) for refused in tally.refused[:_SHOWN]]
        print_table("Rejected lines", ("line", "reason"), rows, right=("line",))
    if tally.rejected > _SHOWN:
        complain(f"{tally.rejected - _SHOWN} more lines were rejected; --json lists the first {_REPORTED}")
