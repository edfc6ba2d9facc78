"""What all processes together have done: each adds what it observed to totals in the store, and the API shows those.

Workers come and go, and there may be many on machines that nobody scrapes. The totals outlive them all, so a counter of the API's
`/metrics` never falls. A process that is killed takes along what it had not added yet, a few seconds' worth.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from clusterer.core.errors import ClustererError
from clusterer.ports import Store

_Series = dict[str, float]


class SharedTotals(Collector):
    """The families of `work` over all processes. Safe for threads."""

    def __init__(self, work: CollectorRegistry, store: Store) -> None:
        self._work = work
        self._store = store
        self._lock = threading.Lock()
        self._added: _Series = {}

    def add(self) -> None:
        """Add what this process observed since the last time. Raises StoreUnavailable; then it is added the next time."""
        with self._lock:
            counts, levels = self._observed()
            # A new series is added even at zero: an empty bucket tells as much as a full one.
            changed = {name: value - self._added.get(name, 0.0) for name, value in counts.items()}
            changed = {name: value for name, value in changed.items() if value or name not in self._added}
            if changed or levels:
                self._store.add_totals(changed, levels)
            self._added = counts

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the store."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every family, by the names and types that this process knows; without series when the store does not answer."""
        try:
            self.add()
            totals = self._store.totals()
        except ClustererError:
            totals = {}
        series = [(*_read(name), value) for name, value in totals.items()]
        for family in self._work.collect():
            shown = Metric(family.name, family.documentation, family.type)
            names = {family.name + ending for ending in ("", "_total", "_bucket", "_count", "_sum")}
            for name, labels, value in sorted(series, key=_in_order):
                if name in names:
                    shown.add_sample(name, labels, value)
            yield shown

    def _observed(self) -> tuple[_Series, _Series]:
        """Counts, which add up, and levels, of which the last one holds."""
        counts: _Series = {}
        levels: _Series = {}
        for family in self._work.collect():
            for sample in family.samples:
                if not sample.name.endswith("_created"):
                    kind = levels if family.type == "gauge" else counts
                    kind[json.dumps([sample.name, sample.labels], sort_keys=True)] = sample.value
        return counts, levels


def _read(name: str) -> tuple[str, dict[str, str]]:
    series, labels = json.loads(name)
    return series, labels


def _in_order(sample: tuple[str, dict[str, str], float]) -> tuple[str, list[tuple[str, str]], float]:
    """Series by their labels, buckets by their bounds."""
    name, labels, _ = sample
    return name, sorted(item for item in labels.items() if item[0] != "le"), float(labels.get("le", 0))
