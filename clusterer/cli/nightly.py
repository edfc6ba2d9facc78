"""The nightly job by hand, and corrections by people."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusterer.cli.output import Json, complain, print_json, print_table, say
from clusterer.cli.session import DEFAULT, CollectionName, connect, open_collection
from clusterer.core.errors import NotFound
from clusterer.pipeline.corrections import By, CorrectionView
from clusterer.pipeline.lookup.views import PlannedFlow, PlanView
from clusterer.pipeline.nightly.reports import MOST_SHOWN, Run, runs
from clusterer.pipeline.service import Service
from clusterer.settings import env_name

if TYPE_CHECKING:
    from clusterer.pipeline.nightly.nightly import Nightly

_SHOWN = 20  # of each kind, in what people are shown of a plan
_SIZE = "size > then"

correct = typer.Typer(help="Corrections by people, which all later decisions respect.", no_args_is_help=True)

Actor = Annotated[
    str | None, typer.Option(help="Who makes the correction; default: the current user. Recorded in the change feed.")
]
Reason = Annotated[str, typer.Option(prompt=True, help="Reason of the correction. Recorded in the change feed.")]
IfRevision = Annotated[int | None, typer.Option(min=1, help="Only if the cluster is still at this revision.")]
Cluster = Annotated[str, typer.Argument(help="A cluster's id.")]
ArticleId = Annotated[str, typer.Argument(help="An article's id.")]


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("recluster")(recluster_command)
    app.command("runs")(runs_command)
    app.command("rollback")(rollback_command)
    app.command("history")(history_command)
    app.add_typer(correct, name="correct")


# -- nightly


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
    reason: Annotated[str | None, typer.Option(help="Reason for forcing; recorded in the report of the run.")] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Recluster the window now. Exits 1 if the guard refused the plan; the clustering then stays unchanged."""
    service = connect()
    nightly = service.collection(collection).nightly
    if if_due and not _is_due(service, nightly):
        _report({"outcome": "not due"}, as_json)
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
            "; ".join(run.objections),
        )
        for run in found
    ]
    columns = ("started (UTC)", "outcome", "generation", "by", "objections")
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
            f"The next nightly run would make the same plan: correct by hand before, or set {env_name('recluster_at')}=off."
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


# -- corrections


@correct.command("merge")
def correct_merge(
    cluster_id: Cluster,
    into: Annotated[str, typer.Argument(help="The cluster to merge into; it keeps its id.")],
    reason: Reason,
    actor: Actor = None,
    if_revision: IfRevision = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Merge a cluster into another one."""
    living = open_collection(collection).corrector.merge(cluster_id, into, _by(actor, reason), if_revision)
    _report({"merged": cluster_id, "into": living}, as_json)


@correct.command("split")
def correct_split(
    cluster_id: Cluster,
    article_ids: Annotated[list[str], typer.Argument(help="The articles to split off.")],
    reason: Reason,
    actor: Actor = None,
    if_revision: IfRevision = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Split articles off a cluster into a new cluster."""
    service = connect()
    corrector, fresh = service.collection(collection).corrector, service.new_cluster_id()
    new = corrector.split(cluster_id, article_ids, fresh, _by(actor, reason), if_revision)
    _report({"split": cluster_id, "new": new}, as_json)


@correct.command("move")
def correct_move(
    article_id: ArticleId,
    into: Annotated[str, typer.Argument(help="The cluster to move it to.")],
    reason: Reason,
    actor: Actor = None,
    if_revision: IfRevision = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Move an article and its copies to another cluster."""
    living = open_collection(collection).corrector.move(article_id, into, _by(actor, reason), if_revision)
    _report({"moved": article_id, "into": living}, as_json)


@correct.command("pin")
def correct_pin(
    cluster_id: Cluster,
    reason: Reason,
    actor: Actor = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Pin a cluster: no reclustering changes its articles."""
    correction = open_collection(collection).corrector.pin(cluster_id, _by(actor, reason))
    _report({"key": correction.key, "pinned": correction.cluster}, as_json)


@correct.command("must-link")
def correct_must_link(
    article_id: ArticleId,
    other_id: ArticleId,
    reason: Reason,
    actor: Actor = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Always keep two articles in the same cluster."""
    corrector = open_collection(collection).corrector
    link = corrector.link("must_link", article_id, other_id, _by(actor, reason))
    _report_link(corrector.view(link), [article_id, other_id], as_json)


@correct.command("cannot-link")
def correct_cannot_link(
    article_id: ArticleId,
    other_id: ArticleId,
    reason: Reason,
    actor: Actor = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Never put two articles into the same cluster."""
    corrector = open_collection(collection).corrector
    link = corrector.link("cannot_link", article_id, other_id, _by(actor, reason))
    _report_link(corrector.view(link), [article_id, other_id], as_json)


@correct.command("list")
def correct_list(collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """Corrections in force, oldest first."""
    books = open_collection(collection).books
    corrections = books.corrections()
    names = {facts.seq: facts.article_id for facts in books.facts([s for c in corrections for s in c.seqs]) if facts}
    if as_json:
        rows = [
            {**asdict(c), "key": c.key, "article_ids": [names[seq] for seq in c.seqs if seq in names]}
            for c in corrections
        ]
        print_json(rows)
        return
    print_table(
        "Corrections in force",
        ("key", "kind", "of", "by", "at", "reason"),
        [
            (c.key, c.kind, c.cluster or [names.get(seq, "?") for seq in c.seqs], c.actor, c.at, c.reason)
            for c in corrections
        ],
    )


@correct.command("withdraw")
def correct_withdraw(
    key: Annotated[str, typer.Argument(help="The correction's key, as `correct list` prints it.")],
    reason: Reason,
    actor: Actor = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Withdraw a correction; what it changed stays until later decisions."""
    open_collection(collection).corrector.withdraw(key, _by(actor, reason))
    _report({"withdrawn": key}, as_json)


def _by(actor: str | None, reason: str) -> By:
    return By(actor or getpass.getuser(), reason)


def _report_link(link: CorrectionView, article_ids: list[str], as_json: bool) -> None:
    """A link, and whether it still waits for the nightly run."""
    if as_json:
        print_json({"key": link.key, link.kind: article_ids, "pending": link.pending})
        return
    say(
        f"{' and '.join(article_ids)}: {'never' if link.kind == 'cannot_link' else 'always'} together; its key is {link.key}"
    )
    if link.pending:
        now, how = ("together", "split") if link.kind == "cannot_link" else ("apart", "merge")
        say(
            f"They are {now} now, and stay so until the next nightly run. "
            f"`clusterer correct {how}` and `clusterer correct move` act at once."
        )


def _report(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(answer)
    else:
        say(", ".join(f"{name} {value}" for name, value in answer.items()))
