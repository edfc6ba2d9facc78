"""What arrives while a reclustering runs, replayed into the unpublished generation through the same decision as ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clusterer.core.cluster_records import Change
from clusterer.core.clustering.window import Window
from clusterer.core.errors import Conflict
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.nightly.lineage import Memberships
from clusterer.pipeline.feed import next_changes
from clusterer.pipeline.nightly.snapshot import Snapshot
from clusterer.ports import CollectionStore

_SLICE = 1_000  # as much as one staging takes
_Articles = Mapping[int, Evidence | None]


class Tail:
    """Follows the published generation's change feed and assigns its new articles in the unpublished one.

    A correction by a person cannot be replayed into a plan made without it: it ends the run with Conflict, and the next run starts
    from it. Merges and splits decided online meanwhile are left out, since hindsight has decided anew; their ids stay resolvable.
    """

    def __init__(
        self, books: CollectionStore, make_window: Callable[[], Window], new_cluster_id: Callable[[], str]
    ) -> None:
        self._books = books
        self._make_window = make_window
        self._new_cluster_id = new_cluster_id
        self.replayed = 0
        self.aliases: dict[str, str] = {}

    def begin(
        self, snapshot: Snapshot, assignment: Mapping[int, str], aliases: Mapping[str, str], generation: int
    ) -> None:
        """Start from the planned partition."""
        self._snapshot = snapshot
        self.memberships = Memberships(snapshot.assignment, assignment)  # published and unpublished
        self._living = set(assignment.values())
        self.aliases = dict(aliases)
        self._generation = generation
        self.change = snapshot.change  # the last one that is staged
        self._window: Window | None = None

    @property
    def assignment(self) -> Mapping[int, str]:
        """seq -> cluster in the unpublished generation."""
        return self.memberships.new

    def catch_up(self) -> bool:
        """Stage the next changes, up to 1,000; whether there were no more when they were read. `change` is then the last one."""
        changes = next_changes(self._books, self.change, _SLICE)
        entering = [seq for change in changes if change.enters for seq in change.seqs if seq not in self.assignment]
        articles = dict(zip(entering, self._books.evidence(entering), strict=True))
        aliases_before = dict(self.aliases)
        for change in changes:
            self._apply(change, articles)
            self.memberships.put_old(change.seqs if change.moves else (), change.target)
            self.change = change.number
        rows = [(seq, self.assignment[seq]) for seq in dict.fromkeys(entering) if seq in self.assignment]
        for start in range(0, len(rows), _SLICE):
            self._books.stage(self._generation, rows[start : start + _SLICE])
        if self.aliases != aliases_before:
            self._books.stage(self._generation, [], aliases=self.aliases)
        self.replayed += len(rows)
        return len(changes) < _SLICE

    def _apply(self, change: Change, articles: _Articles) -> None:
        if change.kind == "flipped":
            raise Conflict("another generation was published meanwhile")
        if change.kind == "corrected" or change.actor is not None:
            raise Conflict("a correction was made during the run: start again to include it")
        if change.enters:
            self._enter(change, articles)
        elif change.target:
            self._keep_resolvable(change)
        elif change.moves:
            for seq in change.seqs:
                self.memberships.put_new([seq], None)
                if self._window is not None:
                    self._window.remove(seq)

    def _enter(self, change: Change, articles: _Articles) -> None:
        entering = [seq for seq in change.seqs if seq not in self.assignment]
        for seq in entering:
            self.memberships.put_new([seq], self._assign(articles[seq], change.cluster))
        self._living.update(self.assignment[seq] for seq in entering)
        if entering:
            self._alias(change.cluster, self.assignment[entering[0]])

    def _assign(self, evidence: Evidence | None, online: str) -> str:
        original = evidence.copy_of if evidence else None
        if original is not None and original in self.assignment:
            return self.assignment[original]
        if evidence is None or not evidence.comparable:
            return self._unused(online)
        window = self._loaded()
        decision = window.decide(evidence)
        window.learn(decision)
        cluster = decision.joined or self._unused(online)
        window.add(evidence, cluster)
        return cluster

    def _unused(self, online: str) -> str:
        """The id that the article's cluster has online, if that is free here; else a new one."""
        return self._new_cluster_id() if online in self._living or online in self.aliases else online

    def _keep_resolvable(self, change: Change) -> None:
        targets = [self.assignment[seq] for seq in change.seqs if seq in self.assignment]
        for cluster in (change.source, change.target):
            if cluster and targets:
                self._alias(cluster, targets[0])

    def _alias(self, cluster: str, target: str) -> None:
        if cluster not in self._living and cluster not in self.aliases and cluster != target:
            self.aliases[cluster] = target

    def _loaded(self) -> Window:
        if self._window is None:
            self._window = self._make_window()
            for seq in sorted(self._snapshot.evidence):
                if seq in self.assignment:
                    self._window.add(self._snapshot.evidence[seq], self.assignment[seq])
            for reasons in self._snapshot.decisions:
                self._window.learn(reasons)
        return self._window
