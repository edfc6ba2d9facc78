"""The terms by which two articles are compared, for whole matrices of pairs at once.

Absolute similarities do not carry over from one stream to the next: crime reports of one town are all alike, and one wire text may be
the only one of its kind. What carries over is the *standing* of a similarity: where it lies between what is usual for an article
(0) and the best it has seen (1), asked from both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COLUMN = (slice(None), None)  # indexes that make a vector a column or a row of a matrix
ROW = (None, slice(None))

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "words": "how many telling words, weighted by rarity, the two share",
        "words_standing_low": "how that compares with each one's other neighbours, for the one it is less close to",
        "words_standing_high": "the same for the one it is closer to",
        "meaning_standing_low": "how near the texts are in meaning, compared with other neighbours, for the less close one",
        "meaning_standing_high": "the same for the closer one",
        "days_apart": "logarithm of one plus the days between their dates",
        "date_unknown": "1 when one of the dates is unknown",
    }
)

# Every article is presumed to have a partner at least this close. Without it the nearest of strangers has the highest standing where
# nobody has a partner yet: at the beginning of a stream, and in streams where most events are reported once.
_PRESUMED_MEANING = 0.65
_PRESUMED_WORDS = 0.2
_LEAST_RANGE = 0.02  # an article whose neighbours are all alike has no scale of its own


@dataclass(frozen=True, slots=True)
class Scale:
    """What is usual for some articles: their best similarity so far and their background, in meaning and in words; same shapes."""

    best_meaning: Floats
    usual_meaning: Floats
    best_words: Floats
    usual_words: Floats

    def raised(self, meaning: Floats, words: Floats) -> Scale:
        """The scale with one more similarity seen by each article."""
        return Scale(
            np.maximum(self.best_meaning, meaning),
            self.usual_meaning,
            np.maximum(self.best_words, words),
            self.usual_words,
        )

    def with_one(self, other: Scale) -> Scale:
        """The scales of these articles and of another, shape (n + 1,)."""
        return Scale(*(np.append(mine, its) for mine, its in zip(self._arrays(), other._arrays(), strict=True)))

    def at(self, index: Any) -> Scale:
        """The scales at a numpy index, for instance a selection or a new axis to broadcast along."""
        return Scale(*(array[index] for array in self._arrays()))

    def _arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        return self.best_meaning, self.usual_meaning, self.best_words, self.usual_words


def pair_terms(meaning: Floats, words: Floats, days: Floats, left: Scale, right: Scale) -> Floats:
    """The terms of pairs, in the order of TERMS along a new last axis.

    meaning, words: cosines of lead embeddings and of weighted words. days: days between publication, NaN where a date is unknown.
    left, right: scales of the two sides. All broadcast against each other.
    """
    left_words = _standing(words, left.best_words, left.usual_words, _PRESUMED_WORDS)
    right_words = _standing(words, right.best_words, right.usual_words, _PRESUMED_WORDS)
    left_meaning = _standing(meaning, left.best_meaning, left.usual_meaning, _PRESUMED_MEANING)
    right_meaning = _standing(meaning, right.best_meaning, right.usual_meaning, _PRESUMED_MEANING)
    unknown = np.isnan(days)
    return np.stack(
        [
            words,
            np.minimum(left_words, right_words),
            np.maximum(left_words, right_words),
            np.minimum(left_meaning, right_meaning),
            np.maximum(left_meaning, right_meaning),
            np.log1p(np.where(unknown, 0.0, days)),
            unknown.astype(np.float64),
        ],
        axis=-1,
    )


def _standing(similarity: Floats, best: Floats, usual: Floats, presumed: float) -> Floats:
    span = np.maximum(np.maximum(best, presumed) - usual, _LEAST_RANGE)
    return np.clip((similarity - usual) / span, 0.0, 1.0)
