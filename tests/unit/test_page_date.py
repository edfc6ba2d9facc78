"""When a page was published: what its markup, its URL and the lines around its headline say."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from clusterer.core.model import Article
from clusterer.core.pages.date import times_on_page
from clusterer.pipeline.intake.page import completed

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HEADLINE = "<h1>Ferry stranded off Kellbridge</h1>"
TEXT = "<p>The ferry ran aground on Tuesday night with eighty passengers on board, the harbour master said.</p>"
DATA = '<script type="application/ld+json">{}</script>'


def published(body: str, url: str | None = None, head: str = "<title>Ferry stranded</title>") -> datetime | None:
    return completed(Article("1", url=url, html=f"<html><head>{head}</head><body>{body}</body></html>"), NOW)[2]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


MARKED = {
    "JSON-LD in the body": (
        DATA.format(json.dumps({"@type": "NewsArticle", "datePublished": "2026-03-04T09:30:00+02:00"})),
        7,
        30,
    ),
    "JSON-LD of the page": (
        DATA.format(json.dumps({"@type": "WebPage", "datePublished": "2026-03-04T07:30:00Z"})),
        7,
        30,
    ),
    "JSON-LD of the article below that of the page": (
        DATA.format(
            json.dumps(
                [
                    {"@type": "WebPage", "datePublished": "2019-01-01T00:00:00Z"},
                    {"@type": "Article", "datePublished": "2026-03-04T07:30:00Z"},
                ]
            )
        ),
        7,
        30,
    ),
    "microdata": ('<span itemprop="datePublished" content="2026-03-04T08:30:00+01:00">yesterday</span>', 7, 30),
    "microdata of two properties": (
        '<time itemprop="datePublished dateModified" datetime="2026-03-04T07:30Z">now</time>',
        7,
        30,
    ),
    "microdata in a meta of the body": ('<meta itemprop="datePublished" content="2026-03-04T07:30:00Z">', 7, 30),
    "RDFa": ('<span property="schema:dateCreated" content="2026-03-04T07:30:00Z"></span>', 7, 30),
    "hAtom": ('<abbr class="published" title="2026-03-04T07:30:00Z">four days ago</abbr>', 7, 30),
    "h-entry": ('<time class="meta dt-published" datetime="2026-03-04T07:30:00Z">4 March</time>', 7, 30),
    "pubdate": ('<time pubdate datetime="2026-03-04T07:30:00Z">4 March</time>', 7, 30),
    "text of a marked element": ('<p itemprop="datePublished">4. März 2026, 7.30 Uhr</p>', 7, 30),
    "only seen": ('<p class="article-date">March 4, 2026</p>', 0, 0),
}


@pytest.mark.parametrize("name", MARKED)
def test_a_time_that_the_body_marks_is_read(name: str) -> None:
    mark, hour, minute = MARKED[name]
    assert published(HEADLINE + mark + TEXT) == at(2026, 3, 4, hour, minute)


LINES = [
    ("2026年3月4日 12時00分更新", at(2026, 3, 4, 12)),
    ("15 августа 2026, 13:43", at(2026, 8, 15, 13, 43)),
    ("/ martes 17 de marzo de 2026", at(2026, 3, 17)),
    ("Datum: 18.10.2026", at(2026, 10, 18)),
    ("December 16, 2025, 4:19 PM", at(2025, 12, 16, 16, 19)),
    ("22/11/2026 - 06:29", at(2026, 11, 22, 6, 29)),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_line_beside_the_headline_that_is_a_date_is_its_time(line: str, expected: datetime) -> None:
    other = "<p>Tuesday, 2 June 2009</p>" + "<p>News and more of the coast</p>" * 9
    assert published(f"{other}{HEADLINE}<div>{line}</div>{TEXT}") == expected
    assert published(f"{other}<div>{line}</div>{HEADLINE}{TEXT}") == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/2026/03/04/ferry-stranded/",
        "https://courier.example/news/2026-03-04-ferry-stranded.html",
        "https://courier.example/news/20260304/ferry",
        "https://courier.example/a/2026/03/04",
    ],
)
def test_the_url_names_a_day(url: str) -> None:
    assert published(TEXT, url) == at(2026, 3, 4)
    assert completed(Article("1", url=url, text="The ferry ran aground."), NOW)[2] == at(2026, 3, 4)
    seen = '<time datetime="2025-01-02T10:00:00Z">older</time><time datetime="2026-03-04T09:15:00Z">today</time>'
    assert published(seen + TEXT, url) == at(2026, 3, 4, 9, 15)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "https://courier.example/2026/03/4-ways-to-save-a-ferry",
        "https://courier.example/2026/13/04/ferry",
        "https://courier.example/article/202603041234",
        "https://courier.example/?from=/2026/03/04/",
        "https://courier.example/2027/01/05/ferry-to-come/",
    ],
)
def test_no_day_is_made_of_other_figures_in_a_url(url: str | None) -> None:
    assert published(TEXT, url) is None
    assert completed(Article("1", url=url, text="The ferry ran aground."), NOW)[2] is None


def test_what_cannot_be_read_does_not_hide_what_can() -> None:
    head = "<meta name=date content='03/04/2026'><meta property=article:published_time content='2026-03-04T07:30:00Z'>"
    assert published(TEXT, head=head) == at(2026, 3, 4, 7, 30)
    assert published('<time itemprop="datePublished" datetime="0000-00-00">soon</time>' + TEXT, head=head) == at(
        2026, 3, 4, 7, 30
    )
    mark = '<time itemprop="datePublished" datetime="0000-00-00">soon</time><p class="date">March 4, 2026</p>'
    assert published(HEADLINE + mark + TEXT) == at(2026, 3, 4)


def test_the_head_comes_before_the_body_and_the_client_before_both() -> None:
    head = "<meta property=article:published_time content='2026-03-04T07:30:00Z'>"
    body = '<time itemprop="datePublished" datetime="2025-01-01T00:00:00Z">old</time>' + TEXT
    assert published(body, "https://courier.example/2024/01/01/x/", head) == at(2026, 3, 4, 7, 30)
    given = Article("1", url="https://courier.example/2024/01/01/x/", published_at=at(2026, 1, 1), text="Aground.")
    assert completed(given, NOW)[2] == at(2026, 1, 1)


def test_pages_without_a_date_have_none() -> None:
    assert published(HEADLINE + TEXT) is None
    assert published("") is None
    assert list(times_on_page("", None, NOW)) == []


def test_a_page_of_dates_takes_no_longer_than_its_length_asks() -> None:
    many = '<time itemprop="datePublished" datetime="x">a</time>' * 20_000
    assert published(many) is None


@pytest.mark.parametrize(
    "name", ["rnews:datePublished", "OriginalPublicationDate", "citation_publication_date", "dcterms.issued"]
)
def test_heads_call_it_by_many_names(name: str) -> None:
    assert published(TEXT, head=f'<meta name="{name}" content="2026-03-04T07:30:00Z">') == at(2026, 3, 4, 7, 30)
