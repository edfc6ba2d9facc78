"""Prometheus metrics: what the stages observe, and what is read from the books when somebody looks.

Names follow the Prometheus rules: one prefix, base units, `_total` for counters, and no ids as labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import fields

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from clusterer.core.errors import ClustererError
from clusterer.pipeline.totals import SharedTotals
from clusterer.ports import Store

_ROLES = ("articles", "clusters")
_MARGINS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
_CANDIDATES = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_LAGS_S = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200)
_STAGES_S = (0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """What a process observes of its own work. Give each registry one of these.

    `work` holds what is added up over all processes, `registry` what concerns this one alone.

    articles_ingested{outcome}: new, version, exact, near, excerpt as they are prepared; replayed (known before) and rejected as
    they come in. stage_duration_s{stage}: clean and fingerprint of one article; accept, embed and commit of a batch.
    assignment{result}: joined, new, copy. assignment_margin: winner's probability less the runner-up's. lsh_candidates:
    candidates an article had. ingest_lag_s: reception to commit.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.work = CollectorRegistry()
        self.articles_ingested = Counter(
            "clusterer_articles_ingested", "Accepted articles by outcome", ["outcome"], registry=self.work
        )
        self.stage_duration_s = Histogram(
            "clusterer_stage_duration_seconds",
            "Time in a stage, of an article or a batch",
            ["stage"],
            buckets=_STAGES_S,
            registry=self.work,
        )
        self.assignment = Counter("clusterer_assignment", "Assignments by result", ["result"], registry=self.work)
        self.assignment_margin = Histogram(
            "clusterer_assignment_margin", "Probability ahead of the runner-up", buckets=_MARGINS, registry=self.work
        )
        self.lsh_candidates = Histogram(
            "clusterer_lsh_candidates", "Copy candidates of an article", buckets=_CANDIDATES, registry=self.work
        )
        self.ingest_lag_s = Histogram(
            "clusterer_ingest_lag_seconds",
            "Time from receiving an article to its commit",
            buckets=_LAGS_S,
            registry=self.work,
        )
        self.index_vectors = Gauge("clusterer_index_vectors", "Vectors in memory", ["collection"], registry=self.work)
        self.http_requests = Counter(
            "clusterer_http_requests", "Answered requests", ["method", "route", "status"], registry=registry
        )
        self.http_duration_s = Histogram(
            "clusterer_http_request_duration_seconds", "Time to answer", ["route"], buckets=_STAGES_S, registry=registry
        )

        self._exposed = False

    def stage(self, name: str) -> AbstractContextManager[object]:
        """Times a `with` block as a stage."""
        return self.stage_duration_s.labels(name).time()

    def ingested(self, outcome: str, count: int = 1) -> None:
        """Count articles by what became of them."""
        self.articles_ingested.labels(outcome).inc(count)

    def assigned(self, result: str) -> None:
        """Count an assignment."""
        self.assignment.labels(result).inc()

    def expose(self, store: Store, version: str, model: str) -> None:
        """Let each scrape read the books too, and say which program this is. More than once changes nothing.

        One process of a deployment reading the books is enough: the API does.
        """
        if not self._exposed:
            self._exposed = True
            self.registry.register(StoreCollector(store))
            self.registry.register(SharedTotals(self.work, store))
            self.build_info(version, model)

    def build_info(self, version: str, model: str) -> None:
        """State which build and embedding model this process runs, and how the process itself fares."""
        ProcessCollector(registry=self.registry)
        Info("clusterer_build", "Build and model", registry=self.registry).info({"version": version, "model": model})


class StoreCollector(Collector):
    """Reads queue lengths, article states, living workers and two counts of trouble from the store at every scrape.

    clusterer_refused_commits_total: commits of a writer whose lease had passed to another. clusterer_repaired_entries_total: articles
    that the sweep found in no queue; above 0 somebody or something has damaged the data.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the store."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The families of all collections; only `clusterer_store_up` 0 when the store does not answer."""
        up = GaugeMetricFamily("clusterer_store_up", "Whether the store answers")
        try:
            families = self._families()
        except ClustererError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from families

    def _families(self) -> list[Metric]:
        articles = GaugeMetricFamily("clusterer_articles", "Accepted articles by state", labels=["collection", "state"])
        depth = GaugeMetricFamily("clusterer_queue_depth", "Entries waiting", labels=["collection", "queue"])
        age = GaugeMetricFamily(
            "clusterer_queue_age_seconds", "Age of the oldest entry", labels=["collection", "queue"]
        )
        refused = CounterMetricFamily(
            "clusterer_refused_commits", "Commits refused because another writer had taken over", labels=["collection"]
        )
        repaired = CounterMetricFamily(
            "clusterer_repaired_entries", "Articles that were in no queue and were queued again", labels=["collection"]
        )
        workers = GaugeMetricFamily("clusterer_workers", "Living worker processes", labels=["role"])
        for name in self._store.collections():
            books = self._store.collection(name)
            counts = books.books()
            for field in fields(counts):
                if field.name != "accepted":  # the sum of the others
                    articles.add_metric([name, field.name], getattr(counts, field.name))
            queues = books.queue_facts()
            depth.add_metric([name, "inbox"], queues.inbox_length)
            depth.add_metric([name, "ready"], queues.ready_length)
            depth.add_metric([name, "dead"], queues.dead_length)
            depth.add_metric([name, "rejected"], queues.rejected_length)
            parked = books.parked()
            depth.add_metric([name, "parked"], parked.length)
            age.add_metric([name, "parked"], parked.age_s)
            age.add_metric([name, "inbox"], queues.inbox_age_s)
            age.add_metric([name, "ready"], queues.ready_age_s)
            refused.add_metric([name], queues.refused_commits)
            repaired.add_metric([name], queues.repaired_entries)
        roles = list(self._store.workers().values())
        for role in sorted({*_ROLES, *roles}):  # 0 where none is alive, since an alert needs a series to look at
            workers.add_metric([role], roles.count(role))
        return [articles, depth, age, refused, repaired, workers]


def build_metrics() -> Metrics:
    """Metrics in a registry of their own, for `generate_latest` or `start_http_server(port, registry=...)`."""
    return Metrics(CollectorRegistry())
