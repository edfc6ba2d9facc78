"""Rules that name what a line of a scraped page is when it is not the article: each gives a code of `reasons`.

Patterns are anchored and bounded in length, so every rule is linear in the line. They know the common phrases of a few
languages; what they do not know is left to the line model (`line_model`) and to what is learnt per source (`boilerplate`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from clusterer.core.lines import reasons
from clusterer.core.lines.asking import LONG_CHARS, asks_reader, asks_throughout, names_topic
from clusterer.core.lines.features import REMEMBERED_LINES, holds_any
from clusterer.core.lines.labels import is_placeholder, is_read_also, label_of
from clusterer.core.lines.listings import excerpt_lists, video_lists
from clusterer.core.lines.related import RELATED, listed_after_header, teasers
from clusterer.core.lines.site_talk import is_site_talk

_I = re.IGNORECASE
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
_NETWORK = r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|pinterest|telegram|messenger|google\s?\+|instagram|flipboard|tiktok|youtube)"
_SHARE = re.compile(
    rf"(?:share|tweet|e-?mail|print|pin\sit|like|save|copy\slink|{_NETWORK}|sms|more|compartir|partager|teilen|condividi|compartilhar"
    r"|chia\ssẻ|分享|シェア(?:する)?|مشاركة|扫一扫.{0,12}|(?:点击)?分享(?:到|至|给).{1,12}"
    r"|(?:sdíl(?:et|ej(?:te)?)|zdieľa(?:ť|jte)|udostępnij|dela|del|jaa|deel|delen|megosztás|distribuie|поделиться|поділитися|paylaş|bagikan"
    rf"|κοινοποίηση)(?:\s\w{{1,12}})?\s{_NETWORK}\w{{0,4}}"
    r"|(?:share|tweet|e-?mail|print|save|send|post)\s(?:this|it)(?:\s(?:article|story|page|post|on|via|to|by|with)\b.{0,50})?"
    rf"|(?:share|send|post|click\sto\sshare)\s(?:on|to|via|by)\s(?:{_NETWORK}|e-?mail|a\sfriend)\b.{{0,50}}"
    rf"|(?:follow|like|find|join)\s.{{1,50}}\son\s(?:our\s)?{_NETWORK}\b.{{0,40}}|\d[\d,.]*k?\s(?:shares?|views?|likes?))"
    rf"(?:[\s,|/·•]+(?:share|tweet|e-?mail|print|{_NETWORK}|more))*",
    _I,
)
_ADVERT = re.compile(
    r"(?:advertisements?(?:\s\d{1,2})?|advertising|ads?\sby\s.{1,30}|sponsored(?:\sby\s.{1,40})?|ad|publicidad|publicité|anzeige|werbung|pubblicità"
    r"|quảng cáo|广告|廣告|広告|スポンサーリンク|광고|إعلان|تبلیغات|פרסומת|विज्ञापन|โฆษณา|iklan|реклама|διαφήμιση"
    r"|reklam[aey]?|mainos|annonse?|advertentie|publicidade|hirdetés|oglas|reclam[ăe]|reklāma|story\scontinues\s(?:below|after)\b.{0,40}|\(?(?:article|story)\scontinues\s(?:below|after)\b.{0,40}"
    r"|continue\sreading\b.{0,60}|(?:scroll\sdown|scroll)\sto\scontinue\b.{0,40}|skip\s(?:to|past)\s.{1,40})",
    _I,
)
_LEGAL = re.compile(
    # Longer ones go on in the words of lawyers, or they are a credit that the first paragraph follows without a break.
    r"(?:©|\(c\)\s(?:\d{4}|copyright)|copyright\s(?:©|\(c\)|\d{4}|by\b))"
    r"(?:.{0,140}|.{0,300}(?:rights|derechos|droits|rechte|diritti|direitos|rechten|права|permission|privacy|terms|licen[cs]e|trademark).{0,300})"
    r"|.{0,120}\ball\srights\sreserved\b.{0,200}|.{0,40}\bmay\snot\sbe\s(?:published|reproduced)\b.{0,160}"
    r"|.{0,60}版权所有.{0,80}|.{0,60}転載(?:を)?禁.{0,40}|.{0,60}未[经經].{0,12}[转轉][载載].{0,60}|.{0,60}(?:무단\s?(?:전재|복제|배포)|재배포).{0,12}금지.{0,20}",
    _I,
)
# Programs and styles that a page shows by mistake, each from their first sign to their last.
_CODE = re.compile(
    r"(?:\(?(?:function\s?\(|adsbygoogle\s=)|!function\s?\(|function\s\w{0,40}\(|(?:var|let|const)\s\w{1,40}\s?=|(?:window|document|googletag|adsbygoogle|_gaq|ga|fbq"
    r"|gtag|jQuery|\$|console)(?:\.\w{1,40}){0,4}\s?(?:\(|=|\|\||\[)|(?:googletag|window|document)\.\w{1,40}\.\w{1,40}\().*[;})]"
    r"|(?:@media\b|@import\b|@font-face\b|[.#]?[A-Za-z][\w.# >:,*-]{0,120}\s?\{)[^{}]*[\w-]\s?:[^{}]*[;}].*\}",
)
_PRINTED = re.compile(
    r"(?:printed\s(?:from|on)|(?:aus)?gedruckt\s(?:von|am)|imprimé\s(?:de|depuis)|impreso\s(?:de|desde))\b.{0,20}(?:https?://|www\.)\S.{0,80}",
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
# Every match of `_LEGAL` holds one of these, and each try of it goes through much of the line.
_LEGAL_SIGNS = (
    "©",
    "(c)",
    "copyright",
    "reserved",
    "published",
    "reproduced",
    "版权所有",
    "転載",
    "未经",
    "未經",
    "금지",
)
_FIRST_TITLE = re.compile(r"[(（【\[]?\s?(?:本文)?原(?:标题|標題)\s?[:：].+")  # what another paper called the text
_LINE_RULES: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (RELATED, reasons.RELATED_HEADER, 70),
    (_SOURCE_LABEL, reasons.SOURCE_LABEL, 70),
    (_COMMENTS, reasons.COMMENTS_HEADER, 70),
    (_SHARE, reasons.SHARE_BUTTON, 110),
    (_ADVERT, reasons.ADVERT, 110),
    (_CODE, reasons.CODE, LONG_CHARS),
    (_PRINTED, reasons.NOTE, 160),
    (_STAMP, reasons.TIME_STAMP, 90),
    (_PICTURE, reasons.PICTURE_LABEL, LONG_CHARS),
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
    if len(line) > LONG_CHARS:
        return reasons.ADVERT if is_placeholder(line) else reasons.ASKS if asks_throughout(line, title) else None
    named = _named(line)
    if named in (None, reasons.INVITATION) and asks_reader(line, title):
        return reasons.ASKS  # which may make a wall, as no invitation does
    if named is None and is_site_talk(line) and not names_topic(title, line):
        return reasons.INVITATION
    return named


@lru_cache(maxsize=REMEMBERED_LINES)
def _named(line: str) -> str | None:
    """The reason to cut a line of at most `LONG_CHARS`, whatever the title; that it asks something left out."""
    if is_placeholder(line):
        return reasons.ADVERT
    for pattern, code, longest in _LINE_RULES:
        if len(line) <= longest and pattern.fullmatch(line):
            return code
    if is_read_also(line):
        return reasons.RELATED_HEADER
    if holds_any(line.casefold(), _LEGAL_SIGNS) and _LEGAL.fullmatch(line):
        return reasons.COPYRIGHT
    return label_of(line)


def is_comments_header(line: str) -> bool:
    """Does the line head the comment section?"""
    return len(line) <= 70 and bool(_COMMENTS.fullmatch(line))
