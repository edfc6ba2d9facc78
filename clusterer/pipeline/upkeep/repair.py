"""Repair: what damage from outside did to derived state is made anew from what it was derived from.

An article's own record and the change feed are the truth. Lists, posting lists, counts and everything about clusters follow from them.
Each step corrects only what is wrong when it is taken, in steps that are atomic, so it may be repeated and workers may go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from clusterer.core.errors import Conflict
from clusterer.core.feed import apply_membership
from clusterer.core.records import PreparedFacts
from clusterer.pipeline.feed import all_assigned, changes_since, storyline_entries
from clusterer.pipeline.nightly.nightly import BUSY, JOB
from clusterer.pipeline.upkeep.audit import AuditReport
from clusterer.ports import Clock, CollectionStore

_PAGE = 1_000
_SLICE = 64
_MOST_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Repairs:
    """What a repair did.

    requeued: articles put back into queues. relisted: entries of lists by state and of copies. reposted: articles entered into posting
    lists again. reassigned: articles whose cluster was wrong or lost. rebuilt: clusters made anew, 0 when none was wrong. retold:
    clusters that a storyline was wrong about. recounted: whether the counts of articles were made anew. refused: why something was
    left as it was, None when nothing was.
    """

    requeued: int = 0
    relisted: int = 0
    reposted: int = 0
    reassigned: int = 0
    rebuilt: int = 0
    retold: int = 0
    recounted: bool = False
    refused: str | None = None


@dataclass(slots=True)
class _Feed:
    """What the change feed says about who is where. whole: nothing of it is missing, and it holds no rollback."""

    told: dict[int, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)  # cluster -> the one it was split from
    number: int = 0
    generation: int = 1
    whole: bool = True

    def follow(self, books: CollectionStore) -> None:
        """Up to the last change."""
        last = books.position().change
        for change in changes_since(books, self.number):
            self.whole = self.whole and change.number == self.number + 1
            self.number = change.number
            if change.kind == "flipped":
                self.whole = self.whole and change.generation > self.generation
                self.generation = change.generation
            apply_membership(self.told, change)
            if change.kind == "split" and change.source:
                self.origins[change.cluster] = change.source
        self.whole = self.whole and self.number >= last
        self.number = max(self.number, last)

    def cluster_of(self, facts: PreparedFacts | None) -> str | None:
        """Where the article belongs: where the feed says, if it is whole; else where it is, or where the feed last said."""
        if facts is None or facts.state != "assigned":
            return None
        told = self.told.get(facts.seq)
        return (told if self.whole else None) or facts.cluster or told

    def doubts(self, facts: PreparedFacts | None) -> bool:
        """Whether the article may be elsewhere. What the table says of one without a record is not known here."""
        return facts is None or self.cluster_of(facts) != facts.cluster


class Repairer:
    """Repairs one collection, unless it is being reclustered at the time."""

    def __init__(self, books: CollectionStore, clock: Clock, job_lease_s: float) -> None:
        self._books = books
        self._clock = clock
        self._job_lease_s = job_lease_s

    def run(self, worker: str, report: AuditReport) -> Repairs:
        """Repair what the report names, as far as it can be. Raises Conflict while a reclustering is under way.

        Clusters come last, and are refused when articles come in faster than they can be followed; the rest stays done.
        """
        self._hold(worker)
        try:
            return self._run(worker, report)
        finally:
            self._books.release_job(JOB, worker)

    def _run(self, worker: str, report: AuditReport) -> Repairs:
        books, damaged, now = self._books, report.damaged, self._clock.now()
        relisted = reposted = reassigned = rebuilt = 0
        refused: str | None = None
        if damaged & {"lists", "queues", "counts"}:  # the sweep and the counts go by the lists
            relisted = self._each(worker, books.relist)
        requeued = books.sweep()
        recounted = "counts" in damaged and self._recount(worker)
        if "postings" in damaged:
            reposted = self._each(worker, lambda seqs: books.repost(seqs, now))
        former, feed = books.position().generation, _Feed()
        try:
            if damaged & {"articles", "clusters"}:  # an article that lost its record must not keep its place
                reassigned = self._reassign(worker, feed)
            if "clusters" in damaged:
                rebuilt = self._rebuild(worker, feed)
        except Conflict as reason:
            refused = str(reason)
        if rebuilt:
            books.drop_generation(former)  # nobody shall roll back to the damage
        # Clusters that are made anew may leave storylines that held the damaged ones.
        retold = self._retell() if rebuilt or "storylines" in damaged else 0
        return Repairs(requeued, relisted, reposted, reassigned, rebuilt, retold, recounted, refused)

    def _hold(self, worker: str) -> None:
        if not self._books.claim_job(JOB, worker, self._job_lease_s):
            raise Conflict(BUSY)

    def _pages(self, worker: str) -> Iterator[list[int]]:
        """All seqs, ascending; the job's lease is renewed with each page."""
        after = 0
        while seqs := self._books.accepted_seqs(after, _PAGE):
            self._hold(worker)
            yield seqs
            after = seqs[-1]

    def _each(self, worker: str, mend: Callable[[list[int]], int]) -> int:
        return sum(
            mend(seqs[start : start + _SLICE]) for seqs in self._pages(worker) for start in range(0, len(seqs), _SLICE)
        )

    # -- memberships

    def _reassign(self, worker: str, feed: _Feed) -> int:
        """Correct the published table of who is where; how many articles it was wrong about."""
        feed.follow(self._books)
        suspects = [
            seq
            for seqs in self._pages(worker)
            for seq, facts in zip(seqs, self._books.facts(seqs), strict=True)
            if feed.doubts(facts)
        ]
        parts = (suspects[start : start + _SLICE] for start in range(0, len(suspects), _SLICE))
        return sum(self._reassign_part(worker, feed, part) for part in parts)

    def _reassign_part(self, worker: str, feed: _Feed, seqs: list[int]) -> int:
        """As of the last change: whoever was assigned or moved since the feed was read is looked at again."""
        for _ in range(_MOST_ROUNDS):
            self._hold(worker)
            generation = self._books.position().generation
            feed.follow(self._books)
            known = self._books.facts(seqs)
            rows = [(seq, feed.cluster_of(facts)) for seq, facts in zip(seqs, known, strict=True) if feed.doubts(facts)]
            if self._books.reassign(generation, feed.number, rows):
                return len(rows) - known.count(None)
        raise Conflict(
            "articles come in faster than memberships can be corrected: try again when fewer articles arrive"
        )

    # -- clusters

    def _rebuild(self, worker: str, feed: _Feed) -> int:
        """Counters, members and listings of all clusters anew, from who is where: as a generation that takes the published one's place.

        What happens meanwhile is done to both: the change feed says it. How many clusters there are.
        """
        books = self._books
        start = books.position()
        assignment = {one.seq: one.cluster for part in all_assigned(books) for one in part}
        generation = books.begin_generation()
        self._stage(worker, generation, assignment, feed)
        change = start.change
        for _ in range(_MOST_ROUNDS):
            meanwhile: dict[int, str] = {}
            for one in changes_since(books, change):
                apply_membership(meanwhile, one)
                change = one.number
            self._stage(worker, generation, meanwhile, feed)
            assignment |= meanwhile
            books.stage(generation, [], aliases=books.aliases(start.generation))
            flipped = books.flip(start.generation, generation, change, (), self._clock.now())
            published = books.position().generation
            if flipped or published == generation:  # the answer to a first call may have been lost
                return len(set(assignment.values()))
            if published != start.generation:
                raise Conflict("another generation was published during the repair: try again")
        raise Conflict("articles come in faster than clusters can be rebuilt: try again when fewer articles arrive")

    def _stage(self, worker: str, generation: int, assignment: dict[int, str], feed: _Feed) -> None:
        rows = list(assignment.items())
        for start in range(0, len(rows), _PAGE):
            self._hold(worker)
            self._books.stage(generation, rows[start : start + _PAGE], split_from=feed.origins)

    # -- storylines

    def _retell(self) -> int:
        """Make the lists of storylines say what the table of clusters does, and both forget clusters that are no more."""
        told = self._books.storylines()
        rows: list[tuple[str, str | None, datetime]] = []
        struck = 0
        listed: dict[str, str] = {}
        for storyline in sorted(set(told.values())):
            here = {entry.cluster for entry in storyline_entries(self._books, storyline)}
            strays = sorted(cluster for cluster in here if told.get(cluster) != storyline)
            self._books.strike(storyline, strays)
            struck += len(strays)
            listed |= dict.fromkeys(here, storyline)
        for cluster, storyline in sorted(told.items()):
            record = self._books.cluster(cluster)
            if record is None or record.status == "retired":
                rows.append((cluster, None, self._clock.now()))
            elif listed.get(cluster) != storyline:
                rows.append((cluster, storyline, record.first_seen))
        self._books.tell(rows)
        return struck + len(rows)

    # -- counts

    def _recount(self, worker: str) -> bool:
        stored = self._books.books().erased
        erased = sum(
            facts is not None and facts.state == "erased"
            for seqs in self._pages(worker)
            for facts in self._books.facts(seqs)
        )
        return self._books.recount(erased, stored)
