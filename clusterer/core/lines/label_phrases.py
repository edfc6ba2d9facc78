"""What pages in some thirty languages write around an article: the words that `labels` looks for. Compared folded, without signs."""

from __future__ import annotations

from clusterer.core.text import listed

READ_ALSO = listed(
    """
    上一篇 | 下一篇 | 上一条 | 下一条 | 前の記事 | 次の記事 | 이전 기사 | 다음 기사 | 이전글 | 다음글 | previous article | next article |
    previous post | next post | vorheriger artikel | nächster artikel | article précédent | article suivant | artículo anterior |
    artículo siguiente | articolo precedente | articolo successivo | artigo anterior | próximo artigo | vorig artikel | volgend artikel |
    read more | read also | also read | read next | read this next | see also | watch also | watch more | related |
    related article | related articles | related story | related stories | related news | more on this |
    more on this story | more on this topic | you may also like | you might also like | don't miss | lies auch |
    lesen sie auch | lesen sie mehr | auch interessant | mehr zum thema | passend dazu |
    das könnte sie auch interessieren | lire aussi | à lire aussi | à lire également | lire également | lisez aussi |
    voir aussi | à voir aussi | sur le même sujet | lea también | lee también | leer también | te puede interesar |
    también te puede interesar | le puede interesar | mira también | vea también | ver también | noticia relacionada |
    leggi anche | potrebbe interessarti | vedi anche | guarda anche | per approfondire | leia também | leia mais |
    veja também | saiba mais | ler também | leia ainda | lees ook | lees meer | lees verder | bekijk ook | zie ook |
    läs också | läs även | läs mer | se också | les også | les mer | se også | læs også | læs mere | lue myös |
    katso myös | lue lisää | czytaj także | czytaj też | czytaj również | zobacz także | zobacz też |
    przeczytaj także | przeczytaj też | polecamy | čtěte také | čtěte též | čtěte i | přečtěte si také |
    mohlo by vás zajímat | související | čítajte aj | prečítajte si aj | prečítajte si tiež | mohlo by vás zaujímať |
    olvasta már | ezt is olvassa el | olvassa el ezt is | kapcsolódó cikk | kapcsolódó cikkek | ez is érdekelheti |
    citește și | citește mai mult | vezi și | citiţi şi | te-ar putea interesa | прочетете още | вижте още |
    още по темата | читайте также | читать также | смотрите также | по теме | материалы по теме | читайте ещё |
    читайте також | дивіться також | більше за темою | pročitajte i | pročitajte još | čitajte još | pogledajte i |
    прочитајте и | preberite tudi | preberite še | διαβάστε επίσης | διαβάστε ακόμα | δείτε επίσης | δείτε ακόμα |
    σχετικά άρθρα | ilginizi çekebilir | bunlar da ilginizi çekebilir | ayrıca bakınız | ilgili haber |
    ilgili haberler | bunu da okuyun | اقرأ أيضا | اقرأ أيضًا | اقرأ المزيد | إقرأ أيضا | شاهد أيضا | أخبار ذات صلة |
    قد يهمك أيضا | مواضيع ذات صلة | بیشتر بخوانید | همچنین بخوانید | مطالب مرتبط | یہ بھی پڑھیں | مزید پڑھیں |
    קראו גם | קרא גם | קראו עוד | ראו גם | यह भी पढ़ें | ये भी पढ़ें | और पढ़ें | इसे भी पढ़ें | আরও পড়ুন |
    இதையும் படியுங்கள் | மேலும் படிக்க | xem thêm | đọc thêm | tin liên quan | bài liên quan | baca juga |
    baca selengkapnya | baca lagi | lihat juga | simak juga | อ่านเพิ่มเติม | อ่านต่อ | ข่าวที่เกี่ยวข้อง | 関連記事 |
    関連ニュース | あわせて読みたい | こちらも読む | 관련기사 | 관련 기사 | 함께 보면 좋은 기사 | 相关阅读 |
    相关新闻 | 相关报道 | 延伸阅读 | 推荐阅读 | 相關閱讀 | 相關新聞 | 延伸閱讀 | meistgelesen | meist gelesen |
    les plus lus | lo más leído | i più letti | mais lidas | mest lest | mest lästa | mest læst | luetuimmat |
    najczęściej czytane | nejčtenější | najčítanejšie | legolvasottabb | cele mai citite | самое читаемое |
    популярное | найпопулярніше | τα πιο διαβασμένα | çok okunanlar | en çok okunanlar | الأكثر قراءة |
    הנקראות ביותר | terpopuler | terkini | đọc nhiều | アクセスランキング | 人気記事 | 많이 본 뉴스 | 热门文章 |
    热门新闻 | 最多閱讀 | soma pia | soma zaidi | lees ook hierdie | lexo edhe | lexo më shumë | loe ka | loe lisaks |
    skaitykite taip pat | lasi arī | mehr dazu | mehr zu diesem thema | lesen sie hierzu auch | lesen sie dazu |
    lies dazu | auch lesenswert | aussi à lire | lire plus | pour aller plus loin | en savoir plus | lee más |
    lea más | lea aquí | también lee | también lea | puedes leer | lea además | ve también | ler mais |
    leia a seguir | confira também | consulte também | leggi di più | leggi tutto su | meer hierover |
    lees hier meer | lees hierover ook | läs vidare | läs mer om | mer om ämnet | les også om | lue aiheesta lisää |
    lue lisää aiheesta | czytaj więcej | zobacz więcej | warto przeczytać | čtěte více | čtěte dále | dále čtěte |
    viac k téme | ďalšie k téme | további cikkek a témában | bővebben | olvassa el azt is | vezi mai mult |
    citește mai departe | четете още | читай также | ещё по теме | на эту тему | по этой теме | читай також |
    читайте ще | ще за темою | прочитајте још | pročitajte također | pročitaj još | διαβάστε ακόμη | διαβάστε και |
    δείτε ακόμη | διαβάστε σχετικά | ayrıca okuyun | ayrıca oku | bunu da oku | bunları da okuyun | ilgili içerik |
    اقرا ايضا | طالع أيضا | اقرأ كذلك | موضوعات متعلقة | أخبار متعلقة | موضوعات ذات صلة | خبرهای مرتبط | اخبار مرتبط |
    بیشتر بدانید | در همین زمینه | כתבות נוספות | עוד בנושא | אולי יעניין אותך | קראו עוד בנושא | ये भी देखें |
    यह भी देखें | संबंधित खबरें | इसे भी देखें | यह भी पढ़े | ये भी पढ़े | আরও দেখুন | மேலும் வாசிக்க | đọc thêm tại |
    xem tiếp | cùng chuyên mục | berita terkait | artikel terkait | baca pula | baca artikel lainnya |
    อ่านข่าวเพิ่มเติม | อ่านข่าวอื่นเพิ่มเติม | อ่านข่าวที่เกี่ยวข้อง | ข่าวเกี่ยวข้อง | อ่านข่าวอื่น | 併せて読む |
    あわせて読む | 関連リンク |
    こちらの記事もおすすめ | 관련 뉴스 | 함께 읽기 | 관련뉴스 | 相关链接 | 更多新闻 | 更多报道 | 更多報導 | 延伸報導 |
    你可能感兴趣 | 猜你喜欢 | 推薦閱讀
    """
)
SHARE = listed(
    """
    версия для печати | обсудить на форуме | друкувати | версія для друку | wersja do druku | versione stampabile | versión para imprimir |
    druckversion | printer-friendly version | print version | contenus sponsorisés | contenu sponsorisé | contenido patrocinado |
    contenuti sponsorizzati | conteúdo patrocinado | gesponserte inhalte |
    share | share this | share this article | share this story | share on social media | copy link | print |
    print this | teilen | artikel teilen | drucken | link kopieren | partager | partager cet article | imprimer |
    copier le lien | compartir | compartir esta noticia | compartir artículo | imprimir | copiar enlace | condividi |
    condividi questo articolo | stampa | compartilhar | compartilhe | compartilhe esta notícia | partilhar | deel |
    delen | deel dit | deel dit artikel | deel dit bericht | afdrukken | kopieer link | dela | dela artikeln |
    dela den här artikeln | skriv ut | kopiera länk | del | del artikkelen | del artiklen | del på facebook |
    kopier lenke | jaa | jaa artikkeli | tulosta | kopioi linkki | udostępnij | podziel się | udostępnij artykuł |
    drukuj | kopiuj link | sdílet | sdílej | sdílet článek | sdíleť | zdieľať | zdieľať článok | vytisknout |
    kopírovat odkaz | megosztás | oszd meg | cikk megosztása | nyomtatás | distribuie | distribuie articolul |
    trimite | споделете | сподели | поделиться | поделиться новостью | поделитесь | распечатать | скопировать ссылку |
    поділитися | поширити | надрукувати | podijeli | podelite | podeli | podijelite | deli | delite | podeli vest |
    κοινοποίηση | κοινοποιήστε | μοιραστείτε | εκτύπωση | paylaş | haberi paylaş | bu haberi paylaş | yazdır |
    bağlantıyı kopyala | شارك | شارك المقال | مشاركة | شارك الخبر | طباعة | نسخ الرابط | اشتراک گذاری | שתפו | שיתוף |
    שתף | הדפסה | शेयर करें | शेयर | साझा करें | chia sẻ | in bài | bagikan | bagikan artikel | kongsi | cetak |
    salin tautan | แชร์ | แชร์ข่าวนี้ | シェア | シェアする | この記事をシェア | 印刷 | 공유 | 공유하기 | 기사 공유 |
    인쇄 | 分享 | 分享到 | 打印 | 列印 | share via email | email this article | save article | bookmark |
    listen to this article | listen | per e-mail teilen | auf facebook teilen | merken | vorlesen | anhören |
    artikel anhören | écouter l'article | écouter | enregistrer | envoyer par e-mail | escuchar |
    escuchar la noticia | guardar | ascolta | ascolta l'articolo | salva | ouvir | ouvir notícia | guardar artigo |
    partilhar artigo | partilhar notícia | salvar | opslaan | beluister | luister naar dit artikel | lyssna |
    lyssna på artikeln | spara | dela på facebook | lytt til saken | lyt til artiklen | del på twitter | gem | lagre |
    kuuntele | kuuntele juttu | jaa facebookissa | posłuchaj | posłuchaj artykułu | zapisz | poslechnout |
    poslechnout článek | uložit | počúvať | meghallgatás | mentés | ascultă | salvează | слушать | слушать новость |
    в избранное | сохранить | слухати | зберегти | slušaj | sačuvaj | ακούστε το άρθρο | αποθήκευση | dinle |
    haberi dinle | kaydet | استمع | استمع للمقال | حفظ | بازنشر | האזינו | האזינו לכתבה | שמירה | सुनें | सेव करें |
    nghe | nghe bài báo | lưu | lưu bài viết | dengarkan | simpan | ฟังข่าว | บันทึก | 聴く | 記事を保存 | 保存する |
    듣기 | 스크랩 | 听新闻 | 收藏 | 点赞
    """
)
INVITES = listed(
    """
    monatlich kündbar | jederzeit kündbar | dalsza część artykułu | dalsza część tekstu | ilmoita asiavirheestä | ilmoita virheestä |
    помітили помилку | знайшли помилку | заметили ошибку | нашли ошибку | našli jste chybu | zauważyłeś błąd | znalazłeś błąd |
    fehler gefunden | einen fehler gefunden | une erreur dans cet article | signaler une erreur | spotted a mistake | spot a mistake |
    ¿has visto un error | report an error | segnala un errore | fout gezien | foutje gezien | hittat ett fel | har du hittat ett fel |
    see something wrong | recevez chaque | recevez tous les | δείτε όλες τις | διαβάστε όλες τις | 扫描二维码 | 扫码关注 | 关注微信 |
    our mailing address is | unsere anschrift | listen to this article | listen to this story |
    sign up for our | sign up to our | sign up for the newsletter | sign up for free | sign up here for |
    subscribe to our | subscribe to the newsletter | subscribe for free | join our whatsapp | join our telegram |
    join our newsletter | join our mailing list | join our channel | follow us on | like us on | find us on |
    get our newsletter | get our free | get our daily | get our app | get the app | get the latest news |
    get the day's top | get the top stories | get breaking news | get the best of | download our app |
    download our free | download the app | support our journalism | support independent journalism |
    support quality journalism | have a tip | got a tip | have a news tip | got a news tip | do you have a tip |
    have you got a story | got a story for us | do you have a story | heeft u een tip | heb je een tip | hast du einen hinweis |
    vous avez une information à | tienes una noticia | hai una segnalazione | masz dla nas temat | masz ciekawy temat | máte pro nás tip |
    unser newsletter informiert | unser newsletter hält | onze nieuwsbrief houdt | notre newsletter vous |
    send us a tip | send tips to | contact the reporter | contact the author | contact the writer |
    email the reporter | reach the reporter | stay up to date with our | listen to our podcast |
    laden sie unsere app | hol dir unsere app | unterstützen sie unseren journalismus | folgen sie unserem |
    folge unserem | haben sie einen hinweis | téléchargez notre application | téléchargez l'application |
    rejoignez notre chaîne | rejoignez-nous sur | soutenez notre journalisme | descarga nuestra app |
    descarga la app | descargue nuestra aplicación | apoya nuestro periodismo | scarica la nostra app |
    scarica l'app | entra nel nostro canale | sostieni il nostro giornalismo | baixe nosso aplicativo |
    baixe o aplicativo | apoie o nosso jornalismo | apoie nosso jornalismo | download onze app |
    steun onze journalistiek | ladda ner vår app | stöd vår journalistik | hent vores app | last ned appen vår |
    lataa sovelluksemme | pobierz naszą aplikację | wesprzyj nas | stáhněte si naši aplikaci |
    stiahnite si našu aplikáciu | töltse le alkalmazásunkat | descarcă aplicația | изтеглете приложението |
    скачайте наше приложение | скачайте приложение | завантажте наш застосунок | preuzmite našu aplikaciju |
    κατεβάστε την εφαρμογή | uygulamamızı indirin | حمل تطبيقنا | حملوا تطبيقنا | unduh aplikasi | muat turun aplikasi |
    tải ứng dụng | アプリをダウンロード | 앱 다운로드 | 下载我们的应用 | 下载客户端 | 下載我們的應用程式 |
    sign up for breaking news | sign up to this is | follow our coverage on | keep up with our |
    add us as a preferred source |
    by signing up you consent to receive | this content is reserved for subscribers |
    tu suscripción se está usando en otro |
    si continúas leyendo en este dispositivo |
    check out our | check out the | check out more | check out these | check out all |
    abonnieren sie unseren newsletter | abonniere unseren newsletter | melden sie sich für unseren newsletter |
    hier für den newsletter anmelden | folgen sie uns | folge uns | jetzt abonnieren |
    abonnez-vous à notre newsletter | inscrivez-vous à notre newsletter | recevez notre newsletter | suivez-nous |
    suscríbete a nuestro | suscríbase a nuestro | síguenos | síganos | únete a nuestro canal |
    recibe nuestro boletín | iscriviti alla newsletter | iscriviti alla nostra newsletter | seguici |
    unisciti al nostro canale | assine nossa newsletter | receba nossa newsletter | siga-nos | siga o nosso canal |
    entre no nosso canal | inscreva-se em nosso canal | meld je aan voor | meld u aan voor | schrijf je in voor |
    abonneer je op | volg ons | ontvang onze nieuwsbrief | prenumerera på vårt | prenumerera på vår |
    anmäl dig till vårt | följ oss | meld deg på vårt | abonner på vårt | følg oss | tilmeld dig vores |
    abonnér på vores | få vores nyhedsbrev | tilaa uutiskirje | tilaa uutiskirjeemme | seuraa meitä |
    zapisz się do newslettera | zapisz się na newsletter | zapisz się do naszego | obserwuj nas | polub nas |
    śledź nas | dołącz do nas | přihlaste se k odběru | odebírejte náš | odebírejte naše | sledujte nás |
    prihláste sa na odber | sledujte nás na | iratkozzon fel | iratkozz fel | kövessen minket | kövess minket |
    abonează-te la | abonați-vă la | urmărește-ne | urmăriți-ne | абонирайте се за | последвайте ни |
    подпишитесь на наш | подписывайтесь на наш | подпишитесь на рассылку | подписывайтесь на рассылку |
    следите за нами | присоединяйтесь к нам | читайте нас в | підписуйтесь на наш | підпишіться на наш |
    підписуйтеся на наш | стежте за нами | читайте нас у | pretplatite se na | prijavite se na naš | pratite nas |
    naročite se na | sledite nam | spremljajte nas | εγγραφείτε στο newsletter | ακολουθήστε μας | ακολουθήστε το |
    bültenimize abone olun | bültenimize kaydolun | bizi takip edin | kanalımıza abone olun | اشترك في نشرتنا |
    اشتركوا في نشرتنا | سجل في نشرتنا | تابعنا على | تابعونا على | انضم إلى قناتنا | در خبرنامه ما عضو شوید |
    ما را دنبال کنید | הירשמו לניוזלטר | הצטרפו לניוזלטר | עקבו אחרינו | हमारे न्यूज़लेटर की सदस्यता लें |
    हमें फॉलो करें | đăng ký nhận bản tin | theo dõi chúng tôi | berlangganan newsletter | langganan newsletter |
    daftar newsletter | ikuti kami | ikuti saluran | gabung di channel | sertai saluran | สมัครรับจดหมายข่าว |
    ติดตามเราได้ที่ | ติดตามเราบน | 会員登録はこちら | メルマガ登録はこちら | ニュースレターに登録 |
    フォローはこちら | フォローしてください | 뉴스레터 구독하기 | 뉴스레터를 구독 | 팔로우하기 | 구독하기 | 关注我们 |
    click here to subscribe | click here to sign up | click here to join | click here to follow | click here to get |
    click here for more | hier klicken und | klicken sie hier | klicke hier | cliquez ici pour | haz clic aquí |
    haga clic aquí |
    clique aqui e | clique aqui para | clicca qui per | klik hier om | klik hier voor | kliknij tutaj |
    siga o canal | sigue el canal |
    siga nuestro canal | sigue nuestro canal | segui il canale | segui il nostro canale | suivez notre chaîne |
    more to follow. refresh | more follows. refresh | this article is for subscribers | this story is for subscribers |
    already a subscriber? | already have a subscription? | dieser artikel ist abonnenten vorbehalten | sie haben bereits ein abo |
    cet article est réservé aux abonnés | déjà abonné ? | déjà abonné? | este artículo es exclusivo para suscriptores |
    ¿ya tienes una suscripción | ¿ya eres suscriptor | questo articolo è riservato agli abbonati | continua a leggere a |
    hai già un abbonamento? | sei già abbonato? | este artigo é exclusivo para assinantes | já é assinante? |
    dit artikel is alleen voor abonnees | al abonnee? | artykuł dostępny tylko dla prenumeratorów | masz już prenumeratę? |
    den här artikeln är för prenumeranter | redan prenumerant? | buy us a coffee | enjoyed this? |
    refresh this page | this story will be updated |
    this is a developing story, please |
    we have detected that you are using an ad | we've detected that you are using an ad | you are using an ad blocker |
    please disable your ad | please turn off your ad | rate this article | log in to comment | sign in to comment |
    please log in to comment | please sign in to comment | you must be logged in to comment |
    we have noticed that you are using an ad | wir haben festgestellt, dass sie einen adblocker |
    bitte deaktivieren sie ihren adblocker |
    melden sie sich an, um zu komm | bitte melden sie sich an, um | bitte loggen sie sich ein, um | artikel bewerten |
    spendieren sie uns einen kaffee | spendier uns einen kaffee | offrez-nous un café | connectez-vous pour comm |
    vous devez être connecté pour | nous avons détecté que vous utilisez un bloqueur | désactivez votre bloqueur |
    notez cet article |
    recevez nos alertes | inicia sesión para comentar | inicie sesión para comentar | debes iniciar sesión para |
    hemos detectado que usas un bloqueador | hemos detectado que utilizas un bloqueador | desactiva tu bloqueador |
    invítanos a un café | valora este artículo | accedi per commentare | devi effettuare l'accesso per |
    abbiamo rilevato che stai usando un ad | disattiva il tuo ad | offrici un caffè | valuta questo articolo |
    faça login para comentar | detectamos que você está usando um bloqueador | desative o seu bloqueador |
    avalie este artigo |
    log in om te reageren | meld je aan om te reageren | je gebruikt een adblocker | schakel je adblocker uit |
    beoordeel dit artikel |
    trakteer ons op een koffie | logga in för att kommentera | du använder en annonsblockerare |
    logg inn for å kommentere |
    log ind for at kommentere | kirjaudu sisään kommentoidaksesi | zaloguj się, aby | wykryliśmy, że używasz |
    wyłącz adblock |
    wyłącz blokowanie reklam | oceń artykuł | oceń ten artykuł | postaw nam kawę | pro komentování se |
    zjistili jsme, že používáte |
    ohodnoťte článek | na komentovanie sa | zistili sme, že používate | ha tetszett a cikk, | támogasd a szerkesztőség |
    támogasd munkánkat | támogassa munkánkat | értékelje a cikket | úgy látjuk, reklámblokkolót |
    autentifică-te pentru a |
    am detectat că folosești | войдите, чтобы оставить | чтобы оставить комментарий, |
    мы заметили, что вы используете блокировщик |
    отключите блокировщик | оцените статью | оцените материал | увійдіть, щоб | оцініть статтю |
    ми помітили, що ви використовуєте блокувальник |
    prijavite se da biste | συνδεθείτε για να σχολιάσετε | αξιολογήστε το άρθρο | yorum yapmak için giriş |
    reklam engelleyici kullan |
    reklam engelleyicinizi | bize bir kahve ısmarla | سجل الدخول للتعليق | قيّم هذا المقال | يرجى تعطيل مانع الإعلانات |
    برای ارسال نظر وارد | התחברו כדי להגיב | टिप्पणी करने के लिए लॉग | हमारा ऐप डाउनलोड करें |
    हमारे व्हाट्सएप चैनल से जुड़ें |
    đăng nhập để bình luận | vui lòng tắt trình chặn quảng cáo | masuk untuk berkomentar | nonaktifkan adblock |
    เพิ่มเพื่อนในไลน์ | เพิ่มเพื่อนไลน์ | แอดไลน์ | เข้าสู่ระบบเพื่อแสดงความคิดเห็น | กดติดตาม | コメントするにはログイン |
    広告ブロックを解除して | 広告ブロッカーを無効に | 댓글을 쓰려면 로그인 | 登录后评论 |
    请登录后发表评论 | pakua programu yetu | pakua app yetu | tufuate kwenye | jiunge na chaneli yetu | 订阅我们的 | 扫码关注 | 欢迎关注 |
    關注我們 | 訂閱我們的
    """
)
CREDIT = listed(
    """
    photo | photos | photo by | photo credit | photograph | picture | picture by | image | image credit |
    image credits | images |
    file photo | foto | fotos | bild | bilder | symbolbild | archivfoto | crédit photo | crédits photo |
    photographie | fotografía | imagen | crédito | créditos | immagine | foto di | imagem | crédito da foto | beeld |
    fotografie | kuva | kuvat | zdjęcie | zdjęcia | fot | fot. | snímek | fénykép | fotó | снимка | фото |
    фотография | світлина | φωτογραφία | φωτο | fotoğraf | صورة | تصوير | צילום | फोटो | तस्वीर | ảnh | hình |
    borítókép | nyitókép | kiemelt kép | titelbild | aufmacherbild | vorschaubild | cover photo | header image | lead image |
    featured image | foto de portada | foto di copertina | foto in apertura | imagem de capa | foto de capa | photo de une |
    omslagsfoto | omslagsbild | toppbild | forsidefoto | pääkuva | zdjęcie główne | úvodní foto | ilustrační foto |
    foto ilustrační | foto ilustracyjne | foto ilustrativă | kapak fotoğrafı | обложка | ขอบคุณภาพ | ขอบคุณภาพจาก |
    ภาพจาก | ภาพประกอบ | gambar | ภาพ | 写真 | 画像 | 사진 | 사진 출처 | 사진 제공 | 사진제공 | 자료사진 | 图 | 图片 | 圖片 | 图源
    """
)
TAGS = listed(
    """
    tags | tagged | topics | filed under | keywords | schlagworte | schlagwörter | themen | stichworte | mots-clés |
    étiquettes | etiquetas | temas | tag | argomenti | trefwoorden | onderwerpen | taggar | ämnen | emner |
    avainsanat | asiasanat | tagi | słowa kluczowe | štítky | témata | témy | címkék | etichete | теги | метки |
    тэги | ключевые слова | мітки | oznake | ετικέτες | etiketler | الكلمات المفتاحية | תגיות | टैग | từ khóa |
    kata kunci | แท็ก | タグ | キーワード | 태그 | 标签 | 关键词 | 標籤 | in this story | filed in | mehr zu |
    schlagwort | sujets | thèmes | thématiques | archivado en | más sobre | tópicos | assuntos | palavras-chave |
    mais sobre | temi | parole chiave | meer over | tags bij dit artikel | etiketter | nyckelord | mer om |
    nøkkelord | emneord | mere om | aihe | aiheet | aiheeseen liittyvää | więcej o | tematy | klíčová slova |
    kľúčové slová | kulcsszavak | témák | cuvinte cheie | subiecte | ключови думи | этикетки | темы | сюжеты |
    темы публикации | теми | ключові слова | ključne riječi | ključne reči | teme | θέματα | λέξεις-κλειδιά |
    konular | anahtar kelimeler | الوسوم | كلمات دلالية | كلمات مفتاحية | علامات | کلیدواژه | کلیدواژه‌ها | برچسب‌ها |
    برچسب | נושאים | מילות מפתח | विषय | टैग्स | ট্যাগ | বিষয় | chủ đề | thẻ | topik | topik terkait |
    แท็กที่เกี่ยวข้อง | ハッシュタグ | 関連タグ | 関連キーワード | 주제 | 키워드 | 话题 | 关键字 | 關鍵字
    """
)
MENU = listed(
    """
    home | homepage | log in | login | sign in | register | contact | contact us | about us | imprint | privacy |
    privacy policy | cookie policy | cookies | terms of use | terms of service | terms and conditions | sitemap |
    advertise | advertise with us | subscribe | rss | search | menu | startseite | anmelden | registrieren |
    impressum | datenschutz | datenschutzerklärung | agb | kontakt | über uns | mediadaten | suche | abo | accueil |
    se connecter | s'abonner | mentions légales | politique de confidentialité | gestion des cookies |
    nous contacter | qui sommes-nous | inicio | portada | iniciar sesión | suscríbete | aviso legal |
    política de privacidad | política de cookies | contacto | quiénes somos | accedi | abbonati | note legali |
    informativa privacy | privacy e cookie | contatti | chi siamo | início | página inicial | entrar | fale conosco |
    quem somos | contato | política de privacidade | termos de uso | inloggen | word abonnee | over ons | colofon |
    privacybeleid | cookiebeleid | algemene voorwaarden | startsida | logga in | bli prenumerant | om oss |
    integritetspolicy | logg inn | bli abonnent | om os | personvern | forside | forsiden | etusivu | kirjaudu |
    kirjaudu sisään | tietosuoja | tietosuojaseloste | yhteystiedot | strona główna | zaloguj się | zaloguj |
    regulamin | polityka prywatności | o nas | redakcja | reklama | úvod | přihlásit | přihlásit se | o nás |
    ochrana osobních údajů | obchodní podmínky | inzerce | prihlásiť sa | redakcia | kezdőlap | bejelentkezés |
    impresszum | adatvédelem | adatkezelési tájékoztató | médiaajánlat | kapcsolat | acasă | prima pagină |
    autentificare | despre noi | politica de confidențialitate | termeni și condiții | главная | войти | о редакции |
    о нас | реклама на сайте | пользовательское соглашение | политика конфиденциальности | контакты | головна |
    увійти | про нас | редакція | політика конфіденційності | контакти | naslovna | prijava | o nama |
    uvjeti korištenja | αρχική | σύνδεση | επικοινωνία | όροι χρήσης | πολιτική απορρήτου | ταυτότητα | ana sayfa |
    anasayfa | giriş yap | üye ol | künye | gizlilik politikası | kullanım koşulları | iletişim | الرئيسية |
    تسجيل الدخول | من نحن | اتصل بنا | سياسة الخصوصية | דף הבית | התחברות | צור קשר | תנאי שימוש | होम | लॉग इन |
    संपर्क करें | गोपनीयता नीति | trang chủ | đăng nhập | liên hệ | điều khoản sử dụng | beranda | masuk |
    tentang kami | redaksi | pedoman media siber | kebijakan privasi | hubungi kami | ホーム | ログイン | 会員登録 |
    利用規約 | プライバシーポリシー | お問い合わせ | 会社概要 | 홈 | 로그인 | 회원가입 | 이용약관 | 개인정보처리방침 |
    회사소개 | 首页 | 登录 | 注册 | 关于我们 | 联系我们 | 隐私政策 | 首頁 | 登入 | 聯絡我們 | back to top |
    back to home | to the top | comment | comment on this article | comments | more stories | all news | latest news |
    end of article | zur startseite | zurück zur startseite | nach oben | zum seitenanfang | kommentieren |
    kommentar schreiben | nachrichten | alle nachrichten | haut de page | retour en haut | retour à l'accueil |
    réagir | commenter | réagir à cet article | toute l'actualité | volver arriba | volver a la portada | comentar |
    volver al inicio | deja tu comentario | torna su | torna alla home | commenta | lascia un commento |
    voltar ao topo | voltar ao início | comente | deixe o seu comentário | naar boven | terug naar boven |
    terug naar home | reageer | reageren | till toppen | till startsidan | kommentera | til toppen | til forsiden |
    til forsida | kommenter | etusivulle | takaisin ylös | kommentoi | na górę | wróć na górę |
    wróć na stronę główną | komentuj | skomentuj | dodaj komentarz | nahoru | zpět na úvod | diskuse |
    přidat komentář | späť na úvod | pridať komentár | vissza a főoldalra | zpět na hlavní stranu | înapoi la prima pagină |
    gå til forsiden | takaisin etusivulle |
    povratak na naslovnicu | grįžti į pradžią | về trang chủ | kembali ke beranda |
    العودة إلى الرئيسية | hozzászólok | înapoi sus | comentează |
    adaugă un comentariu | наверх | к началу | на главную | все новости | лента новостей | комментировать | обсудить |
    оставить комментарий | усі новини | всі новини | стрічка новин | коментувати | на головну | na vrh |
    povratak na vrh | komentiraj | komentariši | επιστροφή στην αρχή | όλες οι ειδήσεις | ειδήσεις σήμερα |
    ροή ειδήσεων | σχολιάστε | başa dön | yukarı çık | yorum yap | yorum yaz | tüm haberler | son dakika haberleri |
    العودة إلى الأعلى | اترك تعليقا | أضف تعليقا | علق | كل الأخبار | خانه | صفحه اصلی | صفحه نخست | انتهای پیام |
    پایان پیام | ارسال نظر | نظر شما | ראשי | עמוד הבית | חדשות | תגובות | הוסף תגובה | חזרה למעלה | मुख्य पृष्ठ |
    होमपेज | अपनी राय दें | ताज़ा खबरें | সর্বশেষ | মূলপাতা | প্রচ্ছদ | về đầu trang | gửi bình luận |
    ý kiến của bạn | kembali ke atas | tulis komentar | หน้าแรก | หน้าหลัก | กลับไปด้านบน | แสดงความคิดเห็น |
    ページトップへ | ページの先頭へ | トップへ戻る | トップページ | コメントする | 記事一覧 | 맨 위로 | 목록으로 |
    댓글 쓰기 | 뉴스홈 | 回到顶部 | 返回顶部 | 返回首页 | 回首頁 | 發表評論 | 发表评论 | cookie settings |
    manage cookies | privacy settings | do not sell my personal information | cookie-einstellungen |
    cookies verwalten | datenschutz-einstellungen | paramètres des cookies | gérer les cookies | gérer mes cookies |
    configuración de cookies | gestionar cookies | impostazioni cookie | gestisci cookie | preferenze cookie |
    definições de cookies | configurações de cookies | gerir cookies | cookie-instellingen | cookies beheren |
    cookieinställningar | hantera cookies | cookieindstillinger | evästeasetukset | ustawienia cookies |
    ustawienia plików cookie | nastavení cookies | nastavenia cookies | sütibeállítások | süti beállítások |
    setări cookie | настройки cookie | настройки куки | налаштування cookie | postavke kolačića | ρυθμίσεις cookies |
    çerez ayarları | إعدادات ملفات الارتباط | إعدادات ملفات تعريف الارتباط | تنظیمات کوکی | הגדרות עוגיות |
    कुकी सेटिंग्स | cài đặt cookie | pengaturan cookie | ตั้งค่าคุกกี้ | クッキー設定 | cookieの設定 | 쿠키 설정 |
    cookie 设置 | 隐私设置 | cookie 設定 |
    passer la publicité | article content | breadcrumb trail links | add us as a preferred source on google |
    add as a preferred source on google | follow us on google news | video loading | video unavailable | play now |
    the video is loading | video is loading | video player is loading | loading video | das video wird geladen |
    video wird geladen | la vidéo est en cours de chargement | chargement de la vidéo | cargando vídeo |
    cargando el vídeo |
    caricamento del video | carregando vídeo | a carregar vídeo | video wordt geladen | videon laddas | videoen lastes |
    videoen indlæses | ładowanie wideo | video se načítá | videó betöltése | видео загружается | відео завантажується |
    video yükleniyor | جاري تحميل الفيديو | वीडियो लोड हो रहा है | trình phát video đang tải | video đang tải |
    memuat video |
    กำลังโหลดวิดีโอ | 動画を読み込んでいます | 动画加载中 | 视频加载中 | 동영상 로딩 중 |
    click to play | tap to play | click to playtap to play | expand collapse | show more show less | zum anhören |
    artikel anhören | fehler melden | sie haben einen fehler gefunden? | bild vergrößern | bild vergrössern |
    box aufklappen | box zuklappen | box aufklappen box zuklappen | personen-box aufklappen |
    personen-box aufklappen personen-box zuklappen | agrandir l'image | ampliar imagen | ampliar foto | ingrandisci |
    vis mer | vis mindre | vis mer vis mindre | visa mer | visa mindre | näytä lisää | zobrazit vše | zobrazit více |
    pokaż więcej | rozwiń | zwiń | daha fazla göster | 사진 확대 | 사진 확대보기 | 이미지 확대 | 이미지 확대보기 | 이미지 확대하기 |
    画像を拡大する | 画像を拡大 | 点击查看大图 | 展开全文
    """
)
# What stands where an advertisement or something from another site would be, by its beginning.
PLACEHOLDERS = listed(
    """
    video player is loading | audio player is loading | der videoplayer wird geladen | this is a modal window |
    lecteur vidéo en cours de chargement | cargando reproductor |
    this advertisement has not loaded yet | article continues below this ad | after newsletter promotion |
    this content is not available due to your privacy | to view this content, you'll need to |
    to view this content, please update your | we need your consent to load | we need your permission to load |
    this article contains content provided by | this article includes content provided by |
    your browser does not support the video | your browser does not support the audio | your browser doesn't support |
    sorry, your browser doesn't support | the video will auto-play soon | this video can not be played |
    this video cannot be played | an embedded content from | privacy notice: newsletters may contain |
    empfohlener redaktioneller inhalt | empfohlener externer inhalt | an dieser stelle findest du |
    an dieser stelle finden sie | an dieser stelle befindet sich ein externer | ich bin damit einverstanden, dass mir |
    externer inhalt nicht verfügbar | externen inhalt anzeigen | externe inhalte anzeigen |
    deine privatsphäre-einstellungen verhindern | ihre privatsphäre-einstellungen verhindern |
    um eingebettete inhalte anzuzeigen | du kannst ihn dir mit einem klick anzeigen |
    sie können ihn sich mit einem klick |
    personenbezogene daten können an drittplattformen | ein klick für den datenschutz |
    privatsphäre-einstellungen ändern |
    dieser externe inhalt wird | dieses element enthält daten von | zur anzeige dieses inhalts |
    wir benötigen ihre zustimmung, um | wir brauchen ihre einwilligung, um | ce contenu est bloqué car |
    ce contenu externe | pour afficher ce contenu, vous devez | pour voir ce contenu, vous devez |
    votre navigateur ne supporte pas | votre navigateur ne prend pas en charge | este contenido no está disponible por |
    para ver este contenido debes | para ver este contenido, acepta | tu navegador no soporta |
    su navegador no soporta |
    per visualizzare questo contenuto |
    questo contenuto è ospitato da | il tuo browser non supporta | para ver este conteúdo, aceite |
    este conteúdo é bloqueado |
    o seu navegador não suporta | om deze inhoud te tonen | deze inhoud is geblokkeerd |
    voor het tonen van deze inhoud |
    je browser ondersteunt geen | för att visa detta innehåll | detta innehåll kräver att du |
    for å vise dette innholdet |
    denne artikel indeholder indhold fra | for at se dette indhold | sisältöä ei voida näyttää |
    aby wyświetlić tę treść |
    aby zobaczyć tę treść | twoja przeglądarka nie obsługuje | pro zobrazení tohoto obsahu | váš prohlížeč nepodporuje |
    ваш браузер не поддерживает | ваш браузер не підтримує | tarayıcınız desteklemiyor
    """
)
RIGHTS = listed(
    """
    riproduzione riservata | tutti i diritti riservati | alle rechte vorbehalten | nachdruck verboten |
    tous droits réservés | reproduction interdite | todos los derechos reservados | prohibida su reproducción |
    todos os direitos reservados | reprodução proibida | alle rechten voorbehouden | wszelkie prawa zastrzeżone |
    všechna práva vyhrazena | všetky práva vyhradené | minden jog fenntartva | toate drepturile rezervate |
    все права защищены | перепечатка запрещена | усі права захищено | всі права захищені | sva prava pridržana |
    sva prava zadržana | με επιφύλαξη παντός δικαιώματος | απαγορεύεται η αναδημοσίευση | tüm hakları saklıdır |
    her hakkı saklıdır | جميع الحقوق محفوظة | حقوق النشر محفوظة | כל הזכויות שמורות | सर्वाधिकार सुरक्षित |
    hak cipta dilindungi | dilarang memperbanyak | bản quyền thuộc về | สงวนลิขสิทธิ์ | 무단전재 및 재배포 금지 |
    무단 전재 및 재배포 금지 | 저작권자 | 無断転載 | 无断转载 | 未经授权 | 未經授權 | 转载请注明 | 轉載請註明
    """
)
