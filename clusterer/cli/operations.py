"""What operators do: erasure, learnt boilerplate, collections, settings."""

from __future__ import annotations

from typing import Annotated

import typer

from clusterer.cli.output import Json, print_json, print_table, report_done, say
from clusterer.cli.session import DEFAULT, CollectionName, connect, open_collection, settings_of_command
from clusterer.core.errors import NotFound
from clusterer.environment import settings_table
from clusterer.pipeline.collections import create_collection, delete_collection, list_collections
from clusterer.pipeline.stages.boilerplate import Boilerplate
from clusterer.ports import CollectionStore
from clusterer.settings import Settings, env_name

_SECRET = ("redis_url", "broker_url")

boilerplate = typer.Typer(
    help="What recurs on the pages of each source and is removed from its articles.", no_args_is_help=True
)
collections = typer.Typer(help="Separate sets of articles and clusters.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("erase")(erase_command)
    app.command("config")(config_command)
    app.add_typer(boilerplate, name="boilerplate")
    app.add_typer(collections, name="collections")


def erase_command(
    article_id: Annotated[str, typer.Argument(help="The article to erase, with all its revisions.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Erase an article everywhere; only the record that it existed is kept. This cannot be undone."""
    if not yes:
        typer.confirm(f"Erase article {article_id!r}?", abort=True, err=True)
    erased = open_collection(collection).eraser.erase(article_id)
    if as_json:
        print_json(erased)
    else:
        say(f"erased {article_id} ({len(erased.seqs)} revisions)")


# -- boilerplate


@boilerplate.command("list")
def boilerplate_list(
    source: Annotated[str | None, typer.Argument(help="A source; without it, all sources with a profile.")] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """List sources with a learnt profile, or the recurring text that is removed from one source's pages."""
    service = connect()
    books = service.collection(collection).books
    if source is None:
        sources = books.boilerplate_sources()
        if as_json:
            print_json({"sources": sources})
        else:
            print_table("Sources with a learnt profile", ("source",), [(name,) for name in sources])
        return
    _check_learnt(books, source)
    found = Boilerplate(books).recurring(source, service.clock.now())
    if as_json:
        print_json({"source": source, "recurring": found})
    else:
        rows = [(one.pages, one.of_pages, one.text) for one in found]
        columns = ("pages", "of pages", "text")
        print_table(f"Cut from pages of {source}; older pages count less", columns, rows, right=columns[:2])


@boilerplate.command("reset")
def boilerplate_reset(
    source: Annotated[str, typer.Argument(help="The source whose profile is deleted.")],
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Delete the learnt profile of a source; learning starts again."""
    books = open_collection(collection).books
    _check_learnt(books, source)
    Boilerplate(books).reset(source)
    report_done("reset", [source], as_json)


def _check_learnt(books: CollectionStore, source: str) -> None:
    if books.boilerplate(source) is None:
        raise NotFound(f"there is no learnt profile of source {source!r}")


# -- collections


@collections.command("list")
def collections_list(as_json: Json = False) -> None:
    """Collections with the counts of their articles."""
    views = list_collections(connect())
    if as_json:
        print_json(views)
        return
    rows = [
        (view.name, view.articles.accepted, view.articles.assigned, view.articles.pending, view.articles.dead)
        for view in views
    ]
    columns = ("name", "accepted", "assigned", "pending", "dead")
    print_table("Collections", columns, rows, right=columns[1:])


@collections.command("create")
def collections_create(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, - and _; at most 63.")], as_json: Json = False
) -> None:
    """Create an empty collection."""
    try:
        view = create_collection(connect(), name, {})
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json(view)
    else:
        say(f"created {name}")


@collections.command("delete")
def collections_delete(
    name: Annotated[str, typer.Argument(help="The collection to delete.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a collection with all its articles and clusters. This cannot be undone."""
    if not yes:
        typer.confirm(f"Delete collection {name!r} with everything in it?", abort=True, err=True)
    delete_collection(connect(), name)
    report_done("deleted", [name], as_json)


# -- settings


def config_command(
    markdown: Annotated[bool, typer.Option("--markdown", help="All settings as a Markdown table.")] = False,
    as_json: Json = False,
) -> None:
    """Show the current settings, or all settings with their meaning."""
    if markdown:
        say(settings_table().rstrip("\n"))
        return
    settings = settings_of_command()
    values = {env_name(name): _shown(settings, name) for name in Settings.model_fields}
    if as_json:
        print_json(values)
    else:
        print_table("Settings", ("variable", "value"), list(values.items()))


def _shown(settings: Settings, name: str) -> object:
    value = getattr(settings, name)
    if name in _SECRET:
        return "set" if value else None
    return value if isinstance(value, (int, float, str, type(None))) else str(value)
