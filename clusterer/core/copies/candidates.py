"""In what order articles are worth comparing with one that shares posting terms with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def candidates(exact: Mapping[int, int], bands: Mapping[int, int], sketch: Mapping[int, int]) -> dict[int, int]:
    """seq -> number of shared terms, from those numbers by kind of term.

    The same exact hash comes first, then most shared terms, then the earliest.
    """
    shared = Counter(bands) + Counter(sketch) + Counter(exact)
    return {seq: shared[seq] for seq in sorted(shared, key=lambda seq: (seq not in exact, -shared[seq], seq))}
