"""How a message to a webhook is signed, as Standard Webhooks describes it.

Source: the Standard Webhooks specification, https://github.com/standard-webhooks/standard-webhooks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

from clusterer.core.webhooks import Webhook

KEY_PREFIX = "whsec_"
SECRET_BYTES = 24


def encoded_secret(key: bytes) -> str:
    """A signing key as people see it."""
    return KEY_PREFIX + base64.b64encode(key).decode()


def signature(secret: str, message_id: str, timestamp_s: int, body: bytes) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 (RFC 2104) over id, time and body. Raises ValueError for what is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(KEY_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("this is no webhook secret") from None
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp_s, body)
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(webhook: Webhook, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of a delivery."""
    timestamp_s = int(now.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": signature(webhook.secret, message_id, timestamp_s, body),
    }
