"""Implementations of the ports; only `clusterer.bootstrap` imports them."""

from __future__ import annotations

import sys

__all__ = ["redis"]  # for bootstrap

# redis-py loads OpenTelemetry's metrics where they are installed, which takes an eighth of a command. Nobody here turns on those of
# redis-py, so that it is told, while it loads, that there are none.
_METRICS = "opentelemetry.sdk.metrics"
_is_loaded = _METRICS in sys.modules
if not _is_loaded:
    sys.modules[_METRICS] = None  # type: ignore[assignment]
try:
    import redis
    import redis.backoff
    import redis.retry
finally:
    if not _is_loaded:
        del sys.modules[_METRICS]
