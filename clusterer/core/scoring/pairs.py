"""The terms by which two articles are compared, for whole matrices of pairs at once.

Absolute similarities do not carry over from one stream to the next: crime reports of one town are all alike, and one wire text may be
the only one of its kind. What carries over is the *standing* of a similarity: where it lies between what is usual for an article
(0) and the best it has seen (1), asked from both sides.

Where one kind of evidence cannot be had, it is presumed to say what the other does, so that it counts neither for nor against: texts in
two languages share no words but names and numbers, and a model's similarities of texts in a language it never learnt mean nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusterer.core.language import primary_language

Floats = NDArray[np.float64]

COLUMN = (slice(None), None)  # indexes that make a vector a column or a row of a matrix
ROW = (None, slice(None))

BRIEF = "brief"
TERMS: Mapping[str, str] = MappingProxyType(
    {
        "words": "how many telling words, weighted by rarity, the two share",
        "words_standing_low": "how that compares with each one's other neighbours, for the one it is less close to",
        "words_standing_high": "the same for the one it is closer to",
        "meaning_standing_low": "how near the texts are in meaning, compared with other neighbours, for the less close one",
        "meaning_standing_high": "the same for the closer one",
        "days_apart": "logarithm of one plus the days between their dates",
        "date_unknown": "1 when one of the dates is unknown",
        BRIEF: "1 when one of the two is a headline or little more: then the other terms have weights of their own",
    }
)

# Every article is presumed to have a partner at least this close. Without it the nearest of strangers has the highest standing where
# nobody has a partner yet: at the beginning of a stream, and in streams where most events are reported once.
_PRESUMED_MEANING = 0.65
_PRESUMED_WORDS = 0.2
# What words are expected to say where meaning says (low, high), and the other way round: least squares over 56,000 pairs of neighbours
# in three English sets (R2 .74 to .79).
_WORDS_BY_MEANING = (0.33, 0.07)
_WORDS_LOW_BY_MEANING = (0.66, 0.17)
_WORDS_HIGH_BY_MEANING = (0.59, 0.35)
_MEANING_LOW_BY_WORDS = (0.35, 0.52)
_MEANING_HIGH_BY_WORDS = (0.0, 0.95)
_LEAST_RANGE = 0.02  # an article whose neighbours are all alike has no scale of its own


@dataclass(frozen=True, slots=True)
class Scale:
    """What is usual for some articles: their best similarity so far and their background, in meaning and in words; same shapes.

    language: number of each one's language (see `language_number`), NaN where it is not known. brief: 1 for those that are a
    headline or little more (`evidence.is_brief`), else 0.
    """

    best_meaning: Floats
    usual_meaning: Floats
    best_words: Floats
    usual_words: Floats
    language: Floats
    brief: Floats

    def raised(self, meaning: Floats, words: Floats) -> Scale:
        """The scale with one more similarity seen by each article."""
        return Scale(
            np.maximum(self.best_meaning, meaning),
            self.usual_meaning,
            np.maximum(self.best_words, words),
            self.usual_words,
            self.language,
            self.brief,
        )

    def with_one(self, other: Scale) -> Scale:
        """The scales of these articles and of another, shape (n + 1,)."""
        return Scale(*(np.append(mine, its) for mine, its in zip(self._arrays(), other._arrays(), strict=True)))

    def at(self, index: Any) -> Scale:
        """The scales at a numpy index, for instance a selection or a new axis to broadcast along."""
        return Scale(*(array[index] for array in self._arrays()))

    def _arrays(self) -> tuple[Floats, ...]:
        return self.best_meaning, self.usual_meaning, self.best_words, self.usual_words, self.language, self.brief


def language_number(tag: str | None, learnt: Collection[str]) -> float:
    """A number for the language of a tag, NaN without one; negative for a language that is not among those the model learnt.

    learnt: primary language codes; an empty one makes no difference between languages.
    """
    language = primary_language(tag)
    if language is None:
        return float("nan")
    number = float(int.from_bytes(language.encode()[:6], "big"))
    return -number if learnt and language not in learnt else number


def pair_terms(meaning: Floats, words: Floats, days: Floats, left: Scale, right: Scale) -> Floats:
    """The terms of pairs, in the order of TERMS along a new last axis.

    meaning, words: cosines of lead embeddings and of weighted words. days: days between publication, NaN where a date is unknown.
    left, right: scales of the two sides. All broadcast against each other.
    """
    words_low, words_high = _standings(
        words, (left.best_words, left.usual_words), (right.best_words, right.usual_words), _PRESUMED_WORDS
    )
    meaning_low, meaning_high = _standings(
        meaning, (left.best_meaning, left.usual_meaning), (right.best_meaning, right.usual_meaning), _PRESUMED_MEANING
    )
    if (left.language < 0).any() and (right.language < 0).any():
        not_learnt = (left.language < 0) & (
            right.language < 0
        )  # with one that it learnt they are never near by mistake
        by_words = words_low, words_high
        meaning_low = np.where(not_learnt, np.minimum(meaning_low, _by(_MEANING_LOW_BY_WORDS, by_words)), meaning_low)
        meaning_high = np.where(
            not_learnt, np.minimum(meaning_high, _by(_MEANING_HIGH_BY_WORDS, by_words)), meaning_high
        )
    two_languages = np.abs(np.abs(left.language) - np.abs(right.language)) > 0  # not where one is NaN
    if two_languages.any():
        by_meaning = meaning_low, meaning_high
        words = np.where(two_languages, np.maximum(words, _by(_WORDS_BY_MEANING, by_meaning)), words)
        words_low = np.where(two_languages, np.maximum(words_low, _by(_WORDS_LOW_BY_MEANING, by_meaning)), words_low)
        words_high = np.where(
            two_languages, np.maximum(words_high, _by(_WORDS_HIGH_BY_MEANING, by_meaning)), words_high
        )
    unknown = np.isnan(days)
    terms = np.empty((*np.shape(words_low), len(TERMS)))
    logarithm = np.log1p(np.where(unknown, 0.0, days))
    brief = np.maximum(left.brief, right.brief)
    columns = words, words_low, words_high, meaning_low, meaning_high, logarithm, unknown, brief
    for place, column in enumerate(columns):
        terms[..., place] = column
    return terms


def _by(share: tuple[float, float], standings: tuple[Floats, Floats]) -> Floats:
    """What one kind of evidence is expected to say from the low and the high standing of the other."""
    return share[0] * standings[0] + share[1] * standings[1]


def _standings(
    similarity: Floats, left: tuple[Floats, Floats], right: tuple[Floats, Floats], presumed: float
) -> tuple[Floats, Floats]:
    """The lower and the higher standing of a similarity; left, right: best and usual one of the two sides."""
    seen = _standing(similarity, *left, presumed), _standing(similarity, *right, presumed)
    return np.minimum(*seen), np.maximum(*seen)


def _standing(similarity: Floats, best: Floats, usual: Floats, presumed: float) -> Floats:
    span = np.maximum(np.maximum(best, presumed) - usual, _LEAST_RANGE)
    standing: Floats = np.minimum(np.maximum((similarity - usual) / span, 0.0), 1.0)
    return standing
