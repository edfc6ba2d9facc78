"""Where changes are sent, and how far that has come."""

from __future__ import annotations

import msgspec

from clusterer.adapters.redis_store.part import Part
from clusterer.core.webhooks import Webhook

_decoder = msgspec.json.Decoder(Webhook)


class RedisWebhooks(Part):
    """The webhooks part of CollectionStore; see there."""

    def webhooks(self) -> list[Webhook]:
        """See CollectionStore.webhooks."""
        return [_decoder.decode(stored) for stored in self._link.do("HVALS", self._link.key("webhooks"))]

    def replace_webhook(self, webhook_id: str, before: Webhook | None, after: Webhook | None) -> bool:
        """See CollectionStore.replace_webhook."""
        return bool(self._link.run("replace_webhook", webhook_id, _stored(before), _stored(after)))


def _stored(webhook: Webhook | None) -> bytes:
    return b"" if webhook is None else msgspec.json.encode(webhook)
