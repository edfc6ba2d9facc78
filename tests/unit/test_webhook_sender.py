"""Sending has an end, whatever the other side or the network does."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from typing import Any

import pytest

from clusterer.adapters.webhook_sender import HttpSender, _said
from clusterer.core.errors import NotDelivered

LIMIT_S = 0.5
FOR_EVER_S = 120.0


def test_a_name_whose_look_up_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def stalled(*_: object, **__: object) -> list[object]:
        released.wait(FOR_EVER_S)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", stalled)
    with pytest.raises(NotDelivered, match=r"news\.example was not found in time"):
        HttpSender(timeout_s=LIMIT_S).send("https://news.example/hook", {}, b"{}")
    assert not released.is_set()
    released.set()


def test_a_name_that_is_not_known_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotDelivered, match="Name or service not known"):
        HttpSender(timeout_s=FOR_EVER_S).send("http://news.example/hook", {}, b"{}")


def test_why_nothing_was_sent_is_told_in_words() -> None:
    assert _said(ConnectionRefusedError(111, "Connection refused")) == "Connection refused"
    assert _said(TimeoutError()) == "TimeoutError"
    untrusted = ssl.SSLCertVerificationError(
        1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:1006)"
    )
    untrusted.verify_message = "self-signed certificate"
    assert _said(untrusted) == "its certificate is not trusted: self-signed certificate"


def test_a_handshake_that_comes_drop_by_drop_is_cut() -> None:
    cut = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        until = time.monotonic() + FOR_EVER_S
        record = b"\x16\x03\x03\x3f\xff" + b"\x02\x00\x3f\xfb"  # the head of a long answer to a greeting, RFC 8446
        with connection, contextlib.suppress(OSError):
            for drop in record + bytes(16_000):
                if time.monotonic() > until:
                    return
                connection.send(bytes([drop]))
                time.sleep(LIMIT_S / 10)
        cut.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=[listening], daemon=True).start()
        with pytest.raises(NotDelivered):
            HttpSender(allow_private=True, timeout_s=LIMIT_S).send(
                f"https://127.0.0.1:{listening.getsockname()[1]}/hook", {}, b"{}"
            )
    assert cut.wait(FOR_EVER_S / 2), "the sender waited until the drops ended"


@pytest.mark.parametrize("held_up", [False, True])
@pytest.mark.parametrize("drop", [b"X-Trace: 1\r\n", b"x"])
def test_a_status_counts_where_the_rest_of_the_head_comes_drop_by_drop(
    drop: bytes, held_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on a machine that has no time for the sender just when its time is up."""
    reads = 0
    read = socket.socket.recv_into

    def read_late(*arguments: Any) -> int:
        nonlocal reads
        reads += 1
        if held_up and reads == 2:
            time.sleep(LIMIT_S * 1.3)
        return read(*arguments)

    monkeypatch.setattr(socket.socket, "recv_into", read_late)

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            connection.send(b"HTTP/1.1 200 OK\r\n")
            while connection.send(drop):
                time.sleep(LIMIT_S / 10)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=[listening], daemon=True).start()
        sender = HttpSender(allow_private=True, timeout_s=LIMIT_S)
        assert sender.send(f"http://127.0.0.1:{listening.getsockname()[1]}/hook", {}, b"{}").status == 200


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 2"])
def test_no_status_within_the_time_is_not_delivered(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def stall() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.send(said)
                while connection.recv(1_000):
                    pass

        threading.Thread(target=stall, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(NotDelivered, match="timed out" if not said else said.decode()):
            HttpSender(allow_private=True, timeout_s=LIMIT_S).send(
                f"http://127.0.0.1:{listening.getsockname()[1]}/hook", {}, b"{}"
            )
        assert time.monotonic() - began >= LIMIT_S


def test_a_message_that_is_taken_drop_by_drop_is_cut() -> None:
    over = threading.Event()

    def sip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            while not over.wait(LIMIT_S / 10) and connection.recv(100):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=sip, args=[listening], daemon=True).start()
        with pytest.raises(NotDelivered, match="timed out"):
            HttpSender(allow_private=True, timeout_s=LIMIT_S).send(
                f"http://127.0.0.1:{listening.getsockname()[1]}/hook", {}, bytes(50_000_000)
            )
    over.set()


@pytest.mark.parametrize(
    ("url", "objection"),
    [
        (
            "http://127.0.0.1:9/hook",
            "127.0.0.1 is an address of a private network; CLUSTERER_WEBHOOKS_TO_PRIVATE_ADDRESSES=true",
        ),
        ("http://localhost/hook", "localhost stands for "),
        ("https://8.8.8.8/hook", None),
        ("https://nowhere.invalid/hook", None),
    ],
)
def test_what_nothing_would_be_sent_to_is_said_before(url: str, objection: str | None) -> None:
    said = HttpSender().objection(url)
    assert said is None if objection is None else said and said.startswith(objection)
    assert HttpSender(allow_private=True).objection(url) is None
