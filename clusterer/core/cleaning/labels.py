"""Lines that a news page sets between the paragraphs of an article, by their words in some thirty languages: links to other articles,
buttons to share, invitations to follow or to subscribe, credits of pictures, how long the reading takes.

Lines and phrases are compared without capitals and accents, a line by its beginning alone, so each costs the same however many phrases
there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from clusterer.core.cleaning import reasons
from clusterer.core.cleaning.lines import ends_sentence, word_count
from clusterer.core.text import folded, listed

_LONGEST = 180
_LONGEST_BUTTON = 40
_LONGEST_INVITATION = 140
_LONGEST_CREDIT = 80
_LONGEST_LABEL = 48
_MOST_LINK_WORDS = 26
_KEY = 3  # characters by which invitations are looked up

_READ_ALSO = listed(
    """
    read more | read also | also read | read next | read this next | see also | watch also | watch more | related |
    related article | related articles |
    related story | related stories | related news | more on this | more on this story | more on this topic | you may also like |
    you might also like | don't miss |
    lies auch | lesen sie auch | lesen sie mehr | auch interessant | mehr zum thema | passend dazu
    | das könnte sie auch interessieren |
    lire aussi | à lire aussi | à lire également | lire également | lisez aussi | voir aussi | à voir aussi | sur le même sujet |
    lea también | lee también | leer también | te puede interesar | también te puede interesar | le puede interesar |
    mira también | vea también |
    ver también | noticia relacionada |
    leggi anche | potrebbe interessarti | vedi anche | guarda anche | per approfondire |
    leia também | leia mais | veja também | saiba mais | ler também | leia ainda |
    lees ook | lees meer | lees verder | bekijk ook | zie ook |
    läs också | läs även | läs mer | se också |
    les også | les mer | se også |
    læs også | læs mere |
    lue myös | katso myös | lue lisää |
    czytaj także | czytaj też | czytaj również | zobacz także | zobacz też | przeczytaj także | przeczytaj też | polecamy |
    čtěte také | čtěte též | čtěte i | přečtěte si také | mohlo by vás zajímat | související |
    čítajte aj | prečítajte si aj | prečítajte si tiež | mohlo by vás zaujímať |
    olvasta már | ezt is olvassa el | olvassa el ezt is | kapcsolódó cikk | kapcsolódó cikkek | ez is érdekelheti |
    citește și | citește mai mult | vezi și | citiţi şi | te-ar putea interesa |
    прочетете още | вижте още | още по темата |
    читайте также | читать также | смотрите также | по теме | материалы по теме | читайте ещё |
    читайте також | дивіться також | більше за темою |
    pročitajte i | pročitajte još | čitajte još | pogledajte i | прочитајте и | preberite tudi | preberite še |
    διαβάστε επίσης | διαβάστε ακόμα | δείτε επίσης | δείτε ακόμα | σχετικά άρθρα |
    ilginizi çekebilir | bunlar da ilginizi çekebilir | ayrıca bakınız | ilgili haber | ilgili haberler | bunu da okuyun |
    اقرأ أيضا | اقرأ أيضًا | اقرأ المزيد | إقرأ أيضا | شاهد أيضا | أخبار ذات صلة | قد يهمك أيضا | مواضيع ذات صلة |
    بیشتر بخوانید | همچنین بخوانید | مطالب مرتبط | یہ بھی پڑھیں | مزید پڑھیں |
    קראו גם | קרא גם | קראו עוד | ראו גם |
    यह भी पढ़ें | ये भी पढ़ें | और पढ़ें | इसे भी पढ़ें | আরও পড়ুন | இதையும் படியுங்கள் | மேலும் படிக்க |
    xem thêm | đọc thêm | tin liên quan | bài liên quan |
    baca juga | baca selengkapnya | baca lagi | lihat juga | simak juga |
    อ่านเพิ่มเติม | อ่านต่อ | ข่าวที่เกี่ยวข้อง |
    関連記事 | 関連ニュース | あわせて読みたい | こちらも読む |
    관련기사 | 관련 기사 | 함께 보면 좋은 기사 |
    相关阅读 | 相关新闻 | 相关报道 | 延伸阅读 | 推荐阅读 | 相關閱讀 | 相關新聞 | 延伸閱讀 |
    meistgelesen | meist gelesen | les plus lus | lo más leído | i più letti | mais lidas | mest lest
    | mest lästa | mest læst | luetuimmat
    | najczęściej czytane | nejčtenější | najčítanejšie | legolvasottabb | cele mai citite | самое читаемое
    | популярное | найпопулярніше
    | τα πιο διαβασμένα | çok okunanlar | en çok okunanlar | الأكثر قراءة | הנקראות ביותר | terpopuler | terkini
    | đọc nhiều | アクセスランキング
    | 人気記事 | 많이 본 뉴스 | 热门文章 | 热门新闻 | 最多閱讀 |
    soma pia | soma zaidi | lees ook hierdie | lexo edhe | lexo më shumë | loe ka | loe lisaks | skaitykite taip pat | lasi arī
    """
)
_SHARE = listed(
    """
    share | share this | share this article | share this story | share on social media | copy link | print | print this |
    teilen | artikel teilen | drucken | link kopieren |
    partager | partager cet article | imprimer | copier le lien |
    compartir | compartir esta noticia | compartir artículo | imprimir | copiar enlace |
    condividi | condividi questo articolo | stampa |
    compartilhar | compartilhe | compartilhe esta notícia | partilhar |
    deel | delen | deel dit | deel dit artikel | deel dit bericht | afdrukken | kopieer link |
    dela | dela artikeln | dela den här artikeln | skriv ut | kopiera länk |
    del | del artikkelen | del artiklen | del på facebook | kopier lenke |
    jaa | jaa artikkeli | tulosta | kopioi linkki |
    udostępnij | podziel się | udostępnij artykuł | drukuj | kopiuj link |
    sdílet | sdílej | sdílet článek | sdíleť | zdieľať | zdieľať článok | vytisknout | kopírovat odkaz |
    megosztás | oszd meg | cikk megosztása | nyomtatás |
    distribuie | distribuie articolul | trimite | споделете | сподели |
    поделиться | поделиться новостью | поделитесь | распечатать | скопировать ссылку | поділитися | поширити | надрукувати |
    podijeli | podelite | podeli | podijelite | deli | delite | podeli vest |
    κοινοποίηση | κοινοποιήστε | μοιραστείτε | εκτύπωση |
    paylaş | haberi paylaş | bu haberi paylaş | yazdır | bağlantıyı kopyala |
    شارك | شارك المقال | مشاركة | شارك الخبر | طباعة | نسخ الرابط | اشتراک گذاری |
    שתפו | שיתוף | שתף | הדפסה |
    शेयर करें | शेयर | साझा करें |
    chia sẻ | in bài |
    bagikan | bagikan artikel | kongsi | cetak | salin tautan |
    แชร์ | แชร์ข่าวนี้ |
    シェア | シェアする | この記事をシェア | 印刷 |
    공유 | 공유하기 | 기사 공유 | 인쇄 |
    分享 | 分享到 | 打印 | 列印
    """
)
_INVITES = listed(
    """
    abonnieren sie unseren newsletter | abonniere unseren newsletter | melden sie sich für unseren newsletter |
    hier für den newsletter anmelden |
    folgen sie uns | folge uns | jetzt abonnieren |
    abonnez-vous à notre newsletter | inscrivez-vous à notre newsletter | recevez notre newsletter | suivez-nous |
    suscríbete a nuestro | suscríbase a nuestro | síguenos | síganos | únete a nuestro canal | recibe nuestro boletín |
    iscriviti alla newsletter | iscriviti alla nostra newsletter | seguici | unisciti al nostro canale |
    assine nossa newsletter | receba nossa newsletter | siga-nos | siga o nosso canal | entre no nosso canal |
    inscreva-se em nosso canal |
    meld je aan voor | meld u aan voor | schrijf je in voor | abonneer je op | volg ons | ontvang onze nieuwsbrief |
    prenumerera på vårt | prenumerera på vår | anmäl dig till vårt | följ oss |
    meld deg på vårt | abonner på vårt | følg oss | tilmeld dig vores | abonnér på vores | få vores nyhedsbrev |
    tilaa uutiskirje | tilaa uutiskirjeemme | seuraa meitä |
    zapisz się do newslettera | zapisz się na newsletter | zapisz się do naszego | obserwuj nas | polub nas |
    śledź nas | dołącz do nas |
    přihlaste se k odběru | odebírejte náš | odebírejte naše | sledujte nás | prihláste sa na odber | sledujte nás na |
    iratkozzon fel | iratkozz fel | kövessen minket | kövess minket |
    abonează-te la | abonați-vă la | urmărește-ne | urmăriți-ne | абонирайте се за | последвайте ни |
    подпишитесь на наш | подписывайтесь на наш | подпишитесь на рассылку | подписывайтесь на рассылку |
    следите за нами | присоединяйтесь к нам |
    читайте нас в | підписуйтесь на наш | підпишіться на наш | підписуйтеся на наш | стежте за нами | читайте нас у |
    pretplatite se na | prijavite se na naš | pratite nas | naročite se na | sledite nam | spremljajte nas |
    εγγραφείτε στο newsletter | ακολουθήστε μας | ακολουθήστε το |
    bültenimize abone olun | bültenimize kaydolun | bizi takip edin | kanalımıza abone olun |
    اشترك في نشرتنا | اشتركوا في نشرتنا | سجل في نشرتنا | تابعنا على | تابعونا على | انضم إلى قناتنا |
    در خبرنامه ما عضو شوید | ما را دنبال کنید |
    הירשמו לניוזלטר | הצטרפו לניוזלטר | עקבו אחרינו |
    हमारे न्यूज़लेटर की सदस्यता लें | हमें फॉलो करें |
    đăng ký nhận bản tin | theo dõi chúng tôi |
    berlangganan newsletter | langganan newsletter | daftar newsletter | ikuti kami | ikuti saluran |
    gabung di channel | sertai saluran |
    สมัครรับจดหมายข่าว | ติดตามเราได้ที่ | ติดตามเราบน |
    会員登録はこちら | メルマガ登録はこちら | ニュースレターに登録 | フォローはこちら | フォローしてください |
    뉴스레터 구독하기 | 뉴스레터를 구독 | 팔로우하기 | 구독하기 |
    关注我们 | 订阅我们的 | 扫码关注 | 欢迎关注 | 關注我們 | 訂閱我們的
    """
)
_CREDIT = listed(
    """
    photo | photos | photo by | photo credit | photograph | picture | picture by | image | image credit | images | file photo |
    foto | fotos | bild | bilder | symbolbild | archivfoto | crédit photo | crédits photo | photographie | fotografía |
    imagen | crédito | créditos |
    immagine | foto di | imagem | crédito da foto | beeld | fotografie | kuva | kuvat | zdjęcie | zdjęcia | fot |
    fot. | snímek | fénykép | fotó | снимка |
    фото | фотография | світлина | φωτογραφία | φωτο | fotoğraf | صورة | تصوير | צילום | फोटो | तस्वीर | ảnh | hình | gambar | ภาพ |
    写真 | 画像 | 사진 | 图 | 图片 | 圖片 | 图源
    """
)
_TAGS = listed(
    """
    tags | tagged | topics | filed under | keywords | schlagworte | schlagwörter | themen | stichworte
    | mots-clés | étiquettes | etiquetas | temas
    | tag | argomenti | trefwoorden | onderwerpen | taggar | ämnen | emner | avainsanat | asiasanat | tagi
    | słowa kluczowe | štítky | témata | témy
    | címkék | etichete | теги | метки | тэги | ключевые слова | мітки | oznake | ετικέτες | etiketler
    | الكلمات المفتاحية | תגיות | टैग | từ khóa
    | kata kunci | แท็ก | タグ | キーワード | 태그 | 标签 | 关键词 | 標籤
    """
)
_MENU = listed(
    """
    home | homepage | log in | login | sign in | register | contact | contact us | about us | imprint | privacy
    | privacy policy | cookie policy
    | cookies | terms of use | terms of service | terms and conditions | sitemap | advertise | advertise with us
    | subscribe | rss | search | menu
    | startseite | anmelden | registrieren | impressum | datenschutz | datenschutzerklärung | agb | kontakt
    | über uns | mediadaten | suche | abo
    | accueil | se connecter | s'abonner | mentions légales | politique de confidentialité | gestion des cookies
    | nous contacter | qui sommes-nous
    | inicio | portada | iniciar sesión | suscríbete | aviso legal | política de privacidad
    | política de cookies | contacto | quiénes somos
    | accedi | abbonati | note legali | informativa privacy | privacy e cookie | contatti | chi siamo
    | início | página inicial | entrar | fale conosco | quem somos | contato | contacto | política de privacidade | termos de uso
    | inloggen | word abonnee | over ons | colofon | privacybeleid | cookiebeleid | algemene voorwaarden
    | startsida | logga in | bli prenumerant | om oss | integritetspolicy | logg inn | bli abonnent | om os
    | personvern | forside | forsiden
    | etusivu | kirjaudu | kirjaudu sisään | tietosuoja | tietosuojaseloste | yhteystiedot
    | strona główna | zaloguj się | zaloguj | regulamin | polityka prywatności | o nas | redakcja | reklama
    | úvod | přihlásit | přihlásit se | o nás | ochrana osobních údajů | obchodní podmínky | inzerce | prihlásiť sa | redakcia
    | kezdőlap | bejelentkezés | impresszum | adatvédelem | adatkezelési tájékoztató | médiaajánlat | kapcsolat
    | acasă | prima pagină | autentificare | despre noi | politica de confidențialitate | termeni și condiții
    | главная | войти | о редакции | о нас | реклама на сайте | пользовательское соглашение | политика конфиденциальности | контакты
    | головна | увійти | про нас | редакція | політика конфіденційності | контакти | naslovna | prijava | o nama | uvjeti korištenja
    | αρχική | σύνδεση | επικοινωνία | όροι χρήσης | πολιτική απορρήτου | ταυτότητα
    | ana sayfa | anasayfa | giriş yap | üye ol | künye | gizlilik politikası | kullanım koşulları | iletişim
    | الرئيسية | تسجيل الدخول | من نحن | اتصل بنا | سياسة الخصوصية | דף הבית | התחברות | צור קשר | תנאי שימוש
    | होम | लॉग इन | संपर्क करें | गोपनीयता नीति | trang chủ | đăng nhập | liên hệ | điều khoản sử dụng
    | beranda | masuk | tentang kami | redaksi | pedoman media siber | kebijakan privasi | hubungi kami
    | ホーム | ログイン | 会員登録 | 利用規約 | プライバシーポリシー | お問い合わせ | 会社概要
    | 홈 | 로그인 | 회원가입 | 이용약관 | 개인정보처리방침 | 회사소개 | 首页
    | 登录 | 注册 | 关于我们 | 联系我们 | 隐私政策 | 首頁 | 登入 | 聯絡我們
    """
)
_READING_TIME = re.compile(
    r"(?:(?:read(?:ing)?\stime|lesezeit|lesedauer|temps\sde\slecture|tiempo\sde\slectura|tempo\s(?:di\slettura|de\sleitura)|leestijd|lästid"
    r"|lesetid|læsetid|lukuaika|czas\sczytania|doba\sčtení|olvasási\sidő|timp\sde\scitire|время\s(?:чтения|на\sчтение)|час\sчитання"
    r"|okuma\ssüresi|waktu\sbaca|وقت\sالقراءة)\s*[:：]?\s*(?:ca\.?\s|~\s?|about\s)?\d{1,3}\s?(?:min|м|х|dk|menit|perc|хв|د)\w*\.?"
    r"|(?:ca\.?\s|~\s?)?\d{1,3}[\s-]?min(?:ute)?s?\.?\s(?:read(?:ing)?(?:\stime)?|de\s(?:lecture|lectura|leitura)|di\slettura|lesezeit"
    r"|leestijd|czytania|čtení)|读完需.{0,12}分钟|この記事は\d{1,3}分で読めます)",
    re.IGNORECASE,
)
_MARK = re.compile(r"[:：>»›→|–—/]|\?(?=\s)|\s-(?=\s)")  # between a label and what it is set before
_AROUND = " \t\u00a0*•·–—-+|<>«»‹›→►▶▸▪■□●○◆➤➡✉☛#()[]【】「」:：;,.!"


def _each_folded(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(phrase) for phrase in phrases)


_READ_ALSO_FOLDED, _SHARE_FOLDED, _CREDIT_FOLDED, _TAGS_FOLDED, _MENU_FOLDED = map(
    _each_folded, (_READ_ALSO, _SHARE, _CREDIT, _TAGS, _MENU)
)
_INVITES_BY_KEY = {
    key: tuple(one for one in _each_folded(_INVITES) if one.startswith(key))
    for key in {one[:_KEY] for one in _each_folded(_INVITES)}
}


def label_of(line: str) -> str | None:
    """The reason to cut a line for its label, None where it has none."""
    if len(line) > _LONGEST:
        return None
    plain = folded(line).strip(_AROUND)
    if len(plain) <= _LONGEST_BUTTON:
        if plain in _SHARE_FOLDED:
            return reasons.SHARE_BUTTON
        if plain in _MENU_FOLDED:
            return reasons.MENU
        if _READING_TIME.fullmatch(plain):
            return reasons.TIME_STAMP
    if len(plain) <= _LONGEST_INVITATION and plain.startswith(_INVITES_BY_KEY.get(plain[:_KEY], ())):
        return reasons.INVITATION
    mark = _MARK.search(plain, 0, _LONGEST_LABEL)
    return None if mark is None else _before(plain[: mark.start()].rstrip(), plain[mark.end() :].strip(_AROUND), line)


def _before(label: str, rest: str, line: str) -> str | None:
    if label in _READ_ALSO_FOLDED and 0 < word_count(rest) <= _MOST_LINK_WORDS:
        return reasons.RELATED_LINK
    if label in _TAGS_FOLDED and 0 < word_count(rest) <= _MOST_LINK_WORDS and not ends_sentence(line):
        return reasons.TAGS
    if label in _CREDIT_FOLDED and rest and len(line) <= _LONGEST_CREDIT and not ends_sentence(line):
        return reasons.PICTURE_CREDIT
    return None


def is_read_also(line: str) -> bool:
    """Is the line the label of links to other articles, and nothing else?"""
    return len(line) <= _LONGEST_LABEL and folded(line).strip(_AROUND) in _READ_ALSO_FOLDED
