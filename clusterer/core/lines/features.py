"""One line of a scraped page as numbers: length, punctuation, capitals, the words of buttons, captions and bylines.

The features are about form, hardly about words, so that they carry over to other languages: sentence ends of Latin, Arabic,
Devanagari and East Asian scripts are known, two characters of an unspaced script count as one word, and a script without
capitals takes a neutral value. Word lists are mostly English; in other languages they stay silent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise

from clusterer.core.text import has_unspaced

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_UNPOINTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNPOINTED_CHARS = 60
_CONTENT_WORD = re.compile(r"[^\W\d_]{4,}|\w*[^\x00-\x7f\W]\w+")
_ASCII_CONTENT_WORD = re.compile(r"[a-z]{4,}")  # what the same finds in ASCII in lower case, three times as fast
_CLOSERS = "\"'”’»)]）」』】* "
_TERMINAL = frozenset(".!?…。！？؟۔।｡")
# One class in front, so that a search looks for the beginning of a match without trying each character.
_INNER = re.compile(r"[,;،؛.!?؟۔।，、；。！？](?:(?<=[，、；。！？])|['\"”’»)]?\s)")
_LINK_SIGN = re.compile(r"[|»›<>©®@#→▶►•·×hw.](?:(?<![hw.])|(?<=h)ttps?:|(?<=w)ww\.|(?<=\.)com\b)")
_CHROME_TEXT = """
    share shares tweet follow login signup sign register subscribe subscribed subscriber subscribers subscription
    newsletter newsletters comment comments reply replies advertise advertisement advertisements advertising
    advertiser copyright privacy cookie cookies terms contact related recommended sponsored trending popular click
    email mail print facebook twitter whatsapp linkedin photo photos image images getty reuters caption video
    videos watch listen download search menu homepage rss app apps skip account browser javascript
"""
_CHROME = frozenset(_CHROME_TEXT.split())
_DATE = re.compile(
    r"\b(?:\d{1,2}[:.]\d\d|\d{4}[-/]\d\d|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d|updated|posted"
    r"|published|\d+ (?:hours?|mins?|minutes?|days?|weeks?|months?|years?) ago)"
)
_FIRST_PERSON = frozenset(("I", "my", "lol", "you"))
_CAPTION = re.compile(
    r"\((?:photo|image|ap|reuters|afp|getty|credit|picture|source)|photo(?:graph)?(?: by|:| courtesy)|image(?: credit| caption|:)"
    r"|pictured?:|file photo|hide caption|/(?:ap|getty|afp|reuters)|getty images|\b(?:is|are) (?:seen|shown|pictured)"
    r"|poses? for|speaks (?:during|at)|in this .{0,30}(?:photo|picture|image)"
)
# Every match of a pattern holds one of its signs; looking for them first takes a tenth of the time, and most lines hold none.
_CAPTION_SIGNS = ("(", "photo", "image", "picture", "caption", "/", "getty", " seen", " shown", "pose", "speaks ")
_BIOGRAPHY = re.compile(
    r"\b(?:contact|follow|reach|e-?mail) (?:him|her|me|them|the author|reporter|us)\b|contributed to this"
    r"|is an? (?:\w+ ){0,4}(?:writer|reporter|editor|journalist|correspondent|columnist|freelance)"
)
_BIOGRAPHY_SIGNS = (
    "contact ", "follow ", "reach ", "mail ", "contributed", "writer", "reporter", "editor", "journalist", "correspondent",
    "columnist", "freelance",
)  # fmt: skip
_BYLINE = re.compile(r"(?:by|von|por|par|di|written by|reported by|edited by|story by)\s[^.!?]{2,80}", re.IGNORECASE)

_FUNCTION_WORDS_TEXT = """
    the and for with from that this these those after before over under into onto their have has had will would could should says
    said say what when where which while your more most than then about are was were been being not but who whom how why its his
    her hers him she they them our out off all any one two you can may might also just some such only other amid per via del los
    las por con una que para les des pour der die das und mit von het een van dei della
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())
_OTHER_LETTER = re.compile(r"[^\x00-\x7f–—‘’“”•…]")  # what stands beside ASCII in English typography
_STEM_CHARS = 5
_CONTENT_CHARS = 4
_REMEMBERED_CHARS = 2_000  # longer lines are few and would fill the memory
# Lines whose nature is remembered: templates and copies bring the same ones again. Some 250 characters each.
REMEMBERED_LINES = 16_384
_PARAGRAPH_WORDS = 12
NEUTRAL_CAPITALS = 0.35
_WRAP_MIN_CHARS = 40
_WRAP_MIN_LINES = 4
_WRAP_MIN_SHARE = 0.35
_FILLED_MIN_LINES = 2
_SHARE_AN_ENDING = frozenset(("und", "oder", "bis", "bzw.", "and", "or", "och", "og", "eller"))
_BLOCK_MIN_LINES, _BLOCK_MIN_CHARS = 3, 15
_UNSPACED_FULL = 0.85  # of the widest line; digits are half as wide as other characters there
_MOSTLY = 3  # one of so many lines may begin with a foreign name or a number

LINE_FEATURES = (
    "length", "short", "long", "ends_sentence", "ends_cut", "ends_colon", "inner_stops", "capitals", "digits", "link_signs",
    "chrome_words", "date_words", "starts_lower", "quoted", "first_person", "caption", "biography", "byline",
)  # fmt: skip


def words_of(line: str) -> tuple[Sequence[str], Sequence[str]]:
    """The words of a line as they are written, and those of the line in lower case."""
    return _words_remembered(line) if len(line) <= _REMEMBERED_CHARS else _words(line)


def _words(line: str) -> tuple[Sequence[str], Sequence[str]]:
    words = _WORD.findall(line)
    if line.isascii():  # where each word has one in lower case
        return words, " ".join(words).lower().split(" ") if words else words
    return words, _WORD.findall(line.lower())


_words_remembered = lru_cache(maxsize=512)(_words)  # several functions ask for those of each line of a page


def word_count(line: str) -> float:
    """Words in a line; in scripts written without spaces two characters count as one word."""
    count = float(len(words_of(line)[0]))
    if not line.isascii():
        count += len(_UNSPACED.findall(line)) / 2
    return count


def content_words(line: str) -> set[str]:
    """The words that carry a topic: four letters or more, any word with a letter outside ASCII, pairs of unspaced characters."""
    if line.isascii():
        lowered = words_of(line)[1]
        if "".join(lowered).isalpha():
            return {word for word in lowered if len(word) >= _CONTENT_CHARS}
        return set(_ASCII_CONTENT_WORD.findall(line.lower()))
    words = set(_CONTENT_WORD.findall(line.lower()))
    unspaced = _UNSPACED.findall(line)
    words.update(first + second for first, second in pairwise(unspaced))
    return words


def stems(line: str) -> set[str]:
    """Beginnings of the words that could name a subject, in lower case: three letters or more, function words left out."""
    folded = line.lower()
    words = {word[:_STEM_CHARS] for word in _WORD.findall(folded) if len(word) >= 3 and word not in _FUNCTION_WORDS}
    return words if line.isascii() else words | content_words(line)


def ends_sentence(line: str) -> bool:
    """Does the line end as a sentence does, closing quotes, brackets and a note in square brackets aside?

    Not when it is cut off with an ellipsis. Thai, Lao, Khmer and Burmese may end none with a sign: there a long line is one.
    """
    if line.endswith("]"):
        line = line[: max(0, line.rfind("["))] or line
    bare = line.rstrip(_CLOSERS)
    if not bare or bare.endswith(("...", "…")):
        return False
    return bare[-1] in _TERMINAL or (len(bare) >= _UNPOINTED_CHARS and _UNPOINTED.search(bare) is not None)


def is_paragraph(line: str) -> bool:
    """Is the line prose: a sentence or more of some length?"""
    return word_count(line) >= _PARAGRAPH_WORDS and ends_sentence(line)


def is_cut_off(line: str) -> bool:
    """Does the line break off with an ellipsis, as the text of a teaser does?"""
    return line.rstrip(_CLOSERS).endswith(("...", "…"))


def is_byline(line: str) -> bool:
    """Does the line name the author and nothing else?"""
    return len(line) <= 90 and _BYLINE.fullmatch(line) is not None


def is_headline_like(line: str) -> bool:
    """One short line that does not end as a sentence: a headline, a header, a name."""
    return len(line) <= 200 and not ends_sentence(line) and 0 < word_count(line) <= 25


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines that carry text; in a text broken at a fixed width, its paragraphs put together again.

    Such a text is known by many lines of good length that do not end as a sentence and go on in lower case on the next line; a short one
    by a few of them, if no line had room for the first word of the next. There a paragraph ends at a blank line, or at a sentence end on a
    line clearly shorter than most. In a script without small letters a paragraph is put together
    if all its lines but the last one are full.
    """
    lines = _joined_blocks(lines)
    adjacent = [(line, after) for line, after in pairwise(lines) if line and after]
    broken = sum(
        len(line) >= _WRAP_MIN_CHARS and after[0].islower() and not ends_sentence(line) for line, after in adjacent
    )
    least = _FILLED_MIN_LINES if _filled(adjacent) else _WRAP_MIN_LINES
    divided = sum(_divides_word(line, after) for line, after in adjacent)
    if broken < max(least, _WRAP_MIN_SHARE * len(adjacent)) and divided < _FILLED_MIN_LINES:
        return [line for line in lines if line]
    full = sorted(len(line) for line, _ in adjacent)[len(adjacent) // 2]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        if not line or (len(line) < 0.85 * full and ends_sentence(line)):
            paragraphs.append([])
    return [_joined_lines(paragraph) for paragraph in paragraphs if paragraph]


def _divides_word(line: str, after: str) -> bool:
    """Whether a hyphen at the end of a line parts a word; not where a second one shares what follows ("Ein- und Ausfahrt")."""
    return (
        len(line) > 1
        and line[-1] in "-\u2010"
        and line[-2].islower()
        and after[:1].islower()
        and after.split(" ", 1)[0] not in _SHARE_AN_ENDING
    )


def _joined_lines(lines: Sequence[str]) -> str:
    return (
        "".join(line[:-1] if _divides_word(line, after) else f"{line} " for line, after in pairwise(lines)) + lines[-1]
    )


def _joined_blocks(lines: Sequence[str]) -> list[str]:
    """The lines, those between two blank ones as a single one if they are a paragraph in a script without capitals."""
    joined: list[str] = []
    for blank, group in groupby(lines, key=lambda line: not line):
        block = list(group)
        if not blank and _is_broken_paragraph(block):
            block = ["".join(line + " " * (not _unspaced(line, after)) for line, after in pairwise(block)) + block[-1]]
        joined.extend(block)
    return joined


def _is_broken_paragraph(block: Sequence[str]) -> bool:
    """Whether a block has full lines alone that go on, and ends as a sentence. Lists of headlines do neither."""
    if (
        len(block) < _BLOCK_MIN_LINES
        or not ends_sentence(block[-1])
        or _MOSTLY * sum(map(_starts_otherwise, block)) > len(block)
    ):
        return False
    width = max(map(len, block))
    if width < _BLOCK_MIN_CHARS or all(map(ends_sentence, block)):
        return False
    return all(
        len(line) >= _UNSPACED_FULL * width
        if _unspaced(line, after)
        else len(line) + 1 + len(after.split(" ", 1)[0]) > width
        for line, after in pairwise(block)
    )


def _starts_otherwise(line: str) -> bool:
    """Whether a line begins with a letter that may be a capital, a number or a bullet."""
    return not line[0].isalpha() or line[0].isupper() or line[0].islower()


def _unspaced(line: str, after: str) -> bool:
    return has_unspaced(line[-1] + after[0])


def _filled(adjacent: Sequence[tuple[str, str]]) -> bool:
    """Whether no line had room for the first word of the next one."""
    width = max((len(line) for pair in adjacent for line in pair), default=0)
    return all(len(line) + 1 + len(after.split(" ", 1)[0]) > width for line, after in adjacent)


def line_features(line: str) -> list[float]:
    """The features of one line on its own, in the order of `LINE_FEATURES`, all within -1 to about 2.1."""
    words, folded_words = words_of(line)
    count = float(len(words)) if line.isascii() else word_count(line)
    size = max(1.0, count)
    tiny = len(words) < 4
    folded = line.lower()
    initials = "".join([word[0] for word in words])
    numbers = sum(map(str.isdigit, initials))
    return [
        math.log1p(min(count, 60.0)) / 2,
        float(count < 6),
        float(count >= 20),
        float(ends_sentence(line)),
        float(is_cut_off(line)),
        float(line.endswith((":", "："))),
        0.0 if tiny and line.isascii() else min(1.0, 10 * len(_INNER.findall(line)) / size),
        _capitals(initials),
        min(1.0, 3 * numbers / size),
        min(1.0, 5 * len(_LINK_SIGN.findall(folded)) / size),
        min(1.0, 5 * sum(map(_CHROME.__contains__, folded_words)) / size),
        float(numbers > 0 and count < 20 and _DATE.search(folded) is not None),
        float(line[:1].islower()),
        float(line[:1] in "\"“'‘«「—–"),
        float(not tiny and not _FIRST_PERSON.isdisjoint(words)),
        float(not tiny and holds_any(folded, _CAPTION_SIGNS) and _CAPTION.search(folded) is not None),
        float(not tiny and holds_any(folded, _BIOGRAPHY_SIGNS) and _BIOGRAPHY.search(folded) is not None),
        float(is_byline(line)),
    ]


def _capitals(initials: str) -> float:
    """Share of the words after the first that begin with a capital; neutral where capitals cannot tell."""
    cased = initials[1:]
    if not cased.isascii():
        cased = "".join(letter for letter in cased if letter.lower() != letter.upper())
    upper = sum(map(str.isupper, cased))
    size = upper + sum(map(str.islower, cased)) if cased.isascii() else len(cased)
    return upper / size if size > 1 else NEUTRAL_CAPITALS


def in_english_letters(line: str) -> bool:
    """Does the line hold ASCII and English typography alone?"""
    return line.isascii() or _OTHER_LETTER.search(line) is None


def holds_any(text: str, signs: Sequence[str]) -> bool:
    """Is one of the strings a part of the text?"""
    for sign in signs:  # noqa: SIM110 - a generator would take twice as long, and this is asked of every line
        if sign in text:
            return True
    return False
