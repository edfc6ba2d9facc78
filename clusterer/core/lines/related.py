"""Lists of other articles on a page: their headers ("Related Articles", "Lee también"), and teasers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from clusterer.core.lines import reasons
from clusterer.core.lines.features import REMEMBERED_LINES, is_cut_off, is_headline_like, word_count
from clusterer.core.lines.labels import is_read_also

_I = re.IGNORECASE
RELATED = re.compile(
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
_LIST_MAX_LINES = 40  # longer lists are menus, and the article may begin among them


@lru_cache(maxsize=REMEMBERED_LINES)
def is_related_header(line: str) -> bool:
    """Does the line head a list of other articles ("Related Articles", "Lee también", "相关新闻")?"""
    return (len(line) <= 70 and bool(RELATED.fullmatch(line))) or is_read_also(line)


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
