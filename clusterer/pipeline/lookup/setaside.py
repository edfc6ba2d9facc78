"""What could not be processed or taken: dead articles, and what queue producers sent in vain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from clusterer.core.errors import InvalidCursor, NotFound
from clusterer.core.records import Refusal
from clusterer.pipeline.lookup.cursors import decode_number, encode_cursor
from clusterer.pipeline.lookup.views import Page, part
from clusterer.ports import CollectionStore

_PAGE = 1_000
_NUMBER = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")  # what Redis takes as the id of an entry
_TITLE_CHARS = 300


@dataclass(frozen=True, slots=True)
class DeadArticle:
    """An article that was dead: failed too often again and again. `attempts` counts those at it alone."""

    article_id: str
    seq: int
    title: str | None
    source: str | None
    received_at: datetime | None
    died_at: datetime | None
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class RefusedArticle:
    """What a queue producer sent and was not accepted; `id` and `title` where it has them. `payload`: as sent, as JSON."""

    number: str
    id: str | None
    title: str | None
    sent_to: str
    refused_at: datetime
    reason: str
    payload: str | None = None


def dead_articles(books: CollectionStore, limit: int, cursor: str | None = None) -> Page[DeadArticle]:
    """Dead articles in order of acceptance. Raises InvalidCursor."""
    page = books.dead(decode_number("dead", cursor), limit + 1)
    shown = page[:limit]
    seqs = [seq for seq, _ in shown]
    found = [
        DeadArticle(
            article_id=facts.article_id if facts else "?",
            seq=seq,
            title=facts.title if facts else None,
            source=facts.source if facts else None,
            received_at=facts.received_at if facts else None,
            died_at=death.died_at if death else None,
            attempts=death.attempts if death else 0,
            reason=reason,
        )
        for (seq, reason), facts, death in zip(shown, books.facts(seqs), books.deaths(seqs), strict=True)
    ]
    return Page(tuple(found), encode_cursor("dead", seqs[-1]) if len(page) > limit else None, books.books().dead)


def all_dead(books: CollectionStore) -> Iterator[DeadArticle]:
    """All of them, read page by page."""
    cursor: str | None = ""
    while cursor is not None:
        page = dead_articles(books, _PAGE, cursor)
        yield from page.data
        cursor = page.next_cursor


def refused_articles(books: CollectionStore, limit: int, after: str = "") -> Page[RefusedArticle]:
    """Refused articles, oldest first; `after` is the number of the last one seen, and the page's cursor. Raises InvalidCursor."""
    if after and not _NUMBER.fullmatch(after):
        raise InvalidCursor("this cursor is not valid for this listing")
    found = books.refusals(after, limit + 1)
    shown = tuple(_view(refusal) for refusal in found[:limit])
    return part(shown, shown[-1].number if len(found) > limit else None, after)


def all_refused(books: CollectionStore) -> Iterator[RefusedArticle]:
    """All of them, read page by page."""
    after: str | None = ""
    while after is not None:
        page = refused_articles(books, _PAGE, after)
        yield from page.data
        after = page.next_cursor


def refused_article(books: CollectionStore, number: str) -> RefusedArticle:
    """One with its payload. Raises NotFound."""
    refusal = books.refusal(number)
    if refusal is None:
        raise NotFound(f"there is no rejected article {number}")
    return _view(refusal, refusal.payload)


def _view(refusal: Refusal, payload: str | None = None) -> RefusedArticle:
    try:
        sent = json.loads(refusal.payload)
    except (ValueError, RecursionError):
        sent = None
    named = sent if isinstance(sent, dict) else {}
    return RefusedArticle(
        number=refusal.number,
        id=_shown(named.get("id")),
        title=_shown(named.get("title")),
        sent_to=refusal.sent_to,
        refused_at=refusal.at,
        reason=refusal.reason,
        payload=payload,
    )


def _shown(value: object) -> str | None:
    """What can be shown of a field that may be anything."""
    return None if value is None else str(value)[:_TITLE_CHARS].encode("utf-8", "replace").decode()
