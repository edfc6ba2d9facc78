"""Corrections by people."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import Annotated, Any

import typer

from clusterer.cli.output import Json, print_json, print_table, say
from clusterer.cli.session import DEFAULT, CollectionName, connect, open_collection
from clusterer.pipeline.corrections import By, CorrectionView

_ACTS = 20  # that can be undone and are listed

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
    app.add_typer(correct, name="correct")


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
    """Corrections in force, oldest first, and the latest merges, splits and moves, which `correct undo` takes back."""
    opened = open_collection(collection)
    books = opened.books
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
    print_table(
        "What can be undone",
        ("number", "what", "articles", "from", "to", "by", "at", "reason"),
        [
            (act.number, act.kind, len(act.seqs), act.source, act.target, act.actor, act.at, act.reason)
            for act in opened.corrector.acts(_ACTS)
        ],
        right=("number", "articles"),
    )


@correct.command("undo")
def correct_undo(
    number: Annotated[int, typer.Argument(help="The number of the merge, split or move, as `correct list` prints it.")],
    reason: Reason,
    actor: Actor = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Take back a merge, split or move, together with its links: the articles go back to where they were."""
    service = connect()
    corrector = service.collection(collection).corrector
    home = corrector.undo(number, service.new_cluster_id(), _by(actor, reason))
    _report({"undone": number, "back in": home}, as_json)


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
