"""Two headlines without texts, worded alike, that put other names in the same place: "Fire kills three in Rodenau", "... in Althausen".

Bare headlines say too little for what tells longer texts apart: no word comes twice, and a place named once is a tenth of the rest. What is
left is the order of the words. Headlines of one event that are worded so alike are copies of one another, names and all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from clusterer.core.calendar import is_calendar_word
from clusterer.core.evidence.nouns import NOUNS_CAPITALISED
from clusterer.core.evidence.rarity import RARITY_STEP, rarity
from clusterer.core.evidence.words import Token, is_number, name_words, tokens
from clusterer.core.text import comparable, has_unspaced

_LEAST_COMMON = 3  # words in the same order
_ALIKE, _TELLING = 0.6, 7.0  # share of the words in the same order; rarity in nats of what stands in place of the other
_MUCH_ALIKE, _LESS_TELLING = 0.75, 4.5
_TITLE_CASE_TELLING = 9.0  # nearly every word has a capital
_UNCASED_TELLING = 6.5  # where no capital shows that a word is a name
_PAIR_TELLING = 7.0  # of two letters, in scripts without spaces
_TITLE_CASE = 0.8  # of the longer words
_LONG = 4
_PREFIX_SHARE = 0.7  # of the longer one of two forms of a name
_SPELT_ALIKE = 0.7  # "Keibler", "Kiebler"


@dataclass(frozen=True, slots=True)
class HeadlineForm:
    """A headline as it is compared. words: in order, all numbers alike. names: by their capitals. cased: it has capitals at all.

    title_case: capitals show nothing. letters: without blanks, where words have none between them, else empty.
    """

    words: tuple[str, ...]
    names: frozenset[str]
    capitals: frozenset[str]
    cased: bool
    title_case: bool
    letters: str
    language: str | None


def headline_form(heading: str, language: str | None) -> HeadlineForm:
    """What is compared of a headline."""
    found = tokens(heading, language)
    words = tuple("#" if is_number(word) else word for word, _, _ in found)
    return HeadlineForm(
        words,
        frozenset(name_words(found, (), language)),
        frozenset(word for word, capital, _ in found if capital),
        any(capital for _, capital, _ in found),
        _is_title_case(found),
        "".join(comparable(heading).split()) if has_unspaced(heading) else "",
        language,
    )


def _is_title_case(found: Sequence[Token]) -> bool:
    long = [capital for word, capital, _ in found if len(word) >= _LONG and not is_number(word)]
    return len(long) > 2 and sum(long) >= _TITLE_CASE * len(long)


def other_names(one: HeadlineForm, other: HeadlineForm) -> bool:
    """Whether two headlines are worded alike, and each names something where the other one names something else."""
    if one.letters and other.letters:
        return _other_letters(one, other)
    runs, common = _replaced(one.words, other.words)
    alike = 2 * common / (len(one.words) + len(other.words) or 1)
    if common < _LEAST_COMMON or alike < _ALIKE:
        return False
    return _most_telling(one, other, runs) >= _asked(one, other, alike)


def names_nothing_alike(one: HeadlineForm, other: HeadlineForm) -> bool:
    """Whether each of two headlines names something, and the other one nothing of it, however they are worded.

    Of two outlets that is weak evidence: they call one thing by two names, and one of them by none.
    """
    if not (one.cased and other.cased) or one.title_case or other.title_case:
        return False
    mine, its = ([word for word in form.names if _may_name(word)] for form in (one, other))
    if any(_stands_in(word, other) for word in mine) or any(_stands_in(word, one) for word in its):
        return False
    in_both = [word for word in set(one.words) & set(other.words) & one.capitals & other.capitals if _may_name(word)]
    telling = min(_rarest(mine, one.language), _rarest(its, other.language))
    return telling >= max(_LESS_TELLING, _rarest(in_both, one.language))


def _asked(one: HeadlineForm, other: HeadlineForm, alike: float) -> float:
    if (one.title_case or other.title_case) and one.language not in NOUNS_CAPITALISED:
        return _TITLE_CASE_TELLING  # where nouns have capitals, a few of them look like title case
    if alike < _MUCH_ALIKE:
        return _TELLING
    return _LESS_TELLING if one.cased and other.cased else _UNCASED_TELLING


def _most_telling(one: HeadlineForm, other: HeadlineForm, runs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> float:
    """Rarity of the names that stand in each other's place, 0 where both headlines name something as telling."""
    shared = set(one.words) & set(other.words)
    cased = one.cased and other.cased
    capitals = cased and (one.title_case or other.title_case)
    if cased and not capitals and any(map(_may_name, shared & one.names & other.names)):
        return 0.0
    telling = 0.0
    for mine, its in runs:
        left, right = _naming(mine, one, other, cased=cased), _naming(its, other, one, cased=cased)
        if left and right and not _one_name(left, right):
            telling = max(telling, min(_rarest(left, one.language), _rarest(right, other.language)))
    in_both = shared & one.capitals & other.capitals if cased else shared
    return telling if telling >= _rarest([word for word in in_both if _may_name(word)], one.language) else 0.0


def _naming(run: Sequence[str], of: HeadlineForm, other: HeadlineForm, *, cased: bool) -> list[str]:
    return [
        word for word in run if _may_name(word) and (not cased or word in of.capitals) and not _stands_in(word, other)
    ]


def _stands_in(word: str, other: HeadlineForm) -> bool:
    """Whether a headline has a word, in another form, or written together with others: "Mt. Gox", "MtGox"."""
    together = len(word) >= _LONG - 1 and word in "".join(other.words)
    return together or any(_one_word(word, its) for its in other.words)


def _may_name(word: str) -> bool:
    return len(word) > 1 and not is_calendar_word(word)


def _one_name(mine: Sequence[str], its: Sequence[str]) -> bool:
    """Whether one run is the initials of the other."""
    initials = {"".join(word[0] for word in run) for run in (mine, its) if len(run) > 1}
    return not initials.isdisjoint((*mine, *its))


def _one_word(word: str, its: str) -> bool:
    """Whether two words are forms or spellings of one."""
    if word[0] != its[0] or min(len(word), len(its)) < _LONG:
        return word == its
    begins = max(_LONG, round(_PREFIX_SHARE * max(len(word), len(its))))
    return word[:begins] == its[:begins] or SequenceMatcher(None, word, its, autojunk=False).ratio() >= _SPELT_ALIKE


def _rarest(words: Sequence[str], language: str | None) -> float:
    return max((rarity(word, language) for word in words), default=0) / RARITY_STEP


def _replaced(one: Sequence[str], other: Sequence[str]) -> tuple[list[tuple[Sequence[str], Sequence[str]]], int]:
    """What stands in the same place of two sequences and differs, and how much else they have in the same order."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    steps = matcher.get_opcodes()
    runs = [(one[i:j], other[k:m]) for step, i, j, k, m in steps if step == "replace"]
    return runs, sum(j - i for step, i, j, _, _ in steps if step == "equal")


def _other_letters(one: HeadlineForm, other: HeadlineForm) -> bool:
    runs, common = _replaced(one.letters, other.letters)
    if 2 * common < _ALIKE * (len(one.letters) + len(other.letters)):
        return False
    return any(
        min(_rarest(_pairs(mine, other), one.language), _rarest(_pairs(its, one), other.language)) >= _PAIR_TELLING
        for mine, its in runs
    )


def _pairs(run: Sequence[str], other: HeadlineForm) -> list[str]:
    """Letters side by side in a run that the other headline does not have side by side."""
    pairs = ("".join(run[place : place + 2]) for place in range(len(run) - 1))
    return [pair for pair in pairs if pair.isalpha() and pair not in other.letters]
