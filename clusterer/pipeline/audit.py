"""The auditor: proves from the outside that one collection's books balance, or names what does not.

It reads page by page and keeps a few bytes an article. Work that goes on meanwhile can look like a difference; so what is found
while the books move is looked for again, and only what is found each time is reported.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from clusterer.core.evidence import texts_to_embed
from clusterer.core.records import Change, ClusterRecord, PreparedFacts
from clusterer.ports import CollectionStore

_PAGE = 5_000
_CHANGES_PAGE = 1_000
_CLUSTERS_PAGE = 200
_RECEIVED_SLICE = 64
_PASSES = 3
_MOST_COPIES = 1_000_000
_SAME_TIME_S = 0.001
_NAMED = 20  # ids in one message
_NO_CLUSTER = 0


@dataclass(frozen=True, slots=True)
class AuditReport:
    """problems: one sentence each, with ids; empty means that the books balance. counts: what was looked at.

    quiet: nothing changed during the audit. replayed: the change feed was followed from its beginning; it cannot be past a
    rollback, which restores a generation as it was.
    """

    problems: tuple[str, ...]
    counts: Mapping[str, int]
    quiet: bool
    replayed: bool

    @property
    def clean(self) -> bool:
        """Whether the books balance."""
        return not self.problems


def audit(books: CollectionStore) -> AuditReport:
    """Check a collection's books. Reads only. Raises StoreUnavailable."""
    report = _Audit(books).run()
    for _ in range(_PASSES - 1):
        if report.quiet or report.clean:
            break
        again = _Audit(books).run()
        lasting = again.problems if again.quiet else tuple(p for p in again.problems if p in report.problems)
        report = AuditReport(lasting, again.counts, again.quiet, again.replayed)
    return report


@dataclass(slots=True)
class _Membership:
    """seq -> cluster in four bytes an article."""

    numbers: dict[str, int]
    names: list[str]
    of: array[int] = field(default_factory=lambda: array("I"))

    def put(self, seq: int, cluster: str | None) -> None:
        if seq >= len(self.of):
            self.of.extend([_NO_CLUSTER] * (seq + 1 - len(self.of)))
        self.of[seq] = _NO_CLUSTER if cluster is None else self._number(cluster)

    def get(self, seq: int) -> str | None:
        number = self.of[seq] if seq < len(self.of) else _NO_CLUSTER
        return None if number == _NO_CLUSTER else self.names[number]

    def _number(self, cluster: str) -> int:
        number = self.numbers.get(cluster)
        if number is None:
            number = self.numbers[cluster] = len(self.names)
            self.names.append(cluster)
        return number


@dataclass(slots=True)
class _Tally:
    """A cluster's counters as its members give them."""

    articles: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    origins: set[str | int] = field(default_factory=set)

    def add(self, facts: PreparedFacts) -> None:
        self.articles += 1
        if facts.source is not None:
            self.sources[facts.source] += 1
        if facts.lang is not None:
            self.languages[facts.lang] += 1
        if not _is_copy(facts):
            self.origins.add(facts.seq if facts.source is None else facts.source)

    def differences(self, record: ClusterRecord) -> Iterator[str]:
        """What of the record's counters is wrong."""
        for name, stored, counted in (
            ("articles", record.article_count, self.articles),
            ("sources", dict(record.sources), dict(self.sources)),
            ("languages", dict(record.languages), dict(self.languages)),
            ("origins", record.origin_count, len(self.origins)),
        ):
            if stored != counted:
                yield f"{name} {stored} but counted {counted}"


class _Audit:
    """One pass."""

    def __init__(self, books: CollectionStore) -> None:
        self._books = books
        names: list[str] = [""]
        numbers: dict[str, int] = {}
        self._assigned = _Membership(numbers, names)
        self._replay = _Membership(numbers, names)
        self._expired = bytearray()  # by seq; their leaving is not in the feed
        self._found: dict[str, list[int | str]] = {}
        self._problems: list[str] = []
        self._counts: Counter[str] = Counter()

    def run(self) -> AuditReport:
        before = self._books.position(), self._books.books()
        self._articles()
        self._books_and_streams()
        self._clusters()
        replayed = self._changes()
        if replayed:
            self._compare_replay()
        quiet = before == (self._books.position(), self._books.books())
        problems = (*self._problems, *(_sentence(what, ids) for what, ids in self._found.items()))
        return AuditReport(problems, dict(self._counts), quiet, replayed)

    def _note(self, what: str, item: int | str) -> None:
        self._found.setdefault(what, []).append(item)

    # -- articles

    def _articles(self) -> None:
        after = 0
        while seqs := self._books.accepted_seqs(after, _PAGE):
            after = seqs[-1]
            self._counts["articles"] += len(seqs)
            known = self._books.facts(seqs)
            for seq, facts in zip(seqs, known, strict=True):
                if facts is None:
                    self._note("accepted articles of which nothing is known", seq)
                else:
                    self._article(facts)
            self._copies_lists([facts for facts in known if facts is not None and facts.state == "assigned"])
            self._vectors(seqs)
            self._stages(seqs)

    def _article(self, facts: PreparedFacts) -> None:
        self._counts[facts.state] += 1
        self._assigned.put(facts.seq, facts.cluster)
        self._expired.extend(bytes(facts.seq + 1 - len(self._expired)))
        self._expired[facts.seq] = facts.state == "expired"
        if facts.state == "assigned" and facts.cluster is None:
            self._note("assigned articles without a cluster", facts.seq)
        if facts.state != "assigned" and facts.cluster is not None:
            self._note(f"{facts.state} articles that are in a cluster", facts.seq)
        if facts.state == "assigned" and _is_copy(facts):
            self._counts["copies"] += 1
            original = self._assigned.get(facts.relations[0].other)
            if original is not None and original != facts.cluster:
                self._note("copies in another cluster than their originals", facts.seq)

    def _copies_lists(self, assigned: list[PreparedFacts]) -> None:
        """Each article is listed with the one that its primary relation names."""
        followers: dict[int, list[int]] = {}
        for facts in assigned:
            if facts.relations:
                followers.setdefault(facts.relations[0].other, []).append(facts.seq)
        for other, seqs in followers.items():
            listed = set(self._books.copies_of(other, _MOST_COPIES))
            for seq in seqs:
                if seq not in listed:
                    self._note("copies that are not listed with their originals", seq)

    def _vectors(self, seqs: list[int]) -> None:
        for stored in self._books.evidence(seqs):
            if stored is None or stored.facts.state != "assigned":
                continue
            if stored.vectors is not None:
                self._counts["vectors"] += 1
            elif not _is_copy(stored.facts) and self._has_text(stored.facts.seq):
                self._note("assigned articles without vectors", stored.facts.seq)

    def _has_text(self, seq: int) -> bool:
        document = self._books.document(seq)
        return document is None or bool(texts_to_embed(document)[1])

    def _stages(self, seqs: list[int]) -> None:
        """Where pending articles wait."""
        for start in range(0, len(seqs), _RECEIVED_SLICE):
            for received in self._books.received(seqs[start : start + _RECEIVED_SLICE]):
                if received is not None and received.state == "pending":
                    self._counts[f"pending_{received.stage}"] += 1

    def _books_and_streams(self) -> None:
        stated = asdict(self._books.books())
        counted = {name: self._counts["articles" if name == "accepted" else name] for name in stated}
        wrong = [
            f"{name} {stated[name]} but counted {counted[name]}" for name in stated if stated[name] != counted[name]
        ]
        if wrong:
            self._problems.append(f"the books are wrong: {', '.join(wrong)}")
        if stated["accepted"] != sum(count for name, count in stated.items() if name != "accepted"):
            self._problems.append(f"accepted is not the sum of the states: {stated}")
        # The port names no stream entries; a lost one shows as a length that is short of the articles that should wait there.
        queues = self._books.queue_facts()
        for stage, queue in (("received", "inbox_length"), ("ready", "ready_length")):
            if int(queues[queue]) != self._counts[f"pending_{stage}"]:
                self._problems.append(
                    f"{self._counts[f'pending_{stage}']} articles wait as {stage}, but {queue} is {int(queues[queue])}"
                )

    # -- clusters

    def _clusters(self) -> None:
        listed = array("B")
        last_seen: dict[str, float] = {}
        for size, cluster_id in self._listing("size"):
            self._counts["clusters"] += 1
            record = self._books.cluster(cluster_id)
            if record is None:
                self._note("listed clusters without a record", cluster_id)
                continue
            last_seen[cluster_id] = record.last_seen.timestamp()
            tally = self._members(cluster_id, listed)
            wrong = list(tally.differences(record))
            if int(size) != tally.articles:
                wrong.append(f"listed with {int(size)} articles but has {tally.articles}")
            if wrong:
                self._problems.append(f"cluster {cluster_id}: {'; '.join(wrong)}")
        self._compare_times(last_seen)
        for seq, number in enumerate(self._assigned.of):
            if number != _NO_CLUSTER and not (seq < len(listed) and listed[seq]):
                self._note("assigned articles that are in no cluster's list of members", seq)

    def _compare_times(self, last_seen: Mapping[str, float]) -> None:
        """The listing by time holds the same clusters, each at the time that its record says."""
        listed = {cluster_id: seconds for seconds, cluster_id in self._listing("last_seen")}
        if len(listed) != self._counts["clusters"]:
            self._problems.append(f"{self._counts['clusters']} clusters are listed by size, {len(listed)} by time")
        for cluster_id, seconds in last_seen.items():
            if abs(listed.get(cluster_id, seconds) - seconds) > _SAME_TIME_S:
                self._note("clusters listed under another time than their own", cluster_id)

    def _listing(self, sort: str) -> Iterator[tuple[float, str]]:
        below: tuple[float, str] | None = None
        while rows := self._books.cluster_ids("size" if sort == "size" else "last_seen", below, _CLUSTERS_PAGE):
            yield from rows
            below = rows[-1]

    def _members(self, cluster_id: str, listed: array[int]) -> _Tally:
        tally, after = _Tally(), 0
        while seqs := self._books.members(cluster_id, after, _PAGE):
            after = seqs[-1]
            listed.extend([0] * (after + 1 - len(listed)))
            for seq, facts in zip(seqs, self._books.facts(seqs), strict=True):
                if listed[seq]:
                    self._note("articles that are members of two clusters", seq)
                listed[seq] = 1
                if facts is None or self._assigned.get(seq) != cluster_id:
                    self._note("members that are assigned elsewhere or not at all", seq)
                if facts is not None:
                    tally.add(facts)
        return tally

    # -- change feed

    def _changes(self) -> bool:
        """Follow the feed; False when it holds a rollback."""
        number, generation, exact = 0, 1, True
        while changes := self._books.changes(number, _CHANGES_PAGE):
            for change in changes:
                if change.number != number + 1:
                    self._note("change numbers that follow a gap", change.number)
                number = change.number
                if change.kind == "flipped":
                    exact = exact and change.generation > generation
                    generation = change.generation
                self._follow(change)
        self._counts["changes"] = number
        return exact

    def _follow(self, change: Change) -> None:
        if change.kind in ("created", "updated"):
            for seq in change.seqs:
                if self._replay.get(seq) is not None:
                    self._note("articles that the change feed assigns twice", seq)
        if change.kind not in ("retired", "flipped", "corrected"):
            target = {"merged": change.other, "erased": None}.get(change.kind, change.cluster)
            for seq in change.seqs:
                self._replay.put(seq, target)

    def _compare_replay(self) -> None:
        for seq in range(1, max(len(self._assigned.of), len(self._replay.of))):
            here, told = self._assigned.get(seq), self._replay.get(seq)
            expired = seq < len(self._expired) and self._expired[seq]
            if here != told and not expired:
                self._note("articles whose cluster is not what the change feed tells", seq)


def _is_copy(facts: PreparedFacts) -> bool:
    return bool(facts.relations) and facts.relations[0].is_copy


def _sentence(what: str, ids: Iterable[int | str]) -> str:
    every = list(dict.fromkeys(ids))
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return f"{what}: {', '.join(map(str, every[:_NAMED]))}{more}"
