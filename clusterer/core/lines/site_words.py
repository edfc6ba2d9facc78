"""The words in which sites speak of themselves, by language: beginnings of words, without capitals and accents; "=" before a whole word.

Requests, notices and invitations are worded anew on every site, but from few words. Before the bar stand their subjects (account, page,
newsletter, this article), two of which hardly any sentence of a report holds; behind it what else is in them, which alone says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from clusterer.core.text import folded, listed

_EVERYWHERE = (
    "cookie javascript captcha newsletter browser "
    "whatsapp telegram facebook instagram youtube =app =site robot =premium =google =apple =email =e-mail =404"
)
_LANGUAGES = (
    """
    subscri paywall newsletter login =log logged account password passcode cookie javascript captcha browser =robot homepage =page
    webpage website =site article =story =app =apps whatsapp telegram facebook instagram youtube =tiktok advert blocker =inbox
    mailbox e-mail =email podcast =404 =url privacy consent =bookmark =editorial =register =push =comment comments channel
    |
    =you =your =we =our =us =please sorry =oops thank =want =already =have =has =get =can =can't =cannot =need =must =only =just
    =this =all =here =for =from =to =and =or =not =is =are =the =be =it =of =in =on =with click =tap continu keep follow download
    share =join =sign confirm enter leave accept agree =create start unlock =try turn =allow manag scroll =go =back reload refresh
    enable disable verif support prefer =read =reading reader =watch =listen receiv =never =miss content =free month weekly =week
    trial price offer unlimit cancel =anytime device =full access limit exclusiv minute journalis newsroom =look looking =find
    =found exist moved broken link address search available region country location secur connect request server permission denied
    =error mistake typo =tip helpful feedback =rate =age =over view birth detail partner data process person setting choice update
    alert notif =news latest publish member =post below video photo =help something =wrong removed may been longer complete check
    step adult year old least value change any time by icon digital stor my option one more six twelve then forgot reset lost expire
    deleted back home main unavailable unable temporar later again human prove puzzle choose plan subscriber benefit thousand join
    remaining like enjoy friend after message also comment today become text daily morning every
    """,  # English
    """
    abonn =abo digitalabo probeabo weiterlesen kundbar testphase anmeld konto artikel beitrag seite startseite werb einwillig
    datenschutz anzeige pushnachricht postfach redaktion kommentar kommentier kanal webseite website internetseite
    |
    jetzt =hier bitte lesen weiter =sie =ihr =ihre =wir =unser =uns =dein =du klick folg teil lad registr gratis kostenlos monat
    woche danach euro kundbar jederzeit bereits test exklusiv inhalt daten anbieter finanz verarbeit widerruf nutz zugriff zugang
    angebot werbefrei ohne =mit =und =oder =fur =im =in =den =die =das =der =um =zu alle suche gefunden seit fehler gefall news
    verpass dem ersten digital diese leider nicht mehr existier vielleicht hilf ihnen unsere umgezogen gelosch verschoben veraltet
    link adresse zuruck startseite gesuchte verfugbar alter jahre volljahrig bestatig passwort vergessen noch kein nur wahlen
    gemeinsam konnen werden dauerhaft ganze premium plus einloggen sicherheit uberpruf browser haben ist sind sehen verwend von
    zustimm einstellung ander akzeptier ablehn abgelauf verlanger unterbrech damit dabei muss kann freund geht nach dann text region
    auch tagli morgen kommentier schreib finden schon empfehl
    """,  # German
    """
    compte identifi page site accueil publicit confidential lettre =infolettre boite commentai commenter reagi chaine application
    |
    =vous =votre =vos =nous =notre =nos cliqu lire lecture continu poursuiv suiv partag telecharg =inscri connect gratuit mois
    semaine engagement offre premier profit deja reste decouvr acced contenu donnee accept robot =dans =sur =pour =de =du =la =le
    =les =et =un =une =ce =cet =cette =sans erreur actualit recev =pas chaque matin cette plus ete avez deplac retourn utilis
    recherche page supprim introuvable indisponible existe accueil adresse erronee lien majeur ans confirm age mot passe oubli suite
    reserv tous illimit lisez identifi verifi patient merci article abonne acces creez rapide survenue demand momentan inaccessible
    essa oups est pouvez votre veuill refus parametre choix video voir regard aime ami apres retrouv toute notre application texte
    commentaire puis
    """,  # French
    """
    suscri cuenta sesion articul pagina portada publicidad privacidad boletin =correo registrate coment canal noticia web aplicacion
    sitio
    |
    =tu =tus =su =sus =nuestr =usted =ya clic =lee leer leyend sigue seguir compart descarg inici gratis =mes meses semana oferta
    limit acept contenid dato busca volver vuelve =existe cambi direccion usa =para =con =en =de =la =el =los =las =que =y =o =no
    =todo =toda noticia guard coment error recib acceso restring mayor edad confirm tienes anos entrar eliminad movid encontr
    disponible enlace antiguo solo exclusiv todos sin esta este contrasena olvid crea quieres unete hemos robot mas eres persona
    marca casilla demostr configur rechaz ver video necesit puede gustado amigos despues continua texto aplicacion cada manana
    tambien nuestra nuestro
    """,  # Spanish
    """
    abbon account articol pagina pubblicit consens accedi registra comment canale notizia sito app
    |
    =tuo =tua =tuoi =vostr =nostr =noi clicc continu segui condivid scaric iscriv gratis mese anno offert acced scegli piano
    contenut dati accett cerca trovat esist =per =con =di =il =la =un =una =che =e =o =non =questo =devi =essere =fa =te =gia notizi
    ricev richiest disponibile torna alla home tra le pagina spostat rimoss eliminat raggiun limite gratuit senza maggiorenn eta
    anni conferm password dimentic crea nuovo rete link indirizzo errat sono sei tutti tutte questa puoi cambiare idea quando vuoi
    oppure impostaz rifiut video vedere devono deve piaciut amici dopo testo nessun perdere app anche commento ogni mattina sul
    nostro gli
    """,  # Italian
    """
    assin =conta artigo pagina materia publicidade newsletter cadastr inscrev coment canal noticia site aplicativ
    |
    =voce =seu =sua =nosso =nossa cliqu =leia =ler continu =siga compartilh baix gratis mes ofert acess conteud exclusiv dado aceit
    busc exist =para =com =de =o =a =os =as =que =e =ou =nao =ja =quer =aqui =no =na noticia receb =pelo atingiu limite gratuit
    removid movid encontr disponivel volte inicio endereco link idade anos maior confirm senha esquec crie apenas so todos todas
    esta este sem ops essa ela pode ter sido errad precis config ver video foi nao gostou amigos depois apos texto aplicativo tambem
    comentario cada manha entre mais
    """,  # Portuguese
    """
    abonn artikel pagina nieuwsbrief advertent toestemming inlog websit mailbox reageer reactie kanaal site app
    |
    =je =jouw =uw =u =wij =we =ons =onze klik lees lezen verder volg deel downloa schrijf gratis maand week weken toegang onbeperkt
    verhal bekijk mogelijk gegeven accept zoek gevonden =voor =met =van =de =het =een =en =of =niet =al =alle =heb =neem =tot =krijg
    nieuws ontvang elke ochtend mis proef geen deze dit bestaat niet meer verwijderd verplaatst terug homepage beschikbaar leeftijd
    jaar ouder bevestig wachtwoord vergeten inlog maak aan nog lezers exclusief bent video zonder instelling kijk weiger moet kun
    wilt leuk vrienden gaat onder tekst ook ons via vond reactie op
    """,  # Dutch
    """
    prenumer kontot artikeln sidan nyhetsbrev annons webbplats samtyck abonnent artikkel saken siden nettsted logg samtykk nettside
    abonnement artikl nyhedsbrev annonc hjemmeside =log kommenter kommentar kanal appen nyheder indbakke innboks inkorg
    |
    =du =din =ditt =dig =vi =var =vara klick klikk =las =les =laes fortsaett folj folg del ladda last gratis vecka uge tilgang
    adgang full =allt =for =at =att =och =og =med =den =det =en =et =ett =ikke =inte =har =som =i =pa =av =nar =under binding forste
    forsta kron proev prov avslutt helt hele skap konto inget minut nyhet fa morgon missa rett fel avsnitt forbehold bruker
    registrer deg inn lese denne dette denna detta bara bare kun endast finns finnes findes eksister flytta flyttet fjerne tatt bort
    tilbake tilbage startsid forsid sok soeg adress passord losenord glomt glemt alder ar bekraft bekreft logget vaere ma behover
    gjer allt alt langre till eller bland ga profil opret opprett bestill video inställning indstilling gillade vanner venner efter
    etter texten teksten fortsat dine dina mer fler likte lide nyheder kommentar direkte vores var
    """,  # Scandinavian
    """
    tilaa tilaus tili sivu juttu jutu artikkel mainos kirjaud evaste komment whatsapp sovellu uutis
    |
    =sinun =sina =me =olet =oletko klikkaa lue jatk seur jaa lataa ilmai kuukau viiko kokeil euro sisalt vain kuva jalkeen kaik tama
    =ja =tai =on =jo =nyt etsi virhe asiavir ilmoita uuti ei loytyn poistet siirret palaa etusiv osoite vanhentun haku salasana
    unohtu ika taytta vuot vahvista luke koko rajattom vaatii rekisteroi kirjautum tunnus maksuton luominen vie hetken enaa asetuks
    hyvaksy hylkaa video pidit ystav mainoks sovellu teksti myos kommentti meita lisaa
    """,  # Finnish
    """
    subskry prenumer kont artykul stron reklam zalog zarejestr ciastecz zgod tekstu skoment koment kanal aplikacj
    |
    =twoj =masz =nasz =jest klikn czyt przeczyt dalej dalsz dostep wykup kup darmo miesiac pierwsz pozosta calosc aby =za =zl
    udostepn obserw pobierz znajd zobacz =nie =sie =do =na =w =z =i =juz dziek ocen blad pod wideo material konc nasz wiadomos tresc
    tylko zaloz konto szukan przenies usuniet wroc glown wyszukiwark adres istniej haslo zapomnia lat pelnoletn potwierdz ukonczy
    ograniczen bez dla przekrocz limit korzystasz blokad wylacz albo abonament ustawien akceptuj odrzu musisz mozesz znajom reklam
    tekst aplikacj badz biezaco takze komentarz codzien wiecej dolacz
    """,  # Polish
    """
    predplat ucet uct clan strank reklam prihla souhlas newsletter komentar kanal web aplikac
    |
    =vas =vase =mate =jste =nas =nase klikn cist ctete sdil stahn zdarma mesic soucast obsah placen =uz =se =si =na =v =pro =a =je
    hled nalez chyb napis nasli premium kterou neni zkuste vyhledav nebo vratte hlavni stran presun odstran smazan adresa odkaz
    zapomenut heslo vek let potvrd dostupn jen pouze prectete cely tento teto zaplat odemkn pristupn ctenar registrac zaber minut
    nastaven prijm odmit video musite muzete libil prate pokrac pod aplikac take komentar kazde rano dalsi najdete nasem pridejte
    """,  # Czech
    """
    elofizet fiok cikk oldal hirdet suti hirlevel bejelentkez regisztral adatkezel bongeszo hozza komment alkalmaz
    |
    =on =onnek kattints olvas folytat kovess letolt ingyen honap tartalom felhaszn elmeny elfogad reszlet talal keres =az =a =es
    =hasznal javit erdek hasznalat =nem szukseg fizessen elo havi forint korlatlan torolt athelyez vissza fooldal cim jelszo
    elfelejt eves elmult teljes csak tovabb uj nincs letre regisztral elerheto nezzen mar beallitas elutasit video ezt vagy tetszett
    ossza ismeros utan alkalmaz toltse szoveg komment minden reggel szoljon tobb meg
    """,  # Hungarian
    """
    abona abone cont articol pagin publicit autentific inregistr newsletter coment canal site aplicati
    |
    =dumneavoastra =dvs =tau =ta =noi citi citest urmar distribui descarc gratuit luna ofert acces cautat gasit exist posibil adres
    scris gresit sters =sa =fi =fost =ca =sau =a =la =de =nu =pe placut disponibil doar pentru limite mut inapoi prima acasa cautare
    parola uitat varsta ani confirm creeaza cont intreg lei fara numai poate aceasta acest trebuie peste intra sunt setari accept
    refuz video vedea puteti prieten dupa aplicati text comentari fiecare dimineat multe
    """,  # Romanian
    """
    συνδρομ λογαριασμ αρθρ σελιδ διαφημισ συνδεθ εγγραφ newsletter ιστοσελιδ ιστοτοπ απορρητ ειδοποι σχολι καναλι εφαρμογ
    |
    =σας =μας =εμεισ κλικ διαβασ συνεχ ακολουθ κατεβασ δωρεαν μηνα περιεχομεν αποδοχ διαχειρ αποθηκευ πληροφορ δεδομεν προσωπικ
    συσκευ συνεργατ =τα =το =τον =την =και =στο =στη =για =απο =ολεσ =ολων =δειτε τελευται ειδησ μαθετε πρωτοι οπωσ επεξεργ ειναι
    διαθεσιμ μονο γινετε ευρω διαγραφ επιστρ αρχικη αναζητ κωδικ ξεχασ ηλικι ετων επιβεβαι δεν υπαρχ βρεθηκε απεριοριστ δημιουργ
    ψαχνετε ζητησατε αυτη αυτο αναγνωσ εχετε ρυθμισ αποδεχ απορρι βιντεο δειτε πρεπει μπορειτε αρεσε φιλ μετα εφαρμογ κειμεν σχολι
    καθε πρωι μοιρασ περισσοτερ
    """,  # Greek
    """
    abone hesa uye makale haber sayfa reklam cerez bulten uygulama kanal yorum sitemiz
    |
    =siz =sizin =biz =bizi tikla oku devam takip paylas indir ucretsiz =ay icerik yalniz sadece ozel =icin =ve =bu =zaten =olun
    =yapin misiniz kabul ara bulun ulasil tasin silin olabilir ana don mevcut degil sifre unut yas dogrula onayla olustur tum tamam
    sinirsiz adres baglanti hesabiniz engelle kullan fark gormek lutfen kapat ayar reddet video begen arkadas sonra uygulama metin
    yorum her sabah icin katilin daha fazla ziyaret edin yap
    """,  # Turkish
    """
    подпис аккаунт статьи статью статья материал страниц реклам войд зарегистр куки браузер робот рассылк канал сайт логин коммент
    приложени новост
    |
    =вы =вас =вам =ваш =мы =наш нажм чита продолж следи поделит скача бесплат месяц доступ подтверд запрос устройств автоматич похож
    отправл найд ошибк выдел =не =на =в =и =для =чтобы =или =по =с =к =что =а =нам =очень =жаль =все только оформ новост удален
    никогда существ перейдите главн воспольз поиск адрес ссылк устарел вернитесь пароль забыл лет возраст исполнилось подтвержд рубл
    огранич полный полностью войти создайте она была или эта этот если взросл содерж настройк принять отклон видео посмотр можете
    нужно понрави друзь после текст приложен комментар каждое утро рекла больше нашем нашего оставьте присоедин
    """,  # Russian
    """
    передплат акаунт статт матеріал сторінк реклам увійд зареєстр браузер робот розсилк канал сайт підпис комент застосун новин
    |
    =ви =ваш =вам =ми =наш натисн чита продовж стеж поділ завантаж безкоштов місяц доступ оформ гривн перш лише тільки цей =для =щоб
    =за =на =і =та =не знайд помил виділ далі новин помітил видален існує перейдіть головн скориста пошук адрес посилан пароль
    забули років вік підтверд повн увійдіть хвилин займе створ або ця використ обмеж налаштув прийняти відхил відео сподоб друз
    після текст застосун коментар щоранку додат більше нашому залиште приєдн
    """,  # Ukrainian
    """
    абон акаунт стати страниц реклам вход регистр бисквит сайт бюлетин комент канал приложен
    |
    =вие =вашия =ние прочет продълж последв сподел изтегл безплат месец достъп съдърж навърш годин =ли =сте =за =на =да =не =този =и
    =с намер търс само абонир лева потърсе преместен изтрит върнете начал парол забрав пълн страница която не съществува харес
    приятел след текст приложен коментар
    """,  # Bulgarian
    """
    pretplat racun clan stranic oglas prijav registr kolacic newsletter koment kanal aplikacij
    |
    =vi =vas =nas klikni citaj nastav prati podijel preuzm besplat mjesec pristup dostup samo =ovaj =ovo =je =se =vec =od =i =bez
    ogranic eura koju trazite ne postoji vratite naslovn upisite pojam trazili premjest obris lozink zaborav godina potvrd procit
    cijel bez moguce poveznica adresa ova ili postavk prihvat odbij video možete mozete morate svidi prijatelj nakon tekst aplikacij
    komentar
    """,  # Croatian
    """
    berlangganan langganan akun artikel halaman iklan masuk daftar situs kebijakan saluran aplikasi laman komentar berita
    |
    =anda =kami klik baca lanjut ikuti bagikan unduh gratis bulan akses konten menggunakan meningkat pengalaman menyetuju terima
    semua dengan =dan =untuk =di =ini =yang simak terbaru berita privasi cari temukan beli tidak ada ke beranda atau gunakan
    pencarian dipindah dihapus alamat tautan kata sandi lupa usia tahun konfirmasi hanya pelanggan penuh lengkap buat belum punya
    mungkin sudah telah membaca mulai tanpa batas pengaturan tolak video melihat dapat harus suka teman setelah aplikasi komentar
    setiap pagi berlanjut lain kami
    """,  # Indonesian
)
# In scripts without capitals the same as parts of lines, whatever stands around them.
_UNCASED = (
    (
        """
        로그인 | 회원 | 구독 | 계정 | 비밀번호 | 아이디 | 페이지 | 기사 | 앱 | 채널 | 카카오톡 | 뉴스레터 | 광고 | 쿠키 | 로봇 |
        브라우저 | 추천 | 댓글 | 원문
        """,
        """
        필요 | 서비스 | 이용 | 후 | 해 | 주시 | 바랍 | 찾기 | 찾을 | 없 | 요청 | 하신 | 합니다 | 하세요 | 가입 | 무료 | 계속 |
        읽 | 클릭 | 공유 | 좋아요 | 보내 | 훈훈 | 슬퍼 | 화나 | 를 | 을 | 이 | 가 | 는 | 입니다 | 에 | 과 | 더 | 보기 | 쓰기 |
        많은 | 에서 | 뒤 | 됩니다 | 추가 | 친구 | 다운로드 | 동의 | 설정 | 확인 | 유료 | 만 | 볼 | 수 | 있 | 습니다 | 하시면 |
        전문 | 으 | 실 | 로 | 인 | 의 | 한 | 은 | 다시 | 삭제 | 이동 | 주소 | 잘못 | 존재 | 않 | 홈 | 돌아가 | 검색 | 나이 | 세 |
        이상 | 성인
        """,
    ),  # Korean
    (
        """
        会員 | ログイン | 購読 | 登録 | ページ | 記事 | アプリ | クッキー | 広告 | 有料 | アカウント | メール | パスワード |
        ブラウザ | ニュースレター | サイト
        """,
        """
        限定 | 続き | 読 | お | いただけ | ます | です | ください | ませ | 今すぐ | 無料 | 残り | 文字 | 見つかり | 探し | 利用 |
        できま | の | を | に | は | と | が | する | すると | この | ご | 確認 | 必要 | また | コメント | 最新 | ニュース |
        読め | 広告 | 後 | 続 | 公式 | ダウンロード | こちら | 友達 | 間違 | 削除 | 可能性 | あり | された | いる | か | でした |
        ん | URL | トップ | 戻 | 移動 | アドレス | 全文 | 年齢 | 歳以上 | 方 | のみ | 対象 | シェア | フォロー | お気に入り
        """,
    ),  # Japanese
    (
        """
        登录 | 登入 | 会员 | 會員 | 订阅 | 訂閱 | 账号 | 账户 | 帳號 | 密码 | 注册 | 註冊 | 页面 | 頁面 | 网址 | 網址 | 网站 |
        網站 | 公众号 | 微信 | 二维码 | 客户端 | 广告 | 验证码 | 浏览器 | 评论 | 文章 | 本文 | 内容 | 版权 | 责任编辑 | 编辑 |
        链接 | 转载 | 轉載 | 首页
        """,
        """
        您 | 你 | 请 | 請 | 抱歉 | 访问 | 不存在 | 可能 | 有误 | 或者 | 或 | 该 | 已 | 被 | 删除 | 返回 | 扫描 | 扫码 | 关注 |
        下载 | 阅读 | 更多 | 全文 | 继续 | 免费 | 查看 | 分享 | 点击 | 注明 | 来源 | 声明 | 所有 | 本网 | 拥有 | 最终 | 解释 |
        权 | 的 | 了 | 是 | 在 | 和 | 为 | 以 | 后 | 可 | 上一篇 | 下一篇 | 没有 | 相关 | 推荐 | 字号 | 大 | 中 | 小 | 发表 |
        新闻 | 之后 | 喜欢 | 这篇 | 给 | 朋友 | 我们 | 评论 | 付费 | 即 | 首月 | 仅 | 需 | 元 | 每 | 月 | 年满 | 周岁 | 进入 |
        确认 | 移动 | 失效 | 链接 | 未找到 | 找到 | 找不到 | 首页
        """,
    ),  # Chinese
    (
        """
        تسجيل | اشترك | للمشترك | المشترك | حساب | كلمة المرور | الصفحة | صفحة | المقال | المحتوى | النشرة | تطبيق | قناة | بريد |
        ملفات | إعلان | الإعلان | تطبيقنا | الموقع | متصفح | الخبر | قناتنا | واتساب | تيليجرام | فيسبوك
        """,
        """
        هذا | هذه | متاح | فقط | الآن | لمتابعة | القراءة | بسعر | دولار | الشهر | الأول | عبر | على | تابع | شارك | حمل | اقرأ |
        لا | غير | موجود | العثور | لقراءة | بقية | ليس | لديك | أنشئ | حذف | نقل | الرئيسية | عد | كلمة | نسيت | العمر | سنة |
        كامل | البحث | يرجى | علق | الخبر | لمزيد | تابعوا | قناتنا | الأخبار | يتبع | بعد | هل | أعجبك | شاركه | مع | أصدقائك |
        تحميل | مشاركة | تعليق | من فضلك | الدخول | في | من | إلى | أو | أخبار | آخر | خدمة | مجان | نا | ك | كم
        """,
    ),  # Arabic
    (
        """
        מנוי | התחבר | הרשמ | חשבון | סיסמה | הדף | העמוד | הכתבה | כתבה | עוגיות | JavaScript | רובוט | ניוזלטר | אפליקציה |
        וואטסאפ | טלגרם | פייסבוק | הצטרפ | אתר | דפדפן | תגובות
        """,
        """
        המלאה | פתוחה | קיים | הוסר | הועבר | חזרה | לדף | הבית | חיפוש | שכחת | גיל | מעל | המשך | הקריאה | לקריאה | בלבד |
        עכשיו | לחודש | הראשון | לרכישת | אנא | המתינו | בזמן | שאנו | מוודאים | שאינכם | יש | להפעיל | כדי | להמשיך | לא | נמצא |
        ש"ח | חינם | שתפו | עקבו | הורידו | את | על | של | עם | ב | ל | ה | כבר | כאן | לחצו | כל | העדכונים | אלינו
        """,
    ),  # Hebrew
    (
        """
        सदस्य | लॉग इन | लॉगिन | खाता | पासवर्ड | पेज | खबर | ऐप | एप | चैनल | न्यूज़लेटर | विज्ञापन | कुकी | वेबसाइट | फेसबुक |
        व्हाट्सऐप | व्हाट्सएप | ट्विटर | यूट्यूब | टेलीग्राम
        """,
        """
        पूरी | पढ़ | लिए | लें | पहला | महीना | केवल | रुपये | पहले | हैं | है | हमारा | हमारे | हमें | डाउनलोड | फॉलो | करें |
        ताजा | ताज़ा | से | जुड़ | पर | को | और | के | में | क्लिक | यहां | नहीं | मिला | देश | दुनिया | पसंद | आई | दोस्तों |
        साथ | बाद | जारी | टिप्पणी | सब्सक्राइब | लाइक | शेयर | यह | उपलब्ध | हो सकता | कि | लिंक | पुराना | हो | होम | जाएं |
        हटा | दिया | गया | उम्र | साल | पासवर्ड | भूल
        """,
    ),  # Hindi
    (
        """
        สมาชิก | เข้าสู่ระบบ | บัญชี | รหัสผ่าน | หน้านี้ | หน้าเว็บ | เนื้อหา | บทความ | แอป | เพจ | ช่อง | จดหมายข่าว | โฆษณา |
        คุกกี้ | เว็บไซต์ | เฟซบุ๊ก | ไลน์ | ข่าวสาร | ข่าวที่เกี่ยวข้อง | ขอบคุณภาพ | ภาพจาก
        """,
        """
        อาจ | ถูก | ย้าย | ลบ | ไป | แล้ว | กลับ | สู่ | หน้าหลัก | ต้องการ | อายุ | ปี | ยืนยัน | ลืม | หรือ | ไม่ | มี |
        สำหรับ | เท่านั้น | สมัคร | เพื่อ | อ่าน | ต่อ | เริ่มต้น | เพียง | เดือน | บาท | ละ | ติดตาม | ได้ที่ | ของเรา | ของ |
        เรา | คุณ | กรุณา | ไม่พบ | คลิก | แชร์ | กด | ดาวน์โหลด | ฟรี | ที่ | ได้ | และ | ใน | การ | ให้
        """,
    ),  # Thai
)


@dataclass(frozen=True, slots=True)
class SiteWords:
    """Of one language: subjects and the rest, each as beginnings of words and as whole words."""

    subjects: frozenset[str]
    subject_words: frozenset[str]
    around: frozenset[str]
    around_words: frozenset[str]


def _split(words: str) -> tuple[frozenset[str], frozenset[str]]:
    parts = words.split()
    return (
        frozenset(folded(one) for one in parts if not one.startswith("=")),
        frozenset(folded(one[1:]) for one in parts if one.startswith("=")),
    )


def _of(row: str) -> SiteWords:
    subjects, around = row.split("|")
    return SiteWords(*_split(f"{subjects} {_EVERYWHERE}"), *_split(around))


def _any_of(words: str) -> regex.Pattern[str]:
    return regex.compile("|".join(sorted(map(regex.escape, listed(words)), key=len, reverse=True)))


SITE_WORDS = tuple(map(_of, _LANGUAGES))
UNCASED = tuple((_any_of(subjects), _any_of(around)) for subjects, around in _UNCASED)
