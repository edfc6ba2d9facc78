"""Taking articles in: one, or many with an answer for each."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from io import StringIO
from itertools import islice
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from clusterer.api.bodies import JSON, NDJSON, body_of, documented_body, schema_of
from clusterer.api.limits import ApiLimits
from clusterer.api.parameters import CollectionOf, LimitsOf, ServiceOf, may, only_known_parameters
from clusterer.api.problems import FieldProblem, Problem, problem_responses
from clusterer.api.resources import (
    AcceptedArticle,
    AssignedArticle,
    BatchAnswer,
    BatchItem,
    accepted_article,
    cluster_resource,
)
from clusterer.core.errors import Gone
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn, Rejected, parse_article
from clusterer.pipeline.intake.admission import admit
from clusterer.pipeline.intake.arrays import array_items
from clusterer.pipeline.intake.idempotency import once
from clusterer.pipeline.intake.submission import FieldError
from clusterer.pipeline.service import Service

_POLL_S = 0.05
_GONE = (
    "it was accepted, and has been erased or has expired since: to have it again, send it without this Idempotency-Key"
)
_SNIFFED_BYTES = 100
_NOT_BLANK = re.compile(rb"\S[^\n]*")

router = APIRouter(prefix="/v1", tags=["ingest"], dependencies=[Depends(only_known_parameters)])

IdempotencyKey = Annotated[
    str | None,
    Header(
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="A new key for each request; a repeated one gets the first answer and `Idempotency-Replayed: true`.",
    ),
]
ArticleBody = Annotated[tuple[str, bytes], Depends(body_of(JSON))]
BatchBody = Annotated[tuple[str, bytes], Depends(body_of(JSON, NDJSON, "application/jsonl"))]


@dataclass(slots=True)
class Answer:
    """What a request is answered, as JSON, and which article each of its items is (None: refused).

    `gone`: those of them that have been erased or have expired since.
    """

    seqs: list[int | None]
    body: bytes
    gone: set[int] = field(default_factory=set)

    def kept(self) -> bytes:
        """To be stored."""
        return orjson.dumps([self.seqs, orjson.Fragment(self.body)])

    @classmethod
    def of(cls, kept: bytes) -> Answer:
        """What was stored."""
        seqs, body = orjson.loads(kept)
        return cls(seqs, orjson.dumps(body))


@dataclass(frozen=True, slots=True)
class Posted:
    """A request that is answered once for each Idempotency-Key."""

    service: Service
    collection: Collection
    kind: str
    key: str | None
    body: bytes

    def answer(self, produce: Callable[[], Answer]) -> tuple[Answer, bool]:
        """(answer, whether it is a repeated one). Raises Conflict. What is no longer true is not repeated."""
        if self.key is None:
            return produce(), False
        books = self.collection.books
        scope = hashlib.sha256(f"{books.name}\n{books.life}\n{self.kind}\n{self.key}".encode()).hexdigest()
        body_hash = hashlib.sha256(self.body).hexdigest()
        kept, replayed = once(self.service.store, scope, body_hash, lambda: produce().kept())
        answer = Answer.of(kept)
        if replayed:
            facts = books.facts([seq for seq in answer.seqs if seq is not None])
            if None in facts:  # lost, not erased
                return produce(), False
            answer.gone = {fact.seq for fact in facts if fact and fact.state in ("erased", "expired")}
        return answer, replayed


_ARTICLE = schema_of(ArticleIn)
_BATCH = {"type": "array", "items": _ARTICLE, "minItems": 1}
_LINES = {"type": "string", "description": "One article as JSON on each line."}


@router.post(
    "/articles",
    status_code=202,
    response_model=AcceptedArticle,
    responses={
        200: {"model": AssignedArticle, "description": "With `wait`: the article is assigned (or dead)."},
        **problem_responses(400, 404, 409, 410, 413, 415, 422, 429, 503),
    },
    openapi_extra=documented_body({JSON: _ARTICLE}),
)
async def post_article(
    request: Request,
    response: Response,
    service: ServiceOf,
    collection: CollectionOf,
    limits: LimitsOf,
    content: ArticleBody,
    idempotency_key: IdempotencyKey = None,
    wait: Annotated[float, Query(ge=0, description="Seconds to wait for the assignment, up to a limit.")] = 0,
) -> Any:
    """Accept one article. It is stored when the answer is sent; sending the same article again changes nothing."""
    posted = Posted(service, collection, "article", idempotency_key, content[1])

    def accept() -> Answer:
        article = _parsed(content[1], limits)
        admit(collection.books.queue_facts(), limits.admission)
        receipt = collection.intake.accept([article])[0]
        accepted = accepted_article(collection, receipt, _problems(article.warnings))
        return Answer([receipt.seq], orjson.dumps(asdict(accepted)))

    answered, replayed = await run_in_threadpool(posted.answer, accept)
    if answered.gone:
        raise Gone(_GONE)
    seq, fields = answered.seqs[0], orjson.loads(answered.body)
    assert seq is not None  # one that is refused is a Problem
    fields["warnings"] = tuple(FieldProblem(**warning) for warning in fields["warnings"])
    accepted = AcceptedArticle(**fields)
    request.state.article_id = accepted.id  # for the log
    headers = _headers(replayed) | {"Location": accepted.status_url}
    if wait > 0 and await _assigned(request, collection, seq, min(wait, limits.max_wait_s), limits):
        view = await run_in_threadpool(collection.lookup.cluster_of, accepted.id)
        shown = view.cluster if may(request, "read") else None
        cluster = cluster_resource(collection, shown) if shown else None
        answer = AssignedArticle(**fields, state=view.state, reason=view.reason, cluster=cluster)
        return Response(orjson.dumps(answer, option=orjson.OPT_UTC_Z), 200, headers, JSON)
    response.headers.update(headers)
    return accepted


@router.post(
    "/articles:batch",
    status_code=202,
    response_model=BatchAnswer,
    responses=problem_responses(400, 404, 409, 413, 415, 422, 429, 503),
    openapi_extra=documented_body({JSON: _BATCH, NDJSON: _LINES}),
)
def post_batch(
    service: ServiceOf,
    collection: CollectionOf,
    limits: LimitsOf,
    content: BatchBody,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Accept many articles as a JSON array or JSON lines. Each gets its own answer: an invalid article does not affect the others."""
    content_type, body = content
    posted = Posted(service, collection, "batch", idempotency_key, body)

    def accept() -> Answer:
        items = _array(body) if content_type == JSON else _lines(body)
        payloads = list(islice(items, limits.max_batch + 1))
        if not 0 < len(payloads) <= limits.max_batch:
            code, found = ("body_too_large", "more") if payloads else ("validation_failed", "none")
            raise Problem(code, f"a batch holds 1 to {limits.max_batch} articles; this one holds {found}")
        admit(collection.books.queue_facts(), limits.admission)
        return _accept_all(collection, payloads, limits)

    answer, replayed = posted.answer(accept)
    return Response(_true_now(answer), 202, _headers(replayed), JSON)


def _true_now(answer: Answer) -> bytes:
    """The answer to a batch, in which articles that are gone by now count as rejected."""
    if not answer.gone:
        return answer.body
    repeated = orjson.loads(answer.body)
    for seq, item in zip(answer.seqs, repeated["items"], strict=True):
        if seq in answer.gone:
            item |= {"status": "rejected", "status_url": None, "errors": [asdict(FieldProblem("body", "", _GONE))]}
    rejected = sum(item["status"] == "rejected" for item in repeated["items"])
    return orjson.dumps(repeated | {"accepted": len(repeated["items"]) - rejected, "rejected": rejected})


def _headers(replayed: bool) -> dict[str, str]:
    return {"Idempotency-Replayed": "true"} if replayed else {}


def _parsed(payload: bytes | dict[str, Any], limits: ApiLimits) -> ArticleIn:
    try:
        return parse_article(payload, limits.max_text_chars)
    except Rejected as rejected:
        raise Problem("validation_failed", str(rejected), _problems(rejected.errors)) from None


def _problems(errors: Sequence[FieldError]) -> tuple[FieldProblem, ...]:
    return tuple(FieldProblem("body", error.pointer, error.detail) for error in errors)


def _lines(body: bytes) -> Iterator[bytes]:
    return (found.group() for found in _NOT_BLANK.finditer(body))


def _array(body: bytes) -> Iterator[Any]:
    """The items of a JSON array. Raises Problem."""
    if body[:_SNIFFED_BYTES].lstrip()[:1] == b"{":
        raise Problem("validation_failed", "send a JSON array of articles")
    try:
        text = StringIO(body.decode("utf-8"))
        yield from array_items(lambda _: text.read(), len(body))
    except (ValueError, RecursionError) as error:
        raise Problem("malformed_request", f"the body is not a JSON array of articles: {str(error)[:200]}") from None


def _accept_all(collection: Collection, payloads: Sequence[Any], limits: ApiLimits) -> Answer:
    seqs: dict[int, int] = {}
    items: dict[int, BatchItem] = {}
    valid: dict[int, ArticleIn] = {}
    for index, payload in enumerate(payloads):
        try:
            valid[index] = parse_article(payload, limits.max_text_chars)
        except Rejected as rejected:
            items[index] = BatchItem(index, "rejected", errors=_problems(rejected.errors))
    receipts = collection.intake.accept(list(valid.values())) if valid else []
    for (index, article), receipt in zip(valid.items(), receipts, strict=True):
        accepted = accepted_article(collection, receipt, _problems(article.warnings))
        seqs[index] = receipt.seq
        items[index] = BatchItem(
            index, accepted.outcome, accepted.id, accepted.revision, accepted.status_url, warnings=accepted.warnings
        )
    ordered = tuple(items[index] for index in sorted(items))
    body = orjson.dumps(BatchAnswer(len(valid), len(items) - len(valid), ordered))
    return Answer([seqs.get(index) for index in sorted(items)], body)


async def _assigned(request: Request, collection: Collection, seq: int, wait_s: float, limits: ApiLimits) -> bool:
    """Wait until the revision is no longer pending. False when time is up, the client is gone or too many wait."""
    state = request.app.state
    if state.waiting >= limits.max_waiting:
        return False
    state.waiting += 1
    try:
        until = time.monotonic() + wait_s
        while not await run_in_threadpool(collection.lookup.is_settled, seq):
            if time.monotonic() >= until or await request.is_disconnected():
                return False
            await asyncio.sleep(_POLL_S)
        return True
    finally:
        state.waiting -= 1
