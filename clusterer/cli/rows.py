"""Articles in files: JSON lines, a JSON array or document, CSV, Parquet, RSS, Atom and HTML, plain or gzipped; told apart by content.

The text of one page (*.txt), which any file may be, is told by its name as well.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urljoin

import msgspec

from clusterer.core.cleaning.decoding import decoded
from clusterer.core.errors import ClustererError
from clusterer.extras import require
from clusterer.pipeline.intake.arrays import array_items
from clusterer.pipeline.intake.shapes import is_known

_GZIP_MAGIC = b"\x1f\x8b"
_SNIFFED_BYTES = 1 << 16
_SKIPPED_AT_ONCE = 1 << 20
_MAX_DOCUMENT_BYTES = 128 << 20
_DELIMITERS = ",;\t|"
_OTHERS = {
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"%PDF": "a PDF",
    b"SQLite format 3": "a SQLite database",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\xfd7zXZ": "xz data",
    b"BZh": "bzip2 data",
    b"(\xb5/\xfd": "zstd data",
}
_JSON_FEED = "https://jsonfeed.org/version/"
_ENVELOPES = ("items", "entries", "articles", "data", "results")
_KNOWN = "JSON lines, a JSON array, CSV, Parquet, RSS, Atom, HTML or, in a file called *.txt, the text of one page"
_TEXT_NAME = re.compile(r"\.te?xt(?:\.gz)?$", re.IGNORECASE)
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


class UnknownFormat(ClustererError):
    """A file that holds no articles in any form that is known; the message names what it looks like."""


@dataclass(frozen=True, slots=True)
class Row:
    """One article of a file. `place` counts lines or items from 1; `fault` says why there is no `data`."""

    place: int
    data: Mapping[str, Any] | None = None
    fault: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)  # what its feed says for all
    is_entry: bool = False  # of RSS, Atom or JSON Feed, where a text has a known name: without one it is a headline


@contextmanager
def rows_of(file: str, max_row_bytes: int) -> Iterator[Iterator[Row]]:
    """The rows of a file, or of standard input for `-`, read as they are asked for. Raises OSError, UnknownFormat."""
    with sys.stdin.buffer if file == "-" else Path(file).open("rb") as source:
        raw = io.BufferedReader(cast(io.RawIOBase, source))  # standard input may be a stand-in that cannot peek
        zipped = raw.peek(2)[:2] == _GZIP_MAGIC
        stream = io.BufferedReader(gzip.GzipFile(fileobj=raw), _SNIFFED_BYTES) if zipped else raw
        try:
            yield _rows(stream, file, max_row_bytes)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ClustererError(f"{file}: the gzip data is damaged ({error})") from error


def _rows(stream: io.BufferedReader[Any], file: str, max_row_bytes: int) -> Iterator[Row]:
    head = stream.peek(_SNIFFED_BYTES)[:_SNIFFED_BYTES]
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), None)
    if other:
        raise UnknownFormat(f"{file} is {other}; articles are read from {_KNOWN}")
    if head.startswith(b"PAR1"):
        return _parquet(stream, file)
    if start.startswith(b"["):
        return _array(_text(stream), file, max_row_bytes)
    if _PAGE.match(start):
        return iter([Row(1, {"html": decoded(_whole(stream))})])
    if start.startswith(b"<"):
        return _feed(stream, file)
    if start.startswith(b"{") or not start:
        return _json(stream, max_row_bytes)
    if _TEXT_NAME.search(file) and not _names_fields(start):
        return iter([Row(1, {"text": decoded(_whole(stream))})])
    return _csv(_text(stream), file, head, max_row_bytes)


def _names_fields(start: bytes) -> bool:
    """Whether a first line is that of a table: two names or more, of which one is known."""
    names = re.split(f"[{re.escape(_DELIMITERS)}]", start.decode("utf-8", "replace").splitlines()[0])
    return len(names) > 1 and any(is_known(name.strip(' "')) for name in names)


def _text(stream: io.BufferedReader[Any]) -> io.TextIOWrapper:
    return io.TextIOWrapper(cast(BinaryIO, stream), encoding="utf-8-sig", errors="replace", newline="")


def _json(stream: io.BufferedReader[Any], max_row_bytes: int) -> Iterator[Row]:
    """JSON lines; or one document, in one line or many: an article, or a feed with its items."""
    if stream.peek(3)[:3] == codecs.BOM_UTF8:
        stream.read(3)
    first = b""
    for number, line in _lines(stream, max_row_bytes):
        row = _parsed(number, line)
        if row.fault and not first and line is not None and line.strip() in (b"{",):
            yield from _document(line + _whole(stream))
            return
        first = first or b"seen"
        yield from _unwrapped(row)


def _whole(stream: io.BufferedReader[Any]) -> bytes:
    """All of what can only be read at once. Raises ClustererError, before memory is short, for what unpacks to very much."""
    content = stream.read(_MAX_DOCUMENT_BYTES + 1)
    if len(content) > _MAX_DOCUMENT_BYTES:
        raise ClustererError(
            f"one document of more than {_MAX_DOCUMENT_BYTES >> 20} MiB is not read: send JSON lines or a JSON array"
        )
    return content


def _document(content: bytes) -> Iterator[Row]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        yield Row(1, fault=f"is neither JSON lines nor one JSON document: {str(error)[:200]}")
        return
    yield from _unwrapped(Row(1, document) if isinstance(document, dict) else Row(1, fault="is not a JSON object"))


def _lines(stream: io.BufferedReader[Any], max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank; None for one that is too long, which is skipped piece by piece."""
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while (piece := stream.readline(_SKIPPED_AT_ONCE)) and not piece.endswith(b"\n"):
                pass
            yield number, None
        elif not line.isspace():
            yield number, line


def _parsed(number: int, line: bytes | None) -> Row:
    if line is None:
        return Row(number, fault="is too long for an article")
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Row(number, fault=f"is not valid JSON: {error}")
    return Row(number, value) if isinstance(value, dict) else Row(number, fault="is not a JSON object")


def _unwrapped(row: Row) -> Iterator[Row]:
    """The articles of a row that is a whole feed or an answer of a news service; any other row as it is."""
    data = row.data or {}
    name = next((name for name in _ENVELOPES if isinstance(data.get(name), list) and "text" not in data), None)
    if name is None or not all(isinstance(item, dict) for item in data[name]):
        yield row
        return
    inner = data.get("feed")
    feed: Mapping[str, Any] = inner if isinstance(inner, dict) else data
    given = {"source": feed.get("title"), "lang": feed.get("language")} if name in ("items", "entries") else {}
    defaults = {field: value for field, value in given.items() if isinstance(value, str) and value.strip()}
    is_feed = str(data.get("version")).startswith(_JSON_FEED)
    for number, item in enumerate(data[name], start=1):
        yield Row(number, item, defaults=defaults, is_entry=is_feed)


def _array(text: io.TextIOWrapper, file: str, max_row_bytes: int) -> Iterator[Row]:
    try:
        for number, item in enumerate(array_items(text.read, max_row_bytes), start=1):
            yield Row(number, item) if isinstance(item, dict) else Row(number, fault="is not a JSON object")
    except (ValueError, RecursionError) as error:
        raise ClustererError(
            f"{file} is not a complete JSON array: {str(error)[:200]}; the articles before that were accepted"
        ) from error


def _csv(text: io.TextIOWrapper, file: str, head: bytes, max_row_bytes: int) -> Iterator[Row]:
    header = head.decode("utf-8-sig", "replace").splitlines()[0]
    delimiter = max(_DELIMITERS, key=header.count)
    if not header.count(delimiter) or "\x00" in header:
        raise UnknownFormat(f"{file} has an unknown format (it begins with {header[:40]!r}); known are {_KNOWN}")
    csv.field_size_limit(max_row_bytes)
    reader = csv.DictReader(text, delimiter=delimiter, skipinitialspace=True)
    try:
        for item in reader:
            if None in item:
                yield Row(reader.line_num, fault="has more columns than the first line names")
            else:
                yield Row(reader.line_num, {str(name).strip(): value for name, value in item.items()})
    except csv.Error as error:
        raise ClustererError(f"{file}, line {reader.line_num}: the CSV cannot be read: {error}") from error


def _parquet(stream: io.BufferedReader[Any], file: str) -> Iterator[Row]:
    require("parquet", "Reading a Parquet file")
    import pyarrow
    from pyarrow import parquet

    number = 0
    try:
        table = parquet.ParquetFile(stream if stream.seekable() else io.BytesIO(stream.read()))
        for batch in table.iter_batches(batch_size=64):
            for item in map(batch.slice, range(batch.num_rows), repeat(1)):
                number += 1
                yield _parquet_row(number, item)
    except (pyarrow.ArrowException, OSError) as error:
        raise ClustererError(
            f"{file}: the Parquet data is damaged: {str(error)[:200]}; the {number} articles before that were read"
        ) from error


def _parquet_row(number: int, row: Any) -> Row:
    """A row of one. Times may be none of Python's: beyond its years, finer than a microsecond, of a zone that nobody knows."""
    try:
        return Row(number, row.to_pylist()[0])
    except (ValueError, OverflowError, LookupError) as error:
        return Row(number, fault=f"holds a value that cannot be read: {str(error)[:200]}")


def _feed(stream: io.BufferedReader[Any], file: str) -> Iterator[Row]:
    import feedparser  # takes a third of a second

    found = feedparser.parse(_whole(stream), sanitize_html=False, resolve_relative_uris=False)
    if not found.version:
        raise UnknownFormat(f"{file} is XML, and neither RSS, Atom nor HTML; articles are read from {_KNOWN}")
    given = {"source": found.feed.get("title"), "lang": found.feed.get("language")}
    defaults = {name: value for name, value in given.items() if value}
    own = next((link.get("href") for link in found.feed.get("links", ()) if link.get("rel") == "self"), None)
    site = _joined(own or "", found.feed.get("link") or "")
    for number, entry in enumerate(found.entries, start=1):
        yield Row(number, _entry(entry, site), defaults=defaults, is_entry=True)


def _entry(entry: Mapping[str, Any], site: str) -> dict[str, Any]:
    """An entry with its times as written and its link absolute (RFC 3986; by `xml:base`, else by the feed's site).

    An id that stands in for a missing link is one only if it is a URL.
    """
    fields = {**entry, "published_parsed": None, "updated_parsed": None}
    link = str(entry.get("link") or "")
    if (
        entry.get("guidislink")
        and link == entry.get("id")
        and not link.lower().startswith(("http://", "https://", "/"))
    ):
        fields["link"] = None
    elif link:
        base = next(
            (detail["base"] for detail in entry.values() if isinstance(detail, dict) and detail.get("base")), site
        )
        fields["link"] = _joined(base, link)
    return fields


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link
