"""Lasting corrections by people."""

from __future__ import annotations

from datetime import datetime

import msgspec

from clusterer.adapters.redis_store.keys import to_ms
from clusterer.adapters.redis_store.part import Part
from clusterer.core.records import Correction

_decoder = msgspec.json.Decoder(Correction)


class Correcting(Part):
    """The corrections part of CollectionStore; see there."""

    def constrain(self, correction: Correction) -> None:
        """See CollectionStore.constrain."""
        self._store(correction.key, msgspec.json.encode(correction), correction)

    def unconstrain(self, key: str, actor: str, reason: str, at: datetime) -> bool:
        """See CollectionStore.unconstrain."""
        stored = self._link.do("HGET", self._link.key("corrections"), key)
        if stored is None:
            return False
        lifted = _decoder.decode(stored)
        said = Correction(lifted.kind, lifted.seqs, lifted.cluster, actor, reason, at)
        return self._store(key, b"", said)

    def _store(self, key: str, value: bytes, said: Correction) -> bool:
        seqs = ",".join(map(str, said.seqs))
        arguments = (key, value, said.cluster or "", seqs, said.actor, said.reason, to_ms(said.at))
        return bool(self._link.run("constrain", *arguments))

    def corrections(self) -> list[Correction]:
        """See CollectionStore.corrections."""
        stored = self._link.do("HVALS", self._link.key("corrections"))
        return sorted(map(_decoder.decode, stored), key=lambda correction: (correction.at, correction.key))
