"""A headline without what a publisher puts around it: the name of the site behind it, and the form of the article before it.

A name is known by what it stands for (the source, the host of the URL) or by its place: a few capitalised words behind a dash or a bar
that the text does not speak of. Dates and numbers stay, since issues of a column are told apart by them. Forms ("Live:", "【速報】")
are listed (`headline_forms`).
"""

from __future__ import annotations

from urllib.parse import urlsplit

import regex

from clusterer.core.calendar import is_calendar_word
from clusterer.core.lines.headline_forms import is_bracketed_mark, is_form, is_mark, is_media_name
from clusterer.core.text import UNSPACED, UNSPACED_CLASS, folded

_SIGNS_AHEAD = regex.compile(r"^(?:[\p{So}\ufe0f\u20e3►▶●■]+|\+{2,})\s*")
_BRACKETED_AHEAD = regex.compile(
    r"^[\[【(［（〔＜<〈《]\s?([^\]】)］）〕＞>〉》]{1,40}?)\s?[\]】)］）〕＞>〉》]\s*[:：]?\s*"
)
_LED_BY = regex.compile(r"\s?\+{2,}\s*|\s?(?:[:：|｜丨¦!！•»›]|//|\.{2,}|…)\s*|\.\s+|—\s*|\s[-–—·]\s+|(?<=\d)-")
# Codes of wires, and what a French paper calls its own news: "INFO LE COURRIER."
_WIRE_CODE = regex.compile(
    r"^(?:(?:EXCLUSIVE|ANALYSIS|BREAKINGVIEWS|BRIEF|COLUMN|CORRECTED|EXPLAINER|FACTBOX|FEATURE|FOCUS|INSIGHT|POLL|PREVIEW|REFILE|RPT"
    r"|TIMELINE|(?:UPDATE|WRAPUP) ?\d+)\s?-(?=\S)|INFO(?:\s[\p{Lu}\p{N}'’]+){1,4}\s?[.:|]\s*)"
)
_SIGNS_BEHIND = regex.compile(
    r"^(.*[^\s\p{So}►▶●■\ufe0f+])(\s*\+{2,}|(?:\s*[►▶●■\ufe0f[\p{So}--[°©®¦]]])+)$", regex.VERSION1
)
_PLUSES = regex.compile(r"\s*\+{2,}$")
_UNSPACED_DASH = rf"(?<={UNSPACED_CLASS})(-{{1,2}}|[–—]{{1,2}})(?={UNSPACED_CLASS})"
_BEHIND = regex.compile(
    r"^(.*\S)(?:\s*([|｜丨¦•»«›‹⋆★✦]|//|::|(?<=[^\x00-\x7f])_|_(?=[^\x00-\x7f])|(?<=\s)[_<](?=\s))\s*|\s([-–—·~/])\s"
    rf"|([：])|{_UNSPACED_DASH})([^|｜丨¦•»«›‹：]*\S)$",
    regex.VERSION1,
)
_MAY_PART = regex.compile(r"[|｜丨¦•»«›‹⋆★✦：_<–—·~]|//|::|\s[-/]\s|-(?=[^\x00-\x7f])")
_BRACKETED = regex.compile(r"^(.*\S)\s*[\[(（［【〔]\s?([^\[\](（［【〔)）］】〕]{1,40}?)\s?[\])）］】〕]$")
_PLUS_FORM = regex.compile(r"^(.*\S)\s\+\s?([^\s+][^+]{1,30})$")
_SITE_AHEAD = regex.compile(r"^([^|｜丨:：»–—-]{2,40}?)(?:\s*[|｜丨»]\s*|\s[-–—]\s|[:：]\s+)(?=\S)")
_QUOTES = {"»": "«", "«": "»", "›": "‹", "‹": "›"}
_PARTS = regex.compile(r"\s*[|｜丨¦•·»«›‹]\s*|\s[-–—]\s|[:：]\s+")
_HOST = regex.compile(r"(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’.&-][\p{L}\p{M}\p{N}]+)*")
_IN_BRACKETS = regex.compile(r"\([^()\n]{1,40}\)")
_MAX_PARTS = 3
_MOST_WORDS, _MOST_CHARS = 5, 40  # of a name
_LEAST_WORDS, _LEAST_CHARS = 3, 8  # of a headline; characters where no blanks are written
_READ_CHARS = 3_000
_ARTICLES = frozenset(
    ("la", "le", "il", "lo", "el", "los", "las", "o", "a", "os", "as", "het", "the")
)  # with a name: "la Repubblica"
_ELIDED = ("l'", "l’", "d'", "d’")
_LETTER_NAME = regex.compile(r"\p{Ll}{1,2}-\p{L}+")  # n-tv
_TELLING_CHARS = 5  # shorter words say nothing about what a text speaks of


def bare_headline(title: str, text: str, source: str | None = None, url: str | None = None) -> tuple[str, list[str]]:
    """The headline in one line, and what was taken off it, as it stood.

    text: of the article, by which a name is told from words that belong to the headline.
    """
    own = _names(source, url)
    left, taken = title, []
    for find in (_ahead, _behind):
        for _ in range(_MAX_PARTS):
            found = find(left, text, own)
            if found is None:
                break
            left, part = found
            taken.append(part)
    return left, taken


def _ahead(title: str, text: str, own: list[str]) -> tuple[str, str] | None:
    """The title without what stands before it, and that; None where nothing does. own: what the site is called."""
    end = _end_of_form(title) or _end_of_site(title, own)
    rest = _PLUSES.sub("", title[end:])
    return (rest, title[:end].strip()) if end and _is_headline(rest, 2) else None


def _end_of_form(title: str) -> int:
    """Where what says what the article is ends, at the beginning of its title; 0 if nothing does."""
    found = _SIGNS_AHEAD.match(title) or _WIRE_CODE.match(title)
    if found is not None:
        return int(found.end())
    found = _BRACKETED_AHEAD.match(title)
    if found is not None and is_form(found[1]):
        return int(found.end())
    found = _LED_BY.search(title, 0, _MOST_CHARS)
    if found is not None and is_form(title[: found.start()]):
        return int(found.end())
    return _end_of_capitals(title)


def _end_of_capitals(title: str) -> int:
    """Where "EXCLUSIVE" or "WATCH LIVE" ends before a headline that is not in capitals itself."""
    words = title.split(maxsplit=_MAX_PARTS)
    for count in range(len(words) - 1, 0, -1):
        called = " ".join(words[:count])
        if called.isupper() and not words[count][0].islower() and title != title.upper() and is_form(called):
            return len(called) + 1
    return 0


def _end_of_site(title: str, own: list[str]) -> int:
    found = _SITE_AHEAD.match(title)
    return int(found.end()) if found is not None and _plain(found[1]) in own else 0


def _behind(title: str, text: str, own: list[str]) -> tuple[str, str] | None:
    """The title without what stands behind it, and that; None where nothing does."""
    extra = _extra(title, text, own)
    if extra is not None and _is_headline(title[:extra], 2):
        return title[:extra], title[extra:].strip()
    named = _BEHIND.match(title) if _MAY_PART.search(title) else None
    if named is None or not _is_name(named, text, own):
        return None
    return named[1].rstrip(" -–—|"), title[named.end(1) :].strip()


def _extra(title: str, text: str, own: list[str]) -> int | None:
    """Where signs, a mark in brackets or "+ Video" begin at the end of a title, None where nothing does."""
    found = _PLUS_FORM.match(title) if "+" in title else None
    if found is not None and is_form(found[2]):
        return int(found.end(1))
    if title[-1:].isalnum():
        return None
    found = _SIGNS_BEHIND.match(title)
    if found is not None:
        return int(found.end(1))
    found = _BRACKETED.match(title)
    if found is not None and (is_bracketed_mark(found[2]) or _is_site_in_brackets(found[2], text, own)):
        return int(found.end(1))
    return None


def _is_site_in_brackets(inside: str, text: str, own: list[str]) -> bool:
    return _is_own(_plain(inside), own) or (is_media_name(inside) and not _speaks_of(text, "", inside))


def site_named(title: str, url: str | None) -> str | None:
    """The first or last part of a page's title if the host of its URL is called so: "Ellery Post" at ellerypost.example."""
    own = _names(None, url)
    parts = [part for part in _PARTS.split(title) if part]
    return next((part for part in (*parts[-1:], *parts[:1]) if len(parts) > 1 and _plain(part) in own), None)


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


def _is_own(plain: str, own: list[str]) -> bool:
    return any(plain == one or (min(len(plain), len(one)) > 3 and (plain in one or one in plain)) for one in own)


def _is_name(parts: regex.Match[str], text: str, own: list[str]) -> bool:
    """Does the last part of a headline name the site, or say what the article is?"""
    head, bar, dash, _, unspaced, name = parts.groups()
    if bar in _QUOTES and _QUOTES[bar] in head:
        return False  # of «words of somebody» in the headline
    words = _WORD.findall(name)
    if len(words) > _MOST_WORDS or len(name) > _MOST_CHARS or not words or not _is_headline(head, 2):
        return False
    if _is_own(_plain(name), own) or _HOST.fullmatch(name) or (not unspaced and is_mark(name)):
        return True
    if any(not any(map(str.isalpha, word)) or is_calendar_word(word) for word in words):
        return False
    if not all(map(_is_letter_or_blank, name)) or not _is_headline(head, _LEAST_WORDS):
        return False
    if len(name) >= len(head):
        return False
    if bar:
        return True
    if unspaced:
        return is_media_name(name) and not _speaks_of(text, head, name)
    if not _is_written_as_name(words):
        return False
    return (dash is not None or UNSPACED.search(name) is not None) and not _speaks_of(text, head, name)


def _is_written_as_name(words: list[str]) -> bool:
    """Has each word a capital, but for one of several and for an article before them ("la Repubblica", "n-tv")?"""
    if _LETTER_NAME.fullmatch(words[0]):
        return len(words) == 1
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    words = [word[2:] if word.startswith(_ELIDED) else word for word in words]
    small = sum(word[0].islower() for word in words)
    return not words[0][0].islower() and small <= (1 if len(words) > 2 else 0)


def _is_headline(text: str, least_words: int) -> bool:
    return len(_WORD.findall(text)) >= least_words or len(UNSPACED.findall(text)) >= _LEAST_CHARS


def _is_letter_or_blank(sign: str) -> bool:
    return sign.isalnum() or sign in " .'’&-+!" or regex.match(r"\p{M}", sign) is not None


def _speaks_of(text: str, head: str, name: str) -> bool:
    """Does the text, datelines and the headline itself aside, hold the name or a longer word of it?

    Papers are called after places, so of "Ellery Post" the text may hold a word.
    """
    read = folded(_IN_BRACKETS.sub(" ", text[:_READ_CHARS]))
    same = folded(f"{head} - {name}")
    read = "\n".join(line for line in read.split("\n") if line.strip() != same)
    phrase = folded(name)
    pairs = [phrase[at : at + 2] for at in range(len(phrase) - 1) if UNSPACED.search(phrase[at : at + 2])]
    if pairs and 2 * sum(pair in read for pair in pairs) >= len(pairs):
        return True  # where no blanks are written, words are told by their letters, two by two
    words = {word for word in _WORD.findall(phrase) if len(word) >= _TELLING_CHARS and not UNSPACED.search(word)}
    return phrase in read or (not is_media_name(name) and not words.isdisjoint(_WORD.findall(read)))
