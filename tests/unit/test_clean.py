"""Cleaning: what is the article stays, what is not goes, and each cut says why. All texts are written for these tests."""

from __future__ import annotations

import re
import time
from textwrap import wrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.cleaning.boilerplate import Learnt
from clusterer.core.cleaning.clean import MAX_TEXT_CHARS, clean
from clusterer.core.cleaning.notes import _OF_THIS, _may_be_of_this
from clusterer.core.lines import reasons
from clusterer.core.lines.asking import _CHECK, _may_check, asks_reader
from clusterer.core.lines.features import (
    _ASCII_CONTENT_WORD,
    _CAPTION,
    _CAPTION_SIGNS,
    _CONTENT_WORD,
    ends_sentence,
    holds_any,
    unwrapped,
    word_count,
)
from clusterer.core.lines.line_model import page_columns
from clusterer.core.lines.reasons import sentence
from clusterer.core.lines.related import is_related_header
from clusterer.core.lines.reporting import _REPORTS, _reports
from clusterer.core.lines.rules import rule_for
from clusterer.core.model import Article, Document

PARAGRAPHS = (
    "The harbour authority of Port Ellery has approved the construction of a second breakwater after three winters of flooding. ",
    "Work is to begin in March and will take about two years, the authority's director, Maren Holt, said on Thursday.",
    "“We have lost eleven boats since 2019, and we were lucky that nobody was aboard any of them,” Ms Holt said.",
    "The project will cost 48 million crowns, of which the state pays two thirds; the town has to borrow the rest.",
    "Fishermen had asked for the wall for a decade.",
    "“Better late than never,” said Jon Aske, who has fished from the harbour for forty years.",
    "A first design was rejected in 2021 because it would have blocked the old channel, which smaller boats still use.",
)
TEASERS = (
    (
        "Choir of miners sings for the last time as pit",
        "The last choir of the northern coalfield gave a final concert before...",
    ),
    (
        "Rail strike: what passengers need to know about",
        "Drivers of three railway companies will stop work for two days from...",
    ),
    ("Young chess player beats champion in", "A twelve-year-old from Brenmoor has beaten the national champion in..."),
    (
        "Scientists count seals from space and find that",
        "Researchers have used satellite pictures to count grey seals along...",
    ),
)
HEADLINE = "Port Ellery to build second breakwater as storms"
MENU = ["Home", "News", "Sport", "Weather", "Opinion", "Jobs", "Contact us", "Subscribe", "Search", "Sign in"]


def scraped_page() -> str:
    """A page in the manner of many scrapers: headline, article, an empty source label, a block of teasers."""
    blocks = [
        HEADLINE,
        *PARAGRAPHS,
        "News Source:",
        "Related Articles\n",
        *(f"{head}\n\n{text}\n\n" for head, text in TEASERS),
    ]
    return "\n\n".join(blocks)


def cleaned(text: str, title: str | None = None) -> Document:
    return clean(Article(id="1", text=text, title=title))


def test_teasers_and_headers_are_cut_and_the_article_stays() -> None:
    document = cleaned(scraped_page())
    assert document.title == HEADLINE
    assert document.text.split("\n\n") == [paragraph.strip() for paragraph in PARAGRAPHS]
    cut = "\n".join(piece.text for piece in document.cuts)
    for head, text in TEASERS:
        assert head in cut
        assert text in cut
    assert "News Source:" in cut
    assert "Related Articles" in cut
    assert all(piece.reason for piece in document.cuts)


def test_nothing_is_lost_between_text_and_cuts() -> None:
    document = cleaned(scraped_page())
    kept = [
        document.title,
        *document.text.split("\n\n"),
        *(line for piece in document.cuts for line in piece.text.split("\n")),
    ]
    assert sorted(kept) == sorted(line.strip() for line in scraped_page().split("\n") if line.strip())


def test_menu_bar_comments_and_footer_are_cut() -> None:
    page = "\n".join(
        [
            *MENU,
            HEADLINE,
            "By Ida Lund",
            "Updated 14 January 2024, 10:12 am",
            *PARAGRAPHS,
            "Share on Facebook",
            "Most read",
            "Ten walks for a rainy day",
            "Why bread is getting dearer",
            "Comments (2)",
            "sailor77",
            "3 days ago",
            "lol my boat sank twice, about time",
            "© 2024 Ellery Courier. All rights reserved.",
            "Privacy policy",
        ]
    )
    document = cleaned(page)
    assert document.title == HEADLINE
    assert document.text.split("\n\n") == [paragraph.strip() for paragraph in PARAGRAPHS]


def test_a_clean_article_is_left_alone() -> None:
    document = cleaned("\n\n".join(PARAGRAPHS), title=HEADLINE)
    assert document.text.split("\n\n") == [paragraph.strip() for paragraph in PARAGRAPHS]
    assert document.cuts == ()
    assert (document.kind, document.multi_event) == ("article", False)


def test_title_in_the_body_is_cut_once_given() -> None:
    document = cleaned(f"{HEADLINE}\n\n" + "\n\n".join(PARAGRAPHS), title=HEADLINE)
    assert HEADLINE not in document.text
    assert [piece.reason for piece in document.cuts] == [reasons.TITLE_REPEATED]


@pytest.mark.parametrize(
    "text",
    [
        "Two people were hurt when a crane fell on a house in Brenmoor on Monday.",
        "Two people were hurt when a crane fell on a house.\n\nThe cause is not known.",
        "Council votes on new bridge",
        "Storm warning for the coast",
        "Una grúa cayó sobre una casa en Villanueva. Nadie resultó herido.",
        "台风周一登陆该岛，造成三人受伤。",
        "انهار جسر في المدينة القديمة. لم يصب أحد.",
    ],
)
def test_a_short_text_survives_whole(text: str) -> None:
    document = cleaned(text, title="Something happened")
    assert document.text == text
    assert document.kind == "article"


def test_a_headline_alone_becomes_the_title() -> None:
    document = cleaned("Storm warning for the coast")
    assert (document.title, document.text, document.kind) == ("Storm warning for the coast", "", "article")


def test_title_without_text_is_an_article_and_nothing_at_all_is_empty() -> None:
    assert cleaned("", title="Storm warning for the coast").kind == "article"
    assert cleaned(" \n \n").kind == "empty"


OTHER_LANGUAGES = {
    "es": [
        "El ayuntamiento de Villarrubia aprobó el martes la construcción de un nuevo hospital en el barrio del puerto.",
        "La obra costará unos 40 millones de euros y durará tres años, según explicó la alcaldesa, Carmen Ruiz.",
        "«Llevamos una década esperando este momento», dijo Ruiz a los periodistas.",
        "La oposición votó en contra porque, a su juicio, el terreno elegido se inunda cada invierno.",
        "El antiguo hospital cerrará cuando el nuevo abra sus puertas.",
        "Los vecinos habían reunido más de nueve mil firmas a favor del proyecto durante el verano pasado.",
    ],
    "vi": [
        "Hội đồng thành phố Hải Vân hôm thứ Ba đã thông qua việc xây dựng một bệnh viện mới ở khu cảng.",
        "Công trình tốn khoảng một nghìn tỷ đồng và kéo dài ba năm, bà Nguyễn Thu Hà, chủ tịch thành phố, cho biết.",
        "“Chúng tôi đã chờ đợi giây phút này suốt mười năm”, bà Hà nói với các phóng viên.",
        "Một số đại biểu bỏ phiếu chống vì cho rằng khu đất được chọn bị ngập vào mỗi mùa mưa.",
        "Bệnh viện cũ sẽ đóng cửa khi bệnh viện mới đi vào hoạt động.",
        "Người dân đã thu thập hơn chín nghìn chữ ký ủng hộ dự án trong mùa hè vừa qua.",
    ],
    "zh": [
        "海云市议会周二通过了在港口区建设一所新医院的计划，工程预计耗时三年。",
        "市长陈美玲表示，该项目将耗资约三亿元，其中三分之二由中央政府承担。",
        "“这一刻我们等了整整十年。”陈美玲在会后对记者说。",
        "部分议员投了反对票，理由是所选地块每逢雨季都会被淹。",
        "旧医院将在新医院启用后关闭。",
        "去年夏天，当地居民收集了九千多个签名，要求尽快开工建设。",
    ],
    "ja": [
        "海雲市議会は火曜日、港地区に新しい病院を建設する計画を承認した。工事は三年かかる見込みだ。",
        "市長の佐藤美咲氏によると、費用は約五十億円で、その三分の二を国が負担する。",
        "「この日を十年待っていた」と佐藤氏は会議の後、記者団に語った。",
        "一部の議員は、選ばれた土地が雨季のたびに浸水するとして反対票を投じた。",
        "古い病院は新しい病院が開院した後に閉鎖される。",
        "住民は昨年の夏、早期着工を求めて九千人以上の署名を集めた。",
    ],
    "ar": [
        "وافق مجلس مدينة النور يوم الثلاثاء على بناء مستشفى جديد في حي الميناء القديم.",
        "وقالت رئيسة البلدية سلمى حداد إن المشروع سيكلف نحو أربعين مليونا ويستغرق ثلاث سنوات.",
        "«انتظرنا هذه اللحظة عشر سنوات»، قالت حداد للصحفيين بعد الجلسة.",
        "وصوت بعض الأعضاء ضد المشروع لأن الأرض المختارة تغمرها المياه كل شتاء، فهل من بديل؟",
        "وسيغلق المستشفى القديم أبوابه بعد افتتاح الجديد.",
        "وكان السكان قد جمعوا أكثر من تسعة آلاف توقيع تأييدا للمشروع خلال الصيف الماضي.",
    ],
}


@pytest.mark.parametrize("lang", OTHER_LANGUAGES)
def test_prose_in_other_languages_stays(lang: str) -> None:
    document = cleaned("\n\n".join(OTHER_LANGUAGES[lang]), title="Hospital")
    assert document.text.split("\n\n") == OTHER_LANGUAGES[lang]
    assert document.kind == "article"


@pytest.mark.parametrize(
    "header",
    [
        "Related Articles",
        "Artículos relacionados",
        "Tin liên quan",
        "相关新闻",
        "関連記事",
        "اقرأ أيضا",
        "Mehr zum Thema",
    ],
)
def test_headers_of_other_articles_are_known_in_several_languages(header: str) -> None:
    assert is_related_header(header)
    assert rule_for(f"{header}:") is not None


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law needs reform, the minister told parliament in a speech on Monday.",
        "Published research suggests that walking is good for the heart.",
        "Updated guidelines were released on Monday.",
        "Share prices fell by four percent in early trading.",
        "Save on energy bills this winter",
        "Follow the money, the detective advised.",
        "Comments by the president caused a storm.",
        "The company asked users to change their password after the attack, a spokeswoman said, and to watch for strange messages.",
        "“Please subscribe to the fund,” the mayor asked the guests.",
        "Related companies also lost money.",
        "More than 40 people were hurt.",
    ],
)
def test_rules_leave_ordinary_lines_alone(line: str) -> None:
    assert rule_for(line) is None


def test_one_sentence_that_trails_off_is_no_teaser() -> None:
    paragraphs = [
        *PARAGRAPHS[:4],
        "An uncertain future",
        "Whether the money will really come, nobody at the harbour could say...",
        *PARAGRAPHS[4:],
    ]
    document = cleaned("\n\n".join(paragraphs), title=HEADLINE)
    assert "Whether the money will really come" in document.text


WALLS = [
    "Already a member?\n\nSign in to your account to keep reading, or choose a plan below.",
    "You have read all your free articles this month.\n\nSubscribe now for full access to every report.\n\nAlready have an account? Log in",
    "Checking your browser before you enter the site.\n\nPlease enable JavaScript and cookies to continue.",
    "We value your privacy\n\nWe and our partners use cookies.\n\nAccept all\n\nYou can change your choice in the privacy policy.",
    "Thank you for registering!\n\nWe have sent a verification email to your inbox. Please click on the link in it.\n\nClose",
    "Get our morning newsletter\n\nEnter your email address and we will send you the news every day.",
    "Suscríbete para seguir leyendo\n\nInicia sesión si ya tienes una cuenta.",
    "请登录后继续阅读\n\n您还没有订阅？请立即订阅以阅读全文。",
]


@pytest.mark.parametrize("text", WALLS)
def test_a_page_that_only_asks_its_reader_is_a_wall(text: str) -> None:
    document = cleaned(text, title="Ferry runs aground off Port Ellery")
    assert document.kind == "wall"
    assert document.title == "Ferry runs aground off Port Ellery"


def test_a_time_stamp_is_no_title() -> None:
    document = cleaned(
        f"{HEADLINE}\n\n" + "\n\n".join(PARAGRAPHS), title="Last updated: Monday, 28 November 2005, 02:24 GMT"
    )
    assert document.title == HEADLINE


def test_an_article_with_a_newsletter_form_is_no_wall() -> None:
    text = f"{PARAGRAPHS[0]}\n\nSign up for our newsletter and get the news in your inbox.\n\n{PARAGRAPHS[4]}"
    document = cleaned(text, title=HEADLINE)
    assert document.kind == "article"
    assert document.text == f"{PARAGRAPHS[0].strip()}\n\n{PARAGRAPHS[4]}"
    assert [piece.reason for piece in document.cuts] == [reasons.ASKS]


def test_quoted_requests_do_not_count_as_asking() -> None:
    assert asks_reader("Please sign in to your account to continue.")
    assert not asks_reader("“Please sign in to your account to continue,” the message read.")


def test_what_was_learnt_of_the_source_is_cut_and_alone_makes_a_wall() -> None:
    blurb = "The Ellery Courier has told the stories of the coast since 1911 and is owned by its readers."

    class Known(Learnt):
        def recurrence(self, paragraph: str, title: str = "") -> str:
            return "9 of 12 pages" if paragraph == blurb else ""

        def made_anew(self, paragraph: str, title: str) -> bool:
            return False

    document = clean(Article(id="1", title=HEADLINE, text=f"{PARAGRAPHS[0]}\n\n{blurb}"), Known())
    assert document.text == PARAGRAPHS[0].strip()
    assert sentence(document.cuts[0]) == "stands on 9 of 12 pages of this source"
    assert clean(Article(id="1", title=HEADLINE, text=blurb), Known()).kind == "wall"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Storm Edda: live updates", True),
        ("Election night as it happened", True),
        ("Morning briefing: what to know", True),
        ("Elecciones, en directo: última hora", False),
        ("En directo: la tormenta Edda", True),
        ("Band plays live in Port Ellery", False),
        ("Minister gives a brief answer", False),
    ],
)
def test_live_blogs_and_digests_by_title(title: str, expected: bool) -> None:
    assert cleaned("\n\n".join(PARAGRAPHS), title=title).multi_event is expected


def test_live_blog_by_its_entries() -> None:
    entries = [f"{hour}:{minute} {PARAGRAPHS[hour % 7]}" for hour in range(10, 15) for minute in (10, 40)]
    assert cleaned("\n\n".join(entries), title=HEADLINE).multi_event
    assert not cleaned("\n\n".join(entries[:3]), title=HEADLINE).multi_event


def test_text_is_normalised_and_titles_lose_bidi_controls() -> None:
    document = cleaned("Cafe\u0301 own\x07ers\ufeff met.", title="Safe \u202egnp.exe\u2066 title\x00")
    assert document.text == "Café owners met."
    assert document.title == "Safe gnp.exe title"


def test_lines_broken_at_a_fixed_width_are_joined() -> None:
    wrapped = [
        "The harbour authority of Port Ellery has approved the",
        "construction of a second breakwater after three winters",
        "of flooding, which had damaged many boats and two of the",
        "houses near the quay.",
        "Work is to begin in March and will take about two years,",
        "the authority said on Thursday, and it will be paid by the",
        "state and the town together.",
    ]
    joined = unwrapped(wrapped)
    assert [line[:20] for line in joined] == ["The harbour authorit", "Work is to begin in "]
    assert unwrapped(list(PARAGRAPHS)) == list(PARAGRAPHS)


@pytest.mark.parametrize("width", [48, 56, 64, 72])
def test_a_short_text_broken_at_a_fixed_width_keeps_its_sentences(width: int) -> None:
    paragraphs = [
        "The swimming pool in Harrowgate has been shut until further notice after part of its ceiling fell into the water on Tuesday.",
        "Nobody was hurt, because the pool had closed an hour before. The lifeguard Ben Arrowby heard a crash while he counted towels.",
        "Engineers think that vapour had eaten into the steel hangers. The pool was built in 1968, and there is no money for another.",
    ]
    broken = "\n\n".join("\n".join(wrap(paragraph, width)) for paragraph in paragraphs)
    assert cleaned(broken, "Harrowgate swimming pool shut").text.split("\n\n") == paragraphs


def test_short_lines_that_had_room_for_more_are_not_joined() -> None:
    lines = [
        "The choir sings on Monday at the old town hall and",
        "on Tuesday in the park beside the station",
        "on Friday in the chapel of the hospital, for the",
        "children alone",
    ]
    assert unwrapped(lines) == lines


def test_words_and_sentence_ends_across_scripts() -> None:
    assert word_count("one two three") == 3
    assert 3 <= word_count("港口区建设新医院") <= 6
    assert all(
        map(ends_sentence, ["It rained.", "It rained.”", "下雨了。", "هل هطل المطر؟", "बारिश हुई।", "「終わった。」"])
    )
    assert not any(map(ends_sentence, ["It rained...", "It rained…", "Storm warning", ""]))


def page(body: str) -> str:
    return f"<html><head><title>{HEADLINE} - Ellery Courier</title></head><body>{body}</body></html>"


def test_html_gives_title_and_article() -> None:
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in MENU)
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    teasers = "".join(f"<div class='related'><h4>{head}</h4><p>{text}</p></div>" for head, text in TEASERS)
    html = page(f"<nav><ul>{menu}</ul></nav><article><h1>{HEADLINE}</h1>{paragraphs}</article><aside>{teasers}</aside>")
    document = clean(Article(id="1", html=html))
    assert document.title == HEADLINE
    assert document.text.split("\n\n") == [paragraph.strip() for paragraph in PARAGRAPHS]


def test_given_title_wins_over_that_of_the_page() -> None:
    assert clean(Article(id="1", title="Given", html=page(f"<p>{PARAGRAPHS[0]}</p>"))).title == "Given"


HOSTILE_TEXTS = {
    "long line": "x" * 10_000_000,
    "many words": "lorem ipsum " * 800_000,
    "many lines": "a\n" * 5_000_000,
    "blank lines": "\n" * 10_000_000,
    "dots": "..." * 3_000_000,
    "asking": "sign in " * 1_000_000,
    "quotes": '"' * 1_000_000,
}
HOSTILE_PAGES = {
    "attributes": "<html><body><p " + " ".join(f'a{i}="x"' for i in range(150_000)) + f">{PARAGRAPHS[0]}</p>",
    "odd attributes": "<html><body><p " + " ".join(f"a{i}'<" for i in range(150_000)) + ">text</p>",
    "nesting": "<html><body>" + "<div>" * 300_000,
    "spans": "<p>" + "<span>" * 200_000,
    "angles": "<<<<>>>>" * 200_000,
    "entities": "&amp;" * 400_000,
    "nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_huge_texts_end_soon_and_their_size_is_on_record(name: str) -> None:
    started = time.process_time()
    document = cleaned(HOSTILE_TEXTS[name])
    assert time.process_time() - started < 5
    assert any(piece.reason == reasons.BEYOND_LIMIT for piece in document.cuts)
    assert sum(len(piece.text) for piece in document.cuts) < 100_000


@pytest.mark.parametrize("name", HOSTILE_PAGES)
def test_markup_bombs_end_soon(name: str) -> None:
    started = time.process_time()
    clean(Article(id="1", html=HOSTILE_PAGES[name]))
    assert time.process_time() - started < 5


LINES = st.one_of(
    st.sampled_from(
        [
            *PARAGRAPHS,
            *MENU,
            HEADLINE,
            "Related Articles",
            "News Source:",
            "Comments (3)",
            *(text for _, text in TEASERS),
        ]
    ),
    st.text(max_size=60),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=25), st.none() | st.text(max_size=40))
def test_any_text_gives_a_document_whose_parts_come_from_it(lines: list[str], title: str | None) -> None:
    document = cleaned("\n".join(lines), title=title)
    assert document == cleaned("\n".join(lines), title=title)
    assert not set("\x00\x07\u202e") & set(document.title)
    assert (document.kind == "empty") <= (document.title == "")
    assert all(piece.reason and piece.text for piece in document.cuts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=4, unique=True))
def test_prose_alone_is_never_cut_from_short_articles(paragraphs: list[str]) -> None:
    document = cleaned("\n\n".join(paragraphs), title="A given title")
    assert document.text.split("\n\n") == [paragraph.strip() for paragraph in paragraphs]


def test_a_long_text_is_capped() -> None:
    document = clean(Article(id="1", title="T", text="word " * (MAX_TEXT_CHARS // 5 + 10)))
    assert len(document.text) == MAX_TEXT_CHARS - 1
    assert sentence(document.cuts[0]) == f"beyond the first {MAX_TEXT_CHARS} characters"


@settings(max_examples=400, deadline=None)
@given(st.from_regex(_CAPTION))
def test_no_caption_is_missed_by_the_cheap_check_before_its_pattern(text: str) -> None:
    assert holds_any(text, _CAPTION_SIGNS)


@settings(max_examples=400, deadline=None)
@given(st.from_regex(_CHECK))
def test_no_check_of_the_reader_is_missed_by_the_cheap_check_before_its_pattern(text: str) -> None:
    assert _may_check(text)


_ASCII = st.characters(max_codepoint=127)


@settings(max_examples=400, deadline=None)
@given(st.from_regex(re.compile(_OF_THIS.pattern, re.IGNORECASE | re.VERBOSE), alphabet=_ASCII))
def test_no_note_is_missed_by_the_cheap_check_before_its_pattern(text: str) -> None:
    assert _may_be_of_this(text)


@settings(max_examples=400, deadline=None)
@given(st.from_regex(_REPORTS, alphabet=_ASCII))
def test_no_report_is_missed_by_the_cheap_check_before_its_pattern(text: str) -> None:
    assert _reports(text, []) == (_REPORTS.search(text) is not None)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=127)))
def test_in_ascii_the_fast_pattern_finds_the_same_content_words(text: str) -> None:
    assert _ASCII_CONTENT_WORD.findall(text.lower()) == _CONTENT_WORD.findall(text.lower())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["A tram hit a bus near the market, police said.", "Share", "Market tram"]), min_size=1)
)
def test_every_line_has_every_feature_and_alone_it_overlaps_with_nothing(lines: list[str]) -> None:
    columns = page_columns(lines, [False] * len(lines))
    assert all(column.shape == (len(lines),) for column in columns.values())
    assert len(lines) > 1 or not columns["overlap"].any()
    assert ((columns["overlap"] >= columns["overlap_often"]) & (columns["overlap"] <= 1)).all()


def test_overlap_is_the_share_of_content_words_that_other_lines_of_the_core_use() -> None:
    lines = [
        "The tram to the market was late again on Monday, drivers said.",
        "A second tram was sent to the market within the hour, they said.",
        "Market prices",
    ]
    overlap = page_columns(lines, [False] * 3)["overlap"]
    assert overlap.tolist() == [pytest.approx(3 / 7), pytest.approx(3 / 8), 0.5]


def test_what_a_line_asks_is_judged_by_each_title_anew() -> None:
    line = "Subscribe to the newsletter and you get an e-mail each morning."
    assert [
        rule_for(line, title) for title in ("Ferry runs aground", "Newsletter of the port stops", "Ferry runs aground")
    ] == [
        reasons.ASKS,
        reasons.INVITATION,
        reasons.ASKS,
    ]
