"""Labelled article sets: (gzipped) JSON lines, and what their fields mean to us.

Fields: `id, title, text, html, published, source, url, lang, cluster` (the gold label); all others are ignored.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from clusterer.core.errors import ClustererError
from clusterer.core.model import Article
from clusterer.pipeline.intake import ArticleIn

Row = Mapping[str, Any]

_GZIP_MAGIC = b"\x1f\x8b"
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_MOST_AHEAD = timedelta(days=2)


class BadRow(ClustererError):
    """A line of a data file is not a JSON object; the message names file and line."""


def read_rows(path: Path) -> Iterator[Row]:
    """The file's objects, one line at a time; blank lines are skipped.

    Gzip is recognised by content, not by name. Raises OSError when the file cannot be read, BadRow for the first line
    that is not a JSON object or where a gzip stream breaks off.
    """
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            yield _row(line, f"{path}, line {number}")


def article_from_row(row: Row, collection: str, now: datetime | None = None) -> Article:
    """The row as an article. Empty strings mean absent; `id` stays "" when absent, for the caller to derive one.

    Neither `text` nor `html`: text "", which is a headline without a body. `now` bounds `published`, see `parse_time`.
    """
    html = _text(row, "html")
    text = _text(row, "text")
    return Article(
        id=_text(row, "id") or "",
        collection=collection,
        url=_text(row, "url"),
        title=_text(row, "title"),
        text=text if text or html else "",
        html=None if text else html,
        source=_text(row, "source"),
        published_at=parse_time(row.get("published"), now),
        lang=_text(row, "lang"),
    )


def payload_from_row(row: Row) -> dict[str, Any]:
    """The row as a client would send it, for `pipeline.intake.parse_article` to judge: nothing that is wrong is put right.

    Empty strings and fields that no article has are left out, a number as `id` becomes text, `published` becomes
    `published_at` if it can be read, and a title without a body gets an empty one; an empty text stays where there is no page.
    """
    payload = {name: row[name] for name in ArticleIn.model_fields if row.get(name) not in (None, "")}
    if isinstance(payload.get("id"), int):
        payload["id"] = str(payload["id"])
    published = parse_time(row.get("published"))
    if "published_at" not in payload and published is not None:
        payload["published_at"] = published.isoformat()
    if "html" not in payload and ("title" in payload or row.get("text") == ""):
        payload.setdefault("text", "")
    return payload


def gold_of(row: Row) -> str | None:
    """The gold label, None for an unlabelled article."""
    return _text(row, "cluster")


def parse_time(value: object, now: datetime | None = None) -> datetime | None:
    """ISO 8601 as aware UTC; a date alone or a time without zone means UTC.

    None for what cannot be read and for what no article can have: a time before 1900 or over two days after `now`, which
    is this moment by default.
    """
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return time if _EARLIEST <= time <= (now or datetime.now(UTC)) + _MOST_AHEAD else None


class Dated(Protocol):
    """Anything with a claimed time of publication."""

    @property
    def published_at(self) -> datetime | None: ...


Publication = TypeVar("Publication", bound=Dated)


def in_order(articles: Iterable[Publication]) -> list[Publication]:
    """The order in which sets are streamed: by publication, undated articles first, otherwise as in the file."""
    return sorted(articles, key=lambda article: article.published_at or datetime.min.replace(tzinfo=UTC))


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        zipped = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        file.seek(0)
        try:
            yield from gzip.GzipFile(fileobj=file) if zipped else file
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise BadRow(f"{path}: the gzip data is damaged ({error})") from error


def _row(line: bytes, place: str) -> Row:
    try:
        row = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRow(f"{place}: {error}") from error
    if not isinstance(row, dict):
        raise BadRow(f"{place}: a JSON object is expected, this is {type(row).__name__}")
    return row


def _text(row: Row, field: str) -> str | None:
    """A field as text, None when absent, null or blank. Numbers (ids, labels) are read as their decimal text."""
    value = row.get(field)
    if value is None or isinstance(value, (list, dict)):
        return None
    return str(value) if str(value).strip() else None
