"""Webhooks as Standard Webhooks describes them: where changes are sent, and when an endpoint is asked again.

Each change of the feed is sent once and in order, and again until the receiver has said that it has it; what is sent again has the same id.
Source: the Standard Webhooks specification, https://github.com/standard-webhooks/standard-webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 3600.0
_PATIENCE = timedelta(days=3)  # of failures alone, then an endpoint is disabled
_GONE = 410  # the receiver wants no more, says the specification


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where changes of a collection are sent, and how far that has come.

    cursor: number of the last change that the receiver has. failures: attempts in vain since then. failing_since: the first of these.
    next_attempt_at: not before. disabled: why nothing is sent any more; None while it is.
    """

    id: str
    url: str
    secret: str
    created_at: datetime
    cursor: int
    failures: int = 0
    failing_since: datetime | None = None
    next_attempt_at: datetime | None = None
    last_error: str | None = None
    disabled: str | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether something may be sent now. A time further off than any pause was set by a clock that has been put back since."""
        at = self.next_attempt_at
        return self.disabled is None and (at is None or not now < at <= now + timedelta(seconds=_LONGEST_PAUSE_S))

    def delivered(self, cursor: int) -> Webhook:
        """The receiver has everything up to this change."""
        return replace(self, cursor=cursor, failures=0, failing_since=None, next_attempt_at=None, last_error=None)

    def failed(self, now: datetime, error: str, status: int | None = None, retry_after: str | None = None) -> Webhook:
        """An attempt was in vain: the pause doubles each time; after days of that, or where the receiver wants no more, it is the last.

        retry_after: the header that asks for a longer pause.
        """
        since = min(self.failing_since or now, now)
        pause_s = _FIRST_PAUSE_S * 2 ** min(self.failures, 20)
        pause_s = min(max(pause_s, _asked_s(retry_after, now)), _LONGEST_PAUSE_S)
        disabled = None
        if status == _GONE:
            disabled = "the receiver answered 410 Gone"
        elif now - since >= _PATIENCE:
            disabled = f"every attempt since {since:%Y-%m-%d %H:%M} UTC failed, the last one with: {error}"
        return replace(
            self,
            failures=self.failures + 1,
            failing_since=since,
            next_attempt_at=now + timedelta(seconds=pause_s),
            last_error=error,
            disabled=disabled,
        )

    def replayed(self, cursor: int) -> Webhook:
        """Sent again from after this change on, also where it was disabled."""
        return replace(self.delivered(cursor), disabled=None)


def _asked_s(retry_after: str | None, now: datetime) -> float:
    """Seconds that a Retry-After header (RFC 9110, section 10.2.3) asks for, as a number or a date; 0 where it is neither."""
    value = (retry_after or "").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        return (parsedate_to_datetime(value) - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 0.0


def checked_url(url: str) -> str:
    """An address that changes can be sent to. Raises ValueError."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("this is no URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a webhook's URL begins with https:// or http:// and names a host")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("a webhook's URL has neither a user nor a fragment")
    if any(character <= " " or character > "~" for character in url):
        raise ValueError("a webhook's URL is ASCII without blanks")
    return url
