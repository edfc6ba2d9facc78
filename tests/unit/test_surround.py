"""Short reports with what pages set around them, where there are too few lines for the line model, in many languages."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.lines.stamps import is_date_line, is_signature, is_stamp, says_published
from clusterer.core.model import Article, Document

# language: headline, and the page's lines, those that stay with a plus sign
SHORT = {
    "nl": (
        "Brand legt bakkerij in Oudewater in de as",
        """Home
Binnenland
dinsdag 3 maart 2026, 14:12
Door onze redactie
+ Een brand heeft in de nacht van maandag op dinsdag bakkerij Verhoef in Oudewater verwoest. Niemand raakte gewond.
Lees ook Hoe de brandweer zich voorbereidt op droogte
+ De oorzaak is nog niet bekend, zegt een woordvoerder van de veiligheidsregio.
Deel dit artikel
Meer over: Oudewater, brand""",
    ),
    "de": (
        "Bus rutscht bei Wolfegg in den Graben",
        """Panorama
Stand: 04.03.2026, 08:15 Uhr
Von Marlene Hotz
+ Ein Schulbus ist am Mittwochmorgen bei Wolfegg von der glatten Straße gerutscht. Drei Kinder wurden leicht verletzt.
Lesen Sie auch Winterdienst sucht Personal
+ Die Straße war zwei Stunden gesperrt.
Zur Startseite""",
    ),
    "fr": (
        "Un silo s’effondre à Varzy",
        """Actualité
Faits divers
Publié le 5 mars 2026 à 07h42, mis à jour le 5 mars 2026 à 09h10
+ Un silo à grain s’est effondré jeudi matin à Varzy, sans faire de victime, selon la préfecture de la Nièvre.
Lire aussi Les coopératives demandent des contrôles
+ Le trafic ferroviaire est interrompu entre Clamecy et Cosne.
Réagir
Les plus lus""",
    ),
    "es": (
        "Un apagón deja sin luz a Benirrama",
        """España
Comunidad Valenciana
6 MAR 2026 - 11:30 CET
+ Unas 4.000 personas de Benirrama se quedaron sin luz el viernes por la avería de una subestación, informó la compañía.
Lee también El plan para enterrar los cables
+ El suministro volvió a mediodía.
Archivado en:
Temas: Apagón, Benirrama""",
    ),
    "it": (
        "Frana chiude la statale a Pieve di Sotto",
        """Cronaca
7 marzo 2026 | 10.22
di Redazione
+ Una frana ha chiuso nella notte la statale all’altezza di Pieve di Sotto. Due auto sono rimaste bloccate, nessun ferito.
Leggi anche Quanto costa mettere in sicurezza le strade di montagna
+ L’Anas prevede di riaprire una corsia entro lunedì.
Riproduzione riservata
© RIPRODUZIONE RISERVATA""",
    ),
    "pt": (
        "Ponte de Carrapatoso reabre após dois anos",
        """Sociedade
8 de março de 2026 às 16:05
Por Lusa
+ A ponte de Carrapatoso reabriu este domingo ao trânsito, dois anos depois de ter sido danificada pelas cheias.
Leia também Autarquia quer ciclovia junto ao rio
+ A obra custou 3,1 milhões de euros, segundo a câmara.
Partilhar
Tópicos: pontes, obras""",
    ),
    "pl": (
        "Autobus zderzył się z tramwajem na Grobli",
        """Wiadomości
Wrocław
9 marca 2026, 12:40
Autor: KAW
+ Autobus miejski zderzył się w poniedziałek z tramwajem na ulicy Grobla. Cztery osoby trafiły do szpitala, podała policja.
Czytaj też Nowe tramwaje dopiero jesienią
+ Ruch na skrzyżowaniu wznowiono przed godziną 14.
Udostępnij
Wróć na stronę główną""",
    ),
    "sv": (
        "Varg skjuten utanför Ljusnarsberg",
        """Nyheter
Publicerad 10 mars 2026 kl 06.30
Uppdaterad 10 mars 2026 kl 09.05
+ En varg sköts på tisdagen utanför Ljusnarsberg efter att ha dödat får på två gårdar, uppger länsstyrelsen.
Läs också Så många vargar finns det i länet
+ Djuret ska undersökas av veterinärer.
Dela
Till startsidan""",
    ),
    "el": (
        "Σεισμός 4,1 Ρίχτερ νότια της Καρύστου",
        """Ελλάδα
11.03.2026 | 07:20
Newsroom
+ Σεισμική δόνηση 4,1 βαθμών σημειώθηκε το πρωί της Τετάρτης νότια της Καρύστου, σύμφωνα με το Γεωδυναμικό Ινστιτούτο.
Διαβάστε ακόμη Πώς προετοιμάζονται τα σχολεία
+ Δεν αναφέρθηκαν ζημιές.
Ειδήσεις σήμερα""",
    ),
    "tr": (
        "Karapınar’da obruk oluştu",
        """Gündem
12 Mart 2026 Perşembe 09:14
Güncelleme: 12 Mart 2026 10:02
+ Karapınar’da bir tarlada 20 metre genişliğinde obruk oluştu, yaralanan olmadı. Jandarma bölgeyi güvenlik şeridiyle çevirdi.
Ayrıca okuyun Obruk haritası güncellendi
+ Uzmanlar, yeraltı suyunun hızla çekildiğini söyledi.
Kaynak: DHA
Paylaş""",
    ),
    "ru": (
        "В Кинешме сгорел склад мебели",
        """Общество
13 марта 2026, 10:31
Автор: Ирина Белова
+ В Кинешме ночью сгорел склад мебельной фабрики, пострадавших нет, сообщили в МЧС.
Читайте также Почему горят склады
+ Площадь пожара составила 800 квадратных метров.
Поделиться
Все новости""",
    ),
    "ar": (
        "انهيار جسر للمشاة في المنصورة",
        """الرئيسية
حوادث
السبت 14 مارس 2026 - 11:20 ص
كتب: أحمد سالم
+ انهار جسر للمشاة في مدينة المنصورة صباح السبت من دون وقوع إصابات، بحسب محافظة الدقهلية.
اقرأ أيضاً خطة لصيانة الجسور القديمة
+ وأغلقت الشرطة الشارع أمام السيارات.
شارك""",
    ),
    "fa": (
        "آتش\u200cسوزی در بازار تجریش",
        """خانه
حوادث
شنبه ۲۳ اسفند ۱۴۰۴ ساعت ۱۰:۱۵
کد خبر: ۸۸۱۲۳
+ آتش‌سوزی در چند مغازه بازار تجریش صبح شنبه مهار شد و کسی آسیب ندید، سازمان آتش‌نشانی اعلام کرد.
بیشتر بخوانید طرح ایمن‌سازی بازارها
+ علت حادثه در دست بررسی است.
انتهای پیام""",
    ),
    "ja": (
        "常磐線で倒木、一時運転見合わせ",
        """ホーム
社会
2026年3月15日 7時42分
+ 15日朝、常磐線の線路に木が倒れ、およそ2時間にわたって運転を見合わせました。けが人はいませんでした。
あわせて読みたい 線路沿いの樹木点検はどう進むか
+ JR東日本によりますと、約3000人に影響が出ました。
シェアする
ページトップへ""",
    ),
    "ko": (
        "강릉서 어선 전복…선원 3명 구조",
        """홈
사회
입력 2026.03.16 08:10 수정 2026.03.16 09:25
김하늘 기자 sky@example.kr
+ 16일 새벽 강릉 앞바다에서 어선이 뒤집혀 선원 3명이 모두 구조됐다고 해경이 밝혔다.
관련기사 어선 안전 점검 강화한다
+ 해경은 사고 원인을 조사하고 있다.
무단전재 및 재배포 금지""",
    ),
    "zh": (
        "南平一厂房起火 无人伤亡",
        """首页
社会
2026-03-17 09:30:15 来源：闽北日报
+ 17日凌晨，南平市延平区一处厂房起火，消防部门出动六辆消防车，火势两小时后被扑灭，无人伤亡。
相关阅读 厂房消防检查启动
+ 起火原因正在调查中。
责任编辑：林舟""",
    ),
    "cs": (
        "Vlak u Zruče srazil stádo ovcí",
        """Domácí
18. března 2026 9:41
Aktualizováno 18. března 2026 11:02
+ Vlak u Zruče nad Sázavou ráno srazil stádo ovcí, provoz stál dvě hodiny, uvedla Správa železnic.
Čtěte také Kolik zvířat zabijí vlaky
+ Nikdo z cestujících se nezranil.
Sdílet""",
    ),
    "hu": (
        "Leállt a fűtés a ceglédi kórházban",
        """Belföld
2026. március 19. 07:55
+ Leállt csütörtökre virradóra a fűtés a ceglédi kórház két épületében, közölte az intézmény. A betegeket átszállították.
Olvassa el ezt is Felújítás előtt a kórházak
+ A hibát délutánra elhárították.
MTI""",
    ),
    "fi": (
        "Hirvi pysäytti metron Kalasatamassa",
        """Kotimaa
Julkaistu 20.3.2026 klo 8.12
Päivitetty 20.3.2026 klo 9.40
+ Hirvi pysäytti metroliikenteen Kalasatamassa perjantaiaamuna lähes tunniksi, HKL kertoi.
Lue myös Näin hirvet päätyvät kaupunkiin
+ Poliisi ohjasi eläimen takaisin rantaan.
Jaa""",
    ),
    "hi": (
        "बरेली में पुल का हिस्सा धंसा",
        """होम
उत्तर प्रदेश
Updated: 21 मार्च 2026, 10:05 AM
संवाददाता, बरेली
+ बरेली में रामगंगा नदी पर बने पुल का एक हिस्सा शनिवार सुबह धंस गया, किसी के घायल होने की सूचना नहीं है।
यह भी पढ़ें पुलों की जांच के आदेश
+ प्रशासन ने भारी वाहनों की आवाजाही रोक दी है।""",
    ),
    "id": (
        "Pohon tumbang tutup jalan di Garut",
        """Beranda
Nasional
Minggu, 22 Mar 2026 08:44 WIB
Penulis: Rina Kartika
+ Pohon besar tumbang dan menutup jalan raya di Garut pada Minggu pagi. Tidak ada korban, kata polisi.
Baca juga Cuaca ekstrem masih mengancam
+ Jalan dibuka kembali dua jam kemudian.
Editor: Dedi Suryana""",
    ),
    "vi": (
        "Cháy xưởng gỗ ở Thuận An",
        """Trang chủ
Thời sự
Thứ hai, 23/3/2026, 07:30 (GMT+7)
+ Một xưởng gỗ ở Thuận An bốc cháy rạng sáng thứ hai, không có người bị thương, công an cho biết.
Xem thêm Nguyên nhân cháy xưởng
+ Lửa được dập tắt sau ba giờ.
Bình luận""",
    ),
    "en": (
        "Gas leak empties school in Tarland",
        """Scotland
Tuesday 24 March 2026 10:14 GMT
By Staff Reporter
+ More than 200 pupils were moved out of a school in Tarland on Tuesday after workmen hit a gas pipe. Nobody was hurt.
Read more How old are the pipes under our schools
+ The school will open again on Wednesday, the council said.
Most read
Back to top""",
    ),
    "ro": (
        "Acoperișul unei săli de sport a cedat la Dej",
        """Actualitate
25 martie 2026, 09:20
Autor: Ioana Pop
+ Acoperișul unei săli de sport din Dej a cedat marți noaptea sub zăpadă. Nu au fost victime, a anunțat ISU Cluj.
Citește și Ce școli au fost verificate
+ Sala era închisă din decembrie.
Distribuie""",
    ),
    "uk": (
        "У Дубні зупинили водогін",
        """Головна
Новини
26 березня 2026, 08:45
+ У Дубні через аварію зупинили водогін, без води залишилися два мікрорайони, повідомила міська рада.
Читайте також Скільки коштує ремонт мереж
+ Ремонт має завершитися до вечора.""",
    ),
    "da": (
        "Færge stødte på grund ved Endelave",
        """Indland
27. marts 2026 kl. 07.15
Opdateret kl. 08.30
+ En færge med 40 passagerer stødte fredag på grund ved Endelave. Ingen kom til skade, oplyser politiet.
Læs også Ny færge forsinket et år
+ Færgen er senere slæbt i havn.""",
    ),
    "he": (
        "נזק כבד משריפה במושב גאולים",
        """ראשי
חדשות
28.03.2026, 09:40
מאת: דנה לוי
+ שריפה פרצה הבוקר במחסן במושב גאולים וגרמה לנזק כבד, אין נפגעים, הודיעה כבאות והצלה.
קראו גם מה גורם לשריפות במחסנים
+ הכבישים סביב המושב נחסמו.""",
    ),
    "th": (
        "ไฟไหม้โกดังผ้าในนครปฐม",
        """หน้าแรก
ข่าว
29 มี.ค. 2569 08:30 น.
+ เกิดเหตุไฟไหม้โกดังเก็บผ้าในจังหวัดนครปฐมเมื่อเช้าวันอาทิตย์ ไม่มีผู้ได้รับบาดเจ็บ ตำรวจกล่าว
อ่านเพิ่มเติม สถิติไฟไหม้โกดังปีนี้""",
    ),
}

STAYS = [
    (
        "Council sells old library",
        """Related: the council sold its swimming pool last year.
The old library in Brack was sold on Monday for 400,000 pounds, the council said.
Photo: Kim Orr says she will miss the place.
Share prices of the buyer, a builder, rose.""",
    ),
    (
        "Lezers stemmen over de naam van de brug",
        """Lees ook de kleine letters, raadt de Consumentenbond kopers van een tweedehands auto aan.
De bond kreeg vorig jaar 900 klachten over garanties.
Meer dan de helft ging over accu's.""",
    ),
    (
        "Rat: Erst lesen, dann unterschreiben",
        """Lesen Sie auch das Kleingedruckte, rät die Verbraucherzentrale den Kunden der Stadtwerke Hohnfeld.
Im Vertrag steht eine Laufzeit von fünf Jahren.
Panorama heißt das neue Hallenbad.""",
    ),
    (
        "England beat Samoa",
        """England
Smith 12, Orr 9, Vale 4
Samoa
Tuilagi 8, Lam 6
Referee: K. Holt
Attendance: 12,400""",
    ),
    (
        "Three held after raid",
        """Three men were arrested in Norwich on Tuesday.
Tuesday 24 March 2026 will be remembered as the day the gang fell, a detective said.
They will appear in court on Friday.""",
    ),
    (
        "Agenda",
        """Martes 3 de marzo
Concierto de la banda municipal en el teatro Rosal, 20.00.
Miércoles 4 de marzo
Charla sobre abejas en la biblioteca, 18.30.""",
    ),
    (
        "Programme du festival",
        """Vendredi 6 mars
Ouverture par la fanfare de Varzy.
Samedi 7 mars
Courts métrages, salle des fêtes.""",
    ),
    (
        "Timeline of the siege",
        """3 March 2026
Gunmen enter the mill.
4 March 2026
Talks begin.
6 March 2026
The last hostage walks free.""",
    ),
    (
        "Chronik des Streiks",
        """3. März 2026
Die Fahrer legen die Arbeit nieder.
5. März 2026
Der Schlichter kommt.
9. März 2026
Einigung.""",
    ),
    (
        "Search resumes",
        """Scotland
A search for two climbers resumed on Monday on Ben Alder.
Wales
A walker was found safe near Bala.""",
    ),
    (
        "人事異動",
        """社会部長 山田太郎
経済部長 佐藤花子
15日付で発令する。""",
    ),
]


def cleaned(text: str, title: str | None) -> Document:
    return clean(Article(id="a", title=title, text=text))


@pytest.mark.parametrize("lang", SHORT)
def test_what_stands_around_a_short_report_goes(lang: str) -> None:
    title, page = SHORT[lang]
    told = [line.removeprefix("+ ") for line in page.split("\n") if line.startswith("+ ")]
    document = cleaned(page.replace("+ ", ""), title)
    assert (document.kind, document.text.split("\n\n")) == ("article", told)


@pytest.mark.parametrize("lang", sorted(SHORT.keys() - {"hi"}))
def test_no_stamp_author_or_section_is_made_the_title(lang: str) -> None:
    assert cleaned(SHORT[lang][1].replace("+ ", ""), None).title == ""


@pytest.mark.parametrize("lang", SHORT)
def test_a_headline_above_the_stamp_is_the_title(lang: str) -> None:
    title, page = SHORT[lang]
    assert cleaned(f"{title}\n{page.replace('+ ', '')}", None).title == title


@pytest.mark.parametrize(("title", "text"), STAYS)
def test_what_only_looks_so_stays(title: str, text: str) -> None:
    assert cleaned(text, title).text.split("\n\n") == text.split("\n")


@pytest.mark.parametrize(
    "line",
    [
        "Mo., 2. März 2026, 8:15 Uhr",
        "2 mars 2026 | Mis à jour à 11h02",
        "Senast uppdaterad: 2026-03-02 08.15",
        "发布时间：2026年3月2日 08:15",
        "آخر تحديث: 2 مارس 2026 الساعة 8:15",
        "02.03.2026, 08:15",
        "lundi 2 mars 2026",
        "2 März 2026 · Von Kim Orr",
    ],
)
def test_dates_and_times_of_a_page_are_stamps(line: str) -> None:
    assert is_stamp(line)


@pytest.mark.parametrize(
    "line",
    ["Martes 3 de marzo", "May 2026 budget", "Orr 12, Vale 9", "08:15 Ein Kran stürzt um", "3-1 nach 0:1", "2026"[:3]],
)
def test_what_is_more_or_less_than_a_date_is_no_stamp(line: str) -> None:
    assert not is_stamp(line)


def test_an_event_s_date_is_not_the_page_s() -> None:
    assert says_published("Updated 3 March 2026, 20:00")
    assert not says_published("3 March 2026, 20:00")
    assert is_date_line("3 March 2026, 20:00")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Von Marlene Hotz und Kim Orr", True),
        ("By our staff", True),
        ("Tekst: Kim Orr", False),
        ("Автор: Ким Орр", True),
        ("记者 林舟", True),
        ("（责任编辑：林舟）", True),
        ("(責編：林舟)", True),
        ("By the lake", False),
        ("Por ahora no", False),
        ("Von hinten stürmt Orr", False),
        ("Door sluit niet meer", False),
    ],
)
def test_names_of_authors_are_no_text(line: str, expected: bool) -> None:
    assert is_signature(line) is expected


@pytest.mark.parametrize(
    "line",
    [
        "May 2, 2013, 1: 12 PM",
        "9: 53 AM, MON 22 JUL 2013",
        "Posted: Nov 27, 2005 8: 20 AM ET Last Updated: Nov 27, 2005",
        "Sept. 9, 2013 at 4:05 p.m. CDT",
        "12. Okt. 2025, 18:30 Uhr",
        "le 3 janv. 2026 à 9h15",
        "7 dic 2025 10:22",
        "15 дек. 2025 г. 12:40",
        "3 paź 2025, 14:10",
    ],
)
def test_months_may_be_cut_short(line):
    assert is_date_line(line)
    assert (
        clean(
            Article(id="page", title=line, text="Ferry Aurelia runs aground\n\nThe ferry was pulled free at high tide.")
        ).title
        != line
    )


FERRY = (
    "A ferry with 214 people aboard ran aground in thick fog off Tessaly Bay on Thursday morning, the coast guard said.",
    "Lifeboats from Calla Brae and Vellen took all passengers ashore within three hours, and nobody was seriously hurt.",
    "The captain told the operator that the radar had failed minutes before, spokeswoman Nora Lindt said.",
    "Divers are to look at the hull at low tide, and the service will be replaced by buses until Monday.",
)
ABOVE = [
    "By Nora Lindt",
    "By Nora Lindt, Staff Writer",
    "Von Nora Lindt",
    "Par Nora Lindt",
    "Por Nora Lindt",
    "nora.lindt@baypost.example",
    "5 March 2026, 10:20",
    "Updated 3 hours ago",
]
ANYWHERE = [
    "Sign up for our newsletter to get the news every morning.",
    "Get the day's top stories in your inbox.",
    "Download our app for the latest news.",
    "Join our WhatsApp channel",
    "Support our journalism with a donation.",
    "Have a tip? Write to us at tips@baypost.example",
    "Unterstützen Sie unseren Journalismus.",
    "Téléchargez notre application pour suivre l'actualité.",
    "Lifeboats beside the ferry. Photo: Ole Berg",
    "Die Fähre im Nebel (Foto: Ole Berg/dpa)",
    "Le ferry dans la baie. Crédit photo : Ole Berg",
    "nora.lindt@baypost.example",
]


def paged(lines: list[str]) -> Document:
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = "<head><title>Ferry runs aground in fog</title></head>"
    html = f"<html>{head}<body><main><h1>Ferry runs aground in fog</h1>{body}</main></body></html>"
    return clean(Article(id="a", html=html))


@pytest.mark.parametrize("line", ABOVE)
def test_what_stands_above_or_below_a_text_goes_from_pages_and_from_texts_of_many_lines(line: str) -> None:
    """Extractors keep a line without markup of its own, and the line model needs more lines around one to know it."""
    for lines in ([line, *FERRY], [*FERRY, line]) if line[0].isalpha() else ([line, *FERRY],):
        assert paged(lines).text.split("\n\n") == list(FERRY)
        text = clean(Article(id="a", title="Ferry runs aground in fog", text="\n\n".join(lines))).text
        assert text.split("\n\n") == list(FERRY)


@pytest.mark.parametrize("line", ANYWHERE)
@pytest.mark.parametrize("at", [0, 2, 4])
def test_invitations_captions_and_addresses_go_wherever_they_stand(line: str, at: int) -> None:
    lines = [*FERRY[:at], line, *FERRY[at:]]
    assert paged(lines).text.split("\n\n") == list(FERRY)
    text = clean(Article(id="a", title="Ferry runs aground in fog", text="\n\n".join(lines))).text
    assert text.split("\n\n") == list(FERRY)


@pytest.mark.parametrize(
    "sentence",
    [
        "By noon the ferry was afloat again, the harbour master said.",
        "Von hier aus fahren bis Montag Busse, teilte die Reederei mit.",
        "Passengers who want their money back can write to ferry@tessaly.example until Friday.",
        "The firm had asked people to download its app (photo: everyone complied) and to wait.",
        "The town will support local journalism with a fund, the mayor said.",
        "Get there early, the operator said: the first bus leaves at six.",
    ],
)
def test_sentences_that_begin_alike_stay(sentence: str) -> None:
    lines = [*FERRY[:2], sentence, *FERRY[2:]]
    assert paged(lines).text.split("\n\n") == lines
    assert (
        clean(Article(id="a", title="Ferry runs aground in fog", text="\n\n".join(lines))).text.split("\n\n") == lines
    )


@pytest.mark.parametrize(
    "line",
    [
        "Door onze redactie · 12 mei 2026, 08:10 · leestijd 2 min",
        "Von Karl Senf | 12.05.2026 08:10 | Lesezeit: 3 Min.",
        "12.05.2026 08:10 Просмотров: 312",
        "12 травня 2026, 08:10 • 1.204 перегляди",
        "12 May 2026, 08:10 • 1,204 views",
        "12.05.2026 08:10 · 3 min read",
        "12 maja 2026, 8:10 | 531 wyświetleń",
        "Giriş: 12.05.2026 08:10 | Okunma: 1.531",
        "2026.05.12 08:10 조회수: 1,204",
        "2026-05-12 08:10 阅读量：1204",
        "12/05/2026 08:10 - Lượt xem: 204",
    ],
)
def test_a_date_beside_a_count_is_a_stamp(line: str) -> None:
    assert is_stamp(line)


@pytest.mark.parametrize(
    "line",
    [
        "12.05.2026 08:10 312 people saw it",
        "The video of 12 May 2026, 08:10, has 1,204 views.",
        "Reviews: 12 on 12.05.2026",
        "Взгляд на 12.05.2026 08:10: просмотров 312",
    ],
)
def test_a_sentence_with_a_count_is_none(line: str) -> None:
    assert not is_stamp(line)
