"""Which pairs within a part are about two things, told shard by shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.telling import TOLD_APART, Telling, attracted
from clusterer.core.nightly.comparison import ComparedArticles
from clusterer.core.nightly.shards import Helpers, TellTask
from clusterer.core.scoring.pairs import Floats
from clusterer.core.scoring.scorer import Weights

_PAIRS = 4_000  # of a shard: about half a second
_CELLS_AT_ONCE = 4_000_000  # scores of parts whose pairs are being told apart


class _Shard(msgspec.Struct, frozen=True):
    """Pairs of articles. seqs: int64, ascending. left, right: positions in them, int32."""

    seqs: bytes
    left: bytes
    right: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Shard).decode


def articles_of(shard: bytes) -> list[int]:
    """The seqs of the articles that a shard is about."""
    seqs: list[int] = np.frombuffer(_decode(shard).seqs, np.int64).tolist()
    return seqs


def tell_apart(task: TellTask, telling: Telling, shard: bytes) -> bytes:
    """What the logit of each pair loses, float32. telling: has met the articles."""
    seqs, pairs = articles_of(shard), _decode(shard)
    left, right = (np.frombuffer(column, np.int32).tolist() for column in (pairs.left, pairs.right))
    against = [
        telling.compare(seqs[one], seqs[other], at_first=task.at_first) for one, other in zip(left, right, strict=True)
    ]
    return np.array(against, np.float32).tobytes()


@dataclass(slots=True)
class _Part:
    """Articles with the scores of all their pairs, shape (n, n), and the pairs of which words have to be compared."""

    number: int
    seqs: NDArray[np.int64]
    logits: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]

    @classmethod
    def of(cls, number: int, places: NDArray[np.int64], articles: ComparedArticles, weights: Weights) -> _Part:
        """Issues of one column are told apart here: that takes all articles to know."""
        logits = articles.logits(weights, places, places)
        seqs = [articles.seqs[place] for place in places.tolist()]
        left, right = attracted(logits)
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        issues = np.array([articles.telling.two_issues(seqs[one], seqs[other]) for one, other in pairs], bool)
        part = cls(number, np.array(seqs, np.int64), logits, left[~issues], right[~issues])
        part.lower(left[issues], right[issues], TOLD_APART)
        return part

    def lower(self, left: NDArray[np.int64], right: NDArray[np.int64], against: NDArray[np.float32] | float) -> None:
        self.logits[left, right] += against
        self.logits[right, left] += against


class _Batch:
    """Some parts, whose pairs make a shard, or several where a part is large."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self.parts = parts
        self.cells = sum(part.logits.size for part in parts)
        self._against = np.zeros(sum(len(part.left) for part in parts), np.float32)
        self._starts = range(0, len(self._against), _PAIRS)
        self.unanswered = len(self._starts)

    def shards(self) -> Iterator[bytes]:
        seqs = np.concatenate([part.seqs for part in self.parts])
        first = np.cumsum([0] + [len(part.seqs) for part in self.parts[:-1]])
        left, right = (
            np.concatenate([start + pairs for start, pairs in zip(first, column, strict=True)])
            for column in ([part.left for part in self.parts], [part.right for part in self.parts])
        )
        for start in self._starts:
            pairs = np.stack([left[start : start + _PAIRS], right[start : start + _PAIRS]])
            used, places = np.unique(pairs, return_inverse=True)
            one, other = places.reshape(pairs.shape).astype(np.int32)
            yield _encode(_Shard(seqs[used].tobytes(), one.tobytes(), other.tobytes()))

    def note(self, place: int, answer: bytes) -> None:
        """place: of the shard among those of this batch."""
        start = self._starts[place]
        self._against[start : start + _PAIRS] = np.frombuffer(answer, np.float32)
        self.unanswered -= 1

    def lowered(self) -> Iterator[tuple[int, Floats]]:
        """When all shards are answered."""
        start = 0
        for part in self.parts:
            part.lower(part.left, part.right, self._against[start : start + len(part.left)])
            start += len(part.left)
            yield part.number, part.logits


def told_apart(
    parts: Sequence[NDArray[np.int64]], articles: ComparedArticles, weights: Weights, helpers: Helpers
) -> Iterator[tuple[int, Floats]]:
    """The scores of all pairs of each part of two articles or more, those about two things lowered; numbers of parts in any order.

    parts: positions, ascending.
    """
    work = _Work(articles, helpers)
    scored = (_Part.of(number, part, articles, weights) for number, part in enumerate(parts) if len(part) > 1)
    for batch in _batches(scored):
        work.add(batch)
        while work.cells > _CELLS_AT_ONCE:
            yield from work.next()
    while work.cells:
        yield from work.next()


class _Work:
    """Batches of which shards are being answered. cells: scores that are kept meanwhile."""

    def __init__(self, articles: ComparedArticles, helpers: Helpers) -> None:
        task = TellTask(articles.telling.at_first)
        self._offer = helpers.offer(task)
        self._do = partial(tell_apart, task, articles.telling)
        self._shards: list[tuple[_Batch, int]] = []
        self._told: list[_Batch] = []
        self.cells = 0

    def add(self, batch: _Batch) -> None:
        shards = list(batch.shards())
        self._shards += [(batch, place) for place in range(len(shards))]
        self._offer.add(shards)
        self.cells += batch.cells
        if not shards:
            self._told.append(batch)

    def next(self) -> Iterator[tuple[int, Floats]]:
        """The parts of one batch, once it is told apart."""
        while not self._told:
            answered = self._offer.answer(self._do)
            assert answered is not None
            number, answer = answered
            batch, place = self._shards[number]
            batch.note(place, answer)
            if not batch.unanswered:
                self._told.append(batch)
        batch = self._told.pop()
        self.cells -= batch.cells
        yield from batch.lowered()


def _batches(parts: Iterable[_Part]) -> Iterator[_Batch]:
    """Parts in order, so many that their pairs make a shard."""
    batch: list[_Part] = []
    pairs = cells = 0
    for part in parts:
        batch.append(part)
        pairs, cells = pairs + len(part.left), cells + part.logits.size
        if pairs >= _PAIRS or cells >= _CELLS_AT_ONCE // 4:
            yield _Batch(batch)
            batch, pairs, cells = [], 0, 0
    if batch:
        yield _Batch(batch)
