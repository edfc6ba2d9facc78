"""The change feed over real connections to an API that is killed: each reader gets each change once and in order."""

from __future__ import annotations

import json
import random
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from faults.fleet import free_port
from support.up import START_S, WORK_S, Up, until

from clusterer.client import Client, Retries

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]

BATCHES, BATCH = 8, 25
LAST = "the last"
PATIENT = Retries(attempts=40, longest_s=5.0)


class Torn:
    """A reader of the stream that is cut off after some bytes, and comes back with the id of the last event that it had in full."""

    def __init__(self, port: int, cursor: str, most_bytes: Callable[[], int], pause: Callable[[], None]) -> None:
        self._port, self._cursor = port, cursor
        self._most_bytes, self._pause = most_bytes, pause
        self.connections = 0
        self.changes: list[dict[str, Any]] = []

    def read_to_the_last(self) -> list[int]:
        """Numbers of changes."""
        while not self._is_through():
            self.connections += 1
            try:
                self._read_once()
            except OSError:
                continue  # the API is away, or was killed
        return [change["number"] for change in self.changes]

    def _read_once(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port), timeout=WORK_S) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed without a word
            connection.sendall(f"GET /v1/changes/stream HTTP/1.0\r\nLast-Event-ID: {self._cursor}\r\n\r\n".encode())
            left, received = self._most_bytes(), b""
            while left > 0 and not self._is_through() and (piece := connection.recv(min(left, 4_096))):
                left -= len(piece)
                received += piece
                *whole, received = received.split(b"\n\n")
                for event in whole:
                    self._take(event)
                self._pause()

    def _is_through(self) -> bool:
        return bool(self.changes) and LAST in self.changes[-1]["article_ids"]

    def _take(self, event: bytes) -> None:
        lines = dict(line.split(": ", 1) for line in event.decode().splitlines() if ": " in line)
        if "data" in lines:
            self._cursor = lines["id"]
            self.changes.append(json.loads(lines["data"]))


def test_whatever_is_cut_off_each_reader_gets_each_change_once_and_in_order(up: Up) -> None:
    port = free_port()
    up.start(port=port)
    chance, all_is_said = random.Random(7), threading.Event()
    with Client(up.url, retries=PATIENT) as news, Client(up.url, retries=PATIENT) as follower:
        begin = news.changes().next_cursor
        torn = Torn(port, begin, lambda: chance.randrange(1, 6_000), lambda: None)
        slow = Torn(port, begin, lambda: 1 << 30, lambda: bool(all_is_said.wait()) and None)
        with ThreadPoolExecutor() as readers:
            reading = [readers.submit(torn.read_to_the_last), readers.submit(slow.read_to_the_last)]
            reading.append(readers.submit(followed, follower, begin))
            for batch in range(BATCHES):
                news.add([{"id": f"{batch}/{n}", "text": report(batch * BATCH + n)} for n in range(BATCH)])
                if batch in (2, 5):
                    killed = up.children()["serve"]
                    killed.kill()
                    until(lambda: up.children().get("serve", killed) != killed, START_S, "another API")  # noqa: B023
            until(lambda: up.get("/v1/collections")["data"][0]["articles"]["pending"] == 0, WORK_S, "all assigned")
            news.add([{"id": LAST, "text": report(BATCHES * BATCH)}])
            until(lambda: up.get(f"/v1/articles/{LAST.replace(' ', '%20')}").get("state") == "assigned", WORK_S, LAST)
            all_is_said.set()
            told = [one.result(WORK_S) for one in reading]
    up.run("export", "changes", "changes.jsonl")
    exported = [json.loads(line) for line in (up.home / "changes.jsonl").read_text("utf8").splitlines()]
    numbers = [change["number"] for change in exported]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > BATCHES * BATCH
    assert told == [numbers] * 3
    assert [change["article_ids"] for change in torn.changes] == [change["article_ids"] for change in exported]
    assert torn.connections > 10


def followed(client: Client, cursor: str) -> list[int]:
    """Numbers of the changes that the Python client tells, to the last."""
    numbers = []
    for event in client.follow(cursor):
        numbers.append(event.change.number)
        if LAST in event.change.article_ids:
            break
    return numbers


def report(number: int) -> str:
    """Of an event of its own."""
    return f"Harbour {number}: the ship Calla{number} came in with {number} crates of porcelain, and pilot Hald{number} went home."
