"""What the demo shows: clusters, copies with evidence, cuts, what was rejected, one explanation, and the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from clusterer.cli.auditing import print_audit, report_json
from clusterer.cli.lookups import print_clusters, print_explanation
from clusterer.cli.output import print_table, say
from clusterer.evaluation.scores import bcubed
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.lookup import wording
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.lookup.views import ArticleView, ClusterView, CutView, ExplanationView
from clusterer.pipeline.upkeep.audit import AuditReport, audit

_MOST_CLUSTERS = 1_000
_CUT_CHARS = 90


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not accepted, and why."""

    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class DemoReport:
    """agreement: B-cubed F1 of the clusters with the events that the samples were written about."""

    articles: int
    assigned: int
    events: int
    agreement: float
    seconds: float
    clusters: tuple[ClusterView, ...]
    related: tuple[ArticleView, ...]
    page: ArticleView
    cuts: tuple[CutView, ...]
    refused: tuple[Refused, ...]
    explanation: ExplanationView
    audit: AuditReport

    @property
    def passed(self) -> bool:
        """Every article is assigned and the books balance."""
        return self.assigned == self.articles and self.audit.clean


def gather(
    collection: Collection, rows: Sequence[dict[str, Any]], refused: Sequence[Refused], seconds: float
) -> DemoReport:
    """Look everything up the way any client does. `rows` are the samples with their ids."""
    lookup = collection.lookup
    by_id = {str(row["id"]): row for row in rows}
    views = {article_id: lookup.article(article_id) for article_id in by_id}
    page = max(views.values(), key=lambda view: view.cuts or 0)
    explained = {article_id: lookup.explain(article_id) for article_id in by_id}
    return DemoReport(
        articles=collection.books.books().accepted,
        assigned=collection.books.books().assigned,
        events=len({row["event"] for row in rows}),
        agreement=bcubed(
            {article_id: view.cluster_id for article_id, view in views.items()},
            {article_id: row["event"] for article_id, row in by_id.items()},
        ).f1,
        seconds=seconds,
        clusters=lookup.clusters(ClusterFilter(), "size", _MOST_CLUSTERS, None).data,
        related=tuple(view for view in views.values() if view.relations),
        page=page,
        cuts=explained[page.id].cuts,
        refused=tuple(refused),
        explanation=_most_telling(list(explained.values())),
        audit=audit(collection.books),
    )


def _most_telling(explanations: Sequence[ExplanationView]) -> ExplanationView:
    """The narrowest of the joins: the one where reasons matter most."""
    joined = [one for one in explanations if one.decision and one.decision.joined and one.decision.terms]
    return min(joined or explanations, key=lambda one: one.decision.probability if one.decision else 1.0)


def as_json_document(report: DemoReport) -> dict[str, Any]:
    """The report as JSON types."""
    return {**asdict(report), "passed": report.passed, "audit": report_json(report.audit)}


def print_report(report: DemoReport) -> None:
    """The report for people."""
    print_clusters("Event clusters", report.clusters)
    say(
        f"{report.articles} articles about {report.events} events came into {len(report.clusters)} clusters; "
        f"B-cubed F1 against the events they were written about: {report.agreement:.3f}\n"
    )
    rows = [
        (view.id, wording.relation_to(relation.kind), relation.article_id, wording.alike(relation))
        for view in report.related
        for relation in view.relations[:1]
    ]
    print_table("Copies, excerpts and versions", ("article", "is", "", "alike"), rows)
    cuts = [(_short(cut.text), cut.reason) for cut in report.cuts]
    print_table(f"Cut from the page {report.page.id}", ("text", "because"), cuts)
    print_table("Rejected", ("line", "because"), [(one.line, one.reason) for one in report.refused])
    say("\nWhy is it there?", "bold")
    print_explanation(report.explanation)
    say()
    print_audit("Audit", report.audit)
    say(f"{report.assigned} of {report.articles} articles assigned in {report.seconds:.1f} s")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CUT_CHARS else f"{line[: _CUT_CHARS - 1]}…"
