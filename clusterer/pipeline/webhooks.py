"""Changes of one collection, sent to whoever registered: each once and in order, and again until the receiver has it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import orjson
import structlog

from clusterer.core.errors import ChangesTrimmed, NotDelivered, NotFound
from clusterer.core.webhook_signature import SECRET_BYTES, encoded_secret, headers
from clusterer.core.webhooks import Webhook, checked_url
from clusterer.pipeline.lookup.lookup import Lookup
from clusterer.pipeline.lookup.views import ChangeView
from clusterer.ports import NO_TRACING, Answer, Clock, CollectionStore, Tracer, WebhookSender

log = structlog.get_logger(__name__)

_AT_ONCE = 100  # changes to one endpoint, then the next endpoint has its turn
_TURN_S = 10.0  # after so long too: a receiver may take seconds over each
_LEASE_S = 30.0  # longer than one delivery takes
_TRIMMED = "changes that it has not got are no longer kept: replay it from a later one"


class Webhooks:
    """Registers endpoints, and delivers to them. One process at a time delivers to an endpoint."""

    def __init__(
        self,
        books: CollectionStore,
        lookup: Lookup,
        clock: Clock,
        send: WebhookSender,
        new_id: Callable[[], str],
        tracer: Tracer = NO_TRACING,
    ) -> None:
        self._books = books
        self._lookup = lookup
        self._clock = clock
        self._sender = send
        self._new_id = new_id
        self._tracer = tracer

    def create(self, url: str, cursor: str | None = None) -> Webhook:
        """An endpoint that gets what happens after the cursor; without one, from now on. Raises ValueError, InvalidCursor."""
        made = Webhook(
            id=self._new_id(),
            url=checked_url(url),
            secret=encoded_secret(secrets.token_bytes(SECRET_BYTES)),
            created_at=self._clock.now(),
            cursor=self._books.position().change if cursor is None else self._lookup.change_of_cursor(cursor),
        )
        self._books.replace_webhook(made.id, None, made)
        return made

    def objection(self, url: str) -> str | None:
        """Why nothing would be sent to an address, with the settings of this process."""
        return self._sender.objection(url)

    def all(self) -> tuple[Webhook, ...]:
        """All endpoints, oldest first."""
        return tuple(sorted(self._books.webhooks(), key=lambda one: (one.created_at, one.id)))

    def get(self, webhook_id: str) -> Webhook:
        """Raises NotFound."""
        for one in self._books.webhooks():
            if one.id == webhook_id:
                return one
        raise NotFound(f"there is no webhook {webhook_id!r}")

    def delete(self, webhook_id: str) -> None:
        """Raises NotFound."""
        self._change(webhook_id, lambda _: None)

    def replay(self, webhook_id: str, cursor: str | None = None) -> Webhook:
        """Send everything after the cursor again; without one, go on where it stopped. Enables what was disabled. Raises NotFound."""
        number = None if cursor is None else self._lookup.change_of_cursor(cursor)
        changed = self._change(webhook_id, lambda now: now.replayed(now.cursor if number is None else number))
        assert changed is not None
        return changed

    def test(self, webhook_id: str) -> int:
        """Send a test event; the status of the answer. Raises NotFound, NotDelivered."""
        webhook, message_id = self.get(webhook_id), f"msg_test_{self._new_id()}"
        return self._send(webhook, message_id, "webhook.test", {"webhook_id": webhook_id}).status

    def deliver(self, worker: str) -> int:
        """Send what is due; how many changes receivers took. Raises StoreUnavailable."""
        return sum(self._deliver(one, worker) for one in self.all() if one.is_due(self._clock.now()))

    def _deliver(self, webhook: Webhook, worker: str) -> int:
        job = f"webhook:{webhook.id}"
        if not self._books.claim_job(job, worker, _LEASE_S):
            return 0
        try:
            return self._deliver_in_turn(webhook.id, job, worker)
        finally:
            self._books.release_job(job, worker)

    def _deliver_in_turn(self, webhook_id: str, job: str, worker: str) -> int:
        """Until there is no more for now, it fails, or it is changed by somebody else."""
        webhook, taken = self.get(webhook_id), 0  # read under the lease: another process may have sent some meanwhile
        try:
            changes = self._lookup.changes(self._lookup.cursor_after(webhook.cursor), _AT_ONCE).data
        except ChangesTrimmed:
            self._books.replace_webhook(webhook.id, webhook, replace(webhook, disabled=_TRIMMED))
            return 0
        until = self._clock.now() + timedelta(seconds=_TURN_S)
        for change in changes:
            if self._clock.now() > until or not self._books.claim_job(job, worker, _LEASE_S):
                break
            after = self._attempt(webhook, change)
            if not self._books.replace_webhook(webhook.id, webhook, after) or after.failures:
                break
            webhook, taken = after, taken + 1
        return taken

    def _attempt(self, webhook: Webhook, change: ChangeView) -> Webhook:
        message_id = f"msg_{webhook.id}_{change.number}"
        data = asdict(change) | {
            "collection": self._books.name,
            "cursor": self._lookup.cursor_after(change.number),
        }
        try:
            answer = self._send(webhook, message_id, f"cluster.{change.kind}", data, change.at)
        except NotDelivered as failed:
            error = str(failed)
            after = webhook.failed(self._clock.now(), error)
        else:
            if 200 <= answer.status < 300:
                return webhook.delivered(change.number)
            error = f"it answered {answer.status}"
            after = webhook.failed(self._clock.now(), error, answer.status, answer.retry_after)
        log.warning("webhook_failed", webhook=webhook.id, change=change.number, error=error, disabled=after.disabled)
        return after

    def _send(self, webhook: Webhook, message_id: str, kind: str, data: object, at: datetime | None = None) -> Answer:
        now = self._clock.now()
        content = {"type": kind, "timestamp": (at or now).astimezone(UTC), "data": data}
        body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
        about = {"clusterer.webhook.id": webhook.id, "messaging.message.id": message_id, "http.request.method": "POST"}
        with self._tracer.operation("deliver webhook", "client", facts=about) as span:
            sent = {**headers(webhook, message_id, now, body), **self._tracer.headers()}
            answer = self._sender.send(webhook.url, sent, body)
            span.note({"http.response.status_code": answer.status})
            if not 200 <= answer.status < 300:
                span.failed(str(answer.status))
            return answer

    def _change(self, webhook_id: str, change: Callable[[Webhook], Webhook | None]) -> Webhook | None:
        while True:
            before = self.get(webhook_id)
            after = change(before)
            if self._books.replace_webhook(webhook_id, before, after):
                return after
