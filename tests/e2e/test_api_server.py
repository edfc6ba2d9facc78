"""The HTTP interface behind a real server: what only bytes on a socket can show."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest
import uvicorn

from clusterer.api.app import create_app
from clusterer.api.limits import ApiLimits
from clusterer.api.slow_clients import ClientsInTime
from clusterer.bootstrap import Clusterer
from clusterer.settings import Settings

PATIENCE_S = 120.0  # for what a busy machine does in the end
SENTENCES = ["The river Wend rose at Lowfield.", "Train drivers stop work on Friday.", "A reef was mapped off Tessaly."]

POST = b"POST /v1/articles?wait=2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def service() -> Clusterer:
    return Clusterer.in_memory(Settings(model="hashing"))


class HurriedClients(ClientsInTime):
    within_s = 0.5


@pytest.fixture(scope="module")
def address(service: Clusterer) -> Iterator[tuple[str, int]]:
    with listening(service, ClientsInTime) as found:
        yield found


@contextmanager
def listening(service: Clusterer, protocol: type[ClientsInTime]) -> Iterator[tuple[str, int]]:
    app = create_app(service, ApiLimits(max_body_bytes=1_000_000, max_wait_s=PATIENCE_S))
    server = uvicorn.Server(uvicorn.Config(app, http=protocol, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE_S)
    assert not thread.is_alive()


@pytest.fixture
def client(address: tuple[str, int]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=2 * PATIENCE_S) as client:
        yield client


def raw(address: tuple[str, int], request: bytes) -> bytes:
    with socket.create_connection(address, timeout=PATIENCE_S) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65536):
            received += part
    return received


def test_ids_with_slashes_survive_the_server(client: httpx.Client, service: Clusterer) -> None:
    client.post("/v1/articles", json={"id": "post/2026/03/flood?x=1", "text": SENTENCES[0] * 4}).raise_for_status()
    service.drain()
    answer = client.get("/v1/articles/post%2F2026%2F03%2Fflood%3Fx%3D1/cluster")
    assert answer.json()["cluster"]["representative"]["article_id"] == "post/2026/03/flood?x=1"
    assert client.get("/v1/articles/post/2026/03/flood").status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        b"/v1/articles/\xff\xfe",
        b"/v1/articles/%ff",
        b"/v1/articles/%00",
        b"/v1/articles/%0d%0aSet-Cookie:x",
        b"/v1/articles/%zz",
    ],
)
def test_odd_targets_get_an_orderly_answer(address: tuple[str, int], target: bytes) -> None:
    answer = raw(address, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    status = int(answer.split(b" ")[1])
    assert 400 <= status < 500, answer
    assert b"Set-Cookie" not in answer.split(b"\r\n\r\n")[0]


def test_a_chunked_body_is_cut_off(address: tuple[str, int]) -> None:
    head = b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection(address, timeout=PATIENCE_S) as connection:
        connection.sendall(head)
        sent = 0
        with suppress(OSError):  # the server hangs up, which is what it should do
            for _ in range(500):
                connection.sendall(chunk)
                sent += 1
        answer = connection.recv(65536) if sent == 500 else b""
    assert sent < 500 or b" 413 " in answer


ENDLESS = {
    "a target": (b"GET /v1/articles/", b"a" * 0x10000),
    "a field of the head": (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: ", b"a" * 0x10000),
    "fields of the head": (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"Abcdef: ghijkl\r\n" * 0x1000),
    "blank lines": (b"", b"\r\n" * 0x8000),
    "an extension of a chunk": (POST + CHUNKED + b"1;a=", b"a" * 0x10000),
    "fields after a body": (POST + CHUNKED + b"1\r\n{\r\n0\r\n", b"Abcdef: ghijkl\r\n" * 0x1000),
    "a field after a body": (POST + CHUNKED + b"1\r\n{\r\n0\r\nA: ", b"a" * 0x10000),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_what_never_ends_is_not_kept(address: tuple[str, int], kind: str) -> None:
    begun, more = ENDLESS[kind]
    sent = 0
    with socket.create_connection(address, timeout=PATIENCE_S) as connection, suppress(ConnectionError):
        connection.sendall(begun)
        while sent < 400:
            connection.sendall(more)
            sent += 1
    assert sent < 400


def test_a_body_may_come_a_byte_at_a_time(address: tuple[str, int]) -> None:
    body = json.dumps({"id": "dribbled", "text": SENTENCES[0] * 300}).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    with socket.create_connection(address, timeout=PATIENCE_S) as connection:
        connection.sendall(POST + CHUNKED)
        for start in range(0, len(chunks), 4096):
            connection.sendall(chunks[start : start + 4096])
        connection.sendall(b"0\r\n\r\n")
        assert b" 202 " in connection.recv(65536).split(b"\r\n")[0]


def test_who_offers_an_upgrade_is_answered_as_anybody(client: httpx.Client) -> None:
    """As the HTTP client of Java does with every request until it knows better."""
    offered = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAAAAIAAAAB"}
    body = {"id": "offered", "text": SENTENCES[2]}
    assert client.post("/v1/articles", json=body, headers=offered).status_code == 202


def test_many_clients_at_once(client: httpx.Client, service: Clusterer) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            if not service.drain():
                time.sleep(0.01)

    worker = threading.Thread(target=work)
    worker.start()

    def post(number: int) -> int:
        body = {"id": f"many-{number % 40}", "text": f"{SENTENCES[number % 40 % 3]} " * 3 + f"Case {number % 40}."}
        return client.post(
            f"/v1/articles?wait={PATIENCE_S}", json=body, headers={"Idempotency-Key": f"k{number % 40}"}
        ).status_code

    try:
        with ThreadPoolExecutor(12) as pool:
            statuses = set(pool.map(post, range(120)))
    finally:
        stop.set()
        worker.join()
    assert statuses == {200}
    counted = [json.loads(client.get(f"/v1/articles/many-{number}/versions").text)["data"] for number in range(40)]
    assert [len(versions) for versions in counted] == [1] * 40


HALVES = [
    b"",
    b"POST /v1/arti",
    POST,
    POST + b"Content-Length: 1000\r\n\r\n",
    POST + b'Content-Length: 1000\r\n\r\n{"text": ',
    POST + b"Transfer-Encoding: chunked\r\n\r\nffff\r\nabc",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
]


def test_many_requests_that_stop_half_way_hold_no_connection(service: Clusterer) -> None:
    with listening(service, HurriedClients) as address, ExitStack() as opened:
        stopped = []
        for begun in HALVES * 20:
            connection = opened.enter_context(socket.create_connection(address, timeout=PATIENCE_S))
            with suppress(ConnectionError):
                connection.sendall(begun)
            stopped.append(connection)
        for connection in stopped:
            with suppress(ConnectionResetError):
                while connection.recv(65536):
                    pass


def test_who_sent_everything_may_wait_for_the_answer_longer_than_a_slow_client_may_take(service: Clusterer) -> None:
    body = json.dumps({"id": "waits", "text": SENTENCES[0]}).encode()
    answer = b""
    with listening(service, HurriedClients) as address:
        began = time.monotonic()
        for _ in range(9):  # on a busy machine this thread may be the slow client
            with suppress(ConnectionResetError):
                if answer := raw(
                    address, POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
                ):
                    break
        assert b" 202 " in answer.split(b"\r\n")[0]
        assert time.monotonic() - began > 2 * HurriedClients.within_s
