"""Who may do what: bearer tokens, of which only digests are kept, and how many requests each may send.

A token is 256 random bits, so a plain SHA-256 of it cannot be turned back by guessing; the slow hashes made for passwords are not
needed.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from clusterer.pipeline.intake.submission import COLLECTION_PATTERN, field_errors, without_controls

Scope = Literal["ingest", "read", "admin"]
SCOPES: Final[tuple[Scope, ...]] = ("ingest", "read", "admin")

_TOKEN_BYTES = 32


class Grant(BaseModel):
    """One entry of the tokens' file. No scope includes another; `collections` is `all` or a list of names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(without_controls)]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scopes: frozenset[Scope] = Field(min_length=1)
    collections: Literal["all"] | frozenset[Annotated[str, Field(pattern=COLLECTION_PATTERN)]] = "all"

    def covers(self, collections: Iterable[str] | None) -> bool:
        """Whether all of these collections may be used. None: what concerns no single collection."""
        if self.collections == "all":
            return True
        return collections is not None and all(name in self.collections for name in collections)


_grants = TypeAdapter(list[Grant])


class Tokens:
    """The grants of a tokens' file."""

    def __init__(self, grants: Sequence[Grant]) -> None:
        self.grants = tuple(grants)

    @classmethod
    def from_json(cls, data: bytes) -> Tokens:
        """The file's content: a JSON array of entries. Raises ValueError that names what is wrong, and quotes nothing."""
        try:
            grants = _grants.validate_json(data)
        except ValidationError as error:
            findings = "; ".join(f"{one.pointer or 'file'}: {one.detail}" for one in field_errors(error))
            raise ValueError(findings) from None
        for what, values in (("name", [one.name for one in grants]), ("sha256", [one.sha256 for one in grants])):
            if len(set(values)) < len(values):
                raise ValueError(f"two entries have the same {what}")
        return cls(grants)

    def grant_of(self, token: str) -> Grant | None:
        """The entry of a token. Every entry is compared in constant time, so the time taken tells nothing."""
        digest = digest_of(token)
        found: Grant | None = None
        for grant in self.grants:
            if hmac.compare_digest(grant.sha256, digest) and token:
                found = grant
        return found


def new_token() -> str:
    """A fresh token: 256 random bits in 43 characters that need no escaping."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def is_loopback(host: str) -> bool:
    """Whether an address or name surely means this machine. What other names lead to is not ours to say."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # RFC 6761: names below localhost lead to loopback addresses
        name = host.lower().removesuffix(".")
        return name == "localhost" or name.endswith(".localhost")


@dataclass(slots=True)
class _Allowance:
    left: float
    at: float


class RateLimit:
    """A token bucket for each caller, in this process: a minute's requests may come at once, then they trickle in.

    per_minute 0 is no limit. now_s: a monotonic clock in seconds. Not for use by several threads.
    """

    def __init__(self, per_minute: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._now_s = now_s
        self._callers: dict[str, _Allowance] = {}

    def wait_s(self, caller: str) -> float:
        """Count a request. 0 when it may pass, else the seconds after which the next one may."""
        if not self._per_minute:
            return 0.0
        now, per_s = self._now_s(), self._per_minute / 60
        known = self._callers.setdefault(caller, _Allowance(self._per_minute, now))
        known.left = min(self._per_minute, known.left + (now - known.at) * per_s)
        known.at = now
        if known.left >= 1:
            known.left -= 1
            return 0.0
        return (1 - known.left) / per_s
