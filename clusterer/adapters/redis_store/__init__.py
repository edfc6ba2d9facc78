"""The store in Redis: the truth about every accepted article and every cluster. keys.py describes the layout."""

from clusterer.adapters.redis_store.store import RedisStore

__all__ = ["RedisStore"]
