"""How long pages take and what they weigh, with many articles loaded: `python -m benchmarks.pages --articles 10000`.

Each page is asked for over a real socket: once first and then several times. What `clusterer serve` reads and loads at its start was
read and loaded before. The largest cluster has 220 articles, of which each has reasons. Prints JSON; CPU time is of this process, without
Redis. Exits 1 if a page takes longer than half a second, be it the first time, which needs a quiet machine, or weighs more than 300 KB.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import islice
from urllib.parse import quote

import msgspec
import numpy as np
import uvicorn

from benchmarks.made_events import MadeEvents, fill, made_events, prose
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.scoring.reasons import Closest, Reasons, RunnerUp, Term
from clusterer.logging import configure_logging
from clusterer.settings import Settings
from clusterer.web.site import warm

_AGAIN = 5
_SAGA, _LARGEST = "saga", 220  # a cluster, and its articles
_LONGEST_S = 0.5
_HEAVIEST_BYTES = 300_000


def main() -> int:
    """Fill, serve, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    count = parser.parse_args().articles
    settings = Settings(model="hashing", log_level="warning")
    configure_logging(settings)
    service = Clusterer.in_memory(settings)
    made = made_events(count)
    clusters = _clusters(made)
    fill(service.collection().books, made, clusters, told=prose, why=_reasons(clusters))
    warm(service)
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_config=None, access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    joined = [f"a{place + 1}" for place, cluster in enumerate(clusters) if cluster == _SAGA]
    measured = [_measure(port, path) for path in _pages(_SAGA, joined[-1], joined[0])]
    server.should_exit = True
    good = all(
        max(page["first_s"], page["again_max_s"]) <= _LONGEST_S and page["bytes"] <= _HEAVIEST_BYTES
        for page in measured
    )
    print(json.dumps({"articles": count, "good": good, "pages": measured}, indent=1))
    return 0 if good else 1


def _clusters(made: MadeEvents) -> list[str]:
    """Of each article that of its event; the largest topics' articles are one of 220."""
    sizes = np.bincount(made.topics)
    topics = np.argsort(-sizes)[: 1 + int(np.searchsorted(np.cumsum(np.sort(sizes)[::-1]), _LARGEST))]
    saga = set(islice(np.flatnonzero(np.isin(made.topics, topics)).tolist(), _LARGEST))
    return [_SAGA if place in saga else f"c{event}" for place, event in enumerate(made.events.tolist())]


def _reasons(clusters: Sequence[str]) -> Callable[[Evidence, str], bytes]:
    """Decisions as articles have them that were compared with those before them in their cluster."""
    known: dict[str, list[int]] = {}

    def why(one: Evidence, cluster: str) -> bytes:
        before = known.setdefault(cluster, [])
        reasons = Reasons("no_candidates")
        if before:
            closest = tuple(Closest(seq, 0.8) for seq in before[-3:])
            terms = tuple(Term(name, 0.5, 0.5) for name in ("words", "words_standing_high", "meaning_standing_high"))
            other = RunnerUp(clusters[one.seq - 2], 0.1, 0.7)
            words = one.sparse.terms[:12]
            reasons = Reasons("score", cluster, 0.8, 0.4, 1.4, -0.1, terms, words, runner_up=other, closest=closest)
        before.append(one.seq)
        return msgspec.json.encode(reasons)

    return why


def _pages(cluster: str, latest: str, first: str) -> list[str]:
    """latest, first: articles of that cluster."""
    one = quote(cluster)
    return [
        "/",
        "/?sort=last_seen",
        "/?sort=size",
        "/?sort=sources",
        "/?q=article+12",
        "/?published_from=2026-01-05&published_to=2026-01-06&min_size=3",
        f"/clusters/{one}",
        f"/clusters/{one}?from=40",
        f"/clusters/{one}/near",
        f"/articles/{latest}",
        f"/articles/{first}",
        f"/articles/{latest}/near",
        f"/articles/{latest}/beside/{first}",
        f"/v1/articles/{latest}/explain",
        "/articles/a77",
        "/articles/a77/near",
        "/articles/a77/beside/a78",
        "/corrections",
        "/nights",
        "/health",
        "/v1/clusters?sort=velocity&limit=100",
        "/v1/clusters?words=article&limit=100",
        "/v1/clusters?limit=100",
        "/v1/clusters?min_sources=90&limit=100",
        "/v1/articles?limit=100",
        "/v1/articles?words=nothing+like+it&limit=100",
        f"/v1/articles?cluster={one}&limit=100",
        f"/v1/clusters/{one}/articles?limit=100",
        f"/v1/clusters/{one}/history?limit=100",
        f"/v1/clusters/{one}/timeline",
        f"/v1/clusters/{one}/related?limit=100",
        f"/v1/clusters/{one}/storyline?limit=100",
        "/v1/articles/a77/related?limit=100",
        "/v1/articles/a77/explain",
        "/v1/articles/a77/duplicates",
        "/v1/changes?limit=1000",
        "/v1/constraints",
        "/v1/collections",
        "/v1/admin/dead",
        "/v1/admin/rejected",
        "/v1/admin/runs",
        "/v1/webhooks",
    ]


def _measure(port: int, path: str) -> dict[str, object]:
    used_s = time.process_time()
    first_s, size = _ask(port, path)
    used_s = time.process_time() - used_s
    again_s = [_ask(port, path)[0] for _ in range(_AGAIN)]
    return {
        "path": path,
        "first_s": round(first_s, 4),
        "first_cpu_s": round(used_s, 4),
        "again_median_s": round(statistics.median(again_s), 4),
        "again_max_s": round(max(again_s), 4),
        "bytes": size,
    }


def _ask(port: int, path: str) -> tuple[float, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    size = len(answer.read())
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} is answered {answer.status}")
    return time.perf_counter() - began, size


if __name__ == "__main__":
    sys.exit(main())
