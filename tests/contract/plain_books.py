"""A collection's books as plain dictionaries: what the stores are compared with. Slow, obvious, without leases or atomicity."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field

from clusterer.core.records import CommitItem, CommitResult, Regroup


@dataclass
class PlainArticle:
    seq: int
    article_id: str
    content: str
    source: str | None
    state: str = "pending"
    stage: str = "received"
    copy_of: int | None = None
    waits_for: int | None = None
    cluster: str | None = None


@dataclass
class PlainBooks:
    articles: dict[int, PlainArticle] = field(default_factory=dict)
    queues: dict[str, dict[int, bool]] = field(default_factory=lambda: {"inbox": {}, "ready": {}})  # seq -> was leased
    issued: set[str] = field(default_factory=set)
    stands_for: dict[str, str] = field(default_factory=dict)  # retired id -> its successor, perhaps retired itself

    # -- articles

    def accept(self, article_id: str, content: str, source: str | None) -> tuple[int, str]:
        for article in self.articles.values():
            if (article.article_id, article.content) == (article_id, content):
                return article.seq, "known"
        seq = len(self.articles) + 1
        self.articles[seq] = PlainArticle(seq, article_id, content, source)
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

    def bury(self, queue: str, seq: int) -> None:
        article = self.articles[seq]
        if article.state == "pending" and seq in self.queues[queue]:
            self._leave(article)
            article.state = "dead"
            self._orphan_parked(seq)

    def replay(self, seq: int) -> bool:
        article = self.articles.get(seq)
        if article is None or article.state != "dead":
            return False
        article.state = "pending"
        self._to_inbox(article)
        return True

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

    def members(self, cluster: str) -> list[int]:
        return [article.seq for article in self.articles.values() if article.cluster == cluster]

    def living(self) -> dict[str, list[int]]:
        return {cluster: seqs for cluster in sorted(self.issued) if (seqs := self.members(cluster))}

    def resolve(self, cluster: str) -> str | None:
        while cluster in self.stands_for:
            cluster = self.stands_for[cluster]
        return cluster if self.members(cluster) else None

    def sources(self, cluster: str) -> Counter[str]:
        return Counter(source for seq in self.members(cluster) if (source := self.articles[seq].source) is not None)

    def origin_count(self, cluster: str) -> int:
        own = [self.articles[seq] for seq in self.members(cluster) if self.articles[seq].copy_of is None]
        return len({article.source if article.source is not None else article.seq for article in own})

    def commit(self, item: CommitItem) -> CommitResult:
        article = self.articles[item.seq]
        if article.state != "pending":
            return CommitResult(item.seq, "duplicate", article.cluster)
        if article.stage == "parked":
            return CommitResult(item.seq, "parked", None)
        if article.stage == "received":
            return CommitResult(item.seq, "orphaned", None)
        if item.action == "copy":
            return self._follow(article, item.other or 0)
        assert item.cluster is not None
        target = self.resolve(item.cluster)
        if item.action == "open":
            target = None if item.cluster in self.issued else item.cluster
        if target is None:
            return CommitResult(item.seq, "stale", None)
        return self._assign(article, target)

    def _follow(self, article: PlainArticle, other: int) -> CommitResult:
        original = self.articles.get(other)
        if original is not None and original.cluster is not None:
            return self._assign(article, original.cluster)
        if original is not None and original.state == "pending" and original is not article:
            self._leave(article)
            article.stage, article.waits_for = "parked", other
            return CommitResult(article.seq, "parked", None)
        self._to_inbox(article)
        return CommitResult(article.seq, "orphaned", None)

    def _assign(self, article: PlainArticle, cluster: str) -> CommitResult:
        self._leave(article)
        article.state, article.stage, article.cluster = "assigned", "done", cluster
        self.issued.add(cluster)
        for other in self._parked_on(article.seq):
            self._to(other, "ready")
        return CommitResult(article.seq, "committed", cluster)

    def regroup(self, steps: list[Regroup]) -> bool:
        trial = copy.deepcopy(self)
        if not all(trial._regroup(step) for step in steps):
            return False
        self.__dict__.update(trial.__dict__)
        return True

    def _regroup(self, step: Regroup) -> bool:
        source = self.members(step.source)
        moving = source if step.kind == "merged" else list(step.seqs)
        known = step.target in self.issued if step.kind == "split" else not self.members(step.target)
        if known or step.source == step.target or not moving or not set(moving) <= set(source):
            return False
        for seq in moving:
            self.articles[seq].cluster = step.target
        self.issued.add(step.target)
        if not self.members(step.source):
            self.stands_for[step.source] = step.target
        return True
