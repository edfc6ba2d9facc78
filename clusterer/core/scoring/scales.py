"""What makes the similarities of an article relative (see `pairs`): the best one, what is usual, and what the background has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterer.core.scoring.pairs import Floats

_USUAL_FROM = 30  # neighbours beyond this rank show what is usual; nearer ones may be of the same event
_ENOUGH = 10  # neighbours, so few that all may be of one event
SPREAD = 256  # articles that the background is taken from
_FEWEST_SPREAD = 30
_ONE_DEVIATION = 0.16  # quantile one standard deviation below the middle of a normal distribution


@dataclass(frozen=True, slots=True)
class Presumed:
    """Cosines of an article with a report of the same event, and with one that has nothing to do with it, while little is known."""

    best: float
    usual: float


MEANING = Presumed(best=0.9, usual=0.2)
WORDS = Presumed(best=0.7, usual=0.01)


def background(similarities: Floats | NDArray[np.float32]) -> Floats:
    """How near in meaning articles are that have nothing to do with each other, at most, shape (n,).

    Neighbours of the thirtieth rank show what is usual as long as events are smaller. Of hundreds of headlines of one event they are all
    of that event, so articles taken anywhere tell instead: their middle, and three times the spread below it, which no event distorts.
    Infinite for few. similarities: cosines of articles with a spread of others, shape (n, k).
    """
    if similarities.shape[1] < _FEWEST_SPREAD:
        return np.full(len(similarities), np.inf)
    low, middle = np.quantile(similarities, (_ONE_DEVIATION, 0.5), axis=1)
    ceiling: Floats = middle + 3.0 * (middle - low)
    return ceiling


def best_and_usual(similarities: Floats, presumed: Presumed) -> tuple[Floats, Floats]:
    """The best value of each row and the mean beyond the first ones, shapes (n,).

    Where there are fewer neighbours the least stands for what is usual. Of very few all may be reports of one event, or none: then
    what is presumed counts instead, the more the fewer they are. similarities: shape (n, k), -inf where there is none.
    """
    if similarities.shape[1] == 0:
        return np.zeros(len(similarities)), np.zeros(len(similarities))
    ordered = -np.sort(-similarities, axis=1)
    present = np.isfinite(ordered)
    ordered = np.where(present, ordered, 0.0)
    count = present.sum(axis=1)
    far = np.maximum(count - _USUAL_FROM, 0)
    mean = ordered[:, _USUAL_FROM:].sum(axis=1) / np.maximum(far, 1)
    least = ordered[np.arange(len(ordered)), np.maximum(count - 1, 0)]
    seen = np.minimum(count / _ENOUGH, 1.0)
    few = seen * least + (1.0 - seen) * np.minimum(least, presumed.usual)
    best = np.where(count > 0, np.maximum(ordered[:, 0], (1.0 - seen) * presumed.best), 0.0)
    return best, np.where(far > 0, mean, few)
