"""Out of the books again, for another store or another program: articles as they were accepted, clusters, and the change feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from clusterer.core.model import Article
from clusterer.core.records import Revision
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.ports import CollectionStore

_SLICE = 64  # what the port takes
_PAGE = 100
_GONE = ("erased", "expired")

Row = dict[str, Any]
EXPORTED_FIELDS = (
    "id", "url", "title", "text", "html", "source", "published_at", "lang", "received_at", "revision", "state", "cluster_id",
)  # fmt: skip


def export_rows(books: CollectionStore) -> Iterator[Row]:
    """Every revision that is neither erased nor expired, in order of acceptance, as JSON types.

    The fields of an article under the names by which it is accepted, those that are absent left out; besides them `received_at`,
    `revision` (from 1, per article id), `state` and `cluster_id` (null while the article is in no cluster), which accepting ignores.
    Reads slice by slice while others go on writing: what is accepted after the call is left out, what is erased during it may be in.
    """
    last, after = books.books().accepted, 0
    while seqs := books.accepted_seqs(after, min(_SLICE, last - after)):
        after = seqs[-1]
        yield from _rows(books, seqs)


def cluster_rows(lookup: Lookup) -> Iterator[Row]:
    """Every living cluster as the API shows it, latest first. What joins or ends one meanwhile may show in some rows only."""
    cursor: str | None = None
    while True:
        page = lookup.clusters(ClusterFilter(), "last_seen", _PAGE, cursor)
        yield from (as_json(asdict(view)) for view in page.data)
        cursor = page.next_cursor
        if cursor is None:
            return


def change_rows(lookup: Lookup) -> Iterator[Row]:
    """The change feed from the oldest change that is kept to the latest."""
    cursor: str | None = None
    while (page := lookup.changes(cursor, _PAGE)).data:
        yield from (as_json(asdict(view)) for view in page.data)
        cursor = page.next_cursor


def as_json(value: Any) -> Any:
    """A value of mappings, sequences and times as JSON types."""
    if isinstance(value, datetime):
        return _rfc3339(value)
    if isinstance(value, Mapping):
        return {name: as_json(item) for name, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list | tuple) else value


def _rows(books: CollectionStore, seqs: Sequence[int]) -> Iterator[Row]:
    clusters = {facts.seq: facts.cluster for facts in books.facts(seqs) if facts is not None}
    for received in books.received(seqs):
        if received is not None and received.state not in _GONE:
            yield _row(received, clusters.get(received.seq))


def _row(received: Revision, cluster_id: str | None) -> Row:
    return {
        **_as_accepted(received.article),
        "received_at": _rfc3339(received.received_at),
        "revision": received.number,
        "state": received.state,
        "cluster_id": cluster_id,
    }


def _as_accepted(article: Article) -> Row:
    fields = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "html": article.html,
        "source": article.source,
        "published_at": None if article.published_at is None else _rfc3339(article.published_at),
        "lang": article.lang,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
