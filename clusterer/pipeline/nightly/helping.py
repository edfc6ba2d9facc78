"""A night's shards, given to articles workers that have nothing else to do, and taken by them.

Nobody waits for a helper: the night takes shards from one end and helpers from the other, and what was taken and is not answered in the
end the night does itself. So a helper may die, be slow or never come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

import numpy as np

from clusterer.core.clustering.telling import Telling
from clusterer.core.evidence.kept_evidence import KeptEvidence
from clusterer.core.nightly.apart import articles_of, tell_apart
from clusterer.core.nightly.search import Search, SnapshotIndex
from clusterer.core.nightly.shards import Answering, Offer, SearchTask, Task, TellTask, decode_task, encode
from clusterer.pipeline.failpoints import reached
from clusterer.ports import CollectionStore

_LEASE_S = 600.0  # without a sign of the night; then its shards are gone
_KEPT_ARTICLES = 20_000


class NightHelpers:
    """Offers the shards of one night. maker: its release, model and arithmetic. call: hints that there are some."""

    def __init__(self, books: CollectionStore, maker: str, call: Callable[[], object]) -> None:
        self._books = books
        self._maker = maker
        self._call = call

    def offer(self, task: Task) -> Offer:
        """See Helpers.offer."""
        return _Offered(self._books, self._maker, encode(task), self._call)


class _Offered:
    """See Offer."""

    def __init__(self, books: CollectionStore, maker: str, task: bytes, call: Callable[[], object]) -> None:
        self._books = books
        self._maker = maker
        self._task = task
        self._call = call
        self._name = str(uuid4())
        self._added = 0
        self._left: dict[int, bytes] = {}
        self._answers: list[tuple[int, bytes]] = []

    def add(self, shards: Sequence[bytes]) -> None:
        if shards:
            dry = self._books.offer_shards(self._name, self._maker, self._task, self._added, shards, _LEASE_S)
            self._left.update(enumerate(shards, self._added))
            self._added += len(shards)
            if dry:
                self._call()
            reached("shards_offered")

    def answer(self, do: Answering) -> tuple[int, bytes] | None:
        while self._left:
            if self._answers:
                number, answer = self._answers.pop()
                if self._take(number) is not None:
                    return number, answer
                continue
            untaken, answers = self._books.take_back(self._name, _LEASE_S)
            self._answers += answers.items()
            if untaken is None and not answers:
                untaken = min(self._left)  # the one that a helper has had for longest
            if untaken is not None and (shard := self._take(untaken)) is not None:
                return untaken, do(shard)
        return None

    def _take(self, number: int) -> bytes | None:
        """None for a shard that has been answered."""
        shard = self._left.pop(number, None)
        if not self._left:
            self._books.withdraw_shards(self._name)
        return shard


class _ArticleGone(Exception):
    """One of those that a night is about was erased meanwhile: only the night has what it was."""


class Helper:
    """Answers shards of the night of a collection. maker: as in NightHelpers; shards of other ones are left alone."""

    def __init__(self, books: CollectionStore, make_index: Callable[[int], SnapshotIndex], maker: str) -> None:
        self._books = books
        self._make_index = make_index
        self._maker = maker

    def shards(self) -> Iterator[int]:
        """The number of each shard, when it has been answered, as long as there are any."""
        offer, do = None, None
        while taken := self._books.take_shard(self._maker, offer):
            reached("shard_taken")
            try:
                if taken.task is not None:
                    offer, do = taken.offer, self._answering(decode_task(taken.task))
                assert do is not None
                answer = do(taken.content)
            except _ArticleGone:
                return
            self._books.answer_shard(taken.offer, taken.number, answer)
            yield taken.number

    def _answering(self, task: Task) -> Answering:
        if isinstance(task, TellTask):
            return _Teller(self._books, task)
        return self._search(task)

    def _search(self, task: SearchTask) -> Answering:
        vectors = [vector or b"" for vector in self._books.vectors(np.frombuffer(task.seqs, np.int64).tolist())]
        if not all(vectors):
            raise _ArticleGone
        leads = np.frombuffer(b"".join(vectors), np.float16).reshape(len(vectors), -1)
        return Search(leads, self._make_index(leads.shape[1]), task.neighbours)


class _Teller:
    """Answers shards of a TellTask, by articles that are read as they come."""

    def __init__(self, books: CollectionStore, task: TellTask) -> None:
        self._books = books
        self._task = task
        self._forget()

    def _forget(self) -> None:
        kept = self._kept = KeptEvidence()
        self._telling = Telling(lambda seq: kept[seq].sparse, kept.lead)

    def __call__(self, shard: bytes) -> bytes:
        if len(self._kept) > _KEPT_ARTICLES:
            self._forget()
        for evidence in self._books.evidence([seq for seq in articles_of(shard) if seq not in self._kept]):
            if evidence is None or not evidence.comparable:
                raise _ArticleGone
            self._kept[evidence.seq] = evidence
            self._telling.meet(evidence, ())
        return tell_apart(self._task, self._telling, shard)
