"""The first short reports of an empty collection: two events of one kind in two places, one event told in other words."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from clusterer.core.clustering.telling import TOLD_APART, Telling, nothing_but_names
from clusterer.core.copies.contrast import SharedMatter
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
NEAR = (
    np.ones(4, np.float32) / 2
)  # so near in meaning that nothing else parts them, as texts of one kind are in many languages

# language, title and text of the one, of the other
TWO_EVENTS = [
    ("nl", "Apotheek overvallen in Oosterwijk", "Twee mannen met bivakmutsen hebben dinsdag een apotheek in de Kerkstraat in Oosterwijk overvallen. Ze verdwenen op een scooter met een tas vol pillen.",
     "Apotheek overvallen in Meerdam", "In Meerdam is vanochtend een apotheek beroofd door een vrouw met een schroevendraaier. Een uur later werd zij op het station aangehouden."),
    ("pl", "Pożar stodoły w Lubczy", "We wtorek w Lubczy spłonęła stodoła pełna słomy. Strażacy gasili ją pięć godzin. Nikomu nic się nie stało.",
     "Pożar domu w Tarnówku", "W Tarnówku zginął starszy mężczyzna. Ogień pojawił się w kuchni jego domu, sąsiedzi wezwali pomoc zbyt późno."),
    ("ru", "В Луговске сгорел магазин", "Ночью в Луговске сгорел магазин одежды. Продавцы успели вынести кассу. Причиной стала старая проводка.",
     "В Каменском сгорел гараж", "Пожар в Каменском уничтожил гараж с двумя машинами. Погиб сторож. Следователи ищут поджигателя."),
    ("es", "Detenido por robar en un estanco de Almedina", "La Guardia Civil detuvo el martes a un hombre de 41 años acusado de llevarse la caja de un estanco de Almedina con un cuchillo.",
     "Detenida por robar en un hotel de Fuentelpino", "Una mujer de 29 años ha sido detenida en Fuentelpino por el robo de joyas en un hotel. La reconocieron en las cámaras."),
    ("ko", "가람시 아파트 화재…주민 대피", "12일 오전 가람시 한 아파트 5층에서 불이 나 주민 30명이 대피했다. 불은 40분 만에 꺼졌고 소방당국은 전기 합선으로 추정하고 있다.",
     "다솔시 창고 화재…재산 피해", "오늘 오전 다솔시의 종이 창고에서 불이 나 2시간 만에 꺼졌습니다. 소방서 추산 3억 원의 재산 피해가 났습니다."),
    ("ar", "حريق في مصنع أثاث بمدينة الرافدة", "اندلع حريق صباح الثلاثاء في مصنع أثاث بمدينة الرافدة وأصيب عاملان بحروق. وسيطر الدفاع المدني على النيران بعد ثلاث ساعات.",
     "حريق في سوق شعبي بمدينة النخيل", "التهم حريق عشرة محلات في سوق النخيل الشعبي دون إصابات. ورجح مسؤول محلي أن يكون سببه تماسا كهربائيا."),
    ("sv", "Brand i lada utanför Lindvik", "En lada brann ner utanför Lindvik natten till tisdagen. Ett tjugotal kor hann släppas ut. Orsaken är okänd.",
     "Brand i butik i Hällfors", "En klädbutik i Hällfors totalförstördes i en brand. Polisen misstänker att den var anlagd och har gripit en man."),
    ("ja", "南原町の住宅地にクマ", "12日早朝、南原町の住宅地にクマ1頭が現れ、散歩中の男性が腕をかまれて軽いけがをした。クマは山に逃げた。",
     "白川市の小学校近くにクマ出没", "12日朝、白川市の小学校近くでクマが目撃され、児童は保護者の車で登校した。猟友会が見回りを続けている。"),
]  # fmt: skip

ONE_EVENT = [
    ("nl", "Stroomstoring legt Oosterwijk plat", "Zo'n vierduizend huishoudens in Oosterwijk zaten dinsdagochtend urenlang zonder stroom. Een graafmachine had een kabel geraakt.",
     "Duizenden huizen zonder elektriciteit", "Door een kapotgetrokken kabel viel vanochtend in heel Oosterwijk het licht uit. Vierduizend adressen zijn weer aangesloten."),
    ("pl", "Dzik wbiegł do szkoły w Lubczy", "Dzik wbiegł we wtorek rano do szkoły podstawowej w Lubczy i zdemolował szatnię. Zwierzę uśpił weterynarz.",
     "Nieproszony gość w podstawówce", "Uczniowie szkoły w Lubczy mieli niecodzienną lekcję przyrody: do szatni wpadł dzik. Weterynarz podał zwierzęciu środek usypiający."),
    ("ru", "Лось вышел на рынок в Луговске", "Молодой лось вышел во вторник на рынок Луговска и опрокинул несколько прилавков. Животное усыпили и вывезли в лес.",
     "Лесного гостя вывезли из города", "Специалисты усыпили лося, который утром напугал продавцов на рынке Луговска. Прилавки уже починили."),
    ("es", "Dimite el alcalde de Torreblanca", "El alcalde de Torreblanca, Julio Ferrán, ha dimitido este martes tras ser imputado por contratos de limpieza.",
     "Ferrán deja el cargo por el caso Limpieza", "Julio Ferrán abandona la alcaldía de Torreblanca cuatro días después de su imputación por los contratos."),
    ("ko", "미르시 대규모 정전…6천 가구 불편", "12일 오전 미르시 서동 일대 6천여 가구의 전기가 두 시간 동안 끊겼다. 승강기에 갇힌 주민 3명이 구조됐다.",
     "변압기 고장으로 미르시 서동 암흑", "미르시 서동의 변압기가 고장 나 아파트와 상가가 두 시간가량 정전됐습니다. 승강기에 갇혔던 주민 3명은 소방관들이 구했습니다."),
    ("de", "Kuh legt Bahnverkehr bei Wenholt lahm", "Eine entlaufene Kuh hat am Dienstag den Bahnverkehr bei Wenholt für zwei Stunden gestoppt. Der Bauer holte sie mit Futter heran.",
     "Tierischer Stopp für Pendler", "Auf der Strecke bei Wenholt spazierte eine Kuh über die Gleise. Erst ihr Besitzer konnte sie mit einem Eimer Rüben weglocken."),
]  # fmt: skip

Reports = tuple[str, str, str, str, str]


def lost(reports: Reports, *, at_first: bool = True, titles: bool = True) -> float:
    """What the pair loses by the words of its articles."""
    lang, *words = reports
    known: dict[int, Evidence] = {}
    telling = Telling(lambda seq: known[seq].sparse, lambda seq: known[seq].lead)
    for seq in (0, 1):
        heading, text = words[2 * seq : 2 * seq + 2]
        heading = heading if titles else ""
        at, sparse = NOON + timedelta(hours=seq), extract(Document(heading, text, lang=lang))
        known[seq] = Evidence(seq, NEAR, sparse, at, at, source=f"Outlet {seq}", lang=lang, heading=heading)
        telling.meet(known[seq])
    return telling.compare(0, 1, at_first=at_first)


@pytest.mark.parametrize("reports", TWO_EVENTS)
def test_two_places_are_two_events(reports: Reports) -> None:
    assert lost(reports) == TOLD_APART


@pytest.mark.parametrize("reports", [TWO_EVENTS[2], TWO_EVENTS[3]])
def test_later_how_near_they_are_to_others_says_more(reports: Reports) -> None:
    assert lost(reports, at_first=False) == 0


@pytest.mark.parametrize("reports", TWO_EVENTS)
def test_without_titles_nothing_is_told(reports: Reports) -> None:
    assert lost(reports, titles=False) > TOLD_APART


@pytest.mark.parametrize("reports", ONE_EVENT)
def test_one_event_in_other_words_is_not_told_apart(reports: Reports) -> None:
    assert lost(reports) == 0


@pytest.mark.parametrize(("words", "share", "told"), [(40, 0.07, True), (40, 0.09, False), (39, 0.07, False)])
def test_long_reports_of_one_event_share_more_than_hardly_anything(words: int, share: float, told: bool) -> None:
    assert nothing_but_names(SharedMatter(15.0, share, words), 0.6, at_first=True) is told
    assert not nothing_but_names(SharedMatter(15.0, share, words), 0.6, at_first=False)
