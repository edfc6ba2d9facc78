"""Lines in which a site asks its reader for something: to subscribe, sign in, accept cookies, prove to be human.

Patterns are bounded in length, so every check is linear in the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from clusterer.core.lines.features import REMEMBERED_LINES, holds_any, in_english_letters, stems, word_count, words_of
from clusterer.core.lines.notices import notice_in
from clusterer.core.lines.reporting import quotes_or_reports
from clusterer.core.lines.reserved import is_reserved, names_readers

_I = re.IGNORECASE
_ASKS = re.compile(
    r"\b(?:subscri(?:be|ber|ption)s?|newsletters?|sign(?:ed|ing)?[\s-]?(?:up|in)|log(?:ged)?[\s-]?in|regist(?:er|ering|ration)"
    r"|your\s(?:account|profile|e-?mail|inbox|password|browser|preview|zip\s?code|tweets?)|an\saccount|e-?mail\s(?:address|alerts?|notifications?)"
    r"|verification\s(?:e-?mail|message|code)|junk\sfolder|digital\saccess|full\saccess|free\strial|javascript|cookies?"
    r"|ad[\s-]?block(?:er|ing)?|captcha|not\sa\srobot|terms\sof\s(?:service|use)|privacy\s(?:policy|notice)"
    r"|articles?\s(?:left|remaining|this\smonth)|home\sdelivery|mobile\sapp|push\snotifications?|enter\sthe\scharacters|loginWidget"
    r"|abo|weiterlesen|jederzeit\skündbar|werbeblocker|consentement|partenaires|bloqueur\sde\spublicité|bloqueador\sde\s\w+|assinantes?"
    r"|eres\shumano|abbonat[io]|accedi|riservato\sagli|inloggen|toestemming|akkoord|reklam\sengelleyici\w*|робот|автоматическ\w+"
    r"|блокировщик\w*|абонемент\w*|a\sfriend\s(?:wanted|thought)\syou|send\sus\syour|let\sus\sknow|news\stips?|an\se-?mail\shas\sbeen\ssent|notification\shas\sbeen"
    r"|(?:verder\ste|om\sverder\ste|verder)\slezen|seguir\sleyendo|continuar\s(?:a\sler|lendo|leyendo)|continuare\sa\sleggere|(?:poursuivre|continuer)\s(?:la|votre)\slecture"
    r"|um\sweiterzulesen|ein\sKonto|een\saccount|un\scompte|una\scuenta|uma\sconta|un\saccount"
    r"|suscr[ií]b\w+|reg[ií]str(?:ate|ese|arse|arte)|inicia\s(?:r\s)?sesi[oó]n|abonn\w+|anmelden|connectez-vous|inscrivez-vous|iscriviti"
    r"|assine|cadastre-se|đăng\s(?:ký|nhập)|prenumer\w+|logga\sin|logg\sinn|log\sind|tilaa|tilaajille|kirjaudu|subskry\w+|zaloguj\w*|zarejestruj\w*"
    r"|p[rř]edplat\w+|p[rř]ihl[aá]s\w+|előfizet\w+|bejelentkez\w+|jelentkezzen\sbe|abonament\w*|abon(?:ează|ați|aţi)\w*|autentific\w+|abone\w*"
    r"|giriş\syap\w*|üye\sol\w*|подписк\w+|подпис(?:аться|чик\w+)|вой(?:дите|ти)|зарегистрир\w+|передплат\w+|уві(?:йдіть|йти)|συνδρομητ\w+"
    r"|συνδεθείτε|εγγραφείτε|berlangganan|langganan|masuk\ske\sakun|pretplat\w+)\b|구독|로그인|회원가입|सदस्यता|लॉग\sइन|สมัครสมาชิก|เข้าสู่ระบบ|מנוי|התחבר"
    r"|订阅|有料会員|安全验证|验证码|请求ID|비밀번호|登录|登入|注册|訂閱|会員登録|ログイン|購読"
    r"|اشترك|تسجيل الدخول|سجّل|سجل الدخول|إلغاء الاشتراك|مشترک شوید|وارد حساب|\b(?:абонира\w+|влезте|prisijunkite)\b",
    _I,
)
_ADDRESSES = re.compile(
    # In the midst of a sentence these are no requests: "residents who log in", "a wooden sign in the village".
    r"(?:^|[.!?:;,…|•·>)—–-]|\b(?:or|just|then|now|simply))\W*(?:click|tap|enter|enable|turn|sign|log|get|subscribe|register|join"
    r"|continue|accept|start|try|close)\b"
    r"|(?:^|[.!?:;,•·>–—]|\b(?:jetzt|hier|bitte|neu|oder|kostenlos|gratis))\W*anmelden\b"
    r"|\b(?:you|your|you.(?:ve|re|ll)|please|we|our|us|oops|sorry|already|want|welcome|thank|thanks|success|tus?|usted|tienes|suscr\w+|inicia|vous|votre|\w+ez-vous|ihre?|iscriviti|assine|bạn|đăng"
    r"|(?:vill|har|är|er|vil)\sdu|du\s(?:behöver|måste|må|skal)\s(?:vara|være)|dig|logga|logg|oletko|haluatko|tilaa|kirjaudu|zaloguj|masz|chcesz|kup|wykup|máte|chcete|přihlaste|prihláste|fizessen|jelentkezzen"
    r"|abonează-te|abonați-vă|autentifică-te|ești|olun|yapın|istiyor\smusunuz|вы|вас|ваш\w*|войдите|оформите|ви|увійдіть|оформіть|σας|συνδεθείτε"
    r"|(?:tua|vostra)\sprivacy|(?:su|tu)\sprivacidad|sua\sprivacidade|(?:twoją|państwa)\sprywatność|vaš(?:e|eho|em)\ssoukromí|vám|din\sintegritet"
    r"|dit(?:t)?\s(?:privatliv|personvern)|yksityisyyttäsi|gizliliğini\w+|confidențialitatea\s(?:dvs|ta|dumneavoastră)|pute[țţ]i|puoi|adatainak\svédelme"
    r"|abonirajte|влезте|абонирайте|prisijunkite|užsiprenumeruokite"
    r"|stimmen\ssie|sie\shaben|haben\ssie|testen\ssie|lesen\ssie\sweiter|sei\sgià|accedi|abbonati|uw|vos|lütfen|kapatın\w*|подтвердите|отключите|вам"
    r"|anda|silakan|prijavite|pretplatite)\b|하세요|주세요|하십시오|하시겠|लॉग\sइन\sकरें|लें|คุณ|התחברו|הירשמו"
    r"|您|你|请|請|ください|いただけます|プライバシー|개인정보를|من فضلك|يمكنك|لديك|حسابك|خصوصيتك|اشترك الآن|سجل الدخول|شوید|کنید",
    _I,
)
_CHECK = re.compile(
    r"(?:don.t|do\snot)\shave\spermission\sto\s(?:access|view)|access\sto\sthis\s(?:page|resource|site|website|server|content)\s(?:has\sbeen|is|was)"
    r"\s(?:blocked|restricted|limited)|unusual\s(?:traffic|activity)\sfrom\syour|made\sus\sthink\s(?:that\s)?you|"
    r"\b(?:we|wir|nous)\s(?:and|und|et)\s(?:our|unsere|nos)\s(?:\d[\d.,]*\s)?(?:partners?|partner|partenaires)\b|"
    r"\b(?:we|wir|nous|wij)\s(?:use|verwenden|nutzen|setzen|utilisons|gebruiken)\s(?:\w+\s){0,3}cookies|"
    r"\b(?:usamos|utilizamos|utilizziamo|usiamo|używamy|vi\s(?:använder|bruker|bruger)|käytämme|používáme|folosim|мы\sиспользуем)\s(?:\w+\s){0,3}(?:cookie|evästeitä|куки|файлы)|"
    r"\bçerez\w*\s(?:kullan|politika)\w+|\bcookies?\s(?:werden|worden|sont|vengono)\b|\b(?:se\s)?(?:utilizan|utilizam|usan)\scookies|"
    r"checking\syour\sbrowser|(?:enable|requires?|turn\son)\s(?:javascript|cookies)|access\s(?:to\sthis\spage\s)?(?:has\sbeen\s)?denied|"
    r"verify(?:ing)?\s(?:that\s)?you\sare\s(?:a\s)?human|are\syou\sa\srobot|ray\sid|(?:404|page)\snot\sfound|too\smany\srequests|"
    r"just\sa\smoment\.\.\.|unavailable\s(?:due\sto|for)\slegal\sreasons|you\sare\sattempting\sto\saccess\sthis|not\savailable\sin\syour\s(?:country|region)|"
    r"p[áa]gina\sn[ãa]o\s(?:foi\s)?encontrada|p[áa]gina\sque\s(?:voc[êe]|usted|buscas?)\b.{0,40}\sn[ãao]+\sexiste|p[áa]gina\sno\sencontrada|pagina\snon\strovata"
    r"|page\s(?:introuvable|non\strouvée)|seite\s(?:wurde\s)?nicht\sgefunden|pagina\sniet\sgevonden|sidan\s(?:kunde\sinte\shittas|finns\sinte)"
    r"|страниц[аы]\sне\s(?:найдена|существует)|strony?\snie\s(?:znaleziono|istnieje)|sayfa\sbulunamadı|页面不存在|找不到页面|ページが見つかりません|페이지를\s찾을\s수\s없|"
    r"page\s(?:that\s)?you\s(?:are\slooking\sfor|requested)\s.{0,40}(?:not|t|no\slonger)\s(?:be\sfound|exist|available)",
    _I,
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
LONG_CHARS = 420
_WALL_CHARS = 1_500
_CHECK_WORDS = 40
_LEAST_TAKEN_UP = 2
_WALL_MIN_RATIO = 3  # words that ask or speak to the reader, to others


def addresses_reader(line: str) -> bool:
    """Does the line speak to its reader, outside of a quotation or a report? Alone this means little; around a request it does."""
    if len(line) > LONG_CHARS or _ADDRESSES.search(line) is None:
        return False
    return not quotes_or_reports(line, words_of(line)[1])


@dataclass(frozen=True, slots=True)
class Request:
    """What a line asks of its reader, if the title is not about just that: the words of a check for robots or consent ("" for none),
    whether it keeps the page for subscribers, and the words in which it asks for anything else."""

    check: str
    reserves: bool
    asked: str


def asks_reader(line: str, title: str = "") -> bool:
    """Is the line the site speaking to its reader: subscribe, sign in, accept cookies, enable a script, prove you are human?

    title: what the article is about. Where that is subscribing, cookies or the like, only a line in which the site speaks of
    itself ("our newsletter") asks.
    """
    request = request_of(line) if len(line) <= LONG_CHARS else None
    if request is None:
        return False
    if request.check:
        return not names_topic(title, request.check)
    if request.reserves and (
        not names_topic(title, line) or stems(title) <= stems(line) or title.casefold() in line.casefold()
    ):
        return True  # a title that says nothing else names no topic
    if not request.asked or _goes_on_about(title, line):
        return False
    return not names_topic(title, request.asked) or _SITE_VOICE.search(line) is not None


@lru_cache(maxsize=REMEMBERED_LINES)
def request_of(line: str) -> Request | None:
    """What a line of at most `LONG_CHARS` asks, whatever the title; None for most lines."""
    words = words_of(line)[1]
    may_check, may_ask, reserves = _may_check(line), _may_ask(line, words), _reserves(line)
    notice = notice_in(line)
    if not (may_check or may_ask or reserves or notice) or quotes_or_reports(line, words):
        return None
    if notice:
        return Request(notice, reserves=False, asked="") if word_count(line) < _CHECK_WORDS else None
    if may_check and (check := _CHECK.search(line)):
        checks = word_count(line) < _CHECK_WORDS and not _tells_more(line)
        return Request(check.group(), reserves=False, asked="") if checks else None
    asked = _ASKS.findall(line) if may_ask else []
    if len(asked) * 18 < word_count(line) or not addresses_reader(line):
        asked = []
    return Request("", reserves, " ".join(asked)) if reserves or asked else None


def asks_throughout(line: str, title: str = "") -> bool:
    """Is a long line a wall without line breaks: sentences that ask the reader, or speak to him between such, and little else?"""
    if len(line) > _WALL_CHARS or not _may_ask_throughout(line):
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


@lru_cache(maxsize=REMEMBERED_LINES)
def _may_ask_throughout(line: str) -> bool:
    words = words_of(line)[1]
    return (_may_check(line) or _may_ask(line, words) or names_readers(line)) and not quotes_or_reports(line, words)


def _tells_more(line: str) -> bool:
    """Does the line go on with more words to nobody than it has in what it asks, or says to its reader?"""
    sentences = _SENTENCE.findall(line)
    told = sum(
        word_count(one) for one in sentences if not any(asks.search(one) for asks in (_CHECK, _ADDRESSES, _ASKS))
    )
    return len(sentences) > 1 and 2 * told > word_count(line)


def _reserves(line: str) -> bool:
    """Is a short line one that keeps the page for subscribers, or begins or ends with a sentence that does?"""
    if not names_readers(line) or word_count(line) >= _CHECK_WORDS:
        return False
    sentences = _SENTENCE.findall(line)
    return is_reserved(sentences[0]) or is_reserved(sentences[-1])


def _goes_on_about(title: str, line: str) -> bool:
    """Do several sentences take up half of what a title says that is no request itself, and is the site not speaking of itself?"""
    headed = stems(title)
    if len(headed) < _LEAST_TAKEN_UP or _REQUEST.match(title) or len(_SENTENCE.findall(line)) < _LEAST_TAKEN_UP:
        return False
    taken_up = len(headed & stems(line))
    return taken_up >= _LEAST_TAKEN_UP and 2 * taken_up >= len(headed) and _SITE_VOICE.search(line) is None


def names_topic(title: str, words: str) -> bool:
    """Does a title that is no request itself name one of these words? Then that is what the article is about."""
    return bool(title) and not (_REQUEST.match(title) or notice_in(title)) and not stems(title).isdisjoint(stems(words))


_ASK_WORDS_TEXT = """
    tweet tweets subscribe subscriber subscribers subscription subscriptions newsletter newsletters sign signed log logged
    login register registering registration account password email mail inbox access trial javascript browser
    cookie cookies ad ads adblock adblocker captcha robot terms privacy article articles delivery app
    notifications characters loginwidget notification profile preview zip zipcode junk message friend send let tips
    tip signup signin suscribirse suscribirte inicia iniciar abonnez anmelden connectez inscrivez iscriviti assine
    cadastre abonnieren prenumerant prenumeranter prenumerera prenumeration logga logg abonnent abonnenter abonnement abonnere abonneer
    abonnee tilaa tilaajille kirjaudu zaloguj prenumerata subskrypcja abone abonament autentificare berlangganan langganan
    masuk pretplata pretplatite predplatne abo weiterlesen
    abbonati abbonato accedi abonnees inloggen verder country region legal looking requested attempting
"""
_ASK_WORDS = frozenset(_ASK_WORDS_TEXT.split())
# Every match of `_CHECK` holds one of these.
_CHECK_SIGNS = (
    "permission", "blocked", "restricted", "limited", "unusual", "think", "partner", "parten", "cookie", "evästeitä", "куки", "файлы",
    "çerez", "browser", "javascript", "denied", "human", "robot", "ray", "found", "requests", "moment", "legal",
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
