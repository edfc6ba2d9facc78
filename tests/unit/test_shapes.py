"""Articles in the shapes of scrapers, feeds and news services."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from clusterer.pipeline.intake import Rejected, parse_article
from clusterer.pipeline.intake.shapes import shaped
from clusterer.samples import sample_rows

TEXT = "A ferry with 214 people aboard ran aground in fog on Thursday morning, the coast guard said. Nobody was hurt."
TITLE, URL = "Ferry runs aground in fog", "https://harbourpost.example/2026/ferry"
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)

SHAPES: dict[str, dict[str, Any]] = {
    "news-please": {
        "authors": ["A. Writer"],
        "date_download": "2026-03-05 10:00:00",
        "date_modify": None,
        "date_publish": "2026-03-04 09:30:00",
        "description": "Short.",
        "filename": "x.json",
        "image_url": None,
        "language": "en",
        "localpath": None,
        "title": TITLE,
        "title_page": None,
        "title_rss": None,
        "source_domain": "harbourpost.example",
        "maintext": TEXT,
        "url": URL,
    },
    "news-please with an empty text": {
        "text": None,
        "date_publish": "2026-03-04T09:30:00Z",
        "language": "en",
        "title": TITLE,
        "source_domain": "harbourpost.example",
        "maintext": TEXT,
        "url": URL,
    },
    "trafilatura": {
        "title": TITLE,
        "author": None,
        "hostname": "harbourpost.example",
        "date": "2026-03-04T09:30:00",
        "fingerprint": "1a2b",
        "id": None,
        "license": None,
        "comments": "",
        "raw_text": TEXT,
        "text": TEXT,
        "language": "en",
        "image": None,
        "pagetype": "article",
        "filedate": "2026-03-05",
        "source": URL,
        "source-hostname": "harbourpost.example",
        "excerpt": "Short.",
        "categories": "",
        "tags": "",
    },
    "mediastack": {
        "author": "Staff",
        "title": TITLE,
        "description": TEXT,
        "url": URL,
        "source": "harbourpost.example",
        "image": None,
        "category": "general",
        "language": "en",
        "country": "us",
        "published_at": "2026-03-04T09:30:00+00:00",
    },
    "JSON Feed": {
        "id": URL,
        "url": URL,
        "title": TITLE,
        "content_html": f"<p>{TEXT}</p>",
        "date_published": "2026-03-04T09:30:00Z",
        "language": "en",
        "authors": [{"name": "A. Writer"}],
        "summary": "Short.",
        "attachments": [],
    },
    "feedparser": {
        "title": TITLE,
        "title_detail": {"type": "text/plain", "value": TITLE},
        "links": [{"href": URL}],
        "link": URL,
        "id": URL,
        "guidislink": False,
        "published": "Wed, 04 Mar 2026 09:30:00 GMT",
        "published_parsed": tuple(time.gmtime(1772616600)),
        "summary": "Short.",
        "summary_detail": {},
        "content": [{"type": "text/html", "language": None, "base": "", "value": TEXT}],
        "source": {"title": "harbourpost.example", "href": "https://harbourpost.example"},
        "language": "en-US",
    },
    "News API": {
        "source": {"id": None, "name": "harbourpost.example"},
        "author": None,
        "title": TITLE,
        "description": "Short.",
        "url": URL,
        "urlToImage": None,
        "publishedAt": "2026-03-04T09:30:00Z",
        "content": TEXT,
        "language": "en",
    },
    "newsdata.io": {
        "article_id": "ab12",
        "title": TITLE,
        "link": URL,
        "keywords": None,
        "creator": ["A"],
        "description": "Short.",
        "content": TEXT,
        "pubDate": "2026-03-04 09:30:00",
        "source_id": "harbourpost.example",
        "language": "english",
        "country": ["us"],
        "category": ["top"],
    },
    "CC-News": {
        "title": TITLE,
        "text": TEXT,
        "domain": "harbourpost.example",
        "date": "2026-03-04 09:30:00",
        "description": "",
        "url": URL,
        "image_url": "",
        "language": "en",
    },
    "newspaper": {
        "title": TITLE,
        "text": TEXT,
        "publish_date": "2026-03-04T09:30:00",
        "authors": [],
        "canonical_link": URL,
        "meta_lang": "en",
        "source_url": "https://harbourpost.example",
        "site_name": "harbourpost.example",
        "top_image": "",
    },
    "WordPress": {
        "id": 12,
        "date_gmt": "2026-03-04T09:30:00",
        "link": URL,
        "title": {"rendered": TITLE},
        "content": {"rendered": TEXT, "protected": False},
        "lang": "en",
        "site_name": "harbourpost.example",
        "status": "publish",
        "type": "post",
    },
    "our own": {
        "id": "a",
        "title": TITLE,
        "text": TEXT,
        "url": URL,
        "source": "harbourpost.example",
        "published_at": "2026-03-04",
        "lang": "en",
    },
}


@pytest.mark.parametrize("name", SHAPES)
def test_known_shapes_are_read_whole(name: str) -> None:
    made = shaped(SHAPES[name], defaults={"source": "harbourpost.example"} if name == "JSON Feed" else None)
    article = parse_article(made.payload)
    assert article.title == TITLE
    assert TEXT in (article.text or "")
    assert article.url == URL
    assert article.source == "harbourpost.example"
    assert article.published_at is not None and article.published_at.date() == AT.date()
    assert (article.lang or "").startswith("en")
    assert article.warnings == ()
    assert not any("not known" in warning for warning in made.warnings)


@pytest.mark.parametrize("story", ["story", "corps", "Inhalt", "paragraphs", "txt"])
def test_an_article_without_text_is_not_taken_for_one(story: str) -> None:
    row = {"title": TITLE, "url": URL, story: TEXT}
    with pytest.raises(Rejected) as caught:
        shaped(row)
    assert f"--map FIELD=text (not known here: {story})" in str(caught.value)
    assert shaped(row, {story: "text"}).payload["text"] == TEXT


def test_of_a_row_with_many_unknown_fields_the_first_are_named() -> None:
    with pytest.raises(Rejected, match=r"x0, .*, x9 and 20 more\)"):
        shaped({f"x{number}": "1" for number in range(30)})


@pytest.mark.parametrize(
    "row",
    [
        {"title": TITLE},
        {"title": TITLE, "text": " ", "image_url": URL},
        {"maintext": None, "title": TITLE},
        {},
        {"url": URL},
    ],
)
def test_a_title_alone_is_no_article_unless_headlines_are_asked_for(row: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        shaped(row)
    if "title" in row:
        assert parse_article(shaped(row, headlines=True).payload).text == ""
    else:
        with pytest.raises(Rejected):
            shaped(row, headlines=True)


def test_our_own_form_may_say_that_there_is_no_text() -> None:
    assert parse_article(shaped({"id": "a", "title": TITLE, "text": ""}).payload).text == ""


def test_unknown_fields_are_named() -> None:
    made = shaped({"text": TEXT, "mood": "calm", "score": 3, "empty": "", "nothing": None})
    assert made.warnings == ("unknown fields were left out: mood, score",)


def test_fields_are_renamed_also_from_within() -> None:
    row = {"kopf": TITLE, "inhalt": {"text": TEXT, "more": 1}, "wo": URL}
    made = shaped(row, {"kopf": "title", "inhalt.text": "text", "wo": "url"})
    assert (made.payload["title"], made.payload["text"], made.payload["url"], made.warnings) == (TITLE, TEXT, URL, ())


def test_ids_of_a_feed_are_its_own() -> None:
    ids = [
        shaped({"guid": guid, "text": TEXT}, defaults={"source": "Post"}).payload["id"]
        for guid in ("12", URL, "tag:e.example,2026:1")
    ]
    assert ids == ["Post/12", URL, "tag:e.example,2026:1"]
    assert "id" not in shaped({"guid": "https://e.example/" + "x" * 300, "link": URL, "text": TEXT}).payload


def test_the_samples_pass_as_they_are() -> None:
    for row in sample_rows():
        article = parse_article(shaped(row).payload)
        assert (article.id, article.url, article.source, article.title) == tuple(
            row.get(name) for name in ("id", "url", "source", "title")
        )


def test_a_list_of_contents_may_hold_anything() -> None:
    assert shaped({"content": [{"value": TEXT}, "More.", None, 3]}).payload["text"].startswith(TEXT + "\nMore.")
