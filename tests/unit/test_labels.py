"""Lines that pages set between paragraphs, walls, and news about both, in many languages."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.lines import reasons
from clusterer.core.lines.labels import label_of
from clusterer.core.lines.rules import rule_for
from clusterer.core.model import Article, Document

# language: the article's sentence, and what its page sets around it
PAGES = {
    "en": (
        "The lock at Fen will stay shut until May, the canal office said. A gate has broken.",
        ["Share this article", "READ MORE: Five locks to visit this summer", "Photo: Kim Orr/AP", "3 min read"],
    ),
    "de": (
        "Die Schleuse in Fen bleibt bis Mai zu, teilte das Kanalamt mit. Ein Tor ist gebrochen.",
        [
            "Artikel teilen",
            "Lesen Sie auch: Fünf Schleusen für den Sommer",
            "Foto: Kim Orr",
            "Lesezeit: 3 Minuten",
            "Folgen Sie uns auf Facebook",
        ],
    ),
    "fr": (
        "L'écluse de Fen restera fermée jusqu'en mai, a annoncé le service du canal. Une porte a cédé.",
        [
            "Partager cet article",
            "À lire aussi : Cinq écluses à voir cet été",
            "Crédit photo : Kim Orr",
            "Suivez-nous sur Instagram",
        ],
    ),
    "es": (
        "La esclusa de Fen seguirá cerrada hasta mayo, anunció el canal. Se rompió una compuerta.",
        [
            "Compartir esta noticia",
            "Te puede interesar: Cinco esclusas para el verano",
            "Síguenos en WhatsApp",
            "Tiempo de lectura: 3 min",
        ],
    ),
    "it": (
        "La chiusa di Fen resterà chiusa fino a maggio, ha spiegato il consorzio. Una porta ha ceduto.",
        ["Condividi", "Leggi anche > Cinque chiuse per l'estate", "Iscriviti alla nostra newsletter"],
    ),
    "pt": (
        "A eclusa de Fen fica fechada até maio, disse a empresa do canal. Uma comporta partiu.",
        ["Compartilhe esta notícia", "Leia também: Cinco eclusas para o verão", "Siga o nosso canal no WhatsApp"],
    ),
    "nl": (
        "De sluis bij Fen blijft tot mei dicht, meldde het kanaalbedrijf. Een deur is gebroken.",
        [
            "Deel dit artikel",
            "Lees ook: Vijf sluizen voor de zomer",
            "Meld je aan voor onze nieuwsbrief",
            "Foto: Kim Orr/ANP",
        ],
    ),
    "sv": (
        "Slussen vid Fen hålls stängd till maj, meddelade kanalbolaget. En port har gått sönder.",
        ["Dela artikeln", "Läs också: Fem slussar att besöka i sommar", "Följ oss på Facebook", "Foto: Kim Orr"],
    ),
    "no": (
        "Slusa ved Fen holdes stengt til mai, opplyser kanalkontoret. En port har røket.",
        ["Del artikkelen", "Les også: Fem sluser å besøke i sommer", "Følg oss på Facebook"],
    ),
    "fi": (
        "Fenin sulku pysyy kiinni toukokuuhun, kertoi kanavatoimisto. Portti on rikki.",
        ["Jaa", "Lue myös: Viisi sulkua kesäksi", "Tilaa uutiskirjeemme", "Kuva: Kim Orr"],
    ),
    "pl": (
        "Śluza w Fenie będzie zamknięta do maja, podał zarząd kanału. Pękły wrota.",
        ["Udostępnij", "Czytaj także: Pięć śluz na lato", "Zapisz się do newslettera", "Fot.: Kim Orr/PAP"],
    ),
    "cs": (
        "Komora ve Fenu zůstane do května zavřená, oznámila správa kanálu. Praskla vrata.",
        ["Sdílet článek", "Čtěte také: Pět komor na léto", "Přihlaste se k odběru novinek", "Foto: Kim Orr, ČTK"],
    ),
    "hu": (
        "Májusig zárva marad a feni zsilip, közölte a csatornahivatal. Eltört egy kapu.",
        ["Megosztás", "Olvasta már? Öt zsilip nyárra", "Iratkozzon fel hírlevelünkre"],
    ),
    "ro": (
        "Ecluza de la Fen rămâne închisă până în mai, a anunțat administrația. S-a rupt o poartă.",
        ["Distribuie articolul", "Citește și: Cinci ecluze de văzut vara", "Urmărește-ne pe Facebook"],
    ),
    "ru": (
        "Шлюз в Фене закрыт до мая, сообщило управление канала. Сломались ворота.",
        ["Поделиться", "Читайте также: Пять шлюзов на лето", "Подпишитесь на наш канал в Telegram", "Фото: Ким Орр"],
    ),
    "uk": (
        "Шлюз у Фені закрито до травня, повідомило управління каналу. Зламалася брама.",
        ["Поділитися", "Читайте також: П'ять шлюзів на літо", "Підписуйтесь на наш канал"],
    ),
    "el": (
        "Η δεξαμενή στο Φεν μένει κλειστή ως τον Μάιο, ανακοίνωσε η υπηρεσία. Έσπασε μια θύρα.",
        ["Κοινοποίηση", "Διαβάστε επίσης: Πέντε δεξαμενές για το καλοκαίρι", "Ακολουθήστε μας στο Facebook"],
    ),
    "tr": (
        "Fen'deki kanal kapısı mayısa kadar kapalı kalacak, dedi kanal idaresi. Kapının biri kırıldı.",
        ["Paylaş", "İlginizi çekebilir: Yaz için beş kanal", "Bültenimize abone olun", "Fotoğraf: Kim Orr"],
    ),
    "ar": (
        "سيبقى هويس فين مغلقاً حتى مايو، بحسب ما أعلنت إدارة القناة. وقد انكسرت إحدى البوابات.",
        ["شارك", "اقرأ أيضاً: خمسة أهوسة لهذا الصيف", "اشترك في نشرتنا البريدية", "صورة: كيم أور"],
    ),
    "he": (
        "סכר פן יישאר סגור עד מאי, הודיעה רשות התעלה. אחד השערים נשבר.",
        ["שתפו", "קראו גם: חמישה סכרים לקיץ", "עקבו אחרינו בפייסבוק"],
    ),
    "hi": (
        "नहर कार्यालय ने कहा कि फेन का जलद्वार मई तक बंद रहेगा। एक फाटक टूट गया है।",
        ["शेयर करें", "यह भी पढ़ें: गर्मियों के लिए पाँच जलद्वार", "हमें फॉलो करें"],
    ),
    "id": (
        "Pintu air Fen ditutup sampai Mei, kata kantor kanal. Salah satu daun pintu patah.",
        ["Bagikan", "Baca juga: Lima pintu air untuk musim panas", "Berlangganan newsletter kami"],
    ),
    "vi": (
        "Âu thuyền Fen đóng cửa đến tháng Năm, ban quản lý kênh cho biết. Một cánh cửa đã gãy.",
        ["Chia sẻ", "Xem thêm: Năm âu thuyền cho mùa hè", "Đăng ký nhận bản tin hằng ngày"],
    ),
    "ja": (
        "フェンの水門は5月まで閉鎖されると、運河事務所が発表した。扉が壊れたためだ。",
        ["シェアする", "関連記事：夏に訪れたい五つの水門", "会員登録はこちら", "写真：キム・オア"],
    ),
    "ko": (
        "펜의 수문은 5월까지 닫힌다고 운하 사무소가 밝혔다. 문짝 하나가 부서졌다.",
        ["공유하기", "관련기사: 여름에 가 볼 만한 수문 다섯 곳", "뉴스레터 구독하기"],
    ),
    "zh": (
        "运河管理处表示，芬镇船闸将关闭至五月。一扇闸门断裂。",
        ["分享到", "相关阅读：夏天值得一看的五座船闸", "扫码关注我们的公众号"],
    ),
}

# language: lines of a short page around the one sentence; with few words on it no line model helps
MENUS = {
    "de": ("Startseite\nAbo\nAnmelden", "Die Schleuse in Fen bleibt bis Mai zu, teilte das Kanalamt mit, weil ein Tor gebrochen ist.",
           "Schlagworte: Kanal, Schleuse, Fen\nMeistgelesen\nWarum die Brötchen teurer werden\nImpressum\nDatenschutz\nAGB"),
    "pl": ("Strona główna\nZaloguj się", "Śluza w Fenie będzie zamknięta do maja, podał zarząd kanału, bo pękły wrota.",
           "Tagi: kanał, śluza, Fen\nNajczęściej czytane\nDlaczego drożeją bułki\nRegulamin\nPolityka prywatności"),
    "ru": ("Главная\nВойти", "Шлюз в Фене закрыт до мая, сообщило управление канала: сломались ворота.",
           "Теги: канал, шлюз, Фен\nСамое читаемое\nПочему дорожают булочки\nО редакции"),
    "fr": ("Accueil\nSe connecter", "L'écluse de Fen restera fermée jusqu'en mai, a annoncé le service du canal : une porte a cédé.",
           "Les plus lus\nPourquoi le pain augmente\nMentions légales\nGestion des cookies\nNous contacter"),
    "ja": ("ホーム\nログイン", "フェンの水門は5月まで閉鎖されると、運河事務所が発表した。扉が壊れたためだ。",
           "タグ：運河、水門\nアクセスランキング\nパンの値上げはなぜ\n利用規約\nプライバシーポリシー"),
    "tr": ("Ana Sayfa\nGiriş Yap", "Fen'deki kanal kapısı mayısa kadar kapalı kalacak, dedi kanal idaresi, çünkü kapı kırıldı.",
           "Etiketler: kanal, Fen\nÇok Okunanlar\nSimit neden zamlandı\nKünye\nİletişim"),
}  # fmt: skip

WALLS = {
    "sv": "Vill du läsa vidare? Bli prenumerant för 9 kr. Redan prenumerant? Logga in.",
    "no": "Denne saken er for abonnenter. Er du allerede abonnent? Logg inn. Bli abonnent for 1 krone.",
    "da": "Artiklen er for abonnenter. Er du allerede abonnent? Log ind her. Få adgang for 1 krone.",
    "fi": "Tämä juttu on tilaajille. Tilaa nyt 1 euron hintaan. Oletko jo tilaaja? Kirjaudu sisään.",
    "pl": "Artykuł tylko dla subskrybentów. Wykup dostęp. Masz już prenumeratę? Zaloguj się.",
    "cs": "Chcete číst dál? Kupte si předplatné za 49 Kč. Máte už předplatné? Přihlaste se.",
    "hu": "A cikk folytatása előfizetőknek szól. Fizessen elő most. Már előfizető? Jelentkezzen be.",
    "ro": "Articol pentru abonați. Abonează-te acum. Ești deja abonat? Autentifică-te.",
    "tr": "Bu haber abonelere özeldir. Hemen abone olun. Zaten abone misiniz? Giriş yapın.",
    "ru": "Материал доступен по подписке. Оформите подписку за 99 рублей. Уже подписчик? Войдите.",
    "uk": "Матеріал для передплатників. Оформіть передплату. Вже передплатник? Увійдіть.",
    "el": (
        "Το άρθρο είναι για συνδρομητές. Γίνετε συνδρομητές τώρα. Είστε ήδη συνδρομητής; Συνδεθείτε με τον κωδικό σας."
    ),
    "id": "Artikel ini khusus pelanggan. Silakan berlangganan sekarang. Anda sudah berlangganan? Masuk ke akun.",
    "ko": "이 기사는 유료 회원 전용입니다. 지금 구독하세요. 이미 회원이면 로그인하십시오.",
    "no entry": (
        "451: Unavailable due to legal reasons. We recognize you are attempting to access this website from a "
        "country in which it is not offered."
    ),
    "nothing there": (
        "404. Sorry, the page you are looking for could not be found. Return to the home page or search."
    ),
}

ABOUT = {
    "sv": (
        "Tidningen tappar läsare",
        "Var femte prenumerant har lämnat Fenposten sedan i fjol. Tidningen har nu 40 000 kvar och säger upp "
        "tolv anställda.",
    ),
    "no": (
        "Fenposten kutter",
        "Avisa har mistet hver femte abonnent på et år. Nå må tolv ansatte gå, og papirutgaven kommer bare ut "
        "i helgene.",
    ),
    "fi": (
        "Lehti menettää lukijoita",
        "Joka viides tilaaja on lähtenyt Fenin Sanomista vuodessa. Lehdellä on heitä nyt 40 000, ja "
        "kaksitoista työntekijää irtisanotaan.",
    ),
    "pl": (
        "Gazeta traci czytelników",
        "Co piąty prenumerator odszedł w ciągu roku od Kuriera Feńskiego. Zostało ich 40 tysięcy, a pracę "
        "straci dwanaście osób.",
    ),
    "cs": (
        "Noviny přicházejí o čtenáře",
        "Každý pátý předplatitel opustil za rok Fenský deník. Zbývá jich 40 tisíc a dvanáct lidí přijde o práci.",
    ),
    "hu": (
        "Fogynak az olvasók",
        "Minden ötödik előfizető elhagyta egy év alatt a Feni Hírlapot. Negyvenezren maradtak, és tizenketten "
        "vesztik el az állásukat.",
    ),
    "ro": (
        "Ziarul pierde cititori",
        "Unul din cinci abonați a părăsit Curierul de Fen într-un an. Au rămas 40 000, iar doisprezece oameni "
        "își pierd locul de muncă.",
    ),
    "tr": (
        "Gazete okur kaybediyor",
        "Fen Postası'nın her beş abonesinden biri bir yılda ayrıldı. Geriye 40 bin kişi kaldı, on iki çalışan "
        "işini kaybedecek.",
    ),
    "ru": (
        "Газета теряет читателей",
        "Каждый пятый подписчик ушёл за год от «Фенского вестника». Осталось 40 тысяч, двенадцать человек "
        "потеряют работу.",
    ),
    "fr": (
        "Le journal perd des lecteurs",
        "Un abonné sur cinq du Courrier de Fen est parti en un an. Il en reste 40 000, et douze salariés du "
        "journal perdent leur emploi.",
    ),
    "id": (
        "Koran kehilangan pembaca",
        "Satu dari lima pembaca yang berlangganan meninggalkan Kabar Fen dalam setahun. Kini tersisa 40 ribu, "
        "dan dua belas karyawan dirumahkan.",
    ),
    "en": (
        "Browser maker fixes fault",
        "The page that users requested was not shown in one of five cases, and nobody knew why. The maker of "
        "the browser has now found the fault.",
    ),
}


def cleaned(text: str, title: str = "Fen") -> Document:
    return clean(Article(id="a", title=title, text=text))


@pytest.mark.parametrize("lang", PAGES)
def test_what_pages_set_between_paragraphs_goes(lang: str) -> None:
    told, around = PAGES[lang]
    document = cleaned("\n".join([around[0], told, *around[1:]]))
    assert (document.kind, document.text) == ("article", told)
    assert "\n".join(cut.text for cut in document.cuts).split("\n") == around


@pytest.mark.parametrize("lang", MENUS)
def test_menus_tags_and_lists_around_a_short_report_go(lang: str) -> None:
    above, told, below = MENUS[lang]
    assert cleaned(f"{above}\n{told}\n{below}").text == told


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
def test_a_page_that_asks_for_a_subscription_is_a_wall(wall: str) -> None:
    assert cleaned(wall, "Mayor of Fen resigns").kind == "wall"


def test_a_page_that_says_that_it_is_none_is_a_wall_under_such_a_title() -> None:
    assert cleaned(WALLS["nothing there"], "Page not found").kind == "wall"


@pytest.mark.parametrize("lang", ABOUT)
def test_news_about_subscribers_stays(lang: str) -> None:
    title, text = ABOUT[lang]
    document = cleaned(text, title)
    assert (document.kind, document.text, document.cuts) == ("article", text, ())


@pytest.mark.parametrize(
    "line",
    [
        "Share of votes: Orr 41, Voll 38, Lem 21",
        "Related companies of the group owe 4 million",
        "Read more books, the minister told pupils in Fen",
        "Photo: the minister of Fen shows a picture of the new lock, which is to be built from May for 4 million and more than planned.",
        "Photographers protest: no pictures of the match",
        "Print: the paper appears on Saturdays only",
        "Del Toro gewinnt in Venedig",
        "Deel van de brug stort in",
        "Partager le pouvoir : le pari du maire",
        "Follow the money: how the dam was paid",
        "12 minutes in the cold",
        "Home win for Rovers",
        "Contact with the probe was lost",
        "Themen der Sitzung: Kanal, Schule und Haushalt.",
    ],
)
def test_what_only_begins_like_a_label_stays(line: str) -> None:
    assert label_of(line) is None


@pytest.mark.parametrize("line", ["Read also: Five locks to visit", "Foto: Kim Orr", "Volg ons op Facebook"])
def test_a_label_that_is_all_there_is_stays(line: str) -> None:
    assert cleaned(line).text == line


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("▶ LEES OOK | Vijf sluizen", reasons.RELATED_LINK),
        ("(Čtěte také: Pět komor)", reasons.RELATED_LINK),
        ("READ ALSO – Five locks", reasons.RELATED_LINK),
        ("Udostępnij!", reasons.SHARE_BUTTON),
        ("UDOSTEPNIJ", reasons.SHARE_BUTTON),  # as some systems write it
        ("Temps de lecture : 4 min", reasons.TIME_STAMP),
        ("• 4 min read •", reasons.TIME_STAMP),
        ("Czytaj także", None),  # heads a list: see rules.is_related_header
    ],
)
def test_capitals_marks_and_signs_around_do_not_matter(line: str, reason: str | None) -> None:
    assert label_of(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "Hide Caption 2 of 16 Photos", "Hide Caption", "toggle caption", "Bild 3 von 16", "Photo 2 sur 16", "Foto 2 de 16", "Foto 2 di 16",
        "Image 3 of 12", "Slide 4 of 10", "Фото 3 из 9", "Zdjęcie 3 z 12", "Gallery (16)", "View all 16 photos", "See all photos",
        "Ver galería (12)", "Voir le diaporama", "Zur Bildergalerie", "Alle Bilder ansehen", "Enlarge this image", "Story highlights",
        "Just watched", "More Videos ...", "Scroll down for video", "Check out the harbour map and tide tables",
    ],
)  # fmt: skip
def test_buttons_and_counters_of_galleries_and_players_go(line: str) -> None:
    told = (
        "The ferry Aurelia ran aground off Tannholm on Tuesday with 84 on board.",
        "Divers found no leak, the coast guard said.",
    )
    document = clean(Article(id="a", title="Ferry aground off Tannholm", text="\n\n".join((told[0], line, told[1]))))
    assert document.text == "\n\n".join(told)


@pytest.mark.parametrize(
    "line",
    [
        "See you in court", "Photos show the ferry aground", "Video 2000 was a format", "Image of 2 men found", "1 of 3 men survives",
        "Foto de 12 personas", "2 of 16", "3 of 9 members voted for the pier",
    ],
)  # fmt: skip
def test_lines_that_only_begin_like_them_stay(line: str) -> None:
    assert label_of(line) is None


PLACEHOLDERS = [
    "This advertisement has not loaded yet, but your article continues below.",
    "Advertisement 3",
    "after newsletter promotion",
    "Your browser does not support the video tag.",
    "Empfohlener redaktioneller Inhalt",
    "An dieser Stelle findest du einen Beitrag von Chirper, der den Bericht über die Fähre ergänzt.",
    "Ich bin damit einverstanden, dass mir Beiträge von Chirper angezeigt werden. Dabei können Daten übermittelt werden.",
    "Um eingebettete Inhalte anzuzeigen, ist deine Einwilligung nötig. "
    + "Sie gilt für alle Anbieter auf dieser Seite. " * 8,
    "Pour afficher ce contenu, vous devez accepter les traceurs de Chirper.",
    "Para ver este contenido debes aceptar las condiciones de Chirper.",
    "Aby wyświetlić tę treść, zaakceptuj pliki serwisu Chirper.",
]
CREDITS = [
    "The ferry off Tannholm. © Kim Orr | Ellery Pictures",
    "Die Fähre vor Tannholm © Kim Orr/Ellery",
    "Kim Orr/Getty Images",
    "STR via Getty Images",
    "imago images/Kim Orr",
    "지난 화요일 좌초한 여객선. [사진 출처 = 엘러리 해운]",
]
TOGGLES = [
    "Article content",
    "Box aufklappen Box zuklappen",
    "Vis mer Vis mindre",
    "Zobrazit vše",
    "이미지 확대보기",
    "Passer la publicité",
]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        *((line, reasons.ADVERT) for line in PLACEHOLDERS),
        *((line, reasons.PICTURE_CREDIT) for line in CREDITS),
        *((line, reasons.MENU) for line in TOGGLES),
    ],
)
def test_what_stands_for_embedded_things_credits_with_a_sign_and_toggles_go(line: str, reason: str) -> None:
    told = (
        "The ferry Aurelia ran aground off Tannholm on Tuesday with 84 on board.",
        "Divers found no leak, the coast guard said.",
    )
    document = clean(Article(id="a", title="Ferry aground off Tannholm", text="\n\n".join((told[0], line, told[1]))))
    assert document.text == "\n\n".join(told)
    assert [(cut.text, cut.reason) for cut in document.cuts] == [(line.strip()[:500], reason)]


@pytest.mark.parametrize(
    "line",
    [
        "An dieser Stelle stand bis 1911 eine Mühle, sagte der Pfarrer.",
        "Getty Images sues a maker of pictures",
        "The board of Shutterstock",
        "Your browser keeps a list of pages, the ministry warned.",
        "Advertisements 300 years ago were printed by hand.",
        "The song is sold with the sign © on its cover, the judge said.",
    ],
)
def test_prose_that_only_resembles_them_stays(line: str) -> None:
    assert rule_for(line) is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("（原标题：云台港渡轮搁浅 八十四人获救）", reasons.NOTE),
        ("原標題：雲台港渡輪擱淺", reasons.NOTE),
        ("最后更新: 2026-03-04 15:14:21", reasons.TIME_STAMP),
        ("發布時間：2026年3月4日 15:14", reasons.TIME_STAMP),
        ("原标题党的人说，渡轮搁浅后无人受伤。", None),
        ("更新时间表后，渡轮将在下午三点开船。", None),
    ],
)
def test_what_chinese_pages_set_above_a_text_goes(line: str, reason: str | None) -> None:
    assert rule_for(line) == reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('googletag.cmd.push(function() { googletag.display("div-gpt-ad-123"); });', reasons.CODE),
        ("(adsbygoogle = window.adsbygoogle || []).push({});", reasons.CODE),
        ("window._taboola = window._taboola || [];", reasons.CODE),
        (".widget-7 { display: none; } @media (max-width: 600px) { .widget-7 { width: 100%; } }", reasons.CODE),
        ("Sdílet na Facebooku", reasons.SHARE_BUTTON),
        ("Udostępnij na Facebooku", reasons.SHARE_BUTTON),
        ("Поделиться в Telegram", reasons.SHARE_BUTTON),
        ("扫一扫分享到微信", reasons.SHARE_BUTTON),
        ("シェアする", reasons.SHARE_BUTTON),
        ("Printed from https://echo.example/2026/pool on 4 March 2026", reasons.NOTE),
        ("Let x = 3, the teacher wrote on the board.", None),
        ("The function f(x) grows, she said; the set {a, b} does not.", None),
        ("Window of opportunity (or not) for the mayor", None),
        ("Documents show that the minister knew; he denies it.", None),
        ("Dela på räkningen med Anna", None),
        ("Printed on silk, the map of 1612 was sold on Tuesday.", None),
        ("分享会在青州举行，两百人参加。", None),
    ],
)
def test_programs_styles_and_share_buttons_go_and_prose_about_them_stays(line: str, reason: str | None) -> None:
    assert rule_for(line) == reason


INVITATIONS = [
    "Liked this report? Buy us a coffee and keep the Echo alive.",
    "Haberin devamı için uygulamamızı indirin.",
    "Gelişmeleri kaçırmamak için bizi takip edin.",
    "Have you got a story? Email newsdesk@lenham.example",
    "Masz dla nas temat? Napisz na redakcja@kurier.example",
    "Heb je een tip? Mail de redactie.",
    "Unser Newsletter informiert Sie jeden Morgen über das Wichtigste. Jetzt kostenlos anmelden.",
    "더 빠른 소식을 원하시면 앱을 설치하세요.",
    "最新ニュースは公式アプリをダウンロードしてください。",
    "Buy us a coffee and keep the Echo alive.",
    "Enjoyed this? Tell a friend.",
    "Refresh this page for updates.",
    "Please disable your ad blocker to go on.",
    "Sign in to comment",
    "Melden Sie sich an, um zu kommentieren.",
    "Bitte deaktivieren Sie Ihren Adblocker.",
    "Connectez-vous pour commenter",
    "Offrez-nous un café !",
    "Inicia sesión para comentar",
    "Hemos detectado que usas un bloqueador de anuncios. Desactívalo, por favor.",
    "Accedi per commentare",
    "Faça login para comentar",
    "Log in om te reageren",
    "Logga in för att kommentera",
    "Wykryliśmy, że używasz adblocka. Wyłącz go, prosimy.",
    "Oceń artykuł: 4,2 (17 głosów)",
    "Ha tetszett a cikk, támogasd a lapot!",
    "Чтобы оставить комментарий, войдите на сайт",
    "Увійдіть, щоб залишити коментар",
    "Συνδεθείτε για να σχολιάσετε",
    "Yorum yapmak için giriş yapın",
    "سجل الدخول للتعليق",
    "हर खबर सबसे पहले पाने के लिए हमारा टेलीग्राम चैनल जॉइन करें।",
    "Đăng nhập để bình luận",
    "Masuk untuk berkomentar",
    "เพิ่มเพื่อนในไลน์ รับข่าวทุกเช้า",
    "コメントするにはログインしてください",
    "댓글을 쓰려면 로그인하세요",
    "登录后评论",
    "Pakua programu yetu leo",
    "More to follow. Refresh for updates.",
    "Questo articolo è riservato agli abbonati",
    "Déjà abonné ? Identifiez-vous",
    "Sie haben bereits ein Abo? Hier geht es weiter.",
    "¿Ya eres suscriptor? Entra",
    "Al abonnee? Log hier in",
]


@pytest.mark.parametrize("line", INVITATIONS[1:])
def test_what_asks_to_log_in_to_pay_or_to_rate_goes(line: str) -> None:
    assert label_of(line) == reasons.INVITATION


@pytest.mark.parametrize(
    "line",
    [
        "The video is loading...",
        "Das Video wird geladen …",
        "Cargando vídeo...",
        "Видео загружается",
        "Video yükleniyor...",
        "Trình phát video đang tải...",
        "视频加载中",
    ],
)
def test_what_a_player_says_while_it_loads_goes(line: str) -> None:
    assert label_of(line) == reasons.MENU


@pytest.mark.parametrize(
    "line",
    [
        "Bloqueadores de anuncios: cada tercer lector usa uno",
        "“Log in to comment” will be gone from the paper's site by May",
        "Memuat video itu di telepon memakan waktu lama, kata warga",
        "Video is loading faster than ever in Fen",
        "广告拦截软件公司败诉",
    ],
)
def test_news_about_blockers_cups_and_comments_stays(line: str) -> None:
    assert label_of(line) is None


@pytest.mark.parametrize(
    "line",
    ["Impressum Datenschutz AGB", "Accueil Contact", "Inicio Contacto", "Kontakt Regulamin", "홈 로그인 회원가입"],
)
def test_names_of_menus_in_a_row_go(line: str) -> None:
    assert label_of(line) == reasons.MENU


@pytest.mark.parametrize("line", ["Impressum Datenschutz Streit", "Kontakt zur Sonde verloren", "Suche abgebrochen"])
def test_prose_with_names_of_menus_stays(line: str) -> None:
    assert label_of(line) is None
