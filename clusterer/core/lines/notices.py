"""Notices in the place of an article: that the page is gone, or that the reader has to agree to be followed."""

from __future__ import annotations

import re

from clusterer.core.lines.features import holds_any, word_count

_I = re.IGNORECASE
# Who asks to agree: the site and its partners. People say so too, so what they want to do with a reader's data has to be there as well.
_PARTNERS = re.compile(
    r"\b(?:nosotros\sy\snuestros|nós\se\s(?:os\s)?nossos|noi\se\s(?:i\snostri)?|wij\sen\sonze|my\si\snasi|nas\si\snaszych|my\sa\snaši"
    r"|mi\sés\s(?:a\s)?|noi\s[șş]i|vi\soch\svåra|vi\sog\sv[åo]re?s?|me\sja|biz\sve|εμείς\sκαι\sοι|мы\sи\sнаши|ми\s(?:та|і|й)\sнаші|ние\sи\sнашите"
    r"|mi\si\snaši|mes\sir\smūsų|chúng\stôi\svà(?:\scác)?|kami\sdan)\s?(?:cei\s)?(?:\d[\d.,\s]{0,6})?(?:\w+\s)?"
    r"(?:socios|parceiros|partne[rř]\w*|fornitori|partnereink|partenerii|kumppan\w+|(?:iş\s)?ortaklarımız|συνεργάτες|партн[её]р\w*|партнь?ор\w*"
    r"|đối\stác|mitra)\b"
    r"|(?:当社|弊社|私たち)(?:と|および|及び|並びに).{0,8}パートナー|(?:저희|당사|우리)\s?(?:와|및).{0,6}파트너|نحن\sوشركاؤنا|ما\sو\sشرکای|(?:אנחנו|אנו)\sו.{0,6}השותפים"
    r"|我们[和及与].{0,6}合作伙伴",
    _I,
)
_TRACKING = re.compile(
    r"cookie|çerez|eväste|sütik|куки|файл|クッキー|쿠키|ارتباط|עוגיות|\b(?:informa|dat[aio]\b|dados|datos|dan(?:e|ych)\b|údaj|adatok|gegevens"
    r"|uppgifter|o[pm]+lysninger|tieto|bilgi|πληροφορ|информаци|інформаці|данны|дани[хм])|情報|データ|정보|بيانات|المعلومات|מידע|thông\stin|信息|数据",
    _I,
)
_AGREE = re.compile(
    r"\bwyraża(?:sz|ją\spaństwo)\szgodę\sna\b|\bvyjadřujete\ssouhlas\sse?\szpracováním|\bhozzájárul(?:ok)?\s(?:az?\s)?(?:adatai|személyes|sütik)"
    r"|\bgeeft\su\stoestemming\svoor|\bsamtycker\sdu\still|\bsamtykker\sdu\s(?:til|i)\b",
    _I,
)
_SITE_USES = re.compile(
    r"\b(?:(?:weboldalunk|oldalunk|honlapunk)\ssütiket\shasznál|sütiket\shasználunk|(?:(?:tento|náš)\sweb|tato\sstránka|táto\sstránka)\spoužívá?.{0,20}cookie"
    r"|(?:ta|nasza)\sstrona\s(?:używa|korzysta\sz).{0,20}cookie|acest\ssite\s(?:folosește|utilizează).{0,20}cookie|questo\ssito\s(?:usa|utilizza).{0,20}cookie"
    r"|este\ss[ií]tio\s(?:web\s)?(?:usa|utiliza).{0,20}cookie|este\ssite\s(?:usa|utiliza).{0,20}cookie|den(?:ne|na)\s(?:hjemmeside|webbplats|nettside)\s\w+.{0,20}cookie"
    r"|tämä\ssivusto\skäyttää\seväst|deze\s(?:web)?site\sgebruikt.{0,20}cookie|diese\swebsite\s(?:verwendet|nutzt).{0,20}cookie|ce\ssite\sutilise.{0,20}cookie"
    r"|(?:этот|наш)\sсайт\sиспользует.{0,20}(?:cookie|куки)|(?:цей|наш)\sсайт\sвикористовує.{0,20}(?:cookie|кукі))",
    _I,
)
_GONE = re.compile(
    r"\W*(?:(?:404|error|eroare|chyba|hiba|sorry|ups+|hoppá|sajnáljuk|omlouváme\sse|عذرا|عذرًا|죄송합니다)\W+){0,2}(?:"
    r"(?:az?\s)?(?:(?:keresett|kért)\s)?oldal\snem\s(?:található|létezik)|(?:(?:hledaná|požadovaná)\s)?stránka\s(?:nebyla\snalezena|neexistuje|nenalezena)"
    r"|(?:(?:hľadaná|požadovaná)\s)?stránka\s(?:nebola\snájdená|sa\snenašla)|pagina\s(?:\w+\s){0,2}nu\s(?:a\sfost\sgăsită|există)"
    r"|siden\s(?:blev|ble)\sikke\sfun[dn]et|siden\s(?:findes|finnes)\sikke|den\sside,?\sdu\s(?:leder|ledte)\sefter|(?:(?:etsimääsi|hakemaasi)\s)?sivua\sei\s(?:löy|ole\solemassa)|aradığınız\ssayfa\s"
    r"|η\sσελίδα\s(?:\S+\s){0,3}δεν\s(?:βρέθηκε|υπάρχει)|сторінк[уи]\sне\s(?:знайдено|існує)|страницата\sне\s(?:е\sнамерена|съществува)"
    r"|stranica\s(?:\w+\s){0,2}(?:nije\spronađena|ne\spostoji)|không\stìm\sthấy\strang|halaman\s(?:\w+\s){0,3}tidak\sditemukan"
    r"|(?:الصفحة|هذه\sالصفحة)\s(?:\S+\s){0,3}غير\sموجودة|لم\sيتم\sالعثور\sعلى\sالصفحة|صفحه(?:‌ی)?\s(?:\S+\s){0,3}(?:یافت|پیدا)\sن|הדף\s(?:\S+\s)?לא\sנמצא"
    r"|(?:पेज|पृष्ठ)\sनहीं\sमिला|ไม่พบหน้า|puslapis\s(?:nerastas|neegzistuoja)|lapa\snav\satrasta|lehte\sei\sleitud|요청하신\s페이지"
    r"|お探しのページ|您访问的页面"
    r")",
    _I,
)
_GONE_WORDS = 25
# Every match of `_PARTNERS`, `_AGREE`, `_SITE_USES` or `_GONE` holds one of these, compared case-folded.
_SIGNS = (
    "cookie", "eväst", "sütik", "куки", "кукі", "aradığınız",
    "soci", "parceir", "partn", "fornitori", "parten", "kumppan", "ortaklar", "συνεργάτεσ", "партн", "đối tác",
    "mitra", "パートナー", "파트너", "شركاؤنا", "شرکای", "השותפים", "合作伙伴", "zgodę", "souhlas", "hozzájárul",
    "toestemming", "samty", "oldal", "stránka", "pagina", "siden", "den side", "sivua", "σελίδα", "сторінк",
    "страницата", "stranica", "trang", "halaman", "الصفحة", "صفحه", "הדף", "पेज", "पृष्ठ", "พบหน้า", "puslapis",
    "lapa", "lehte", "페이지", "ページ", "页面",
)  # fmt: skip


def notice_in(line: str) -> str:
    """The words of such a notice in a line, "" for none."""
    if not holds_any(line.casefold(), _SIGNS):
        return ""
    gone = _GONE.match(line)
    if gone is not None and word_count(line) <= _GONE_WORDS:
        return gone.group()
    found = (
        _AGREE.search(line) or _SITE_USES.search(line) or (_PARTNERS.search(line) if _TRACKING.search(line) else None)
    )
    return found.group() if found else ""
