"""Questions about articles and clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import typer

from clusterer.cli.output import Json, print_json, print_table, say
from clusterer.cli.session import DEFAULT, CollectionName, open_collection
from clusterer.pipeline.lookup import wording
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.lookup.views import (
    ArticleView,
    ClusterHit,
    ClusterStatus,
    ClusterView,
    DuplicateView,
    ExplanationView,
    MemberView,
    RelationView,
)

ArticleId = Annotated[str, typer.Argument(help="The article's id, as it was sent.")]
ClusterId = Annotated[str, typer.Argument(help="The cluster's id.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="Maximum number of entries to print.")]
Cursor = Annotated[str | None, typer.Option(help="Continue after the page that printed this cursor.")]

show = typer.Typer(help="Show an article, a cluster or a storyline.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.add_typer(show, name="show")
    for name, command in (
        ("search", search_command),
        ("related", related_command),
        ("duplicates", duplicates_command),
        ("explain", explain_command),
        ("clusters", clusters_command),
        ("changes", changes_command),
    ):
        app.command(name)(command)


@show.command("article")
def show_article(article_id: ArticleId, collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """An article: its state, its cluster, and what it is a copy of."""
    article = open_collection(collection).lookup.article(article_id)
    if as_json:
        print_json(article)
    else:
        _print_article(article)


@show.command("cluster")
def show_cluster(
    cluster_id: ClusterId, collection: CollectionName = DEFAULT, limit: Limit = 50, as_json: Json = False
) -> None:
    """A cluster and its articles."""
    lookup = open_collection(collection).lookup
    cluster, members = lookup.cluster(cluster_id), lookup.cluster_articles(cluster_id, limit, None)
    if as_json:
        print_json({"cluster": cluster, "articles": members.data, "next_cursor": members.next_cursor})
        return
    _print_cluster(cluster)
    _print_members(members.data)


@show.command("storyline")
def show_storyline(
    cluster_id: ClusterId,
    cursor: Cursor = None,
    collection: CollectionName = DEFAULT,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """The clusters that tell one saga with a cluster, in order of time."""
    storyline = open_collection(collection).lookup.storyline_of(cluster_id, limit, cursor)
    if as_json:
        print_json(storyline)
        return
    if storyline.id is None:
        say("It is in no storyline.")
        return
    rows = [
        (c.first_published_at or c.first_seen, c.article_count, c.source_count, c.title, c.id)
        for c in storyline.clusters
    ]
    columns = ("begins", "articles", "sources", "title", "id")
    print_table(f"Storyline {storyline.id}", columns, rows, right=columns[1:3])
    if storyline.next_cursor:
        say(f"more: --cursor {storyline.next_cursor}")


def search_command(
    text: Annotated[str, typer.Argument(help="A headline, a paragraph, a question.")],
    threshold: Annotated[float, typer.Option(min=-1, max=1, help="Minimum cosine similarity.")] = 0.3,
    collection: CollectionName = DEFAULT,
    limit: Limit = 10,
    as_json: Json = False,
) -> None:
    """The clusters nearest to a text."""
    page = open_collection(collection).lookup.search_text(text, limit, threshold)
    if as_json:
        print_json(page)
    else:
        _print_hits(page.data)


def related_command(
    article_id: ArticleId, collection: CollectionName = DEFAULT, limit: Limit = 10, as_json: Json = False
) -> None:
    """The articles nearest to an article, in its cluster and in others."""
    page = open_collection(collection).lookup.related(article_id, limit)
    if as_json:
        print_json(page)
        return
    rows = [(item.score, item.article_id, item.title, item.source, item.cluster_id) for item in page.data]
    print_table(f"Near {article_id}", ("cosine", "article", "title", "source", "cluster"), rows, right=("cosine",))


def duplicates_command(article_id: ArticleId, collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """The copies, excerpts and versions of an article."""
    family = open_collection(collection).lookup.duplicates(article_id)
    if as_json:
        print_json(family)
        return
    say(f"{family.canonical_id} is the earliest" + (" (this article)." if family.is_canonical else "."))
    rows = [(one.article_id, *_how(one), one.source, one.title) for one in family.copies]
    print_table("Related to it", ("article", "relation", "similarity", "source", "title"), rows)


def explain_command(article_id: ArticleId, collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """Explain why an article is in its cluster."""
    explanation = open_collection(collection).lookup.explain(article_id)
    if as_json:
        print_json(explanation)
    else:
        print_explanation(explanation)


def clusters_command(
    sort: Annotated[Literal["last_seen", "size"], typer.Option(help="Latest or largest first.")] = "last_seen",
    min_size: Annotated[int | None, typer.Option(min=1, help="Minimum number of articles.")] = None,
    source: Annotated[str | None, typer.Option(help="Only clusters with an article from this source.")] = None,
    language: Annotated[str | None, typer.Option(help="Only clusters with an article in this language.")] = None,
    status: Annotated[
        ClusterStatus | None,
        typer.Option(help="active: new articles can still join; cold: its articles are too old for that."),
    ] = None,
    cursor: Cursor = None,
    collection: CollectionName = DEFAULT,
    limit: Limit = 25,
    as_json: Json = False,
) -> None:
    """Clusters, latest or largest first."""
    wanted = ClusterFilter(min_size=min_size, source=source, language=language, status=status)
    page = open_collection(collection).lookup.clusters(wanted, sort, limit, cursor)
    if as_json:
        print_json(page)
        return
    print_clusters("Clusters", page.data)
    if page.next_cursor:
        say(f"more: --cursor {page.next_cursor}")


def changes_command(
    cursor: Cursor = None, collection: CollectionName = DEFAULT, limit: Limit = 100, as_json: Json = False
) -> None:
    """The change feed, from its beginning or after a cursor."""
    page = open_collection(collection).lookup.changes(cursor, limit)
    if as_json:
        print_json(page)
        return
    rows = [(c.number, c.at, c.kind, c.cluster_id, c.other_id, c.article_ids, c.reason) for c in page.data]
    print_table("Changes", ("no.", "at", "kind", "cluster", "other", "articles", "reason"), rows, right=("no.",))
    say(f"next: --cursor {page.next_cursor}")


# -- for people


def print_clusters(title: str, clusters: Sequence[ClusterView]) -> None:
    """A table of clusters: sizes, then articles, sources and origins."""
    rows = [
        (c.article_count, c.source_count, c.origin_count, c.title, c.keywords[:5], c.id, c.last_seen) for c in clusters
    ]
    columns = ("articles", "sources", "origins", "title", "keywords", "id", "last seen")
    print_table(title, columns, rows, right=columns[:3])


def print_explanation(explanation: ExplanationView) -> None:
    """Sentences first, then what counted, called as on the pages; the figures of each term are in the JSON."""
    say(explanation.article_id, "bold")
    for sentence in explanation.summary:
        say(f"  {sentence}")
    decision = explanation.decision
    if decision is None or not decision.terms:
        return
    rows = [(bar.label, bar.note, f"{bar.counts:+.2f}") for bar in wording.bars(decision)]
    rows.append(
        ("Sum", wording.likelihood(decision.probability, wording.days_apart(decision)), f"{decision.logit:+.2f}")
    )
    print_table("For (+) and against (-) the same event", ("what counted", "", "counts"), rows, ("counts",))


def _how(relation: RelationView | DuplicateView) -> tuple[str, str]:
    """What an article is of another, and how much of the two is common; the figures are in the JSON."""
    return wording.relation(relation.kind), wording.alike(relation)


def _print_article(article: ArticleView) -> None:
    say(article.title or "(no title)", "bold")
    facts = {
        "id": article.id,
        "revision": f"{article.revision} of {article.revisions}",
        "state": article.state + (f" ({article.reason})" if article.reason else ""),
        "cluster": article.cluster_id,
        "source": article.source,
        "url": article.url,
        "language": article.lang,
        "published": article.published_at,
        "received": article.received_at,
        "cut from the page": article.cuts,
    }
    _print_facts(facts)
    rows = [(*_how(one), one.article_id) for one in article.relations]
    if rows:
        print_table("Relations", ("is", "alike", "to"), rows)


def _print_cluster(cluster: ClusterView) -> None:
    say(cluster.title or "(no title)", "bold")
    facts = {
        "id": cluster.id,
        "status": cluster.status,
        "articles": cluster.article_count,
        "sources": cluster.sources,
        "origins": cluster.origin_count,
        "languages": cluster.languages,
        "keywords": ", ".join(cluster.keywords),
        "names": ", ".join(cluster.names),
        "first seen": cluster.first_seen,
        "last seen": cluster.last_seen,
        "revision": cluster.revision,
        "once also": ", ".join(cluster.aliases),
    }
    _print_facts(facts)


def _print_facts(facts: Mapping[str, object]) -> None:
    rows = [(name, value) for name, value in facts.items() if value not in (None, "", {}, ())]
    print_table("", ("", ""), rows)


def _print_members(members: Sequence[MemberView]) -> None:
    rows = [(m.article_id, m.title, m.source, m.published_at, m.relation.kind if m.relation else None) for m in members]
    print_table("Articles", ("article", "title", "source", "published", "relation"), rows)


def _print_hits(hits: Sequence[ClusterHit]) -> None:
    rows = [
        (hit.score, hit.cluster.article_count, hit.cluster.title, hit.article_title, hit.cluster.id) for hit in hits
    ]
    print_table(
        "Nearest clusters", ("cosine", "articles", "title", "nearest article", "id"), rows, ("cosine", "articles")
    )
