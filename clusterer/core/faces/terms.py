"""Which words say something about a cluster: what many of its members share and few other articles have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusterer.core.calendar import is_calendar_word, is_time_zone, month
from clusterer.core.evidence.evidence import LEAD, NAME, NUMBER, TITLE, Sparse
from clusterer.core.model import Document
from clusterer.core.text import has_unspaced

COMMON_RARITY = 32  # two nats as stored: a word that one article in seven has tells no cluster from another
_COMMON_OUTSIDE_TITLES = 51  # 3.2 nats: "officials" and "according" are worth nothing there
_STRONGEST = 500  # of the words that tell; what is shown is among the first dozens
_EMPHASIS = ((TITLE, 2.0), (LEAD, 1.0))  # where a word stands says how much it says


@dataclass(frozen=True, slots=True)
class Voice:
    """What one member says. document: its text, of few members."""

    sparse: Sparse
    title: str
    source: str | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class FaceTerm:
    """What the members have of a word or a pair of words. holders: how many have it; named: how many of these as a name."""

    strength: float
    holders: int
    named: int
    in_title: bool


def telling(voices: Sequence[Voice]) -> dict[str, FaceTerm]:
    """The terms that say something about the cluster.

    What only one of several members has, or only articles of one source have, says something about that one, not about the cluster.
    """
    found = _occurrences(voices)
    # Roots, so that a word of the headline which comes often tells more than a rarity which comes once.
    worth = np.sqrt((found.rarity - float(COMMON_RARITY)) * found.counts)
    strength = found.holders() * found.total(worth * (1.0 + sum(more * found.are(bit) for bit, more in _EMPHASIS)))
    chosen = np.flatnonzero(_tells(found, voices))
    chosen = chosen[np.argsort(-strength[chosen], kind="stable")[:_STRONGEST]]
    columns = strength, found.holders(), found.total(found.are(NAME)), found.total(found.are(TITLE)) > 0
    terms = zip(chosen.tolist(), *(column[chosen].tolist() for column in columns), strict=True)
    return {
        found.words[number]: FaceTerm(strong, holders, int(named), in_title)
        for number, strong, holders, named, in_title in terms
        if not _says_nothing(found.words[number])
    }


def told_by_title(sparse: Sparse, terms: Mapping[str, FaceTerm]) -> float:
    """How much of what tells about the cluster an article's title says; 0 and more."""
    in_title = (term for term, kind in zip(sparse.terms, sparse.kinds, strict=True) if kind & TITLE)
    return sum(terms[term].strength for term in in_title if term in terms)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """The terms of all members in columns, without numbers and common words; a row for each term of each member.

    words: of the members, each once. word, outlet: numbers of a row's word and of its member's source. The rest as in `Sparse`.
    """

    words: Sequence[str]
    word: NDArray[np.int64]
    outlet: NDArray[np.int64]
    counts: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    rarity: NDArray[np.uint8]

    def are(self, kind: int) -> NDArray[np.bool_]:
        return (self.kinds & kind).astype(np.bool_)

    def total(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """The sum of a value of each row, by word."""
        return np.bincount(self.word, values, len(self.words)).astype(np.float64)

    def holders(self) -> NDArray[np.int64]:
        return np.bincount(self.word, minlength=len(self.words))

    def of_two_outlets(self) -> NDArray[np.bool_]:
        """By word, whether members of two sources have it; those that name none are of one."""
        any_outlet = np.zeros(len(self.words), np.int64)
        any_outlet[self.word] = self.outlet
        return self.total(self.outlet != any_outlet[self.word]) > 0


def _occurrences(voices: Sequence[Voice]) -> _Occurrences:
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    terms = chain.from_iterable(voice.sparse.terms for voice in voices)
    word = np.fromiter(map(numbers.__getitem__, terms), np.int64)
    sources = {name: number for number, name in enumerate({voice.source or "" for voice in voices})}
    outlet = np.array([sources[voice.source or ""] for voice in voices], np.int64)
    outlet = np.repeat(outlet, [len(voice.sparse.terms) for voice in voices])
    counts = np.frombuffer(b"".join(voice.sparse.counts for voice in voices), np.uint8)
    kinds = np.frombuffer(b"".join(voice.sparse.kinds for voice in voices), np.uint8)
    rarity = np.frombuffer(b"".join(voice.sparse.rarity for voice in voices), np.uint8)
    kept = (kinds & NUMBER == 0) & (rarity > COMMON_RARITY)
    return _Occurrences(list(numbers), word[kept], outlet[kept], counts[kept], kinds[kept], rarity[kept])


def _tells(found: _Occurrences, voices: Sequence[Voice]) -> NDArray[np.bool_]:
    """By word, whether it says something about the cluster of these members."""
    several = len(voices) >= 3
    of_one_source = len({voice.source for voice in voices if voice.source}) < 2
    named, in_title, in_lead = (found.total(found.are(kind)) > 0 for kind in (NAME, TITLE, LEAD))
    rare = named | (found.total(found.rarity > _COMMON_OUTSIDE_TITLES) > 0)
    once = (found.total(found.counts) == 1) & any(voice.title for voice in voices) & ~(named & in_lead)
    told = found.of_two_outlets() | (not several or of_one_source)
    good: NDArray[np.bool_] = (found.holders() >= (2 if several else 1)) & (in_title | (rare & told & ~once))
    return good


def _says_nothing(term: str) -> bool:
    """A date or a time, or a letter by itself, as "U.S." leaves them."""
    first = term.partition(" ")[0]
    if any(map(is_time_zone, term.split(" "))):
        return True
    return is_calendar_word(first) or month(term) is not None or (len(term) == 1 and not has_unspaced(term))
