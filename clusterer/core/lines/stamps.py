"""Lines that tell when a page was published and by whom, and nothing else: dates, times, bylines, in the languages of the calendar.

A line is judged by its words alone: numbers, names of months and weekdays, and a closed list of what stands beside them.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from clusterer.core.calendar import is_calendar_word, month
from clusterer.core.text import folded, listed

_LONGEST = 120
_LONGEST_BYLINE = 70
_MOST_NAMES = 5

_BESIDE_DATES = listed(
    """
    first | last | updated | update | published | posted | modified | created | on | at | st | nd | rd | th | am |
    pm | a | p | m | gmt | utc | bst | ist | est | edt | pst | pdt | cst | cet | cest | eet | msk | wib | wita | wit |
    cdt | mdt | mst | akst | hst | jst | kst | aest | aedt | acst | awst | nzst | nzdt | sgt | hkt | sast | wat | eat | cat | brt |
    lis | чер | сен | local | time | the | of | date | sun | mon | tue | tues | wed | thu | thur | thurs | fri | sat | uhr | um | vom |
    den | der | stand | aktualisiert | aktualisierung | veröffentlicht | erstellt | geändert | zuletzt | erschienen |
    mo | di | mi | do | fr | sa | so | mez | mesz | le | la | publié | publiée | mis | mise | à | jour | modifié |
    modifiée | heures | h | min | et | dernière | lun | mar | mer | jeu | ven | sam | dim | de | del | las | los |
    el | publicado | publicada | actualizado | actualizada | actualización | última | hora | horas | fecha | creado |
    mié | mie | jue | vie | sáb | dom | alle | ore | il | aggiornato | aggiornata | aggiornamento | pubblicato |
    pubblicata | ultimo | ultima | gio | às | as | da | em | o | publicação | atualizado | atualizada | atualização |
    data | seg | ter | qua | qui | sex | om | uur | op | bijgewerkt | gepubliceerd | geplaatst | laatst | laatste |
    gewijzigd | ma | wo | vr | za | zo | kl | klo | publicerad | publicerat | uppdaterad | uppdaterat | senast |
    ändrad | publisert | oppdatert | sist | publiceret | opdateret | d | julkaistu | päivitetty | ke | to | pe | su |
    opublikowano | zaktualizowano | aktualizacja | publikacji | publikacja | godz | godzina | r | dnia | dodano |
    pon | wt | śr | czw | pt | sob | aktualizováno | publikováno | vydáno | v | ve | hod | aktualizované |
    zverejnené | publikované | po | út | čt | pá | ne | frissítve | frissült | közzétéve | megjelent | utolsó |
    módosítás | óra | perc | publicat | actualizat | actualizare | ora | ενημέρωση | τελευταία | δημοσίευση |
    δημοσιεύτηκε | δημοσιεύθηκε | ενημερώθηκε | ώρα | στις | πμ | μμ | π | μ | güncelleme | güncellenme | yayınlanma |
    yayın | giriş | tarihi | saat | son | опубликовано | опубликована | обновлено | обновлена | дата | время |
    публикации | публикация | в | во | г | года | мск | по | часов | пн | вт | ср | чт | пт | сб | вс | опубліковано |
    оновлено | о | об | р | року | нд | публикувана | обновена | час | objavljeno | ažurirano | datum | u | sati |
    godine | posodobljeno | ob | نشر | نشرت | في | اخر | تحديث | تم | النشر | تاريخ | الساعة | بتوقيت | ص | م | هـ |
    ه | غرينتش | القاهرة | مكة | ساعت | انتشار | روز | رسانی | به | فروردین | اردیبهشت | خرداد | تیر | مرداد |
    شهریور | مهر | آبان | آذر | دی | بهمن | اسفند | פורסם | עודכן | בשעה | עדכון | אחרון | ב | יום | תאריך | को |
    बजे | अपडेटेड | अपडेट | प्रकाशित | पब्लिश | तारीख | প্রকাশিত | প্রকাশ | আপডেট | বাংলাদেশ | সময় | pukul |
    diperbarui | diterbitkan | dipublikasikan | jam | tanggal | diterbit | kemaskini | ngày | tháng | năm | giờ |
    ago | hours | hour | hrs | minutes | minute | mins | há | horas | minutos | hace | vor | stunden | stunde | minuten | il | y | fa |
    geleden | uren | sedan | timmar | siden | timer | minutter | sitten | tuntia | temu | godzin | godziny | назад | часа | минут | тому |
    годин | хвилин | önce | dakika | yang | lalu | menit |
    phút | cập | nhật | đăng | lúc | thứ | hai | ba | tư | sáu | bảy | chủ | xuất | bản
    """
)
_BESIDE_FOLDED = frozenset(map(folded, _BESIDE_DATES))
_PUBLISHED = regex.compile(
    r"publi|posted|updat|modif|stand:|aktuali[sz]|veröff|erstell|mis(?:e)? à jour|actualiz|aggiorn|atualiz|bijgewerkt|gepubl|uppdat"
    r"|oppdat|opdater|julkais|päivit|opubl|zaktual|frissít|közzét|ενημέρ|δημοσ|güncel|yayın|опубл|обновл|онов|نشر|تحديث|انتشار"
    r"|פורסם|עודכן|अपडेट|cập nhật|diperbarui|更新|公開|発行|配信|发布|發布|입력|수정",
    regex.IGNORECASE,
)
# What stands beside dates where words have no blanks between them, and short names of months that end in a point.
_BESIDE_UNSPACED = regex.compile(
    r"最終更新|更新|公開|発行|配信|掲載|午前|午後|上午|下午|中午|晚上|凌晨|发布时间|發布時間|发布|發布|发表|時間|时间|北京|星期[一二三四五六日天]|周[一二三四五六日]|[年月日時分秒时]"
    r"|[(（][月火水木金土日一二三四五六][)）]|(?:月|火|水|木|金|土|日)曜日?|최종|기사|입력|수정|등록|업데이트|송고|오전|오후|[년월일시분초]"
    r"|[(（][월화수목금토일][)）]|เผยแพร่|อัปเดต|อัพเดท|เวลา|วันที่|ล่าสุด|น\.|(?:ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค)\."
)
_SOURCE_BEHIND = regex.compile(
    r"\s(?:来源|來源|出处|出處)\s*[:：]?\s*\S{2,15}(?:\s\S{1,10})?(?:\s(?:作者|编辑|編輯|记者|記者)\s*[:：]\s*\S{2,10})?$"
)
_SIZES = regex.compile(  # of letters, to choose from
    r"(?:字号|字體|字体|文字サイズ|글자\s?크기|حجم الخط|font size|schriftgröße|размер шрифта)\s*[:：]?\s*(?:\S{1,2}(?:\s|$)){1,4}",
    regex.IGNORECASE,
)
_LETTERS = regex.compile(r"[\p{L}\p{M}]+(?:['’.](?=\p{L})[\p{L}\p{M}]+)*")
_PRECISE = regex.compile(
    r"(?<!\d)(?:1[3-5]\d\d|19\d\d|20\d\d|25\d\d)(?!\d)|\d{1,2}[:.h]\d\d|\d{1,2}[./]\d{1,2}[./]\d\d(?!\d)"
)
_EDGES = " |｜·•-–—"
_PARTS = regex.compile(r"\s?[|｜·•]\s?|\s[-–—]\s(?=\p{L})")

# How long the reading takes, how often a page was seen.
_COUNT = regex.compile(
    r"(?:(?:read(?:ing)?(?:\stime)?|lecture|lectura|lettura|leitura|lesezeit|lesedauer|temps\sde\slecture|tiempo\sde\slectura|tempo\s(?:di\slettura|de\sleitura)|leestijd|lästid"
    r"|lesetid|læsetid|lukuaika|czas\sczytania|doba\sčtení|olvasási\sidő|timp\sde\scitire|время\s(?:чтения|на\sчтение)|час\sчитання"
    r"|okuma\ssüresi|waktu\sbaca|وقت\sالقراءة)\s*[:：]?\s*(?:ca\.?\s|~\s?|about\s)?\d{1,3}\s?(?:min|м|х|dk|menit|perc|хв|د)\w*\.?"
    r"|(?:ca\.?\s|~\s?)?\d{1,3}[\s-]?min(?:ute)?s?\.?\s(?:read(?:ing)?(?:\stime)?|de\s(?:lecture|lectura|leitura)|di\slettura|lesezeit"
    r"|leestijd|czytania|čtení)"
    r"|(?<!\p{L})(?:просмотр(?:ов|ы)|перегляд(?:ів|и)|views|page\sviews|visualiza(?:ciones|ções|zioni)|weergaven|aufrufe|wyświetleń|odsłon|zobrazení|megtekintések|vizualizări"
    r"|görüntülenme(?:\ssayısı)?|okunma(?:\ssayısı)?|조회(?:수)?|閲覧数"
    r"|阅读(?:量)?|浏览(?:量)?|點閱數|عدد\sالمشاهدات|مشاهدات|lượt\sxem|dibaca)\s*[:：]\s*\d[\d.,\xa0]{0,10}"
    r"|(?<![\d:.])\d[\d.,\xa0]{0,10}\s(?:views|просмотр(?:ов|а)?|перегляд(?:ів|и)?|visualiza(?:ciones|ções|zioni)|weergaven|aufrufe|wyświetle(?:ń|nia)|zobrazení|megtekintés"
    r"|vizualizări|görüntülenme|okunma|lượt\sxem|مشاهدة)|读完需.{0,12}分钟|この記事は\d{1,3}分で読めます)",
    regex.IGNORECASE,
)

_BY = r"by|von|por|par|di|da|door|av|af|de|od|autor"
_LABELLED = regex.compile(
    r"[(（【\[]?(?:(?:written|reported|edited|story|words|text)\sby|reporter|reporting|editor|author|writer|autor(?:in|a|e|es|ka)?|redakteur(?:in)?|redaktion"
    r"|bearbeitet\svon|text|auteur|rédact(?:eur|rice)|redactor(?:a)?|autore|redaktør|toimittaja|opracował[a]?|oprac\.?|redakce|szerző|autorul"
    r"|автор(?:ы)?|текст|редактор|συντάκτης|συντάκτρια|του|της|yazar|haber|muhabir|editör|كتبت?|بقلم|المحرر|تحرير|نویسنده|خبرنگار|کد\sخبر"
    r"|שם\sהכותב|מאת|כתב|लेखक|संपादक|রিপোর্টার|penulis|pewarta|reporter|editor|penyunting|tác\sgiả|phóng\sviên|biên\stập|ผู้เขียน|记者|記者|编辑|編輯"
    r"|责任编辑|責任編輯|责编|責編|作者|撰文|来源|來源|執筆|担当|文責|글|작성자|기자)\s?[:：／]\s?(?<name>[^.!?。।]{2,60})",
    regex.IGNORECASE,
)
_OURS = regex.compile(
    r"(?:by|door|von|vom|de|da|dal|dalla|del|par|od|av|af|от)?\s?(?:our|a|onze|ons|unsere[mnr]?|notre|nos|nostr[oia]|nuestr[oa]s?|noss[oa]s?|vår|vores|нашего|наш|naszego)"
    r"(?:\s\p{L}{2,15})?\s(?:(?:staff|special|own)\s)?(?:reporters?|correspondents?|writers?|verslagge\p{L}+|correspondente?n?|redacteur|redacti[eo]n?|korrespondent\p{L}*"
    r"|redakt\p{L}+|mitarbeiter\p{L}*|correspondant\p{L}*|envoyée?s?(?:\sspécia\p{L}+)?|rédaction|inviat[oai]|corrispondent\p{L}+|corresponsal\p{L}*|enviad[oa]s?|redacción"
    r"|repórter|reporter|medarbetare|корреспондента|wysłannika)",
    regex.IGNORECASE,
)
_WITHOUT_LABEL = regex.compile(rf"(?:{_BY})\s(?<name>[^.!?:]{{2,60}})", regex.IGNORECASE)
_AND = regex.compile(r",\s(?:and\s)?|\s(?:and|und|et|y|e|en|och|og|i|и|й|та|ve|και)\s")
_BAR = regex.compile(r"\s\|\s")
_PLACES = regex.compile(r"\s[—–|]\s")
_MOST_PARTS = 3
_MOST_PART_WORDS = 4
_MOST_AUTHOR_WORDS = 3
_DESK_ALONE = regex.compile(
    r"redacción(?:\s\p{Lu}\p{L}+)?|redazione(?:\s\p{Lu}\p{L}+)?|redação|rédaction|redaktion|redakcja|redactie|haber\smerkezi",
    regex.IGNORECASE,
)
_DESKS = regex.compile(
    r"reda[kcç]\p{L}+|rédaction|newsroom|news\sdesk|staff|(?:online|web)\s?desk|agenc\p{L}+|agent\p{L}*|tagesschau|desk|συντακτική\sομάδα|\p{Lu}{2,6}",
)
_PARTICLES = listed(
    "de | da | di | do | dos | das | del | della | van | von | der | den | ter | la | le | el | al | bin | ibn | y | e | et | und | and"
    "| og | och"
)
_SIGNED = regex.compile(
    r"[가-힣]{2,4}\s?(?:선임|인턴|수습|전문)?\s?(?:기자|특파원|앵커)(?:\s?[(=]?[\w.+-]+@[\w.-]+\)?)?|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:संवाददाता|जागरण\sसंवाददाता|एजेंसी|ब्यूरो)[,，]?\s?\S{0,20}|newsroom|\S{2,4}\s?(?:记者|記者)|(?:記者|记者)\s?\S{2,4}"
    r"|(?:ritzau|lusa|efe|ansa|ap|afp|dpa|apa|tt|ntb|ritzau|stt|pap|čtk|tasr|mti|agerpres|тасс|риа новости|укрінформ|απε-μπε|aa|dha|iha"
    r"|وكالات|أ ف ب|د ب أ|ایسنا|ایرنا|مهر|ptı|pti|भाषा|antara|ttxvn|共同|時事|連合ニュース|新华社|新華社|中新社|연합뉴스|뉴시스)",
    regex.IGNORECASE,
)


def is_date_line(line: str) -> bool:
    """Is the line a date or a time and nothing else, with the words that pages put before and behind it?"""
    if len(line) > _LONGEST or not any(map(str.isdigit, line)):
        return False
    plain = line if line.isascii() else _BESIDE_UNSPACED.sub(" ", line)
    return all(_is_beside_date(word) for word in _LETTERS.findall(plain))


def _is_beside_date(word: str) -> bool:
    return is_calendar_word(word) or all(
        part in _BESIDE_FOLDED or is_calendar_word(part) or month(part) is not None
        for part in folded(word).replace("’", "'").replace(".", "'").split("'")
    )


def is_stamp(line: str) -> bool:
    """Is the line a date with its year or a time of day, alone or beside an author or a count ("7 marzo 2026 | 10.22")?"""
    if len(line) > _LONGEST or _PRECISE.search(line) is None:
        return False
    line = _SIZES.sub("", _COUNT.sub(" | ", line)).strip()
    parts = _parts(line)
    dated = [is_date_line(part) for part in parts]
    return any(dated) and all(
        date or is_signature(part) or (place == 0 and len(parts) > 1 and _is_author(part))
        for place, (date, part) in enumerate(zip(dated, parts, strict=True))
    )


def _is_author(part: str) -> bool:
    """Is what stands first on a line, before a bar and the date, a name of two or three words?"""
    words = part.split()
    return 1 < len(words) <= _MOST_AUTHOR_WORDS and part.replace(" ", "").isalpha() and is_name(words)


def is_count(line: str) -> bool:
    """Is the line how long the reading takes, or how often the page was seen, and nothing else?"""
    return _COUNT.fullmatch(line) is not None


def says_published(line: str) -> bool:
    """Does a stamp say that it is the page's, so that it is no date of an event?"""
    return is_stamp(line) and _PUBLISHED.search(line) is not None


def is_signature(line: str) -> bool:
    """Is the line the name of its author, of a desk or an agency, and nothing else?"""
    if len(line) > _LONGEST_BYLINE:
        return False
    if _LABELLED.fullmatch(line) or _SIGNED.fullmatch(line) or _OURS.fullmatch(line) or _DESK_ALONE.fullmatch(line):
        return True
    found = _WITHOUT_LABEL.fullmatch(line)
    return found is not None and all(is_name(name.replace(",", " ").split()) for name in _PLACES.split(found["name"]))


def is_masthead(line: str, sure: bool = False) -> bool:
    """Are there names alone: an author beside a paper ("Nora Lindt | Bay Post", "Nora Lindt, Bay Post"), or two authors?

    sure: it stands where pages have them. Elsewhere only a bar tells them from a place or a list.
    """
    if len(line) > _LONGEST_BYLINE or any(map(str.isdigit, line)):
        return False
    parts = _BAR.split(line)
    if len(parts) == 1 and sure:
        authors = _AND.split(line)
        parts = authors if len(authors) > 1 and all(map(_may_be_author, authors)) else line.split(", ")
    # Two authors before a bar are two names.
    names = [name for part in parts for name in (_AND.split(part) if len(part.split()) > _MOST_PART_WORDS else [part])]
    return (
        1 < len(parts) <= _MOST_PARTS
        and all(name and is_name(name.split()) and len(name.split()) <= _MOST_PART_WORDS for name in names)
        and _may_be_author(names[0])
    )


def _may_be_author(part: str) -> bool:
    return 1 < len(part.split()) <= _MOST_AUTHOR_WORDS


def is_name(words: Sequence[str]) -> bool:
    """Do the words look like the name of a person or of a desk?"""
    if _DESKS.search(" ".join(words)):
        return len(words) <= _MOST_NAMES
    return len(words) <= _MOST_NAMES and all(word[0].isupper() or word in _PARTICLES for word in words)


def _parts(line: str) -> list[str]:
    return [part for part in _PARTS.split(_SOURCE_BEHIND.sub("", line).strip(_EDGES)) if part]
