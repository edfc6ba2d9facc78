"""Reports of nightly runs, as they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec
import orjson

from clusterer.core.cluster_records import Change
from clusterer.pipeline.feed import oldest_change
from clusterer.pipeline.lookup.pair_past import Night
from clusterer.pipeline.lookup.views import PlanView
from clusterer.ports import CollectionStore

MOST_SHOWN = 500  # clusters of each kind that the plan of a dry run lists
_LATEST_RUNS = 10
_GROUPED = ("published", "unchanged", "refused")  # what came of runs that made a plan and were not given up
_LATEST = 1_000  # changes among which a rollback is looked for


@dataclass(frozen=True, slots=True)
class Run:
    """The report of a run, kept with the books. outcome `refused`: the guard's objections stood; `unchanged`: nothing to do; `abandoned`: a
    correction or too many arrivals overtook the plan, which is the one objection then.

    plan: what would happen to which clusters; of dry runs only, since titles must not outlive their articles in what is kept.
    """

    started_at: datetime
    finished_at: datetime
    outcome: str  # planned | published | refused | unchanged | abandoned
    generation: int
    figures: Mapping[str, Any]
    objections: tuple[str, ...]
    forced: bool
    actor: str
    replayed: int = 0
    reason: str | None = None  # that a person gave who asked for it
    plan: PlanView | None = None

    def is_rolled_back(self, published: int) -> bool:
        """Whether the generation that it published is later than the one that is published now."""
        return self.outcome == "published" and self.generation > published

    def to_json(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_UTC_Z)


_decoder = msgspec.json.Decoder(Run)


def runs(books: CollectionStore, limit: int) -> tuple[Run, ...]:
    """Reports of a collection's runs that were no dry runs, latest first."""
    return tuple(_decoder.decode(run) for run in books.runs(limit))


def nights(books: CollectionStore) -> tuple[Night, ...]:
    """The latest runs that grouped all articles, latest first, without those that were rolled back."""
    published = books.position().generation
    return tuple(
        Night(run.started_at, run.outcome)
        for run in runs(books, _LATEST_RUNS)
        if run.outcome in _GROUPED and not run.is_rolled_back(published)
    )


def latest_rollback(books: CollectionStore) -> Change | None:
    """Who restored an earlier clustering, when and why, if that is among the latest changes."""
    after = max(books.position().change - _LATEST, oldest_change(books) - 1, 0)
    flips = [one for one in books.changes(after, _LATEST) if one.kind == "flipped" and one.actor]
    return flips[-1] if flips else None
