"""What two articles both mention, as a reader would write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

import regex

from clusterer.core.calendar import is_calendar_word, month
from clusterer.core.faces.datelines import without_capitals
from clusterer.core.faces.offices import is_office
from clusterer.core.text import folded_in_place
from clusterer.pipeline.lookup.figures import counted

_PLACES = 50  # of a name in one text that are looked at
_TITLES = frozenset(("sir", "lord", "lady", "hon", "general"))  # beside offices
_BEFORE_A_NAME = frozenset(("gov", "sen", "rep", "mr", "mrs", "ms", "dr", "sgt", "capt"))  # and so at the end of none
_FURTHER = 3  # words before a name that are looked at, each of so many characters at most
_LONGEST_CHARS = 60
_LED_BY = regex.compile(r"(?<=[\p{Ll}\p{Lu}’',-] )(\p{Lu}[\p{L}\p{M}'’]*(?:-\p{Lu}[\p{L}\p{M}'’]*)* )$")
_PARTICLES = frozenset(("al", "el", "de", "la", "le", "van", "von", "bin", "ibn", "san"))
_NO_PART = frozenset(("The", "A", "An", "Democrat", "Democrats", "Republican", "Republicans"))  # of the name behind it
_WITHIN = regex.compile(r"[\p{L}\p{N}’',-] $")
_HYPHENS = regex.compile(r"(?:-[\p{L}\p{N}]+)+")
_GOES_ON = regex.compile(r"(?:-[\p{L}\p{N}]+|(?:(?<=s)['’])? \p{Lu}[\p{L}\p{M}'’-]*)+")
_AFTER_A_TITLE = regex.compile(rf"\b(?:{'|'.join(sorted(_BEFORE_A_NAME))})\. $", regex.IGNORECASE)
_TITLE_CHARS = 8  # of the longest, with what is around it
_ABBREVIATION = 3  # letters of the longest that is looked at
_BEGINS_WITH = regex.compile(r"(?:^|[^\p{Ll}\p{Lu}’',-]\s+)(\p{Lu}[\p{L}\p{M}'’-]* )$")
_LED_BY_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}'’]*[ -]$")
_ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|gov|co\.uk)\b")
_DAY = re.compile(r"\.? \d{1,2}\b")


class Shared(Protocol):
    """What two articles, or an article and some others, both mention, in lower case, most telling first."""

    @property
    def shared_names(self) -> Sequence[str]: ...
    @property
    def shared_numbers(self) -> Sequence[str]: ...
    @property
    def shared_words(self) -> Sequence[str]: ...


def mentioned(common: Shared, text: str = "", most: int = 14, other: str = "") -> tuple[str, ...]:
    """What both articles mention, most telling first: names as they stand in the text, numbers, words. other: the other's text.

    Names come in lower case, two words at a time. Of a text that has not the two side by side, they are no name. Words of one or two
    letters, and what is left of "doesn't" and its like, are no words to a reader; numbers of one or two digits, and a title without its
    name, tell nothing. Neither does a form of a name that is told already ("Vellians" beside "Vellia"), nor a part of one. Words that
    sentences have only with a capital are written with it.
    """
    names = _written(common.shared_names, text, other) if text else _capitalised(common.shared_names)
    names = _whole([name for name in map(_without_office, names) if not _says_nothing(name)])
    numbers = [number for number in common.shared_numbers if len(number) > 2]
    shared_words = common.shared_words
    if other:
        numbers = [with_unit for number in numbers if (with_unit := counted(number, text, other))]
        scraps, lower = _scraps([*names, *shared_words], text, other), _also_words(names, text, other)
        names = [name for name in names if name not in scraps and name.lower() not in lower]
        shared_words = [word for word in (*lower, *shared_words) if word not in scraps]
    lowered = text.lower()
    words = [
        word
        for word in shared_words
        if len(word) > 2 and not is_calendar_word(word) and not _is_cut_short(word, lowered)
    ]
    inside = {
        part for name in (*names, *numbers) for part in re.split("[ -]", name.casefold()) if len(part) < len(name)
    }
    told = tuple(_distinct([*names, *numbers, *(word for word in words if word not in inside)]))[:most]
    text = without_capitals(text)
    folded = folded_in_place(text)
    return tuple(_spelt(one, text, folded) if one in words else one for one in told)


def _scraps(terms: Sequence[str], text: str, other: str) -> set[str]:
    """Those that a text has only within addresses, short ones that are a name in one text and end a longer name in the other, and words
    by which each text calls something else.

    "UN" is not the last name of Kim Jong Un, and Vera Lund is not Piet Lund.
    """
    plain = [_ADDRESS.sub(" ", one) for one in (text, other)]
    raw_folded, folded = ([folded_in_place(one) for one in texts] for texts in ((text, other), plain))
    scraps = set()
    for term in terms:
        places = [list(_places(term, one)) for one in folded]
        of_address = any(not found and any(_places(term, raw)) for found, raw in zip(places, raw_folded, strict=True))
        if of_address or (" " not in term and _are_two_of_one_name(plain, places)) or _ends_a_name(term, plain, places):
            scraps.add(term)
    return scraps


def _ends_a_name(term: str, texts: Sequence[str], places: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether a short word is an abbreviation in one text and the end of longer names in the other."""
    if len(term) > _ABBREVIATION or not all(places):
        return False
    return {_is_abbreviation(one, found) for one, found in zip(texts, places, strict=True)} == {True, False}


def _are_two_of_one_name(texts: Sequence[str], places: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether a word is first said with others around it in each text, and never with the same: "Vera Lund" and "Piet Lund"."""
    around = [[_around(text, *place) for place in found] for text, found in zip(texts, places, strict=True)]
    if not all(found and found[0] for found in around):
        return False
    one, other = ({word for words in found for word in words} for found in around)
    return one.isdisjoint(other)


def _around(text: str, start: int, end: int) -> frozenset[str]:
    """The capitalised words beside a word that are one name with it, offices left out; none where the word is in small letters."""
    if not text[start].isupper():
        return frozenset()
    before = _lead(text[max(0, start - _FURTHER * _LONGEST_CHARS) : start]).split()
    further = _GOES_ON.match(text, end)
    behind = further[0].strip("’'- ").split() if further else []
    return frozenset(word.casefold() for word in (*before, *behind) if not is_office(word))


def _is_abbreviation(text: str, places: Sequence[tuple[int, int]]) -> bool | None:
    """Whether a text has a word in capitals; False where it has it only at the end of longer names, None for all else."""
    if all(text[slice(*place)].isupper() for place in places):
        return True
    return False if all(_LED_BY_NAME.search(text[:start][-_LONGEST_CHARS:]) for start, _ in places) else None


def _also_words(names: Sequence[str], text: str, other: str) -> list[str]:
    """Single names, in small letters, that both texts have in small letters, too: "police", "space"."""
    alone = [name for name in names if " " not in name and name[1:].islower()]
    texts = [_ADDRESS.sub(" ", one) for one in (text, other)]
    return [name.lower() for name in alone if all(_has_lower(name.lower(), one) for one in texts)]


def _has_lower(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _places(term: str, folded: str) -> Iterator[tuple[int, int]]:
    pattern = rf"(?<!\w){re.escape(folded_in_place(term))}(?!\w)"
    return (one.span() for one in islice(re.finditer(pattern, folded), _PLACES))


def _without_office(name: str) -> str:
    words = name.split(" ")
    while len(words) > 1 and is_office(words[0]):
        del words[0]
    while len(words) > 1 and words[-1].lower() in _BEFORE_A_NAME:
        del words[-1]
    return " ".join(words)


def _whole(names: Sequence[str]) -> list[str]:
    """Names without those that are a word of another."""
    inside = {word for name in names if " " in name for word in name.casefold().split(" ")}
    return [name for name in names if name.casefold() not in inside]


def _says_nothing(name: str) -> bool:
    return is_office(name) or name.lower() in _TITLES or name.lower() in _PARTICLES or is_calendar_word(name.lower())


def _distinct(words: Sequence[str]) -> Iterator[str]:
    """Without those that begin with one that came before and go on by an ending, and those that are so begun."""
    told: list[str] = []
    for word in words:
        lowered = word.lower()
        if not any(_is_form(lowered, other) or _is_form(other, lowered) for other in told):
            told.append(lowered)
            yield word


def _is_form(longer: str, shorter: str) -> bool:
    ending = longer.removeprefix(shorter)
    return longer.startswith(shorter) and (not ending or (len(shorter) > 4 and len(ending) <= 3 and ending.isalpha()))


def _is_cut_short(word: str, lowered: str) -> bool:
    """Whether a text, in lower case, has a word only before an apostrophe and a t."""
    if f"{word}'t" not in lowered and f"{word}’t" not in lowered:
        return False
    found = re.findall(rf"(?<!\w){re.escape(word)}(?!\w)(['’]t\b)?", lowered)
    return bool(found) and all(found)


def _written(names: Sequence[str], text: str, other: str) -> list[str]:
    """Names as a text has them; those that overlap in it are parts of one. other: another text that has them, empty where it is unknown."""
    text = without_capitals(text)
    folded = folded_in_place(text)
    headline = len(text.partition("\n")[0])
    spans: list[tuple[int, int]] = []
    for name in _side_by_side(names, folded):
        found = re.finditer(_pattern(name), folded)
        places = _capitalised_of([one.span() for one in islice(found, _PLACES)], text)
        if not places or (" " not in name and all(_goes_on(text, end) for _, end in places)):
            continue
        if month(name) and all(_DAY.match(text, end) for _, end in places):
            continue
        start, end = min(places, key=lambda place: _unlike_a_name(text[slice(*place)]))
        in_sentences = [place for place in places if place[0] > headline]
        if " " not in name and (lead := _led_by(text, [start for start, _ in in_sentences])):
            start, end = in_sentences[0][0] - len(lead), in_sentences[0][1]
        rest = _rest(text, [end for _, end in places], _GOES_ON if " " in name else _HYPHENS)
        end += len(rest) if _has(other, f"{text[slice(*places[0])]}{rest}") else 0
        touched = [span for span in spans if span[0] < end and start < span[1]]
        whole = (min([start, *(span[0] for span in touched)]), max([end, *(span[1] for span in touched)]))
        place = spans.index(touched[0]) if touched else len(spans)
        spans = [span for span in spans if span not in touched]
        spans.insert(place, whole)
    return [text[start:end] for start, end in spans]


def _side_by_side(names: Sequence[str], folded: str) -> Iterator[str]:
    """Names; of those that a text has only with a mark between ("Charlottesville, Virginia") the words that also stand elsewhere."""
    for name in names:
        if " " not in name or re.search(_pattern(name), folded):
            yield name
            continue
        together = len(re.findall(r"\W+".join(map(re.escape, name.split())), folded))
        for word in name.split():
            if word not in names and len(re.findall(_pattern(word), folded)) > together:
                yield word


def _pattern(name: str) -> str:
    return rf"(?<!\w){'[ -]+'.join(map(re.escape, name.split()))}(?!\w)"


def _spelt(word: str, text: str, folded: str) -> str:
    """A word with a capital where it has one within a sentence and never a small letter: "Dianne", beside "Feinstein" alone."""
    found = re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", folded)
    places = [one.span() for one in islice(found, _PLACES)]
    if any(text[start].islower() for start, _ in places):
        return word
    after_headline = len(text.partition("\n")[0])
    within = (
        text[slice(*place)]
        for place in places
        if place[0] > after_headline and _is_within(text[max(0, place[0] - _TITLE_CHARS) : place[0]])
    )
    return next(within, word)


def _has(other: str, name: str) -> bool:
    """Whether another text, if it is known, has a name in full; apostrophes do not count."""
    name, other = (re.sub("['’]", "", one) for one in (name, other))
    return not other or name in other or folded_in_place(name) in folded_in_place(other)


def _is_within(before: str) -> bool:
    """Whether what stands before a word leaves it within a sentence, as "Sen. " does."""
    return bool(_WITHIN.search(before) or _AFTER_A_TITLE.search(before))


def _unlike_a_name(written: str) -> int:
    """0 of what is capitalised, 1 of what is not, 2 of what is all in capitals, as headlines and links may be."""
    return 2 if written.isupper() else int(written.islower())


def _capitalised_of(places: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Places where a name is written as one, if there are any: "a report" says nothing of the Drudge Report."""
    return [place for place in places if not text[slice(*place)].islower()] or places


def _rest(text: str, ends: Sequence[int], further: regex.Pattern[str]) -> str:
    """What a name goes on with, wherever it stands; empty where it stands by itself anywhere."""
    rests = [found[0] if (found := further.match(text, end)) else "" for end in ends]
    rest = min(rests, key=len)
    return rest if all(one.startswith(rest) for one in rests) and not is_calendar_word(rest.strip().lower()) else ""


def _led_by(text: str, starts: Sequence[int]) -> str:
    """The capitalised words before a name wherever it stands in sentences; empty where it stands by itself anywhere.

    "Jersey" alone is what is kept of "New Jersey", since "new" tells nothing.
    """
    before = [text[max(0, start - _FURTHER * _LONGEST_CHARS) : start] for start in starts]
    found = [_lead(one) for one in before]
    leads = [lead for lead, one in zip(found, before, strict=True) if lead or not _begins_alike(one, found)]
    lead = min(leads, key=len, default="")
    return lead if all(one.endswith(lead) for one in leads) else ""


def _begins_alike(before: str, leads: Sequence[str]) -> bool:
    """Whether a sentence begins with what leads a name elsewhere, "New" of "New Vale", so that its capital says nothing by itself."""
    found = _BEGINS_WITH.search(before)
    return found is not None and any(lead.endswith(found[1]) for lead in leads if lead)


def _lead(before: str) -> str:
    words: list[str] = []
    while len(words) < _FURTHER and (found := _LED_BY.search(before[-_LONGEST_CHARS:])):
        word = found[1].strip()
        if _says_nothing(word) or word in _NO_PART:
            break
        words.insert(0, found[1])
        before = before[: -len(found[1])]
    return "".join(words)


def _goes_on(text: str, end: int) -> bool:
    """Whether what ends here is followed by another capitalised word, and so the first part of a name."""
    return text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()


def _capitalised(names: Sequence[str]) -> list[str]:
    return [" ".join(word[:1].upper() + word[1:] for word in name.split()) for name in names]
