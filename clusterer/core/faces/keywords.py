"""The keywords and names of a cluster, as an editor would write them.

Candidates and their weight come from the stored evidence of all members. How they are shown, and which of two forms of one name, comes from
the texts of a few (`written`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from clusterer.core.evidence.nouns import NOUNS_CAPITALISED
from clusterer.core.faces.offices import is_office
from clusterer.core.faces.terms import FaceTerm, Voice
from clusterer.core.faces.written import Written
from clusterer.core.language import primary_language
from clusterer.core.text import has_unspaced

_WORD = re.compile(r"\w+(?:['’]\w{2,})*")
_APOSTROPHE = re.compile("['’]")
_MC = re.compile(r"\bMc([a-z])(?=[a-z]{2})")
_LONGEST_ACRONYM = 3  # letters; longer ones are mostly names
_PARTISANS = frozenset(("Republican", "Democrat"))
_LEAST_STEM = 4
_LONGEST_ENDING = 3
_LOOKED_AT = 40  # of the strongest candidates of each kind


def keywords_and_names(
    voices: Sequence[Voice], terms: Mapping[str, FaceTerm], keywords: int, names: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(keywords, names): rare words that many members share, those in titles before those in texts; so many at most.

    terms: the telling ones of these voices. Days and months are in neither, nor are two forms of one word.
    """
    written = Written((voice.document for voice in voices if voice.document), terms.keys())
    nouns = any(voice.document and primary_language(voice.document.lang) in NOUNS_CAPITALISED for voice in voices)
    read = all(voice.document for voice in voices)
    named: list[str] = []
    plain: list[str] = []
    for term in sorted(sorted(terms), key=lambda term: -terms[term].strength):
        if not _is_name(term, terms[term], written, nouns):
            plain.append(term)
        elif not read or terms[term].in_title or written.has(term):
            named.append(term)
        if min(len(named), len(plain)) >= _LOOKED_AT:
            break
    shown = _names(named[:_LOOKED_AT], written, _spellings(voice.title for voice in voices))
    shown = _without_sources(shown, voices)
    words = _keywords(plain[:_LOOKED_AT], shown, written)
    return tuple(words[:keywords]), tuple(shown[:names])


def _without_sources(names: Iterable[str], voices: Sequence[Voice]) -> list[str]:
    """The names without those of the papers that report, which speak of themselves ("the Kell Gazette learns"), but for those in titles."""
    sources = {_bare(voice.source) for voice in voices if voice.source}
    titles = [voice.title.casefold() for voice in voices]
    return [name for name in names if _bare(name) not in sources or any(name.casefold() in title for title in titles)]


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _is_name(term: str, found: FaceTerm, written: Written, nouns_capitalised: bool) -> bool:
    """By what most members say; by the texts where these have the word, unless all nouns have capitals there."""
    by_most = 2 * found.named > found.holders
    if " " in term or by_most or nouns_capitalised:
        return by_most
    return written.is_capitalised(term) or (written.is_capitalised(term) is None and written.name(term) is not None)


def _names(ranked: Sequence[str], written: Written, spellings: Mapping[str, str]) -> list[str]:
    """Each name once, in the fullest form, the strongest first."""
    shown: dict[tuple[str, ...], str] = {}
    for term in ranked:
        if written.denies(term) or (" " in term and any(map(is_office, term.title().split(" ")))):
            continue
        name = written.name(term) or _spelled(term, spellings, written)
        if name and not _is_description(name):
            shown.setdefault(tuple(name.casefold().split(" ")), name)
    longer = [parts for parts in shown if len(parts) > 1]
    firsts, lasts = ({parts[at] for parts in longer} for at in (0, -1))
    inside = {part for parts in longer for part in parts}

    def said_already(word: str) -> bool:
        if not written.has(word):
            return word in inside
        return (word in lasts and written.is_part(word)) or (word in firsts and written.is_first_name(word))

    kept = {parts: name for parts, name in shown.items() if len(parts) > 1 or not said_already(parts[0])}
    singles = [parts[0] for parts in kept if len(parts) == 1]
    return [
        name for parts, name in kept.items() if len(parts) > 1 or not _is_double(parts[0], singles, shorter_stays=True)
    ]


def _is_description(name: str) -> bool:
    """Of a person, and no name: an office, or "the Wisconsin Republican"."""
    before, _, last = name.rpartition(" ")
    return is_office(last) or (bool(before) and last in _PARTISANS)


def _keywords(ranked: Sequence[str], names: Sequence[str], written: Written) -> list[str]:
    """Each word once, in its commonest form and as it is written, without parts of the names."""
    parts = {part for name in names for part in re.split(r"[\s\-]", name.casefold())}
    shown: list[str] = []
    for term in ranked:
        word = written.string(term) if has_unspaced(term) else term
        if word is None or " " in term or word in parts or _overlaps(word, shown) or _is_double(word, [*shown, *parts]):
            continue
        shown.append(word)
    return [written.spelled(word) or word for word in shown]


def _overlaps(word: str, shown: Iterable[str]) -> bool:
    """Whether two strings without spaces have a part in common."""
    if not has_unspaced(word):
        return False
    pairs = {word[at : at + 2] for at in range(len(word) - 1)}
    return any(pair in other for other in shown for pair in pairs)


def _is_double(word: str, others: Iterable[str], shorter_stays: bool = False) -> bool:
    """Whether another word is the same but for a short ending, as an inflected form or a place's adjective is.

    shorter_stays: only a longer or equally long earlier one counts against the word itself.
    """
    for other in others:
        if other[:_LEAST_STEM] != word[:_LEAST_STEM]:
            continue
        if other == word:
            if shorter_stays:
                continue
            return True
        stem = next(
            (at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two),
            min(len(word), len(other)),
        )
        alike = stem >= _LEAST_STEM and max(len(word), len(other)) - stem <= _LONGEST_ENDING
        if alike and (not shorter_stays or len(other) < len(word)):
            return True
    return False


def _spellings(titles: Iterable[str]) -> Mapping[str, str]:
    """How words are written in titles, by the folded word: with capitals where any title has them, but not in titles of capitals only."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wholes = Counter(_WORD.findall("\n".join(title for title in titles if title != title.upper())))
    for whole, count in wholes.items():
        if not whole.islower():
            for word in {whole, *_APOSTROPHE.split(whole)}:
                if word != word.lower():
                    found[word.casefold()][word] += count
    return {word: min(counts, key=lambda one: (-counts[one], one)) for word, counts in found.items()}


def _spelled(name: str, spellings: Mapping[str, str], written: Written) -> str:
    """As titles or texts have it, else as most names are; empty for what may as well be an acronym ("fbi")."""
    known = [spellings.get(word) or _capitalised(written.spelled(word)) for word in name.split(" ")]
    if known == [""] and len(name) <= _LONGEST_ACRONYM and name.isascii():
        return ""
    return " ".join(form or _MC.sub(_after_mc, word.title()) for form, word in zip(known, name.split(" "), strict=True))


def _capitalised(form: str | None) -> str:
    return form if form and not form.islower() else ""


def _after_mc(found: re.Match[str]) -> str:
    return "Mc" + found[1].upper()
