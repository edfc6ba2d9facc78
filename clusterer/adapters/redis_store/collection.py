"""One collection's books in Redis: implements clusterer.ports.CollectionStore."""

from __future__ import annotations

from clusterer.adapters.redis_store.accepting import RedisAccepting
from clusterer.adapters.redis_store.assigning import RedisAssigning
from clusterer.adapters.redis_store.correcting import RedisCorrecting
from clusterer.adapters.redis_store.erasing import RedisErasing
from clusterer.adapters.redis_store.helping import RedisHelping
from clusterer.adapters.redis_store.preparing import RedisPreparing
from clusterer.adapters.redis_store.publishing import RedisPublishing
from clusterer.adapters.redis_store.reading import RedisReading
from clusterer.adapters.redis_store.reembedding import RedisReembedding
from clusterer.adapters.redis_store.repairing import RedisRepairing
from clusterer.adapters.redis_store.storylines import RedisStorylines
from clusterer.adapters.redis_store.webhooks import RedisWebhooks


class RedisCollection(
    RedisAccepting,
    RedisPreparing,
    RedisAssigning,
    RedisRepairing,
    RedisReading,
    RedisErasing,
    RedisPublishing,
    RedisHelping,
    RedisReembedding,
    RedisCorrecting,
    RedisStorylines,
    RedisWebhooks,
):
    """Each method belongs to the part that does it; clusterer.ports says what each promises."""
