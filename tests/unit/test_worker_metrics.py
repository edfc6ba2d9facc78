"""A worker shows its own metrics where it is told to, and a taken port stops nothing."""

from __future__ import annotations

import urllib.request

from clusterer_workers.lifecycle import show_metrics
from faults.fleet import free_port

from clusterer.bootstrap import Clusterer
from clusterer.cli.serving import worker_children
from clusterer.pipeline.intake import ArticleIn
from clusterer.settings import Settings


def test_a_worker_shows_what_it_did() -> None:
    settings = Settings(model="hashing", metrics_port=free_port())
    service = Clusterer.in_memory(settings)
    service.collection().intake.accept([ArticleIn(id="a", text="The river rose at Lowfield on Monday.")])
    service.drain()
    show_metrics(service, settings)
    with urllib.request.urlopen(f"http://127.0.0.1:{settings.metrics_port}/metrics", timeout=120) as answer:
        text = answer.read().decode()
    assert 'clusterer_articles_ingested_total{outcome="new"} 1.0' in text
    assert "clusterer_store_up" not in text  # one process reading the books is enough
    show_metrics(service, settings)  # the port is taken now: a warning and no more


def test_without_a_port_nothing_listens() -> None:
    settings = Settings(model="hashing")
    show_metrics(Clusterer.in_memory(settings), settings)


def test_each_worker_of_a_machine_has_its_own_port() -> None:
    children = worker_children(Settings(metrics_port=9100), 2, {})
    ports = {child.name: child.env.get("CLUSTERER_METRICS_PORT") for child in children}
    assert ports == {"articles1": "9101", "articles2": "9102", "clusters1": "9100", "beat": None}
    assert all("CLUSTERER_METRICS_PORT" not in child.env for child in worker_children(Settings(), 2, {}))
