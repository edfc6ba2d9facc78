"""Walls in many languages: pages that tell only that others may read them, or that the reader has to agree. Texts are our own."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article


@pytest.mark.parametrize("title", ["", "Harbour bridge reopens after repairs"])
@pytest.mark.parametrize(
    "text",
    [
        "You don't have permission to access this page on this server. Reference #18.2f1c",
        "Access to this resource has been blocked. If you believe this is an error, contact the site owner.",
        "We and our 812 partners store and access personal data on your device. You can change your choices at any time.",
        "Our systems have detected unusual traffic from your computer network. Please try again later.",
        "Este contenido es exclusivo para suscriptores. Suscríbete por 1 euro al mes o inicia sesión para seguir leyendo.",
        "Contenido exclusivo para suscriptores",
        "Contenu réservé aux abonnés",
        "Nous et nos 845 partenaires stockons et accédons à des informations sur votre appareil. Vous pouvez "
        "accepter ou refuser.",
        "Dieser Artikel ist nur für Abonnenten lesbar. Jetzt testen und weiterlesen für 1 Euro im ersten Monat.",
        "Nur für Abonnenten",
        "Wir verwenden Cookies und ähnliche Technologien. Mit Klick auf Akzeptieren stimmen Sie der Verarbeitung zu.",
        "Contenuto riservato agli abbonati. Abbonati a 1 euro al mese per continuare a leggere.",
        "Hai raggiunto il limite di articoli gratuiti. Abbonati per leggere senza limiti.",
        "Este conteúdo é exclusivo para assinantes",
        "Pozostało 80% tekstu. Dostęp tylko dla subskrybentów.",
        "Доступно только подписчикам",
        "この記事は会員限定です。続きを読むにはログインまたは会員登録が必要です。月額980円でお読みいただけます。",
        "この記事は有料会員限定です。残り1,204文字。",
        "会員限定記事です",
        "本文仅限订阅用户阅读",
        "이 기사는 구독자 전용입니다. 구독하시면 계속 읽을 수 있습니다. 이미 구독자이신가요? 로그인",
        "هذا المحتوى متاح للمشتركين فقط. اشترك الآن بدولار واحد شهريا أو سجل الدخول.",
        "บทความนี้สำหรับสมาชิกเท่านั้น กรุณาเข้าสู่ระบบหรือสมัครสมาชิกเพื่ออ่านต่อ",
        "Log in of maak gratis een account aan om verder te lezen. Heb je al een account? Log dan hier in.",
        "Sitemizde size daha iyi bir deneyim sunabilmek için çerezler kullanılmaktadır. Siteyi kullanmaya devam ederek "
        "çerez politikamızı kabul etmiş olursunuz.",
    ],
)
def test_a_page_kept_for_subscribers_or_behind_consent_is_a_wall(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert (document.kind, document.text) == ("wall", "")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Contenido exclusivo",
            "Este contenido es exclusivo para suscriptores. Suscríbete por 1 euro al mes o inicia sesión.",
        ),
        ("会員限定", "この記事は会員限定です。続きを読むにはログインまたは会員登録が必要です。"),
        ("Nur für Abonnenten", "Dieser Artikel ist nur für Abonnenten lesbar."),
    ],
)
def test_a_title_that_says_no_more_than_the_wall_is_no_topic(title: str, text: str) -> None:
    assert clean(Article(id="1", title=title, text=text)).kind == "wall"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Bots beat robot tests, study finds",
            "Please verify you are a human, websites ask. Programs now pass that test more often than people do, "
            "researchers in Delft write.",
        ),
        (
            "Bots beat robot tests, study finds",
            "Please verify you are a human, websites ask, and machines now pass the test faster than people, a "
            "study from the University of Norland found on Tuesday.",
        ),
        (
            "",
            "Readers without a subscription were locked out of the Harrow Gazette for nine hours on Monday after "
            "an update of its login system failed, the paper said.",
        ),
        (
            "",
            "The Norland data authority fined the retailer Brell 2 million crowns on Monday because its site set "
            "cookies before visitors had agreed.",
        ),
        (
            "Members only",
            "Members only may vote in the party's leadership election on 4 May, its board decided in Ardmore on "
            "Sunday, closing the race to registered supporters.",
        ),
        (
            "",
            "Subscribers of the streaming service Vello must pay two crowns more from July, the company said on Wednesday.",
        ),
        (
            "",
            "Nur für Abonnenten gilt künftig der günstige Tarif der Stadtwerke Rodenau, teilte das Unternehmen am Montag mit.",
        ),
        ("", "Les abonnés du réseau de bus de Valmont paieront 3 euros de plus par mois, a annoncé la mairie lundi."),
        (
            "",
            "Los suscriptores del canal Ondavisión recibirán una compensación tras el corte del domingo, anunció la empresa.",
        ),
        ("", "北浜市の会員制スポーツクラブで4日、有料会員約3千人分の個人情報が流出したことが分かった。"),
        (
            "",
            "Только подписчики сервиса «Волна» смогут смотреть матчи лиги Норландии в следующем сезоне, сообщила "
            "компания во вторник.",
        ),
        ("", "구독자 300만 명을 보유한 유튜버가 4일 강변시에서 음주운전 혐의로 입건됐다."),
        (
            "",
            "Hackers blocked access to the server of Senborough's city hall on Friday and left visitors with a "
            "message that they did not have permission to view the page.",
        ),
    ],
)
def test_news_about_subscribers_and_members_stays(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert (document.kind, document.text) == ("article", text)


CONSENT = [
    "Sütiket használunk\n\nWeboldalunk sütiket használ a jobb felhasználói élmény érdekében. Az oldal használatával Ön elfogadja ezt.",
    "Tento web používá soubory cookie. Jeho používáním s tím souhlasíte.",
    "Ta strona korzysta z plików cookies. Korzystając z niej, wyrażasz zgodę na ich używanie.",
    "Szanowny Czytelniku!\n\nDbamy o Twoją prywatność. Klikając „Zgadzam się”, wyrażasz zgodę na przetwarzanie danych osobowych przez nas i "
    "naszych partnerów.\n\nPrzejdź do serwisu\nUstawienia zaawansowane",
    "Záleží nám na vašem soukromí\n\nMy a naši partneři ukládáme informace na zařízení, například soubory cookie.\n\nPřijmout vše",
    "Mi és partnereink információkat tárolunk az eszközön, például sütiket, és személyes adatokat kezelünk.\n\nElfogadom",
    "Noi și partenerii noștri stocăm sau accesăm informații de pe un dispozitiv, precum module cookie.\n\nSunt de acord",
    "Vi värnar om din integritet\n\nVi och våra 134 partner lagrar och får åtkomst till information på din enhet.\n\nGodkänn alla",
    "Vi og vores partnere bruger cookies til at opbevare oplysninger på din enhed.\n\nTillad alle",
    "Me ja kumppanimme tallennamme ja käytämme tietoja laitteellasi, kuten evästeitä.\n\nHyväksyn kaikki",
    "Noi e i nostri 802 partner archiviamo informazioni su un dispositivo, come i cookie.\n\nAccetto",
    "Nosotros y nuestros 790 socios almacenamos información en un dispositivo, como cookies.\n\nAceptar todo",
    "Wij en onze 214 partners slaan informatie op een apparaat op, zoals cookies.\n\nAkkoord",
    "Biz ve iş ortaklarımız, bir cihazda çerezler gibi bilgileri saklıyor ve kişisel verileri işliyoruz.\n\nKabul ediyorum",
    "Εμείς και οι συνεργάτες μας αποθηκεύουμε πληροφορίες σε μια συσκευή, όπως cookies.\n\nΣυμφωνώ",
    "Мы и наши партнёры храним информацию на устройстве, например файлы cookie.\n\nПринять",
    "当社とパートナーは、お客様の端末にクッキーなどの情報を保存し、個人データを処理します。\n\n同意する",
    "저희와 파트너는 쿠키와 같은 정보를 기기에 저장하고 개인정보를 처리합니다.\n\n동의함",
    "نحن وشركاؤنا نخزن المعلومات على الجهاز، مثل ملفات تعريف الارتباط، ونعالج البيانات الشخصية.\n\nأوافق",
]
GONE = [
    "Sivua ei löydy\n\nHakemaasi sivua ei ole olemassa tai se on siirretty toiseen osoitteeseen.\n\nEtusivu",
    "Sayfa bulunamadı\n\nAradığınız sayfa kaldırılmış ya da adı değiştirilmiş olabilir.\n\nAna sayfa",
    "404\n\nA keresett oldal nem található. Lehet, hogy az oldalt áthelyezték vagy törölték.\n\nVissza a főoldalra",
    "404\n\nStránka nebyla nalezena. Omlouváme se, hledaná stránka byla přesunuta.\n\nZpět na hlavní stranu",
    "Eroare 404\n\nPagina căutată nu a fost găsită. Este posibil să fi fost mutată.\n\nÎnapoi la prima pagină",
    "Siden blev ikke fundet\n\nDen side, du leder efter, findes ikke længere.\n\nGå til forsiden",
    "Etsimääsi sivua ei löytynyt. Se on saatettu poistaa tai siirtää.\n\nTakaisin etusivulle",
    "Η σελίδα που αναζητάτε δεν βρέθηκε. Ίσως έχει μετακινηθεί ή διαγραφεί.",
    "404\n\nСторінку не знайдено. Можливо, її видалили або перенесли.\n\nНа головну",
    "404\n\nعذرا، الصفحة غير موجودة. ربما تم نقل الصفحة أو حذفها.\n\nالعودة إلى الرئيسية",
    "Không tìm thấy trang. Trang bạn yêu cầu có thể đã bị xóa hoặc di chuyển.\n\nVề trang chủ",
    "Stranica nije pronađena. Možda je uklonjena ili premještena.\n\nPovratak na naslovnicu",
]
RESERVED = [
    "Du behöver vara prenumerant för att läsa den här artikeln\n\nLogga in eller köp en prenumeration.\n\nLogga in",
    "هذا المحتوى متاح للمشتركين فقط\n\nاشترك الآن لقراءة المقال كاملا، أو سجل الدخول إذا كان لديك حساب.\n\nاشترك",
    "این مطلب ویژه مشترکان است\n\nبرای خواندن ادامه مطلب مشترک شوید یا وارد حساب کاربری خود شوید.\n\nورود",
    "Šis turinys skirtas tik prenumeratoriams\n\nNorėdami skaityti toliau, užsiprenumeruokite arba prisijunkite.\n\nPrisijungti",
    "Тази статия е само за абонати\n\nЗа да продължите да четете, влезте в профила си или се абонирайте.\n\nВход",
    "כדי להמשיך לקרוא את המאמר, הירשמו או התחברו לחשבון שלכם. החודש הראשון חינם.\n\nהתחברות",
]


@pytest.mark.parametrize("title", ["", "Harbour bridge reopens after repairs"])
@pytest.mark.parametrize("text", [*CONSENT, *GONE, *RESERVED])
def test_notices_in_the_place_of_an_article(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert document.kind == "wall" or (document.kind, title) == ("empty", "")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Sign of the times", "The council has taken down the last wooden street sign in the village. Residents who log in to the new map can report missing names."),
        ("Off the record", "A shop in Lenham sells nothing but vinyl. Customers sign in at the door and get a cup of tea. The owner keeps a register of every visitor."),
        ("Open door", "The library in Tarnbrook is open all night. Students log in with a card, continue to work and close the door behind them."),
        ("Alles im Griff", "Im Freibad von Wenholt müssen sich Gäste nun anmelden. Wer ein Abo hat, kommt durch das Drehkreuz ohne Kasse."),
        ("Dane na sprzedaż", "Urząd ukarał sklep za to, że klienci musieli wyrazić zgodę na przetwarzanie danych, aby kupić chleb. Kara wynosi dziewięć tysięcy złotych."),
        ("Stránka z kroniky", "Chybějící stránka kroniky Horní Vsi nebyla nalezena ani po roce pátrání. Muzeum nyní vypsalo odměnu tisíc korun."),
        ("شركاء", "أعلنت بلدية السالمية وشركاؤها بناء حديقة جديدة. وستفتح الحديقة أبوابها في الربيع المقبل."),
        ("افتح يا سمسم", "بدأت مكتبة السالمية تسجيل الدخول ببصمة الوجه. ويستطيع من اشترك في الخدمة استعارة الكتب بلا بطاقة."),
        ("열려라 참깨", "가람시 도서관은 이제 얼굴로 로그인한다. 회원가입을 한 시민은 카드 없이 책을 빌릴 수 있다. 시는 내년까지 모든 도서관으로 넓힌다."),
        ("Sésamo", "Los vecinos de Almedina que se registran en la aplicación municipal reciben un árbol. Ya se han suscrito cuatrocientas familias."),
    ],
)  # fmt: skip
def test_people_who_sign_in_are_news(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert (document.kind, " ".join(document.text.split())) == ("article", text)
