"""Whether a Redis keeps what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redis import Redis

from clusterer.adapters.redis_store.faults import CLUSTER_MODE, PASSES, translated
from clusterer.core.errors import StoreRefused, StoreUnavailable


def check_server(client: Redis, may_lose: bool) -> None:
    """Raises StoreRefused for a Redis of another kind than a single primary, and, unless it `may_lose`, for one that forgets.

    Asks INFO alone: the users of docs/security.md may not read the configuration.
    """
    with translated():
        facts: Mapping[str, Any] = client.info()
    mode = facts.get("redis_mode", "standalone")
    if mode == "cluster":
        raise StoreRefused(CLUSTER_MODE)
    if mode == "sentinel":
        raise StoreRefused("this is a Sentinel, which keeps no data: connect to the primary that it watches")
    if facts.get("role", "master") != "master":
        raise StoreUnavailable(PASSES["READONLY"])
    faults = [] if may_lose else list(_ways_to_lose(facts))
    if faults:
        raise StoreRefused(
            f"this Redis may lose articles that were accepted: {' and '.join(faults)}. "
            "Correct this, or accept it with CLUSTERER_ALLOW_LOSSY_REDIS=true"
        )


def _ways_to_lose(facts: Mapping[str, Any]) -> list[str]:
    found = []
    policy = facts.get("maxmemory_policy", "unknown")
    if policy != "noeviction":
        found.append(f"it evicts keys when its memory is full (maxmemory-policy {policy}, not noeviction)")
    if not facts.get("aof_enabled"):
        found.append("it writes no append-only log (appendonly no, not yes)")
    return found
