"""Two issues of a column and two things from one form are told apart by their words alone; updates of one story are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clusterer.core.clustering.subjects import Subject, subject_of, two_things
from clusterer.core.evidence.evidence import extract
from clusterer.core.evidence.words import tokens
from clusterer.core.model import Document

Told = tuple[str, str]


def subject(told: Told, day: int, lang: str, source: str = "Gazette", hour: int = 7) -> Subject:
    title, text = told
    at = datetime(2026, 3, day, hour, tzinfo=UTC)
    return subject_of(extract(Document(title, text, lang=lang)), title, source, at)


# language, and what one outlet printed on the 4th and on the 5th, a Wednesday and a Thursday
COLUMNS: list[tuple[str, Told, Told]] = [
    (
        "ja",
        (
            "きょうの天気 4日(水)",
            "きょうの北浜地方は高気圧に覆われておおむね晴れ、最高気温は14度の見込み。紫外線が強いので注意が必要だ。",
        ),
        (
            "きょうの天気 5日(木)",
            "きょうの北浜地方は低気圧の影響で昼前から雨が降り、夕方は雷を伴う所がある。傘が必要だ。",
        ),
    ),
    (
        "ja",
        ("あすの天気 5日(木) 雨のち曇り", "あすの北浜地方は朝のうち雨が降り、昼過ぎから曇る見込み。最高気温は17度。"),
        ("あすの天気 6日(金) 晴れ", "あすの北浜地方は高気圧に覆われてよく晴れる。最高気温は25度まで上がる。"),
    ),
    (
        "en",
        (
            "Photo of the day: frost on the pier",
            "Ice hangs from the railings of the old pier at dawn, when hardly anybody was about.",
        ),
        (
            "Photo of the day: a fox in the library",
            "A young fox walked between the shelves for an hour before somebody opened a window.",
        ),
    ),
    (
        "en",
        (
            "Evening digest: all you need to know",
            "The bridge stays shut. A choir from Hanley won a prize in Turku. Petrol is cheaper again.",
        ),
        (
            "Evening digest: all you need to know",
            "Teachers will vote on a strike. A lorry lost its load of paint. And a swan held up the trams.",
        ),
    ),
    (
        "en",
        (
            "River levels at Oakbury weir",
            "Upper gauge 1.82 metres at 6.15, lower gauge 2.47 metres at 6.30. Flow 31.4 cubic metres a second.",
        ),
        (
            "River levels at Oakbury weir",
            "Upper gauge 1.79 metres at 6.10, lower gauge 2.39 metres at 6.25. Flow 29.8 cubic metres a second.",
        ),
    ),
    (
        "en",
        (
            "Shares end up as miners climb",
            "Shares ended higher on Wednesday. The index added 0.4 percent to 6,140 points. Oil was steady at $70 a barrel. "
            "The best performer was Veld Mining with a gain of 3 percent.",
        ),
        (
            "Shares slip on rate worries",
            "Shares ended lower on Thursday. The index lost 0.7 percent to 6,097 points. Oil slid to $69 a barrel. "
            "The worst performer was Orrin Bank with a loss of 4 percent.",
        ),
    ),
    (
        "it",
        (
            "Oroscopo di oggi: segno per segno",
            "Ariete: la giornata sorride agli affari. Toro: prudenza con le spese. Gemelli: buone notizie.",
        ),
        (
            "Oroscopo di oggi: segno per segno",
            "Ariete: meglio riposare. Toro: un amico chiama. Gemelli: la giornata chiede pazienza e prudenza.",
        ),
    ),
    (
        "id",
        (
            "Harga Cabai Hari Ini Naik Rp 2.000",
            "Harga cabai di pasar hari ini naik menjadi Rp 46.000 per kilogram menurut pedagang.",
        ),
        (
            "Harga Cabai Hari Ini Turun Rp 3.000",
            "Harga cabai di pasar hari ini turun menjadi Rp 43.000 per kilogram menurut pedagang.",
        ),
    ),
    (
        "vi",
        ("Giá xăng hôm nay giảm nhẹ", "Giá xăng trong nước sáng nay giảm 120 đồng mỗi lít so với kỳ trước."),
        ("Giá xăng hôm nay tăng mạnh", "Giá xăng trong nước sáng nay tăng 640 đồng mỗi lít so với kỳ trước."),
    ),
    (
        "ja",
        ("きょうの運勢：ふたご座", "ふたご座のあなたは人との出会いに恵まれる一日です。昼に良い知らせが届くでしょう。"),
        ("きょうの運勢：しし座", "しし座のあなたは買い物に注意したい一日です。夜は早めに休むと良いでしょう。"),
    ),
    (
        "ko",
        ("[오늘의 시세] 배추 소폭 상승", "배추 도매가격이 포기당 3200원으로 전날보다 올랐다. 무 가격은 그대로였다."),
        ("[오늘의 시세] 무 하락", "무 도매가격이 개당 1900원으로 전날보다 내렸다. 배추 가격은 그대로였다."),
    ),
    (
        "ar",
        ("سعر الدولار اليوم في البنوك", "سجل سعر الدولار ارتفاعا طفيفا في البنوك وبلغ 47.10 جنيه للشراء."),
        ("سعر الدولار اليوم في البنوك", "سجل سعر الدولار تراجعا طفيفا في البنوك وبلغ 46.90 جنيه للشراء."),
    ),
]

# What a market did, under another title each day; two outlets that print it on two days tell of two days.
MARKETS: list[tuple[str, Told, Told]] = [
    (
        "en",
        (
            "Oil settles higher as supply worries return",
            "Oil prices rose as traders weighed the risk of losses. Brent settled up 92 cents at $81.40 a barrel.",
        ),
        (
            "Oil slips after stockpiles rise",
            "Oil prices fell after data on inventories. Brent settled down $1.20 at $80.20 a barrel.",
        ),
    ),
    (
        "de",
        (
            "Ölpreise steigen nach Angriff auf Tanker",
            "Die Ölpreise haben zugelegt. Ein Fass kostete 81,40 Dollar und damit 92 Cent mehr als am Vortag.",
        ),
        (
            "Ölpreise geben nach",
            "Die Ölpreise sind gefallen. Ein Fass kostete 80,20 Dollar und damit 1,20 Dollar weniger.",
        ),
    ),
    (
        "cs",
        (
            "Koruna mírně posílila k euru",
            "Koruna posílila k euru o dva haléře na 24,86 Kč. K dolaru se nezměnila, stojí 22,10 Kč.",
        ),
        (
            "Koruna oslabila k hlavním měnám",
            "Koruna oslabila k euru o pět haléřů na 24,91 Kč a k dolaru o sedm haléřů na 22,17 Kč.",
        ),
    ),
    (
        "uk",
        (
            "Курс валют на 4 березня: долар подешевшав",
            "Національний банк встановив офіційний курс. Долар коштує 43,12 грн, що на 6 копійок менше, євро – 48,70 грн.",
        ),
        (
            "Курс валют на 5 березня: євро подорожчав",
            "Національний банк встановив офіційний курс. Долар коштує 43,15 грн, євро подорожчав до 48,91 грн.",
        ),
    ),
    (
        "ko",
        (
            "환율, 5.2원 내린 1,356.0원 출발",
            "원/달러 환율이 4일 전날보다 5.2원 내린 1,356.0원에 거래를 시작했다. 달러 약세의 영향으로 풀이된다.",
        ),
        (
            "환율, 4.8원 오른 1,360.8원 출발",
            "원/달러 환율이 5일 전날보다 4.8원 오른 1,360.8원에 거래를 시작했다. 미국 물가 지표가 예상을 웃돌았다.",
        ),
    ),
]
FORMS: list[tuple[str, Told, Told]] = [
    (
        "en",
        (
            "Millbrook recalls oat bars over nuts",
            "Millbrook is recalling its oat bars because they may contain nuts that are not on the label. Bars with dates up to August "
            "are affected. Customers should return them to the shop for a full refund.",
        ),
        (
            "Sandhurst recalls tomato soup over glass",
            "Sandhurst is recalling its tomato soup because it may contain glass. Tins with dates up to October are affected. Customers "
            "should return them to the shop for a full refund.",
        ),
    ),
    (
        "ko",
        (
            "한림제약, 영업이익 210억원 기록",
            "한림제약은 지난해 영업이익이 210억원으로 전년보다 9% 늘었다고 공시했다. 매출은 1800억원이었다.",
        ),
        (
            "세진조선, 영업이익 940억원 기록",
            "세진조선은 지난해 영업이익이 940억원으로 전년보다 4% 늘었다고 공시했다. 매출은 9200억원이었다.",
        ),
    ),
    (
        "zh",
        ("海泰股份跌停 报9.20元", "3月4日，海泰股份盘中跌停，报9.20元，成交额8千万元，换手率2.1%。公司主营船舶配件。"),
        ("金岚药业跌停 报27.65元", "3月4日，金岚药业盘中跌停，报27.65元，成交额3亿元，换手率6.8%。公司主营中成药。"),
    ),
]
FORMS += [
    (
        "fr",
        (
            "Une grange ravagée par les flammes à Lussac",
            "Le feu a pris lundi vers 15 heures dans une grange à Lussac. Vingt pompiers ont lutté deux heures. Le propriétaire, choqué, a "
            "été conduit à l'hôpital. La cause du sinistre n'est pas connue.",
        ),
        (
            "Une grange ravagée par les flammes à Mérignat",
            "Le feu a pris mardi vers 23 heures dans une grange à Mérignat. Trente pompiers ont lutté trois heures. "
            "La propriétaire, choquée, a été conduite à l'hôpital. La cause du sinistre n'est pas connue.",
        ),
    ),
]
# what stays one story, from one outlet, a day later
UPDATES: list[tuple[str, Told, Told]] = [
    (
        "en",
        (
            "Quarry blast near Oakbury kills 3",
            "A blast at a quarry near Oakbury killed three workers on Wednesday. Four are missing, police said.",
        ),
        (
            "Quarry blast near Oakbury kills 5",
            "A blast at a quarry near Oakbury killed five workers on Wednesday. Two are missing, police said on Thursday.",
        ),
    ),
    (
        "en",
        (
            "Storm Idris heads for Veldhaven",
            "Storm Idris moved towards Veldhaven on Wednesday with winds of 70 mph. It was 210 miles out at 6 pm.",
        ),
        (
            "Storm Idris reaches Veldhaven",
            "Storm Idris came ashore at Veldhaven on Thursday with winds of 85 mph. It tore off 40 roofs by 9 am.",
        ),
    ),
    (
        "en",
        (
            "Trial of banker begins today",
            "The trial of the banker Owen Strake begins today in Hanley. He denies fraud.",
        ),
        (
            "Banker Strake denies fraud on second day",
            "Owen Strake told the court in Hanley that he knew nothing of the missing money.",
        ),
    ),
    (
        "ko",
        (
            "화성 물류창고 화재 2명 사망",
            "4일 화성의 물류창고에서 불이 나 2명이 숨졌다. 소방당국은 원인을 조사하고 있다.",
        ),
        (
            "화성 물류창고 화재 사망 5명으로",
            "화성의 물류창고에서 난 불로 숨진 사람이 5명으로 늘었다. 경찰은 업체를 조사하고 있다.",
        ),
    ),
    (
        "zh",
        ("白河桥坍塌2人失踪", "4日白河桥发生坍塌，2人失踪，救援队正在河面搜寻。"),
        ("白河桥坍塌失踪者增至6人", "白河桥坍塌事故失踪人数增至6人，施工单位负责人被带走调查。"),
    ),
]


@pytest.mark.parametrize(("lang", "one", "other"), [*COLUMNS, *MARKETS])
def test_issues_of_a_column_are_told_apart_from_the_second_on(lang: str, one: Told, other: Told) -> None:
    assert two_things(subject(one, 4, lang), subject(other, 5, lang))
    assert two_things(subject(other, 5, lang), subject(one, 4, lang))


@pytest.mark.parametrize(("lang", "one", "other"), COLUMNS)
def test_what_two_outlets_or_one_within_hours_print_is_no_column(lang: str, one: Told, other: Told) -> None:
    assert not two_things(subject(one, 4, lang), subject(one, 5, lang, source="Herald"))
    assert not two_things(subject(one, 4, lang), subject(one, 4, lang, hour=11))


@pytest.mark.parametrize(("lang", "one", "other"), MARKETS)
def test_a_market_moves_each_day_whoever_prints_it(lang: str, one: Told, other: Told) -> None:
    assert two_things(subject(one, 4, lang), subject(other, 5, lang, source="Herald"))
    assert not two_things(subject(one, 4, lang), subject(one, 4, lang, source="Herald", hour=11))


@pytest.mark.parametrize(("lang", "one", "other"), FORMS)
def test_two_things_from_one_form_are_told_apart(lang: str, one: Told, other: Told) -> None:
    assert two_things(subject(one, 4, lang), subject(other, 4, lang, source="Herald"))


@pytest.mark.parametrize(("lang", "one", "other"), UPDATES)
def test_an_update_of_a_story_is_of_it(lang: str, one: Told, other: Told) -> None:
    assert not two_things(subject(one, 4, lang), subject(other, 5, lang))


def test_days_and_months_are_no_names() -> None:
    names = subject(
        ("Fair opens in Hanley", "The fair opened on Wednesday in Hanley and stays until August."), 4, "en"
    ).particulars.names
    assert set(names) == {"hanley"}


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("서울은", "서울"),
        ("공장에서", "공장"),
        ("회사가", "회사"),
        ("부산으로", "부산"),
        ("서울", "서울"),
        ("아이", "아이"),
        ("국가", "국가"),
    ],
)
def test_korean_nouns_are_compared_without_particles(written: str, word: str) -> None:
    assert [token for token, _, _ in tokens(written, "ko")] == [word]
