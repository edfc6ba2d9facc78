"""What each article in the window has been compared with: its vector, its date, and the similarities of its nearest neighbours.

From the similarities follow the two numbers that make evidence relative (see core.pairs): the best one, and what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.pairs import Floats, Scale
from clusterer.core.model import Vector

NEIGHBOURS = 50  # similarities kept for each article
_USUAL_FROM = 30  # neighbours beyond this rank show what is usual; nearer ones may be of the same event
_ENOUGH = 10  # neighbours, so few that all may be of one event


@dataclass(frozen=True, slots=True)
class Presumed:
    """Cosines of an article with a report of the same event, and with one that has nothing to do with it, while little is known."""

    best: float
    usual: float


MEANING = Presumed(best=0.9, usual=0.2)
WORDS = Presumed(best=0.7, usual=0.01)

_SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Near:
    """Known articles nearest to one in meaning, nearest first: seqs, and cosines of lead embeddings and of weighted words.

    language: number of the article's own language, see `pairs.language_number`.
    """

    seqs: NDArray[np.int64]
    meaning: Floats
    words: Floats
    language: float

    def scale(self) -> Scale:
        """What is usual for the article itself; shapes (1,)."""
        best_meaning, usual_meaning = best_and_usual(self.meaning[None, :], MEANING)
        best_words, usual_words = best_and_usual(self.words[None, :], WORDS)
        return Scale(best_meaning, usual_meaning, best_words, usual_words, np.array([self.language]))


class Neighbourhood:
    """Grows by doubling; freed rows are used again."""

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._leads = np.zeros((0, 0), np.float16)
        self._days = np.zeros(0)
        self._ids = np.zeros((0, NEIGHBOURS), np.int64)
        self._meaning = np.zeros((0, NEIGHBOURS), np.float32)
        self._words = np.zeros((0, NEIGHBOURS), np.float32)
        self._scale = np.zeros((0, 5))

    def __len__(self) -> int:
        return len(self._slots)

    def leads(self, seqs: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Lead embeddings, shape (n, dimension)."""
        return self._leads[self._at(seqs)].astype(np.float32)

    def days(self, seqs: Sequence[int] | NDArray[np.int64]) -> Floats:
        """Days since the epoch of publication, NaN where unknown, shape (n,)."""
        return self._days[self._at(seqs)]

    def scale(self, seqs: Sequence[int] | NDArray[np.int64]) -> Scale:
        """What is usual for known articles; shapes (n,)."""
        rows = self._scale[self._at(seqs)]
        return Scale(*rows.T)

    def near(self, seq: int) -> Near:
        """The kept neighbours of a known article, nearest first."""
        slot = self._slots[seq]
        places = np.flatnonzero(self._ids[slot] >= 0)
        places = places[np.lexsort((self._ids[slot, places], -self._meaning[slot, places]))]
        meaning, words = self._meaning[slot, places], self._words[slot, places]
        return Near(
            self._ids[slot, places],
            meaning.astype(np.float64),
            words.astype(np.float64),
            float(self._scale[slot, 4]),
        )

    @staticmethod
    def day(published_at: datetime | None) -> float:
        """Days since the epoch, NaN for no date."""
        return published_at.timestamp() / _SECONDS_A_DAY if published_at else float("nan")

    def add(self, seq: int, lead: Vector, published_at: datetime | None, near: Near) -> None:
        """Enter an article with its neighbours, and enter it with them where it is nearer than the least they keep."""
        slot = self._new_slot(len(lead))
        self._slots[seq] = slot
        self._leads[slot], self._days[slot] = lead, self.day(published_at)
        self._scale[slot, 4] = near.language
        self._ids[slot], self._meaning[slot], self._words[slot] = -1, -np.inf, -np.inf
        count = min(len(near.seqs), NEIGHBOURS)
        self._ids[slot, :count] = near.seqs[:count]
        self._meaning[slot, :count] = near.meaning[:count]
        self._words[slot, :count] = near.words[:count]
        self._refresh(np.array([slot]))
        others = self._at(near.seqs)
        least = self._meaning[others].argmin(axis=1)
        closer = near.meaning > self._meaning[others, least]
        rows, columns = others[closer], least[closer]
        self._ids[rows, columns] = seq
        self._meaning[rows, columns] = near.meaning[closer]
        self._words[rows, columns] = near.words[closer]
        self._refresh(rows)

    def remove(self, seqs: Sequence[int]) -> None:
        """Forget articles, also as neighbours of others."""
        for seq in seqs:
            slot = self._slots.pop(seq)
            self._ids[slot] = -1
            self._free.append(slot)
        hits = np.isin(self._ids, np.asarray(seqs, np.int64))
        self._ids[hits], self._meaning[hits], self._words[hits] = -1, -np.inf, -np.inf
        self._refresh(np.flatnonzero(hits.any(axis=1)))

    def _at(self, seqs: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        return np.array([self._slots[int(seq)] for seq in seqs], np.int64)

    def _refresh(self, slots: NDArray[np.int64]) -> None:
        if len(slots):
            self._scale[slots, 0], self._scale[slots, 1] = best_and_usual(
                self._meaning[slots].astype(np.float64), MEANING
            )
            self._scale[slots, 2], self._scale[slots, 3] = best_and_usual(self._words[slots].astype(np.float64), WORDS)

    def _new_slot(self, dimension: int) -> int:
        if self._free:
            return self._free.pop()
        used = len(self._slots)
        if used == len(self._days):
            capacity = max(256, 2 * used)
            self._leads = _grown(self._leads.reshape(used, dimension), capacity)
            self._days, self._scale = _grown(self._days, capacity), _grown(self._scale, capacity)
            self._ids, self._meaning = _grown(self._ids, capacity), _grown(self._meaning, capacity)
            self._words = _grown(self._words, capacity)
        return used


def _grown(array: NDArray[np.generic], capacity: int) -> NDArray:  # type: ignore[type-arg]
    grown = np.zeros((capacity, *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown


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
    far = present[:, _USUAL_FROM:].sum(axis=1)
    mean = ordered[:, _USUAL_FROM:].sum(axis=1) / np.maximum(far, 1)
    least = ordered[np.arange(len(ordered)), np.maximum(count - 1, 0)]
    seen = np.minimum(count / _ENOUGH, 1.0)
    few = seen * least + (1.0 - seen) * np.minimum(least, presumed.usual)
    best = np.where(count > 0, np.maximum(ordered[:, 0], (1.0 - seen) * presumed.best), 0.0)
    return best, np.where(far > 0, mean, few)
