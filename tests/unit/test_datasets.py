"""Reading labelled sets: files, fields, times and order."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clusterer.core.model import Article
from clusterer.evaluation.datasets import BadRow, article_from_row, gold_of, in_order, parse_time, read_rows

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROWS = [{"id": "1", "title": "Brücke gesperrt"}, {"id": "2", "title": "Tram line funded"}]


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize("name", ["set.jsonl", "set.jsonl.gz", "set"])
@pytest.mark.parametrize("zipped", [True, False])
def test_plain_and_gzipped_whatever_the_name(tmp_path: Path, name: str, zipped: bool) -> None:
    data = lines(ROWS[0]) + b"\n  \n" + lines(ROWS[1]).rstrip()
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if zipped else data)
    assert list(read_rows(path)) == ROWS


def test_reading_is_lazy(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(lines(ROWS[0]) + b"broken\n")
    assert next(iter(read_rows(path))) == ROWS[0]


@pytest.mark.parametrize("bad", [b'{"id": ', b"[1, 2]", b'"text"', b'{"id": "\xff\xfe"}'])
def test_a_bad_line_is_named(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(lines(*ROWS) + b"\n" + bad + b"\n")
    with pytest.raises(BadRow, match=r"set\.jsonl, line 4: "):
        list(read_rows(path))


def test_damaged_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl.gz"
    whole = gzip.compress(lines(*ROWS * 100))
    for damaged in (whole[:-12], whole[:20] + b"\x00\xff\x00" + whole[23:]):
        path.write_bytes(damaged)
        with pytest.raises(BadRow, match=r"set\.jsonl\.gz: the gzip data is damaged"):
            list(read_rows(path))


def test_an_empty_file_has_no_rows_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.touch()
    assert list(read_rows(path)) == []
    with pytest.raises(FileNotFoundError):
        list(read_rows(tmp_path / "absent.jsonl"))


def test_fields_become_an_article() -> None:
    row = {
        "id": 12,
        "title": "Tram line funded",
        "text": "The council voted.",
        "published": "2026-03-01",
        "source": "Daily Post",
        "url": "https://news.example/tram",
        "lang": "en",
        "cluster": 7,
        "query": "ignored",
    }
    assert article_from_row(row, "trial", NOW) == Article(
        id="12",
        collection="trial",
        url="https://news.example/tram",
        title="Tram line funded",
        text="The council voted.",
        source="Daily Post",
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
        lang="en",
    )
    assert gold_of(row) == "7"


def test_empty_strings_and_nulls_mean_absent() -> None:
    row = dict.fromkeys(["id", "title", "url", "source", "lang", "published", "cluster"], "") | {"text": None}
    assert (
        article_from_row(row, "trial") == article_from_row({}, "trial") == Article(id="", collection="trial", text="")
    )
    assert gold_of(row) is gold_of({}) is gold_of({"cluster": None}) is None


def test_exactly_one_of_text_and_html() -> None:
    both = article_from_row({"text": "plain", "html": "<p>rich</p>"}, "trial")
    assert (both.text, both.html) == ("plain", None)
    rich = article_from_row({"text": "", "html": "<p>rich</p>"}, "trial")
    assert (rich.text, rich.html) == (None, "<p>rich</p>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T08:30:00", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        (" 2026-03-01 08:30 ", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01T08:30:00Z", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01T08:30:00-05:00", datetime(2026, 3, 1, 13, 30, tzinfo=UTC)),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2026-03-04T12:00:00Z", datetime(2026, 3, 4, 12, tzinfo=UTC)),
        ("2026-03-04T12:00:01Z", None),
        ("1899-12-31", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("yesterday", None),
        ("2026-02-30", None),
        ("", None),
        (None, None),
        (1772323200, None),
    ],
)
def test_times(text: object, expected: datetime | None) -> None:
    assert parse_time(text, NOW) == expected
    if expected is not None:
        assert parse_time(text, NOW).tzinfo is UTC  # type: ignore[union-attr]


def test_times_are_bounded_by_this_moment_by_default() -> None:
    assert parse_time("2026-03-01") is not None
    assert parse_time(f"{datetime.now(UTC).year + 1}-12-31") is None


def test_order_is_by_publication_undated_first_and_stable() -> None:
    published = ["2026-03-02", None, "2026-03-01", "", "2026-03-02T00:00:00Z"]
    rows = [{"id": str(number), "published": value} for number, value in enumerate(published)]
    ordered = in_order(article_from_row(row, "trial", NOW) for row in rows)
    assert [article.id for article in ordered] == ["1", "3", "2", "0", "4"]
