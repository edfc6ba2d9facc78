"""What keeps the data safe beyond one machine: articles out as JSON lines, backups, and back from them."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Annotated, cast

import orjson
import typer

from clusterer.cli.output import Json, print_json, progress_bar, say
from clusterer.cli.session import DEFAULT, CollectionName, open_collection
from clusterer.pipeline.transfer import export_rows


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("export")(export_command)


def export_command(
    file: Annotated[str, typer.Argument(help="Where the JSON lines go, gzipped for .gz; - for standard output.")],
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Write every article as it was accepted, one JSON object a line, for `ingest` or for another program.

    Besides the article's own fields: received_at, revision, state, cluster_id. Erased and expired articles are not there.
    An existing file is replaced once all is written.
    """
    books = open_collection(collection).books
    count = 0
    with _written(file) as out, progress_bar(hidden=as_json or file == "-") as progress:
        task = progress.add_task("articles", total=books.books().accepted)
        for row in export_rows(books):
            out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
            progress.update(task, completed=count)
    if file == "-":
        return
    if as_json:
        print_json({"exported": count, "file": file})
    else:
        say(f"{count} articles written to {file}")


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
            with gzip.GzipFile(fileobj=raw, mode="wb") if path.suffix == ".gz" else nullcontext(raw) as out:
                yield cast(IO[bytes], out)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
