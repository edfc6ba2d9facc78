"""How long pages take and what they weigh, with many articles loaded: `python -m benchmarks.pages --articles 10000`.

Each page is asked for over a real socket: once first and then several times. What `clusterer serve` reads and loads at its start was
read and loaded before. Prints JSON; CPU time is of this process, without Redis. Exits 1 if a page takes longer than half a second, be
it the first time, which needs a quiet machine, or weighs more than 300 KB.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import threading
import time
from collections import Counter
from urllib.parse import quote

import uvicorn

from benchmarks.made_events import fill, made_events, prose
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.logging import configure_logging
from clusterer.settings import Settings
from clusterer.web.site import warm

_AGAIN = 5
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
    clusters = [f"c{event}" for event in made.events.tolist()]
    fill(service.collection().books, made, clusters, told=prose)
    warm(service)
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_config=None, access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    largest = Counter(clusters).most_common(1)[0][0]
    measured = [_measure(port, path) for path in _pages(largest)]
    server.should_exit = True
    good = all(
        max(page["first_s"], page["again_max_s"]) <= _LONGEST_S and page["bytes"] <= _HEAVIEST_BYTES
        for page in measured
    )
    print(json.dumps({"articles": count, "good": good, "pages": measured}, indent=1))
    return 0 if good else 1


def _pages(cluster: str) -> list[str]:
    one = quote(cluster)
    return [
        "/",
        "/?sort=last_seen",
        "/?sort=size",
        "/?sort=sources",
        "/?q=article+12",
        "/?published_from=2026-01-05&published_to=2026-01-06&min_size=3",
        f"/clusters/{one}",
        f"/clusters/{one}/near",
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
