"""What arrives while a reclustering runs, replayed into the unpublished generation through the same decision as ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clusterer.core.clustering.window import Join, Window
from clusterer.core.errors import Conflict
from clusterer.core.feed import apply_membership
from clusterer.core.records import Change
from clusterer.pipeline.feed import changes_since
from clusterer.pipeline.nightly.snapshot import Snapshot
from clusterer.pipeline.stored import to_evidence
from clusterer.ports import CollectionStore


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
        self.assignment: dict[int, str] = {}  # seq -> cluster in the unpublished generation
        self.online: dict[int, str] = {}  # seq -> cluster in the published one
        self.aliases: dict[str, str] = {}

    def begin(
        self, snapshot: Snapshot, assignment: Mapping[int, str], aliases: Mapping[str, str], generation: int
    ) -> None:
        """Start from the planned partition."""
        self._snapshot = snapshot
        self.assignment = dict(assignment)
        self.online = dict(snapshot.assignment)
        self._living = set(assignment.values())
        self.aliases = dict(aliases)
        self._generation = generation
        self._change = snapshot.change
        self._window: Window | None = None

    def catch_up(self) -> int:
        """Stage everything up to the last change; the number of that change."""
        for change in changes_since(self._books, self._change):
            self._apply(change)
            apply_membership(self.online, change)
            self._change = change.number
        return self._change

    def _apply(self, change: Change) -> None:
        if change.kind == "flipped":
            raise Conflict("another generation was published meanwhile")
        if change.kind == "corrected" or change.actor is not None:
            raise Conflict("a correction was made during the run: start again to include it")
        if change.enters:
            self._stage(change)
        elif change.target:
            self._keep_resolvable(change)
        elif change.moves:
            for seq in change.seqs:
                self.assignment.pop(seq, None)
                if self._window is not None:
                    self._window.remove(seq)

    def _stage(self, change: Change) -> None:
        rows = [(seq, self._assign(seq, change.cluster)) for seq in change.seqs if seq not in self.assignment]
        self.assignment.update(rows)
        self._living.update(cluster for _, cluster in rows)
        if rows:
            self._alias(change.cluster, rows[0][1])
            self._books.stage(self._generation, rows, aliases=self.aliases)
            self.replayed += len(rows)

    def _assign(self, seq: int, online: str) -> str:
        facts = self._books.facts([seq])[0]
        original = facts.copy_of if facts else None
        if original is not None and original in self.assignment:
            return self.assignment[original]
        stored = self._books.evidence([seq])[0]
        evidence = to_evidence(stored) if stored else None
        if evidence is None:
            return self._unused(online)
        window = self._loaded()
        decision = window.decide(evidence)
        cluster = decision.cluster_id if isinstance(decision, Join) else self._unused(online)
        window.add(evidence, cluster)
        return cluster

    def _unused(self, online: str) -> str:
        """The id that the article's cluster has online, if that is free here; else a new one."""
        return self._new_cluster_id() if online in self._living or online in self.aliases else online

    def _keep_resolvable(self, change: Change) -> None:
        targets: Sequence[str] = [self.assignment[seq] for seq in change.seqs if seq in self.assignment]
        for cluster in (change.source, change.target):
            if cluster and targets:
                self._alias(cluster, targets[0])
        self._books.stage(self._generation, [], aliases=self.aliases)

    def _alias(self, cluster: str, target: str) -> None:
        if cluster not in self._living and cluster not in self.aliases and cluster != target:
            self.aliases[cluster] = target

    def _loaded(self) -> Window:
        if self._window is None:
            self._window = self._make_window()
            for seq, evidence in sorted(self._snapshot.evidence.items()):
                if seq in self.assignment:
                    self._window.add(evidence, self.assignment[seq])
        return self._window
