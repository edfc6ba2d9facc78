"""The command that changes the embedding model."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import uuid4

import typer

from clusterer.cli.output import Json, print_json, say
from clusterer.cli.progress import progress_bar
from clusterer.cli.session import connect
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.upkeep.reembed import ReembeddingReport


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("reembed")(reembed_command)


def reembed_command(
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Only this collection.")] = None,
    as_json: Json = False,
) -> None:
    """Compute the vectors of all articles with the configured model, while the service runs with the former one.

    The new vectors are published in one step at the end. From then on workers with the former model do not process new articles:
    restart them with the new one. A run that was interrupted continues where it stopped.
    """
    service = connect()
    worker = f"reembed:{uuid4()}"
    names = [collection] if collection else service.names()
    done = {name: _reembed(service.collection(name), worker, quiet=as_json) for name in names}
    if as_json:
        print_json({name: asdict(result) for name, result in done.items()})
        return
    for name, result in done.items():
        say(f"{name}: {_told(result)}")


def _reembed(collection: Collection, worker: str, quiet: bool) -> ReembeddingReport:
    with progress_bar(hidden=quiet) as progress:
        task = progress.add_task(collection.books.name, total=None)

        def show(embedded: int, left: int) -> None:
            progress.update(task, completed=embedded, total=embedded + left)

        return collection.reembedder.run(worker, show)


def _told(result: ReembeddingReport) -> str:
    if result.before is None:
        return "has no vectors yet; nothing to do"
    if result.before == result.after:
        return f"already has the vectors of {result.after}"
    return f"{result.embedded} articles embedded again: the vectors of {result.before} were replaced by those of {result.after}"
