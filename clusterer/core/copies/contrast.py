"""What differs between two texts, and whether it makes them reports of two things.

Texts filled in from one form, and reports of one desk about two matters, share most of their words and differ in the few that say what
they are about. Copies and updates of one story are the other way round: words change, and names stay. So the names of title and lead,
and the words of the title that the text takes up again, are compared apart from the rest. Numbers are no evidence: they rise from one
update to the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from math import sqrt

from clusterer.core.text import has_unspaced

_LEAST_SHARED = 6  # words; how alike two texts are made cannot be seen from fewer
_LEAST_PREFIX = 4  # letters in which two forms of one name agree at least
# Cosines of the words beside those of the subject. Texts made from one form have .8 to 1, reports of one event hardly ever .5.
ONE_FORM = 0.8
_HARDLY_ONE_EVENT = 0.5
_SELDOM_ONE_EVENT = 0.4
_ALIKE = 0.3
_HEADED_APART = 0.45  # of the words of a title; what the text of the other one lacks
# Of texts of one event so alike that no other rule parts, in four labelled sets and in invented updates, all lack less than .3.
_ONE_WORDING, _OTHER_TOPICS = 0.6, 0.35
_PREFIX_SHARE = 0.7  # of the longer one
_PAIRS_A_WORD = 2.5  # of letters, in scripts without blanks
_LEAST_FIGURES = 4  # of each text; a report that is updated keeps some of so many


@dataclass(frozen=True, slots=True)
class Particulars:
    """The words of a text by what they say about its subject, each with its rarity in nats.

    names: names in title and lead. headed: words of the title that the text takes up again, in any script. others: words that are
    neither. Numbers are in none of these. matter: words and numbers that are no names. titular: names in the title that the text takes up.
    topics: words of the title that are no names and stand in the text in some form.
    figures: all numbers. length: in words that are no names. words: all terms of the text. ordered: the same, sorted.
    titled: it has a title. heading: words of the title that say something, whether or not the text has them.
    """

    names: Mapping[str, float]
    headed: Mapping[str, float]
    others: Mapping[str, float]
    matter: Mapping[str, float]
    titular: Mapping[str, float]
    words: frozenset[str]
    ordered: tuple[str, ...]
    titled: bool
    topics: Mapping[str, float] = field(default_factory=dict)
    heading: frozenset[str] = frozenset()
    others_length: float = field(init=False)  # a text is compared with many others
    matter_nats: float = field(init=False)
    beginnings: frozenset[str] = field(init=False)
    figures: frozenset[str] = field(init=False)
    length: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "others_length", sqrt(sum(weight * weight for weight in self.others.values())))
        object.__setattr__(self, "matter_nats", sum(self.matter.values()))
        object.__setattr__(self, "beginnings", frozenset([word[:_LEAST_PREFIX] for word in self.words]))
        object.__setattr__(self, "figures", frozenset([word for word in self.words if word[0].isdigit()]))
        pairs = sum(map(has_unspaced, self.matter))
        object.__setattr__(self, "length", len(self.matter) - pairs + pairs / _PAIRS_A_WORD)


@dataclass(frozen=True, slots=True)
class Contrast:
    """How two texts compare, each between 0 and 1.

    names, headed, titular, topics: how much of these, by rarity, the other text lacks altogether; of the two, the one that lacks less.
    others: cosine of the remaining words, of which they share `shared`. named_alike: each names something that the other one has
    among its words. named: one of them names something. titled: both have titles. figures_differ: both have many numbers, and hardly any
    in common. figures_replaced: each has numbers that the other one lacks. subject: nats of the words that both titles have and both texts
    take up again.
    """

    names: float
    headed: float
    others: float
    shared: int
    named_alike: bool
    named: bool
    titled: bool
    titular: float = 0.0
    figures_differ: bool = False
    figures_replaced: bool = False
    subject: float = 0.0
    topics: float = 0.0

    @property
    def tells_nothing_in_common(self) -> bool:
        """The texts are worded alike, and neither names what the other one does."""
        return self.others >= _ALIKE and self.named and not self.named_alike

    @property
    def other_thing(self) -> bool:
        """The texts are alike and about two things.

        The more alike the rest is, the less has to differ: where nearly all words are those of a form, one name in the title is enough.
        Without titles names are not: those of the lead may be a reporter's or a caption's.
        """
        form = self.others if self.shared >= _LEAST_SHARED else 0.0
        if self.shared >= 2 * _LEAST_SHARED and self.others >= _ONE_WORDING and self.topics > _OTHER_TOPICS:
            return True  # two cases of one court, two recalls: nothing but common words tells them apart
        if form >= ONE_FORM:
            return self.headed > 0 or (self.titled and self.names >= 0.4) or self.figures_differ
        if form >= _HARDLY_ONE_EVENT and self.titled and max(self.names, self.headed) == 1:
            return True  # each has names, or words of its title, and not one of them in common
        if form >= _SELDOM_ONE_EVENT and self.titular == 1:
            return True  # each title has names, and not one of them stands in the other text
        if form >= _HARDLY_ONE_EVENT and not self.named and self.headed > _HEADED_APART:
            return True  # in scripts without capitals there are no names to tell things by
        return self.others >= _ALIKE and self.differs

    @property
    def differs(self) -> bool:
        """Each names in title and lead what the other one never mentions. In texts that are not alike this is weak evidence."""
        return self.names > 0.3 and self.headed > _HEADED_APART

    @property
    def nothing_named_alike(self) -> bool:
        """Each title has names, and of these and those of the lead not one stands in the other text.

        Where neither text has names, as in scripts without capitals, the words of the title stand for them.
        """
        if self.named:
            return self.titular == 1 and self.names == 1
        return self.titled and self.headed > _HEADED_APART


def contrast(one: Particulars, other: Particulars) -> Contrast:
    """What differs between two texts; symmetric."""
    return Contrast(
        names=_lacking_less(one.names, other.names, one, other),
        headed=_lacking_less(one.headed, other.headed, one, other),
        others=_cosine(one.others, other.others, one.others_length * other.others_length),
        shared=len(one.others.keys() & other.others.keys()),
        named=bool(one.names or other.names),
        titled=one.titled and other.titled,
        titular=_lacking_less(one.titular, other.titular, one, other),
        figures_differ=_figures_differ(one.figures, other.figures),
        figures_replaced=not (one.figures <= other.figures or other.figures <= one.figures),
        subject=sum(one.headed[word] for word in one.headed.keys() & other.headed.keys()),
        topics=_lacking_less(one.topics, other.topics, one, other),
        named_alike=not (one.names.keys().isdisjoint(other.words) and other.names.keys().isdisjoint(one.words)),
    )


def headed_otherwise(one: Particulars, other: Particulars, but: Iterable[str]) -> bool:
    """Whether each title says something, and the other text, with its title, says nothing of it in any form; `but` are words that do
    not count."""
    mine, its = one.heading.difference(but), other.heading.difference(but)
    if not mine or not its:
        return False
    return not (_says_any(other, mine) or _says_any(one, its))


def _says_any(text: Particulars, words: Iterable[str]) -> bool:
    return any(word in text.words or _inflected(word, text) or _begins_with_any(word, text) for word in words)


def _begins_with_any(compound: str, text: Particulars) -> bool:
    """Whether a word begins with one of a text, as compounds do."""
    if compound[:_LEAST_PREFIX] not in text.beginnings:
        return False
    return any(compound[:length] in text.words for length in range(_LEAST_PREFIX + 1, len(compound)))


def _figures_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    least = min(len(one), len(other))
    return least >= _LEAST_FIGURES and 4 * len(one & other) <= least


@dataclass(frozen=True, slots=True)
class SharedMatter:
    """How much two texts share of what is no name, by rarity.

    nats: of what they share. share: of the text that has less of it, from 0 to 1. words: how many the text with fewer of them has.
    """

    nats: float
    share: float
    words: int


def same_matter(one: Particulars, other: Particulars) -> SharedMatter:
    """How much of what is no name two texts share in the same form: at most what `shared_matter` finds."""
    return _shared(one, other, sum(one.matter[term] for term in one.matter if term in other.matter))


def shared_matter(one: Particulars, other: Particulars) -> SharedMatter:
    """How much of what is no name two texts share."""
    shared = sum(
        weight
        for term, weight in one.matter.items()
        if term in other.matter or (term not in other.words and _inflected(term, other))
    )
    return _shared(one, other, shared)


def _shared(one: Particulars, other: Particulars, shared: float) -> SharedMatter:
    least = min(one.matter_nats, other.matter_nats)
    return SharedMatter(shared, shared / least if least else 0.0, min(len(one.matter), len(other.matter)))


def _lacking_less(mine: Mapping[str, float], its: Mapping[str, float], one: Particulars, other: Particulars) -> float:
    """The lesser share of their terms that two texts lack of each other."""
    least = _lacking(mine, other)
    return min(least, _lacking(its, one)) if least else least


def _lacking(terms: Mapping[str, float], other: Particulars) -> float:
    """Share of the terms, by rarity, that another text does not have in any form."""
    missing = sum(weight for term, weight in terms.items() if term not in other.words and not _inflected(term, other))
    return missing / sum(terms.values()) if missing else 0.0


def _inflected(term: str, other: Particulars) -> bool:
    """Whether another form of a word is among those of a text."""
    return term[:_LEAST_PREFIX] in other.beginnings and has_another_form(term, other.ordered)


def has_another_form(term: str, ordered: Sequence[str]) -> bool:
    """Whether another form of a word is among sorted ones: they begin alike and differ in a few letters at the end."""
    if len(term) <= _LEAST_PREFIX:
        return False
    start = term[: max(_LEAST_PREFIX, round(_PREFIX_SHARE * len(term)))]
    alike = takewhile(lambda word: word.startswith(start), islice(ordered, bisect_left(ordered, start), None))
    return any(max(len(term), len(word)) <= _letters_alike(term, word) / _PREFIX_SHARE + 0.5 for word in alike)


def _letters_alike(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    differ = (place for place, (mine, its) in enumerate(zip(one, other, strict=False)) if mine != its)
    return next(differ, min(len(one), len(other)))


def _cosine(one: Mapping[str, float], other: Mapping[str, float], lengths: float) -> float:
    """lengths: the product of both."""
    if len(other) < len(one):
        one, other = other, one
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    return shared / lengths if shared else 0.0
