"""How quickly look-ups are answered on kept connections, beside an empty endpoint of the same server. Prints JSON.

    python -m benchmarks.lookups [--articles 5000] [--seconds 2] [--rounds 3] [--connections 1 64]

A private redis-server with made-up articles in clusters, `clusterer serve` as a process of its own, and requests over real sockets, one
after the other on each connection. Ids change from request to request; all of them were asked for once before, so that the faces of
clusters are known. Kinds of request take turns, round by round, so that what else the machine does hits all of them. `cpu_ms`: CPU
time of the server a request, Redis not counted. `ratio`: each figure beside that of the empty endpoint with as many connections.
`store_calls`: how often one such request asks Redis, which no other load changes.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import psutil
from fastapi.testclient import TestClient

from benchmarks.arrival import surroundings
from benchmarks.made_events import MadeEvents, fill, made_events
from benchmarks.round_trips import counted_round_trips
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.logging import configure_logging
from clusterer.settings import Settings

EMPTY = "empty"
_DIFFERENT = 200  # ids that are asked for in turn
_READY_S = 120.0
_ANSWER_S = 60.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the look-up interface."""

    path: str
    body: dict[str, Any] | None = None

    def sent(self) -> bytes:
        """As it goes over the socket."""
        body = b"" if self.body is None else json.dumps(self.body).encode()
        head = f"{'GET' if self.body is None else 'POST'} {self.path} HTTP/1.1\r\nHost: localhost\r\n"
        about = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        return f"{head}{about}\r\n".encode() + body


@dataclass(slots=True)
class Answers:
    """What came back: seconds for each answer, how long all of them took, and the server's CPU time."""

    took_s: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0

    def add(self, other: Answers) -> None:
        """Count those of another round too."""
        self.took_s += other.took_s
        self.wall_s += other.wall_s
        self.cpu_s += other.cpu_s

    def figures(self) -> dict[str, float]:
        """Requests a second and milliseconds."""
        p50, p99 = np.percentile(self.took_s, [50, 99])
        return {
            "requests_per_s": round(len(self.took_s) / self.wall_s, 1),
            "p50_ms": round(1000 * float(p50), 3),
            "p99_ms": round(1000 * float(p99), 3),
            "cpu_ms": round(1000 * self.cpu_s / len(self.took_s), 3),
        }


def kinds_of(made: MadeEvents, clusters: Sequence[str]) -> dict[str, list[Request]]:
    """Requests by kind, each with other ids; the first kind is the empty endpoint."""
    largest = [cluster for cluster, _ in Counter(clusters).most_common(_DIFFERENT)]
    ids = [f"a{number}" for number in range(1, len(made) + 1, max(1, len(made) // _DIFFERENT))]
    return {
        EMPTY: [Request("/healthz")],
        "cluster": [Request(f"/v1/clusters/{quote(one)}") for one in largest],
        "clusters_25": [Request("/v1/clusters?limit=25")],
        "article": [Request(f"/v1/articles/{one}") for one in ids],
        "cluster_of_article": [Request(f"/v1/articles/{one}/cluster") for one in ids],
        "articles_100": [Request("/v1/articles?limit=100")],
        "search": [Request("/v1/search", {"text": f"words of article {one}", "limit": 10}) for one in ids],
    }


def measure(articles: int, seconds: float, rounds: int, connections: Sequence[int]) -> dict[str, Any]:
    """The figures of one run."""
    with (
        tempfile.TemporaryDirectory(prefix="clusterer-lookups-") as folder,
        EmbeddedRedis(Path(folder), "everysec") as redis,
    ):
        settings = Settings(model="hashing", redis_url=redis.url, data_dir=Path(folder))
        service = Clusterer.connect(settings)
        made = made_events(articles)
        clusters = [f"c{event}" for event in made.events.tolist()]
        fill(service.collection().books, made, clusters, service.encoder.fingerprint)
        kinds = kinds_of(made, clusters)
        calls = store_calls(service, {kind: requests[0] for kind, requests in kinds.items()})
        with Server(settings) as server:
            for requests in kinds.values():
                ask(server.port, requests, 1, count=len(requests))
            timed = {str(many): _timed(server, kinds, many, seconds, rounds) for many in connections}
    return {"articles": articles, "clusters": len(set(clusters)), "store_calls": calls, "connections": timed}


def store_calls(service: Clusterer, requests: dict[str, Request]) -> dict[str, int]:
    """How often each request asks Redis, when it was asked for before."""
    client = TestClient(create_app(service), "http://localhost")
    calls = {}
    for kind, one in requests.items():
        for _ in range(2):
            with counted_round_trips() as sent:
                answer = client.get(one.path) if one.body is None else client.post(one.path, json=one.body)
            answer.raise_for_status()
        calls[kind] = len(sent)
    return calls


def _timed(
    server: Server, kinds: dict[str, list[Request]], connections: int, seconds: float, rounds: int
) -> dict[str, dict[str, Any]]:
    found = {kind: Answers() for kind in kinds}
    for _ in range(rounds):
        for kind, requests in kinds.items():
            before_s = server.cpu_s()
            answers = ask(server.port, requests, connections, seconds)
            answers.cpu_s = server.cpu_s() - before_s
            found[kind].add(answers)
    figures: dict[str, dict[str, Any]] = {kind: answers.figures() for kind, answers in found.items()}
    for one in figures.values():
        one["ratio"] = {name: _beside(one[name], figures[EMPTY][name]) for name in list(one)}
    return figures


def _beside(value: float, of_empty: float) -> float | None:
    """Times as much; None where the empty endpoint took less than the clock can tell."""
    return round(value / of_empty, 3) if of_empty else None


def ask(
    port: int, requests: Sequence[Request], connections: int, seconds: float = _ANSWER_S, count: int | None = None
) -> Answers:
    """Send requests in turn, one after the other on each connection, for some seconds or until `count` are answered.

    Raises SystemExit for an answer that is not 200.
    """
    turn = cycle([one.sent() for one in requests])
    answers = Answers()
    waiting = selectors.DefaultSelector()
    lines = [_Line(socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_S)) for _ in range(connections)]
    began = time.perf_counter()
    for line in lines:
        line.send(next(turn))
        waiting.register(line.socket, selectors.EVENT_READ, line)
    left = connections
    while left:
        for key, _ in waiting.select(_ANSWER_S):
            took_s = key.data.receive()
            if took_s is None:
                continue
            answers.took_s.append(took_s)
            done = time.perf_counter() - began >= seconds or (count is not None and len(answers.took_s) >= count)
            if done:
                waiting.unregister(key.data.socket)
                left -= 1
            else:
                key.data.send(next(turn))
    answers.wall_s = time.perf_counter() - began
    for line in lines:
        line.socket.close()
    return answers


class _Line:
    """A kept connection with one request on its way."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self._received = b""
        self._sent_at = 0.0

    def send(self, request: bytes) -> None:
        self._received, self._sent_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> float | None:
        """Seconds since the request was sent when its answer is complete."""
        part = self.socket.recv(1 << 20)
        if not part:
            raise SystemExit("the server closed a connection")
        self._received += part
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        if not head.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"answered {self._received[:500].decode(errors='replace')}")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return time.perf_counter() - self._sent_at if len(body) >= int(length[15:]) else None


class Server:
    """`clusterer serve` as a process."""

    def __init__(self, settings: Settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        variables = {
            "CLUSTERER_REDIS_URL": settings.redis_url,
            "CLUSTERER_DATA_DIR": str(settings.data_dir),
            "CLUSTERER_MODEL": settings.model,
        }
        self._environment = os.environ | variables

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "clusterer.cli.main", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environment, stderr=subprocess.DEVNULL)
        until = time.monotonic() + _READY_S
        while time.monotonic() < until:
            with suppress(OSError):
                ask(self.port, [Request("/healthz")], 1, count=1)
                return self
            time.sleep(0.1)
        self.__exit__()
        raise SystemExit("the server never answered")

    def cpu_s(self) -> float:
        """CPU seconds of the process so far."""
        times = psutil.Process(self._process.pid).cpu_times()
        return float(times.user + times.system)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each kind in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 64])
    wanted = parser.parse_args()
    configure_logging(Settings(log_level="warning"))
    print(
        json.dumps(
            measure(wanted.articles, wanted.seconds, wanted.rounds, wanted.connections) | surroundings(), indent=1
        )
    )


if __name__ == "__main__":
    main()
