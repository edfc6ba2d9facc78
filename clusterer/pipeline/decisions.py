"""The decisions that are stored with articles, read back: what the latest tell of the stream."""

from __future__ import annotations

from collections.abc import Sequence

from clusterer.core.scoring.prevalence import LATEST
from clusterer.core.scoring.reasons import Reasons
from clusterer.ports import CollectionStore

_NOT_COMPARED = ("nothing_to_compare", "follows_original")


def latest_decisions(books: CollectionStore, seqs: Sequence[int]) -> list[Reasons]:
    """The decisions about the last of some articles, in their order, without those that nothing was compared for."""
    stored = map(Reasons.from_json, books.reasons_of(seqs[-LATEST:]))
    return [reasons for reasons in stored if reasons and reasons.rule not in _NOT_COMPARED]
