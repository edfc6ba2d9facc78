"""What each article in the window has been compared with: its vector, its date, and the similarities of its nearest neighbours.

From the similarities follow the two numbers that make evidence relative, see `scales`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from clusterer.core.model import Vector
from clusterer.core.scoring.pairs import Floats, Scale
from clusterer.core.scoring.scales import MEANING, WORDS, best_and_usual

NEIGHBOURS = 50  # similarities kept for each article
_NOBODY = -1
_SWEPT_FOR_EACH = 16  # rows for each article that is forgotten; about an eighth of all rows then wait
_MOST_GROWN = 16_384  # rows
ONE = 32_767  # similarities are kept as whole numbers of two bytes, this one for 1
_NONE = -ONE - 1  # less than any
_SECONDS_A_DAY = 86_400.0
_SIGN_AND_HALF = np.int32(0x8FFFE000 - 2**32)  # the sign bit, and the fifteen others of a half
_EXPONENT = np.float32(2.0**112)

Fixed = NDArray[np.int16]


@dataclass(frozen=True)
class Near:
    """Known articles nearest to one in meaning, nearest first: seqs, and cosines of lead embeddings and of weighted words.

    language: number of the article's own language, see `pairs.language_number`. background: see `scales.background`; infinite where
    it does not count. series: of the article itself, see `columns.series_numbers`; None where that was not asked. brief: see
    `evidence.is_brief`.
    """

    seqs: NDArray[np.int64]
    meaning: Floats
    words: Floats
    language: float
    background: float = float("inf")
    series: tuple[int, ...] | None = None
    brief: bool = False

    @cached_property
    def scale(self) -> Scale:
        """What is usual for the article itself; shapes (1,)."""
        best_meaning, usual_meaning = best_and_usual(self.meaning[None, :], MEANING)
        best_words, usual_words = best_and_usual(self.words[None, :], WORDS)
        usual_meaning = np.minimum(usual_meaning, self.background)
        own = np.array([self.language]), np.array([float(self.brief)])
        return Scale(best_meaning, usual_meaning, best_words, usual_words, *own)


class Neighbourhood:
    """A table with a row for each article; neighbours are known by their rows.

    Forgetting an article takes it out of the rows of others when those are next asked for. Its own row is used again once a sweep,
    some rows at each removal, has passed over all others. So no step takes time for every article.
    """

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._gone: list[int] = []  # rows of forgotten articles, since this sweep began
        self._swept: list[int] = []  # rows that this sweep takes out of the others
        self._sweep = 0  # the next row to be swept
        self._used = 0
        self._seqs = np.zeros(0, np.int64)
        self._leads = np.zeros((0, 0), np.float16)
        self._days = np.zeros(0)
        self._near = np.zeros((0, NEIGHBOURS), np.int32)
        self._meaning = np.zeros((0, NEIGHBOURS), np.int16)
        self._words = np.zeros((0, NEIGHBOURS), np.int16)
        self._scale = np.zeros((0, 7))  # the columns of Scale, then the background
        self._stale = np.zeros(0, np.bool_)  # rows that are new or changed since their scale was taken
        self._passed = np.zeros(0, np.bool_)  # of use only within a call
        self._dead = np.zeros(1, np.bool_)  # one more than there are rows: row -1 is nobody

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, seq: int) -> bool:
        return seq in self._slots

    def leads(self, seqs: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Lead embeddings, shape (n, dimension)."""
        return _single(self._leads[self._at(seqs)])

    def days(self, seqs: Sequence[int] | NDArray[np.int64]) -> Floats:
        """Days since the epoch of publication, NaN where unknown, shape (n,)."""
        return self._days[self._at(seqs)]

    def scale(self, seqs: Sequence[int] | NDArray[np.int64]) -> Scale:
        """What is usual for known articles; shapes (n,)."""
        slots = self._at(seqs)
        self._without_dead(slots)
        self._refresh(slots[self._stale[slots]])
        return Scale(*self._scale[slots, :6].T)

    def near(self, seq: int) -> Near:
        """The kept neighbours of a known article, nearest first."""
        slot = self._slots[seq]
        self._without_dead(np.array([slot]))
        places = np.flatnonzero(self._near[slot] >= 0)
        seqs, meaning = self._seqs[self._near[slot, places]], _floats(self._meaning[slot, places])
        order = np.lexsort((seqs, -meaning))
        return Near(
            seqs[order],
            meaning[order],
            _floats(self._words[slot, places[order]]),
            float(self._scale[slot, 4]),
            float(self._scale[slot, 6]),
            brief=bool(self._scale[slot, 5]),
        )

    def around(
        self, seqs: NDArray[np.int64], without: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The kept neighbours of some articles but some others, each once, and their lead embeddings; in any order.

        By rows, of which there are a thousand or two: looking them up by their seqs took a tenth of an arrival among a million.
        """
        slots, passed = self._at(seqs), self._at(without)
        self._without_dead(slots)
        near = np.sort(self._near[slots], axis=None)
        near = near[np.diff(near, prepend=np.int32(_NOBODY)) > 0]
        self._passed[passed] = True
        near = near[~self._passed[near]]
        self._passed[passed] = False
        return self._seqs[near], _single(self._leads[near])

    def spread(self, count: int) -> NDArray[np.float32]:
        """Lead embeddings of at most so many articles, taken at even distances, shape (n, dimension)."""
        rows = np.unique(np.linspace(0, self._used - 1, min(count, self._used)).astype(np.int64))
        alive = [
            row
            for row, seq in zip(rows.tolist(), self._seqs[rows].tolist(), strict=True)
            if self._slots.get(seq) == row
        ]
        return _single(self._leads[alive])

    @staticmethod
    def day(published_at: datetime | None) -> float:
        """Days since the epoch, NaN for no date."""
        return published_at.timestamp() / _SECONDS_A_DAY if published_at else float("nan")

    def add(self, seq: int, lead: Vector, published_at: datetime | None, near: Near) -> None:
        """Enter an article with its neighbours, and enter it with them where it is nearer than the least they keep."""
        self.add_all([(seq, lead, published_at, near)])

    def add_all(self, articles: Sequence[tuple[int, Vector, datetime | None, Near]]) -> None:
        """`add` for each (seq, lead, time of publication, neighbours) in order; neighbours that are not known do not count."""
        slots = self._entered(articles)
        if len(articles) == 1:  # no arrays to be joined
            others, counts = self._found(articles[0][3].seqs), [len(articles[0][3].seqs)]
            meaning, words = as_fixed(articles[0][3].meaning), as_fixed(articles[0][3].words)
        else:
            others = self._found(np.concatenate([near.seqs for *_, near in articles]))
            counts = [len(near.seqs) for *_, near in articles]
            meaning = as_fixed(np.concatenate([near.meaning for *_, near in articles]))
            words = as_fixed(np.concatenate([near.words for *_, near in articles]))
        owners = np.repeat(slots, counts)
        known = np.flatnonzero(others >= 0)
        owners, others, meaning, words = owners[known], others[known], meaning[known], words[known]
        self._without_dead(others)
        self._keep_own(owners, others, meaning, words)
        self._keep_with_others(owners, others, meaning, words)
        self._stale[slots] = True

    def _entered(self, articles: Sequence[tuple[int, Vector, datetime | None, Near]]) -> NDArray[np.int64]:
        """Rows for new articles, without neighbours."""
        seqs, leads, times, near = zip(*articles, strict=True)
        slots = np.array([self._new_slot(len(lead)) for lead in leads], np.int64)
        self._slots.update(zip(seqs, slots.tolist(), strict=True))
        self._seqs[slots], self._days[slots] = seqs, [self.day(at) for at in times]
        self._leads[slots] = leads
        self._scale[slots, 4:] = [(one.language, one.brief, one.background) for one in near]
        self._near[slots], self._meaning[slots], self._words[slots] = _NOBODY, _NONE, _NONE
        return slots

    def _keep_own(self, owners: NDArray[np.int64], others: NDArray[np.int64], meaning: Fixed, words: Fixed) -> None:
        """Fill the empty rows of new articles, the first neighbours of each. owners: rows, those of one article together."""
        column = _places_within(owners)
        kept = column < NEIGHBOURS
        rows, column = owners[kept], column[kept]
        self._near[rows, column] = others[kept]
        self._meaning[rows, column], self._words[rows, column] = meaning[kept], words[kept]

    def _keep_with_others(
        self, owners: NDArray[np.int64], others: NDArray[np.int64], meaning: Fixed, words: Fixed
    ) -> None:
        """Enter new articles with their neighbours, in order for each of these."""
        closer = np.flatnonzero(meaning > self._meaning[others].min(axis=1))
        for turn in _turns(others, closer) if len(owners) and owners[0] != owners[-1] else (closer,):
            rows = others[turn]
            least = self._meaning[rows].argmin(axis=1)
            still = meaning[turn] > self._meaning[rows, least]
            turn, rows, least = turn[still], rows[still], least[still]
            self._near[rows, least] = owners[turn]
            self._meaning[rows, least], self._words[rows, least] = meaning[turn], words[turn]
            self._stale[rows] = True

    def remove(self, seqs: Sequence[int]) -> None:
        """Forget articles, also as neighbours of others. Raises KeyError for an unknown one."""
        gone = [self._slots.pop(seq) for seq in seqs]
        self._dead[gone] = True
        self._near[gone] = _NOBODY
        self._gone += gone
        end = min(self._used, self._sweep + _SWEPT_FOR_EACH * len(gone))
        self._without_dead(np.arange(self._sweep, end))
        self._sweep = end
        if end == self._used:
            self._dead[self._swept] = False
            self._free += self._swept
            self._swept, self._gone, self._sweep = self._gone, [], 0

    def _at(self, seqs: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        slots = self._slots
        return np.array([slots[seq] for seq in (seqs.tolist() if isinstance(seqs, np.ndarray) else seqs)], np.int64)

    def _found(self, seqs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of some articles, -1 for those that are not known."""
        return np.fromiter(map(self._slots.get, seqs.tolist(), repeat(_NOBODY)), np.int64, len(seqs))

    def _without_dead(self, slots: NDArray[np.int64]) -> None:
        """Take forgotten articles out of some rows."""
        if not self._gone and not self._swept:
            return
        hits = self._dead[self._near[slots]]
        places, columns = np.nonzero(hits)
        if len(places):
            rows = slots[places]
            self._near[rows, columns], self._meaning[rows, columns], self._words[rows, columns] = _NOBODY, _NONE, _NONE
            self._stale[rows] = True

    def _refresh(self, slots: NDArray[np.int64]) -> None:
        """Take the scales of changed rows anew, when they are asked for: while a window is built most rows change many times."""
        if len(slots):
            self._stale[slots] = False
            self._scale[slots, 0], self._scale[slots, 1] = best_and_usual(_floats(self._meaning[slots]), MEANING)
            self._scale[slots, 1] = np.minimum(self._scale[slots, 1], self._scale[slots, 6])
            self._scale[slots, 2], self._scale[slots, 3] = best_and_usual(_floats(self._words[slots]), WORDS)

    def _new_slot(self, dimension: int) -> int:
        if self._free:
            return self._free.pop()
        if self._used == len(self._days):
            self._grow(dimension)
        self._used += 1
        return self._used - 1

    def _grow(self, dimension: int) -> None:
        """Room for more rows, a bounded number: doubling would take seconds and twice the memory where there are a million.

        The arrays are views of nobody, so they may be resized in place, which large ones are without being copied.
        """
        if not self._used:
            self._leads = np.zeros((0, dimension), np.float16)
        rows = self._used + max(256, min(self._used, _MOST_GROWN))
        by_article = self._seqs, self._days, self._scale, self._stale, self._passed
        for array in (*by_article, self._leads, self._near, self._meaning, self._words):
            array.resize((rows, *array.shape[1:]), refcheck=False)
        self._dead.resize((rows + 1,), refcheck=False)


def as_fixed(similarities: Floats) -> Fixed:
    """Similarities as they are kept, in steps of 1 / ONE."""
    return np.rint(np.clip(similarities, -1.0, 1.0) * ONE).astype(np.int16)


def _floats(fixed: Fixed) -> Floats:
    """Similarities, -inf where there is none."""
    return np.where(fixed == _NONE, -np.inf, fixed / float(ONE))


def _places_within(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each element its place within its group, from 0; the elements of a group stand together."""
    starts = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1))
    return np.arange(len(groups)) - np.repeat(starts, np.diff(starts, append=len(groups)))


def _turns(groups: NDArray[np.int64], places: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The places in parts, one after the other within each group, so that no part has two of one group."""
    places = places[np.argsort(groups[places], kind="stable")]
    turns = _places_within(groups[places])
    return np.split(places[np.argsort(turns, kind="stable")], np.flatnonzero(np.diff(np.sort(turns))) + 1)


def _single(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same finite values in single precision. By the bits, which takes a quarter of the time of `astype`: the exponent of a half is
    less by 112 than that of a single with the same bits."""
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _SIGN_AND_HALF
    singles = bits.view(np.float32)
    singles *= _EXPONENT
    return singles
