"""`clusterer export`: articles, clusters or the change feed as JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any, cast

import orjson
import typer

from clusterer.cli.output import Json, print_json, say
from clusterer.cli.progress import advancing, progress_bar
from clusterer.cli.session import DEFAULT, CollectionName, open_collection
from clusterer.extras import require
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.lookup.views import ChangeView, ClusterView
from clusterer.pipeline.upkeep.transfer import EXPORTED_FIELDS, change_rows, cluster_rows, export_rows

_BATCH = 1_000

Row = Mapping[str, Any]
Write = Callable[[IO[bytes], Iterable[Row], Sequence[str]], None]


class Format(StrEnum):
    """How rows are written."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("export")(export_command)


def export_command(
    what: Annotated[
        str, typer.Argument(help="articles, clusters or changes; without it, articles are exported to FILE.")
    ],
    file: Annotated[
        str | None, typer.Argument(help="Output file, gzipped if it ends in .gz; - for standard output.")
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Default: by the file's name, .csv or .parquet, else JSON lines."),
    ] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Write every article as it was accepted, for `ingest` or for another program; or every cluster; or the change feed.

    Besides an article's own fields: received_at, revision, state, cluster_id. Erased and expired articles are not there.
    In CSV and Parquet, lists and objects are JSON. An existing file is replaced once all is written.
    """
    if file is None and what in _SOURCES:
        raise typer.BadParameter(f"name a file for them too: clusterer export {what} FILE, or - for standard output")
    if file is None:
        what, file = "articles", what
    if what not in _SOURCES:
        raise typer.BadParameter(f"unknown export {what!r}: choose one of {', '.join(_SOURCES)}")
    columns, rows_of = _SOURCES[what]
    written = form or Format(_suffix(file))
    source = open_collection(collection)
    with _written(file) as out, progress_bar(hidden=as_json or file == "-") as progress:
        task = progress.add_task(what, total=None)
        _WRITERS[written](out, advancing(rows_of(source), progress, task), columns)
    count = int(progress.tasks[task].completed)
    if file == "-":
        return
    if as_json:
        print_json({"exported": count, "file": file})
    else:
        say(f"{count} {what} written to {file}")


def _suffix(file: str) -> str:
    name = file.removesuffix(".gz")
    return next((form for form in ("csv", "parquet") if name.endswith(f".{form}")), "jsonl")


def _write_lines(out: IO[bytes], rows: Iterable[Row], columns: Sequence[str]) -> None:
    for row in rows:
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def _write_csv(out: IO[bytes], rows: Iterable[Row], columns: Sequence[str]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    # All in quotes: readers that drop blanks after a comma, as `ingest` does, keep those that a text begins with.
    table = csv.DictWriter(text, columns, quoting=csv.QUOTE_ALL)
    table.writeheader()
    for row in rows:
        table.writerow({name: _flat(value) for name, value in row.items()})
    text.flush()
    text.detach()


def _write_parquet(out: IO[bytes], rows: Iterable[Row], columns: Sequence[str]) -> None:
    require("parquet", "Writing Parquet")
    import pyarrow
    from pyarrow import parquet

    kinds = {name: pyarrow.int64() if name in _COUNTS else pyarrow.string() for name in columns}
    schema = pyarrow.schema(list(kinds.items()))
    remaining = iter(rows)
    with parquet.ParquetWriter(out, schema) as table:
        while batch := list(islice(remaining, _BATCH)):
            flat = [
                {name: row.get(name) if name in _COUNTS else _text(row.get(name)) for name in columns} for row in batch
            ]
            table.write_table(pyarrow.Table.from_pylist(flat, schema))


def _flat(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def _text(value: Any) -> str | None:
    value = _flat(value)
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


_COUNTS = frozenset(("revision", "generation", "number", "article_count", "source_count", "origin_count"))
_SOURCES: Mapping[str, tuple[tuple[str, ...], Callable[[Collection], Iterator[Row]]]] = {
    "articles": (EXPORTED_FIELDS, lambda source: export_rows(source.books)),
    "clusters": (tuple(field.name for field in fields(ClusterView)), lambda source: cluster_rows(source.lookup)),
    "changes": (tuple(field.name for field in fields(ChangeView)), lambda source: change_rows(source.lookup)),
}
_WRITERS: Mapping[Format, Write] = {Format.jsonl: _write_lines, Format.csv: _write_csv, Format.parquet: _write_parquet}


@contextmanager
def _written(file: str) -> Iterator[IO[bytes]]:
    """A stream of bytes; a file appears under its name when it is complete and on the disk."""
    if file == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    draft = path.with_name(path.name + ".partial")
    try:
        with draft.open("wb") as raw:
            with (
                gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6)
                if path.suffix == ".gz"
                else nullcontext(raw) as out
            ):
                yield cast(IO[bytes], out)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
