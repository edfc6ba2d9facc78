"""What publishers write around headlines to say what an article is, by whom, or for whom: "Watch live:", "(mit Video)", "(dpa)".

Small closed classes of words, so they are listed; several may stand together ("Breaking news live", "Fotos und Video"). They are
compared folded, and numbers as "#".
"""

from __future__ import annotations

import regex

from clusterer.core.text import folded, listed

_FORMS = folded("""
    live|live now|live update|live updates|live text|live coverage|live score|live scores|liveblog|live-blog|live blog|liveticker
    |live-ticker|live ticker|livestream|live-stream|live stream|newsblog|news-blog|newsticker|news-ticker|ticker|as it happened
    |direct|en direct|en vivo
    |directo|en directo|diretta|in diretta|ao vivo|онлайн|онлайн-трансляция|прямой эфир|в прямом эфире|трансляция|прямая трансляция
    |canlı|canlı anlatım|canlı yayın|canlı blog|canlı izle|na żywo|liveblogg|direkte|suora|trực tiếp|लाइव|लाइव अपडेट
    |مباشر|بث مباشر|直播
    |現場直播|现场直播|ライブ|生中継|中継|라이브|생중계
    |video|videos|vidéos|watch|wideo|видео|βίντεο|فيديو|بالفيديو|شاهد|वीडियो|动画|動画|视频|影片|영상|동영상
    |photo|photos|foto|fotos|fotoğraflar|pictures|in pictures|in photos|gallery|photo gallery|bilder|bildergalerie
    |fotostrecke|images
    |en images|diaporama|galería|fotogalería|fotogallery|zdjęcia|фото|фоторепортаж|fotogaleri|foto galeri|صور|بالصور|तस्वीरें|写真
    |写真特集|图|图集|图片|组图|組圖|포토|사진|infographic|infographics|infografik|infographie|infografía|infografica|инфографика|信息图
    |audio|podcast|podcasts|listen|подкаст|音声|音频|播客|팟캐스트|بودكاست
    |breaking|breaking news|just in|developing|developing story|latest|urgent|alert|flash|news flash|newsflash|eil|eilmeldung|alerte
    |alerte info|flash info|dernière minute|dernière heure|última hora|último minuto|urgente|alerta|ultim'ora
    |ultima ora|срочно|молния
    |son dakika|son dakika haberi|flaş|pilne|z ostatniej chwili|senaste nytt|عاجل|خبر عاجل|ब्रेकिंग|ब्रेकिंग न्यूज़
    |速報|詳報|号外|快讯|快訊|突发|突發|最新|滚动|重磅
    |속보|긴급|#보
    |exclusive|exklusiv|exclusif|exclusivité|exclu|exclusivo|exclusiva|en exclusiva|esclusiva|esclusivo|эксклюзив|özel|özel haber
    |حصري|एक्सक्लूसिव|独家|獨家|独自|단독
    |update|update #|wrapup #|updated|#st update|#nd update|#rd update|#th update|#st lead|#nd lead|#rd lead|#th lead|corrected
    |refile|rpt
    |wdh|aktualisiert|korrektur|korrigiert|actualizado|actualización|mise à jour|màj|actualisé|aggiornamento|aggiornato|atualizado
    |atualização
    |обновлено|обновление|обновляется|дополнено|güncelleme|güncellendi|更新|종합|종합#보|상보
    |analysis|news analysis|analyse|análisis|análise|analisi|анализ|аналитика|analiz|विश्लेषण|تحليل|分析|解析|解説|분석|해설
    |opinion|op-ed|editorial|commentary|kommentar|meinung|leitartikel|gastbeitrag|opinión|opinião|opinione|editoriale|tribune|édito
    |мнение
    |колонка|görüş|评论|評論|社论|社評|社説|論説|사설|칼럼|رأي
    |special report|reportage|reportaje|reportagem|репортаж|特集|현장|خاص|وصور|وفيديو|updates
    |explainer|explained|fact check|fact-check|factcheck|factbox|faktencheck|décryptage|разбор|팩트체크|interview|entrevista|intervista
    |entretien|интервью|röportaj|专访|專訪|特写|インタビュー|인터뷰|مقابلة|حوار
""")
_LEADING = folded("""
    watch|see|listen|now|jetzt|hier|regardez|suivez|voir|mira|mire|vea|sigue|siga|guarda|segui|assista|veja|acompanhe
    |смотрите|смотреть
    |следите|شاهد|kijk|zobacz|oglądaj|mit|with|con|avec|com|met|med|с|со|مع
""")
_JOINING = frozenset(("and", "und", "et", "y", "e", "и", "ve", "en", "og", "och", "i", "و", "&", "+", "/", ","))
_AGENCIES = folded("""
    ap|afp|dpa|dpa-afx|sid|reuters|apa|sda|ats|efe|ansa|agi|adnkronos|lusa|tass|тасс|риа|риа новости|интерфакс|aa|dha|iha|xinhua|新华社
    |新華社|中新社|中央社|共同|共同通信|時事|時事通信|kyodo|jiji|yonhap|연합뉴스|뉴시스|뉴스#|kna|epd|ots|upi|pti|ani|ians|pap|čtk|mti|belga|anp
    |ntb|ritzau|stt|aap|bloomberg|europa press|رويترز|أ ف ب|ا ف ب|وكالات
""")
_PAID = folded("""
    abo|abonnés|réservé aux abonnés|premium|subscribers|subscribers only|subscriber only|subscription|members only|paywall|plus
""")
# Words of the names of papers and stations, and the ends of such names where no blanks are written.
_MEDIA = folded("""
    news|post|times|herald|tribune|gazette|journal|chronicle|observer|telegraph|guardian|examiner|courier|mail|press|tv|radio|online
    |zeitung|nachrichten|anzeiger|tageblatt|tagblatt|bote|kurier|rundschau|presse|courrier|dépêche|correo|diario
    |noticias|notícias|jornal
    |correio|corriere|giornale|gazzetta|gazeta|gazetesi|haber|haberleri|postası|вестник|новости|известия|газета|ведомости|صحيفة
    |جريدة|قناة
    |뉴스|일보|신문|방송
""")
_MEDIA_ENDS = """
    新聞|新聞社|通信|ニュース|テレビ|放送|オンライン|デジタル|网|网站|新闻|资讯|日报|晚报|早报|时报|晨报|周报|在线|频道|客户端|卫视|电视台
    |通讯社|财经|体育|娱乐|中心|门户|新浪|搜狐|腾讯|网易|凤凰|뉴스|일보|신문|방송
"""
_LETTERS_PLUS = regex.compile(r"\p{Lu}{1,2}\+")
_PART = regex.compile(r"[&+/,]|[^\s&+/,]+")
_DIGITS = regex.compile(r"\d+")
_MAX_CHARS = 40
_LONGEST = 3  # words of one form

_KNOWN_FORMS, _KNOWN_LEADING, _KNOWN_AGENCIES = listed(_FORMS), listed(_LEADING), listed(_AGENCIES)
_KNOWN_PAID, _KNOWN_MEDIA, _KNOWN_ENDS = listed(_PAID), listed(_MEDIA), tuple(listed(_MEDIA_ENDS))


def is_form(text: str) -> bool:
    """Does this say what an article is, and nothing else?"""
    parts = _parts(text)
    return bool(parts) and (
        _all_of(parts, _KNOWN_FORMS) or (parts[0] in _KNOWN_LEADING and _all_of(parts[1:], _KNOWN_FORMS))
    )


def is_mark(text: str) -> bool:
    """Does this say what an article is, or which agency sent it?"""
    return is_form(text) or _all_of(_parts(text), _KNOWN_AGENCIES)


def is_bracketed_mark(text: str) -> bool:
    """Does this, in brackets, say so, or who may read it?"""
    return is_mark(text) or _all_of(_parts(text), _KNOWN_PAID) or _LETTERS_PLUS.fullmatch(text) is not None


def is_media_name(text: str) -> bool:
    """Is there a word in this that papers, stations and sites are named with?"""
    return text.endswith(_KNOWN_ENDS) or not _KNOWN_MEDIA.isdisjoint(_parts(text))


def _parts(text: str) -> list[str]:
    """Words as compared, and what joins them; none of a text that is too long for a mark."""
    return _PART.findall(_DIGITS.sub("#", folded(text))) if len(text) <= _MAX_CHARS else []


def _all_of(parts: list[str], known: frozenset[str]) -> bool:
    """Are these some of the known phrases, one behind another or joined? They may begin with what joins ("+ Video")."""
    start = 0
    while start < len(parts):
        stop = _end_of_known(parts, start, known) or (
            parts[start] in _JOINING and _end_of_known(parts, start + 1, known)
        )
        if not stop:
            return False
        start = stop
    return bool(parts)


def _end_of_known(parts: list[str], start: int, known: frozenset[str]) -> int:
    """Where the longest known phrase that begins there ends, 0 if none does."""
    reach = range(min(len(parts), start + _LONGEST), start, -1)
    return next((stop for stop in reach if " ".join(parts[start:stop]) in known), 0)
