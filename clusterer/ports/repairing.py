"""Damage from outside: what follows from the articles themselves is made anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Repairing(Protocol):
    """See CollectionStore for what all methods promise."""

    def check_lists(self, seqs: Sequence[int]) -> list[tuple[int, str]]:
        """(seq, list) for each list that is wrong about an article: `pending`, `dead`, `finished` (assigned or dead), by its state, and
        `copies` of the article that its primary relation names. Up to 64 seqs, here and below.
        """
        ...

    def relist(self, seqs: Sequence[int]) -> int:
        """Put each article into the lists it belongs in and out of the others. Returns how many entries were wrong."""
        ...

    def check_postings(self, seqs: Sequence[int], at: datetime) -> list[int]:
        """Articles that `register` entered and that are missing from a posting list now.

        Only those that are handed over and that an article registered `at` this time could still meet; full lists lack nobody.
        """
        ...

    def repost(self, seqs: Sequence[int], at: datetime) -> int:
        """Enter them again where they are missing, before those accepted later. Returns how many articles were missing somewhere."""
        ...

    def reassign(self, generation: int, change: int, rows: Sequence[tuple[int, str | None]]) -> bool:
        """Correct who is in which cluster (None: in none) of the published generation. Its counters and lists do not follow: stage and
        flip another one afterwards. A cluster for an article that is not assigned, and None for one that is, are skipped.

        False, and nothing written, unless `generation` is published and `change` is the last change.
        """
        ...

    def recount(self, erased: int, stored: int) -> bool:
        """Make `books` anew from the lists that `relist` keeps right; of erased articles there is no list, so the caller counts them.

        False, and nothing written, unless the count of erased articles is still `stored`, as before they were counted.
        """
        ...
