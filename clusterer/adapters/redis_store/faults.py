"""Redis' errors in the project's words.

redis-py strips the code from the messages of errors that it has a class for and keeps it as `status_code`; for the others the code
leads the message. What a script ran into is wrapped in another message by Redis 6.2, and what a pipeline did by redis-py.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from clusterer.core.errors import (
    ClustererError,
    CollectionGone,
    Conflict,
    Fenced,
    ModelMismatch,
    RevisionMismatch,
    StaleGeneration,
    StoreRefused,
    StoreUnavailable,
)

_REFUSALS: dict[str, type[ClustererError]] = {  # what the scripts of lua/ answer
    "GONE": CollectionGone,
    "FENCED": Fenced,
    "STALEGEN": StaleGeneration,
    "MODEL": ModelMismatch,
    "REVISION": RevisionMismatch,
    "CONFLICT": Conflict,
}
PASSES = {
    "OOM": "Redis is out of memory (maxmemory): raise it, or delete or expire articles",
    "MISCONF": "Redis cannot write to its disk: free space there, then look at its log",
    "READONLY": "this Redis is a read-only replica: connect to the primary",
    "NOREPLICAS": "Redis has fewer replicas than it requires for writes (min-replicas-to-write)",
    "MASTERDOWN": "this Redis is a replica that has lost its primary: connect to the primary",
    "LOADING": "Redis is still loading its data: try again in a moment",
    "BUSY": "Redis is busy with a script that does not end",
    "NOSCRIPT": "Redis lost the scripts that were just loaded: try again",
    "EXECABORT": "Redis refused a transaction: look at its log",
}
CLUSTER_MODE = (
    "this Redis runs in cluster mode, which is not supported: connect to a single primary (cluster-enabled no)"
)
_STAYS = {
    "NOAUTH": "Redis requires a password: put it into the URL",
    "WRONGPASS": "Redis refused the user name or the password: correct them in the URL",
    "NOPERM": "the Redis user lacks a permission that the program needs: see docs/security.md for the ACL rules",
    "DENIED": "Redis runs in protected mode, which accepts only connections from its own machine: set a password, or an address to bind to",
    **dict.fromkeys(("MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN", "TRYAGAIN"), CLUSTER_MODE),
}
_NO_ROOM_BYTES = 8 << 20  # Redis may have ended over a write that was larger than what is left
_SOCKET = re.compile(r"connecting to (/.*?)\. ")
_CODE = re.compile(r"(?:^|: -)([A-Z]{3,})(?: |$)")
_FORBIDDEN_IN_SCRIPT = ("The user executing the script can't", "ACL failure in script")  # Redis 6.2 and 7, Redis 8


def code_of(error: RedisError) -> str:
    """The code in front of Redis' answer, such as READONLY; empty where it gave none."""
    given = getattr(error, "status_code", None)
    if given and given != "ERR":
        return str(given)
    message = _said(error)
    if any(words in message for words in _FORBIDDEN_IN_SCRIPT):
        return "NOPERM"
    found = _CODE.search(message)
    return found[1] if found else ""


def _said(error: RedisError) -> str:
    """Redis' own words, without the command that redis-py puts before them: it quotes articles."""
    return str(error).rpartition("of pipeline caused error: ")[2]


def meaning_of(error: RedisError) -> ClustererError | None:
    """The error in the project's words; None for one that nothing but a mistake in this program explains."""
    code, message = code_of(error), _said(error)
    if code in _REFUSALS:
        return _REFUSALS[code](message.removeprefix(code).strip())
    if code in _STAYS:
        return StoreRefused(_STAYS[code])
    if isinstance(error, AuthenticationError):
        return StoreRefused(_STAYS["WRONGPASS"])
    if code in PASSES:
        return StoreUnavailable(f"{PASSES[code]} ({_detail(message)})")
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        return StoreUnavailable(f"Redis does not answer: {message}{_room(message)}")
    return None


def _room(message: str) -> str:
    """That the disk is full on which the private Redis has its data, beside its socket: with a sync after each write it ends then."""
    socket = _SOCKET.search(message)
    folder = Path(socket[1]).parent if socket else None
    if folder is None or not folder.is_dir() or shutil.disk_usage(folder).free >= _NO_ROOM_BYTES:
        return ""
    return " Its disk is full: free some space, and it starts again."


def _detail(message: str) -> str:
    """Without the places in scripts that Redis names."""
    return re.sub(r"^.*: -(?=[A-Z])|,? ?script: [0-9a-f]{40}, on @\S+$", "", message).strip()


@contextmanager
def translated() -> Iterator[None]:
    """Raise what Redis says as one of this project's errors; unforeseen ones pass through, for they are bugs."""
    try:
        yield
    except (ResponseError, RedisConnectionError, RedisTimeoutError) as error:
        meaning = meaning_of(error)
        if meaning is None:
            raise
        raise meaning from error
