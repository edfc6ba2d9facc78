"""The headline of a page, wherever sites put it and whatever else they call a heading."""

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article

_ENGLISH = (
    "The harbour ferry Aurelia ran aground on a sandbank off Tannholm early on Tuesday with 84 people on board.",
    "Divers found no leak, and the ferry was pulled free at high tide, the coast guard of Tannholm said.",
    "It was the third time this year that a ferry touched the sandbank, which moves with the storms of winter.",
)
_HEADLINE = "Ferry Aurelia runs aground off Tannholm"


def _page(head: str, body: str, paragraphs: tuple[str, ...] = _ENGLISH) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    menu = "<ul><li><a href=/a>Home</a></li><li><a href=/b>Sport</a></li><li><a href=/c>Weather</a></li></ul>"
    return f"<html><head>{head}</head><body>{menu}{body}<div>{text}</div></body></html>"


def _title(page: str) -> str:
    return clean(Article(id="page", html=page)).title


@pytest.mark.parametrize("headline", ["Aground", "Von der Leyen besucht Tannholm", "座礁した連絡船を離礁", "By a hair"])
def test_a_headline_of_few_words_or_like_a_name_stays(headline: str) -> None:
    assert _title(_page(f"<title>{headline}</title>", f"<h1>{headline}</h1>")) == headline


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param(
            f"<title>The Salt Notebook: {_HEADLINE}</title>",
            f"<h1>The Salt Notebook</h1><h3>{_HEADLINE}</h3>",
            id="the blog is the first heading",
        ),
        pytest.param(
            f'<meta property="og:title" content="{_HEADLINE}"><title>{_HEADLINE} | Tannholm Courier</title>',
            f"<h1>Plan your next voyage with us!</h1><h2>{_HEADLINE}</h2>",
            id="an advertisement is",
        ),
        pytest.param(
            "<title>Tannholm Courier - Local News</title>",
            f"<h1>Local News</h1><table><tr><td><b>{_HEADLINE}</b></td></tr></table>",
            id="the section is, and the headline is no heading",
        ),
        pytest.param(f"<title>{_HEADLINE}</title>", "<h1>Coast and Islands</h1>", id="only title says it"),
        pytest.param("<title>Courier</title>", f"<h1>Courier</h1><h2>{_HEADLINE}</h2>", id="the site in one word is"),
        pytest.param(
            "<title>Courier</title>", f"<h1>Courier</h1><p><b>{_HEADLINE}</b></p>", id="and the headline is no heading"
        ),
        pytest.param(
            "<title>Hafenbote</title><meta property=og:title content=Hafenbote>",
            f"<h1><a href=/>Hafenbote</a></h1><p class=kicker>Coast</p><div>{_HEADLINE}</div>",
            id="the site in one word is, by all that says so",
        ),
        pytest.param(
            f"<title>{_HEADLINE} | Courier</title>",
            f"<h1>{_HEADLINE}</h1><h2>By Mette Sandal 5 minute read</h2>",
            id="an author is a heading as well",
        ),
        pytest.param(
            f"<title>Tannholm Courier | 03/04/2025 | {_HEADLINE} | News</title>",
            f"<font size=5>{_HEADLINE}</font><br>By Mette Sandal",
            id="title holds it among other parts",
        ),
        pytest.param(
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{_HEADLINE}"}}</script>'
            "<title>courier.example</title>",
            "<h2>Menu</h2><h2>Search</h2>",
            id="only structured data says it",
        ),
        pytest.param(
            "<title>Tannholm Courier</title>",
            "<h1>courier.example</h1><h2>Ferry Aurelia runs<br>aground off Tannholm</h2>",
            id="broken into two lines, below the host",
        ),
        pytest.param(
            "<title>Tannholm Courier</title>",
            f'<div class="aside"><h3>Other posts:</h3></div><h1>{_HEADLINE}</h1><h3>Select an option</h3>',
            id="headings before and after it",
        ),
    ],
)
def test_the_headline_is_found_wherever_a_site_puts_it(head, body):
    assert _title(_page(head, body)) == _HEADLINE


@pytest.mark.parametrize(
    ("headline", "site", "paragraphs"),
    [
        pytest.param(
            "Fähre Aurelia läuft vor Tannholm auf Grund",
            "Küstenblatt",
            (
                "Die Fähre Aurelia ist am Dienstag vor Tannholm mit 84 Menschen an Bord auf Grund gelaufen, teilte die Küstenwache mit.",
                "Taucher fanden kein Leck, und bei Hochwasser kam die Fähre wieder frei, sagte ein Sprecher der Reederei.",
            ),
            id="de",
        ),
        pytest.param(
            "Паром «Аурелия» сел на мель у Таннхольма",
            "Береговой вестник",
            (
                "Паром «Аурелия» во вторник утром сел на мель у Таннхольма, на борту находились 84 человека, сообщила береговая охрана.",
                "Водолазы не нашли пробоины, и с приливом паром удалось снять с мели, сообщил владелец судна.",
            ),
            id="ru",
        ),
        pytest.param(
            "渡轮奥雷利亚号在坦霍尔姆附近搁浅",
            "海岸日报",
            (
                "渡轮奥雷利亚号星期二清晨在坦霍尔姆附近的沙洲搁浅，船上共有八十四人，海岸警卫队表示没有人受伤。",
                "潜水员没有发现漏水，涨潮时渡轮被拖离沙洲，船东说当天下午恢复航行，乘客已经全部下船。",
            ),
            id="zh",
        ),
        pytest.param(
            "جنوح العبارة أوريليا قبالة تانهولم",
            "صحيفة الساحل",
            (
                "جنحت العبارة أوريليا صباح الثلاثاء قبالة تانهولم وعلى متنها 84 شخصا، وقال خفر السواحل إن أحدا لم يصب بأذى.",
                "ولم يجد الغواصون أي تسرب، وسحبت العبارة أوريليا مع ارتفاع المد، وفق ما قال خفر السواحل في تانهولم.",
            ),
            id="ar",
        ),
    ],
)
def test_a_site_name_as_first_heading_is_no_headline_in_any_language(headline, site, paragraphs):
    page = _page(f"<title>{headline} - {site}</title>", f"<h1>{site}</h1><h2>{headline}</h2>", paragraphs)
    assert _title(page) == headline


def test_what_the_page_shows_goes_before_what_is_written_for_search_engines():
    page = _page("<title>Ferry aground Tannholm news 2025 guide</title>", f"<h1>{_HEADLINE}</h1>")
    assert _title(page) == _HEADLINE


def test_a_heading_that_nothing_else_names_is_the_headline():
    assert _title(_page("<title>Tannholm Courier</title>", f"<h1>{_HEADLINE}</h1>")) == _HEADLINE


def test_neither_dates_nor_hosts_nor_items_of_a_list_are_headlines():
    body = "<div>Updated 4 March 2025</div><div>www.courier.example</div><div>- Divers found no leak on the ferry Aurelia</div>"
    assert _title(_page("<title></title>", body)) not in {
        "Updated 4 March 2025",
        "www.courier.example",
        "- Divers found no leak on the ferry Aurelia",
    }


def test_a_page_of_one_line_is_not_empty():
    document = clean(
        Article(id="page", html="<html><body><p>Ferry Aurelia aground off Tannholm, nobody hurt</p></body></html>")
    )
    assert document.kind == "article"
    assert "Ferry Aurelia aground off Tannholm" in f"{document.title} {document.text}"
    assert [cut.reason for cut in document.cuts] == []


def test_a_credit_does_not_take_the_paragraph_behind_it_along():
    line = (
        "© Provided by Salt News Service The ferry Aurelia ran aground on a sandbank off Tannholm early on Tuesday with 84 on board, "
        "and was pulled free at high tide, the coast guard said."
    )
    document = clean(Article(id="page", title=_HEADLINE, text="\n\n".join((line, *_ENGLISH[1:]))))
    assert "ran aground on a sandbank" in document.text


@pytest.mark.parametrize(
    "line",
    [
        "© 2025 Tannholm Courier",
        "© 2025 Salt News Service. All rights reserved. This material may not be published, broadcast, rewritten or redistributed without "
        "the written permission of the publisher.",
        "Copyright © 2025 Küstenblatt GmbH. Alle Rechte vorbehalten.",
    ],
)
def test_notices_of_copyright_still_go(line):
    document = clean(Article(id="page", title=_HEADLINE, text="\n\n".join((*_ENGLISH, line))))
    assert line not in document.text
