"""What the parts of a collection in Redis share."""

from __future__ import annotations

from datetime import timedelta

from clusterer.adapters.redis_store.fingerprints import Fingerprints
from clusterer.adapters.redis_store.link import Link


class Part:
    """`window`: how long an article must stay findable as an original of copies. Buckets of the posting index are half as wide."""

    def __init__(self, link: Link, window: timedelta) -> None:
        self.name = link.collection
        self.life = link.life
        self._link = link
        self._fingerprints = Fingerprints(link)
        self._bucket_ms = posting_bucket_ms(window)


def posting_bucket_ms(window: timedelta) -> int:
    """How wide a bucket of the posting index is."""
    return round(window.total_seconds() * 500)
