"""Request bodies: read raw, and decoded by strict rules instead of the framework's lenient ones."""

from __future__ import annotations

import zlib
from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import orjson
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ValidationError

from clusterer.api.parameters import get_limits
from clusterer.api.problems import FieldProblem, Problem
from clusterer.pipeline.intake.submission import FieldError, bounded, field_errors, pointer, unknown_fields

JSON = "application/json"
NDJSON = "application/x-ndjson"
_MAX_ENTRIES = 1_000
_ZIPPED_AT_ONCE = 2_048  # what follows the end of a member is copied, so that whole bodies would take quadratic time
_MAX_MEMBERS = 10_000  # even writers of many, as for random access, put 64 KiB into each

Model = TypeVar("Model", bound=BaseModel)


def body_of(*content_types: str) -> Callable[[Request], Awaitable[tuple[str, bytes]]]:
    """A dependency: (content type, raw body) of a request that has one of these types."""

    async def read(request: Request) -> tuple[str, bytes]:
        content_type, _, parameters = request.headers.get("content-type", "").partition(";")
        content_type = content_type.strip().lower()
        charset = parameters.replace(" ", "").lower()
        if content_type not in content_types or charset not in ("", "charset=utf-8", 'charset="utf-8"'):
            raise Problem("unsupported_media_type", f"send {' or '.join(content_types)} in UTF-8")
        encoding = request.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise Problem("unsupported_media_type", "send the body as it is, or with Content-Encoding: gzip")
        max_bytes = get_limits(request).max_body_bytes
        body = await _read_within(request, max_bytes)
        plain = body if encoding == "identity" else await run_in_threadpool(_unzipped, body, max_bytes)
        return content_type, plain.removeprefix(BOM_UTF8)

    return read


async def _read_within(request: Request, max_bytes: int) -> bytes:
    """The body, read no further than the limit; a declared length is believed only when it is too large."""
    declared = request.headers.get("content-length", "")
    chunks: list[bytes] = []
    size = int(declared) if declared.isdecimal() and len(declared) < 20 else 0
    if size <= max_bytes:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > max_bytes:
                break
            chunks.append(chunk)
    if size > max_bytes:
        raise Problem("body_too_large", f"a request body has at most {max_bytes} bytes")
    return b"".join(chunks)


def _unzipped(body: bytes, max_bytes: int) -> bytes:
    """A gzipped body (RFC 1952, one or several members), unpacked no further than the limit. Raises Problem."""
    unpacked, at, members, stream = bytearray(), 0, 1, zlib.decompressobj(wbits=31)
    try:
        while at < len(body):
            if stream.eof:
                members, stream = members + 1, zlib.decompressobj(wbits=31)
                if members > _MAX_MEMBERS:
                    raise Problem("malformed_request", f"the gzip data has more than {_MAX_MEMBERS} members")
            piece = body[at : at + _ZIPPED_AT_ONCE]
            unpacked += stream.decompress(piece, max_bytes + 1 - len(unpacked))
            if len(unpacked) > max_bytes:
                raise Problem("body_too_large", f"an uncompressed request body has at most {max_bytes} bytes")
            at += len(piece) - len(stream.unused_data)
    except zlib.error:
        raise Problem("malformed_request", "the body is not gzip data") from None
    if body and not stream.eof:
        raise Problem("malformed_request", "the gzip data is incomplete")
    return bytes(unpacked)


def validated(model: type[Model], body: bytes) -> Model:
    """The JSON body as a model. Raises Problem naming the fields."""
    try:
        row = orjson.loads(body)
        unknown = unknown_fields(row, model) if isinstance(row, dict) else []
        if unknown:
            raise _invalid(unknown)
        for name, value in row.items() if isinstance(row, dict) else ():
            if (
                isinstance(value, dict | list) and len(value) > _MAX_ENTRIES
            ):  # before pydantic, which looks at each of them
                raise _invalid([FieldError(pointer(name), f"has more than {_MAX_ENTRIES} entries")])
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(field_errors(error)) from None
    except orjson.JSONDecodeError as error:
        raise _invalid([FieldError("", f"is not valid JSON: {str(error)[:200]}")]) from None


def _invalid(errors: Sequence[FieldError]) -> Problem:
    found = [FieldProblem("body", e.pointer, e.detail) for e in bounded(errors)]
    return Problem("validation_failed", "; ".join(f"{e.pointer or 'body'}: {e.detail}" for e in found), found)


def documented_body(content: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its body itself: content type -> schema."""
    return {
        "requestBody": {"required": True, "content": {name: {"schema": schema} for name, schema in content.items()}}
    }


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """A reference to a model's schema, which `app` adds to the document's components."""
    return {"$ref": f"#/components/schemas/{model.__name__}"}
