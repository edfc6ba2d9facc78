"""What operators do: audit, learnt boilerplate, collections, settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import uuid4

import typer

from clusterer.bootstrap import Clusterer
from clusterer.cli.output import Json, complain, print_json, print_table, report_done, say
from clusterer.cli.session import DEFAULT, CollectionName, connect, open_collection, settings_of_command
from clusterer.core.errors import Conflict, NotFound
from clusterer.pipeline.collections import create_collection, delete_collection, list_collections
from clusterer.pipeline.service import Collection
from clusterer.pipeline.stages.templates import Templates
from clusterer.pipeline.upkeep.audit import AuditReport, audit
from clusterer.pipeline.upkeep.repair import Repairer, Repairs
from clusterer.ports import CollectionStore
from clusterer.settings import Settings, env_name, settings_table

_SECRET = ("redis_url", "broker_url")

boilerplate = typer.Typer(help="Learned page templates of each source.", no_args_is_help=True)
collections = typer.Typer(help="Separate sets of articles and clusters.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("audit")(audit_command)
    app.command("erase")(erase_command)
    app.command("config")(config_command)
    app.add_typer(boilerplate, name="boilerplate")
    app.add_typer(collections, name="collections")


# -- audit


def audit_command(
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Only this collection.")] = None,
    erased: Annotated[
        str | None, typer.Option(help="Check instead that nothing of this erased article is left.")
    ] = None,
    words: Annotated[
        str | None,
        typer.Option(
            help="With --erased: words of its text, separated by spaces, that must not be found anywhere either."
        ),
    ] = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Then rebuild what can be rebuilt (queues, lists, counts, clusters) and audit again."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check that the stored data is consistent: every accepted article in one state and one cluster, every counter right.

    Exits 1 and names the articles if anything differs, after a repair if anything still does or the repair was refused.
    """
    service = connect()
    if erased is not None:
        _prove_erased(service.collection(collection or DEFAULT), erased, (words or "").split(), as_json)
        return
    reports: dict[str, AuditReport] = {}
    repairs: dict[str, Repairs] = {}
    for name in [collection] if collection else service.names():
        reports[name] = audit(service.collection(name).books, service.clock.now())
        if repair:
            reports[name], repairs[name] = _repaired(service, name, reports[name])
    clean = all(report.clean for report in reports.values())
    refused = any(one.refused for one in repairs.values())
    if as_json:
        done = {name: {"repaired": asdict(one)} for name, one in repairs.items()}
        shown = {name: report_json(report) | done.get(name, {}) for name, report in reports.items()}
        print_json({"clean": clean, "collections": shown})
    else:
        for name, report in reports.items():
            if name in repairs:
                _print_repairs(name, repairs[name])
            print_audit(name, report)
    if refused or not clean:
        raise typer.Exit(1)


def _repaired(service: Clusterer, name: str, report: AuditReport) -> tuple[AuditReport, Repairs]:
    """The books after the repair, and what it did."""
    books = service.collection(name).books
    repairer = Repairer(books, service.clock, service.nightly_policy.lease_s)
    try:
        repairs = repairer.run(f"repair:{uuid4()}", report)
    except Conflict as reason:  # the other collections are still to be repaired
        repairs = Repairs(refused=str(reason))
    if repairs.requeued:
        service.hints.articles()
        service.hints.clusters()
    return audit(books, service.clock.now()), repairs


def _print_repairs(name: str, repairs: Repairs) -> None:
    named = ("requeued", "relisted", "reposted", "reassigned", "rebuilt", "retold")
    done = [f"{count} {what}" for what in named if (count := getattr(repairs, what))]
    done += ["articles recounted"] if repairs.recounted else []
    if done or not repairs.refused:
        say(f"{name}: {', '.join(done) or 'nothing to repair'}")
    if repairs.refused:
        complain(f"{name}: {repairs.refused}")


def _prove_erased(target: Collection, article_id: str, words: list[str], as_json: bool) -> None:
    if not target.books.revisions(article_id):
        raise NotFound(f"there was never an article {article_id!r}")
    traces = target.eraser.traces(article_id, words)
    if as_json:
        print_json({"article_id": article_id, "clean": not traces, "traces": traces})
    else:
        say(
            f"{article_id}: "
            + (f"found in {', '.join(traces)}" if traces else "nothing is left except the record that it was erased")
        )
    if traces:
        raise typer.Exit(1)


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


def report_json(report: AuditReport) -> dict[str, object]:
    """A report as JSON types."""
    return {
        "clean": report.clean,
        "problems": report.problems,
        "counts": dict(report.counts),
        "quiet": report.quiet,
        "replayed": report.replayed,
    }


def print_audit(name: str, report: AuditReport) -> None:
    """One line for books that balance, one more for each difference."""
    counts = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in report.counts.items())
    say(f"{name}: {'no mismatch found' if report.clean else 'mismatches found'} ({counts})")
    if not report.replayed:
        say("  the change feed contains a rollback or was trimmed, so it was not compared with the clusters")
    if not report.quiet:
        say("  articles arrived during the audit; only mismatches that were found twice are reported")
    for problem in report.problems:
        complain(f"{name}: {problem}")


# -- boilerplate


@boilerplate.command("list")
def boilerplate_list(
    source: Annotated[str | None, typer.Argument(help="A source; without it, all sources with a profile.")] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """List sources with a learned profile, or the recurring text that is removed from one source's pages."""
    service = connect()
    books = service.collection(collection).books
    if source is None:
        sources = books.boilerplate_sources()
        if as_json:
            print_json({"sources": sources})
        else:
            print_table("Sources with a learned profile", ("source",), [(name,) for name in sources])
        return
    _check_learnt(books, source)
    found = Templates(books).recurring(source, service.clock.now())
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
    """Delete the learned profile of a source; learning starts again."""
    books = open_collection(collection).books
    _check_learnt(books, source)
    Templates(books).reset(source)
    report_done("reset", [source], as_json)


def _check_learnt(books: CollectionStore, source: str) -> None:
    if books.boilerplate(source) is None:
        raise NotFound(f"there is no learned profile of source {source!r}")


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
