"""The auditor: proves from the outside that one collection's books balance, or names what does not.

It reads page by page and keeps a few bytes an article. Work that goes on meanwhile can look like a difference; so what is found
while the books move is looked for again, and only what is found each time is reported.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from clusterer.core.cluster_records import Change, Position
from clusterer.core.evidence.evidence import text_to_embed
from clusterer.core.records import PreparedFacts
from clusterer.pipeline.feed import oldest_change, storyline_entries
from clusterer.pipeline.upkeep.counting import NO_CLUSTER, ClusterCounts, Membership
from clusterer.ports import CollectionStore

Part = Literal["articles", "lists", "postings", "queues", "vectors", "clusters", "storylines", "counts", "feed"]

_PAGE = 5_000
_CHANGES_PAGE = 1_000
_CLUSTERS_PAGE = 200
_SLICE = 64
_PASSES = 3
_SAME_TIME_S = 0.001
_NAMED = 20  # ids in one message


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What does not balance: one sentence, with ids, and the part of the books that it concerns."""

    part: Part
    sentence: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """found: what does not balance; nothing when all does. counts: what was looked at.

    quiet: nothing changed during the audit. replayed: the change feed was followed from its beginning; it cannot be past a
    rollback, which restores a generation as it was, nor where older changes are no longer kept.
    """

    found: tuple[Mismatch, ...]
    counts: Mapping[str, int]
    quiet: bool
    replayed: bool

    @property
    def clean(self) -> bool:
        """Whether the books balance."""
        return not self.found

    @property
    def problems(self) -> tuple[str, ...]:
        """The sentences alone."""
        return tuple(problem.sentence for problem in self.found)

    @property
    def damaged(self) -> frozenset[Part]:
        """The parts of the books that do not balance."""
        return frozenset(problem.part for problem in self.found)


def audit(books: CollectionStore, now: datetime | None = None) -> AuditReport:
    """Check a collection's books. Reads only. Raises StoreUnavailable.

    now: by the clock that dates the articles, without it this machine's; posting lists are not missed once they have expired.
    """
    now = now or datetime.now(UTC)
    report = _Audit(books, now).run()
    for _ in range(_PASSES - 1):
        if report.quiet or report.clean:
            break
        again = _Audit(books, now).run()
        lasting = again.found if again.quiet else tuple(p for p in again.found if p in report.found)
        report = AuditReport(lasting, again.counts, again.quiet, again.replayed)
    return report


class _Audit:
    """One pass."""

    def __init__(self, books: CollectionStore, now: datetime) -> None:
        self._books = books
        self._now = now
        names: list[str] = [""]
        numbers: dict[str, int] = {}
        self._assigned = Membership(numbers, names)
        self._replay = Membership(numbers, names)
        self._gone = (
            bytearray()
        )  # by seq: no record, erased or expired; the feed may place these, and nothing else does
        self._found: dict[tuple[Part, str], list[int | str]] = {}
        self._problems: list[Mismatch] = []
        self._counts: Counter[str] = Counter()

    def run(self) -> AuditReport:
        before = self._books.position(), self._books.books()
        self._articles()
        self._books_and_streams()
        self._clusters()
        self._storylines()
        replayed = self._changes(before[0])
        if replayed:
            self._compare_replay()
        quiet = before == (self._books.position(), self._books.books())
        named = (Mismatch(part, _sentence(what, ids)) for (part, what), ids in self._found.items())
        return AuditReport((*self._problems, *named), dict(self._counts), quiet, replayed)

    def _say(self, part: Part, sentence: str) -> None:
        self._problems.append(Mismatch(part, sentence))

    def _note(self, part: Part, what: str, item: int | str) -> None:
        self._found.setdefault((part, what), []).append(item)

    # -- articles

    def _articles(self) -> None:
        after = 0
        while seqs := self._books.accepted_seqs(after, _PAGE):
            after = seqs[-1]
            self._counts["articles"] += len(seqs)
            known = self._books.facts(seqs)
            for seq, facts in zip(seqs, known, strict=True):
                self._gone.extend(bytes(seq + 1 - len(self._gone)))
                self._gone[seq] = facts is None or facts.state in ("erased", "expired")
                if facts is None:
                    self._note("articles", "accepted articles without a record", seq)
                else:
                    self._article(facts)
            self._lists(seqs)
            self._vectors([facts for facts in known if facts is not None and facts.state == "assigned"])
            self._stages(seqs)

    def _article(self, facts: PreparedFacts) -> None:
        self._counts[facts.state] += 1
        self._assigned.put(facts.seq, facts.cluster)
        if facts.state == "assigned" and facts.cluster is None:
            self._note("clusters", "assigned articles without a cluster", facts.seq)
        if facts.state != "assigned" and facts.cluster is not None:
            self._note("clusters", f"{facts.state} articles that are in a cluster", facts.seq)
        if facts.state == "assigned" and facts.copy_of is not None:
            self._counts["copies"] += 1
            original = self._assigned.get(facts.copy_of)
            if original is not None and original != facts.cluster:
                self._note("clusters", "copies in a different cluster from their originals", facts.seq)

    def _lists(self, seqs: list[int]) -> None:
        """Whether each article is where it can be found: by its state, by its original, by its words."""
        for start in range(0, len(seqs), _SLICE):
            part = seqs[start : start + _SLICE]
            for seq, name in self._books.check_lists(part):
                self._note("lists", f"articles for which the list of {name} is wrong", seq)
            for seq in self._books.check_postings(part, self._now):
                self._note("postings", "articles that are missing from a posting list", seq)

    def _vectors(self, assigned: list[PreparedFacts]) -> None:
        vectors = self._books.vectors([article.seq for article in assigned])
        for article, vector in zip(assigned, vectors, strict=True):
            if vector is not None:
                self._counts["vectors"] += 1
            elif article.copy_of is None and self._has_text(article.seq):
                self._note("vectors", "assigned articles without vectors", article.seq)

    def _has_text(self, seq: int) -> bool:
        document = self._books.document(seq)
        return document is None or bool(text_to_embed(document))

    def _stages(self, seqs: list[int]) -> None:
        """Where pending articles wait."""
        for start in range(0, len(seqs), _SLICE):
            for received in self._books.received(seqs[start : start + _SLICE]):
                if received is not None and received.state == "pending":
                    self._counts[f"pending_{received.stage}"] += 1

    def _books_and_streams(self) -> None:
        stated = asdict(self._books.books())
        counted = {name: self._counts["articles" if name == "accepted" else name] for name in stated}
        wrong = [
            f"{name} {stated[name]} but counted {counted[name]}" for name in stated if stated[name] != counted[name]
        ]
        if wrong:
            self._say("counts", f"the stored counts are wrong: {', '.join(wrong)}")
        if stated["accepted"] != sum(count for name, count in stated.items() if name != "accepted"):
            self._say("counts", f"accepted is not the sum of the states: {stated}")
        # The port names no stream entries; a lost one shows as a length that is short of the articles that should wait there.
        queues = self._books.queue_facts()
        for stage, queue, length in (
            ("received", "inbox", queues.inbox_length),
            ("ready", "ready", queues.ready_length),
        ):
            waiting = self._counts[f"pending_{stage}"]
            if length != waiting:
                self._say("queues", f"{waiting} articles wait as {stage}, but {queue}_length is {length}")

    # -- clusters

    def _clusters(self) -> None:
        listed = array("B")
        last_seen: dict[str, float] = {}
        for size, cluster_id in self._listing("size"):
            self._counts["clusters"] += 1
            record = self._books.cluster(cluster_id)
            if record is None:
                self._note("clusters", "listed clusters without a record", cluster_id)
                continue
            last_seen[cluster_id] = record.last_seen.timestamp()
            counts = self._members(cluster_id, listed)
            wrong = list(counts.differences(record))
            if int(size) != counts.articles:
                wrong.append(f"listed with {int(size)} articles but has {counts.articles}")
            if wrong:
                self._say("clusters", f"cluster {cluster_id}: {'; '.join(wrong)}")
        self._compare_times(last_seen)
        for seq, number in enumerate(self._assigned.of):
            if number != NO_CLUSTER and not (seq < len(listed) and listed[seq]):
                self._note("clusters", "assigned articles that are in no cluster's list of members", seq)

    def _compare_times(self, last_seen: Mapping[str, float]) -> None:
        """The listing by time holds the same clusters, each at the time that its record says."""
        listed = {cluster_id: seconds for seconds, cluster_id in self._listing("last_seen")}
        if len(listed) != self._counts["clusters"]:
            self._say("clusters", f"{self._counts['clusters']} clusters are listed by size, {len(listed)} by time")
        for cluster_id, seconds in last_seen.items():
            if abs(listed.get(cluster_id, seconds) - seconds) > _SAME_TIME_S:
                self._note("clusters", "clusters listed under a wrong time", cluster_id)

    def _listing(self, sort: str) -> Iterator[tuple[float, str]]:
        below: tuple[float, str] | None = None
        while rows := self._books.cluster_ids("size" if sort == "size" else "last_seen", below, _CLUSTERS_PAGE):
            yield from rows
            below = rows[-1]

    def _members(self, cluster_id: str, listed: array[int]) -> ClusterCounts:
        counts, after = ClusterCounts(), 0
        while seqs := self._books.members(cluster_id, after, _PAGE):
            after = seqs[-1]
            listed.extend([0] * (after + 1 - len(listed)))
            for seq, facts in zip(seqs, self._books.facts(seqs), strict=True):
                if listed[seq]:
                    self._note("clusters", "articles that are members of two clusters", seq)
                listed[seq] = 1
                if facts is None or self._assigned.get(seq) != cluster_id:
                    self._note("clusters", "members that are assigned elsewhere or not at all", seq)
                if facts is not None:
                    counts.add(facts)
        return counts

    def _storylines(self) -> None:
        """The table of who is in which storyline holds living clusters only, and the list of each storyline says the same."""
        told = self._books.storylines()
        for cluster_id, storyline in told.items():
            self._counts["told_clusters"] += 1
            record = self._books.cluster(cluster_id)
            if record is None or record.status == "retired":
                self._note("storylines", "storylines that hold a cluster which is no more", storyline)
        for storyline in sorted(set(told.values())):
            self._counts["storylines"] += 1
            listed = {entry.cluster for entry in storyline_entries(self._books, storyline)}
            if listed != {cluster for cluster, own in told.items() if own == storyline}:
                self._note("storylines", "storylines whose list is wrong", storyline)

    # -- change feed

    def _changes(self, before: Position) -> bool:
        """Follow the feed; False when it holds a rollback, or older changes are no longer kept."""
        trimmed = oldest_change(self._books) - 1
        number, generation, exact = trimmed, 1, not trimmed
        while changes := self._books.changes(number, _CHANGES_PAGE):
            for change in changes:
                if change.number != number + 1:
                    self._note("feed", "change numbers after a gap", change.number)
                number = change.number
                if change.kind == "flipped":
                    exact = exact and change.generation > generation
                    generation = change.generation
                self._follow(change)
        if number < before.change:
            self._note("feed", "changes that are missing at the end of the feed", before.change)
        self._counts["changes"] = number - trimmed
        return exact

    def _follow(self, change: Change) -> None:
        if change.enters:
            for seq in change.seqs:
                if self._replay.get(seq) is not None:
                    self._note("feed", "articles that the change feed assigns twice", seq)
        if change.moves:
            for seq in change.seqs:
                self._replay.put(seq, change.target)

    def _compare_replay(self) -> None:
        for seq in range(1, max(len(self._assigned.of), len(self._replay.of))):
            here, told = self._assigned.get(seq), self._replay.get(seq)
            gone = seq < len(self._gone) and self._gone[seq]
            if here != told and not gone:
                self._note("clusters", "articles whose cluster differs from the change feed", seq)


def _sentence(what: str, ids: Iterable[int | str]) -> str:
    every = list(dict.fromkeys(ids))
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return f"{what}: {', '.join(map(str, every[:_NAMED]))}{more}"
