"""A collection's books as plain dictionaries: what the stores are compared with. Slow, obvious, without leases or atomicity."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field

from clusterer.core.cluster_records import CommitItem, CommitResult, Regroup


@dataclass
class PlainArticle:
    seq: int
    article_id: str | None  # None once it is gone
    content: str
    source: str | None
    minute: float  # of reception
    state: str = "pending"
    stage: str = "received"
    copy_of: int | None = None
    waits_for: int | None = None


@dataclass
class PlainGeneration:
    number: int = 1
    cluster_of: dict[int, str] = field(default_factory=dict)
    issued: set[str] = field(default_factory=set)
    stands_for: dict[str, str] = field(default_factory=dict)  # former id -> its successor, perhaps a former id itself

    def members(self, cluster: str) -> list[int]:
        return sorted(seq for seq, name in self.cluster_of.items() if name == cluster)

    def living(self) -> dict[str, list[int]]:
        return {cluster: self.members(cluster) for cluster in sorted(set(self.cluster_of.values()))}

    def is_issued(self, cluster: str) -> bool:
        return cluster in self.issued or cluster in self.stands_for

    def resolve(self, cluster: str) -> str | None:
        while cluster in self.stands_for and not self.members(cluster):
            cluster = self.stands_for[cluster]
        return cluster if self.members(cluster) else None


@dataclass
class PlainBooks:
    articles: dict[int, PlainArticle] = field(default_factory=dict)
    queues: dict[str, dict[int, bool]] = field(default_factory=lambda: {"inbox": {}, "ready": {}})  # seq -> was leased
    now: PlainGeneration = field(default_factory=PlainGeneration)
    former: PlainGeneration | None = None

    # -- articles

    def accept(self, article_id: str, content: str, source: str | None, minute: float) -> tuple[int, str]:
        for article in self.articles.values():
            if (article.article_id, article.content) == (article_id, content):
                return article.seq, "known"
        seq = len(self.articles) + 1
        self.articles[seq] = PlainArticle(seq, article_id, content, source, minute)
        self.queues["inbox"][seq] = False
        return seq, "accepted"

    def lease(self, queue: str, expired: bool) -> list[int]:
        """What a worker gets: all that was not leased before, or simply all when every lease ran out."""
        seqs = [seq for seq, leased in self.queues[queue].items() if expired or not leased]
        self.queues[queue].update(dict.fromkeys(seqs, True))
        return sorted(seqs)

    def hand_over(self, seq: int, copy_of: int | None) -> None:
        article = self.articles[seq]
        if (article.state, article.stage) == ("pending", "received"):
            article.copy_of = copy_of
            self._to(article, "ready")

    def mark_dead(self, queue: str, seq: int) -> None:
        article = self.articles[seq]
        if article.state == "pending" and seq in self.queues[queue]:
            self._leave(article)
            article.state = "dead"
            self._orphan_parked(seq)

    def retry_dead(self, seq: int) -> bool:
        article = self.articles.get(seq)
        if article is None or article.state != "dead":
            return False
        article.state = "pending"
        self._to_inbox(article)
        return True

    def erase(self, seq: int) -> bool:
        article = self.articles.get(seq)
        if article is None or article.state == "erased":
            return False
        self._remove(article, "erased")
        return True

    def expire(self, before: float, limit: int) -> int:
        finished = [article for article in self.articles.values() if article.state in ("assigned", "dead")]
        old = sorted((article.minute, article.seq) for article in finished if article.minute < before)[:limit]
        for _, seq in old:
            self._remove(self.articles[seq], "expired")
        return len(old)

    def _remove(self, article: PlainArticle, state: str) -> None:
        self._leave(article)
        article.state, article.stage, article.article_id, article.copy_of = state, "done", None, None
        article.waits_for = None
        self._orphan_parked(article.seq)
        for generation in (self.now, self.former):
            if generation is not None:
                generation.cluster_of.pop(article.seq, None)

    def _leave(self, article: PlainArticle) -> None:
        for queue in self.queues.values():
            queue.pop(article.seq, None)

    def _to(self, article: PlainArticle, stage: str) -> None:
        self._leave(article)
        article.stage, article.waits_for = stage, None
        self.queues["inbox" if stage == "received" else "ready"][article.seq] = False

    def _to_inbox(self, article: PlainArticle) -> None:
        article.copy_of = None
        self._to(article, "received")

    def _parked_on(self, seq: int) -> list[PlainArticle]:
        return [other for other in self.articles.values() if other.waits_for == seq]

    def _orphan_parked(self, seq: int) -> None:
        for other in self._parked_on(seq):
            self._to_inbox(other)

    # -- clusters

    def sources(self, cluster: str) -> Counter[str]:
        sources = [self.articles[seq].source for seq in self.now.members(cluster)]
        return Counter(source for source in sources if source is not None)

    def origin_count(self, cluster: str) -> int:
        own = [self.articles[seq] for seq in self.now.members(cluster) if self.articles[seq].copy_of is None]
        return len({article.source if article.source is not None else article.seq for article in own})

    def commit(self, item: CommitItem) -> CommitResult:
        article = self.articles[item.seq]
        if article.state != "pending":
            return CommitResult(item.seq, "duplicate", self.now.cluster_of.get(item.seq))
        if article.stage == "parked":
            return CommitResult(item.seq, "parked", None)
        if article.stage == "received":
            return CommitResult(item.seq, "orphaned", None)
        if item.action == "copy":
            return self._follow(article, item.other or 0)
        assert item.cluster is not None
        target = self.now.resolve(item.cluster)
        if item.action == "open":
            target = None if self.now.is_issued(item.cluster) else item.cluster
        if target is None:
            return CommitResult(item.seq, "stale", None)
        return self._assign(article, target)

    def _follow(self, article: PlainArticle, other: int) -> CommitResult:
        original = self.articles.get(other)
        if original is not None and original.state == "assigned":
            return self._assign(article, self.now.cluster_of[other])
        pending = original is not None and original.state == "pending"
        circle = self._circle_of(article, other) if pending else []
        if pending and not circle:
            self._leave(article)
            article.stage, article.waits_for = "parked", other
            return CommitResult(article.seq, "parked", None)
        for one in circle or [article]:
            self._to_inbox(one)
        return CommitResult(article.seq, "orphaned", None)

    def _circle_of(self, article: PlainArticle, other: int) -> list[PlainArticle]:
        """Who waits for each other if the article waits for the other one."""
        circle = [article]
        while other != article.seq:
            waiting = self.articles.get(other)
            if waiting is None or waiting in circle or waiting.waits_for is None:
                return []
            circle.append(waiting)
            other = waiting.waits_for
        return circle

    def _assign(self, article: PlainArticle, cluster: str) -> CommitResult:
        self._leave(article)
        article.state, article.stage = "assigned", "done"
        self.now.cluster_of[article.seq] = cluster
        self.now.issued.add(cluster)
        for other in self._parked_on(article.seq):
            self._to(other, "ready")
        return CommitResult(article.seq, "committed", cluster)

    def regroup(self, steps: list[Regroup]) -> bool:
        trial = copy.deepcopy(self.now)
        former = {cluster: trial.resolve(cluster) or "" for cluster in trial.stands_for}
        for step in steps:
            if not _regroup(trial, step, former):
                return False
            former.pop(step.source, None)
            former.pop(step.target, None)
        self.now = trial
        return True

    # -- generations

    def flip(self, number: int, cluster_of: dict[int, str], stands_for: dict[str, str]) -> None:
        self.former = self.now
        self.now = PlainGeneration(number, dict(cluster_of), set(cluster_of.values()), dict(stands_for))

    def rollback(self) -> int | None:
        if self.former is None:
            return None
        bad, good = self.now, self.former
        homes = {cluster: _home(cluster, seqs, good) for cluster, seqs in bad.living().items()}
        for seq, cluster in bad.cluster_of.items():
            good.cluster_of.setdefault(seq, homes[cluster])
        good.issued |= set(good.cluster_of.values())
        for cluster in [*homes, *bad.stands_for]:
            living = bad.resolve(cluster)
            if living is not None and not good.is_issued(cluster):
                good.stands_for[cluster] = homes[living]
        self.now, self.former = good, bad
        return good.number


def _regroup(generation: PlainGeneration, step: Regroup, former: dict[str, str]) -> bool:
    """former: ids merged away before, of clusters that earlier steps left alone, and the living ones that they stand for."""
    source = generation.members(step.source)
    moving = source if step.kind == "merged" else list(step.seqs)
    comes_back = step.kind == "split" and former.get(step.target) == step.source
    taken = generation.is_issued(step.target) and not comes_back
    unfit = taken if step.kind == "split" else not generation.members(step.target)
    if unfit or step.source == step.target or not moving or not set(moving) <= set(source):
        return False
    if comes_back:  # what was merged into it before stays where it is
        standing = {one: step.source if after == step.target else after for one, after in generation.stands_for.items()}
        del standing[step.target]
        generation.stands_for = standing
    generation.cluster_of.update(dict.fromkeys(moving, step.target))
    generation.issued.add(step.target)
    if not generation.members(step.source):
        generation.stands_for[step.source] = step.target
    return True


def _home(cluster: str, seqs: list[int], former: PlainGeneration) -> str:
    """Where a cluster's new members go when its generation is given up."""
    known = former.resolve(cluster)
    counts = Counter(former.cluster_of[seq] for seq in seqs if seq in former.cluster_of)
    if known is not None:
        return known
    return min(counts, key=lambda name: (-counts[name], name)) if counts else cluster
