"""Two texts of one outlet under one title, a day apart: a story that goes on, or the next issue of a column; and forms whose titles alone differ."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clusterer.core.calendar import is_calendar_word, weekday
from clusterer.core.clustering.subjects import Subject, subject_of, two_things
from clusterer.core.evidence.evidence import extract
from clusterer.core.evidence.words import tokens
from clusterer.core.model import Document


def subject(title: str, text: str, day: int, lang: str, source: str = "Bay Post") -> Subject:
    at = datetime(2026, 3, day, 8, tzinfo=UTC)
    return subject_of(extract(Document(title, text, lang=lang)), title, source, at)


STORIES = [
    ("en", "Storm Berta: what we know so far",
     "Storm Berta came ashore near Kettle Springs early on Wednesday with winds of 140 km/h, cutting power to 60,000 homes. Two people died when a tree fell on their car in Fort Dorsey.",
     "The death toll of Storm Berta rose to five on Thursday after crews reached a caravan park near Kettle Springs. Some 22,000 homes are still without power."),
    ("en", "Search for climbers on Mount Tarr",
     "Helicopters searched Mount Tarr on Wednesday for three climbers who had not come back from the north face.",
     "Rescuers found a rope and a tent on Mount Tarr on Thursday, but none of the three climbers. Snow is expected at noon."),
    ("de", "Großbrand im Chemiepark Osthafen",
     "Im Chemiepark Osthafen ist am Mittwochmorgen nach einer Explosion ein Großbrand ausgebrochen. Drei Arbeiter werden vermisst, elf sind verletzt.",
     "Der Großbrand im Chemiepark Osthafen ist gelöscht. Einsatzkräfte fanden am Donnerstag die drei vermissten Arbeiter tot."),
    ("es", "Buscan a un niño de seis años desaparecido en Valdeoca",
     "Unas 300 personas buscan a Mateo, de seis años, que desapareció el martes por la tarde cuando jugaba en un pinar de Valdeoca.",
     "La búsqueda de Mateo, el niño de seis años desaparecido en Valdeoca, entró el jueves en su segundo día. Los equipos hallaron una zapatilla junto al río."),
    ("ru", "Обрушение ледовой арены в Заречинске",
     "В Заречинске в среду обрушилась крыша ледовой арены. Под завалами может быть сторож.",
     "Сторожа ледовой арены в Заречинске нашли живым. В четверг следователи опросили строителей."),
    ("ja", "北浜市の工場爆発",
     "4日水曜日の朝、北浜市の工場で爆発があり、2人が病院に運ばれた。",
     "北浜市の工場で起きた爆発で、5日木曜日、新たに1人の死亡が確認された。"),
]  # fmt: skip

COLUMNS = [
    ("pt", "Loto da Sorte: confira os números",
     "Os números sorteados no concurso 2710 da Loto da Sorte foram 04, 11, 23, 35, 41 e 58. Duas apostas acertaram as seis dezenas e vão dividir o prêmio de R$ 18 milhões. O próximo sorteio será no sábado.",
     "Os números sorteados no concurso 2711 da Loto da Sorte foram 02, 19, 27, 30, 44 e 53. Três apostas acertaram as seis dezenas e vão dividir o prêmio de R$ 9 milhões. O próximo sorteio será no sábado."),
    ("id", "Hasil Undian Lotre Harapan",
     "Angka yang keluar dalam undian adalah 4-9-1-7-2-0. Hadiah utama sebesar 3 miliar rupiah dimenangkan oleh satu orang. Pajak hadiah ditanggung pemenang.",
     "Angka yang keluar dalam undian adalah 8-2-5-5-3-6. Hadiah utama sebesar 2 miliar rupiah dimenangkan oleh dua orang. Pajak hadiah ditanggung pemenang."),
    ("en", "Winning numbers in the Pick 4 evening drawing",
     "The winning numbers in the evening drawing of the Pick 4 game were 3, 0, 9 and 1. The top prize is 5,000 crowns.",
     "The winning numbers in the evening drawing of the Pick 4 game were 7, 7, 2 and 8. The top prize is 5,000 crowns."),
    ("it", "Farmacie di turno",
     "Oggi sono di turno la farmacia Bianchi in via Roma 12, la Comunale 3 in piazza Dante e la farmacia San Rocco a Pieve.",
     "Di turno oggi: farmacia Galli, corso Italia 40; farmacia del Ponte, via Po 8; per Pieve la farmacia Neri."),
    ("vi", "Kết quả xổ số Thạnh Hải thứ Tư 4/3|Kết quả xổ số Thạnh Hải thứ Năm 5/3",
     "Giải đặc biệt: 418209. Giải nhất: 77310. Giải nhì: 20455. Tám vé trúng giải đặc biệt đã được bán tại chợ Cầu Mới.",
     "Giải đặc biệt: 905571. Giải nhất: 11684. Giải nhì: 83020. Công ty cho biết chưa có người đến nhận giải đặc biệt."),
    ("ko", "[부고] 김도현씨 부친상|[부고] 이민서씨 모친상",
     "▲ 김용식씨 별세, 김도현(서해일보 부장)씨 부친상 = 강변병원장례식장, 발인 6일 오전 7시",
     "▲ 박순자씨 별세, 이민서(한강은행 부장)씨 모친상 = 시립의료원장례식장, 발인 7일 오전 9시"),
]  # fmt: skip

# one market on two days, under two titles and by two outlets
MARKETS = [
    ("fr", "La Bourse de Paris finit en hausse", "La Bourse de Paris a terminé mercredi en hausse de 0,52 %, portée par le luxe. Le CAC 40 a gagné 41 points à 7 940.",
     "La Bourse de Paris clôture en repli", "La Bourse de Paris a reculé de 0,81 % jeudi, pénalisée par l’énergie. Le CAC 40 a perdu 64 points à 7 876."),
    ("tr", "Borsa güne düşüşle başladı", "Borsa İstanbul’da BIST 100 endeksi güne yüzde 0,42 düşüşle 9.810 puandan başladı. Dolar 39,20 liradan işlem görüyor.",
     "Borsa haftayı yükselişle kapattı", "BIST 100 endeksi günü yüzde 1,1 artışla 9.902 puandan kapattı. Dolar 39,35 lira."),
    ("ko", "코스피, 기관 매수에 상승 마감", "코스피가 4일 전 거래일보다 21.30포인트 오른 2,731.10에 거래를 마쳤다. 기관이 3200억원어치를 순매수했다.",
     "코스피, 외국인 매도에 하락 마감", "코스피가 5일 전 거래일보다 14.02포인트 내린 2,717.08에 장을 마쳤다. 외국인이 4100억원어치를 팔았다."),
    ("id", "IHSG Ditutup Menguat", "Indeks Harga Saham Gabungan ditutup naik 42 poin ke 7.312 pada perdagangan Rabu. Saham perbankan memimpin.",
     "IHSG Ditutup Melemah", "Indeks Harga Saham Gabungan turun 31 poin ke 7.281 pada Kamis. Saham tambang tertekan."),
    ("de", "Dax schließt fester", "Der Dax ging am Mittwoch mit plus 0,6 Prozent auf 18.240 Punkte aus dem Handel. Autowerte legten zu.",
     "Dax gibt nach", "Der Dax verlor am Donnerstag 0,9 Prozent auf 18.080 Punkte. Banken gaben ab."),
]  # fmt: skip

# the exchanges of a country or of the world on two days, or two of them
MANY_MARKETS = [
    ("en", "Global stocks slump as trade talks stall", "Shares fell around the world on Wednesday after the talks broke down. The world index lost 1.8 percent, its worst day since May.",
     "Wall Street recovers on hopes of a deal", "Shares in New York rose on Thursday as the talks went on. The Dow Jones added 0.9 percent."),
    ("en", "Stock markets around the world plunge", "Stock markets fell sharply on Wednesday, London by 4.2 percent and Tokyo by 5.1 percent, as lenders warned of losses.",
     "European stocks continue to fall", "Stocks in Europe lost another 2.3 percent on Thursday, and banks again fell most."),
    ("de", "Zinssorgen drücken weltweit: Aktienmärkte im Minus", "Die Kurse sind am Mittwoch gefallen, in Europa um 1,8 Prozent und in Asien um 2,1 Prozent. Anleger fürchten höhere Zinsen.",
     "Dax macht Boden gut", "Der Dax gewann am Donnerstag 0,7 Prozent. Die Sorgen um höhere Zinsen ließen nach."),
    ("fr", "Les Bourses européennes reculent", "Les Bourses européennes ont perdu mercredi 1,4 % en moyenne, inquiètes des taux.",
     "Les Bourses mondiales se reprennent", "Les Bourses ont regagné jeudi 0,8 % en moyenne, rassurées par les taux."),
    ("es", "Las bolsas asiáticas se desploman", "Las bolsas de Asia perdieron el miércoles un 3,2 % de media por el temor a la inflación.",
     "El Ibex 35 recupera los 9.000 puntos", "El Ibex 35 subió el jueves un 1,1 %, hasta 9.012,4 puntos, pese al temor a la inflación."),
    ("it", "Mercati azionari in rosso in tutta Europa", "Mercoledì le piazze europee hanno perso l'1,6 per cento. Pesano i timori sui tassi.",
     "Le Borse rimbalzano", "Giovedì le piazze europee hanno guadagnato lo 0,9 per cento. Calano i timori sui tassi."),
    ("nl", "Europese beurzen verliezen terrein", "De beurzen in Europa sloten woensdag 1,2 procent lager, vooral banken daalden.",
     "Aandelenmarkten herstellen licht", "De beurzen in Europa wonnen donderdag 0,6 procent, vooral banken stegen."),
    ("pt", "Bolsas mundiais caem com receio de recessão", "As bolsas caíram 1,9% na quarta-feira com o receio de uma recessão.",
     "As bolsas recuperam parte das perdas", "As bolsas subiram 0,7% na quinta-feira, apesar do receio de uma recessão."),
    ("pl", "Światowe giełdy w dół po danych z Azji", "Giełdy straciły w środę średnio 1,7 proc. po słabych danych z Azji.",
     "WIG20 odrabia straty", "Indeks WIG20 zyskał w czwartek 0,8 proc. mimo słabych danych z Azji."),
    ("ru", "Мировые рынки падают второй день", "Мировые рынки в среду потеряли 1,8 процента из-за опасений рецессии.",
     "Биржи Азии отыграли потери", "Биржи Азии в четверг прибавили 0,9 процента, опасения рецессии ослабли."),
    ("ja", "世界株安、景気懸念で", "4日の世界の株式市場は軒並み下げた。欧州は1.8%安、アジアは2.1%安だった。景気の先行きへの懸念が広がった。",
     "日経平均反発、終値は3万8千円台", "5日の日経平均株価は0.9%高で終えた。景気の先行きへの懸念がやや和らいだ。"),
    ("ko", "글로벌 증시 일제히 급락", "4일 글로벌 증시가 경기 침체 우려로 평균 1.8% 떨어졌다. 유럽은 2.1% 내렸다.",
     "뉴욕증시 반등 마감", "5일 뉴욕증시가 0.9% 오르며 반등했다. 경기 침체 우려는 다소 누그러졌다."),
    ("sv", "Asienbörserna föll kraftigt", "Börserna i Asien tappade 2,4 procent på onsdagen efter svaga siffror.",
     "Europabörserna vände upp", "Börserna i Europa steg 0,8 procent på torsdagen trots svaga siffror."),
    ("tr", "Küresel piyasalar sert düştü", "Küresel piyasalar çarşamba günü yüzde 1,8 değer kaybetti. Faiz endişesi etkili oldu.",
     "Avrupa borsaları toparlandı", "Avrupa borsaları perşembe günü yüzde 0,9 yükseldi. Faiz endişesi azaldı."),
]  # fmt: skip

# titles that speak of markets or shares and tell of something else, which goes on the next day
NO_MARKETS = [
    ("Street markets of Hanley flooded", "Flooded markets of Hanley open again", "The river rose by 1.2 metres and flooded the street markets of Hanley."),
    ("Markets watchdog fines Brantner 2.5 million", "Brantner to pay fine of markets watchdog", "The watchdog fined the broker Brantner 2.5 million euros for late reports."),
    ("World shares grief of Hanley after ferry sinks", "Ferry that sank off Hanley is found", "The ferry sank 3.5 miles off Hanley. Messages of grief came from all over the world."),
    ("Global markets chief of Brantner resigns", "Brantner names new chief of global markets", "Ada Holm, who led global markets at Brantner, resigned over a loss of 4.5 million euros."),
]  # fmt: skip

# of two outlets on one day
FORMS = [
    ("pt", "Tremor de magnitude 2,9 é sentido em Montes Claros", "Um tremor de terra de magnitude 2,9 foi registrado às 5h12 desta quarta-feira em Montes Claros, segundo o Observatório Sismológico. Não há relato de feridos. Moradores disseram que janelas vibraram.",
     "Tremor de magnitude 2,4 é sentido em Sete Lagoas", "Um tremor de terra de magnitude 2,4 foi registrado às 21h40 desta quinta-feira em Sete Lagoas, segundo o Observatório Sismológico. Não há relato de feridos. Moradores disseram que ouviram um estrondo."),
    ("nl", "Asieldier van de week: Bobbie", "Bobbie is een teckel van 4 jaar en zoekt een nieuw thuis. Hij kwam in het asiel omdat zijn baasje overleed. Bobbie houdt van lange wandelingen. Meer weten? Bel het asiel in Oss.",
     "Asieldier van de week: Saar", "Saar is een kat van 7 jaar en zoekt een nieuw thuis. Zij kwam in het asiel na een verhuizing. Saar houdt van een warme vensterbank. Meer weten? Bel het asiel in Oss."),
    ("hi", "केरल ने गोवा को 84 रन से हराया", "केरल ने रणजी ट्रॉफी के मैच में गोवा को 84 रन से हरा दिया। कप्तान संजय मेनन ने 132 रन बनाए और अखिल राज ने 5 विकेट लिए। मैच तिरुवनंतपुरम में खेला गया।",
     "बंगाल ने असम को 61 रन से हराया", "बंगाल ने रणजी ट्रॉफी के मैच में असम को 61 रन से हरा दिया। कप्तान शुभम घोष ने 98 रन बनाए और रवि पाल ने 6 विकेट लिए। मैच कोलकाता में खेला गया।"),
    ("ko", "[프로야구] 인천 5-3 대전", "인천이 4일 문학구장에서 대전을 5-3로 꺾었다. 선발 박진우는 6이닝 2실점으로 시즌 3승째를 챙겼다. 최강민은 결승 홈런을 때렸다.",
     "[프로야구] 광주 7-4 수원", "광주가 4일 챔피언스필드에서 수원을 7-4로 꺾었다. 선발 양현수는 7이닝 2실점으로 시즌 4승째를 챙겼다. 나성호는 결승 홈런을 때렸다."),
    ("de", "Die Gewinnzahlen im Glückslotto", "Die Gewinnzahlen der 18. Ziehung lauten 3, 9, 17, 22, 38, 45. Die Zusatzzahl ist die 7. Der Jackpot liegt bei 12 Millionen Euro. Alle Angaben ohne Gewähr.",
     "Die Gewinnzahlen im Glückslotto", "Die Gewinnzahlen der 19. Ziehung lauten 6, 14, 21, 29, 33, 40. Die Zusatzzahl ist die 2. Der Jackpot liegt bei 14 Millionen Euro. Alle Angaben ohne Gewähr."),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "title", "first", "second"), STORIES)
def test_a_story_that_goes_on_under_its_title_is_one(lang: str, title: str, first: str, second: str) -> None:
    assert not two_things(subject(title, first, 4, lang), subject(title, second, 5, lang))


@pytest.mark.parametrize(("lang", "titles", "first", "second"), COLUMNS)
def test_the_next_issue_of_a_column_is_another_one(lang: str, titles: str, first: str, second: str) -> None:
    title, _, later = titles.partition("|")
    assert two_things(subject(title, first, 4, lang), subject(later or title, second, 5, lang))


@pytest.mark.parametrize(("lang", "title", "text", "other_title", "other_text"), FORMS)
def test_forms_of_two_outlets_on_one_day(lang: str, title: str, text: str, other_title: str, other_text: str) -> None:
    assert two_things(subject(title, text, 4, lang), subject(other_title, other_text, 4, lang, source="Courier"))


@pytest.mark.parametrize(("lang", "title", "text", "later_title", "later"), [*MARKETS, *MANY_MARKETS])
def test_a_market_is_told_of_anew_each_day(lang: str, title: str, text: str, later_title: str, later: str) -> None:
    first = subject(title, text, 4, lang)
    assert two_things(first, subject(later_title, later, 5, lang, source="Courier"))
    assert not two_things(first, subject(title, text, 4, lang, source="Courier"))


@pytest.mark.parametrize(("title", "later", "text"), NO_MARKETS)
def test_what_is_told_of_markets_may_go_on_the_next_day(title: str, later: str, text: str) -> None:
    assert not two_things(subject(title, text, 4, "en"), subject(later, text, 5, "en", source="Courier"))


def test_what_happens_at_an_exchange_may_go_on_the_next_day() -> None:
    first = subject("Fire at the Borsa Istanbul", "Two people were hurt by a fire at the Borsa Istanbul.", 4, "en")
    assert not two_things(
        first, subject("Fire at the Borsa Istanbul is out", "The fire at the Borsa Istanbul is out.", 5, "en")
    )


def test_reports_alike_of_two_days_are_two() -> None:
    told = "Σεισμός {} Ρίχτερ έγινε αισθητός {} το {} {}. Το επίκεντρο ήταν στη θάλασσα, {} χιλιόμετρα από την πόλη."
    one = subject(
        "Ισχυρός σεισμός στην Κρήτη", told.format("4,8", "στα Χανιά", "μεσημέρι", "της Παρασκευής", 30), 6, "el"
    )
    other = subject(
        "Ισχυρός σεισμός στη Λέσβο", told.format("4,5", "στη Μυτιλήνη", "πρωί", "του Σαββάτου", 22), 7, "el"
    )
    assert two_things(one, other)


@pytest.mark.parametrize(
    ("written", "word"),
    [("بأسيوط", "أسيوط"), ("وفلسطين", "فلسطين"), ("بالقاهرة", "القاهرة"), ("للقاهرة", "القاهرة"), ("وقال", "قال"), ("باريس", "باريس"), ("بغداد", "بغداد"), ("كتاب", "كتاب"), ("وزير", "وزير"), ("لبنان", "لبنان")],
)  # fmt: skip
def test_arabic_words_are_compared_without_what_is_written_together_with_them(written: str, word: str) -> None:
    assert [token for token, _, _ in tokens(written, "ar")] == [word]


@pytest.mark.parametrize(
    ("word", "day"),
    [("Τετάρτης", 2), ("Πέμπτης", 3), ("среды", 2), ("п'ятниці", 4), ("środy", 2), ("hétfőn", 0), ("onsdagen", 2)],
)
def test_weekdays_are_known_in_other_forms(word: str, day: int) -> None:
    assert weekday(word) == day
    assert is_calendar_word(word)


def test_a_title_kept_over_other_names_is_that_of_a_column() -> None:
    title = "Storm Berta: what we know so far"
    text = (
        "Storm Berta came ashore near Kettle Springs on Wednesday. Ann Roe, Tim Hale and Ivo Kestrel lost their homes."
    )
    later = "Storm Berta left Veldhaven on Thursday. Paul Adler, Lena Brandt and Nina Castor counted the roofs there."
    assert two_things(subject(title, text, 4, "en"), subject(title, later, 5, "en"))  # it names none of the same
