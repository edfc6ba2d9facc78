"""Which event clusters tell one saga: a storyline. What is kept apart as another event, or another day, is not lost by it.

Clusters of one storyline are near in meaning and share telling words, names among them, and no pause between them is long. Both kinds of
evidence are asked for: reports of one kind of event are all near in meaning, and it is the words that say whether they are about the
same people and places. The longer the pause, the nearer they must be; where a date is unknown, as near as after weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from clusterer.core.evidence.evidence import Evidence, Sparse
from clusterer.core.evidence.termbook import TermBook, saga_weights
from clusterer.core.evidence.word_products import row_products
from clusterer.core.model import Vector

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]

_MAX_TERMS = 160  # as many as an article has
_SECONDS_A_DAY = 86_400.0
_SEARCHED_AT_ONCE = 1024
_COMPARED_AT_ONCE = 4096  # pairs: their words take most of the memory


class ChapterIndex(Protocol):
    """Filled in one call, then searched, as ports.VectorIndex says."""

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None: ...

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]: ...


@dataclass(frozen=True, slots=True)
class StorylinePolicy:
    """How near clusters of one storyline are in the mean.

    min_meaning: cosine of their mean embeddings. min_words: cosine of their weighted words. min_nearness: of both together, less the
    price of the pause between the last article of the one and the first of the other. words_weight: what words count where meaning
    counts 1. pause_price: for each e-fold of one day more than the pause. undated_price: where the pause is not known. max_pause_days:
    with longer pauses no storyline goes on. neighbours: clusters that each is compared with.
    """

    min_meaning: float = 0.5
    min_words: float = 0.05
    min_nearness: float = 0.72
    words_weight: float = 1.5
    pause_price: float = 0.08
    undated_price: float = 0.3
    max_pause_days: float = 60.0
    neighbours: int = 30

    def nearness(self, meaning: Floats, words: Floats, pause_days: Floats) -> Floats:
        """Of pairs, by which the nearest go first; a pause that is not known is NaN."""
        price = np.where(np.isnan(pause_days), self.undated_price, self.pause_price * np.log1p(pause_days))
        near: Floats = meaning + self.words_weight * words - price
        return near

    def admits(self, meaning: Floats, words: Floats, pause_days: Floats) -> NDArray[np.bool_]:
        """Which pairs may stand in one storyline."""
        near: NDArray[np.bool_] = (meaning >= self.min_meaning) & (words >= self.min_words)
        near &= self.nearness(meaning, words, pause_days) >= self.min_nearness
        return near & ~(pause_days > self.max_pause_days)


@dataclass(frozen=True, slots=True)
class Chapter:
    """An event cluster as storylines see it. lead: unit mean of its articles' embeddings, shape (dimension,).

    first_at, last_at: when its articles were published; None where nobody says it.
    """

    cluster: str
    lead: Vector
    words: Sparse
    first_at: datetime | None
    last_at: datetime | None


def chapter(cluster: str, articles: Sequence[Evidence]) -> Chapter:
    """A cluster's chapter; at least one article. Pages that hold no article count only where there is nothing else."""
    telling = [article for article in articles if article.movable] or list(articles)
    mean: Floats = np.stack([article.lead for article in telling]).astype(np.float64).mean(axis=0)
    dated = [article.published_at for article in articles if article.published_at]
    return Chapter(
        cluster=cluster,
        lead=(mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32),
        words=_common_words([article.sparse for article in telling]),
        first_at=min(dated, default=None),
        last_at=max(dated, default=None),
    )


def _common_words(parts: Sequence[Sparse]) -> Sparse:
    """The telling words of several articles as those of one: the weightiest, each with its mean count."""
    if len(parts) == 1:
        return parts[0]
    places: dict[str, int] = {}
    at = np.array([places.setdefault(term, len(places)) for part in parts for term in part.terms], np.int64)
    counts, kinds, rarity = (np.concatenate(column) for column in zip(*(part.arrays() for part in parts), strict=True))
    weight = np.bincount(at, rarity * np.sqrt(counts.astype(np.float64)))
    mean_count = np.clip(np.round(np.bincount(at, counts) / len(parts)), 1, 255).astype(np.uint8)
    all_kinds, highest = np.zeros((2, len(places)), np.uint8)
    np.bitwise_or.at(all_kinds, at, kinds)
    np.maximum.at(highest, at, rarity)
    names = sorted(places)
    ordered = np.array([places[name] for name in names], np.int64)
    weightiest = np.sort(np.argsort(-weight[ordered], kind="stable")[:_MAX_TERMS])
    terms, kept = tuple(names[number] for number in weightiest.tolist()), ordered[weightiest]
    return Sparse(terms, mean_count[kept].tobytes(), all_kinds[kept].tobytes(), highest[kept].tobytes())


def storylines(
    chapters: Sequence[Chapter], index: ChapterIndex, policy: StorylinePolicy | None = None
) -> list[list[str]]:
    """The clusters of each storyline, in the order of `chapters`; those that stand alone are left out.

    Pairs of neighbours are taken nearest first, and the storylines they are in by then become one where the mean over all pairs
    across them is near enough too, so that a chain of near neighbours is not taken for a saga. `index` is empty and is filled here.
    The same chapters give the same storylines.
    """
    policy = policy or StorylinePolicy()
    if len(chapters) < 2:
        return []
    growing = _Growing.start(chapters)
    for left, right in _near_pairs(growing, index, policy):
        growing.join(left, right, policy)
    return [[chapters[place].cluster for place in places] for places in growing.groups() if len(places) > 1]


@dataclass(slots=True)
class _Growing:
    """Storylines that are being put together. Each stands at the place of one of its chapters.

    leads: of each chapter, (n, dimension). words: unit rows of weighted words, (n, words). spans: first and last day of each storyline,
    (n, 2), NaN for none. lead_sums, word_sums: over the chapters of a storyline, where there are several.
    """

    leads: NDArray[np.float32]
    words: csr_array
    spans: Floats
    parents: list[int]
    members: dict[int, list[int]]
    lead_sums: dict[int, Floats]
    word_sums: dict[int, csr_array]

    @classmethod
    def start(cls, chapters: Sequence[Chapter]) -> _Growing:
        """Each chapter by itself."""
        book = TermBook()
        for start in range(0, len(chapters), _SEARCHED_AT_ONCE):
            part = chapters[start : start + _SEARCHED_AT_ONCE]
            book.add_all([(start + place, one.words) for place, one in enumerate(part)])
        places = list(range(len(chapters)))
        return cls(
            leads=np.stack([one.lead for one in chapters]),
            words=book.matrix(places, saga_weights),
            spans=np.array([[_day(one.first_at), _day(one.last_at)] for one in chapters]),
            parents=places,
            members={place: [place] for place in places},
            lead_sums={},
            word_sums={},
        )

    def find(self, place: int) -> int:
        """Where the storyline of a chapter stands."""
        while self.parents[place] != place:
            self.parents[place] = self.parents[self.parents[place]]
            place = self.parents[place]
        return place

    def near(
        self, left: NDArray[np.int64], right: NDArray[np.int64], policy: StorylinePolicy
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Of some pairs of chapters those that are near enough, and how near they are."""
        meaning = np.einsum("ij,ij->i", *(self.leads[places].astype(np.float64) for places in (left, right)))
        words = row_products(self.words, left, right)
        pause = pauses(self.spans[left], self.spans[right])
        kept = policy.admits(meaning, words, pause)
        return left[kept], right[kept], policy.nearness(meaning, words, pause)[kept]

    def join(self, left: int, right: int, policy: StorylinePolicy) -> None:
        """Make the storylines of two chapters one, if they are near as wholes."""
        one, other = self.find(left), self.find(right)
        if one == other or not self._are_near(one, other, policy):
            return
        self.parents[other] = one
        self.members[one] = sorted(self.members[one] + self.members.pop(other))
        self.lead_sums[one] = self._leads(one) + self._leads(other)
        self.word_sums[one] = self._words(one) + self._words(other)
        self.spans[one] = (
            np.fmin(self.spans[one, 0], self.spans[other, 0]),
            np.fmax(self.spans[one, 1], self.spans[other, 1]),
        )

    def _are_near(self, one: int, other: int, policy: StorylinePolicy) -> bool:
        pairs = len(self.members[one]) * len(self.members[other])
        meaning = float(self._leads(one) @ self._leads(other)) / pairs
        if meaning < policy.min_meaning:  # the cheaper of the two goes first
            return False
        words = float(self._words(one).multiply(self._words(other)).sum()) / pairs
        pause = pauses(self.spans[one], self.spans[other])
        return bool(policy.admits(np.array(meaning), np.array(words), pause))

    def _leads(self, place: int) -> Floats:
        known = self.lead_sums.get(place)
        return self.leads[place].astype(np.float64) if known is None else known

    def _words(self, place: int) -> csr_array:
        known = self.word_sums.get(place)
        return self.words[[place]] if known is None else known

    def groups(self) -> list[list[int]]:
        """The places of each storyline, ascending, in order of their first."""
        return sorted(self.members.values())


def _near_pairs(growing: _Growing, index: ChapterIndex, policy: StorylinePolicy) -> list[tuple[int, int]]:
    """Pairs of neighbours that are near enough, nearest first."""
    leads = growing.leads
    index.add(np.arange(len(leads), dtype=np.int64), leads)
    found = [
        _pairs(start, index.search(leads[start : start + _SEARCHED_AT_ONCE], policy.neighbours + 1)[1], len(leads))
        for start in range(0, len(leads), _SEARCHED_AT_ONCE)
    ]
    near = [
        growing.near(pairs // len(leads), pairs % len(leads), policy)
        for pairs in _slices(np.unique(np.concatenate(found)), _COMPARED_AT_ONCE)
    ]
    left, right, nearness = (np.concatenate(column) for column in zip(*near, strict=True))
    order = np.argsort(-nearness, kind="stable")
    return list(zip(left[order].tolist(), right[order].tolist(), strict=True))


def _pairs(start: int, found: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Pairs of the places from `start` on with those found for each of them, (n, k), -1 for none; lower * count + higher, unordered."""
    places = np.broadcast_to(np.arange(start, start + len(found))[:, None], found.shape)
    others = (found >= 0) & (found != places)
    left, right = places[others], found[others]
    pairs: NDArray[np.int64] = np.unique(np.minimum(left, right) * count + np.maximum(left, right))
    return pairs


def _slices(values: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    """All of them, at least one slice."""
    return [values[start : start + size] for start in range(0, max(1, len(values)), size)]


def pauses(one: Floats, other: Floats) -> Floats:
    """Days between two spans (first, last) along the last axis; 0 where they touch, NaN where one is not dated."""
    gap: Floats = np.maximum(one[..., 0] - other[..., 1], other[..., 0] - one[..., 1])
    return np.maximum(gap, 0.0)


def nearest(meaning: Floats, words: Floats, pause_days: Floats, policy: StorylinePolicy) -> int | None:
    """Which of some articles, all shapes (n,), an article that founds a cluster follows in a storyline; None for none."""
    fits = policy.admits(meaning, words, pause_days)
    if not fits.any():
        return None
    return int(np.argmax(np.where(fits, policy.nearness(meaning, words, pause_days), -np.inf)))


def _day(moment: datetime | None) -> float:
    return moment.timestamp() / _SECONDS_A_DAY if moment else float("nan")
