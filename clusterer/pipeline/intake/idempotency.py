"""The same request with the same Idempotency-Key gets the same answer, and has its effect once."""

from __future__ import annotations

from collections.abc import Callable

from clusterer.core.errors import Conflict
from clusterer.ports import Store

_TTL_S = 24 * 3600


def once(store: Store, key: str, body_hash: str, produce: Callable[[], bytes]) -> tuple[bytes, bool]:
    """(answer, whether it is a repeated one). Raises Conflict when the key came with another body before.

    The key is claimed for the body first and the answer kept after: killed in between, a retry produces the answer
    again, which `produce` must bear. Of two racing requests both get the answer that was kept first.
    """
    claimed_for, _ = store.remember(f"{key}:claim", body_hash, b"", _TTL_S)
    if claimed_for != body_hash:
        raise Conflict("this Idempotency-Key was used with another request body: use a new key for a new request")
    kept = store.recall(f"{key}:answer")
    if kept is not None:
        return kept[1], True
    _, answer = store.remember(f"{key}:answer", body_hash, produce(), _TTL_S)
    return answer, False
