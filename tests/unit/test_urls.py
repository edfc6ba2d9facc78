"""One page under many URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.urls import canonical_url

STORY = "https://harbourpost.example/news/2026/ferry-aground"


@pytest.mark.parametrize(
    "url",
    [
        STORY, STORY + "/", "http://harbourpost.example/news/2026/ferry-aground", "//harbourpost.example/news/2026/ferry-aground",
        "harbourpost.example/news/2026/ferry-aground", "HTTPS://HarbourPost.Example/news/2026/ferry-aground",
        "https://www.harbourpost.example/news/2026/ferry-aground", "https://m.harbourpost.example/news/2026/ferry-aground/",
        "https://amp.harbourpost.example/news/2026/ferry-aground", "https://harbourpost.example./news/2026/ferry-aground",
        "https://harbourpost.example:443/news/2026/ferry-aground", "http://harbourpost.example:80/news/2026/ferry-aground",
        STORY + "#comments", STORY + "?", STORY + "?utm_source=rss&utm_medium=feed", STORY + "?fbclid=IwAR0x",
        STORY + "?gclid=1&at_medium=x",
        STORY + "?ref=homepage", STORY + "?source=rss", STORY + "?CMP=share_btn_tw", STORY + "?ocid=bbc&xtor=AL-72",
        STORY + "/amp", STORY + "/amp/",
        STORY + "?amp=1", STORY + "?print=1", STORY + "?printView=true", STORY + "?outputType=amp", STORY + ".amp", "https://harbourpost.example/amp/news/2026/ferry-aground",
        "https://www.google.com/amp/s/www.harbourpost.example/news/2026/ferry-aground",
        "https://harbourpost-example.cdn.ampproject.org/c/s/harbourpost.example/news/2026/ferry-aground?usqp=mq331",
        "https://harbourpost.example/news/./2026/x/../ferry-aground", "https://harbourpost.example//news//2026/ferry-aground",
        "https://harbourpost.example/news/2026/%66erry%2Daground", "https://reader@harbourpost.example/news/2026/ferry-aground",
        STORY + ";jsessionid=A1B2", STORY + "/index.html", " " + STORY + "\n",
    ],
)  # fmt: skip
def test_forms_of_one_page(url: str) -> None:
    assert canonical_url(url) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.example/?p=12&lang=en", "https://e.example/?lang=en&p=12&utm_id=3"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://e.example/a%20b", "https://e.example/a b"),
        ("https://e.example/a?x=1&amp;y=2", "https://e.example/a?x=1&y=2"),
        ("https://e.example/%e4%b8%ad", "https://e.example/中"),
        ("https://e.example/~user", "https://e.example/%7Euser"),
    ],
)
def test_other_forms_of_one_page(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.example/?p=12", "https://e.example/?p=13"),
        ("https://e.example/news?sid=5", "https://e.example/news?sid=6"),
        ("https://e.example/news?id=5", "https://e.example/news"),
        ("https://e.example/a?source=agency-7", "https://e.example/a"),
        ("https://e.example/Story", "https://e.example/story"),
        ("https://news.e.example/a", "https://e.example/a"),
        ("https://e.example:8443/a", "https://e.example/a"),
        ("https://e.example/#!/story/1", "https://e.example/#!/story/2"),
        ("https://e.example/ampere", "https://e.example/ere"),
        ("https://e.example/a?page=2", "https://e.example/a"),
        ("urn:newsml:x:1", "urn:newsml:x:2"),
    ],
)
def test_two_pages_stay_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "url",
    ["", "x", "urn:newsml:x:1", "mailto:a@e.example", "https://[::1", "javascript:alert(1)//", "ftp://e.example/x"],
)
def test_what_is_no_address_of_the_web_stays_as_it_is(url: str) -> None:
    assert canonical_url(url) == url


@given(
    st.text(max_size=60)
    | st.text(alphabet="htps:/w.amexl?#=&%2Fé;_", max_size=60).map(lambda rest: "https://e.example/" + rest)
)
def test_the_canonical_form_is_its_own(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)
