"""What damage from outside did to lists and tables that can be made anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from clusterer.adapters.redis_store.keys import to_ms
from clusterer.adapters.redis_store.link import check_batch
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument

_POSTED_AT_ONCE = 16  # an article has a hundred terms or more, each with a list of its own
_Mode = Literal["check", "enter"]


class RedisRepairing(Part):
    """The repair part of CollectionStore; see there."""

    def check_lists(self, seqs: Sequence[int]) -> list[tuple[int, str]]:
        """See CollectionStore.check_lists."""
        return self._lists("check", seqs)

    def relist(self, seqs: Sequence[int]) -> int:
        """See CollectionStore.relist."""
        return len(self._lists("enter", seqs))

    def _lists(self, mode: _Mode, seqs: Sequence[int]) -> list[tuple[int, str]]:
        check_batch(seqs)
        flat = self._link.run("relist", mode, *seqs)
        return [(seq, name.decode()) for seq, name in zip(flat[::2], flat[1::2], strict=True)]

    def check_postings(self, seqs: Sequence[int], at: datetime) -> list[int]:
        """See CollectionStore.check_postings."""
        return self._postings("check", seqs, at)

    def repost(self, seqs: Sequence[int], at: datetime) -> int:
        """See CollectionStore.repost."""
        return len(self._postings("enter", seqs, at))

    def _postings(self, mode: _Mode, seqs: Sequence[int], at: datetime) -> list[int]:
        check_batch(seqs)
        bucket, ttl_ms = to_ms(at) // self._bucket_ms, 3 * self._bucket_ms
        parts = (seqs[start : start + _POSTED_AT_ONCE] for start in range(0, len(seqs), _POSTED_AT_ONCE))
        return [seq for part in parts for seq in self._link.run("repost", mode, bucket, ttl_ms, *part)]

    def reassign(self, generation: int, change: int, rows: Sequence[tuple[int, str | None]]) -> bool:
        """See CollectionStore.reassign."""
        check_batch(rows)
        flat: list[Argument] = [argument for seq, cluster in rows for argument in (seq, cluster or "")]
        return bool(self._link.run("reassign", generation, change, *flat))

    def recount(self, erased: int, stored: int) -> bool:
        """See CollectionStore.recount."""
        return bool(self._link.run("recount", erased, stored))
