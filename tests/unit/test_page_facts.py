"""What a page says about itself where it says it in unusual places: name of the site, canonical URL, time of publication."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from clusterer.core.model import Article
from clusterer.core.pages.facts import page_facts
from clusterer.pipeline.intake.page import completed

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
URL = "https://www.elleryharbourpost.example/ferry"
BODY = "<p>The ferry ran aground on Tuesday night with eighty passengers on board, the harbour master said.</p>"


def page(head: str = "", body: str = "") -> str:
    return f"<html><head>{head}</head><body>{BODY}{body}</body></html>"


def data(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


LINKED = {
    "@graph": [
        {"@type": "NewsArticle", "publisher": {"@id": "https://post.example/#us"}},
        {"@type": "Organization", "@id": "https://post.example/#us", "name": "Harbour Post"},
    ]
}
SITES = {
    "publisher by its id": page(data(LINKED)),
    "one of several publishers": page(
        data({"@type": "Article", "publisher": [{"name": "Harbour Post"}, {"name": "Tide"}]})
    ),
    "structured data in the body": page(body=data({"@type": "NewsArticle", "publisher": {"name": "Harbour Post"}})),
    "meta": page("<meta name=Publisher content='Harbour Post'>"),
    "behind a script that ends a head": page(
        "<script>var frame = '<head></head><body>';</script><meta property=og:site_name content='Harbour Post'>"
    ),
    "behind styles longer than a head": page(
        f"<style>{'p { margin: 0 } ' * 20_000}</style><meta property=og:site_name content='Harbour Post'>"
    ),
}


@pytest.mark.parametrize("case", SITES)
def test_the_name_of_the_site_is_found(case: str) -> None:
    assert page_facts(SITES[case]).site == "Harbour Post"


@pytest.mark.parametrize(
    ("title", "site"),
    [
        ("Ferry aground | Ellery Harbour Post", "Ellery Harbour Post"),
        ("ellery harbour post: ferry aground", "ellery harbour post"),
        ("Ferry aground – Eighty on board - Ellery Harbour Post", "Ellery Harbour Post"),
        ("Ferry aground | Eighty on board", None),
        ("Ellery Harbour Post", None),  # what else it could be is not said
    ],
)
def test_a_part_of_the_title_names_the_site_if_its_host_is_called_so(title: str, site: str | None) -> None:
    assert page_facts(page(f"<title>{title}</title>"), URL).site == site


def test_what_the_page_calls_the_site_wins_over_its_title() -> None:
    head = "<title>Ferry aground | Ellery Harbour Post</title><meta property=og:site_name content=Post>"
    assert page_facts(page(head), URL).site == "Post"


def test_a_relative_canonical_url_of_an_unknown_page_gives_way_to_an_absolute_one() -> None:
    head = f"<link rel=canonical href=/ferry><meta property=og:url content={URL}>"
    assert page_facts(page(head)).url == URL
    assert page_facts(page(head), "https://amp.example/1").url == "https://amp.example/ferry"


def test_structured_data_far_down_in_a_page_dates_it() -> None:
    filled = f"<!--{'.' * 500_000}-->" + data({"@type": "NewsArticle", "datePublished": "2026-03-04T07:30:00Z"})
    assert completed(Article("1", html=page(body=filled)), NOW)[2] == datetime(2026, 3, 4, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("opened", ["<script>", "<style>", '<script type="application/ld+json">', "<title>", "<head>"])
def test_elements_that_never_end_are_read_in_linear_time(opened: str) -> None:
    assert completed(Article("1", html=opened * 20_000), NOW)[1] is None
