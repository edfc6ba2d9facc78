"""`clusterer dead` and `clusterer rejected`: what could not be processed, and what queue producers sent in vain."""

from __future__ import annotations

from typing import Annotated

import typer

from clusterer.bootstrap import Clusterer
from clusterer.cli.output import Json, complain, print_json, print_table, report_done, say
from clusterer.cli.session import DEFAULT, CollectionName, connect, open_collection
from clusterer.core.errors import NotFound
from clusterer.pipeline.lookup.setaside import (
    DeadArticle,
    RefusedArticle,
    all_dead,
    all_refused,
    refused_article,
)
from clusterer.ports import CollectionStore

_TITLE_CHARS = 60

dead = typer.Typer(help="Dead articles: those that failed too often.", no_args_is_help=True)
rejected = typer.Typer(help="Rejected articles: those sent through the queue that are not valid.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.add_typer(dead, name="dead")
    app.add_typer(rejected, name="rejected")


@dead.command("list")
def dead_list(collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """Dead articles: title, since when, after how many attempts, and why."""
    found = list(all_dead(open_collection(collection).books))
    if as_json:
        print_json(found)
        return
    columns = ("article", "seq", "title", "died (UTC)", "attempts", "reason")
    rows = [(one.article_id, one.seq, _short(one.title), one.died_at, one.attempts, one.reason) for one in found]
    print_table("Dead articles", columns, rows, right=("seq", "attempts"))


@dead.command("replay")
def dead_replay(
    article_id: Annotated[str | None, typer.Argument(help="Only this article; default: all.")] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Process dead articles again, from the beginning."""
    service = connect()
    books = service.collection(collection).books
    replayed = [one.article_id for one in _chosen_dead(books, article_id) if books.retry_dead(one.seq)]
    service.hints.articles()
    report_done("replayed", replayed, as_json)


@dead.command("drop")
def dead_drop(
    article_id: Annotated[str, typer.Argument(help="The dead article to erase.")],
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Erase a dead article permanently; only the record that it existed is kept."""
    service = connect()
    books = service.collection(collection).books
    chosen = _chosen_dead(books, article_id)
    report_done("dropped", [one.article_id for one in chosen if books.erase(one.seq, service.clock.now())], as_json)


def _chosen_dead(books: CollectionStore, article_id: str | None) -> list[DeadArticle]:
    chosen = [one for one in all_dead(books) if article_id in (None, one.article_id)]
    if article_id is not None and not chosen:
        raise NotFound(f"there is no dead article {article_id!r}")
    return chosen


@rejected.command("list")
def rejected_list(collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """Rejected articles: title, since when, and why. Those sent to no existing collection are listed under the default one."""
    found = list(all_refused(open_collection(collection).books))
    if as_json:
        print_json(found)
        return
    columns = ("number", "article", "title", "sent to", "rejected (UTC)", "reason")
    rows = [(one.number, one.id, _short(one.title), one.sent_to, one.refused_at, one.reason) for one in found]
    print_table("Rejected articles", columns, rows)


@rejected.command("show")
def rejected_show(
    number: Annotated[str, typer.Argument(help="As listed.")],
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Print what was sent, in full."""
    found = refused_article(open_collection(collection).books, number)
    if as_json:
        print_json(found)
    else:
        say(found.payload or "")


@rejected.command("replay")
def rejected_replay(
    number: Annotated[str | None, typer.Argument(help="Only this one; default: all.")] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Submit rejected articles again, once their collection exists or the cause is fixed. Exits 1 if one is rejected again."""
    from clusterer.pipeline.intake import Rejected

    service = connect()
    taken: list[str] = []
    refused: dict[str, str] = {}
    for one in _chosen_refused(service, collection, number):
        try:
            taken.append(service.replay_refusal(service.collection(collection), one.number).article_id)
        except (Rejected, NotFound) as reason:
            refused[one.number] = str(reason)
    if as_json:
        print_json({"replayed": taken, "refused": refused})
    else:
        report_done("replayed", taken, as_json)
        for name, why in refused.items():
            complain(f"{name}: {why}")
    if refused:
        raise typer.Exit(1)


@rejected.command("drop")
def rejected_drop(
    number: Annotated[str | None, typer.Argument(help="Only this one; default: all.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Delete rejected articles permanently."""
    if number is None and not yes:
        typer.confirm("Delete all rejected articles?", abort=True, err=True)
    service = connect()
    chosen = _chosen_refused(service, collection, number)
    books = service.collection(collection).books
    report_done("dropped", [one.number for one in chosen if books.drop_refusal(one.number)], as_json)


def _chosen_refused(service: Clusterer, collection: str, number: str | None) -> list[RefusedArticle]:
    books = service.collection(collection).books
    return list(all_refused(books)) if number is None else [refused_article(books, number)]


def _short(title: str | None) -> str:
    return title or "" if len(title or "") <= _TITLE_CHARS else f"{(title or '')[: _TITLE_CHARS - 1]}…"
