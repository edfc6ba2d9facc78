"""One collection's books in Redis: implements clusterer.ports.CollectionStore."""

from __future__ import annotations

from clusterer.adapters.redis_store.accepting import Accepting
from clusterer.adapters.redis_store.assigning import Assigning
from clusterer.adapters.redis_store.correcting import Correcting
from clusterer.adapters.redis_store.erasing import Erasing
from clusterer.adapters.redis_store.preparing import Preparing
from clusterer.adapters.redis_store.publishing import Publishing
from clusterer.adapters.redis_store.reading import Reading
from clusterer.adapters.redis_store.reembedding import Reembedding
from clusterer.adapters.redis_store.repairing import Repairing


class RedisCollection(
    Accepting, Preparing, Assigning, Repairing, Reading, Erasing, Publishing, Reembedding, Correcting
):
    """Each method belongs to the part that does it; clusterer.ports says what each promises."""
