"""A night's shards, offered to other workers. They are derived data: lost ones are done by the night itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clusterer.adapters.redis_store.part import Part
from clusterer.ports.helping import TakenShard


class RedisHelping(Part):
    """See CollectionStore."""

    def offer_shards(
        self, offer: str, maker: str, task: bytes, first: int, shards: Sequence[bytes], lease_s: float
    ) -> bool:
        """See CollectionStore.offer_shards."""
        numbered = [b"%d:%b" % (number, content) for number, content in enumerate(shards, first)]
        return bool(self._link.run("offer_shards", offer, maker, task, _ms(lease_s), *numbered))

    def take_shard(self, maker: str, known: str | None) -> TakenShard | None:
        """See CollectionStore.take_shard."""
        taken = self._link.run("take_shard", maker, known or "")
        if taken is None:
            return None
        offer, shard, *task = taken
        number, _, content = shard.partition(b":")
        return TakenShard(offer.decode(), task[0] if task else None, int(number), content)

    def answer_shard(self, offer: str, number: int, answer: bytes) -> None:
        """See CollectionStore.answer_shard."""
        self._link.run("answer_shard", offer, number, answer)

    def take_back(self, offer: str, lease_s: float) -> tuple[int | None, Mapping[int, bytes]]:
        """See CollectionStore.take_back."""
        shard, answers = self._link.run("take_back", offer, _ms(lease_s))
        number = int(shard.partition(b":")[0]) if shard else None
        return number, {int(key): answer for key, answer in zip(answers[::2], answers[1::2], strict=True)}

    def withdraw_shards(self, offer: str) -> None:
        """See CollectionStore.withdraw_shards."""
        self._link.run("withdraw_shards", offer)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
