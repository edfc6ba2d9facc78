"""Lasting corrections by people."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec

from clusterer.adapters.redis_store.keys import to_ms
from clusterer.adapters.redis_store.part import Part
from clusterer.adapters.redis_store.scripts import Argument
from clusterer.core.cluster_records import Correction

_decoder = msgspec.json.Decoder(Correction)


class RedisCorrecting(Part):
    """The corrections part of CollectionStore; see there."""

    def constrain(self, correction: Correction) -> None:
        """See CollectionStore.constrain."""
        self._link.run("constrain", *stored_correction(correction))

    def unconstrain(self, key: str, actor: str, reason: str, at: datetime) -> bool:
        """See CollectionStore.unconstrain."""
        stored = self._link.do("HGET", self._link.key("corrections"), key)
        if stored is None:
            return False
        lifted = _decoder.decode(stored)
        said = replace(lifted, actor=actor, reason=reason, at=at)
        return bool(self._link.run("constrain", key, b"", *_said(said)))

    def corrections(self) -> list[Correction]:
        """See CollectionStore.corrections."""
        stored = self._link.do("HVALS", self._link.key("corrections"))
        return sorted(map(_decoder.decode, stored), key=lambda correction: (correction.at, correction.key))


def stored_correction(correction: Correction) -> tuple[Argument, ...]:
    """A correction as scripts take it."""
    return (correction.key, msgspec.json.encode(correction), *_said(correction))


def _said(correction: Correction) -> tuple[Argument, ...]:
    seqs = ",".join(map(str, correction.seqs))
    return (correction.cluster or "", seqs, correction.actor, correction.reason, to_ms(correction.at))
