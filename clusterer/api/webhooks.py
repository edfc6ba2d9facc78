"""Webhooks: who is told of changes, how far that has come, and a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from clusterer.api.bodies import JSON, body_of, documented_body, schema_of, validated
from clusterer.api.parameters import CollectionOf, Cursor, decoded_segment, only_known_parameters
from clusterer.api.problems import problem_responses
from clusterer.core.errors import NotDelivered
from clusterer.core.webhooks import Webhook, checked_url
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.lookup.views import ChangeView, Page, whole

router = APIRouter(
    prefix="/v1/webhooks",
    tags=["webhooks"],
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(404, 422, 503),
)

# What receivers get. Nothing is served here: the OpenAPI document has it under `webhooks`. Generators make a file of each tag, and
# one for the tag of messages overwrites that of paths.
messages = APIRouter(
    tags=["messages"],
    generate_unique_id_function=lambda route: route.name,
    responses={"4XX": {"description": "Not taken: it is sent again later, and 410 disables the endpoint."}},
)

WebhookId = Annotated[str, Path(max_length=64), AfterValidator(decoded_segment)]


class WebhookIn(BaseModel):
    """Where to send changes."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(checked_url)] = Field(
        min_length=1, max_length=2_000, description="Gets a POST for each change; http or https."
    )
    cursor: str | None = Field(
        None,
        max_length=512,
        description="Start after this cursor of the change feed; without it, with changes from now on.",
    )


@dataclass(frozen=True, slots=True)
class WebhookResource:
    """An endpoint. `cursor`: the receiver has all changes up to there. `disabled`: why nothing is sent any more."""

    id: str
    url: str
    created_at: datetime
    cursor: str
    failures: int
    next_attempt_at: datetime | None
    last_error: str | None
    disabled: str | None


@dataclass(frozen=True, slots=True)
class NewWebhook(WebhookResource):
    """An endpoint with the secret that its messages are signed with, which is shown only here."""

    secret: str


@dataclass(frozen=True, slots=True)
class TestAnswer:
    """What the receiver answered to a test event; `error` where it did not."""

    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class SentChange(ChangeView):
    """A change of this collection; a reader of `GET /v1/changes` goes on after it with `cursor`."""

    collection: str
    cursor: str


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """What happened to a cluster, and when. `type` is `cluster.` and the kind of the change."""

    type: str
    timestamp: datetime
    data: SentChange


@dataclass(frozen=True, slots=True)
class TestedWebhook:
    """The endpoint that a test was asked for."""

    webhook_id: str


@dataclass(frozen=True, slots=True)
class TestMessage:
    """Sent by `POST /v1/webhooks/{webhook_id}/test`."""

    type: Literal["webhook.test"]
    timestamp: datetime
    data: TestedWebhook


@dataclass(frozen=True, slots=True)
class Signed:
    """The headers of a message, as Standard Webhooks has them."""

    webhook_id: Annotated[str, Header(description="The same whenever the message is sent again.")]
    webhook_timestamp: Annotated[int, Header(description="When it was sent, in seconds since 1970.")]
    webhook_signature: Annotated[
        str, Header(description="HMAC-SHA256 over id, timestamp and body, base64, after `v1,`.")
    ]


@messages.post("cluster.changed", status_code=204, response_description="The receiver has it; any 2xx will do.")
def cluster_changed(body: ChangeMessage, headers: Annotated[Signed, Depends()]) -> None:
    """One change of the feed; all come, each once and in order. `docs/webhooks.md` says how to verify them."""


@messages.post("webhook.test", status_code=204, response_description="The receiver has it; any 2xx will do.")
def webhook_test(body: TestMessage, headers: Annotated[Signed, Depends()]) -> None:
    """A test, which moves no cursor."""


@router.post(
    "",
    status_code=201,
    responses=problem_responses(410, 413, 415),
    openapi_extra=documented_body({JSON: schema_of(WebhookIn)}),
)
def create_webhook(
    collection: CollectionOf, content: Annotated[tuple[str, bytes], Depends(body_of(JSON))]
) -> NewWebhook:
    """Register an endpoint. Messages follow Standard Webhooks; the body is `{type, timestamp, data}`, `data` as in `GET /v1/changes`."""
    wanted = validated(WebhookIn, content[1])
    made = collection.webhooks.create(wanted.url, wanted.cursor)
    return NewWebhook(**_shown(collection, made), secret=made.secret)


@router.get("")
def list_webhooks(collection: CollectionOf) -> Page[WebhookResource]:
    """All endpoints, oldest first."""
    return whole(WebhookResource(**_shown(collection, one)) for one in collection.webhooks.all())


@router.get("/{webhook_id}")
def get_webhook(collection: CollectionOf, webhook_id: WebhookId) -> WebhookResource:
    """One endpoint."""
    return WebhookResource(**_shown(collection, collection.webhooks.get(webhook_id)))


@router.delete("/{webhook_id}", status_code=204)
def delete_webhook(collection: CollectionOf, webhook_id: WebhookId) -> None:
    """Remove an endpoint."""
    collection.webhooks.delete(webhook_id)


@router.post("/{webhook_id}/test", responses=problem_responses(415))
def test_webhook(collection: CollectionOf, webhook_id: WebhookId) -> TestAnswer:
    """Send an event of the type `webhook.test` now; the cursor stays."""
    try:
        return TestAnswer(collection.webhooks.test(webhook_id), None)
    except NotDelivered as failed:
        return TestAnswer(None, str(failed))


@router.post("/{webhook_id}/replay", responses=problem_responses(410, 415))
def replay_webhook(collection: CollectionOf, webhook_id: WebhookId, cursor: Cursor = None) -> WebhookResource:
    """Send all changes after a cursor again, or without one continue where sending stopped; enables a disabled endpoint."""
    return WebhookResource(**_shown(collection, collection.webhooks.replay(webhook_id, cursor)))


def _shown(collection: Collection, webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "created_at": webhook.created_at,
        "cursor": collection.lookup.cursor_after(webhook.cursor),
        "failures": webhook.failures,
        "next_attempt_at": webhook.next_attempt_at,
        "last_error": webhook.last_error,
        "disabled": webhook.disabled,
    }
