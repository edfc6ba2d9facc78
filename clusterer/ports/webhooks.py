"""Where changes are sent, and how far that has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from clusterer.core.webhooks import Webhook


class Webhooks(Protocol):
    """See CollectionStore for what all methods promise."""

    def webhooks(self) -> list[Webhook]: ...

    def replace_webhook(self, webhook_id: str, before: Webhook | None, after: Webhook | None) -> bool:
        """Store an endpoint, or with None remove it, if it is as it was `before`. False, and nothing written, if it is not."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered. retry_after: the header of that name (RFC 9110, 10.2.3), as it stands there."""

    status: int
    retry_after: str | None = None


class WebhookSender(Protocol):
    """Sends one message."""

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The head of the answer. Raises NotDelivered where there is none within a set time, or the address is not allowed."""
        ...

    def objection(self, url: str) -> str | None:
        """Why nothing would be sent to an address; None where it would be, or that cannot be told now."""
        ...
