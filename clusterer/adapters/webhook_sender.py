"""Sends webhooks: one POST, no redirects, to no address inside the own network, and done within a set time."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from clusterer.core.errors import NotDelivered

_TIMEOUT_S = 10.0
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291, section 2.4: elsewhere nobody outside is reached
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address behind a translator


class HttpSender:
    """`allow_private`: addresses of the own machine and of private networks too, which whoever registers an endpoint could probe."""

    def __init__(self, allow_private: bool = False, timeout_s: float = _TIMEOUT_S) -> None:
        self._allow_private = allow_private
        self._timeout_s = timeout_s

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer. Raises NotDelivered where there is none."""
        parts = urlsplit(url)
        try:
            connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
            # Each read may take the timeout; a receiver that answers drop by drop must not take longer in all.
            deadline = threading.Timer(self._timeout_s, _cut, [connection])
            deadline.daemon = True
            deadline.start()
            try:
                connection.request(
                    "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, dict(headers)
                )
                return connection.getresponse().status  # what else it says is not read, however long it takes to say it
            finally:
                deadline.cancel()
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotDelivered(str(error) or type(error).__name__) from None

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        """Connected to an address that was checked: a name that is looked up twice can mean two addresses."""
        port = port or (443 if scheme == "https" else 80)
        until = time.monotonic() + self._timeout_s
        refusal: OSError = NotDeliverable(f"{host} has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if not self._allow_private and not _is_public(str(address[0])):
                refusal = NotDeliverable(f"{host} is an address of a private network ({address[0]})")
                continue
            connected = socket.socket(family, kind, protocol)
            connected.settimeout(max(0.1, until - time.monotonic()))
            try:
                connected.connect(address)
                if scheme == "https":
                    connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
            except OSError as error:
                connected.close()
                refusal = error
                continue
            connection = http.client.HTTPConnection(host, port, timeout=self._timeout_s)
            connection.sock = connected
            return connection
        raise refusal


class NotDeliverable(OSError):
    """Nothing was sent, for a reason of ours."""


def _is_public(address: str) -> bool:
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        behind = ipaddress.IPv4Address(found.packed[-4:]) if found in _NAT64 else found.ipv4_mapped or found.sixtofour
        if behind is None and found not in _GLOBAL_UNICAST:
            return False
        found = behind or found
    return found.is_global and not found.is_multicast


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
