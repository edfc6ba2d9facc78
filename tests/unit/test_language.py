"""Languages of texts that do not say theirs. All sentences are ours."""

from __future__ import annotations

import pytest

from clusterer.core.language import language_of, primary_language
from clusterer.core.model import Document

TEXTS = {
    "en": "The harbour of Hallvik was closed on Friday after a ferry ran aground in thick fog, the coast guard said.",
    "de": "Der Hafen von Hallvik wurde am Freitag gesperrt, nachdem eine Fähre im dichten Nebel auf Grund gelaufen war.",
    "es": "El puerto de Hallvik fue cerrado el viernes después de que un transbordador encallara en la niebla.",
    "fr": "Le port de Hallvik a été fermé vendredi après qu'un ferry s'est échoué dans un épais brouillard.",
    "nl": "De haven van Hallvik werd vrijdag gesloten nadat een veerboot in dichte mist aan de grond was gelopen.",
    "it": "Il porto di Hallvik è stato chiuso venerdì dopo che un traghetto si è arenato nella fitta nebbia.",
    "pt": "O porto de Hallvik foi fechado na sexta-feira depois que uma balsa encalhou no nevoeiro denso.",
    "ru": "Порт Халльвика закрыли в пятницу после того, как паром сел на мель в густом тумане.",
    "ar": "أغلق ميناء هالفيك يوم الجمعة بعد أن جنحت عبارة في ضباب كثيف بحسب خفر السواحل",
    "tr": "Hallvik limanı, bir feribotun yoğun siste karaya oturmasının ardından cuma günü kapatıldı.",
    "pl": "Port w Hallvik zamknięto w piątek po tym, jak prom osiadł na mieliźnie w gęstej mgle.",
    "id": "Pelabuhan Hallvik ditutup pada hari Jumat setelah sebuah kapal feri kandas dalam kabut tebal.",
    "hu": "Pénteken lezárták Hallvik kikötőjét, miután egy komp a sűrű ködben zátonyra futott.",
    "sl": "Pristanišče Hallvik so v petek zaprli, potem ko je trajekt v gosti megli nasedel na čeri.",
    "zh": "哈尔维克港周五关闭，此前一艘渡轮在浓雾中搁浅。",
    "ja": "濃霧の中でフェリーが座礁し、ハルビク港は金曜日に閉鎖された。",
    "ko": "짙은 안개 속에서 여객선이 좌초한 뒤 할비크 항구가 금요일 폐쇄됐다.",
    "th": "ท่าเรือฮัลวิกปิดเมื่อวันศุกร์หลังเรือข้ามฟากเกยตื้นท่ามกลางหมอกหนา",
    "el": "Το λιμάνι του Χάλβικ έκλεισε την Παρασκευή αφού ένα πλοίο προσάραξε σε πυκνή ομίχλη.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_tells_its_language_in_title_or_text(language: str) -> None:
    assert primary_language(language_of(Document("", TEXTS[language]))) == language
    assert primary_language(language_of(Document(TEXTS[language], ""))) == language


@pytest.mark.parametrize("title", ["台风登陆，三人受伤", "東京の工場で火災", "서울 공장 화재", "ไฟไหม้โรงงาน"])
def test_short_headlines_in_a_script_of_their_own_are_told(title: str) -> None:
    assert language_of(Document(title, "")) is not None


@pytest.mark.parametrize("text", ["", "?!", "2:1", "Hallvik", "🙂 🙂 🙂", "Volkov – Ibarra 6:4", "\x07\ud800"])
def test_what_tells_nothing_has_no_language(text: str) -> None:
    assert language_of(Document(text, "")) is None


def test_a_foreign_name_in_han_does_not_make_an_english_text_chinese() -> None:
    assert language_of(Document("", TEXTS["en"] + " It is known as 哈尔维克港 there.")) == "en"


@pytest.mark.parametrize("language", sorted(TEXTS.keys() - {"id"}))  # Indonesian may be Malay
def test_a_long_text_is_believed_rather_than_what_a_template_states_of_it(language: str) -> None:
    stated = "de-DE" if language == "en" else "en-US"
    text = TEXTS[language] * (400 // sum(map(str.isalpha, TEXTS[language])) + 1)
    assert primary_language(language_of(Document("", text, lang=stated))) == language


@pytest.mark.parametrize("stated", ["de", "de-AT", "gsw", "nds-DE", "EN_us"])
def test_a_stated_language_stays_where_the_text_does_not_clearly_contradict(stated: str) -> None:
    language = "en" if stated.lower().startswith("en") else "de"
    assert language_of(Document("", TEXTS[language] * 6, lang=stated)) == stated
    assert language_of(Document(TEXTS["fr"], "", lang=stated)) == stated


def test_filler_text_has_no_language_of_its_own() -> None:
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 5
    assert language_of(Document("", filler, lang="de")) == "de"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("pt-br", "pt"), ("EN_us", "en"), ("zh-hans", "zh"), ("ms", "id"), ("nb", "no"), (None, None), ("", None)],
)
def test_tags_are_one_language_by_their_first_part(tag: str | None, expected: str | None) -> None:
    assert primary_language(tag) == expected
