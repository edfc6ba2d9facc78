"""Kinds of pages and texts that lost their article, each with variants: other words, languages, layouts. Texts are our own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.decoding import decoded
from clusterer.core.lines import reasons
from clusterer.core.lines.asking import asks_reader
from clusterer.core.lines.reasons import sentence
from clusterer.core.lines.rules import rule_for
from clusterer.core.model import Article, Cut
from clusterer.core.pages.facts import page_facts
from clusterer.pipeline.intake.intake import to_revision
from clusterer.pipeline.intake.page import completed
from clusterer.pipeline.intake.submission import parse_article

NOW = datetime(2026, 3, 5, tzinfo=UTC)

PARAGRAPHS = (
    "The harbour authority of Port Ellery has approved the construction of a second breakwater after three winters of flooding.",
    "Work is to begin in March and will take about two years, the authority's director, Maren Holt, said on Thursday.",
    "The project will cost 48 million crowns, of which the state pays two thirds; the town has to borrow the rest.",
    "A first design was rejected in 2021 because it would have blocked the old channel, which smaller boats still use.",
)
TITLE = "Port Ellery to build second breakwater"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "“Nobody came to help us for hours”",
            "A tram left the rails at Mill Bridge on Friday. Nine passengers were taken to hospital.",
        ),
        (
            "Batter luck next time for chip shop",
            "Thieves emptied the till of a restaurant in Skarn. The owner had gone home early.",
        ),
        (
            "Lumivyöry pysäytti junat, matkustajia siirrettiin busseihin",
            "Rinne valui radalle aamuyöllä. Raivaus kestää kaksi päivää.",
        ),
        (
            "Wybory rozstrzygnięte dopiero nad ranem",
            "Burmistrz wygrał jedenastoma głosami. Komisja liczyła karty dwa razy.",
        ),
        ("Bridge reopens months ahead of schedule", "大桥提前三个月恢复通车。市政府表示，工程费用低于预算。"),
        (
            "Quake shakes hill villages before dawn",
            "Η δόνηση έγινε αισθητή στις τέσσερις το πρωί. Δεν υπάρχουν τραυματίες.",
        ),
    ],
)
def test_an_article_stays_whatever_its_headline_says(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert (document.kind, document.text, document.cuts) == ("article", text, ())


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Hockey: weekend results", ["Skarn 4-1 Lowfield", "Brenmoor 2-2 Senn", "Tollan 0-3 Ford", "Hallam 5-4 Ladd"]),
        (
            "Who won at the Silver Lens",
            ["Best picture: Low Tide", "Best score: Ina Moe", "Best short: Crumbs", "Best debut: Bo Lind"],
        ),
        (
            "A year of strikes",
            ["12 January: Drivers walk out", "3 March: Talks fail", "9 May: Mediator named", "1 July: Deal signed"],
        ),
        (
            "Marathon: die Ersten",
            ["1. Ole Brandt 2:11:04", "2. Jan Witt 2:12:30", "3. Max Rohde 2:14:01", "4. Per Dahl 2:15:55"],
        ),
        ("Los elegidos", ["Portera: Ana Ruiz", "Defensa: Sol Vega", "Medio: Eva Gil", "Delantera: Mar Cano"]),
        (
            "Regional news prizes",
            [
                "Latest headlines",
                "Ledger wins for its series on wells",
                "Courier takes photo award",
                "Radio prize to Skarn FM",
            ],
        ),
    ],
)
def test_lists_are_articles(title: str, lines: list[str]) -> None:
    document = clean(Article(id="1", title=title, text="\n".join(lines)))
    assert document.kind == "article"
    assert set(lines[1:]) <= set(document.text.split("\n\n"))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Newsletter platform to close",
            "Your newsletter has to move by June. Writers may take their subscribers along, the company said.",
        ),
        (
            "Court limits tracking by cookies",
            "Please accept cookies, your browser says on every page. Judges want an end of that.",
        ),
        (
            "Wer sich bis Sonntag registrieren muss",
            "Bitte registrieren Sie sich im Rathaus. Ihre Anmeldung gilt vier Jahre.",
        ),
        (
            "Streaming firm raises price of subscription",
            "You will pay two crowns more. Your subscription can be cancelled each month.",
        ),
        (
            "Password leak hits hospital",
            "Change your password now if you booked online. Your account may have been read by others.",
        ),
        (
            "Des abonnés quittent la plateforme",
            "Vous pouvez résilier votre abonnement en ligne, a indiqué le groupe mardi.",
        ),
        (
            "Study: puzzles no longer tell people from programs",
            "Are you a robot? Programs pass faster than you, researchers found.",
        ),
    ],
)
def test_news_about_subscribing_signing_in_and_cookies_is_news(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert (document.kind, document.text) == ("article", text)


@pytest.mark.parametrize(
    "tail",
    [
        "[…]\nThe article Port Ellery to build first appeared on Ellery Courier.",
        "… Weiterlesen auf kurier.example",
        "[...] La entrada Port Ellery construye se publicó primero en El Faro.",
        "... [+812 chars]",
        "…\nLire la suite →",
        "[…]\nIl post Port Ellery proviene da Il Molo.",
        "…\nЧитать далее",
        "... Devamını oku",
        "… 기사 더보기",
        "... View the original page on star.example",
        "... https://star.example/2026/breakwater",
        "[…]\nPort Ellery to build second breakwater yazısı ilk önce Yıldız üzerinde ortaya çıktı.",
        "… [+812 caractères]",
        "… Mehr bei star.example »",
    ],
)
def test_what_feeds_put_behind_a_teaser_is_cut(tail: str) -> None:
    document = clean(Article(id="1", title=TITLE, text=f"{PARAGRAPHS[0]} Boats {tail}"))
    assert document.text.startswith(f"{PARAGRAPHS[0]} Boats")
    assert len(document.text) < len(PARAGRAPHS[0]) + 14
    assert [cut.reason for cut in document.cuts] == [reasons.TEASER_TAIL]


@pytest.mark.parametrize(
    "text",
    [
        "He told them to continue reading.",
        "The post office appeared first on maps in 1820.",
        "He looked at the sea... and then he left.",
        "They wanted a wall … but never one like that, and said so.",
        "The text breaks off here, as feeds do, in the middle of a...",
    ],
)
def test_a_text_that_only_sounds_like_a_tail_stays(text: str) -> None:
    assert clean(Article(id="1", title=TITLE, text=text)).text == text


def page(body: str, head: str = "") -> str:
    menu = "<nav><a href=/>Home</a> <a href=/news>News</a></nav>"
    return f"<!doctype html><html><head><title>{TITLE}</title>{head}</head><body>{menu}{body}<footer>© Ellery Courier</footer>"


JSON_LD = json.dumps(
    {"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"], "articleBody": "\n".join(PARAGRAPHS)}]}
)


def state(data: object) -> str:
    """Data for a script that shows the page."""
    return f'<div id=root></div><script id=state type="application/json">{json.dumps(data)}</script>'


LAYOUTS = {
    "section>span": "<section>" + "".join(f"<div><span>{one}</span></div>" for one in PARAGRAPHS) + "</section>",
    "table cell with br": "<table><tr><td>" + "<br><br>".join(PARAGRAPHS) + "</td></tr></table>",
    "pre": "<pre>" + "\n\n".join(PARAGRAPHS) + "</pre>",
    "elements of the site": "<y-story>" + "".join(f"<y-par>{one}</y-par>" for one in PARAGRAPHS) + "</y-story>",
    "noscript": "<div id=app></div><noscript>" + "".join(f"<p>{one}</p>" for one in PARAGRAPHS) + "</noscript>",
    "title left open": "".join(f"<p>{one}</p>" for one in PARAGRAPHS) + "<!-- no title ends here -->",
    "hidden for a script": "<p>Loading</p><div hidden id=S:0>"
    + "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    + "</div>",
    "not displayed yet": "<div style='display: none'>" + "".join(f"<p>{one}</p>" for one in PARAGRAPHS) + "</div>",
    "shadow root": "<y-story><template shadowrootmode=open>"
    + "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    + "</template></y-story>",
    "one string for a script": state(
        {"props": {"story": {"bodyHtml": "".join(f"<p>{one}</p>" for one in PARAGRAPHS)}}}
    ),
    "strings for a script": state({"blocks": [{"type": "p", "value": one} for one in PARAGRAPHS], "about": "We. Are."}),
    "assigned in a script": f"<div id=app></div><script>var a = 'x'; window.S = {json.dumps({'story': {'text': PARAGRAPHS}})};</script>",
    "JSON in a string": f"<script>window.__S=JSON.parse({json.dumps(json.dumps({'a': {'html': '<p>'.join(PARAGRAPHS)}}))})</script>",
    "values left undefined": '<script>window.__N__={"user":undefined,"body":' + json.dumps(PARAGRAPHS) + "}</script>",
    "after broken values": '<script>f({a:1});g([x]);h("a");s=' + json.dumps({"content": PARAGRAPHS}) + ";t={}</script>",
    "runs of one paragraph": state(
        {
            "content": [
                {"type": "p", "children": [{"text": one[:30]}, {"text": one[30:], "bold": True}]} for one in PARAGRAPHS
            ]
        }
    ),
    "server components": "<script>self.f.push([1,"
    + json.dumps(
        '0:{"a":1}\n3:'
        + json.dumps(["$", "div", None, {"children": [["$", "p", "k", {"children": one}] for one in PARAGRAPHS]}])[:90]
    )
    + "])</script><script>self.f.push([1,"
    + json.dumps(
        json.dumps(["$", "div", None, {"children": [["$", "p", "k", {"children": one}] for one in PARAGRAPHS]}])[90:]
        + "\n"
    )
    + "])</script>",
    "text of stated length": "<script>self.f.push([1,"
    + json.dumps(f"1a:T{sum(map(len, PARAGRAPHS)) + 9:x}," + "<p>".join(PARAGRAPHS) + '2:["$","p",null,{}]\n')
    + "])</script>",
    "page in a page": "<iframe srcdoc='" + escape("".join(f"<p>{one}</p>" for one in PARAGRAPHS)) + "'></iframe>",
    "line ends in strings": f'<script type=application/ld+json>{{"articleBody": "{chr(10).join(PARAGRAPHS)}"}}</script>',
    "beginning shown, rest for a script": f"<p>{PARAGRAPHS[0]}</p>" + state({"body": PARAGRAPHS}),
    "definition list": "<dl>" + "".join(f"<dd>{one}</dd>" for one in PARAGRAPHS) + "</dl>",
    "ordered list": "<ol>" + "".join(f"<li>{one}</li>" for one in PARAGRAPHS) + "</ol>",
    "words in elements": "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    .replace("March", "<time>March</time>")
    .replace("48 million", "<data value=48>48 million</data>")
    .replace("breakwater", "<button>breakwater</button>")
    .replace("rejected", "<output>rejected</output>"),
}


def test_the_body_that_a_page_states_may_hold_markup() -> None:
    body = "".join(f"<p>{one.replace('The', '<b>The</b>')}</p>" for one in PARAGRAPHS)
    stated = json.dumps({"@type": "NewsArticle", "articleBody": body}).replace("</", "<\\/")
    document = clean(Article(id="1", html=page("<div></div>", f'<script type="application/ld+json">{stated}</script>')))
    assert [line for line in document.text.split("\n") if line.strip()] == list(PARAGRAPHS)


def test_data_for_scripts_is_no_text_where_the_page_shows_its_own() -> None:
    other = state({"body": " ".join(["Another story about something else altogether is told here."] * 20)})
    document = clean(Article(id="1", html=page("".join(f"<p>{one}</p>" for one in PARAGRAPHS) + other)))
    assert "Another story" not in document.text
    assert PARAGRAPHS[0] in document.text


@pytest.mark.parametrize("data", ["{", "[1, 2]", '{"body": 7}', '{"html": "menu"}', "[" * 100_000, '{"text": null}'])
def test_data_for_scripts_that_holds_no_prose_gives_none(data: str) -> None:
    document = clean(Article(id="1", html=page(f'<div></div><SCRIPT type="application/json">{data}</SCRIPT>')))
    assert (document.kind, document.text) == ("empty", "")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_layout_loses_the_text(layout: str) -> None:
    html = page(LAYOUTS[layout])
    if layout == "title left open":
        html = html.replace("</title>", "<script>document.title</script>")
    document = clean(Article(id="1", html=html))
    assert document.kind == "article"
    words = " ".join(document.text.split())
    assert [one for one in PARAGRAPHS if one not in words] == []
    assert "Courier" not in words


def test_the_body_in_json_ld_is_taken_where_the_page_shows_none() -> None:
    document = clean(
        Article(id="1", html=page("<div id=app></div>", f"<script type=application/ld+json>{JSON_LD}</script>"))
    )
    assert document.text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "html", [page(""), "", "<html></html>", page("<script>let a = 1</script>"), "<!-- nothing -->", page("<img src=a>")]
)
def test_a_page_without_text_is_empty_and_says_so(html: str) -> None:
    document = clean(Article(id="1", html=html))
    assert document.kind == "empty" or document.text
    if document.kind == "empty":
        assert reasons.NO_TEXT in [cut.reason for cut in document.cuts]


@pytest.mark.parametrize(
    "blank",
    [
        None,
        "",
        " ",
        "\n\t",
        "\u00a0",
        "\u200b\ufeff",
        "<p></p>\n<br/>",
        "&nbsp;",
        "<![CDATA[]]>",
        "<img src=a>",
        "<!-- none -->",
        "null",
        "—",
    ],
)
def test_a_blank_text_does_not_hide_the_page(blank: str | None) -> None:
    html = page("".join(f"<p>{one}</p>" for one in PARAGRAPHS))
    assert clean(Article(id="1", text=blank, html=html)).text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "container",
    [
        "div class=discussion",
        "ul class=replies",
        "div id=reader-comments",
        "div class='thread responses'",
        "ol class=kommentare",
    ],
)
def test_comments_of_readers_are_not_the_article(container: str) -> None:
    said = [
        "I saw the water rise and nobody came, shame on them all!",
        "My uncle lost his boat there and got nothing for it.",
        "At last.",
    ] * 4
    html = page(
        f"<div><p>{PARAGRAPHS[0]}</p></div><{container}>"
        + "".join(f"<div><p>{one}</p></div>" for one in said)
        + f"</{container.split()[0]}>"
    )
    assert clean(Article(id="1", html=html)).text == PARAGRAPHS[0]


@pytest.mark.parametrize(
    "said",
    [
        "<div class=x><h3>{} (12)</h3>{}</div>", "<section><h2>12 {}</h2><div>{}</div></section>",
        '<div class=x><p hidden>{}</p><div itemprop=comment itemtype="https://schema.org/Comment">{}</div></div>',
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Comments", "Комментарии", "コメント", "댓글", "Yorumlar", "Leserkommentare"])
def test_comments_are_known_by_their_header_and_their_type(said: str, name: str) -> None:
    comments = "<p>I saw the water rise and nobody came, shame on them all!</p><p>My uncle lost his boat there.</p>" * 4
    document = clean(
        Article(id="1", html=page(f"<article><p>{PARAGRAPHS[0]}</p></article>{said.format(name, comments)}"))
    )
    assert document.text == PARAGRAPHS[0]


def test_a_name_around_the_whole_article_is_no_sign_of_comments() -> None:
    html = page("<div class='has comments'>" + "".join(f"<p>{one}</p>" for one in PARAGRAPHS) + "</div>")
    assert clean(Article(id="1", html=html)).text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "label", ["idna", "punycode", "rot13", "hex", "undefined", "mbcs", "unicode_escape", "utf-7", "x" * 40]
)
@pytest.mark.parametrize("declared", [True, False], ids=["header", "meta"])
def test_no_label_of_an_encoding_makes_decoding_fail(label: str, declared: bool) -> None:
    page = f"<meta charset={label}><p>M".encode() + bytes(range(128, 256)) + b"hrwalde \\N{x} xn--\xff.</p>"
    assert "hrwalde" in decoded(page, label if declared else None)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Überschwemmung in Möhrwalde: Schäden größer als gedacht, Straßen gesperrt", "cp1252"),
        ("Наводнение в Морвальде: дороги закрыты, школы не работают до среды", "koi8-r"),
        ("洪水淹没下城区两百栋房屋，消防人员乘船转移居民", "gb2312"),
        ("台風が上陸し、三人がけがをした。学校は水曜日まで休みになる", "shift_jis"),
        ("Povodeň v údolí řeky: silnice zůstávají uzavřené", "iso-8859-2"),
        ("Sel suları köyü bastı, öğrenciler tahliye edildi", "iso-8859-9"),
        ("台風が上陸し、三人がけがをした。学校は水曜日まで休みになる", "iso-2022-jp"),
    ],
)
def test_pages_are_decoded_as_they_declare(text: str, encoding: str) -> None:
    html = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={encoding}'></head><p>{text}</p>"
    assert text in decoded(html.encode(encoding))
    assert decoded(text.encode(encoding), encoding.upper()) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins_and_goes(encoding: str) -> None:
    assert (
        decoded("<meta charset=iso-8859-1>Möhrwalde".encode(encoding), "cp1251") == "<meta charset=iso-8859-1>Möhrwalde"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "Наводнение в Морвальде: дороги закрыты, школы не работают до среды\n\nПогибших нет.",
        "The flood in Ellery shut all roads.",
        "홍수로 도로가 통제됐다. 학교는 수요일까지 쉰다.",
    ],
)
def test_pairs_of_bytes_are_known_without_a_mark(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_utf_8_is_known_without_a_word_and_nonsense_never_fails() -> None:
    assert decoded("<meta charset=iso-8859-1>Möhrwalde".encode()) == "<meta charset=iso-8859-1>Möhrwalde"
    assert decoded("Möhrwalde brennt völlig aus, sagte die Feuerwehr am Mittwoch.".encode("cp1252")).startswith(
        "Möhrwalde"
    )
    assert decoded("Möhrwalde".encode(), "base64") == "Möhrwalde"
    assert decoded(b"\xff\xfe\x00") == "\ufffd"


LD = json.dumps(
    {"@type": "NewsArticle", "datePublished": "2026-03-04T09:30:00+02:00", "publisher": {"name": "Ellery Courier"}}
)
HEADS = {
    "JSON-LD": f"<link rel=canonical href=/news/1><script type=application/ld+json>{LD}</script>",
    "graph": f'<link rel=canonical href=/news/1><script type="application/ld+json">{{"@graph": [{{"@type": "Person"}}, {LD}]}}</script>',
    "Open Graph": "<meta property=og:url content=https://courier.example/news/1><meta property=og:site_name content='Ellery Courier'>"
    "<meta property=article:published_time content=2026-03-04T07:30:00Z>",
    "meta date": "<link rel=canonical href=https://courier.example/news/1><meta name=application-name content='Ellery Courier'>"
    "<meta name=pubdate content='Wed, 04 Mar 2026 07:30:00 GMT'>",
    "itemprop": "<link rel=Canonical href=../news/1><meta property='og:site_name' content='Ellery  Courier'>"
    "<meta itemprop=datePublished content=2026-03-04T08:30:00+01:00>",
}


@pytest.mark.parametrize("head", HEADS)
def test_what_the_client_left_out_is_taken_from_the_page(head: str) -> None:
    html = f"<html lang=en_GB><head>{HEADS[head]}</head><body><p>{PARAGRAPHS[0]}</p></body></html>"
    given = Article("1", url="https://courier.example/amp/1" if "://" not in HEADS[head] else None, html=html)
    url, source, published_at, lang = completed(given, NOW)
    assert url in ("https://courier.example/news/1", given.url)
    assert page_facts(html, given.url).url == "https://courier.example/news/1"
    assert (source, lang) == ("Ellery Courier", "en-GB")
    assert published_at == datetime(2026, 3, 4, 7, 30, tzinfo=UTC)


def test_what_the_client_gave_wins() -> None:
    html = f"<html lang=en><head>{HEADS['Open Graph']}</head><body><p>{PARAGRAPHS[0]}</p></body></html>"
    own = ("https://a.example/", "Mine", NOW, "fi")
    given = Article("1", url=own[0], source=own[1], published_at=own[2], lang=own[3], html=html)
    assert completed(given, NOW) == own
    revision = to_revision(parse_article({"html": html, "lang": "fi"}), "default", NOW)
    assert (revision.article.source, revision.article.lang) == ("Ellery Courier", "fi")


@pytest.mark.parametrize(
    "head",
    [
        "<meta property=article:published_time content=1970-01-01T00:00:00Z>",
        "<meta name=date content='last Tuesday or so'>",
        "<script type=application/ld+json>{broken</script>",
        "<link rel=canonical href='javascript:void(0)'>",
        "<html lang='not a language at all'>",
    ],
)
def test_facts_that_make_no_sense_are_left_out(head: str) -> None:
    assert completed(Article("1", html=f"{head}<p>{PARAGRAPHS[0]}</p>"), NOW) == (None, None, None, None)


def test_reasons_have_words_and_those_stored_as_words_stay() -> None:
    assert sentence(Cut("x", reasons.LEARNT, "9 of 12 pages")) == "stands on 9 of 12 pages of this source"
    assert sentence(Cut("x", "repeats the title")) == "repeats the title"
    assert all(sentence(Cut("x", code, "7")) for code in reasons.SENTENCES)


HOURS = [
    "Questions about your subscription? Call us from Monday to Friday between nine and five.",
    "Fragen zu Ihrem Abonnement? Melden Sie sich an oder rufen Sie uns von Montag bis Freitag an: anmelden.",
    "Votre abonnement : connectez-vous ou appelez notre service du lundi au vendredi.",
    "Already a subscriber? Log in here; our desk answers Mon-Sat.",
    "Inicia sesión en tu cuenta para suscribirte; atendemos de lunes a viernes.",
]


@pytest.mark.parametrize("line", HOURS)
def test_hours_in_which_a_desk_answers_are_no_report(line: str) -> None:
    assert asks_reader(line)


WITHOUT_BREAKS = (
    "You have read all your free articles this month. Subscribe today to go on reading the Calderby Times. "
    "Have an account already? Log in with your e-mail address. Your subscription includes the newsletter and full access to the app. "
    "By signing up you accept our terms of service and our privacy policy. Need help with your account? Write to us, or call our "
    "readers' desk from Monday to Saturday between eight and six. You may cancel your subscription whenever you want."
)
REPORT = (
    "The Calderby Times will ask readers to subscribe from May. The paper counted 41,000 subscriptions at the end of March, a third more "
    "than a year ago, and the newsletter goes to 90,000 people. Readers without an account can see five articles a month. The owner, Ilse "
    "Brandt, bought the paper in 2019 and has closed two of its three offices since. Unions fear for forty jobs in the printing plant. "
    "A month of full access will cost nine crowns, and the printed edition goes on as before."
)


def test_a_wall_without_line_breaks_is_known_by_its_sentences() -> None:
    assert len(WITHOUT_BREAKS) > 420
    wall = clean(Article(id="x", title="Two hurt as crane falls on quay", text=WITHOUT_BREAKS))
    assert (wall.kind, wall.text) == ("wall", "")
    assert len(REPORT) > 420
    for title in ("Calderby Times to charge readers", "Nothing is for free"):
        assert clean(Article(id="x", title=title, text=REPORT)).text == REPORT


@pytest.mark.parametrize(
    "line",
    [
        "© 2024 Ellery Courier",
        "(C) Copyright the Ellery Courier, 2024",
        "Copyright 2024 Ellery Courier",
        "Ellery Courier, 2024. ALL RIGHTS RESERVED.",
        "This material may not be published, broadcast, rewritten or redistributed.",
        "It may not be Reproduced without permission.",
        "埃勒里日报版权所有，未经许可不得转载",
        "記事の無断転載を禁じます",
    ],
)
def test_a_line_about_rights_is_cut_whatever_words_it_is_made_of(line: str) -> None:
    assert rule_for(line) == reasons.COPYRIGHT


@pytest.mark.parametrize(
    "line",
    [
        "Don’t have an account? Register now and get our newsletter – it’s free",
        "Sign up for our newsletter… and we’ll send you the best stories",
        "Подпишитесь на newsletter: please enter your e-mail address",
        "请登录您的账户以继续阅读",
    ],
)
def test_a_request_is_one_beside_typographic_quotes_and_in_other_scripts(line: str) -> None:
    assert asks_reader(line)


PICTURE_LABELS = [
    ("Image copyright AFP", True),
    ("Image copyright Getty Images Image caption The old pier before the storm", True),
    ("Media playback is unsupported on your device Media caption Three things to know about the pier", True),
    ("Image caption, The pier in May", True),
    ("Bildunterschrift, Die alte Mole vor dem Sturm", True),
    ("Bildquelle: Picture Alliance", True),
    ("Crédit photo, Getty Images", True),
    ("Fuente de la imagen, Getty Images", True),
    ("Pie de foto, El muelle antes de la tormenta", True),
    ("Legenda da foto, O cais antes da tempestade", True),
    ("Источник изображения, Getty Images", True),
    ("Подпись к фото, Старый причал", True),
    ("图像来源，GETTY IMAGES", True),
    ("صدر الصورة، Getty Images".replace("،", ","), True),
    ("Image copyright law was changed by parliament in spring.", False),
    ("Image source code was published by the firm.", False),
    ("Media caption writers went on strike.", False),
    ("Crédito barato atrae a compradores.", False),
    ("Kaynak suyu azaldı.", False),
    ("Media playback is unsupported by old phones, the firm said.", False),
]


@pytest.mark.parametrize(("line", "is_label"), PICTURE_LABELS)
def test_labels_of_pictures_and_players_are_no_text(line: str, is_label: bool) -> None:
    told = "The old pier of Ellmouth broke in the storm on Friday night, and the harbour master closed the harbour to all boats."
    document = clean(Article("a", title="Pier breaks", text=f"{line}\n\n{told}"))
    assert (line not in document.text) == is_label
    assert told in document.text
    assert [cut.reason for cut in document.cuts if cut.text == line] == ([reasons.PICTURE_LABEL] if is_label else [])


def test_a_page_of_pictures_keeps_its_captions() -> None:
    captions = "Image caption The pier in May\n\nImage caption The pier in June, when boats came\n\nImage caption The pier today"
    document = clean(Article("a", title="A year of the pier", text=captions))
    assert document.kind == "article"
    assert "The pier in June" in document.text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Реклама", reasons.ADVERT),
        ("Reklam", reasons.ADVERT),
        ("Advertentie", reasons.ADVERT),
        ("광고", reasons.ADVERT),
        ("廣告", reasons.ADVERT),
        ("版权与免责声明：凡注明来源的作品，未经授权不得转载。", reasons.COPYRIGHT),
        ("本网稿件未经许可，不得转载或摘编。", reasons.COPYRIGHT),
        ("Copyright ⓒ 한밭경제. 무단전재 및 재배포 금지", reasons.COPYRIGHT),
        ("Clique aqui e siga o canal da Folha de Arroio Claro no WhatsApp.", reasons.INVITATION),
        ("Sigue el canal de El Faro de Luarca en WhatsApp", reasons.INVITATION),
        ("▶ 네이버에서 강변일보 구독하기", reasons.INVITATION),
        ("Clicca qui per iscriverti al nostro canale", reasons.INVITATION),
        ("Klicken Sie hier, um den Beitrag zu kommentieren", reasons.INVITATION),
    ],
)
def test_what_stands_between_paragraphs_is_named_in_other_languages(line: str, reason: str) -> None:
    assert rule_for(line) == reason


def test_entities_of_a_page_that_were_escaped_twice_are_read() -> None:
    told = "It stays shut &amp;ndash; luckily nobody was hurt, the owner of the caf&amp;eacute; said, showing &amp;lt;b&amp;gt;."
    page = (
        "<html><body><article><h1>"
        + TITLE
        + "</h1>"
        + "".join(f"<p>{one}</p>" for one in (*PARAGRAPHS, told))
        + "</article></body></html>"
    )
    text = clean(Article(id="1", html=page)).text
    assert "It stays shut – luckily" in text and "café" in text and "&lt;b&gt;" in text


@pytest.mark.parametrize(
    "text",
    [
        "「アプリをダウンロードしてください」。市役所の窓口でそう言われても、応じる高齢者は少ない。"
        "北浜市が昨年始めた防災アプリの登録者は、市民の31%にとどまっている。",
        "「フォローしてください」と書いた看板を駅前に立てた青州市の商店主が話題になっている。",
        "公司未经许可在河边倾倒废料，青州市环保局周二对其罚款二十万元。",
        "경찰은 4일 강변시에서 영화를 불법 복제해 판 혐의로 세 명을 붙잡았다.",
        "“Subscribe to our channel”, the gunman shouted before he fled, a clerk of the shop in Ardmore said on Monday.",
        "Реклама алкоголя исчезнет с улиц Заречинска с мая, решила городская дума во вторник.",
    ],
)
def test_a_story_that_begins_with_words_of_a_site_stays(text: str) -> None:
    assert clean(Article(id="1", title="", text=text)).text == text
