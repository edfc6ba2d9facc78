"""The keywords and names of a cluster, as an editor would write them.

Candidates and their weight come from the stored evidence of all members. How they are shown, and which of two forms of one name, comes from
the texts of a few (`written`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from clusterer.core.calendar import is_calendar_word, month
from clusterer.core.clustering.evidence import LEAD, NAME, NUMBER, TITLE, Sparse
from clusterer.core.clustering.nouns import NOUNS_CAPITALISED
from clusterer.core.clustering.offices import is_office
from clusterer.core.clustering.written import Written
from clusterer.core.language import primary_language
from clusterer.core.model import Document
from clusterer.core.text import has_unspaced

COMMON_RARITY = 32  # two nats as stored: a word that one article in seven has tells no cluster from another
_COMMON_OUTSIDE_TITLES = 51  # 3.2 nats: "officials" and "according" are worth nothing there
_EMPHASIS = {TITLE: 2.0, LEAD: 1.0}  # where a word stands says how much it says
_WORD = re.compile(r"\w+(?:['’]\w{2,})*")
_APOSTROPHE = re.compile("['’]")
_MC = re.compile(r"\bMc([a-z])(?=[a-z]{2})")
_LEAST_STEM = 4
_LONGEST_ENDING = 3
_LOOKED_AT = 40  # of the strongest candidates of each kind


@dataclass(frozen=True, slots=True)
class Voice:
    """What one member says. document: its text, of few members."""

    sparse: Sparse
    title: str
    source: str | None = None
    document: Document | None = None


@dataclass(slots=True)
class Term:
    """What all members have of a word or a pair of words. sources: of the members; "" for one that names none."""

    weight: float = 0.0
    holders: int = 0
    count: int = 0
    named: int = 0
    kinds: int = 0
    rarity: int = 0
    sources: set[str] = field(default_factory=set)

    @property
    def strength(self) -> float:
        return self.weight * self.holders


def keywords_and_names(
    voices: Sequence[Voice], terms: Mapping[str, Term], keywords: int, names: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(keywords, names): rare words that many members share, those in titles before those in texts; so many at most.

    terms: the telling ones of these voices. Days and months are in neither, nor are two forms of one word.
    """
    written = Written((voice.document for voice in voices if voice.document), terms.keys())
    ranked = sorted(terms, key=lambda term: (-terms[term].strength, term))
    spellings = _spellings(voice.title for voice in voices)
    nouns = any(voice.document and primary_language(voice.document.lang) in NOUNS_CAPITALISED for voice in voices)
    is_name = {term: _is_name(term, terms[term], written, nouns) for term in ranked}
    read = all(voice.document for voice in voices)
    named = [term for term in ranked if is_name[term] and (not read or terms[term].kinds & TITLE or written.has(term))]
    shown = _names(named, written, spellings)
    words = _keywords([term for term in ranked if not is_name[term]], shown, written)
    return tuple(words[:keywords]), tuple(shown[:names])


def telling(voices: Sequence[Voice]) -> dict[str, Term]:
    """The terms that say something about the cluster.

    What only one of several members has, or only articles of one source have, says something about that one, not about the cluster.
    """
    terms: defaultdict[str, Term] = defaultdict(Term)
    for voice in voices:
        counts, kinds, rarity = (column.tolist() for column in voice.sparse.arrays())
        for term, count, kind, rare in zip(voice.sparse.terms, counts, kinds, rarity, strict=True):
            if not kind & NUMBER and rare > COMMON_RARITY and not _says_nothing(term):
                _add(terms[term], voice, count, kind, rare)
    sources = {voice.source for voice in voices if voice.source}
    needed = 1 if len(voices) < 3 else 2
    told_by = 2 if len(voices) >= 3 and len(sources) >= 2 else 1
    titled = any(voice.title for voice in voices)

    def tells(found: Term) -> bool:
        if found.holders < needed:
            return False
        if found.kinds & TITLE:
            return True
        if not found.named and found.rarity <= _COMMON_OUTSIDE_TITLES:
            return False
        once = found.count == 1 and titled and not (found.named and found.kinds & LEAD)
        return len(found.sources) >= told_by and not once

    return {term: found for term, found in terms.items() if tells(found)}


def told_by_title(sparse: Sparse, terms: Mapping[str, Term]) -> float:
    """How much of what tells about the cluster an article's title says; 0 and more."""
    _, kinds, _ = sparse.arrays()
    in_title = (term for term, kind in zip(sparse.terms, kinds.tolist(), strict=True) if kind & TITLE)
    return sum(terms[term].strength for term in in_title if term in terms)


def _add(found: Term, voice: Voice, count: int, kind: int, rare: int) -> None:
    emphasis = 1.0 + sum(value for bit, value in _EMPHASIS.items() if kind & bit)
    # Roots, so that a word of the headline which comes often tells more than a rarity which comes once.
    found.weight += emphasis * sqrt((rare - COMMON_RARITY) * count)
    found.holders += 1
    found.count += count
    found.named += bool(kind & NAME)
    found.kinds |= kind
    found.rarity = max(found.rarity, rare)
    found.sources.add(voice.source or "")


def _says_nothing(term: str) -> bool:
    """A date, or a letter by itself, as "U.S." leaves them."""
    first = term.partition(" ")[0]
    return is_calendar_word(first) or month(term) is not None or (len(term) == 1 and not has_unspaced(term))


def _is_name(term: str, found: Term, written: Written, nouns_capitalised: bool) -> bool:
    """By what most members say; by the texts where these have the word, unless all nouns have capitals there."""
    by_most = 2 * found.named > found.holders
    if " " in term or by_most or nouns_capitalised:
        return by_most
    return written.is_capitalised(term) or (written.is_capitalised(term) is None and written.name(term) is not None)


def _names(ranked: Sequence[str], written: Written, spellings: Mapping[str, str]) -> list[str]:
    """Each name once, in the fullest form, the strongest first."""
    shown: dict[tuple[str, ...], str] = {}
    for term in ranked[:_LOOKED_AT]:
        if written.denies(term) or (" " in term and any(map(is_office, term.title().split(" ")))):
            continue
        name = written.name(term) or _spelled(term, spellings)
        if not is_office(name.rpartition(" ")[2]):
            shown.setdefault(tuple(name.casefold().split(" ")), name)
    longer = [parts for parts in shown if len(parts) > 1]
    lasts, inside = {parts[-1] for parts in longer}, {part for parts in longer for part in parts}

    def said_already(word: str) -> bool:
        return word in lasts and written.is_part(word) if written.has(word) else word in inside

    kept = {parts: name for parts, name in shown.items() if len(parts) > 1 or not said_already(parts[0])}
    singles = [parts[0] for parts in kept if len(parts) == 1]
    return [
        name for parts, name in kept.items() if len(parts) > 1 or not _is_double(parts[0], singles, shorter_stays=True)
    ]


def _keywords(ranked: Sequence[str], names: Sequence[str], written: Written) -> list[str]:
    """Each word once, in its commonest form and as it is written, without parts of the names."""
    parts = {part for name in names for part in re.split(r"[\s\-]", name.casefold())}
    shown: list[str] = []
    for term in ranked[:_LOOKED_AT]:
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
    for title in titles:
        if title != title.upper():
            for whole in _WORD.findall(title):
                for word in {whole, *_APOSTROPHE.split(whole)}:
                    if word != word.lower():
                        found[word.casefold()][word] += 1
    return {word: min(counts, key=lambda one: (-counts[one], one)) for word, counts in found.items()}


def _spelled(name: str, spellings: Mapping[str, str]) -> str:
    return " ".join(spellings.get(word) or _MC.sub(_after_mc, word.title()) for word in name.split(" "))


def _after_mc(found: re.Match[str]) -> str:
    return "Mc" + found[1].upper()
