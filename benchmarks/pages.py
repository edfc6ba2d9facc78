"""How long pages take and what they weigh, with many articles loaded: `python -m benchmarks.pages --articles 10000`.

Each page is asked for over a real socket: once first (cold) and then several times. The lists were warmed, as `clusterer serve` does
it. Exits 1 if a page takes longer than half a second when it is asked for again, or weighs more than 300 KB.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import threading
import time
from collections import Counter
from urllib.parse import quote

import uvicorn

from benchmarks.made_events import fill, made_events
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.logging import configure_logging
from clusterer.settings import Settings

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
    fill(service.collection().books, made, clusters)
    service.collection().lookup.warm()
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_config=None, access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    largest = Counter(clusters).most_common(1)[0][0]
    good = all([_measure(port, path) for path in _pages(largest)])
    server.should_exit = True
    return 0 if good else 1


def _pages(cluster: str) -> list[str]:
    return [
        "/",
        "/?sort=last_seen",
        "/?sort=size",
        "/?sort=sources",
        "/?q=article+12",
        "/?published_from=2026-01-05&published_to=2026-01-06&min_size=3",
        f"/clusters/{quote(cluster)}",
        "/articles/a77",
        "/articles/a77/beside/a78",
        "/corrections",
        "/nights",
        "/health",
        "/v1/clusters?sort=velocity&limit=100",
        "/v1/clusters?words=article&limit=100",
    ]


def _measure(port: int, path: str) -> bool:
    first, size = _ask(port, path)
    again = [_ask(port, path)[0] for _ in range(_AGAIN)]
    good = max(again) <= _LONGEST_S and size <= _HEAVIEST_BYTES
    print(
        f"{first:7.3f} s cold  {statistics.median(again):7.3f} s  {size / 1000:7.1f} KB  {path}{'' if good else '  TOO MUCH'}"
    )
    return good


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
