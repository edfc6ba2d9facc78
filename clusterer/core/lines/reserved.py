"""Sentences that keep a page for those who pay or sign in: "This article is for subscribers only"."""

from __future__ import annotations

import re

from clusterer.core.lines.features import holds_any, word_count

_I = re.IGNORECASE
# Who may read on, why only they, and what it is that they may read, in the languages of `label_phrases`. Compared case-folded.
_READERS = (
    "subscri", "member", "abonn", "abbonat", "suscri", "abonad", "socios", "assinant", "subskryb", "prenumer", "подпис",
    "абонен", "abone", "üyeler", "üyelik", "会員", "会员", "會員", "購読者", "订阅", "訂閱", "구독", "회원", "المشترك", "للمشترك",
    "सदस्य", "सब्सक्राइब", "thành viên", "hội viên", "pelanggan", "tilaaj", "předplat", "predplat", "abona", "előfizet",
    "передплат", "абонат", "συνδρομητ", "مشترک", "מנוי", "สมาชิก", "pretplat", "premium",
)  # fmt: skip
_ONLY = re.compile(
    r"\b(?:only|exclusive(?:ly)?|reserved|nur|exklusiv|ausschließlich|vorbehalten|réservée?s?|exclusi[fv]\w*|reservad[oa]s?|s[oó]lo"
    r"|solamente|únicamente|apenas|somente|riservat[oaie]|soltanto|esclusiv\w+|alleen|uitsluitend|tylko|wyłącznie|только|исключительно"
    r"|лише|тільки|yalnızca|sadece|özel\w*|chỉ|dành|khusus|hanya|endast|bara|forbeholdt|forbeholdne|kun|bare|vain|pouze|jen|len|iba"
    r"|rezervat|doar|numai|csak|μόνο|samo|само|tik|tikai|ainult|सिर्फ|ویژه|مخصوص)\b"
    r"|限定|専用|专享|专属|專屬|仅限|仅供|僅限|독점|전용|فقط|حصري|केवल|בלבד|เท่านั้น|เฉพาะ",
    _I,
)
_PAGE = re.compile(
    r"\b(?:articles?|content|story|stories|page|post|archive|rest|artikel\w*|inhalte?|beitr\w+|lesbar|weiterlesen|contenus?|suite|lire"
    r"|contenidos?|artículo|noticia|nota|conteúdo|matéria|reportagem|texto|contenuto|articolo|lettura|artykuł\w*|tekstu?|treść|treści"
    r"|dostęp|материал\w*|стать[яи]|текст\w*|доступ\w*|içerik|içeriği|haber\w*|makale\w*|nội dung|bài viết|konten|berita|innehåll\w*"
    r"|innhold\w*|indhold\w*|artikkel\w*|artikkeli\w*|juttu|sisältö\w*|článek|článok|obsah\w*|articol\w*|conținut\w*|cikk\w*|tartal\w+"
    r"|turin\w+|straipsn\w+|статия\w*|съдържание\w*|مطلب|محتوا|матеріал\w*|статт[яі]|άρθρο|περιεχόμενο|članak|sadržaj)\b"
    r"|記事|本文|文章|内容|全文|기사|콘텐츠|المحتوى|المقال|लेख|सामग्री|खबर|תוכן|כתבה|บทความ|เนื้อหา|ข่าว",
    _I,
)
_SENTENCE_WORDS = 16
_LABEL_WORDS = 6


def names_readers(line: str) -> bool:
    """A cheap check before `is_reserved`: does the line name subscribers, members or the like?"""
    return holds_any(line.casefold(), _READERS)


def is_reserved(sentence: str) -> bool:
    """Does the sentence say that only subscribers or members may read the page?

    As a label ("Nur für Abonnenten") it need not name what they may read.
    """
    if not names_readers(sentence) or _ONLY.search(sentence) is None:
        return False
    words = word_count(sentence)
    return words <= _LABEL_WORDS or (words <= _SENTENCE_WORDS and _PAGE.search(sentence) is not None)
