"""Pages whose text stands in many places of one kind, or in an element for scripts, and what stands beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article, Document
from clusterer.core.pages.facts import parsed
from clusterer.core.pages.html_page import MAX_HTML_CHARS, extract

# language: title, four paragraphs, and what the page says beside them
TOLD = {
    "en": (
        "Lock at Fen to stay shut until May",
        (
            "The lock at Fen will stay shut until May after a gate broke on Monday, the canal office said.",
            "Boats have to be lifted past it by a crane that was brought from Tarn on a barge during the night.",
            "Traders along the towpath fear that they will lose the spring, their best season, and ask for help.",
            "The office expects to spend four million on a new gate, which is being made in a yard at Holm Sand.",
        ),
        ("Subscribe to our newsletter", "Cookie settings"),
    ),
    "de": (
        "Schleuse in Fen bleibt bis Mai zu",
        (
            "Die Schleuse in Fen bleibt bis Mai geschlossen, nachdem am Montag ein Tor gebrochen ist, teilte das Kanalamt mit.",
            "Boote müssen mit einem Kran vorbeigehoben werden, der in der Nacht auf einem Lastkahn aus Tarn kam.",
            "Händler am Treidelpfad fürchten, das Frühjahr zu verlieren, ihre beste Zeit, und bitten um Hilfe.",
            "Das Amt rechnet mit vier Millionen Kronen für ein neues Tor, das in einer Werft in Holmsand gebaut wird.",
        ),
        ("Cookie-Einstellungen",),
    ),
    "ru": (
        "Шлюз в Фене закрыт до мая",
        (
            "Шлюз в Фене останется закрытым до мая: в понедельник сломались ворота, сообщило управление канала.",
            "Лодки приходится переносить краном, который ночью привезли на барже из Тарна.",
            "Торговцы у канала боятся потерять весну, лучшее для них время, и просят о помощи.",
            "Управление потратит четыре миллиона крон на новые ворота, которые делают на верфи в Хольме.",
        ),
        ("Настройки cookie",),
    ),
    "he": (
        "סכר פן סגור עד מאי",
        (
            "סכר פן יישאר סגור עד מאי לאחר שאחד השערים נשבר ביום שני, הודיעה רשות התעלה.",
            "סירות מורמות בעזרת מנוף שהובא בלילה על דוברה מהעיר טארן הסמוכה.",
            "הסוחרים לאורך התעלה חוששים לאבד את האביב, העונה הטובה ביותר שלהם, ומבקשים עזרה.",
            "הרשות צופה הוצאה של ארבעה מיליון על שער חדש שנבנה במספנה בהולם.",
        ),
        ("הגדרות עוגיות",),
    ),
    "ja": (
        "フェンの水門、5月まで閉鎖",
        (
            "フェンの水門は月曜日に扉が壊れたため、5月まで閉鎖されると運河事務所が発表した。",
            "船は夜のうちにタルンからはしけで運ばれたクレーンで持ち上げて通している。",
            "沿岸の商店主は一番の書き入れ時である春を失うことを恐れ、支援を求めている。",
            "事務所は新しい扉に四百万クローネを見込み、ホルムの造船所で製作している。",
        ),
        ("クッキー設定",),
    ),
    "th": (
        "ประตูน้ำเฟนปิดถึงพฤษภาคม",
        (
            "ประตูน้ำเฟนจะปิดจนถึงเดือนพฤษภาคมหลังจากบานประตูหักเมื่อวันจันทร์ สำนักงานคลองระบุ",
            "เรือต้องถูกยกข้ามด้วยปั้นจั่นที่ขนมาจากเมืองทาร์นในเวลากลางคืน",
            "พ่อค้าริมคลองกลัวว่าจะเสียฤดูใบไม้ผลิซึ่งเป็นช่วงที่ขายดีที่สุดและขอความช่วยเหลือ",
            "สำนักงานคาดว่าจะใช้เงินสี่ล้านสำหรับบานประตูใหม่ที่สร้างในอู่เรือโฮล์ม",
        ),
        ("ตั้งค่าคุกกี้",),
    ),
}


def read(lang: str, body: str) -> Document:
    title, _, beside = TOLD[lang]
    menu = "<header><ul><li><a href=/a>Fen</a><li><a href=/b>Tarn</a></ul></header>"
    foot = "".join(f"<p>{one}</p>" for one in beside)
    head = f"<!doctype html><html lang={lang}><head><meta charset=utf-8><title>{title}</title></head>"
    return clean(Article(id="a", html=f"{head}<body>{menu}{body}<footer>{foot}</footer>"))


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize(
    "entry",
    [
        "<div class=entry><time>1{0}:0{0}</time><div class=body><p>{1}</p></div><div class=share>Facebook</div></div>",
        "<li class=post><span>1{0}.05</span><div class=post-text><p>{1}</p></div><a href=#{0}>#</a></li>",
        "<section class=update><h3>1{0}:30</h3><div><p>{1}</p></div></section>",
    ],
)
def test_each_entry_of_a_live_blog_stays(lang: str, entry: str) -> None:
    title, paragraphs, beside = TOLD[lang]
    entries = "".join(entry.format(number, one) for number, one in enumerate(paragraphs))
    document = read(lang, f"<main><h1>{title}</h1><div class=feed>{entries}</div></main>")
    assert [one for one in paragraphs if one not in document.text] == []
    assert [one for one in beside if one in document.text] == []


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("element", ["template", "noscript"])
def test_a_text_for_scripts_is_read_where_the_page_shows_none(lang: str, element: str) -> None:
    paragraphs = TOLD[lang][1]
    document = read(lang, f"<div id=app></div><{element}>{''.join(f'<p>{one}</p>' for one in paragraphs)}</{element}>")
    assert [one for one in paragraphs if one not in document.text] == []


@pytest.mark.parametrize("lang", TOLD)
def test_a_button_between_paragraphs_goes(lang: str) -> None:
    _, paragraphs, beside = TOLD[lang]
    box = "".join(f"<div class=box><p>{one}</p></div>" for one in beside)
    body = "".join(f"<p>{one}</p>" for one in paragraphs[:2]) + box + "".join(f"<p>{one}</p>" for one in paragraphs[2:])
    assert read(lang, f"<article>{body}</article>").text.split("\n\n") == list(paragraphs)


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("element", ["amp-ad", "amp-embed", "amp-consent"])
def test_what_an_accelerated_page_sets_between_paragraphs_goes(lang: str, element: str) -> None:
    _, paragraphs, _ = TOLD[lang]
    between = f"<{element} type=x><p>{paragraphs[0][::-1]}</p></{element}>"
    body = (
        "".join(f"<p>{one}</p>" for one in paragraphs[:2])
        + between
        + "".join(f"<p>{one}</p>" for one in paragraphs[2:])
    )
    assert read(lang, f"<article>{body}</article>").text.split("\n\n") == list(paragraphs)


_TOOLS = {
    "Timetable planner": "Plan a trip across all islands of the Tannholm line and see where to change ferries on the way.",
    "Berth finder": "Find a free berth in any harbour of the line and reserve it for a night with one tap.",
    "Tide tables": "See high and low water for every pier, hour by hour, for the coming fortnight.",
    "Ship radar": "Watch where each ferry is, how fast it sails and when it will be at your pier.",
    "Lost property": "Tell the crew what you left on board and follow it back to your harbour.",
    "Storm alerts": "Get a message before the first crossing of the day is cancelled because of wind.",
}


def test_where_no_two_readers_of_a_page_agree_the_parts_that_only_one_knows_stay() -> None:
    tools = "".join(
        f"<section><h3>{name}</h3><p>{text}</p><a href=/tool>Learn more about {name}</a></section>"
        for name, text in _TOOLS.items()
    )
    page = (
        "<html><head><title>Welcome to the harbour app</title></head><body><nav><a href=/>Tannholm Line</a></nav><header>"
        "<h1>Welcome to the harbour app</h1><p>Get to know what makes it the most complete app for the islands.</p></header>"
        "<div class=promo><h2>Important: move your tickets</h2><p>The new app keeps tickets in a new place, so that it runs beside the old "
        "one. To bring your own, <a href=/move>move them now</a>, or <a href=/skip>start afresh</a> and buy new ones.</p></div>"
        f"<div class=tools><h2>Tools</h2>{tools}</div><footer><a href=/c>Contact</a> <a href=/p>Privacy</a></footer></body></html>"
    )
    kept = clean(Article(id="page", html=page)).text
    assert all(text in kept for text in _TOOLS.values())


_DIARY = [
    (1900 + 3 * at, work, 210 + 17 * at)
    for at, work in enumerate(("painted", "mended", "raised", "oiled", "cleared of mud") * 12)
]
_BODY = "".join(f"<p>{text}</p>" for text in TOLD["en"][1])


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            f"<html><head><script src=/a.js></script\n\n</head><body>{_BODY}<script>run()</script></body></html>",
            id="an end tag of a script that is not closed",
        ),
        pytest.param(
            f"<html><body><nav>Fen Courier</nav></body></html>\n<div>{_BODY}</div></body></html>",
            id="an end of the page before the article",
        ),
        pytest.param(
            f"<html><head></head><body>4 degrees, clear</body></html>\n<!DOCTYPE html><html><head></head><body>{_BODY}</body></html>",
            id="a page behind another",
        ),
        pytest.param(
            f"<html><head><script>one()</script foo='bar'><style>p {{}}</style ></head><body>{_BODY}</body></html>",
            id="end tags with blanks and attributes",
        ),
        pytest.param(
            '<html><head><script type="application/ld+json">{"@type": "NewsArticle", '
            '"articleBody": "Map: <script src=map.js><\\/script> End"}'
            f"</script></head><body>{_BODY}<script>run()</script></body></html>",
            id="a script within structured data",
        ),
    ],
)
def test_no_text_is_lost_to_the_markup_of_scripts(page: str) -> None:
    kept = clean(Article(id="page", html=page)).text
    assert all(text in kept for text in TOLD["en"][1])


def test_slides_behind_the_first_are_read_though_they_are_hidden() -> None:
    opening = " ".join((*TOLD["en"][1], *TOLD["en"][1]))
    slides = [
        f"Year {year}: the gate of the lock was {work}, and {boats} boats passed it." for year, work, boats in _DIARY
    ]
    page = "".join(
        f"<div class=slide style='display: {'block' if at == 0 else 'none'}'><p>{text}</p></div>"
        for at, text in enumerate((opening, *slides))
    )
    kept = clean(
        Article(id="page", html=f"<html><head><title>The lock at Fen</title></head><body>{page}</body></html>")
    ).text
    assert all(text in kept for text in slides)


def test_comments_within_a_paragraph_do_not_part_it() -> None:
    # React writes them between strings. trafilatura lost what stands behind one, two fifths of a real page.
    root = parsed("<p>When <!-- -->the <b>harbour <!-- -->master</b><!-- --> spoke, <?x?>nobody listened.</p>")
    assert root is not None
    assert [root.find(".//p").text, root.find(".//b").text, root.find(".//b").tail] == [
        "When the ",
        "harbour master",
        " spoke, nobody listened.",
    ]


@pytest.mark.parametrize("sections", [False, True])
def test_the_steps_of_structured_data_are_read_where_nothing_else_is_there(sections: bool) -> None:
    told = TOLD["en"][1]
    steps: list[object] = [{"@type": "HowToStep", "name": "Step", "text": f"<b>{line}</b>"} for line in told[1:]]
    if sections:
        steps = [{"@type": "HowToSection", "name": "First", "itemListElement": steps}]
    data = json.dumps({"@type": "HowTo", "name": "Lock", "description": told[0], "step": steps})
    page = f'<html><head><title>Lock</title><script type="application/ld+json">{data}</script></head><body><p>Menu</p></body></html>'
    text = clean(Article("1", html=page)).text
    assert [line in text for line in told] == [True] * len(told)


def test_structured_data_longer_than_a_page_may_be_does_not_take_its_place() -> None:
    entries = [{"@type": "BlogPosting", "articleBody": "Entry of the ticker. " * 40}] * 1_500
    data = json.dumps({"@type": "LiveBlogPosting", "liveBlogUpdate": entries})
    sentences = [f"Sentence {i} tells how the ferry was towed to the pier of Kellbridge by tug {i}." for i in range(12)]
    body = "".join(f"<p>{one}</p>" for one in sentences)
    html = f'<html><head><title>Ferry</title><script type="application/ld+json">{data}</script></head><body>{body}</body></html>'
    assert len(html) > MAX_HTML_CHARS
    assert extract(html).text.split("\n") == sentences


LEAD = "A broken gate keeps boats from passing Fen all spring, and those who live on them ask who will pay."


@pytest.mark.parametrize("stated", [LEAD, LEAD[:60] + "…", f"Canal news: {LEAD}"])
@pytest.mark.parametrize("name", ["name=description", "property='og:description'"])
def test_a_lead_between_headline_and_text_stays_if_the_head_states_it(name: str, stated: str) -> None:
    title, paragraphs, _ = TOLD["en"]
    assert read_led(title, paragraphs, f'<meta {name} content="{stated}">') == [LEAD, *paragraphs]


@pytest.mark.parametrize(
    "head",
    ["", "<meta name=description content='News from the canals of Fen, Tarn and Holm Sand, every morning at six.'>"],
)
def test_what_the_head_does_not_state_is_no_lead(head: str) -> None:
    title, paragraphs, _ = TOLD["en"]
    assert read_led(title, paragraphs, head) == list(paragraphs)


def read_led(title: str, paragraphs: Sequence[str], head: str) -> list[str]:
    """The text of a page with a lead in its header, which the extractors do not keep."""
    body = "".join(f"<p>{one}</p>" for one in (*paragraphs, *MORE))
    html = (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><header><h1>{title}</h1><div class=teaser-intro>{LEAD}</div>"
        f"<ul class=share><li><a href=/s>Share</a></li></ul></header><main><article>{body}</article></main></body></html>"
    )
    text = clean(Article("1", html=html)).text.split("\n\n")
    return [line for line in text if line not in MORE]


MORE = tuple(
    f"Skipper {i} has waited at the lower pier since Sunday, with {i + 3} crates of apples below deck."
    for i in range(6)
)
