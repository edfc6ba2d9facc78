"""Sends webhooks: one POST, no redirects, to no address inside the own network, and done within a set time."""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any
from urllib.parse import urlsplit

from clusterer.core.errors import NotDelivered
from clusterer.ports import Answer
from clusterer.settings import env_name

_TIMEOUT_S = 10.0
_LOOK_UP_S = 3.0  # of a name, while somebody who registers it waits
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291, section 2.4: elsewhere nobody outside is reached
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address behind a translator


class HttpSender:
    """`allow_private`: addresses of the own machine and of private networks too, which whoever registers an endpoint could probe."""

    def __init__(self, allow_private: bool = False, timeout_s: float = _TIMEOUT_S) -> None:
        self._allow_private = allow_private
        self._timeout_s = timeout_s

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The head of the answer. Raises NotDelivered where there is none within the set time."""
        parts = urlsplit(url)
        until = time.monotonic() + self._timeout_s
        try:
            with self._connected(parts.scheme, parts.hostname or "", parts.port, until) as connection:
                connection.request(
                    "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, dict(headers)
                )
                answer = connection.getresponse()  # its body is not read, however long it takes to come
                return Answer(answer.status, answer.headers["Retry-After"])
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotDelivered(_said(error)) from None

    def objection(self, url: str) -> str | None:
        """Why nothing would be sent to an address, as far as this machine can tell; None where it would be, or nobody knows."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            found = _addresses(host, parts.port or 443, time.monotonic() + _LOOK_UP_S)
        except OSError:
            return None  # the name may be known by the time that something is sent
        addresses = [str(address[0]) for *_, address in found]
        if self._allow_private or not addresses or any(map(_is_public, addresses)):
            return None
        return _refused(host, addresses[0])

    @contextlib.contextmanager
    def _connected(
        self, scheme: str, host: str, port: int | None, until: float
    ) -> Iterator[http.client.HTTPConnection]:
        """A connection that has ended when the time is up."""
        port = port or (443 if scheme == "https" else 80)
        with contextlib.closing(self._socket(host, port, until)) as connected:
            if scheme == "https":  # shaking hands takes no longer than the socket's timeout in all
                connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
            with contextlib.closing(connected):
                connection = http.client.HTTPConnection(host, port)
                connection.sock = _Until(until, connected)
                yield connection

    def _socket(self, host: str, port: int, until: float) -> socket.socket:
        """Connected to an address that was checked: a name that is looked up twice can mean two addresses."""
        refusal: OSError = NotDeliverable(f"{host} has no address")
        for family, kind, protocol, _, address in _addresses(host, port, until):
            if not self._allow_private and not _is_public(str(address[0])):
                refusal = NotDeliverable(_refused(host, str(address[0])))
                continue
            connecting = socket.socket(family, kind, protocol)
            connecting.settimeout(max(0.1, until - time.monotonic()))
            try:
                connecting.connect(address)
            except OSError as error:
                connecting.close()
                refusal = error
                continue
            return connecting
        raise refusal


def _refused(host: str, address: str) -> str:
    stands_for = "" if host == address else f" stands for {address}, which"
    setting = env_name("webhooks_to_private_addresses")
    return f"{host}{stands_for} is an address of a private network; {setting}=true allows these"


class NotDeliverable(OSError):
    """Nothing was sent, for a reason of ours."""


def _said(error: Exception) -> str:
    """Why, in words: the system's own have a number or a place in its source with them, which say nothing to people."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _is_public(address: str) -> bool:
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        behind = ipaddress.IPv4Address(found.packed[-4:]) if found in _NAT64 else found.ipv4_mapped or found.sixtofour
        if behind is None and found not in _GLOBAL_UNICAST:
            return False
        found = behind or found
    return found.is_global and not found.is_multicast


def _addresses(host: str, port: int, until: float) -> Sequence[Any]:
    """What the name stands for. The system's resolver knows no time limit; a look-up that takes too long is left to end by itself."""
    found: Future[Sequence[Any]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        return found.result(until - time.monotonic())
    except TimeoutError:
        raise NotDeliverable(f"the address of {host} was not found in time") from None


class _Until(io.RawIOBase):
    """What http.client uses of a socket, up to a point in time: a receiver that reads or answers drop by drop gets no more of it.

    What came by then counts: after it nothing more is read, as if the receiver had ended. Raises TimeoutError where nothing came.
    """

    def __init__(self, until: float, connected: socket.socket) -> None:
        self._until = until
        self._socket = connected
        self._came = False

    def sendall(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            self._socket.settimeout(self._left_s())
            left = left[self._socket.send(left) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            self._socket.settimeout(self._left_s())
            count = self._socket.recv_into(buffer)
        except TimeoutError:
            if not self._came:
                raise
            return 0
        self._came = True
        return count

    def _left_s(self) -> float:
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("timed out")
        return left_s
