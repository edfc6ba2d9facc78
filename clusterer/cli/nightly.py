"""The nightly job by hand."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from clusterer.cli.output import Json, complain, print_json, print_table, say
from clusterer.cli.session import DEFAULT, CollectionName, connect, open_collection
from clusterer.core.errors import NotFound
from clusterer.pipeline.lookup.views import PlannedFlow, PlanView
from clusterer.pipeline.nightly.reports import MOST_SHOWN, Run, runs
from clusterer.pipeline.service import Service
from clusterer.settings import env_name

if TYPE_CHECKING:
    from clusterer.pipeline.nightly.nightly import Nightly

_SHOWN = 20  # of each kind, in what people are shown of a plan
_SIZE = "size > then"

Actor = Annotated[
    str | None, typer.Option(help="Who asks for it; default: the current user. Recorded in the change feed.")
]
Reason = Annotated[str, typer.Option(prompt=True, help="Reason for it. Recorded in the change feed.")]
Cluster = Annotated[str, typer.Argument(help="A cluster's id.")]


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("recluster")(recluster_command)
    app.command("runs")(runs_command)
    app.command("rollback")(rollback_command)
    app.command("history")(history_command)


def recluster_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan without publishing it.")] = False,
    if_due: Annotated[
        bool,
        typer.Option("--if-due", help="Only if no run has started since the hour of CLUSTERER_RECLUSTER_AT; for cron."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Publish the plan although the guard refuses it; this is recorded.")
    ] = False,
    actor: Actor = None,
    reason: Annotated[str | None, typer.Option(help="Why it is run now; kept in the report of the run.")] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Recluster the window now. Exits 1 if the guard refused the plan; the clustering then stays unchanged."""
    service = connect()
    nightly = service.collection(collection).nightly
    if if_due and not _is_due(service, nightly):
        if as_json:
            print_json({"outcome": "not due"})
        else:
            say("outcome not due")
        return
    who = actor or getpass.getuser()
    run = nightly.run(f"cli:{who}", dry_run=dry_run, force=force, actor=who, reason=reason)
    if as_json:
        print_json(run)
    else:
        _print_run(run)
    if run.outcome == "refused":
        raise typer.Exit(1)


def _is_due(service: Service, nightly: Nightly) -> bool:
    if service.recluster_at is None:
        raise typer.BadParameter(f"--if-due needs an hour in {env_name('recluster_at')}, which is off")
    return nightly.is_due(service.recluster_at)


def runs_command(
    collection: CollectionName = DEFAULT,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Number of latest runs to print.")] = 10,
    as_json: Json = False,
) -> None:
    """Reports of nightly runs, latest first."""
    books = open_collection(collection).books
    found = runs(books, limit)
    if as_json:
        print_json(found)
        return
    published = books.position().generation
    rows = [
        (
            f"{run.started_at:%Y-%m-%dT%H:%M:%S}",
            run.outcome + (", rolled back later" if run.is_rolled_back(published) else ""),
            run.generation,
            run.actor,
            run.reason or "",
            "; ".join(run.objections),
        )
        for run in found
    ]
    columns = ("started (UTC)", "outcome", "generation", "by", "reason", "details")
    print_table("Nightly runs", columns, rows, right=("generation",))


def rollback_command(
    reason: Reason, actor: Actor = None, collection: CollectionName = DEFAULT, as_json: Json = False
) -> None:
    """Publish the previous generation again. Exits 1 if none is kept."""
    generation = open_collection(collection).nightly.rollback(actor or getpass.getuser(), reason)
    if generation is None:
        raise NotFound("no earlier generation is kept")
    if as_json:
        print_json({"generation": generation})
    else:
        say(f"generation {generation} is published again")
        say(
            f"The next nightly run would produce the same plan: make corrections first, or set {env_name('recluster_at')}=off."
        )


def history_command(cluster_id: Cluster, collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """The changes of a cluster, oldest first."""
    entries = open_collection(collection).history.of_cluster(cluster_id)
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        say(f"{entry.at:%Y-%m-%dT%H:%MZ}  {entry.text}")


def _print_run(run: Run) -> None:
    say(f"outcome: {run.outcome} (generation {run.generation})", "bold")
    print_table("The plan", ("figure", "value"), list(run.figures.items()), right=("value",))
    if run.plan is not None:
        _print_plan(run.plan)
    for objection in run.objections:
        complain(f"limit exceeded: {objection}")


def _print_plan(plan: PlanView) -> None:
    """The largest of each kind, in tables."""
    for kind, title, flows in (
        ("merged", "Clusters that would be merged into another", plan.merged),
        ("split", "Clusters that would be split", plan.split),
        ("moved", "Articles that would move between clusters", plan.moved),
    ):
        if flows:
            rows = [row for flow in flows[:_SHOWN] for row in _flow_rows(flow)]
            print_table(title, ("articles", "", "id", _SIZE, "title"), rows, right=("articles", _SIZE))
            _say_more(plan, kind, len(flows))
    if plan.created:
        new = [(one.articles_after, one.title) for one in plan.created[:_SHOWN]]
        print_table(
            "New clusters that do not come mainly from one cluster", ("articles", "title"), new, right=("articles",)
        )
        _say_more(plan, "created", len(plan.created))


def _flow_rows(flow: PlannedFlow) -> list[tuple[object, ...]]:
    """Where they come from, and below it where they go."""
    sides = ((flow.articles, "from", flow.origin), ("", "to", flow.target))
    return [
        (count, side, one.id or "(new)", f"{one.articles_before} > {one.articles_after}", one.title)
        for count, side, one in sides
    ]


def _say_more(plan: PlanView, kind: str, listed: int) -> None:
    if listed > _SHOWN:
        say(f"and {listed - _SHOWN + plan.left_out.get(kind, 0)} more; --json lists up to {MOST_SHOWN}")
