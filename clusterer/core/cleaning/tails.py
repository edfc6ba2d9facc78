"""What feeds put behind a teaser: "The post … appeared first on …", "Continue reading …", "[+2314 chars]".

Only the end of the text is looked at, and patterns are bounded in length, so this takes constant time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_I = re.IGNORECASE
_REACH_CHARS = 700  # how far before the end of its line a tail may begin
_MAX_TAILS = 4  # "Read more", then "The post …", then a count

_APPEARED = r"""(?:
      the\s(?:post|article|entry|story)\s.{1,300}?\s(?:was\s)?(?:first\s)?(?:appeared|published)\s(?:first\s)?(?:on|at|in)\s.{1,100}
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
_COUNT = r"\[\s?\+\s?[\d.,]{1,9}\s(?:chars?|characters|more)\s?\]"
# A tail stands alone in its line, or behind a sentence's end or an ellipsis.
_TAIL = re.compile(rf"(?:^|(?<=[.!?…。\]»”\"])|(?<=\s))\s*(?:{_APPEARED}|{_COUNT})\s*$", _I | re.VERBOSE)
_READ_ON_TAIL = re.compile(
    rf"(?:^|(?<=[.!?…。\]→»”\"])\s*)[\s(\[>»→]*{_READ_ON}(?:[^.!?。\n]|\.(?=\S)){{0,150}}[.!?»→>\])…\s]*$",
    _I | re.VERBOSE,
)


def without_tail(lines: Sequence[str]) -> tuple[list[str], str]:
    """The lines of a text without what tells where to read on, and that; '' where there is none.

    A tail that is the whole text stays.
    """
    left, tails = list(lines), []
    for _ in range(_MAX_TAILS):
        if not left:
            break
        start = max(0, len(left[-1]) - _REACH_CHARS)
        found = _TAIL.search(left[-1], start) or _READ_ON_TAIL.search(left[-1], start)
        if found is None or (len(left) == 1 and not left[-1][: found.start()].strip()):
            break
        tails.append(left[-1][found.start() :].strip())
        rest = left.pop()[: found.start()].strip()
        if rest:
            left.append(rest)
    return left, " ".join(reversed(tails))
