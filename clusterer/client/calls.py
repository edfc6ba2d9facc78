"""Every request that the client makes, as a value: what to send, and which type the answer has. Both forms of the client send these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Generic, Literal, TypedDict, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
import msgspec

from clusterer.client import models
from clusterer.client.errors import read
from clusterer.client.models import Page

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Item = TypeVar("Item")
Time = datetime | date | str
Scalar = str | int | float | bool | datetime | date | None

_JSON = {"Content-Type": "application/json"}
MAX_BATCH = 200
MAX_BATCH_BYTES = 4_000_000


class ClusterFilter(TypedDict, total=False):
    """Which clusters, and in which order; see `GET /v1/clusters`."""

    since: Time
    until: Time
    first_seen_since: Time
    first_seen_until: Time
    published_since: Time
    published_until: Time
    min_size: int
    max_size: int
    min_sources: int
    min_origins: int
    source: str
    language: str
    status: Literal["active", "cold"]
    words: str
    sort: Literal["last_seen", "size", "velocity", "sources", "first_seen"]


class ArticleFilter(TypedDict, total=False):
    """Which articles; see `GET /v1/articles`."""

    url: str
    since: Time
    until: Time
    published_since: Time
    published_until: Time
    source: str
    language: str
    state: Literal["pending", "assigned", "dead"]
    cluster: str
    words: str


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """A request and the type of its answer. repeatable: sent twice it has its effect once.

    again_is_done: statuses that mean success for a repeat, since the first one had its effect. wait_s: what the server may take on top.
    """

    method: str
    path: str
    answer: type[T_co]
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    again_is_done: frozenset[int] = frozenset()
    wait_s: float = 0.0

    def after(self, cursor: str) -> Call[T_co]:
        """The same for the next page."""
        return replace(self, params={**self.params, "cursor": cursor})

    def is_done(self, response: httpx.Response, attempt: int) -> bool:
        """Whether this answer is a success."""
        return response.is_success or (attempt > 1 and response.status_code in self.again_is_done)

    def decoded(self, response: httpx.Response) -> T_co:
        """The answer's value."""
        if self.answer is type(None):
            return msgspec.json.decode(b"null", type=self.answer)
        return read(response.content, self.answer)


def path_of(*segments: str) -> str:
    """A path below /v1, each segment percent-encoded whole, since ids may hold slashes, and may be what paths go up by."""
    quoted = (quote(segment, safe=":") for segment in segments)
    return "/v1/" + "/".join(part.replace(".", "%2E") if part in (".", "..") else part for part in quoted)


def get(answer: type[T], *segments: str, **params: Scalar) -> Call[T]:
    """Read something. Parameters that are None are left out."""
    return Call("GET", path_of(*segments), answer, params=_texts(params))


def add_one(article: Mapping[str, Any], wait_s: float = 0) -> Call[models.AcceptedArticle]:
    """Send one article."""
    params = {"wait": wait_s or None}
    return _post(models.AcceptedArticle, "articles", body=_encoded(article), params=params, once=True, wait_s=wait_s)


def add(articles: Iterable[Mapping[str, Any]]) -> Iterator[Call[models.BatchAnswer]]:
    """Send many, in as few batches as they may go in."""
    waiting: list[bytes] = []
    size = 0
    for article in articles:
        encoded = _encoded(article)
        if waiting and (len(waiting) == MAX_BATCH or size + len(encoded) > MAX_BATCH_BYTES):
            yield _batch(waiting)
            waiting, size = [], 0
        waiting.append(encoded)
        size += len(encoded)
    if waiting:
        yield _batch(waiting)


def numbered(answers: Iterable[models.BatchAnswer]) -> Iterator[models.BatchItem]:
    """What became of each article, counted through all batches."""
    sent = 0
    for answer in answers:
        yield from (msgspec.structs.replace(item, index=sent + item.index) for item in answer.items)
        sent += len(answer.items)


def erase(article_id: str) -> Call[None]:
    """Erase an article. One that is not there any more when it is sent again was erased by the first."""
    return Call("DELETE", path_of("articles", article_id), type(None), again_is_done=frozenset({404, 410}))


def search(text: str | None, article_id: str | None, limit: int, threshold: float) -> Call[Page[models.ClusterHit]]:
    """Find clusters near a text or an article."""
    wanted = {"text": text, "article_id": article_id, "limit": limit, "threshold": threshold}
    body = {name: value for name, value in wanted.items() if value is not None}
    return replace(_post(Page[models.ClusterHit], "search", body=_encoded(body)), repeatable=True)


def correct(
    answer: type[T], kind: str, action: str, target: str, decision: Mapping[str, Any], revision: int | None
) -> Call[T]:
    """Decide about a cluster or an article. Not sent again when it may have been carried out."""
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    return _post(answer, kind, f"{target}:{action}", body=_encoded(decision), headers=headers)


def link(kind: str, article_ids: Sequence[str], decision: Mapping[str, Any]) -> Call[models.Correction]:
    """Two articles must, or must not, share a cluster."""
    body = _encoded({"kind": kind, "article_ids": list(article_ids), **decision})
    return Call("PUT", path_of("constraints"), models.Correction, body=body, headers=_JSON)


def withdraw(key: str, reason: str, actor: str | None) -> Call[None]:
    """A correction no longer holds."""
    params = _texts({"reason": reason, "actor": actor})
    return Call("DELETE", path_of("constraints", key), type(None), params=params, again_is_done=frozenset({404}))


def decision(reason: str, actor: str | None, **more: Any) -> dict[str, Any]:
    """Who decides and why, with what else the body holds."""
    return {"reason": reason, **({"actor": actor} if actor else {}), **more}


def _batch(encoded: Sequence[bytes]) -> Call[models.BatchAnswer]:
    return _post(models.BatchAnswer, "articles:batch", body=b"[" + b",".join(encoded) + b"]", once=True)


def _post(
    answer: type[T],
    *segments: str,
    body: bytes,
    params: Mapping[str, Scalar] | None = None,
    headers: Mapping[str, str] | None = None,
    once: bool = False,
    wait_s: float = 0.0,
) -> Call[T]:
    """once: with an Idempotency-Key, under which the API answers a repeat as it did the first time."""
    keyed = {**_JSON, **(headers or {}), **({"Idempotency-Key": uuid4().hex} if once else {})}
    return Call(
        "POST",
        path_of(*segments),
        answer,
        params=_texts(params or {}),
        body=body,
        headers=keyed,
        repeatable=once,
        wait_s=wait_s,
    )


def _encoded(value: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(value)


def _texts(params: Mapping[str, Scalar]) -> dict[str, str]:
    return {name: _text(value) for name, value in params.items() if value is not None}


def _text(value: Scalar) -> str:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
