"""A night's shards: whoever answers them, in whatever order, the groups are the same, and hardly anything is kept meanwhile."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from support.exact_index import ExactIndex
from support.made_evidence import by_seq, events

from clusterer.core.clustering.telling import Telling
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.nightly import apart
from clusterer.core.nightly.apart import articles_of, tell_apart
from clusterer.core.nightly.recluster import GroupPolicy, group
from clusterer.core.nightly.search import Search, arithmetic
from clusterer.core.nightly.shards import ALONE, Answering, Helpers, Offer, Task, TellTask, decode_task, encode
from clusterer.core.scoring.scorer import shipped_weights

JOINED = GroupPolicy(slack=20.0, largest_part=25)


class Crowd:
    """Answers about half of the shards as another process would, all in random order."""

    def __init__(self, articles: Sequence[Evidence], seed: int) -> None:
        self.known = by_seq(articles)
        self.random = random.Random(seed)
        self.helped: list[Task] = []
        self.most_waiting = 0

    def offer(self, task: Task) -> Offer:
        return _Shared(self, decode_task(encode(task)))


class _Shared:
    def __init__(self, crowd: Crowd, task: Task) -> None:
        self._crowd = crowd
        self._task = task
        self._added = 0
        self._left: list[tuple[int, bytes]] = []

    def add(self, shards: Sequence[bytes]) -> None:
        self._left += enumerate(shards, self._added)
        self._added += len(shards)
        self._crowd.most_waiting = max(self._crowd.most_waiting, len(self._left))

    def answer(self, do: Answering) -> tuple[int, bytes] | None:
        if not self._left:
            return None
        number, shard = self._left.pop(self._crowd.random.randrange(len(self._left)))
        if self._crowd.random.random() < 0.5:
            return number, do(shard)
        self._crowd.helped.append(self._task)
        return number, self._elsewhere(shard)

    def _elsewhere(self, shard: bytes) -> bytes:
        known = self._crowd.known
        if isinstance(self._task, TellTask):
            telling = Telling(lambda seq: known[seq].sparse, lambda seq: known[seq].lead)
            for seq in articles_of(shard):
                telling.meet(known[seq], ())
            return tell_apart(self._task, telling, shard)
        seqs = np.frombuffer(self._task.seqs, np.int64).tolist()
        leads = np.stack([known[seq].lead.astype(np.float16) for seq in seqs])
        return Search(leads, ExactIndex(), self._task.neighbours)(shard)


def grouped(articles: Sequence[Evidence], policy: GroupPolicy | None, helpers: Helpers = ALONE) -> list[list[int]]:
    return group(by_seq(articles), ExactIndex(), shipped_weights(), helpers=helpers, policy=policy)


def through_float16(articles: Sequence[Evidence]) -> list[Evidence]:
    return [replace(one, lead=one.lead.astype(np.float16).astype(np.float32)) for one in articles]


@pytest.mark.parametrize("policy", [None, JOINED])
@pytest.mark.parametrize("each", [2, 12])
def test_the_groups_are_the_same_whoever_answers(
    policy: GroupPolicy | None, each: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = through_float16(events(8, each))
    alone = grouped(articles, policy)
    monkeypatch.setattr("clusterer.core.nightly.search.SEARCH_SLICE", 5)
    monkeypatch.setattr(apart, "_PAIRS", 7)
    crowds = [Crowd(articles, seed) for seed in range(4)]
    assert [grouped(articles, policy, crowd) for crowd in crowds] == [alone] * 4
    assert all({type(task).__name__ for task in crowd.helped} == {"SearchTask", "TellTask"} for crowd in crowds)


def test_some_of_these_pairs_are_told_apart() -> None:
    """So that the test above tests something."""
    told: list[float] = []

    class Noting(Crowd):
        def offer(self, task: Task) -> Offer:
            return _Noted(self, task)

    class _Noted(_Shared):
        def answer(self, do: Answering) -> tuple[int, bytes] | None:
            answered = super().answer(do)
            if answered is not None and isinstance(self._task, TellTask):
                told.extend(np.frombuffer(answered[1], np.float32).tolist())
            return answered

    grouped(through_float16(events(8, 12)), JOINED, Noting(through_float16(events(8, 12)), 1))
    assert len(set(told)) > 1


def test_few_scores_are_kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = through_float16(events(8, 12))
    alone = grouped(articles, JOINED)
    monkeypatch.setattr(apart, "_PAIRS", 7)
    free, bounded = Crowd(articles, 1), Crowd(articles, 1)
    assert grouped(articles, JOINED, free) == alone
    monkeypatch.setattr(apart, "_CELLS_AT_ONCE", 1)
    assert grouped(articles, JOINED, bounded) == alone
    assert bounded.most_waiting < free.most_waiting


def test_processes_that_multiply_alike_say_so() -> None:
    assert arithmetic() == arithmetic()
