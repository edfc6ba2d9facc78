"""One trace of an article through real processes: the API, a worker that is killed, the next one, and a collector."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis
from celery import Celery
from faults.articles import event_articles
from faults.fleet import CELERY, Fleet, free_port, observer, wait_for, wait_for_redis
from support.spans import CALLER, TRACE, TRACEPARENT, Collector, collecting

START_S = 300  # on a busy machine
OF_THE_QUEUE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="clusterer-traces-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        found.released.set()
        yield found


@pytest.mark.slow
def test_an_article_is_one_trace_also_when_the_worker_that_has_it_is_killed(folder: Path, collector: Collector) -> None:
    port, api_port = free_port(), free_port()
    url = f"redis://127.0.0.1:{port}/0"
    env = {
        "CLUSTERER_REDIS_URL": url,
        "CLUSTERER_DATA_DIR": str(folder),
        "CLUSTERER_MODEL": "hashing",
        "CLUSTERER_LEASE_S": "1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    worker = (*CELERY, "worker", "-Q", "articles,clusters", "-P", "solo", "--without-gossip", "--without-mingle")
    with Fleet(folder, env, warm=True) as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(url)
        api = fleet.add("api", "-m", "clusterer.cli.main", "serve", "--port", str(api_port))
        dying = fleet.add("dying", *worker, "-n", "a@x", CLUSTERER_ROLE="articles", CLUSTERER_FAILPOINT="embedded")
        for process in (api, dying, fleet.add_beat()):
            process.start()
        service = observer(url, folder)
        client = httpx.Client(base_url=f"http://127.0.0.1:{api_port}", timeout=START_S)
        wait_for("the API answers", lambda: answers(client), START_S)
        articles = event_articles(2, 2, seed=1)
        sent = client.post("/v1/articles:batch", json=articles[:3], headers={"traceparent": TRACEPARENT})
        assert sent.json()["accepted"] == 3
        wait_for("the worker dies of its first batch", lambda: dying.popen is not None and not dying.alive, START_S)
        assert not collector.named("prepare"), "it was killed before they had ended"

        fleet.add("next", *worker, "-n", "b@x", CLUSTERER_ROLE="articles").start()
        producer = Celery(broker=url, set_as_current=False)
        producer.send_task(
            "clusterer.ingest", args=[articles[3:]], queue="articles", headers={"traceparent": OF_THE_QUEUE}
        )
        books = service.collection().books
        wait_for("all are assigned", lambda: books.books().assigned == len(articles), START_S)
        wait_for("all is told", lambda: all_is_told(collector, len(articles)), START_S)

        (request,) = collector.named("POST /v1/articles:batch")
        (task,) = collector.named("clusterer.ingest")
        assert (request.trace, request.parent, request.service) == (TRACE, CALLER, "clusterer-api")
        assert (task.trace, task.parent, task.service) == (
            OF_THE_QUEUE[3:35],
            OF_THE_QUEUE[36:52],
            "clusterer-articles",
        )
        accepts = {span.parent: span for span in collector.named("accept")}
        for name in ("prepare", "assign"):
            spans = {str(span.facts["clusterer.article.id"]): span for span in collector.named(name)}
            assert len(collector.named(name)) == len(articles), "one for each article"
            for article in articles:
                span = spans[article["id"]]
                accept = accepts[task.id if article is articles[3] else request.id]
                assert (span.trace, span.parent, span.failed) == (accept.trace, accept.id, False)
                assert span.service == "clusterer-articles"
                (batch,) = span.links
                assert accept.id in batches(collector, name)[batch]
        assert TRACE.encode() in api.log.read_bytes()
        kept = redis.Redis.from_url(url)
        assert not any(kept.hexists(f"clu:{{default}}:a:{seq}", "trace") for seq in range(1, len(articles) + 1))


def all_is_told(collector: Collector, articles: int) -> bool:
    """Each process sends when it sees fit: the spans of both entries, of each article, and of the batches that those name."""
    entries = collector.named("POST /v1/articles:batch", "clusterer.ingest")
    of_articles = collector.named("prepare", "assign")
    named = {link for span in of_articles for link in span.links}
    ended = {span.id for span in collector.named("prepare batch", "assign batch")}
    accepted = len(collector.named("accept")) == len(entries) == 2
    return accepted and len(of_articles) >= 2 * articles and named <= ended


def batches(collector: Collector, name: str) -> dict[str, frozenset[str]]:
    """The links of each batch, by its id."""
    return {span.id: span.links for span in collector.named(f"{name} batch")}


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").is_success
    except httpx.TransportError:
        return False
