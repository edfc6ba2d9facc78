"""Lines that a news page sets between the paragraphs of an article, by their words in some thirty languages: links to other articles,
buttons to share, invitations to follow or to subscribe, credits of pictures, how long the reading takes.

Lines and phrases are compared without capitals and accents, a line by its beginning alone, so each costs the same however many phrases
there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from clusterer.core.lines import reasons
from clusterer.core.lines.features import ends_sentence, word_count
from clusterer.core.lines.label_phrases import CREDIT, INVITES, MENU, PLACEHOLDERS, READ_ALSO, RIGHTS, SHARE, TAGS
from clusterer.core.lines.stamps import is_count
from clusterer.core.text import folded

_LONGEST = 180
_LONGEST_BUTTON = 40
_LONGEST_INVITATION = 140
_LONGEST_CREDIT = 80
_LONGEST_PLACEHOLDER = 900
_LONGEST_LABEL = 48
_MOST_LINK_WORDS = 26
_LEAST_LINK_WORDS = 3
_MOST_LABEL_WORDS = 5
_INVITES_AT_THE_END = tuple(
    folded(one) for one in ("구독하기", "팔로우하기", "바로가기", "をフォローする", "に登録する")
)
_VERB_FINAL_INVITES = tuple(
    folded(one)
    for one in (
        *("चैनल जॉइन करें", "चैनल ज्वाइन करें", "चैनल से जुड़ें", "ग्रुप जॉइन करें", "ग्रुप से जुड़ें"),
        *(
            "हमें फॉलो करें",
            "ऐप डाउनलोड करें",
            "uygulamamızı indirin",
            "uygulamamızı indirebilirsiniz",
            "bizi takip edin",
            "kanalımıza abone olun",
        ),
        *(
            "bültenimize abone olun",
            "앱을 다운로드하세요",
            "앱을 설치하세요",
            "채널을 구독해 주세요",
            "アプリをダウンロードしてください",
            "公式アカウントをフォローしてください",
        ),
    )
)
_MOST_INVITING_WORDS = 30
_KEY = 3  # characters by which invitations are looked up

# Buttons and counters of galleries and players: "Hide Caption", "Bild 3 von 16", "View all 12 photos".
_NUMBERED = r"\d{1,3}\s?(?:of|von|sur|de|di|van|av|af|z|ze|dari|из|із|od|din|/)\s?\d{1,3}"
_PICTURES = (
    r"(?:photos?|images?|pictures?|slides?|videos?|fotos?|bild(?:er)?|im[aá]gen(?:es)?|immagin[ei]|imagens?|afbeelding(?:en)?|kuva[at]?|bilder|billeder?"
    r"|zdj[eę]ci[ae]|снимок|фото|(?:bilder|foto|photo\s)?gall?er\w*|diaporama|slideshow|(?:foto|bilder)strecke)"
)
_GALLERY = re.compile(
    rf"(?:(?:hide|show|toggle|expand)\scaptions?\s*)?(?:{_PICTURES}|caption)?\s?{_NUMBERED}\s?{_PICTURES}?"
    r"|(?:hide|show|toggle|expand)\scaptions?|(?:enlarge|expand)\s(?:this\s)?(?:image|photo|picture)"
    rf"|(?:click\s(?:here\s)?(?:for|to\ssee)|view|see|show|voir|ver|vedi|zur|zu\sden|alle|bekijk)\s(?:all|more|alle|todas|tutte|toutes|les|la|le|las|de)?"
    rf"\s?(?:\d{{1,3}}\s)?{_PICTURES}(?:\sansehen|\sanzeigen)?(?:\s?\(\d{{1,3}}\)?)?"
    rf"|{_PICTURES}\s?[(:]\s?\d{{1,3}}\s?\)?"
    r"|story\shighlights?|just\swatched|now\splaying|must\swatch|more\svideos(?:\s?(?:\.\.\.|…))?"
    r"|scroll\sdown\sfor\s(?:the\s)?(?:videos?|more|photos?)",
    re.IGNORECASE,
)

_MARK = re.compile(r"[:：>»›→|–—/\]】］〕]|\?(?=\s)|\s-(?=\s)")  # between a label and what it is set before
# The end of a caption: a credit after a sentence or in brackets.
_FINAL_CREDIT = re.compile(
    r"(?:[.!?…)\]\"”»]\s*[(\[]?|\s[(\[]|\s[—–-]\s)([^\W\d_][^:：/|.!?=]{1,20})[:：/|=]\s?[^.!?:)\]]{2,50}$"
)
_SIGNED_CREDIT = re.compile(r"\S\s*[(\[]?©\s?[^.!?©:]{2,60}$")
_AGENCIES = r"(?:getty images|imago(?:\simages)?|istock(?:photo)?|shutterstock|alamy(?:\sstock\sphoto)?|imagn\simages)"
_AGENCY_CREDIT = re.compile(rf"(?:[^.!?:,]{{2,40}}(?:/|\svia\s)\s?)?{_AGENCIES}(?:\s?/\s?[^/.!?:,]{{2,30}})?")
_ADDRESS = re.compile(r"(?:e-?mail:?\s)?[\w.+-]+@[\w-]+\.[\w.-]+")
_QUOTES = tuple("\"“”„«»「『‘'")
_AROUND = " \t\u00a0*•·–—-+|<>«»‹›→►▶▸▪■□●○◆➤➡✉☛#()[]【】「」:：;,.!"


def _each_folded(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(phrase) for phrase in phrases)


_READ_ALSO_FOLDED, _SHARE_FOLDED, _CREDIT_FOLDED, _TAGS_FOLDED, _MENU_FOLDED = map(
    _each_folded, (READ_ALSO, SHARE, CREDIT, TAGS, MENU)
)
_RIGHTS_FOLDED = tuple(_each_folded(RIGHTS))


def _by_key(phrases: frozenset[str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(one for one in phrases if one.startswith(key)) for key in {one[:_KEY] for one in phrases}}


_INVITES_BY_KEY, _PLACEHOLDERS_BY_KEY = _by_key(_each_folded(INVITES)), _by_key(_each_folded(PLACEHOLDERS))


def is_placeholder(line: str) -> bool:
    """Does the line stand where an advertisement, a player or something from another site would be, and say so?"""
    plain = folded(line[:_LONGEST_LABEL]).strip(_AROUND)
    return len(line) <= _LONGEST_PLACEHOLDER and plain.startswith(_PLACEHOLDERS_BY_KEY.get(plain[:_KEY], ()))


def label_of(line: str) -> str | None:
    """The reason to cut a line for its label, None where it has none."""
    if len(line) > _LONGEST:
        return None
    plain = folded(line).strip(_AROUND)
    if len(plain) <= _LONGEST_BUTTON and (reason := _button(plain)):
        return reason
    if plain.startswith(_RIGHTS_FOLDED):
        return reasons.COPYRIGHT
    if _invites(plain):
        # A story may begin with what a site asked somebody; in scripts without spaces it also fits into the length.
        return None if line.startswith(_QUOTES) or word_count(line) > _MOST_INVITING_WORDS else reasons.INVITATION
    if line.endswith((":", "：")) and plain in _TAGS_FOLDED:
        return reasons.TAGS
    mark = _MARK.search(plain, 0, _LONGEST_LABEL)
    if mark is not None and (
        reason := _before(plain[: mark.start()].rstrip(), plain[mark.end() :].strip(_AROUND), line)
    ):
        return reason
    if (credit := _FINAL_CREDIT.search(plain)) and credit.group(1).strip() in _CREDIT_FOLDED:
        return reasons.PICTURE_CREDIT
    if "©" in plain and _SIGNED_CREDIT.search(plain) and not ends_sentence(line):
        return reasons.PICTURE_CREDIT
    return reasons.RELATED_LINK if _is_link_without_mark(line) else None


def _invites(plain: str) -> bool:
    if len(plain) <= _LONGEST_BUTTON and plain.endswith(_INVITES_AT_THE_END):
        return True
    if len(plain) > _LONGEST_INVITATION:
        return False
    return plain.startswith(_INVITES_BY_KEY.get(plain[:_KEY], ())) or plain.rstrip("।.!。 ").endswith(
        _VERB_FINAL_INVITES
    )


def _button(plain: str) -> str | None:
    if plain in _SHARE_FOLDED:
        return reasons.SHARE_BUTTON
    if plain in _MENU_FOLDED or _is_menu(plain):
        return reasons.MENU
    if _AGENCY_CREDIT.fullmatch(plain):
        return reasons.PICTURE_CREDIT
    if _ADDRESS.fullmatch(plain):
        return reasons.AUTHOR
    if is_count(plain):
        return reasons.TIME_STAMP
    if _GALLERY.fullmatch(plain) and not plain[:1].isdigit():
        return reasons.PICTURE_LABEL
    return None


def _is_menu(plain: str) -> bool:
    """Is each word the name of a menu: "Impressum Datenschutz AGB"?"""
    words = plain.split()
    return len(words) > 1 and all(word in _MENU_FOLDED for word in words)


def _before(label: str, rest: str, line: str) -> str | None:
    if label in _READ_ALSO_FOLDED and 0 < word_count(rest) <= _MOST_LINK_WORDS:
        # "Related: the pool was sold last year." may be the article's own: a word of the language, and then a sentence.
        return None if " " not in label and line.endswith(".") and label.isascii() else reasons.RELATED_LINK
    if label in _TAGS_FOLDED and 0 < word_count(rest) <= _MOST_LINK_WORDS and not ends_sentence(line):
        return reasons.TAGS
    if label in _CREDIT_FOLDED and rest and len(line) <= _LONGEST_CREDIT and not ends_sentence(line):
        return reasons.PICTURE_CREDIT
    return None


def _is_link_without_mark(line: str) -> bool:
    """Does a label stand right before a headline: "Lees ook Zo bereidt de brandweer zich voor"?

    The headline begins with a capital where there are any, and does not end as a sentence; the label does not look like the first words of
    a headline ("Read More Books") itself.
    """
    words = line.strip(_AROUND).split()
    if (
        len(words) < 2
        or line.rstrip(_AROUND + "\"'”’»").endswith((".", "。", "।", "۔"))
        or line.endswith((".", "。", "।", "۔"))
    ):
        return False
    for count in range(1, min(_MOST_LABEL_WORDS, len(words) - 1) + 1):
        label = words[:count]
        if folded(" ".join(label)) in _READ_ALSO_FOLDED:
            return _heads(label, words[count].lstrip("\"'“‘„«"), len(words) - count)
    return False


def _heads(label: Sequence[str], first: str, words: int) -> bool:
    """Is the label before a headline that begins with this word, or part of it? words: of the headline."""
    last = label[-1]
    if last.upper() == last.lower():
        return True  # without capitals one cannot tell, and prose ends with a sign
    if words < _LEAST_LINK_WORDS or len(label) == 1 or not (last.islower() or " ".join(label).isupper()):
        return False
    return first[:1].isupper() or first[:1].isdigit()


def is_read_also(line: str) -> bool:
    """Is the line the label of links to other articles, and nothing else?"""
    return len(line) <= _LONGEST_LABEL and folded(line).strip(_AROUND) in _READ_ALSO_FOLDED
