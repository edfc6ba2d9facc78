"""How writers share the collections among themselves: each collection has one writer, and each writer about as many as the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


def collection_to_ask_for(leaders: Mapping[str, str], worker: str, refused: Iterable[str]) -> str | None:
    """The collection whose writer `worker` should ask to hand it on; None while the shares are fair.

    `leaders`: collection -> its writer, of all that have one. `refused`: those with work that `worker` could not claim. Only a writer that
    leads at least two more is asked, the one that leads most: so no collection is ever handed back and forth, and to ask for
    one at a time is enough.
    """
    shares = Counter(leaders.values())
    candidates = [name for name in refused if shares[leaders.get(name, "")] >= shares[worker] + 2]
    return min(candidates, key=lambda name: (-shares[leaders[name]], name), default=None)
