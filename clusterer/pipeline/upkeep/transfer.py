"""Articles out of the books again, as they were accepted: for another store, or for another program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from clusterer.core.model import Article
from clusterer.core.records import Received
from clusterer.ports import CollectionStore

_SLICE = 64  # what the port takes
_GONE = ("erased", "expired")

Row = dict[str, Any]


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


def _rows(books: CollectionStore, seqs: Sequence[int]) -> Iterator[Row]:
    clusters = {facts.seq: facts.cluster for facts in books.facts(seqs) if facts is not None}
    for received in books.received(seqs):
        if received is not None and received.state not in _GONE:
            yield _row(received, clusters.get(received.seq))


def _row(received: Received, cluster_id: str | None) -> Row:
    return {
        **_as_accepted(received.article),
        "received_at": _rfc3339(received.received_at),
        "revision": received.revision,
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
