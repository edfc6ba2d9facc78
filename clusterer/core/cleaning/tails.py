"""What feeds put behind a teaser: "The post … appeared first on …", "Continue reading …", "[+2314 chars]".

Only the end of the text is looked at, and patterns are bounded in length, so this takes constant time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clusterer.core.lines.features import content_words, ends_sentence, is_cut_off, word_count

_I = re.IGNORECASE
_REACH_CHARS = 700  # how far before the end of its line a tail may begin
_MAX_TAILS = 4  # "Read more", then "The post …", then a count

_APPEARED = r"""(?:
      the\s(?:post|article|entry|story)\s.{1,300}?\s(?:was\s)?(?:first\s)?(?:appeared|published)\s(?:first\s)?(?:on|at|in)\s.{1,100}
    | this\s(?:post|article|story|piece)\s(?:was\s)?(?:first|originally)\s(?:appeared|published|posted)\s(?:on|at|in|by)\s.{1,100}
    | (?:der\s(?:beitrag|artikel)|die\smeldung)\s.{1,300}?\s(?:erschien|ist)\szuerst\s(?:auf|bei|in)\s.{1,100}
    | (?:l.article|cet\sarticle|le\s(?:post|billet))\s.{1,300}?\sest\s(?:apparu|paru)\sen\spremier\s(?:sur|dans)\s.{1,100}
    | (?:la\s(?:entrada|noticia)|el\s(?:artículo|post|cargo))\s.{1,300}?
      \s(?:apareció|se\spublicó|aparece)\s(?:por\s)?primero?\s(?:vez\s)?en\s.{1,100}
    | (?:l.articolo|il\spost)\s.{1,300}?\s(?:proviene\sda|sembra\sessere\sil\sprimo\ssu|è\sapparso\sprima\ssu)\s.{1,100}
    | (?:o\s(?:post|artigo)|a\spostagem)\s.{1,300}?\sapareceu\sprimeiro\s(?:em|no)\s.{1,100}
    | het\sbericht\s.{1,300}?\sverscheen\seerst\sop\s.{1,100}
    | (?:artykuł|wpis)\s.{1,300}?\s(?:pochodzi\sz\sserwisu|pojawił\ssię\spoczątkowo\sna)\s.{1,100}
    | inlägget\s.{1,300}?\sdök\sförst\supp\spå\s.{1,100}
    | сообщение\s.{1,300}?\s(?:появились?|впервые\sпоявилось)\s(?:сначала\s)?(?:на|в)\s.{1,100}
    )"""
_READ_ON = r"""(?:
      (?:continue|keep)\sreading|read\s(?:more|on|(?:the\s)?(?:full|whole|rest|entire|original)\b)|(?:click|tap)\shere\sto\sread|see\sthe\sfull\s(?:story|article)
    | weiterlesen|mehr\slesen|lesen\ssie\s(?:mehr|weiter)|den\s(?:ganzen|vollständigen)\sartikel
    | lire\s(?:la\ssuite|plus|l.article)|leer\smás|se?guir\sleyendo|sigue\sleyendo|continuar\sleyendo|leggi\s(?:tutto|di\spiù|l.articolo)
    | continua\sa\sleggere|leia\s(?:mais|a\s(?:íntegra|matéria))|continue\slendo|continuar\sa\sler|lees\s(?:meer|verder)|verder\slezen
    | läs\s(?:mer|hela)|les\s(?:mer|hele)|læs\s(?:mere|hele)|lue\s(?:lisää|koko)|czytaj\s(?:dalej|więcej)|číst\s(?:dále|více)
    | читать\s(?:далее|дальше|полностью)|подробнее|читайте\sполностью|devamını\soku|đọc\s(?:tiếp|thêm)|olvass\stovább
    | 阅读(?:全文|更多)|查看(?:全文|更多)|閱讀(?:全文|更多)|続きを読む|全文を読む|더\s?보기|계속\s읽기|اقرأ\s(?:المزيد|بقية)|लेख\sपढ़ें
    )"""
_ELLIPSES = ("…", "...")
_CLOSED = re.compile(r"[\s\]).…]*")
_PAGE_NAME = re.compile(r"(?:https?://|www\.|\b[a-z0-9][\w-]*(?:\.[\w-]+)*\.[a-z]{2,}(?:/|$|[\s.)\]»→]*$))", _I)
_FEW_WORDS = 5
_COUNT = r"\[\s?\+\s?[\d.,]{1,9}\s[^\W\d]{3,20}\s?\]"
# A tail stands alone in its line, or behind a sentence's end or an ellipsis.
_TAIL = re.compile(rf"(?:^|(?<=[.!?…。\]»”\"])|(?<=\s))\s*(?:{_APPEARED}|{_COUNT})\s*$", _I | re.VERBOSE)
_READ_ON_TAIL = re.compile(
    rf"(?:^|(?<=[.!?…。\]→»”\"])\s*)[\s(\[>»→]*{_READ_ON}(?:[^.!?。\n]|\.(?=\S)){{0,150}}[.!?»→>\])…\s]*$",
    _I | re.VERBOSE,
)


def without_tail(lines: Sequence[str], title: str = "") -> tuple[list[str], str]:
    """The lines of a text without what tells where to read on, and that; '' where there is none.

    A tail that is the whole text stays.
    """
    left, tails = list(lines), []
    for _ in range(_MAX_TAILS):
        start = _tail_start(left, title)
        if start is None or (len(left) == 1 and not left[-1][:start].strip()):
            break
        tails.append(left[-1][start:].strip())
        rest = left.pop()[:start].strip()
        if rest:
            left.append(rest)
    return left, " ".join(reversed(tails))


def _tail_start(lines: Sequence[str], title: str) -> int | None:
    """Where in the last line a tail begins, None where there is none."""
    if not lines:
        return None
    line = lines[-1]
    start = max(0, len(line) - _REACH_CHARS)
    found = _TAIL.search(line, start) or _READ_ON_TAIL.search(line, start)
    if found is not None:
        return found.start()
    if len(line) <= _REACH_CHARS and len(lines) > 1 and is_cut_off(lines[-2]) and _is_behind_teaser(line, title):
        return 0
    broken = max(line.rfind(sign) + len(sign) if sign in line else -1 for sign in _ELLIPSES)
    if 0 <= broken < len(line):
        broken += len(_CLOSED.match(line, broken).group())  # type: ignore[union-attr]  # matches nothing too
        if 0 < len(line) - broken <= _REACH_CHARS and _is_behind_teaser(line[broken:].strip(), title):
            return broken
    return None


def _is_behind_teaser(rest: str, title: str) -> bool:
    """Is this, behind a text that breaks off, no part of it: it repeats the title, names a page, or is a few words that are no sentence?"""
    if not rest:
        return False
    headed = content_words(title)
    if _PAGE_NAME.search(rest) or 2 * len(headed & content_words(rest)) > len(headed):
        return True
    return word_count(rest) <= _FEW_WORDS and not ends_sentence(rest) and not is_cut_off(rest)
