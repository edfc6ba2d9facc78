"""A headline without the name of the site behind it and the form of the article before it. Titles and texts are our own."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.lines import reasons
from clusterer.core.lines.headline import bare_headline
from clusterer.core.model import Article

TITLE = "Harbour wall collapses at Port Ellery"
TEXT = (
    "Part of the old harbour wall fell into the sea on Monday. Nobody was hurt, but four boats were crushed.\n\n"
    "“We heard it go at six,” the harbour master, Maren Holt, told The Wire. The quay stays shut, the council said."
)


@pytest.mark.parametrize(
    "decorated",
    [
        "{} - The Northern Star", "{} – Northern Star", "{} — Nordstern", "{} | Ellery Today",
        "{} | Coast | The Star", "{} · Star",
        "{} « Northern Star",
        "{} - star.example", "{} - | Star of the North",
        "{} | N24", "{} - Вестник", "{} | 北星新聞", "{}：北星新聞", "{} - 북성일보",
        "{} | النجم", "Live: {}", "LIVE UPDATES: {}", "Video: {}", "WATCH | {}", "VIDÉO. {}",
        "EN DIRECT - {}", "Última hora: {}",
        "Liveticker: {}", "+++ Eilmeldung +++ {} +++", "【速報】{}", "[속보] {}", "عاجل: {}", "Срочно! {}", "SON DAKİKA: {}", "🔴 {}",
        "{} (Video)", "{} [Fotos]", "{} (FOTO)", "{} (фото, видео)", "{}（動画）", "{}[图]", "{} (영상)",
        "{} (صور)", "{} (+video)", "{} +ВИДЕО",
        "{} (dpa)", "{} (dpa/afp)", "{} (AP)", "{}（共同通信）", "{}(종합2보)", "{} (mit Video)",
        "{} (con video)", "{} [Premium]", "{} [S+]",
        "{} – as it happened", "{} – live", "{} - vidéo", "{} | Opinion", "{} 📷", "{} (Ellery Post)", "{}（北星新聞） - Yahoo!ニュース",
        "{} - la Stella", "{} - O Globo", "{} - n-tv", "{} – L’Étoile",
        "{} – Courrier de l’Étoile", "{} - Ellery Post", "{} // Star", "{} :: Star",
        "{}_北星新闻", "{}_国内_新闻中心_北星网", "{}丨北星晚报", "{} < 사회 < 북성일보", "{}_북성일보",
        "Watch live: {}", "Jetzt live: {}", "Regardez en direct : {}", "Mira en vivo: {}",
        "Смотрите в прямом эфире: {}", "Canlı izle: {}",
        "EXCLUSIVE {}", "EXCLUSIVE VIDEO: {}", "WATCH {}", "EXCLUSIVE-{}", "RPT-UPDATE 1-{}",
        "FACTBOX-{}", "INFO LE COURRIER. {}",
        "Analysis | {}", "Analyse: {}", "Análisis | {}", "Analiz | {}", "Аналитика: {}", "解説：{}",
        "分析丨{}", "분석 | {}", "تحليل | {}",
        "Opinion | {}", "SPECIAL REPORT: {}", "Reportage: {}", "{} (فيديو وصور)", "現場直播：{}",
        "Kommentar: {}", "Tribune | {}", "社説：{}", "Interview: {}",
        "Faktencheck: {}", "عاجل.. {}", "بالفيديو.. {}", "شاهد: {}",
        "快讯丨{}", "〈独自〉{}", "《速報》{}", "[단독 영상] {}", "Vídeo e fotos: {}", "Photos and video: {}",
        "🔴 LIVE: {} | Northern Star", "UPDATE 3-{}", "Update 2: {}", "[Video] {}", "Exklusiv: {} - Nordstern",
    ],
)  # fmt: skip
def test_what_publishers_put_around_a_headline_goes(decorated: str) -> None:
    headline, taken = bare_headline(decorated.format(TITLE), TEXT)
    assert headline == TITLE
    assert taken


@pytest.mark.parametrize(
    "title",
    [
        TITLE, "Ellery Rovers - Port Skarn 3:1", "Maren Holt: We heard it go", "After the collapse - the great clearing up",
        "Video shows harbour wall falling", "Live music returns to Port Ellery", "Harbour wall collapses - Maren Holt speaks",
        "What to watch on TV tonight | Wednesday", "Horoscope for all signs | 4 March 2026", "Crossword of the week - No 4,211",
        "Weather: frost returns", "Quake near Port Ellery - 3.4",
        "“We lost it all” – Ellery fisherman", "Live", "Video: Live", "",
        "Analysis of water samples shows lead", "EXCLUSIVE brethren church loses case",
        "LIVE IN THE HARBOUR: THE BAND", "Opinion divided over wall",
        "Ellery wins second term (51-49)", "Wall repaired (for now)", "Wall collapses (again)",
        "VIDEO-Beweis sorgt für Ärger", "Analysis: Lead",
        "Ellery at work - the portrait", "Muro crollato - la Procura indaga",
        "Wall falls - a Sea of troubles", "Star Wars: the harbour play",
        "云台—东城高铁今日开通运营", "中国-东盟峰会在云台开幕", "白浜町で火災（2人死亡）", "Exclusive club: members only",
        "Harbour wall -- And Ahead",
        "Holt rief am Abend zum «großen Aufräumen» auf", "Holt rief am Montag zum »großen Aufräumen« auf",
        "La maire dénonce une « attaque » contre la digue", "Мэр Хольт назвала «диверсией» обрушение стены",
        "Holt sobre el muro: «lo oímos caer» a las seis", "Holt dénonce les ‹ retards › de la digue",
        "Photo finish", "[Obituary] Hugo Prell of Port Ellery", "【天気】4日は西から雨", "Wall | Sea", "-", "|", "Update",
    ],
)  # fmt: skip
def test_what_belongs_to_a_headline_stays(title: str) -> None:
    assert bare_headline(title, TEXT) == (title, [])


def test_a_name_that_is_known_goes_whatever_stands_before_it() -> None:
    assert bare_headline(f"{TITLE}: the wire", TEXT, source="The Wire") == (f"{TITLE}: the wire", [])
    assert bare_headline(f"{TITLE} - the wire", TEXT, source="The Wire")[0] == TITLE
    assert bare_headline(f"{TITLE} - THE WIRE", TEXT, url="https://www.thewire.example/a")[0] == TITLE
    assert bare_headline(f"{TITLE} - Holt", TEXT)[0] == f"{TITLE} - Holt"


def test_a_site_that_puts_its_name_first_is_known() -> None:
    for before in ("Northern Star | ", "Northern Star: ", "NORTHERN STAR - "):
        assert bare_headline(before + TITLE, TEXT, source="Northern Star")[0] == TITLE
        assert bare_headline(before + TITLE, TEXT, url="https://northernstar.example/a")[0] == TITLE
        assert bare_headline(before + TITLE, TEXT)[0] == before + TITLE


def test_an_unspaced_dash_ends_a_headline_before_the_name_of_a_medium_only() -> None:
    title = "港口城墙周一倒塌四艘船被压毁"
    for behind in ("-北星网", "—人民网", "--北星日报", "-新闻-北星网", "-搜狐"):
        assert bare_headline(title + behind, "")[0] == title
    assert bare_headline(f"{title}-市长回应", "")[0] == f"{title}-市长回应"


def test_an_article_is_known_by_its_bare_headline_and_the_rest_is_said() -> None:
    document = clean(Article(id="1", title=f"Live: {TITLE} | Northern Star", text=f"{TITLE}\n\n{TEXT}"))
    assert (document.title, document.multi_event) == (TITLE, True)
    assert TITLE not in document.text
    assert [cut.text for cut in document.cuts if cut.reason == reasons.AROUND_TITLE] == ["Live:", "| Northern Star"]


def test_long_titles_take_linear_time() -> None:
    for piece in (
        "| a ",
        " - A",
        "[",
        "+",
        "live: ",
        "：",
        "»",
        "(video) ",
        "live ",
        "video and ",
        "_新",
        "-网",
        "🔴",
        " + video",
        "INFO A ",
    ):
        bare_headline(piece * 100, TEXT)


def test_the_name_of_the_site_goes_behind_a_quotation_too() -> None:
    title = "Holt rief am Abend zum «großen Aufräumen» auf"
    assert bare_headline(f"{title} | Nordstern", TEXT) == (title, ["| Nordstern"])


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("市场监管部门通报：召回一批滑板车", "市场监管部门4日通报，一家企业召回一批儿童滑板车，原因是刹车可能失灵。"),
        ("东城市长昨晚宣布辞职：健康状况不佳", "东城市长王志远昨晚宣布辞职，称近来健康状况持续不佳，需要静养。"),
        (
            "白浜町議会が予算案を否決：町長は再提出へ",
            "白浜町議会は4日、来年度予算案を反対多数で否決した。町長は来週にも再び提出する方針。",
        ),
        ("港區公園老榕樹倒塌：居民要求賠償", "港區公園一棵老榕樹昨晚倒塌，壓毀三輛汽車，附近居民向政府要求作出賠償。"),
        ("青石镇老桥明年拆除：桥上商铺搬迁", "青石镇老桥明年拆除重建，桥上二十家商铺将在春节前全部搬迁。"),
    ],
)
def test_what_stands_behind_a_wide_colon_is_known_by_its_letters(title: str, text: str) -> None:
    assert bare_headline(title, text) == (title, [])
