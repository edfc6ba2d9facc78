"""Addresses of Redis: one form for this program's own client, another for Celery's, and both must mean the same database."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from redis.connection import parse_url


def check_address(url: str) -> None:
    """Raises ValueError, with a sentence, for an address that names no database, or one that clients would read differently."""
    facts = parse_url(url)  # type: ignore[no-untyped-call]
    try:
        facts.get("host", "").encode("idna")
    except UnicodeError:
        raise ValueError("the host has no valid name") from None
    path = urlsplit(url).path.strip("/")
    if "path" not in facts and path and not path.isdecimal():
        raise ValueError("after the host comes the number of a database, such as /0")
    if facts.get("db", 0) < 0:
        raise ValueError("the number of a database is not negative")


def place_of(url: str) -> str:
    """Server and database of an address, however it is written, without credentials."""
    facts = parse_url(url)  # type: ignore[no-untyped-call]
    server = facts.get("path") or f"{facts.get('host', 'localhost')}:{facts.get('port', 6379)}"
    return f"{server}/{facts.get('db', 0)}"


def celery_address(url: str) -> str:
    """The same server, database and credentials in the form that Celery takes. Raises ValueError."""
    if url.startswith("redis+socket://"):
        return url
    check_address(url)
    facts = parse_url(url)  # type: ignore[no-untyped-call]
    database = facts.get("db", 0)
    if "path" in facts:
        return f"redis+socket://{_credentials(facts)}{quote(facts['path'])}?virtual_host={database}"
    parts = urlsplit(url)
    host, port = facts.get("host", "localhost"), facts.get("port", 6379)
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    encryption = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name.startswith("ssl_")])
    return f"{parts.scheme}://{_credentials(facts)}{where}/{database}" + (f"?{encryption}" if encryption else "")


def _credentials(facts: dict[str, Any]) -> str:
    user, password = facts.get("username", ""), facts.get("password", "")
    return f"{quote(user, safe='')}:{quote(password, safe='')}@" if user or password else ""
