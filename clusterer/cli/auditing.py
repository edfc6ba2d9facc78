"""Checking stored data, and what repairs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated
from uuid import uuid4

import typer

from clusterer.bootstrap import Clusterer
from clusterer.cli.output import Json, complain, print_json, say
from clusterer.cli.session import DEFAULT, connect
from clusterer.core.errors import Conflict, NotFound
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.upkeep.audit import AuditReport, audit
from clusterer.pipeline.upkeep.repair import Repairer, Repairs


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("audit")(audit_command)


def audit_command(
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Only this collection.")] = None,
    erased: Annotated[
        str | None, typer.Option(help="Check instead that nothing of this erased article is left.")
    ] = None,
    words: Annotated[
        str | None,
        typer.Option(
            help="With --erased: words that occurred in no other article, separated by spaces; none of them may be found anywhere."
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
        _print_json(clean, reports, repairs)
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
    repairer = Repairer(books, service.clock, service.nightly_policy().lease_s)
    try:
        repairs = repairer.run(f"repair:{uuid4()}", report)
    except Conflict as reason:  # the other collections are still to be repaired
        repairs = Repairs(refused=str(reason))
    if repairs.requeued:
        service.hints.articles()
        service.hints.clusters()
    return audit(books, service.clock.now()), repairs


def _print_repairs(name: str, repairs: Repairs) -> None:
    done = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (repairs.requeued, "article put back into a queue", "articles put back into queues"),
            (repairs.relisted, "entry of a list restored", "entries of lists restored"),
            (
                repairs.reposted,
                "article put back into the index of copies",
                "articles put back into the index of copies",
            ),
            (repairs.reassigned, "article returned to its cluster", "articles returned to their clusters"),
            (repairs.rebuilt, "cluster rebuilt", "clusters rebuilt"),
            (repairs.retold, "cluster put right in its storyline", "clusters put right in their storylines"),
        )
        if count
    ]
    done += ["counts of articles recalculated"] if repairs.recounted else []
    if done or not repairs.refused:
        say(f"{name}: {', '.join(done) or 'nothing to repair'}")
    if repairs.refused:
        complain(f"{name}: {repairs.refused}")


def _print_json(clean: bool, reports: Mapping[str, AuditReport], repairs: Mapping[str, Repairs]) -> None:
    done = {name: {"repaired": asdict(one)} for name, one in repairs.items()}
    shown = {name: report_json(report) | done.get(name, {}) for name, report in reports.items()}
    print_json({"clean": clean, "collections": shown})


def _prove_erased(target: Collection, article_id: str, words: list[str], as_json: bool) -> None:
    if not target.books.revisions(article_id):
        raise NotFound(f"there was never an article {article_id!r}")
    traces = target.eraser.traces(article_id, words)
    if as_json:
        print_json({"article_id": article_id, "clean": not traces, "traces": traces})
    elif not traces:
        say(f"{article_id}: nothing is left except the record that it was erased")
    elif words and not target.eraser.traces(article_id):
        say(
            f"{article_id}: nothing is left that names it, but some of the words are in {', '.join(traces)}. "
            "These words may come from other articles: choose words that occurred in the erased article alone."
        )
    else:
        say(f"{article_id}: found in {', '.join(traces)}")
    if traces:
        raise typer.Exit(1)


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
