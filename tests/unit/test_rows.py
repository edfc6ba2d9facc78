"""Files of articles in every form that `ingest` takes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clusterer.cli.exporting import _WRITERS, Format
from clusterer.cli.ingest import Reading
from clusterer.cli.rows import Row, UnknownFormat, rows_of
from clusterer.core.errors import ClustererError
from clusterer.pipeline.intake.submission import Rejected
from clusterer.pipeline.upkeep.transfer import EXPORTED_FIELDS

ARTICLES = [
    {
        "id": "a",
        "title": "Ferry runs aground",
        "text": 'A ferry, "Calla", ran aground;\nnobody was hurt.',
        "source": "Harbour Post",
    },
    {
        "id": "b",
        "title": "Größe",
        "text": "Zwölf Boxkämpfer jagten Eva | quer über den Sylter Deich.",
        "source": "Küstenblatt",
    },
    {"id": "c", "title": "渡轮", "text": "渡轮在雾中搁浅。", "source": "日报"},
]
LIMIT = 1_000_000


def as_csv(delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(ARTICLES[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(ARTICLES)
    return out.getvalue().encode()


def rss(articles: list[dict[str, str]]) -> bytes:
    items = "".join(
        f"<item><guid>{one['id']}</guid><title>{one['title']}</title><description><![CDATA[{one['text']}]]></description></item>"
        for one in articles
    )
    channel = f"<channel><title>Post</title><language>en</language>{items}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'.encode()


def atom(articles: list[dict[str, str]]) -> bytes:
    items = "".join(
        f"<entry><id>{one['id']}</id><title>{one['title']}</title><content type='text'><![CDATA[{one['text']}]]></content></entry>"
        for one in articles
    )
    return f'\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>{items}</feed>'.encode()


def lines(articles: list[dict[str, str]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in articles)


def read(path: Path, limit: int = LIMIT) -> list[Row]:
    with rows_of(str(path), limit) as rows:
        return list(rows)


FORMS: dict[str, bytes] = {
    "JSON lines": lines(ARTICLES),
    "JSON lines with a byte order mark": b"\xef\xbb\xbf" + lines(ARTICLES),
    "JSON lines with blanks": b"\n \n" + lines(ARTICLES).replace(b"\n", b"\r\n\n") + b"\n",
    "a JSON array": json.dumps(ARTICLES).encode(),
    "a JSON array over many lines": b"\n " + json.dumps(ARTICLES, indent=2, ensure_ascii=False).encode() + b"\n",
    "a JSON document with its articles": json.dumps({"pagination": {"limit": 3}, "data": ARTICLES}, indent=1).encode(),
    "the same in a line": json.dumps({"status": "ok", "articles": ARTICLES}).encode(),
    "CSV": as_csv(","),
    "CSV with semicolons": b"\xef\xbb\xbf" + as_csv(";"),
    "CSV with tabs": as_csv("\t"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_articles_come_out_as_they_went_in(form: str, pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "no-name-that-helps"
    path.write_bytes(pack(FORMS[form]))
    assert [row.data for row in read(path)] == ARTICLES


HOSTILE = (
    " leading", "trailing ", "\tblank", "a,b;c|d\te", 'a "quoted" one', '"', "a\nb", "a\r\nb", "a\rb", "=1+1", '{"a": 1}', "\u2028x",
    "\ufeffmark", "x\x00y", "null", "0", "1e5", " \u00a0 both", "<p>x</p>", "PK\x03\x04", "PAR1",
)  # fmt: skip


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("place", [0, 1])
def test_whatever_is_exported_comes_back_as_it_was(form: Format, place: int, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    names = ("id", "title", "text", "html", "source")
    rows = [{name: value for name in names} | {"revision": 1} for value in HOSTILE[place:]]
    path = tmp_path / "export"
    with path.open("wb") as out:
        _WRITERS[form](out, iter(rows), EXPORTED_FIELDS)
    assert [[(row.data or {})[name] for name in names] for row in read(path)] == [
        [row[name] for name in names] for row in rows
    ]


@pytest.mark.parametrize("form", [rss, atom])
def test_feeds_give_their_entries_with_what_holds_for_all(form: Callable[[Any], bytes], tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_bytes(form(ARTICLES))
    rows = read(path)
    assert [row.data and row.data["title"] for row in rows] == [one["title"] for one in ARTICLES]
    assert {row.defaults["source"] for row in rows} == {"Post"}


BASED = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://post.example/a/"><title>Post</title><link href="/"/>
<entry xml:base="b/"><title>One</title><link href="one"/><summary>Ferry aground.</summary></entry>
<entry><title>Two</title><link href="/two?x=1"/><content type="html">Ferry aground.</content></entry>
<entry><title>Three</title><link href="https://other.example/3"/></entry></feed>"""
UNBASED = """<rss version="2.0"><channel><title>Post</title><link>https://post.example/</link>
<item><title>One</title><link>/a/b/one</link><description>Ferry aground.</description></item>
<item><title>Two</title><link>two?x=1</link></item><item><title>Three</title><link>http://[broken</link></item></channel></rss>"""

SELF = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><link href="/news/"/>
<link rel="self" href="https://post.example/news/feed"/><entry><title>One</title><link href="/news/1"/></entry>
<entry><title>Two</title><link href="2"/></entry></feed>"""
IDS = """<rss version="2.0"><channel><title>Post</title><link>https://post.example/</link>
<item><title>One</title><guid>4f-22</guid></item><item><title>Two</title><guid>https://post.example/2</guid></item>
<item><title>Three</title><guid>77</guid><link>/3</link></item><item><title>Four</title><guid>urn:uuid:1225</guid></item>
<item><title>Five</title><guid isPermaLink="false">https://post.example/?p=5</guid></item></channel></rss>"""


@pytest.mark.parametrize(
    ("feed", "urls"),
    [
        (SELF, ["https://post.example/news/1", "https://post.example/news/2"]),
        (IDS, [None, "https://post.example/2", "https://post.example/3", None, None]),
        (BASED, ["https://post.example/a/b/one", "https://post.example/two?x=1", "https://other.example/3"]),
        (UNBASED, ["https://post.example/a/b/one", "https://post.example/two?x=1", "http://[broken"]),
    ],
)
def test_links_of_feeds_are_absolute(feed: str, urls: list[str], tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text(feed)
    assert [(row.data or {}).get("link") for row in read(path)] == urls


def test_an_entry_without_text_is_a_headline(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text(UNBASED.replace("<description>Ferry aground.</description>", "<guid>1</guid>"))
    reading = Reading({}, strict=False, headlines=False, max_text_chars=1_000)
    articles = [reading.article(row, lambda _: None) for row in read(path)]
    assert [(one.title, one.text) for one in articles] == [("One", ""), ("Two", ""), ("Three", "")]
    with pytest.raises(Rejected):
        reading.article(Row(1, {"title": "One", "link": "https://post.example/1"}), lambda _: None)


def test_an_item_of_json_feed_without_text_is_a_headline(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    item = {"id": "1", "url": "https://post.example/1", "title": "Ferry aground off Kellbridge"}
    for version, expected in (("https://jsonfeed.org/version/1.1", True), ("1.1", False)):
        path.write_text(json.dumps({"version": version, "title": "Post", "items": [item]}))
        assert [row.is_entry for row in read(path)] == [expected]


def test_an_address_of_feedburner_yields_to_that_of_the_site(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text(
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><title>Post</title><item>'
        "<title>One</title><link>http://feedproxy.example/~r/post/~3/x/one</link><description>Ferry aground.</description>"
        "<feedburner:origLink>https://post.example/one</feedburner:origLink></item></channel></rss>"
    )
    (row,) = read(path)
    assert Reading({}, False, False, 1_000).article(row, lambda _: None).url == "https://post.example/one"


def test_json_feed_gives_its_items_with_what_holds_for_all(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Post", "language": "de", "items": ARTICLES}
    path.write_text(json.dumps(feed, indent=2))
    rows = read(path)
    assert [row.data for row in rows] == ARTICLES
    assert rows[0].defaults == {"source": "Post", "lang": "de"}


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "articles"
    parquet.write_table(pyarrow.Table.from_pylist(ARTICLES), path)
    assert [row.data for row in read(path)] == ARTICLES


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"PK\x03\x04....", "spreadsheet"),
        (b"%PDF-1.7", "PDF"),
        (b"SQLite format 3\x00", "SQLite"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"BZh91AY", "bzip2"),
        (b"<?xml version='1.0'?><articles><article/></articles>", "neither RSS, Atom nor HTML"),
        (b"just some words\nand more\n", "known are JSON lines"),
        (b"\x00\x01\x02\x03", "known are JSON lines"),
    ],
)
def test_what_holds_no_articles_is_named(content: bytes, named: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnknownFormat, match=named):
        read(path)


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (b'{"id": "a", "text": "x"}\n{"id": \n[1]\n"x"\n\xff\n{"id": "b", "text": "y"}\n', [2, 3, 4, 5]),
        (b'{"broken": \n{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n', [1]),
        (b'[{"id": "a", "text": "x"}, 3, [1], {"id": "b", "text": "y"}]', [2, 3]),
        (b"id,text\na,x\nb,y\nc,1,2,3\n", [4]),
    ],
)
def test_a_bad_row_costs_no_other(content: bytes, places: list[int], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    rows = read(path)
    assert [row.place for row in rows if row.fault] == places
    assert [row.data["id"] for row in rows if row.data] == ["a", "b"]


@pytest.mark.parametrize("broken", [b'[{"id": "a"}, {"id":', b'[{"id": "a"} {"id": "b"}]', b'[{"id": "a"}] x'])
def test_an_array_that_breaks_off_gives_what_came_before(broken: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(broken)
    with rows_of(str(path), LIMIT) as rows:
        assert next(rows).data == {"id": "a"}
        with pytest.raises(ClustererError, match="articles before that were accepted"):
            list(rows)


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as out:
        out.write(b'{"id": "a", "text": "x"}\n{"id": "long", "text": "')
        for _ in range(60):
            out.write(b"x" * 1_000_000)
        out.write(b'"}\n{"id": "b", "text": "y"}\n')
    tracemalloc.start()
    rows = read(path, 2_000_000)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(row.place, row.fault) for row in rows] == [(1, ""), (2, "is too long for an article"), (3, "")]
    assert peak_bytes < 20_000_000


def test_an_item_without_end_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b'[{"text": "' + b"x" * 5_000_000 + b'"}]')
    with pytest.raises(ClustererError, match="more than 1000000"):
        read(path)


def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(lines(ARTICLES) * 5_000)[:-20])
    with pytest.raises(ClustererError, match="gzip data is damaged"):
        read(path)


@pytest.mark.parametrize("start", [b"{\n", b'<rss version="2.0">'])
def test_a_document_that_unpacks_to_more_than_fits_is_refused(
    start: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clusterer.cli.rows._MAX_DOCUMENT_BYTES", 1 << 20)
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(start + b" " * 40_000_000))
    tracemalloc.start()
    with pytest.raises(ClustererError, match="1 MiB"):
        read(path)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 10_000_000


def test_a_row_that_is_nested_too_deeply_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "file"
    deep = b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"\n"
    path.write_bytes(lines(ARTICLES[:1]) + deep + lines(ARTICLES[1:]))
    assert [bool(row.fault) for row in read(path)] == [False, True, False, False]
    path.write_bytes(b'{\n"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    assert [bool(row.fault) for row in read(path)] == [True]


@pytest.mark.parametrize("cut", [4, 12, -9])
def test_damaged_parquet_is_said_to_be_so(cut: int, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "file"
    parquet.write_table(pyarrow.Table.from_pylist(ARTICLES), path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ClustererError, match="damaged"):
        read(path)


@pytest.mark.parametrize(
    ("kind", "unit", "value"),
    [
        ("timestamp", "ns", 1_700_000_000_000_000_001),
        ("timestamp", "us", 2**62),
        ("date32", None, 2**30),
        ("duration", "ns", 1),
        ("time64", "ns", 1),
    ],
)
def test_a_time_of_parquet_that_cannot_be_read_costs_its_own_row(
    kind: str, unit: str | None, value: int, tmp_path: Path
) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "file"
    column = pyarrow.array([0, value, 0], getattr(pyarrow, kind)(*[unit] if unit else []))
    parquet.write_table(pyarrow.table({"text": pyarrow.array(["a", "b", "c"]), "date": column}), path)
    assert [bool(row.fault) for row in read(path)] == [False, True, False]


def test_a_zone_of_parquet_that_nobody_knows_is_a_fault_of_its_rows(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "file"
    column = pyarrow.array([0, 1], pyarrow.timestamp("us", tz="Mars/Phobos"))
    parquet.write_table(pyarrow.table({"text": pyarrow.array(["a", "b"]), "date": column}), path)
    assert all("Phobos" in row.fault for row in read(path))


@pytest.mark.parametrize("name", ["page.txt", "PAGE.TXT", "page.txt.gz"])
@pytest.mark.parametrize("page", ["Ferry, aground; in fog\n\nIt lay there.\n", "Fähre\n\nRelated Articles\n"])
def test_the_text_of_a_page_is_one_article(name: str, page: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(page.encode()) if name.endswith("gz") else page.encode())
    with rows_of(str(path), LIMIT) as rows:
        assert [row.data for row in rows] == [{"text": page}]


@pytest.mark.parametrize("content", [as_csv("\t"), as_csv(","), b'{"text": "a"}\n', b'[{"text": "a"}]', rss(ARTICLES)])
def test_other_forms_may_be_in_a_file_called_text(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_bytes(content)
    (tmp_path / "file").write_bytes(content)
    assert [row.data for row in read(tmp_path / "file.txt")] == [row.data for row in read(tmp_path / "file")]


@pytest.mark.parametrize(
    "start",
    ["<!DOCTYPE html>\n<html>", "<!-- saved -->\n<HTML lang='en'>", '<?xml version="1.0"?><!doctype html>', "<body>"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_a_page_is_one_article(start: str, encoding: str, tmp_path: Path) -> None:
    page = f"{start}<meta charset='windows-1252'><p>Die Fähre lief auf Grund.</p>"
    path = tmp_path / "page"
    path.write_bytes(gzip.compress(page.encode(encoding)))
    with rows_of(str(path), LIMIT) as rows:
        assert [row.data for row in rows] == [{"html": page}]
