"""Rules that name what a line of a scraped page is when it is not the article: each gives a code of `reasons`.

Patterns are anchored and bounded in length, so every rule is linear in the line. They know the common phrases of a few
languages; what they do not know is left to the line model (`line_model`) and to what is learnt per source (`boilerplate`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clusterer.core.cleaning import reasons
from clusterer.core.cleaning.labels import is_placeholder, is_read_also, label_of
from clusterer.core.cleaning.lines import (
    holds_any,
    in_english_letters,
    is_cut_off,
    is_headline_like,
    stems,
    word_count,
    words_of,
)
from clusterer.core.cleaning.listings import excerpt_lists, video_lists
from clusterer.core.text import listed

_I = re.IGNORECASE
_WORD = re.compile(r"\w+")

_RELATED = re.compile(
    r"""(?:
      (?:related|similar)(?:\s(?:articles?|stor(?:y|ies)|news|content|posts?|coverage|links?|topics?|reading|items?|videos?))?
    | (?:read|see|watch|view)\s(?:more|next|also|this\snext|all)(?:\s(?:on|about|from|here|stories|news)\b.{0,40})?
    | (?:also\sread|more\s(?:like\sthis|to\sread|to\sexplore|stories|news|headlines|articles|coverage))
    | more\s(?:from|on|in|about)\s.{1,40}
    | recommended(?:\s(?:for\syou|stories|reading|articles|videos))?
    | you\s(?:may|might)\s(?:also\s)?(?:like|be\sinterested\sin)|you\smay\shave\smissed
    | (?:most|more)\s(?:read|popular|viewed|shared|commented|e-?mailed|watched|recent)(?:\s.{0,30})?
    | (?:trending|popular)(?:\s(?:now|stories|today|articles|videos|topics|news|posts|in\s.{1,20}))?
    | (?:latest|top|other|recent|featured|breaking)\s(?:news|stor(?:y|ies)|headlines|articles|posts|videos)(?:\s.{0,30})?
    | editor.?s.?\s(?:picks?|choice)|don.?t\smiss|see\salso|(?:up|read|what\sto\sread)\snext|in\scase\syou\smissed\sit
    | (?:around|from|elsewhere\son)\s(?:the\sweb|our\spartners)|(?:sponsored|promoted|paid|partner)\s(?:content|stories|links|posts)
    | art[ií]culos?\srelacionados?|noticias?\srelacionadas?|lee?\s?(?:tambi[eé]n|m[aá]s)|te\spuede\sinteresar
    | m[aá]s\snoticias|lo\sm[aá]s\sle[ií]do
    | articles?\s(?:li[eé]s|associ[eé]s)|(?:[aà]\s)?lire\saussi|sur\sle\sm[eê]me\ssujet|les\splus\slus
    | mehr\szum\sthema|lesen\ssie\sauch|das\sk[oö]nnte\ssie\sauch\sinteressieren|meistgelesen|weitere\sartikel
    | leia\s(?:tamb[eé]m|mais)|not[ií]cias\srelacionadas|veja\stamb[eé]m|leggi\sanche|articoli\scorrelati|lees\sook|gerelateerd
    | tin\sliên\squan|bài\sviết\sliên\squan|xem\sthêm|đọc\sthêm|tin\scùng\schuyên\smục|có\sthể\sbạn\squan\stâm
    | читайте\sтакже|по\sтеме|похожие\s.{1,20}
    | 相关(?:新闻|文章|阅读|报道)|延伸阅读|推荐阅读|相關(?:新聞|文章)|延伸閱讀
    | 関連(?:記事|ニュース)|あわせて読みたい|おすすめ記事|관련\s?기사
    | اقرأ\s(?:أيضا|أيضاً|المزيد)|(?:مواضيع|أخبار|مقالات)\sذات\sصلة
    )\s*[:：…»>]*""",
    _I | re.VERBOSE,
)
_SOURCE_LABEL = re.compile(
    r"(?:news\s|image\s|photo\s|original\s)?(?:source|fuente|quelle|fonte|bron|källa|kilde|lähde|źródło|zdroj|forrás|sursa|источник|джерело|izvor|πηγή|kaynak|المصدر|منبع|מקור|स्रोत|sumber|ที่มา|nguồn|来源|來源|出典|출처)s?\s*[:：].{0,40}|news\ssources?",
    _I,
)
_COMMENTS = re.compile(
    r"(?:(?:view|show|read|see|load|hide|post)\s(?:all\s|more\s)?)?(?:\(?\d[\d,]*\)?\s)?"
    r"(?:comments?|responses|replies|comentarios?|comentários?|commentaires?|(?:leser)?kommentare?|commenti|reacties|kommentarer|komentarze"
    r"|комментари(?:и|ев|й|я)|коментарі|yorum(?:lar)?|σχόλια|bình luận|评论|評論|留言|コメント|댓글|टिप्पणियाँ|टिप्पणी|التعليقات|تعليقات?)"
    r"(?:\s?\(?\d[\d,]*\)?)?\s*[:：]?"
    r"|(?:leave|post|add|write)\sa\s(?:comment|reply)\b.{0,30}|join\sthe\s(?:conversation|discussion)\b.{0,30}|what\sdo\syou\sthink\?"
    r"|have\syour\ssay\b.{0,20}|(?:sort|order)\sby\s(?:newest|oldest|best|top).{0,30}",
    _I,
)
_LIST_MAX_LINES = 40  # longer lists are menus, and the article may begin among them
_NETWORK = r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|pinterest|telegram|messenger|google\s?\+|instagram|flipboard|tiktok|youtube)"
_SHARE = re.compile(
    rf"(?:share|tweet|e-?mail|print|pin\sit|like|save|copy\slink|{_NETWORK}|sms|more|compartir|partager|teilen|condividi|compartilhar"
    r"|chia\ssẻ|分享|シェア|مشاركة"
    r"|(?:share|tweet|e-?mail|print|save|send|post)\s(?:this|it)(?:\s(?:article|story|page|post|on|via|to|by|with)\b.{0,50})?"
    rf"|(?:share|send|post|click\sto\sshare)\s(?:on|to|via|by)\s(?:{_NETWORK}|e-?mail|a\sfriend)\b.{{0,50}}"
    rf"|(?:follow|like|find|join)\s.{{1,50}}\son\s(?:our\s)?{_NETWORK}\b.{{0,40}}|\d[\d,.]*k?\s(?:shares?|views?|likes?))"
    rf"(?:[\s,|/·•]+(?:share|tweet|e-?mail|print|{_NETWORK}|more))*",
    _I,
)
_ADVERT = re.compile(
    r"(?:advertisements?(?:\s\d{1,2})?|advertising|ads?\sby\s.{1,30}|sponsored(?:\sby\s.{1,40})?|ad|publicidad|publicité|anzeige|werbung|pubblicità"
    r"|quảng cáo|广告|広告|إعلان|story\scontinues\s(?:below|after)\b.{0,40}|\(?(?:article|story)\scontinues\s(?:below|after)\b.{0,40}"
    r"|continue\sreading\b.{0,60}|(?:scroll\sdown|scroll)\sto\scontinue\b.{0,40}|skip\s(?:to|past)\s.{1,40})",
    _I,
)
_LEGAL = re.compile(
    # Longer ones go on in the words of lawyers, or they are a credit that the first paragraph follows without a break.
    r"(?:©|\(c\)\s(?:\d{4}|copyright)|copyright\s(?:©|\(c\)|\d{4}|by\b))"
    r"(?:.{0,140}|.{0,300}(?:rights|derechos|droits|rechte|diritti|direitos|rechten|права|permission|privacy|terms|licen[cs]e|trademark).{0,300})"
    r"|.{0,120}\ball\srights\sreserved\b.{0,200}|.{0,40}\bmay\snot\sbe\s(?:published|reproduced)\b.{0,160}"
    r"|.{0,60}版权所有.{0,80}|.{0,60}転載(?:を)?禁.{0,40}",
    _I,
)
_STAMP = re.compile(
    r"(?:(?:first\s)?(?:published|updated|posted|last\s(?:updated|modified)|created|modified)\b[^\d.!?]{0,30}(?:\d.{0,45})?"
    r"|\d+\s(?:second|minute|min|hour|hr|day|week|month|year)s?\sago"
    r"|(?:最[后後終]更新|发布时间|發布時間|更新(?:时间|時間|日時))\s?[:：]?\s?\d[\d\s:：年月日/.-]{6,30})",
    _I,
)
# What pages say to those who hear them ("Image caption The pier"); in "Image copyright law changes" no name follows.
_PICTURE = re.compile(
    r"(?:(?:Image|Photo|Picture)\s(?:copyright|caption|source|credit)|(?:Media|Video)\scaption|Media\splayback\sis\s(?:un|not\s)supported"
    r"|Bild(?:unterschrift|beschreibung|quelle|rechte|nachweis)|(?:Légende|Crédit)\s(?:de\sl['’]image|(?:de\sla\s)?photo|image)|Crédit"
    r"|(?:Fuente\sde\sla\simagen|Pie\sde\s(?:foto|imagen)|Crédito|Legenda(?:\sda\sfoto)?|Didascalia|Fotoğraf\saltı\syazısı|Kaynak)(?=,)"
    r"|Источник\sизображения|Автор\sфото|Подпись\sк\sфото)(?:[,:]?\s*$|[,:]?\s+(?:on\s(?:your|this)\s|[^\Wa-zà-öø-ÿа-яё_]|[\"'“‘«„(@]).*)"
    r"|(?:图像来源|图像加注文字|圖像來源|圖像加註文字|画像提供|画像説明|صدر الصورة|مصدر الصورة|التعليق على الصورة)(?:[,，:：]|$).*",
)
_ASKS = re.compile(
    r"\b(?:subscri(?:be|ber|ption)s?|newsletters?|sign(?:ed|ing)?[\s-]?(?:up|in)|log(?:ged)?[\s-]?in|regist(?:er|ering|ration)"
    r"|your\s(?:account|profile|e-?mail|inbox|password|browser|preview|zip\s?code|tweets?)|an\saccount|e-?mail\s(?:address|alerts?|notifications?)"
    r"|verification\s(?:e-?mail|message|code)|junk\sfolder|digital\saccess|full\saccess|free\strial|javascript|cookies?"
    r"|ad[\s-]?block(?:er|ing)?|captcha|not\sa\srobot|terms\sof\s(?:service|use)|privacy\s(?:policy|notice)"
    r"|articles?\s(?:left|remaining|this\smonth)|home\sdelivery|mobile\sapp|push\snotifications?|enter\sthe\scharacters|loginWidget"
    r"|abo|weiterlesen|jederzeit\skündbar|werbeblocker|consentement|partenaires|bloqueur\sde\spublicité|bloqueador\sde\s\w+|assinantes?"
    r"|eres\shumano|abbonat[io]|accedi|riservato\sagli|inloggen|toestemming|akkoord|reklam\sengelleyici\w*|робот|автоматическ\w+"
    r"|блокировщик\w*|абонемент\w*|a\sfriend\s(?:wanted|thought)\syou|send\sus\syour|let\sus\sknow|news\stips?|an\se-?mail\shas\sbeen\ssent|notification\shas\sbeen"
    r"|suscr[ií]b\w+|reg[ií]str(?:ate|ese|arse|arte)|inicia\s(?:r\s)?sesi[oó]n|abonn\w+|anmelden|connectez-vous|inscrivez-vous|iscriviti"
    r"|assine|cadastre-se|đăng\s(?:ký|nhập)|prenumer\w+|logga\sin|logg\sinn|log\sind|tilaa|tilaajille|kirjaudu|subskry\w+|zaloguj\w*|zarejestruj\w*"
    r"|p[rř]edplat\w+|p[rř]ihl[aá]s\w+|előfizet\w+|bejelentkez\w+|jelentkezzen\sbe|abonament\w*|abon(?:ează|ați|aţi)\w*|autentific\w+|abone\w*"
    r"|giriş\syap\w*|üye\sol\w*|подписк\w+|подпис(?:аться|чик\w+)|вой(?:дите|ти)|зарегистрир\w+|передплат\w+|уві(?:йдіть|йти)|συνδρομητ\w+"
    r"|συνδεθείτε|εγγραφείτε|berlangganan|langganan|masuk\ske\sakun|pretplat\w+)\b|구독|로그인|회원가입|सदस्यता|लॉग\sइन|สมัครสมาชิก|เข้าสู่ระบบ|מנוי|התחבר"
    r"|订阅|有料会員|安全验证|验证码|请求ID|비밀번호|登录|登入|注册|訂閱|会員登録|ログイン|購読|اشترك|تسجيل الدخول|سجّل",
    _I,
)
_ADDRESSES = re.compile(
    r"\b(?:you|your|you.(?:ve|re|ll)|please|we|our|us|oops|sorry|already|want|welcome|thank|thanks|click|tap|enter|enable|turn"
    r"|sign|log|get|success|subscribe|register|join|continue|accept|start|try|close|tus?|usted|tienes|suscr\w+|inicia|vous|votre|\w+ez-vous|ihre?|anmelden|iscriviti|assine|bạn|đăng"
    r"|(?:vill|har|är|er|vil)\sdu|dig|logga|logg|oletko|haluatko|tilaa|kirjaudu|zaloguj|masz|chcesz|kup|wykup|máte|chcete|přihlaste|prihláste|fizessen|jelentkezzen"
    r"|abonează-te|abonați-vă|autentifică-te|ești|olun|yapın|istiyor\smusunuz|вы|вас|ваш\w*|войдите|оформите|ви|увійдіть|оформіть|σας|συνδεθείτε"
    r"|sie\shaben|haben\ssie|testen\ssie|lesen\ssie\sweiter|sei\sgià|accedi|abbonati|uw|vos|lütfen|kapatın\w*|подтвердите|отключите|вам"
    r"|anda|silakan|prijavite|pretplatite)\b|하세요|주세요|하십시오|하시겠|लॉग\sइन\sकरें|लें|คุณ|התחברו|הירשמו"
    r"|您|你|请|請|ください|いただけます|من فضلك",
    _I,
)
_CHECK = re.compile(
    r"checking\syour\sbrowser|(?:enable|requires?|turn\son)\s(?:javascript|cookies)|access\s(?:to\sthis\spage\s)?(?:has\sbeen\s)?denied|"
    r"verify(?:ing)?\s(?:that\s)?you\sare\s(?:a\s)?human|are\syou\sa\srobot|ray\sid|(?:404|page)\snot\sfound|too\smany\srequests|"
    r"just\sa\smoment\.\.\.|unavailable\s(?:due\sto|for)\slegal\sreasons|you\sare\sattempting\sto\saccess\sthis|not\savailable\sin\syour\s(?:country|region)|"
    r"p[áa]gina\sn[ãa]o\s(?:foi\s)?encontrada|p[áa]gina\sque\s(?:voc[êe]|usted|buscas?)\b.{0,40}\sn[ãao]+\sexiste|p[áa]gina\sno\sencontrada|pagina\snon\strovata"
    r"|page\s(?:introuvable|non\strouvée)|seite\s(?:wurde\s)?nicht\sgefunden|pagina\sniet\sgevonden|sidan\s(?:kunde\sinte\shittas|finns\sinte)"
    r"|страниц[аы]\sне\s(?:найдена|существует)|strony?\snie\s(?:znaleziono|istnieje)|sayfa\sbulunamadı|页面不存在|找不到页面|ページが見つかりません|페이지를\s찾을\s수\s없|"
    r"page\s(?:that\s)?you\s(?:are\slooking\sfor|requested)\s.{0,40}(?:not|t|no\slonger)\s(?:be\sfound|exist|available)",
    _I,
)

# Somebody is quoted, or a day is named: the line reports. Sites that ask their reader for something do neither. Single words are
# compared as words, which costs a fraction of a pattern; the rest are phrases.
_REPORT_WORDS = listed(
    """
    said | says | told | wrote | warned | warns | ruled | finds | announced | argued
    | monday | tuesday | wednesday | thursday | friday | saturday | sunday
    | dijo | dijeron | afirmó | afirmaron | según | segun | anunció | anunciaron | advirtió | advirtieron
    | lunes | martes | miércoles | jueves | viernes | sábado | domingo
    | selon | lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche
    | sagte | sagten | laut | zufolge | teilte | teilten | erklärte | erklärten | warnte | warnten | warnt | urteilte | urteilten
    | montag | dienstag | mittwoch | donnerstag | freitag | samstag | sonntag
    | secondo | lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica
    | disse | disseram | segundo | anunciou | anunciaram | alertou | alertaram
    | zei | zeiden | volgens | waarschuwt | waarschuwde | waarschuwden
    | maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag
    | сообщил | сообщила | сообщили | заявил | заявила | заявили | сказал | сказала | сказали | предупредил | предупредила | предупредили
    | понедельник | вторник | четверг | воскресенье | среда | среду | пятница | пятницу | пятницы | суббота | субботу | субботы
    | säger | sade | enligt | meddelade | sier | ifølge | opplyser | opplyste | oplyser | oplyste
    | måndag | tisdag | onsdag | torsdag | fredag | lördag | söndag | mandag | tirsdag | lørdag | søndag
    | måndagen | tisdagen | onsdagen | torsdagen | fredagen | lördagen | söndagen
    | sanoi | kertoi | mukaan | ilmoitti
    | maanantaina | tiistaina | keskiviikkona | torstaina | perjantaina | lauantaina | sunnuntaina
    | powiedział | powiedziała | zapowiedział | zapowiedziała | poinformował | poinformowała | podał | podała | podali | według
    | poniedziałek | wtorek | środa | środę | czwartek | piątek | sobota | sobotę | niedziela | niedzielę
    | řekl | řekla | uvedl | uvedla | oznámil | oznámila | oznámili | podle | povedal | povedala | podľa
    | pondělí | úterý | středa | středu | čtvrtek | pátek | sobotu | neděle | neděli | pondelok | utorok | stredu | štvrtok | piatok
    | mondta | közölte | szerint | hétfőn | kedden | szerdán | csütörtökön | pénteken | szombaton | vasárnap
    | potrivit | luni | marți | miercuri | joi | vineri | sâmbătă | duminică
    | dedi | açıkladı | söyledi | duyurdu | göre | pazartesi | salı | çarşamba | perşembe | cuma | cumartesi | pazar
    | είπε | δήλωσε | ανακοίνωσε | σύμφωνα | δευτέρα | τρίτη | τετάρτη | πέμπτη | παρασκευή | σάββατο | κυριακή
    | kata | mengatakan | menurut | mengumumkan | senin | selasa | rabu | kamis | jumat | sabtu
    | повідомив | повідомила | повідомили | повідомило | заявив | заявила | сказав | сказала
    | понеділок | вівторок | середа | середу | четвер | неділя | неділю
    | rekao | rekla | izjavio | izjavila | prema | ponedjeljak | ponedeljak | utorak | srijeda | četvrtak | petak | nedjelja
    """
)
_REPORTS = re.compile(
    r"""\b(?:(?<!be\s)(?<!not\s)found|according\sto|d[’']après|(?:a|ont)\s(?:déclaré|annoncé|indiqué|averti|estimé)
    | ha(?:nno)?\s(?:detto|annunciato|avvertito|spiegato)|(?:segunda|terça|quarta|quinta|sexta)-feira|по\sданным|по\sсловам
    | за\sданими|за\sсловами|a\s(?:spus|anunțat|declarat)
    )\b|表示|宣布|警告|指出|周[一二三四五六日]|星期|と述べ|によると|と発表|曜日|밝혔|말했|[월화수목금토일]요일
    | אמר|הודיע|לדברי|कहा|बताया|กล่าว|ประกาศ|قال|أعلن|حذر|(?:الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)""",
    _I | re.VERBOSE,
)
# In ASCII every match of `_REPORTS` holds one of these.
_REPORT_SIGNS = (
    "found", "according", "averti", "detto", "annunciato", "avvertito", "spiegato", "feira", "spus", "declarat",
)  # fmt: skip
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?"
    r"|(?:luned|marted|mercoled|gioved|venerd)ì|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag)"
)
# From one day to another: hours in which somebody answers or delivers, no report.
_OPEN_DAYS = re.compile(
    rf"\b{_WEEKDAY}\s?(?:to|through|thru|until|till|and|-|–|—|a|à|al|au|bis|até|tot|t/m)\s?{_WEEKDAY}\b", _I
)
_SENTENCE = re.compile(r"[^.!?…。！？]+[.!?…。！？]*")
_REQUEST = re.compile(
    r"\W*(?:please|subscribe|sign|log|register\b|join|enter|accept|create|continue|enable|already|your|you|we|our|become|verify|access\sdenied|just\sa"
    r"|suscr[ií]b|reg[ií]str(?:ate|ese)|inicia|abonnez|connectez|inscrivez|votre|jetzt|melden|anmelden|registrieren|bitte|ihr|iscriviti|accedi|abbonati"
    r"|assine|faça|cadastre|请|請|登录|登入|订阅|訂閱|ログイン|会員登録|購読|войдите|подпишитесь|سجّ?ل|اشترك"
    r"|404|error|page\snot|not\sfound|prenumerera|bli\sprenumerant|logga|logg|log\sind|tilaa|kirjaudu|zaloguj|přihlaste|bejelentkez|fizessen"
    r"|abone\sol|giriş\syap|berlangganan|masuk|увійдіть|συνδεθείτε)",
    _I,
)
_SITE_VOICE = re.compile(
    r"\b(?:we|our|us|nous|notre|wir|unsere?|nuestr[oa]s?|nosso?s?|nossa|nostr[oa]|ons|onze|наш\w*)\b|我们|我們|当社", _I
)

_LIVE_TITLE = re.compile(
    r"\blive(?:\s|-)?(?:updates?|blog|coverage|ticker)\b|\blatest\supdates\b|\bas\sit\shappened\b|\bminute[\s-]by[\s-]minute\b|^live\s?[:|–—-]"
    r"|(?:^|[:|–—-]\s?)(?:en\s(?:direct|vivo|directo)|in\sdiretta|ao\svivo|minuto\sa\sminuto|trực\stiếp)(?:\s?[:|–—-]|$)"
    r"|\bliveticker\b|直播|ライブ更新|速報中",
    _I,
)
_DIGEST_TITLE = re.compile(
    r"\b(?:morning|evening|afternoon|nightly|daily|weekly)\s(?:news\s)?(?:briefing|brief|digest|round-?\s?up|headlines|bulletin|wrap|rundown)\b"
    r"|\bnews\s(?:digest|round-?\s?up|in\sbrief|briefs)\b|^(?:in\sbrief|briefs|briefing|the\sbriefing|headlines)\b(?:$|\s?[:|–—-])"
    r"|\bweek\sin\s(?:review|pictures)\b|\b(?:things|stories)\s(?:to\sknow|you\sneed\sto\sknow)\s(?:today|tonight|this|for)\b"
    r"|\bnoticias\sdel\sd[ií]a\b|\bl.essentiel\sde\sl.actualité\b|\bđiểm\stin\b|新闻早报|早报$",
    _I,
)
_ENTRY_TIME = re.compile(
    r"(?:updated\s(?:at\s)?|at\s)?[\[(]?(?:[01]?\d|2[0-3])[:.h][0-5]\d[\])]?(?:\s?[ap]\.?m\.?)?(?:\s(?:gmt|bst|utc|e[sd]?t|p[sd]?t|c[es]?t|ist|local\stime))?\b\s?[:|–—-]?",
    _I,
)

_LONG_CHARS = 420
_WALL_CHARS = 1_500
_LEAST_TAKEN_UP = 2
_WALL_MIN_RATIO = 3  # words that ask or speak to the reader, to others

# Every match of `_LEGAL` holds one of these, and each try of it goes through much of the line.
_LEGAL_SIGNS = ("©", "(c)", "copyright", "reserved", "published", "reproduced", "版权所有", "転載")
_FIRST_TITLE = re.compile(r"[(（【\[]?\s?(?:本文)?原(?:标题|標題)\s?[:：].+")  # what another paper called the text
_LINE_RULES: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (_RELATED, reasons.RELATED_HEADER, 70),
    (_SOURCE_LABEL, reasons.SOURCE_LABEL, 70),
    (_COMMENTS, reasons.COMMENTS_HEADER, 70),
    (_SHARE, reasons.SHARE_BUTTON, 110),
    (_ADVERT, reasons.ADVERT, 110),
    (_STAMP, reasons.TIME_STAMP, 90),
    (_PICTURE, reasons.PICTURE_LABEL, _LONG_CHARS),
    (_FIRST_TITLE, reasons.NOTE, 120),
)
BETWEEN = frozenset(
    {reasons.RELATED_LINK, reasons.INVITATION, reasons.PICTURE_CREDIT, reasons.TAGS}
)  # kept where all else is cut
RULED = frozenset(
    {reasons.ASKS, reasons.COPYRIGHT, *(code for _, code, _ in _LINE_RULES), *BETWEEN, reasons.MENU, reasons.AUTHOR}
)


def named_lines(lines: Sequence[str], title: str = "") -> list[str | None]:
    """For each line of a page the reason of the rule that names it, None for the others."""
    blocks = {**listed_after_header(lines), **teasers(lines), **excerpt_lists(lines), **video_lists(lines)}
    return [rule_for(line, title) or blocks.get(i) for i, line in enumerate(lines)]


def rule_for(line: str, title: str = "") -> str | None:
    """The reason to cut this line judged alone, or None. Long lines are prose, unless they ask their reader throughout."""
    if is_placeholder(line):
        return reasons.ADVERT
    if len(line) > _LONG_CHARS:
        return reasons.ASKS if asks_throughout(line, title) else None
    for pattern, code, longest in _LINE_RULES:
        if len(line) <= longest and pattern.fullmatch(line):
            return code
    if is_read_also(line):
        return reasons.RELATED_HEADER
    if holds_any(line.casefold(), _LEGAL_SIGNS) and _LEGAL.fullmatch(line):
        return reasons.COPYRIGHT
    label = label_of(line)
    if label in (None, reasons.INVITATION) and asks_reader(line, title):
        return reasons.ASKS  # which may make a wall, as no invitation does
    return label


def addresses_reader(line: str) -> bool:
    """Does the line speak to its reader, outside of a quotation or a report? Alone this means little; around a request it does."""
    if len(line) > _LONG_CHARS or _ADDRESSES.search(line) is None:
        return False
    return not _quotes_or_reports(line, words_of(line)[1])


def asks_reader(line: str, title: str = "") -> bool:
    """Is the line the site speaking to its reader: subscribe, sign in, accept cookies, enable a script, prove you are human?

    title: what the article is about. Where that is subscribing, cookies or the like, only a line in which the site speaks of
    itself ("our newsletter") asks.
    """
    if len(line) > _LONG_CHARS:
        return False
    words = words_of(line)[1]
    may_check, may_ask = _may_check(line), _may_ask(line, words)
    if not (may_check or may_ask) or _quotes_or_reports(line, words):
        return False
    if may_check and (check := _CHECK.search(line)):
        return word_count(line) < 40 and not _is_about(title, check.group())
    if not may_ask:
        return False
    asked = _ASKS.findall(line)
    if not asked or len(asked) * 18 < word_count(line) or not addresses_reader(line) or _goes_on_about(title, line):
        return False
    return not _is_about(title, " ".join(asked)) or _SITE_VOICE.search(line) is not None


def asks_throughout(line: str, title: str = "") -> bool:
    """Is a long line a wall without line breaks: sentences that ask the reader, or speak to him between such, and little else?"""
    if len(line) > _WALL_CHARS:
        return False
    words = words_of(line)[1]
    if not (_may_check(line) or _may_ask(line, words)) or _quotes_or_reports(line, words):
        return False  # where no sentence may ask, none of what follows would count
    sentences = _SENTENCE.findall(line)
    asking = [asks_reader(sentence, title) for sentence in sentences]
    if not any(asking):
        return False
    asked, spoken, told = 0.0, 0.0, 0.0
    for sentence, asks in zip(sentences, asking, strict=True):
        if asks:
            asked += word_count(sentence)
        elif addresses_reader(sentence):
            spoken += word_count(sentence)
        else:
            told += word_count(sentence)
    return asked >= spoken and asked + spoken > _WALL_MIN_RATIO * told


def _quotes_or_reports(line: str, words: Sequence[str]) -> bool:
    """words: those of the line, in lower case."""
    if line.startswith(("“", '"', "«", "「", "„")):
        return True
    if not _reports(line, words):
        return False
    without_hours = _OPEN_DAYS.sub("", line)
    return without_hours == line or _reports(without_hours, _WORD.findall(without_hours.lower()))


def _reports(line: str, words: Sequence[str]) -> bool:
    if not _REPORT_WORDS.isdisjoint(words):
        return True
    may_report = not in_english_letters(line) or holds_any(line.lower(), _REPORT_SIGNS)
    return may_report and _REPORTS.search(line) is not None


def _goes_on_about(title: str, line: str) -> bool:
    """Do several sentences take up half of what a title says that is no request itself, and is the site not speaking of itself?"""
    headed = stems(title)
    if len(headed) < _LEAST_TAKEN_UP or _REQUEST.match(title) or len(_SENTENCE.findall(line)) < _LEAST_TAKEN_UP:
        return False
    taken_up = len(headed & stems(line))
    return taken_up >= _LEAST_TAKEN_UP and 2 * taken_up >= len(headed) and _SITE_VOICE.search(line) is None


def _is_about(title: str, words: str) -> bool:
    """Does a title that is no request itself name one of these words?"""
    return bool(title) and _REQUEST.match(title) is None and not stems(title).isdisjoint(stems(words))


_ASK_WORDS_TEXT = """
    tweet tweets subscribe subscriber subscribers subscription subscriptions newsletter newsletters sign signed log logged
    login register registering registration account password email mail inbox access trial javascript browser
    cookie cookies ad ads adblock adblocker captcha robot terms privacy article articles delivery app
    notifications characters loginwidget notification profile preview zip zipcode junk message friend send let tips
    tip signup signin suscribirse suscribirte inicia iniciar abonnez anmelden connectez inscrivez iscriviti assine
    cadastre abonnieren prenumerant prenumeranter prenumerera prenumeration logga logg abonnent abonnenter abonnement abonnere abonneer
    abonnee tilaa tilaajille kirjaudu zaloguj prenumerata subskrypcja abone abonament autentificare berlangganan langganan
    masuk pretplata pretplatite predplatne country region legal looking requested attempting
"""
_ASK_WORDS = frozenset(_ASK_WORDS_TEXT.split())

# Every match of `_CHECK` holds one of these.
_CHECK_SIGNS = (
    "browser", "javascript", "cookies", "denied", "human", "robot", "ray", "found", "requests", "moment", "legal",
    "attempting", "página", "pagina", "introuvable", "trouvée", "gefunden", "sidan", "страниц", "znaleziono", "istnieje",
    "bulunamad", "页", "ページ", "페이지",
    "country", "region", "looking", "requested",
)  # fmt: skip


def _may_check(line: str) -> bool:
    """A cheap check before the long pattern: most lines hold none of its signs."""
    return holds_any(line.casefold(), _CHECK_SIGNS)


def _may_ask(line: str, words: Sequence[str]) -> bool:
    """A cheap check before the long pattern: most lines hold none of its words. words: those of the line, in lower case."""
    return not _ASK_WORDS.isdisjoint(words) or not in_english_letters(line)


def is_related_header(line: str) -> bool:
    """Does the line head a list of other articles ("Related Articles", "Lee también", "相关新闻")?"""
    return (len(line) <= 70 and bool(_RELATED.fullmatch(line))) or is_read_also(line)


def is_comments_header(line: str) -> bool:
    """Does the line head the comment section?"""
    return len(line) <= 70 and bool(_COMMENTS.fullmatch(line))


def teasers(lines: Sequence[str]) -> dict[int, str]:
    """Teasers of other articles by line number: a headline, then one sentence that breaks off.

    A single such pair may be the author's own style, so a pair counts only after a related-articles header, next to
    another pair, or as the last thing of the page.
    """
    pairs = [i for i in range(1, len(lines) - 1) if _is_teaser_text(lines[i + 1]) and is_headline_like(lines[i])]
    starts = set(pairs)
    found: dict[int, str] = {}
    for i in pairs:
        headed = is_related_header(lines[i - 1]) or i - 1 in found
        if headed or i + 2 in starts or i - 2 in starts or i + 2 == len(lines):
            found[i] = reasons.TEASER_HEADLINE
            found[i + 1] = reasons.TEASER_TEXT
    return found


def _is_teaser_text(line: str) -> bool:
    return is_cut_off(line) and len(line) <= 320 and 4 <= word_count(line) <= 60


def listed_after_header(lines: Sequence[str]) -> dict[int, str]:
    """Lines of a list of other articles: what follows its header until prose begins again, or the list gets too long."""
    found: dict[int, str] = {}
    left = 0
    for i, line in enumerate(lines):
        if is_related_header(line):
            left = _LIST_MAX_LINES
        elif left and (is_headline_like(line) or _is_teaser_text(line)):
            found[i] = reasons.LISTED
            left -= 1
        else:
            left = 0
    return found


def is_live_or_digest(title: str, lines: Sequence[str], min_entries: int) -> bool:
    """Is this a live blog or a digest, going by its title or by many entries that begin with different times of day?"""
    if _LIVE_TITLE.search(title) or _DIGEST_TITLE.search(title):
        return True
    times = {match.group().casefold() for line in lines if (match := _ENTRY_TIME.match(line)) is not None}
    return len(times) >= min_entries
