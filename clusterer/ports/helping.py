"""A night's work, cut into shards that other workers may take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class TakenShard(NamedTuple):
    """A shard as a helper gets it. offer: its name. task: what all shards of the offer are parts of; None where the helper has it."""

    offer: str
    task: bytes | None
    number: int
    content: bytes


class Helping(Protocol):
    """See CollectionStore for what all methods promise.

    One offer stands at a time; a new one replaces it, and it ends by itself when its owner has not asked for `lease_s`. What is
    said about an offer that no longer stands is ignored. A shard is a function of what is stored, so it does no harm to do it twice.
    """

    def offer_shards(
        self, offer: str, maker: str, task: bytes, first: int, shards: Sequence[bytes], lease_s: float
    ) -> bool:
        """Let helpers of the same `maker` take shards, any number of them, numbered from `first`; added to those of a standing offer.

        Whether there were none to take before, so that helpers may have gone.
        """
        ...

    def take_shard(self, maker: str, known: str | None) -> TakenShard | None:
        """For a helper: the first shard that nobody has taken; None where there is none for it. known: the offer whose task it has."""
        ...

    def answer_shard(self, offer: str, number: int, answer: bytes) -> None: ...

    def take_back(self, offer: str, lease_s: float) -> tuple[int | None, Mapping[int, bytes]]:
        """For the owner: the last shard that nobody has taken, and answers by number, each told once."""
        ...

    def withdraw_shards(self, offer: str) -> None: ...
