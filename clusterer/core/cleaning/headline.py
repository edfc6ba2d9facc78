"""A headline without what a publisher puts around it: the name of the site behind it, and the form of the article before it.

A name is known by what it stands for (the source, the host of the URL) or by its place: a few capitalised words behind a dash or a bar
that the text does not speak of. Dates and numbers stay, since issues of a column are told apart by them. Forms ("Live:", "【速報】") are
a small closed class of words, so they are listed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import regex

from clusterer.core.calendar import is_calendar_word
from clusterer.core.text import UNSPACED, folded

_FORM_WORDS = """
    live|live updates?|live[ -]?(?:blog|ticker|stream)|(?:news)?ticker|direct|en direct|en vivo|(?:en )?directo|(?:in )?diretta|ao vivo
    |онлайн|прямой эфир|прямая трансляция|canlı|canlı (?:anlatım|yayın|blog)|na żywo|liveblogg|direkte|suora|trực tiếp
    |लाइव|लाइव अपडेट|مباشر|بث مباشر|直播|ライブ|生中継|라이브|생중계
    |videos?|vídeos?|vidéos?|watch|wideo|видео|βίντεο|فيديو|بالفيديو|वीडियो|动画|動画|视频|影片|영상|동영상
    |photos?|fotos?|pictures|in pictures|gallery|photo gallery|bilder|bildergalerie|fotostrecke|(?:en )?images|diaporama|galería|fotogalería
    |fotogallery|galeria|zdjęcia|фото|foto ?galeri|صور|بالصور|तस्वीरें|写真|图集|图片|組圖|포토|사진
    |audio|podcast|listen|подкаст|音声|팟캐스트
    |breaking|breaking news|just in|urgent|alert|flash|news flash|eil|eilmeldung|alerte|alerte info|dernière minute|dernière heure
    |última hora|último minuto|urgente|ultim['’]ora|срочно|молния|son dakika|pilne|z ostatniej chwili|senaste nytt
    |عاجل|خبر عاجل|ब्रेकिंग|ब्रेकिंग न्यूज़|速報|号外|快讯|快訊|突发|突發|속보|긴급|[1-9]보
    |exclusive|exklusiv|exclusif|exclusivo|exclusiva|esclusiva|esclusivo|эксклюзив|özel haber|حصري|एक्सक्लूसिव|独家|獨家|独自|단독
    |update(?: ?\\d+)?|\\d+(?:st|nd|rd|th) (?:update|lead)|updated|corrected|refile|rpt|wdh|korrektur|actualizado|actualización|mise à jour
    |màj|aggiornamento|aggiornato|atualizado|atualização|обновлено|обновление|güncelleme|güncellendi|更新|종합|상보
"""
_FORM = "(?:" + "".join(_FORM_WORDS.split("\n")).replace("    ", "").replace(" ", r"\s") + ")"
_AHEAD = regex.compile(
    r"^(?:[\p{So}\ufe0f\u20e3►▶●■]+\s*|\+{2,}\s*"
    rf"|[\[【(［〔＜<]\s?{_FORM}\s?[\]】)］〕＞>]\s*[:：]?\s*"
    rf"|{_FORM}(?:\s?\+{{2,}}|\s?[:：|｜!]|\.(?=\s)|\s[-–—](?=\s)|(?<=\d)-)\s*)",
    regex.IGNORECASE,
)
_PLUSES = regex.compile(r"\s*\+{2,}$")
_BEHIND = regex.compile(r"^(.*\S)(?:\s*([|｜•»«›])\s*|\s([-–—·])\s|([：]))([^|｜•»«›：]*\S)$")
_HOST = regex.compile(r"(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’.&-][\p{L}\p{M}\p{N}]+)*")
_IN_BRACKETS = regex.compile(r"\([^()\n]{1,40}\)")
_MAX_PARTS = 3
_MOST_WORDS, _MOST_CHARS = 5, 40  # of a name
_LEAST_WORDS, _LEAST_CHARS = 3, 8  # of a headline; characters where no blanks are written
_READ_CHARS = 3_000
_TELLING_CHARS = 5  # shorter words say nothing about what a text speaks of


def bare_headline(title: str, text: str, source: str | None = None, url: str | None = None) -> tuple[str, list[str]]:
    """The headline in one line, and what was taken off it, as it stood.

    text: of the article, by which a name is told from words that belong to the headline.
    """
    left, taken = title, []
    for _ in range(_MAX_PARTS):
        form = _AHEAD.match(left)
        if form is None or not _is_headline(_PLUSES.sub("", left[form.end() :]), 2):
            break
        taken.append(form.group().strip())
        left = _PLUSES.sub("", left[form.end() :])
    own = _names(source, url)
    for _ in range(_MAX_PARTS):
        parts = _BEHIND.match(left)
        if parts is None or not _is_name(parts, text, own):
            break
        taken.append(left[parts.end(1) :].strip())
        left = parts[1].rstrip(" -–—|")
    return left, taken


def _names(source: str | None, url: str | None) -> list[str]:
    """What the site is called, as compared: the source, and the host without its ends."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        host = ""
    labels = [label for label in host.split(".")[:-1] if len(label) > 3]
    return [name for name in (_plain(source or ""), *map(_plain, labels)) if len(name) > 1]


def _plain(name: str) -> str:
    return "".join(_WORD.findall(folded(name)))


def _is_name(parts: regex.Match[str], text: str, own: list[str]) -> bool:
    """Does the last part of a headline name the site?"""
    head, bar, dash, _, name = parts.groups()
    plain, words = _plain(name), _WORD.findall(name)
    if len(words) > _MOST_WORDS or len(name) > _MOST_CHARS or not words or not _is_headline(head, 2):
        return False
    if any(plain == one or (min(len(plain), len(one)) > 3 and (plain in one or one in plain)) for one in own):
        return True
    if _HOST.fullmatch(name):
        return True
    if any(not any(map(str.isalpha, word)) or is_calendar_word(word) for word in words):
        return False
    if not all(map(_is_letter_or_blank, name)) or not _is_headline(head, _LEAST_WORDS):
        return False
    if len(name) >= len(head):
        return False
    if bar:
        return True
    small = sum(word[0].islower() for word in words)
    if words[0][0].islower() or small > (1 if len(words) > 2 else 0):
        return False
    return (dash is not None or UNSPACED.search(name) is not None) and not _speaks_of(text, head, name)


def _is_headline(text: str, least_words: int) -> bool:
    return len(_WORD.findall(text)) >= least_words or len(UNSPACED.findall(text)) >= _LEAST_CHARS


def _is_letter_or_blank(sign: str) -> bool:
    return sign.isalnum() or sign in " .'’&-+!" or regex.match(r"\p{M}", sign) is not None


def _speaks_of(text: str, head: str, name: str) -> bool:
    """Does the text, datelines and the headline itself aside, hold the name or a longer word of it?"""
    read = folded(_IN_BRACKETS.sub(" ", text[:_READ_CHARS]))
    same = folded(f"{head} - {name}")
    read = "\n".join(line for line in read.split("\n") if line.strip() != same)
    phrase = folded(name)
    words = {word for word in _WORD.findall(phrase) if len(word) >= _TELLING_CHARS and not UNSPACED.search(word)}
    return phrase in read or not words.isdisjoint(_WORD.findall(read))
