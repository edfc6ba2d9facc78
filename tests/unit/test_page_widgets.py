"""What content systems put beside an article or between its paragraphs is not the article; a name that is around all of it says nothing."""

from __future__ import annotations

import pytest

from clusterer.core.pages.html_page import extract

FIRST = (
    "The Hexley ferry will run every twenty minutes from the first of May, the harbour board decided on Tuesday night."
)
SECOND = "The last crossing leaves at half past eleven instead of ten, which people who go to the theatre had long asked for."
THIRD = "Fares rise by ten pence, and nobody had touched them since the year of the flood, said the chairman, Arthur Dinsdale."
STRAY = "Storm closes the pier for a second week after the deck was damaged by a drifting barge, says the council."

PAGE = "<html><body><main><h1>Ferry timetable changes</h1><div class='entry'><p>{}</p>{}<p>{}</p><p>{}</p></div>{}</main></body></html>"


@pytest.mark.parametrize(
    "around",
    [
        "<div id='jp-relatedposts' class='jp-relatedposts'><h3>Related</h3><p>{}</p></div>",
        "<div class='yarpp yarpp-related'><p>{}</p></div>",
        "<section class='related-posts'><p>{}</p></section>",
        "<div class='sonda'><h4>Sonda</h4><p>{}</p><button>Głosuj</button></div>",
        "<div class='umfrage box'><p>{}</p></div>",
        "<div class='video-player'><span>Play</span><p>{}</p></div>",
        "<div class='author-bio'><h2>Jo Platt</h2><p>{}</p></div>",
        "<aside class='most-read'><p>{}</p></aside>",
        "<div class='newsletter-signup'><p>{}</p></div>",
        "<div class='ad'>REKLAMA <p>{}</p></div>",
        "<div class='adv'><span>إعلان</span><p>{}</p></div>",
        "<div id='inline-ad' class='col-6'><p>{}</p></div>",
        "<section class='box werbung'><p>{}</p></section>",
        "<div class='publicité'><p>{}</p></div>",
        "<div class='sponsored-content'><p>{}</p></div>",
        "<div id='cmp' class='overlay'><h2>We value your privacy</h2><p>{}</p><button>Agree</button></div>",
        "<div class='cookie-banner'><p>{}</p></div>",
        "<div id='onetrust-banner-sdk'><p>{}</p></div>",
        "<div id='gdpr-popup'><p>{}</p></div>",
    ],
)
@pytest.mark.parametrize("within", [False, True])
def test_a_widget_is_not_the_article(around: str, within: bool) -> None:
    widget = around.format(STRAY)
    text = extract(PAGE.format(FIRST, widget if within else "", SECOND, THIRD, "" if within else widget)).text
    assert STRAY not in text
    assert all(paragraph in text for paragraph in (FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    "name", ["related-posts", "newsletter-form", "video-player", "poll", "most-read", "ads", "consent"]
)
def test_a_name_that_is_around_the_whole_article_says_nothing(name: str) -> None:
    page = (
        f"<html><body><div class='{name}'><h1>Ferry</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div></body></html>"
    )
    assert all(paragraph in extract(page).text for paragraph in (FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    "name",
    [
        "newsletter-post post",
        "pollen",
        "has-video",
        "authors",
        "page-with-poll-results-2026",
        "address",
        "has-ads",
        "admin",
        "consent-decree",
    ],
)
def test_like_names_are_no_widgets(name: str) -> None:
    text = extract(PAGE.format(FIRST, f"<div class='{name}'><p>{STRAY}</p></div>", SECOND, THIRD, "")).text
    assert STRAY in text
