"""What damage from outside did to lists and tables that can be made anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clusterer.adapters.memory_store.erasing import Erasing
from clusterer.adapters.memory_store.state import check_batch, locked


class Repairing(Erasing):
    """See CollectionStore for what each method promises. There are no lists of articles by state here, so those are never wrong."""

    @locked
    def check_lists(self, seqs: Sequence[int]) -> list[tuple[int, str]]:
        check_batch(seqs)
        return [(seq, "copies") for seq in seqs if self._unlisted_with(seq) is not None]

    @locked
    def relist(self, seqs: Sequence[int]) -> int:
        unlisted = self.check_lists(seqs)
        for seq, _ in unlisted:
            other = self._unlisted_with(seq)
            assert other is not None
            self._followers[other].add(seq)
        return len(unlisted)

    def _unlisted_with(self, seq: int) -> int | None:
        """The article that this one's primary relation names, if its list of copies lacks this one."""
        row = self._rows.get(seq)
        relation = row.first_relation() if row is not None else None
        if relation is None or seq in self._followers[relation.other]:
            return None
        return relation.other

    @locked
    def check_postings(self, seqs: Sequence[int], at: datetime) -> list[int]:
        check_batch(seqs)
        return [seq for seq in seqs if self._is_decided(seq) and self._posting.missing(seq, at)]

    @locked
    def repost(self, seqs: Sequence[int], at: datetime) -> int:
        missing = self.check_postings(seqs, at)
        for seq in missing:
            self._posting.enter_again(seq)
        return len(missing)

    def _is_decided(self, seq: int) -> bool:
        """Handed over. An article in the inbox enters by itself, when it is registered."""
        row = self._rows.get(seq)
        return row is not None and (row.state == "assigned" or (row.state == "pending" and row.stage != "received"))

    @locked
    def reassign(self, generation: int, change: int, rows: Sequence[tuple[int, str | None]]) -> bool:
        check_batch(rows)
        if generation != self._published or change != self._last_change:
            return False
        for seq, cluster in rows:
            row = self._rows.get(seq)
            assigned = row is not None and row.state == "assigned"
            if assigned and cluster is not None:
                self._clustering.cluster_of[seq] = cluster
            elif not assigned and cluster is None:
                self._clustering.cluster_of.pop(seq, None)
        return True

    @locked
    def recount(self, erased: int, stored: int) -> bool:
        """There is nothing to correct: `books` counts the articles."""
        return stored == sum(row.state == "erased" for row in self._rows.values())
