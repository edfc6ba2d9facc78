"""`clusterer ingest`: articles from files straight into the books."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Annotated

import typer

from clusterer.cli.output import Json, complain, print_json, print_table, say
from clusterer.cli.progress import progress_bar
from clusterer.cli.rows import Row, rows_of
from clusterer.cli.session import DEFAULT, CollectionName, connect, settings_of_command
from clusterer.core.errors import ClustererError, Overloaded
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn, Rejected, parse_article
from clusterer.pipeline.intake.admission import AdmissionPolicy, admit
from clusterer.pipeline.intake.shapes import shaped
from clusterer.pipeline.intake.submission import FieldError
from clusterer.policies import admission_policy
from clusterer.settings import Settings

_BATCH = 64
_REPORTED = 1_000
_SHOWN = 20
_TOLD_ONE_BY_ONE = 5  # articles of which it is said where they are
_NAMED = 3  # lines that are rejected for the same reason
_POLL_S = 0.25
_BACKFILL_POLL_S = 0.05
_PATIENCE_S = 120.0
_BACKFILL_AHEAD = 256  # enough that two workers with full batches never run dry
_MAX_WARNINGS = 100


class NoProgress(ClustererError):
    """Nothing was worked on for a long time."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A row that was not accepted; lines and items count from 1."""

    file: str
    line: int
    reason: str


@dataclass(slots=True)
class Tally:
    """What became of the rows. `refused` holds the first thousand; `warnings` counts by sentence, the first hundred of them."""

    accepted: int = 0
    known: int = 0
    rejected: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    waiting: list[int] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def refuse(self, file: str, line: int, reason: str) -> None:
        self.rejected += 1
        if len(self.refused) < _REPORTED:
            self.refused.append(RefusedLine(file, line, reason))

    def warn(self, sentence: str) -> None:
        if sentence in self.warnings or len(self.warnings) < _MAX_WARNINGS:
            self.warnings[sentence] += 1

    def per_second(self) -> float:
        return (self.accepted + self.known) / max(0.001, time.monotonic() - self.started)


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("ingest")(ingest_command)


def ingest_command(
    files: Annotated[
        list[str],
        typer.Argument(
            help="JSON lines, a JSON array, CSV, Parquet, RSS, Atom, or one page as HTML or text (*.txt), gzipped or not; - for stdin."
        ),
    ],
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Accept only the API's field names, not those of common scrapers and feeds."),
    ] = False,
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="THEIRS=OURS: their name of a field, and ours, such as headline=title or body.text=text."
        ),
    ] = None,
    headlines: Annotated[bool, typer.Option("--headlines", help="Accept rows that have a title but no text.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every article is assigned.")] = False,
    backfill: Annotated[
        bool,
        typer.Option("--backfill", help="Send no faster than the workers process, so that new articles hardly wait."),
    ] = False,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Accept articles from files. Articles that were accepted before change nothing, so an interrupted run can be repeated.

    Exits 1 if an article was rejected; all others are accepted.
    """
    settings = settings_of_command()
    reading = Reading(_renamed(maps or ()), strict, headlines, settings.max_text_chars)
    target = connect().collection(collection)
    tally = Tally()
    try:
        with progress_bar(as_json) as progress:
            task = progress.add_task("articles", total=None)
            for _ in _accepting(files, reading, target, tally, settings, backfill):
                done = tally.accepted + tally.known
                progress.update(task, completed=done, description=f"articles, {tally.per_second():.0f}/s")
        if wait:
            wait_until_done(target, tally.waiting, as_json)
    except KeyboardInterrupt:
        _report(tally, as_json)
        complain("stopped; run the same command again to continue: articles that are stored already change nothing")
        raise typer.Exit(130) from None
    _report(tally, as_json)
    if wait and not as_json and len(tally.waiting) <= _TOLD_ONE_BY_ONE:
        _tell_where(target, tally.waiting)
    if tally.rejected:
        raise typer.Exit(1)


def _accepting(
    files: Sequence[str], reading: Reading, target: Collection, tally: Tally, settings: Settings, backfill: bool
) -> Iterator[None]:
    """Accept the articles of all files as fast as there is room for them, with a pause of the iterator after each batch."""
    room = admission_policy(settings)
    for file in files:
        with rows_of(file, settings.max_body_bytes) as rows:
            seen = False
            for batch in _in_batches(rows):
                seen = True
                if backfill:
                    _await_turn(target)
                _await_room(target, room)
                _accept(target, _articles(file, batch, reading, tally), tally)
                yield
            if not seen:
                complain(f"{file} has no articles")


def _renamed(maps: Sequence[str]) -> dict[str, str]:
    """Raises BadParameter."""
    pairs = [one.partition("=") for one in maps]
    for theirs, _, ours in pairs:
        if not theirs or ours not in ArticleIn.model_fields:
            known = ", ".join(ArticleIn.model_fields)
            raise typer.BadParameter(f"--map takes THEIRS=OURS, where OURS is one of {known}")
    return {theirs: ours for theirs, _, ours in pairs}


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows become articles. `renamed`: the row's names of our fields."""

    renamed: Mapping[str, str]
    strict: bool
    headlines: bool
    max_text_chars: int

    def article(self, row: Row, warn: Callable[[str], None]) -> ArticleIn:
        """The article of a row. Raises Rejected."""
        if row.data is None:
            raise Rejected([FieldError("", row.fault)])
        if self.strict and not self.renamed:
            return parse_article(row.data, self.max_text_chars)
        made = shaped(row.data, self.renamed, row.defaults, self.headlines or row.is_entry)
        for warning in made.warnings:
            warn(warning)
        article = parse_article(made.payload, self.max_text_chars)
        for left_out in article.warnings:
            warn(f"{left_out.pointer}: {left_out.detail}")
        return article


def _in_batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _articles(file: str, batch: list[Row], reading: Reading, tally: Tally) -> list[ArticleIn]:
    articles: list[ArticleIn] = []
    for row in batch:
        try:
            articles.append(reading.article(row, tally.warn))
        except Rejected as rejected:
            tally.refuse(file, row.place, str(rejected).removeprefix("article: "))
    return articles


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
            raise NoProgress("articles are waiting and none is processed: is a worker running (clusterer up)?")
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
                raise NoProgress(
                    f"{len(left)} articles are waiting and none is processed: is a worker running (clusterer up)?"
                )
            progress.update(task, completed=len(seqs) - len(waiting))
            if waiting:
                time.sleep(_POLL_S)


def _report(tally: Tally, as_json: bool) -> None:
    if as_json:
        counts = {"accepted": tally.accepted, "known": tally.known, "rejected": tally.rejected}
        print_json({**counts, "warnings": dict(tally.warnings), "refused": tally.refused})
        return
    say(f"{tally.accepted} accepted, {tally.known} known already, {tally.rejected} rejected")
    for warning, count in tally.warnings.most_common(_SHOWN):
        complain(f"{count} {'article' if count == 1 else 'articles'}: {warning}")
    if tally.refused:
        by_reason: dict[tuple[str, str], list[int]] = {}
        for one in tally.refused:
            by_reason.setdefault((one.file, one.reason), []).append(one.line)
        shown = dict(islice(by_reason.items(), _SHOWN))
        rows = [(file, _told(lines), reason) for (file, reason), lines in shown.items()]
        print_table("Rejected lines", ("file", "lines", "reason"), rows)
        if left := tally.rejected - sum(map(len, shown.values())):
            complain(f"{left} more lines were rejected; --json lists the first {_REPORTED}")


def _tell_where(target: Collection, seqs: Sequence[int]) -> None:
    for facts in target.books.facts(seqs):
        if facts is not None:
            say(
                f"{facts.article_id}: "
                + (f"in cluster {facts.cluster}" if facts.cluster else f"{facts.state}, {facts.reason}")
            )


def _told(lines: Sequence[int]) -> str:
    """The first of some numbers of lines, and how many more there are."""
    more = f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
    return ", ".join(map(str, lines[:_NAMED])) + more
