"""An article as a client sends it: validated, with its optional fields read, and everything that was left out said."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from clusterer.pipeline.intake.field_names import SHORT_TEXTS, UNUSED, our_name
from clusterer.pipeline.intake.fields import Unreadable, read_id, read_language, read_line, read_title, read_url
from clusterer.pipeline.intake.times import read_time

COLLECTION_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
MAX_TEXT_CHARS = 1_000_000
MAX_ERRORS = 20
_MAX_POINTER_CHARS = 100
_MAX_DETAIL_CHARS = 300
_MAX_LINE_CHARS = 2_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def without_controls(value: str) -> str:
    """The value. Raises ValueError for line ends and other control characters, which could forge lines of a log."""
    if _CONTROLS.search(value):
        raise ValueError("must not contain control characters")
    return value


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `pointer` is an RFC 6901 JSON pointer ('' for the whole article)."""

    pointer: str
    detail: str


class Rejected(ValueError):
    """The article was not accepted; `errors` name the fields, at most `MAX_ERRORS` of them."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = bounded(errors)
        super().__init__("; ".join(f"{error.pointer or 'article'}: {error.detail}" for error in self.errors))


def bounded(errors: Sequence[FieldError]) -> tuple[FieldError, ...]:
    """The first twenty of them, pointers and sentences cut short: an answer must not grow with what was sent."""
    shown = [
        FieldError(error.pointer[:_MAX_POINTER_CHARS], error.detail[:_MAX_DETAIL_CHARS])
        for error in errors[:MAX_ERRORS]
    ]
    if len(errors) > MAX_ERRORS:
        shown[-1] = FieldError("", f"and {len(errors) - MAX_ERRORS + 1} more errors")
    return tuple(shown)


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """Pydantic's findings, bounded, without the input they quote."""
    return bounded(
        [
            FieldError(pointer(*item["loc"]), item["msg"].removeprefix("Value error, "))
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    )


def pointer(*path: object) -> str:
    """An RFC 6901 JSON pointer."""
    return "".join("/" + str(part)[:_MAX_POINTER_CHARS].replace("~", "~0").replace("/", "~1") for part in path)


def unknown_fields(row: Mapping[str, Any], model: type[BaseModel]) -> list[FieldError]:
    """An error for each of the first fields that the model has not. Asked before pydantic is, which takes long over a million."""
    names = [name for name in row if name not in model.model_fields]
    known = list(model.model_fields)
    errors = [FieldError(pointer(name), _unknown(name, known)) for name in names[:MAX_ERRORS]]
    if len(names) > MAX_ERRORS:
        errors[-1] = FieldError("", f"and {len(names) - MAX_ERRORS + 1} more unknown fields")
    return errors


def _unknown(name: str, known: Sequence[str]) -> str:
    ours = our_name(name[:_MAX_POINTER_CHARS])
    meant = [ours] if ours in known else get_close_matches(name[:_MAX_POINTER_CHARS].lower(), known, 1)
    return (
        f"there is no such field; did you mean `{meant[0]}`?"
        if meant
        else f"there is no such field; there are {', '.join(known)}"
    )


def _unused(row: Mapping[str, Any]) -> dict[str, FieldError]:
    """The fields that feeds and scrapers give and that have no use here, a warning for each.

    A summary beside the text is among them, and what others call a field that is given by its own name as well ("guid" beside "id").
    """
    bodied = bool(row.get("text") or row.get("html"))
    names = (name for name in row if name in UNUSED or (bodied and name in SHORT_TEXTS) or _is_told_already(name, row))
    return {name: FieldError(pointer(name), "is not used; this field is left out") for name in names}


def _is_told_already(name: str, row: Mapping[str, Any]) -> bool:
    ours = our_name(name[:_MAX_POINTER_CHARS])
    return ours not in (None, "text", name) and bool(row.get(str(ours)))


_READERS: Mapping[str, Callable[[object], object]] = {
    "url": partial(read_url, max_chars=_MAX_LINE_CHARS),
    "title": read_title,
    "source": partial(read_line, max_chars=_MAX_LINE_CHARS),
    "published_at": lambda value: read_time(value, datetime.now(UTC)),
    "lang": read_language,
}


class ArticleIn(BaseModel):
    """An article as a client sends it. Only `text` or `html` is required.

    What cannot be used of `url`, `title`, `source`, `published_at` and `lang` is left out, and `warnings` say so.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=256), AfterValidator(without_controls)] | None = Field(
        None, description="Your id; without one, it is derived from source and URL, or from the content."
    )
    url: str | None = Field(None, description="URL of the page; look-ups use its canonical form.")
    title: str | None = Field(None, description="Only the first 5,000 characters are used.")
    text: str | None = Field(None, description="Plain text; paragraphs separated by line breaks. Tags are removed.")
    html: str | None = Field(None, description="HTML of the page; used when `text` is absent or blank.")
    source: str | None = Field(None, description="Name of the outlet; always use the same name.")
    published_at: datetime | None = Field(
        None,
        description="As claimed by the publisher: RFC 3339, RFC 822 or Unix seconds. A date or a naive time means UTC. "
        "Without one, what the page, the URL or the first line of the text says is taken.",
    )
    lang: str | None = Field(None, description="A BCP 47 tag such as `en` or `pt-BR`.")
    _warnings: tuple[FieldError, ...] = PrivateAttr(())

    @property
    def warnings(self) -> tuple[FieldError, ...]:
        """What was left out of what was sent, and why."""
        return self._warnings

    @field_validator("id", mode="before")
    @classmethod
    def _read_id(cls, value: object) -> object:
        return read_id(value)

    @field_validator(*_READERS, mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> object:
        name = info.field_name or ""
        try:
            return _READERS[name](value)
        except Unreadable as problem:
            if info.context is not None:
                info.context.append(FieldError(pointer(name), f"{problem}; this field is left out"))
            return problem.rest

    @model_validator(mode="after")
    def _has_body(self) -> ArticleIn:
        if self.text is None and self.html is None:
            raise ValueError("either `text` or `html` is required")
        return self


def parse_article(payload: bytes | Mapping[str, Any], max_text_chars: int = MAX_TEXT_CHARS) -> ArticleIn:
    """One JSON article, as bytes or already decoded, without a byte order mark (RFC 8259, 8.1). Raises Rejected.

    Decoded payloads are encoded again, so that both ways meet the same strict JSON rules (no lone surrogates, no NaN).
    """
    sent = _decoded(payload)
    unused = _unused(sent)
    row = {name: value for name, value in sent.items() if name not in unused}
    unknown = unknown_fields(row, ArticleIn)
    known = {name: value for name, value in row.items() if name in ArticleIn.model_fields} if unknown else row
    warnings: list[FieldError] = []
    try:
        article = ArticleIn.model_validate(known, context=warnings)
    except ValidationError as error:
        raise Rejected([*field_errors(error), *unknown]) from None
    if unknown:
        raise Rejected(unknown)
    for name, value in (("text", article.text), ("html", article.html)):
        if value is not None and len(value) > max_text_chars:
            raise Rejected([FieldError(f"/{name}", f"must have at most {max_text_chars} characters")])
    article._warnings = bounded([*warnings, *(unused[name] for name in unused if sent[name] not in (None, "", [], {}))])
    return article


def _decoded(payload: bytes | Mapping[str, Any]) -> dict[str, Any]:
    try:
        row = orjson.loads(payload.removeprefix(BOM_UTF8) if isinstance(payload, bytes) else orjson.dumps(payload))
    except (TypeError, orjson.JSONEncodeError, orjson.JSONDecodeError) as error:
        raise Rejected([FieldError("", f"is not valid JSON: {str(error)[:200]}")]) from None
    if not isinstance(row, dict):
        raise Rejected([FieldError("", "must be a JSON object")])
    return row
