"""Texts broken at a fixed width in scripts without small letters. Texts are our own."""

# ruff: noqa: E501

from __future__ import annotations

import textwrap

import pytest

from clusterer.core.lines.features import unwrapped

JAPANESE = "北浜市の古寺から1998年に盗まれた江戸時代の絵巻が、県内の古物商の倉庫で見つかり、28年ぶりに寺へ戻ることになった。警察が別の事件の捜索中に発見し、専門家が本物と確認した。"
CHINESE = (
    "临江市决定把旧火车站改建成儿童图书馆，市长表示工程将于明年春天开始，历时两年完成，居民要求保留候车室和那座老钟。"
)
SPACED = [
    "가람시는 오래된 기차역을 고쳐 어린이 도서관으로 만들기로 했다. 박은정 시장은 내년 봄에 공사를 시작해 2년 안에 마치겠다고 밝혔다. 주민들은 대합실과 시계탑을 남겨 달라고 요구하고 있다.",
    "قررت بلدية السالمية تحويل محطة القطار القديمة إلى مكتبة للأطفال. وقالت رئيسة البلدية إن العمل سيبدأ في الربيع ويستمر عامين. ويطالب السكان بالحفاظ على قاعة الانتظار.",
    "עיריית כרמל החליטה להפוך את תחנת הרכבת הישנה לספרייה לילדים, ראש העיר אמרה שהעבודות יתחילו באביב ויימשכו שנתיים, והתושבים מבקשים לשמר את אולם ההמתנה ואת השעון.",
    "रामपुरा नगर पालिका ने पुराने रेलवे स्टेशन को बच्चों के पुस्तकालय में बदलने का फैसला किया है। अध्यक्ष ने कहा कि काम वसंत में शुरू होगा और दो साल चलेगा।",
]


@pytest.mark.parametrize("text", [JAPANESE, CHINESE])
@pytest.mark.parametrize("width", [16, 20, 27])
def test_unspaced_lines_are_put_together(text: str, width: int) -> None:
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    assert unwrapped(["題", "", *lines, "", *lines]) == ["題", text, text]


@pytest.mark.parametrize("text", SPACED)
@pytest.mark.parametrize("width", [40, 52])
def test_lines_without_capitals_are_put_together(text: str, width: int) -> None:
    assert unwrapped([*textwrap.wrap(text, width), ""]) == [text]


@pytest.mark.parametrize(
    "lines",
    [
        ["南が丘町の市民プールが休館へ", "北浜市で食品工場の火災が続く", "白川市の小学校にクマが出没し"],
        ["가람시 도서관이 다시 문을 연다", "다솔시 수영장은 오늘 닫는다", "미르시 정전은 밤에 복구됐다"],
        ["1. 阪神 50勝30敗0分 首位を走る", "2. 巨人 48勝32敗0分 二位で追う", "3. 広島 45勝35敗0分 三位に浮上。"],
        ["市長が来年春の着工を表明した。", "住民は時計の保存を求めている。", "費用は国と市が半分ずつ払う。"],
        ["短い。", "南が丘町の市民プールが休館となることが分かった", "市民は残念がっている。"],
    ],
)
def test_lists_and_paragraphs_stay_lines(lines: list[str]) -> None:
    assert unwrapped(lines) == lines
