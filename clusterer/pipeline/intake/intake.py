"""Accept: from what a client sent to a receipt. Validation first, then one atomic write, then a hint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from clusterer.core.model import Article
from clusterer.core.records import NewRevision, Receipt
from clusterer.core.text import normalized
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.intake.admission import AdmissionPolicy, admit
from clusterer.pipeline.metrics import Metrics, build_metrics
from clusterer.ports import Clock, CollectionStore, Hints

COLLECTION_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DATE_ONLY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_FUTURE_TOLERANCE = timedelta(days=2)
_ACCEPT_SLICE = 64
MAX_TEXT_CHARS = 1_000_000


def without_controls(value: str) -> str:
    """The value. Raises ValueError for line ends and other control characters, which could forge lines of a log."""
    if _CONTROLS.search(value):
        raise ValueError("must not contain control characters")
    return value


def _parse_time(value: object) -> object:
    """RFC 3339, or a date, or a naive time; both of the latter mean UTC."""
    if not isinstance(value, str):
        if isinstance(value, datetime) or value is None:
            return value
        raise ValueError("must be a string such as 2026-03-01T09:30:00Z")
    try:
        if _DATE_ONLY.match(value):
            return datetime.combine(date.fromisoformat(value), datetime.min.time(), tzinfo=UTC)
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("must be an RFC 3339 time or a date, such as 2026-03-01T09:30:00Z") from error


def _believable(value: datetime | None) -> datetime | None:
    if value is not None and not _EARLIEST <= value <= datetime.now(UTC) + _FUTURE_TOLERANCE:
        raise ValueError("must lie between 1900-01-01 and two days from now")
    return value


ArticleId = Annotated[str, Field(min_length=1, max_length=256), AfterValidator(without_controls)]
Line = Annotated[str, Field(max_length=2_000), AfterValidator(without_controls)]
Time = Annotated[datetime | None, BeforeValidator(_parse_time), AfterValidator(_believable)]


class ArticleIn(BaseModel):
    """An article as a client sends it. Only `text` or `html` is required."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: ArticleId | None = Field(
        None, description="Yours; without it one is derived from source and URL, or from content."
    )
    url: Line | None = None
    title: Annotated[str, Field(max_length=5_000)] | None = None
    text: str | None = Field(None, description="Plain text; paragraphs separated by line breaks.")
    html: str | None = Field(None, description="The page; used when `text` is absent.")
    source: Line | None = Field(None, description="The outlet, by a name that stays the same.")
    published_at: Time = Field(None, description="As claimed by the publisher. A date or a naive time means UTC.")
    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None

    @model_validator(mode="after")
    def _has_body(self) -> ArticleIn:
        if self.text is None and self.html is None:
            raise ValueError("either `text` or `html` is required")
        return self


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `pointer` is an RFC 6901 JSON pointer ('' for the whole article)."""

    pointer: str
    detail: str


class Rejected(ValueError):
    """The article was not accepted; `errors` name the fields."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{error.pointer or 'article'}: {error.detail}" for error in errors))
        self.errors = tuple(errors)


def field_errors(error: ValidationError) -> list[FieldError]:
    """Pydantic's findings, without the input they quote."""
    return [
        FieldError("".join(f"/{part}" for part in item["loc"]), item["msg"].removeprefix("Value error, "))
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def parse_article(payload: bytes | Mapping[str, Any], max_text_chars: int = MAX_TEXT_CHARS) -> ArticleIn:
    """One JSON article, as bytes or already decoded. Raises Rejected.

    Decoded payloads are encoded again, so that both ways meet the same strict JSON rules (no lone surrogates, no NaN).
    """
    try:
        data = payload if isinstance(payload, bytes) else orjson.dumps(payload)
        return _within(ArticleIn.model_validate_json(data), max_text_chars)
    except ValidationError as error:
        raise Rejected(field_errors(error)) from None
    except (TypeError, orjson.JSONEncodeError) as error:
        raise Rejected([FieldError("", f"is not valid JSON: {error}")]) from None


def _within(article: ArticleIn, max_text_chars: int) -> ArticleIn:
    for name, value in (("text", article.text), ("html", article.html)):
        if value is not None and len(value) > max_text_chars:
            raise Rejected([FieldError(f"/{name}", f"must have at most {max_text_chars} characters")])
    return article


def _derived_id(given: ArticleIn, content_hash: str) -> str:
    if given.url:
        key = f"{given.source or ''}\n{given.url}"
        return "url-" + hashlib.sha256(key.encode()).hexdigest()[:32]
    return "text-" + content_hash[:32]


def to_revision(given: ArticleIn, collection: str, received_at: datetime) -> NewRevision:
    """The validated article with its id and content hash. The hash covers all that was sent but the id."""
    content = given.model_dump(mode="json", exclude={"id"}, exclude_none=True)
    content_hash = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
    article = Article(
        id=given.id or _derived_id(given, content_hash),
        collection=collection,
        url=given.url,
        title=normalized("NFC", given.title) if given.title else None,
        text=given.text,
        html=given.html,
        source=given.source,
        published_at=given.published_at,
        lang=given.lang.lower() if given.lang else None,
    )
    return NewRevision(article, content_hash, received_at)


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """What is let in from queue producers; the API brings its own limits, which come from the same settings."""

    max_text_chars: int = MAX_TEXT_CHARS
    admission: AdmissionPolicy = field(default_factory=AdmissionPolicy)


class Intake:
    """Takes articles into one collection's books. An article is accepted once `accept` has returned its receipt."""

    def __init__(
        self,
        books: CollectionStore,
        hints: Hints,
        clock: Clock,
        policy: IntakePolicy | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._books = books
        self._hints = hints
        self._clock = clock
        self._policy = policy or IntakePolicy()
        self._metrics = metrics or build_metrics()

    def accept(self, articles: Sequence[ArticleIn]) -> list[Receipt]:
        """One receipt per article, in order. Raises StoreUnavailable; receipts of earlier slices then stand."""
        now = self._clock.now()
        revisions = iter([to_revision(article, self._books.name, now) for article in articles])
        receipts: list[Receipt] = []
        while slice_ := list(islice(revisions, _ACCEPT_SLICE)):
            with self._metrics.stage("accept"):
                receipts += self._books.accept(slice_)
            reached("accepted")
        self._hints.articles()
        self._metrics.ingested("replayed", sum(receipt.outcome == "known" for receipt in receipts))
        return receipts

    def accept_payloads(self, payloads: Sequence[Mapping[str, Any]]) -> list[Receipt | Rejected]:
        """For queue producers: what is invalid goes to the rejected stream with its reason, the rest is accepted.

        Raises Overloaded, and StoreUnavailable: send all of it again then; what was accepted is known.
        """
        admit(self._books.queue_facts(), self._policy.admission)
        answers: list[Receipt | Rejected] = []
        valid: list[tuple[int, ArticleIn]] = []
        for position, payload in enumerate(payloads):
            try:
                valid.append((position, parse_article(payload, self._policy.max_text_chars)))
                answers.append(Rejected([]))  # replaced below
            except Rejected as rejected:
                self._books.reject(_printable(payload), str(rejected), self._clock.now())
                self._metrics.ingested("rejected")
                answers.append(rejected)
        for (position, _), receipt in zip(valid, self.accept([article for _, article in valid]), strict=True):
            answers[position] = receipt
        return answers


def _printable(payload: object) -> str:
    return repr(payload)[:10_000]
