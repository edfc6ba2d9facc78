"""Two texts from one form, or two issues of a column, are about two things; edits, revisions and updates are not."""

# ruff: noqa: E501

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from clusterer.core.calendar import is_calendar_word, spaced, weekday
from clusterer.core.clustering.subjects import Subject, subject_of, two_things
from clusterer.core.clustering.telling import Telling
from clusterer.core.copies.series import keeps_coming, series_of
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from tests.support.calendar_names import calendar_names, file_of_names

WEDNESDAY = datetime(2026, 3, 4, 8, tzinfo=UTC)


def subject(title: str, text: str, hours: float = 0.0, source: str = "Marrowby Echo", lang: str = "en") -> Subject:
    document = Document(title, text, lang=lang)
    return subject_of(extract(document), title, source, WEDNESDAY + timedelta(hours=hours))


SAME_DAY_FORMS = [
    ("en", "Missing: {}", "Police are looking for {0}, who was last seen near the harbour. Anyone who knows where {0} is should ring the police.", "Ivo Kestrel", "Lena Brandt"),
    ("en", "Bin collections change in {}", "From next month the bins in {0} are emptied on other days. Residents of {0} get a letter with the new plan, and bags can be had at the town hall.", "Tollan", "Senn"),
    ("en", "{} recalls toasters", "Customers of {0} are asked to bring back toasters that may overheat. The shops of {0} give the money back, with or without a receipt, until the end of the year.", "Halden", "Corvex"),
    ("de", "Unwetterwarnung für {}", "Für {0} gilt bis zum Abend eine Warnung vor schweren Gewittern. Die Menschen in {0} sollen Fenster schließen und nicht unter Bäumen stehen.", "Brenzfeld", "Ostrau"),
    ("fr", "Coupure d'eau à {} ce soir", "Les habitants de {0} seront privés d'eau ce soir à cause de travaux. Un camion-citerne sera placé devant la mairie de {0} jusqu'au matin.", "Vallorbe", "Ruffec"),
    ("es", "Corte de luz en {}", "Los vecinos de {0} estarán sin luz por obras en la red. La empresa pide disculpas a los vecinos de {0} y promete terminar antes de la noche.", "Montejo", "Carmona"),
    ("ru", "В городе {} отключат воду", "Жители города {0} останутся без воды из-за ремонта труб. Подвоз воды в город {0} организуют у здания школы.", "Заречье", "Полянск"),
    ("tr", "{} ilçesinde su kesintisi", "Bakım nedeniyle {0} ilçesinde bu akşam su kesilecek. Belediye, {0} sakinlerinin önceden su biriktirmesini istedi.", "Yeşilova", "Karabağ"),
    ("ar", "انقطاع المياه في {}", "تنقطع المياه عن سكان {0} مساء اليوم بسبب أعمال الصيانة. وتوفر البلدية صهاريج مياه في وسط {0} حتى الصباح.", "الزهراء", "القلعة"),
    ("zh", "{}今晚停水", "因管道维修，{0}居民今晚将停水至次日清晨。{0}政府提醒居民提前储水，并在学校门口安排送水车。", "青石镇", "白河县"),
    ("el", "Σεισμός τώρα στην {}", "Σεισμός έγινε αισθητός στην {0} το πρωί της Τρίτης. Το επίκεντρο εντοπίζεται κοντά στην πόλη. Δεν υπάρχουν αναφορές για ζημιές ή τραυματισμούς.", "Κεφαλονιά", "Κρήτη"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "title", "text", "one", "other"), SAME_DAY_FORMS)
@pytest.mark.parametrize("reverse", [False, True])
def test_a_form_about_two_things(lang: str, title: str, text: str, one: str, other: str, reverse: bool) -> None:
    pair = [subject(title.format(name), text.format(name), lang=lang) for name in (one, other)]
    assert two_things(*(reversed(pair) if reverse else pair))


OTHER_EVENTS = [
    (("Rovers sign goalkeeper Tim Hale from Ladd", "Rovers have signed goalkeeper Tim Hale from Ladd until the end of the season, the club said on Wednesday. Hale, 31, replaces the injured keeper.\n\nCoach Ann Roe said that experience was what counted, the club said."),
     ("Rovers sign striker Paul Adler from Senn", "Rovers have signed striker Paul Adler from Senn until the end of the season, the club said on Wednesday. Adler, 24, scored eleven goals.\n\nCoach Ann Roe said that the club had looked for a forward.")),
    (("Council approves 80 homes at Mill Lane", "Marrowby council on Wednesday approved plans for 80 homes at Mill Lane. Neighbours had objected to the loss of a meadow.\n\nThe committee voted seven to four. Building is to start in autumn."),
     ("Council approves supermarket at Station Road", "Marrowby council on Wednesday approved plans for a supermarket at Station Road. Traders in the centre had warned of empty shops.\n\nThe committee voted nine to two. The store is to open next year.")),
    (("Man arrested after stabbing in Kellbridge", "Police arrested a man after a stabbing in Kellbridge on Tuesday evening. A woman of 30 was taken to hospital, a spokesman for the police said.\n\nThe suspect, 41, was found in a park nearby."),
     ("Man arrested after stabbing in Osterby", "Police arrested a man after a stabbing in Osterby on Tuesday evening. A student of 19 was taken to hospital, a spokesman for the police said.\n\nThe suspect, 23, gave himself up.")),
    (("Court jails former mayor Hugo Prell for fraud", "The district court jailed the former mayor Hugo Prell for three years on Wednesday for fraud. He had billed journeys.\n\nA lawyer for Prell said he would appeal against the sentence."),
     ("Court jails nurse Nina Castor for theft", "The district court jailed the nurse Nina Castor for two years on Wednesday for theft. She had taken jewellery.\n\nA lawyer for Castor said she would not appeal against the sentence.")),
    (("Feuerwehr löscht Brand in Möbelhaus in Ostrau", "Die Feuerwehr hat am Mittwoch einen Brand in einem Möbelhaus in Ostrau gelöscht. Zwei Angestellte kamen in eine Klinik.\n\nDer Schaden liegt bei einer Million Kronen, sagte die Polizei in Ostrau."),
     ("Feuerwehr löscht Brand in Schule in Felden", "Die Feuerwehr hat am Mittwoch einen Brand in einer Schule in Felden gelöscht. Dreihundert Kinder mussten auf den Hof.\n\nDer Schaden liegt bei tausend Kronen, sagte die Polizei in Felden.")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), OTHER_EVENTS)
def test_same_actors_same_kind_same_day_other_event(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert two_things(subject(*one), subject(*other, hours=1))


STORY = (
    "Ferry capsizes off Port Callan, 12 dead",
    "A ferry with two hundred people on board capsized off Port Callan on Tuesday, and 12 of them died, the coastguard said. Harbour "
    "master Ann Roe said that the ship had listed within minutes.\n\nBoats from Port Callan took part in the search.",
)  # fmt: skip
EDITS = [
    (STORY[0], STORY[1].replace("12", "31")),
    ("UPDATE 1-" + STORY[0].replace("12", "18"), STORY[1].replace("12", "18")),
    ("Dozens die as ship sinks", STORY[1]),
    ("FERRY CAPSIZES OFF PORT CALLAN, 12 DEAD", STORY[1].upper()),
    (STORY[0], "PORT CALLAN, March 4 (Wirex) - " + STORY[1] + "\n\n(Reporting by A. Bell; Editing by C. Dunn)"),
    ("Death toll of Port Callan ferry rises to 31", "Divers found more dead in the ferry that capsized off Port Callan on Tuesday, which brings the toll to 31. Harbour master Ann Roe said that the search would end on Thursday."),
    ("Captain of Port Callan ferry held", "The captain of the ferry that went down off Port Callan was arrested on Wednesday. Prosecutor Leo Marsh said that too many people had been on board. Twelve are known to have died."),
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("hours", [1, 26])
def test_edits_and_updates_of_one_story(edit: tuple[str, str], hours: int) -> None:
    assert not two_things(subject(*STORY), subject(*edit, hours=hours))
    assert not two_things(subject(*edit, hours=hours), subject(*STORY))


COLUMNS = [
    ("en", "Your horoscope for Wednesday", "Aries: rest a while. Leo: call a friend.", "Your horoscope for Thursday", "Aries: mind the money. Leo: rest a while."),
    ("en", "Weather: mild with showers", "Wednesday will be mild. Temperatures reach 11 degrees.", "Weather: frost returns", "Thursday begins with frost. Temperatures reach 3 degrees."),
    ("en", "Exchange rates for March 4", "One dollar costs 22.18 crowns.", "Exchange rates for March 5", "One dollar costs 22.31 crowns."),
    ("de", "Das Wetter am Mittwoch", "Es wird mild.", "Das Wetter am Donnerstag", "Es wird kalt."),
    ("fr", "Votre horoscope du mercredi", "Bélier : du repos.", "Votre horoscope du jeudi", "Bélier : de la patience."),
    ("pt", "Horóscopo de quarta-feira", "Leão: descanse.", "Horóscopo de quinta-feira", "Leão: tenha paciência."),
    ("ru", "Гороскоп на среду", "Овен: отдохните.", "Гороскоп на четверг", "Овен: берегите деньги."),
    ("zh", "星期三运势", "白羊座：多休息。", "星期四运势", "白羊座：注意钱财。"),
    ("ja", "水曜日の天気", "晴れるでしょう。", "木曜日の天気", "雨が降るでしょう。"),
    ("ko", "수요일 날씨", "맑겠습니다.", "목요일 날씨", "비가 오겠습니다."),
    ("ko", "[운세] 3월 4일 수요일", "쥐띠: 쉬어라. 소띠: 친구를 만나라.", "[운세] 3월 5일 목요일", "쥐띠: 돈을 아껴라. 소띠: 쉬어라."),
    ("ko", "[날씨] 4일 흐리고 비", "전국이 흐리고 비가 오겠다.", "[날씨] 5일 맑고 포근", "전국이 맑겠고 포근하겠다."),
    ("ja", "【天気】4日（水）西から雨", "西から次第に雨が降るでしょう。", "【天気】5日（木）晴れて花粉多い", "広い範囲で晴れるでしょう。"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "title", "text", "next_title", "next_text"), COLUMNS)
def test_two_issues_of_a_column(lang: str, title: str, text: str, next_title: str, next_text: str) -> None:
    one, other = subject(title, text, lang=lang), subject(next_title, next_text, hours=24, lang=lang)
    assert two_things(one, other)
    assert not two_things(one, subject(title, text, hours=2, lang=lang))


WEEKLY = [
    ("de", "Das war die Woche", "Am meisten beschäftigte unsere Leser die Parkordnung. Viele wollen künftig mit dem Rad kommen, und alle lobten das Konzert am Fluss.", "Am meisten beschäftigte unsere Leser die Hitze in den Schulen. Viele fordern Ventilatoren, und alle ärgerten sich über den Bahnhof."),
    ("en", "Letters to the editor", "The buses never come on time and nobody at the council seems to care. Put up a shelter at least.", "The plan to sell the old library is a disgrace. Generations learned to read there, and the building needs a roof."),
    ("fr", "La recette du chef", "On prépare un gratin de courge au fromage de brebis. Il faut cuire la courge à la vapeur et ajouter les œufs.", "On prépare une tarte aux poireaux et au lard. Il faut faire fondre les légumes dans le beurre et dorer la pâte."),
    ("es", "Cartas de los lectores", "Escribo para quejarme de la basura en la playa. Hacen falta contenedores y también más vigilancia.", "Escribo para agradecer a las enfermeras del hospital su paciencia. Mi madre pasó allí tres semanas."),
    ("tr", "Okur mektupları", "Mahallemizdeki parkın lambaları aylardır yanmıyor. Akşamları çocuklarımızı dışarı çıkaramıyoruz.", "Otobüs hattımız kaldırıldı ve yaşlılar hastaneye gidemiyor. Bu kararın yeniden düşünülmesini istiyoruz."),
    ("ru", "Письма читателей", "В нашем доме третий месяц не работает лифт. Пожилые люди не могут выйти на улицу.", "Хочу поблагодарить врачей поликлиники за внимание. Меня приняли без очереди и всё объяснили."),
    ("ar", "بريد القراء", "نعاني منذ أشهر من انقطاع المياه في حينا ولا أحد يجيب على شكاوانا.", "أود أن أشكر معلمي المدرسة على صبرهم مع أولادنا الذين تعلموا القراءة."),
    ("zh", "周末食谱", "今天教大家做一道番茄炖牛腩，牛肉先焯水，再加番茄和香料小火慢炖两个小时。", "今天教大家做一道清蒸鲈鱼，鱼身划几刀，铺上姜丝和葱段，大火蒸八分钟。"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "title", "text", "next_text"), WEEKLY)
@pytest.mark.parametrize("days", [6, 7, 14])
def test_a_title_that_comes_again_after_a_week_with_another_text_is_a_column(
    lang: str, title: str, text: str, next_text: str, days: int
) -> None:
    first = subject(title, text, lang=lang)
    assert two_things(first, subject(title, next_text, hours=24.0 * days, lang=lang))
    assert not two_things(first, subject(title, next_text, hours=3, lang=lang))
    assert not two_things(first, subject(title, next_text, hours=24.0 * days, lang=lang, source="Another paper"))
    assert not two_things(first, subject(title, text + " " + next_text[:30], hours=24.0 * days, lang=lang))


def test_the_same_weekday_a_week_later_is_another_issue() -> None:
    column = "What to watch on Wednesday", "The Long Field at eight."
    assert two_things(subject(*column), subject(*column, hours=7 * 24))


def test_a_story_under_one_kicker_is_no_column() -> None:
    """The later report still names the day of the event, and the place."""
    first = subject(
        "Flood in Tollan: 40 homes emptied",
        "The river at Tollan burst its banks on Wednesday and 40 homes were emptied.",
    )
    later = subject("Flood in Tollan: dam breaks", "A dam at Tollan broke on Thursday, a day after the river burst its banks on Wednesday.", hours=24)  # fmt: skip
    assert not two_things(first, later)


def test_another_source_prints_another_series() -> None:
    assert set(series_of("Crossword No 12", "A")) == set(series_of("Crossword No 4,211", " a "))
    assert set(series_of("Crossword No 12", "A")).isdisjoint(series_of("Crossword No 12", "B"))
    assert series_of("Crossword No 12", None) == ()
    assert series_of("4 March", "A") == ()


def test_a_column_keeps_coming_at_one_hour() -> None:
    daily = [7 * 60 + 20 * day for day in range(4)]
    assert keeps_coming(4, daily)
    assert not keeps_coming(3, daily)
    assert not keeps_coming(4, [minute + 5 * 60 * number for number, minute in enumerate(daily)])
    assert keeps_coming(6, [23 * 60 + 30, 30])  # over midnight
    assert keeps_coming(4, [300, 480, 300]) and not keeps_coming(4, [300, 481])  # three hours


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("Wednesday", 2),
        ("mittwoch", 2),
        ("terça", 1),
        ("среду", 2),
        ("الأربعاء", 2),
        ("水曜日", 2),
        ("수요일", 2),
        ("salı", 1),
    ],
)
def test_weekdays(word: str, day: int) -> None:
    assert weekday(word) == day


def test_words_that_are_no_days() -> None:
    assert weekday("webnesday") is None
    assert is_calendar_word("Février")
    assert not is_calendar_word("may")
    assert spaced("星期三运势").split() == ["星期三", "运势"]


@pytest.mark.parametrize(
    ("languages", "told_apart"), [(("en", "en"), True), (("en", "tr"), False), (("en", None), True)]
)
def test_in_two_languages_nothing_is_told_apart(languages: tuple[str, str | None], told_apart: bool) -> None:
    """The same form with two names for one place: what differs may be the language."""
    _, title, text, one, other = SAME_DAY_FORMS[1]
    articles = [
        Evidence(
            seq=seq,
            lead=np.zeros(1, np.float32),
            sparse=extract(Document(title.format(name), text.format(name), lang="en")),
            published_at=WEDNESDAY,
            received_at=WEDNESDAY,
            lang=lang,
            heading=title.format(name),
        )
        for seq, (name, lang) in enumerate(zip((one, other), languages, strict=True))
    ]
    telling = Telling(lambda seq: articles[seq].sparse, lambda seq: articles[seq].lead)
    for article in articles:
        telling.meet(article)
    assert (telling.against(0, 1) < 0) is told_apart


def test_a_wire_copy_under_another_byline_and_caption() -> None:
    """Names of reporters and agencies in the lead are all that differs; the text in which they stand is long."""
    story = " ".join(
        f"Point {word} of the inquiry concerns the {word} office, where officials kept {word} ledgers and later lost them."
        for word in "harbour grain timber railway copper canal printing brewing quarry textile leather fishing mining postal dairy salt".split()  # noqa: SIM905
    )
    one = subject("", f"Deborah Barfield and Maureen Groppe, Wirex Today. An inquiry began on Monday. {story}")
    other = subject(
        "", f"Watch: Nick Cardona reports from Bedminster for Buzz Video. An inquiry began on Monday. {story}"
    )
    assert not two_things(one, other)


def test_the_calendar_holds_what_the_locale_data_say() -> None:
    assert json.loads(file_of_names().read_text(encoding="utf-8")) == calendar_names()
