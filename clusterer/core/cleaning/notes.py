"""Notes of a newsroom on its own text: corrections, updates, what an earlier version said.

A note is known by what it speaks of, which is the article itself ("an earlier version of this article", "this story has been updated"),
or by a label before a colon ("Editor's note: ..."). News about corrections names another article, and has more to tell.
"""

from __future__ import annotations

import regex

from clusterer.core.lines.features import holds_any, in_english_letters

_LONGEST = 500  # characters

_LABEL = regex.compile(
    r"""[(\[*_]*(?:
      (?:corrections?|clarification|erratum|editor['’]?s['’]?\snote|correction\sand\sclarification|note\sto\sreaders)
    | (?:anmerkung|hinweis)\s(?:der|von\sder)\sredaktion|anm\.\sd\.\sred\.|korrektur(?:hinweis)?|richtigstellung
    | rectificatif|note\sde\sla\srédaction|ndlr|fe\sde\s(?:errores|erratas)
    |nota\s(?:de\sla\sredacción|del\seditor)|rectificación
    | nota\s(?:della\sredazione|da\sredação|do\seditor)|errata(?:\scorrige)?|correç(?:ão|ões)
    | (?:correctie|rectificatie|noot\svan\sde\sredactie)|rättelse|rettelse|oikaisu|sprostowanie|od\sredakcji
    |oprava|helyreigazítás|erată
    | исправление|поправка|от\sредакции|виправлення|від\sредакції|διόρθωση|σημείωση\sτης\sσύνταξης|düzeltme
    |editörün\snotu
    | koreksi|ralat|catatan\sredaksi|đính\schính|訂正|お詫びと訂正|更正|编者按|編者按|정정|바로잡습니다|تصحيح|تنويه|ملاحظة\sالمحرر
    )[)\]*_]*\s?[:：—–]""",
    regex.IGNORECASE | regex.VERBOSE,
)
_OF_THIS = regex.compile(
    r"""(?:
      \b(?:earlier|previous|prior|original|initial|first)\sversions?\sof\s(?:this|the\sabove)\s(?:article|story|report|post|piece|column|headline|page|item)
    | \bthis\s(?:e-?mail|message)(?:\s\w+){0,4}\s(?:is|are|may\sbe)\s(?:\w+\s)?confidential\b
    | \bdiese\se-?mail\s.{0,40}vertraulich|\bce\s(?:message|courriel)\s.{0,60}confidentiels?\b
    | \beste\s(?:mensaje|correo)\s.{0,60}confidencial
    | \bthis\s(?:article|story|report|post|piece|column|headline|page|item)\s(?:was|has\s(?:since\s)?been|is\sbeing)\s
      (?:first\s|originally\s)?(?:amended|corrected|updated|edited|clarified|revised|changed|modified)\b
    | \b(?:früheren|vorherigen|vorigen|ersten|ursprünglichen|älteren)
      \s(?:version|fassung)\s(?:dieses|des)\s(?:artikels|beitrags|textes|berichts)
    | \bdieser\s(?:artikel|text|beitrag|bericht)\swurde\s.{0,60}
      (?:aktualisiert|korrigiert|ergänzt|geändert|überarbeitet)
    | \bversion\s(?:précédente|antérieure|initiale)\sde\s(?:cet|ce)\s(?:article|texte)
    | \b(?:première|précédente|ancienne)\sversion\sde\s(?:cet|ce)\s(?:article|texte)
    | \bcet\sarticle\sa\sété\s(?:modifié|corrigé|mis\sà\sjour|actualisé)
    | \bversión\s(?:anterior|previa|inicial|original)\sde\s(?:este|esta)\s(?:artículo|noticia|texto|información|nota)
    | \b(?:este|esta)\s(?:artículo|noticia|información|nota)\s(?:ha\ssido|fue)\s(?:corregid|actualizad|modificad)[oa]
    | \b(?:precedente\sversione|versione\sprecedente|prima\sversione)\sdi\squesto\s(?:articolo|testo)
    | \bquesto\sarticolo\sè\sstato\s(?:modificato|corretto|aggiornato)
    | \bversão\s(?:anterior|inicial|original)\s(?:deste|desta)\s(?:artigo|texto|reportagem|matéria|notícia)
    | \b(?:este|esta)\s(?:artigo|texto|reportagem|matéria|notícia)\sfoi\s(?:corrigid|atualizad|alterad|modificad)[oa]
    | \beerdere\sversie\svan\sdit\s(?:artikel|bericht|stuk|verhaal)
    |\bdit\s(?:artikel|bericht|stuk)\sis\s.{0,40}(?:aangepast|gecorrigeerd|bijgewerkt)
    | \btidigare\sversion\sav\s(?:den\shär\s)?(?:artikeln|texten)
    |\b(?:tidligere|tidligare)\sver[sj]+on\sa[fv]\s(?:denne\s)?(?:saken|artikkelen|artiklen)
    | \b(?:wcześniejszej|poprzedniej|pierwotnej)\swersji\s(?:tego\s)?(?:artykułu|tekstu)
    |\bartykuł\szostał\s(?:zaktualizowany|poprawiony)
    | (?:ранней|предыдущей|первоначальной|прошлой)\sверсии\s(?:этой\s|этого\s|данной\s|данного\s)?
      (?:статьи|материала|текста|новости|заметки)
    | (?:попередній|ранішій|первинній)\sверсії\s(?:цієї\s|цього\s)?(?:статті|матеріалу|тексту|новини)
    | προηγούμενη\s(?:έκδοση|εκδοχή)\s(?:αυτού\s)?του\s(?:άρθρου|κειμένου)
    | bu\s(?:haberin|yazının|makalenin)\s(?:önceki|ilk|daha\sönceki)\s(?:sürüm|versiyon|hal)
    | versi\ssebelumnya\sdari\s(?:artikel|berita)\sini
    |(?:artikel|berita)\sini\stelah\s(?:diperbarui|dikoreksi|diubah|direvisi)
    | phiên\sbản\strước\s(?:đó\s)?của\sbài\s(?:viết|báo)
    | (?:この|本)記事は?.{0,30}(?:訂正|修正|更新)(?:し|され|済)|記事を(?:訂正|修正|更新)し(?:ました|ています)|当初の記事
    | 本文(?:的)?(?:早前|早先|此前|先前|較早)(?:的)?版本|本文已(?:经|經)?(?:更新|更正|修正|修改)
    | 이\s기사의\s이전\s버전|기사를\s(?:수정|정정)(?:했|합)
    | (?:نسخة|نسخه)\sسابقة\sمن\sهذا\s(?:المقال|التقرير|الخبر)|تم\s(?:تعديل|تحديث|تصحيح)\sهذا\s(?:المقال|التقرير|الخبر)
    | इस\s(?:खबर|ख़बर|लेख|रिपोर्ट)\s(?:के\s(?:पिछले|पहले)\s(?:संस्करण|वर्जन)|को\s(?:अपडेट|संशोधित))
    )""",
    regex.IGNORECASE | regex.VERBOSE,
)
_OF_THE_WIRE = regex.compile(
    r"[(\[](?:adds|corrects|recasts|updates|refiles|clarifies|removes|repeats|rewrites)\s.{3,200}[)\]]\.?",
    regex.IGNORECASE,
)


# In ASCII every match of `_OF_THIS` holds one of these; the pattern takes sixty times as long as looking for them.
_OF_THIS_SIGNS = (
    "confiden", "vertraulich",
    "versi", "amended", "corrected", "updated", "edited", "clarified", "revised", "changed", "modified", "fassung", "aktualisiert",
    "korrigiert", "corregid", "actualizad", "modificad", "corrigid", "atualizad", "alterad", "aangepast", "gecorrigeerd",
    "bijgewerkt", "tidlig", "wersji", "haberin", "makalenin", "telah",
)  # fmt: skip


def is_note(line: str) -> bool:
    """Is the line a newsroom's note on the text that it stands above or below?"""
    if len(line) > _LONGEST:
        return False
    return bool(_OF_THE_WIRE.fullmatch(line) or _LABEL.match(line) or (_may_be_of_this(line) and _OF_THIS.search(line)))


def _may_be_of_this(line: str) -> bool:
    return not in_english_letters(line) or holds_any(line.lower(), _OF_THIS_SIGNS)
